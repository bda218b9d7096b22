"""Accidents of spreadsheets, editors and downloads: each is refused with file, row, column and what
to write; 'seeded' ones are drawn over all tables."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hepatica import ledger
from hepatica.ledger import cells, schemas
from hepatica.ledger.fields import PANDAS_TYPES
from hepatica.ledger.printed import counted, printed
from tools import sizes

Draw = random.Random
Spoilt = tuple[bytes, int, str]
"""A spoilt file, the row that must be named (0: any), and words that the message must hold."""

ODD_NUMBERS = [
    "inf",
    "-inf",
    "nan",
    "NaN",
    "1_500",
    "1e999",
    "0x10",
    "TRUE",
    "5%",
    "１５",
    "1.500,2",
    "<3",
    ".5",
    "5.",
    "+5",
    "1e5.5",
]


def lines_of(name: str) -> list[str]:
    return (ledger.DATA / f"{name}.csv").read_text(encoding="utf-8").split("\n")[:-1]


def joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def numbers_of(name: str) -> list[str]:
    return [column for column, field in schemas.TABLES[name].items() if field.kind in PANDAS_TYPES]


def with_cell(name: str, n: int, column: str, text: str) -> list[str]:
    """The lines of a table with one cell of line `n` written anew, not quoted."""
    columns = list(schemas.TABLES[name])
    row = cells.read(ledger.DATA / f"{name}.csv", schemas.TABLES[name])[n - 2]
    made = [f'"{cell.replace(chr(34), chr(34) * 2)}"' if cell else "" for cell in row.values()]
    made[columns.index(column)] = text
    lines = lines_of(name)
    lines[n - 1] = ",".join(made)
    return lines


def some_line(name: str, draw: Draw) -> int:
    return draw.randint(2, len(lines_of(name)))


def some_text(name: str, draw: Draw) -> str:
    kinds = schemas.TABLES[name].items()
    return draw.choice([column for column, field in kinds if field.kind in ("text", "key")])


# -- the kinds of accident -------------------------------------------------------------------------


def code_page(name: str, draw: Draw) -> Spoilt:
    n = some_line(name, draw)
    lines = with_cell(name, n, some_text(name, draw), "Åé")
    before, line, after = lines[: n - 1], lines[n - 1], lines[n:]
    told = line.replace("Åé", "\0").encode().replace(b"\0", "Åé".encode("cp1252"))
    parts = [*(each.encode() for each in before), told, *(each.encode() for each in after)]
    return b"\n".join(parts) + b"\n", n, "UTF-8"


def utf_16(name: str, draw: Draw) -> Spoilt:
    encoding = draw.choice(["utf-16", "utf-16-le", "utf-16-be"])
    return joined(lines_of(name)).decode().encode(encoding), 1, "UTF-8"


def byte_order_mark(name: str, draw: Draw) -> Spoilt:
    return b"\xef\xbb\xbf" + joined(lines_of(name)), 1, "byte order mark"


def long_row(name: str, draw: Draw) -> Spoilt:
    lines, n = lines_of(name), some_line(name, draw)
    lines[n - 1] += draw.choice([",", ",5", ",,,"])
    return joined(lines), n, "needs"


def short_row(name: str, draw: Draw) -> Spoilt:
    n = some_line(name, draw)
    lines = with_cell(name, n, draw.choice(list(schemas.TABLES[name])), "\0")
    lines[n - 1] = lines[n - 1].replace("\0,", "").replace(",\0", "")
    return joined(lines), n, "needs"


def decimal_comma(name: str, draw: Draw) -> Spoilt:
    n, column = some_line(name, draw), draw.choice(numbers_of(name))
    cell = draw.choice(["0,9", '"0,9"', "1.234,5"])
    return joined(with_cell(name, n, column, cell)), n, "needs" if cell[0] != '"' else "point"


def open_quote(name: str, draw: Draw) -> Spoilt:
    n = some_line(name, draw)
    cell = draw.choice(['"cut off', 'a "word" within', '"closed" and not'])
    return joined(with_cell(name, n, some_text(name, draw), cell)), n, "quote"


def cut_off(name: str, draw: Draw) -> Spoilt:
    raw = joined(lines_of(name))
    end = draw.randrange(1, len(raw) - 1)
    return raw[:end], 0, ""


def cut_in_quotes(name: str, draw: Draw) -> Spoilt:
    n = some_line(name, draw)
    lines = with_cell(name, n, some_text(name, draw), '"begun and')[:n]
    return "\n".join(lines)[: -draw.randint(0, 3) or None].encode(), n, ""


def half(name: str, draw: Draw) -> Spoilt:
    lines = lines_of(name)
    kept = draw.randint(2, len(lines) - 1)
    return joined(lines[:kept]), kept + 1, "sizes.csv"


def header_alone(name: str, draw: Draw) -> Spoilt:
    return joined(lines_of(name)[:1]), 2, "no row"


def empty(name: str, draw: Draw) -> Spoilt:
    return draw.choice([b"", b"\n", b" \r\n\r\n"]), 1, "empty"


def no_number(name: str, draw: Draw) -> Spoilt:
    n, column, cell = some_line(name, draw), draw.choice(numbers_of(name)), draw.choice(ODD_NUMBERS)
    return joined(with_cell(name, n, column, f'"{cell}"')), n, f"column {column}: {cell!r} is not a"


def twice(name: str, draw: Draw) -> Spoilt:
    lines, n = lines_of(name), some_line(name, draw)
    lines.insert(n, lines[n - 1])
    return joined(lines), n + 1, "earlier row"


def blank_line(name: str, draw: Draw) -> Spoilt:
    lines, n = lines_of(name), some_line(name, draw)
    lines.insert(n - 1, draw.choice(["", "  ", "\t"]))
    return joined(lines), n, "blank"


def other_marks(name: str, draw: Draw) -> Spoilt:
    mark = draw.choice(";\t|")
    rows = cells.read(ledger.DATA / f"{name}.csv", schemas.TABLES[name])
    lines = [mark.join(schemas.TABLES[name]), *(mark.join(row.values()) for row in rows)]
    return joined(lines), 1, "commas"


def other_header(name: str, draw: Draw) -> Spoilt:
    lines, columns = lines_of(name), list(schemas.TABLES[name])
    at = draw.randrange(len(columns))
    ways = [columns[:at] + columns[at + 1 :], [*columns, "more"], [*columns, columns[at]]]
    lines[0] = ",".join(draw.choice([*ways, columns[::-1]]))
    return joined(lines), 1, "Columns: "


def wrong_reading(name: str, draw: Draw) -> Spoilt:
    n, column = some_line(name, draw), some_text(name, draw)
    cell = draw.choice(["RÃ¶ntgen", "2â€“3", "#NAME?", "#REF!", " blank", "end\N{NO-BREAK SPACE}"])
    return joined(with_cell(name, n, column, f'"{cell}"')), n, f"column {column}: "


def lost_letter(name: str, draw: Draw) -> Spoilt:
    n, column = some_line(name, draw), some_text(name, draw)
    cell = draw.choice(["R\N{REPLACEMENT CHARACTER}ntgen", "a\0b", "zero\N{ZERO WIDTH SPACE}width"])
    return joined(with_cell(name, n, column, cell)), n, f"column {column}: "


ACCIDENTS: dict[str, Callable[[str, Draw], Spoilt]] = {
    each.__name__: each
    for each in (
        *(code_page, utf_16, byte_order_mark, long_row, short_row, decimal_comma, open_quote),
        *(cut_off, cut_in_quotes, half, header_alone, empty, no_number, twice, blank_line),
        *(other_marks, other_header, wrong_reading, lost_letter),
    )
}
NEED_NUMBERS = ("decimal_comma", "no_number")
LARGE = ("pbcseq", "references", "targets")
"""Left out of the quick draw: copying them takes as long as all the others together."""


def refused(folder: Path, name: str, raw: bytes) -> str:
    """What the ledger says of a table whose bytes are these; all others are sound."""
    folder.mkdir()
    for file in ledger.DATA.glob("*.csv"):
        (folder / file.name).symlink_to(file)
    (folder / f"{name}.csv").unlink()
    (folder / f"{name}.csv").write_bytes(raw)
    with pytest.raises(ledger.LedgerError) as error:
        ledger.rows(name, folder)
    return str(error.value)


def draw_accidents(kind: str, folder: Path, times: int, seed: int, tables: list[str]) -> None:
    """Spoil tables that many times; each message names file, row, column and what to write."""
    draw = random.Random(f"{kind} {seed}")
    for turn in range(times):
        name = draw.choice(
            [each for each in tables if numbers_of(each) or kind not in NEED_NUMBERS]
        )
        raw, n, words = ACCIDENTS[kind](name, draw)
        said = refused(folder / f"{kind}{turn}", name, raw)
        place = re.match(rf"data/{name}\.csv, row (\d+)( \(key .*\))?(, column|: column) \S+", said)
        assert place and len(said) < 1500, said
        assert n in (0, int(place[1])) and words in said, (n, words, said)


@pytest.mark.parametrize("kind", sorted(ACCIDENTS))
def test_an_accident_is_refused_with_its_place(kind, tmp_path):
    small = sorted(set(schemas.TABLES) - set(LARGE))
    draw_accidents(kind, tmp_path, 4, 1, small)


@pytest.mark.full
@pytest.mark.parametrize("kind", sorted(ACCIDENTS))
def test_two_hundred_accidents_of_a_kind_are_refused(kind, tmp_path):
    draw_accidents(kind, tmp_path, 20 if kind == "twice" else 200, 2, sorted(schemas.TABLES))


# -- what is no accident ---------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_ends_of_lines_of_other_systems_are_read(end, tmp_path):
    file = tmp_path / "units.csv"
    file.write_bytes(joined(lines_of("units")).replace(b"\n", end.encode()))
    columns = schemas.TABLES["units"]
    assert cells.read(file, columns) == cells.read(ledger.DATA / "units.csv", columns)


def test_quoted_commas_and_doubled_quotes_are_read(tmp_path):
    file = tmp_path / "cases.csv"
    lines = with_cell("cases", 2, "title", '"a ""word"", and a comma"')
    file.write_bytes(joined(lines))
    assert cells.read(file, schemas.TABLES["cases"])[0]["title"] == 'a "word", and a comma'


def test_a_page_without_pandas_refuses_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("hepatica.ledger.tables.find_spec", lambda name: None)
    raw = joined(with_cell("physiology", 3, "value", "inf"))
    assert "row 3" in refused(tmp_path / "data", "physiology", raw)
    assert "'inf' is not a number" in refused(tmp_path / "again", "physiology", raw)


# -- how many rows ---------------------------------------------------------------------------------


def test_the_table_of_sizes_keeps_up():
    """A table that has grown by half could lose a third of its rows unseen."""
    known = {row["table"]: row["rows"] for row in ledger.rows("sizes")}
    assert set(known) == set(schemas.TABLES)
    grown = [name for name, rows in known.items() if len(ledger.rows(name)) > 1.5 * rows]
    assert grown == [], "write the new sizes with: python -m tools.sizes"


def test_sizes_are_written_from_the_tables(tmp_path):
    for file in ledger.DATA.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with open(tmp_path / "cases.csv", "a", encoding="utf-8") as file:
        file.write("one,more,two,01,lesson,case\n")
    before = len(ledger.rows("cases"))
    assert sizes.write(tmp_path) and not sizes.write(tmp_path)
    assert f"cases,{before + 1}" in (tmp_path / "sizes.csv").read_text(encoding="utf-8").split()


# -- numbers and the words that were printed -------------------------------------------------------


@pytest.mark.parametrize(
    "name, column, wrong",
    [
        ("eligibility", "value_as_printed", "19;76"),
        ("trials", "infusions_as_printed", "11 times"),
        ("mechanisms", "effect_as_printed", "99.9 in all"),
        ("trial_outcomes", "events", "21"),
    ],
)
def test_every_printed_column_is_compared(name, column, wrong, tmp_path):
    def holds(row: dict) -> bool:
        return counted(row) if column == "events" else printed(row, column)

    spoilt = [
        {**row, column: float(wrong) if column == "events" else wrong} for row in ledger.rows(name)
    ]
    n = next(n for n, row in enumerate(spoilt, start=2) if not holds(row))
    said = refused(tmp_path / "data", name, joined(with_cell(name, n, column, wrong)))
    assert re.match(rf"data/{name}\.csv, row {n} \(key .*\), column {column}: ", said), said


def test_months_are_those_that_were_printed():
    row = {"months": 6.0, "months_as_printed": "6 months", "status": "published"}
    assert printed(row, "months_as_printed")
    assert not printed({**row, "months": 12.0}, "months_as_printed")


@pytest.mark.parametrize(
    "words, events, people, right",
    [
        ("7/28", 7, 28, True),
        ("21 of 28 alive", 7, 28, True),
        ("48.1%", 14, 27, True),
        ("all alive", 0, 9, True),
        ("7/28", 8, 28, False),
        ("48.1%", 15, 27, False),
    ],
)
def test_events_are_those_that_were_printed(words, events, people, right):
    row = {"as_printed": words, "events": events, "patients": people, "status": "published"}
    assert counted(row) == right and counted({**row, "status": "computed"})
