"""The kept query for one report gives what ``visible_to`` gives, field by field, and to nobody else."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from departments.choices import Role
from departments.models import Department, RoleAssignment, User
from reports.models import NilReason, Rectification, RectificationState, Report, Round
from reports.oversight.lists import tasks
from reports.queue.filters import mains_of
from reports.reach import HIGHEST, visible_with_context
from reports.views.home import state_counts
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


def test_what_is_kept_for_one_role_is_not_given_to_another_of_the_same_region():
    """An auditor reads the same reports as the round manager, and has no task."""
    report = make_report(status="approved")
    Rectification.objects.bulk_create(
        [
            Rectification(
                report=report,
                round=report.round,
                number=number,
                due=datetime.date(2020, 1, number),
                status=state,
                issued_by=make_user("round_manager"),
            )
            for number, state in ((1, RectificationState.ANSWERED), (2, RectificationState.WAITING))
        ]
    )
    for role, texts in (
        ("round_manager", ["1份整改反馈等待审核销号", "1份整改通知逾期未反馈"]),
        ("auditor", []),
        ("reviewer", ["1份整改反馈等待审核销号", "1份整改通知逾期未反馈"]),
        ("round_manager", ["1份整改反馈等待审核销号", "1份整改通知逾期未反馈"]),
    ):
        assert [task.text for task in tasks(make_user(role))] == texts
    elsewhere = make_user("round_manager", region=make_region("430408", "别的区"))
    assert tasks(elsewhere) == []


def test_counts_of_a_state_add_up_extensions_and_claims():
    person, other = make_user("reviewer"), make_user("reviewer")
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    for number, fields in enumerate(
        [
            {},
            {"assigned_to": person},
            {"assigned_to": other, "extended_until": today - day},
            {"extended_until": today},
        ]
    ):
        make_report(department=make_department(f"示例区单位{number}"), **fields)
    make_report(department=make_department("示例区档案馆"), status="submitted", assigned_to=person)
    rounds = list(Round.objects.all())
    found = {row.status: tuple(row)[2:] for row in state_counts(person, rounds)}
    assert found == {"draft": (4, 2, 1, 2, 1), "submitted": (1, 0, 0, 0, 1)}
    assert state_counts(person, []) == state_counts(make_user("filler"), rounds) == []


def test_main_departments_are_those_with_units_that_the_person_reads():
    main, other = make_department("示例区水务局"), make_region("430408", "别的区")
    far = make_department("别的区水务局", region=other)
    make_department("示例区水库管理所", parent=main)
    make_department("别的区水库管理所", parent=far, region=other)
    make_department("示例区档案馆")
    assert mains_of(make_user("reviewer")) == [(main.pk, "示例区水务局")]
    assert mains_of(make_user("reviewer", region=other)) == [(far.pk, "别的区水务局")]
    Department.objects.filter(parent=main).update(parent=None)
    assert mains_of(make_user("reviewer")) == []
