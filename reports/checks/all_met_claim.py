"""“各项指标均已完成，无偏差” in a report that tells elsewhere that a target was missed or a work delayed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.sheets import sheets
from reports.checks.support.statements import outcomes
from reports.checks.support.text import Sentence
from reports.checks.support.values import met
from reports.findings import Evidence, Finding, Level

ALL_MET = re.compile(
    r"(?:各项|所有|全部|以上|上述|本年度?|全年|年度|年初(?:设定|确定)?的?)+(?:绩效|年度)*(?:指标|目标)(?:值)?(?:[，,]?(?:均|全部|都|已经?|皆|按期|如期|圆满|顺利|超额|全面))+(?:达到|完成|实现|达成|超过)[^，。；;]{0,12}"
    r"|(?:未出现|不存在|没有|无|未发生)(?:绩效目标|绩效|目标|指标)?(?:完成)?(?:的)?(?:较大|明显)?偏[差离](?!原因)|(?:无|没有|不存在)未完成的?(?:指标|目标|项目)?"
)
ON_TIME = re.compile(
    r"(?:按时|按期|及时)(?:完工|完成|竣工)率(?:达到|达|为|均为|：)?100%|(?:所有|全部|各)项?[^，。；;]{0,10}?(?:项目|工程)?(?:均|都|已)*(?:按时|按期|如期|于)[^，。；;]{0,16}(?:完工|完成|竣工)(?=并|$|，|。)"
)
MISSED = re.compile(
    r"(?<!无)(?:未能?|没有|尚未)(?:按期|按时|如期|全部|全面|完全)*(?:完成|达到|实现)(?:预期|年度|年初|绩效|既定|计划)*(?:的)?(?:目标|任务|指标|进度|要求|预期)?(?=[，。；;、]|$)|(?<!无)未完成\d+[个项]"
)
LATE = re.compile(
    r"(?:未能?|没有|尚未)(?:按期|按时|如期)?(?:完工|竣工)|未能?(?:按期|按时|如期)(?:完成|建成|实施)|(?:顺延|延期|推迟|延后)(?:至|到)|(?:进度|进展|推进)[^，。；;]{0,4}(?:滞后|未达)"
)
HYPOTHETICAL = re.compile(r"如果|若|对于|避免|防止|凡|不得|确保|扣\d|扣分")


@check(
    "all-met-claim",
    kind="direction",
    level=Level.WARNING,
    title="说指标全部完成、没有偏差、全部按期，而报告别处写有没有完成或拖期的",
)
def all_met_claim(rule: Check, context: Context) -> Iterator[Finding]:
    claims = [
        (match[0], sentence)
        for sentence in context.text.sentences_once
        for match in ALL_MET.finditer(sentence.text)
        if not HYPOTHETICAL.search(sentence.text)
    ]
    if claims and (shown := _missed(context)):
        yield _finding(rule, *claims[0], *shown)
    late = [
        (match[0], sentence)
        for sentence in context.text.sentences_once
        for match in ON_TIME.finditer(sentence.text)
        if not HYPOTHETICAL.search(sentence.text)
    ]
    if late and (shown := _first(context, LATE)):
        yield _finding(rule, *late[0], *shown)


def _finding(rule: Check, claim: str, sentence: Sentence, words: str, where: str, title: str) -> Finding:
    return rule.finding(
        sentence.where,
        f"“{sentence.title}”写“{claim}”，而{title}写“{words}”，前后矛盾",
        evidence=[
            Evidence(value=sentence.excerpt(claim), where=sentence.where),
            Evidence(value=words, where=where),
        ],
        fix="按实际完成情况改写，没有完成的写明原因和改进措施",
    )


def _missed(context: Context) -> tuple[str, str, str] | None:
    """A place that tells of a target not reached: words, where and how it is called."""
    for view in sheets(context):
        for item in view.active:
            if met(item) is False:
                return (
                    f"{item.name}：目标{item.target}，完成{item.actual}",
                    view.of(item, "actual"),
                    "绩效指标",
                )
    for sentence in context.text.sentences_once:
        for item in outcomes(sentence.text):
            if not item.met:
                return item.passage, sentence.where, f"“{sentence.title}”"
    return _first(context, MISSED)


def _first(context: Context, pattern: re.Pattern[str]) -> tuple[str, str, str] | None:
    for sentence in context.text.sentences_once:
        for clause in re.split(r"[，,]", sentence.text):
            if (
                pattern.search(clause)
                and not HYPOTHETICAL.search(sentence.text)
                and not ALL_MET.search(clause)
            ):
                return clause[-40:], sentence.where, f"“{sentence.title}”"
    return None
