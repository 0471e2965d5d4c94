"""Random small networks that mix PyPSA's features, solved by PyPSA and by Busbar.

    mix.py BUSBAR [SEED] [COUNT] [KEEP] [FEATURE ...]

Network number s is made from seed s alone, and the features named, which are
drawn wherever they can be (the names are those that the output lists). Each is written as CSV (where PyPSA can)
and netCDF, solved by both, and compared: status, and objective with its constant
to 1e-6; then it is exported by Busbar and solved by it again. What Busbar refuses is counted and told, with its words; a network that
differs is kept in the folder KEEP with its options. Exits 1 where one differs.
"""

import json
import logging
import os
import subprocess
import sys
import warnings
from collections import Counter

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import pypsa  # noqa: E402

from check import TOLERANCE, solve  # noqa: E402


class Mix:
    """One network of a seed."""

    def __init__(self, seed, wanted=()):
        self.wanted = wanted
        self.rng = np.random.default_rng(seed)
        self.n = pypsa.Network(name=f"mix-{seed}")
        self.options = {"entry_point": "optimize", "entry_args": {}, "optimize_options": {"include_objective_constant": True}}
        self.told = []
        self.integers = False
        self.quadratic = False

    def some(self, share, what=None):
        """True for a share of the calls; what is noted as a feature used."""
        yes = self.rng.random() < share or what in self.wanted
        if yes and what:
            self.told.append(what)
        return yes

    def number(self, low, high, digits=4):
        return round(float(self.rng.uniform(low, high)), digits)

    def pick(self, *of):
        return of[self.rng.integers(len(of))]

    def series(self, low, high):
        return pd.Series(self.rng.uniform(low, high, len(self.n.snapshots)).round(4), index=self.n.snapshots)

    def maybe_series(self, low, high, share=0.4):
        return self.series(low, high) if self.some(share) else self.number(low, high)

    # --- time -----------------------------------------------------------------

    def time(self):
        n, steps = self.n, int(self.rng.integers(5, 11))
        self.periods = None
        if self.some(0.25, "periods"):
            self.periods = [2030, 2040, 2050][: int(self.rng.integers(2, 4))]
            hours = pd.date_range("2030-01-01", periods=steps, freq="h")
            n.snapshots = pd.MultiIndex.from_product([self.periods, hours], names=["period", "timestep"])
            n.investment_periods = self.periods
            n.investment_period_weightings["years"] = self.number(3, 10, 1) if self.some(0.5) else 10
            n.investment_period_weightings["objective"] = [self.number(2, 9, 2) for _ in self.periods]
            if self.some(0.85):
                self.options["optimize_options"]["multi_investment_periods"] = True
            else:
                self.told.append("periods not used")
        elif self.some(0.08, "labels"):
            n.set_snapshots([f"step {k}" for k in range(steps)] if self.some(0.5) else range(steps))
        else:
            n.set_snapshots(pd.date_range("2030-01-01", periods=steps, freq=self.pick("h", "h", "3h", "D")))
        if self.some(0.35, "weights"):
            for column in ("objective", "stores", "generators"):
                if self.some(0.6):
                    n.snapshot_weightings[column] = (
                        self.rng.integers(1, 4, len(n.snapshots)) if self.some(0.5) else self.number(1, 4, 2))
        self.multi = bool(self.options["optimize_options"].get("multi_investment_periods"))

    def life(self):
        if self.periods and self.some(0.6):
            return {"build_year": int(self.pick(2020, *self.periods)), "lifetime": self.pick(10, 15, 25, np.inf)}
        return {}

    def money(self, cost):
        if self.some(0.2, "overnight"):
            return {"overnight_cost": cost * 1000, "discount_rate": self.pick(0, 0.05, 0.08), "lifetime": self.pick(10, 20, 25),
                    "fom_cost": self.number(0, cost / 10)}
        return {"capital_cost": cost, **({"fom_cost": self.number(0, cost / 10)} if self.some(0.15) else {})}

    def size(self, nom, low, high, cost, fixed=0.5):
        """Attributes of a size: given, or to be chosen."""
        if self.some(fixed):
            return {nom: self.number(low, high, 1)}
        out = {f"{nom}_extendable": True, f"{nom}_max": self.number(high, 2 * high, 1), **self.money(cost)}
        if self.some(0.15, "unlimited"):
            out[f"{nom}_max"] = np.inf
        if self.some(0.3):
            out[f"{nom}_min"] = self.number(0, low, 1)
        if self.some(0.2):
            out[nom] = self.number(0, high, 1)
        if self.some(0.12, "modules"):
            out[f"{nom}_mod"] = self.number(low / 2, high / 2, 1)
            self.integers = True
        elif self.some(0.08, "nom_set"):
            out[f"{nom}_set"] = self.number(low, high, 1)
        elif "scenarios" not in self.wanted and self.some(0.08, "capital curve") and "capital_cost" in out and np.isfinite(out[f"{nom}_max"]):
            most = out[f"{nom}_max"]
            out["capital_cost"] = {0.0: 0.0, round(most / 3, 2): self.number(cost / 2, cost), most: self.number(cost / 3, 2 * cost)}
            self.integers = True
        return out

    def running(self, cls, fixed):
        """Attributes of how something runs."""
        out = {}
        if self.some(0.22, "ramps"):
            out["ramp_limit_up"] = self.maybe_series(0.2, 0.9, 0.2)
            if self.some(0.7):
                out["ramp_limit_down"] = self.maybe_series(0.2, 0.9, 0.2)
            if self.some(0.3) and fixed:
                out["p_init"] = self.number(0, 10)
        if self.commits and self.some(0.4, f"{cls} commits"):
            out.update(committable=True, p_min_pu=self.number(0.1, 0.5), min_up_time=int(self.rng.integers(0, 4)),
                       min_down_time=int(self.rng.integers(0, 4)), start_up_cost=self.number(0, 300, 1),
                       shut_down_cost=self.number(0, 100, 1), stand_by_cost=self.number(0, 20, 1))
            out.pop("p_init", None)
            if self.some(0.4):
                out["up_time_before"] = int(self.rng.integers(0, 4))
                if out["up_time_before"] == 0:
                    out["down_time_before"] = int(self.rng.integers(0, 3))
            if self.some(0.3):
                out.update(ramp_limit_start_up=self.number(0.5, 1), ramp_limit_shut_down=self.number(0.5, 1))
            self.integers = True
        elif self.serviced and self.some(0.3, f"{cls} maintained"):
            if not fixed:
                self.told.append("maintained, extendable")
            out.update(maintainable=True, maintenance_duration=float(self.rng.integers(1, 4)), maintenance_pu=self.pick(1.0, 0.5),
                       maintenance_events=int(self.rng.integers(1, 3)))
            self.integers = True
        return out

    # --- what stands ------------------------------------------------------------

    def build(self):
        n = self.n
        self.commits = self.some(0.3)
        self.serviced = not self.commits and self.some(0.12)
        squares = not self.commits and not self.serviced and self.some(0.1, "quadratic")
        self.time()
        for c in ("gas", "coal", "wind", "AC", "DC", "import", "hydro", "heat", "water"):
            n.add("Carrier", c, co2_emissions={"gas": 0.2, "coal": 0.34, "hydro": self.pick(0.0, 0.1)}.get(c, 0.0),
                  **({"max_growth": self.number(60, 200, 1)} if self.multi and c == "wind" and self.some(0.3, "growth") else {}))
        if self.multi and np.isfinite(n.carriers.max_growth["wind"]) and self.some(0.4, "relative growth"):
            n.carriers.loc["wind", "max_relative_growth"] = self.number(0.2, 1.5)
        if self.some(0.2, "custom attribute"):
            n.carriers["land"] = [self.number(0.1, 2) for _ in n.carriers.index]
        self.buses = [f"b{i}" for i in range(int(self.rng.integers(1, 5)))]
        for b in self.buses:
            n.add("Bus", b, v_nom=self.pick(110.0, 220.0), carrier="AC")
            n.add("Load", f"load {b}", bus=b, p_set=self.series(20, 80), **({"sign": -1.0} if self.some(0.2) else {}))
            n.add("Generator", f"import {b}", bus=b, p_nom=self.pick(1e4, 1e4, np.inf), marginal_cost=self.number(200, 400), carrier="import")
            if self.some(0.1, "injection"):
                n.add("Load", f"small hydro {b}", bus=b, p_set=self.series(0, 10), sign=1.0)
            if self.some(0.12, "bids"):
                n.add("Generator", f"bid {b}", bus=b, sign=-1, p_nom=self.number(5, 30, 1), marginal_cost=-self.number(20, 200))
            if self.some(0.2, "dump"):
                n.add("Generator", f"dump {b}", bus=b, p_nom=500, sign=-1, marginal_cost=self.number(0, 3))
        for i in range(int(self.rng.integers(1, 5))):
            self.generator(i, squares)
        self.grid()
        if self.some(0.15, "direct current"):
            self.direct_current()
        for i in range(int(self.rng.integers(0, 3))):
            self.link(i, squares)
        if self.some(0.15, "heat"):
            self.heat()
        if self.some(0.12, "cascade"):
            self.cascade()
        if self.some(0.25, "process"):
            self.process()
        for i in range(int(self.rng.integers(0, 3))):
            self.storage_unit(i, squares)
        for i in range(int(self.rng.integers(0, 3))):
            self.store(i, squares)
        self.limits()
        if self.some(0.15, "inactive"):
            for c in (n.generators, n.links, n.storage_units, n.stores, n.lines):
                if len(c) > 1 and self.some(0.4):
                    c.loc[c.index[-1], "active"] = False
        self.entry()

    def generator(self, i, squares):
        n = self.n
        kind = self.pick("gas", "coal", "wind")
        size = self.size("p_nom", 30, 120, self.number(5, 60))
        fixed = "p_nom_extendable" not in size
        a = {"bus": self.pick(*self.buses), "carrier": kind, **size, **self.running("Generator", fixed), **self.life()}
        if "overnight_cost" in a and "lifetime" in size:
            a["lifetime"] = size["lifetime"]
        if kind == "wind":
            a.pop("p_min_pu", None) if not a.get("committable") else None
            a["p_max_pu"] = self.series(0.5, 1) if a.get("committable") else self.series(0, 1)
            a["marginal_cost"] = self.number(-3, 1)
        else:
            a["marginal_cost"] = self.maybe_series(10, 90)
            a["efficiency"] = self.maybe_series(0.3, 0.6, 0.2)
        if squares and self.some(0.6):
            a["marginal_cost_quadratic"] = self.maybe_series(0.01, 0.3, 0.2)
            self.quadratic = True
        if fixed and a.get("committable") and self.some(0.25, "committed modules"):
            a["p_nom_mod"] = a["p_nom"] / self.pick(2, 3, 4)
            a["p_nom"] = a["p_nom_mod"] * round(a["p_nom"] / a["p_nom_mod"])
        if not a.get("committable") and not a.get("maintainable") and kind == "coal" and self.some(0.2, "must run"):
            a["p_min_pu"] = self.maybe_series(0.05, 0.3, 0.4)
        if fixed and not squares and self.some(0.15, "cost curve"):
            low = self.number(5, 30)
            a["marginal_cost"] = {0.0: 0.0, 0.4: low, 0.7: self.number(10, 60), 1.0: self.number(20, 90)} if self.some(0.5) else {
                0.0: 0.0, 0.5: low, 1.0: low + self.number(1, 40)}
            self.integers = True
        if fixed and not a.get("committable") and not a.get("maintainable"):
            if self.some(0.08, "p_set"):
                v = self.series(0, 0.2 * a["p_nom"])
                v[self.rng.random(len(v)) < 0.5] = np.nan
                if kind != "wind":
                    a["p_set"] = v
            if self.some(0.1, "e_sum"):
                a["e_sum_max"] = self.number(50, 400, 1)
                if self.some(0.4, "e_sum_min"):
                    a["e_sum_min"] = self.number(1, 40, 1)
        n.add("Generator", f"g{i} {kind}", **a)

    def grid(self):
        n, lines = self.n, 0
        pairs = [(a, b) for k, a in enumerate(self.buses) for b in self.buses[k + 1:]]
        for k, (a, b) in enumerate(pairs):
            if n.buses.v_nom[a] != n.buses.v_nom[b]:
                if self.some(0.5, "transformer"):
                    n.add("Transformer", f"t{k}", bus0=a, bus1=b, x=self.number(0.05, 0.3), r=self.number(0, 0.02),
                          s_nom=self.number(40, 150, 1), tap_ratio=self.pick(1.0, 0.97, 1.05), phase_shift=self.pick(0.0, 5.0, -3.0),
                          **({"phase_shift_min": -10.0, "phase_shift_max": 10.0} if self.some(0.2, "shifter") else {}),
                          **({"s_nom_extendable": True, "s_nom_max": 300.0, "capital_cost": self.number(1, 9)} if self.some(0.2) else {}))
                    t = n.transformers.index[-1]
                    if self.some(0.2, "transformer type"):
                        n.transformers.loc[t, ["type", "tap_position", "num_parallel"]] = [self.pick("160 MVA 380/110 kV", "100 MVA 220/110 kV"), int(self.rng.integers(-3, 4)), float(self.pick(1, 2))]
                    elif self.some(0.2, "shift series"):
                        n.transformers_t.phase_shift[t] = self.series(-4, 4)
                    if self.some(0.15, "v_ang_max"):
                        n.transformers.loc[t, "v_ang_max"] = self.number(5, 25)
                continue
            for twin in range(1 + int(self.some(0.15))):
                if not self.some(0.75):
                    continue
                a_ = {"bus0": a, "bus1": b, "length": self.number(10, 100, 1), **self.size("s_nom", 20, 80, self.number(1, 20), 0.6)}
                # Without the flag PyPSA keeps cycles of lines that are not alive.
                a_.update(self.life() if self.multi else {})
                if self.some(0.2, "line type"):
                    a_["type"] = "Al/St 240/40 2-bundle 220.0"
                    a_["num_parallel"] = self.pick(1, 2)
                else:
                    a_.update(x=self.number(1, 30), r=self.number(0.1, 3))
                if self.some(0.2, "s_max_pu"):
                    a_["s_max_pu"] = self.maybe_series(0.5, 1)
                if self.some(0.1, "v_ang_max"):
                    a_["v_ang_max"] = self.number(1, 20)
                n.add("Line", f"l{k}{'ab'[twin]}", **a_)
                lines += 1
        self.lines = lines
        if lines and not self.integers and self.some(0.2, "losses"):
            for c in (n.lines, n.transformers):
                c.loc[c.s_nom_extendable, "s_nom_max"] = c.s_nom_max.clip(upper=400)
            self.options["optimize_options"]["transmission_losses"] = self.pick(
                2, 4, True, {"mode": "tangents", "segments": 3}, {"mode": "secants", "atol": 0.5, "rtol": 0.2, "max_segments": 40})

    def link(self, i, squares):
        n = self.n
        other = f"x{i}"
        n.add("Bus", other, carrier="gas")
        size = self.size("p_nom", 20, 80, self.number(2, 30))
        fixed = "p_nom_extendable" not in size
        a = {"bus0": self.pick(*self.buses), "bus1": other, "efficiency": self.maybe_series(0.5, 1), **size,
             **self.running("Link", fixed), **self.life(), "marginal_cost": self.maybe_series(0, 5)}
        if "lifetime" in size:
            a["lifetime"] = size["lifetime"]
        if not a.get("committable") and self.some(0.2, "two-way link"):
            a["p_min_pu"] = -self.number(0.2, 1)
            a["efficiency"] = 1.0
        if self.some(0.3, "link ports"):
            a.update(bus2=self.pick(*self.buses), efficiency2=self.number(-0.2, 0.4))
            if self.some(0.4, "delay2"):
                a.update(delay2=self.pick(1.0, 2.0, 1.5), cyclic_delay2=bool(self.some(0.5)))
        if squares and self.some(0.3):
            a["marginal_cost_quadratic"] = self.number(0.01, 0.2)
            self.quadratic = True
        if fixed and not squares and not a.get("committable") and "p_min_pu" not in a and self.some(0.15, "efficiency curve"):
            a["efficiency"] = {0.0: 0.3, 0.5: self.number(0.4, 0.9), 1.0: self.number(0.4, 0.9)}
            self.integers = True
        elif fixed and not squares and "p_min_pu" not in a and self.some(0.1, "link cost curve"):
            a["marginal_cost"] = {0.0: 0.0, 0.5: self.number(0, 5), 1.0: self.number(0, 9)}
            self.integers = True
        if fixed and not a.get("committable") and not a.get("maintainable") and self.some(0.08, "link p_set"):
            v = self.series(0, 0.3 * a["p_nom"])
            v[self.rng.random(len(v)) < 0.6] = np.nan
            a["p_set"] = v
        if "efficiency curve" not in self.told and self.some(0.2, "delay"):
            a.update(delay=self.pick(1.0, 2.0, 3.0), cyclic_delay=bool(self.some(0.6)))
        n.add("Link", f"k{i}", **a)
        n.add("Load", f"use {other}", bus=other, p_set=self.series(2, 20))
        n.add("Generator", f"supply {other}", bus=other, p_nom=1e3, marginal_cost=self.number(40, 150), carrier="gas")
        n.add("Generator", f"flare {other}", bus=other, p_nom=1e3, sign=-1.0)

    def direct_current(self):
        """A grid of direct current behind two converters."""
        n = self.n
        names = [f"d{k}" for k in range(int(self.rng.integers(2, 4)))]
        for d in names:
            n.add("Bus", d, v_nom=320.0, carrier="DC")
        for k, (a, b) in enumerate([(a, b) for j, a in enumerate(names) for b in names[j + 1:]]):
            n.add("Line", f"dc{k}", bus0=a, bus1=b, r=self.number(0.5, 4), x=self.pick(0.0, 1.0), length=self.number(50, 300, 0),
                  carrier=self.pick("", "DC"), **self.size("s_nom", 10, 60, self.number(1, 9), 0.7))
        for k, d in enumerate(names[:2]):
            n.add("Link", f"converter{k}", bus0=self.pick(*self.buses), bus1=d, carrier="DC", p_min_pu=-1.0, length=self.number(1, 9, 0),
                  efficiency=self.number(0.95, 1, 3) if self.some(0.2) else 1.0, **self.size("p_nom", 20, 80, self.number(1, 9), 0.7))
        if self.some(0.6):
            n.add("Load", "offshore", bus=names[-1], p_set=self.series(0, 10))
            n.add("Generator", "offshore", bus=names[-1], carrier="wind", p_nom=self.number(20, 60, 1), p_max_pu=self.series(0, 1))
            n.add("Generator", "offshore spare", bus=names[-1], carrier="import", p_nom=100, marginal_cost=300)

    def heat(self):
        n = self.n
        n.add("Bus", "heat", carrier="heat")
        n.add("Load", "heat", bus="heat", p_set=self.series(5, 30))
        n.add("Generator", "boiler", bus="heat", p_nom=1e3, marginal_cost=self.number(40, 90), carrier="gas", efficiency=0.9)
        n.add("Link", "heat pump", bus0=self.pick(*self.buses), bus1="heat", efficiency=self.series(2, 4), **self.size("p_nom", 2, 12, self.number(5, 30)),
              **self.running("Link", False))
        n.add("Store", "tank", bus="heat", e_nom=self.number(5, 60, 1), e_cyclic=True,
              standing_loss=self.series(0, 0.05) if self.some(0.4, "loss series") and not self.periods else 0.01)

    def cascade(self):
        """Two reservoirs: what the upper lets go reaches the lower later."""
        n = self.n
        for name in ("upper", "lower", "sea"):
            n.add("Bus", name, carrier="water")
        n.add("Store", "upper", bus="upper", e_nom=self.number(20, 60, 1), e_initial=self.number(5, 20), e_min_pu=self.number(0, 0.2),
              marginal_cost_storage=self.number(0, 0.2) if self.some(0.3) else 0.0)
        n.add("Store", "lower", bus="lower", e_nom=self.number(20, 60, 1), e_cyclic=True)
        n.add("Store", "sea", bus="sea", e_nom=1e5)
        n.add("Generator", "rain", bus="upper", p_nom=1, p_max_pu=self.series(0, 1), p_min_pu=0, sign=self.number(4, 9), carrier="import")
        late = {"delay2": self.pick(1, 2, 3), "cyclic_delay2": bool(self.some(0.4))}
        n.add("Link", "upper", bus0="upper", bus1=self.pick(*self.buses), bus2="lower", efficiency=self.number(0.5, 0.9), efficiency2=1.0,
              p_nom=self.number(5, 20, 1), **(late if self.some(0.7) else {}), **({"ramp_limit_up": 0.5} if self.some(0.4) else {}))
        n.add("Link", "lower", bus0="lower", bus1=self.pick(*self.buses), bus2="sea", efficiency=self.number(0.5, 0.9), efficiency2=1.0, p_nom=self.number(5, 20, 1))
        n.add("Link", "spill", bus0="upper", bus1="lower", p_nom=100, delay=self.pick(0, 1, 2), cyclic_delay=False, marginal_cost=0.1)
        n.add("Link", "release", bus0="lower", bus1="sea", p_nom=100, marginal_cost=0.1)

    def process(self):
        n = self.n
        n.add("Bus", "ore", carrier="import")
        n.add("Bus", "metal", carrier="import")
        n.add("Generator", "ore", bus="ore", p_nom=1e3, marginal_cost=self.number(1, 10), carrier="import")
        n.add("Load", "metal", bus="metal", p_set=self.series(1, 5))
        n.add("Generator", "metal", bus="metal", p_nom=100, marginal_cost=3000, carrier="import")
        n.add("Generator", "excess", bus="metal", p_nom=100, sign=-1.0)
        size = self.size("p_nom", 60, 160, self.number(2, 20))
        a = {"bus0": self.pick(*self.buses), "rate0": -1.0, "bus1": "metal", "rate1": 1 / 14, "bus2": "ore", "rate2": -0.14,
             **size, **self.running("Process", "p_nom_extendable" not in size)}
        if self.some(0.2, "process cost"):
            a["marginal_cost"] = self.number(0, 3)
        if self.some(0.2, "other rates"):
            a.update(rate0=-14.0, rate1=1.0, rate2=-2.0)
            for key in ("p_nom", "p_nom_min", "p_nom_max", "p_nom_mod", "p_nom_set"):
                if np.isfinite(a.get(key, np.nan)):
                    a[key] = round(a[key] / 14, 3)
            if isinstance(a.get("capital_cost"), dict):
                a["capital_cost"] = {round(x / 14, 3): y for x, y in a["capital_cost"].items()}
        elif "p_nom_extendable" not in size and not a.get("committable") and self.some(0.15, "rate curve"):
            a["rate1"] = {0.0: 0.06, 0.5: self.number(0.05, 0.08), 1.0: self.number(0.05, 0.08)}
            self.integers = True
        if "rate curve" not in self.told and self.some(0.3, "process delay"):
            a.update(delay1=self.pick(1.0, 2.0), cyclic_delay1=bool(self.some(0.5)))
        n.add("Process", "smelter", **a)

    def storage_unit(self, i, squares):
        n = self.n
        a = {"bus": self.pick(*self.buses), "max_hours": self.number(1, 8, 1), "efficiency_store": self.maybe_series(0.8, 1, 0.2),
             "efficiency_dispatch": self.number(0.8, 1), "standing_loss": self.number(0, 0.02) if self.some(0.4) else 0.0,
             **self.size("p_nom", 10, 60, self.number(2, 40)), "marginal_cost": self.number(0, 3)}
        if self.periods and "lifetime" not in a:
            a.update(self.life())
        if self.some(0.4, "cyclic"):
            a["cyclic_state_of_charge"] = True
            if self.multi and self.some(0.4):
                a["cyclic_state_of_charge_per_period"] = True
        else:
            a["state_of_charge_initial"] = self.number(0, 10)
            if self.multi and self.some(0.4, "initial per period"):
                a["state_of_charge_initial_per_period"] = True
        if self.some(0.35, "inflow"):
            a.update(inflow=self.series(0, 15), spill_cost=self.number(0, 2))
        if self.some(0.2, "holding"):
            a["marginal_cost_storage"] = self.number(0, 0.5)
        if self.some(0.15):
            a["p_min_pu"] = -self.number(0.3, 1)
        if self.some(0.15):
            a["p_max_pu"] = self.maybe_series(0.4, 1)
        if squares and self.some(0.3):
            a["marginal_cost_quadratic"] = self.number(0.01, 0.2)
            self.quadratic = True
        if "p_nom" in a and "p_nom_extendable" not in a and self.some(0.12, "storage set"):
            which = self.pick("p_set", "p_dispatch_set", "p_store_set", "state_of_charge_set")
            v = self.series(0, 0.2 * a["p_nom"])
            v[self.rng.random(len(v)) < 0.8] = np.nan
            a[which] = v
        if "p_nom" in a and "p_nom_extendable" not in a and not squares and self.some(0.08, "storage curve"):
            a["marginal_cost"] = {0.0: 0.0, 0.5: self.number(0, 3), 1.0: self.number(0, 6)}
            self.integers = True
        if self.some(0.3):
            a["carrier"] = "hydro"
        n.add("StorageUnit", f"s{i}", **a)

    def store(self, i, squares):
        n = self.n
        bus = self.pick(*n.buses.index)
        a = {"bus": bus, **self.size("e_nom", 20, 120, self.number(0.5, 10)), "standing_loss": self.number(0, 0.03) if self.some(0.3) else 0.0}
        if self.periods and "lifetime" not in a:
            a.update(self.life())
        if self.some(0.5, "store cyclic"):
            a["e_cyclic"] = True
            if self.multi and self.some(0.3):
                a["e_cyclic_per_period"] = True
        else:
            a["e_initial"] = self.number(0, 15)
            if self.multi and self.some(0.3):
                a["e_initial_per_period"] = True
        if self.some(0.2):
            a["e_max_pu"] = self.maybe_series(0.6, 1)
        if self.some(0.2, "store cost"):
            a["marginal_cost"] = self.maybe_series(0, 3)
        if self.some(0.1):
            a["marginal_cost_storage"] = self.number(0, 0.3)
        if squares and self.some(0.2):
            a["marginal_cost_quadratic"] = self.number(0.01, 0.1)
            self.quadratic = True
        if "e_nom" in a and "e_nom_extendable" not in a and self.some(0.15, "store set"):
            which = self.pick("e_set", "p_set")
            v = self.series(0, 0.1 * a["e_nom"])
            v[self.rng.random(len(v)) < 0.8] = np.nan
            a[which] = v
        if self.some(0.15, "e_min_pu") and a.get("e_cyclic"):
            a["e_min_pu"] = self.maybe_series(0, 0.2)
        if self.some(0.3):
            a["carrier"] = "hydro"
        n.add("Store", f"e{i}", **a)

    def limits(self):
        n = self.n
        period = {"investment_period": int(self.pick(*self.periods))} if self.multi and self.some(0.3) else {}
        if self.some(0.3, "co2"):
            years = float(n.investment_period_weightings.years.sum()) if self.multi else 1
            n.add("GlobalConstraint", "co2", type="primary_energy", carrier_attribute="co2_emissions", sense="<=",
                  constant=self.number(50, 800, 1) * years, **period)
        if "land" in n.carriers and self.some(0.8):
            n.add("GlobalConstraint", "land", type="primary_energy", carrier_attribute="land", sense="<=", constant=self.number(800, 9000, 1))
        if self.some(0.15, "bus limits"):
            kind = self.pick("gas", "coal", "wind")
            year = f"_{self.pick(*self.periods)}" if self.multi and self.some(0.4) else ""
            n.buses[f"nom_max_{kind}{year}"] = [self.number(60, 200, 1) if b in self.buses else np.inf for b in n.buses.index]
            if self.some(0.3):
                n.buses[f"nom_min_{kind}{year}"] = [self.number(0, 9, 1) if b == self.buses[0] else -np.inf for b in n.buses.index]
        if self.some(0.15, "operational"):
            n.add("GlobalConstraint", "coal use", type="operational_limit", carrier_attribute=self.pick("coal", "coal", "hydro"), sense=self.pick("<=", "<=", ">="),
                  constant=self.number(100, 2000, 1), **period)
        if self.some(0.15, "tech"):
            n.add("GlobalConstraint", "wind", type="tech_capacity_expansion_limit", carrier_attribute="wind", sense="<=",
                  constant=self.number(150, 300, 1), **({"bus": self.pick(*self.buses)} if self.some(0.3) else {}))
        if self.lines and self.some(0.15, "volume"):
            n.add("GlobalConstraint", "volume", type="transmission_volume_expansion_limit", carrier_attribute=self.pick("AC", "AC,DC", "AC, DC"), sense="<=",
                  constant=self.number(3000, 20000, 0))
        if self.lines and self.some(0.12, "expansion cost"):
            n.add("GlobalConstraint", "spent", type="transmission_expansion_cost_limit", carrier_attribute=self.pick("AC", "AC,DC"), sense="<=",
                  constant=self.number(500, 5000, 0), **period)

    def entry(self):
        n, o = self.n, self.options
        if self.commits and self.some(0.25, "linearised"):
            o["optimize_options"]["linearized_unit_commitment"] = True
        if self.some(0.1):
            o["optimize_options"]["include_objective_constant"] = False
        # The first of these that is drawn and fits.
        what = self.rng.random()
        for name, upto, fits in (
            ("security", 0.1, self.lines and "transmission_losses" not in o["optimize_options"]),
            ("rolling", 0.2, not self.periods),
            ("mga", 0.3, n.generators.p_nom_extendable.any() and not self.quadratic and o["optimize_options"]["include_objective_constant"]),
            ("scenarios", 0.42, not any("curve" in what for what in self.told)),  # PyPSA takes none there
        ):
            if fits and (name in self.wanted or what < upto and not {"security", "rolling", "mga", "scenarios"} & set(self.wanted)):
                self.told.append(name)
                getattr(self, name)()
                return

    def security(self):
        self.options["entry_point"] = "security_constrained"
        if self.some(0.2, "security with losses"):
            self.options["entry_args"]["model_kwargs"] = {"transmission_losses": self.pick(2, True)}
        if self.some(0.5):
            self.options["entry_args"]["branch_outages"] = [str(self.n.lines.index[0])]

    def rolling(self):
        self.options["entry_point"] = "rolling_horizon"
        self.options["entry_args"] = {"horizon": 4, "overlap": int(self.rng.integers(0, 3))}

    def mga(self):
        n = self.n
        weights = {"Generator": {"p_nom": {name: self.pick(1.0, 1.0, 0.5) for name in n.generators.index[n.generators.p_nom_extendable] if self.some(0.7)}}}
        if not weights["Generator"]["p_nom"] or self.some(0.2):
            weights = {"Generator": {"p_nom": 1.0}}
        for c, nom in (("Link", "p_nom"), ("Store", "e_nom"), ("StorageUnit", "p_nom"), ("Line", "s_nom")):
            names = n.c[c].extendables
            if len(names) and self.some(0.3, f"mga of {c}"):
                weights[c] = {nom: {str(names[0]): self.pick(1.0, -1.0)}}
        self.options["entry_point"] = "mga"
        self.options["entry_args"] = {"slack": self.number(0.02, 0.1, 3), "weights": weights, "sense": self.pick("min", "max")}

    def scenarios(self):
        n = self.n
        n.set_scenarios({"low": 0.3, "mid": 0.5, "high": 0.2})
        for scenario, factor in (("low", 0.8), ("high", 1.2)):
            for name in n.loads_t.p_set.columns:
                if name[0] == scenario:
                    n.loads_t.p_set[name] = (n.loads_t.p_set[name] * factor).round(4)
        for scenario in ("low", "high"):
            for c, attr in ((n.generators, "marginal_cost"), (n.generators, "p_nom"), (n.links, "efficiency"), (n.storage_units, "efficiency_dispatch"),
                            (n.generators, "capital_cost"), (n.lines, "s_nom"), (n.stores, "e_initial"), (n.global_constraints, "constant"), (n.storage_units, "max_hours")):
                if len(c) and self.some(0.15, f"{attr} by scenario"):
                    rows = (scenario, slice(None))
                    c.loc[rows, attr] = (c.loc[rows, attr] * self.number(0.8, 1, 3)).round(5)
            for dynamic, attr in ((n.generators_t, "p_max_pu"), (n.storage_units_t, "inflow")):
                for name in dynamic[attr].columns:
                    if name[0] == scenario and self.some(0.3, f"{attr} by scenario"):
                        dynamic[attr][name] = (dynamic[attr][name] * self.number(0.8, 1, 3)).round(4)
        if self.some(0.5, "risk") and not self.quadratic:
            risk = {"alpha": self.number(0.3, 0.8, 2), "omega": self.number(0.2, 0.8, 2)}
            n.set_risk_preference(**risk)
            self.options["entry_args"] = {"risk_preference": risk}


