"""Nothing that was typed is lost: nonsense is kept with its message, and of two people typing nobody is overwritten."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from budgets.models import Line
from tests.browser.conftest import sign_in
from tests.browser.typing import field, go, saved, type_fields
from tests.db import PASSWORD, make_department, make_report, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BASIC = "money.expenditure.basic.actual"
PROJECT = "money.expenditure.project.actual"


@pytest.fixture
def report():
    department = make_department()
    make_user("filler", department=department, username="filler", name="周填报")
    make_user("unit_head", department=department, username="head", name="陈负责")
    return make_report(department=department).pk


def amount(key: str) -> str:
    return str(Line.objects.get(table="expenditure", key=key).actual)


def test_amounts_are_understood_and_nonsense_is_kept(new_page, live_server, report):
    page = new_page()
    sign_in(page, live_server.url, "filler", PASSWORD)
    go(page, live_server.url, report, "expenditure")
    type_fields(page, {BASIC: "９６．２４", PROJECT: "约十万"})
    saved(page)
    assert amount("basic") == "962400.00"
    message = page.locator(f'#fill [data-field="{PROJECT}"]')
    expect(message).to_contain_text("不是数字")
    expect(field(page, PROJECT)).to_have_attribute("aria-invalid", "true")
    page.reload()
    expect(field(page, PROJECT)).to_have_value("约十万")
    expect(page.locator(f'#fill [data-field="{PROJECT}"]')).to_contain_text("不是数字")
    type_fields(page, {PROJECT: "1,234.5"})
    saved(page)
    assert amount("project") == "12345000.00"


def test_of_two_people_typing_at_once_neither_is_overwritten(new_page, live_server, report):
    first, second = new_page(), new_page()
    sign_in(first, live_server.url, "filler", PASSWORD)
    sign_in(second, live_server.url, "head", PASSWORD)
    for page in (first, second):
        go(page, live_server.url, report, "expenditure")
    type_fields(first, {BASIC: "100"})
    saved(first)
    type_fields(second, {BASIC: "200", PROJECT: "50"})
    bar = second.locator("#conflict")
    expect(bar).to_be_visible()
    expect(field(second, BASIC)).to_have_value("200")
    assert amount("basic") == "1000000.00"
    bar.get_by_role("button").click()
    expect(second.locator("main")).to_contain_text("200")
    expect(second.locator("main")).to_contain_text("100")
    expect(second.locator("main")).to_contain_text("周填报")


def test_what_was_only_shown_is_not_set_against_what_a_colleague_typed(new_page, live_server, report):
    first, second = new_page(), new_page()
    sign_in(first, live_server.url, "filler", PASSWORD)
    sign_in(second, live_server.url, "head", PASSWORD)
    go(first, live_server.url, report, "expenditure")
    type_fields(first, {BASIC: "333"})
    saved(first)
    go(second, live_server.url, report, "expenditure")
    type_fields(first, {BASIC: "444"})
    expect(first.locator("#save-state")).to_contain_text("正在")
    saved(first)
    type_fields(second, {PROJECT: "5"})
    second.locator("#conflict").get_by_role("button").click()
    choices = second.locator("fieldset.choice")
    expect(choices).to_have_count(1)
    expect(choices).to_contain_text("项目支出")
    second.get_by_role("button", name="全部用我填的").click()
    second.get_by_role("button", name="按所选内容保存").click()
    second.wait_for_load_state()
    assert (amount("basic"), amount("project")) == ("4440000.00", "50000.00")


def test_every_cell_of_every_row_can_be_seen_and_typed_into(new_page, live_server, report):
    page = new_page()
    sign_in(page, live_server.url, "filler", PASSWORD)
    for section in ("profile", "expenditure", "base-data", "projects", "goals", "indicators"):
        go(page, live_server.url, report, section)
        if section == "indicators":
            page.locator('[data-add="indicators"]').click()
        narrow = page.evaluate(
            "[...document.querySelectorAll('#fill .row-item .cell')]"
            ".filter(cell => cell.offsetParent && cell.getBoundingClientRect().width < 40)"
            ".map(cell => cell.dataset.field)"
        )
        assert narrow == [], section
