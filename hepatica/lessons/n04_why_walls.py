"""What may draw the walls of a cirrhosis and where it was seen, from data/why_walls.csv."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards.kinds.ladder.card import Claim, Finding, Ladder
from hepatica.cards.parts.predict import Predict
from hepatica.ledger.scarring import EXPLANATIONS, SEEN

CLAIMS = {
    "zones": Claim("Zones meet", "Zones"),
    "collapse": Claim("A dead strip collapses", "Collapse"),
    "vessels": Claim("Small veins close", "Veins"),
    "ducts": Claim("Ducts sprout", "Ducts"),
    "pressing": Claim("Cells press or pull", "Press"),
}
RUNGS = {
    "model": "In a model",
    "animal": "In a dish or an animal",
    "people": "In people’s livers, looked at once",
    "followed": "In people, looked at twice",
}
PEOPLE = SEEN.index("people")


def findings() -> list[Finding]:
    """Every row on a wall, in the table's order."""
    rows = ledger.table("why_walls").query("topic == 'wall'")
    return [
        Finding(
            EXPLANATIONS.index(row.explanation),
            SEEN.index(row.level),
            row.sign,
            row.label[:1].upper() + row.label[1:],
            row.statement,
            row.source,
            row.status,
            row.limit,
            row.as_printed if row.unit != "not stated" else "",
        )
        for row in rows.itertuples()
    ]


def unseen(explanation: str) -> bool:
    """Whether nothing was found of an explanation in the livers of people."""
    claim = EXPLANATIONS.index(explanation)
    return not any(item.claim == claim and item.rung >= PEOPLE for item in findings())


@cache
def seen_in_people() -> Ladder:
    """Five explanations of walls, four rungs: where each was seen."""
    return Ladder(
        [CLAIMS[name] for name in EXPLANATIONS],
        [RUNGS[name] for name in SEEN],
        findings(),
        id="why-walls",
        title="Veins and ducts were seen in people; pressing only in models and dishes",
        question="Which explanation of a wall was seen where?",
        predict=Predict(
            "All five are told as if they had been watched. For which one did we find **nothing in "
            "people’s livers**?",
            [
                (
                    "A strip of cells dies and collapses.",
                    unseen("collapse"),
                    (
                        "“Too violent for daily life.” Pathologists of hepatitis described it long ago: "
                        "necrosis from a centre to a tract leaves a septum of old fibres."
                    ),
                ),
                (
                    "Small veins close, and a patch dies.",
                    unseen("vessels"),
                    (
                        "“Blood is plumbing, scar is cells.” Closed hepatic veins and congestion are what "
                        "this school sees most in human cirrhosis, and a Fontan liver has little else."
                    ),
                ),
                (
                    "Regrowing cells press the scar thin.",
                    unseen("pressing"),
                    (
                        "It makes the best pictures in a model, ours included. Open the upper rungs: veins "
                        "and ducts have findings in people, as associations and still pictures."
                    ),
                ),
                (
                    "Ducts sprout, and scar follows them.",
                    unseen("ducts"),
                    (
                        "“Bile ducts are for bile.” In MASH the ductular reaction rises with the stage, "
                        "and it was commoner where scar progressed."
                    ),
                ),
            ],
            hides=PEOPLE,
        ),
        brochure="as its own school tells it: only what speaks for it",
    )