def theirs(mix):
    """PyPSA's objective with its constant, or its status."""
    options = json.loads(json.dumps(mix.options))
    options["entry_args"].pop("risk_preference", None)
    accessor = type(mix.n.optimize)
    call = accessor.__call__

    def recorded(self, *args, **kwargs):
        ended = call(self, *args, **kwargs)
        n = self._n
        mix.windows.append(float(n.objective + n.objective_constant) if ended[0] == "ok" else None)
        return ended

    mix.windows = []
    try:
        accessor.__call__ = recorded
        return solve(mix.n, options)
    except NotImplementedError:
        raise
    except RuntimeError as fault:
        return str(fault)
    except ValueError as fault:
        if "nfeasible" in str(fault):
            return str(fault)
        raise
    finally:
        accessor.__call__ = call


def ours(busbar, file, options):
    """Busbar's answer as it prints it."""
    more = ["--pypsa-options", options] if options else []
    done = subprocess.run([busbar, "solve", file, *more, "--gap", "1e-7", "--json"], capture_output=True, text=True)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return {"status": f"exit {done.returncode}: {done.stderr[-300:]}"}


def exported(busbar, file, options, want):
    """What is wrong with the network as Busbar exports it, solved by Busbar; "" where nothing is."""
    out = file[:-3] + "-out.nc"
    made = out[:-3] + ".options.json"
    for old in (out, made):
        if os.path.exists(old):
            os.remove(old)
    done = subprocess.run([busbar, "export", "pypsa", file, out, "--pypsa-options", options], capture_output=True, text=True)
    if done.returncode != 0:
        return "not exported: " + done.stderr.strip().split("pypsa-export: ")[-1][-160:]
    got = ours(busbar, out, made) if os.path.exists(made) else ours(busbar, out, options=None)
    if near(got.get("objective"), want):
        return ""
    return f"EXPORTED IT DIFFERS: {got['status']} {got.get('objective')}, was {want}"


