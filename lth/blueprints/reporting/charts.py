"""Charts drawn on the server as SVG: named, described, told apart without colours.

They are as wide as their place: what lies along it is in per cent, so that no text is stretched.
Whoever shows one shows its figures as text or as a table as well.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

BAR, GAP, TOP = 16, 5, 8
"""Heights in pixels: of a bar, between two, and above the first (where the mark begins)."""
PLOT, LABELS = 132, 24
"""Heights in pixels: of a trend's columns, and of a line of labels."""
MOST_LABELS = 6
"""How many labels have room side by side on a phone."""


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar: its class (assigned, planned, done), its value, and what it says."""

    kind: str
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """One column of a trend: what stands below and above it; None where nothing is known."""

    label: str
    value: int | None
    text: str


def share(value: int, most: int) -> str:
    """Write a value's part of the largest in per cent, as a length of SVG."""
    return f"{min(100.0, 100 * value / most) if most > 0 else 0:.2f}%"


def _svg(name: str, height: int, title: str, description: str, inner: Markup) -> Markup:
    return Markup(
        '<svg class="chart" width="100%%" height="%d" role="img" aria-labelledby="%s-t %s-d">'
        '<title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s</svg>'
    ) % (height, name, name, name, title, name, description, inner)


def bullet(
    name: str, title: str, bars: Sequence[ChartBar], mark: int | None = None, pace: int = 0
) -> Markup:
    """Draw bars below one another, with the target marked across them, and by a broken line how
    much of it would be done by now. `name` is the id, which its page has once.
    """
    most = max([1, *(bar.value for bar in bars), mark or 0])
    height = TOP + len(bars) * (BAR + GAP)
    drawn = [
        Markup('<rect class="chart-%s" x="0" y="%d" width="%s" height="%d"></rect>')
        % (bar.kind, TOP + at * (BAR + GAP), share(bar.value, most), BAR)
        for at, bar in enumerate(bars)
    ]
    if mark is not None and pace:
        drawn.append(
            Markup('<line class="chart-pace" x1="%s" x2="%s" y1="%d" y2="%d"></line>')
            % (*(2 * [share(mark * pace, most * 10_000)]), TOP - 3, height)
        )
    if mark is not None:
        drawn.append(
            Markup(
                '<svg x="%s" overflow="visible"><path class="chart-mark" d="M0 %d V%d"></path>'
                '<path class="chart-flag" d="M-6 0 H6 L0 8 Z"></path></svg>'
            )
            % (share(mark, most), 2, height)
        )
    said = "; ".join(bar.label for bar in bars)
    return _svg(name, height, title, said, Markup().join(drawn))


