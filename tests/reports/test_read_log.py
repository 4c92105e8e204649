"""Whoever reads another unit's report stands in the audit log: every page of the access table is looked at."""

from __future__ import annotations

import datetime

import pytest

from departments.models import AuditEntry
from reports import services
from reports.models import Report
from reports.overview import services as overview
from tests.test_access import PEOPLE, TABLE, World, address, make_world

pytestmark = pytest.mark.django_db

READ = "report-read"
READS = {
    "report": READ,
    "report-difference": READ,
    "spot-check": READ,
    "spot-check:recorded": READ,
    "rectification": READ,
    "rectification-form": READ,
    "report-publication": READ,
    "attachment-view": services.READ_FILE,
    "attachment-page": services.READ_FILE,
    "rectification-file-view": services.READ_FILE,
    "rectification-file-page": services.READ_FILE,
    "overview-problems": overview.READ_ROUND,
    "overview-summary": overview.READ_ROUND,
    "report-download": services.EXPORTED,
    "review-sheet": services.EXPORTED,
    "scan": services.EXPORTED,
    "workspace-attachment": services.EXPORTED,
    "rectification-file": services.EXPORTED,
    "rectification-download": services.EXPORTED,
    "overview-problems-export": "overview-export",
    "overview-table": "overview-export",
    "overview-summary-download": "overview-export",
    "findings-export": "findings-export",
    "spot-checks-export": "spot-check-export",
    "audit-export": "audit-export",
}
"""What a page that shows, or gives away, reports of other units writes."""

LISTS = {
    "rounds",
    "round",
    "round-add",
    "round-close",
    "round-open",
    "round-settings",
    "round-calendar",
    "report-calendar",
    "queue",
    "bulk-runs",
    "bulk-run",
    "overview",
    "overview-ranking",
    "spot-checks",
    "spot-check-draw-form",
    "rectifications",
    "publication",
    "exports",
    "export",
    "export-new",
    "targets",
    "targets-unit",
    "targets-import",
    "targets-import-preview",
    "checks",
    "check-level",
    "lexicon",
    "audit",
    "home",
    "inbox",
}
"""Names of units with dates, states and scores; rules and targets that the bureau itself made. No report."""

OWN = {
    "login",
    "sign-in-code",
    "admin-sign-in",
    "admin-password",
    "health-live",
    "health-ready",
    "metrics",
    "my-account",
    "second-factor",
    "second-factor-qr",
    "accounts-locked",
    "confirm-again",
    "session-state",
    "resume",
    "banner",
    "offices",
    "office-add",
    "office",
    "password",
    "accounts",
    "account-template",
    "account-preview",
    "people",
    "person-add",
    "role-requests",
    "person",
    "handover",
    "handover-receipt",
    "help",
    "help-role",
    "help-questions",
    "help-terms",
    "units",
    "unit-add",
    "unit",
    "policies",
    "policy-preset",
    "policy",
    "policy-copy",
    "templates",
    "template-preset",
    "template",
    "template-copy",
    "targets-workbook",
    "verify-ask",
    "verify",
    "classified",
}
"""The own account, people and units, rules, help: nothing of a report."""

ONLY_THE_UNIT = "workspace"
"""Pages of the workspace are the unit's own; others get 403 or 404, which the access table proves."""
PUBLIC = ("public", "api", "robots", "sitemap")
READY = {"export-download", "report-difference-download"}
"""Need more than the access table's rows: tests of their own in tests/reports/exporting and tests/reports/test_difference.py."""
PAGES = [line for line, route in TABLE.items() if route.method == "get"]


def test_every_page_is_sorted():
    known = {*READS, *LISTS, *OWN, *READY}
    rest = [line for line in PAGES if line not in known]
    assert [line for line in rest if not line.startswith((ONLY_THE_UNIT, *PUBLIC))] == []


def reader_of(line: str) -> str:
    """Who of the bureau or main department may open it."""
    codes = dict(zip(PEOPLE, TABLE[line].codes.split(), strict=True))
    return next(who for who in ("auditor", "manager", "reviewer", "main_reviewer") if codes[who] == "200")


def events_of(world: World, line: str, person: str) -> list[str]:
    """What this person's look at the page writes under the own name."""
    client = world.client(person)
    last = AuditEntry.objects.first().pk
    response = client.get(address(world, line))
    assert response.status_code == 200, line
    mine = AuditEntry.objects.filter(pk__gt=last, actor=world.people[person])
    return list(mine.order_by("pk").values_list("event", flat=True))


def test_every_reading_is_in_the_log(monkeypatch):
    """Also when the same person read the same report a minute ago; the hour in which nothing is added is set to nothing."""
    for module in (services, overview):
        monkeypatch.setattr(module, "READING_KEPT_FOR", -datetime.timedelta(hours=1))
    world, found = make_world(), {}
    for line in READS:
        Report.objects.filter(pk=world.report.pk).update(status=TABLE[line].status)
        found[line] = events_of(world, line, reader_of(line))
    assert found == {line: [event] for line, event in READS.items()}


def test_the_own_unit_reads_without_being_logged():
    world = make_world()
    for line in (
        "report",
        "attachment-view",
        "attachment-page",
        "workspace-attachment",
        "rectification-file",
    ):
        assert events_of(world, line, "filler") == [], line


def test_a_second_look_within_the_hour_adds_nothing():
    world = make_world()
    for line in ("report", "attachment-view", "overview-problems"):
        assert len(events_of(world, line, "reviewer")) == 1, line
        assert events_of(world, line, "reviewer") == [], line
    assert events_of(world, "attachment-page", "reviewer") == [], (
        "the page of a file that was opened a moment ago"
    )
