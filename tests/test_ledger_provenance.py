"""Where numbers come from: digits stand in what was printed, copies agree, assumptions of models are
no measurements, and each guard refuses a sample."""

import math
from datetime import date

import pytest
from test_ledger import copy, read, spoil, write  # noqa: F401 (copy is a fixture)

from hepatica import ledger
from hepatica.ledger import checks, schemas
from hepatica.ledger.evidence import sure_by_rule
from hepatica.ledger.printed import printed
from tools import refresh


def line_of(folder, name: str, key: str) -> int:
    """The line of a row in its file."""
    rows = read(folder, name)
    return next(line for line, row in enumerate(rows, start=1) if row[0] == key)


def row(as_printed: str, status: str = "published", **numbers: float) -> dict:
    blank = dict.fromkeys(("value", "low", "high"), math.nan)
    return {"as_printed": as_printed, "status": status, **blank, **numbers}


# -- the digits stand in what was printed ----------------------------------------------------------


@pytest.mark.parametrize(
    "as_printed, numbers",
    {
        "0.133 (95% CI 0.125-0.143)": {"value": 0.133, "low": 0.125, "high": 0.143},
        "31/322 against 21/159": {"value": 10},
        "9/13": {"value": 69.2},
        "16.5 (SD 7.1)": {"value": 16.5, "low": 9.4, "high": 23.6},
        "2,235 patients": {"value": 2235},
        "change -0.87": {"value": -0.87},
        "lower than before": {"value": 12},
        "": {"value": 12},
    }.items(),
)
def test_numbers_that_a_source_prints(as_printed, numbers):
    assert printed(row(as_printed, **numbers))


@pytest.mark.parametrize(
    "as_printed, numbers",
    {
        "91 % without cirrhosis": {"value": 9},
        "60-70": {"value": 65},
        "32.14 ± 5.46": {"value": 3.214},
        "31/322": {"value": 11},
        "9/13": {"value": 69.9},
        "12.1 against 16": {"value": 12.1, "high": 17},
    }.items(),
)
def test_complements_middles_and_other_units_are_computed(as_printed, numbers):
    assert not printed(row(as_printed, **numbers))
    assert printed(row(as_printed, status="computed", **numbers))


def test_a_number_that_was_not_printed_is_refused(copy):  # noqa: F811
    line = line_of(copy, "antifibrotic_trials", "selonsertib-stellar3-18-mg")
    spoil(copy, "antifibrotic_trials", "drug_value", "12", row=line)
    with pytest.raises(ledger.LedgerError, match=rf"row {line} .*column as_printed: .*computed"):
        ledger.table("antifibrotic_trials", copy)


# -- copies ----------------------------------------------------------------------------------------


def test_rows_that_repeat_another_agree_with_it():
    assert checks.check_copies(ledger.DATA) > 50


@pytest.mark.parametrize(
    "name, key, column, wrong, advice",
    [
        (
            "parameters",
            "nh_hcv.p_01",
            "value",
            "0.118",
            "0.118 probability per year is not the 0.117",
        ),
        (
            "parameters",
            "nh_hcv.p_H_cured",
            "value",
            "0.0215",
            "is not the 2.1 per 100 person-years",
        ),
        ("accelerators", "hcv-age-over-40", "value", "17", "is not the 16 year of"),
        (
            "accelerators",
            "hcv-age-over-40",
            "same_as",
            "natural_history/nobody",
            "has no row 'nobody'",
        ),
        ("causes", "hcv-pace", "same_as", "glossary/hepatocyte", "names no row with a value"),
    ],
)
def test_a_copy_that_differs_is_refused(copy, name, key, column, wrong, advice):  # noqa: F811
    spoil(copy, name, column, wrong, row=line_of(copy, name, key))
    with pytest.raises(ledger.LedgerError, match=advice):
        ledger.check(copy)


# -- assumptions of models -------------------------------------------------------------------------


def test_what_a_published_model_chose_is_no_measurement():
    parameters = ledger.table("parameters")
    chosen = parameters[parameters["source"].isin(["adler2020", "mazumder2023"])]
    assert len(chosen) > 20 and set(chosen["status"]) <= {"model input", "computed"}
    history = ledger.table("natural_history")
    models = history[history["label"].str.startswith("published model")]
    assert len(models) > 50 and set(models["status"]) == {"model input"}


# -- when the sources were read --------------------------------------------------------------------


