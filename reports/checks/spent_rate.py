"""单个项目、采购的执行率: “预算68万元，实际支出51万元，执行率80%”; 节约率 likewise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.statements import NUMBER, Figure, explained, figures
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

RATE = re.compile(
    rf"(?P<name>(?:预算|资金|采购|项目|经费|支出)*(?:执行|支出|使用|支付|拨付|完成|到位)率|(?:资金)?(?:节约|节支)率)"
    rf"(?:仅|只有|已)?(?:为|是|达到|达|约|：)?(?P<rate>{NUMBER}%)"
)
MONEY = ("元", "万元", "亿元")
AIM = re.compile(r"预算|到位|下达|安排|计划|应付|合同|批复|投资")
SPENT = re.compile(r"支出|执行|支付|使用|拨付|采购|决算|完成|支用|实付|中标|成交")
WHOLE = re.compile(r"(?:部门|整体|全年|总)(?:支出)?预算(?:执行|完成)率")


@check(
    "spent-rate",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的项目执行率、支付率、节约率与同一句的金额不符",
)
def spent_rate(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        if "率" not in sentence.text or "元" not in sentence.text:
            continue
        known = figures(sentence.text)
        start = 0
        for match in RATE.finditer(sentence.text):
            before = [item for item in known if start <= item.start < match.start() and item.unit in MONEY]
            start = match.end()
            stated = read_percentage(match["rate"])
            pair = _pair(before)
            if stated is None or pair is None or WHOLE.search(match["name"]):
                continue
            aim, spent = pair
            saved = "节" in match["name"]
            exact = rate(aim.number - spent.number if saved else spent.number, aim.number)
            if exact is None or stated.agrees(exact) or explained(stated, sentence.text, MONEY):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写{match[0]}，而{aim.label}{aim}、{spent.label}{spent}，应为{percent(exact)}",
                evidence=[
                    Evidence(value=sentence.excerpt(match[0], 40), where=sentence.where),
                    rate_fact(exact, "计算"),
                ],
                fix="核对预算（到位）数、支出数和所写的比率",
            )


def _pair(known: list[Figure]) -> tuple[Figure, Figure] | None:
    """Budget and spending: the only two amounts of one unit before the rate, called so."""
    if len(known) != 2 or known[0].unit != known[1].unit:
        return None
    first, second = known
    named = AIM.search(first.label) and SPENT.search(second.label) and not AIM.search(second.label)
    return (first, second) if named and first.number else None
