"""数量与列举不符: “内设5个股室为：…” against the items that follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indicators.values import chinese_number
from reports.checks.registry import Check, Context, check
from reports.checks.support.text import Sentence
from reports.findings import Evidence, Finding, Level

LISTED = re.compile(
    r"(?P<number>\d{1,2}|[一二两三四五六七八九十]{1,3})个(?P<what>[一-龥]{0,8}?)"
    r"(?:[，,])?(?:具体)?(?:分别是|分别为|包括：|为：|即：|是：|：|:)：?(?P<items>[^。；：:]{4,})"
)
PROJECTS = re.compile(
    r"(?:(?P<before>\d{1,2}|[一二两三四五六七八九十]{1,3})个(?:重点|专项|主要)?项目(?:支出)?"
    r"|项目(?P<after>\d{1,2}|[一二两三四五六七八九十]{1,3})个)(?:[，,]?(?:分别是|分别为|其中|即|为|是))?[：:，,]"
    r"(?P<items>[^。；：:]{8,})"
)
NO_NAME = re.compile(r"合计|共计|总计|预算$|^(?:实际|其中|支出|到位|下达|执行|拨付|已)")
PRICED = re.compile(r"^[^，,、；\d]{2,30}?[\d,]+(?:\.\d+)?(?:万元|元)$")
BRACKETS = re.compile(r"[（(][^）)]*[）)]")
OPEN_END = re.compile(r"等$|等(?:\d+|[一二三四五六七八九十]+)?个|其中|以及其他|包括")


@check(
    "list-count",
    kind="count",
    level=Level.WARNING,
    title="所写个数与后面列举的不一致",
    version=3,
)
def list_count(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.printed:
        yield from _priced(rule, sentence)
        for match in LISTED.finditer(BRACKETS.sub("", sentence.text)):
            items = re.split(r"[，,]", match["items"])[0] if "、" in match["items"] else match["items"]
            listed = [item for item in re.split(r"、|和(?=[一-龥]{2,6}$)", items) if item]
            written = match["number"]
            stated = _number(written)
            # A list that does not claim to be complete, nests or explains is none to count.
            if len(listed) < 2 or stated < 2 or OPEN_END.search(match["items"]):
                continue
            if _told_by_profile(stated, listed, context):
                continue
            if stated == len(listed) or any(len(item) > 16 or re.search(r"\d", item) for item in listed):
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写{written}个{match['what']}，后面列出{len(listed)}个：{'、'.join(listed)}",
                evidence=[
                    Evidence(value=str(stated), unit="个", where=sentence.where),
                    Evidence(value="、".join(listed), where=sentence.where),
                ],
                fix="核对个数和名单",
            )


def _priced(rule: Check, sentence: Sentence) -> Iterator[Finding]:
    """Projects told one by one with their amounts."""
    for match in PROJECTS.finditer(BRACKETS.sub("", sentence.text)):
        listed = [item for item in re.split(r"(?<=元)[，,、]", match["items"]) if item]
        written = match["before"] or match["after"]
        stated = _number(written)
        if len(listed) < 2 or stated == len(listed) or not all(PRICED.match(item) for item in listed):
            continue
        names = [re.sub(r"[\d,.]+(?:万元|元)$", "", item) for item in listed]
        if OPEN_END.search(match["items"]) or any(NO_NAME.search(name) for name in names):
            continue
        yield rule.finding(
            sentence.where,
            f"“{sentence.title}”写{written}个项目，后面列出{len(listed)}个：{'、'.join(names)}",
            evidence=[
                Evidence(value=str(stated), unit="个", where=sentence.where),
                Evidence(value="、".join(listed)[:120], where=sentence.where),
            ],
            fix="核对项目个数和名单",
        )


def _told_by_profile(stated: int, listed: list[str], context: Context) -> bool:
    """Whether these are the unit's own offices: the rule on them tells it."""
    profile = context.dossier.profile
    return stated == profile.offices_stated and set(listed) == set(profile.internal_offices or ())


def _number(written: str) -> int:
    return int(written) if written.isdigit() else int(chinese_number(written) or 0)
