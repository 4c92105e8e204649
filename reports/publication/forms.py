"""Forms of the bureau's pages of publication and of the public search. Rules stay in the services."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from departments.models import Region
from reports.forms import LONGEST_REASON, DeskForm

REASON_ERRORS = {"required": "请写明理由", "max_length": f"理由不超过{LONGEST_REASON}字"}


class DateForm(DeskForm):
    """决算批复日期; empty takes it back."""

    date = forms.DateField(
        label="决算批复日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2024-06-30 的格式填写决算批复日期"},
    )


class MarkForm(DeskForm):
    """A part that is not to be published, and why."""

    where = forms.ChoiceField(
        label="不公开的部分",
        error_messages={"required": "请选择不公开的部分", "invalid_choice": "报告中没有这个部分，请重新选择"},
    )
    reason = forms.CharField(label="理由", max_length=LONGEST_REASON, error_messages=REASON_ERRORS)

    def __init__(self, *args: object, choices: Iterable[object] = (), **kwargs: object) -> None:
        super().__init__(*args, auto_id="mark-%s", **kwargs)
        self.fields["where"].choices = [("", "请选择"), *choices]


class ClassifyForm(DeskForm):
    """Name a unit classified, or lift it, with a reason."""

    classified = forms.TypedChoiceField(
        choices=[("1", "认定"), ("0", "取消认定")],
        coerce=lambda value: value == "1",
        error_messages={"required": "没有办理，请重新提交", "invalid_choice": "没有办理，请重新提交"},
    )
    reason = forms.CharField(label="理由", max_length=LONGEST_REASON, error_messages=REASON_ERRORS)


class SearchForm(forms.Form):
    """What the public filters by; a value that makes no sense is named and left out."""

    q = forms.CharField(label="关键词", required=False, max_length=50)
    unit = forms.CharField(label="单位名称", required=False, max_length=50)
    region = forms.ChoiceField(label="区县", required=False)
    year = forms.ChoiceField(label="年度", required=False)
    grade = forms.ChoiceField(label="自评等级", required=False)

    def __init__(
        self,
        data: object,
        *,
        regions: Iterable[Region],
        years: Iterable[int],
        grades: Iterable[str],
    ) -> None:
        super().__init__(data, label_suffix="")
        self.fields["region"].choices = [("", "全部区县"), *((one.code, one.name) for one in regions)]
        self.fields["year"].choices = [("", "全部年度"), *((str(year), f"{year}年度") for year in years)]
        self.fields["grade"].choices = [("", "全部等级"), *((grade, grade) for grade in grades)]
