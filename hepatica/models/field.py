"""A field of hexagonal lobules with TIDE-6 at every site: where cells die decides where scars join.

Sources of injury (central veins, portal tracts, or both) are surrounded by a zone that widens at a
steady pace. A site is healthy until the zone reaches it; from that day the local equations of the
scar model run there, with phi = 1: the zone is the spread. Sites that the zone reaches on the same
day have the same history, so that a few hundred histories, solved once and looked up by site, fill
a field of any size.

The geometry is exact. The zone, its growth and the condensing of scar by regrowing hepatocytes are
teaching simplifications; the idea of condensing is that of Drasdo et al. (preprint 2024), its form
here is ours.

Cast
----
symbol       meaning                                            unit
A            area of the piece of tissue                        share of its first area
squeeze      how fast neighbours press the piece                1/day
zone_0       radius of the zone on day 0                        mm
zone_growth  how fast the zone widens                           mm/year
condense     strength of the pressing by regrowing hepatocytes  1/year
phi          share of the lobules that take part: all, here     share
as in hepatica.models.tide

Parameters, with unit, range and source: data/parameters.csv, rows `lobule`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import sympy

from hepatica import ledger
from hepatica.model import DAYS_PER_YEAR, Model, Output, State, given, join
from hepatica.model.equations import moments
from hepatica.model.luck import mulberry
from hepatica.model.registry import register
from hepatica.models.hexagons import BOTH, CENTRAL, PORTAL, RAY, Field
from hepatica.models.tide import tide

__all__ = [
    "BENCH",
    "BINS",
    "BOTH",
    "CENTRAL",
    "HORIZON",
    "KEPT",
    "LEAD",
    "LINK_POINTS",
    "NEEDLES",
    "PORTAL",
    "READOUTS",
    "STOPS",
    "Field",
    "Lobules",
    "agreement",
    "arrival",
    "bridging_radius",
    "element",
    "first_year",
    "histories",
    "lobules",
    "narrower",
    "needle_places",
    "read_field",
    "share_inside",
    "stages",
]

BINS = 400  # days of arrival that are told apart
STOPS = 25  # lengths of injury solved when the cause stops; between them we interpolate
# how much more of the room the healthiest hepatocytes of an island take: share in proportion to H
# ** LEAD
LEAD = 8
HORIZON = 20 * DAYS_PER_YEAR  # days in which the usual field is bridged
LINK_POINTS = 13  # sites looked at along a possible bridge
NEEDLES = 200  # random needles behind each agreement

READOUTS = {
    "zone": ("radius of the zone", "mm"),
    "CPA_field": ("collagen area of the field", "% of area"),
    "hepatocytes": ("hepatocyte mass of the field", "% of healthy"),
    "scarred": ("share of the field that is scar", "% of area"),
    "bridged": (("possible bridges that are closed"), "%"),
    "stage": ("stage of the field", ""),
    "needle_bridged": ("possible bridges closed in the needle", "%"),
    "needle_stage": ("stage in the needle", ""),
    "agree": ("needles that agree with the field", "%"),
    "too_low": ("needles that read too low", "%"),
    "too_high": ("needles that read too high", "%"),
}

_FIELD = ledger.parameters("lobule")

_LOCAL = [name for name in tide.states if name != "phi"]

# TIDE-6 where a lobule takes part, in a piece of tissue that its neighbours may squeeze: collagen is
# kept, the area A shrinks.
element = Model(
    "TIDE-6 in a lobule",
    states=join(
        {name: tide.states[name] for name in _LOCAL},
        {"A": State("area of the piece", "share of its first area", initial=1.0)},
    ),
    parameters=join(tide.parameters, {"condense": _FIELD["condense"]}),
    definitions=join(
        {"phi": "1"},
        {name: tide.formula(name) for name in tide.definitions},
        {"squeeze": "condense * (1 - H) * Max(0, 1 - (C + X) / V_s)"},
    ),
    equations=join(
        {name: tide.formula(name) for name in ("H", "F", "M")},
        {name: f"{tide.formula(name)} + squeeze * {name}" for name in ("C", "X")},
        {"A": "-squeeze * A"},
    ),
    inputs=tide.inputs,
    outputs={"scar": Output("C + X", "collagen above the healthy level", "% of area")},
)
KEPT = ("H", "C", "X", "A")
BENCH = Field()


# -- the model -------------------------------------------------------------------------------------


class Lobules(Model):
    """A field of lobules as a model that cards can run: parameters of TIDE-6,
    of the field and of a needle."""

    kind = "field"

    def __init__(self, field: Field = BENCH):
        super().__init__(
            "lobules",
            states=element.states,
            parameters=join(tide.parameters, _FIELD),
            definitions={name: element.formula(name) for name in element.definitions},
            equations={name: element.formula(name) for name in element.equations},
            inputs=element.inputs,
        )
        self.field = field

    @property
    def reported(self) -> dict[str, sympy.Expr]:
        """The read-outs of the field; each stands for the parameters on which it depends."""
        return dict.fromkeys(READOUTS, sympy.Add(*self._symbols_of(_FIELD)))

    def label(self, name: str) -> str:
        """Label of a read-out or of anything in TIDE-6."""
        return READOUTS[name][0] if name in READOUTS else super().label(name)

    def simulate(
        self, days: float = HORIZON, *, points: int = 41, at=None, **changed: float
    ) -> pd.DataFrame:
        """The read-outs of the field at `points` evenly spaced days, or on the days `at`.

        Returns a DataFrame indexed by day; columns and units as in READOUTS. Raises ModelError as
        Model.simulate.
        """
        times = moments(days, points, at, "days")
        values = self.values(**changed)
        frame = pd.DataFrame(
            _readouts(self.field, values, times), index=pd.Index(times, name="day")
        )
        frame.attrs["units"] = {name: unit for name, (_, unit) in READOUTS.items()}
        return frame

    def picture(self, day: float, **changed: float) -> dict[str, np.ndarray]:
        """States of every site on one day, condensed if condense > 0: H, C, X and CPA, shape (height,
        width)."""
        values, field, day = self.values(**changed), self.field, given.above_0(day, "day")
        bins = _site_bins(field, values, day)
        states = {
            name: rows[:, 0]
            for name, rows in histories(values, np.array([day]), horizon=day).items()
        }
        flat = (
            _condensed(field, values, bins, states)
            if values["condense"] > 0
            else {n: s[bins] for n, s in states.items()}
        )
        flat["CPA"] = values["CPA_0"] + flat["C"] + flat["X"]
        return {
            name: flat[name].reshape(field.height, field.width) for name in ("H", "C", "X", "CPA")
        }

    def needles(self, day: float, **changed: float) -> np.ndarray:
        """Stages (0 to 4) that NEEDLES random needles read on one day."""
        values, day = self.values(**changed), given.from_0(day, "day")
        return _all_needles(self.field, values, _read(self.field, values, np.array([float(day)])))[
            :, 0
        ].astype(int)

    def _engine(self) -> dict:
        """The scar model and the field, for cards/engine/field.js."""
        field = {
            "columns": self.field.columns,
            "rows": self.field.rows,
            "width": self.field.width,
            "height": self.field.height,
            "bins": BINS,
            "stops": STOPS,
            "ray": RAY,
            "lead": LEAD,
            "needles": NEEDLES,
            "linkPoints": LINK_POINTS,
            "daysPerYear": DAYS_PER_YEAR,
        }
        return {"element": element.javascript(), "field": field}


def arrival(distance: np.ndarray, values: Mapping[str, float]) -> np.ndarray:
    """Day on which the zone reaches sites at `distance` (lobule widths) from their source;
    inf for never."""
    beyond = np.asarray(distance) * values["lobule_width"] - values["zone_0"]
    with np.errstate(divide="ignore", invalid="ignore"):
        days = np.where(beyond <= 0, 0.0, beyond / values["zone_growth"] * DAYS_PER_YEAR)
    return np.where(beyond <= 0, 0.0, days)


def _bins(days: np.ndarray, values: Mapping[str, float], horizon: float) -> np.ndarray:
    """Bin of each day of arrival; the last bin, BINS + 1, is for sites that stay healthy."""
    last = min(horizon, values["stop_year"] * DAYS_PER_YEAR)
    reached = days < last
    return np.where(reached, np.rint(np.where(reached, days, 0) * BINS / horizon), BINS + 1).astype(
        int
    )


def histories(
    values: Mapping[str, float], times: np.ndarray, horizon: float
) -> dict[str, np.ndarray]:
    """H, C, X and A on days `times` for sites reached on each of the BINS + 1 days up to `horizon`,
    and for never.

    Arrays of shape (BINS + 2, len(times)). Before the cause stops all histories are one run of
    the scar model, begun later.
    """
    grid, stop = np.arange(BINS + 1) * horizon / BINS, values["stop_year"] * DAYS_PER_YEAR
    own = {name: values[name] for name in element.parameters}
    run = element.simulate(at=grid, unchecked=own | {"injury_years": horizon / DAYS_PER_YEAR + 1})
    since, healthy = times[None, :] - grid[:, None], {"H": 1.0, "C": 0.0, "X": 0.0, "A": 1.0}
    table = {}
    for name in KEPT:
        rows = np.interp(since, run.index, run[name], left=healthy[name])
        table[name] = np.vstack([rows, np.full(len(times), healthy[name])])
    if stop < times[-1]:
        _let_go(table, own, times, stop, grid)
    return table


def _let_go(
    table: dict[str, np.ndarray],
    own: Mapping[str, float],
    times: np.ndarray,
    stop: float,
    grid: np.ndarray,
) -> None:
    """Overwrite the histories after the cause has stopped, from runs with STOPS lengths of injury,
    which lie denser where they are short."""
    lengths = grid[-1] * np.linspace(0, 1, STOPS) ** 2
    lasted = np.clip(stop - grid, 0, stop)
    for name, runs in _after(own, lengths, grid).items():
        for column in np.flatnonzero(times > stop):
            solved = [np.interp(times[column] - stop, grid[: len(run)], run) for run in runs]
            table[name][:-1, column] = np.interp(lasted, lengths, solved)


def _after(
    own: Mapping[str, float], lengths: np.ndarray, grid: np.ndarray
) -> dict[str, list[np.ndarray]]:
    """States on the days `grid` after injuries of these lengths, each for as long as it is asked
    for: the next shorter one may have stopped that much earlier."""
    runs = []
    for length, shorter in zip(lengths, [0, *lengths], strict=False):
        days = grid[: np.searchsorted(grid, grid[-1] - shorter) + 1]
        lasted = dict(own) | {"injury_years": length / DAYS_PER_YEAR}
        runs.append(element.simulate(at=length + days, rtol=1e-7, unchecked=lasted))
    return {name: [run[name].to_numpy() for run in runs] for name in KEPT}


def _site_bins(field: Field, values: Mapping[str, float], horizon: float) -> np.ndarray:
    away = _distances(field, int(values["pattern"]), values["variation"], int(values["seed"]))
    return _bins(arrival(away, values), values, horizon)


@cache
def _distances(field: Field, pattern: int, variation: float, seed: int) -> np.ndarray:
    return field.distances(field.sites, pattern, variation, seed)


@cache
def _rings(field: Field, pattern: int) -> tuple[np.ndarray, np.ndarray]:
    return field.rings(pattern)


@cache
def _links(
    field: Field, pattern: int, variation: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Middles of the possible bridges, and the distances of the points along each to their
    sources."""
    ends = field.links(pattern)
    share = np.linspace(0, 1, LINK_POINTS)[None, :, None]
    points = ends[:, :1] * (1 - share) + ends[:, 1:] * share
    away = field.distances(points.reshape(-1, 2), pattern, variation, seed)
    return ends.mean(axis=1), away.reshape(len(ends), LINK_POINTS)


