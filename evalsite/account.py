"""The own account (我的账号), and unlocking the accounts of a region (登录暂停)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments import lockout, second_factor, sign_ins
from departments.accounts import change_contact
from departments.models import Region, SignIn, User

LAST = 10
"""Sign-ins that are listed."""


class ContactForm(forms.ModelForm):
    """Telephone and e-mail; the name stands in reports and is corrected by the administrator."""

    class Meta:
        model = User
        fields = ("phone", "email")

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and not re.fullmatch(r"[\d+()（）转\-\s]{5,30}", phone):
            raise ValidationError("联系电话只写数字、短横线和分机，如 0734-8120000 转 3")
        return phone


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What one needs to know about one's own account; POST saves telephone and e-mail."""
    sent = request.POST if request.method == "POST" else None
    form = ContactForm(sent, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST":
        if form.is_valid():
            changed = change_contact(user=request.user, **form.cleaned_data)
            messages.success(request, "联系方式已保存" if changed else "联系方式没有变化")
            return redirect("my-account")
        return _account(request, form, status=422)
    return _account(request, form)


def _account(request: HttpRequest, form: ContactForm, status: int = 200) -> HttpResponse:
    user = request.user
    context: dict[str, Any] = {
        "form": form,
        "roles": user.role_assignments.filter(is_active=True).select_related("department", "region"),
        "sessions": sign_ins.open_sessions(user, request.session.session_key),
        "last": SignIn.objects.visible_to(user)[:LAST],
        "second_factor": second_factor.device_of(user),
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
    }
    return render(request, "registration/account.html", context, status=status)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the own sessions (退出这一处)."""
    found = get_object_or_404(SignIn.objects.visible_to(request.user), pk=pk)
    sign_ins.end(user=request.user, only=found.pk, how=SignIn.End.ENDED)
    if found.session_key == request.session.session_key:
        logout(request)
        return redirect("login")
    messages.success(request, "已退出这一处登录")
    return redirect("my-account")


@login_required
@require_POST
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """End all own sessions (全部退出), this one too unless the others are asked for."""
    if "others" in request.POST:
        count = sign_ins.end(user=request.user, but=request.session.session_key, how=SignIn.End.ENDED)
        messages.success(request, f"已退出其他{count}处登录" if count else "没有其他登录")
        return redirect("my-account")
    sign_ins.end(user=request.user, how=SignIn.End.ENDED)
    logout(request)
    return redirect("login")


@login_required
@require_GET
def locked(request: HttpRequest) -> HttpResponse:
    """Accounts of the administered regions that are locked after wrong passwords."""
    groups = [
        (region, lockout.locked_accounts(request.user, region), lockout.may_unlock(request.user, region))
        for region in _watched(request.user)
    ]
    return render(request, "registration/locked_accounts.html", {"groups": groups})


@login_required
@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a locked person try again."""
    region = _watched(request.user).filter(code=request.POST.get("region", "")).first()
    user = User.objects.filter(pk=pk).first()
    if region is None or user is None:
        raise Http404
    done = lockout.unlock(user=user, region=region, by=request.user)
    sentence = f"{user}可以重新登录了" if done else f"{user}的账号现在没有暂停登录"
    messages.success(request, sentence)
    return redirect("accounts-locked")


def _watched(user: User) -> QuerySet[Region]:
    regions = user.access.regions(*lockout.KEEPERS)
    if not regions:
        raise PermissionDenied("只有系统管理员和安全管理员可以解除登录暂停")
    return Region.objects.filter(pk__in=regions)
