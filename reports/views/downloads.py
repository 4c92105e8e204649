"""Downloads of a report (PDF, Word, Excel): the frozen submission, or the draft with its watermark; each is logged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from reports import documents, paper, services
from reports.documents.model import ReportDocument
from reports.models import Submission
from reports.views.common import visible_report


@dataclass(frozen=True)
class Kind:
    """A file format that is offered."""

    label: str
    content_type: str
    printer: str

    @property
    def prints(self) -> Callable[[ReportDocument], bytes]:
        return getattr(documents, self.printer)


KINDS = {
    "pdf": Kind("PDF", "application/pdf", "to_pdf"),
    "docx": Kind(
        "Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "to_docx"
    ),
    "xlsx": Kind("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "to_xlsx"),
}


def printed(document: ReportDocument, kind: str, name: str) -> HttpResponse:
    """A document as a file of that kind to be kept, never opened by the browser; ``name`` without its ending."""
    chosen = KINDS[kind]
    return kept_file(chosen.prints(document), chosen.content_type, f"{name}.{kind}")


def kept_file(data: bytes, content_type: str, name: str) -> HttpResponse:
    """A file that the browser keeps and does not open."""
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_GET
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The report as a file; ``?version=2`` gives an earlier submission."""
    report = visible_report(request, pk)
    if kind not in KINDS:
        raise Http404
    number = request.GET.get("version")
    if number is not None and not (number.isascii() and number.isdecimal() and len(number) < 6):
        raise Http404
    try:
        content = paper.shown(report, int(number) if number else None)
    except Submission.DoesNotExist:
        raise Http404 from None
    document = paper.document(report, content, with_findings=True)
    answer = printed(document, kind, f"{report.department.name}_{report.year}年度绩效自评报告")
    services.log_export(report=report, by=request.user, kind=KINDS[kind].label, version=content.version)
    return answer
