"""The idle time-out in a browser: what was typed survives it, with and without scripts."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from departments.idle import SEEN
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import violations
from tests.browser.test_typing import BASIC, PROJECT, amount
from tests.browser.typing import go, saved, type_fields
from tests.db import PASSWORD, make_department, make_report, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def report():
    department = make_department()
    make_user("filler", department=department, username="filler", name="周填报")
    return make_report(department=department).pk


def let_it_run_out(page) -> None:
    """Put the last activity of this browser's session an hour back."""
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "evalsite_session")
    store = Session.get_session_store_class()(key)
    store[SEEN] = int(time.time()) - 3600
    store.save()


def test_what_was_typed_is_saved_after_signing_in_over_the_page(new_page, live_server, report):
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "filler", PASSWORD)
    go(page, live_server.url, report, "expenditure")
    type_fields(page, {BASIC: "100"})
    saved(page)
    let_it_run_out(page)
    type_fields(page, {BASIC: "120.5", PROJECT: "30"})
    dialog = page.get_by_role("dialog", name="登录已超时")
    expect(dialog).to_be_visible()
    expect(page.locator("#save-state")).to_contain_text("登录已超时")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_label("密码").fill("wrong")
    dialog.get_by_role("button", name="重新登录").click()
    expect(dialog).to_contain_text("密码不正确")
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="重新登录").click()
    expect(dialog).to_be_hidden()
    saved(page)
    assert (amount("basic"), amount("project")) == ("1205000.00", "300000.00")
    with page.expect_response("**/session/"):  # what a save on its way meanwhile is answered
        page.evaluate(
            "document.dispatchEvent(new CustomEvent('htmx:responseError', {detail: {xhr: {status: 401}}}))"
        )
    type_fields(page, {PROJECT: "31"})
    expect(page.locator("#save-state")).to_contain_text("正在")
    saved(page)
    assert amount("project") == "310000.00"
    expect(dialog).to_be_hidden()


def test_signing_in_in_another_tab_is_enough(new_page, live_server, report):
    page = new_page()
    sign_in(page, live_server.url, "filler", PASSWORD)
    go(page, live_server.url, report, "expenditure")
    let_it_run_out(page)
    type_fields(page, {BASIC: "77"})
    dialog = page.get_by_role("dialog", name="登录已超时")
    expect(dialog).to_be_visible()
    second = page.context.new_page()
    second.goto(f"{live_server.url}/")
    second.get_by_label("用户名").fill("filler")
    second.get_by_label("密码").fill(PASSWORD)
    second.get_by_role("button", name="登录").click()
    second.wait_for_url(f"{live_server.url}/")
    expect(dialog).to_be_hidden()
    saved(page)
    assert amount("basic") == "770000.00"


def test_without_scripts_the_form_waits_for_the_sign_in(new_page, live_server, report):
    page = new_page(java_script_enabled=False)
    sign_in(page, live_server.url, "filler", PASSWORD)
    go(page, live_server.url, report, "narrative")
    box = page.locator('#fill textarea[name^="narrative."]').first
    box.fill("执行进度偏慢，年底集中支付。")
    let_it_run_out(page)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("main")).to_contain_text("刚才提交的内容已保留")
    page.get_by_label("用户名").fill("filler")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("main")).to_contain_text("执行进度偏慢，年底集中支付。")
    page.get_by_role("button", name="继续提交").click()
    go(page, live_server.url, report, "narrative")
    expect(box).to_have_value("执行进度偏慢，年底集中支付。")


def test_a_warning_comes_first_and_going_on_is_one_click(new_page, live_server, report, settings):
    settings.SESSION_IDLE_SECONDS = 9
    page = new_page()
    sign_in(page, live_server.url, "filler", PASSWORD)
    page.goto(f"{live_server.url}/inbox/")
    warning = page.get_by_role("dialog", name="即将自动退出")
    expect(warning).to_be_visible(timeout=9000)
    page.get_by_role("button", name="继续使用").click()
    expect(warning).to_be_hidden()
    page.wait_for_timeout(4000)
    assert page.request.get(f"{live_server.url}/session/").json()["user"] == "filler"
    expect(page.get_by_role("dialog", name="登录已超时")).to_be_visible(timeout=12000)
