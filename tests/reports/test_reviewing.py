"""Re-evaluation line by line: every deduction by the scale with a reason, the total and its consequence beside the own score."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from departments.models import AuditEntry
from reports import reviewing, services, workflow
from reports.models import Notice, Report, ReviewMark
from reports.workflow import NotAllowed, Refused, Step
from tests.db import make_mark, make_policy, make_report, make_round, make_submission, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FACTORS = {"grade_drop_factors": ["0.9", "0.8"]}


@pytest.fixture
def report() -> Report:
    """Submitted; the policy's scale takes 30 % for a light fault, and a lower grade costs a tenth."""
    scale = [
        {"key": "no-evidence", "label": "没有佐证材料", "share": "1"},
        {"key": "light", "label": "指标无法考核（轻微）", "share": "0.3"},
    ]
    row = make_policy(review={"deductions": scale} | FACTORS)
    make_round(policy=row.title)
    made = make_report(dossier=make_dossier(), status="draft")
    head = make_user("unit_head", department=made.department)
    workflow.apply(made, Step.CERTIFY, by=head)
    return workflow.apply(made, Step.SUBMIT, by=head).report


@pytest.fixture
def reviewer():
    return make_user("reviewer")


def key_of(report: Report, name: str) -> str:
    card = reviewing.newest(report).scorecard
    return next(line["key"] for line in card["lines"] if line["name"] == name)


def own_score(report: Report) -> Decimal:
    return Decimal(reviewing.newest(report).scorecard["self_score"])


def test_a_deduction_by_the_scale_lowers_the_total(report, reviewer):
    line = key_of(report, "接收进馆档案数量")
    result = reviewing.set_mark(report=report, by=reviewer, line=line, rule="light", reason="没有移交清单")
    report.refresh_from_db()
    assert report.reviewed_score == own_score(report) - Decimal("2.4")
    assert result.deviation == Decimal("2.4") / own_score(report)
    entry = AuditEntry.objects.get(event="review-mark")
    assert "复核“接收进馆档案数量”：指标无法考核（轻微），扣2.4分：没有移交清单，复核得分" in entry.sentence
    head = Notice.objects.filter(user__role_assignments__role="unit_head").first()
    assert "没有移交清单" in head.text


def test_the_same_rule_on_the_same_line_is_replaced(report, reviewer):
    line = key_of(report, "接收进馆档案数量")
    for points in ("1", "2"):
        reviewing.set_mark(
            report=report, by=reviewer, line=line, rule="light", points=Decimal(points), reason="缺清单"
        )
    assert [mark.amount for mark in ReviewMark.objects.all()] == [2]