def _condensed(
    field: Field, values: Mapping[str, float], bins: np.ndarray, states: Mapping[str, np.ndarray]
) -> dict:
    """States per site after the rings of each island have taken the room that their areas leave
    them."""
    share, ray = _rings(field, int(values["pattern"]))
    ring = {name: state[bins][ray] for name, state in states.items()}
    lead = ring["H"] ** LEAD
    grown = lead / lead.sum(axis=1, keepdims=True) * (RAY - ring["A"].sum(axis=1, keepdims=True))
    area = ring["A"] + grown
    edges = area.cumsum(axis=1) / RAY
    here = np.minimum((edges < share[:, None]).sum(axis=1), RAY - 1)[:, None]
    taken = {name: np.take_along_axis(ring[name], here, 1)[:, 0] for name in ("H", "C", "X", "A")}
    room = np.take_along_axis(area, here, 1)[:, 0]
    thin = taken["A"] / room
    return {"C": taken["C"] * thin, "X": taken["X"] * thin, "H": taken["H"] * thin + 1 - thin}


@dataclass(frozen=True)
class _Reading:
    """What the read-outs of a field share: histories, weight of each, dense ones, and the bridges,
    per time."""

    table: dict[str, np.ndarray]
    weight: np.ndarray
    dense: np.ndarray
    middles: np.ndarray
    closed: np.ndarray


