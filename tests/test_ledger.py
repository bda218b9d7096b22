"""The ledger loads, and refuses every kind of mistake, naming file, row, column and value."""

import csv
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from hepatica import ledger
from hepatica.ledger import schemas
from hepatica.ledger.__main__ import main

MIRRORS = (
    "wilddata",
    "paperexplained",
    "ouci.dntb",
    "scribd",
    "droracle",
    "bibliotheek",
    "movatter",
    "weglot",
    ":8081",
)


def read(folder: Path, name: str) -> list[list[str]]:
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(folder: Path, name: str, rows: list[list[str]]) -> None:
    with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A data folder of our own, free to be broken."""
    folder = tmp_path / "data"
    folder.mkdir()
    for file in ledger.DATA.glob("*.csv"):
        shutil.copy(file, folder)
    return folder


def spoil(folder: Path, name: str, column: str, value: str, row: int = 2) -> list[str]:
    """Write `value` into one cell (`row` is the line number in the file)
    and return the row as it was."""
    rows = read(folder, name)
    before = list(rows[row - 1])
    rows[row - 1][rows[0].index(column)] = value
    write(folder, name, rows)
    return before


# -- everything loads ------------------------------------------------------------------------------


def test_every_table_loads_with_every_row_of_its_file():
    counts = ledger.check()
    assert len(counts) >= 20 and set(counts) == {file.stem for file in ledger.DATA.glob("*.csv")}
    for name, rows in counts.items():
        assert rows == len(read(ledger.DATA, name)) - 1 > 0, name


def test_loading_everything_is_quick_and_importing_waits():
    code = "import sys, hepatica.ledger; assert not {'pandas', 'pandera'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ledger.DATA.parent)
    ledger.table("units")  # the first table pays for importing pandera
    ledger.forget()
    begin = time.process_time()
    ledger.check()
    assert time.process_time() - begin < 4  # 2 s of processor time, doubled for a slower one


def test_files_are_tidy():
    """UTF-8, LF, no stray blanks, no line break in a cell (so the row number in a message is a line
    number)."""
    checked = 0
    for file in ledger.DATA.glob("*.csv"):
        raw = file.read_bytes()
        assert b"\r" not in raw and raw.decode("utf-8").endswith("\n"), file.name
        for line, row in enumerate(read(file.parent, file.stem), start=1):
            assert not any("\n" in cell or cell != cell.strip() for cell in row), (
                f"{file.name}, row {line}"
            )
            checked += 1
    assert checked > 2000


def test_changing_a_table_does_not_change_the_ledger():
    frame = ledger.table("units")
    frame.loc[0, "meaning"] = "spoilt"
    assert "spoilt" not in set(ledger.table("units")["meaning"])


def test_main_prints_the_counts(capsys):
    main()
    assert "parameters" in capsys.readouterr().out


# -- every kind of mistake is refused --------------------------------------------------------------

MISTAKES = {
    "not a number": ("physiology", "value", "about 70", "is not a number"),
    "not a whole number": ("trials", "n_treated", "14.5", "is not a whole number"),
    "unknown unit": ("physiology", "unit", "mmhg", "is not a known unit. Write one of: mmHg"),
    "no unit": ("parameters", "unit", "", "is blank. Write a key of data/units.csv"),
    "no source": ("natural_history", "source", "", "is blank. Write a key of data/references.csv"),
    "unknown source": (
        "parameters",
        "source",
        "adlr2020",
        ("not a known reference. Write one of: adler2020"),
    ),
    "one unknown source of several": (
        "claims",
        "other_sources",
        "newsome2018;nobody1999",
        "nobody1999",
    ),
    "unknown trial": (
        "trial_outcomes",
        "trial",
        "Sharma2O20",
        ("not a known trial. Write one of: Sharma2020"),
    ),
    "unknown rule set": ("eligibility", "rule_set", "REALISTC", "REALISTIC"),
    "unknown notebook": ("claims", "taught_in", "00;31", "31"),
    "unknown claim": ("mechanisms", "claim", "C99", "is not a known claim. Write one of"),
    "unknown patient": ("notebooks", "patients", "V01;V77", "V77"),
    "unknown status": (
        "physiology",
        "status",
        "guessed",
        ("Write one of: published, computed, teaching, model input"),
    ),
    "unknown verdict": ("claims", "verdict", "maybe", "partly supported"),
    "no value": ("parameters", "value", "", "is blank. Write a number."),
    "not JSON": ("score_cases", "inputs", "{bilirubin: 1}", "is not a JSON object"),
    "no term": ("glossary", "term", " ", "is blank"),
    "no day": ("references", "read_on", "27.11.2026", "is not a day. Write year-month-day"),
    "no such day": ("references", "read_on", "2026-11-31", "is not a day. Write year-month-day"),
    "a day without what was read": ("scores", "read_on", "2026-11-27", "Fill both or neither"),
    "unknown way of reading": (
        "physiology",
        "read_as",
        "full text",
        "Write one of: original, abstract, secondary copy",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_place(copy, mistake):
    name, column, value, advice = MISTAKES[mistake]
    before = spoil(copy, name, column, value, row=4)
    with pytest.raises(ledger.LedgerError) as error:
        ledger.table(name, copy)
    message = str(error.value)
    assert message.startswith(f"data/{name}.csv, row 4 (key {before[0]}), column {column}: "), (
        message
    )
    assert (not value.strip() or value.split(";")[-1] in message) and advice in message, message


def test_value_outside_its_range_is_refused(copy):
    spoil(copy, "parameters", "high", "0.1", row=2)
    with pytest.raises(
        ledger.LedgerError,
        match=r"parameters.csv, row 2 .*column value: "
        r"0.9 does not lie within",
    ):
        ledger.parameters("scar_circuit", copy)


def test_a_key_used_twice_is_refused(copy):
    first = read(copy, "physiology")[1][0]
    spoil(copy, "physiology", "key", first, row=5)
    place = rf"row 5 \(key {first}\), column key: '{first}' is used by an earlier"
    with pytest.raises(ledger.LedgerError, match=place):
        ledger.table("physiology", copy)


def test_a_parameter_key_must_be_model_and_symbol(copy):
    spoil(copy, "parameters", "key", "scar_circuit.lambda1", row=2)
    with pytest.raises(ledger.LedgerError, match="Write scar_circuit.lambda_1"):
        ledger.table("parameters", copy)


def test_columns_must_be_the_described_ones(copy):
    rows = read(copy, "units")
    write(copy, "units", [[*row, "x"] for row in rows])
    with pytest.raises(ledger.LedgerError, match=r"units.csv, row 1: column 'x' is not known"):
        ledger.table("units", copy)
    write(copy, "units", [row[:1] for row in rows])
    with pytest.raises(ledger.LedgerError, match=r"units.csv, row 1: column 'meaning' is missing"):
        ledger.table("units", copy / ".." / "data")  # same folder, other name: not kept from before


def test_a_missing_file_and_a_file_without_schema_are_refused(copy):
    (copy / "secret.csv").write_text("key\na\n", encoding="utf-8")
    with pytest.raises(ledger.LedgerError, match="secret.csv has no schema"):
        ledger.check(copy)
    (copy / "secret.csv").unlink()
    (copy / "trials.csv").unlink()
    with pytest.raises(ledger.LedgerError, match="trials.csv is missing"):
        ledger.check(copy)
    with pytest.raises(ledger.LedgerError, match="no table 'trails'. Write one of: trials"):
        ledger.table("trails")


# -- reading numbers -------------------------------------------------------------------------------


def test_numbers_come_with_unit_and_source():
    share = ledger.number("physiology/portal-share")
    assert (share.value, share.low, share.high, share.unit) == (70, 70, 75, "%")
    assert ledger.number("parameters/scar_circuit.mu_1").value == 0.3
    assert ledger.number("parameters/scar_circuit.mu_1").status == "model input"
    assert ledger.number("targets/circuit-threshold-quasi-steady").value == 2.26
    assert ledger.number("trials/Newsome2018.n_treated").value == 28
    assert ledger.number("physiology/hvpg-normal").value is None  # only a range is printed


@pytest.mark.parametrize(
    "key, advice",
    {
        "physiology/portal-shear": "portal-share",
        "physiolgy/portal-share": "physiology",
        "portal-share": "Write table/row-key",
        "parameters/scar_circuit.mu_3": "scar_circuit.mu_1",
        "trials/Newsome2018.n_treatd": "n_treated",
        "trials/Newsome2018": "no number column 'value'",
    }.items(),
)
def test_unknown_keys_are_refused_with_the_nearest(key, advice):
    with pytest.raises(ledger.LedgerError, match=advice):
        ledger.number(key)


def test_fill_writes_numbers_and_leaves_formulas_alone():
    text = ledger.fill(
        r"{physiology/portal-share} to {physiology/portal-share.high} %, "
        r"$\frac{F/K}{a/b}$"
    )
    assert text == r"70 to 75 %, $\frac{F/K}{a/b}$"
    assert ledger.fill("{parameters/scar_circuit.mu_1:.2f}") == "0.30"
    assert ledger.fill("{parameters/scar_circuit.K}") == "1×10⁶"
    with pytest.raises(ledger.LedgerError, match="portal-share"):
        ledger.fill("{physiology/portal-shre}")
    with pytest.raises(ledger.LedgerError, match="blank"):
        ledger.fill("{physiology/hvpg-normal}")


def test_plain_numbers():
    cases = {
        70: "70",
        0.117: "0.117",
        -0.87: "−0.87",
        2.5e6: "2.5×10⁶",
        1e11: "1×10¹¹",
        0: "0",
        6.8e-4: "0.00068",
    }
    assert {value: ledger.plain(value) for value in cases} == cases


def test_cite_prefers_doi_then_pubmed_then_pmc_then_page():
    assert ledger.cite("adler2020") == "[Adler 2020](https://doi.org/10.1016/j.isci.2020.100841)"
    assert ledger.cite("this-course") == "this course"
    parts = {"doi": "10.1/x", "pmid": "1", "pmc": "PMC2", "url": "https://a.b"}
    found = []
    for gone in ("doi", "pmid", "pmc", "url"):
        found.append(ledger.Reference("k", "s", "t", **parts, note="").link)
        parts[gone] = ""
    assert found == [
        "https://doi.org/10.1/x",
        "https://pubmed.ncbi.nlm.nih.gov/1/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC2/",
        "https://a.b",
    ]
    with pytest.raises(ledger.LedgerError, match="adler2020"):
        ledger.cite("adler2002")


def test_no_mirror_is_the_link_where_a_number_is_known():
    links = [
        (row.key, ledger.reference(row.key)) for row in ledger.table("references").itertuples()
    ]
    assert len(links) > 300
    mirrored = [
        (key, source) for key, source in links if any(mirror in source.link for mirror in MIRRORS)
    ]
    assert mirrored
    for key, source in mirrored:
        assert not (source.doi or source.pmid or source.pmc) and "secondary copy" in source.note, (
            key
        )
    assert all(source.link or source.note or key == "this-course" for key, source in links)


# -- what belongs together -------------------------------------------------------------------------


def test_the_scar_model_inherits_the_circuit():
    circuit, scar = ledger.parameters("scar_circuit"), ledger.parameters("tide")
    assert set(circuit) < set(scar) and scar["mu_1"] == circuit["mu_1"]
    assert (circuit["F_0"].value, scar["F_0"].value) == (1, 3)
    with pytest.raises(ledger.LedgerError, match="scar_circuit"):
        ledger.parameters("scar_circut")


def test_teaching_values_are_ours_and_published_ones_are_not():
    for name in ("parameters", "targets", "physiology"):
        rows = ledger.table(name)
        ours = rows["source"] == "this-course"
        assert ours.any() or name == "physiology"
        assert set(rows.loc[rows["status"] == "teaching", "source"]) <= {"this-course"}, name


def test_every_claim_is_taught_somewhere():
    claims, notebooks = ledger.table("claims"), ledger.table("notebooks")
    taught = {notebook for cell in claims["taught_in"] for notebook in cell.split(";")}
    assert list(claims["key"]) == [f"C{n:02d}" for n in range(1, len(claims) + 1)]
    assert list(notebooks["key"]) == [f"{n:02d}" for n in range(len(notebooks))]
    assert taught == set(notebooks["key"]) and len(claims) > len(notebooks) > 1


def test_coded_rules_of_the_patients_exist():
    """The patients' rule verdicts name rule sets and rules of data/eligibility.csv."""
    sets, rules = set(ledger.table("rule_sets")["key"]), set(ledger.table("eligibility")["key"])
    found = 0
    for row in ledger.table("patients").itertuples():
        text = f"{row.coded_rules_met}; {row.coded_rules_failed}"
        named = set(re.findall(r"E\d{3}", text))
        assert named <= rules, row.key
        words = {part.split(" (")[0].strip() for part in text.split(";")} - {"none", ""}
        assert words <= sets, (row.key, words - sets)
        found += len(named)
    assert found > 50 and "E999" not in rules