def test_rows_without_a_day_are_counted():
    found = {each.table: each for each in ledger.readings()}
    assert {"references", "causes", "guidelines", "pbcseq"} <= set(found) and len(found) > 20
    causes = ledger.table("causes")
    outside = causes[causes["source"] != "this-course"]
    assert found["causes"].rows == len(outside) < len(causes)
    assert found["causes"].undated == (outside["read_on"] == "").sum() > 0
    assert all(sum(each.read_as.values()) == each.dated for each in found.values())


@pytest.mark.parametrize(
    "today, months, old",
    [
        ("2026-11-27", 18, 0),
        ("2028-05-27", 18, 0),
        ("2028-05-28", 18, 1),
        ("2027-02-28", 3, 1),  # November has no 31st; its last day counts
    ],
)
def test_rules_of_practice_grow_old_by_a_given_clock(today, months, old):
    found = ledger.grown_old(date.fromisoformat(today), months)
    assert bool(found) == bool(old)
    keys = {row for row, _ in found}
    assert not old or {"staging/csph-rule-in", "guidelines/nutrition-energy"} <= keys
    assert not any(row.startswith("natural_history") for row in keys)


def test_refresh_lists_them_and_never_fails_by_the_calendar(capsys):
    refresh.tell_what_grows_old(date(2026, 11, 27))
    assert capsys.readouterr().out == ""
    refresh.tell_what_grows_old(date(2040, 1, 1))
    lines = capsys.readouterr().out.splitlines()
    assert "18 months ago" in lines[1] and "  2026-11-27  guidelines/nutrition-energy" in lines


def test_verdicts_grow_old_with_their_newest_source(capsys):
    assert ledger.verdicts_grown_old(date(2026, 11, 27)) == []
    old = dict(ledger.verdicts_grown_old(date(2040, 1, 1)))
    assert len(old) == len(ledger.table("claims")) and old["claims/C01"] == "2026-11-27"
    refresh.tell_what_grows_old(date(2040, 1, 1))
    assert "  2026-11-27  claims/C01" in capsys.readouterr().out.splitlines()


def not_as_the_rule_says(claims) -> list[str]:
    """Claims whose `sure` departs from the rule without a reason, or that give one for nothing."""
    return [
        row.key
        for row in claims.itertuples()
        if (row.sure != sure_by_rule(row.verdict, row.certainty)) != bool(row.sure_because)
    ]


def test_how_sure_a_verdict_is_follows_a_rule_or_says_why_not():
    claims = ledger.table("claims").set_index("key", drop=False)
    assert not_as_the_rule_says(claims) == []
    reasons = claims["sure_because"][claims["sure_because"] != ""]
    assert len(reasons) == 11 == reasons.nunique() and (reasons.str.len() > 50).all()
    spoilt = claims.copy()
    spoilt.loc["C01", "sure"] = "low"  # surer by the rule
    spoilt.loc["C45", "sure_because"] = ""  # departs and does not say why
    spoilt.loc["C16", "sure_because"] = "Everybody knows it."  # a reason for nothing
    assert not_as_the_rule_says(spoilt) == ["C01", "C16", "C45"]


# -- six tables of scarring ------------------------------------------------------------------------


def test_every_arrow_joins_two_parts():
    rows = ledger.table("fibrogenesis")
    parts, arrows = rows[rows["kind"] == "part"], rows[rows["kind"] == "arrow"]
    known = set(parts["key"])
    assert (len(parts), len(arrows)) == (36, 49)
    assert set(arrows["from_part"]) | set(arrows["to_part"]) <= known and "" not in known
    assert set(parts["from_part"]) | set(parts["to_part"]) == {""}
    assert (arrows["effect"] != "").all() and "textbook" not in ";".join(arrows["level"])


def test_every_trial_cuts_an_arrow_that_is_there():
    arrows, trials = ledger.table("fibrogenesis"), ledger.table("antifibrotic_trials")
    assert set(trials["arrow"]) <= set(arrows.loc[arrows["kind"] == "arrow", "key"])
    assert (trials["trial"].nunique(), len(trials)) == (59, 82)
    same = trials.groupby("trial")[["arrow", "drug_class", "disease", "control"]].nunique()
    assert (same.to_numpy() == 1).all()
    assert (trials.loc[trials["double_blind"] == "yes", "control"] == "placebo").all()


