"""How the course names itself to machines: CITATION.cff and schema.org's words on each page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from jsonschema import Draft7Validator

from hepatica.site.checks import DATA, read_page
from hepatica.site.metadata import TYPE
from tools.browser import wait_until

ROOT = Path(__file__).resolve().parent.parent
# The schema of the Citation File Format 1.2.0, CC BY 4.0, without its examples.
SCHEMA = json.loads((ROOT / "tests" / "cff-1.2.0.schema.json").read_text(encoding="utf-8"))
DURATION = re.compile(r"PT(?=\d)(\d+H)?(\d+M)?")
WANTED = ("license", "inLanguage", "educationalLevel", "timeRequired", "name", "description")


def citation_faults(text: str) -> list[str]:
    """What the format refuses."""
    found = Draft7Validator(SCHEMA).iter_errors(yaml.safe_load(text))
    return [f"{'/'.join(map(str, each.path))}: {each.message}" for each in found]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("cff-version: 1.2.0", "cff-version: 9"),
        ("authors:", "writers:"),
        ("BSD-3-Clause", "BSD of some kind"),
        ("type: software", "type: lecture"),
        ("message:", "note:"),
    ],
)
def test_the_citation_is_valid(good, bad):
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert citation_faults(text) == [] and good in text
    assert citation_faults(text.replace(good, bad, 1))


def metadata_of(html: str) -> list[dict]:
    """What a page holds as JSON-LD."""
    found = BeautifulSoup(html, "html.parser").find_all("script", type=TYPE)
    return [json.loads(each.string) for each in found]


def metadata_faults(found: list[dict], kind: str) -> list[str]:
    """What the metadata of a page of this kind lacks or says wrongly."""
    if len(found) != 1:
        return [f"{len(found)} blocks of metadata"]
    faults = [f"no {name}" for name in WANTED if not found[0].get(name)]
    faults += [] if found[0].get("@type") == kind else [f"a {found[0].get('@type')}"]
    faults += [] if DURATION.fullmatch(found[0].get("timeRequired", "")) else ["no duration"]
    if kind == "LearningResource" and not found[0].get("teaches"):
        faults.append("teaches nothing")
    return faults


def test_every_page_that_teaches_says_what_it_is(site):
    lessons = sorted(site.glob("[0-9][0-9]_*.html"))
    exercises = sorted((site / "exercises").glob("[0-9][0-9].html"))
    assert len(lessons) == 14 and len(exercises) > 10
    for page in [*lessons, *exercises]:
        found = metadata_of(page.read_text(encoding="utf-8"))
        assert metadata_faults(found, "LearningResource") == [], page.name
    (course,) = found = metadata_of((site / "index.html").read_text(encoding="utf-8"))
    assert metadata_faults(found, "Course") == []
    assert [part["url"] for part in course["hasPart"]] == [page.name for page in lessons]
    assert metadata_of((site / "glossary.html").read_text(encoding="utf-8")) == []
    for change in ({"license": ""}, {"@type": "Thing"}, {"timeRequired": "45 minutes"}):
        assert metadata_faults([course | change], "Course")
    assert metadata_faults([], "Course") and metadata_faults([course], "LearningResource")


def test_metadata_is_data_to_the_policy(site, browser):
    """Chromium reports nothing refused; a script beside it that runs is."""
    page = browser.new_page()
    page.add_init_script(
        "globalThis.refused = [];"
        "addEventListener('securitypolicyviolation', (e) => refused.push(e.violatedDirective))"
    )
    page.goto((site / "index.html").as_uri())
    wait_until(page, "document.readyState === 'complete'")
    assert page.evaluate(f"document.querySelectorAll('script[type=\"{TYPE}\"]').length") == 1
    assert page.evaluate("refused") == []
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    wait_until(page, "refused.length === 1")
    page.close()
    assert TYPE in DATA
    running = f'<script type="{TYPE}">{{}}</script>'.replace(TYPE, "module")
    assert any("a script stands within" in fault for fault in read_page(running).faults)
