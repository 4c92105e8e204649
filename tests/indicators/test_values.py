"""What officials write is read to the same value, and what is unsure is asked."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.values import Reading, convert, read, read_all

CASES = json.loads((Path(__file__).parents[1] / "cases" / "number-formats.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_shared_number_formats(case):
    several = isinstance(case["expect"], list)
    wanted = case["expect"] if several else [case["expect"]]
    got = read_all(case["text"]) if several else (read(case["text"]),)
    assert len(got) == len(wanted)
    for reading, expected in zip(got, wanted, strict=True):
        # A bare target means "=": the case file writes what it means, `operator` what is written.
        operator = reading.comparison if expected["op"] == "=" else reading.operator
        assert operator == expected["op"]
        assert reading.number == (None if expected["value"] is None else Decimal(expected["value"]))
        assert reading.unit == expected["unit"]
        assert reading.reason == expected.get("reason")
        assert not reading.question
        if "date" in expected:
            assert reading.date == date.fromisoformat(expected["date"])
        if "label" in expected:
            assert reading.label == expected["label"]
        if "role" in expected:
            assert reading.role == expected["role"]
        if "in_wan" in expected:
            assert round(convert(reading.number, reading.unit, "万元"), 2) == Decimal(expected["in_wan"])
        assert reading.text == case["text"] or several


@pytest.mark.parametrize(
    ("text", "operator", "number", "unit"),
    [
        ("≥95%", ">=", "95", "%"),
        ("95%以上", ">=", "95", "%"),
        ("不低于95%", ">=", "95", "%"),
        ("98％", None, "98", "%"),
        ("≤30万元", "<=", "30", "万元"),
        ("不超过30万元", "<=", "30", "万元"),
        ("控制在30万元以内", "<=", "30", "万元"),
        ("＝11人", "=", "11", "人"),
        ("﹦11", "=", "11", None),
        ("11", None, "11", None),
        ("100%", None, "100", "%"),
        ("大于等于3次", ">=", "3", "次"),
        ("≥５０００人次", ">=", "5000", "人次"),
        ("90%（含）以上", ">=", "90", "%"),
        ("90%以上（含）", ">=", "90", "%"),
        ("90%以上（不含）", ">", "90", "%"),
        ("零事故", "=", "0", "起"),
        ("未发生安全事故", "=", "0", "起"),
        ("0起", None, "0", "起"),
        ("1，234.5万元", None, "1234.5", "万元"),
        ("3.5万人次", None, "35000", "人次"),
        ("50万页", None, "500000", "页"),
        ("1,5 00", None, None, None),
        ("≤5‰", "<=", "5", "‰"),
        ("提高2个百分点", "增长", "2", "百分点"),
        ("下降不低于5%", ">=", "5", "%"),
        ("百分之九十五", None, "95", "%"),
        ("≥\n95\n%", ">=", "95", "%"),
        ("≤100元/人·天", "<=", "100", "元/人·天"),
        ("50㎡", None, "50", "平方米"),
        ("5个工作日内", "<=", "5", "工作日"),
        ("100%（12/12）", None, "100", "%"),
        ("98.5%，较上年提高2个百分点", None, "98.5", "%"),
        ("≥95%，成效显著", ">=", "95", "%"),
        ("200%", None, "200", "%"),
        ("26次", None, "26", "次"),
        ("1000余人次", "≈", "1000", "人次"),
        ("3万多人", "≈", "30000", "人"),
        ("全年无重大安全事故", "=", "0", "起"),
        ("建成一个", None, "1", "个"),
    ],
)
def test_figures(text, operator, number, unit):
    reading = read(text)
    assert reading.text == text
    assert reading.number == (None if number is None else Decimal(number))
    if number is not None:
        assert (reading.operator, reading.unit) == (operator, unit)
        assert not reading.question


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("10-15个", "10", "15", "个"),
        ("10~15个", "10", "15", "个"),
        ("10至15个", "10", "15", "个"),
        ("90%—95%", "90", "95", "%"),
        ("90%至95%", "90", "95", "%"),
    ],
)
def test_ranges(text, low, high, unit):
    reading = read(text)
    assert (reading.low, reading.high, reading.unit) == (Decimal(low), Decimal(high), unit)
    assert reading.comparison == "range"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12月底前", date(2023, 12, 31)),
        ("12月31日前", date(2023, 12, 31)),
        ("2023年12月31日前", date(2023, 12, 31)),
        ("2023年2月底", date(2023, 2, 28)),
        ("年底前", date(2023, 12, 31)),
        ("2022年底前", date(2022, 12, 31)),
        ("2023-06-30", date(2023, 6, 30)),
        ("2023.6.30", date(2023, 6, 30)),
        ("第四季度末", date(2023, 12, 31)),
        ("2023年1-12月", date(2023, 12, 31)),
    ],
)
def test_dates(text, expected):
    reading = read(text)
    assert reading.on(2023) == expected
    assert reading.number is None
    assert reading.comparison == "<="


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("2 95%", ("≥95%", "95%")),
        ("295%", ("≥95%", "295%")),
        ("2100%", ("≥100%", "2100%")),
        ("W30万元", ("≤30万元", "30万元")),
        ("?95%", ("≥95%", "≤95%")),
        ("▲30%", ("-30%", "30%")),
        ("（30%）", ("-30%", "30%")),
        ("9O%", ("90%",)),
        ("l00%", ("100%",)),
        ("到0次", ("0次", "≥0次")),
        ("第O份", ("0份", "≥0份")),
        (".5%", ("0.5%",)),
        ("00%", ("0%", "100%")),
        ("12，15，18", ("12", "15", "18")),
        ("培训3期120人次", ("3期", "120人次")),
        ("≥95%以内", ("≥95%", "≤95%")),
        ("15-10个", ("10至15个",)),
        ("12月前", ("12月底前", "11月30日前")),
        ("2月30日", ()),
        ("≥%", ()),
        ("60 000元", ("60000元",)),
    ],
)
def test_what_is_unsure_is_asked_and_has_no_value(text, candidates):
    reading = read(text)
    assert reading.question
    assert reading.candidates == candidates
    assert (reading.number, reading.low, reading.date) == (None, None, None)
    assert reading.text == text


def test_a_leading_two_is_asked_about_only_in_extracted_text():
    assert read("26次").number == 26
    assert read("26次", extracted=True).candidates == ("≥6次", "26次")
    assert read("2023年12月底前", extracted=True).date == date(2023, 12, 31)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "空"),
        ("", "空"),
        (" \n", "空"),
        ("××", "空"),
        ("待填写", "空"),
        ("/", "不适用"),
        ("－", "不适用"),
        ("——", "不适用"),
        ("不适用", "不适用"),
        ("无", "不适用"),
        ("效果明显", "定性"),
        ("完成2023年度任务", "定性"),
        ("通过ISO9001认证", "定性"),
        ("三公经费", "定性"),
        ("一次性完成", "定性"),
        ("一级", "定性"),
        ("公益一类", "定性"),
        ("达到5A级", "定性"),
    ],
)
def test_texts_without_a_figure(text, reason):
    assert read(text).reason == reason
    assert read(text).number is None


def test_several_figures_of_a_sentence():
    figures = read_all("全年培训3期，共120人次，满意度≥95%")
    assert [(item.number, item.unit) for item in figures] == [(3, "期"), (120, "人次"), (95, "%")]
    assert figures[2].operator == ">="


@pytest.mark.parametrize(
    ("number", "unit", "into", "expected"),
    [
        ("30", "万元", "元", "300000"),
        ("5", "‰", "%", "0.5"),
        ("2", "公里", "米", "2000"),
        ("1", "公顷", "亩", "15"),
        ("1", "人", "人次", None),
        ("1", "百分点", "%", None),
        ("1", None, "%", None),
    ],
)
def test_conversion(number, unit, into, expected):
    turned = convert(Decimal(number), unit, into)
    assert turned is None if expected is None else abs(turned - Decimal(expected)) < Decimal("1E-20")


NUMBERS = st.decimals(min_value=0, max_value=9999999, places=2, allow_nan=False)
UNITS = st.sampled_from(
    [None, "%", "万元", "元", "人", "人次", "个", "项", "天", "‰", "百分点", "平方米", "元/人"]
)
STYLES = {
    ">=": ["≥{}", ">={}", "＞＝{}", "不低于{}", "{}以上", "{}及以上", "大于等于{}", "{}（含）以上"],
    "<=": ["≤{}", "<={}", "不超过{}", "{}以内", "{}以下", "小于等于{}"],
    "=": ["＝{}", "={}", "﹦{}"],
    ">": [">{}", "＞{}", "高于{}"],
    "<": ["<{}", "＜{}", "小于{}"],
}


@given(st.sampled_from(sorted(STYLES)), st.data(), NUMBERS, UNITS, st.booleans())
def test_every_way_of_writing_is_read_to_the_same_value(operator, data, number, unit, grouped):
    style = data.draw(st.sampled_from(STYLES[operator]))
    written = f"{number:,f}" if grouped else f"{number:f}"
    reading = read(style.format(written + (unit or "")))
    assert (reading.operator, reading.number, reading.unit) == (operator, number, unit)


@given(st.sampled_from([None, *STYLES]), NUMBERS, UNITS)
def test_what_is_printed_is_read_back(operator, number, unit):
    reading = Reading("", operator, number, unit)
    again = read(reading.shown)
    if again.question:  # a bare 2xx % may be a misread ≥: asked on purpose
        assert reading.operator is None and unit == "%" and reading.shown in again.candidates
        return
    assert (again.operator, again.number, again.unit) == (operator, number, unit)
    assert read(again.shown).shown == again.shown


@given(NUMBERS, NUMBERS, UNITS)
def test_a_printed_range_is_read_back(one, other, unit):
    low, high = sorted((one, other))
    if low == high:
        return
    again = read(Reading("", unit=unit, low=low, high=high).shown)
    assert (again.low, again.high, again.unit) == (low, high, unit)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2089, 12, 31)), st.booleans())
def test_a_printed_date_is_read_back(day, before):
    again = read(Reading("", "<=" if before else None, date=day).shown)
    assert again.date == day
    assert again.operator == ("<=" if before else None)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    reading = read(text)
    assert reading.text == text
    read_all(text)
    assert not (reading.question and reading.number is not None)
