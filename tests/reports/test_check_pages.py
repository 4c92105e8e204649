"""Pages of the checks: what fires most, levels with a reason, and the district's findings as a workbook."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from departments.models import AuditEntry
from indicators.policy import load_policy
from reports.choices import Status
from reports.district_findings import keep_counts
from reports.evaluation import evaluate
from reports.findings import Level
from reports.models import CheckLevel, FindingCount, Submission
from tests.db import make_department, make_region, make_report, make_round, make_user
from tests.factories import make_dossier
from tests.reports.overview.district import make_units

pytestmark = pytest.mark.django_db

FAULTY = make_dossier(budget="80", narrative={"problems": "=SUM(A1:A9)待补充"})


def submitted(name: str = "示例区档案馆", dossier=FAULTY, times: int = 1):
    report = make_report(department=make_department(name), dossier=dossier, status="submitted")
    done = evaluate(report)
    for number in range(1, times + 1):
        submission = Submission.objects.create(
            report=report,
            number=number,
            dossier_json=done.dossier.canonical_json(),
            sha256=done.dossier.sha256(),
            scorecard=done.scorecard.model_dump(mode="json"),
            findings=[item.model_dump(mode="json") for item in done.findings],
            policy=load_policy().model_dump(mode="json"),
            template="x",
            submitted_by=make_user(),
        )
        keep_counts(submission)
    return report


def as_role(client, role: str, **place):
    user = make_user(role, **place)
    client.force_login(user)
    return user


def test_the_rules_that_fire_most_stand_first(client):
    submitted(times=2)
    submitted("示例区水利局", dossier=make_dossier())
    as_role(client, "auditor")
    rows = client.get(reverse("checks")).context["rows"]
    by_code = {row.rule.code: row for row in rows}
    assert (by_code["placeholder-text"].reports, by_code["placeholder-text"].findings) == (1, 1)
    assert by_code["late-deadline"].reports == 0
    assert [row.reports for row in rows] == sorted((row.reports for row in rows), reverse=True)


def test_a_waived_finding_is_counted_apart(client):
    report = submitted()
    latest = report.submissions.first()
    findings = [
        item | {"level": "off"} if item["code"] == "placeholder-text" else item for item in latest.findings
    ]
    newest = Submission.objects.create(
        **{
            field: getattr(latest, field)
            for field in (
                "report",
                "dossier_json",
                "sha256",
                "scorecard",
                "policy",
                "template",
                "submitted_by",
            )
        },
        number=2,
        findings=findings,
    )
    keep_counts(newest)
    as_role(client, "reviewer")
    row = next(r for r in client.get(reverse("checks")).context["rows"] if r.rule.code == "placeholder-text")
    assert (row.reports, row.findings, row.waived) == (0, 0, 1)


@pytest.mark.database
def test_the_list_costs_the_same_with_5_and_with_50_reports_and_opens_no_submission(
    client, django_assert_num_queries
):
    make_units(5)
    as_role(client, "reviewer")
    client.get(reverse("checks"))
    with CaptureQueriesContext(connection) as few:
        page = client.get(reverse("checks"))
    assert page.context["firing"] and not any("dossier_json" in query["sql"] for query in few)
    make_units(45)
    with django_assert_num_queries(len(few)):
        page = client.get(reverse("checks"))
    by_code = {row.rule.code: row for row in page.context["rows"]}
    fired = FindingCount.objects.filter(code="table-sum").exclude(report__status=Status.CANCELLED)
    assert by_code["table-sum"].findings == sum(row.count for row in fired.exclude(level="off"))


def test_a_changed_level_is_shown_with_its_reason_and_a_report_without_findings_counts_as_read(client):
    report = submitted()
    CheckLevel.objects.create(
        region=report.round.region, code="table-sum", level="hint", reason="试行一年", by=make_user()
    )
    FindingCount.objects.all().delete()
    as_role(client, "auditor")
    page = client.get(reverse("checks"))
    assert "已报送 1 份报告" in page.content.decode()
    assert "试行一年" in page.content.decode()


@pytest.mark.database
def test_the_manager_changes_a_level_and_it_is_logged(client):
    make_round()
    as_role(client, "round_manager")
    address = reverse("check-level-change", args=["table-sum"])
    response = client.post(address, {"level": "hint", "reason": "试行一年"}, follow=True)
    assert "已把" in response.content.decode()
    assert CheckLevel.objects.get().level == Level.HINT
    assert "试行一年" in AuditEntry.objects.get(event="check-level").sentence
    page = client.get(reverse("check-level", args=["table-sum"])).content.decode()
    assert "试行一年" in page


def test_without_a_reason_nothing_changes_and_what_was_chosen_stays(client):
    make_round()
    as_role(client, "round_manager")
    response = client.post(
        reverse("check-level-change", args=["table-sum"]), {"level": "hint", "reason": " "}
    )
    assert response.status_code == 422
    assert "请写明调整理由" in response.content.decode()
    assert '<option value="hint" selected>' in response.content.decode()
    assert not CheckLevel.objects.exists()


def test_an_unknown_rule_or_round_is_not_found(client):
    make_round()
    as_role(client, "round_manager")
    assert client.get(reverse("check-level", args=["no-such-rule"])).status_code == 404
    assert client.get(reverse("checks"), {"round": "999"}).status_code == 404
    far = make_round(region=make_region("430408", "邻区"))
    assert client.get(reverse("checks"), {"round": far.pk}).status_code == 404


def test_readers_see_no_form(client):
    make_round()
    as_role(client, "auditor")
    assert "保存级别" not in client.get(reverse("check-level", args=["table-sum"])).content.decode()


@pytest.mark.database
def test_the_workbook_holds_every_finding_as_text_and_is_logged(client):
    report = submitted()
    user = as_role(client, "round_manager")
    response = client.get(reverse("findings-export"))
    assert response["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == len(report.submissions.first().findings)
    assert {cell.data_type for row in rows for cell in row} <= {"s", "inlineStr", "n"}
    assert all(not isinstance(cell.value, int | float) for row in rows for cell in row)
    text = "\n".join(str(cell.value) for row in rows for cell in row)
    assert "待补充" in text
    assert "存在的主要问题" in text
    assert AuditEntry.objects.get(event="findings-export").actor == user


def test_text_that_begins_like_a_formula_stays_text():
    from reports.district_findings import workbook

    report = submitted("=1+1")
    sheet = load_workbook(
        io.BytesIO(workbook(report.submissions.select_related("report__profile__department")))
    ).active
    assert (sheet["A2"].value, sheet["A2"].data_type) in {("=1+1", "s"), ("=1+1", "inlineStr")}
