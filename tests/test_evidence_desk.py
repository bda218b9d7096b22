"""The evidence desk of notebook 11: findings per thousand, the register, and what may be pooled."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from hepatica import ledger
from hepatica.analysis import trials
from hepatica.cards.kinds.findings.card import could_change
from hepatica.cards.kinds.findings.effects import changes, needed, per_thousand
from hepatica.cards.kinds.forest.card import tags
from hepatica.lessons import n11_the_desk as desk
from tools.node import run_js

OTHER_HANDS = Path(__file__).parent / "summary_of_findings.csv"
SCRIPT = """import { compileDescription } from "./engine/rules.js";
import { findingsScope } from "./kinds/findings/card.js";
import { registerScope } from "./kinds/register/card.js";
---
const say = compileDescription(data.spec.describe);
const rows = (data.spec.groups ?? []).flatMap((group) => group.rows);
const scope = {
  findings: (values) => findingsScope(rows.find(({ key }) => key === values.row), values),
  register: (values) => registerScope(data.spec, values),
}[data.spec.kind];
return data.values.map((values) => say(scope(values)));
"""


def findings() -> dict[str, dict]:
    return {row["key"]: row for row in ledger.table("summary_of_findings").to_dict("records")}


def ends_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"[+-]?\d+", text)]


def worked_out_elsewhere() -> list[dict[str, str]]:
    with OTHER_HANDS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("risk", ["low", "typical"])
def test_people_per_thousand_are_those_of_another_hand(risk):
    """Within two of a thousand: the other hand had rounded some of its ratios."""
    checked = 0
    for other in worked_out_elsewhere():
        row = findings()[other["key"]]
        made = changes(row, float(row[f"baseline_{risk}"]))
        wanted = [int(other[f"abs_{risk}_per_1000"]), *ends_in(other[f"abs_{risk}_interval"])]
        assert [abs(a - b) <= 2 for a, b in zip(made, wanted, strict=True)] == [True] * 3, other
        checked += 1
    assert checked == 17
    row = findings()["aclf-cells-death-24-weeks"]
    assert abs(changes(row, 100)[0] - (-199)) > 2


def test_numbers_needed_to_treat_are_those_of_another_hand():
    """Within two people: the other hand had rounded some of its ratios."""
    checked = 0
    for other in worked_out_elsewhere():
        row = findings()[other["key"]]
        for risk in ("low", "typical"):
            text = needed(changes(row, float(row[f"baseline_{risk}"])))
            found, wanted = (
                sorted(ends_in(text)),
                sorted(ends_in(other[f"nnt_{risk}"].replace("(", " "))),
            )
            wanted = [n for n in wanted if n != 1] if "through" in text else wanted
            found = [n for n in found if n != 1] if "through" in text else found
            assert len(found) == len(wanted) == 3, (other["key"], text, other[f"nnt_{risk}"])
            for a, b in zip(found, wanted, strict=True):
                assert abs(a - b) <= 2, (other["key"], text, other[f"nnt_{risk}"])
                checked += 1
            assert ("through" in text) == ("through" in other[f"nnt_{risk}"])
    assert checked > 90


def test_an_interval_that_holds_zero_goes_through_infinity():
    row = {"measure": "RR", "value": 0.5, "low": 0.25, "high": 2.0}
    assert needed(changes(row, 100)) == (
        "20 for one benefit; interval from 14 for one benefit through infinity to 10 for one harm"
    )
    assert needed(changes({**row, "high": 0.75}, 100)) == "20 for one benefit; interval 14 to 40"
    assert per_thousand(changes(row, 100)) == "50 fewer (75 fewer to 100 more)"
    assert changes({**row, "high": 20.0}, 100)[2] == 900  # nobody dies twice
    odds = {"measure": "OR", "value": 2.0, "low": 1.0, "high": 3.0}
    assert changes(odds, 500)[0] == pytest.approx(1000 * (2 / 3 - 0.5))


def test_page_and_python_say_the_same(tmp_path):
    card = desk.findings()
    rows = [row["key"] for group in card.spec["groups"] for row in group["rows"]]
    asked = [{"row": key, "low": 7, "typical": risk} for key in rows for risk in (1, 133, 990)]
    found = run_js(
        SCRIPT,
        {"spec": card.spec, "values": [{**card.start(), **values} for values in asked]},
        tmp_path,
    )
    assert found == [card.describe(**values) for values in asked] and len(set(found)) > 50
    register = desk.register()
    (said,) = run_js(SCRIPT, {"spec": register.spec, "values": [register.start()]}, tmp_path)
    assert said == register.describe() != found[0]


def test_each_outcome_says_what_could_change_our_mind():
    rows = {row["key"]: row for group in desk.findings().spec["groups"] for row in group["rows"]}
    assert all(row["mind"] for row in rows.values()) and len(rows) > 30
    asked = {key: row["mind"] for key, row in rows.items()}
    assert "silent trials" in asked["aclf-cells-death-24-weeks"]
    assert asked["decompensated-cells-transplant-free-survival"] == "a trial that counts it"
    blinded = asked["decompensated-cells-meld-3-months"]  # that trial was, and lost a third
    assert blinded == "a trial that loses nobody; more people"
    open_trial = {"certainty": "low", "reasons": "risk of bias -1 (open); imprecision -1"}
    assert could_change(open_trial) == "a blinded trial by lot; more people"
    assert could_change({**open_trial, "reasons": "imprecision -1"}) == "more people"


def test_every_outcome_of_interest_stands_in_every_group():
    """A gap is a row that says so: six outcomes, three groups of patients, for cells."""
    table = ledger.table("summary_of_findings")
    cells = table[table["given"] == "cells"]
    for who in ("aclf", "decompensated", "compensated"):
        seen = set(cells[cells["population"].isin([who, "any"])]["outcome"])
        assert seen >= {"death", "transplant_free", "meld", "encephalopathy", "serious", "fever"}
    graded = table[table["certainty"].isin(["moderate", "low", "very low"])]
    assert (graded["reasons"] != "").all() and len(graded) > 25
    assert len(cells) > len(table) / 2  # the section of the drug is no longer than that of cells


def test_the_register_counts_silence_and_not_ignorance():
    """Without results: completed or terminated, nothing published; unknown stands apart."""
    said = desk.register().scope()
    assert (said["trials"], said["silent"], said["silent_people"]) == (62, 7, 281)
    assert (said["pooled"], said["randomised"]) == (274, 1018)
    rows = ledger.table("registrations")
    assert set(rows[rows["trial"] != ""]["stage"]) <= {"with results", "without results", "unknown"}
    silent = rows[rows["stage"] == "without results"]
    assert silent["status_as_seen"].str.contains("completed|terminated").all()
    assert not rows[rows["stage"] == "unknown"]["status_as_seen"].str.startswith("completed").any()


ROOT = Path(__file__).parents[1]
INDIRECT = re.compile(
    r"G-CSF[^.;]{0,60}\bdrug\b[^.;]*(indirect|nothing follows)"
    r"|\bdrug\b[^.;]*(indirect|nothing follows)[^.;]*(G-CSF|cells)"
)


def says_that_a_drug_is_indirect(text: str) -> bool:
    """Whether a text that speaks of G-CSF says that it is a drug and tells of cells indirectly."""
    return "G-CSF" not in text or bool(INDIRECT.search(text.replace("**", "")))


@pytest.mark.parametrize("number", ["09", "10", "11", "12", "13"])
def test_a_drug_is_said_to_be_indirect_evidence(number):
    """Once at least in each notebook of the therapy: its text, its cards, its quiz."""
    (notebook,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    text = notebook.read_text(encoding="utf-8")
    assert "G-CSF" in text and says_that_a_drug_is_indirect(text)
    assert not says_that_a_drug_is_indirect(re.sub("indirect|nothing follows", "", text))


# -- rules of what may be pooled and quoted ------------------------------------------------------------


def cannot_be_looked_up(trial: str) -> bool:
    """Whether a trial has neither DOI nor PubMed number, PMC number or address."""
    source = ledger.table("trials").set_index("key").loc[trial, "source"]
    row = ledger.table("references").set_index("key").loc[source]
    return not any(row[name] for name in ("doi", "pmid", "pmc", "url"))


def test_a_study_that_cannot_be_looked_up_is_not_pooled():
    pools = ledger.table("pools")
    pooled = {name.strip() for cell in pools["trials"] for name in cell.split(";") if name.strip()}
    assert len(pooled) > 10 and [name for name in pooled if cannot_be_looked_up(name)] == []
    with pytest.raises(KeyError):
        cannot_be_looked_up("Nobody2020")


OTHER_RESULTS = {
    "liu2022": ("survival", "encephalopathy", "bleeding"),
    "dimartino2023": ("decompensated", "acute-on-chronic|ACLF", "alcohol"),
    "sharma2020": ("survival", "meld"),
    "match-four-years": ("died|deaths", "alive", "transplant"),
    "match-easl-2024": ("died|deaths", "transplant", "HCC"),
    "newsome2018": ("survival", "meld", "serious"),
    "lin2017": ("survival", "infection"),
    "spahr2013": ("survival", "meld", "relapse"),
    "salama2014": ("albumin", "piiinp"),
    "zekri2015": ("albumin", "ascites"),
    "andreone2015": ("MELD", "transplanted", "dead"),
    "wangmf2018": ("survival", "cancer"),
    "engelmann2021": ("survival", "serious"),
    "gcsf-prednisolone-three-arm": ("survival", "infection", "kidney", "encephalopathy"),
}
"""What a source says besides the one result that is liked to be quoted."""


def told_of(source: str) -> list[str]:
    """All that the ledger prints from one source, row by row."""
    words = []
    for name in ("guidelines", "meta_analyses", "trial_outcomes", "summary_of_findings", "trials"):
        table = ledger.table(name)
        rows = table[table["source"] == source]
        words += [" ".join(map(str, row.values())) for row in rows.to_dict("records")]
    return words


def untold(source: str, told: list[str]) -> list[str]:
    """The results of a source that no row tells."""
    return [
        each
        for each in OTHER_RESULTS[source]
        if not any(re.search(each, row, re.IGNORECASE) for row in told)
    ]


@pytest.mark.parametrize("source", OTHER_RESULTS)
def test_a_source_quoted_for_one_result_lists_its_others(source):
    told = told_of(source)
    assert told and untold(source, told) == []
    last = OTHER_RESULTS[source][-1]
    half = [row for row in told if not re.search(last, row, re.IGNORECASE)]
    assert last in untold(source, half)  # its rows gone, it is missed


def test_pools_leave_no_trial_that_is_inside_another():
    for cell in ledger.table("pools")["trials"]:
        names = {name.strip() for name in cell.split(";")}
        assert not {(a, b) for a, b in trials.INSIDE.items() if a in names and b in names}


def later_years() -> list[float]:
    """The months at which deaths of MATCH are told."""
    rows = ledger.table("trial_outcomes")
    kept = rows[(rows["trial"] == "Brennan2025") & (rows["outcome"] == "survival")]
    return sorted(set(kept["months"]))


def test_what_only_a_page_or_the_press_tells_is_not_pooled(monkeypatch):
    """MATCH at 30 and 48 months stands in the ledger, and no pool moves by it."""
    ask = {"outcome": "deaths", "trials": ("Brennan2025",)}
    assert later_years() == [12, 30, 48]
    assert trials.studies(**ask)["months"].tolist() == [12]
    assert trials.studies(**ask, months=48)["problem"].tolist() != [""]
    monkeypatch.setattr(trials, "NOT_POOLED", ())
    assert trials.studies(**ask)["months"].tolist() == [48]


def apart(counts, outcomes) -> list[str]:
    """Ways to count deaths whose numbers are not those of the trial's outcomes at that month."""
    return [
        f"{months} {arm}"
        for months in (30, 48)
        for arm in ("treated", "control")
        if (
            counts.loc[f"match-{months}m", f"events_{arm}"],
            counts.loc[f"match-{months}m", f"n_{arm}"],
        )
        != tuple(outcomes.loc[f"brennan2025-survival-{months}m-{arm}", ["events", "patients"]])
    ]