def test_a_lower_grade_costs_what_the_policy_says(report, reviewer):
    for name in ("接收进馆档案数量", "查档利用人次"):
        reviewing.set_mark(
            report=report, by=reviewer, line=key_of(report, name), rule="no-evidence", reason="没有台账"
        )
    shown = reviewing.page(report, reviewer, reviewing.newest(report))
    assert (shown.result.self_grade, shown.result.reviewed_grade) == ("优", "良")
    assert shown.result.final_score == round(shown.result.reviewed_score * Decimal("0.9"), 2)
    assert shown.lowered
    assert shown.deviation.endswith("%")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"rule": "light", "reason": " "}, "没有写明理由"),
        ({"rule": "mood", "reason": "x"}, "没有对应的扣分标准"),
        ({"rule": "light", "points": Decimal("8.01"), "reason": "x"}, "不超过分值8"),
        ({"points": Decimal("8.01"), "reason": "x"}, "应在0到分值8之间"),
        ({"reason": "x"}, "请选择扣分标准，或填写复核得分"),
        ({"line": "nothing", "points": Decimal(1), "reason": "x"}, "没有“nothing”这一行"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(entry, words, report, reviewer):
    line = key_of(report, "接收进馆档案数量")
    with pytest.raises(Refused, match=words):
        reviewing.set_mark(report=report, by=reviewer, **({"line": line} | entry))
    assert not ReviewMark.objects.exists()
    assert not AuditEntry.objects.filter(event="review-mark").exists()
    assert Report.objects.get(pk=report.pk).reviewed_score is None


def test_a_score_may_be_the_full_weight_and_no_more(report, reviewer):
    line = key_of(report, "档案数字化加工数量")
    result = reviewing.set_mark(
        report=report, by=reviewer, line=line, points=Decimal(10), reason="补交了验收单"
    )
    assert next(item for item in result.lines if item.key == line).reviewed_score == 10


def test_taking_back_restores_the_total_and_then_clears_it(report, reviewer):
    line = key_of(report, "接收进馆档案数量")
    reviewing.set_mark(report=report, by=reviewer, line=line, rule="light", reason="缺清单")
    reviewing.set_mark(report=report, by=reviewer, line="execution", points=Decimal(5), reason="重算")
    for mark in ReviewMark.objects.order_by("pk"):
        reviewing.withdraw_mark(mark=mark, by=reviewer)
        reviewing.withdraw_mark(mark=mark, by=reviewer)
    report.refresh_from_db()
    assert (report.reviewed_score, report.reviewed_reason) == (None, "")
    assert AuditEntry.objects.filter(event="review-mark", sentence__contains="撤销").count() == 2


@pytest.mark.parametrize("role", ["filler", "unit_head", "main_reviewer", "auditor", "administrator"])
def test_only_the_bureau_reviews(role, report):
    with pytest.raises(NotAllowed):
        reviewing.set_mark(report=report, by=make_user(role), line="execution", points=Decimal(1), reason="x")


def test_not_while_the_unit_fills_in(reviewer):
    report = make_report(dossier=make_dossier())
    with pytest.raises(Refused, match="报告现为“填报中”"):
        reviewing.set_mark(report=report, by=reviewer, line="execution", points=Decimal(1), reason="x")


def test_an_older_submissions_marks_stay_as_they_are(report, reviewer):
    mark = make_mark(report, by=reviewer)
    make_submission(report)
    with pytest.raises(Refused, match="以前报送版本"):
        reviewing.withdraw_mark(mark=mark, by=reviewer)
    assert reviewing.page(report, reviewer, reviewing.newest(report)).result is None


def test_the_total_is_not_typed_while_there_are_marks(report, reviewer):
    make_mark(report, by=reviewer)
    with pytest.raises(Refused, match="已有单项复核"):
        services.set_reviewed_score(report=report, by=reviewer, score=Decimal(80), reason="x")


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": "light", "score": "1"},
        {"rule": ""},
        {"rule": "", "amount": "1", "score": "1"},
        {"rule": "light", "amount": "0"},
        {"score": "-1"},
    ],
)
def test_the_database_refuses_what_is_no_mark(fields, report):
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        make_mark(report, **fields)


def test_the_reviewer_enters_it_on_the_page_and_the_unit_reads_it(report, reviewer, client):
    line = key_of(report, "接收进馆档案数量")
    client.force_login(reviewer)
    page = client.get(reverse("report", args=[report.pk])).content.decode()
    assert "复核一项指标" in page
    assert "指标无法考核（轻微）（扣30%）" in page
    address = reverse("review-mark-add", args=[report.pk])
    answer = client.post(
        address, {"line": line, "rule": "light", "points": "", "reason": "没有移交清单"}, follow=True
    )
    assert "已记入单项复核" in answer.content.decode()
    client.force_login(make_user("filler", department=report.department))
    page = client.get(reverse("report", args=[report.pk])).content.decode()
    assert "指标无法考核（轻微），扣2.4分：没有移交清单" in page
    assert "偏离度" in page
    assert "复核一项指标" not in page


def test_a_refused_entry_keeps_what_was_typed(report, reviewer, client):
    client.force_login(reviewer)
    entry = {"line": key_of(report, "接收进馆档案数量"), "rule": "", "points": "9", "reason": "多给一分"}
    page = client.post(reverse("review-mark-add", args=[report.pk]), entry, follow=True).content.decode()
    assert "应在0到分值8之间" in page
    assert "多给一分</textarea>" in page


def test_a_further_entry_on_a_line_is_added_only_when_the_reviewer_says_so(report, reviewer, client):
    line = key_of(report, "接收进馆档案数量")
    reviewing.set_mark(report=report, by=reviewer, line=line, rule="light", reason="没有移交清单")
    with pytest.raises(
        reviewing.WouldCombine, match=r"已有1条复核（指标无法考核（轻微），扣2.4分：没有移交清单）"
    ):
        reviewing.set_mark(
            report=report, by=reviewer, line=line, rule="no-evidence", points=1, reason="缺照片"
        )
    assert ReviewMark.objects.count() == 1
    client.force_login(reviewer)
    address = reverse("review-mark-add", args=[report.pk])
    typed = {"line": line, "rule": "no-evidence", "points": "1", "reason": "缺照片"}
    asked = client.post(address, typed, follow=True).content.decode()
    assert "一并计算" in asked
    assert "由5.6分变为4.6分" in asked
    assert "缺照片" in asked  # what was typed is still there
    client.post(address, typed | {"together": "on"})
    assert ReviewMark.objects.count() == 2
