"""What would reach the network or run code, wherever it hides: in an attribute, a style, a script,
or in markup that a script puts into the page.

A browser's policy (policy.py) refuses most of it, yet not all: it knows nothing of a page that
leads on by itself, of a look-up of names ahead of need, or of a link that runs away with the
reader. So no page may hold such a thing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import tinycss2

CSS_IMPORTS = "imports another style sheet"
CSS_NETWORK = "loads from the network"

REFUSED_TAGS = {
    "applet",
    "base",
    "embed",
    "fencedframe",
    "form",
    "frame",
    "frameset",
    "iframe",
    "object",
    "portal",
}
REFUSED_ATTRIBUTES = {
    "action",
    "archive",
    "background",
    "classid",
    "codebase",
    "dynsrc",
    "formaction",
    "lowsrc",
    "manifest",
    "ping",
    "srcdoc",
}
ADDRESS = ("src", "href", "srcset", "imagesrcset", "data", "poster", "xlink:href")
"""Attributes that hold an address, or several."""
KINDS_OF_LINK = {"stylesheet", "icon", "next", "prev", "license", "canonical"}
"""What a `<link>` may be; others look names up, connect or load ahead of need."""
LEADS_ON = {"", "http", "https", "mailto"}
"""Schemes of the addresses that a reader may follow."""
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?[/\\]{2}|(?!data:|blob:)[a-z][a-z0-9+.-]*:", re.IGNORECASE
)
"""An address on another machine, or of a scheme that is neither data nor the page's own."""
MARKUP = re.compile(r"<[a-z!/]", re.IGNORECASE)
BLANKS = re.compile(r"[\x00-\x20]+")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*", re.DOTALL)
REACHING = re.compile(
    r"\b(?:XMLHttpRequest|WebSocket|WebSocketStream|EventSource|sendBeacon|importScripts"
    r"|WebTransport|RTCPeerConnection|serviceWorker|SharedWorker|addModule|eval|execScript)\b"
    r"|\bfetch\s*(?=[(\[;,.)}=?]|$)|[\"'`]fetch[\"'`]|\bimport\s*\(|\bnew\s+(?:Image|Audio)\b"
    r"|\bFunction\s*\(|\bset(?:Timeout|Interval)\s*\(\s*[\"'`]"
    r"|[\"'`]\s*javascript\s*:|(?:\bfrom|\bimport)\s*[\"'`](?:https?:)?//"
    r"|\.(?:src|srcset|action|formAction|ping|srcdoc|poster)\s*=\s*[\"'`](?:[a-z]+:)?//"
    r"|\blocation(?:\.href)?\s*=(?!=)|\blocation\.(?:assign|replace)\b",
    re.IGNORECASE,
)
"""What a script of ours never writes: it reaches the network, makes code of text or leaves the
page."""


def attribute_faults(tag: str, values: dict[str, str]) -> Iterator[str]:
    """What one element does that no page may do; names are in small letters, None is ""."""
    if tag in REFUSED_TAGS:
        yield f"a <{tag}> stands in the page"
    for name, value in values.items():
        if name.startswith("on"):
            yield f"a <{tag}> has code in its {name}. Move it to a file of static/"
        elif name in REFUSED_ATTRIBUTES:
            yield f"a <{tag}> has a {name}"
        elif name in ADDRESS:
            yield from _address_faults(tag, name, value)
    yield from (f"the style of a <{tag}> {fault}" for fault in css_faults(values.get("style", "")))
    yield from OF_TAG.get(tag, lambda _: ())(values)


def _address_faults(tag: str, name: str, value: str) -> Iterator[str]:
    """An address that runs code, or that the page itself would load from elsewhere."""
    parts = value.split(",") if "srcset" in name and "data:" not in value else [value]
    for part in parts:
        address = BLANKS.sub("", part)
        scheme = (SCHEME.match(address) or [""])[0].rstrip(":").casefold()
        if scheme in {"javascript", "vbscript"}:
            yield f"a <{tag}> has code in its {name}. Move it to a file of static/"
        elif tag in {"a", "area"}:
            if scheme not in LEADS_ON:
                yield f"a <{tag}> leads to {address[:40]!r}"
        elif ELSEWHERE.match(address):
            yield f"it loads {address[:80]!r} from the network"
        elif scheme == "data" and not (tag in {"img", "image"} and address[5:11] == "image/"):
            yield f"a <{tag}> has data in its {name}"


def _of_meta(values: dict[str, str]) -> Iterator[str]:
    does = values.get("http-equiv", "").strip().casefold()
    if does and does != "content-security-policy":
        yield f"a <meta> says {does!r} to the browser"


def _of_link(values: dict[str, str]) -> Iterator[str]:
    others = set(values.get("rel", "").casefold().split()) - KINDS_OF_LINK
    yield from (f"a <link> of the kind {kind!r}" for kind in sorted(others))


def _of_animation(values: dict[str, str]) -> Iterator[str]:
    what = values.get("attributename", "").strip().casefold()
    if what in ADDRESS or what.startswith("on"):
        yield f"an animation sets {what!r}"


OF_TAG = {
    "meta": _of_meta,
    "link": _of_link,
    **dict.fromkeys(("animate", "set", "animatetransform", "animatemotion"), _of_animation),
}
"""What else an element may not do."""


# ---- styles ----


def css_faults(text: str) -> list[str]:
    """What a style sheet, or the style of one element, loads from elsewhere; escapes are read."""
    if not re.search(r"[@(\\]", text):
        return []
    faults = []
    for token in _tokens(tinycss2.parse_component_value_list(text)):
        if token.type == "at-keyword" and token.lower_value == "import":
            faults.append(CSS_IMPORTS)
        value = token.value if token.type in {"url", "string"} else ""
        if ELSEWHERE.match(BLANKS.sub("", value)) and not _is_said(value):
            faults.append(CSS_NETWORK)
    return faults


def _is_said(value: str) -> bool:
    """Whether a string is words to be shown, `"Note: so it is"`, and no address."""
    return " " in value.strip() and "//" not in value


def _tokens(tokens: list) -> Iterator:
    """All tokens, those within brackets and functions too."""
    for token in tokens:
        yield token
        for inside in ("arguments", "content"):
            yield from _tokens(getattr(token, inside, None) or [])


# ---- scripts ----


def script_faults(text: str) -> list[str]:
    """What a script of ours does that none may do."""
    return [f"has {hit[0].strip()!r}" for hit in REACHING.finditer(COMMENT.sub("", text))]


# ---- markup within data ----


class _Fragment(HTMLParser):
    """A piece of markup as a script puts it into the page."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += attribute_faults(tag, {name: value or "" for name, value in attrs})
        if tag in {"script", "style", "link", "meta"}:
            self.faults.append(f"a <{tag}> stands in data")


def markup_faults(html: str) -> list[str]:
    """What a piece of markup brings along that no page may have."""
    reader = _Fragment()
    reader.feed(html)
    reader.close()
    return reader.faults


def data_faults(text: str) -> list[str]:
    """The same for all markup in the strings of a JSON text."""
    strings = [string for string in _strings(json.loads(text)) if MARKUP.search(string)]
    return [fault for string in strings for fault in markup_faults(string)]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield str(key)
            yield from _strings(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _strings(inside)
