"""车辆: more cars than posts for them, and cars bought while the cost of buying is told as nil."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

POSTS = re.compile(r"(?:车辆|公车|公务用车)编制(?:数)?(?:为|：|共)?(\d{1,3})辆")
KEPT = re.compile(
    r"(?:实有|现有|保有)(?:公务)?(?:用车|车辆)?(?:保有量)?数?(?:为|：|共)?(\d{1,3})辆|保有量(?:为|：)?(\d{1,3})辆"
)
NO_COST = re.compile(
    r"公务用车购置(?:费|费用|支出|经费)?(?:支出)?(?:为|：)?(?:0(?:\.0+)?(?:万元|元)|无支出|没有支出)|未购置公务用车"
)
BOUGHT = re.compile(
    r"(?:购置|新购|更新|购买)(?:公务用车|公车|车辆)数?(?:为|：|了|共)?([1-9]\d{0,2})辆"
    r"|公务用车购置(?:数量?)?(?:为|：|了|共)?([1-9]\d{0,2})辆"
)


@check(
    "vehicles-over-posts",
    kind="count",
    level=Level.WARNING,
    title="公务用车实有数超过编制，或购置了车辆而购置费写0",
)
def vehicles_over_posts(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        if "辆" not in paragraph.text:
            continue
        posts, kept = POSTS.search(paragraph.text), KEPT.search(paragraph.text)
        if posts and kept and int(kept[1] or kept[2]) > int(posts[1]):
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写车辆编制{posts[1]}辆，实有{kept[1] or kept[2]}辆，实有数超过编制",
                evidence=[
                    Evidence(value=posts[0], where=paragraph.where),
                    Evidence(value=kept[0], where=paragraph.where),
                ],
                fix="核对车辆编制和实有数；特种专业用车、待处置的旧车单独写明",
            )
        free, bought = NO_COST.search(paragraph.text), BOUGHT.search(paragraph.text)
        if free and bought:
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写“{free[0]}”，又写“{bought[0]}”，前后矛盾",
                evidence=[
                    Evidence(value=free[0], where=paragraph.where),
                    Evidence(value=bought[0], where=paragraph.where),
                ],
                fix="核对公务用车购置数量和购置费",
            )
