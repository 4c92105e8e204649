"""Charts are pictures that stand alone: no script, nothing from outside, all labels whole."""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from reports.overview import charts
from tests.db import make_user
from tests.reports.overview.district import make_units

DRAWN = {
    "stacked": charts.stacked(["甲局", "乙局"], [("已审核", [3, 0]), ("未报送", [1, 2])]),
    "grouped": charts.grouped_bars(["优", "良"], [("自评等级", [5, 1]), ("系统评分等级", [4, 2])]),
    "bars": charts.bars(["不到50%", "超过100%"], [7, 2], [True, False]),
    "ranked": charts.ranked_bars(["全年执行数大于全年预算数（已说明原因的为提示）甲乙丙"], [9]),
    "scatter": charts.scatter([("甲局", Decimal("88.5"), Decimal(95))]),
    "lines": charts.lines(["2022年度", "2023年度"], [("平均自评得分", [Decimal(91), None])]),
    "empty": charts.bars([], [], []),
}


def texts(svg: bytes) -> str:
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own picture)
    return "\n".join(element.text or "" for element in root.iter() if element.tag.endswith("}text"))


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_runs_and_loads_nothing(name):
    svg = DRAWN[name].decode()
    assert "<script" not in svg
    assert not re.search(r"""(?:href|src)\s*=|url\(|@import|xml-stylesheet""", svg.replace("xmlns:xlink", ""))


def test_labels_and_values_are_in_the_picture():
    assert {"甲局", "乙局", "已审核", "3", "2"} <= set(texts(DRAWN["stacked"]).split("\n"))
    assert {"优", "5", "4"} <= set(texts(DRAWN["grouped"]).split("\n"))
    assert "系统评分" in texts(DRAWN["scatter"])


def test_a_long_label_is_shortened_with_a_mark():
    assert "…" in texts(DRAWN["ranked"])


@pytest.mark.parametrize(("largest", "last"), [(0, 1), (1, 2), (6, 7), (7, 8), (120, 140), (30000, 35000)])
def test_scales_are_whole_numbers_that_hold_the_largest(largest, last):
    ticks = charts._ticks(largest)
    assert ticks[0] == 0
    assert max(largest, 1) <= ticks[-1] <= max(2, last * 2)
    assert len(ticks) <= 9


@pytest.mark.django_db
def test_every_chart_of_the_page_has_words_and_a_table(client):
    make_units(30, year=2022)
    make_units(40, year=2023)
    client.force_login(make_user("auditor"))
    page = client.get(reverse("overview")).content.decode()
    pictures = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', page)
    assert len(pictures) == page.count("<summary>数据表</summary>") == 8
    for picture, alt in pictures:
        assert base64.b64decode(picture).startswith(b"<?xml")
        assert len(alt) > 10
    assert "style=" not in page.replace('rel="stylesheet"', "")


def test_a_chart_is_drawn_once_of_the_same_figures_and_anew_of_others():
    drawn = charts.bars(["优", "良"], [3, 5], [False, True])
    assert charts.bars(["优", "良"], [3, 5], [False, True]) is drawn
    for other in ((["优", "中"], [3, 5], [False, True]), (["优", "良"], [3, 6], [False, True])):
        assert charts.bars(*other) != drawn
    assert charts.bars(["优", "良"], [3, 5], [True, True]) != drawn