def test_every_analysis_counts_the_later_deaths_of_the_trial():
    counts = ledger.table("death_counts").set_index("key")
    outcomes = ledger.table("trial_outcomes").set_index("key")
    assert apart(counts, outcomes) == []
    counts.loc["match-48m", "events_control"] = 14  # deaths and transplants
    assert apart(counts, outcomes) == ["48 control"]
    for months in (30, 48):  # the composite is the sum of its two parts
        for arm in ("treated", "control"):
            died, moved, either = (
                outcomes.loc[f"brennan2025-{name}-{months}m-{arm}", "events"]
                for name in ("survival", "transplanted", "transplant-free-survival")
            )
            assert died + moved == either


def still_open(register, studies) -> list[str]:
    """Studies of the ledger whose trial has not ended: their silence says nothing."""
    kept = register[register["trial"].isin(studies["key"])]
    return sorted(kept.loc[kept["stage"].isin(["recruiting", "not yet recruiting"]), "trial"])


def test_a_trial_that_still_recruits_is_no_study_that_kept_silent():
    register, studies = ledger.table("registrations"), ledger.table("trials")
    assert still_open(register, studies) == [] and "EMERALD" not in set(studies["key"])
    register.loc[register["key"] == "nct06823713", "trial"] = "Moroni2019"
    assert still_open(register, studies) == ["Moroni2019"]