def test_numbers_of_the_new_tables_come_with_unit_and_source():
    placebo = ledger.number("antifibrotic_trials/selonsertib-stellar3-18-mg.placebo_value")
    assert (placebo.value, placebo.unit, placebo.source) == (13, "%", "harrison2020-stellar")
    assert ledger.number("accelerators/psc-where-seen.reference_value").unit == "year"
    assert ledger.number("causes/hcv-pace").low == 28
    assert ledger.number("antifibrotic_trials/oca-flint.drug_counted").unit == ""
    with pytest.raises(ledger.LedgerError, match="no number column 'placebo'"):
        ledger.number("antifibrotic_trials/oca-flint.placebo")


def test_unread_shares_of_trials_stay_blank():
    trials = ledger.table("antifibrotic_trials").set_index("key")
    unread = ["lanifibranor-native", "semaglutide-f4", "svr-dambrosio", "fazirsiran-p2"]
    assert trials.loc[unread, ["drug_value", "placebo_value", "drug_events"]].isna().all(axis=None)
    counted = trials.dropna(subset=["drug_events"])
    assert len(counted) > 15 and (counted["drug_events"] <= counted["drug_counted"]).all()


def test_the_atlas_has_every_aspect_of_every_cause():
    causes = ledger.table("causes")
    found = set(zip(causes["cause"], causes["aspect"], strict=True))
    fields = schemas.TABLES["causes"]
    wanted = {(c, a) for c in fields["cause"].choices for a in fields["aspect"].choices}
    assert found == wanted and len(wanted) == 18 * 6
    assert causes.groupby("cause")["label"].nunique().eq(1).all()
    none = causes[causes["statement"] == "no number found"]
    assert len(none) == 8 and none["value"].isna().all() and set(none["aspect"]) == {"regression"}


def test_walls_stand_where_they_were_seen():
    rows = ledger.table("why_walls")
    walls = rows[rows["topic"] == "wall"]
    fields = schemas.TABLES["why_walls"]
    assert set(walls["explanation"]) == set(fields["explanation"].choices)
    assert (walls[["level", "sign"]] != "").all(axis=None) and (walls["limit"] != "").all()
    rest = rows[rows["topic"] != "wall"]
    assert (rest[["explanation", "level", "sign"]] == "").all(axis=None) and len(rest) > 20
    assert rest.loc[rest["topic"] == "P-I-R", "population"].str.contains("71|646|55").all()


@pytest.mark.parametrize(
    "name", ["fibrogenesis", "antifibrotic_trials", "causes", "accelerators", "why_walls"]
)
def test_published_rows_of_the_new_tables_say_when_they_were_read(name):
    rows = ledger.table(name)
    published = rows[rows["status"] == "published"]
    unread = set(published.loc[published["read_on"] == "", "key"])
    assert len(published) > 30 and unread <= {
        "lanifibranor-native",
        "svr-dambrosio",
        "fazirsiran-p2",
        "masld-stop",  # a summary of four sources, each with its own row
    }
    teaching = rows[rows["status"] == "teaching"]
    assert (teaching["read_on"] == "").all()
    assert "value" not in rows or teaching["value"].isna().all()


def test_no_number_from_memory_is_in_the_new_tables():
    for name in schemas.SCARRING:
        text = ledger.table(name).drop(columns=["what"], errors="ignore").to_csv()
        assert "memory" not in text and "own knowledge" not in text, name


def test_an_unknown_level_cause_or_arrow_is_refused(copy):  # noqa: F811
    for name, column, wrong, advice in (
        ("fibrogenesis", "level", "animal;hearsay", "Write one of: textbook, cell, animal"),
        ("causes", "cause", "measles", "Write one of: hcv, hbv"),
        ("antifibrotic_trials", "arrow", "crosslink-loxl3", "Write one of: crosslink-loxl2"),
        ("antifibrotic_trials", "verdict", "won", "Write one of: met, missed"),
        ("staging", "step", "2.5", "is not a whole number"),
        ("mash_treatment", "treatment", "cells", "Write one of: resmetirom, incretin"),
        ("mash_treatment", "cirrhosis", "mostly", "Write one of: yes, no"),
    ):
        before = read(copy, name)
        spoil(copy, name, column, wrong, row=3)
        with pytest.raises(ledger.LedgerError, match=advice):
            ledger.table(name, copy)
        write(copy, name, before)
