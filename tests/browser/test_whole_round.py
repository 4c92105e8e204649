"""A round of thirty departments, from opening the year to publication, by everybody who takes part.

What each page says is read in a real browser. Thirty units would do the same thing thirty times: one unit, one under a
main department and the nil report go by clicking, the others take the same steps of the workflow directly.
"""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from departments.models import User
from reports import level_services, workflow
from reports.choices import Status
from reports.models import Notice, Report, Round
from reports.put import put
from reports.workflow import Step
from tests.browser.conftest import sign_in
from tests.db import PASSWORD, make_department, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNITS = 30
MAIN, OWN, BELOW, NIL, LEFT_OUT, LATE = (
    "示例区文化馆",
    *(f"第{number:02}档案馆" for number in range(1, 6)),
)


@pytest.fixture
def people():
    """Departments, two under one main department, with the people who click; the bureau's three."""
    main = make_department(MAIN)
    for number in range(1, UNITS):
        make_department(f"第{number:02}档案馆", parent=main if number in (2, 6) else None)
    for name, label in ((OWN, "own"), (BELOW, "below"), (NIL, "nil"), (LATE, "late")):
        unit = make_department(name)
        make_user("filler", department=unit, username=f"filler-{label}")
        make_user("unit_head", department=unit, username=f"head-{label}")
    make_user("main_reviewer", department=main, username="main")
    for role in ("reviewer", "round_manager", "auditor"):
        make_user(role, username=role)


@pytest.fixture
def desk(new_page, live_server, people):
    """Sign somebody in, once; the same page is handed out afterwards."""
    pages: dict[str, Page] = {}

    def page_of(username: str) -> Page:
        if username not in pages:
            pages[username] = new_page()
            sign_in(pages[username], live_server.url, username, PASSWORD)
        return pages[username]

    return page_of


def report_of(name: str) -> Report:
    return Report.objects.with_context().get(profile__department__name=name)


def open_report(page: Page, base: str, name: str) -> None:
    page.goto(f"{base}/reports/{report_of(name).pk}/")


