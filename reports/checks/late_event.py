"""报告日期之后的事: a report of 2022-05-20 that tells of what was done in August."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.text import compact
from reports.findings import Evidence, Finding, Level

DATED = re.compile(r"(?:填报|填表|报告|编制|报送)(?:日期|时间)[：:]?(20\d\d)年(\d{1,2})月(?:\d{1,2}日)?")
SIGNED = re.compile(r"^[（(]?(20\d\d)年(\d{1,2})月(?:\d{1,2}日)?[）)]?$")
EVENT = re.compile(
    r"(20\d\d)年(\d{1,2})月(?:\d{1,2}日|底|初|[上中下]旬|份)?(?!前|底前|之前)[，,]?[^，,。；;]{0,16}(?:已|了|完成|召开|开展|组织|公开|印发|通过|举办)"
)
PLANNED = re.compile(r"拟|将|计划|预计|力争|确保|应(?!急|用|对)|必须|截止|期限|顺延|延期|延至|推迟")


@check(
    "late-event",
    kind="year-text",
    level=Level.WARNING,
    title="写了报告日期以后才发生的事",
)
def late_event(rule: Check, context: Context) -> Iterator[Finding]:
    dated = _date(context)
    if dated is None:
        return
    day, shown, where = dated
    for sentence in context.text.sentences_once:
        for match in EVENT.finditer(sentence.text):
            if (int(match[1]), int(match[2])) <= day or PLANNED.search(sentence.text):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match[0]}”，而报告日期是{shown}，那时还没有发生",
                evidence=[
                    Evidence(value=sentence.excerpt(match[0]), where=sentence.where),
                    Evidence(value=shown, where=where),
                ],
                fix="核对日期，尚未进行的写作计划",
            )


def _date(context: Context) -> tuple[tuple[int, int], str, str] | None:
    """Year and month of the report, as told beside 填报日期 or under the title or at the end."""
    day = context.dossier.profile.prepared_on
    dated = (
        [((day.year, day.month), f"{day.year}年{day.month}月{day.day}日", "profile.prepared_on")]
        if day
        else []
    )
    words = [(compact(item.words), "") for item in context.dossier.unread]
    words += [(item.text, item.where) for item in context.text.paragraphs]
    days = [
        ((int(found[1]), int(found[2])), re.sub(r"^.*?(?=20\d\d年)", "", found[0]).strip("（）()"), where)
        for text, where in words
        if (found := DATED.search(text) or SIGNED.match(text))
    ]
    return max(days + dated) if days or dated else None
