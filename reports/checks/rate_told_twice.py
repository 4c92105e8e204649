"""同一比率前后不一: “预算调整率26.28%” in one chapter, “预算调整率为16.28%” in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import NUMBER, decimal
from reports.checks.support.text import Sentence
from reports.findings import Evidence, Finding, Level

TOLD = re.compile(
    rf"(?P<name>预算调整率|在职人员控制率|公用经费控制率|[“\"]?三公[”\"]?经费(?:控制|变动)率|政府采购执行率|结转结余率|(?:固定)?资产利用率|资金到位率|(?:部门|整体)(?:支出)?预算(?:执行|完成)率)"
    rf"(?:仅|只有|已)?(?:为|是|达到|达|约|：|高达)?(?P<rate>-?{NUMBER}%)"
)
OTHER = re.compile(r"上年|去年|上一年|目标|指标值|标准|应|不高于|不超过|以内|满分|由|从")
YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


@check(
    "rate-told-twice",
    kind="ratio",
    level=Level.WARNING,
    title="同一比率在报告前后写得不一样",
)
def rate_told_twice(rule: Check, context: Context) -> Iterator[Finding]:
    first: dict[str, tuple[str, Sentence]] = {}
    told: set[str] = set()
    for sentence in context.text.printed:
        if "率" not in sentence.text:
            continue
        for match in TOLD.finditer(sentence.text):
            before = sentence.text[max(0, match.start() - 12) : match.start()]
            years = [int(year) for year in YEAR.findall(sentence.text[: match.start()])]
            if OTHER.search(before) or any(year != context.dossier.year for year in years):
                continue
            name = re.sub(r"[“”\"]", "", match["name"])
            known = first.setdefault(name, (match["rate"], sentence))
            if _close(known[0], match["rate"]) or name in told:
                continue
            told.add(name)
            yield rule.finding(
                sentence.where,
                f"{name}在“{known[1].title}”写{known[0]}，在“{sentence.title}”写{match['rate']}，前后不一致",
                evidence=[
                    Evidence(value=known[1].excerpt(known[0]), where=known[1].where),
                    Evidence(value=sentence.excerpt(match[0]), where=sentence.where),
                ],
                fix="按基础数据重新计算，前后写一致",
            )


def _close(one: str, other: str) -> bool:
    """Whether two percentages are the same up to rounding (98.08%, 98.1%, 98%)."""
    shown, exact = sorted((one.rstrip("%"), other.rstrip("%")), key=len)
    places = len(shown.partition(".")[2])
    return abs(decimal(shown) - decimal(exact)) < Decimal(1).scaleb(-places)
