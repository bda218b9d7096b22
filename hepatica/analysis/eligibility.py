"""Who may enter which trial: the coded rules of data/eligibility.csv, judged for one patient.

    >>> judge("V01", "REALISTIC").reasons
    ('MELD 6 is below 11–15.5',)

A rule reads one variable: a column of data/patients.csv or a score worked out by
`hepatica.models.scores`. What is not known makes a rule undecided, and with it the verdict, unless
another rule already excludes the patient. "Meets the coded rules" means not refused by the rules
that could be read (data/rule_sets.csv, completeness); it does not mean enrolled, and still less
helped.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import NamedTuple

from hepatica import ledger
from hepatica.model import Model, given, join
from hepatica.model.registry import register
from hepatica.models import scores
from hepatica.models.bedside import AGE, CHILD_PUGH, EGFR, INPUTS, MELD, MELD_NA

MEETS, EXCLUDED, UNKNOWN = "meets the coded rules", "excluded", "cannot be told"
COMPARATOR = "PREDESCI"
"""The rule set of a drug trial, shown beside the seventeen cell trials."""

SCORES = ("meld", "meld_na", "child_pugh_score", "egfr_ml_min")
"""What rules read and no table holds: worked out from the patient's values."""

NUMBERS = {
    "meld": ("MELD", ""),
    "meld_na": ("MELD-Na", ""),
    "child_pugh_score": ("Child–Pugh", ""),
    "egfr_ml_min": ("eGFR", "mL/min"),
    "age_years": ("age", ""),
    "lsm_kpa": ("stiffness", "kPa"),
    "hvpg_mmhg": ("HVPG", "mmHg"),
    "alcohol_abstinence_months": ("months without alcohol", ""),
    "creatinine_mg_dl": ("creatinine", "mg/dL"),
    "afp_ng_ml": ("AFP", "ng/mL"),
    "hb_g_dl": ("haemoglobin", "g/dL"),
    "platelets_10e9_l": ("platelets", "× 10⁹/L"),
    "sodium_mmol_l": ("sodium", "mmol/L"),
    "inr": ("INR", ""),
    "albumin_g_l": ("albumin", "g/L"),
    "bilirubin_umol_l": ("bilirubin", "µmol/L"),
    "bilirubin_mg_dl": ("bilirubin", "mg/dL"),
    "hbv_dna_iu_ml": ("HBV DNA", "IU/mL"),
    "aclf_grade": ("ACLF grade", ""),
    "days_since_bleed": ("days since the last bleeding", ""),
}
"""Variables that are measured: name in sentences and unit."""

FINDINGS = {
    "compensated": {0: "the cirrhosis is decompensated", 1: "the cirrhosis is compensated"},
    "cirrhosis": {0: "there is no cirrhosis", 1: "cirrhosis, proven or probable"},
    "expected_survival_gt_12mo": {0: "not expected to live a year", 1: "expected to live a year"},
    "hcc_or_cancer_5y": {
        0: "no cancer within five years",
        1: ("liver cancer, or another cancer within five years"),
    },
    "hcc": {0: "no liver cancer", 1: "liver cancer"},
    "tips": {0: "no stent (TIPS)", 1: "a stent (TIPS)"},
    "listed_for_lt": {0: "not listed for transplantation", 1: "listed for transplantation"},
    "active_bleeding": {0: "no bleeding", 1: "bleeding now"},
    "autoimmune": {0: "no autoimmune liver disease", 1: "autoimmune liver disease"},
    "hiv": {0: "no HIV", 1: "HIV"},
    "viral_marker_positive": {
        0: "no viral marker",
        1: ("a positive test for hepatitis B, hepatitis C or HIV"),
    },
    "active_infection": {0: "no infection", 1: "infection now"},
    "hrs": {0: "no hepatorenal syndrome", 1: "hepatorenal syndrome"},
    "organ_failure": {0: "no failure of another organ", 1: "failure of another organ"},
    "dialysis": {0: "no dialysis", 1: "dialysis"},
    "ascites_code": {
        0: "no ascites",
        1: "mild ascites",
        2: "moderate ascites",
        3: ("refractory or tense ascites"),
    },
    "he_grade": {
        0: "no encephalopathy",
        1: "encephalopathy grade 1",
        2: "encephalopathy grade 2",
        3: "encephalopathy grade 3",
        4: "encephalopathy grade 4",
    },
    "pvt_code": {0: "portal vein open", 1: "portal vein partly closed", 2: "portal vein closed"},
    "aetiology_code": {
        "AIH": "the cause is autoimmune hepatitis",
        "ALD": "the cause is alcohol",
        "HBV": "the cause is hepatitis B",
        "HCV": "the cause is hepatitis C",
        "HH": "the cause is haemochromatosis",
        "MASLD": "the cause is MASLD",
        "PBC": "the cause is primary biliary cholangitis",
    },
}
"""Variables that are found or not: what each code says."""

