"""Peers for the bench: the same rules written the way another tool would have them.

A field of lobules against one Mesa agent per site; `python3 course.py bench` prints the comparison.
"""

from __future__ import annotations

import math
import time

import mesa
import numpy as np

from hepatica.models.field import KEPT, Field, arrival, element, lobules

STEP_DAYS = 1.0
LOGS = [state.logarithmic for state in element.states.values()]


def rk4(
    state: list[float], injured: bool, values: list[float], d: float, days: float = STEP_DAYS
) -> list[float]:
    """One step of TIDE-6 by the classical Runge–Kutta rule; cells are counted,
    not their logarithms."""
    inputs = [d if injured and name == "D" else 0.0 for name in element.inputs]

    def rates(y):
        own = [math.log(max(x, 1e-9)) if log else x for x, log in zip(y, LOGS, strict=True)]
        raw = element.derivative(own, values, inputs)
        return [rate * x if log else rate for rate, x, log in zip(raw, y, LOGS, strict=True)]

    def moved(k, share):
        return [x + share * days * rate for x, rate in zip(state, k, strict=True)]

    k1 = rates(state)
    k2 = rates(moved(k1, 0.5))
    k3 = rates(moved(k2, 0.5))
    k4 = rates(moved(k3, 1))
    return [
        x + days / 6 * (a + 2 * b + 2 * c + e)
        for x, a, b, c, e in zip(state, k1, k2, k3, k4, strict=True)
    ]


def mesa_field(arrivals: np.ndarray, days: float) -> np.ndarray:
    """H, C, X and A of every site after `days`, one Mesa agent per site; shape (sites, 4)."""
    daily = element.daily(element.values())
    values = list(daily.values())
    start = [math.exp(x) if log else x for x, log in zip(element.initial(daily), LOGS, strict=True)]

    class Site(mesa.Agent):
        def __init__(self, model, day):
            super().__init__(model)
            self.day, self.state = day, list(start)

        def step(self):
            self.state = rk4(self.state, self.model.today >= self.day, values, daily["d"])

    class Tissue(mesa.Model):
        def __init__(self):
            super().__init__()
            self.today = 0.0
            self.all = [Site(self, day) for day in arrivals]

    tissue = Tissue()
    for step in range(round(days / STEP_DAYS)):
        tissue.today = step * STEP_DAYS
        tissue.agents.do("step")
    places = [list(element.states).index(name) for name in KEPT]
    return np.array([[site.state[place] for place in places] for site in tissue.all])


def compare(years: float = 10, mesa_days: float = 20) -> dict[str, float]:
    """Seconds for a field of 128 × 128 sites over `years`: ours measured,
    Mesa's from `mesa_days` of the same field."""
    field, model = Field(), lobules()
    begun = time.perf_counter()
    model.picture(years * 365)
    ours = time.perf_counter() - begun
    days = arrival(field.distances(field.sites, 0), model.values())
    begun = time.perf_counter()
    mesa_field(days, mesa_days)
    theirs = (time.perf_counter() - begun) * years * 365 / mesa_days
    return {"ours_s": ours, "mesa_s": theirs, "times_faster": theirs / ours}
