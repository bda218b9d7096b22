"""The map of a field of lobules as a view of an explorable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class LobuleMap:
    """The field of a `hepatica.models.field.Lobules` at the play head;
    `needle` shows a needle that can be dragged."""

    alt: str
    title: str = ""
    needle: bool = False

    def json(self, names: Iterable[str] = ()) -> dict:
        """The view for cards/views/map.js."""
        return {"type": "map", "title": self.title, "alt": self.alt, "needle": self.needle}
