"""Help (帮助): one page for each role with its tasks step by step, frequent questions, terms. Open before signing in too."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from departments.choices import Role
from reports.publication.pages import TERMS


@require_GET
def help_start(request: HttpRequest) -> HttpResponse:
    """To the page of the person's first role; to the questions for whoever has none or is not signed in."""
    own = _own(request)
    return redirect("help-role", own[0].value) if own else redirect("help-questions")


@require_GET
def help_role(request: HttpRequest, role: str) -> HttpResponse:
    """The tasks of one role."""
    if role not in Role.values:
        raise Http404
    return _page(request, f"help/{role}.html", role)


@require_GET
def help_questions(request: HttpRequest) -> HttpResponse:
    """Frequent questions."""
    return _page(request, "help/questions.html", "questions")


@require_GET
def help_terms(request: HttpRequest) -> HttpResponse:
    """What the words mean: those of the public pages and those of the work."""
    return _page(request, "help/terms.html", "terms", terms=TERMS)


def _own(request: HttpRequest) -> list[Role]:
    if not request.user.is_authenticated:
        return []
    return [role for role in Role if request.user.access.holds(role)]


def _page(request: HttpRequest, name: str, current: str, **more: object) -> HttpResponse:
    own = _own(request)
    roles = [(role.value, role.label, role in own) for role in sorted(Role, key=lambda role: role not in own)]
    return render(request, name, {"roles": roles, "current": current, **more})