def _read(field: Field, values: Mapping[str, float], times: np.ndarray) -> _Reading:
    horizon = max(times[-1], 1.0)
    table = histories(values, times, horizon)
    bins = _site_bins(field, values, horizon)
    dense = values["CPA_0"] + table["C"] + table["X"] >= values["septum"]
    middles, along = _links(field, int(values["pattern"]), values["variation"], int(values["seed"]))
    closed = dense[_bins(arrival(along, values), values, horizon)].all(axis=1)
    return _Reading(
        table, np.bincount(bins, minlength=BINS + 2) / len(bins), dense, middles, closed
    )


def _readouts(
    field: Field, values: Mapping[str, float], times: np.ndarray
) -> dict[str, np.ndarray]:
    reading = _read(field, values, times)
    table, closed, deposit = reading.table, reading.closed, reading.dense[0]
    kept = reading.weight[:, None] * table["A"]
    stage = stages(closed.mean(axis=0), deposit, values)
    # the core stays in the field
    furthest = max(field.columns * values["lobule_width"] - values["needle_length"], 0)
    needle = _in_needle(
        reading.middles, values, min(values["needle_x"], furthest), values["needle_y"]
    )
    in_needle, read = _share(closed, needle), _all_needles(field, values, reading)
    return {
        "zone": values["zone_0"]
        + values["zone_growth"] * np.minimum(times / DAYS_PER_YEAR, values["stop_year"]),
        "CPA_field": values["CPA_0"] + (kept * (table["C"] + table["X"])).sum(axis=0),
        "hepatocytes": 100 * ((kept * table["H"]).sum(axis=0) + 1 - kept.sum(axis=0)),
        "scarred": 100 * (kept * reading.dense).sum(axis=0),
        "bridged": 100 * closed.mean(axis=0),
        "stage": stage,
        "needle_bridged": 100 * in_needle,
        "needle_stage": stages(in_needle, deposit, values),
        "agree": 100 * (read == stage).mean(axis=0),
        "too_low": 100 * (read < stage).mean(axis=0),
        "too_high": 100 * (read > stage).mean(axis=0),
    }


