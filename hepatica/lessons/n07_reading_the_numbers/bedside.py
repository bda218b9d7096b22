"""The scores at the bedside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from hepatica import ledger
from hepatica.cards import Choice, Explorable, Mission, Preset, Slider, Sweep
from hepatica.cards.parts.controls import Given
from hepatica.cards.parts.shapes import asked, rules
from hepatica.cards.views.bars import Bars, Part, Row
from hepatica.models.bedside import bedside, other_unit, patient

LETTERS = ("A", "B", "C")
ASCITES = {0: "none", 1: "mild", 2: "moderate", 3: "large, tapped often"}
CONFUSION = {0: "none", 1: "grade 1", 2: "grade 2", 3: "grade 3"}
SEX = {0: "man", 1: "woman"}
# a card without a curve reads the first point: nobody is on dialysis
UNSWEPT = Sweep("dialysis", 0, 1, points=2)


def chosen(key: str, *names: str) -> dict[str, float]:
    """The inputs of a virtual patient that a card shows."""
    values = patient(key)
    return {name: values[name] for name in names or values if name != "dialysis"}


def patients(*keys: str) -> list[Preset]:
    """A button for each virtual patient: initials, with the story's title as hint."""
    rows = ledger.table("patients").set_index("key")
    return [
        Preset(f"{rows.loc[key, 'initials']} ({key})", chosen(key), rows.loc[key, "title"])
        for key in keys
    ]


def sliders(start: Mapping[str, float], *names: str) -> list[Slider]:
    """Sliders of laboratory values that begin with a patient;
    two units where laboratories use two."""
    ranges = {
        "bilirubin": (0.3, 30, None),
        "creatinine": (0.4, 6, None),
        "INR": (0.9, 4, 0.1),
        "sodium": (115, 145, 1),
        "albumin": (1.5, 5, 0.1),
    }
    return [
        Slider(
            name,
            low=low,
            high=high,
            step=step,
            value=start[name],
            units=other_unit(name) if name in ("bilirubin", "creatinine", "albumin") else None,
        )
        for name in names
        for low, high, step in [ranges[name]]
    ]


def _meld_rows() -> tuple[Row, ...]:
    """MELD, MELD-Na and MELD 3.0, each as what its measurements add."""
    base, base_3 = (
        ledger.number(f"scores/{key}-coefficient-constant").value for key in ("meld", "meld-3")
    )

    def blood(suffix: str, constant: float) -> tuple[Part, ...]:
        return (
            Part("for everybody", "muted", f"{constant}", "1f"),
            Part("bilirubin", "bile", f"of_bilirubin{suffix}", "1f"),
            Part("INR", "blood", f"of_INR{suffix}", "1f"),
            Part("creatinine", "macrophage", f"of_creatinine{suffix}", "1f"),
        )

    meld = blood("", 10 * base)
    own = (
        Part("sodium", "therapy", "of_sodium_3", "1f"),
        Part("albumin", "hepatocyte", "of_albumin_3", "1f"),
        Part("woman", "myofibroblast", "of_sex_3", "1f"),
    )
    return (
        Row("MELD (2002)", meld, "meld"),
        Row("MELD-Na (2016)", (*meld, Part("sodium", "therapy", "of_sodium", "1f")), "meld_na"),
        Row("MELD 3.0 (2021)", (*blood("_3", base_3), *own), "meld_3"),
    )


POINTS = {
    "bilirubin": "bile",
    "albumin": "hepatocyte",
    "INR": "blood",
    "ascites": "therapy",
    "encephalopathy": "macrophage",
}
CHILD_PUGH = Row(
    "Child–Pugh (5 to 15)",
    tuple(Part(name, role, f"points_{name}") for name, role in POINTS.items()),
    "child_pugh",
    grade="child_pugh_class",
    words=LETTERS,
    high=15,
)