def near(got, want):
    return got is not None and want is not None and abs(got - want) <= TOLERANCE * (1 + abs(want))


def main(busbar, seed=1, count=50, keep="mix", *wanted):
    differ, refused, agreed, unsolved, seen = [], [], 0, 0, Counter()
    for s in range(seed, seed + count):
        mix = Mix(s, wanted)
        try:
            mix.build()
            folder = os.path.join(keep, f"mix-{s}")
            os.makedirs(folder, exist_ok=True)
            file = os.path.join(folder, "network.nc")
            mix.n.export_to_netcdf(file)
            want = theirs(mix)
        except Exception as fault:  # PyPSA's own
            unsolved += 1
            print(f"{s:6} PyPSA itself: {type(fault).__name__}: {str(fault)[:160]!r} [{', '.join(mix.told)}]", flush=True)
            subprocess.run(["rm", "-rf", os.path.join(keep, f"mix-{s}")])
            continue
        with open(os.path.join(folder, "options.json"), "w") as f:
            json.dump({**mix.options, "pypsa": want}, f, indent=1)
        got = ours(busbar, file, os.path.join(folder, "options.json"))
        same = False
        if got["status"] == "bad-input" and not (isinstance(want, str) and "PyPSA ends" not in want):
            refused.append(s)
            print(f"{s:6} refused: {got['problems'][0]['text'][:200]} [{', '.join(mix.told)}]", flush=True)
            continue
        if isinstance(want, str) and "solver_error" in want:
            unsolved += 1
            print(f"{s:6} PyPSA's solver fails: {want} [{', '.join(mix.told)}]", flush=True)
            continue
        if isinstance(want, str):
            same = got["status"] in ("infeasible", "unbounded", "bad-input")
        elif got.get("objective") is not None and got["status"] == "optimal":
            same = near(got["objective"], want)
        if not same and mix.options["entry_point"] == "rolling_horizon" and near(mix.windows[0], (got.get("windows") or [None])[0]):
            print(f"{s:6} the first window agrees, a later one does not: its answer is not the only one [{', '.join(mix.told)}]", flush=True)
            agreed += 1
            continue
        if same:
            agreed += 1
            seen.update(set(mix.told))
            wrong = ""
            if got["status"] == "optimal" and mix.options["entry_point"] != "rolling_horizon":
                wrong = exported(busbar, file, os.path.join(folder, "options.json"), got["objective"])
            if wrong:
                print(f"{s:6} {wrong} [{', '.join(mix.told)}]", flush=True)
            if "DIFFERS" in wrong:
                differ.append(s)
                continue
            subprocess.run(["rm", "-rf", folder])
            continue
        differ.append(s)
        print(f"{s:6} DIFFERS: PyPSA {want}, Busbar {got['status']} {got.get('objective')} [{', '.join(mix.told)}]", flush=True)
    print(f"{agreed} agree, {len(differ)} differ, {len(refused)} refused, {unsolved} that PyPSA does not solve; differ: {differ}")
    print("agreed with: " + ", ".join(f"{what} {count}" for what, count in sorted(seen.items())))
    return 1 if differ else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], *(int(v) for v in sys.argv[2:4]), *sys.argv[4:]))