def trend(
    name: str, title: str, columns: Sequence[ChartColumn], goal: int | None, goal_text: str
) -> Markup:
    """Draw a column for each window, and the goal as a line across them."""
    most = max([1, goal or 0, *(one.value or 0 for one in columns)])
    width, step = 100 / max(1, len(columns)), -(-len(columns) // MOST_LABELS)
    foot = LABELS + PLOT
    drawn = [
        Markup('<line class="chart-axis" x1="0" x2="100%%" y1="%d" y2="%d"></line>') % (foot, foot)
    ]
    for at, one in enumerate(columns):
        labelled = (len(columns) - 1 - at) % step == 0
        drawn.append(_column(one, at * width, width, most, labelled=labelled))
    if goal is not None:
        level = foot - PLOT * goal // most
        drawn.append(
            Markup('<line class="chart-goal" x1="0" x2="100%%" y1="%d" y2="%d"></line>')
            % (level, level)
        )
    said = [f"{one.label}: {one.text}" for one in columns]
    words = "; ".join([*said, goal_text] if goal_text else said)
    return _svg(name, foot + LABELS, title, words, Markup().join(drawn))


def _column(one: ChartColumn, left: float, width: float, most: int, *, labelled: bool) -> Markup:
    foot, height = LABELS + PLOT, PLOT * (one.value or 0) // most
    middle = f"{left + width / 2:.2f}%"
    drawn = Markup()
    if one.value is not None:
        drawn += Markup('<rect class="chart-done" x="%s" y="%d" width="%s" height="%d"></rect>') % (
            *(f"{left + width * 0.18:.2f}%", foot - height, f"{width * 0.64:.2f}%", height),
        )
    if labelled:
        drawn += Markup(
            '<text x="%s" y="%d" text-anchor="middle">%s</text>'
            '<text class="chart-label" x="%s" y="%d" text-anchor="middle">%s</text>'
        ) % (middle, foot - height - 6, one.text, middle, foot + 17, one.label)
    return drawn


def key(kind: str, label: str) -> Markup:
    """Draw one entry of a legend."""
    if kind in {"mark", "pace"}:
        sign = Markup('<path class="chart-%s" d="M12 1 V17"></path>') % kind
        if kind == "mark":
            sign += Markup('<path class="chart-flag" d="M6 0 H18 L12 8 Z"></path>')
    else:
        sign = Markup('<rect class="chart-%s" x="1" y="2" width="22" height="14"></rect>') % kind
    return Markup(
        '<span class="chart-key"><svg width="24" height="18" aria-hidden="true" focusable="false">'
        "%s</svg> %s</span>"
    ) % (sign, escape(label))


# --- Map ----------------------------------------------------------------------------------

WIDE, TALL, MARGIN = 360, 420, 30
"""The map's box: as wide as a phone, so that its letters are never smaller than they are meant."""
LARGEST, SMALLEST = 22, 6
"""Radii of bubbles."""


@dataclass(frozen=True, slots=True)
class MapBubble:
    """A unit on a map: where, how large, how far it is, and what it says; `inset` has it stand in a
    box of its own, as islands far out do.
    """

    name: str
    url: str
    latitude: float
    longitude: float
    value: int
    track: str
    sign: str
    text: str
    inset: bool = False


def bubbles(name: str, title: str, listed: Sequence[MapBubble]) -> Markup:
    """Draw units as bubbles where they are, the area of each as its value; larger ones behind.

    It is a group and no picture, for each bubble leads to its unit.
    """
    most = max([1, *(one.value for one in listed)])
    near = [one for one in listed if not one.inset]
    placed = _placed(near)
    drawn = [_bubble(one, *placed[one], most) for one in sorted(near, key=lambda one: -one.value)]
    height = TALL
    for at, one in enumerate(each for each in listed if each.inset):
        left, top = WIDE - 118, TALL - 74 - 74 * at
        drawn.append(
            Markup('<rect class="map-inset" x="%d" y="%d" width="112" height="66"></rect>')
            % (left, top)
        )
        drawn.append(_bubble(one, left + 56, top + 26, most))
        drawn.append(
            Markup('<text x="%d" y="%d" text-anchor="middle">%s</text>')
            % (left + 56, top + 60, one.name)
        )
    said = "; ".join(f"{one.name}: {one.text}" for one in listed[:12])
    return Markup(
        '<svg class="map" viewBox="0 0 %d %d" role="group" aria-labelledby="%s-t %s-d">'
        '<title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s</svg>'
    ) % (WIDE, height, name, name, name, title, name, said, Markup().join(drawn))


def _placed(listed: Sequence[MapBubble]) -> dict[MapBubble, tuple[float, float]]:
    """Project degrees into the box: a degree east is shorter than one north, as it is there."""
    if not listed:
        return {}
    south, north = (f(one.latitude for one in listed) for f in (min, max))
    west, east = (f(one.longitude for one in listed) for f in (min, max))
    narrow = math.cos(math.radians((south + north) / 2))
    wide, tall = max((east - west) * narrow, 0.01), max(north - south, 0.01)
    scale = min((WIDE - 2 * MARGIN) / wide, (TALL - 2 * MARGIN) / tall)
    left, top = (WIDE - wide * scale) / 2, (TALL - tall * scale) / 2
    return {
        one: (
            left + (one.longitude - west) * narrow * scale,
            top + (north - one.latitude) * scale,
        )
        for one in listed
    }


def _bubble(one: MapBubble, x: float, y: float, most: int) -> Markup:
    radius = max(SMALLEST, LARGEST * math.sqrt(one.value / most))
    return Markup(
        '<a href="%s"><title>%s: %s</title><circle class="map-%s" cx="%.1f" cy="%.1f" r="%.1f">'
        '</circle><text x="%.1f" y="%.1f" text-anchor="middle" aria-hidden="true">%s</text></a>'
    ) % (one.url, one.name, one.text, one.track, x, y, radius, x, y + 4, one.sign)
