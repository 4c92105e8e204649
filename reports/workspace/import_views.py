"""Pages of «导入»: choose a file, see what was read and what would change, take in what is ticked; download the workbook."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments.services import record
from reports.intake.containers import ENDINGS
from reports.models import Import, Report, UnreadPassage
from reports.places import section_url
from reports.workspace.importing import KINDS, preview, take_in, write_in
from reports.workspace.origins import open_passages, settle
from reports.workspace.save import NotAllowed, SaveRefused, locked_sentence, reevaluate
from reports.workspace.views import _report as fillable
from reports.workspace.workbooks import workbook_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED = ",".join((*ENDINGS, ".txt"))
MOST_SHOWN = 200
"""Changes of one section that are listed; more are counted."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file, or read it."""
    report = fillable(request, pk)
    if request.method == "POST":
        return _read(request, report)
    waiting = Import.objects.filter(profile=report.profile, by=request.user, done_at=None).first()
    return render(request, "reports/workspace/import.html", _context(report) | {"waiting": waiting})


def _context(report: Report) -> dict[str, object]:
    return {
        "report": report,
        "lock": locked_sentence(report),
        "editable": report.editable,
        "accepted": ACCEPTED,
        "limit": settings.ATTACHMENT_MAX_BYTES // (1024 * 1024),
    }


def _read(request: HttpRequest, report: Report) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, "请先选择文件")
        return redirect("workspace-import", report.pk)
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
        messages.error(request, f"“{file.name}”超过 {limit} MB，没有读取")
        return redirect("workspace-import", report.pk)
    try:
        item = take_in(report=report, name=file.name or "", data=file.read(), by=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    except SaveRefused as error:
        context = _context(report) | {
            "refused": str(error),
            "needs_workbook": getattr(error, "needs_workbook", False),
        }
        return render(request, "reports/workspace/import.html", context, status=422)
    return redirect("workspace-import-preview", report.pk, item.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What was read beside what is stored; with a post, take in the ticked sections."""
    report = fillable(request, pk)
    item = get_object_or_404(
        Import.objects.visible_to(request.user), pk=number, profile=report.profile, by=request.user
    )
    if item.done_at is not None:
        titles = "、".join(item.content.get("written", []))
        messages.info(request, f"“{item.name}”已经导入过：{titles}")
        return redirect("workspace", report.pk)
    refused, chosen = "", None
    if request.method == "POST":
        chosen = set(request.POST.getlist("section"))
        versions = {
            key.removeprefix("version:"): int(value)
            for key, value in request.POST.items()
            if key.startswith("version:") and value.isdecimal()
        }
        try:
            titles = write_in(report=report, item=item, chosen=chosen, versions=versions, by=request.user)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from None
        except SaveRefused as error:
            refused = str(error)
        else:
            report = fillable(request, pk)
            reevaluate(report)
            messages.success(
                request, f"已导入：{'、'.join(titles)}。请逐项核对，各栏旁的“来源”写明读自何处。"
            )
            if waiting := open_passages(report.profile):
                messages.warning(
                    request, f"还有没有读入的内容或疑问，列在“{'”“'.join(waiting)}”的上方，请处理。"
                )
            return redirect("workspace", report.pk)
    found = preview(report, item)
    context = _context(report) | {
        "item": item,
        "kind": KINDS[item.kind],
        "complaints": item.content["complaints"],
        "notes": item.content["notes"],
        "older_workbook": item.content.get("older", False),
        "preview": found,
        "chosen": chosen,
        "most": MOST_SHOWN,
        "refused": refused,
    }
    return render(request, "reports/workspace/import_preview.html", context, status=409 if refused else 200)


@login_required
@require_POST
def settle_passage(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Mark a passage that was not read, or a question, as dealt with; back to its section."""
    report = fillable(request, pk)
    passage = get_object_or_404(
        UnreadPassage.objects.visible_to(request.user), pk=number, profile=report.profile
    )
    answer = request.POST.get("answer", "")
    refused = ""
    try:
        passage = settle(report=report, passage=passage, answer=answer, by=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from None
    except SaveRefused as error:
        refused = str(error)
    if request.htmx:
        context = {
            "passage": passage,
            "report": report,
            "refused": refused,
            "typed": answer,
            "editable": True,
        }
        return render(request, "reports/workspace/passage.html", context)
    if refused:
        messages.error(request, f"{refused}您填的是：{answer}" if answer else refused)
    else:
        messages.success(request, "已处理")
    return redirect(f"{section_url(report.pk, passage.section)}#passages")


@login_required
@require_GET
def marked_copy(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The person's own workbook with the cells to be mended coloured and commented."""
    report = fillable(request, pk)
    item = get_object_or_404(
        Import.objects.visible_to(request.user), pk=number, profile=report.profile, by=request.user
    )
    if not item.marked:
        raise Http404
    return _file(bytes(item.marked), f"{report.year}年度自评工作簿-{report.department.name}-标出问题.xlsx")


@login_required
@require_GET
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """This unit's and year's workbook, filled with what is stored."""
    report = fillable(request, pk)
    data = workbook_of(report)
    record(
        event="workbook.download",
        sentence=f"{request.user}下载了自评工作簿",
        by=request.user,
        profile=report.profile,
    )
    return _file(data, f"{report.year}年度自评工作簿-{report.department.name}.xlsx")


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response
