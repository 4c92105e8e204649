"""A report's page: what it shows to whom, and that every act leads back to it with a sentence."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import AuditEntry
from reports import services, workflow
from reports.choices import Status
from reports.evaluation import evaluate
from reports.models import Comment, Report, Waiver
from reports.workflow import Step
from tests.db import make_department, make_report, make_user
from tests.factories import make_dossier, make_indicator

pytestmark = pytest.mark.django_db


def contradicting(**fields) -> Report:
    return make_report(dossier=make_dossier(spent="264.55", budget="96.24"), **fields)


def submitted() -> Report:
    report = make_report(dossier=make_dossier())
    head = make_user("unit_head", name="陈负责")
    workflow.apply(report, Step.CERTIFY, by=head)
    return workflow.apply(report, Step.SUBMIT, by=head).report


def page(client, report, user, **data) -> str:
    client.force_login(user)
    response = client.get(reverse("report", args=[report.pk]), data)
    assert response.status_code == 200
    return response.content.decode()


def act(client, report, user, route, *arguments, **data) -> str:
    """Post and follow to the report's page."""
    client.force_login(user)
    response = client.post(reverse(route, args=arguments or [report.pk]), data, follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("report", args=[report.pk]))
    assert response.status_code == 200
    return response.content.decode()


# ------------------------------------------------------------------ what it shows


def test_the_page_shows_the_paper_the_findings_and_the_scores(client):
    report = contradicting()
    text = page(client, report, make_user("reviewer"))
    assert 'class="papers"' in text
    assert "274.89%" in text
    assert "自评得分" in text
    assert "系统评分" in text
    assert "复核得分" in text
    assert "草稿" in text


def test_the_head_reads_all_that_is_missing_with_links_into_the_forms(client):
    report, head = contradicting(), make_user("unit_head")
    text = page(client, report, head)
    assert "“确认无误”之前还要处理" in text
    for finding in (*evaluate(report).errors, *evaluate(report).unexplained):
        assert services.label_of(report, finding.where).split("·")[0] in text
    assert f"/reports/{report.pk}/fill/" in text
    text = act(client, report, head, "report-step", report.pk, "certify")
    assert "还不能确认无误" in text
    assert Report.objects.get().status == "draft"


def test_only_the_unit_is_led_into_the_forms(client):
    report = contradicting()
    text = page(client, report, make_user("reviewer"))
    assert f"/reports/{report.pk}/fill/" not in text
    assert 'data-goto="' in text


def test_after_submission_the_frozen_version_is_shown(client):
    report, reviewer = submitted(), make_user("reviewer")
    text = page(client, report, reviewer)
    assert "第1次报送" in text
    assert "点一下报告中的内容" in text
    report.profile.department.__class__.objects.filter(pk=report.profile.department_id).update(
        name="改名后的馆"
    )
    assert "填报单位" in text
    assert "示例区档案馆" in page(client, report, reviewer)


def test_the_trail_is_told_in_chinese_and_readings_only_to_those_who_watch(client):
    report = submitted()
    reviewer = make_user("reviewer", name="王审核")
    text = page(client, report, reviewer)
    assert "陈负责已确认报告无误" in text
    assert "陈负责已把报告报送财政局（第1次报送）" in text
    assert "王审核查阅报告" not in text
    assert "王审核查阅报告" in page(client, report, make_user("round_manager"))


def test_reading_an_own_report_is_not_logged_and_others_once(client):
    report = contradicting()
    page(client, report, make_user("filler"))
    assert not AuditEntry.objects.exists()
    reviewer = make_user("reviewer")
    page(client, report, reviewer)
    page(client, report, reviewer)
    assert AuditEntry.objects.filter(event="report-read").count() == 1


def test_what_the_unit_wrote_is_never_markup(client):
    report = make_report(dossier=make_dossier(), status="returned")
    Comment.objects.create(
        report=report, author=make_user("reviewer"), text="<script>alert(1)</script>", where_label="<b>x</b>"
    )
    text = page(client, report, make_user("filler"))
    assert "<script>alert(1)" not in text
    assert "<b>x</b>" not in text
    assert "&lt;script&gt;" in text


