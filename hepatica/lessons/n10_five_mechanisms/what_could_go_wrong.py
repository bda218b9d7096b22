"""What could go wrong: infused cells that turn into scar cells, and a clot."""

from __future__ import annotations

from functools import cache

from hepatica.cards import Axis, Chart, Curve, Explorable, Preset, Run, Scenes, Slider
from hepatica.cards.parts.shapes import asked, rules
from hepatica.models.therapy import SCARRED_CELLS, TYPICAL, WEAK, at_first_infusion, therapy

from .five_levers import NO_CELLS, rounded, therapy_with

YEARS = 20
SCARRED = at_first_infusion("ongoing") | {"d": therapy.values()["d"]}
UNSCARRED = {name: therapy.values()[name] for name in SCARRED} | TYPICAL
LIVERS = {
    "no scar, a weak cause": UNSCARRED | {"injury_years": 60, "d": WEAK},
    "no scar, a weaker cause": UNSCARRED | {"injury_years": 60, "d": 0.0003},
    "a scar, its cause going on": SCARRED,
}
"""The weak cause makes no scar by itself in this model: it lies just below the limit."""
EIGHTH = 1600  # cells/mL: of 13,000 that arrive, an eighth
CLOT = """The clot lifts the gradient to {PSG_end:1f} mmHg (without cells {PSG_without_end:1f}). At
    {100*p_clot:1f} % an infusion, it meets {100*(1-(1-p_clot)**infusions):0f} of a hundred people.
"""
COUNTED = "{F_end:2s} scar cells per mL after twenty years, {F_without_end:2s} without cells."


def _verdicts() -> list[tuple[str | None, str]]:
    """What the cells that turned have done, and then what the clot does."""
    clot = " ".join(CLOT.split())
    said = rules(f"""
        harm_F < 1
            {COUNTED} No cell turns.
        F_without_end > {SCARRED_CELLS:g}
            {COUNTED} Here they already stand close: a few more do not count.
        F_end > {SCARRED_CELLS:g}
            {COUNTED} Lit: they feed one another. The scar is still small, {{CPA_end:1f}} %, and
            will not stop.
        otherwise
            {COUNTED} Too few, or too little injury to feed them: they die out.
    """)
    with_clot = [
        (f"({when}) & (harm_clot > 0)" if when else "harm_clot > 0", f"{words} {clot}")
        for when, words in said
    ]
    return [rule for pair in zip(with_clot, said, strict=True) for rule in pair]


def _preset(label: str, liver: str, **changed: float) -> Preset:
    start = {"harm_F": 0, "harm_clot": 0, "p_clot": 0, "infusions": 1}
    return Preset(label, {**rounded(LIVERS[liver]), **start, **changed})


@cache
def what_could_go_wrong() -> Explorable:
    """Infused cells that turn into scar cells, and a clot, in a liver without and with a scar."""
    none, weaker, scarred = LIVERS
    return Explorable(
        therapy_with(**LIVERS[none]),
        id="what-could-go-wrong",
        title="Where nothing burns yet, a few may light it",
        question=(
            "Infused cells might turn into scar cells; a clot might narrow the liver. "
            "Whom would it hurt?"
        ),
        run=Run(YEARS, "years", points=161),
        without=NO_CELLS | {"harm_clot": 0},
        controls=[
            Scenes(LIVERS, "The liver"),
            Slider("harm_F", "infused cells that turn into scar cells", step=100, value=EIGHTH),
            Slider("infusions", "infusions, one a week", low=1, high=26, step=1),
            Slider("harm_clot", "a clot: resistance higher by", step=0.05),
            Slider("p_clot", "chance of a clot, per infusion", step=0.005),
        ],
        views=[
            Chart(
                "Scar cells (myofibroblasts)",
                Axis("time", "years", 0, YEARS),
                Axis("scar cells", "per mL", 1, 1e6, "log"),
                curves=(
                    Curve("F_without", "without cells", "muted", dash="dash"),
                    Curve("F", "with cells", "myofibroblast", dash="solid"),
                ),
                height=280,
            ),
            *(
                Chart(
                    title,
                    Axis("years", "", 0, YEARS),
                    Axis("", "", 0, high),
                    curves=(
                        Curve(f"{read}_without", "without cells", "muted", dash="dash"),
                        Curve(read, "with cells", role, dash="solid"),
                    ),
                    height=170,
                    small=True,
                )
                for title, read, role, high in (
                    ("Scar (% of tissue)", "CPA", "collagen", 30),
                    ("Gradient (mmHg)", "PSG", "blood", 30),
                )
            ),
        ],
        describe=_verdicts(),
        predict=asked(f"""
            A liver **without a scar**; its cause is too weak ever to make one. Of one infusion, one
            cell in eight that arrive turns into a scar cell: {EIGHTH} per mL. Twenty years later
            * strangers have died out: nothing is left to be seen.
                right if F_end < 1000
                “The body clears strangers.” Below some number it does. These stand close enough to
                feed one another, and the weak cause does the rest.
            * those that came are there: about {EIGHTH} per mL.
                right if (F_end >= 1000) & (F_end < 10000)
                “What comes, stays.” Scar cells are born and die within days; either they die out or
                they feed one another up to a crowd.
            * there are about a hundred times as many as came.
                right if F_end >= 10000
                They feed one another: a fire is lit that the cause alone never lit. In mice many of
                the few cells that settled looked so
                ([di Bonzo 2008](https://pubmed.ncbi.nlm.nih.gov/17639088/)); for people we found no
                measurement. Now take the liver that has its scar.
        """),
        presets=[
            _preset("all turn, a weaker cause", weaker, harm_F=13000),
            _preset("all turn, a scar that is there", scarred, harm_F=13000),
            _preset("a clot, no scar", none, harm_clot=0.3, p_clot=0.01, infusions=3),
            _preset("a clot, a scar", scarred, harm_clot=0.3, p_clot=0.01, infusions=3),
        ],
        equations=("F", "R_L"),
    )
