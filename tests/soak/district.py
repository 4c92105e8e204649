"""A district for the load tests, made and checked in processes of its own: the tests' own database has no part in it.

``python -m tests.soak.district make UNITS SUBMITTED REVIEWERS`` fills the database of ``DATABASE_URL`` and prints the people;
``python -m tests.soak.district check`` reads on standard input what was acknowledged and prints what the database lacks.
"""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
    django.setup()

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from budgets.models import Line
from departments.models import AnnualProfile, AuditEntry, User
from reports import workflow
from reports.choices import Status
from reports.models import Report, SectionState, Submission
from reports.workflow import Step
from tests.db import make_department, make_report, make_submission, make_user
from tests.factories import make_dossier
from tests.reports.workspace.pages import address, client_of

SECTION = "expenditure"
TEN_THOUSAND = 10_000


def signed_in(user: User) -> dict[str, str]:
    """Cookies of a person who has signed in already: hashing a hundred passwords is not what is measured."""
    return {settings.SESSION_COOKIE_NAME: client_of(user).cookies[settings.SESSION_COOKIE_NAME].value}


@transaction.atomic
def make(units: int, submitted: int, reviewers: int) -> dict[str, Any]:
    """Units with a draft and a filler each, units whose report waits for review, and the people who review."""
    fillers, waiting = [], []
    for number in range(units + submitted):
        name = f"示例区第{number:03}单位"
        department = make_department(name)
        report = make_report(department=department, dossier=make_dossier(department=name))
        if number < units:
            filler = make_user("filler", department=department, username=f"filler-{number}")
            fillers.append(
                {"report": report.pk, "url": address(report, SECTION), "cookies": signed_in(filler)}
            )
        else:
            make_submission(report)
            Report.objects.filter(pk=report.pk).update(status=Status.SUBMITTED)
            AnnualProfile.objects.filter(pk=report.profile_id).update(locked_at=report.status_since)
            step = reverse("report-step", args=[report.pk, Step.APPROVE.value])
            waiting.append({"report": report.pk, "url": reverse("report", args=[report.pk]), "step": step})
    # Two people have the same list: each report is approved by both at about the same moment.
    people = [make_user("reviewer", username=f"reviewer-{number}") for number in range(reviewers)]
    pairs = max(1, reviewers // 2)
    return {
        "fillers": fillers,
        "reviewers": [
            {
                "cookies": signed_in(person),
                "queue": f"{reverse('queue')}?all=1",
                "waiting": waiting[number // 2 % pairs :: pairs],
            }
            for number, person in enumerate(people)
        ],
    }


def check(told: dict[str, Any]) -> list[str]:
    """What the site has acknowledged and the database does not hold."""
    missing = []
    for saver in told["savers"]:
        profile = AnnualProfile.objects.get(report=saver["report"])
        state = SectionState.objects.filter(profile=profile, section=SECTION).first()
        version = state.version if state else 0
        if version < saver["version"]:
            missing.append(f"report {saver['report']}: version {version}, acknowledged {saver['version']}")
        lines = {line.key: line for line in Line.objects.filter(profile=profile, table=SECTION)}
        for cell, typed in saver["acknowledged"].items():
            key, name = cell.split(".")[2:]
            stored = getattr(lines[key], name) if key in lines else None
            # What was sent and never answered may be there or not.
            allowed = {Decimal(typed) * TEN_THOUSAND}
            if cell in saver["unanswered"]:
                allowed |= {Decimal(text) * TEN_THOUSAND for text in saver["unanswered"][cell]}
            if stored not in allowed:
                missing.append(f"report {saver['report']}: {cell} is {stored}, acknowledged {typed}")
        logged = AuditEntry.objects.filter(profile=profile, event="section.save").count()
        if saver["acknowledged"] and not logged:
            missing.append(f"report {saver['report']}: saved without an entry in the log")
    for pk in told["approved"]:
        report = Report.objects.get(pk=pk)
        if report.status != Status.APPROVED:
            missing.append(f"report {pk}: {report.status}, acknowledged as approved")
    for report in Report.objects.filter(status=Status.APPROVED):
        entries = AuditEntry.objects.filter(
            profile=report.profile_id, event=workflow.EVENT_PREFIX + Step.APPROVE
        ).count()
        if entries != 1 or Submission.objects.filter(report=report).count() != 1:
            missing.append(f"report {report.pk}: approved {entries} times")
    return missing


def main(arguments: list[str]) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if arguments[:1] == ["make"]:
        print(json.dumps(make(*map(int, arguments[1:]))))
    else:
        print(json.dumps(check(json.load(sys.stdin)), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
