"""编制数没有给出: staff is stated without posts, so 在职人员控制率 cannot be computed."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level


@check(
    "posts-missing",
    kind="headcount",
    level=Level.WARNING,
    title="写了在职人数而没有编制数，在职人员控制率无法计算",
    source="财预〔2013〕53号：在职人员控制率＝在职人员数÷编制数",
)
def posts_missing(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    # In a form the missing number itself is the error (missing-profile).
    if context.complete or profile.staff_on_posts is None or profile.authorized_posts is not None:
        return
    yield rule.finding(
        "profile.authorized_posts",
        f"在职{profile.staff_on_posts}人，没有写编制数，在职人员控制率无法计算；离退休人员不能计入编制",
        evidence=[Evidence(value=str(profile.staff_on_posts), unit="人", where="profile.staff_on_posts")],
        fix="填写编制部门核定的编制数",
    )
