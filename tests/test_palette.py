"""The colours hold: seen on paper and panel, told apart with and without colour vision,
written in one place."""

import itertools
import re
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from colorspacious import cspace_convert

from hepatica.cards.parts import palette

PACKAGE = Path(palette.__file__).resolve().parents[1]
SIGHTS = ("normal", "deuteranomaly", "protanomaly", "tritanomaly")

# WCAG 2.2: 1.4.11 for graphics, 1.4.3 and 1.4.6 for text.
CONTRAST = (
    dict.fromkeys(palette.ROLES, 3.0)
    | dict.fromkeys(("muted", "accent", "good", "bad"), 4.5)
    | {"ink": 7.0}
)
# CAM02-UCS units between any two tissue colours; the course's own rule for figures.
APART = 11.0


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def _luminance(colour: str) -> float:
    rgb = _rgb(colour)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _seen(colour: str, sight: str) -> np.ndarray:
    """CAM02-UCS coordinates of a colour for normal sight or with one kind of cone missing."""
    rgb = _rgb(colour)
    if sight != "normal":
        space = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
        rgb = np.clip(cspace_convert(rgb, space, "sRGB1"), 0, 1)
    return cspace_convert(rgb, "sRGB1", "CAM02-UCS")


def _distance(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(_seen(one, sight) - _seen(other, sight)))


def _faint(colours: dict[str, str]) -> list[str]:
    """Colours with too little contrast on the paper or on the panel."""
    return [
        f"{name} on {ground}: {_contrast(colours[name], colours[ground]):.2f} < {least}"
        for name, least in CONTRAST.items()
        for ground in ("paper", "panel")
        if _contrast(colours[name], colours[ground]) < least
    ]


def _alike(colours: dict[str, str]) -> list[str]:
    """Pairs of tissue colours that some readers cannot tell apart."""
    return [
        f"{one} and {other}, {sight}: {gap:.1f} < {APART}"
        for one, other in itertools.combinations(palette.ROLES, 2)
        for sight in SIGHTS
        if (gap := _distance(colours[one], colours[other], sight)) < APART
    ]


@pytest.mark.parametrize("theme", palette.THEMES)
def test_colours_stand_out_from_paper_and_panel(theme):
    colours = palette.colours(theme)
    assert len(CONTRAST) == len(palette.ROLES) + 5
    assert _faint(colours) == []
    # A rejected sample: the panel's own colour cannot be read on it.
    assert len(_faint(colours | {"hepatocyte": colours["panel"], "ink": colours["muted"]})) >= 3


@pytest.mark.parametrize("theme", palette.THEMES)
def test_tissue_colours_differ_for_every_sight(theme):
    colours = palette.colours(theme)
    assert len(palette.ROLES) == 9
    assert _alike(colours) == []
    # A rejected sample: a green and a red far apart for most readers and alike without the green
    # cones.
    red, green = "#c0402a", "#7b7000"
    assert _distance(red, green, "normal") > 2 * APART
    assert _distance(red, green, "deuteranomaly") < APART
    assert any(
        "deuteranomaly" in line for line in _alike(colours | {"collagen": red, "bile": green})
    )


@pytest.mark.parametrize("theme", palette.THEMES)
def test_crosslinked_collagen_is_the_darker_red(theme):
    colours = palette.colours(theme)

    def darker(one, other):
        return _seen(one, "normal")[0] < _seen(other, "normal")[0] - 10

    assert darker(colours["crosslinked"], colours["collagen"])
    assert not darker(colours["collagen"], colours["crosslinked"])


def test_second_cue_is_unique_and_known_to_plotly():
    assert tuple(palette.DASHES) == palette.ROLES
    for column in zip(*palette.DASHES.values(), strict=True):
        assert len(set(column)) == len(palette.ROLES)
    for dash, symbol in palette.DASHES.values():
        go.Scatter(line={"dash": dash}, marker={"symbol": symbol})
    with pytest.raises(ValueError, match="symbol"):
        go.Scatter(marker={"symbol": "hepatocyte"})
    with pytest.raises(ValueError, match="dash"):
        go.Scatter(line={"dash": "hepatocyte"})


def test_wrong_theme_and_missing_colour_are_explained(tmp_path):
    with pytest.raises(ValueError, match="Write 'light' or 'dark'"):
        palette.colours("sepia")
    broken = tmp_path / "palette.css"
    broken.write_text(
        palette.PALETTE_CSS.read_text(encoding="utf-8").replace("--bile:", "--gall:"),
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="no colour for bile"):
        palette._tokens(broken)


