"""Departments and accounts (单位和账号) for the administrator: what there is, lists taken in, one-time passwords handed out.

A one-time password is on the page that answers the act, and nowhere else. Its slips are printed from what that page sends back,
signed, for an hour and for the same person; the server keeps only the hash.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_GET, require_POST

from departments.accounts import Account, AccountRefused, accounts_of, hand_out_again, state_of
from departments.bulk import BulkRefused, Change, Row, carry_out, plan
from departments.models import AccountList, Department, Region, RoleAssignment
from departments.people import Keeper
from reports.account_files import read_lists, slips_pdf, slips_xlsx, template
from reports.intake import IntakeError
from reports.virus_scan import Infected

PAGE = 50
MOST_SHOWN = 300
"""Lines of a preview that are listed of each kind; more are counted."""
SLIPS_SALT = "evalsite.slips"
SLIPS_AGE = 60 * 60
KINDS = {
    "pdf": ("application/pdf", slips_pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", slips_xlsx),
}


def _regions(request: HttpRequest) -> list[Region]:
    """Regions that this person administers; nobody else comes here."""
    found = list(Region.objects.filter(pk__in=request.user.access.administered_regions))
    if not found:
        raise PermissionDenied("只有系统管理员可以维护单位和账号")
    return found


def _region(request: HttpRequest, code: str) -> Region:
    regions = _regions(request)
    if not code:
        return regions[0]
    for region in regions:
        if region.code == code:
            return region
    raise Http404


@login_required
@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts of a region with their roles and the state of their passwords, and the way to take in a list."""
    return _list(request, _region(request, request.GET.get("region", "")))


def _list(request: HttpRequest, region: Region, *, status: int = 200, **more: Any) -> HttpResponse:
    words, waiting = request.GET.get("q", "").strip(), request.GET.get("waiting") == "1"
    accounts = accounts_of(request.user, region)
    if words:
        accounts = accounts.filter(
            Q(username__icontains=words)
            | Q(name__icontains=words)
            | Q(
                pk__in=RoleAssignment.objects.filter(
                    department__region=region, department__name__icontains=words
                ).values("user")
            )
        )
    if waiting:
        accounts = accounts.filter(must_change_password=True)
    roles = RoleAssignment.objects.filter(
        Q(region=region) | Q(department__region=region), is_active=True
    ).select_related("department", "region")
    page = Paginator(
        accounts.order_by("username").prefetch_related(Prefetch("role_assignments", roles, to_attr="held")),
        PAGE,
    ).get_page(request.GET.get("page"))
    context = {
        "region": region,
        "regions": _regions(request),
        "page": page,
        "rows": [(user, state_of(user), user.held) for user in page],
        "words": words,
        "waiting": waiting,
        "kept": urlencode({"region": region.code, "q": words, "waiting": "1" if waiting else ""}),
        "pending": AccountList.objects.visible_to(request.user).filter(region=region).first(),
        "departments": Department.objects.visible_to(request.user)
        .filter(region=region, is_active=True)
        .count(),
        "days": settings.ONE_TIME_PASSWORD_DAYS,
    }
    return render(request, "reports/accounts/list.html", context | more, status=status)


@login_required
@require_GET
def account_template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    region = _region(request, request.GET.get("region", ""))
    units = (
        Department.objects.visible_to(request.user)
        .filter(region=region, is_active=True)
        .select_related("parent")
    )
    return _file(template(region, list(units)), "xlsx", f"{region.name}单位和人员名单.xlsx")


@login_required
@require_POST
def account_upload(request: HttpRequest) -> HttpResponse:
    """Read a list and keep what it says until the person decides."""
    region = _region(request, request.POST.get("region", ""))
    file = request.FILES.get("file")
    if file is None:
        return _list(request, region, status=422, refused="请先选择文件")
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
        return _list(request, region, status=422, refused=f"“{file.name}”超过 {limit} MB，没有读取")
    try:
        departments, people = read_lists(file.read(), file.name or "")
    except (IntakeError, Infected) as error:
        return _list(request, region, status=422, refused=f"“{file.name}”没有读取：{error}")
    content = {
        "departments": [dataclasses.asdict(row) for row in departments],
        "people": [dataclasses.asdict(row) for row in people],
    }
    with transaction.atomic():
        AccountList.objects.visible_to(request.user).filter(region=region).delete()
        item = AccountList.objects.create(
            region=region, by=request.user, name=(file.name or "")[-200:], content=content
        )
    return redirect("account-preview", item.pk)


