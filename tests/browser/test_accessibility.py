"""axe finds no violation on any page for any role, on an office screen and on a phone.

The first test goes through the access table; the others bring pages into states that need a click or a form.
"""

from __future__ import annotations

from importlib.resources import files
from zlib import crc32

import pytest

from departments.choices import Role
from departments.models import User
from reports import services, workflow
from reports.models import FieldOrigin, UnreadPassage
from reports.places import SECTIONS
from reports.workflow import Step
from reports.workspace.importing import take_in
from tests.browser.conftest import OFFICE_SCREEN, sign_in
from tests.browser.walk import cookies, stops
from tests.db import PASSWORD, make_department, make_export, make_public_row, make_report, make_user
from tests.factories import make_dossier
from tests.reports.intake.files import printed
from tests.test_access import make_world

PARTS = 6
"""The walk through the access table is cut into as many tests, for the two workers to share."""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = files("axe_playwright_python") / "axe.min.js"
PHONE = {"width": 390, "height": 844}
SCREENS = (OFFICE_SCREEN, PHONE)


def violations(page, screens=SCREENS) -> list[str]:
    """What is wrong with the page as it stands, at the width of an office screen and of a phone, one line each."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=str(AXE))
    try:
        return [found for screen in screens for found in _at(page, screen)]
    finally:
        page.set_viewport_size(OFFICE_SCREEN)


def _at(page, screen: dict[str, int]) -> list[str]:
    page.set_viewport_size(screen)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    lines = [f"{item['id']}: {item['help']} at {item['nodes'][0]['html'][:160]}" for item in found]
    if wide > 0:
        lines.append(f"{wide} pixels wider than the screen")
    return [f"{screen['width']}: {line}" for line in lines]


def check(page, base: str, addresses: list[str]) -> None:
    complaints = {}
    for address in addresses:
        page.goto(base + address)
        if found := violations(page):
            complaints[address] = found
    assert complaints == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_every_role(part, browser, live_server):
    """No violation, nothing wider than a phone, nothing that the console complains of (CSP included)."""
    base, world = live_server.url, make_world()
    complaints, walked = [], set()
    pages = {}
    for stop in stops(world, lambda line: crc32(line.encode()) % PARTS == part):
        if stop.person not in pages:
            context = browser.new_context(viewport=OFFICE_SCREEN, locale="zh-CN")
            context.add_cookies(cookies(world.client(stop.person), base))
            context.add_init_script(path=str(AXE))
            pages[stop.person] = watched(context.new_page(), complaints)
        page = pages[stop.person]
        page.goto(base + stop.url)
        screens = SCREENS if stop.look == 1 else (PHONE,)
        complaints += [(stop.line, stop.person, found) for found in violations(page, screens)]
        walked.add(stop.line)
    for page in pages.values():
        page.context.close()
    assert not complaints, "\n".join(str(complaint) for complaint in complaints)
    assert walked


def watched(page, complaints: list):
    """The page, with what its console and its scripts complain of added to the list; a refusal's own code is none."""
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: complaints.append((page.url, str(error))))
    page.on(
        "console",
        lambda message: (
            complaints.append((page.url, message.text))
            if message.type == "error"
            and not message.text.startswith(
                "Failed to load resource: the server responded with a status of 4"
            )
            else None
        ),
    )
    return page


def district():
    unit = make_department("示例区档案馆")
    draft = make_report(department=unit, dossier=make_dossier(spent="264.55", budget="96.24"))
    other = make_department("示例区图书馆")
    waiting = make_report(department=other, dossier=make_dossier())
    head = make_user("unit_head", department=other)
    workflow.apply(waiting, Step.CERTIFY, by=head)
    workflow.apply(waiting, Step.SUBMIT, by=head)
    reviewer = make_user("reviewer", username="reviewer")
    services.add_comment(
        report=waiting, by=reviewer, where="narrative.problems", text="请写明责任人和完成时间。"
    )
    make_user("filler", department=unit, username="filler")
    make_user("unit_head", department=unit, username="head")
    make_user("round_manager", username="manager")
    make_user("auditor", username="auditor")
    return draft, waiting


def test_pages_of_the_unit(new_page, live_server):
    draft, _ = district()
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "filler", PASSWORD)
    check(page, live_server.url, [f"/reports/{draft.pk}/fill/{section.key}/" for section in SECTIONS])


