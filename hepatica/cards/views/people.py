"""People instead of per cent: arrays of icons, and the lives of single people as strips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.palette import ROLES
from hepatica.cards.parts.sentence import Formula
from hepatica.cards.views.pictures import INTERFACE_ROLES
from hepatica.model.chain import Chain

MARKS = ("circle", "ring", "diamond", "open-diamond", "square", "triangle", "cross")
THICKEST = 6  # steps of thickness of a strip


@dataclass(frozen=True)
class Group:
    """One group of an array: a formula of the run that counts its people,
    a colour role and a mark."""

    label: str
    value: str
    role: str
    mark: str

    def json(self, names: Iterable[str]) -> dict:
        """The group for cards/views/icons.js; raises CardError for an unknown role or mark."""
        _require_role(self.label, self.role)
        if self.mark not in MARKS:
            raise CardError(
                f"{self.label}: unknown mark {self.mark!r}. Choose one of {', '.join(MARKS)}."
            )
        return {
            "label": self.label,
            **Formula(self.value, names).js,
            "role": self.role,
            "mark": self.mark,
        }


@dataclass(frozen=True)
class Icons:
    """An array of `people` icons in groups, in their order; whole people always add up.

    What the groups count is scaled to `people`; the largest remainders round up.
    """

    groups: Sequence[Group]
    title: str = ""
    people: int = 100

    def json(self, names: Iterable[str]) -> dict:
        """The view for cards/views/icons.js; raises CardError if two groups look the same."""
        names, looks = list(names), {(group.role, group.mark) for group in self.groups}
        if len(looks) < len(self.groups):
            raise CardError(
                f"{self.title}: two groups have the same colour and mark. Give each its own."
            )
        groups = [group.json(names) for group in self.groups]
        return {"type": "icons", "title": self.title, "people": self.people, "groups": groups}


@dataclass(frozen=True)
class Band:
    """States of a chain that a strip shows alike: a colour role and a thickness from 1 to 6."""

    label: str
    states: Sequence[str]
    role: str
    thickness: int

    def json(self, chain: Chain) -> dict:
        """The band for cards/views/lives.js; raises CardError for an unknown state,
        role or thickness."""
        _require_role(self.label, self.role)
        unknown = [state for state in self.states if state not in chain.people]
        if unknown:
            raise CardError(
                f"{self.label}: {chain.name} has no state {unknown[0]}. "
                f"It has {', '.join(chain.people)}."
            )
        if not 1 <= self.thickness <= THICKEST:
            raise CardError(f"{self.label}: thickness {self.thickness} is outside 1 to {THICKEST}.")
        states = [chain.people.index(state) for state in self.states]
        return {
            "label": self.label,
            "states": states,
            "role": self.role,
            "thickness": self.thickness,
        }


@dataclass(frozen=True)
class Lives:
    """Single people of a chain, one strip each, drawn by chance in the page with the values of the
    controls.

    Every person keeps the same luck, one random number a year, while the controls move; a button
    draws others.
    """

    chain: Chain
    bands: Sequence[Band]
    title: str = ""
    people: int = 10
    switch_label: str = ""
    seed: int = 1

    def json(self, _names: Iterable[str]) -> dict:
        """The view for cards/views/lives.js; raises CardError if a state belongs to no band or to
        two."""
        bands = [band.json(self.chain) for band in self.bands]
        placed = sorted(state for band in bands for state in band["states"])
        if placed != list(range(len(self.chain.people))):
            raise CardError(
                f"{self.title}: each state of {self.chain.name} belongs to exactly one band."
            )
        return {
            "type": "lives",
            "title": self.title,
            "people": self.people,
            "bands": bands,
            "seed": self.seed,
            "switchLabel": self.switch_label,
        }


def _require_role(label: str, role: str) -> None:
    if role not in (*ROLES, *INTERFACE_ROLES):
        known = ", ".join((*ROLES, *INTERFACE_ROLES))
        raise CardError(f"{label}: unknown colour role {role!r}. Choose one of {known}.")
