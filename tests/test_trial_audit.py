"""The audits of notebook 11: what the cards, quizzes and tables say follows from the printed
numbers."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
from scipy.stats import ttest_ind_from_stats

from hepatica import ledger
from hepatica.analysis import effects, trials
from hepatica.cards import Quiz
from hepatica.lessons import n11_trial_audit as audit
from tools.node import run_js

CARDS = {"one_trial": audit.one_trial_model, "granularity": audit.granularity_model}
# ------------------------------------------------------------------------------------- Spahr2013


def test_the_interval_is_that_of_two_shares():
    row = audit.one_trial_model().evaluate(improved=16)
    p, q = 18 / 28, 16 / 30
    width = 196 * sqrt(p * (1 - p) / 28 + q * (1 - q) / 30)
    assert [row["low"], row["high"]] == pytest.approx(
        [100 * (p - q) - width, 100 * (p - q) + width]
    )
    assert row["low"] != pytest.approx(audit.one_trial_model().evaluate(improved=18)["low"])


def test_the_printed_odds_ratio_fits_the_per_cent_and_not_the_count():
    printed = 1.6
    assert audit.count_behind_share() == 16 != audit.spahr("control")[0]
    by_share, by_count = (exp(effects.ratio(18, 28, events, 30, "OR")[0]) for events in (16, 18))
    assert round(by_share, 1) == printed != round(by_count, 1)
    assert audit.one_trial_model().evaluate(improved=16)["odds_ratio"] == pytest.approx(by_share)
    assert audit.one_trial_model().evaluate(improved=18)["odds_ratio"] == pytest.approx(by_count)
    assert log(by_count) == pytest.approx(log(1.2))


# ------------------------------------------------------------------------------------- AlTayeb2015


def rows_with_spread(arm: str) -> list[tuple[float, float]]:
    """Printed means and standard deviations of one arm of AlTayeb2015."""
    table = ledger.table("trial_outcomes")
    rows = table[(table["trial"] == "AlTayeb2015") & (table["arm"] == arm) & table["sd"].notna()]
    return list(zip(rows["value"], rows["sd"], strict=True))


def test_all_means_are_possible_with_six_and_with_five():
    fits = {
        arm: [
            n for n in range(1, 11) if audit.possible_means(arm, n) == len(audit.printed_means(arm))
        ]
        for arm in ("treated", "control")
    }
    assert fits == {"treated": [6], "control": [5, 10]}
    assert len(audit.printed_means("treated")) == 10
    assert audit.possible_means("treated", 10) == 5


def test_the_spreads_leave_one_number_per_arm():
    for arm, only, tables in (("treated", 6, 6), ("control", 5, 4)):
        rows = rows_with_spread(arm)
        assert len(rows) == tables
        assert [
            n for n in range(2, 21) if all(audit.possible_with_sd(*row, n) for row in rows)
        ] == [only]
    assert sum(not audit.possible_with_sd(*row, 10) for row in rows_with_spread("control")) == 3


def test_real_samples_are_always_possible():
    luck = np.random.default_rng(11)
    for people in (4, 6, 9):
        values = luck.integers(20, 40, size=people) / 10
        mean, sd = round(values.mean(), 3), round(values.std(ddof=1), 3)
        assert audit.miss(mean, people) <= audit.ROUNDING * (1 + 1e-6)
        assert audit.possible_with_sd(mean, sd, people)
    assert not audit.possible_with_sd(2.417, 0.519, 10)
    assert audit.miss(2.417, 10) == pytest.approx(0.003)


EVALUATE = """import { compileModel, evaluateModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
return data.sets.map((values) => evaluateModel(model, values));
"""


def test_the_page_counts_as_python_does(tmp_path):
    model, people = audit.granularity_model(), list(range(1, 21))
    page = run_js(
        EVALUATE, {"model": model.javascript(), "sets": [{"people": n} for n in people]}, tmp_path
    )
    counted = [(row["treated"], row["control"]) for row in page]
    assert counted == [
        (audit.possible_means("treated", n), audit.possible_means("control", n)) for n in people
    ]
    assert len(set(counted)) > 5


# ------------------------------------------------------------------------------------- exercises


def test_hidden_drop_out_explains_the_printed_p():
    numbers = ledger.table("trial_outcomes").set_index("key")
    (mean, sd), (other, spread) = (
        tuple(numbers.loc[f"sharma2020-meld-3m-{arm}", ["value", "sd"]].astype(float))
        for arm in ("treated", "control")
    )
    p = [
        ttest_ind_from_stats(mean, sd, 22 - n, other, spread, 23 - n, equal_var=False).pvalue
        for n in range(8)
    ]
    assert round(p[0], 2) == 0.02
    assert [round(each, 2) == 0.04 for each in p] == [False] * 4 + [True] * 2 + [False] * 2


def test_without_graft_most_of_the_disagreement_goes():
    seven = trials.studies(
        "deaths",
        "OR",
        months=(0.5, 3),
        trials=[
            "Garg2012",
            "Duan2013",
            "Singh2014",
            "Singh2018",
            "Shasthry2019",
            "GPred3arm",
            "Engelmann2021",
        ],
    )
    assert seven["yi"].notna().sum() == 7
    rest = trials.leave_one_out(seven).set_index("left_out")["i2"]
    assert rest["Engelmann2021"] < 20
    assert rest.drop("Engelmann2021").min() > 65


# ------------------------------------------------------------------------------- tables and quizzes


def test_every_published_pool_stands_beside_ours():
    pools = ledger.table("pools")
    table = audit.published_and_ours()
    assert len(table.rows) == (pools["published"] != "").sum() == 6
    assert all("href" in row[1] for row in table.rows)
    asia = next(row for row in table.rows if "trials in Asia" in row[0])
    assert asia[1].startswith("0.15 (0.08 to 0.28)")
    assert asia[2] == "0.14 (0.07 to 0.28)"


def test_studies_counted_as_randomised_are_not():
    names = ("Peng2011", "ElAnsary2012", "Fang2018", "Li2016", "Xu2019")
    table = ledger.table("trials").set_index("key")
    assert set(table.loc[list(names), "design"]) == {"nonrandomised"}
    assert table.loc["Newsome2018", "design"] == "rct"
    assert len(audit.called_randomised(*names).rows) == 5
    with pytest.raises(KeyError, match="Nobody1900"):
        audit.called_randomised("Peng2011", "Nobody1900")


def test_quizzes_load_and_refute():
    exercises = [f"exercise_{number}" for number in range(1, 5)]
    loaded = {name: Quiz.load("11", name) for name in ("recall", "check", *exercises)}
    assert len(loaded["recall"].spec["items"]) == 2
    assert 4 <= len(loaded["check"].spec["items"]) <= 6
    items = [item for quiz in loaded.values() for item in quiz.spec["items"]]
    assert {"M9", "M10", "M11", "M12"} <= {item["misconception"] for item in items}
    refuted = [option["why"] for item in items for option in item.get("options", [])]
    assert sum("common error" in why and "wrong" in why for why in refuted) >= 4


@pytest.mark.parametrize("name", CARDS)
def test_cards_speak_and_stay_small(name):
    card = getattr(audit, name)()
    assert card.describe()
    assert "{" not in card.describe()
    assert len(card.spec["controls"]) == 1
