"""Nil reports (零报告): filed and withdrawn by the table, certified like any other, nothing checked, nothing scored."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from django.db import DatabaseError, transaction
from openpyxl import load_workbook

from departments.models import AnnualProfile
from reports import checks, paper, reviewing, services, workflow
from reports.copies import refresh
from reports.documents import to_docx, to_html, to_pdf, to_xlsx
from reports.evaluation import evaluate
from reports.models import NilReason, Report, SectionState
from reports.outline import load_outline
from reports.put import put
from reports.take import take
from reports.workflow import Refused, Step
from reports.workspace.save import NotEditable, lock_for_writing
from tests.db import make_department, make_report, make_round, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.django_db, pytest.mark.database]

REASON = "本单位2023年1月起并入示例区文化局，经费由该局统一编列，本年度没有独立支出。"


@pytest.fixture
def people():
    unit = make_department()
    return {
        "filler": make_user("filler", department=unit),
        "head": make_user("unit_head", department=unit),
        "reviewer": make_user("reviewer"),
    }


def filed(people, *, dossier=None) -> Report:
    """A nil report filed over a draft that holds errors."""
    report = make_report(dossier=dossier or make_dossier(spent="264.55", budget="96.24"))
    return workflow.apply(report, Step.FILE_NIL, by=people["filler"], reason=REASON).report


def test_a_nil_report_goes_the_whole_way_and_back(people):
    report = filed(people)
    assert report.nil and not report.editable
    assert evaluate(report).findings == ()
    assert evaluate(report).scorecard.score is None
    SectionState.objects.create(profile=report.profile, section="income", rejected={"income.x": "乱填"})
    workflow.apply(report, Step.CERTIFY, by=people["head"])
    workflow.apply(report, Step.SUBMIT, by=people["filler"])
    returned = workflow.apply(report, Step.RETURN, by=people["reviewer"], reason="仍有项目支出，请正常填报")
    assert returned.report.nil
    back = workflow.apply(report, Step.WITHDRAW_NIL, by=people["filler"]).report
    assert not back.nil and back.editable
    assert evaluate(back).findings, "what was typed before counts again"
    assert Report.objects.get(pk=report.pk).open_errors > 0
    workflow.apply(report, Step.FILE_NIL, by=people["filler"], reason=REASON)
    SectionState.objects.all().delete()
    workflow.apply(report, Step.CERTIFY, by=people["head"])
    workflow.apply(report, Step.SUBMIT, by=people["head"])
    workflow.apply(report, Step.APPROVE, by=people["reviewer"])
    submission = Report.objects.get(pk=report.pk).submissions.first()
    assert submission.dossier.nil_reason == REASON
    assert (submission.findings, submission.scorecard["score"]) == ([], None)


def test_nothing_typed_is_in_the_dossier_and_nothing_is_lost(people):
    report = filed(people)
    dossier = take(report.profile, load_outline())
    assert dossier.nil
    assert dossier.nil_reason == REASON
    assert dossier.money.expenditure.rows == ()
    assert dossier.indicators.indicators == ()
    assert report.profile.line_set.exists()


def test_it_takes_a_reason_and_the_head_certifies_exactly_that_reason(people):
    report = make_report(dossier=make_dossier())
    with pytest.raises(Refused, match="理由"):
        workflow.apply(report, Step.FILE_NIL, by=people["head"], reason=" ")
    report = workflow.apply(report, Step.FILE_NIL, by=people["head"], reason=REASON).report
    workflow.apply(report, Step.CERTIFY, by=people["head"])
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        NilReason.objects.update(reason="改动")
    assert AnnualProfile.objects.get(pk=report.profile_id).locked_at


def test_the_second_click_and_the_forms(people):
    report = filed(people)
    receipt = workflow.apply(report, Step.FILE_NIL, by=people["filler"], reason=REASON)
    assert receipt.repeated
    with pytest.raises(NotEditable, match="零报告"), transaction.atomic():
        lock_for_writing(report, people["filler"])


def test_no_check_fires_whatever_the_reason_says(people):
    report = filed(people)
    dossier = take(report.profile, load_outline())
    section = dossier.narrative[0].model_copy(
        update={"text": "2019年支出264.55万元，预算96.24万元，执行率120%。待补充"}
    )
    policy = evaluate(report).policy
    assert checks.run(dossier.model_copy(update={"narrative": (section,)}), policy=policy) == []


def test_it_is_not_scored_by_anybody(people):
    report = filed(people)
    workflow.apply(report, Step.CERTIFY, by=people["head"])
    workflow.apply(report, Step.SUBMIT, by=people["head"])
    with pytest.raises(Refused, match="零报告没有得分"):
        services.set_reviewed_score(report=report, by=people["reviewer"], score=90, reason="x")
    assert (
        reviewing.page(Report.objects.with_context().get(), people["reviewer"], report.submissions.first())
        is None
    )


def test_its_draft_text_is_nobody_s_source(people):
    report = filed(people, dossier=make_dossier())
    other = make_report(department=make_department("示例区图书馆"), dossier=make_dossier())
    workflow.apply(report, Step.CERTIFY, by=people["head"])
    assert refresh(other) == 0


def test_a_nil_dossier_survives_the_way_through_the_database(people):
    dossier = take(filed(people).profile, load_outline())
    profile = AnnualProfile.objects.create(department=make_department("示例区图书馆"), year=2023)
    put(dossier, profile)
    assert take(profile, load_outline()).nil_reason == REASON


def test_it_is_printed_on_one_page_in_every_format(people):
    report = filed(people)
    workflow.apply(report, Step.CERTIFY, by=people["head"])
    report = Report.objects.with_context().get(pk=report.pk)
    document = paper.document(report, paper.shown(report))
    pdf = pypdfium2.PdfDocument(to_pdf(document))
    text = pdf[0].get_textpage().get_text_range()
    assert len(pdf) == 1
    assert "零报告" in text.replace("\r\n", "") and "盖章" in text
    assert report.certified_hash[:16] in text
    assert REASON[:12] in to_html(document)
    assert to_docx(document)
    sheet = load_workbook(BytesIO(to_xlsx(document))).worksheets[0]
    assert any(REASON in str(cell.value) for row in sheet for cell in row)


def test_a_certified_report_to_be_stamped_bears_no_draft_mark(people):
    report = filed(people)
    workflow.apply(report, Step.CERTIFY, by=people["head"])
    report = Report.objects.with_context().get(pk=report.pk)
    assert paper.document(report, paper.shown(report)).watermark == "草稿"
    report.round = make_round()
    report.round.scan_required = True
    assert paper.document(report, paper.shown(report)).watermark == ""
