"""小数点错位: the same figures told twice, once ten, a hundred or a thousand times as much."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import figures
from reports.findings import Evidence, Finding, Level

LEAST_DIGITS = 5
"""Significant figures from which the same ones twice are no chance."""
SHIFTS = (1, 2, 3)


@check(
    "shifted-point",
    kind="digit",
    level=Level.WARNING,
    title="同一串数字前后出现两次而小数点位置不同",
)
def shifted_point(rule: Check, context: Context) -> Iterator[Finding]:
    first: dict[str, tuple[Decimal, str]] = {}
    told: set[str] = set()
    for sentence in context.text.sentences_once:
        for item in figures(sentence.text):
            digits = str(item.number).replace(".", "").strip("0")
            if item.unit != "万元" or len(digits) < LEAST_DIGITS:
                continue
            known, place = first.setdefault(digits, (item.number, sentence.title))
            if digits in told or not any(
                item.number.scaleb(by) == known or known.scaleb(by) == item.number for by in SHIFTS
            ):
                continue
            told.add(digits)
            yield rule.finding(
                sentence.where,
                f"“{place}”写{known}万元，“{sentence.title}”写{item.number}万元，数字相同而小数点位置不同，其中一处有误",
                evidence=[Evidence(value=sentence.excerpt(str(item.number)), where=sentence.where)],
                fix="核对金额的小数点",
            )
