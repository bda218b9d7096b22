"""python -m hepatica.site [out] [--address URL] [--no-paper]: write the course's web site into the
folder out (_site when not named)."""

from __future__ import annotations

import argparse
import sys

from hepatica.ledger import LedgerError
from hepatica.site import SiteError, build


def main(arguments: list[str] | None = None) -> int:
    """Build the site; return 0, or 1 with the reason on the error stream."""
    parser = argparse.ArgumentParser(
        prog="python -m hepatica.site", description="Write the course as a web site."
    )
    parser.add_argument(
        "out", nargs="?", default="_site", help="folder of the site (default: _site)"
    )
    parser.add_argument(
        "--address",
        default="",
        help="where the site will stand, such as https://example.org/hepatica: "
        "its slides then carry QR codes of their cards",
    )
    parser.add_argument(
        "--no-paper",
        action="store_true",
        help="leave out the sheets to print (handouts, answer sheets, keys), which take a minute",
    )
    words = parser.parse_args(arguments)
    try:
        build(words.out, address=words.address, paper=not words.no_paper)
    except (SiteError, LedgerError) as error:
        print(f"The site was not written.\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
