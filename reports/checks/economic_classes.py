"""基本支出按经济分类: 工资福利支出, 商品和服务支出 and 对个人和家庭的补助 told apart from the total that they make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import from_wan, to_wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path
from reports.checks.support.statements import Figure, figures
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

CLASSES = re.compile(
    r"^(?:其中)?(?P<name>工资福利|商品和?服务|对个人和家庭的?(?:补助)?|资本性)(?:支出|补助)?$"
)
NEEDED = ("工资", "商品", "对个")
ABOUT_BASIC = re.compile(r"^(?:\S{0,3}[、.．)）])?基本支出(?!\d)")
CENT = Decimal("0.01")


@check(
    "economic-classes",
    kind="sum",
    level=Level.WARNING,
    title="文字里按经济分类写的基本支出之和与基本支出不等",
    source="《政府收支分类科目》支出经济分类301、302、303类；部门决算公开06表：人员经费与公用经费合计为基本支出",
    needs=(Covers.EXPENDITURE,),
)
def economic_classes(rule: Check, context: Context) -> Iterator[Finding]:
    basic = context.dossier.money.expenditure.amount("basic", Column.ACTUAL)
    if basic is None:
        return
    for paragraph in context.text.paragraphs_once:
        parts = _classes(paragraph.text) if _about_basic(paragraph.title, paragraph.text) else ()
        added = sum((part.number for part in parts), Decimal(0))
        if not parts or abs(added - to_wan(basic)) <= CENT * len(parts):
            continue
        told = "、".join(f"{part.label}{part}" for part in parts)
        at = money_path("expenditure", "basic", Column.ACTUAL)
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写{told}，相加为{added}万元，基本支出为{to_wan(basic)}万元",
            evidence=[
                Evidence(value=paragraph.text[parts[0].start - 12 if parts[0].start > 12 else 0 : parts[-1].end][:120],
                         where=paragraph.where),
                money_fact(from_wan(added), "相加"),
                money_fact(basic, at),
            ],
            fix="核对各类支出和基本支出",
        )  # fmt: skip


def _about_basic(title: str, text: str) -> bool:
    """Whether a paragraph is about 基本支出 and does not state its total itself (then ``text-partition`` adds up)."""
    return bool(ABOUT_BASIC.match(text) or ABOUT_BASIC.match(title)) and not re.search(
        r"基本支出[^，。；]{0,6}\d", text
    )


def _classes(text: str) -> tuple[Figure, ...]:
    """The classes in 万元, each once, and nothing between them; empty where one of the three large ones is missing."""
    found = [item for item in figures(text) if item.unit == "万元" and CLASSES.match(item.label)]
    names = [CLASSES.match(item.label)["name"][:2] for item in found]  # type: ignore[index]
    complete = all(name in names for name in NEEDED) and len(set(names)) == len(names)
    return tuple(found) if complete else ()
