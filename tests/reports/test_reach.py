"""The kept query for one report gives what ``visible_to`` gives, field by field, and to nobody else."""

from __future__ import annotations

import pytest
from django.db import connection

from departments.choices import Role
from departments.models import RoleAssignment, User
from reports.models import NilReason, Report
from reports.reach import HIGHEST, visible_with_context
from tests.db import give_role, make_department, make_region, make_report, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
JOINED = (
    *("profile", "profile__department", "profile__department__region", "profile__department__parent"),
    *("profile__nil_reason", "round", "round__region", "assigned_to"),
)


def plainly(user: User, pk: int) -> Report | None:
    return Report.objects.visible_to(user).with_context().filter(pk=pk).first()


def columns(report: Report | None) -> list[object]:
    """Every column of the report and of what is joined, without a query."""
    if report is None:
        return []
    found: list[object] = []
    for path in ("", *JOINED):
        item = report
        for name in filter(None, path.split("__")):
            item = getattr(item, name, None) if item is not None else None
        found.append(
            item
            and (
                type(item),
                item._state.db,
                {f.attname: getattr(item, f.attname) for f in item._meta.concrete_fields},
            )
        )
    return found


@pytest.mark.parametrize("role", Role.values)
def test_each_role_is_given_what_visible_to_gives(role, django_assert_max_num_queries):
    main, other = make_department("示例区水务局"), make_region("430408", "别的区")
    unit = make_department("示例区水库管理所", parent=main)
    reports = [
        make_report(department=unit),
        make_report(department=main),
        make_report(department=make_department("示例区档案馆")),
        make_report(department=make_department("别的区档案馆", region=other)),
    ]
    NilReason.objects.create(profile=reports[0].profile, reason="无资金")
    person = make_user(role, department=main)
    Report.objects.filter(pk=reports[0].pk).update(assigned_to=person, shown_score="91.25")
    for _ in range(2):  # the second time the SQL is a kept one
        for report in reports:
            expected = columns(plainly(person, report.pk))
            with django_assert_max_num_queries(1):
                assert columns(visible_with_context(person, report.pk)) == expected


def test_a_role_that_is_taken_away_reads_no_more_and_a_new_one_at_once():
    unit = make_department()
    report, person = make_report(department=unit), make_user("filler", department=unit)
    assert visible_with_context(person, report.pk) == report
    RoleAssignment.objects.filter(user=person).update(is_active=False)
    person = User.objects.get(pk=person.pk)
    assert visible_with_context(person, report.pk) is None
    give_role(person, "reviewer", region=unit.region)
    assert visible_with_context(User.objects.get(pk=person.pk), report.pk) == report


def test_who_may_not_sign_in_any_more_reads_nothing():
    unit = make_department()
    report, person = make_report(department=unit), make_user("filler", department=unit)
    assert visible_with_context(person, report.pk) == report
    person.is_active = False
    assert visible_with_context(person, report.pk) is None


def test_every_time_the_row_is_read_anew():
    unit = make_department()
    report, person = make_report(department=unit), make_user("filler", department=unit)
    visible_with_context(person, report.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE departments_department SET name = '示例区档案中心' WHERE id = %s", [unit.pk])
    assert visible_with_context(person, report.pk).department.name == "示例区档案中心"


@pytest.mark.parametrize("pk", [0, HIGHEST - 1, HIGHEST, 10**40])
def test_a_key_of_nothing_is_no_failure(pk):
    assert visible_with_context(make_user("reviewer"), pk) is None
