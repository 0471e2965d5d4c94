"""PyPSA's side of the comparison: a case's system.json and series file as a
pypsa.Network, and what building or solving its model takes.

    model.py probe  CASE            network in memory to solver's arrays; prints JSON
    model.py solve  CASE [SOLVER]   the optimum by HiGHS (choose, simplex, ipm, hipo); prints JSON
    model.py export CASE DIR        the network as CSV folder (DIR) and netCDF (DIR.nc)
    model.py file   FILE            a network's file to solver's arrays; prints JSON
    model.py answer FILE OPTIONS [SOLVER]   a network's file to its optimum by HiGHS, with Busbar's --pypsa-options

One process makes one measurement, so that its peak memory is its own.
"""

import json
import logging
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pypsa  # noqa: E402


def annuity(rate, life):
    return rate / (1 - (1 + rate) ** -life)


def peak_mib():
    """Most memory this process has held: VmHWM, as on the other side."""
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024
    return 0.0


def network(case):
    """The pypsa.Network of a case; what PyPSA has no word for is in limit()."""
    with open(os.path.join(case, "system.json")) as f:
        s = json.load(f)
    series = pd.read_csv(os.path.join(case, "workspace", s["series"]), index_col=0, nrows=s["hours"])
    series.columns = [c.split(" [")[0] for c in series.columns]
    n = pypsa.Network()
    # PyPSA's stamps have no zone: the local ones.
    hours = pd.date_range(s["first_day"], periods=s["hours"], freq="h")
    n.set_snapshots(hours)
    series.index = hours
    for carrier in ("electricity", "aluminium"):
        n.add("Carrier", carrier)
    n.add("Bus", s["buses"], carrier="electricity")
    share = s["hours"] / s["hours_in_year"]  # of the yearly costs

    def capital(v, cost):
        return share * cost * (annuity(s["wacc"], v["life"]) + v.get("fixed", 0))

    loads = s["loads"]
    n.add("Load", [v["name"] for v in loads], bus=[v["bus"] for v in loads],
          p_set=series[[v["series"] for v in loads]].set_axis([v["name"] for v in loads], axis=1))
    n.add("Generator", ["shed_" + v["name"] for v in loads], bus=[v["bus"] for v in loads],
          p_nom=[series[v["series"]].max() for v in loads], marginal_cost=[v["shed"] for v in loads])

    for v in s["sources"]:
        n.add("Generator", v["name"], bus=v["bus"], p_nom=v["capacity"],
              p_nom_extendable=v["build_max"] > 0, p_nom_max=v["capacity"] + v["build_max"],
              capital_cost=capital(v, v["cost"]) if v["build_max"] > 0 else 0, marginal_cost=v["variable"],
              p_max_pu=series[v["availability"]] if v["availability"] else 1.0)

    for v in s["batteries"]:
        n.add("StorageUnit", v["name"], bus=v["bus"], p_nom_extendable=True, p_nom_max=v["power_max"],
              max_hours=v["hours"], capital_cost=capital(v, v["power_cost"] + v["hours"] * v["energy_cost"]),
              efficiency_store=v["charge"], efficiency_dispatch=v["charge"], standing_loss=v["loss"],
              cyclic_state_of_charge=True)

    for v in s["reservoirs"]:
        # m3/s x 0.0036 Mm3/h x MWh/Mm3
        n.add("StorageUnit", v["name"], bus=v["bus"], p_nom=v["capacity"], p_min_pu=0,
              max_hours=v["volume"] * v["productivity"] / v["capacity"],
              inflow=series[v["inflow"]] * (0.0036 * v["productivity"]),
              efficiency_dispatch=1, cyclic_state_of_charge=True)

    for v in s["lines"]:
        n.add("Link", v["name"], bus0=v["from"], bus1=v["to"], p_nom=v["capacity"], p_min_pu=-1,
              p_nom_extendable=v["build_max"] > 0, p_nom_max=v["capacity"] + v["build_max"],
              capital_cost=capital(v, v["cost"]))

    for v in s["smelters"]:
        metal = v["name"] + "_metal"
        n.add("Bus", metal, carrier="aluminium")
        power = v["capacity"] / s["hours_in_year"] * v["energy"]
        n.add("Link", v["name"], bus0=v["bus"], bus1=metal, efficiency=1 / v["energy"], p_nom=power,
              p_min_pu=v["min"], p_max_pu=v["max"], ramp_limit_up=v["ramp"], ramp_limit_down=v["ramp"])
        n.add("Store", v["name"] + "_yard", bus=metal, e_nom=v["stockpile"], e_cyclic=True)
        n.add("Load", v["name"] + "_sale", bus=metal, p_set=v["sale"] / s["hours_in_year"])
    return n, s


