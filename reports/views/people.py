"""People and roles (人员和角色): for administrator and security officer the region's, for the head of a unit its fillers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments import people, second_factor
from departments.accounts import AccountRefused, state_of
from departments.choices import Role
from departments.confirming import confirm_again
from departments.models import RoleAssignment, User
from departments.people import DetailsRefused, Keeper, LastHead
from reports import handover
from reports.models import Notice
from reports.notices import send_all
from reports.people_forms import (
    EndForm,
    HandOverForm,
    NewPersonForm,
    PersonForm,
    ResetFactorForm,
    RoleForm,
    refuse,
)
from reports.views.accounts import show_passwords

PAGE = 50
STATES = (("on", "在用"), ("off", "已停用"), ("waiting", "尚未修改初始密码"))


@login_required
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """People whom this person sees, by name, unit, role and state."""
    keeper = Keeper.of(request.user)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "unit", "role", "state")}
    found = _filtered(keeper, asked).order_by("-is_active", "username")
    roles = RoleAssignment.objects.filter(
        keeper.places | Q(department__in=keeper.units), Q(is_active=True) | Q(is_requested=True)
    ).select_related("department", "region")
    page = Paginator(
        found.prefetch_related(Prefetch("role_assignments", roles, to_attr="held")), PAGE
    ).get_page(request.GET.get("page"))
    kept = set(keeper.kept().filter(pk__in=[user.pk for user in page]).values_list("pk", flat=True))
    context = {
        "page": page,
        "rows": [(user, state_of(user), user.held, user.pk in kept) for user in page],
        "asked": asked,
        "kept": urlencode({name: value for name, value in asked.items() if value}),
        "roles": [
            (role.value, role.label) for role in (Role if keeper.watched else (Role.FILLER, Role.UNIT_HEAD))
        ],
        "states": STATES,
        "units": keeper.departments.order_by("name"),
        "watches": bool(keeper.watched),
        "adds": keeper.keeps_accounts,
    }
    return render(request, "reports/people/list.html", context)


def _filtered(keeper: Keeper, asked: dict[str, str]) -> Any:
    found = keeper.people()
    roles = RoleAssignment.objects.filter(keeper.places | Q(department__in=keeper.units), is_active=True)
    if asked["q"]:
        words = asked["q"]
        named = roles.filter(department__name__icontains=words).values("user")
        found = found.filter(
            Q(username__icontains=words)
            | Q(name__icontains=words)
            | Q(phone__icontains=words)
            | Q(pk__in=named)
        )
    if asked["unit"].isdecimal():
        roles = roles.filter(department=int(asked["unit"]))
    if asked["role"] in Role.values:
        roles = roles.filter(role=asked["role"])
    if asked["unit"].isdecimal() or asked["role"] in Role.values:
        found = found.filter(pk__in=roles.values("user"))
    if asked["state"] == "on":
        return found.filter(is_active=True)
    if asked["state"] == "off":
        return found.filter(is_active=False)
    return found.filter(must_change_password=True, is_active=True) if asked["state"] == "waiting" else found


@login_required
@require_http_methods(["GET", "POST"])
def person_add(request: HttpRequest) -> HttpResponse:
    """A new person with the first role; the answer holds the one-time password and is the only place that does."""
    keeper = Keeper.of(request.user)
    if not keeper.keeps_accounts:
        raise PermissionDenied("安全管理员不建立账号，请由系统管理员办理")
    form = NewPersonForm(request.POST if request.method == "POST" else None, keeper=keeper)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            _, account = people.add_person(
                by=request.user,
                username=data["username"],
                role=data["role"],
                place=data["place"],
                name=data["name"],
                phone=data["phone"],
                email=data["email"],
            )
        except DetailsRefused as error:
            refuse(form, error.errors)
        except AccountRefused as error:
            form.add_error(None, str(error))
        else:
            region = getattr(data["place"], "region", data["place"])
            if region.officers_apart and region.pk not in keeper.secured:
                messages.info(request, "角色已提交申请，由安全管理员授予后生效。")
            return show_passwords(request, region, [account], head="账号已建立", back="people")
    context = {"form": form, "administers": bool(keeper.regions), "apart": bool(keeper.apart)}
    return render(request, "reports/people/add.html", context, status=422 if form.errors else 200)


def _seen(request: HttpRequest, pk: int) -> tuple[Keeper, User]:
    keeper = Keeper.of(request.user)
    return keeper, get_object_or_404(keeper.people(), pk=pk)


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: details, roles, what can be done."""
    keeper, shown = _seen(request, pk)
    return _person(request, keeper, shown)


