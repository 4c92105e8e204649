"""List of problems by kind (问题清单): kinds and rules of a round, the units behind each rule, and both as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from openpyxl import Workbook

from departments.models import User
from reports.checks import all_checks
from reports.findings import LEVEL_LABELS, Level
from reports.list_sheet import add_list
from reports.models import FindingCount, Round
from reports.overview.figures import counts_of
from reports.overview.kinds import KIND_LABELS, Group


def units_with(user: User, round_: Round, code: str) -> QuerySet[FindingCount]:
    """Reports in which a rule fired, with its first sentence; those with most findings first."""
    return (
        counts_of(user, round_)
        .filter(code=code)
        .select_related("report__profile__department__parent", "report__round")
        .order_by("-count", "report__profile__department__name", "pk")
    )


def workbook(user: User, round_: Round, groups: Iterable[Group]) -> bytes:
    """Two sheets: kinds and rules with their numbers, and one row a unit and rule. Every text stays text."""
    book = Workbook(write_only=True)
    add_list(
        book,
        "问题分类汇总",
        f"{round_.region.name}{round_.year}年度绩效自评问题分类汇总表",
        (
            ("问题大类", 22),
            ("问题类型", 26),
            ("核对规则", 52),
            ("涉及报告", 10),
            ("发现", 8),
            ("错误", 8),
            ("疑点", 8),
            ("提示", 8),
            ("豁免", 8),
        ),
        _summary(groups),
    )
    add_list(
        book,
        "问题清单",
        f"{round_.region.name}{round_.year}年度绩效自评问题清单",
        (
            ("问题类型", 26),
            ("核对规则", 44),
            ("级别", 8),
            ("单位", 28),
            ("主管部门", 24),
            ("报告状态", 12),
            ("处数", 8),
            ("发现的问题（第一处）", 80),
        ),
        _list(user, round_),
    )
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _summary(groups: Iterable[Group]) -> Iterator[tuple[object, ...]]:
    for group in groups:
        for kind in group.kinds:
            for rule in kind.rules:
                yield (
                    group.title,
                    kind.label,
                    rule.title,
                    rule.reports,
                    rule.findings,
                    rule.errors,
                    rule.warnings,
                    rule.hints,
                    rule.waived,
                )


def _list(user: User, round_: Round) -> Iterator[tuple[object, ...]]:
    titles = {rule.code: rule.title for rule in all_checks()}
    rows = (
        counts_of(user, round_)
        .select_related("report__profile__department__parent")
        .order_by("kind", "code", "report__profile__department__name", "pk")
    )
    for row in rows.iterator(500):
        department = row.report.department
        yield (
            KIND_LABELS.get(row.kind, row.kind),
            titles.get(row.code, row.code),
            "已豁免" if row.level == Level.OFF else LEVEL_LABELS[Level(row.level)],
            department.name,
            department.parent.name if department.parent else "",
            row.report.get_status_display(),
            row.count,
            row.message,
        )
