"""超编: more staff on posts than authorised posts. Retirees are not counted (离退休人员不占编制)."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.findings import Evidence, Finding, Level


@check(
    "staff-over-posts",
    kind="headcount",
    level=Level.WARNING,
    title="在职人数超过编制数（在职人员控制率大于100%）",
    source="财预〔2013〕53号：在职人员控制率＝在职人员数÷编制数，以100%为限",
)
def staff_over_posts(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    posts, staff = profile.authorized_posts, profile.staff_on_posts
    if posts is None or staff is None or staff <= posts:
        return
    share = rate(staff, posts)
    shown = percent(share) if share is not None else "无法计算"
    yield rule.finding(
        "profile.staff_on_posts",
        f"在职{staff}人，编制{posts}人，超编{staff - posts}人，在职人员控制率{shown}",
        evidence=[
            Evidence(value=str(staff), unit="人", where="profile.staff_on_posts"),
            Evidence(value=str(posts), unit="人", where="profile.authorized_posts"),
            rate_fact(share, "在职人员控制率"),
        ],
        fix="核对编制数和在职人数（离退休、编外人员不计入在职）；确实超编的说明原因",
    )
