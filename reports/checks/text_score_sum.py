"""文字里的分项得分: “投入15分得15分，过程25分得24分……合计得99分”, added up again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import HUNDRED, plain
from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

POINTS = r"\d{1,3}(?:\.\d+)?"
PART = re.compile(
    rf"(?P<weight>{POINTS})分[）)，,、]{{0,2}}(?:实际|自评)?(?:得分|评分|得|计)(?:为|：)?(?P<own>{POINTS})分"
)
TOTAL = re.compile(
    rf"(?:合计|总计|共计|总分|总得分|自评得分|自评分|自评总分|综合得分|综合评分|最终得分|得分)(?:为|得|是|：|共|计)*"
    rf"(?P<total>{POINTS})分"
)
CENT = Decimal("0.01")


@check(
    "text-score-sum",
    kind="score-sum",
    level=Level.WARNING,
    title="文字里逐项写的得分之和与所写总分不等",
)
def text_score_sum(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        text = paragraph.text
        if text.count("分") < 4:
            continue
        parts = list(PART.finditer(text))
        # Only parts of a whole hundred are known to be all of them.
        if len(parts) < 2 or sum(Decimal(part["weight"]) for part in parts) != HUNDRED:
            continue
        total = _total(PART.sub("", text), context)
        added = sum((Decimal(part["own"]) for part in parts), Decimal(0))
        if total is None or abs(added - total) <= CENT * len(parts):
            continue
        yield rule.finding(
            paragraph.where,
            f"“{paragraph.title}”写的各部分得分{'、'.join(part['own'] for part in parts)}相加为{plain(added)}分，"
            f"所写总分为{plain(total)}分",
            evidence=[
                Evidence(value=text[parts[0].start() : parts[-1].end()][:120], where=paragraph.where),
                Evidence(value=plain(added), unit="分", where="相加"),
                Evidence(value=plain(total), unit="分", where="所写总分"),
            ],
            fix="核对各部分得分和总分",
        )


def _total(rest: str, context: Context) -> Decimal | None:
    """The total told in the same paragraph, else the report's own."""
    found = TOTAL.search(rest)
    return Decimal(found["total"]) if found else context.dossier.indicators.assessment.score
