"""What a verdict means on a card that runs no model: forest plots, livers, virtual trials, entry
rules, analyses, written anew from the rows that it counts or from the numbers that it prints.

`VERDICTS[kind]` holds words of the sentence and a criterion on `b`: `b.spec` the card's
JSON, `b.at` all its values, `b.said` the sentence. The card's rules and its scope are not asked.
"""

from __future__ import annotations

import operator
import re
from types import SimpleNamespace

import numpy as np
from scipy.stats import linregress, t

from hepatica import ledger
from hepatica.analysis import eligibility, specifications, virtual_life, virtual_readings
from hepatica.analysis import virtual_trial as trials
from hepatica.cards.kinds.livers.says import SORTS, TRIAL, YEARS, seen
from hepatica.cards.kinds.virtual_trial.says import parameters
from hepatica.cards.parts.frame import PREDICTION

CUT = 13  # % of area: the line between F3 and F4
ROUGH = 0.0051  # half of the last of two printed decimals
NUMBER = r"(−?\d[\d\u202f]*(?:\.\d+)?)"
COMPARE = {"==": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt}
COMPARE |= {"<=": operator.le}


def look(card, values: dict, said: str) -> SimpleNamespace:
    """A card at one setting, as the criteria take it."""
    known = getattr(card, "_known", {})
    at = {**known, **card.start(), **values}
    at.pop(PREDICTION, None)
    return SimpleNamespace(spec=card.spec, at=at, said=said)


def printed(b: SimpleNamespace, words: str) -> list[float]:
    """The numbers of a sentence where `#` stands in the words; raises AssertionError if absent."""
    found = re.search(re.escape(words).replace(r"\#", NUMBER).replace("#", NUMBER), b.said)
    assert found, f"{words!r} not in {b.said!r}"
    return [float(text.replace("−", "-").replace("\u202f", "")) for text in found.groups()]


# -- forest plots ----------------------------------------------------------------------------------


def shown(b: SimpleNamespace) -> list[dict]:
    """The trials whose chips are on and that nobody took out."""
    chips = [chip["name"] for chip in b.spec["filters"]]
    return [
        row
        for row in b.spec["trials"]
        if row["key"] not in b.at["off"] and all(row["tags"][name] in b.at[name] for name in chips)
    ]


def pool(b: SimpleNamespace) -> SimpleNamespace:
    """DerSimonian and Laird by their formulas; shares of the weight, I² (%), a new trial's ends."""
    rows = shown(b)
    y, v = (np.array([row[name] for row in rows]) for name in ("yi", "vi"))
    k, w = len(y), 1 / v
    q = float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())
    tau2 = max(0.0, (q - (k - 1)) / (w.sum() - (w**2).sum() / w.sum())) if k > 1 else 0.0
    w = w if b.at["method"] == "fixed" else 1 / (v + tau2)
    centre, error = (w * y).sum() / w.sum(), 1 / w.sum()
    if b.at["hartung"] and b.at["method"] != "fixed" and k > 1:
        error *= (w * (y - centre) ** 2).sum() / (k - 1)
    half = t.ppf(0.975, k - 2) * np.sqrt(tau2 + error) if k > 3 else np.nan
    ends = [centre - half, centre + half]
    heaviest = rows[int(w.argmax())]["label"]
    i2 = 100 * max(0.0, 1 - (k - 1) / q) if k > 1 and q else 0.0
    return SimpleNamespace(k=k, i2=i2, ends=ends, heaviest=heaviest, most=w.max() / w.sum())


def anything(b: SimpleNamespace) -> bool:
    """Whether a new trial's risk ratio could lie beyond a hundredfold."""
    low, high = pool(b).ends
    return b.spec["measure"]["log"] and (low < np.log(0.01) or high > np.log(100))


def egger(b: SimpleNamespace) -> float:
    """P of the intercept: effect by its error against precision."""
    y, v = (np.array([row[name] for row in shown(b)]) for name in ("yi", "vi"))
    line = linregress(1 / np.sqrt(v), y / np.sqrt(v))
    return float(2 * t.sf(abs(line.intercept / line.intercept_stderr), len(y) - 2))


