"""文字里的预算执行率: the rate that is told against budget and spending, of the paragraph or of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.money import percent, wan
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, rate_fact
from reports.checks.support.statements import NUMBER, explained
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

STATED = re.compile(
    rf"(?:^|[，,。；;：]|整体|总|全年|部门|年度)(?:支出)?预算(?:执行|完成)率(?:为|是|达到|达|：)?(?P<rate>{NUMBER}%)(?![\d.])"
)
MONEY = ("元", "万元", "亿元")


@check(
    "text-execution-rate",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的预算执行率与预算数、决算数算出的不一致",
    source="财预〔2020〕10号：预算执行率＝全年执行数÷全年预算数",
)
def text_execution_rate(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    exact = money.execution_rate
    if exact is None:
        return
    written = context.dossier.indicators.assessment.execution_rate
    told = {written} if written else set()
    for paragraph in context.text.paragraphs:
        for match in STATED.finditer(paragraph.text):
            stated = read_percentage(match["rate"])
            # A rate that stands in the table is the other rule's; one above 100 % may be shown as 100 %.
            if stated is None or match["rate"] in told or stated.agrees(exact):
                continue
            if stated.fraction == 1 and exact > 1:
                continue
            told.add(match["rate"])
            if explained(stated, paragraph.text, MONEY):
                continue
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写预算执行率{match['rate']}，按全年执行数{wan(money.spent)}万元、"
                f"全年预算数{wan(money.budget)}万元计算应为{percent(exact)}",
                evidence=[
                    Evidence(value=match[0], where=paragraph.where),
                    money_fact(money.spent, "全年执行数"),
                    money_fact(money.budget, "全年预算数"),
                    rate_fact(exact, "计算"),
                ],
                fix="核对预算数、决算数和执行率",
            )
