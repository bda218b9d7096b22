"""Five levers on one liver: every printed result, each lever on its own parameter only,
and what the signal does."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import met, result, rows

from hepatica.model import ModelError
from hepatica.models.liver import liver
from hepatica.models.portal import treated_portal
from hepatica.models.therapy import (
    LEVERS,
    SCENARIOS,
    at_first_infusion,
    clears,
    course_needed,
    difference,
    e_folds_needed,
    outcome,
    therapy,
)

TARGETS = rows("therapy")
ALL_ON = dict.fromkeys(LEVERS, 1.0)


@pytest.mark.parametrize("row", TARGETS, ids=lambda row: row["key"])
def test_target(row):
    value = result(row)
    assert met(row, value), f"{row['label']}: {value:g} {row['unit']}, expected {row['value']:g}"
    assert not met({**row, "value": row["value"] * (1 + 3 * row["tolerance"])}, value)


def test_the_whole_table_is_there():
    table = [
        row["key"]
        for row in TARGETS
        if row["key"].startswith(
            tuple(
                f"therapy-cpa-{schedule}"
                for schedule in ("none", "one-1d", "one-7d", "monthly-1d", "weekly-1d")
            )
        )
    ]
    assert len(table) == 5 * 3 * 2
    assert len(TARGETS) >= 60


def test_without_levers_it_is_lsm_5():
    """No lever, no difference: the same equations as in notebook 03."""
    ours = therapy.simulate(1500, points=31, injury_years=3, **{lever: 0 for lever in LEVERS})
    theirs = liver.simulate(1500, points=31, injury_years=3)
    for name in (*liver.states, "CPA", "delta", "g_in"):
        assert np.allclose(ours[name], theirs[name], rtol=1e-5, atol=1e-6), name
    treated = therapy.simulate(1500, points=31, injury_years=3, **ALL_ON)
    assert not np.allclose(treated["CPA"], theirs["CPA"], rtol=1e-5)


# What a lever moves at the first moment at which it acts: states whose rate changes, and nothing
# else.
MOVES = {"on_1": {"M"}, "on_2": {"H", "F", "M", "C"}, "on_3": {"P_s"}, "on_4": {"H"}, "on_5": {"F"}}


@pytest.mark.parametrize("lever", LEVERS)
def test_each_lever_moves_its_own_rates_only(lever):
    rates = [_rates(**{lever: 0.0}), _rates(**{lever: 1.0})]
    moved = {
        name for name, before, after in zip(therapy.states, *rates, strict=True) if before != after
    }
    assert moved == MOVES[lever]


def _rates(**switched):
    """Rates of all states at the signal 1 in a liver with an ongoing cause."""
    values = therapy.daily(therapy.values() | at_first_infusion("ongoing") | switched)
    start = dict(zip(therapy.states, therapy.initial(values), strict=True)) | {"S": 1.0}
    inputs = [values["d"] if name == "D" else 0.0 for name in therapy.inputs]
    return therapy.derivative(list(start.values()), list(values.values()), inputs)


def test_the_signal_is_a_sum_of_exponentials():
    days = np.array([5.0, 13.5, 14.5, 40.0])
    run = therapy.simulate(at=days, infusions=3, spacing=7, tau=2.0)
    expected = sum(np.where(days >= t, np.exp(-(days - t) / 2), 0) for t in (0, 7, 14))
    assert np.allclose(run["S"], expected, rtol=0.02)  # an infusion lasts an hour
    assert not np.allclose(run["S"], expected, rtol=0.002)
    whole = np.trapezoid(therapy.simulate(60, points=60001, tau=2.0)["S"], dx=0.001)
    assert whole == pytest.approx(2.0, rel=1e-3)


def test_the_rest_point_of_the_shunt_is_the_balance_of_the_portal_circuit():
    """A shunt that follows the gradient comes to rest where the circuit of notebook 06 balances,
    treated or not."""
    frozen = {"C_start": 10.0, "X_start": 8.0, "k_c": 0.12, "injury_years": 0}
    for held, epsilon in ((0, 0), (3000, 1)):
        run = therapy.simulate(
            2000, at=[2000], shunt_days=5, on_3=1, infusions=0, held_days=held, P_start=4, **frozen
        )
        end = run.iloc[0]
        rest = treated_portal.evaluate(CPA=end["CPA"], epsilon=epsilon, settled=1)
        assert end["PSG"] == pytest.approx(rest["PSG"], rel=1e-3)
        other = treated_portal.evaluate(CPA=end["CPA"], epsilon=1 - epsilon, settled=1)["PSG"]
        assert end["PSG"] != pytest.approx(other, rel=1e-3)


def test_a_share_that_is_taken_away_stops_at_all_of_it():
    run = therapy.simulate(
        60, at=[50], on_1=1, on_2=1, on_3=1, infusions=26, spacing=1, tau=50
    ).iloc[0]
    assert run["S"] > 10
    assert run["calmed"] == run["spared"] == run["epsilon"] == 1


def test_what_counts_is_amplitude_times_duration():
    """Short is not too short: a brief strong course clears the scar,
    a long weak effect with more e-folds does not."""
    assert course_needed(1, 1460) < 14
    assert clears(9, 1) and not clears(8, 1)
    assert not clears(0.2, 100) and 0.2 * 100 > 2 * e_folds_needed(1)


def test_no_course_clears_a_scar_whose_cause_goes_on_and_an_early_stop_needs_none():
    for removal, tau in ((20, 1), (20, 100)):
        assert not clears(removal, tau, "ongoing")
        assert clears(removal, tau, "late")
    assert outcome("F", "early", 3650) < 1e5 < outcome("F", "late", 3650)


def test_better_blood_is_no_dissolved_scar():
    woken = {"mechanisms": "4", "tau": 7}
    assert difference("A", "ongoing", 180, "weekly", **woken) > 0.8  # g/L; one decimal is shown
    assert difference("CPA", "ongoing", 180, "weekly", **woken) > 0


def test_scenarios_and_formulas_are_asked_for_by_name():
    assert set(SCENARIOS) == {"ongoing", "early", "late"}
    with pytest.raises(KeyError):
        at_first_infusion("never")
    assert liver.formula("J", injury="(1 - spared) * D") == "(1 - spared) * D * H"
    with pytest.raises(ModelError, match="no lever regrowth. It has: injury"):
        liver.formula("J", regrowth="0")
    with pytest.raises(ModelError, match="no formula Z"):
        liver.formula("Z")
