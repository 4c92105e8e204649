"""Every constraint in the database speaks Chinese, and holds when it is asked directly."""

from __future__ import annotations

import datetime
import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from budgets.models import Building, Line, Project
from departments.models import AnnualProfile, Department, Region, RoleAssignment
from indicators.models import ApprovedTargets, Indicator, SelfAssessment
from reports.models import Comment, Report, Round
from tests.db import make_department, make_region, make_report, make_round, make_user

OURS = ("departments", "budgets", "indicators", "reports")
CONSTRAINTS = [
    (model, constraint)
    for model in apps.get_models()
    if model._meta.app_label in OURS
    for constraint in model._meta.constraints
]


@pytest.mark.parametrize(
    ("model", "constraint"), CONSTRAINTS, ids=[constraint.name for _, constraint in CONSTRAINTS]
)
def test_every_constraint_has_a_chinese_message(model, constraint):
    assert re.search("[一-鿿]", str(constraint.violation_error_message))


def wrong_rows() -> dict[str, object]:
    """One row that breaks each of the constraints that people can run into; not yet saved."""
    report = make_report()
    profile, department, region = report.profile, report.profile.department, report.profile.department.region
    Line.objects.create(profile=profile, table="expenditure", key="basic", label="基本支出")
    coded = make_department("示例区图书馆", credit_code="12430407000000000R")
    user = make_user("filler", department=department)
    return {
        "region_code_six_digits": Region(code="043040", name="错"),
        "department_name_once_a_region": Department(region=region, name=department.name),
        "department_credit_code_once": Department(
            region=region, name="另一馆", credit_code=coded.credit_code
        ),
        "one_profile_a_year": AnnualProfile(department=department, year=profile.year),
        "profile_year_plausible": AnnualProfile(department=department, year=1999),
        "role_in_its_place": RoleAssignment(user=user, role="filler", region=region),
        "role_once_a_department": RoleAssignment(user=user, role="filler", department=department),
        "one_line_a_row": Line(profile=profile, table="expenditure", key="basic", label="又一行"),
        "project_named": Project(profile=profile, name=""),
        "building_area_not_negative": Building(profile=profile, name="楼", approved_area=-1),
        "indicator_weight_in_points": Indicator(profile=profile, name="甲", weight=0),
        "indicator_self_score_in_points": Indicator(profile=profile, name="甲", self_score=101),
        "selfassessment_score_in_points": SelfAssessment(profile=profile, score=101),
        "approved_targets_replaced_with_reason": ApprovedTargets(
            department=department, year=2023, number=2, content={}, fingerprint="x", source="x"
        ),
        "approved_targets_year_plausible": ApprovedTargets(
            department=department, year=1999, number=1, content={}, fingerprint="x", source="x"
        ),
        "one_round_a_year": Round(
            region=region,
            year=report.year,
            policy="x",
            template="x",
            opens="2024-01-01",
            deadline="2024-02-01",
        ),
        "round_opens_before_deadline": Round(
            region=region,
            year=2010,
            policy="x",
            template="x",
            opens=datetime.date(2011, 2, 1),
            deadline=datetime.date(2011, 1, 1),
        ),
        "report_status_known": Report(
            profile=AnnualProfile.objects.create(department=coded, year=2020), round=make_round(), status="?"
        ),
        "comment_not_empty": Comment(report=report, text="", author=user),
    }


@pytest.mark.database
@pytest.mark.django_db
def test_the_database_refuses_what_the_form_refuses():
    make_region()
    for name, row in wrong_rows().items():
        constraint = next(item for _, item in CONSTRAINTS if item.name == name)
        with pytest.raises(ValidationError, match=re.escape(str(constraint.violation_error_message))):
            constraint.validate(type(row), row)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