def limit(n, s):
    """A smelter draws no more than its nameplate over the horizon."""
    for v in s["smelters"]:
        most = v["capacity"] / s["hours_in_year"] * v["energy"] * s["hours"]
        n.model.add_constraints(n.model["Link-p"].sel(name=v["name"]).sum() <= most, name="nameplate-" + v["name"])


def probe(case):
    start = time.perf_counter()
    n, s = network(case)
    out = {"load": time.perf_counter() - start}
    return arrays(n, out, lambda n: limit(n, s))


def arrays(n, out, change=lambda n: None):
    """From a network in memory to what a solver takes: costs, bounds, right sides, the matrix."""
    out["base_mib"] = peak_mib()  # Python, its packages and the network
    start, cpu = time.perf_counter(), time.process_time()
    n.optimize.create_model()
    change(n)
    out["model"] = time.perf_counter() - start
    start = time.perf_counter()
    m = n.model.matrices
    a, c, lower, upper, b, sense = m.A, m.c, m.lb, m.ub, m.b, m.sense
    out["arrays"] = time.perf_counter() - start
    out["cpu"] = time.process_time() - cpu
    assert len(c) == len(lower) == len(upper) == a.shape[1] and len(b) == len(sense) == a.shape[0]
    out["rows"], out["cols"], out["nonzeros"] = int(a.shape[0]), int(a.shape[1]), int(a.nnz)
    out["bound_rows"] = int((np.diff(a.tocsr().indptr) == 1).sum())
    out["peak_mib"] = peak_mib()
    return out


def file(path):
    start = time.perf_counter()
    n = pypsa.Network(path)
    return arrays(n, {"load": time.perf_counter() - start})


def answer(path, options, algorithm="choose"):
    with open(options) as f:
        o = json.load(f)
    n = pypsa.Network(path)
    args, how = o.get("entry_args", {}), o.get("optimize_options", {})
    how.update(solver_name="highs", log_to_console=False, progress=False, solver=algorithm)
    if algorithm != "choose":
        how["run_crossover"] = "off"
    start = time.perf_counter()
    if o.get("entry_point", "optimize") == "security_constrained":
        status, condition = n.optimize.optimize_security_constrained(**args, **how)
    else:
        if "risk_preference" in args:
            n.set_risk_preference(**args.pop("risk_preference"))
        status, condition = n.optimize(**how)
    return {"status": status, "condition": condition, "seconds": time.perf_counter() - start,
            "objective": float(n.objective) + float(n.objective_constant), "peak_mib": peak_mib()}


def solve(case, algorithm="choose"):
    n, s = network(case)
    start = time.perf_counter()
    options = {"solver": algorithm, "log_to_console": False}
    if algorithm != "choose":
        options["run_crossover"] = "off"
    status, condition = n.optimize(
        solver_name="highs", extra_functionality=lambda n, sns: limit(n, s), progress=False, **options)
    return {
        "status": status, "condition": condition, "seconds": time.perf_counter() - start,
        # What stands is not in capital_cost's sum on the other side either.
        "objective": float(n.objective), "constant": float(n.objective_constant), "peak_mib": peak_mib(),
    }


def export(case, to):
    n, _ = network(case)
    n.export_to_csv_folder(to)
    n.export_to_netcdf(to + ".nc")
    return {"csv": to, "netcdf": to + ".nc"}


if __name__ == "__main__":
    print(json.dumps({"probe": probe, "solve": solve, "export": export, "file": file, "answer": answer}[sys.argv[1]](*sys.argv[2:])))
