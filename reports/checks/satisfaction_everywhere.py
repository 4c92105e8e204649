"""满意度都是100%: nearly every department of the district states 100 %, so the figure says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reports.checks.registry import Check, Context, check
from reports.checks.support.around import LEAST_UNITS
from reports.checks.support.sheets import is_satisfaction, sheets
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

SHARE = Decimal("0.8")


@check(
    "satisfaction-everywhere",
    kind="outlier",
    level=Level.HINT,
    title="满意度为100%，而本区八成以上的单位都写100%",
    source="核对惯例：没有调查的满意度不予认可",
)
def satisfaction_everywhere(rule: Check, context: Context) -> Iterator[Finding]:
    district = context.district
    if district is None or district.surveyed < LEAST_UNITS or district.satisfied < district.surveyed * SHARE:
        return
    for item in next(sheets(context)).active:
        stated = read_percentage(item.actual)
        if not is_satisfaction(item) or stated is None or stated.fraction != 1:
            continue
        where = f"indicators.{item.key}.actual"
        yield rule.finding(
            where,
            f"满意度“{item.name}”写100%，本区{district.surveyed}个单位中有{district.satisfied}个也写100%，看不出差别",
            evidence=[
                Evidence(value=item.actual or "", where=where),
                Evidence(value=f"{district.satisfied}/{district.surveyed}", where="本区满意度100%的单位"),
            ],
            fix="附上调查问卷份数、时间和统计结果",
        )
