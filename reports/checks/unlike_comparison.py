"""口径不同的比较: final accounts against another year's budget, one fee against another, this unit against another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

TO_BUDGET = re.compile(
    r"(?:与|比|较|同)(?P<year>20\d\d年度?|上年度?|去年)(?:的)?(?:年初|全年|调整)?预算数?(?!执行|完成)[^，。；]{0,12}?(?:相比|减少|增加|下降|增长)"
)
FEES = "培训费|会议费|公务接待费|公务用车(?:购置及)?运行(?:维护)?费|因公出国（境）费|差旅费"
OF_FEES = re.compile(
    rf"(?P<one>{FEES})[^。；]{{0,24}}?(?:与|比|较)(?:上年|去年|20\d\d年度?)?(?P<other>{FEES})[^。；，]{{0,12}}?(?:相比|减少|增加|下降|增长)"
)
TO_UNIT = re.compile(
    r"(?:与|比|较)(?P<unit>[区县市]?[一-龥]{2,10}(?:局|委员会|办公室|中心|学校|医院))(?:20\d\d年度?)?[^。；，]{0,16}?(?:相比)?[^。；]{0,16}?同比"
)


@check(
    "unlike-comparison",
    kind="basis",
    level=Level.WARNING,
    title="拿口径不同的数相比（决算比别年的预算、一项费用比另一项、同比别的单位）",
)
def unlike_comparison(rule: Check, context: Context) -> Iterator[Finding]:
    year = str(context.dossier.year)
    for sentence in context.text.sentences_once:
        text = sentence.text
        for match, why in _found(text, year):
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match[0]}”，{why}，不能这样比较",
                evidence=[Evidence(value=sentence.excerpt(match[0]), where=sentence.where)],
                fix="用同一口径的数比较：决算比上年决算，预算比上年预算",
            )


def _found(text: str, year: str) -> Iterator[tuple[re.Match[str], str]]:
    match = TO_BUDGET.search(text)
    if match and not match["year"].startswith(year) and re.search(r"决算|实际支出|执行数", text):
        yield match, "拿决算数比另一年度的预算数"
    match = OF_FEES.search(text)
    if match and match["one"] != match["other"]:
        yield match, f"拿{match['one']}比{match['other']}"
    match = TO_UNIT.search(text)
    if match:
        yield match, f"“同比”比的是{match['unit']}"