# -- reading the picture ---------------------------------------------------------------------------


def stages(bridged: np.ndarray, deposit: np.ndarray, values: Mapping[str, float]) -> np.ndarray:
    """METAVIR-like stage from the share of bridges that are closed: 0 none, 1 deposits, 2 few,
    3 many, 4 nodules."""
    steps = sum((bridged >= values[name]).astype(float) for name in ("some", "many", "closed"))
    return np.where(deposit, 1.0 + steps, 0.0)


def _in_needle(middles: np.ndarray, values: Mapping[str, float], x: float, y: float) -> np.ndarray:
    """Which possible bridges have their middle in a needle that starts at `x` mm and lies round
    depth `y` mm."""
    at = middles * values["lobule_width"]
    along = (at[:, 0] >= x) & (at[:, 0] < x + values["needle_length"])
    return along & (np.abs(at[:, 1] - y) <= values["needle_width"] / 2)


def _share(closed: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Share of the chosen bridges that are closed, per time;
    nothing chosen counts as nothing seen."""
    return closed[chosen].mean(axis=0) if chosen.any() else np.zeros(closed.shape[1])


def needle_places(field: Field, values: Mapping[str, float]) -> np.ndarray:
    """Starts and depths (mm) of NEEDLES random needles that lie inside the field, shape (NEEDLES,
    2)."""
    wide, high = np.array(field.size) * values["lobule_width"]
    room = [max(wide - values["needle_length"], 0), max(high - values["needle_width"], 0)]
    dice = mulberry(int(values["seed"]) + 7919, 2 * NEEDLES).reshape(NEEDLES, 2)
    return dice * room + [0, values["needle_width"] / 2]


def _all_needles(field: Field, values: Mapping[str, float], reading: _Reading) -> np.ndarray:
    """Stages that the random needles read, shape (NEEDLES, times)."""
    shares = [
        _share(reading.closed, _in_needle(reading.middles, values, x, y))
        for x, y in needle_places(field, values)
    ]
    return stages(np.array(shares), reading.dense[0], values)


# -- experiments named in data/targets.csv ---------------------------------------------------------

PATTERN = given.word((CENTRAL, PORTAL, BOTH))


@given.takes(columns=given.count, rows=given.count, width=given.count, height=given.count)
@cache
def lobules(columns: int = 6, rows: int = 6, width: int = 128, height: int = 128) -> Lobules:
    """The model on a field of that many lobules and sites."""
    return Lobules(Field(columns, rows, width, height))


register(__name__, lobule=(element, lobules))


@given.takes(pattern=PATTERN, unit=given.word(("mm", "a")))
def bridging_radius(pattern: int, unit: str = "mm") -> float:
    """Zone radius at which neighbouring sources link up; in mm or in sides of the hexagon ("a")."""
    ends = BENCH.links(pattern)
    half = np.sqrt(((ends[:, 0] - ends[:, 1]) ** 2).sum(axis=1)).max() / 2
    return float(half * (np.sqrt(3) if unit == "a" else _FIELD["lobule_width"].value))


def narrower() -> float:
    """By how many per cent the zone of a first portal bridge is narrower than that of a first
    central one."""
    return 100 * (1 - bridging_radius(PORTAL) / bridging_radius(CENTRAL))


@given.takes(pattern=PATTERN)
def share_inside(pattern: int) -> float:
    """Per cent of the tissue inside the zones at the moment when they link up,
    on a field without border effects."""
    fine = Field(6, 6, 480, 416)
    away = fine.distances(fine.sites, pattern)
    return float(100 * (away * _FIELD["lobule_width"].value <= bridging_radius(pattern)).mean())


@given.takes(event=given.word(READOUTS), level=given.number, pattern=PATTERN)
def first_year(event: str, level: float, pattern: int = CENTRAL, **changed: float) -> float:
    """First year (to a fortieth) in which a read-out of the field reaches `level`."""
    run = lobules().simulate(HORIZON, points=801, pattern=pattern, **changed)[event]
    reached = run.index[run >= level]
    return float(reached[0] / DAYS_PER_YEAR) if len(reached) else np.nan


@given.takes(event=given.word(READOUTS), years=given.from_0, pattern=PATTERN)
def read_field(event: str, years: float, pattern: int = CENTRAL, **changed: float) -> float:
    """A read-out of the usual field after some years."""
    return float(
        lobules().simulate(at=[years * DAYS_PER_YEAR], pattern=pattern, **changed)[event].iloc[0]
    )


@given.takes(low=given.number, high=given.number, seeds=given.count)
def agreement(
    length: float, low: float = 2, high: float = 3, variation: float = 0.25, seeds: int = 3
) -> float:
    """Mean per cent of portal needles that read the stage of the field,
    while that is `low` to `high`."""
    if high < low:
        raise given.GivenError(
            f"high={high:g} is below low={low:g}. Write stages from low to high."
        )
    shares = []
    for seed in range(1, seeds + 1):
        run = lobules(26, 8, 416, 111).simulate(
            HORIZON, points=81, pattern=PORTAL, variation=variation, seed=seed, needle_length=length
        )
        shares.append(run["agree"][(run["stage"] >= low) & (run["stage"] <= high)].mean())
    return float(np.mean(shares))