@cache
def four_scores() -> Explorable:
    """Four scores of one patient, each taken apart into what its measurements add."""
    start = chosen("V09")
    return Explorable(
        bedside,
        id="four-scores",
        title="One patient, four scores",
        question="How much can one blood value change a score?",
        run=UNSWEPT,
        controls=[
            *sliders(start, "bilirubin", "INR", "creatinine", "sodium"),
            Given("female", "sex", SEX, start["female"]),
            Given("albumin", "albumin", value=start["albumin"]),
            Given("ascites", "ascites", ASCITES, start["ascites"]),
            Given("encephalopathy", "encephalopathy", CONFUSION, start["encephalopathy"]),
        ],
        views=[Bars("Where the points come from", (*_meld_rows(), CHILD_PUGH), high=40)],
        describe=rules("""
            meld_na - meld >= 3
                MELD {meld:0f}, MELD-Na {meld_na:0f}, MELD 3.0 {meld_3:0f}: a sodium of {sodium:0f}
                mmol/L adds {of_sodium:0f} points that bilirubin, INR and creatinine do not show. By
                the published curve, about {dead_90_days:0f} of a hundred listed patients with this
                MELD 3.0 die within 90 days.
            (meld <= 7) & (meld_3 <= 8)
                MELD {meld:0f}, MELD-Na {meld_na:0f}, MELD 3.0 {meld_3:0f}: as low as the scores can
                go, or nearly. They read what the liver does, not how much of it is scar.
            otherwise
                MELD {meld:0f}, MELD-Na {meld_na:0f}, MELD 3.0 {meld_3:0f}, Child–Pugh
                {child_pugh:0f} points. By the published curve, about {dead_90_days:0f} of a hundred
                listed patients with this MELD 3.0 die within 90 days.
        """),
        predict=asked(
            """
            O.L. has a MELD of 15. Her sodium is 127 mmol/L. What is her MELD-**Na**?
            * 15 points.
                right if meld_na < meld + 1
                Sodium is the kidney's business, one thinks. It falls when the liver fails: the body
                holds water back, and lists that ignored it lost people early.
            * 17 points.
                right if (meld_na >= meld + 1) & (meld_na < meld + 5)
                A small correction, one would expect of a small shift. Near 127 each mmol/L that is
                missing costs about a point.
            * 23 points.
                right if meld_na >= meld + 5
                Eight points from one value. Raise the sodium and see when they are gone.
            """,
            ladder=True,
        ),
        mission=Mission(
            "Whom did the older scores not see? Bring MELD 3.0 ten points above MELD while MELD-Na "
            "still says the same as MELD.",
            reached="(meld_3 - meld >= 10) & (meld_na - meld < 0.5)",
            done="MELD {meld:0f}, MELD-Na {meld_na:0f}, MELD 3.0 {meld_3:0f}: a woman with little "
            "sodium and albumin, and nothing else that the older scores read.",
            fails=[
                (
                    "meld_na - meld >= 0.5",
                    (
                        "MELD-Na {meld_na:0f} is above MELD {meld:0f}: from here on it counts the sodium "
                        "as well. Make the three oldest values better."
                    ),
                ),
                (
                    "meld >= 20",
                    "MELD {meld:0f} and MELD 3.0 {meld_3:0f}: in the very ill all scores agree.",
                ),
            ],
            far="MELD {meld:0f}, MELD 3.0 {meld_3:0f}: not yet ten points apart. What does only the "
            "newest score read?",
        ),
        presets=patients("V01", "V05", "V09", "V11"),
        equations=("of_bilirubin", "of_INR", "of_creatinine", "meld_exact", "meld"),
    )


BLOOD_AND_EXAMINER = (
    "{points_bilirubin + points_albumin + points_INR:0f} from blood, "
    "{points_ascites + points_encephalopathy:0f} from the examiner."
)


@cache
def child_pugh() -> Explorable:
    """Child–Pugh with its two judged findings, for the exercises."""
    start = chosen("V03")
    return Explorable(
        bedside,
        id="child-pugh",
        title="Five items, three steps each",
        question="Which step needs the smallest change in the patient, "
        "and which needs only another examiner?",
        run=UNSWEPT,
        controls=[
            *sliders(start, "bilirubin", "albumin"),
            Choice(
                "ascites", {"none": 0, "mild": 1, "moderate or large": 2}, value=start["ascites"]
            ),
            Choice(
                "encephalopathy",
                {"none": 0, "grade 1–2": 1, "grade 3–4": 3},
                value=start["encephalopathy"],
            ),
            Given("INR", value=start["INR"]),
        ],
        views=[Bars("Points", (CHILD_PUGH,), high=15)],
        describe=[
            (when, f"{{child_pugh:0f}} points, class {letter}: " + BLOOD_AND_EXAMINER)
            for when, letter in zip(
                ("child_pugh_class < 1.5", "child_pugh_class < 2.5", None), LETTERS, strict=True
            )
        ],
        presets=[
            Preset(
                preset.label,
                {
                    k: v
                    for k, v in preset.values.items()
                    if k in ("bilirubin", "albumin", "ascites", "encephalopathy", "INR")
                },
                preset.hint,
            )
            for preset in patients("V03", "V06")
        ],
        equations=("points_bilirubin", "points_albumin", "child_pugh"),
    )