def test_pages_of_taking_in_a_file(new_page, live_server):
    draft, _ = district()
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "filler", PASSWORD)
    filler = User.objects.get(username="filler")
    address = f"/reports/{draft.pk}/import/"
    read = take_in(report=draft, name="自评报告.docx", data=printed(make_dossier(), "docx"), by=filler)
    check(page, live_server.url, [address, f"{address}{read.pk}/"])


def test_pages_with_origins_and_unread_passages(new_page, live_server):
    draft, _ = district()
    filler = User.objects.get(username="filler")
    read = take_in(report=draft, name="自评报告.docx", data=printed(make_dossier(), "docx"), by=filler)
    for where in ("profile.authorized_posts", "money.income_source.fiscal.actual"):
        FieldOrigin.objects.create(
            profile=draft.profile, where=where, value="1", source="第3段", words="编制数1人", read=read
        )
    for question in ("", "两处金额不同，请确认"):
        UnreadPassage.objects.create(
            profile=draft.profile, section="income", words="往来款12元", question=question, read=read
        )
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "filler", PASSWORD)
    check(page, live_server.url, [f"/reports/{draft.pk}/fill/{name}/" for name in ("profile", "income")])
    page.locator(".origin > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("编制数1人").first.is_visible()
    page.get_by_placeholder("核对结果").fill("以正文为准")
    page.get_by_role("button", name="已核对").click()
    page.get_by_text("已处理 两处金额不同").wait_for()


def test_slips_of_the_administrator(new_page, live_server):
    district()
    make_user("administrator", username="administrator")
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "administrator", PASSWORD)
    page.goto(f"{live_server.url}/accounts/")
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="给勾选的账号重新发放初始密码").click()
    page.get_by_text("只在本页显示一次").wait_for()
    assert violations(page) == []


def test_pages_of_the_help(new_page, live_server):
    page = new_page(bypass_csp=True)
    addresses = [f"/help/{name}/" for name in (*Role.values, "questions", "terms")]
    check(page, live_server.url, addresses)


def test_people_of_a_unit(new_page, live_server):
    district()
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "head", PASSWORD)
    filler = User.objects.get(username="filler")
    page.goto(f"{live_server.url}/people/{filler.pk}/")
    page.get_by_role("link", name="办理交接").click()
    page.goto(f"{live_server.url}/people/add/")
    page.get_by_role("button", name="保存并发放初始密码").click()
    page.get_by_text("还不能办理").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize(("username", "tabs"), [("reviewer", ["", "?tab=comments"]), ("manager", [""])])
def test_reports_as_the_bureau_sees_them(new_page, live_server, username, tabs):
    """A report that waits, and its comments; a draft and the lists are part of the walk."""
    _, waiting = district()
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, username, PASSWORD)
    check(page, live_server.url, [f"/reports/{waiting.pk}/{tab}" for tab in tabs])


def test_pages_of_the_bulk_export(new_page, live_server):
    draft, waiting = district()
    user = User.objects.get(username="manager")
    done = make_export(draft, waiting, by=user, state="done", size=4096, sha256="0" * 64)
    done.items.filter(report=draft).update(state="failed", reason="数据无法读出")
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "manager", PASSWORD)
    choice = f"round={draft.round_id}&statuses=draft&statuses=submitted&kinds=pdf"
    check(
        page, live_server.url, [f"/exports/new/?{choice}", "/exports/new/?kinds=x", f"/exports/{done.uid}/"]
    )


def test_pages_of_many_reports_at_once(new_page, live_server):
    district()
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "manager", PASSWORD)
    page.goto(f"{live_server.url}/queue/?status=submitted")
    page.get_by_role("button", name="快捷键").click()
    assert violations(page) == []
    page.get_by_role("button", name="关闭").click()
    page.locator("[data-tick]").first.check()
    page.get_by_role("button", name="退回修改").click()
    assert violations(page) == []
    page.get_by_label("理由").fill("请补充")
    page.get_by_role("button", name="确定退回修改").click()
    page.wait_for_url("**/queue/bulk/*/")
    assert violations(page) == []


def test_public_pages_and_their_desk(new_page, live_server):
    row = make_public_row(make_report(department=make_department("示例区档案馆"), dossier=make_dossier()))
    make_user("round_manager", username="manager")
    page = new_page(bypass_csp=True)
    sign_in(page, live_server.url, "manager", PASSWORD)
    check(
        page,
        live_server.url,
        ["/public/?q=没有", f"/reports/{row.report_id}/publication/"],
    )
