"""A submitted year stays as it was: every table of it against every way of writing, and raw posts of every form."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import F, ProtectedError
from django.urls import reverse

from departments import locks
from departments.models import AnnualProfile, ProfileFact, User
from reports import workflow
from reports.places import SECTIONS
from reports.workflow import Step
from tests.db import make_report, make_user
from tests.evidence import pdf
from tests.factories import make_dossier
from tests.reports.workspace.pages import Page

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FACTS = [model for model in apps.get_models() if issubclass(model, ProfileFact)]


def rows_of_the_year(profile: AnnualProfile) -> dict[str, list[dict[str, object]]]:
    """Everything that hangs on the year, as it is stored."""
    found = {
        model._meta.label: list(model.objects.filter(profile=profile).order_by("pk").values())
        for model in FACTS
    }
    found["year"] = list(AnnualProfile.objects.filter(pk=profile.pk).values())
    return found


@pytest.fixture
def head():
    return make_user("unit_head")


@pytest.fixture
def report(head):
    report = make_report(dossier=make_dossier())
    workflow.apply(report, Step.CERTIFY, by=head)
    return workflow.apply(report, Step.SUBMIT, by=head).report


def refused(write) -> None:
    """The database refuses; a cascade may be stopped by a protected key before it comes so far."""
    with pytest.raises((DatabaseError, ProtectedError)) as error, transaction.atomic():
        write()
    assert isinstance(error.value, ProtectedError) or locks.is_lock_refusal(error.value), error.value


def plain_field(model: type[ProfileFact]) -> str:
    """A column that can be set to itself."""
    return next(
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.is_relation and not field.unique
    )


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model._meta.label)
def test_every_table_of_a_submitted_year_refuses_every_way_of_writing(report, model):
    before = rows_of_the_year(report.profile)
    rows = model.objects.filter(profile=report.profile)
    if not rows.exists():
        refused(lambda: model(profile=report.profile).save())
        refused(lambda: model.objects.bulk_create([model(profile=report.profile)]))
        assert rows_of_the_year(report.profile) == before
        return
    row, name = rows.first(), plain_field(model)
    table, key = model._meta.db_table, model._meta.pk.column
    refused(row.save)
    refused(lambda: rows.update(**{name: F(name)}))
    refused(lambda: model.objects.bulk_update([row], [name]))
    refused(
        lambda: model.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=[name]
        )
    )
    refused(row.delete)
    refused(rows.delete)
    refused(lambda: rows._raw_delete("default"))
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute(f'UPDATE "{table}" SET profile_id = profile_id'))  # noqa: S608
        refused(lambda: cursor.execute(f'DELETE FROM "{table}" WHERE "{key}" = %s', [row.pk]))  # noqa: S608
        if connection.vendor == "sqlite":
            refused(lambda: cursor.execute(f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"'))  # noqa: S608
    assert rows_of_the_year(report.profile) == before


def test_cascades_from_above_do_not_reach_a_submitted_year(report):
    before = rows_of_the_year(report.profile)
    profile = AnnualProfile.objects.get(pk=report.profile_id)
    for owner in (profile, profile.department, profile.department.region, report.round):
        refused(owner.delete)
        refused(type(owner).objects.filter(pk=owner.pk).delete)
    assert rows_of_the_year(report.profile) == before


def test_the_admin_deletes_nothing_of_a_submitted_year(report, client):
    before = rows_of_the_year(report.profile)
    admin = make_user("administrator", region=report.round.region)
    User.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=admin.pk), backend="django.contrib.auth.backends.ModelBackend")
    for name, key in (("annualprofile", report.profile_id), ("department", report.profile.department_id)):
        client.post(f"/admin/departments/{name}/{key}/delete/", {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
        client.post(f"/admin/departments/{name}/", chosen)
    assert rows_of_the_year(report.profile) == before


def test_raw_posts_of_every_form_change_nothing(head):
    report = make_report(dossier=make_dossier())
    pages = {
        item.key: Page(head, report, item.key)
        for item in SECTIONS
        if item.key not in ("attachments", "result")
    }
    workflow.apply(report, Step.CERTIFY, by=head)
    workflow.apply(report, Step.SUBMIT, by=head)
    before = rows_of_the_year(report.profile)
    for key, page in pages.items():
        changed = {
            name: "7" for name, value in page.data.items() if isinstance(value, str) and name != "version"
        }
        for htmx in (False, True):
            answer = page.send(changed, htmx=htmx)
            assert answer.status_code == (200 if htmx else 409), key
    page.client.post(
        reverse("workspace-attachment-upload", args=[report.pk]),
        {"file": SimpleUploadedFile("台账.pdf", pdf())},
    )
    assert rows_of_the_year(report.profile) == before
