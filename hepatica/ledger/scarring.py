"""Tables of how scar is made, what was tried against it, who gets it and how it is staged."""

from __future__ import annotations

from hepatica.ledger.fields import Field

TABLES: dict[str, dict[str, Field]] = {}