NEVER = {
    "alcohol_abstinence_months": (999, "does not drink"),
    "days_since_bleed": (9999, "has not bled"),
}
"""How data/patients.csv writes what never happened, and what to say of it."""

CAUSE = "the cause is "
KNOWN = (*NUMBERS, *FINDINGS)

COMPARISONS: dict[str, Callable[[float, Rule], bool]] = {
    "==": lambda x, rule: x == rule.value,
    ">": lambda x, rule: x > rule.value,
    ">=": lambda x, rule: x >= rule.value,
    "<": lambda x, rule: x < rule.value,
    "<=": lambda x, rule: x <= rule.value,
    "between": lambda x, rule: rule.low <= x <= rule.high,
}

PAST = {">": "above", ">=": "at or above", "<": "below", "<=": "at or below", "==": "equal to"}
SHORT_OF = {">": "not above", ">=": "below", "<": "not below", "<=": "above", "==": "not equal to"}
"""What to say of a number for which the comparison holds, and for which it does not."""


class EligibilityError(given.GivenError):
    """A patient, rule or rule set that cannot be read; the message says what to write instead."""


@dataclass(frozen=True)
class Rule:
    """One coded criterion; `value` is a number or a code such as "ALD",
    `low` and `high` belong to "between"."""

    key: str
    rule_type: str
    variable: str
    operator: str
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    criterion: str = ""

    def __post_init__(self) -> None:
        if self.rule_type not in ("include", "exclude"):
            raise EligibilityError(
                _unknown(f"rule {self.key}, rule_type", self.rule_type, ("include", "exclude"))
            )
        if self.variable not in KNOWN:
            raise EligibilityError(_unknown(f"rule {self.key}, variable", self.variable, KNOWN))
        if self.operator not in COMPARISONS:
            raise EligibilityError(
                _unknown(f"rule {self.key}, operator", self.operator, tuple(COMPARISONS))
            )
        needed = ("low", "high") if self.operator == "between" else ("value",)
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise EligibilityError(
                f"rule {self.key}: {self.operator!r} needs {' and '.join(missing)}. Write a number."
            )

    def allows(self, facts: Mapping[str, float | str | None]) -> bool | None:
        """Whether the rule lets the patient pass; None where the variable is not known."""
        found = facts.get(self.variable)
        if found is None:
            return None
        return COMPARISONS[self.operator](found, self) == (self.rule_type == "include")

    def reason(self, facts: Mapping[str, float | str | None]) -> str:
        """In plain words what the patient has, beside what the rule asks for where that is a
        number."""
        found = facts.get(self.variable)
        if self.variable in FINDINGS:
            return self._found(FINDINGS[self.variable], found)
        label, unit = NUMBERS[self.variable]
        if found is None:
            return f"{label} is not known"
        if self.variable in NEVER and found >= NEVER[self.variable][0]:
            return NEVER[self.variable][1]
        return f"{label} {found:g} is {self._relation(found)}" + (f" {unit}" if unit else "")

    def _found(self, words: Mapping, found: float | str | None) -> str:
        """What was found; where there are more than two codes, also the one that was asked for."""
        if found not in words:
            return f"{self.criterion or self.variable}: not known"
        asked = self.rule_type == "include" and len(words) > 2 and found != self.value
        return words[found] + (
            f" (asked for: {words[self.value].removeprefix(CAUSE)})" if asked else ""
        )

    def _relation(self, found: float) -> str:
        if self.operator == "between":
            where = "below" if found < self.low else "above" if found > self.high else "within"
            return f"{where} {self.low:g}–{self.high:g}"
        words = PAST if COMPARISONS[self.operator](found, self) else SHORT_OF
        return f"{words[self.operator]} {self.value:g}"


class Judgement(NamedTuple):
    """The verdict of one rule set, the keys of the rules that decided it,
    and the same in plain words."""

    rule_set: str
    verdict: str
    rules: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Referral(NamedTuple):
    """Whether a transplant team should see the patient, and why."""

    due: str
    reason: str


# -- patients --------------------------------------------------------------------------------------


def facts(patient: str | Mapping[str, float | str | None], **changes: float | str | None) -> dict:
    """All that the rules read of a patient: a key such as "V01" or a mapping, with `changes` made
    and scores added.

    None and NaN stand for not known. Bilirubin changed in mg/dL changes in µmol/L too. Raises
    EligibilityError for an unknown patient, variable or code, GivenError for what is no number.
    """
    if not isinstance(patient, str | Mapping):
        raise EligibilityError(f"patient={patient!r} is no key and no mapping. Write 'V01'.")
    row = _row(patient) if isinstance(patient, str) else dict(patient)
    for name in changes:
        if name not in row or name in SCORES:
            raise EligibilityError(
                _unknown("patient, variable", name, tuple(n for n in row if n not in SCORES))
            )
    if "bilirubin_mg_dl" in changes and "bilirubin_umol_l" not in changes:
        changes["bilirubin_umol_l"] = _micromoles(changes["bilirubin_mg_dl"])
    known = {name: _read(name, value) for name, value in {**row, **changes}.items()}
    return known | {name: work_out(known) for name, work_out in _WORKED_OUT.items()}


