"""``python -m hepatica.ledger``: check every table."""

from __future__ import annotations

from hepatica.ledger.checks import check


def main() -> None:
    """Check every table and print its number of rows."""
    counts = check()
    for name, rows in counts.items():
        print(f"{rows:6d}  {name}")
    print(f"{sum(counts.values()):6d}  rows in {len(counts)} tables, all checked")


if __name__ == "__main__":
    main()