def test_nothing_on_the_page_is_inline(client):
    text = page(client, contradicting(), make_user("round_manager"))
    assert " style=" not in text
    assert " onclick=" not in text
    assert "<style" not in text


@pytest.mark.database
def test_the_page_costs_the_same_queries_with_few_and_with_200_rows(client, django_assert_num_queries):
    small = make_report(dossier=make_dossier(), status="returned")
    large = make_report(
        department=make_department("示例区水利局"),
        dossier=make_dossier(
            indicators=[make_indicator(f"指标{number}", weight="0.5") for number in range(200)],
        ),
        status="returned",
    )
    reviewer, filler = make_user("reviewer"), make_user("filler")
    for report, count in ((small, 1), (large, 100)):
        for number in range(count):
            Comment.objects.create(
                report=report, author=reviewer, text=f"意见{number}", answer="答", answered_by=filler
            )
            services.log_export(report=report, by=reviewer, kind="PDF", version="草稿")
    for report in (small, large):
        page(client, report, reviewer)  # the reading is logged now and not again
    with CaptureQueriesContext(connection) as few:
        page(client, small, reviewer)
    with django_assert_num_queries(len(few)):
        page(client, large, reviewer)


# ------------------------------------------------------------------ acts


def test_a_step_answers_with_its_receipt_and_a_second_click_with_the_first(client):
    report, reviewer = submitted(), make_user("reviewer", name="王审核")
    stamp = workflow.stamp(report)
    first = act(client, report, reviewer, "report-step", report.pk, "approve", expected=stamp)
    assert "已办理" in first
    assert "王审核已审核通过报告" in first
    second = act(client, report, reviewer, "report-step", report.pk, "approve", expected=stamp)
    assert "不用重复操作" in second
    assert AuditEntry.objects.filter(event="step-approve").count() == 1


def test_a_step_in_the_wrong_state_leads_back_with_a_sentence(client):
    report = make_report(dossier=make_dossier())
    text = act(client, report, make_user("reviewer"), "report-step", report.pk, "approve")
    assert "报告现为“填报中”，没有执行“审核通过”" in text


def test_an_unknown_step_is_404_and_a_link_does_nothing(client):
    report = submitted()
    client.force_login(make_user("reviewer"))
    assert client.post(reverse("report-step", args=[report.pk, "explode"])).status_code == 404
    assert client.get(reverse("report-step", args=[report.pk, "approve"])).status_code == 405


def test_a_form_without_its_token_is_refused():
    report, reviewer = submitted(), make_user("reviewer")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reviewer)
    assert strict.post(reverse("report-step", args=[report.pk, "approve"])).status_code == 403
    assert Report.objects.get().status == "submitted"


def test_comment_answer_return_and_approval_by_the_pages(client):
    report, filler, reviewer = submitted(), make_user("filler", name="周填报"), make_user("reviewer")
    where = "money.expenditure.project.actual"
    text = act(client, report, reviewer, "comment-add", where=where, text="请核对项目支出")
    assert "请核对项目支出" in text
    comment = Comment.objects.get()
    assert comment.where == where
    text = act(client, report, reviewer, "report-step", report.pk, "return", reason="请按意见修改")
    assert "请按意见修改" in text
    text = page(client, report, filler)
    assert "1 条审核意见待答复" in text
    text = act(client, report, filler, "comment-answer", comment.pk, text="已与决算表核对一致")
    assert "已与决算表核对一致" in text
    act(client, report, reviewer, "comment-resolve", comment.pk)
    comment.refresh_from_db()
    assert comment.resolved_by == reviewer


