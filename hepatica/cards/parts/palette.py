"""The colours of the course, read from palette.css so that they are written in one place only."""

import re
from functools import cache
from pathlib import Path

PALETTE_CSS = Path(__file__).with_name("palette.css")

THEMES = ("light", "dark")

# What a colour stands for; the order is the order of legends.
ROLES = (
    "hepatocyte", "collagen", "crosslinked", "myofibroblast", "macrophage",
    "blood", "bile", "therapy", "injury",
)  # fmt: skip

# Second cue beside the colour: a plotly dash and a plotly marker symbol, each used once. Plotly
# names six dashes; beyond them a dash is a list of lengths in px.
DASHES = {
    "hepatocyte": ("16px,3px", "circle"),
    "collagen": ("longdash", "square"),
    "crosslinked": ("dashdot", "diamond"),
    "myofibroblast": ("solid", "triangle-up"),
    "macrophage": ("dash", "triangle-down"),
    "blood": ("longdashdot", "cross"),
    "bile": ("dot", "hexagon"),
    "therapy": ("10px,3px,3px,3px,3px,3px", "star"),
    "injury": ("2px,6px", "x"),
}

_TOKEN = re.compile(r"--([a-z-]+):\s*light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)\s*;")


@cache
def _tokens(path: Path) -> dict[str, tuple[str, str]]:
    """Each colour token of a style file with its light and its dark value."""
    found = {
        name: (light, dark)
        for name, light, dark in _TOKEN.findall(path.read_text(encoding="utf-8"))
    }
    missing = [role for role in ROLES if role not in found]
    if missing:
        raise ValueError(
            f"{path.name}: no colour for {', '.join(missing)}. "
            f"Write --{missing[0]}: light-dark(#rrggbb, #rrggbb); with six lower-case digits each."
        )
    return found


def colours(theme: str = "light") -> dict[str, str]:
    """Colours of one theme by token name: the nine roles and the interface (paper, ink, accent
    ...).

    theme: "light" or "dark". Values are "#rrggbb". Any other theme is a ValueError.
    """
    if theme not in THEMES:
        raise ValueError(f"colours({theme!r}): there are two themes. Write 'light' or 'dark'.")
    return {name: pair[THEMES.index(theme)] for name, pair in _tokens(PALETTE_CSS).items()}
