"""The approved targets (批复的绩效目标) beside what the unit fills in, and putting them where the unit left something empty."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from budgets.money import plain
from departments.locks import is_lock_refusal
from departments.models import User
from departments.services import record
from indicators.approved import ApprovedLine, matched, unmatched
from indicators.dossier import Indicator
from indicators.models import ApprovedTargets
from reports.checks.support.approved import same_target
from reports.evaluation import approved_of, evaluate
from reports.models import Report, SectionState
from reports.places import section_url
from reports.targets.prefill import FIELDS, Filled, fill
from reports.workspace.common import fillable
from reports.workspace.rows import RowsPart
from reports.workspace.save import (
    NotAllowed,
    NotEditable,
    SaveRefused,
    lock_for_writing,
    locked_sentence,
    reevaluate,
)
from reports.workspace.sections import SectionForm

SECTIONS = ("indicators", "goals")


@dataclass(frozen=True)
class _Row:
    """A row of the form: what it is matched by, and the path of its fields."""

    name: str
    level2: str
    path: str


def approved_values(approved: ApprovedTargets | None, form: SectionForm) -> dict[str, str]:
    """Approved target and weight by the path of the field. ``form`` is bound: its rows are known."""
    part = next((one for one in form.parts if isinstance(one, RowsPart) and one.prefix == "indicators"), None)
    if approved is None or part is None:
        return {}
    rows = [
        _Row(
            str(row.form.cleaned_data.get("name") or ""),
            str(row.form.cleaned_data.get("level2") or ""),
            row.path,
        )
        for row in part.rows
    ]
    values = {}
    for line, row in matched(approved.approved.indicators, [one for one in rows if one.name]):
        if row is not None:
            values[f"{row.path}.target"] = line.target
            values[f"{row.path}.weight"] = "" if line.weight is None else f"{plain(line.weight)}分"
    return {path: text for path, text in values.items() if text}


@dataclass(frozen=True)
class Beside:
    """One approved line beside the unit's row."""

    line: ApprovedLine
    row: Indicator | None

    @property
    def state(self) -> str:
        """In words what stands against the approved line."""
        if self.row is None:
            return "没有列入"
        if self.row.not_applicable:
            return "不适用"
        wrong = []
        if self.row.target and self.line.target and not same_target(self.line, self.row):
            wrong.append("指标值不同")
        if None not in (self.row.weight, self.line.weight) and self.row.weight != self.line.weight:
            wrong.append("分值不同")
        if any(getattr(self.line, name) and not getattr(self.row, name) for name in FIELDS):
            wrong.append("未填全")
        return "、".join(wrong) or "一致"

    @property
    def fits(self) -> bool:
        return self.state in ("一致", "不适用")


@login_required
@require_GET
def approved_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Both side by side."""
    report = fillable(request, pk)
    evaluation = evaluate(report)
    if evaluation.approved is None:
        raise Http404
    approved, sheet = evaluation.approved.approved, evaluation.dossier.indicators
    pairs = [Beside(line, row) for line, row in matched(approved.indicators, sheet.indicators)]
    context = {
        "report": report,
        "version": evaluation.approved,
        "approved": approved,
        "pairs": pairs,
        "added": unmatched(approved.indicators, sheet.indicators),
        "goals": sheet.goals,
        "lacking": any(pair.row is None or "未填全" in pair.state for pair in pairs)
        or bool(approved.goals and not any(goal.expected for goal in sheet.goals)),
        "editable": report.editable,
        "lock": locked_sentence(report),
        "back": section_url(report.pk, "indicators"),
    }
    return render(request, "reports/workspace/approved.html", context)


@login_required
@require_POST
def approved_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """按批复目标填入."""
    report = fillable(request, pk)
    try:
        done = fill_in(report=report, by=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    except SaveRefused as error:
        messages.error(request, str(error))
    else:
        reevaluate(report)
        messages.success(request, f"已按批复目标填入{done}，已经填写的没有改动")
    return redirect(section_url(report.pk, "indicators"))


def fill_in(*, report: Report, by: User) -> Filled:
    """Put approved goals and indicators where the unit has nothing. Raises :class:`SaveRefused`.

    The versions of both sections move on, so that an open page with older rows is told.
    """
    try:
        with transaction.atomic():
            locked = lock_for_writing(report, by)
            approved = approved_of(locked.profile.department_id, locked.profile.year)
            done = fill(locked.profile, approved.approved) if approved else Filled()
            if not done:
                raise SaveRefused("没有空白需要按批复目标填入")
            for section in SECTIONS:
                state, _ = SectionState.objects.get_or_create(profile=locked.profile, section=section)
                state.version += 1
                state.saved_by = by
                state.save()
            record(
                event="targets-fill",
                sentence=f"{by.name}按批复的绩效目标（第{approved.number}版）填入{done}",
                by=by,
                profile=locked.profile,
                data={"approved": approved.pk},
            )
    except DatabaseError as error:
        if is_lock_refusal(error):
            raise NotEditable("本报告已被确认锁定，没有填入。") from error
        raise
    return done
