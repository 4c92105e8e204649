"""文字里未达目标却得满分: “目标95%，实际92.8%，得10分（满分10分）”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import outcomes
from reports.checks.support.text import Sentence
from reports.checks.support.values import comparable
from reports.findings import Evidence, Finding, Level

POINTS = r"(\d{1,3}(?:\.\d+)?)分"
OWN = re.compile(rf"(?:自评)?得(?:分)?(?:为|：)?{POINTS}")
WEIGHT = re.compile(rf"(?:满分|分值|权重|标准分|总分)(?:为|：)?{POINTS}")

GROUP = re.compile(r"^[^。；;]{2,20}[（(](?:分值|满分|权重)?(?:为|：)?(\d{1,3}(?:\.\d+)?)分[）)]")
SUBTOTAL = re.compile(rf"(?:小计|合计|共)(?:得|计|为|：)*{POINTS}")


@check(
    "text-full-marks",
    kind="score",
    level=Level.WARNING,
    title="文字里没有达到目标却得满分",
)
def text_full_marks(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    # A line of the table with a score of its own is the rule on lines' matter.
    scored = {
        comparable(line) for view in context.sheets for line in view.active if line.self_score is not None
    }
    for whole, sentence in _printed(context):
        for item in outcomes(sentence.text):
            if (
                item.met
                or item.passage in seen
                or not (_full(item.rest) or (whole and OWN.search(item.rest)))
            ):
                continue
            seen.add(item.passage)
            if (item.target, item.actual) in scored:
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”目标{item.wanted}、实际{item.actual}{item.unit}，没有达到目标，却得满分",
                evidence=[Evidence(value=f"{item.passage}{item.rest}"[:80], where=sentence.where)],
                fix="按完成比例计分，或核对完成数",
            )


def _printed(context: Context) -> Iterator[tuple[bool, Sentence]]:
    """Sentences, and whether the group of indicators in whose paragraph they stand has all its marks."""
    for paragraph in context.text.paragraphs:
        group, total = GROUP.search(paragraph.text), SUBTOTAL.search(paragraph.text)
        full = group is not None and total is not None and Decimal(group[1]) == Decimal(total[1])
        for sentence in paragraph.sentences:
            yield full, sentence


def _full(words: str) -> bool:
    own, weight = OWN.search(words), WEIGHT.search(words)
    if own is None or weight is None:
        return "得满分" in words
    return Decimal(own[1]) == Decimal(weight[1])
