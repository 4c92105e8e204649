"""文字与基本情况的人数不同: posts, staff or retirees in the text against the profile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

COUNT = r"(?:总?数|总计|共)?(?:为|：)?(\d{1,4})(?:个|名|人)"
FIELDS = {
    "authorized_posts": ("编制数", re.compile(rf"(?<![政业勤公管])编制{COUNT}")),
    "staff_on_posts": ("在职人数", re.compile(rf"(?:在职|实际在编)(?:人员|职工|干部职工)?{COUNT}")),
    "retirees": ("离退休人数", re.compile(rf"离退休(?:人员|干部|职工)?{COUNT}")),
}
BROKEN_DOWN = re.compile(r"其中|上年|年初|新增|增加|减少|比|较|招聘|培训|慰问|参加|组织")


@check(
    "narrative-headcount",
    kind="headcount",
    level=Level.WARNING,
    title="文字里的编制、在职、离退休人数与基本情况不一致",
    needs=(Covers.PROFILE,),
)
def narrative_headcount(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    for sentence in context.text.sentences:
        for field, (label, pattern) in FIELDS.items():
            known = getattr(profile, field)
            if known is None:
                continue
            for match in pattern.finditer(sentence.text):
                if int(match[1]) == known or BROKEN_DOWN.search(sentence.text[: match.start()]):
                    continue
                yield rule.finding(
                    sentence.where,
                    f"“{sentence.title}”写“{match[0]}”，单位基本情况中{label}为{known}人",
                    evidence=[
                        Evidence(value=match[1], unit="人", where=sentence.where),
                        Evidence(value=str(known), unit="人", where=f"profile.{field}"),
                    ],
                    fix="核对人数，以编制部门和人事部门的数据为准",
                )