@cache
def _table() -> dict[str, dict]:
    columns = [name for name in KNOWN if name not in SCORES]
    rows = ledger.table("patients").set_index("key")
    return rows[[*columns, "albumin_g_dl", "sex"]].to_dict("index")


def _row(patient: str) -> dict:
    if patient not in _table():
        raise EligibilityError(_unknown("patient", patient, tuple(_table())))
    return dict(_table()[patient])


def _read(name: str, value: float | str | None) -> float | str | None:
    """A value as the rules read it; raises for a code that is not known and what is no number."""
    found = int(value) if isinstance(value, bool) else _or_none(value)
    if found is None or name in SCORES or name not in KNOWN:
        return found
    if name in NUMBERS:
        return given.number(found, name)
    code = found if isinstance(found, str) else given.whole(found, name)
    if code not in FINDINGS[name]:
        raise EligibilityError(_unknown(f"patient, {name}", found, tuple(FINDINGS[name])))
    return code


def _or_none(value: float | str | None) -> float | str | None:
    return None if isinstance(value, Real) and math.isnan(value) else value


def _micromoles(bilirubin: float | None) -> float | None:
    return None if bilirubin is None else scores.convert("bilirubin", bilirubin, "mg/dL", "µmol/L")


def _score(function: Callable, **columns: str) -> Callable[[Mapping], float | None]:
    """A score that reads these columns of a patient; None where one of them is not known."""
    units = {
        f"{name}_unit": unit
        for name, unit in (("bilirubin", "mg/dL"), ("creatinine", "mg/dL"), ("albumin", "g/dL"))
        if name in columns
    }

    def work_out(row: Mapping) -> float | None:
        values = {name: row.get(column) for name, column in columns.items()}
        return None if None in values.values() else function(**values, **units)

    return work_out


OF_MELD = {
    "bilirubin": "bilirubin_mg_dl",
    "creatinine": "creatinine_mg_dl",
    "inr": "inr",
    "dialysis": "dialysis",
}
_WORKED_OUT = {
    "meld": _score(scores.meld, **OF_MELD),
    "meld_na": _score(scores.meld_na, sodium="sodium_mmol_l", **OF_MELD),
    "child_pugh_score": _score(
        lambda **values: scores.child_pugh(**values).points,
        bilirubin="bilirubin_mg_dl",
        albumin="albumin_g_dl",
        inr="inr",
        ascites="ascites_code",
        encephalopathy="he_grade",
    ),
    "egfr_ml_min": _score(
        scores.egfr, creatinine="creatinine_mg_dl", age_years="age_years", sex="sex"
    ),
}


# -- judging ---------------------------------------------------------------------------------------


@cache
def rules_of(rule_set: str) -> tuple[Rule, ...]:
    """The coded rules of a rule set, in the order of data/eligibility.csv."""
    table = ledger.table("eligibility")
    known = tuple(ledger.table("rule_sets")["key"])
    if rule_set not in known:
        raise EligibilityError(_unknown("rule set", rule_set, known))
    return tuple(_rule(row) for row in table[table["rule_set"] == rule_set].to_dict("records"))


def _rule(row: Mapping) -> Rule:
    """A row of the table; a criterion without number is a code, such as ALD."""
    numbers = {name: _or_none(row[name]) for name in ("value", "low", "high")}
    if numbers["value"] is None and row["operator"] != "between":
        numbers["value"] = row["value_as_printed"]
    return Rule(
        row["key"],
        row["rule_type"],
        row["variable"],
        row["operator"],
        **numbers,
        criterion=row["criterion"],
    )


def judge(patient: str | Mapping, rule_set: str | tuple[Rule, ...]) -> Judgement:
    """The verdict of a rule set (its name, or rules of your own) on a patient (a key, or what
    `facts` gives).

    Excluded as soon as one rule excludes; else undecided if a rule cannot be decided; else the
    coded rules are met.
    """
    known = facts(patient)
    own = not isinstance(rule_set, str)
    name, rules = ("own rules", rule_set) if own else (rule_set, rules_of(rule_set))
    if isinstance(rules, Rule) or not all(isinstance(each, Rule) for each in rules):
        raise EligibilityError(f"rule_set={rule_set!r} is no name and no rules. Write (Rule(…),).")
    answers = [(rule, rule.allows(known)) for rule in rules]
    for answer, verdict in ((False, EXCLUDED), (None, UNKNOWN)):
        deciding = [rule for rule, found in answers if found is answer]
        if deciding:
            reasons = tuple(rule.reason(known) for rule in deciding)
            return Judgement(name, verdict, tuple(rule.key for rule in deciding), reasons)
    return Judgement(name, MEETS)


