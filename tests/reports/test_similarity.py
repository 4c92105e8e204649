"""Copied passages: what counts as the same words, and that both searches agree."""

from __future__ import annotations

import pytest

from reports.similarity import Text, alike, bare, copies_of, find_copies, sentences, shingles

COPIED = (
    "一是预算编制不够细化，部分项目支出没有细化到具体内容，年中调整较多，影响了预算执行的进度和准确性。",
    "二是绩效管理意识有待加强，各股室重投入轻产出的观念没有根本转变，指标设置缺乏针对性。",
)
CHANGED = (COPIED[0].replace("部分", "少数"), COPIED[1].replace("各股室", "各科室"))
OTHER = ("今年档案库房漏雨，三百卷民国档案受潮，需要尽快修复，修复经费尚未落实到位。",)


def found(*texts: Text):
    return find_copies(texts)


@pytest.mark.parametrize("theirs", [COPIED, CHANGED], ids=["word for word", "a word changed"])
def test_finds_both_sides_with_both_passages(theirs):
    copies = found(
        Text("甲", "problems", (*COPIED, *OTHER)),
        Text("乙", "measures", theirs),
        Text("丙", "problems", OTHER),
    )
    assert set(copies) == {"甲", "乙"}
    (one,) = copies["甲"]
    assert (one.section, one.other, one.other_section) == ("problems", "乙", "measures")
    assert (one.text, one.other_text) == ("".join(COPIED), "".join(theirs))


def test_a_single_short_sentence_is_no_copy():
    short = ("资金使用符合预算批复的用途和规定。",)
    assert found(Text("甲", "a", short), Text("乙", "a", short)) == {}


def test_less_than_sixty_characters_in_common_are_chance():
    assert found(Text("甲", "a", COPIED[:1]), Text("乙", "a", COPIED[:1])) == {}


def test_years_and_figures_do_not_hide_a_copy():
    one = tuple(f"2023年{text}" for text in COPIED)
    other = tuple(f"2022年{text}共12项" for text in COPIED)
    assert "甲" in found(Text("甲", "a", one), Text("乙", "a", other))


def test_the_units_own_names_do_not_hide_a_copy():
    texts = [
        Text(name, "a", tuple(f"{name}{text}" for text in COPIED))
        for name in ("示例区水利局机关本级", "示例区档案馆")
    ]
    assert find_copies(texts, {text.report: (str(text.report),) for text in texts})


def test_what_everybody_writes_is_the_notices_wording():
    texts = [Text(number, "a", COPIED) for number in range(7)]
    assert find_copies(texts) == {}
    assert find_copies(texts[:6]) != {}


def test_the_same_section_twice_in_one_report_is_no_copy_of_another():
    assert found(Text("甲", "a", COPIED), Text("甲", "b", COPIED)) == {}


def test_one_against_the_others_finds_the_same():
    texts = [Text("甲", "a", (*COPIED, *OTHER)), Text("乙", "b", CHANGED), Text("丙", "c", OTHER)]
    assert copies_of("甲", texts) == find_copies(texts)["甲"]
    assert copies_of("丙", texts) == []


def test_equal_reports_give_equal_answers_in_any_order():
    texts = [Text("甲", "a", COPIED), Text("乙", "b", CHANGED), Text("丙", "c", OTHER)]
    assert find_copies(texts)["甲"] == find_copies(texts[::-1])["甲"]


def test_sentences_survive_broken_lines():
    assert sentences("一是预算\n  编制不细。二是\n进度慢") == ("一是预算编制不细。", "二是进度慢")


def test_similarity_of_shingles():
    assert alike(shingles("预算编制不够细化"), shingles("预算编制不够细化")) == 1
    assert alike(shingles("预算编制"), shingles("信访工作")) == 0
    assert bare("2023年，预算12.5万元。") == "年预算万元"