def test_every_country_has_its_region_and_every_cell_its_kind():
    """No land is called several, and only what is blood or marrow is called so."""
    known = trials.studies("deaths").set_index("trial")
    several = known[(known["region"] == "several")]
    assert list(several["country"]) == ["multinational (40 sites)"]
    assert trials._region("Atlantis") == "several"
    given = {row["key"]: tags(row)["cells"] for row in ledger.table("trials").to_dict("records")}
    assert {key for key, words in given.items() if words == "other cells"} == {
        *("Sakai2017", "Sakai2021", "Cardinale2014", "WangMF2018"),
    }
    blood = [key for key, words in given.items() if words == "marrow or blood cells"]
    kinds = ledger.table("trials").set_index("key").loc[blood, "cell_type"]
    assert kinds.str.contains("marrow|MNC|blood|BM|PB", case=False).all() and len(blood) > 10


# -- claims of the article that the coded rules can check ------------------------------------------

WITHOUT_WINDOW = {"SUK2016", "UCMSC-302", "BMMSC-RA", "DPSC-IR"}


def coding(*variables: str) -> set[str]:
    """The rule sets of cell trials that code one of these variables."""
    rows = ledger.table("eligibility")
    kept = rows[rows["variable"].isin(variables) & (rows["rule_set"] != "PREDESCI")]
    return set(kept["rule_set"])