FOREST = {
    "No trial is left": lambda b: not shown(b),
    "If all had one common effect": lambda b: b.at["method"] == "fixed",
    "95 % interval": lambda b: len(shown(b)) > 0,
    "Three trials are too few": lambda b: len(shown(b)) == 3 and b.at["method"] != "fixed",
    "the effect could be almost anything": anything,
    "the effect could be ": lambda b: pool(b).k > 3 and b.at["method"] != "fixed",
    "degrees of freedom": lambda b: not anything(b),
    "One trial cannot show": lambda b: len(shown(b)) == 1,
    "The trials disagree": lambda b: pool(b).i2 >= 50,
    "so few trials cannot show disagreement": lambda b: pool(b).i2 < 50 and pool(b).k < 5,
    "I² ": lambda b: pool(b).k > 1 and abs(printed(b, "I² # %")[0] - pool(b).i2) < 0.51,
    " alone carries ": lambda b: (
        pool(b).most >= 0.5 - 1e-9 and f"{pool(b).heaviest} alone carries" in b.said
    ),
    "too few for it to tell": lambda b: 2 < len(shown(b)) < 10,
    "p < 0.001": lambda b: egger(b) < 0.001,
    "a lopsided funnel. Unpublished": lambda b: egger(b) < 0.05 and len(shown(b)) >= 10,
    "no clear sign of a lopsided funnel": lambda b: egger(b) >= 0.05 and len(shown(b)) >= 10,
}

# -- a hundred livers ------------------------------------------------------------------------------


def herd(b: SimpleNamespace, years=YEARS, **own: float):
    """The livers of a run; the run itself is the card's, the counting is not."""
    return seen(years, **{name: b.at[name] for name in ("cohort", "people", "seed")}, **own)


def chosen(b: SimpleNamespace) -> list[int]:
    """The livers that count, sorted as asked."""
    run = herd(b)
    inside = [n for n, scar in enumerate(run.stop) if scar < b.at["ceiling"]]
    if b.at["sort"] == 3:
        return inside
    by = getattr(run, [*SORTS.values()][int(b.at["sort"])])
    return sorted(inside, key=lambda n: by[n])


def back(b: SimpleNamespace, livers: list[int]) -> int:
    """How many of them lie below the line."""
    row = herd(b).area[int(b.at["after"])]
    return sum(row[n] < CUT for n in livers)


def quarters(b: SimpleNamespace, words: str) -> bool:
    """Whether both ends of the order are counted right."""
    order = chosen(b)
    n = len(order) // 4
    return printed(b, words) == [n, back(b, order[:n]), n, back(b, order[-n:])]


def arms(b: SimpleNamespace) -> tuple[float, float]:
    """The printed interval of the difference."""
    return tuple(printed(b, "Difference # (# to #)")[1:])


def helps(b: SimpleNamespace) -> float:
    """What the drug does to all livers, without needles and without arms (% of area)."""
    drug, nothing = (herd(b, TRIAL, anti_lox=dose).area[1] for dose in (b.at["anti_lox"], 0))
    return float(np.mean(drug - nothing))


def larger_or_clearer(b: SimpleNamespace) -> bool:
    """Whether the trial leaves out nothing, on the side of the truth, as far as it prints."""
    low, high = arms(b)
    return (high <= 0.05 and helps(b) < 0) or (low >= -0.05 and helps(b) > 0)