def screen(patient: str | Mapping) -> tuple[Judgement, ...]:
    """The verdicts of all rule sets on a patient, the comparator last."""
    return tuple(judge(patient, name) for name in ledger.table("rule_sets")["key"])


def accepting(patient: str | Mapping) -> tuple[str, ...]:
    """The cell trials whose coded rules a patient meets."""
    return tuple(
        found.rule_set
        for found in screen(patient)
        if found.verdict == MEETS and found.rule_set != COMPARATOR
    )


# -- transplantation -------------------------------------------------------------------------------


class Step(NamedTuple):
    """A reason for or against referral: all of its conditions (variable, operator, number)
    must hold."""

    due: str
    reason: str
    conditions: tuple[tuple[str, str, float], ...]


@cache
def referral_steps() -> tuple[Step, ...]:
    """The reasons in the order in which they count; their numbers stand in data/guidelines.csv."""
    failed, points, first, latest = (
        ledger.number(f"guidelines/{key}").value
        for key in ("aclf-grade3", "refer-child-pugh", "refer-meld-na", "refer-meld-na-latest")
    )
    return (
        Step("already listed", "is on the waiting list", (("listed_for_lt", "==", 1),)),
        Step(
            "no (contraindicated)",
            "severe disease of another organ closes the door at any score",
            (("organ_failure", "==", 1), ("aclf_grade", "==", 0)),
        ),
        Step(
            "urgent discussion",
            "several organs are failing: call the transplant centre today",
            (("aclf_grade", ">=", failed),),
        ),
        Step(
            "yes",
            "liver cancer is a reason at any MELD if it is within the Milan criteria",
            (("hcc", "==", 1),),
        ),
        Step(
            "yes",
            "the first decompensation is reason enough, whatever the score",
            (("compensated", "==", 0),),
        ),
        Step("yes", f"Child–Pugh is {points:g} or more", (("child_pugh_score", ">=", points),)),
        Step(
            "yes",
            f"MELD-Na is {latest:g} or more, where referral is due at the latest",
            (("meld_na", ">=", latest),),
        ),
        Step(
            "discuss",
            f"MELD-Na is {first:g} or more: time for a first talk, no emergency",
            (("meld_na", ">=", first),),
        ),
        Step("no", "compensated, no liver cancer, low scores", ()),
    )


def transplant_referral(patient: str | Mapping) -> Referral:
    """Whether a transplant team should see the patient: the first reason that holds; for teaching,
    not for treating.

    Undecided where something unknown could change the answer.
    """
    known, open_answers = facts(patient), []
    for step in referral_steps():
        answers = [
            Rule("referral", "include", *condition).allows(known) for condition in step.conditions
        ]
        if False in answers:
            continue
        if None in answers:
            open_answers.append(step)
        elif all(other.due == step.due for other in open_answers):
            return Referral(step.due, step.reason)
        else:
            return Referral(UNKNOWN, f"not known whether {open_answers[0].reason}")
    raise EligibilityError(
        "No step of the referral applies. End referral_steps() with a step without conditions."
    )


def _unknown(what: str, value: object, known: tuple[str, ...]) -> str:
    """A message that names what may be written instead."""
    close = known if len(known) < 8 else difflib.get_close_matches(str(value), known, n=3) or known
    return f"{what}: {value!r} is not known. Write one of: {', '.join(map(str, close))}."


# -- the same scores for the browser ---------------------------------------------------------------


SCORE_INPUTS = {
    "bilirubin": "bilirubin_mg_dl",
    "INR": "inr",
    "creatinine": "creatinine_mg_dl",
    "sodium": "sodium_mmol_l",
    "albumin": "albumin_g_dl",
    "ascites": "ascites_code",
    "encephalopathy": "he_grade",
    "dialysis": "dialysis",
    "age": "age_years",
}
"""The inputs of `readings` and the columns they come from; `female` comes from the sex."""

readings = Model(
    "scores that trials ask for",
    parameters=join(INPUTS, {"age": AGE}),
    definitions=join(MELD, MELD_NA, CHILD_PUGH, EGFR),
)
"""The scores of `SCORES` as formulas, for the card that screens in the browser."""

READ_AS = {
    "meld": "meld",
    "meld_na": "meld_na",
    "child_pugh_score": "child_pugh",
    "egfr_ml_min": "egfr",
}
"""The variable of a rule and the read-out of `readings` that stands for it."""

register(__name__, eligibility=readings)
