"""The oversight in a real browser: no complaint of axe, and the ways of a main department and of a rectification."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from departments.models import User
from reports import workflow
from reports.models import DepartmentOpinion, Rectification, Report
from reports.workflow import Step
from reports.workspace.attachments import add_attachment
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import check, district
from tests.db import PASSWORD, make_department, make_report, make_round, make_user
from tests.evidence import pdf
from tests.factories import make_dossier
from tests.oversight_rows import make_rectification, make_spot_check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("username", ["filler", "manager"])
def test_pages_of_the_oversight(new_page, live_server, username):
    draft, waiting = district()
    reviewer = User.objects.get(username="reviewer")
    unit = User.objects.get(username="filler")
    item = add_attachment(report=draft, upload=SimpleUploadedFile("台账.pdf", pdf()), indicator=None, by=unit)
    Report.objects.filter(pk__in=(draft.pk, waiting.pk)).update(status="approved")
    begun = make_spot_check(draft, by=reviewer, reviewer=reviewer)
    done = make_spot_check(
        waiting, by=reviewer, reviewer=reviewer, score=90, conclusion="mostly", findings="台账不全",
        recorded_by=reviewer, recorded_at=timezone.now(),
    )  # fmt: skip
    late = make_rectification(draft, by=reviewer, due=datetime.date(2024, 1, 1))
    answered = make_rectification(draft, by=reviewer, status="answered")
    answer = answered.answers.create(number=1, text="已整改", by=unit)
    for one in answered.items.all():
        answer.replies.create(item=one, text="已补齐台账")
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, username, PASSWORD)
    addresses = [
        "/",
        "/rectifications/",
        f"/rectifications/{late.pk}/",
        f"/rectifications/{answered.pk}/",
        f"/reports/{draft.pk}/?tab=files",
        f"/reports/{draft.pk}/attachments/{item.uid}/view/",
    ]
    if username == "manager":
        addresses += [
            "/spot-checks/",
            "/spot-checks/draw/",
            f"/spot-checks/{begun.pk}/",
            f"/spot-checks/{done.pk}/",
            f"/reports/{waiting.pk}/rectify/?check={done.pk}",
            f"/reports/{waiting.pk}/difference/",
        ]
    check(page, live_server.url, addresses)


def test_the_way_of_a_main_department(new_page, live_server):
    """It finds its unit's report on the home page, comments, passes it with an opinion; the bureau reads the opinion."""
    main = make_department("示例区文化局")
    unit = make_department("示例区档案馆", parent=main)
    make_round(department_review=True)
    head = make_user("unit_head", department=unit)
    report = make_report(department=unit, dossier=make_dossier())
    for step in (Step.CERTIFY, Step.SUBMIT):
        report = workflow.apply(report, step, by=head).report
    make_user("main_reviewer", department=main, username="main")
    make_user("reviewer", username="reviewer")
    page = new_page()
    sign_in(page, live_server.url, "main", PASSWORD)
    page.get_by_role("link", name="开始审核").click()
    page.get_by_role("link", name="示例区档案馆").first.click()
    page.locator("summary", has_text="审核通过，转财政局").click()
    page.get_by_label("主管部门意见").fill("经我局审核，数据属实，同意报送。")
    page.get_by_role("button", name="确定审核通过，转财政局").click()
    page.get_by_text("已办理").wait_for()
    assert DepartmentOpinion.objects.get().text == "经我局审核，数据属实，同意报送。"
    other = new_page()
    sign_in(other, live_server.url, "reviewer", PASSWORD)
    other.goto(f"{live_server.url}/reports/{report.pk}/")
    assert "数据属实，同意报送" in other.locator(".report-head").inner_text()


def test_a_rectification_from_the_form_to_its_end(new_page, live_server):
    unit = make_department("示例区档案馆")
    report = make_report(department=unit, status="approved")
    make_user("filler", department=unit, username="filler")
    make_user("reviewer", username="reviewer")
    due = timezone.localdate() + datetime.timedelta(days=10)
    bureau, typing = new_page(), new_page()
    sign_in(bureau, live_server.url, "reviewer", PASSWORD)
    bureau.goto(f"{live_server.url}/reports/{report.pk}/rectify/")
    bureau.get_by_label("反馈期限").fill(due.isoformat())
    bureau.get_by_role("button", name="加一项").click()
    for number, text in ((1, "台账不全"), (4, "样本不足")):
        bureau.locator(f"#problem-{number}").fill(text)
        bureau.locator(f"#requirement-{number}").fill("按期补齐")
    bureau.get_by_role("button", name="下发整改通知").click()
    bureau.get_by_text("单位会收到通知").wait_for()
    assert [item.problem for item in Rectification.objects.get().items.all()] == ["台账不全", "样本不足"]
    sign_in(typing, live_server.url, "filler", PASSWORD)
    typing.get_by_role("link", name="有整改通知").click()
    typing.locator("#reply-1").fill("已补齐")
    typing.locator("#reply-2").fill("已补充调查")
    typing.locator("#answer-file").set_input_files(
        {"name": "台账.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    typing.get_by_role("button", name="报送整改反馈").click()
    typing.get_by_text("整改情况已反馈").wait_for()
    bureau.goto(f"{live_server.url}/")
    bureau.get_by_role("link", name="等待审核销号").click()
    bureau.get_by_role("link", name="第1号").click()
    bureau.get_by_role("link", name="查看 台账.pdf").click()
    picture = bureau.get_by_role("img", name="台账.pdf 第1页")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    bureau.go_back()
    bureau.get_by_role("button", name="同意销号").click()
    bureau.get_by_text("已销号").first.wait_for()
    assert Rectification.objects.get().status == "closed"
