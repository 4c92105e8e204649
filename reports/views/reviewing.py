"""Acts of the re-evaluation line by line (单项复核)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from budgets.money import AmountError, parse_number
from reports import reviewing, services
from reports.models import ReviewMark
from reports.views.common import act, back, keep_typed, visible_report

TAB = "card"


class MarkForm(forms.Form):
    """One entry as typed; what it may be is judged by the engine."""

    line = forms.CharField(max_length=60, error_messages={"required": "请选择指标"})
    rule = forms.CharField(max_length=40, required=False)
    points = forms.CharField(max_length=20, required=False)
    reason = forms.CharField(
        max_length=300, error_messages={"required": "请写明复核理由", "max_length": "复核理由不超过300字"}
    )

    together = forms.BooleanField(required=False)

    def clean_points(self):
        text = self.cleaned_data["points"]
        if not text:
            return None
        try:
            number = parse_number(text, "8.5")
        except AmountError as error:
            raise forms.ValidationError(str(error)) from None
        if number != round(number, 2):
            raise forms.ValidationError("分数最多两位小数")
        return number


@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a deduction or a reviewed score for one line."""
    report = visible_report(request, pk)
    services.require_bureau(request.user, report)
    form = MarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, "；".join(error for errors in form.errors.values() for error in errors))
        keep_typed(request, report)
        return back(report, TAB)
    return act(
        request,
        report,
        lambda: reviewing.set_mark(report=report, by=request.user, **form.cleaned_data),
        "已记入单项复核",
        TAB,
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry back."""
    marks = ReviewMark.objects.visible_to(request.user).select_related("submission__report")
    mark = get_object_or_404(marks, pk=pk)
    report = visible_report(request, mark.submission.report_id)
    services.require_bureau(request.user, report)
    return act(
        request,
        report,
        lambda: reviewing.withdraw_mark(mark=mark, by=request.user),
        "已撤销单项复核",
        TAB,
    )
