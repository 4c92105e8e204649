"""Line breaking: line-start and line-end rules, whole numbers, over-long pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.documents.linebreak import NO_END, NO_START, atoms, balanced_lines, break_lines, widest_atom


def width(char: str) -> float:
    return 0.5 if char.isascii() else 1.0


def broken(text: str, line: float = 28, first: float | None = None) -> list[str]:
    return [part.text for part in break_lines(text, line, width, first=first)]


def test_28_characters_fill_a_line():
    assert [len(line) for line in broken("绩" * 60)] == [28, 28, 4]


def test_first_line_is_two_characters_shorter():
    assert [len(line) for line in broken("绩" * 60, first=26)] == [26, 28, 6]


def test_only_the_last_line_of_a_paragraph_is_marked_last():
    assert [line.last for line in break_lines("绩" * 60, 28, width)] == [False, False, True]


@pytest.mark.parametrize("mark", ["，", "。", "”", "》", "）", "、", "；", "：", "！", "？", "％", "·"])
def test_no_line_begins_with_a_closing_mark(mark):
    assert broken("绩" * 28 + mark + "效" * 5) == ["绩" * 27, "绩" + mark + "效" * 5]


@pytest.mark.parametrize("mark", ["“", "《", "（", "〔", "【"])
def test_no_line_ends_with_an_opening_mark(mark):
    assert broken("绩" * 27 + mark + "效" * 5) == ["绩" * 27, mark + "效" * 5]


@pytest.mark.parametrize(
    "whole",
    [
        "264.55万元",
        "1,234.50万元",
        "≥95%",
        "2023年",
        "-3.2%",
        "7人",
        "63.64%",
        "12.5个百分点",
        "90%以上",
        "22万页",
        "第3季度",
        "２０２３年",
    ],
)
def test_a_number_stays_with_its_sign_and_unit(whole):
    for before in range(20, 29):
        lines = broken("绩" * before + whole + "效" * 40)
        assert any(whole in line for line in lines), lines


@pytest.mark.parametrize("whole", ["GB/T", "performance", "9704-2012", "——", "……", "a.b@c.cn"])
def test_words_dashes_and_ellipses_stay_whole(whole):
    for before in range(20, 29):
        assert any(whole in line for line in broken("绩" * before + whole + "效" * 40))


def test_a_number_too_wide_with_its_unit_is_parted_from_it_first():
    assert broken("123456.78万元", line=5) == ["123456.78", "万元"]


def test_the_number_of_an_item_stays_with_its_text():
    assert broken("绩" * 26 + "；2.围绕中心工作") == ["绩" * 26 + "；", "2.围绕中心工作"]


@pytest.mark.parametrize("char", ["x", "9", "，", "（", "—", "绩"])
def test_5000_characters_without_a_break_are_broken(char):
    lines = break_lines(char * 5000, 28, width)
    assert "".join(line.text for line in lines) == char * 5000
    assert all(line.width <= 28.001 for line in lines)


def test_a_stop_behind_a_long_word_does_not_begin_a_line():
    assert all(line[0] != "。" for line in broken("x" * 56 + "。"))


def test_line_feeds_are_kept_and_blanks_at_breaks_are_not():
    assert broken("甲\n\n乙") == ["甲", "", "乙"]
    assert broken("绩" * 28 + " 效") == ["绩" * 28, "效"]


def test_an_empty_text_is_one_empty_line():
    assert broken("") == [""]


def test_a_character_wider_than_the_line_stands_alone():
    assert broken("绩效自评", line=0.5) == list("绩效自评")


def test_pieces():
    assert atoms("支出264.55万元（GB/T 1）——好。") == (
        *("支", "出", "264.55", "万元", "（", "GB/T", " ", "1", "）", "——", "好", "。"),
    )


def test_widest_piece_leaves_out_what_has_to_be_broken_anyway():
    assert widest_atom("绩效12345.67万元" + "x" * 500, width) == 4.0


def test_balanced_lines_leave_no_single_character_over():
    assert [line.text for line in balanced_lines("年度资金总额", 5, width)] == ["年度资", "金总额"]
    assert [line.text for line in balanced_lines("总分", 5, width)] == ["总分"]


@given(
    st.text(alphabet="绩效自评，。（）“”《》、0123456789.%万元年——…… abcGB/≥\n", max_size=200),
    st.integers(4, 40),
)
def test_nothing_is_lost_and_nothing_is_too_wide(text, line):
    lines = break_lines(text, line, width)
    assert all(part.width <= line + 1e-6 for part in lines)
    shown = "".join(part.text for part in lines)
    assert shown.replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(
    st.text(alphabet="绩效自评支出情况", min_size=1, max_size=6),
    st.sampled_from("，。、）”"),
    st.sampled_from("（“《"),
)
def test_rules_hold_wherever_the_marks_stand(word, closing, opening):
    for before in range(30):
        text = "文" * before + opening + word + closing + "末" * 30
        lines = broken(text, line=12)
        assert not any(line[0] in NO_START for line in lines)
        assert not any(line[-1] in NO_END for line in lines[:-1])
