"""The whole review of one report by keyboard alone: no mouse event is sent from sign-in to approval."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from reports import workflow
from reports.models import Comment, Report
from reports.workflow import Step
from tests.db import PASSWORD, make_department, make_report, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 120


def keys(page: Page, *presses: str) -> None:
    for press in presses:
        page.keyboard.press(press)


def write(page: Page, text: str) -> None:
    page.keyboard.type(text)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; what Tab does not reach fails."""
    for _ in range(MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def press_and_wait(page: Page, key: str = "Enter") -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def sign_in_by_keyboard(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/login/")
    tab_to(page, "input[name=username]")
    write(page, username)
    keys(page, "Tab")
    write(page, PASSWORD)
    press_and_wait(page)
    page.wait_for_url(f"{base}/")


def has_focus(page: Page, selector: str) -> None:
    page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)


def open_from_queue(page: Page, name: str) -> None:
    """Search the unit in the queue and open its report."""
    tab_to(page, "a[href='/queue/']")
    press_and_wait(page)
    keys(page, "/")
    has_focus(page, "input[name=q]")
    write(page, name)
    press_and_wait(page)
    keys(page, "j")
    has_focus(page, "[data-row] [data-open]")
    press_and_wait(page)
    expect(page.locator("h1")).to_contain_text(name)


@pytest.fixture
def reports():
    """Three submitted reports; the one in the middle of the alphabet is reviewed."""
    made = {}
    for name in ("甲档案馆", "乙图书馆", "丙文化馆"):
        unit = make_department(name)
        head = make_user("unit_head", department=unit, username=f"head-{unit.pk}", name=f"{name}负责人")
        if name == "乙图书馆":
            report = make_report(department=unit, dossier=make_dossier())
            workflow.apply(report, Step.CERTIFY, by=head)
            workflow.apply(report, Step.SUBMIT, by=head)
        else:
            report = make_report(department=unit, status="submitted")
        made[name] = (report, head)
    make_user("reviewer", username="reviewer", name="王审核")
    return made


def test_the_whole_review_of_one_report_by_keyboard_alone(new_page, live_server, reports):
    report, chief = reports["乙图书馆"]
    base = live_server.url
    reviewer, head = new_page(), new_page()
    for page in (reviewer, head):  # a mouse event anywhere makes the test fail
        page.add_init_script(
            "for (const kind of ['mousedown', 'pointerdown', 'touchstart'])"
            " addEventListener(kind, () => console.error('Content Security Policy: mouse used'), true);"
        )
    sign_in_by_keyboard(reviewer, base, "reviewer")
    open_from_queue(reviewer, "乙图书馆")

    # Claim, then comment on one field.
    keys(reviewer, "c")
    press_and_wait(reviewer)
    expect(reviewer.locator(".report-head")).to_contain_text("审核人")
    keys(reviewer, "m")
    has_focus(reviewer, "#comment-where")
    write(reviewer, "存在的主要问题")  # typing in a list chooses; no shortcut fires there
    place = reviewer.locator("#comment-where").evaluate("item => item.value")
    if not place:
        keys(reviewer, "ArrowDown")
    keys(reviewer, "Tab")
    has_focus(reviewer, "#comment-text")
    write(reviewer, "请写明责任科室 jkxcarn 和完成时间?")
    expect(reviewer.locator("#comment-text")).to_have_value("请写明责任科室 jkxcarn 和完成时间?")
    keys(reviewer, "Tab")
    press_and_wait(reviewer)
    expect(reviewer.locator(".messages")).to_contain_text("已提出审核意见")
    comment = Comment.objects.get()
    assert comment.where

    # Re-score one line.
    keys(reviewer, "s")
    has_focus(reviewer, "#mark-line")
    keys(reviewer, "ArrowDown")
    tab_to(reviewer, "#mark-points")
    write(reviewer, "1")
    keys(reviewer, "Tab")
    write(reviewer, "完成时间没有写明")
    tab_to(reviewer, "form[action$='/marks/'] button")
    press_and_wait(reviewer)
    expect(reviewer.locator(".messages")).to_contain_text("已记入单项复核")

    # Return it.
    keys(reviewer, "r")
    has_focus(reviewer, "#reason-return")
    write(reviewer, "请答复审核意见后重新报送")
    keys(reviewer, "Tab")
    press_and_wait(reviewer)
    expect(reviewer.locator("h1")).to_contain_text("已退回")

    # The unit answers; certification is refused until it has.
    sign_in_by_keyboard(head, base, chief.username)
    tab_to(head, f"a[href='/reports/{report.pk}/'], a[href^='/reports/{report.pk}/?']")
    press_and_wait(head)
    expect(head.get_by_role("button", name="确认无误")).to_be_disabled()
    keys(head, "m")
    has_focus(head, f"#answer-{comment.pk}")
    write(head, "已补写责任科室和时间。")
    keys(head, "Tab")
    press_and_wait(head)
    expect(head.locator(".messages")).to_contain_text("已答复")
    for label, state in (("确认无误", "负责人已确认"), ("报送财政局", "待审核")):
        keys(head, "a")
        expect(head.locator(":focus")).to_have_text(label)
        press_and_wait(head)
        expect(head.locator("h1")).to_contain_text(state)

    # The reviewer finds it again as resubmitted, approves it and goes on to the next one.
    reviewer.reload()
    keys(reviewer, "q")
    press_and_wait(reviewer)
    expect(reviewer.locator("[data-rows]")).to_contain_text("第2次报送")
    keys(reviewer, "j", "Enter")
    reviewer.wait_for_url(f"{base}/reports/{report.pk}/")
    keys(reviewer, "a")
    expect(reviewer.locator(":focus")).to_have_text("审核通过")
    press_and_wait(reviewer)
    expect(reviewer.locator("h1")).to_contain_text("已审核")
    assert Report.objects.get(pk=report.pk).status == "approved"


def test_rows_are_moved_ticked_and_claimed_and_the_help_is_shown(new_page, live_server, reports):
    page = new_page()
    sign_in_by_keyboard(page, live_server.url, "reviewer")
    page.goto(f"{live_server.url}/queue/?sort=name")
    keys(page, "j", "j", "x")
    second = page.locator("[data-row]").nth(1)
    expect(second.locator("[data-tick]")).to_be_checked()
    expect(page.locator("[data-bulk-count]")).to_have_text("已勾选 1 份：")
    keys(page, "k", "x", "x")
    expect(page.locator("[data-row]").nth(0).locator("[data-tick]")).not_to_be_checked()
    keys(page, "?")
    expect(page.locator("#keys-help")).to_be_visible()
    keys(page, "j", "Escape")
    expect(page.locator("#keys-help")).to_be_hidden()
    keys(page, "/")
    write(page, "jkx?")
    expect(page.locator("input[name=q]")).to_have_value("jkx?")
    expect(page.locator("#keys-help")).to_be_hidden()
    keys(page, "Control+a", "Delete")

    # Bulk by keyboard: the ticked one is approved, the result leads to it.
    tab_to(page, "button[name=act][value=approve]")
    press_and_wait(page)
    expect(page.locator("h1")).to_have_text("审核通过：1 份报告")
    tab_to(page, "main form .btn-primary")
    press_and_wait(page)
    expect(page.locator("main")).to_contain_text("办成 1 份，未办成 0 份")

    # A claim, and the switch that turns letters off.
    page.goto(f"{live_server.url}/queue/?status=submitted&sort=name")
    keys(page, "j")
    press_and_wait(page, "c")
    expect(page.locator(".messages")).to_contain_text("已认领")
    keys(page, "?")
    tab_to(page, "#keys-off")
    keys(page, "Space", "Escape", "j")
    expect(page.locator("[data-open]:focus")).to_have_count(0)


def test_who_else_is_looking_is_shown(new_page, live_server, reports):
    report, chief = reports["甲档案馆"]
    address = f"{live_server.url}/reports/{report.pk}/"
    reviewer, head = new_page(), new_page()
    sign_in_by_keyboard(head, live_server.url, chief.username)
    head.goto(address)
    expect(head.locator(".presence")).to_have_text("")
    sign_in_by_keyboard(reviewer, live_server.url, "reviewer")
    reviewer.goto(address)
    expect(reviewer.locator(".presence")).to_have_text("正在查看：甲档案馆负责人")
    head.reload()
    expect(head.locator(".presence")).to_have_text("正在查看：王审核")
