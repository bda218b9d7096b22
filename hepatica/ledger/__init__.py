"""The ledger: every number of the course, with value, unit, range, source and status.

The tables are the CSV files of ``data/``. A table is read when it is first asked for, checked
against its description (``hepatica.ledger.schemas``) and kept. Anything wrong raises
``LedgerError`` with file, row, column, value and what to do.

    >>> number("parameters/scar_circuit.mu_1").value
    0.3
    >>> number("antifibrotic_trials/selonsertib-stellar3-18-mg.placebo_value").value
    13.0
    >>> table("causes").query("cause == 'hcv' and aspect == 'start'")["statement"].item()
    'portal tract and its edge (interface hepatitis), lobule besides'

``python -m hepatica.ledger`` checks everything and prints the number of rows per table.
"""

from hepatica.ledger.checks import check
from hepatica.ledger.complaints import LedgerError
from hepatica.ledger.numbers import (
    INHERITS,
    PLACEHOLDER,
    Number,
    Parameter,
    fill,
    number,
    parameters,
    plain,
    shown,
    written,
)
from hepatica.ledger.readings import Reading, grown_old, readings, verdicts_grown_old
from hepatica.ledger.references import Reference, cite, reference
from hepatica.ledger.tables import DATA, forget, rows, table

__all__ = [
    "DATA",
    "INHERITS",
    "PLACEHOLDER",
    "LedgerError",
    "Number",
    "Parameter",
    "Reading",
    "Reference",
    "check",
    "cite",
    "fill",
    "forget",
    "grown_old",
    "number",
    "parameters",
    "plain",
    "readings",
    "reference",
    "rows",
    "shown",
    "table",
    "verdicts_grown_old",
    "written",
]
