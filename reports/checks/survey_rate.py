"""满意度的算法: questionnaires handed out, returned and satisfied, and the satisfaction that is told beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.statements import NUMBER
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

COUNT = r"(?P<number>\d[\d,]{0,9})(?:份|张|人|名|户|件)"
ASKED = re.compile(rf"(?:发放|发出|调查|访问|走访|抽查|抽样)(?:了)?[^，,。；;\d]{{0,14}}{COUNT}")
RETURNED = re.compile(rf"(?:收回|回收)(?:了)?[^，,。；;\d]{{0,8}}{COUNT}")
CONTENT = re.compile(rf"(?<!不)(?P<how>非常|很|十分|比较|较|基本)?满意(?!度|率)(?:的|等次|有|为|：)*{COUNT}")
STATED = re.compile(rf"(?:满意度|满意率)(?:为|是|达到|达|：)?(?P<rate>{NUMBER}%)")


@check(
    "survey-rate",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的满意度与问卷份数不符",
)
def survey_rate(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        text = paragraph.text
        if "满意" not in text:
            continue
        content = [_number(match) or 0 for match in CONTENT.finditer(text)]
        asked, returned = ASKED.search(text), RETURNED.search(text)
        out, back = _number(asked), _number(returned)
        if out is not None and back is not None and back > out:
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写发放{out}份，却收回{back}份",
                evidence=[Evidence(value=text[:80], where=paragraph.where)],
                fix="核对问卷份数",
            )
        whole = back if back is not None else out
        last = CONTENT.search(text)
        stated = STATED.search(text, last.start()) if last else None
        if not content or whole is None or stated is None:
            continue
        written = read_percentage(stated["rate"])
        exact = rate(Decimal(content[0]), Decimal(whole))
        if written is None or exact is None:
            continue
        wholes = {number for number in (out, back) if number}
        possible = (
            rate(Decimal(count), Decimal(number)) for count in accumulate(content) for number in wholes
        )
        if any(found is not None and written.agrees(found) for found in possible):
            continue
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写满意度{stated['rate']}，而{whole}份（人）中满意的{content[0]}，应为{percent(exact)}",
            evidence=[
                Evidence(value=text[max(0, stated.end() - 80) : stated.end()], where=paragraph.where),
                rate_fact(exact, "计算"),
            ],
            fix="核对问卷份数和满意度",
        )


def _number(match: re.Match[str] | None) -> int | None:
    return int(match["number"].replace(",", "")) if match else None
