"""文字里的占比: “基本支出1312.45万元，占54.65%”, “财政拨款收入占总收入的比重为14.28%”, worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.statements import NUMBER, UNIT, Figure, figures
from reports.checks.support.text import Paragraph
from reports.checks.support.values import Percentage, read_percentage
from reports.findings import Evidence, Finding, Level

AFTER_AMOUNT = re.compile(
    rf"(?P<amount>{NUMBER})(?:{UNIT})[，,（(]?占(?P<whole>[一-龥“”]{{0,12}}?)的?(?:比重|比例|百分比|比)?(?:为|是|达)?"
    rf"(?P<rate>{NUMBER}%)"
)
OF_NAMES = re.compile(
    rf"(?P<part>[一-龥]{{2,12}})占(?P<whole>[一-龥]{{2,12}}?)的?(?:比重|比例|百分比|比)(?:为|是|达)?(?P<rate>{NUMBER}%)"
)
PLAIN = re.compile(r"总|合计|全部|本年度?|全年|部门|单位|年度|20\d\d年|的|数")


@check(
    "stated-share",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的占比与金额不符",
)
def stated_share(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        if "占" not in paragraph.text:
            continue
        for words, written, part, whole in _shares(paragraph):
            stated, exact = read_percentage(written), rate(part.number, whole.number)
            if stated is None or exact is None or _fits(stated, part, paragraph):
                continue
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写“{words}”，而{part.label or '该项'}{part}、{whole.label}{whole}，"
                f"占比应为{percent(exact)}",
                evidence=[Evidence(value=words, where=paragraph.where), rate_fact(exact, "计算")],
                fix="核对金额和占比",
            )


def _fits(stated: Percentage, part: Figure, paragraph: Paragraph) -> bool:
    """Whether any figure of the paragraph would make the share right: then the whole was only taken for another."""
    wholes = [item.number for item in figures(paragraph.text) if item.unit == part.unit and item is not part]
    sums = [sum(wholes[:2], Decimal(0))] if len(wholes) > 1 else []
    exact = [found for number in wholes + sums if (found := rate(part.number, number)) is not None]
    return any(stated.agrees(found) for found in exact)


def _shares(paragraph: Paragraph) -> Iterator[tuple[str, str, Figure, Figure]]:
    """The words, the stated percentage, and the figures of part and whole."""
    known = figures(paragraph.text)
    for match in AFTER_AMOUNT.finditer(paragraph.text):
        part = next((item for item in known if item.start == match.start()), None)
        whole = None if part is None else _whole(match["whole"], part, known, paragraph.text)
        if part is not None and whole is not None:
            yield match[0], match["rate"], part, whole
    for match in OF_NAMES.finditer(paragraph.text):
        before = [item for item in known if item.end <= match.start()]
        part = next((item for item in before if item.label.endswith(_core(match["part"]))), None)
        whole = None if part is None else _whole(match["whole"], part, before, paragraph.text)
        if part is not None and whole is not None:
            yield match[0], match["rate"], part, whole


def _core(words: str) -> str:
    return PLAIN.sub("", words) or words


def _whole(words: str, part: Figure, known: tuple[Figure, ...] | list[Figure], text: str) -> Figure | None:
    """The amount that is shared out: by its name, else the one before 其中."""
    larger = [item for item in known if item.unit == part.unit and item.number > part.number]
    if words:
        core = _core(words)
        return next((item for item in larger if _core(item.label).endswith(core)), None)
    return next(
        (
            item
            for item in reversed(larger)
            if item.end <= part.start and text[item.end : item.end + 4].lstrip("，,：:（(").startswith("其中")
        ),
        None,
    )