def click(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


def with_reason(page: Page, label: str, reason: str) -> None:
    """A step behind its summary, with the reason that it asks for."""
    page.locator("summary", has_text=label).first.click()
    box = page.locator("details[open]", has=page.get_by_role("button", name=f"确定{label}"))
    box.locator("textarea").fill(reason)
    box.get_by_role("button", name=f"确定{label}").click()
    page.wait_for_load_state()


def tick(page: Page, *names: str) -> None:
    for name in names:
        page.locator("tr", has=page.get_by_role("link", name=name, exact=True)).locator(
            "input[name=report]"
        ).check()


def fill(name: str) -> Report:
    report = report_of(name)
    put(make_dossier(department=name), report.profile)
    return report


def head_of(name: str) -> User:
    """The unit's head, made if nobody clicks for the unit."""
    unit = report_of(name).department
    found = User.objects.filter(role_assignments__department=unit, role_assignments__role="unit_head").first()
    return found or make_user("unit_head", department=unit)


def fill_and_submit(name: str) -> None:
    """What the unit's own people do with the forms and two buttons."""
    head = head_of(name)
    workflow.apply(fill(name), Step.CERTIFY, by=head)
    workflow.apply(report_of(name), Step.SUBMIT, by=head)


def statuses() -> dict[str, int]:
    found = Report.objects.values_list("status", flat=True)
    return {status: list(found).count(status) for status in Status if status in set(found)}


def test_from_opening_to_publication(desk, live_server, tmp_path):
    base = live_server.url

    # The round manager opens the year.
    manager = desk("round_manager")
    manager.goto(f"{base}/rounds/open/")
    manager.get_by_label("评价年度").fill("2023")
    manager.get_by_label("开始日期").fill(timezone.localdate().isoformat())
    manager.get_by_label("截止日期").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    manager.get_by_label("先经主管部门审核").check()
    click(manager, "下一步：预览")
    expect(manager.locator("main")).to_contain_text("现在还没有写入任何内容")
    click(manager, "确认布置")
    expect(manager.locator("main")).to_contain_text(f"新建报告{UNITS}份")
    round_ = Round.objects.get()
    address = f"{base}/rounds/{round_.pk}/"
    # Thirty dossiers of one factory are alike; the rule against copied text has its own tests.
    level_services.set_level(
        region=round_.region,
        code="copied-passage",
        level="off",
        reason="试",
        by=User.objects.get(username="round_manager"),
    )

    # One unit is left out, one gets more time.
    manager.goto(address)
    tick(manager, LEFT_OUT)
    click(manager, "取消（不参加）")
    manager.locator("textarea[name=reason]").fill("机构改革，并入其他单位")
    manager.locator("main form .btn-danger").click()
    expect(manager.locator("main")).to_contain_text("1 个单位中已办理 1 个")
    manager.goto(address)
    tick(manager, LATE)
    click(manager, "延期")
    manager.locator("input[name=until]").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    manager.locator("textarea[name=reason]").fill("系统升级停用三天")
    manager.locator("main form .btn-primary").click()
    expect(manager.locator("main")).to_contain_text("1 个单位中已办理 1 个")

    # A unit without spending of its own files a nil report.
    nil = desk("filler-nil")
    open_report(nil, base, NIL)
    with_reason(nil, "申报零报告", "年初并入其他单位，本年度没有自己的支出")
    expect(nil.locator("main")).to_contain_text("本单位申报了零报告")
    for step, label in ((Step.CERTIFY, "确认无误"), (Step.SUBMIT, "报送财政局")):
        open_report(desk("head-nil"), base, NIL)
        click(desk("head-nil"), label)
        assert workflow.last_step(report_of(NIL)).data["step"] == step

    # One unit and one below a main department by clicking, the others by the same steps.
    for name, label, act in ((OWN, "own", "报送财政局"), (BELOW, "below", "报送主管部门")):
        fill(name)
        head = desk(f"head-{label}")
        open_report(head, base, name)
        click(head, "确认无误")
        click(head, act)
    main = desk("main")
    open_report(main, base, BELOW)
    main.locator("summary", has_text="审核通过，转财政局").click()
    main.locator("details[open] textarea").first.fill("数据与部门台账一致，同意报送。")
    main.get_by_role("button", name="确定审核通过，转财政局").click()
    expect(main.locator("h1")).to_contain_text("待审核")
    others = [f"第{number:02}档案馆" for number in range(7, UNITS)] + [MAIN]
    for name in others:
        fill_and_submit(name)

    # Two still owe: they are reminded, and nobody else is.
    manager.goto(address)
    expect(manager.locator("main")).to_contain_text(f"应报 {UNITS - 1} 份，其中零报告 1 份")
    before = Notice.objects.count()
    click(manager, "催报全部未报送（2）")
    manager.locator("main form .btn-primary").click()
    expect(manager.locator("main")).to_contain_text("2 个单位中已办理")
    told = Notice.objects.order_by("pk")[before:]
    assert {notice.report.department.name for notice in told} <= {LATE, "第06档案馆"}
    for name in (LATE, "第06档案馆"):
        fill_and_submit(name)
    workflow.apply(
        report_of("第06档案馆"),
        Step.DEPARTMENT_PASS,
        by=User.objects.get(username="main"),
        reason="同意报送。",
    )
    assert statuses() == {Status.SUBMITTED: UNITS - 1, Status.CANCELLED: 1}

    # The reviewer sends one back with a comment; it comes again with an answer.
    reviewer = desk("reviewer")
    open_report(reviewer, base, OWN)
    click(reviewer, "认领")
    with_reason(reviewer, "退回修改", "请补充说明加工数量未完成的原因")
    expect(reviewer.locator("h1")).to_contain_text("已退回")
    head = desk("head-own")
    head.goto(f"{base}/inbox/")
    expect(head.locator("main")).to_contain_text("请补充说明加工数量未完成的原因")
    open_report(head, base, OWN)
    click(head, "确认无误")
    click(head, "报送财政局")
    assert report_of(OWN).submissions.count() == 2

    # All are approved in one go, by the worker, since they are many.
    reviewer.goto(f"{base}/queue/?status=submitted")
    expect(reviewer.locator("main")).to_contain_text(f"共 {UNITS - 1} 份报告")
    reviewer.get_by_label("勾选本页全部").check()
    click(reviewer, "审核通过")
    click(reviewer, "确定审核通过")
    call_command("db_worker", batch=True, interval=0, startup_delay=False)
    reviewer.reload()
    expect(reviewer.locator("main")).to_contain_text(f"{UNITS - 1}")
    assert statuses() == {Status.APPROVED: UNITS - 1, Status.CANCELLED: 1}

    # The overview adds up, and so does the summary table.
    auditor = desk("auditor")
    auditor.goto(f"{base}/overview/")
    expect(auditor.locator("main")).to_contain_text(f"应报{UNITS - 1}份，已报送{UNITS - 1}份，未报送0份")
    with auditor.expect_download() as started:
        auditor.get_by_role("link", name="下载自评汇总表（Excel）").click()
    table = load_workbook(io.BytesIO(started.value.path().read_bytes()))
    cells = [str(cell.value) for row in table.active.iter_rows() for cell in row]
    assert all(name in cells for name in (OWN, BELOW, MAIN, "第29档案馆"))
    assert LEFT_OUT not in cells

    # The whole round leaves as one archive.
    manager.goto(f"{base}/exports/")
    manager.get_by_label("已审核").check()
    manager.get_by_label("JSON 数据").check()
    click(manager, "下一步")
    click(manager, "开始导出")
    call_command("db_worker", batch=True, interval=0, startup_delay=False)
    manager.reload()
    with manager.expect_download() as started:
        manager.get_by_role("link", name="下载压缩包").click()
    names = zipfile.ZipFile(io.BytesIO(started.value.path().read_bytes())).namelist()
    assert sum(name.endswith(".json") for name in names) == UNITS - 1

    # Published in one go; the public list shows exactly these, and a withdrawn one says so.
    manager.goto(f"{base}/queue/?status=approved")
    manager.get_by_label("勾选本页全部").check()
    click(manager, "公开")
    click(manager, "确定公开")
    call_command("db_worker", batch=True, interval=0, startup_delay=False)
    assert statuses() == {Status.PUBLISHED: UNITS - 1, Status.CANCELLED: 1}
    public = desk("auditor").context.browser.new_context().new_page()
    public.goto(f"{base}/public/")
    expect(public.locator("main")).to_contain_text(f"{UNITS - 1}")
    public.goto(f"{base}/public/?q={OWN}")
    public.get_by_role("link", name=OWN).first.click()
    expect(public.locator("main")).to_contain_text(OWN)
    page_of_own = public.url
    public.context.close()
    open_report(manager, base, OWN)
    with_reason(manager, "撤下", "公开后发现附表有误")
    expect(manager.locator("h1")).to_contain_text("已审核")
    # Somebody who comes now: a browser that has just read it may show it from its cache for a minute.
    newcomer = manager.context.browser.new_context()
    assert newcomer.new_page().goto(page_of_own).status == 410
    newcomer.close()
