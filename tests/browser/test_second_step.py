"""The second step of signing in, in a browser: set up with the QR code, asked for at sign-in and over an open page."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from departments.models import User
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import violations
from tests.browser.test_session import let_it_run_out
from tests.browser.test_typing import BASIC, amount
from tests.browser.typing import go, saved, type_fields
from tests.db import PASSWORD, make_department, make_report, make_user
from tests.evalsite.test_second_factor import code_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("standing_clock"),
]


def test_it_is_set_up_and_asked_for_from_then_on(new_page, live_server):
    department = make_department()
    make_user("filler", department=department, username="filler", name="周填报")
    report = make_report(department=department).pk
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "filler", PASSWORD)
    page.goto(live_server.url + reverse("my-account"))
    page.get_by_role("link", name="去设置").click()
    page.get_by_role("button", name="开始设置").click()
    picture = page.locator("img.qr")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 0
    assert violations(page) == []
    user = User.objects.get(username="filler")
    page.get_by_label("手机上显示的 6 位动态码").fill(code_of(user, -1))
    page.get_by_role("button", name="确认开启").click()
    codes = page.locator(".recovery-codes li")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    assert violations(page) == []
    page.get_by_role("link", name="已保存，继续").click()
    page.goto(live_server.url + reverse("second-factor"))
    assert violations(page) == []

    page.context.clear_cookies()
    page.goto(live_server.url + reverse("login"))
    page.get_by_label("用户名").fill("filler")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="输入动态码")).to_be_visible()
    page.get_by_label("动态码").fill("x")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("动态码不正确")
    assert violations(page) == []
    page.wait_for_timeout(1100)
    page.get_by_label("动态码").fill(code_of(user))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{live_server.url}/")

    go(page, live_server.url, report, "expenditure")
    let_it_run_out(page)
    type_fields(page, {BASIC: "120.5"})
    dialog = page.get_by_role("dialog", name="登录已超时")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("动态码")).to_be_hidden()
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="重新登录").click()
    expect(dialog.get_by_label("动态码")).to_be_focused()
    assert violations(page) == []
    dialog.get_by_label("动态码").fill(recovery)
    dialog.get_by_role("button", name="重新登录").click()
    expect(dialog).to_be_hidden()
    saved(page)
    assert amount("basic") == "1205000.00"