# ---- Colours are written in palette.css and nowhere else ----

SUFFIXES = {".css", ".js", ".mjs", ".svg", ".py", ".html", ".j2"}
# The browser shows the site's icon outside any page, where no token reaches; its colours must still
# be the palette's.
ICON = "icon.svg"
PRINT_ONLY = {"#fff", "#000"}  # paper and ink of the print styles, after "@media print"

_NAMES = """aqua
aquamarine azure beige bisque black blue blueviolet brown burlywood cadetblue chartreuse chocolate coral
cornflowerblue crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta
darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey
darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia
gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender
lightblue lightcoral lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightsteelblue
lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen
mediumslateblue mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab
orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred peachpuff peru pink plum powderblue purple
rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow
yellowgreen"""

# Not a colour: a reference (url(#a), href="#a"), a character entity (&#160;), full transparency
# (rgba(0,0,0,0)).
_HEX = re.compile(
    r"(?<!&)(?<!url\()(?<!href=[\"'])#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])",
    re.IGNORECASE,
)
_FUNCTION = re.compile(
    r"\b(?:rgba?|hsla?|hwb|oklch|oklab)\((?!0,\s*0,\s*0,\s*0\))\s*[\d.]+[^)]*\)", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:fill|stroke|colou?r|background|border[\w-]*|outline|shadow|bgcolor)[\"']?\s*[:=]\s*[\"']?"
    r"(?:[\w.%-]+\s+){0,4}?(?P<name>" + "|".join(_NAMES.split()) + r")(?=\s*(?:[\"';,)}!]|$))",
    re.IGNORECASE | re.MULTILINE,
)


def _stray_colours(path: str, text: str) -> list[str]:
    """Colours written in a file that should have used a token, with their lines."""
    found = []
    for pattern in (_HEX, _FUNCTION, _NAMED):
        for hit in pattern.finditer(text):
            in_print = path.endswith(".css") and "@media print" in text[: hit.start()]
            if in_print and hit.group().lower() in PRINT_ONLY:
                continue
            if path.endswith(ICON) and hit.group() in palette.colours("light").values():
                continue
            line = text.count("\n", 0, hit.start()) + 1
            found.append(
                f"{path}, line {line}: {hit.group()!r}. Use var(--token) of palette.css or "
                "palette.colours()."
            )
    return found


def test_colours_are_written_in_one_place():
    files = [
        p for p in sorted(PACKAGE.rglob("*")) if p.suffix in SUFFIXES and p != palette.PALETTE_CSS
    ]
    assert len(files) > 0
    assert any(p.name == "card.css" for p in files)
    stray = [
        s
        for p in files
        for s in _stray_colours(str(p.relative_to(PACKAGE)), p.read_text(encoding="utf-8"))
    ]
    assert stray == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.css", ".x { color: #fff; } @media print { .x { color: #000; } }"),
        ("a.css", "@media print { .x { color: #123456; } }"),
        ("a.css", ".x { border: 1px solid crimson; }"),
        ("a.svg", '<path fill="tan"/>'),
        ("site/icon.svg", '<path fill="#123456"/>'),
        ("a.svg", '<path style="stroke: rgb(10, 20, 30)"/>'),
        ("a.js", 'const line = { color: "steelblue" };'),
        ("a.py", 'go.Scatter(line={"color": "#a8815a"})'),
        ("a.py", 'go.Scatter(line_color="red")'),
    ],
)
def test_a_stray_colour_is_found(path, text):
    assert len(_stray_colours(path, text)) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.svg", '<g fill="var(--blood)"><use href="#bed"/><path clip-path="url(#face)"/></g>'),
        ("a.css", ".x { color: var(--ink); } @media print { .x { --paper: #fff; } }"),
        ("a.html", "<p>1&#160;000</p>"),
        ("site/icon.svg", f'<path fill="{palette.colours("light")["collagen"]}"/>'),
        ("a.js", 'const layout = { paper_bgcolor: "rgba(0,0,0,0)" };'),
        ("a.py", "text = 'collagen stains red with picrosirius red'"),
    ],
)
def test_a_reference_is_not_a_colour(path, text):
    assert _stray_colours(path, text) == []
