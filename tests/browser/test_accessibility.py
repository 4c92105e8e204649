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
from tests.browser.walk import clients, cookies, stops
from tests.db import PASSWORD, make_department, make_export, make_public_row, make_report, make_user
from tests.factories import make_dossier
from tests.reports.intake.files import printed
from tests.test_access import make_world

PARTS = 6
"""The walk through the access table is cut into as many tests, for the two workers to share."""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = files("axe_playwright_python") / "axe.min.js"
PHONE = {"width": 390, "height": 844}
SCREENS = pytest.mark.parametrize("screen", [OFFICE_SCREEN, PHONE], ids=["office", "phone"])


def violations(page) -> list[str]:
    """What axe complains of, one line each, with the first element concerned."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run()")["violations"]
    return [f"{item['id']}: {item['help']} at {item['nodes'][0]['html'][:160]}" for item in found]


def check(page, base: str, addresses: list[str]) -> None:
    complaints = {}
    for address in addresses:
        page.goto(base + address)
        if found := violations(page):
            complaints[address] = found
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            complaints.setdefault(address, []).append(f"{wide} pixels wider than the screen")
    assert complaints == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_every_role(part, browser, live_server):
    """No violation, nothing wider than a phone, nothing that the console complains of (CSP included)."""
    base, world = live_server.url, make_world()
    people, complaints, walked = clients(world), [], set()
    pages = {}
    for stop in stops(world, people, lambda line: crc32(line.encode()) % PARTS == part):
        if stop.person not in pages:
            context = browser.new_context(viewport=OFFICE_SCREEN, locale="zh-CN")
            context.add_cookies(cookies(people[stop.person], base))
            context.add_init_script(path=str(AXE))
            pages[stop.person] = watched(context.new_page(), complaints)
        page = pages[stop.person]
        page.goto(base + stop.url)
        for screen in (OFFICE_SCREEN, PHONE):
            page.set_viewport_size(screen)
            complaints += [(stop.line, stop.person, screen["width"], found) for found in faults(page)]
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


def faults(page) -> list[str]:
    """What is wrong with the page as it stands at this width; axe is already in it."""
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{item['id']}: {item['help']} at {item['nodes'][0]['html'][:160]}" for item in found] + (
        [f"{wide} pixels wider than the screen"] if wide > 0 else []
    )


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


@SCREENS
def test_pages_of_the_unit(new_page, live_server, screen):
    draft, _ = district()
    page = new_page(viewport=screen, bypass_csp=True)
    check(page, live_server.url, ["/login/"])
    sign_in(page, live_server.url, "filler", PASSWORD)
    sections = [f"/reports/{draft.pk}/fill/{section.key}/" for section in SECTIONS]
    check(page, live_server.url, ["/", "/inbox/", f"/reports/{draft.pk}/", *sections])


@SCREENS
def test_pages_of_taking_in_a_file(new_page, live_server, screen):
    draft, _ = district()
    page = new_page(viewport=screen, bypass_csp=True)
    sign_in(page, live_server.url, "filler", PASSWORD)
    filler = User.objects.get(username="filler")
    address = f"/reports/{draft.pk}/import/"
    read = take_in(report=draft, name="自评报告.docx", data=printed(make_dossier(), "docx"), by=filler)
    check(page, live_server.url, [address, f"{address}{read.pk}/"])


@SCREENS
def test_pages_with_origins_and_unread_passages(new_page, live_server, screen):
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
    page = new_page(viewport=screen, bypass_csp=True)
    sign_in(page, live_server.url, "filler", PASSWORD)
    check(page, live_server.url, [f"/reports/{draft.pk}/fill/{name}/" for name in ("profile", "income")])
    page.locator(".origin > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("编制数1人").first.is_visible()
    page.get_by_placeholder("核对结果").fill("以正文为准")
    page.get_by_role("button", name="已核对").click()
    page.get_by_text("已处理 两处金额不同").wait_for()


@SCREENS
def test_pages_of_the_administrator(new_page, live_server, screen):
    draft, _ = district()
    filler = User.objects.get(username="filler")
    addresses = [
        "/people/",
        "/people/add/",
        f"/people/{filler.pk}/",
        f"/people/{filler.pk}/handover/",
        "/units/",
        f"/units/{draft.department.pk}/",
    ]
    make_user("administrator", username="administrator")
    page = new_page(viewport=screen, bypass_csp=True)
    sign_in(page, live_server.url, "administrator", PASSWORD)
    check(page, live_server.url, [*addresses, "/accounts/", "/accounts/locked/", "/account/", "/password/"])
    page.goto(f"{live_server.url}/accounts/")
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="给勾选的账号重新发放初始密码").click()
    page.get_by_text("只在本页显示一次").wait_for()
    assert violations(page) == []


@SCREENS
def test_pages_of_the_help(new_page, live_server, screen):
    page = new_page(viewport=screen, bypass_csp=True)
    addresses = [f"/help/{name}/" for name in (*Role.values, "questions", "terms")]
    check(page, live_server.url, addresses)


@SCREENS
def test_people_of_a_unit(new_page, live_server, screen):
    district()
    page = new_page(viewport=screen, bypass_csp=True)
    sign_in(page, live_server.url, "head", PASSWORD)
    filler = User.objects.get(username="filler")
    check(page, live_server.url, ["/people/", "/people/add/", f"/people/{filler.pk}/"])
    page.get_by_role("link", name="办理交接").click()
    page.goto(f"{live_server.url}/people/add/")
    page.get_by_role("button", name="保存并发放初始密码").click()
    page.get_by_text("还不能办理").wait_for()
    assert violations(page) == []


@SCREENS
@pytest.mark.parametrize("username", ["reviewer", "manager", "auditor"])
def test_reports_as_the_bureau_sees_them(new_page, live_server, screen, username):
    """A draft, a report that waits, and its comments; the lists are part of the walk."""
    draft, waiting = district()
    page = new_page(viewport=screen, bypass_csp=True)
    sign_in(page, live_server.url, username, PASSWORD)
    reports = [f"/reports/{draft.pk}/", f"/reports/{waiting.pk}/", f"/reports/{waiting.pk}/?tab=comments"]
    check(page, live_server.url, reports)


@SCREENS
@pytest.mark.parametrize("username", ["reviewer", "manager"])
def test_pages_of_the_bulk_export(new_page, live_server, screen, username):
    draft, waiting = district()
    user = User.objects.get(username=username)
    done = make_export(draft, waiting, by=user, state="done", size=4096, sha256="0" * 64)
    done.items.filter(report=draft).update(state="failed", reason="数据无法读出")
    order = make_export(draft, waiting, by=user)
    page = new_page(viewport=screen, bypass_csp=True)
    sign_in(page, live_server.url, username, PASSWORD)
    choice = f"round={draft.round_id}&statuses=draft&statuses=submitted&kinds=pdf"
    jobs = [f"/exports/{job.uid}/" for job in (order, done)]
    check(page, live_server.url, ["/exports/", f"/exports/new/?{choice}", "/exports/new/?kinds=x", *jobs])


@SCREENS
def test_pages_of_many_reports_at_once(new_page, live_server, screen):
    district()
    page = new_page(viewport=screen, bypass_csp=True)
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


@SCREENS
def test_public_pages_and_their_desk(new_page, live_server, screen):
    row = make_public_row(make_report(department=make_department("示例区档案馆"), dossier=make_dossier()))
    make_user("round_manager", username="manager")
    page = new_page(viewport=screen, bypass_csp=True)
    own = row.get_absolute_url()
    check(
        page,
        live_server.url,
        ["/public/", "/public/?q=没有", own, "/public/data/", "/public/terms/", "/public/api/"],
    )
    sign_in(page, live_server.url, "manager", PASSWORD)
    check(
        page,
        live_server.url,
        ["/publication/", f"/reports/{row.report_id}/publication/", "/publication/classified/"],
    )
