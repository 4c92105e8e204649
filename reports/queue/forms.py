"""Forms of the queue: what an act on many reports needs, a saved view, a business office."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from departments.models import BusinessOffice, Department, Region, User
from reports.forms import LONGEST_REASON, DeskForm, helper
from reports.queue.bulk import Act
from reports.queue.services import possible_members
from reports.rounds.services import LONGEST_REMINDER


class ActForm(DeskForm):
    """To whom, why, until when: only what the act asks for."""

    to = forms.ModelChoiceField(
        label="分派给",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择审核人员", "invalid_choice": "请选择审核人员"},
    )
    until = forms.DateField(
        label="延期至",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择延期日期", "invalid": "请按 2024-06-30 的格式填写日期"},
    )
    reason = forms.CharField(
        label="理由（单位和经办人都会看到）",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由", "max_length": f"理由不超过{LONGEST_REASON}字"},
    )

    message = forms.CharField(
        label="催报内容（各单位的截止日期会自动写在后面）",
        max_length=LONGEST_REMINDER,
        initial="请抓紧完成部门整体支出绩效自评，经单位负责人确认后按时报送。",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写催报内容", "max_length": f"催报内容不超过{LONGEST_REMINDER}字"},
    )

    def __init__(self, *args: object, act: Act, regions: frozenset[int], **kwargs: object) -> None:
        super().__init__(*args, auto_id="act-%s", **kwargs)
        for name in list(self.fields):
            if name not in act.fields:
                del self.fields[name]
        self.helper = helper(*self.fields)
        if "to" in self.fields:
            self.fields["to"].queryset = User.objects.filter(
                pk__in=[person.pk for region in regions for person in possible_members(region)]
            )

    @property
    def params(self) -> dict[str, object]:
        """What was typed, as JSON keeps it."""
        data = self.cleaned_data
        made: dict[str, object] = {}
        if "to" in data:
            made["to"] = data["to"].pk
        if "until" in data:
            made["until"] = data["until"].isoformat()
        made |= {name: data[name] for name in ("reason", "message") if name in data}
        return made


class OfficeForm(DeskForm):
    """A business office with its people and departments (业务股室)."""

    name = forms.CharField(
        label="股室名称",
        max_length=30,
        error_messages={"required": "请填写股室名称", "max_length": "股室名称不超过30字"},
    )
    members = forms.ModelMultipleChoiceField(
        label="审核人员",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选的人不是本区县的审核人员"},
    )
    departments = forms.ModelMultipleChoiceField(
        label="归口单位",
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选的单位不在本区县"},
    )

    def __init__(
        self, *args: object, region: Region, office: BusinessOffice | None = None, **kwargs: object
    ) -> None:
        if office is not None:
            kwargs.setdefault(
                "initial",
                {
                    "name": office.name,
                    "members": [person.pk for person in office.members.all()],
                    "departments": [item.pk for item in office.departments.all()],
                },
            )
        super().__init__(*args, auto_id="office-%s", **kwargs)
        self.region, self.office = region, office
        self.fields["members"].queryset = possible_members(region)
        self.fields["departments"].queryset = Department.objects.filter(region=region, is_active=True)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        same = BusinessOffice.objects.filter(region=self.region, name=name)
        if same.exclude(pk=self.office and self.office.pk).exists():
            raise ValidationError("本区县已有同名股室")
        return name