LIVERS = {
    "livers have come so far": lambda b: False,  # only while a page still draws
    "lie below the line": lambda b: (
        printed(b, "stop # of # lie below") == [back(b, chosen(b)), len(chosen(b))]
    ),
    "On the day of the stop": lambda b: (
        printed(b, "stop # were so already")[0] == sum(herd(b).stop < CUT) > 0
    ),
    "Nobody has so little scar": lambda b: not chosen(b),
    "shortest cause": lambda b: quarters(
        b, "the # with the shortest cause #, of the # with the longest #"
    ),
    "least scar at the stop": lambda b: quarters(
        b, "the # with the least scar at the stop #, of the # with the most #"
    ),
    "hardest to digest": lambda b: quarters(
        b, "the # whose old scar is hardest to digest #, of the # with the easiest #"
    ),
    "had more scar at the stop": lambda b: (
        printed(b, "# had more scar")[0] == sum(herd(b).stop >= b.at["ceiling"]) > 0
    ),
}
LIVERS |= {
    "Myofibroblasts at work": lambda b: (
        printed(b, "below the line # of")[0] == sum(herd(b, lock=1).area[int(b.at["after"])] < CUT)
    ),
    "read below 13 %": lambda b: b.at["truth"] == 0,
    "Without the noise of the needle": lambda b: b.at["truth"] == 1,
    "The same day, the same livers": lambda b: b.at["weeks"] == 0,
    "weeks later": lambda b: printed(b, "# weeks later")[0] == b.at["weeks"] > 0,
    "all along": lambda b: b.at["truth"] == 1,
    "Difference": lambda b: arms(b)[0] <= arms(b)[1],
    "Both arms get nothing": lambda b: abs(helps(b)) < 1e-9,
    "cannot tell it from nothing": lambda b: arms(b)[0] <= 0.05 and arms(b)[1] >= -0.05,
    "luck shows it larger or clearer here": larger_or_clearer,
}

# -- virtual trials --------------------------------------------------------------------------------


def spreads(b: SimpleNamespace) -> dict[str, float]:
    """How much the estimates of a hundred trials vary, by the three readings by lot."""
    own = parameters(b.at)
    runs = {
        name: virtual_readings.read_trials(name, seed=int(b.at["seed"]), **own)["estimate"]
        for name in ("end", "change", "ancova")
    }
    return {name: float(np.std(list(found), ddof=1)) for name, found in runs.items()}


def open_to_blind(b: SimpleNamespace, *fates: int) -> float:
    """The ratio of an open trial over that of a blinded one, from fates counted anew."""
    own, seed = parameters(b.at), int(b.at["seed"])
    count = {
        (informed, cells): np.isin(
            virtual_life.lives(cells, informed, seed, **own).fate, fates
        ).sum()
        for informed in (True, False)
        for cells in (True, False)
    }
    ratios = [count[way, True] / max(count[way, False], 0.5) for way in (True, False)]
    return ratios[0] / ratios[1]


def deaths(b: SimpleNamespace) -> float:
    return open_to_blind(b, virtual_life.DEAD)


def league(b: SimpleNamespace):
    """The hundred trials of the league."""
    sizes = [tuple(pair) for pair in b.spec["data"]["sizes"]]
    return trials.league(100, int(b.at["seed"]), sizes, **parameters(b.at))


def large_enough(b: SimpleNamespace) -> bool:
    """Whether the trials that are called large have what it takes; two unequal arms count as a
    broken number of equal ones, so one that lies within the last patient may do."""
    needed, large, of = printed(b, "takes # per arm; # of the # real")
    sizes = [row["perArm"] for row in b.spec["data"]["trials"]]
    least, most = (sum(size > needed - less for size in sizes) for less in (1e-9, 1))
    return of == len(sizes) and least <= large <= most


def outside(b: SimpleNamespace) -> bool:
    """Whether the printed interval of the audit leaves out one."""
    _, low, high = printed(b, "risk ratio # (# to #):")
    return high < 1 + ROUGH or low > 1 - ROUGH


def within(b: SimpleNamespace) -> bool:
    """Whether the printed interval of the audit holds one."""
    _, low, high = printed(b, "risk ratio # (# to #):")
    return low <= 1 + ROUGH and high >= 1 - ROUGH


def fell(b: SimpleNamespace) -> float:
    """How far the printed means fall from screening to the infusion."""
    first, second = printed(b, "is # at screening and # on the day")
    return first - second


