"""Looking at evidence (查看佐证材料): pages as pictures of our own making, never the file itself inside a page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from reports import services
from reports.file_content import MOST_PAGES, SHOWN, Unreadable, page_picture, verify
from reports.models import Attachment, RectificationFile, Report
from reports.views.common import visible_report

KEPT_FOR = 600
"""Seconds that a browser may keep a picture of a page."""


@login_required
@require_GET
def attachment_view(request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
    """A page with the pages of a file of evidence."""
    report, item = _attachment(request, pk, uid)
    context = {
        "report": report,
        "belongs": item.indicator.name if item.indicator else "整份报告",
        "download": reverse("workspace-attachment", args=[pk, uid]),
        "back": f"{reverse('report', args=[pk])}?tab=files",
    }
    return _view(request, item, context, lambda page: reverse("attachment-page", args=[pk, uid, page]))


@login_required
@require_GET
def attachment_page(request: HttpRequest, pk: int, uid: UUID, page: int) -> HttpResponse:
    """One page of a file of evidence as a PNG."""
    report, item = _attachment(request, pk, uid)
    return _picture(request, report, item, page)


@login_required
@require_GET
def rectification_view(request: HttpRequest, pk: int) -> HttpResponse:
    """A page with the pages of a file that came with a rectification's answer."""
    item = _rectification_file(request, pk)
    notice = item.answer.notice
    context = {
        "report": notice.report,
        "belongs": f"{notice.code}第{item.answer.number}次反馈",
        "download": reverse("rectification-file", args=[pk]),
        "back": reverse("rectification", args=[notice.pk]),
    }
    return _view(request, item, context, lambda page: reverse("rectification-file-page", args=[pk, page]))


@login_required
@require_GET
def rectification_page(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """One page of such a file as a PNG."""
    item = _rectification_file(request, pk)
    return _picture(request, item.answer.notice.report, item, page)


@login_required
@require_GET
def rectification_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself, to be kept and never opened inside the page."""
    item = _rectification_file(request, pk)
    response = FileResponse(
        _path(item).open("rb"), as_attachment=True, filename=item.name, content_type=item.content_type
    )
    services.log_file_export(report=item.answer.notice.report, by=request.user, name=item.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _attachment(request: HttpRequest, pk: int, uid: UUID) -> tuple[Report, Attachment]:
    report = visible_report(request, pk)
    rows = Attachment.objects.visible_to(request.user).select_related("indicator", "uploaded_by")
    return report, get_object_or_404(rows, profile=report.profile_id, uid=uid)


def _rectification_file(request: HttpRequest, pk: int) -> RectificationFile:
    rows = RectificationFile.objects.visible_to(request.user).select_related(
        "answer__notice__report__profile__department", "answer__notice__round"
    )
    return get_object_or_404(rows, pk=pk)


def _path(item: Attachment | RectificationFile) -> Path:
    path = Path(item.file.path)
    if not path.is_file():
        raise Http404("文件不在服务器上")
    return path


def _view(request: HttpRequest, item: Model, context: dict[str, Any], address: Any) -> HttpResponse:
    path, pages, refused = _path(item), 0, ""
    services.log_file_reading(report=context["report"], by=request.user, name=item.name)
    if item.content_type in SHOWN:
        try:
            pages = verify(path, item.content_type).pages
        except Unreadable as error:
            refused = str(error)
    else:
        refused = "这类文件不能在网页中查看"
    shown: Iterable[int] = range(1, min(pages, MOST_PAGES) + 1)
    context |= {
        "item": item,
        "pages": pages,
        "shown": [(number, address(number)) for number in shown],
        "more": pages > MOST_PAGES,
        "refused": refused,
    }
    return render(request, "reports/oversight/file.html", context)


def _picture(
    request: HttpRequest, report: Report, item: Attachment | RectificationFile, page: int
) -> HttpResponse:
    services.log_file_reading(report=report, by=request.user, name=item.name)
    if item.content_type not in SHOWN:
        raise Http404
    try:
        data = page_picture(_path(item), item.content_type, page)
    except Unreadable:
        raise Http404 from None
    response = HttpResponse(data, content_type="image/png")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    return response
