"""Order and numbering of the printed report."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from indicators.policy import load_policy
from indicators.scoring.engine import score
from indicators.scoring.scorecard import Scorecard
from reports.documents import compose
from reports.documents.compose import chinese_number, mark
from reports.documents.model import Enclosures, Heading, Paragraph, ReportDocument, Signature, Table
from reports.dossier import Dossier, Section
from reports.findings import Finding, Level
from reports.intake.case import is_case, read_case
from reports.outline import Outline, OutlineSection, load_outline
from tests.factories import empty_dossier, make_dossier, make_narrative

CASES = Path(__file__).parents[2] / "cases"
WHOLE_CASES = sorted(
    path for path in CASES.glob("*.json") if is_case(json.loads(path.read_text(encoding="utf-8")))
)


def card_of(dossier: Dossier) -> Scorecard:
    return score(dossier.profile, dossier.money, dossier.indicators, load_policy(load_outline().policy))


def printed(dossier: Dossier, **options: Any) -> ReportDocument:
    """The document of a dossier in the Hengyang outline, scored by its policy."""
    outline = options.pop("outline", load_outline())
    findings = options.pop("findings", ())
    return compose(dossier, card_of(dossier), findings, outline, **options)


def headings(document: ReportDocument) -> list[str]:
    return [block.text for block in document.body if isinstance(block, Heading)]


def texts(document: ReportDocument) -> list[str]:
    return [block.text for block in document.body if isinstance(block, Paragraph)]


def everything(document: ReportDocument) -> str:
    """All words of the body and of the annexes."""
    parts = [block.text for block in document.body if isinstance(block, Heading | Paragraph)]
    for annex in document.annexes:
        for table in annex.blocks:
            if isinstance(table, Table):
                parts.extend(cell.text for row in table.rows for cell in row.cells)
    return "\n".join(parts)


def seed() -> Dossier:
    return read_case(json.loads((CASES / "shigu-rongmeiti-2023.json").read_text(encoding="utf-8")))


def outline_of(*sections: tuple[str, int, bool]) -> Outline:
    """A small outline: key, level, required."""
    return Outline(
        name="small",
        version="1",
        label="小提纲",
        title="{department}{year}年度报告",
        policy="national-2020-10",
        sections=tuple(
            OutlineSection(
                key=key if key.isascii() else f"s{number}",
                level=level,
                title=key,
                prompt="写这里",
                required=required,
            )
            for number, (key, level, required) in enumerate(sections)
        ),
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
    ],
)
def test_chinese_numbers(number: int, words: str) -> None:
    assert chinese_number(number) == words


def test_tens_behind_a_hundred_are_spoken_in_full() -> None:
    assert chinese_number(110) == "一百一十"
    assert chinese_number(312) == "三百一十二"


def test_marks_by_level() -> None:
    assert [mark(level, 2) for level in (1, 2, 3, 4, 5)] == ["二、", "（二）", "2.", "（2）", "②"]


def test_numbering_restarts_below_every_heading() -> None:
    outline = outline_of(
        ("甲", 1, True), ("乙", 2, True), ("丙", 3, True), ("丁", 3, True), ("戊", 2, True), ("己", 3, True),
        ("庚", 4, True), ("辛", 1, True), ("壬", 2, True),
    )  # fmt: skip
    assert headings(printed(empty_dossier(), outline=outline)) == [
        "一、甲",
        "（一）乙",
        "1.丙",
        "2.丁",
        "（二）戊",
        "1.己",
        "（1）庚",
        "二、辛",
        "（一）壬",
    ]


def test_optional_empty_sections_are_left_out_and_numbers_close_up() -> None:
    outline = outline_of(("first", 1, False), ("second", 1, False), ("third", 1, False), ("below", 2, False))
    dossier = empty_dossier(narrative=(Section(key="second", title="", text="有话说。"),))
    assert headings(printed(dossier, outline=outline)) == ["一、second"]
    dossier = empty_dossier(narrative=(Section(key="below", title="", text="有话说。"),))
    assert headings(printed(dossier, outline=outline)) == ["一、third", "（一）below"]


def test_required_empty_sections_print_a_prompt() -> None:
    document = printed(empty_dossier())
    prompts = [block for block in document.body if isinstance(block, Paragraph) and block.origin == "prompt"]
    assert {block.text for block in prompts} == {"（本节未填写）"}
    assert {block.where for block in prompts} == {
        f"narrative.{section.key}" for section in load_outline().sections if section.required
    }


def test_a_prompt_says_what_the_check_asks_for() -> None:
    finding = Finding(
        kind="missing-text",
        code="text-missing",
        level=Level.ERROR,
        where="narrative.problems",
        message="没有写问题",
        fix="请写明存在的问题。",
    )
    assert "（本节未填写：请写明存在的问题）" in texts(printed(empty_dossier(), findings=(finding,)))


def test_the_complete_dossier_has_the_eight_chapters_and_no_prompt() -> None:
    document = printed(make_dossier())
    assert [text for text in headings(document) if re.match("[一二三四五六七八九十]+、", text)] == [
        "一、部门概况",
        "二、绩效目标设置情况",
        "三、部门整体支出情况",
        "四、资金管理及使用情况",
        "五、绩效评价工作情况",
        "六、部门整体支出绩效评价",
        "七、存在的主要问题",
        "八、改进措施和有关建议",
    ]
    assert not any(block.origin == "prompt" for block in document.body if isinstance(block, Paragraph))


def test_lists_are_numbered_below_their_heading() -> None:
    body = texts(printed(make_dossier()))
    start = body.index("主要工作职责是：")
    assert [text[:2] for text in body[start + 1 : start + 6]] == ["1.", "2.", "3.", "4.", "5."]


def test_a_list_beside_headings_of_its_level_goes_one_level_down() -> None:
    outline = Outline(
        name="x",
        version="1",
        label="x",
        title="t",
        policy="p",
        sections=(
            OutlineSection(key="top", level=1, title="总"),
            OutlineSection(key="who", level=2, title="概况", data=("duties",)),
            OutlineSection(key="more", level=3, title="其他", prompt="写", required=True),
        ),
    )
    body = texts(compose(make_dossier(), None, (), outline))
    assert body[1].startswith("（1）")


def test_unit_text_becomes_paragraphs_and_stays_text() -> None:
    dossier = make_dossier(narrative={"problems": "1.<b>第一</b>\r\n\r\n  2.a & b \n=1+1"})
    document = printed(dossier)
    own = [
        block
        for block in document.body
        if isinstance(block, Paragraph) and block.where == "narrative.problems"
    ]
    assert [block.text for block in own] == ["1.<b>第一</b>", "2.a & b", "=1+1"]
    assert {block.origin for block in own} == {"unit"}


def test_texts_without_a_place_in_the_outline_are_not_lost() -> None:
    narrative = (*make_narrative(), Section(key="publicity", title="结果公开情况", text="在门户网站公开。"))
    document = printed(make_dossier(narrative=narrative))
    assert headings(document)[-2:] == ["九、其他需要说明的情况", "（一）结果公开情况"]
    assert "在门户网站公开。" in texts(document)


def test_two_texts_of_one_section_are_both_printed() -> None:
    narrative = (
        Section(key="problems", title="", text="其一。"),
        Section(key="problems", title="", text="其二。"),
    )
    assert {"其一。", "其二。"} <= set(texts(printed(make_dossier(narrative=narrative))))


def test_an_empty_dossier_composes() -> None:
    document = printed(empty_dossier())
    assert document.cover is not None
    assert document.cover.lines == (("填报单位", "示例区档案馆"),)
    assert [annex.title for annex in document.annexes] == [
        "2023年度部门整体支出绩效自评表",
        "2023年度基础数据表",
        "2023年度收入支出决算表",
    ]
    assert compose(empty_dossier(), None, (), load_outline()).body


def test_hostile_names_compose() -> None:
    name = "<script>{year}{x}档案馆\n&" + "长" * 200
    document = printed(make_dossier(department=name))
    assert document.author == name
    assert compose(make_dossier(department=name), None, (), outline_of(("a", 1, True))).title.startswith(name)


def test_cover_closing_and_signature() -> None:
    document = printed(
        make_dossier(), watermark="", footer="校验码 1234", created="2024-03-15T09:00:00+08:00"
    )
    assert document.title == "2023年度部门整体支出绩效自评报告"
    assert document.cover is not None
    assert document.cover.lines == (
        ("填报单位", "示例区档案馆"),
        ("主管部门", "中共示例区委办公室"),
        ("预算编码", "411001"),
    )
    assert document.cover.date == "2024年3月15日"
    assert document.body[-1] == Signature(lines=("示例区档案馆", "2024年3月15日"))
    closing = document.body[-2]
    assert isinstance(closing, Enclosures)
    assert closing.texts[0] == "附件：1.2023年度部门整体支出绩效自评表"
    assert closing.texts[1] == "　　　2.2023年度基础数据表"
    assert closing.texts[4] == "　　　5.2023年度收入支出决算表"
    assert [annex.mark for annex in document.annexes] == ["附件1", "附件2", "附件3", "附件4", "附件5"]
    assert (document.watermark, document.footer, document.created) == (
        "",
        "校验码 1234",
        "2024-03-15T09:00:00+08:00",
    )


def test_a_draft_is_marked_unless_said_otherwise() -> None:
    assert printed(make_dossier()).watermark == "草稿"


def test_composing_is_pure() -> None:
    assert printed(make_dossier()) == printed(make_dossier())


def test_sheets_have_names_that_a_workbook_accepts() -> None:
    names = [annex.sheet for annex in printed(make_dossier()).annexes]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


# ------------------------------------------------------------------ the real report of 2023


def test_seed_income_and_expenditure_read_as_published() -> None:
    published = re.sub(r"\s", "", (CASES / "shigu-rongmeiti-2023.txt").read_text(encoding="utf-8"))
    income, spending = texts(printed(seed()))[texts_index("2023年度本年收入") :][:2]
    for sentence in (income, spending):
        # The published text forgets one 元 (“经营收入0万；”).
        assert sentence.replace("经营收入0万元", "经营收入0万") in published


def texts_index(beginning: str) -> int:
    return next(index for index, text in enumerate(texts(printed(seed()))) if text.startswith(beginning))


def test_seed_budget_sentence() -> None:
    sentence = texts(printed(seed()))[texts_index("全年预算数为")]
    assert sentence == (
        "全年预算数为96.24万元，其中：基本支出96.24万元，项目支出0万元。"
        "本年实际支出数为264.55万元，其中：基本支出111.05万元，项目支出153.50万元，预算执行率274.89%。"
    )


def test_seed_people_offices_and_score() -> None:
    body = texts(printed(seed()))
    assert (
        "的机构性质为公益一类事业单位。单位人员构成情况：编制数11个，实际在编人员7人，离退休人员0人。"
        in body[0]
    )
    assert body[1] == "内设5个股室为：办公室、新闻采访室、编辑制作室、技术运维室、舆情监测室。"
    assert "本单位自评得分100分，自评等级为“优”。" in body
    assert "项目资金由综合科统一管理。" in body


@pytest.mark.parametrize("path", WHOLE_CASES, ids=lambda path: path.stem)
def test_every_figure_of_a_case_is_printed(path: Path) -> None:
    """Every amount, count, target and actual value of the dossier stands in the document."""
    dossier = read_case(json.loads(path.read_text(encoding="utf-8")))
    words = everything(printed(dossier))
    missing = [figure for figure in figures(dossier) if figure not in words]
    assert missing == []


def figures(dossier: Dossier) -> list[str]:
    """Texts that have to be found: amounts in 万元 with two decimals (``0`` for zero), counts, values of indicators."""
    money = dossier.money
    amounts: list[Decimal] = []
    for key in ("income_source", "income_nature", "expenditure"):
        table = money.table(key)
        for row in (*table.rows, *([table.stated_total] if table.stated_total else ())):
            amounts.extend(
                value for value in (row.prior_final, row.initial_budget, row.full_budget, row.actual) if value
            )
    for project in money.projects:
        stated = (project.initial_budget, project.full_budget, project.allocated, project.spent)
        amounts.extend(value for value in stated if value)
    found = [f"{value / 10000:.2f}" for value in amounts]
    profile = dossier.profile
    people = (profile.authorized_posts, profile.staff_on_posts, profile.retirees)
    found.extend(str(number) for number in people if number is not None)
    for one in dossier.indicators.indicators:
        found.extend(value.strip() for value in (one.target, one.actual) if value and value.strip())
    return found
