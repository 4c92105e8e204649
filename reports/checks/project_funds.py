"""项目资金与项目支出: the projects' money against the line 项目支出.

A list of projects need not be complete, so less than the whole is only a doubt where the list clearly means
to be the
whole (a form, or four fifths of the line) and the detail rows do not explain the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from budgets.money import total, wan
from budgets.tables import Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, slack
from reports.findings import Evidence, Finding, Level

NEARLY_ALL = Decimal("0.8")
COLUMNS = {Column.INITIAL_BUDGET: "年初预算", Column.FULL_BUDGET: "全年预算"}


@check(
    "project-funds",
    kind="sum",
    level=Level.WARNING,
    title="项目资金合计与项目支出不一致",
    source="《基础数据表》：项目支出应等于各项目之和；报告“项目资金使用情况”与决算一致",
)
def project_funds(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    projects = money.projects
    spent_line = money.expenditure.amount("project", Column.ACTUAL)
    used = [
        (project, project.spent if project.spent is not None else project.allocated) for project in projects
    ]
    known = [amount for _, amount in used if amount is not None]
    if spent_line is not None and known:
        added = sum(known, Decimal(0))
        stated_spent = all(project.spent is not None for project in projects)
        gap = added - spent_line
        if abs(gap) > slack(known) and _is_doubt(context, gap, added, spent_line, stated_spent):
            where = money_path("expenditure", "project", Column.ACTUAL)
            word = "项目资金支出" if stated_spent else "下达的项目资金"
            yield rule.finding(
                where,
                f"{word}合计{wan(added)}万元，项目支出决算{wan(spent_line)}万元，"
                f"相差{wan(abs(gap))}万元，没有说明" + ("来源" if gap < 0 else "去向"),
                evidence=[
                    money_fact(spent_line, where),
                    *(
                        Evidence(value=wan(amount), unit="万元", where=f"money.projects.{project.key}")
                        for project, amount in used
                        if amount is not None
                    ),
                ],
                fix="核对项目资金表，补上缺少的项目，或说明差额",
            )
    for column, label in COLUMNS.items():
        budgets = [getattr(project, str(column)) for project in projects]
        added, line = total(budgets), money.expenditure.amount("project", column)
        if added is None or line is None or added - line <= slack(budgets):
            continue
        where = money_path("expenditure", "project", column)
        yield rule.finding(
            where,
            f"各项目{label}合计{wan(added)}万元，大于项目支出{label}{wan(line)}万元，"
            f"多{wan(added - line)}万元",
            evidence=[money_fact(line, where), money_fact(added, "各项目合计")],
            fix="核对各项目和项目支出的预算数",
        )


def _is_doubt(
    context: Context, gap: Decimal, added: Decimal, spent_line: Decimal, stated_spent: bool
) -> bool:
    if gap > 0:
        # Money that arrived need not be spent within the year; money spent belongs to 项目支出.
        return stated_spent
    detail = context.dossier.money.project_detail.computed_total(Column.ACTUAL)
    if detail is not None and abs(detail - spent_line) <= slack([detail]) and not context.complete:
        return False
    return context.complete or added >= spent_line * NEARLY_ALL
