"""Forms of a round. They read what was typed; what is allowed is decided in :mod:`reports.rounds.services`."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from departments.models import Department, Region
from reports.forms import LONGEST_REASON, DeskForm
from reports.models import Round
from reports.rounds import reading
from reports.rounds.services import LONGEST_REMINDER, Terms

DATE_WRONG = "请按 2024-05-31 的格式填写日期"


def date_field(label: str, missing: str, **kwargs: Any) -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": DATE_WRONG},
        **kwargs,
    )


def reason_field(label: str, missing: str, **kwargs: Any) -> forms.CharField:
    """A few sentences that go into the log and to the people concerned."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing, "max_length": f"{label}不超过{LONGEST_REASON}字"},
        **kwargs,
    )


class TermsForm(DeskForm):
    """Dates and requirements of a round."""

    opens = date_field("开始日期", "请填写开始日期")
    deadline = date_field("截止日期", "请填写截止日期", help_text="当天24时前可以报送。")
    department_review = forms.BooleanField(
        label="先经主管部门审核",
        required=False,
        help_text="有主管部门的单位先报主管部门，审核通过后再到财政局。",
    )
    scan_required = forms.BooleanField(
        label="须上传盖章扫描件",
        required=False,
        help_text="负责人确认后，单位下载PDF签字盖章，扫描上传后才能报送。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, deadline = cleaned.get("opens"), cleaned.get("deadline")
        if opens and deadline and deadline < opens:
            self.add_error("deadline", "截止日期不能早于开始日期")
        return cleaned

    @property
    def terms(self) -> Terms:
        return Terms(
            **{
                name: self.cleaned_data[name]
                for name in ("opens", "deadline", "department_review", "scan_required")
            }
        )


class DepartmentsMixin(forms.Form):
    """The list to tick. ``groups`` is what the template shows, ``ticked`` what is chosen at present."""

    region: Region
    groups: list[reading.Group]

    def offer(self, region: Region, without: set[int] | None = None) -> None:
        """Offer the region's departments in use; all are ticked until somebody chooses."""
        self.region, self.groups = region, reading.department_groups(region, without or ())
        offered = [group.main.pk for group in self.groups if group.main_is_in]
        offered += [unit.pk for group in self.groups for unit in group.units]
        self.fields["departments"].queryset = Department.objects.filter(pk__in=offered).select_related(
            "parent"
        )
        self.offered = frozenset(offered)

    @property
    def ticked(self) -> frozenset[int]:
        if not self.is_bound:
            return self.offered if self.all_ticked else frozenset()
        values = self.data.getlist("departments")
        return frozenset(int(value) for value in values if value.isascii() and value.isdecimal())

    all_ticked = True


def departments_field() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label="参加单位",
        queryset=Department.objects.none(),
        error_messages={
            "required": "请至少选择一个单位",
            "invalid_choice": "选中的单位有的已不能选择，请重新勾选",
            "invalid_pk_value": "选中的单位有的已不能选择，请重新勾选",
        },
    )


class OpenForm(TermsForm, DepartmentsMixin):
    """A new year's round (布置自评任务)."""

    year = forms.IntegerField(
        label="评价年度",
        min_value=2000,
        max_value=2100,
        error_messages={
            "required": "请填写评价年度",
            "invalid": "评价年度请填写四位数字，如 2024",
            "min_value": "评价年度应在2000年至2100年之间",
            "max_value": "评价年度应在2000年至2100年之间",
        },
        help_text="被评价的预算年度，通常是上一年。",
    )
    policy = forms.ChoiceField(label="评分办法", error_messages={"invalid_choice": "请选择评分办法"})
    template = forms.ChoiceField(label="报告模板", error_messages={"invalid_choice": "请选择报告模板"})
    carry_over = forms.BooleanField(
        label="从上年度报告带入",
        required=False,
        help_text="带入单位情况、职责、目标、指标名称和分值；金额和完成值一律不带入。",
    )
    departments = departments_field()

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        kwargs.setdefault("initial", opening_defaults(region))
        super().__init__(*args, **kwargs)
        self.fields["policy"].choices = reading.policy_choices(region)
        self.fields["template"].choices = reading.template_choices(region)
        self.offer(region)

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if Round.objects.filter(region=self.region, year=year).exists():
            raise forms.ValidationError(f"{year}年度的自评任务已经建立，可以在任务页增加单位")
        return year

    def clean_deadline(self) -> datetime.date:
        deadline = self.cleaned_data["deadline"]
        if deadline < timezone.localdate():
            raise forms.ValidationError("截止日期已经过去")
        return deadline


def opening_defaults(region: Region) -> dict[str, Any]:
    """A new round begins like the last one: same policy, outline and requirements, 60 days from today."""
    today = timezone.localdate()
    last = Round.objects.filter(region=region).order_by("-year").first()
    defaults: dict[str, Any] = {
        "year": last.year + 1 if last else today.year - 1,
        "opens": today,
        "deadline": today + datetime.timedelta(days=60),
        "carry_over": True,
    }
    if last:
        names = ("policy", "template", "department_review", "scan_required", "carry_over")
        defaults |= {name: getattr(last, name) for name in names}
    return defaults


class AddForm(DepartmentsMixin, DeskForm):
    """Units that join an open round (增加单位)."""

    all_ticked = False
    departments = departments_field()

    def __init__(self, *args: Any, round: Round, without: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(round.region, without)


class ChangeForm(TermsForm):
    """Other dates or requirements of an open round, with a reason for the log."""

    reason = reason_field("修改理由", "请写明修改理由", help_text="写入操作日志。")


class CloseForm(DeskForm):
    """Closing a round (关闭任务)."""

    note = reason_field("关闭说明", "", required=False, help_text="选填，写入操作日志。")


class ReopenForm(DeskForm):
    """Opening a closed round again."""

    reason = reason_field("重新开放的理由", "请写明重新开放的理由")


class LeaveOutForm(DeskForm):
    """Leaving units out of the round (取消)."""

    reason = reason_field(
        "取消理由", "请写明取消理由", help_text="单位和经办人都会看到，例如：单位已撤销，职能并入某局。"
    )


class ExtendManyForm(DeskForm):
    """A later deadline for several units."""

    until = date_field("延期至", "请选择延期日期")
    reason = reason_field("延期理由", "请写明延期理由", help_text="单位会看到。")


class RemindForm(DeskForm):
    """The words of a reminder; each unit's own deadline is added behind them."""

    text = forms.CharField(
        label="催报内容",
        max_length=LONGEST_REMINDER,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="后面会自动加上各单位自己的截止日期和剩余天数。",
        error_messages={
            "required": "请填写催报内容",
            "max_length": f"催报内容不超过{LONGEST_REMINDER}字",
        },
    )
    again = forms.BooleanField(label="今天已经催报过的单位也再发一次", required=False)


class BannerForm(DeskForm):
    """The notice on every page (维护公告)."""

    text = forms.CharField(
        label="公告内容",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：系统将于5月20日18:00至20:00维护，请提前保存。",
        error_messages={"required": "请填写公告内容", "max_length": "公告内容不超过200字"},
    )
    starts = forms.DateTimeField(
        label="开始显示",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": "请填写开始显示的时间",
            "invalid": "请按 2024-05-20 18:00 的格式填写时间",
        },
    )
    ends = forms.DateTimeField(
        label="停止显示",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": "请填写停止显示的时间",
            "invalid": "请按 2024-05-20 20:00 的格式填写时间",
        },
    )

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "停止显示的时间应晚于开始显示的时间")
        elif ends and ends <= timezone.now():
            self.add_error("ends", "停止显示的时间已经过去")
        return cleaned
