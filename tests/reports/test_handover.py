"""Hand-over: roles and open work go to another person in one transaction, with a receipt."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from departments.accounts import AccountRefused
from departments.models import AuditEntry, BusinessOffice, RoleAssignment, User
from reports.choices import Status
from reports.handover import EVENT, hand_over, open_work
from reports.models import Notice, Report
from reports.oversight import rectifications
from tests.db import make_department, make_region, make_report, make_user
from tests.oversight_rows import make_rectification, make_spot_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return make_user("administrator", name="管理某")


@pytest.fixture
def reviewers():
    giver, taker = make_user("reviewer", name="王某"), make_user("auditor", name="郑某", username="zheng")
    office = BusinessOffice.objects.create(region=make_region(), name="教科文股")
    office.members.add(giver)
    return giver, taker, office


def test_all_open_work_of_a_reviewer_goes_over(administrator, reviewers):
    giver, taker, office = reviewers
    waiting = make_report(status=Status.SUBMITTED, assigned_to=giver)
    done = make_report(department=make_department("示例区图书馆"), status=Status.APPROVED, assigned_to=giver)
    check = make_spot_check(done, reviewer=giver)
    rectification = make_rectification(done, by=giver)
    Notice.objects.create(user=giver, text="请审核")
    receipt = hand_over(person=giver, to=taker, by=administrator, end=True)
    for row in (waiting, done, check, rectification, giver):
        row.refresh_from_db()
    assert waiting.assigned_to == taker
    assert done.assigned_to == giver, "what is done stays under the name of who did it"
    assert (check.reviewer, rectification.follower, rectification.issued_by) == (taker, taker, giver)
    assert list(office.members.all()) == [taker]
    assert not giver.is_active
    assert not giver.role_assignments.filter(is_active=True).exists()
    assert taker.role_assignments.filter(role="reviewer", is_active=True).exists()
    assert open_work(giver).lines == []
    assert set(Notice.objects.filter(user=taker).values_list("text", flat=True)) > {"请审核"}
    kinds = dict(receipt.data["lines"])
    assert kinds["分派审核的报告"] == ["示例区档案馆2023年度"]
    assert kinds["待抽查的报告"] == ["示例区图书馆2023年度"]
    assert receipt.sentence.startswith("管理某办理交接，王某移交给郑某：角色：示例区财政局业务股室；")
    trail = AuditEntry.objects.filter(profile=waiting.profile).get()
    assert trail.sentence == "管理某办理交接：审核人由王某变更为郑某"
    assert not AuditEntry.objects.filter(profile=done.profile).exists(), "a unit does not learn of its check"


def test_an_answer_reaches_whoever_took_over(administrator, reviewers):
    giver, taker, _ = reviewers
    report = make_report(status=Status.APPROVED)
    notice = make_rectification(report, by=giver)
    hand_over(person=giver, to=taker, by=administrator)
    filler = make_user("filler", department=report.department)
    Notice.objects.all().delete()
    replies = {item.position: "已整改" for item in notice.items.all()}
    rectifications.answer(notice=notice, by=filler, replies=replies)
    assert set(Notice.objects.values_list("user", flat=True)) == {taker.pk}


def test_a_check_that_the_receiver_may_not_do_waits_to_be_assigned(administrator, reviewers):
    giver, taker, _ = reviewers
    report = make_report(status=Status.APPROVED, certified_by=taker)
    check = make_spot_check(report, reviewer=giver)
    receipt = hand_over(person=giver, to=taker, by=administrator)
    check.refresh_from_db()
    assert check.reviewer is None
    assert "退回待指派的抽查" in dict(receipt.data["lines"])


def test_work_without_the_role_for_it_is_refused_and_nothing_moves(administrator):
    giver, taker = make_user("reviewer"), make_user("filler", name="张某")
    report = make_report(status=Status.SUBMITTED, assigned_to=giver)
    giver.role_assignments.update(is_active=False)
    with pytest.raises(AccountRefused, match="张某不是财政局的审核人员"):
        hand_over(person=giver, to=taker, by=administrator)
    assert Report.objects.get(pk=report.pk).assigned_to == giver
    assert not AuditEntry.objects.filter(event=EVENT).exists()


def test_a_head_hands_over_within_the_own_unit():
    head, giver, taker = (
        make_user("unit_head"),
        make_user("filler", name="张某"),
        make_user("filler", name="李某"),
    )
    receipt = hand_over(person=giver, to=taker, by=head, end=True)
    assert receipt.department == make_department()
    assert not User.objects.get(pk=giver.pk).is_active
    stranger = make_user("filler", department=make_department("示例区水利局"))
    with pytest.raises(PermissionDenied):
        hand_over(person=stranger, to=taker, by=head)
    with pytest.raises(PermissionDenied):
        hand_over(person=taker, to=stranger, by=head)


def test_the_role_of_the_last_head_goes_over_without_a_warning(administrator):
    head, taker = make_user("unit_head"), make_user("filler")
    hand_over(person=head, to=taker, by=administrator)
    assert RoleAssignment.objects.filter(user=taker, role="unit_head", is_active=True).exists()
    assert not head.role_assignments.filter(is_active=True).exists()


def test_refusals(administrator):
    giver, off = make_user("filler", name="张某"), make_user("filler", name="李某")
    with pytest.raises(AccountRefused, match="本人"):
        hand_over(person=giver, to=giver, by=administrator)
    User.objects.filter(pk=off.pk).update(is_active=False)
    with pytest.raises(AccountRefused, match="停用"):
        hand_over(person=giver, to=off, by=administrator)
    taker = make_user("filler")
    hand_over(person=giver, to=taker, by=administrator)
    with pytest.raises(AccountRefused, match="没有可以移交"):
        hand_over(person=giver, to=taker, by=administrator)


def test_the_page_and_its_receipt(client, administrator):
    giver, taker = make_user("filler", name="张某"), make_user("filler", name="李某")
    client.force_login(administrator)
    page = client.get(reverse("handover", args=[giver.pk]))
    assert "示例区档案馆填报人" in page.text
    refused = client.post(reverse("handover", args=[giver.pk]), {"to": giver.pk})
    assert refused.status_code == 422
    answer = client.post(reverse("handover", args=[giver.pk]), {"to": taker.pk, "end": "on"}, follow=True)
    assert "交接单" in answer.text
    assert "张某" in answer.text
    assert "账号已停用" in answer.text
    client.force_login(make_user("unit_head"))
    assert client.get(answer.redirect_chain[0][0]).status_code == 404


def test_with_nobody_to_hand_over_to_the_page_says_what_to_do(client):
    giver = make_user("filler", name="张某")
    client.force_login(make_user("unit_head"))
    page = client.get(reverse("handover", args=[giver.pk]))
    assert "还没有可以接手的人" in page.text
    assert reverse("person-add") in page.text
    assert "确认移交" not in page.text
    make_user("filler", name="李某")
    page = client.get(reverse("handover", args=[giver.pk]))
    assert "确认移交" in page.text
    assert "还没有可以接手的人" not in page.text