VIRTUAL_TRIAL = {
    "Useless cells": lambda b: b.at["benefit"] == 0,
    "The cells do nothing": lambda b: b.at["benefit"] == 0,
    "Cells that truly lower": lambda b: b.at["benefit"] > 0,
    "The cells lower MELD": lambda b: b.at["benefit"] > 0,
    "the last varies least": lambda b: min(spreads(b), key=spreads(b).get) == "ancova",
    "none gains here": lambda b: min(spreads(b), key=spreads(b).get) != "ancova",
    "look worse": lambda b: deaths(b) > 1.03 - 1e-9,
    "look better": lambda b: deaths(b) < 0.97 + 1e-9,
    "hardly moves": lambda b: 0.97 - 1e-9 <= deaths(b) <= 1.03 + 1e-9,
    "say the opposite": lambda b: (
        deaths(b) > 1 > open_to_blind(b, virtual_life.DEAD, virtual_life.MOVED)
    ),
    "Death or transplant together": lambda b: True,  # no verdict, a ratio
    "would have lived without it": lambda b: b.at["saved"] < 1,
    "all of these would have died": lambda b: (
        b.at["saved"] >= printed(b, "; # of those without had a transplant")[0]
    ),
    "of these would have died": lambda b: b.at["saved"] >= 1,
    "no effect lies outside": outside,
    "no effect lies within": within,
    "without control": lambda b: max(printed(b, "# trials without control #")) == b.at["many"],
    "Without control": lambda b: b.at["many"] == 0,
    "Nobody of these": lambda b: (
        max(trials.clinic(240, int(b.at["seed"]), **parameters(b.at))["first"]) < b.at["entry"]
    ),
    " lower, and nobody": lambda b: fell(b) >= -0.051,
    " higher, and nobody": lambda b: fell(b) <= 0.051,
    "real trials are that large": large_enough,
    "No trial is published": lambda b: not any(league(b)["published"]),
    "published: ": lambda b: printed(b, "The # published")[0] == sum(league(b)["published"]) > 0,
    "with a significant improvement": lambda b: (
        printed(b, "The # with a sig")[0] == sum(league(b)["high"] < 0) > 0
    ),
    "None found a significant": lambda b: not any(league(b)["high"] < 0),
}

# -- entry rules, analyses, boundaries, lists of trials ---------------------------------------------


def takes(b: SimpleNamespace, moved: bool = True) -> list[str]:
    """The cell trials all of whose rules are known and let the patient in, row by row."""
    sliders = [row["name"] for row in b.spec["controls"]]
    changes = {name: b.at[name] for name in sliders if moved and b.at[name] is not None}
    known, rows = eligibility.facts(b.at["patient"], **changes), ledger.table("eligibility")
    names = [row["key"] for row in b.spec["rule_sets"] if row["cells"]]
    return [
        name
        for name in names
        if all(lets_in(row, known) for row in rows[rows["rule_set"] == name].to_dict("records"))
    ]


def lets_in(row: dict, known: dict) -> bool:
    """Whether a row of data/eligibility.csv lets somebody in of whom all is known."""
    found = known[row["variable"]]
    if found is None:
        return False
    if row["operator"] == "between":
        meets = row["low"] <= found <= row["high"]
    else:
        code = row["value_as_printed"] if isinstance(found, str) else row["value"]
        meets = COMPARE[row["operator"]](found, code)
    return meets == (row["rule_type"] == "include")


def fitting(b: SimpleNamespace) -> list[specifications.Specification]:
    """The analyses that make the reader's choices."""
    wanted = {axis["name"]: b.at[axis["name"]] for axis in b.spec["axes"] if b.at[axis["name"]]}
    return [
        each
        for each in specifications.every()
        if all(
            getattr(each, axis) == value
            # a choice that another one has made pointless, such as a reading of a trial left out
            or (not getattr(each, axis) and specifications.DECIDED_BY[axis] in wanted)
            for axis, value in wanted.items()
        )
    ]


def one_sided(each: specifications.Specification) -> bool:
    """Whether an interval lies on one side of no effect, zero on the scale of its analysis."""
    return each.low > 0 or each.high < 0