def test_a_comment_on_a_place_that_the_report_has_not_is_refused_and_kept(client):
    report, reviewer = submitted(), make_user("reviewer")
    text = act(client, report, reviewer, "comment-add", where="no.such.place", text="一段写了很久的意见")
    assert "报告中没有这个位置" in text
    assert "一段写了很久的意见</textarea>" in text
    assert not Comment.objects.exists()
    assert "一段写了很久的意见" not in page(client, report, reviewer)


def test_the_place_picker_offers_every_place_that_can_be_clicked(client):
    report = submitted()
    text = page(client, report, make_user("reviewer"))
    clickable = set(re.findall(r'data-where="([^"]+)"', text))
    assert len(clickable) > 30
    assert clickable <= set(re.findall(r'<option value="([^"]+)"', text))


def test_a_refused_reviewed_score_keeps_what_was_typed(client):
    report, reviewer = submitted(), make_user("reviewer")
    text = act(client, report, reviewer, "review-score", score="８８．５")
    assert "请写明复核说明" in text
    assert 'value="８８．５"' in text
    act(client, report, reviewer, "review-score", score="８８．５", reason="缺佐证")
    assert str(Report.objects.get().reviewed_score) == "88.50"
    for score, complaint in (("abc", "不是数字"), ("88.555", "最多两位小数"), ("101", "0至100")):
        assert complaint in act(client, report, reviewer, "review-score", score=score, reason="x")


def test_waiver_extension_and_assignment_by_the_pages(client):
    report, manager, reviewer = (
        contradicting(),
        make_user("round_manager"),
        make_user("reviewer", name="王审核"),
    )
    code = evaluate(report).unexplained[0].code
    assert "已豁免" in act(client, report, manager, "waiver-add", code=code, reason="口径不同")
    assert "请写明豁免理由" in act(client, report, manager, "waiver-add", code="x", reason="")
    waiver = Waiver.objects.get()
    assert "已撤销豁免" in act(client, report, manager, "waiver-withdraw", waiver.pk)
    assert "已延期" in act(client, report, manager, "report-extend", until="2100-01-15", reason="系统故障")
    assert "2100-01-15" in page(client, report, manager)
    text = act(client, report, manager, "report-extend", until="明天", reason="系统故障")
    assert "2024-06-30 的格式" in text
    Report.objects.update(status="submitted")
    assert "已分派给王审核" in act(client, report, manager, "report-assign", to=reviewer.pk)
    assert "请选择审核人员" in act(client, report, manager, "report-assign")


def test_the_next_report_is_one_that_waits_for_this_person(client):
    reviewer = make_user("reviewer")
    first = make_report(department=make_department("甲馆"), dossier=make_dossier(), status="submitted")
    make_report(department=make_department("乙馆"), status="submitted", assigned_to=make_user("reviewer"))
    make_report(department=make_department("丙馆"), status="draft")
    last = make_report(department=make_department("丁馆"), dossier=make_dossier(), status="submitted")
    assert f'class="next-report" href="{reverse("report", args=[first.pk])}"' in page(client, last, reviewer)
    assert f'class="next-report" href="{reverse("report", args=[last.pk])}"' in page(client, first, reviewer)
    assert "next-report" not in page(client, first, make_user("auditor"))


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("/reports/{pk}/fill/projects/", "/reports/{pk}/fill/projects/"),
        ("https://elsewhere.test/", "/reports/{pk}/?tab=comments"),
        ("home", "/reports/{pk}/?tab=comments"),
        ("1", "/reports/{pk}/?tab=comments"),
    ],
)
def test_an_answer_given_beside_the_field_leads_back_there_and_nowhere_else(client, came_from, leads_to):
    report = make_report(status=Status.RETURNED)
    comment = Comment.objects.create(report=report, text="请核对", author=make_user("reviewer"))
    client.force_login(make_user("filler", department=report.department))
    response = client.post(
        reverse("comment-answer", args=[comment.pk]), {"text": "已改", "next": came_from.format(pk=report.pk)}
    )
    assert response["Location"] == leads_to.format(pk=report.pk)
