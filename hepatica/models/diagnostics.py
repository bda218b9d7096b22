"""What a test result means, counted in people: sensitivity, specificity and prevalence as natural
frequencies.

    >>> counted = natural_frequencies(69, 64, 30)
    >>> counted.true_positive, counted.false_negative, counted.false_positive, counted.true_negative
    (21, 9, 25, 45)

Whole people always add up: first those who have the condition are rounded, then the positive tests
in each group. The predictive values are exact, not taken from the rounded people.

Cast
----
symbol            meaning                                        unit
ill               people who have the condition, a whole number  patients
ill_share         share of people who have it                    share
positive_if_ill   sensitivity                                    share
positive_if_well  one minus specificity                          share
positive_share    share of people who test positive              share

Parameters, with unit, range and source: data/parameters.csv, rows `diagnostics`.
"""

from __future__ import annotations

from dataclasses import dataclass

from hepatica import ledger
from hepatica.model import Model, Output, given
from hepatica.model.registry import register

HALF = 0.5 + 1e-9  # a half rounds up, also where 0.1 + 0.2 style dust would keep it just below

tested_people = Model(
    "a test in natural frequencies",
    parameters=ledger.parameters("diagnostics"),
    definitions={
        "ill": f"floor(people * prevalence / 100 + {HALF})",
        "ill_share": "prevalence / 100",
        "positive_if_ill": "sensitivity / 100",
        "positive_if_well": "1 - specificity / 100",
        "positive_share": "ill_share * positive_if_ill + (1 - ill_share) * positive_if_well",
    },
    outputs={
        "with_condition": Output("ill", "people who have it", "patients"),
        "true_positive": Output(
            f"floor(ill * positive_if_ill + {HALF})", "ill and found", "patients"
        ),
        "false_negative": Output(
            f"ill - floor(ill * positive_if_ill + {HALF})", "ill and missed", "patients"
        ),
        "false_positive": Output(
            f"floor((people - ill) * positive_if_well + {HALF})", "well and alarmed", "patients"
        ),
        "true_negative": Output(
            f"people - ill - floor((people - ill) * positive_if_well + {HALF})",
            "well and reassured",
            "patients",
        ),
        "ppv": Output(
            "100 * ill_share * positive_if_ill / Max(positive_share, 1e-12)",
            "has it, if positive",
            "%",
        ),
        "npv": Output(
            "100 * (1 - ill_share) * (1 - positive_if_well) / Max(1 - positive_share, 1e-12)",
            "does not have it, if negative",
            "%",
        ),
    },
)

register(__name__, diagnostics=tested_people)


@dataclass(frozen=True)
class Frequencies:
    """Whole people in four groups that add up to `people`, and the exact predictive values in per
    cent.

    `ppv` is None if nobody can test positive, `npv` if nobody can test negative.
    """

    people: int
    true_positive: int
    false_negative: int
    false_positive: int
    true_negative: int
    ppv: float | None
    npv: float | None

    @property
    def positive(self) -> int:
        """People with a positive test."""
        return self.true_positive + self.false_positive

    def sentence(self) -> str:
        """The result in words, as one tells it to a patient."""
        return (
            f"Of {self.people} people, {self.true_positive + self.false_negative} have it. "
            f"The test finds {self.true_positive} of them and alarms {self.false_positive} "
            f"others, so {self.true_positive} of {self.positive} positive tests are right. "
            f"It misses {self.false_negative}."
        )

    def icons(self) -> list[str]:
        """One word per person, in the order of the four groups, for an array of icons."""
        groups = ("true_positive", "false_negative", "false_positive", "true_negative")
        return [group for group in groups for _ in range(getattr(self, group))]


@dataclass(frozen=True)
class Test:
    """A published test: per cent sensitive and specific,
    the source of each number is its row in the ledger."""

    __test__ = False  # not a case for pytest

    key: str
    label: str
    sensitivity: float
    specificity: float
    source: str
    note: str

    def among(self, prevalence: float, people: int = 100) -> Frequencies:
        """The test in `people` of whom `prevalence` per cent have the condition."""
        return natural_frequencies(self.sensitivity, self.specificity, prevalence, people)


@given.takes(
    sensitivity=given.number, specificity=given.number, prevalence=given.number, people=given.count
)
def natural_frequencies(
    sensitivity: float, specificity: float, prevalence: float, people: int = 100
) -> Frequencies:
    """A test in whole people; sensitivity, specificity and prevalence in per cent.

    Raises ValueError for a number outside 0 to 100 per cent (a share such as 0.69 must be written
    as 69), or for fewer than 10 or more than 1000 people, or a broken number of them.
    """
    given = {"sensitivity": sensitivity, "specificity": specificity, "prevalence": prevalence}
    for name, value in given.items():
        if not 0 <= value <= 100:
            raise ValueError(
                f"{name} = {value:g} is not between 0 and 100 per cent. Write 69 for 69 %."
            )
    if 0 < sensitivity < 1 or 0 < specificity < 1:
        raise ValueError(
            f"sensitivity = {sensitivity}, specificity = {specificity}: "
            "write per cent, 69 and not 0.69."
        )
    if people != int(people):
        raise ValueError(f"people = {people}: write a whole number, such as 100 or 1000.")
    found = tested_people.evaluate(people=people, **given)
    names = ("true_positive", "false_negative", "false_positive", "true_negative")
    counts = {name: round(found[name]) for name in names}
    positive_possible = prevalence * sensitivity + (100 - prevalence) * (100 - specificity) > 0
    negative_possible = prevalence * (100 - sensitivity) + (100 - prevalence) * specificity > 0
    return Frequencies(
        int(people),
        **counts,
        ppv=found["ppv"] if positive_possible else None,
        npv=found["npv"] if negative_possible else None,
    )


def published_tests() -> dict[str, Test]:
    """Every test of data/scores.csv that has both a sensitivity and a specificity, by key ("fib-4",
    …)."""
    rows = ledger.table("scores").set_index("key")
    names = [key.removesuffix("-sensitivity") for key in rows.index if key.endswith("-sensitivity")]
    return {name: _test(name, rows) for name in names if f"{name}-specificity" in rows.index}


def _test(name: str, rows) -> Test:
    row, other = rows.loc[f"{name}-sensitivity"], rows.loc[f"{name}-specificity"]
    label = row["label"].removeprefix("sensitivity ").removeprefix("of ")
    numbers = (float(row["value"]), float(other["value"]))
    return Test(name, f"{row['score']}: {label}", *numbers, row["source"], row["note"])
