"""What people type in the fields of the workspace."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from reports.workspace.fields import (
    AreaField,
    ClosedPickField,
    CountField,
    DayField,
    PointsField,
    TextField,
    WanField,
    WordsField,
)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("96.24", "962400"),
        ("９６．２４", "962400"),
        ("1,234.5", "12345000"),
        ("1，234.5", "12345000"),
        (" 0 ", "0"),
        ("-5.2", "-52000"),
        ("962400元", "962400"),
        ("264.55万元", "2645500"),
    ],
)
def test_amounts_are_understood_as_they_are_typed(typed, yuan):
    assert WanField().clean(typed) == Decimal(yuan)


@pytest.mark.parametrize("typed", ["约十万", "1,23", "12.3.4", "1e5", "NaN", "万", "九十六"])
def test_nonsense_is_refused_with_the_words_that_were_typed(typed):
    with pytest.raises(ValidationError) as refused:
        WanField().clean(typed)
    assert f"“{typed}”" in refused.value.messages[0]


@pytest.mark.parametrize("field", [WanField, CountField, PointsField, AreaField, DayField])
def test_empty_is_not_stated_and_never_zero(field):
    assert field().clean("") is None
    assert field().clean("  ") is None


@pytest.mark.parametrize(("yuan", "shown"), [("2645500", "264.55"), ("0", "0.00"), ("1000000", "100.00")])
def test_amounts_are_shown_with_two_places(yuan, shown):
    assert WanField().to_text(Decimal(yuan)) == shown


@pytest.mark.parametrize("yuan", ["2645512.34", "0.01", "-3.33", "100"])
def test_an_untouched_amount_is_saved_to_the_cent(yuan):
    field = WanField()
    assert field.clean(field.to_text(Decimal(yuan))) == Decimal(yuan)


@pytest.mark.parametrize(
    ("typed", "count"), [("12", 12), ("１２", 12), ("12人", 12), ("1,200", 1200), ("12.0", 12)]
)
def test_counts(typed, count):
    assert CountField().clean(typed) == count


@pytest.mark.parametrize("typed", ["-1", "1.5", "十二", "99999999999"])
def test_counts_refused(typed):
    with pytest.raises(ValidationError):
        CountField().clean(typed)


@pytest.mark.parametrize(("typed", "points"), [("9.5", "9.5"), ("１０分", "10"), ("0", "0"), ("100", "100")])
def test_points(typed, points):
    assert PointsField().clean(typed) == Decimal(points)


@pytest.mark.parametrize("typed", ["-0.01", "100.01", "9.555", "优"])
def test_points_refused(typed):
    with pytest.raises(ValidationError):
        PointsField().clean(typed)


def test_a_weight_of_zero_is_refused():
    with pytest.raises(ValidationError):
        PointsField(above_zero=True).clean("0")


@pytest.mark.parametrize(
    "typed", ["2024-04-18", "2024年4月18日", "2024.4.18", "２０２４/４/１８", "2024 年 4 月 18 日"]
)
def test_days(typed):
    assert DayField().clean(typed) == date(2024, 4, 18)


@pytest.mark.parametrize("typed", ["2024-02-30", "4月18日", "去年"])
def test_days_refused(typed):
    with pytest.raises(ValidationError):
        DayField().clean(typed)


def test_a_long_text_is_refused_whole_and_not_cut():
    field = TextField(max_length=5)
    assert "maxlength" not in field.widget_attrs(field.widget)
    with pytest.raises(ValidationError) as refused:
        field.clean("六个字的文本")
    assert "最多5个字" in refused.value.messages[0]


def test_a_closed_list_takes_nothing_else():
    field = ClosedPickField(options=[("a", "甲")])
    assert field.clean("a") == "a"
    with pytest.raises(ValidationError):
        field.clean("b")


@pytest.mark.parametrize("text", ["1999-12-31", "2199-01-01", "9999年12月31日"])
def test_a_day_far_from_today_is_asked(text):
    with pytest.raises(ValidationError, match="离今天太远"):
        DayField().clean(text)


def test_a_null_character_is_told_in_words_that_are_understood():
    with pytest.raises(ValidationError, match="不能保存的控制字符"):
        WordsField().clean("甲\0乙")
