"""The library of common indicators (共性指标库) for a unit that composes its table: by category, with what is known filled in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from departments.locks import is_lock_refusal
from departments.models import User
from departments.services import record
from indicators.choices import LEVELS
from indicators.common import Common, Computed, compute, find, library
from indicators.models import Indicator
from indicators.policy import Policy
from reports.evaluation import evaluate
from reports.models import Report, SectionState
from reports.places import section_url
from reports.policies import policy_of
from reports.views.common import visible_report
from reports.workspace.save import (
    NotAllowed,
    NotEditable,
    SaveRefused,
    lock_for_writing,
    locked_sentence,
    may_fill,
    reevaluate,
)

SECTION = "indicators"
CLASSES = {"产出": "产出指标", "效果": "效益指标"}
"""First-level classes of the framework in the words of the usual form; 投入 and 过程 have none there."""


@dataclass(frozen=True)
class LibraryRow:
    """One entry with its value from this report, and the row that the unit has of it."""

    entry: Common
    computed: Computed | None
    row: Indicator | None

    @property
    def fillable(self) -> bool:
        """Whether the unit's row lacks what is computed here."""
        return bool(
            self.row
            and not self.row.actual
            and not self.row.not_applicable
            and self.computed
            and self.computed.text
        )


@login_required
@require_GET
def common_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The library by category."""
    report = fillable(request, pk)
    groups: dict[tuple[str, str], list[LibraryRow]] = {}
    for row in library_rows(report):
        groups.setdefault((row.entry.level1, row.entry.level2), []).append(row)
    context = {
        "report": report,
        "groups": [(f"{level1}·{level2}", rows) for (level1, level2), rows in groups.items()],
        "editable": report.editable,
        "lock": locked_sentence(report),
        "back": section_url(report.pk, SECTION),
    }
    return render(request, "reports/workspace/common.html", context)


@login_required
@require_POST
def common_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an entry to the department's table, or fill its row's actual value."""
    report = fillable(request, pk)
    entry = library().get(request.POST.get("path", ""))
    if entry is None:
        messages.error(request, "共性指标库中没有这一条，请重新选择")
        return redirect("workspace-common", report.pk)
    try:
        row, done = add_common(report=report, by=request.user, entry=entry)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    except SaveRefused as error:
        messages.error(request, str(error))
        return redirect("workspace-common", report.pk)
    reevaluate(report)
    messages.success(request, done)
    return redirect(f"{section_url(report.pk, SECTION)}#f-indicators.{row.uid}")


def fillable(request: HttpRequest, pk: int) -> Report:
    """The report, for somebody who fills it in; 404 where it does not exist for the person, 403 without the role."""
    report = visible_report(request, pk)
    if not may_fill(request.user, report):
        raise PermissionDenied("只有本单位的填报人和单位负责人可以填报")
    return report


def library_rows(report: Report) -> list[LibraryRow]:
    """Every entry of the library beside this report's data."""
    evaluation = evaluate(report)
    dossier, prior = evaluation.dossier, evaluation.prior
    own = _own_rows(report)
    return [
        LibraryRow(
            entry,
            compute(entry, dossier.profile, dossier.money, prior.money if prior else None),
            own.get(path),
        )
        for path, entry in library().items()
    ]


def _own_rows(report: Report) -> dict[str, Indicator]:
    """The department's own rows that are common indicators, by path."""
    found = {}
    for row in Indicator.objects.filter(profile=report.profile, project=None):
        entry = find(row.name, row.level1, row.level2)
        if entry:
            found.setdefault(entry.path, row)
    return found


def add_common(*, report: Report, by: User, entry: Common) -> tuple[Indicator, str]:
    """Add an indicator of the library with what the year's figures state, or fill the actual value of the unit's row.

    The section's version moves on, so that an open page with older rows is told. Raises :class:`SaveRefused`.
    """
    known = next(row.computed for row in library_rows(report) if row.entry == entry)
    actual = known.text if known else ""
    try:
        with transaction.atomic():
            locked = lock_for_writing(report, by)
            row = _own_rows(locked).get(entry.path)
            if row is None:
                row = _new_row(locked, entry, known)
                done = f"已添加“{entry.level3}”，请填写年度指标值和分值"
            elif actual and not row.actual and not row.not_applicable:
                row.actual = actual
                row.save(update_fields=["actual"])
                done = f"已把“{entry.level3}”的实际完成值填为{actual}"
            else:
                raise SaveRefused(f"指标表中已有“{entry.level3}”")
            state, _ = SectionState.objects.get_or_create(profile=locked.profile, section=SECTION)
            state.version += 1
            state.saved_by = by
            state.save()
            record(
                event="indicator-library",
                sentence=f"{by.name}从共性指标库{done.removeprefix('已').partition('，')[0]}",
                by=by,
                profile=locked.profile,
                data={"path": entry.path},
            )
    except DatabaseError as error:
        if is_lock_refusal(error):
            raise NotEditable("本报告已被确认锁定，没有添加。") from error
        raise
    return row, done


def _new_row(report: Report, entry: Common, known: Computed | None) -> Indicator:
    level1, level2 = classes(entry, policy_of(report.round))
    last = Indicator.objects.filter(profile=report.profile, project=None).aggregate(last=Max("position"))[
        "last"
    ]
    return Indicator.objects.create(
        profile=report.profile,
        position=0 if last is None else last + 1,
        level1=level1,
        level2=level2,
        name=entry.level3,
        target="100%" if entry.direction == "target_100" else "",
        actual=known.text if known else "",
        formula=(entry.formula or "")[:300],
        evidence=known.basis if known and known.text else "",
    )


def classes(entry: Common, policy: Policy) -> tuple[str, str]:
    """First- and second-level class of an entry under the round's policy; what it does not know is left to the unit."""
    if entry.kind == "survey" and policy.section("满意度指标", ""):
        return "满意度指标", LEVELS["满意度指标"][0]
    names = {section.name for section in policy.sections}
    if entry.level1 in names:
        return entry.level1, entry.level2
    if find(entry.level3) is None:
        return "", entry.level2  # a name that occurs twice keeps the class by which it is known
    level1 = CLASSES.get(entry.level1, "")
    level2 = f"{entry.level3}指标"
    return level1, level2 if level2 in LEVELS.get(level1, ()) else ""
