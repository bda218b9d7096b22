"""Cards of notebook 12 on reading a trial: six readings of MELD, lives in an open trial, and MATCH
audited."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.analysis import virtual_readings
from hepatica.cards import Choice, Predict, Preset, Slider, VirtualTrial
from hepatica.lessons.n12_run_your_own_trial import COURSE, FIRST, PEOPLE

MEASURED = {"others": 1.55, "lost_ratio": 1.79, "attention": 1, "listed": 1, "benefit": 0}
ALIKE = {"others": 1, "lost_ratio": 1, "attention": 1, "listed": 1, "benefit": 0}


@cache
def readings() -> VirtualTrial:
    """A hundred trials, each read in six ways, with an external control and ANCOVA among them."""
    end, change, given = (
        virtual_readings.reading_spread(name) for name in ("end", "change", "ancova")
    )
    return VirtualTrial(
        "readings",
        id="six-readings",
        seed=FIRST,
        title="The baseline removes the door, the lot removes the rest",
        question="The same people, read in six ways: which reading tells the truth?",
        controls=[
            Slider("benefit", "true fall of MELD by the cells", low=0, high=5, step=0.1),
            Slider("entry", "MELD needed to enter", low=0, high=20, step=1),
            Slider("noise", "noise of one MELD", low=0, high=6, step=0.1),
            Slider("outside", "fewer newly sober in the register", low=0, high=0.5, step=0.01),
        ],
        presets=[
            Preset("a register like them", {"outside": 0, "benefit": 0, "noise": 2.5}),
            Preset("a noisy laboratory", {"outside": 0.2, "benefit": 0, "noise": 5}),
            Preset("cells that work: two points", {"outside": 0.2, "benefit": 2, "noise": 2.5}),
        ],
        predict=Predict(
            "Fifty people, half with cells by lot, and three ways to reckon the difference "
            "of their MELD. Which varies least from one trial to the next?",
            [
                (
                    "End against end.",
                    end < min(change, given),
                    (
                        "The lot is taken to have made both arms equal. It does so on average; in one "
                        "trial of fifty one arm begins higher, and the end carries that along."
                    ),
                ),
                (
                    "Change against change.",
                    change < min(end, given),
                    (
                        "Subtracting the beginning seems to remove it. It removes too much: the "
                        "baseline's own noise is subtracted as well."
                    ),
                ),
                (
                    "End, given the start.",
                    given < min(end, change),
                    (
                        "The baseline is allowed for as much as it foretells the end, no more. So "
                        "ANCOVA needs fewer people for the same certainty, and cures no bias."
                    ),
                ),
            ],
        ),
        uses=("n", "benefit", "entry", "outside", *PEOPLE, *COURSE),
    )


@cache
def open_life() -> VirtualTrial:
    """Four hundred lives, each lived with cells and without, blinded and open."""
    return VirtualTrial(
        "life",
        id="open-label-lives",
        seed=FIRST,
        title="Nobody touches a death, and yet an open trial can count others",
        question="The same four hundred lives in a blinded and in an open trial: who dies?",
        controls=[
            Slider("others", "open: other treatments of controls, times", low=0.5, high=2.5),
            Slider("lost_ratio", "open: controls lost, times", low=0.5, high=3),
            Slider("attention", "open: other treatments with cells, times", low=0.5, high=2.5),
            Slider("listed", "open: transplants of controls, times", low=0.5, high=5),
        ],
        presets=[
            Preset("nobody behaves otherwise", ALIKE),
            Preset("only what was measured", MEASURED),
            Preset("more care for those with cells", ALIKE | {"attention": 2.5}),
            Preset("doctors list the controls", MEASURED | {"listed": 4}),
            Preset("cells that work: three points", MEASURED | {"benefit": 3}),
        ],
        predict=Predict(
            "Useless cells. In unblinded trials, controls took other treatments "
            "{parameters/virtual_trial.others} times as often and dropped out "
            "{parameters/virtual_trial.lost_ratio} times as often as in blinded ones. Only this "
            "differs here. The count of the dead makes the cells look:",
            [
                (
                    "better than they are.",
                    "open_deaths < 0.97",
                    (
                        "“Open means flattering.” Often feared; here the controls are helped by what "
                        "else they take, and some of their dead are never seen."
                    ),
                ),
                (
                    "just as they are.",
                    "(open_deaths >= 0.97) & (open_deaths <= 1.03)",
                    (
                        "“A death is a death.” Whether it is one, nobody disputes. Who comes to die "
                        "and who is seen to, depends on what people do when they know."
                    ),
                ),
                (
                    "worse than they are.",
                    "open_deaths > 1.03",
                    (
                        "Controls are helped by what else they take, and some of their dead are never "
                        "seen. With more care for the treated it turns round: press the buttons."
                    ),
                ),
            ],
        ),
        uses=(
            "others",
            "lost_ratio",
            "attention",
            "listed",
            "care_share",
            "care_points",
            "lost",
            "wait",
            "follow",
            "benefit",
            *PEOPLE,
            *COURSE[:-1],
        ),
    )


def match_reports() -> dict:
    """MATCH at 30 and 48 months as reported: the dead, the transplanted, and how many people."""

    def count(key: str) -> int:
        return int(ledger.number(f"guidelines/{key}").value)

    return {
        "people": count("match-people"),
        "people_control": count("match-people-control"),
        "reports": {
            "30": {
                "dead": count("match-30m-died"),
                "dead_control": count("match-30m-died-control"),
                "transplanted": count("match-30m-transplants-control"),
            },
            "48": {
                "dead": count("match-later-died"),
                "dead_control": count("match-later-died-control"),
                "transplanted": count("match-later-transplants-control"),
            },
        },
    }


@cache
def match_audit() -> VirtualTrial:
    """MATCH at 30 and 48 months: one assumption joins deaths and the composite."""
    reports = match_reports()
    early, late = (reports["reports"][month] for month in ("30", "48"))
    treated, others = reports["people"], reports["people_control"]

    def counts(dead: int, control: int) -> str:
        return f"{dead} of {treated} against {control} of {others}."

    return VirtualTrial(
        "audit",
        id="match-audit",
        data=reports,
        title="Between eight against nine and eight against fourteen lies one assumption",
        question="MATCH, later on: what do deaths say, and what does death or transplant?",
        controls=[
            Choice("audited", {"30 months": 30, "48 months": 48}, "report"),
            Slider("saved", "of the transplanted, else dead", low=0, high=5, step=1),
            Choice("missing", {"26 of the reports": 0, "27, one missing, dead": 1}, "treated"),
        ],
        presets=[
            Preset("deaths at 30 months", {"audited": 30, "saved": 0, "missing": 0}),
            Preset("death or transplant, 30", {"audited": 30, "saved": 2, "missing": 0}),
            Preset("deaths at 48 months", {"audited": 48, "saved": 0, "missing": 0}),
            Preset("death or transplant, 48", {"audited": 48, "saved": 5, "missing": 0}),
        ],
        predict=Predict(
            "Four years after MATCH began, {guidelines/match-later-alive} % of those with "
            "macrophages lived without a transplant, {guidelines/match-later-alive-control} % of "
            "the others. How many had **died**?",
            [
                (
                    counts(late["dead"], late["dead_control"] + late["transplanted"]),
                    False,
                    (
                        "“Not alive without transplant” is read as “dead”. Five of these others were "
                        "transplanted; the report does not count them among the dead."
                    ),
                ),
                (
                    counts(late["dead"], late["dead_control"]),
                    True,
                    (
                        "Eight and nine. The other five of the gap had a transplant, which doctors "
                        "who know the arm decide, and which may have saved their lives."
                    ),
                ),
                (
                    counts(early["dead"], early["dead_control"]),
                    False,
                    (
                        "That was so after thirty months, by a university page. Between then and four "
                        "years six more died with macrophages and two without."
                    ),
                ),
            ],
        ),
        uses=("audited", "saved", "missing"),
    )
