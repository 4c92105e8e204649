"""The review sheet: what it states of a submission, who may have it and when, in PDF and Word."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document

from departments.models import AuditEntry
from reports import reviewing, services, workflow
from reports.evaluation import evaluate
from reports.models import DepartmentOpinion, Explanation, Report
from reports.oversight.sheet import compose_sheet, gather
from reports.workflow import Step
from tests.db import make_department, make_report, make_round, make_user
from tests.factories import make_dossier
from tests.reports.documents.papers import text_of

pytestmark = pytest.mark.django_db
SLIP = {"spent": "190.00"}


@pytest.fixture
def people():
    unit = make_department("示例区档案馆", parent=make_department("示例区文化局"))
    return {
        "filler": make_user("filler", department=unit, name="张填"),
        "head": make_user("unit_head", department=unit, name="李头"),
        "main": make_user("main_reviewer", department=unit.parent, name="钱主管"),
        "reviewer": make_user("reviewer", name="王审"),
    }


def submitted(people, **round_fields) -> Report:
    make_round(**round_fields)
    report = make_report(department=people["head"].role_assignments.get().department, dossier=make_dossier())
    for finding in evaluate(report).unexplained:
        Explanation.objects.create(
            profile=report.profile, finding=finding.key, message=finding.message, text="已核对，情况属实"
        )
    for step in (Step.CERTIFY, Step.SUBMIT):
        report = workflow.apply(report, step, by=people["head"]).report
    return report


def words_of(answer) -> str:
    return "".join(text_of(answer.content).split())


def sheet(report, number=1, kind="pdf") -> str:
    return reverse("review-sheet", args=[report.pk, number, kind])


def test_it_states_scores_marks_comments_and_the_conclusion(client, people):
    report = submitted(people)
    reviewer = people["reviewer"]
    reviewing.set_mark(
        report=report, by=reviewer, line="execution", points=Decimal("8"), reason="支出集中在十二月"
    )
    comment = services.add_comment(
        report=report, by=reviewer, where="narrative.problems", text="问题写得太空"
    )
    report = workflow.apply(report, Step.RETURN, by=reviewer, reason="请补充问题部分").report
    services.answer_comment(comment=comment, by=people["filler"], text="已补写三条")
    client.force_login(reviewer)
    text = words_of(client.get(sheet(report)))
    submission = report.submissions.get()
    for words in (
        "审核意见书", "示例区档案馆", "第1次报送", "自评得分", "系统评分", "复核得分", "偏离度", "支出集中在十二月",
        "问题写得太空", "已补写三条", "退回修改", "请补充问题部分", "王审", "签字", "盖章", "示例区财政局",
        submission.sha256[:16],
    ):  # fmt: skip
        assert words in text, words
    word = Document(io.BytesIO(client.get(sheet(report, kind="docx")).content))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert submission.sha256 in cells
    assert "草稿" not in text
    logged = AuditEntry.objects.filter(event="report-export", sentence__contains="审核意见书")
    assert logged.count() == 2


def test_findings_say_how_they_were_handled(people):
    report = submitted(people)
    submission = report.submissions.get()
    findings = [
        {"kind": "sum", "code": "table-sum", "level": "warning", "where": "money", "message": "合计不等"},
        {"kind": "sum", "code": "list-count", "level": "warning", "where": "profile", "message": "项数不等"},
        {"kind": "sum", "code": "score-sum", "level": "off", "where": "indicators", "message": "已放过"},
    ]
    later = type(submission)(
        report=report, number=2, dossier_json=submission.dossier_json, sha256=submission.sha256,
        scorecard=submission.scorecard, findings=findings[:1], policy=submission.policy,
        template=submission.template, submitted_by=submission.submitted_by,
    )  # fmt: skip
    first = type(submission)(
        report=report, number=3, dossier_json=submission.dossier_json, sha256=submission.sha256,
        scorecard=submission.scorecard, findings=findings, policy=submission.policy,
        template=submission.template, submitted_by=submission.submitted_by,
    )  # fmt: skip
    first.save()
    later.number = 4
    later.save()
    services_waiver = {"code": "score-sum", "reason": "口径不同"}
    report.waivers.create(by=people["reviewer"], **services_waiver)
    earlier = {row[2]: row[4] for row in found_rows(report, first)}
    assert earlier["合计不等"] == "未处理"
    assert earlier["项数不等"] == "第4次报送时已更正"
    assert earlier["已放过"] == "已豁免：口径不同（王审）"
    newest = {row[2]: row[4] for row in found_rows(report, later)}
    assert newest["项数不等"] == "已更正（第3次报送时存在）"


def found_rows(report, submission) -> list[list[str]]:
    document = compose_sheet(gather(report, submission))
    titles = [getattr(block, "text", "") for block in document.body]
    table = document.body[titles.index("四、核对发现及处理") + 1]
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


def test_the_unit_has_it_once_the_submission_has_its_answer(client, people):
    report = submitted(people)
    client.force_login(people["filler"])
    page = reverse("report", args=[report.pk])
    assert client.get(sheet(report)).status_code == 403
    assert sheet(report) not in client.get(page).content.decode()
    workflow.apply(report, Step.APPROVE, by=people["reviewer"])
    assert client.get(sheet(report)).status_code == 200
    assert sheet(report) in client.get(page).content.decode()
    assert client.get(sheet(report, 2)).status_code in (403, 404)
    assert client.get(sheet(report, 1, "xlsx")).status_code == 404


def test_before_a_decision_the_sheet_is_a_draft(client, people):
    report = submitted(people)
    document = compose_sheet(gather(report, report.submissions.get()))
    assert document.watermark == "草稿"
    assert any("尚无结论" in getattr(block, "text", "") for block in document.body)


def test_a_sheet_of_an_earlier_submission_keeps_its_own_conclusion(people):
    report = submitted(people)
    report = workflow.apply(report, Step.RETURN, by=people["reviewer"], reason="第一次的理由").report
    for step, by in ((Step.CERTIFY, "head"), (Step.SUBMIT, "head"), (Step.APPROVE, "reviewer")):
        report = workflow.apply(report, step, by=people[by]).report
    first, second = report.submissions.order_by("number")
    texts = [
        "".join(getattr(block, "text", "") for block in compose_sheet(gather(report, one)).body)
        for one in (first, second)
    ]
    assert "第一次的理由" in texts[0] and "审核通过" not in texts[0]
    assert "审核通过" in texts[1] and "第一次的理由" not in texts[1]


# ------------------------------------------------------------------ the main department


def test_the_main_departments_opinion_is_kept_with_its_step(client, people):
    report = submitted(people, department_review=True)
    assert report.status == "department_review"
    main = people["main"]
    client.force_login(main)
    assert "所属单位有1份报告等您审核" in client.get("/").content.decode()
    assert report.department.name in client.get(reverse("queue")).content.decode()
    page = client.get(reverse("report", args=[report.pk])).content.decode()
    assert "经审核，同意报送财政局。" in page
    client.post(
        reverse("report-step", args=[report.pk, "department_pass"]), {"reason": "数据与我局台账一致，同意。"}
    )
    opinion = DepartmentOpinion.objects.get()
    assert (opinion.passed, opinion.by, opinion.text) == (True, main, "数据与我局台账一致，同意。")
    client.force_login(people["reviewer"])
    assert "数据与我局台账一致" in client.get(reverse("report", args=[report.pk])).content.decode()
    report.refresh_from_db()
    text = words_of(client.get(sheet(report)))
    assert "主管部门意见" in text and "数据与我局台账一致" in text


def test_a_pass_without_words_says_so_in_plain_ones(people):
    report = submitted(people, department_review=True)
    workflow.apply(report, Step.DEPARTMENT_PASS, by=people["main"])
    assert DepartmentOpinion.objects.get().text == workflow.AGREED


def test_a_return_keeps_its_reason_as_the_opinion(people):
    report = submitted(people, department_review=True)
    workflow.apply(report, Step.DEPARTMENT_RETURN, by=people["main"], reason="绩效目标未细化")
    opinion = DepartmentOpinion.objects.get()
    assert (opinion.passed, opinion.text) == (False, "绩效目标未细化")
