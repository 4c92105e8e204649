"""The public page that a QR code on a printed report leads to (核验); no sign-in, no contents before publication."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reports.models import Publication
from reports.verification import CODE, look_up


@require_safe
@cache_control(public=True, max_age=300)
def ask(request: HttpRequest) -> HttpResponse:
    """A field for the code, for papers without a readable QR code."""
    code = "".join(request.GET.get("code", "").lower().split())
    if CODE.fullmatch(code):
        return redirect("verify", code)
    return render(request, "reports/verify.html", {"code": code, "asked": bool(code)})


@require_safe
@cache_control(public=True, max_age=60)
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of a code; an unknown one is said to be so."""
    answer = look_up(code)
    context = {"code": code.lower()[:64], "answer": answer, "asked": True}
    if answer and answer.state == "published":
        publication = (
            Publication.objects.public().select_related("region").filter(report=answer.report).first()
        )
        context["public_address"] = publication and publication.get_absolute_url()
    return render(request, "reports/verify.html", context, status=200 if answer else 404)
