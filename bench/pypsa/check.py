"""Networks through Busbar and back: each is read by Busbar, exported, opened by
PyPSA, solved as its options ask, and compared with the answer it should have.

    check.py [--netcdf] BUSBAR CASES [NAME ...]
    check.py --solve NETWORK ...        objectives of exported networks, as JSON

CASES holds a folder for each network: network/ (CSV) or network.nc, and
expected.json with entry_point, entry_args, optimize_options and
objective_plus_constant. Networks go as CSV folders, those with scenarios, and
with --netcdf all, as netCDF. Prints a table; exits 1 where one misses by more
than 1e-6 (relative), or could not be exported or solved.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import pypsa  # noqa: E402

TOLERANCE = 1e-6


def solve(n, options):
    """The objective with its constant, by the entry point the options name."""
    args = dict(options.get("entry_args") or {})
    common = dict(options.get("optimize_options") or {})
    # A gap well below the tolerance, for networks with integers.
    common.update(solver_name="highs", progress=False, log_to_console=False, mip_rel_gap=1e-7)
    entry = options.get("entry_point", "optimize")
    if "risk_preference" in args:
        n.set_risk_preference(**args.pop("risk_preference"))
    if entry == "optimize":
        result = n.optimize(**common)
    elif entry == "security_constrained":
        for key in ("include_objective_constant", "transmission_losses", "linearized_unit_commitment"):
            if key in common:  # it takes them so, or hands them to the solver
                args["model_kwargs"] = {key: common.pop(key), **args.get("model_kwargs", {})}
        result = n.optimize.optimize_security_constrained(**args, **common)
    elif entry == "rolling_horizon":
        n.optimize.optimize_with_rolling_horizon(**args, **common)
        return n.objective + n.objective_constant
    elif entry == "mga":
        common.pop("include_objective_constant", None)
        result = n.optimize(**common)
        if result[0] == "ok":
            for key in ("multi_investment_periods",):
                args.setdefault(key, common.get(key, False))
            result = n.optimize.optimize_mga(**args, solver_name="highs", progress=False, log_to_console=False, mip_rel_gap=1e-7)
        if result[0] != "ok":
            raise RuntimeError(f"PyPSA ends with {result}")
        return n.objective  # the alternative's own
    else:
        raise ValueError(f"entry point {entry}")
    if result[0] != "ok":
        raise RuntimeError(f"PyPSA ends with {result}")
    return n.objective + n.objective_constant


def answer(network):
    """The objective of an exported network, by the options it comes with."""
    options = {}
    file = network[:-3] + ".options.json" if network.endswith(".nc") else os.path.join(network, "options.json")
    if os.path.exists(file):
        with open(file) as f:
            options = json.load(f)
    return float(solve(pypsa.Network(network), options))


def check(busbar, case, work, netcdf=False):
    """The objective of one case through Busbar, what it should be, how far off."""
    with open(os.path.join(case, "expected.json")) as f:
        want = json.load(f)
    source = os.path.join(case, "network")
    if not os.path.isdir(source):  # scenarios: PyPSA has them in netCDF only
        source, netcdf = source + ".nc", True
    out = os.path.join(work, os.path.basename(case) + (".nc" if netcdf else ""))
    done = subprocess.run([busbar, "export", "pypsa", source, out, "--pypsa-options", os.path.join(case, "expected.json")],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError("export: " + done.stderr.strip().replace("\n", "; "))
    got = answer(out)
    expected = want["objective_plus_constant"]
    return got, expected, abs(got - expected) / (1 + abs(expected))


def main(busbar, cases, names, netcdf=False):
    missed = []
    names = names or sorted(d for d in os.listdir(cases) if os.path.isdir(os.path.join(cases, d)))
    print(f"{'network':30} {'objective':>18} {'should be':>18} {'off':>9} {'s':>6}")
    with tempfile.TemporaryDirectory() as work:
        for name in names:
            start = time.perf_counter()
            try:
                got, want, off = check(busbar, os.path.join(cases, name), work, netcdf)
            except Exception as fault:  # the table goes on
                missed.append(name)
                print(f"{name:30} FAILS: {str(fault)[:300]}", flush=True)
                continue
            ok = off <= TOLERANCE
            if not ok:
                missed.append(name)
            print(f"{name:30} {got:18.10g} {want:18.10g} {off:9.1e} {time.perf_counter() - start:6.1f}{'' if ok else '  MISSES'}", flush=True)
    print(f"{len(names) - len(missed)} of {len(names)} networks keep their objective within {TOLERANCE:g} in PyPSA {pypsa.__version__}"
          + (f"; missing: {', '.join(missed)}" if missed else ""))
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--solve"]:
        print(json.dumps({folder: answer(folder) for folder in sys.argv[2:]}))
        sys.exit(0)
    arguments = [a for a in sys.argv[1:] if a != "--netcdf"]
    if len(arguments) < 2:
        sys.exit(__doc__)
    sys.exit(main(arguments[0], arguments[1], arguments[2:], "--netcdf" in sys.argv))
