"""Money: one rounding, reading of what people type, nothing lost between 元 and 万元."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.money import (
    AmountError,
    from_wan,
    parse_number,
    parse_wan,
    percent,
    plain,
    rate,
    round_half_up,
    to_wan,
    total,
    wan,
)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("96.24", "962400"),
        ("９６．２４", "962400"),
        ("1,234.5", "12345000"),
        ("1，234.5", "12345000"),
        (" 0 ", "0"),
        ("96.24万元", "962400"),
        ("962400元", "962400"),
        ("1.2亿元", "120000000"),
        ("-3.5", "-35000"),
        ("－3.5", "-35000"),
        ("0.000001", "0.01"),
    ],
)
def test_amounts_are_understood_as_people_type_them(typed, yuan):
    assert parse_wan(typed) == Decimal(yuan)


@pytest.mark.parametrize(
    "typed",
    [
        "约96",
        "九十六",
        "1,2345",
        "12,15,18",
        "1.2.3",
        "NaN",
        "Infinity",
        "1e5",
        "",
        "96.24.",
        "1,234.5,6",
        "0.0000001",
        "9" * 20,
    ],
)
def test_nonsense_is_refused_with_a_chinese_sentence(typed):
    with pytest.raises(AmountError) as refused:
        parse_wan(typed)
    assert typed.strip() in str(refused.value)


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("2.6749", "2.67")]
)
def test_rounding_is_half_up_away_from_zero(value, rounded):
    assert round_half_up(Decimal(value)) == Decimal(rounded)


def test_a_sum_of_nothing_stated_is_not_zero():
    assert total([None, None]) is None
    assert total([None, Decimal(0)]) == 0


def test_a_rate_without_denominator_is_not_computable():
    assert rate(Decimal(5), Decimal(0)) is None
    assert rate(None, Decimal(5)) is None
    assert percent(rate(Decimal("2645500"), Decimal("962400"))) == "274.89%"
    assert percent(None) == "无法计算"


def test_amounts_are_shown_with_two_places_and_gaps_are_named():
    assert wan(Decimal("2645500")) == "264.55"
    assert wan(Decimal(0)) == "0.00"
    assert wan(None) == "未填"


@pytest.mark.parametrize(("number", "text"), [("10.00", "10"), ("1E+2", "100"), ("0.50", "0.5"), ("0", "0")])
def test_plain_numbers_have_no_trailing_zeros(number, text):
    assert plain(Decimal(number)) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_is_shown_in_wan_is_read_back(value):
    assert to_wan(parse_wan(f"{value:f}")) == value == to_wan(from_wan(value))


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_thousands_separators_change_nothing(value):
    assert parse_number(f"{value:,}") == value