def _person(
    request: HttpRequest, keeper: Keeper, shown: User, *, status: int = 200, **more: Any
) -> HttpResponse:
    held = list(people.held_or_requested(shown))
    own = shown.pk == request.user.pk
    may_roles = keeper.kept().filter(pk=shown.pk).exists()
    context = {
        "person": shown,
        "state": state_of(shown),
        "held": [_role_line(keeper, one, own) for one in held if _tells(keeper, one)],
        "may": keeper.keeps_accounts and keeper.kept_accounts().filter(pk=shown.pk).exists(),
        "may_roles": may_roles,
        "asks": keeper.only_asks,
        "own": own,
        "administers": bool(keeper.regions),
        "secures": bool(keeper.secured),
        "resets": may_roles and keeper.resets_second_factor(shown),
        "details": PersonForm(
            initial={"name": shown.name, "phone": shown.phone, "email": shown.email}, auto_id="details-%s"
        ),
        "role": RoleForm(keeper=keeper, auto_id="role-%s"),
        "end": EndForm(auto_id="end-%s"),
        "second_factor": second_factor.device_of(shown),
        "factor": ResetFactorForm(auto_id="factor-%s"),
        "work": handover.open_work(shown),
    }
    return render(request, "reports/people/person.html", context | more, status=status)


@dataclass(frozen=True)
class RoleLine:
    """A role on the page of a person, and what may be done about it."""

    role: RoleAssignment
    given: bool
    """Whether it can be given, having been asked for."""
    taken: bool
    """Whether it can be taken, or the request withdrawn."""


def _role_line(keeper: Keeper, one: RoleAssignment, own: bool) -> RoleLine:
    gives = keeper.gives(one) and not own
    asks = keeper.asks_for(one) and not own
    return RoleLine(one, given=gives and one.is_requested, taken=gives or (asks and one.is_requested))


def _tells(keeper: Keeper, assignment: RoleAssignment) -> bool:
    """The head of a unit reads the roles in the unit, not those elsewhere."""
    return keeper.asks_for(assignment) or assignment.department_id in keeper.units


@login_required
@require_POST
def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, telephone, e-mail."""
    form = PersonForm(request.POST, auto_id="details-%s")
    return _do(
        request,
        pk,
        lambda shown: people.change_details(person=shown, by=request.user, **form.cleaned_data),
        "资料已保存。",
        details=form,
    )


@login_required
@require_POST
@confirm_again("授予角色")
def role_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""
    form = RoleForm(request.POST, keeper=Keeper.of(request.user), auto_id="role-%s")

    def give(shown: User) -> str:
        data = form.cleaned_data
        given = people.give_role(person=shown, by=request.user, role=data["role"], place=data["place"])
        return (
            "角色已授予，对方刷新页面即生效。" if given.is_active else "已提交申请，由安全管理员授予后生效。"
        )

    return _do(request, pk, give, "", role=form)


@login_required
@require_http_methods(["GET", "POST"])
@confirm_again("授予角色")
def role_requests(request: HttpRequest) -> HttpResponse:
    """Roles that wait for the security officer; POST gives the chosen ones."""
    if not request.user.access.secured_regions:
        raise PermissionDenied("只有安全管理员可以授予申请的角色")
    refused = ""
    if request.method == "POST":
        chosen = [int(text) for text in request.POST.getlist("role") if text.isascii() and text.isdecimal()]
        try:
            given = people.give_requested(by=request.user, chosen=chosen)
        except AccountRefused as error:
            refused = str(error)
        else:
            messages.success(request, f"已授予{len(given)}个角色，对方刷新页面即生效。")
            return redirect("role-requests")
    page = Paginator(people.requested(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "refused": refused}
    return render(request, "reports/people/requests.html", context, status=422 if refused else 200)


@login_required
@require_POST
@confirm_again("收回角色")
def role_take(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """Take a role away; asked again where the unit would have no head left."""
    sure = request.POST.get("sure") == "1"

    def take(shown: User) -> None:
        held = get_object_or_404(people.held_or_requested(shown), pk=assignment)
        people.take_role(assignment=held, by=request.user, sure=sure)

    return _do(request, pk, take, "角色已收回。")


@login_required
@require_POST
def person_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account off."""
    form = EndForm(request.POST, auto_id="end-%s")
    sure = request.POST.get("sure") == "1"

    def end(shown: User) -> None:
        people.deactivate(person=shown, by=request.user, reason=form.cleaned_data["reason"], sure=sure)

    return _do(request, pk, end, "账号已停用，不能再登录；办过的事项仍保留在其名下。", end=form)


