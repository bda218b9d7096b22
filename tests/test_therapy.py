"""Five levers on one liver: every printed result, each lever on its own parameter only,
and what the signal does."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import met, result, rows

from hepatica.model import ModelError
from hepatica.models.dashboard import dashboard
from hepatica.models.portal import treated_portal
from hepatica.models.therapy import (
    ALL,
    LEVERS,
    MICROMOLES,
    SCENARIOS,
    at_first_infusion,
    clears,
    course_needed,
    difference,
    e_folds_needed,
    outcome,
    therapy,
)
from hepatica.models.tide import tide

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
    assert len(table) == 5 * 3 * 2 + 2
    assert len(TARGETS) >= 60


def test_without_levers_it_is_tide_6():
    """No lever, no difference: the same equations as in notebook 03."""
    ours = therapy.simulate(15000, points=31, injury_years=30, **{lever: 0 for lever in LEVERS})
    theirs = tide.simulate(15000, points=31, injury_years=30)
    for name in (*tide.states, "CPA", "delta", "mu", "tgf"):
        assert np.allclose(ours[name], theirs[name], rtol=1e-4, atol=1e-6), name
    held = {"injury_years": 30, "held_days": 10000}
    treated = therapy.simulate(15000, points=31, **held, **ALL_ON)
    assert not np.allclose(treated["CPA"], theirs["CPA"], rtol=1e-5)


# What a lever moves at the first moment at which it acts: states whose rate changes, and nothing
# else.
MOVES = {
    "on_1": {"M"},
    "on_1b": {"F", "phi", "C", "X"},
    "on_2": {"H", "F", "M", "phi", "C", "X"},
    "on_3": {"P_s", "A"},  # thinned less where the gradient is lower
    "on_4": {"H"},
    "on_5": {"F"},
}


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


def test_the_rest_points_of_shunt_and_albumin_are_the_balance_of_the_dashboard():
    """A shunt and an albumin that follow come to rest where the circuits of notebook 06 balance,
    treated or not."""
    frozen = {"C_start": 0.0, "X_start": 14.0, "speed": 0.1, "chi": 0.01, "injury_years": 0}
    for held, epsilon in ((0, 0), (3000, 1)):
        run = therapy.simulate(
            2000, at=[2000], shunt_days=5, on_3=1, infusions=0, held_days=held, P_start=4, **frozen
        )
        end = run.iloc[0]
        rest = dashboard.evaluate(CPA=end["CPA"], H=end["H"], epsilon=epsilon, settled=1)
        assert end["PSG"] == pytest.approx(rest["PSG"], rel=1e-3)
        assert end["A"] == pytest.approx(rest["albumin"], rel=1e-3)
        assert end["bilirubin_si"] == pytest.approx(MICROMOLES * rest["bilirubin"], rel=1e-3)
        other = treated_portal.evaluate(CPA=end["CPA"], epsilon=1 - epsilon, settled=1)["PSG"]
        assert end["PSG"] != pytest.approx(other, rel=1e-3)


def test_a_share_that_is_taken_away_stops_at_all_of_it():
    run = therapy.simulate(
        60, at=[50], on_1=1, on_1b=1, on_2=1, on_3=1, infusions=26, spacing=1, tau=50
    ).iloc[0]
    assert run["S"] > 10
    assert run["calmed"] == run["turned"] == run["spared"] == run["epsilon"] == 1
    # fully turned, the switch stands where it would without injury
    assert run["r"] == pytest.approx(1)


def test_what_counts_is_amplitude_times_duration():
    """Short is not too short: a brief strong course makes the scar cells let go,
    a long weak effect with more e-folds does not."""
    assert course_needed(1) < 14
    assert clears(10.1, 1) and not clears(9.7, 1)
    assert not clears(0.2, 100) and 2 * e_folds_needed(1) < 0.2 * 100


def test_the_product_is_a_property_of_a_model_with_a_lock():
    assert outcome("F", "locked", 3650) > 1e5 > outcome("F", "locked", 3650, lock=0)
    freed = outcome("CPA", "locked", 3650, "weekly")
    assert freed == pytest.approx(outcome("CPA", "locked", 3650, lock=0), abs=0.1)


def test_no_course_outlasts_a_cause_that_goes_on_and_a_soft_scar_needs_none():
    for removal, tau in ((20, 1), (20, 100)):
        assert not clears(removal, tau, "ongoing")
        assert clears(removal, tau, "locked")
    assert outcome("F", "stopped", 3650) < 1e5 < outcome("F", "locked", 3650)


def test_nothing_beats_stopping_the_cause_and_then_only_the_drain_is_left_to_help():
    held = {"held_days": 730}
    stopped = outcome("CPA", "stopped", 730)
    for lever in ("1", "1b", "4"):
        full = outcome("CPA", "ongoing", 730, mechanisms=lever, **held, a_1b=0.5)
        assert full > stopped
        after = outcome("CPA", "stopped", 730, mechanisms=lever, **held)
        assert after == pytest.approx(stopped, abs=0.05)
    drained = outcome("CPA", "stopped", 730, mechanisms="5", **held, a_5=0, a_6=0.5)
    assert drained < stopped - 0.9
    assert outcome("CPA", "ongoing", 730, mechanisms="1", **held, a_1=0.5) > 20
    assert outcome("CPA", "ongoing", 730, mechanisms="1b", **held, a_1b=0.5) < 17


def test_better_blood_is_no_dissolved_scar():
    better = {"mechanisms": "3 4", "tau": 7}
    assert difference("A", "ongoing", 180, "weekly", **better) > 0.8  # g/L; one decimal is shown
    assert difference("CPA", "ongoing", 180, "weekly", **better) > 0


def test_scenarios_mechanisms_and_levers_are_asked_for_by_name():
    assert set(SCENARIOS) == {"ongoing", "stopped", "locked"}
    assert {f"on_{lever}" for lever in ALL.split()} == set(LEVERS)
    with pytest.raises(ValueError, match="scenario='never' is not known"):
        at_first_infusion("never")
    assert tide.formula("harm", cause="(1 - spared) * ").startswith("(1 - spared) * Max(D")
    with pytest.raises(ModelError, match="no lever regrowth. It has: cause"):
        tide.formula("harm", regrowth="0")
    with pytest.raises(ModelError, match="no formula Z"):
        tide.formula("Z")
