"""The nil report (零报告) on one page: who, which year, why, and room for signature and stamp."""

from __future__ import annotations

from reports.documents.model import Cell, Paragraph, ReportDocument, Row, Signature, Table
from reports.documents.wording import chinese_date
from reports.dossier import NIL_KEY, Dossier

REASON_HEIGHT = 70.0
OPINION_HEIGHT = 34.0


def compose_nil(dossier: Dossier, *, watermark: str, footer: str, created: str) -> ReportDocument:
    """The paper of a nil report. It has no cover, no annex and no score."""
    unit, year = dossier.profile, dossier.year
    date = chinese_date(unit.prepared_on) if unit.prepared_on else ""
    facts = [
        ("单位名称", unit.department, "profile.department"),
        ("主管部门", unit.main_department, "profile.main_department"),
        ("预算单位编码", unit.budget_code, "profile.budget_code"),
        ("评价年度", f"{year}年度", "profile.year"),
        ("佐证材料", "、".join(item.name for item in dossier.attachments), ""),
    ]
    rows = [_row(label, value, where) for label, value, where in facts if value.strip()]
    rows.append(_row("零报告理由", dossier.nil_reason, f"narrative.{NIL_KEY}", REASON_HEIGHT))
    rows.append(_row("单位负责人意见", "经核实，上述情况属实。\n\n单位负责人（签字）：", "", OPINION_HEIGHT))
    return ReportDocument(
        title=dossier.title,
        author=unit.department,
        subject=dossier.document_kind,
        body=(
            Paragraph(
                text=f"按照财政部门关于开展{year}年度部门整体支出绩效自评工作的要求，经自查，本单位该年度没有需要评价的"
                "部门整体支出，现申报零报告。",
                origin="generated",
            ),
            Table(widths=(1.0, 3.6), rows=tuple(rows)),
            Signature(lines=tuple(line for line in (f"{unit.department}（盖章）", date) if line)),
        ),
        watermark=watermark,
        created=created,
        footer=footer,
    )


def _row(label: str, value: str, where: str, height: float | None = None) -> Row:
    return Row(
        cells=(Cell(text=label, bold=True), Cell(text=value, align="left", where=where or None)),
        min_height=height,
    )
