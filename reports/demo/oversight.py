"""Evidence, spot checks and rectification of the demo district, made through the real services."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from departments.choices import Role
from departments.models import RoleAssignment, User
from indicators.models import Indicator
from reports.documents import to_pdf
from reports.documents.model import Cell, Paragraph, ReportDocument, Row, Table
from reports.models import Conclusion, DrawMethod, Rectification, Report, Round, SpotCheck
from reports.oversight import rectifications, spot_checks
from reports.oversight.rectifications import Item
from reports.workspace.attachments import add_attachment

SEED = "20230601"
LATE_BY = datetime.timedelta(days=12)


def add_evidence(report: Report, by: User) -> None:
    """An invented record as a PDF, beside the report's first indicator."""
    indicator = Indicator.objects.filter(profile=report.profile, project=None).order_by("position").first()
    name = f"{report.year}年度工作台账（演示）.pdf"
    add_attachment(report=report, upload=_paper(name, report.department.name), indicator=indicator, by=by)


def add_oversight(round_: Round, manager: User) -> None:
    """A random draw of three: one with its result, one under way; one rectification answered, one overdue."""
    today = timezone.localdate()
    spot_checks.draw(
        round=round_,
        by=manager,
        method=DrawMethod.RANDOM,
        count=3,
        seed=SEED,
        reviewers=[manager],
        due=today + datetime.timedelta(days=20),
    )
    drawn = list(SpotCheck.objects.filter(report__round=round_).with_context().order_by("pk"))
    first, second = drawn[0], drawn[1]
    spot_checks.record(
        check=first,
        by=manager,
        score=(first.self_score or Decimal(90)) - Decimal("3.5"),
        conclusion=Conclusion.MOSTLY,
        findings="2项产出指标的完成值没有台账佐证，各扣1分。\n满意度调查样本不足30份，扣1.5分。",
    )
    spot_checks.record(
        check=second,
        by=manager,
        score=(second.self_score or Decimal(90)) - Decimal("12"),
        conclusion=Conclusion.UNTRUE,
        findings="项目完工率按合同金额计算，与实际进度不符，扣12分。",
    )
    answered = rectifications.issue(
        report=first.report,
        by=manager,
        spot_check=first,
        basis=f"我局对你单位{round_.year}年度部门整体支出绩效自评报告进行了抽查复核，发现以下问题需要整改。",
        items=[
            Item("2项产出指标的完成值没有台账佐证。", "补建台账，逐月登记，附领导签字的汇总表。"),
            Item("满意度调查样本不足30份。", "重新组织调查，样本不少于50份，附问卷汇总。"),
        ],
        due=today + datetime.timedelta(days=15),
    )
    filler = _filler(first.report)
    rectifications.answer(
        notice=answered,
        by=filler,
        text="收到通知后，单位召开专题会议，明确了责任人和完成时间。",
        replies={
            1: "已补建2项指标的工作台账，由业务股按月登记，办公室按季核对。",
            2: "已重新发放问卷60份，收回56份，满意度为93.2%，汇总表见附件。",
        },
        uploads=[_paper("满意度调查汇总（演示）.pdf", first.report.department.name)],
    )
    overdue = rectifications.issue(
        report=second.report,
        by=manager,
        spot_check=second,
        basis=f"我局对你单位{round_.year}年度部门整体支出绩效自评报告进行了抽查复核，结论为“不属实”。",
        items=[
            Item(
                "项目完工率按合同金额计算，与实际进度不符。",
                "按监理月报重新核定完工率，说明差错原因和责任人。",
            )
        ],
        due=today,
    )
    # As if it had been sent some weeks ago.
    Rectification.objects.filter(pk=overdue.pk).update(
        due=today - LATE_BY, issued_at=timezone.now() - LATE_BY - datetime.timedelta(days=20)
    )


def _filler(report: Report) -> User:
    held = RoleAssignment.objects.filter(department=report.profile.department_id, role=Role.FILLER)
    return User.objects.get(pk=held.values_list("user", flat=True)[:1])


def _paper(name: str, unit: str) -> SimpleUploadedFile:
    """A PDF as a unit would hand it in; plainly invented."""
    rows = [("序号", "事项", "数量"), ("1", "（演示）第一季度", "12"), ("2", "（演示）第二季度", "18")]
    document = ReportDocument(
        title=name.removesuffix(".pdf"),
        author=unit,
        body=(
            Paragraph(text=f"{unit}的演示材料，数据均为虚构。", origin="generated"),
            Table(
                widths=(10, 60, 20),
                header_rows=1,
                rows=tuple(Row(cells=tuple(Cell(text=text) for text in row)) for row in rows),
            ),
        ),
    )
    return SimpleUploadedFile(name, to_pdf(document))
