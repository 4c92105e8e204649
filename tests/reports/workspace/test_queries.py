"""No page of the workspace asks the database more often because there is more to show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Adjustment, Building, Project
from departments.choices import Role
from departments.models import Duty, InternalOffice
from indicators.models import Goal, Indicator
from reports.models import Attachment, Comment
from reports.places import SECTIONS, section_url
from tests.db import make_report, make_user
from tests.factories import make_dossier
from tests.reports.workspace.pages import Page, address, client_of

pytestmark = pytest.mark.django_db
MANY = 200


def fill_up(report, user, reviewer) -> Project:
    profile = report.profile
    InternalOffice.objects.bulk_create(InternalOffice(profile=profile, name=f"股{n}") for n in range(MANY))
    Duty.objects.bulk_create(Duty(profile=profile, text=f"职责{n}") for n in range(MANY))
    Adjustment.objects.bulk_create(Adjustment(profile=profile, amount=n) for n in range(MANY))
    Building.objects.bulk_create(Building(profile=profile, name=f"楼{n}") for n in range(MANY))
    Project.objects.bulk_create(Project(profile=profile, name=f"项目{n}") for n in range(MANY))
    project = Project.objects.filter(profile=profile).first()
    for owner in (None, project):
        Goal.objects.bulk_create(
            Goal(profile=profile, project=owner, expected=f"目标{n}") for n in range(MANY)
        )
        Indicator.objects.bulk_create(
            Indicator(profile=profile, project=owner, name=f"指标{n}", target="≥1", actual="2", weight=1)
            for n in range(MANY)
        )
    Attachment.objects.bulk_create(
        Attachment(profile=profile, name=f"{n}.pdf", size=1, sha256=f"{n:064}", uploaded_by=user)
        for n in range(MANY)
    )
    Comment.objects.bulk_create(
        Comment(report=report, where=f"goals.{n}.expected", text="请补充", author=reviewer) for n in range(20)
    )
    return project


def test_pages_ask_equally_often_with_one_row_and_with_many():
    report = make_report(dossier=make_dossier(), status="returned")
    make_report(department=report.department, year=2022, dossier=make_dossier())
    user, reviewer = make_user(Role.FILLER), make_user(Role.REVIEWER)
    Comment.objects.create(report=report, where="goals.0.expected", text="请补充", author=reviewer)
    Attachment.objects.create(profile=report.profile, name="0.pdf", size=1, sha256="0" * 64, uploaded_by=user)
    client = client_of(user)
    project = Project.objects.filter(profile=report.profile).first()
    urls = [address(report, section.key) for section in SECTIONS]
    urls.append(section_url(report.pk, "project", str(project.uid)))

    def counts() -> dict[str, int]:
        found = {}
        for url in urls:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url).status_code == 200
            found[url] = len(queries)
        return found

    few = counts()
    fill_up(report, user, reviewer)
    assert counts() == few


def test_a_save_asks_equally_often_with_one_row_and_with_many():
    report = make_report(dossier=make_dossier())
    user = make_user(Role.FILLER)

    def cost(text: str) -> int:
        page = Page(user, report, "indicators")
        with CaptureQueriesContext(connection) as queries:
            page.send({f"indicators.{row}.evidence": text for row in page.rows("indicators")}, htmx=True)
        return len(queries)

    cost("一")  # the first save makes the section's state and the entry in the log
    few = cost("二")
    Indicator.objects.bulk_create(
        Indicator(profile=report.profile, name=f"指标{n}", target="≥1", actual="2") for n in range(MANY)
    )
    assert cost("三") == few
