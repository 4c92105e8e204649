"""Pages of the workspace: one section a page, the live panel beside it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgets.models import Project
from indicators.models import Indicator
from reports import services
from reports.choices import Status
from reports.documents.wording import WRITERS
from reports.evaluation import Evaluation, evaluate
from reports.models import Attachment, Comment, Report, SectionState
from reports.outlines import outline_of
from reports.places import PROJECT_SHEET, SECTIONS, place, section_url
from reports.policies import classes_of
from reports.prepared import MARK, PreparedObjects
from reports.take import facts_of
from reports.views.common import visible_report
from reports.workspace import attachments as files
from reports.workspace.approved import approved_values
from reports.workspace.fields import Surroundings
from reports.workspace.origins import origins_of, passages_of
from reports.workspace.panel import (
    RATE_TABLES,
    LiveCell,
    card_of,
    link_lines,
    live_cells,
    panel,
    points,
    shown_finding,
    weight_lines,
)
from reports.workspace.prior import prior_values
from reports.workspace.rows import Draft, LinesPart, ObjectPart, RowsPart
from reports.workspace.save import (
    NotAllowed,
    Saved,
    SaveRefused,
    late_sentence,
    locked_sentence,
    may_fill,
    reevaluate,
    save_section,
)
from reports.workspace.sections import SectionForm, home, overview, section_form

KEYS = [item.key for item in SECTIONS]
STATES = PreparedObjects([MARK], lambda profile: SectionState.objects.filter(profile=profile))


@login_required
@require_GET
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter at the first section."""
    report = _report(request, pk)
    return redirect(section_url(report.pk, KEYS[0]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One section: show it, or save it."""
    if section not in KEYS:
        raise Http404
    report = _report(request, pk)
    if section == "attachments":
        return _attachments_page(request, report)
    return _save(request, report, section) if request.method == "POST" else _show(request, report, section)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_sheet(request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
    """The 自评表 of one project."""
    report = _report(request, pk)
    project = get_object_or_404(Project.objects.visible_to(request.user), profile=report.profile, uid=uid)
    action = _save if request.method == "POST" else _show
    return action(request, report, PROJECT_SHEET.key, project)


@login_required
@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in one or more files of evidence."""
    report = _report(request, pk)
    uploads = request.FILES.getlist("file")
    if not uploads:
        messages.error(request, "请先选择文件")
    indicator = _chosen_indicator(report, request.POST.get("indicator", ""))
    for item in uploads:
        try:
            kept = files.add_attachment(report=report, upload=item, indicator=indicator, by=request.user)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from None
        except (files.FileRefused, SaveRefused) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"已上传“{kept.name}”")
    if uploads:
        report = _report(request, pk)
        reevaluate(report)
    return redirect(section_url(report.pk, "attachments"))


@login_required
@require_GET
def attachment(request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
    """Download a file of evidence; for everybody who may read the report, never shown inside the page."""
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    item = get_object_or_404(Attachment.objects.visible_to(request.user), profile=report.profile_id, uid=uid)
    try:
        file = item.file.open("rb")
    except FileNotFoundError:
        raise Http404("文件不在服务器上") from None
    services.log_file_export(report=report, by=request.user, name=item.name)
    return FileResponse(file, as_attachment=True, filename=item.name, content_type=item.content_type)


@login_required
@require_POST
def delete_attachment(request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
    """Remove a file of evidence."""
    report = _report(request, pk)
    item = get_object_or_404(Attachment.objects.visible_to(request.user), profile=report.profile, uid=uid)
    try:
        files.remove_attachment(report=report, attachment=item, by=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    except SaveRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"已删除“{item.name}”")
        reevaluate(report)
    return redirect(section_url(report.pk, "attachments"))


# ------------------------------------------------------------------ reaching a report


def _report(request: HttpRequest, pk: int) -> Report:
    """The report, for somebody who fills it in: foreign rows do not exist, own rows without the role are refused."""
    report = visible_report(request, pk)
    if not may_fill(request.user, report):
        raise PermissionDenied("只有本单位的填报人和单位负责人可以填报")
    return report


def _chosen_indicator(report: Report, uid: str) -> Indicator | None:
    try:
        return Indicator.objects.filter(profile=report.profile, uid=UUID(uid)).first()
    except ValueError:
        return None


# ------------------------------------------------------------------ showing


def _show(
    request: HttpRequest,
    report: Report,
    key: str,
    project: Project | None = None,
    *,
    draft: Draft | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a section, of what is stored or (after a refused save) of ``draft``."""
    facts = facts_of(report.profile_id)
    evaluation = evaluate(report, facts)
    form = section_form(report, key, project=project, findings=evaluation.findings, posted=draft)
    form.load(report.profile, facts)
    states = {state.section: state for state in STATES.all(report.profile_id)}
    state = states.get(form.state_key)
    surroundings = Surroundings()
    form.bind(draft or form.shown(state.rejected if state else {}), surroundings)
    comments = _open_comments(report)
    unplaced = _place_comments(comments, form, surroundings)
    surroundings.prior = prior_values(evaluation.prior, form)
    surroundings.origins = origins_of(report.profile, form)
    surroundings.approved = approved_values(evaluation.approved, form)
    context = _page_context(report, evaluation, states.values(), key, project, comments)
    context |= {
        "form": form,
        "parts": {part.prefix + ("" if part.kind != "lines" else ":lines"): part for part in form.parts},
        "version": state.version if state else 0,
        "saved_at": state.saved_at if state else None,
        "errors": [(f"f-{path}", form.labels().get(path, ""), text) for path, text in form.errors().items()],
        "comments": comments,
        "unplaced_comments": unplaced,
        "passages": passages_of(report.profile, form),
        "refused": refused,
        "prior_year": report.year - 1,
    }
    cells = {cell.id: cell for cell in live_cells(form, evaluation)}
    _put_cells(form, cells)
    _offer_grades(form, evaluation)
    _offer_classes(form, evaluation)
    context |= {
        name: cells.get(name.replace("_", "-")) for name in ("staff_rate", "projects_spent", "projects_line")
    }
    context |= _extras(form, report, evaluation, comments)
    return render(request, f"reports/workspace/sections/{key.replace('-', '_')}.html", context, status=status)


def _page_context(
    report: Report,
    evaluation: Evaluation,
    states: Any,
    key: str,
    project: Project | None,
    comments: list[Comment],
) -> dict[str, Any]:
    """What every page of the workspace shows around its form."""
    lines = link_lines(
        report, overview(evaluation, states, [comment.where for comment in comments]), home(key)
    )
    position = KEYS.index(home(key))
    place_in_list = lines[position]
    return {
        "report": report,
        "evaluation": evaluation,
        "approved": evaluation.approved,
        "section": PROJECT_SHEET if project else SECTIONS[position],
        "section_line": place_in_list,
        "project": project,
        "lines": lines,
        "done_count": sum(line.progress == "done" for line in lines),
        "panel": panel(report, evaluation, lines, key, str(project.uid) if project else ""),
        "refused_count": sum(len(state.rejected) for state in states),
        "editable": report.editable,
        "lock": locked_sentence(report),
        "late": late_sentence(report, timezone.localdate()),
        "previous": lines[position - 1] if position and not project else None,
        "next": lines[position + 1] if position + 1 < len(lines) and not project else None,
    }


def _open_comments(report: Report) -> list[Comment]:
    """The reviewer's comments that the unit has still to answer, in the state in which it is asked to."""
    if report.status != Status.RETURNED:
        return []
    return list(
        Comment.objects.filter(report=report, answer="", resolved_at=None)
        .select_related("author")
        .order_by("id")
    )


def _place_comments(comments: list[Comment], form: SectionForm, surroundings: Surroundings) -> list[Comment]:
    """Put each comment beside its field; answers those of this section that have no field here."""
    by_path: dict[str, list[Comment]] = {}
    unplaced = []
    for comment in comments:
        path = _by_uid(comment.where, form)
        found = place(comment.where)
        if path in surroundings.placed:
            by_path.setdefault(path, []).append(comment)
        elif found.section == form.section.key and (
            not form.project or found.project == str(form.project.uid)
        ):
            unplaced.append(comment)
    surroundings.comments = by_path
    return unplaced


def _by_uid(where: str, form: SectionForm) -> str:
    """``goals.0.expected`` as the path of the field: rows are known by uid, not by number."""
    for part in form.parts:
        if isinstance(part, RowsPart) and where.startswith(f"{part.prefix}."):
            number, _, rest = where.removeprefix(f"{part.prefix}.").partition(".")
            if number.isdecimal() and int(number) < len(part.rows):
                return ".".join(filter(None, (part.rows[int(number)].path, rest)))
    return where


def _put_cells(form: SectionForm, cells: dict[str, LiveCell]) -> None:
    """Give each block the computed figures that stand among its fields."""
    for part in form.parts:
        if isinstance(part, LinesPart):
            part.cells, part.rate_label = cells, RATE_TABLES.get(part.spec.key, "")
        elif isinstance(part, RowsPart) and part.prefix.endswith("indicators"):
            for row in part.rows:
                row.facts = cells.get(f"score-{row.name}")


def _offer_grades(form: SectionForm, evaluation: Evaluation) -> None:
    """Grades are those of the policy."""
    for part in form.parts:
        field = part.form.fields.get("grade") if isinstance(part, ObjectPart) else None
        if field is not None:
            field.options = [(grade.name, grade.name) for grade in evaluation.policy.grades]
            field.offer(str(part.form["grade"].value() or ""))


def _offer_classes(form: SectionForm, evaluation: Evaluation) -> None:
    """First-level classes are those of the policy."""
    for part in form.parts:
        if isinstance(part, RowsPart) and part.prefix.endswith("indicators"):
            part.offer("level1", [(name, name) for name, _ in classes_of(evaluation.policy)])


def _extras(
    form: SectionForm, report: Report, evaluation: Evaluation, comments: list[Comment]
) -> dict[str, Any]:
    """What single sections show besides their fields."""
    dossier, key = evaluation.dossier, form.section.key
    if key == "projects":
        stored = set(form.part("money.projects").objects)
        sheets = {sheet.project: sheet for sheet in dossier.indicators.projects}
        for row in form.part("money.projects").rows:
            if row.name in stored:
                sheet = sheets.get(row.name)
                row.facts = {
                    "url": section_url(report.pk, PROJECT_SHEET.key, row.name),
                    "indicators": len(sheet.indicators) if sheet else 0,
                    "goals": len(sheet.goals) if sheet else 0,
                    "comments": sum(place(comment.where).project == row.name for comment in comments),
                }
        return {"offices": dossier.profile.internal_offices or ()}
    if key in ("indicators", PROJECT_SHEET.key):
        return {
            "weights": weight_lines(card_of(form, evaluation), evaluation.policy),
            "weight_total": points(card.weight_total) if (card := card_of(form, evaluation)) else "",
            "execution_weight": evaluation.policy.execution.weight,
            "full_points": evaluation.policy.total,
            "levels": classes_of(evaluation.policy),
            "card": card_of(form, evaluation),
        }
    if key == "narrative":
        return {"chapters": _chapters(form, report, evaluation)}
    if key == "result":
        return _result_extras(form, report, evaluation)
    return {}


def _chapters(form: SectionForm, report: Report, evaluation: Evaluation) -> list[dict[str, Any]]:
    """The outline with, for each section, its field and what the system writes there by itself."""
    bound = form.part("narrative").form
    chapters = []
    for item in outline_of(report.round).sections:
        generated = [
            statement.text
            for block in item.data
            for statement in WRITERS[block](evaluation.dossier, evaluation.scorecard)
        ]
        field = bound[item.key] if item.takes_text else None
        chapters.append({"section": item, "field": field, "generated": generated})
    return chapters


def _result_extras(form: SectionForm, report: Report, evaluation: Evaluation) -> dict[str, Any]:
    """Findings by section, each warning with its answer; what is missing; answers to warnings that went away."""
    bound = form.part("explanations").form
    by_section: dict[str, list[dict[str, Any]]] = {}
    for finding in evaluation.findings:
        shown = shown_finding(report, evaluation, finding)
        field = bound[finding.key] if finding.key in bound.fields and shown.asks_answer else None
        by_section.setdefault(home(shown.place.section), []).append({"shown": shown, "field": field})
    stored = form.part("explanations").objects
    current = {finding.key for finding in evaluation.findings}
    lacking = overview(evaluation, ())
    return {
        "groups": [(item, by_section[item.key]) for item in SECTIONS if item.key in by_section],
        "waived": [shown_finding(report, evaluation, finding) for finding in evaluation.waived],
        "settled": [item for key, item in stored.items() if key not in current],
        "missing": [
            {
                "section": line.section,
                "items": [
                    {"label": _short(item.place.label), "url": item.place.url(report.pk)}
                    for item in line.missing
                ],
            }
            for line in lacking
            if line.missing
        ],
        "card": evaluation.scorecard,
        "unexplained": len(evaluation.unexplained),
        "errors_open": len(evaluation.errors),
    }


def _short(label: str) -> str:
    """Label under the heading of its own section: 基本情况·联系电话 → 联系电话."""
    return label.removeprefix("基本情况·").removeprefix("情况说明·")


# ------------------------------------------------------------------ saving


def _save(request: HttpRequest, report: Report, key: str, project: Project | None = None) -> HttpResponse:
    """Save a section; the page's own scripts get the panel, everybody else the next page."""
    draft = Draft.posted(request.POST)
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        version = -1
    findings = evaluate(report).findings if key == "result" else ()
    try:
        saved = save_section(
            report=report,
            key=key,
            draft=draft,
            version=version,
            by=request.user,
            project=project,
            findings=findings,
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    except SaveRefused as error:
        if request.htmx:
            return _told(request, "refused", message=str(error))
        report = _report(request, report.pk)
        return _show(request, report, key, project, draft=draft, refused=str(error), status=409)
    if saved.conflict:
        return _conflict(request, report, key, project, draft, saved)
    report = _report(request, report.pk)
    evaluation = reevaluate(report)
    if request.htmx:
        return _panel_response(request, report, evaluation, key, project, saved)
    return _after_save(request, report, key, project, saved)


def _after_save(
    request: HttpRequest, report: Report, key: str, project: Project | None, saved: Saved
) -> HttpResponse:
    here = section_url(report.pk, key, str(project.uid) if project else "")
    if "quiet" in request.POST:
        return HttpResponse(status=204)
    if saved.errors:
        messages.warning(request, f"已保存；有{len(saved.errors)}处没有看懂，原文保留在页面上，请改正")
        return redirect(here)
    messages.success(request, "已保存")
    if request.POST.get("action") == "next":
        position = KEYS.index(home(key))
        target = "projects" if project else KEYS[min(position + 1, len(KEYS) - 1)]
        return redirect(section_url(report.pk, target))
    return redirect(here)


def _panel_response(
    request: HttpRequest,
    report: Report,
    evaluation: Evaluation,
    key: str,
    project: Project | None,
    saved: Saved,
) -> HttpResponse:
    """Panel, list of sections and figures beside the fields, for the page that saves itself."""
    states = SectionState.objects.filter(profile=report.profile)
    context = _page_context(report, evaluation, states, key, project, _open_comments(report))
    now = timezone.localtime()
    context |= {
        "saved": saved,
        "field_errors": saved.errors,
        "cells": live_cells(saved.form, evaluation),
        "weights": weight_lines(card_of(saved.form, evaluation), evaluation.policy)
        if key in ("indicators", PROJECT_SHEET.key)
        else None,
        "execution_weight": evaluation.policy.execution.weight,
        "full_points": evaluation.policy.total,
        "weight_total": points(card.weight_total) if (card := card_of(saved.form, evaluation)) else "",
    }
    response = render(request, "reports/workspace/save_response.html", context)
    return _with_event(
        response, state="saved", version=saved.version, saved_at=f"{now:%H:%M:%S}", errors=len(saved.errors)
    )


def _conflict(
    request: HttpRequest, report: Report, key: str, project: Project | None, draft: Draft, saved: Saved
) -> HttpResponse:
    """Somebody saved in between: both values, side by side. What was typed stays on the page."""
    conflict = saved.conflict
    if request.htmx:
        when = f"{timezone.localtime(conflict.saved_at):%H:%M}" if conflict.saved_at else ""
        who = conflict.saved_by or "其他人"
        return _told(
            request, "conflict", message=f"{who}在{when}保存过本部分，这次没有写入；您填的内容仍在页面上"
        )
    apart = {item.path for item in conflict.differences}
    for prefix, name, _ in conflict.mine_only + conflict.stored_only:
        apart |= {path for path in (draft.texts | saved.stored.texts) if path.startswith(f"{prefix}.{name}.")}
    rows = _rows_for_choice(draft, saved)
    states = SectionState.objects.filter(profile=report.profile)
    evaluation = evaluate(report)
    context = _page_context(report, evaluation, states, key, project, []) | {
        "conflict": conflict,
        "version": saved.version,
        "agreed": {path: text for path, text in draft.texts.items() if path not in apart},
        "rows": rows,
        "action": section_url(report.pk, key, str(project.uid) if project else ""),
    }
    return render(request, "reports/workspace/conflict.html", context, status=409)


def _rows_for_choice(draft: Draft, saved: Saved) -> list[dict[str, Any]]:
    """Every row of both sides in order: those of both go along, those of one side are asked for."""
    said = {(prefix, name): ("mine", text) for prefix, name, text in saved.conflict.mine_only}
    said |= {(prefix, name): ("stored", text) for prefix, name, text in saved.conflict.stored_only}
    titles = {part.prefix: part.title for part in saved.form.parts if isinstance(part, RowsPart)}
    rows = []
    for prefix in titles:
        here = draft.rows.get(prefix, [])
        for name in [*here, *(name for name in saved.stored.rows.get(prefix, []) if name not in here)]:
            side, text = said.get((prefix, name), ("", ""))
            source = saved.stored.texts if side == "stored" else draft.texts
            start = f"{prefix}.{name}."
            rows.append(
                {
                    "prefix": prefix,
                    "name": name,
                    "title": titles[prefix],
                    "side": side,
                    "said": text,
                    "texts": {
                        path: value for path, value in source.items() if side and path.startswith(start)
                    },
                }
            )
    return rows


def _told(request: HttpRequest, state: str, *, message: str) -> HttpResponse:
    """Only a notice for the page's scripts: nothing is put in the place of anything."""
    response = HttpResponse(status=200)
    response["HX-Reswap"] = "none"
    return _with_event(response, state=state, message=message)


def _with_event(response: HttpResponse, **facts: Any) -> HttpResponse:
    response["HX-Trigger"] = json.dumps({"workspace:answer": facts})
    return response


# ------------------------------------------------------------------ evidence


def _attachments_page(request: HttpRequest, report: Report) -> HttpResponse:
    if request.method == "POST":
        return redirect(section_url(report.pk, "attachments"))
    evaluation = evaluate(report)
    comments = _open_comments(report)
    states = SectionState.objects.filter(profile=report.profile)
    context = _page_context(report, evaluation, states, "attachments", None, comments) | {
        "attachments": Attachment.objects.filter(profile=report.profile).select_related(
            "indicator", "uploaded_by"
        ),
        "indicators": Indicator.objects.filter(profile=report.profile).select_related("project"),
        "accepted": files.ACCEPTED,
        "accepted_words": files.ACCEPTED_WORDS,
        "limit": settings.ATTACHMENT_MAX_BYTES // (1024 * 1024),
        "comments": comments,
        "unplaced_comments": [item for item in comments if place(item.where).section == "attachments"],
    }
    return render(request, "reports/workspace/sections/attachments.html", context)
