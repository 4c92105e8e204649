"""职责照搬: a school or hospital that lists the oversight of food and drugs among its duties."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.foreign_function import SINGLE
from reports.checks.registry import Check, Context, check
from reports.checks.support.text import compact
from reports.findings import Evidence, Finding, Level

POWER = re.compile(
    r"(?:全[县区市旗乡镇]|辖区|本行政区域)[^，。；]{0,16}(?:监督管理|监管|执法|审批|管理|规划|建设)"
)


@check(
    "foreign-duty",
    kind="foreign-unit",
    level=Level.WARNING,
    title="学校、医院等的职责里写了别的部门的行政职能",
)
def foreign_duty(rule: Check, context: Context) -> Iterator[Finding]:
    profile = context.dossier.profile
    duties = profile.duties or ()
    if not SINGLE.search(profile.department) or len(duties) < 2:
        return
    for number, duty in enumerate(duties):
        words = compact(duty)
        if not POWER.search(words):
            continue
        rest = compact("\n".join((profile.department, *duties[:number], *duties[number + 1 :])))
        for function in context.lexicon:
            found = next((word for word in function.words if word in words), "")
            if not found or function.shared or function.belongs_to(rest):
                continue
            yield rule.finding(
                "profile.duties",
                f"主要职责写“{duty}”，“{found}”是{function.name}方面的行政职能，与{profile.department}不符，疑似照搬其他单位的职责",
                evidence=[Evidence(value=duty, where="profile.duties")],
                fix="按“三定”规定或事业单位法人登记的业务范围填写职责",
            )
            break
