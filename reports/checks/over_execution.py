"""超预算执行: more was spent than 全年预算数; above 100 % is not better, the denominator is wrong or there
was overspending.
"""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import percent, rate, wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path, rate_fact, slack
from reports.checks.support.words import says_nothing
from reports.findings import Finding, Level


@check(
    "over-execution",
    kind="ratio",
    level=Level.WARNING,
    title="全年执行数大于全年预算数（已说明原因的为提示）",
    source="财预〔2020〕10号：预算执行率＝全年执行数÷全年预算数，全年预算数为调整后的预算数",
)
def over_execution(rule: Check, context: Context) -> Iterator[Finding]:
    money = context.dossier.money
    budget, spent = money.budget, money.spent
    if not budget or spent is None or spent - budget <= slack([spent]):
        return
    where = money_path("expenditure", TOTAL, Column.ACTUAL)
    explained = not says_nothing(money.execution_explanation)
    initial = money.expenditure.total(Column.INITIAL_BUDGET)
    message = f"全年执行数{wan(spent)}万元是全年预算数{wan(budget)}万元的{percent(rate(spent, budget))}"
    if initial and initial != budget:
        message += f"，是年初预算数{wan(initial)}万元的{percent(rate(spent, initial))}"
    if explained:
        message += "；已填写预算执行偏差说明，请审核时核对"
    else:
        message += "，超预算执行而没有说明"
        if initial is None or initial == budget:
            message += "；全年预算数疑为年初预算数"
    yield rule.finding(
        where,
        message,
        evidence=[
            money_fact(spent, where),
            money_fact(budget, money_path("expenditure", TOTAL, Column.FULL_BUDGET)),
            rate_fact(rate(spent, budget), "预算执行率"),
        ],
        fix="全年预算数填调整后的预算数（年初预算数加追加、减调减）；确属超预算执行的，填写预算执行偏差说明",
        level=Level.HINT if explained else None,
    )
