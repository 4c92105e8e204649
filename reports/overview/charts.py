"""Charts of the overview (图表): SVG drawn on the server by pygal, each shown as a picture beside its data table.

A chart is embedded as ``data:`` address of an ``img``: a browser runs no script in such a picture, loads nothing from
outside and applies its styles inside the picture only, so that the content policy stays without ``unsafe-inline``.
Colours are chosen to differ in lightness too: they can be told apart by colour-blind people and on a grey print.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.style import Style

FONTS = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
DARK, MIDDLE, LIGHT, STRONG = "#153e6b", "#6aa5d8", "#d5dde6", "#c2571a"
PALETTE = (DARK, MIDDLE, "#f0b84a", LIGHT)
WIDTH = 640
BAR = 30
"""Height of one horizontal bar with its gap."""
INK = "#1d2733"


def _kept(draw: Callable[..., bytes]) -> Callable[..., bytes]:
    """Draw once what is drawn of the same figures: a chart is a function of them and of nothing else."""
    drawn = lru_cache(maxsize=128)(draw)

    @wraps(draw)
    def find(*figures: Any) -> bytes:
        return drawn(*(_as_tuple(one) for one in figures))

    return find


def _as_tuple(figures: Any) -> Any:
    return tuple(_as_tuple(one) for one in figures) if isinstance(figures, list | tuple) else figures


def as_source(svg: bytes) -> SafeString:
    """The picture as the ``src`` of an ``img``."""
    return mark_safe(f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}")  # noqa: S308 (base64)


@_kept
def stacked(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    """Horizontal stacked bars, one a label from above; series from dark to light, the last one in a warning colour."""
    shorter = [_short(label) for label in labels]
    chart = pygal.HorizontalStackedBar(
        **_common(
            height=90 + BAR * len(labels),
            colours=(DARK, MIDDLE, LIGHT, STRONG),
            margin_left=_room(shorter),
            legend_at_bottom_columns=len(series),
        )
    )
    chart.x_labels = shorter[::-1]
    chart.y_labels = _ticks(
        max((sum(row) for row in zip(*(row for _, row in series), strict=True)), default=0)
    )
    for name, values in series:
        chart.add(name, [value or None for value in reversed(values)])
    return _drawn(chart)


@_kept
def grouped_bars(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    """Upright bars side by side for each label."""
    chart = pygal.Bar(
        **_common(
            height=320,
            colours=PALETTE,
            print_values_position="top",
            value_colours=INK,
            legend_at_bottom_columns=len(series),
        )
    )
    chart.x_labels = list(labels)
    chart.y_labels = _ticks(max((value for _, row in series for value in row), default=0))
    for name, values in series:
        chart.add(name, list(values))
    return _drawn(chart)


@_kept
def bars(labels: Sequence[str], values: Sequence[int], marked: Sequence[bool]) -> bytes:
    """Upright bars of one series; marked ones stand out and have a line around them."""
    chart = pygal.Bar(
        **_common(
            height=300,
            colours=(MIDDLE,),
            show_legend=False,
            print_values_position="top",
            value_colours=INK,
        )
    )
    chart.x_labels = list(labels)
    chart.y_labels = _ticks(max(values, default=0))
    chart.add(
        "",
        [
            {"value": value, "color": STRONG if stands_out else MIDDLE}
            for value, stands_out in zip(values, marked, strict=True)
        ],
    )
    return _drawn(chart)


@_kept
def ranked_bars(labels: Sequence[str], values: Sequence[int]) -> bytes:
    """Horizontal bars, the first label on top."""
    shorter = [_short(label, 22) for label in labels]
    chart = pygal.HorizontalBar(
        **_common(
            height=60 + BAR * len(labels),
            colours=(MIDDLE,),
            show_legend=False,
            margin_left=_room(shorter),
            value_colours=INK,
        )
    )
    chart.x_labels = shorter[::-1]
    chart.y_labels = _ticks(max(values, default=0))
    chart.add("", list(reversed(values)))
    return _drawn(chart)


@_kept
def scatter(points: Sequence[tuple[str, Decimal, Decimal]]) -> bytes:
    """系统评分 across, 自评得分 up, a point a report; on the line both are equal."""
    lowest = min((min(one, other) for _, one, other in points), default=Decimal(0))
    start = max(0, int(lowest // 10) * 10)
    chart = pygal.XY(
        **_common(height=400, colours=(DARK, STRONG), print_values=False, legend_at_bottom_columns=2),
        stroke=False,
        dots_size=3.5,
        x_title="系统评分",
        y_title="自评得分",
        xrange=(start, 100),
        range=(start, 100),
    )
    chart.x_labels = chart.y_labels = list(range(start, 101, 10 if start < 60 else 5))
    chart.add("一份报告", [(float(score), float(own)) for _, score, own in points])
    chart.add(
        "自评得分等于系统评分",
        [(start, start), (100, 100)],
        stroke=True,
        show_dots=False,
        stroke_style={"width": 1.5, "dasharray": "6, 4"},
    )
    return _drawn(chart)


@_kept
def lines(labels: Sequence[str], series: Sequence[tuple[str, Sequence[Decimal | None]]]) -> bytes:
    """Lines over the years; dashes tell them apart without colour."""
    chart = pygal.Line(
        **_common(
            height=320,
            colours=(DARK, STRONG, "#3c8d5a"),
            value_colours=INK,
            legend_at_bottom_columns=len(series),
            margin_right=40,
        ),
        dots_size=4,
    )
    chart.x_labels = list(labels)
    values = [value for _, row in series for value in row if value is not None]
    if values:
        lowest = max(0, int(min(values) - 1) // 10 * 10)
        chart.config.range = (lowest, 100)
        chart.y_labels = list(range(lowest, 101, 5 if lowest >= 60 else 10))
    for (name, row), dashes in zip(series, ("1, 0", "8, 4", "2, 4"), strict=False):
        chart.add(
            name,
            [None if value is None else float(value) for value in row],
            stroke_style={"width": 2.5, "dasharray": dashes},
        )
    return _drawn(chart)


def _common(*, height: int, colours: Sequence[str], value_colours: str = "", **more: Any) -> dict[str, Any]:
    style = Style(
        background="#ffffff",
        plot_background="#ffffff",
        foreground=INK,
        foreground_strong=INK,
        foreground_subtle="#c5ced8",
        font_family=FONTS,
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=13,
        value_font_size=13,
        title_font_size=13,
        value_colors=tuple(value_colours or _readable_on(colour) for colour in colours),
        colors=tuple(colours),
        opacity="1",
        opacity_hover="1",
        transition="0s",
        guide_stroke_dasharray="2,4",
        guide_stroke_color="#c5ced8",
        major_guide_stroke_dasharray="2,4",
        major_guide_stroke_color="#c5ced8",
    )
    return {
        "style": style,
        "width": WIDTH,
        "height": height,
        "explicit_size": True,
        "js": (),
        "no_prefix": True,
        "pretty_print": False,
        "print_values": True,
        "print_zeroes": False,
        "show_legend": True,
        "legend_at_bottom": True,
        "legend_box_size": 12,
        "truncate_legend": -1,
        "truncate_label": -1,
        "margin": 12,
        "formatter": _plain,
        "value_formatter": _plain,
        "no_data_text": "没有数据",
        **more,
    }


def _ticks(largest: int) -> list[int]:
    """Whole numbers from 0, about six of them, up to the largest value or just above."""
    step = next(
        step * 10**power for power in range(8) for step in (1, 2, 5) if step * 10**power * 6 >= largest
    )
    return list(range(0, max(largest, 1) + step, step))


def _room(labels: Sequence[str]) -> float:
    """Left margin for labels at the side: pygal reckons with Latin letters, Chinese ones are wider by 40 %."""
    return 16 + max((len(label) for label in labels), default=0) * 13 * 0.42


def _readable_on(colour: str) -> str:
    """White on dark, black on light."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#ffffff" if red * 299 + green * 587 + blue * 114 < 128_000 else INK


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _short(label: str, longest: int = 14) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


def _drawn(chart: Any) -> bytes:
    chart.add_xml_filter(_without_scripts)
    return chart.render()


def _without_scripts(root: Any) -> Any:
    """pygal always writes its settings as a script; a picture has no use for it."""
    for parent in list(root.iter()):
        for child in list(parent):
            if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == "script":
                parent.remove(child)
    return root
