"""核对结果 as a sheet of the workbook: what was found, where, with which figures, and what the unit says about it."""

from __future__ import annotations

from collections.abc import Iterable

from reports.documents.forms.cells import head, label, words
from reports.documents.model import Annex, Row, Table
from reports.dossier import Dossier
from reports.findings import LEVEL_LABELS, Evidence, Finding
from reports.places import place

WIDTHS = (8.0, 26.0, 50.0, 40.0, 36.0, 36.0)


def findings_sheet(dossier: Dossier, findings: Iterable[Finding]) -> Annex:
    """One row a finding, in the order of the checks; a sentence where there is none."""
    answers = {item.finding: item.text for item in dossier.explanations}
    heads = ("级别", "位置", "问题", "依据", "处理建议", "情况说明")
    rows = [
        Row(
            cells=(
                label(LEVEL_LABELS[finding.level]),
                words(place(finding.where, dossier).label),
                words(finding.message),
                words("\n".join(_evidence(item, dossier) for item in finding.evidence)),
                words(finding.fix),
                words(answers.get(finding.key, "")),
            )
        )
        for finding in findings
    ]
    if not rows:
        rows = [Row(cells=(words("没有发现错误和疑点。", colspan=len(WIDTHS)),))]
    table = Table(widths=WIDTHS, header_rows=1, rows=(Row(cells=tuple(head(text) for text in heads)), *rows))
    return Annex(mark="", title=f"{dossier.year}年度自评报告核对结果", blocks=(table,), sheet="核对结果")


def _evidence(item: Evidence, dossier: Dossier) -> str:
    where = place(item.where, dossier).label if item.where else ""
    return f"{where}：{item.value}{item.unit}" if where else f"{item.value}{item.unit}"