def test_every_table_with_sources_says_when_and_how_they_were_read():
    lacking = []
    for name, fields in schemas.TABLES.items():
        if name == "references" or "source" in fields:
            lacking += [name] * (not {"read_on", "read_as"} <= set(fields))
    assert not lacking and "read_on" not in schemas.TABLES["units"]
    assert ledger.reference("lockart2022").read_as == "abstract"


def test_schemas_cover_what_they_link_to():
    targets = {
        field.table
        for fields in schemas.TABLES.values()
        for field in fields.values()
        if field.table
    }
    assert {"units", "references", "trials", "claims", "patients"} <= targets <= set(schemas.TABLES)


@pytest.mark.parametrize("name", sorted(schemas.TABLES))
def test_rows_hold_what_the_table_holds(name):
    frame, rows = ledger.table(name), ledger.rows(name)
    for expected, row in zip(frame.to_dict("records"), rows, strict=True):
        assert list(expected) == list(row)
        for column, cell in row.items():
            assert pd.isna(expected[column]) if cell is None else cell == expected[column]


def test_rows_need_nothing_but_python():
    code = (
        "import sys; sys.modules.update(numpy=None, pandas=None, pandera=None); "
        "from hepatica import ledger; row = ledger.rows('units')[0]; "
        "assert ledger.number('physiology/portal-share').value and ledger.parameters('tide'); "
        "ledger.table('units')"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stderr.strip().endswith('Write ledger.rows("units"), a list of rows.')
