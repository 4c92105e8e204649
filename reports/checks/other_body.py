"""别的单位作主语: «区妇联将进一步…» among the measures of another body's report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

SUBJECT = re.compile(
    r"(?:^|[，,：:])(?:今后|下一步|下步|为此)?(?P<body>[我本]?[区县市旗州](?P<core>[一-龥]{1,8}?(?:局|委|办|联|会|院|中心|大队|党校)))"
    r"(?:机关)?(?:将|要)(?=进一步|继续|积极|加强|认真|切实|不断|严格|坚持)"
)
ABOVE = re.compile(r"财政|人大|政府|纪委|监委|编办|编委|审计|党委|领导|各|有关|相关|主管|^委$|常委")
"""Bodies that may be asked to do something, or lead."""

COUNTY = re.compile(r"[县区旗]")
"""Part of the name of a unit below a city, which a city's body may guide."""


@check(
    "other-body",
    kind="foreign-unit",
    level=Level.WARNING,
    title="改进措施、工作打算里以别的单位作主语（疑似照搬其他单位的报告）",
)
def other_body(rule: Check, context: Context) -> Iterator[Finding]:
    own = f"{context.dossier.profile.department}{context.dossier.profile.main_department}"
    if not context.dossier.profile.department:
        return
    seen: set[str] = set()
    for sentence in context.text.in_sections("measures", "problems", "performance"):
        for match in SUBJECT.finditer(sentence.text):
            body, core = match["body"], match["core"]
            if body.lstrip("我本").startswith(("市", "州")) and COUNTY.search(own):
                continue
            if body in seen or ABOVE.search(core) or _abbreviates(core, own):
                continue
            seen.add(body)
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”以“{body}”作主语，而本单位是{context.dossier.profile.department}，疑似照搬其他单位的报告",
                evidence=[Evidence(value=sentence.excerpt(match[0]), where=sentence.where)],
                fix="改为本单位，并核对这一段是不是本单位的情况",
            )


def _abbreviates(short: str, name: str) -> bool:
    """Whether the characters stand in the name in this order: 妇联 of 妇女联合会."""
    at = 0
    for sign in short:
        at = name.find(sign, at) + 1
        if not at:
            return False
    return True
