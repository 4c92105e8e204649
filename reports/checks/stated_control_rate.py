"""文字里的在职人员控制率: the rate that is told against staff and posts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.statements import NUMBER, explained
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

STATED = re.compile(rf"(?:在职人员|财政供养人员|人员)控制率(?:为|是|达|达到|：|=)?(?P<rate>{NUMBER}%)")
COUNTED = ("人", "名", "个")


@check(
    "stated-control-rate",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的在职人员控制率与在职人数、编制数算出的不一致",
    source="财预〔2013〕53号：在职人员控制率＝在职人员数÷编制数",
)
def stated_control_rate(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    exact = rate(profile.staff_on_posts, profile.authorized_posts)
    if exact is None:
        return
    told: set[str] = set()
    for paragraph in context.text.paragraphs:
        for match in STATED.finditer(paragraph.text):
            stated = read_percentage(match["rate"])
            if stated is None or match[0] in told or stated.agrees(exact):
                continue
            told.add(match[0])
            if explained(stated, paragraph.text, COUNTED):
                continue
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写“{match[0]}”，而在职{profile.staff_on_posts}人、编制{profile.authorized_posts}人，"
                f"应为{percent(exact)}",
                evidence=[
                    Evidence(value=match[0], where=paragraph.where),
                    Evidence(value=str(profile.staff_on_posts), unit="人", where="profile.staff_on_posts"),
                    Evidence(
                        value=str(profile.authorized_posts), unit="人", where="profile.authorized_posts"
                    ),
                    rate_fact(exact, "计算"),
                ],
                fix="核对人数、编制数和控制率",
            )