def without(b: SimpleNamespace) -> int:
    """How many analyses without the trial that the sentence names exclude no effect."""
    absent, _ = b.spec["without"]
    kept = [e for e in specifications.every() if absent not in specifications.SETS[e.trials]]
    return sum(map(one_sided, kept))


def z_and_edge(b: SimpleNamespace) -> tuple[float, float]:
    """The printed z and the boundary."""
    return printed(b, "z of #")[0], printed(b, "boundary of #")[0]


def drawn(b: SimpleNamespace) -> list[dict]:
    """The arms with two numbers that pass the filters."""
    wanted = {name: True for name in ("f4", "blind") if b.at[name]}
    wanted |= {"arrow": b.at["arrow"]} if b.at["arrow"] else {}
    rows = [row for row in b.spec["rows"] if all(row[n] == x for n, x in wanted.items())]
    return [row for row in rows if row["pair"]]


def thousand(b: SimpleNamespace) -> bool:
    """Whether benefit, harm and infinity agree with the people per thousand."""
    change, need = b.said.split("with it ")[1].split("Number needed to treat: ")
    both = "fewer to" in change and "more)" in change
    kind = "benefit" if "fewer (" in change else "harm" if "more (" in change else ""
    return kind in need.partition(";")[0] and (not both or "infinity" in need)


VERDICTS = {
    "forest": FOREST,
    "livers": LIVERS,
    "virtual_trial": VIRTUAL_TRIAL,
    "eligibility": {
        "is refused by all": lambda b: not takes(b),
        "meets the coded rules": lambda b: printed(b, "rules of # of")[0] == len(takes(b)) > 0,
        "(before: ": lambda b: printed(b, "(before: #)")[0] == len(takes(b, moved=False)),
    },
    "specifications": {
        ", none.": lambda b: without(b) == 0,
        "of those without": lambda b: without(b) > 0,
        "do not go together": lambda b: not fitting(b),
        "no effect is excluded": lambda b: [*map(one_sided, fitting(b))] == [True],
        "no effect remains possible": lambda b: [*map(one_sided, fitting(b))] == [False],
        "that fit your choices": lambda b: printed(b, "Of the # that")[0] == len(fitting(b)) > 1,
    },
    "conviction": {
        " passes the boundary": lambda b: z_and_edge(b)[0] >= z_and_edge(b)[1] - 2 * ROUGH,
        "passes 1.96, not": lambda b: 1.96 - ROUGH <= z_and_edge(b)[0] <= z_and_edge(b)[1] + ROUGH,
        "passes neither": lambda b: z_and_edge(b)[0] <= min(1.96, z_and_edge(b)[1]) + ROUGH,
    },
    "every_trial": {
        "No trial that fits": lambda b: not drawn(b),
        "Drawn: ": lambda b: printed(b, "Drawn: #")[0] == len(drawn(b)) > 0,
        "Without the drug, ": lambda b: len(drawn(b)) > 0,
    },
    "findings": {
        "of a thousand without": thousand,
        "points (": lambda b: True,  # no verdict, a row of the table
        "no number that we could read": lambda b: "Number needed" not in b.said,
        "Certainty of the evidence: ": lambda b: True,
        ".": lambda b: True,  # a word of the table in place of a certainty
    },
}

NO_VERDICT = {
    "assembled": "the reader's own words",
    "atlas": "a row of a table, read out",
    "change": "the reader's own answers, counted",
    "claims": "the reader's own answers, counted",
    "decision": "the reader's own answers, counted",
    "diagram": "the words of a part",
    "ghosts": "the reader's own predictions, counted",
    "interview": "the words of a scene",
    "ladder": "the words of a rung",
    "quiz": "the reader's own answers, counted",
    "register": "one sentence, no setting moves it",
    "reporting": "studies, counted",
    "sheet": "the words of a part",
    "steps": "the words of a step",
}
"""Kinds of card whose sentence states no verdict that settings move, and what it holds instead."""
