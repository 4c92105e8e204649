"""Comments, waivers, reviewed score, extension, assignment, notices: who may, what is written, what is refused."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from departments.models import AuditEntry
from reports import services
from reports.evaluation import evaluate, remember
from reports.models import Comment, Notice, Report, Waiver
from reports.workflow import NotAllowed, Refused
from tests.db import make_department, make_region, make_report, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def events() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("event", flat=True))


def a_report(status: str = "submitted", **fields) -> Report:
    return make_report(status=status, dossier=make_dossier(), **fields)


# ------------------------------------------------------------------ comments


def test_a_comment_names_its_place_and_reaches_the_unit():
    report, filler, reviewer = a_report(), make_user("filler"), make_user("reviewer", name="王审核")
    comment = services.add_comment(
        report=report, by=reviewer, where="money.expenditure.basic.actual", text="  请核对决算表 "
    )
    label = "支出（按支出性质）·基本支出·全年执行数（决算数）"
    assert (comment.where_label, comment.text, comment.open) == (label, "请核对决算表", True)
    assert events() == ["comment-add"]
    notice = Notice.objects.get()
    assert notice.user == filler
    assert f"王审核对【{label}】提出审核意见" in notice.text


def test_a_comment_without_a_place_is_about_the_whole_report():
    comment = services.add_comment(report=a_report(), by=make_user("reviewer"), where="", text="请补充")
    assert comment.where_label == "整份报告"


@pytest.mark.parametrize("role", ["filler", "unit_head", "auditor", "administrator"])
def test_only_the_review_side_comments(role):
    report, user = a_report(), make_user(role)
    with pytest.raises(NotAllowed):
        services.add_comment(report=report, by=user, where="", text="请补充")
    assert not Comment.objects.exists()


@pytest.mark.parametrize("status", ["draft", "certified", "approved", "published", "cancelled"])
def test_no_comment_outside_the_review(status):
    with pytest.raises(Refused, match="不能再提审核意见"):
        services.add_comment(report=a_report(status), by=make_user("reviewer"), where="", text="请补充")


def test_the_main_department_comments_while_it_reviews_and_not_later():
    main = make_department("示例区文化局")
    unit = make_department("示例区档案馆", parent=main)
    reviewer = make_user("main_reviewer", department=main)
    report = make_report(department=unit, dossier=make_dossier(), status="department_review")
    services.add_comment(report=report, by=reviewer, where="", text="请补充")
    Report.objects.filter(pk=report.pk).update(status="submitted")
    with pytest.raises(Refused):
        services.add_comment(report=report, by=reviewer, where="", text="再补充")


def test_an_answer_reaches_the_author_and_may_be_worded_anew_until_resolved():
    report, filler, reviewer = a_report(), make_user("filler", name="周填报"), make_user("reviewer")
    comment = services.add_comment(report=report, by=reviewer, where="", text="请补充")
    services.answer_comment(comment=comment, by=filler, text="已补充")
    comment = services.answer_comment(comment=comment, by=filler, text="已补充附件2")
    assert (comment.answer, comment.answered_by, comment.open) == ("已补充附件2", filler, False)
    assert Notice.objects.filter(user=reviewer, text__contains="周填报答复了您的审核意见").count() == 2
    services.resolve_comment(comment=comment, by=reviewer)
    with pytest.raises(Refused, match="已经了结"):
        services.answer_comment(comment=comment, by=filler, text="又补充")
    assert events() == ["comment-add", "comment-answer", "comment-answer", "comment-resolve"]


def test_the_unit_does_not_resolve_and_the_bureau_does_not_answer():
    report, filler, reviewer = a_report(), make_user("filler"), make_user("reviewer")
    comment = services.add_comment(report=report, by=reviewer, where="", text="请补充")
    with pytest.raises(NotAllowed):
        services.resolve_comment(comment=comment, by=filler)
    with pytest.raises(NotAllowed):
        services.answer_comment(comment=comment, by=reviewer, text="替答")


def test_resolving_twice_writes_once():
    report, reviewer = a_report(), make_user("reviewer")
    comment = services.add_comment(report=report, by=reviewer, where="", text="请补充")
    for _ in range(2):
        services.resolve_comment(comment=comment, by=reviewer)
    assert events() == ["comment-add", "comment-resolve"]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_comment_is_refused(text):
    with pytest.raises(Refused, match="请写明审核意见"):
        services.add_comment(report=a_report(), by=make_user("reviewer"), where="", text=text)


# ------------------------------------------------------------------ waivers


def contradicting() -> Report:
    report = make_report(dossier=make_dossier(spent="264.55", budget="96.24"))
    remember(report, evaluate(report))
    return report


def test_a_waiver_releases_the_rule_and_is_visible_in_the_counts():
    report, manager = contradicting(), make_user("round_manager")
    before = report.open_errors + report.open_warnings
    code = evaluate(report).unexplained[0].code
    services.waive(report=report, by=manager, code=code, reason="口径不同")
    now = evaluate(report)
    assert code not in {finding.code for finding in now.findings}
    assert code in {finding.code for finding in now.waived}
    report.refresh_from_db()
    assert report.open_errors + report.open_warnings < before
    services.withdraw_waiver(waiver=Waiver.objects.get(), by=manager)
    report.refresh_from_db()
    assert report.open_errors + report.open_warnings == before
    assert events() == ["waive", "waive-withdraw"]


def test_a_waiver_needs_a_reason_a_finding_and_the_round_manager():
    report, manager = contradicting(), make_user("round_manager")
    code = evaluate(report).unexplained[0].code
    with pytest.raises(Refused, match="请写明豁免理由"):
        services.waive(report=report, by=manager, code=code, reason=" ")
    with pytest.raises(Refused, match="已不存在或已豁免"):
        services.waive(report=report, by=manager, code="no-such-rule", reason="口径不同")
    with pytest.raises(NotAllowed):
        services.waive(report=report, by=make_user("reviewer"), code=code, reason="口径不同")
    assert not Waiver.objects.exists()
    assert events() == []


def test_a_submitted_report_is_not_waived_any_more():
    with pytest.raises(Refused, match="只有填报或退回期间"):
        services.waive(report=a_report(), by=make_user("round_manager"), code="x", reason="口径不同")


# ------------------------------------------------------------------ reviewed score


def test_a_reviewed_score_that_differs_needs_a_reason():
    report, reviewer = a_report(shown_self_score="92.5"), make_user("reviewer")
    with pytest.raises(Refused, match="请写明复核说明"):
        services.set_reviewed_score(report=report, by=reviewer, score=Decimal("88"))
    report = services.set_reviewed_score(
        report=report, by=reviewer, score=Decimal("88"), reason="2项指标缺佐证"
    )
    assert (report.reviewed_score, report.reviewed_reason) == (Decimal("88"), "2项指标缺佐证")
    assert (
        services.set_reviewed_score(report=report, by=reviewer, score=Decimal("92.50")).reviewed_reason == ""
    )
    assert services.set_reviewed_score(report=report, by=reviewer, score=None).reviewed_score is None
    assert events() == ["review-score"] * 3


@pytest.mark.parametrize(("score", "fits"), [("0", True), ("100", True), ("-0.01", False), ("100.01", False)])
def test_a_reviewed_score_lies_between_0_and_100(score, fits):
    report, reviewer = a_report(), make_user("reviewer")
    if fits:
        services.set_reviewed_score(report=report, by=reviewer, score=Decimal(score), reason="复核")
    else:
        with pytest.raises(Refused, match="0至100"):
            services.set_reviewed_score(report=report, by=reviewer, score=Decimal(score), reason="复核")


def test_a_draft_gets_no_reviewed_score_and_a_unit_gives_none():
    with pytest.raises(Refused, match="不能填写复核得分"):
        services.set_reviewed_score(report=a_report("draft"), by=make_user("reviewer"), score=None)
    with pytest.raises(NotAllowed):
        services.set_reviewed_score(
            report=a_report(department=make_department("示例区水利局")), by=make_user("filler"), score=None
        )


# ------------------------------------------------------------------ extension, assignment


def test_an_extension_is_later_than_the_deadline_and_has_a_reason():
    report, manager = a_report("draft"), make_user("round_manager")
    later = report.round.deadline + datetime.timedelta(days=1)
    with pytest.raises(Refused, match="应晚于截止日期"):
        services.extend(report=report, by=manager, until=report.round.deadline, reason="系统故障")
    with pytest.raises(Refused, match="请写明延期理由"):
        services.extend(report=report, by=manager, until=later, reason="")
    too_far = report.round.deadline + services.LONGEST_EXTENSION + datetime.timedelta(days=1)
    with pytest.raises(Refused, match="一年"):
        services.extend(report=report, by=manager, until=too_far, reason="系统故障")
    assert services.extend(report=report, by=manager, until=later, reason="系统故障").due == later
    with pytest.raises(NotAllowed):
        services.extend(report=report, by=make_user("reviewer"), until=later, reason="系统故障")
    assert events() == ["extend"]


def test_a_claimed_report_stays_with_who_claimed_it():
    report, first, second = a_report(), make_user("reviewer", name="王审核"), make_user("reviewer")
    services.claim(report=report, by=first)
    services.claim(report=report, by=first)
    with pytest.raises(Refused, match="已由王审核认领"):
        services.claim(report=report, by=second)
    with pytest.raises(Refused, match="由王审核认领"):
        services.release(report=report, by=second)
    assert services.release(report=report, by=make_user("round_manager")).assigned_to is None
    assert services.claim(report=report, by=second).assigned_to == second
    assert events() == ["assign"] * 3


def test_a_report_is_assigned_to_people_of_the_region_only():
    report, manager, reviewer = a_report(), make_user("round_manager"), make_user("reviewer")
    far = make_user("reviewer", region=make_region("430408", "邻区"), name="邻区审核")
    with pytest.raises(Refused, match="邻区审核不是本区县的审核人员"):
        services.assign(report=report, by=manager, to=far)
    assert services.assign(report=report, by=manager, to=reviewer).assigned_to == reviewer
    assert Notice.objects.get().user == reviewer
    with pytest.raises(NotAllowed):
        services.assign(report=report, by=reviewer, to=reviewer)


# ------------------------------------------------------------------ log of reading, notices


def test_reading_is_logged_once_an_hour_and_not_for_the_own_unit():
    report, filler, reviewer = a_report(), make_user("filler"), make_user("reviewer")
    services.log_reading(report=report, by=filler)
    services.log_reading(report=report, by=reviewer)
    services.log_reading(report=report, by=reviewer)
    services.log_reading(report=report, by=make_user("auditor"))
    assert events() == ["report-read", "report-read"]


def test_reading_is_logged_again_after_an_hour(monkeypatch):
    report, reviewer = a_report(), make_user("reviewer")
    services.log_reading(report=report, by=reviewer)
    later = timezone.now() + datetime.timedelta(minutes=61)
    monkeypatch.setattr(services.timezone, "now", lambda: later)
    services.log_reading(report=report, by=reviewer)
    assert events() == ["report-read", "report-read"]


def test_only_the_own_notices_are_marked_read():
    mine, other = make_user("filler"), make_user("unit_head")
    report = a_report("draft")
    services.notify(report=report, to=[mine.pk, other.pk], text="测试")
    services.notify(report=report, to=[mine.pk], text="测试")
    assert services.mark_read(user=mine, notice=Notice.objects.get(user=other).pk) == 0
    assert services.mark_read(user=mine, notice=Notice.objects.filter(user=mine).first().pk) == 1
    assert services.mark_read(user=mine) == 1
    assert Notice.objects.filter(read_at=None).get().user == other


def test_a_long_text_is_cut_in_the_notice_and_kept_in_the_comment():
    report, filler, reviewer = a_report(), make_user("filler"), make_user("reviewer")
    comment = services.add_comment(report=report, by=reviewer, where="", text="长" * 900)
    assert len(comment.text) == 900
    assert len(Notice.objects.get(user=filler).text) == 500
