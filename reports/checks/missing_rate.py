"""执行率没有写: the execution line is scored and no rate stands there."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.money import percent, plain
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import rate_fact
from reports.checks.support.values import blank
from reports.findings import Evidence, Finding, Level


@check(
    "missing-rate",
    kind="missing-rate",
    level=Level.WARNING,
    title="预算执行率有分值或得分而没有写执行率",
    source="财预〔2020〕10号：得分＝执行率×分值",
    version=2,
)
def missing_rate(rule: Check, context: Context) -> Iterator[Finding]:
    stated = context.dossier.indicators.assessment
    if not blank(stated.execution_rate):
        return
    exact = context.dossier.money.execution_rate
    if exact is not None:
        # The forms work it out; a published table that gives points for it has to show it.
        told = any("执行率" in item.text and "%" in item.text for item in context.text.paragraphs)
        table = "自评表" in context.dossier.document_kind
        if context.complete or stated.execution_weight is None or told or not table:
            return
        yield rule.finding(
            "assessment.execution_score",
            f"预算执行率有分值{plain(stated.execution_weight)}分，而没有写执行率，按预算数和执行数应为{percent(exact)}",
            evidence=[rate_fact(exact, "计算")],
            fix="填写预算执行率",
        )
        return
    if stated.execution_score is None:
        return
    where = "assessment.execution_score"
    yield rule.finding(
        where,
        f"预算执行率得{plain(stated.execution_score)}分，而没有写执行率，也没有全年预算数、执行数可以计算",
        evidence=[Evidence(value=plain(stated.execution_score), unit="分", where=where)],
        fix="填写全年预算数和全年执行数",
    )
