"""A ladder of evidence: claims side by side, rung by rung, with what was found for and against
each.

    Ladder(
        claims=[Claim("Calms inflammation", "Calm")],
        rungs=["dish", "animal", "people", "randomised trial"],
        findings=[Finding(0, 1, "for", "macrophages", "Treated mice had less scar.", "thomas2011",
        "published")], id="ladder", title="…", question="…",
    )
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hepatica.cards.parts.controls import provenance
from hepatica.cards.parts.door import Flag, OneOf
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.predict import Question
from hepatica.cards.parts.text import inline

__all__ = ["Ladder"]

SIGNS = {"for": "for", "open": "open or mixed", "against": "against", "aside": "beside the ladder"}
"""What a finding says about its claim; those beside the ladder are told but not counted."""


@dataclass(frozen=True)
class Claim:
    """One ladder: its name, and a word short enough for a phone."""

    label: str
    short: str


@dataclass(frozen=True)
class Finding:
    """One finding on a rung: what was given or measured, what was found, what limits it,
    the number, its source."""

    claim: int
    rung: int
    sign: str
    what: str
    text: str
    source: str
    status: str
    but: str = ""
    number: str = ""

    def json(self) -> dict:
        """The finding for cards/kinds/ladder/card.js."""
        words = {
            "what": escape(self.what),
            "text": inline(self.text),
            "but": inline(self.but),
            "number": escape(self.number),
        }
        return {
            "claim": self.claim,
            "rung": self.rung,
            "sign": self.sign,
            **words,
            **provenance(self.source, self.status),
        }


SENTENCE = [("only_for > 0", "{sold:t}"), (None, "{all:t}")]


class Ladder(Card):
    """Claims as ladders; each rung opens to its findings, an empty rung says so.

    `notes` hold for every ladder: (text, key of its source). Raises CardError for a finding on no
    rung of the card, an unknown sign, or a ladder without any finding.
    """

    commit = "Show the upper rungs"
    waiting = ""

    def __init__(
        self,
        claims: Sequence[Claim],
        rungs: Sequence[str],
        findings: Sequence[Finding],
        *,
        id: str,
        title: str,
        question: str,
        predict: Question | None = None,
        notes: Sequence[tuple[str, str]] = (),
        brochure: str = "as a brochure shows it: only what speaks for it",
    ):
        for finding in findings:
            _require_place(finding, claims, rungs)
        for number, claim in enumerate(claims):
            if not any(finding.claim == number for finding in findings):
                raise CardError(f"{claim.label} has no finding. Add one, or take the ladder away.")
        spec = {
            "kind": "ladder",
            "id": id,
            "title": title,
            "question": question,
            **_evidence(claims, rungs, findings),
            "notes": [
                {"html": inline(text), **provenance(source, "published")} for text, source in notes
            ],
            "brochure": brochure,
        }
        self._told = spec["told"]
        fields = {
            "rung": OneOf(
                of=["", *places(spec)], start="", label="the rung (claim and rung, both from 0)"
            ),
            "only_for": Flag(start=False, label=brochure),
        }
        super().__init__(
            spec, fields, describe=SENTENCE, names=("only_for", "all", "sold"), predict=predict
        )

    def scope(self, **moved: str | bool) -> dict[str, str | float]:
        """The two sentences that count the findings, and which of them is wanted."""
        only = float(super().scope(**moved)["only_for"])
        return {"only_for": only, "all": self._told["all"], "sold": self._told["for"]}

    def _static_lines(self) -> list[str]:
        counts = Counter(
            (item["claim"], item["rung"], item["sign"]) for item in self.spec["findings"]
        )
        head = "".join(
            f'<th scope="col">{escape(claim["label"])}</th>' for claim in self.spec["claims"]
        )
        rows = "".join(
            f'<tr><th scope="row">{escape(label)}</th>'
            + "".join(
                f"<td>{_counted(counts, claim, rung)}</td>"
                for claim, _ in enumerate(self.spec["claims"])
            )
            + "</tr>"
            for rung, label in reversed(list(enumerate(self.spec["rungs"])))
        )
        return [
            f"<p>{escape(self.describe())}</p>",
            (f'<table><tr><th scope="col">Rung</th>{head}</tr>{rows}</table>'),
        ]


def places(spec: dict) -> list[str]:
    """The rungs of all ladders as the card names them, "claim-rung"."""
    return [
        f"{claim}-{rung}"
        for claim in range(len(spec["claims"]))
        for rung in range(len(spec["rungs"]))
    ]


def told(rungs: Sequence[str], findings: Sequence[Finding]) -> str:
    """How many of the counted findings speak for the claims, rung by rung."""
    counted = [finding for finding in findings if finding.sign != "aside"]
    shares = []
    for number, rung in enumerate(rungs):
        signs = [finding.sign for finding in counted if finding.rung == number]
        shares.append(f"{signs.count('for')} of {len(signs)} {rung[:1].lower()}{rung[1:]}")
    return f"Findings in favour: {'; '.join(shares)}."


def sold(findings: Sequence[Finding]) -> str:
    """How much a picture leaves out that shows only what speaks for the claims."""
    signs = [finding.sign for finding in findings if finding.sign != "aside"]
    speaks = signs.count("for")
    return (
        f"{speaks} findings, all in favour. Left out: {len(signs) - speaks} that are open, "
        "mixed or against."
    )


def _evidence(claims: Sequence[Claim], rungs: Sequence[str], findings: Sequence[Finding]) -> dict:
    """What stands on the rungs, and the two sentences that count it."""
    return {
        "claims": [{"label": claim.label, "short": claim.short} for claim in claims],
        "rungs": list(rungs),
        "findings": [finding.json() for finding in _in_order(findings)],
        "signs": [list(sign) for sign in SIGNS.items()],
        "told": {"all": told(rungs, findings), "for": sold(findings)},
    }


def _in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Findings in favour first, then the open ones, then those against;
    otherwise in their order."""
    return sorted(findings, key=lambda finding: list(SIGNS).index(finding.sign))


def _counted(counts: Counter, claim: int, rung: int) -> str:
    signs = [
        f"{counts[claim, rung, sign]} {words}"
        for sign, words in SIGNS.items()
        if counts[claim, rung, sign]
    ]
    return ", ".join(signs) or "nothing found"


def _require_place(finding: Finding, claims: Sequence[Claim], rungs: Sequence[str]) -> None:
    if finding.sign not in SIGNS:
        raise CardError(
            f"“{finding.text}”: unknown sign {finding.sign!r}. Choose one of {', '.join(SIGNS)}."
        )
    if not (0 <= finding.claim < len(claims) and 0 <= finding.rung < len(rungs)):
        place = f"{finding.claim}-{finding.rung}"
        raise CardError(f"“{finding.text}” stands on rung {place}, which this card does not have.")
