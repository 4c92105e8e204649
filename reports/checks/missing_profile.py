"""单位基本情况没有填写: what the report's first chapter and the foot of the form need."""

from __future__ import annotations

from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.dossier import EVERYTHING
from reports.findings import Finding, Level

NUMBERS = {"authorized_posts": "编制数", "staff_on_posts": "在职人数"}
LISTS = {"internal_offices": "内设机构", "duties": "主要职责"}
WORDS = {"prepared_by": "填表人", "phone": "联系电话"}


@check(
    "missing-profile",
    kind="missing-text",
    level=Level.ERROR,
    title="编制、人员、内设机构、职责、填表人等基本情况没有填写",
    source="《基础数据表》财政供养人员情况；自评表表尾",
    needs=EVERYTHING,
)
def missing_profile(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    blank = {field: label for field, label in NUMBERS.items() if getattr(profile, field) is None}
    # An empty list says that there are none; only what was never stated is missing.
    blank |= {field: label for field, label in LISTS.items() if getattr(profile, field) is None}
    blank |= {field: label for field, label in WORDS.items() if not getattr(profile, field).strip()}
    for field, label in blank.items():
        yield rule.finding(f"profile.{field}", f"{label}没有填写", fix=f"填写{label}")
