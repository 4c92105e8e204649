"""内设机构中没有的股室: an office that manages money or work and is not among the internal offices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.text import compact
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

BY_OFFICE = re.compile(
    r"由(?:我局|我委|我单位|我中心|本单位|本中心|局|委|办|中心)?"
    r"((?:(?!由)[一-龥]){1,7}?(?:科|股|室|处))"
    r"(?=统一|负责|牵头|具体|归口|管理|审核|组织|会同|汇总|实施|落实|承办)"
)
AT_START = re.compile(r"(?:^|[，,；;：:])([一-龥]{2,5}[科股])(?=负责|牵头)")
"""An office that a clause is about."""
NOT_OWN = re.compile(
    r"财政|审计|区|县|(?<!城)市|省|局|委|政府|上级|各|有关|相关|业务|对口|国库|评审|第三方|职能|责任|所在|该|两|三|多|领导"
)


@check(
    "unknown-office",
    kind="unknown-office",
    level=Level.WARNING,
    title="管理资金或负责工作的股室不在内设机构之中",
    needs=(Covers.OFFICES,),
    version=2,
)
def unknown_office(rule: Check, context: Context) -> Iterator[Finding]:
    offices = [compact(office) for office in context.dossier.profile.internal_offices or ()]
    if not offices:
        return
    seen: set[str] = set()
    for name, where, says in _named(context):
        if name in seen or any(name in office or office in name for office in offices):
            continue
        seen.add(name)
        yield rule.finding(
            where,
            f"{says}“{name}”，而内设机构（{'、'.join(offices)}）中没有{name}",
            evidence=[
                Evidence(value=name, where=where),
                Evidence(value="、".join(offices), where="profile.internal_offices"),
            ],
            fix="核对股室名称，或补充内设机构",
        )


def _named(context: Context) -> Iterator[tuple[str, str, str]]:
    money = context.dossier.money
    if money.project_office:
        yield compact(money.project_office), "money.project_office", "专项资金的管理机构是"
    for project in money.projects:
        if project.manager_office:
            where = f"money.projects.{project.key}.manager_office"
            yield compact(project.manager_office), where, f"项目“{project.name}”的管理机构是"
    for sentence in context.text.printed:
        for pattern, says in ((BY_OFFICE, "写由"), (AT_START, "写的负责股室是")):
            for match in pattern.finditer(sentence.text):
                if not NOT_OWN.search(match[1]):
                    yield match[1], sentence.where, f"“{sentence.title}”{says}"
