"""The order form of a bulk export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from departments.models import Department, User
from reports.choices import Status
from reports.exporting.services import EXPORTABLE, FINDINGS, KIND_LABELS
from reports.models import Round

USUAL_STATES = (Status.SUBMITTED, Status.APPROVED, Status.PUBLISHED)


class RoundField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Round) -> str:
        return f"{obj.region.name} {obj.year}年度"


class ExportForm(forms.Form):
    """Which round, states, files and main department (批量导出)."""

    round = RoundField(
        label="自评任务",
        queryset=Round.objects.none(),
        empty_label=None,
        error_messages={"required": "请选择自评任务", "invalid_choice": "没有这个自评任务"},
    )
    main_department = forms.ModelChoiceField(
        label="主管部门",
        queryset=Department.objects.none(),
        required=False,
        empty_label="全部",
        error_messages={"invalid_choice": "没有这个主管部门"},
    )
    statuses = forms.MultipleChoiceField(
        label="报告状态",
        choices=[(status.value, status.label) for status in EXPORTABLE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一种报告状态", "invalid_choice": "没有这种状态"},
    )
    kinds = forms.MultipleChoiceField(
        label="导出内容",
        choices=list(KIND_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一种文件", "invalid_choice": "没有这种文件"},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="export-%s", label_suffix="", **kwargs)
        regions = user.access.read_regions
        self.fields["round"].queryset = Round.objects.filter(region__in=regions).select_related("region")
        self.fields["round"].widget.attrs["class"] = "form-select"
        units = Department.objects.filter(parent=OuterRef("pk"))
        main = Department.objects.visible_to(user).filter(Exists(units), region__in=regions)
        self.fields["main_department"].queryset = main.order_by("region", "name")
        self.fields["main_department"].widget.attrs["class"] = "form-select"
        for name in ("statuses", "kinds"):
            self.fields[name].widget.attrs["class"] = "form-check-input"
        self.initial = {"statuses": USUAL_STATES, "kinds": ("pdf", FINDINGS)} | self.initial

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        main, chosen = data.get("main_department"), data.get("round")
        if main and chosen and main.region_id != chosen.region_id:
            self.add_error("main_department", "主管部门不属于这个自评任务的区县")
        return data
