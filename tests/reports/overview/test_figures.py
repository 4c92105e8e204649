"""The figures of a round add up, agree with the lists behind them, and cost the same queries for any number of reports."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.choices import Status
from reports.findings import KINDS
from reports.models import Report
from reports.overview.figures import overview, reports_of
from reports.overview.kinds import GROUPS, KIND_LABELS, grouped
from reports.overview.panels import panels
from reports.overview.ranking import choice_of, parts_by_key, ranked, ranks
from reports.overview.slices import SENT
from tests.db import make_department, make_region, make_report, make_round, make_user
from tests.reports.overview.district import make_units

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def manager():
    return make_user("round_manager")


def test_every_division_adds_up_to_the_reports_that_are_due(manager):
    round_ = make_units(75, deadline=datetime.date(2024, 5, 31))
    data = overview(manager, round_)
    due = Report.objects.filter(round=round_).exclude(status=Status.CANCELLED).count()
    assert data.due == due
    assert {key: way.total for key, way in data.divided.items()} == dict.fromkeys(data.divided, due)
    for key in ("progress", "rate", "gap"):
        assert all(row.count for row in data.divided[key].rows), key


def test_every_table_of_a_chart_adds_up_to_its_foot_and_to_the_round(manager):
    round_ = make_units(75, deadline=datetime.date(2024, 5, 31))
    data = overview(manager, round_)
    checked = 0
    for panel in panels(data):
        if panel.foot is None:
            continue
        for column, foot in enumerate(panel.foot.entries):
            if not foot.text.isdecimal():
                continue
            checked += 1
            assert sum(int(line.entries[column].text) for line in panel.lines) == int(foot.text), panel.key
        assert str(data.due) in [entry.text for entry in panel.foot.entries]
    assert checked >= 5 + 3 + 3


def test_every_figure_leads_to_as_many_reports(manager):
    round_ = make_units(60, deadline=datetime.date(2024, 5, 31))
    data = overview(manager, round_)
    parts = parts_by_key(manager, round_)
    counts = {row.part.key: row.count for way in data.divided.values() for row in way.rows}
    counts |= {group.part.key: group.count for group in data.unusual}
    assert set(counts) == set(parts)
    for key, count in counts.items():
        assert ranked(manager, round_, choice_of({"show": key}, parts)).count() == count, key


def test_main_departments_hold_all_reports_with_their_units(manager):
    data = overview(manager, make_units(41, main=5))
    assert len(data.main_departments) == 5
    assert sum(row.due for row in data.main_departments) == data.due
    assert [row.missing for row in data.main_departments] == sorted(
        (row.missing for row in data.main_departments), reverse=True
    )


def test_means_and_rate_are_those_of_the_delivered_reports(manager):
    round_ = make_units(40)
    data = overview(manager, round_)
    sent = list(Report.objects.filter(round=round_, status__in=SENT))
    stated = [report.shown_self_score for report in sent if report.shown_self_score is not None]
    assert abs(data.self_score - sum(stated) / len(stated)) <= Decimal("0.005")
    both = [r for r in sent if r.shown_budget is not None and r.shown_spent is not None]
    assert data.rate == sum(r.shown_spent for r in both) / sum(r.shown_budget for r in both)
    assert data.budget == sum(r.shown_budget for r in sent if r.shown_budget is not None)


def test_amounts_a_head_are_compared_with_the_median(manager):
    round_ = make_units(75)
    groups = {group.part.key: group for group in overview(manager, round_).unusual}
    high = Report.objects.filter(round=round_, status__in=SENT, shown_running_per_head=90000)
    assert groups["unusual-running"].count == high.count() > 0
    assert groups["unusual-basic"].count == 0


def test_few_units_have_no_median(manager):
    round_ = make_units(6)
    assert {group.part.key for group in overview(manager, round_).unusual} == {
        "unusual-gap",
        "unusual-over",
        "unusual-under",
        "unusual-satisfied",
    }


def test_rules_are_counted_by_level_and_waived_ones_apart(manager):
    round_ = make_units(30)
    rules = {rule.code: rule for rule in overview(manager, round_).rules}
    assert rules["table-sum"].warnings == rules["table-sum"].findings > 0
    assert rules["over-execution"].waived > 0
    assert rules["over-execution"].hints == rules["over-execution"].findings
    found = sum(group.findings for group in grouped(tuple(rules.values())))
    assert found == sum(rule.findings for rule in rules.values())


def test_every_kind_has_a_name_and_one_group():
    assert set(KIND_LABELS) == KINDS
    keys = [key for _, group in GROUPS for key in group]
    assert sorted(keys) == sorted(KINDS)


def test_history_has_a_row_a_year_up_to_the_chosen_one(manager):
    make_units(12, year=2022)
    make_units(12, year=2024)
    data = overview(manager, make_units(12, year=2023))
    assert [year.year for year in data.history] == [2022, 2023]
    assert data.history[-1].due == data.due
    assert data.history[-1].rate == data.rate
    assert sum(data.history[-1].grades) <= data.sent


def test_equal_figures_share_a_rank_and_a_part_keeps_the_rank_of_the_round(manager):
    round_ = make_units(40)
    parts = parts_by_key(manager, round_)
    everything = choice_of({"by": "self"}, parts)
    rows = list(ranked(manager, round_, everything))
    places = ranks(manager, round_, everything, rows)
    best = [row for row in rows if places.get(row.pk) == 1]
    assert {row.shown_self_score for row in best} == {Decimal("96.50")}
    second = choice_of({"by": "self", "show": "self-1"}, parts)
    shown = list(ranked(manager, round_, second))
    assert [places.get(row.pk) for row in shown] == [
        ranks(manager, round_, second, [row])[row.pk] for row in shown
    ]
    assert min(places[row.pk] for row in shown) > len(best)


def test_a_main_department_counts_its_own_units_only():
    round_ = make_units(40, main=4)
    parent = make_department("示例区第0局")
    data = overview(make_user("main_reviewer", department=parent), round_)
    assert [row.name for row in data.main_departments] == ["示例区第0局"]
    own = Report.objects.filter(round=round_, profile__department__in=[parent, *parent.units.all()])
    assert data.due == own.exclude(status=Status.CANCELLED).count()


@pytest.mark.parametrize("role", ["round_manager", "reviewer", "auditor", "main_reviewer", "filler"])
def test_what_is_counted_is_what_the_person_may_read(role):
    """Who reads the region is not asked row by row; the rows are those of ``visible_to`` all the same."""
    round_ = make_units(12)
    elsewhere = make_report(
        department=make_department("邻区某局", region=make_region("430408", "邻区"))
    ).round
    user = make_user(role, department=make_department("示例区第0局"))
    visible = Report.objects.visible_to(user)
    if role == "filler":
        visible = visible.none()
    for one in (round_, elsewhere):
        counted = reports_of(user, one).values_list("pk", flat=True)
        assert set(counted) == set(visible.filter(round=one).values_list("pk", flat=True))


def test_another_region_sees_nothing_of_it(client):
    round_ = make_units(8)
    far = make_region("430408", "邻区")
    client.force_login(make_user("auditor", region=far))
    for name in ("overview", "overview-ranking", "overview-problems", "overview-table", "overview-summary"):
        assert client.get(reverse(name), {"round": round_.pk}).status_code == 404
    assert "还没有建立自评任务" in client.get(reverse("overview")).content.decode()


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("overview", {}),
        ("overview-ranking", {"by": "gap", "show": "unusual-running"}),
        ("overview-problems", {}),
        ("overview-problems", {"rule": "table-sum"}),
        ("overview-problems-export", {}),
        ("overview-summary", {}),
        ("overview-table", {}),
    ],
)
def test_pages_cost_the_same_queries_with_10_and_with_90_reports(client, manager, name, extra):
    small, large = make_units(10, year=2022), make_units(90, year=2023)
    client.force_login(manager)
    taken = []
    for round_ in (small, large, small, large):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name), {"round": round_.pk, **extra}).status_code == 200
        taken.append(len(queries))
    # A round of ten has too few units for medians: their queries are left out there.
    assert taken[2] <= taken[3] <= taken[2] + 4
    assert taken[3] <= 50


def test_an_empty_round_and_no_round_have_a_sentence(client, manager):
    client.force_login(manager)
    assert "还没有建立自评任务" in client.get(reverse("overview")).content.decode()
    make_round()
    assert "还没有需要报送的报告" in client.get(reverse("overview")).content.decode()
    for name in ("overview-ranking", "overview-problems", "overview-summary", "overview-table"):
        assert client.get(reverse(name)).status_code == 200


def test_unknown_questions_are_answered_as_if_not_asked(client, manager):
    make_units(10)
    client.force_login(manager)
    asked = {"by": "x", "show": "y", "status": "z", "main": "９", "page": "99", "up": "2"}
    response = client.get(reverse("overview-ranking"), asked)
    assert response.status_code == 200
    assert response.context["choice"].narrowed is False
    assert client.get(reverse("overview-problems"), {"rule": "no-such-rule"}).status_code == 404
