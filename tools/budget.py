"""One budget of the course and what was measured."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Line"]


@dataclass(frozen=True)
class Line:
    """One budget: what was measured, what is allowed, and whether it holds."""

    what: str
    budget: str
    measured: str
    met: bool

    def __str__(self) -> str:
        return (
            f"{'ok  ' if self.met else 'OVER'}  {self.what:<62} {self.budget:<26} {self.measured}"
        )
