"""The page's pictures, as SVG that is read at its own size on a phone and on a screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup, escape

from tools.classroom.clouds import Cloud, share_of
from tools.classroom.findings import Gain

WIDE = 300  # px, of every picture


def svg(height: float, said: str, *parts: str) -> Markup:
    """A picture with its finding as description."""
    return Markup(
        f'<svg viewBox="0 0 {WIDE} {height:g}" role="img" aria-label="{escape(said)}">'
        f"{''.join(parts)}</svg>"
    )


def line(x1: float, y1: float, x2: float, y2: float, name: str, width: float = 1) -> str:
    """A straight line of a class of the style sheet."""
    points = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {points} class="{name}" stroke-width="{width:g}"/>'


def words(x: float, y: float, text: str, name: str = "", anchor: str = "middle") -> str:
    """A word or a number in a picture."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{name}">{escape(text)}</text>'
    )


def slopes(gain: Gain) -> Markup:
    """A line per student from before to after; the wider, the more students; the mean on top."""
    left, right, top, high = 70, 230, 34, 220

    def up(score: float) -> float:
        return top + high * (1 - score / gain.questions)

    alike = Counter(zip(gain.before, gain.after, strict=True))
    lines = [
        line(left, up(a), right, up(b), "rise" if b >= a else "fall", 1.5 * many)
        for (a, b), many in alike.items()
    ]
    means = [sum(scores) / len(scores) for scores in (gain.before, gain.after)]
    ends = list(zip((left, right), means, ("end", "start"), (-10, 10), strict=True))
    mean = line(left, up(means[0]), right, up(means[1]), "mean", 4)
    told = [words(x + by, up(m) + 6, f"{m:.1f}", "big", side) for x, m, side, by in ends]
    scale = [
        line(x, up(0), x, up(gain.questions), "axis") + words(x, 18, name)
        for x, name in ((left, "before"), (right, "after"))
    ]
    scale += [words(left - 10, up(s) + 4, str(s), "", "end") for s in (0, gain.questions)]
    said = f"Right answers of {gain.questions}: {means[0]:.1f} before, {means[1]:.1f} after."
    return svg(top + high + 14, said, *scale, *lines, mean, *told)


def strip(cloud: Cloud) -> Markup:
    """A dot per guess, stacked over its tenth of a hundred; the model's answer as a line."""
    left, wide, base = 8, WIDE - 16, 92
    stacks = Counter(min(48, int(guess // 2)) for guess in cloud.guesses)
    step = min(7.0, 62 / max(stacks.values()))
    dots = [
        f'<circle cx="{left + wide * (place * 2 + 1) / 100:.1f}" cy="{base - 4 - step * n:.1f}" r="2.8"/>'
        for place, many in stacks.items()
        for n in range(many)
    ]
    at = left + wide * cloud.model / 100
    side = "start" if cloud.model < 50 else "end"
    nudge = 5 if side == "start" else -5
    anchors = ((0, "start"), (50, "middle"), (100, "end"))
    ticks = [words(left + wide * t / 100, base + 14, str(t), "", a) for t, a in anchors]
    model = line(at, 12, at, base, "model", 2.5) + words(
        at + nudge, 20, told(cloud.model), "own", side
    )
    said = f"{len(cloud.guesses)} guesses; the answer is {told(cloud.model)}."
    return svg(base + 20, said, line(left, base, left + wide, base, "axis"), *ticks, *dots, model)


def told(share: float) -> str:
    """A share as words: whole, or one digit where it is small."""
    return f"{share:.1f}" if share < 10 and share % 1 else f"{share:.0f}"


def curves(cloud: Cloud) -> Markup:
    """Every drawn curve, thin, and the model's, thick."""
    left, top, wide, high = 34, 8, WIDE - 44, 130
    y, x = cloud.axes["y"], cloud.axes["x"]

    def path(heights: Sequence[float], name: str) -> str:
        points = " ".join(
            f"{left + wide * n / (len(heights) - 1):.1f},{top + high * (1 - share_of(y, h)):.1f}"
            for n, h in enumerate(heights)
        )
        return f'<polyline points="{points}" class="{name}"/>'

    frame = line(left, top + high, left + wide, top + high, "axis")
    frame += line(left, top, left, top + high, "axis")
    ends = [words(left - 5, top + 8, f"{y['range'][1]:g}", "", "end")]
    ends += [words(left - 5, top + high, f"{y['range'][0]:g}", "", "end")]
    ends += [words(left, top + high + 15, f"{x['range'][0]:g}", "", "start")]
    ends += [words(left + wide, top + high + 15, f"{x['range'][1]:g} {x['unit']}", "", "end")]
    said = f"{len(cloud.guesses)} drawn curves and the model’s."
    drawn = [path(row, "drawn") for row in cloud.guesses]
    return svg(top + high + 22, said, frame, *ends, *drawn, path(cloud.model, "own-curve"))