@login_required
@require_POST
def person_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account on again."""
    return _do(
        request, pk, lambda shown: people.reactivate(person=shown, by=request.user), "账号已恢复，可以登录。"
    )


@login_required
@require_POST
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time password, shown once."""
    keeper, shown = _seen(request, pk)
    try:
        account = people.reset_password(person=shown, by=request.user)
    except AccountRefused as error:
        return _person(request, keeper, shown, status=422, refused=str(error))
    first = (
        people.held_by(shown).first() or shown.role_assignments.select_related("department__region").first()
    )
    region = first.region or first.department.region
    return show_passwords(request, region, [account], head="密码已重置", back="people")


@login_required
@require_POST
@confirm_again("重置动态码验证")
def person_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second step of signing in from an account; the person is told."""
    form = ResetFactorForm(request.POST, auto_id="factor-%s")

    def reset(shown: User) -> None:
        reason = form.cleaned_data["reason"]
        text = f"{request.user.name}重置了您的动态码验证：{reason}。现在登录只需要密码；不是您要求的，请告知审计监察人员。"
        with transaction.atomic():
            people.reset_second_factor(person=shown, by=request.user, reason=reason)
            send_all([Notice(user=shown, text=text)])

    return _do(request, pk, reset, "动态码验证已重置，对方下次登录只需要密码。", factor=form)


def _do(
    request: HttpRequest, pk: int, doing: Callable[[User], Any], done: str, **form: forms.Form
) -> HttpResponse:
    """Do it, say ``done`` (or what it answers, where that is empty) and lead back to the person.

    What is refused is said at its field, with everything typed still there.
    """
    keeper, shown = _seen(request, pk)
    typed = next(iter(form.values()), None)
    refused: dict[str, Any] = {}
    if typed is None or typed.is_valid():
        try:
            told = doing(shown)
        except LastHead as warning:
            names = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
            refused = {"warning": str(warning), "again": request.path, "typed": names}
        except DetailsRefused as error:
            refuse(typed, error.errors)
        except AccountRefused as error:
            refused = {"refused": str(error)}
        else:
            messages.success(request, done or told)
            return redirect("person", pk)
    return _person(request, keeper, shown, status=422, **form, **refused)


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person has in hand, and to whom it goes."""
    keeper = Keeper.of(request.user)
    if not keeper.keeps_accounts:
        raise PermissionDenied("交接由系统管理员和单位负责人办理")
    giver = get_object_or_404(keeper.kept_accounts(), pk=pk)
    form = HandOverForm(
        request.POST if request.method == "POST" else None, keeper=keeper, person=giver, initial={"end": True}
    )
    warning = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            receipt = handover.hand_over(
                person=giver,
                to=data["to"],
                by=request.user,
                end=data["end"],
                sure=request.POST.get("sure") == "1",
            )
        except LastHead as error:
            warning = str(error)
        except AccountRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "交接已办理，可以打印下面的交接单。")
            return redirect("handover-receipt", receipt.pk)
    context = {"person": giver, "work": handover.open_work(giver), "form": form, "warning": warning}
    return render(
        request, "reports/people/hand_over.html", context, status=422 if form.errors or warning else 200
    )


@login_required
@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of a hand-over, to be printed and signed (交接单)."""
    entry = get_object_or_404(handover.receipts(request.user), pk=pk)
    return render(request, "reports/people/receipt.html", {"entry": entry, "data": entry.data})
