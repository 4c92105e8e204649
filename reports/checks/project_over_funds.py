"""项目超支: a project spent more than arrived or than its budget of the year."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import percent, rate, wan
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, rate_fact, slack
from reports.findings import Finding, Level


@check(
    "project-over-funds",
    kind="ratio",
    level=Level.WARNING,
    title="项目支出大于到位资金或项目预算",
    source="项目资金应在下达（到位）额度内支出",
)
def project_over_funds(rule: Check, context: Context) -> Iterator[Finding]:
    for project in context.dossier.money.projects:
        if project.spent is None:
            continue
        for field, label in (
            ("allocated", "到位资金"),
            ("full_budget", "全年预算"),
            ("initial_budget", "年初预算"),
        ):
            limit = getattr(project, field)
            # Beyond the first budget is over only where no later one is told.
            if field == "initial_budget" and (
                project.allocated or project.full_budget or context.dossier.money.adjustments
            ):
                continue
            if not limit or project.spent - limit <= slack([project.spent]):
                continue
            where = f"money.projects.{project.key}.spent"
            share = rate(project.spent, limit)
            yield rule.finding(
                where,
                f"项目“{project.name}”支出{wan(project.spent)}万元，是{label}{wan(limit)}万元的{percent(share)}",
                evidence=[
                    money_fact(project.spent, where),
                    money_fact(limit, f"money.projects.{project.key}.{field}"),
                    rate_fact(share),
                ],
                fix=f"核对项目支出和{label}；使用上年结转或年中追加的在情况说明中写明",
            )
            break
