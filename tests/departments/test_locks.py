"""The lock of a year and the append-only tables hold against every way of writing, on both databases."""

import uuid

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from departments import locks
from departments.models import AnnualProfile, AuditEntry, Duty, InternalOffice, ProfileFact, User
from departments.services import lock_year, record, unlock_year
from reports.choices import Status
from reports.models import Report
from tests.db import make_report, make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def report():
    report = make_report()
    InternalOffice.objects.create(profile=report.profile, name="办公室")
    return report


def lock(report: Report) -> None:
    with transaction.atomic():
        Report.objects.filter(pk=report.pk).update(status=Status.CERTIFIED)
        lock_year(report.profile)


def refused(write) -> None:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        write()
    assert locks.is_lock_refusal(error.value)


def raw(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_every_guard_is_installed():
    assert locks.installed_names(connection) == locks.expected_names(connection)


def test_every_fact_of_a_year_is_guarded():
    facts = [model for model in apps.get_models() if issubclass(model, ProfileFact)]
    assert len(facts) >= 13
    assert {model._meta.db_table for model in facts} == set(locks.fact_tables())


def test_a_locked_profile_refuses_save_update_and_raw_sql(report):
    lock(report)
    profile = AnnualProfile.objects.get(pk=report.profile_id)
    profile.authorized_posts = 99
    refused(profile.save)
    refused(lambda: AnnualProfile.objects.filter(pk=profile.pk).update(staff_on_posts=1))
    refused(lambda: raw("UPDATE departments_annualprofile SET retirees = 5 WHERE id = %s", profile.pk))
    refused(lambda: raw("DELETE FROM departments_annualprofile WHERE id = %s", profile.pk))


def test_a_locked_year_refuses_every_way_of_writing_a_fact(report):
    office = InternalOffice.objects.get(profile=report.profile)
    lock(report)
    refused(lambda: InternalOffice.objects.create(profile=report.profile, name="新"))
    refused(lambda: Duty.objects.bulk_create([Duty(profile=report.profile, text="新")]))
    refused(lambda: InternalOffice.objects.update(name="改"))
    refused(office.delete)
    refused(lambda: InternalOffice.objects.all()._raw_delete("default"))
    office.name = "改"
    refused(lambda: InternalOffice.objects.bulk_update([office], ["name"]))
    refused(lambda: raw("UPDATE departments_internaloffice SET name = 'x' WHERE id = %s", office.pk))
    assert list(InternalOffice.objects.values_list("name", flat=True)) == ["办公室"]


def test_a_fact_cannot_be_moved_into_a_locked_year(report):
    other = make_report(year=2022)
    row = InternalOffice.objects.create(profile=other.profile, name="别处", uid=uuid.uuid4())
    lock(report)
    refused(lambda: InternalOffice.objects.filter(pk=row.pk).update(profile=report.profile))


def test_a_locked_year_opens_only_when_its_report_is_open(report):
    lock(report)
    refused(lambda: unlock_year(report.profile))
    with transaction.atomic():
        Report.objects.filter(pk=report.pk).update(status=Status.DRAFT)
        unlock_year(report.profile)
    InternalOffice.objects.update(name="又能改了")


def test_unlocking_may_change_nothing_else(report):
    lock(report)
    Report.objects.filter(pk=report.pk).update(status=Status.DRAFT)
    refused(lambda: AnnualProfile.objects.update(locked_at=None, authorized_posts=3))


def test_another_year_of_the_same_department_stays_open(report):
    other = make_report(year=2022, department=report.profile.department)
    lock(report)
    InternalOffice.objects.create(profile=other.profile, name="上年办公室")


def test_the_audit_trail_takes_no_change(report):
    entry = record(event="test", sentence="试", by=make_user("filler", department=report.profile.department))
    entry.sentence = "改"
    refused(entry.save)
    refused(lambda: AuditEntry.objects.update(sentence="改"))
    refused(lambda: AuditEntry.objects.all()._raw_delete("default"))


def test_locking_outside_a_transaction_is_a_fault(transactional_db):
    report = make_report()
    with pytest.raises(RuntimeError):
        lock_year(report.profile)
    AnnualProfile.objects.filter(pk=report.profile_id).update(locked_at=timezone.now())


def test_the_admin_says_that_the_year_is_locked(report, client):
    lock(report)
    admin = make_user("administrator", region=report.round.region)
    User.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(admin)
    address = f"/admin/departments/annualprofile/{report.profile_id}/change/"
    page = client.post(
        address,
        {"department": report.profile.department_id, "year": report.profile.year, "authorized_posts": 99},
        follow=True,
    )
    assert "已锁定" in page.content.decode()
    assert AnnualProfile.objects.get(pk=report.profile_id).authorized_posts != 99


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize(
    "table", ["departments_auditentry", "departments_annualprofile", "departments_internaloffice"]
)
def test_emptying_a_guarded_table_is_refused(report, table):
    raw("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for the fixture's sake, before our guard
    refused(lambda: raw(f'TRUNCATE "{table}" CASCADE'))
