"""预算调整没有说明: 全年预算数 differs from 年初预算数 and no adjustment or reason is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate, wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, rate_fact
from reports.checks.support.words import says_nothing
from reports.findings import Finding, Level

THRESHOLD = Decimal("0.05")
SAID = re.compile(r"追加|调增|调减|调剂|追减|预算调整|调整预算")
SPENT_ON = re.compile(r"(?:追加|调增)[^，。；]{0,16}元[^，。；]{0,4}用于")
"""What the added money was for, wherever it is told."""
REASON = re.compile(
    r"(?:调整(?:幅度|率|数)?|变动|差异)[^。；]{0,24}(?:原因|由于|主要是|因)|原因[^。；]{0,16}(?:下达|增加|追加|调整)"
)


@check(
    "unexplained-adjustment",
    kind="unexplained-adjustment",
    level=Level.WARNING,
    title="全年预算数与年初预算数相差超过5%而没有列明调整",
    source="自评表填表说明：预算有调整的说明理由；每一笔追加、调减单独说明",
    version=2,
)
def unexplained_adjustment(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    initial = money.expenditure.total(Column.INITIAL_BUDGET)
    full = money.expenditure.total(Column.FULL_BUDGET)
    if not initial or full is None:
        return
    change = rate(full - initial, initial)
    if change is None or abs(change) <= THRESHOLD or money.adjustments:
        return
    if not says_nothing(money.execution_explanation):
        return
    if any(SAID.search(sentence.text) for sentence in context.text.sentences if "万元" in sentence.text):
        return
    if any(SPENT_ON.search(sentence.text) for sentence in context.text.printed):
        return
    # The reason may stand in the sentence behind: «调整率为20.21%。主要原因是上级下达专项资金较多。»
    if any("调整" in item.text and REASON.search(item.text) for item in context.text.paragraphs_once):
        return
    where = money_path("expenditure", TOTAL, Column.FULL_BUDGET)
    yield rule.finding(
        where,
        f"年初预算数{wan(initial)}万元，全年预算数{wan(full)}万元，是年初的{percent(rate(full, initial))}，"
        f"{'追加' if full > initial else '调减'}{wan(abs(full - initial))}万元没有说明依据和理由",
        evidence=[
            money_fact(initial, money_path("expenditure", TOTAL, Column.INITIAL_BUDGET)),
            money_fact(full, where),
            rate_fact(change, "变动"),
        ],
        fix="在预算调整中逐笔列出金额、原因和文号",
    )
