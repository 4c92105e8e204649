"""执行率没有写: the execution line is scored and no rate stands there."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.values import blank
from reports.findings import Evidence, Finding, Level


@check(
    "missing-rate",
    kind="missing-rate",
    level=Level.WARNING,
    title="预算执行率有得分而没有写执行率，也算不出来",
    source="财预〔2020〕10号：得分＝执行率×分值",
)
def missing_rate(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment
    if stated.execution_score is None or not blank(stated.execution_rate):
        return
    if context.dossier.money.execution_rate is not None:
        return
    where = "assessment.execution_score"
    yield rule.finding(
        where,
        f"预算执行率得{plain(stated.execution_score)}分，而没有写执行率，也没有全年预算数、执行数可以计算",
        evidence=[Evidence(value=plain(stated.execution_score), unit="分", where=where)],
        fix="填写全年预算数和全年执行数",
    )