def test_claims_on_screening_count_what_the_rules_hold():
    """C46, C48 and C49 say in how many of the seventeen rule sets a thing is coded."""
    told = ledger.table("claims").set_index("key")["evidence_summary"]
    sets = set(ledger.table("rule_sets")["key"]) - {"PREDESCI"}
    assert sets - coding("meld", "meld_na", "child_pugh_score") == WITHOUT_WINDOW
    assert all(name in told["C46"] for name in WITHOUT_WINDOW)
    blood = "creatinine_mg_dl platelets_10e9_l inr hb_g_dl sodium_mmol_l bilirubin_umol_l"
    counts = {
        "C48": [len(coding(*blood.split())), len(sets)],
        "C49": [len(coding("hcc", "hcc_or_cancer_5y")), len(sets)],
    }
    counts["C49"] += [len(coding("active_infection")), len(coding("organ_failure"))]
    assert counts == {key: ends_in(told[key])[: len(found)] for key, found in counts.items()}
    assert ends_in("Limits are coded for 8 of the 17 sets.") != counts["C48"]


ARGUED = {
    "not supported": ("C01", "C45"),
    "true but misleading": ("C08", "C33", "C56", "C65", "C66", "C67"),
    "uncertain": ("C28", "C31", "C40"),
    "supported": ("C46", "C48", "C60"),
}
"""Verdicts that were argued one by one, each beside its kind."""


def test_the_verdicts_that_were_argued_stand():
    claims = ledger.table("claims").set_index("key")
    for verdict, keys in ARGUED.items():
        assert set(claims.loc[list(keys), "verdict"]) == {verdict}
    assert claims.loc["C33", "certainty"] == "low"
    assert (claims["verdict"] == "not supported").sum() == 2  # nothing else has been refuted


WORKED_OUT = {
    ("trials", "Brennan2025", "evidence_note"): "not the crude ones",
    ("trials", "Shi2021", "note"): "names a placebo arm",
    ("trials", "Lin2017", "evidence_note"): "fragility 0",
    ("trials", "BMMNC34", "evidence_note"): "they rose",
    ("trials", "Philips2019", "evidence_note"): "48 with a year",
    ("pools", "deaths-cells", "note"): "Peto OR 0.47",
    ("pools", "deaths-cells-prediction", "note"): "0.27-1.31 with t(3)",
    ("registrations", "nct06740149", "note"): "possibly ended",
    ("guidelines", "cells-china-consensus-2014", "statement"): "expert consensus",
}
"""What a source leaves unsaid and a reader of its numbers should know."""


def unsaid(tables: dict) -> list[str]:
    """Notes that do not hold their words."""
    return [
        key
        for (table, key, column), words in WORKED_OUT.items()
        if words not in tables[table].loc[key, column]
    ]


def test_notes_say_what_was_worked_out():
    names = {name for name, _, _ in WORKED_OUT}
    tables = {name: ledger.table(name).set_index("key") for name in names}
    assert unsaid(tables) == []
    tables["trials"].loc["Shi2021", "note"] = "Survival percentages not readable."
    assert unsaid(tables) == ["Shi2021"]
    deaths = ledger.table("trial_outcomes").set_index("key")
    arms = [f"philips2019-survival-12m-{arm}" for arm in ("treated", "control")]
    assert deaths.loc[arms, ["events", "patients"]].to_numpy().tolist() == [[36, 48], [11, 24]]
