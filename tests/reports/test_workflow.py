"""The workflow: status × step × person against a table written out by hand, and what every step leaves behind."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from departments.models import AnnualProfile, AuditEntry
from indicators.policy import build_policy, load_policy, policy_names
from reports import services, workflow
from reports.choices import EDITABLE, Status
from reports.evaluation import evaluate
from reports.models import Comment, Explanation, Notice, Report, SectionState, Submission, Waiver
from reports.paper import frozen
from reports.workflow import NotAllowed, Step, WorkflowRefused
from tests.db import (
    give_role,
    make_department,
    make_region,
    make_report,
    make_round,
    make_submission,
    make_user,
)
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]

# Who may do what in which state, and where it leads. Persons that are not named may not.
ALLOWED = {
    "draft": {
        "certify": ("head", "certified"),
        "send_back": ("head", "draft"),
        "file_nil": ("filler head", "draft"),
        "cancel": ("manager", "cancelled"),
    },
    "certified": {
        "submit": ("filler head", "submitted"),
        "unlock": ("filler head", "draft"),
        "send_back": ("head", "draft"),
        "cancel": ("manager", "cancelled"),
    },
    "department_review": {
        "department_pass": ("main_reviewer", "submitted"),
        "department_return": ("main_reviewer", "returned"),
        "recall": ("filler head", "draft"),
        "cancel": ("manager", "cancelled"),
    },
    "submitted": {
        "approve": ("reviewer manager", "approved"),
        "return": ("reviewer manager", "returned"),
        "recall": ("filler head", "draft"),
        "cancel": ("manager", "cancelled"),
    },
    "returned": {
        "certify": ("head", "certified"),
        "send_back": ("head", "returned"),
        "file_nil": ("filler head", "returned"),
        "cancel": ("manager", "cancelled"),
    },
    "approved": {"publish": ("manager", "published"), "reopen": ("manager", "returned")},
    "published": {"withdraw": ("manager", "approved"), "reopen": ("manager", "returned")},
    "cancelled": {"restore": ("manager", "draft")},
}
NEEDS_REASON = {
    "send_back",
    "department_return",
    "return",
    "withdraw",
    "reopen",
    "cancel",
    "restore",
    "file_nil",
}
PERSONS = (
    "filler",
    "head",
    "main_reviewer",
    "reviewer",
    "manager",
    "auditor",
    "administrator",
    "far_reviewer",
    "nobody",
)


def unit():
    return make_department("示例区档案馆", parent=make_department("示例区文化局"))


def person(kind: str):
    """One of the people of the access table, by what the person is towards the report."""
    match kind:
        case "filler":
            return make_user("filler", department=unit(), name="周填报")
        case "head":
            return make_user("unit_head", department=unit(), name="陈负责")
        case "main_reviewer":
            return make_user("main_reviewer", department=make_department("示例区文化局"), name="李主管")
        case "manager":
            return make_user("round_manager", name="刘绩效")
        case "reviewer":
            return make_user("reviewer", name="王审核")
        case "far_reviewer":
            return make_user("reviewer", region=make_region("430408", "邻区"))
        case "nobody":
            return make_user()
    return make_user(kind)


def report_in(status: str, **fields) -> Report:
    report = make_report(department=unit(), dossier=make_dossier(), status=status, **fields)
    if status == "certified":
        Report.objects.filter(pk=report.pk).update(certified_hash=evaluate(report).dossier.sha256())
        report.refresh_from_db()
    if status in ("approved", "published"):
        make_submission(report)  # what is published is a submission
    return report


def locked(report: Report) -> bool:
    return AnnualProfile.objects.get(pk=report.profile_id).locked_at is not None


class Undo(Exception):
    pass


@pytest.mark.parametrize("kind", PERSONS)
@pytest.mark.parametrize("status", Status.values)
def test_who_may_do_what_in_which_state(status, kind):
    report, user = report_in(status), person(kind)
    expected = {step: target for step, (who, target) in ALLOWED[status].items() if kind in who.split()}
    assert {button.step.value for button in workflow.available(report, user)} == set(expected)
    for step in Step:
        reason = "理由" if step.value in NEEDS_REASON else ""
        if step.value not in expected:
            with pytest.raises((NotAllowed, WorkflowRefused)):
                workflow.apply(report, step, by=user, reason=reason)
            assert Report.objects.get(pk=report.pk).status == status
            continue
        try:
            with transaction.atomic():
                receipt = workflow.apply(report, step, by=user, reason=reason)
                assert (
                    receipt.report.status == Report.objects.get(pk=report.pk).status == expected[step.value]
                )
                assert locked(report) == (expected[step.value] not in EDITABLE)
                assert AuditEntry.objects.count() == 1
                raise Undo
        except Undo:
            pass
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("step", sorted(NEEDS_REASON))
def test_a_step_that_sends_back_asks_for_a_reason(step):
    status, who = next(
        (status, steps[step][0].split()[0]) for status, steps in ALLOWED.items() if step in steps
    )
    report, user = report_in(status), person(who)
    with pytest.raises(WorkflowRefused, match="理由"):
        workflow.apply(report, Step(step), by=user, reason="  ")
    assert Report.objects.get(pk=report.pk).status == status


def test_the_whole_way_there_and_back():
    report, head, filler, reviewer, manager = (
        report_in("draft"),
        *map(person, ("head", "filler", "reviewer", "manager")),
    )
    for step, by, status, year_locked in (
        (Step.CERTIFY, head, "certified", True),
        (Step.UNLOCK, filler, "draft", False),
        (Step.CERTIFY, head, "certified", True),
        (Step.SUBMIT, filler, "submitted", True),
        (Step.RETURN, reviewer, "returned", False),
        (Step.CERTIFY, head, "certified", True),
        (Step.SUBMIT, head, "submitted", True),
        (Step.APPROVE, reviewer, "approved", True),
        (Step.PUBLISH, manager, "published", True),
        (Step.REOPEN, manager, "returned", False),
        (Step.CANCEL, manager, "cancelled", True),
        (Step.RESTORE, manager, "draft", False),
    ):
        receipt = workflow.apply(report, step, by=by, reason="请补充" if step.value in NEEDS_REASON else "")
        assert (receipt.report.status, locked(report)) == (status, year_locked)
        assert receipt.sentence.startswith(by.name)
    entries = AuditEntry.objects.filter(event__startswith=workflow.EVENT_PREFIX)
    assert entries.count() == 12
    assert list(
        Submission.objects.filter(report=report).values_list("number", flat=True).order_by("number")
    ) == [1, 2]


def test_a_unit_below_a_main_department_goes_through_it_where_the_round_asks():
    make_round(department_review=True)
    report, filler, main = report_in("certified"), person("filler"), person("main_reviewer")
    assert workflow.apply(report, Step.SUBMIT, by=filler).report.status == Status.DEPARTMENT_REVIEW
    assert Notice.objects.filter(user=main).count() == 1
    assert workflow.apply(report, Step.DEPARTMENT_PASS, by=main).report.status == Status.SUBMITTED


def test_a_main_department_itself_goes_straight_to_the_bureau():
    make_round(department_review=True)
    report = make_report(dossier=make_dossier())
    head = make_user("unit_head", department=report.department)
    workflow.apply(report, Step.CERTIFY, by=head)
    assert workflow.apply(report, Step.SUBMIT, by=head).report.status == Status.SUBMITTED


# ------------------------------------------------------------------ what must hold


def test_certification_lists_everything_that_is_missing_and_changes_nothing():
    dossier = make_dossier(spent="264.55", budget="96.24")
    report, head = make_report(department=unit(), dossier=dossier), person("head")
    Comment.objects.create(
        report=report, where="narrative.problems", text="请核对", author=person("reviewer")
    )
    SectionState.objects.create(profile=report.profile, section="income", rejected={"money.x": "约九十"})
    found = evaluate(report)
    with pytest.raises(WorkflowRefused) as refused:
        workflow.apply(report, Step.CERTIFY, by=head)
    texts = [refusal.text for refusal in refused.value.refusals]
    assert len(texts) == len(found.errors) + len(found.unexplained) + 2
    assert "审核意见未答复：请核对" in texts
    assert "填写的内容未能识别：“约九十”" in texts
    report.refresh_from_db()
    assert (report.status, report.certified_hash, locked(report)) == ("draft", "", False)
    assert not AuditEntry.objects.exists()
    button = next(item for item in workflow.available(report, head) if item.step is Step.CERTIFY)
    assert [refusal.text for refusal in button.refusals] == texts


def test_explained_warnings_and_waived_rules_do_not_stop_certification():
    report, head = (
        make_report(department=unit(), dossier=make_dossier(spent="264.55", budget="96.24")),
        person("head"),
    )
    found = evaluate(report)
    assert found.unexplained
    for code in {finding.code for finding in found.errors}:
        Waiver.objects.create(report=report, code=code, reason="口径不同", by=person("manager"))
    for finding in evaluate(report).unexplained:
        Explanation.objects.create(profile=report.profile, finding=finding.key, text="已核对凭证，数据属实。")
    assert evaluate(report).unexplained == []
    assert workflow.apply(report, Step.CERTIFY, by=head).report.certified_by == head


def test_data_that_changed_after_certification_is_not_submitted():
    report, filler = report_in("certified"), person("filler")
    Report.objects.filter(pk=report.pk).update(certified_hash="0" * 64)
    with pytest.raises(WorkflowRefused, match="确认之后有变化"):
        workflow.apply(report, Step.SUBMIT, by=filler)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("deadline", "extended", "accepted"), [(-1, None, False), (0, None, True), (-1, -1, False), (-1, 0, True)]
)
def test_the_last_day_counts_and_an_extension_helps(deadline, extended, accepted):
    def day(offset: int) -> datetime.date:
        return timezone.localdate() + datetime.timedelta(days=offset)

    make_round(deadline=day(deadline), opens=day(-60))
    report = report_in("certified", extended_until=None if extended is None else day(extended))
    filler = person("filler")
    if accepted:
        assert workflow.apply(report, Step.SUBMIT, by=filler).report.status == Status.SUBMITTED
    else:
        with pytest.raises(WorkflowRefused, match="已过截止日期"):
            workflow.apply(report, Step.SUBMIT, by=filler)


def test_whoever_certified_does_not_review():
    report, head = report_in("draft"), person("head")
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)
    give_role(head, "reviewer")
    head = type(head).objects.get(pk=head.pk)
    with pytest.raises(WorkflowRefused, match="本人确认"):
        workflow.apply(report, Step.APPROVE, by=head)


def test_approval_waits_for_open_comments_and_closes_answered_ones():
    report, filler, reviewer = report_in("submitted"), person("filler"), person("reviewer")
    comment = services.add_comment(report=report, by=reviewer, where="", text="请补充")
    with pytest.raises(WorkflowRefused, match="1条审核意见"):
        workflow.apply(report, Step.APPROVE, by=reviewer)
    services.answer_comment(comment=comment, by=filler, text="已补充")
    workflow.apply(report, Step.APPROVE, by=reviewer)
    comment.refresh_from_db()
    assert comment.resolved_by == reviewer


# ------------------------------------------------------------------ two clicks, two people


def test_the_second_click_shows_the_first_receipt():
    report, filler = report_in("certified"), person("filler")
    stamp = workflow.stamp(report)
    first = workflow.apply(report, Step.SUBMIT, by=filler, expected=stamp)
    second = workflow.apply(report, Step.SUBMIT, by=filler, expected=stamp)
    assert (second.repeated, second.sentence, second.at) == (True, first.sentence, first.at)
    assert Submission.objects.count() == 1
    assert AuditEntry.objects.filter(event="step-submit").count() == 1


def test_a_step_that_keeps_the_state_is_not_done_twice_by_a_second_click():
    report, head = report_in("draft"), person("head")
    stamp = workflow.stamp(report)
    for repeated in (False, True):
        assert (
            workflow.apply(report, Step.SEND_BACK, by=head, reason="请核对", expected=stamp).repeated
            is repeated
        )
    assert AuditEntry.objects.count() == 1


def test_who_comes_second_is_told_who_did_what_and_when():
    report, first, second = report_in("submitted"), person("reviewer"), person("manager")
    stamp = workflow.stamp(report)
    workflow.apply(report, Step.APPROVE, by=first, expected=stamp)
    told = r"王审核已于\d+月\d+日\d\d:\d\d执行“审核通过”，报告现为“已审核”，没有执行“退回修改”"
    with pytest.raises(WorkflowRefused, match=told):
        workflow.apply(report, Step.RETURN, by=second, reason="请补充", expected=stamp)
    with pytest.raises(WorkflowRefused, match=r"王审核已于.*不用再次办理"):
        workflow.apply(report, Step.APPROVE, by=second, expected=stamp)
    assert AuditEntry.objects.count() == 1


def test_a_button_on_an_outdated_page_is_noticed_even_in_the_same_state():
    report, head, filler, reviewer = report_in("submitted"), *map(person, ("head", "filler", "reviewer"))
    stamp = workflow.stamp(report)
    workflow.apply(report, Step.RETURN, by=reviewer, reason="请补充")
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=filler)
    with pytest.raises(WorkflowRefused, match="周填报已于"):
        workflow.apply(report, Step.APPROVE, by=reviewer, expected=stamp)


def test_rights_are_those_of_the_moment_not_of_the_page():
    report, head = report_in("draft"), person("head")
    assert head.access.roles
    head.role_assignments.update(is_active=False)
    with pytest.raises(NotAllowed):
        workflow.apply(report, Step.CERTIFY, by=head)


# ------------------------------------------------------------------ what is left behind


def test_a_submission_freezes_everything_and_can_be_read_again():
    report, filler = report_in("certified"), person("filler")
    now = evaluate(report)
    workflow.apply(report, Step.SUBMIT, by=filler)
    submission = Submission.objects.get(report=report)
    kept = frozen(submission)
    assert kept.dossier == now.dossier
    assert kept.scorecard == now.scorecard
    assert kept.findings == now.findings
    assert kept.policy == now.policy == build_policy(submission.policy)
    assert submission.sha256 == now.dossier.sha256() == Report.objects.get(pk=report.pk).certified_hash
    report.refresh_from_db()
    assert report.shown_score == now.scorecard.score


def test_a_waived_finding_stays_waived_in_the_submission():
    report = make_report(department=unit(), dossier=make_dossier(spent="264.55", budget="96.24"))
    head = person("head")
    for code in {finding.code for finding in evaluate(report).findings}:
        Waiver.objects.create(report=report, code=code, reason="口径不同", by=person("manager"))
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)
    kept = frozen(Submission.objects.get(report=report))
    assert kept.findings == ()
    assert kept.waived


def test_a_new_submission_voids_an_older_reviewed_score():
    report, filler = report_in("certified", reviewed_score="88", reviewed_reason="核减"), person("filler")
    receipt = workflow.apply(report, Step.SUBMIT, by=filler)
    assert receipt.report.reviewed_score is None
    assert "复核得分不再有效" in receipt.sentence


def test_a_return_tells_the_unit_the_reason_and_lists_the_open_comments():
    report, head, filler, reviewer = report_in("submitted"), *map(person, ("head", "filler", "reviewer"))
    services.add_comment(report=report, by=reviewer, where="narrative.problems", text="写清楚")
    Notice.objects.all().delete()
    receipt = workflow.apply(report, Step.RETURN, by=reviewer, reason="请按意见修改")
    assert "理由：请按意见修改" in receipt.sentence
    assert "1条审核意见待答复" in receipt.sentence
    assert set(Notice.objects.values_list("user_id", flat=True)) == {head.pk, filler.pk}


def test_a_submission_goes_to_the_assigned_reviewer_only():
    mine, other = person("reviewer"), make_user("reviewer")
    report, filler = report_in("certified", assigned_to=mine), person("filler")
    workflow.apply(report, Step.SUBMIT, by=filler)
    assert set(Notice.objects.values_list("user_id", flat=True)) == {mine.pk}
    assert not Notice.objects.filter(user=other).exists()


def test_reopening_tells_everyone_who_took_part_and_still_has_a_role():
    report, head, reviewer, gone, manager = (
        report_in("draft"),
        *map(person, ("head", "reviewer", "filler", "manager")),
    )
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=gone)
    workflow.apply(report, Step.APPROVE, by=reviewer)
    gone.role_assignments.update(is_active=False)
    Notice.objects.all().delete()
    workflow.apply(report, Step.REOPEN, by=manager, reason="审计要求更正")
    assert set(Notice.objects.values_list("user_id", flat=True)) == {head.pk, reviewer.pk}


def test_a_refused_step_leaves_no_notice_and_no_entry():
    report, filler = report_in("certified"), person("filler")
    Report.objects.filter(pk=report.pk).update(certified_hash="0" * 64)
    with pytest.raises(WorkflowRefused):
        workflow.apply(report, Step.SUBMIT, by=filler)
    assert not Notice.objects.exists()
    assert not AuditEntry.objects.exists()


# ------------------------------------------------------------------ the table itself


def test_the_rows_of_a_step_agree_on_who_may_and_whether_a_reason_is_asked():
    for step in Step:
        rules = workflow.rules_of(step)
        assert rules
        assert len({(rule.who, rule.reason) for rule in rules}) == 1
        assert all(rule.needs == rules[0].needs for rule in rules)


def test_the_printed_table_is_current():
    printed = Path(__file__).parents[2] / "docs" / "workflow.md"
    assert printed.read_text(encoding="utf-8") == workflow.as_markdown(), (
        "print docs/workflow.md again, see its head"
    )


@pytest.mark.parametrize("name", policy_names())
def test_every_shipped_policy_can_be_frozen_and_read_again(name):
    policy = load_policy(name)
    assert build_policy(policy.model_dump(mode="json")) == policy