def _rows(item: AccountList) -> tuple[list[Row], list[Row]]:
    return (
        [Row(**row) for row in item.content["departments"]],
        [Row(**row) for row in item.content["people"]],
    )


@login_required
@require_GET
def account_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the list would make and change, and what has to be mended in it."""
    _regions(request)
    item = get_object_or_404(AccountList.objects.visible_to(request.user).select_related("region"), pk=pk)
    return _preview(request, item)


def _preview(
    request: HttpRequest, item: AccountList, *, refused: str = "", status: int = 200
) -> HttpResponse:
    found = plan(item.region, *_rows(item), by=request.user)
    groups = [
        (change, found.of(change)) for change in (Change.REFUSED, Change.NEW, Change.CHANGED, Change.SAME)
    ]
    context = {
        "item": item,
        "plan": found,
        "groups": [(change, items[:MOST_SHOWN], len(items)) for change, items in groups if items],
        "most": MOST_SHOWN,
        "refused": refused,
    }
    return render(request, "reports/accounts/preview.html", context, status=status)


@login_required
@require_POST
def account_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the list in one transaction; the answer holds the one-time passwords and is the only place that does."""
    _regions(request)
    item = AccountList.objects.visible_to(request.user).select_related("region").filter(pk=pk).first()
    if item is None:
        messages.info(
            request, "这份名单已经写入或已被新的一份替换。没有拿到初始密码的，可以在下面勾选后重新发放。"
        )
        return redirect("accounts")
    try:
        with transaction.atomic():
            made = carry_out(item.region, *_rows(item), by=request.user, seen=request.POST.get("seen", ""))
            item.delete()
    except BulkRefused as error:
        return _preview(request, item, refused=str(error), status=409)
    return show_passwords(request, item.region, made.accounts, head="名单已写入", made=made)


@login_required
@require_POST
def account_reissue(request: HttpRequest) -> HttpResponse:
    """New one-time passwords for the ticked accounts."""
    region = _region(request, request.POST.get("region", ""))
    chosen = [int(value) for value in request.POST.getlist("user") if value.isdecimal()]
    try:
        accounts = hand_out_again(by=request.user, region=region, chosen=chosen)
    except AccountRefused as error:
        return _list(request, region, status=422, refused=str(error))
    return show_passwords(request, region, accounts, head="初始密码已重新发放")


def show_passwords(
    request: HttpRequest,
    region: Region,
    accounts: list[Account],
    *,
    head: str,
    back: str = "accounts",
    **more: Any,
) -> HttpResponse:
    """The page with one-time passwords that were just made; ``back`` names the page behind it."""
    until = timezone.localdate() + datetime.timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)
    sealed = signing.dumps(
        {
            "user": request.user.pk,
            "region": region.pk,
            "until": until.isoformat(),
            "accounts": [dataclasses.astuple(account) for account in accounts],
        },
        salt=SLIPS_SALT,
        compress=True,
    )
    context = {
        "region": region,
        "accounts": accounts,
        "until": until,
        "sealed": sealed,
        "head": head,
        "back": back,
    }
    response = render(request, "reports/accounts/handed.html", context | more)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def account_slips(request: HttpRequest, kind: str) -> HttpResponse:
    """The slips of passwords that were just made, as PDF to cut up or as a workbook."""
    if kind not in KINDS:
        raise Http404
    keeper = Keeper.of(request.user)
    if not keeper.keeps_accounts:
        raise PermissionDenied("安全管理员不发放密码，请由系统管理员办理")
    try:
        told = signing.loads(request.POST.get("sealed", ""), salt=SLIPS_SALT, max_age=SLIPS_AGE)
    except signing.BadSignature:
        messages.error(request, "密码条只能在发放后一小时内下载。请勾选账号重新发放初始密码。")
        return redirect("people")
    region = Region.objects.filter(
        Q(pk__in=keeper.regions) | Q(departments__in=keeper.units), pk=told["region"]
    ).first()
    if told["user"] != request.user.pk or region is None:
        raise Http404
    accounts = [Account(*fields) for fields in told["accounts"]]
    _, printer = KINDS[kind]
    until = datetime.date.fromisoformat(told["until"])
    return _file(printer(region, accounts, until), kind, f"{region.name}初始密码条.{kind}")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=KINDS[kind][0])
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response
