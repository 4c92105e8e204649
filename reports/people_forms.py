"""Forms of people, roles and departments. Rules stay in the services; a form only reads what was typed."""

from __future__ import annotations

from typing import Any

from django import forms

from departments.choices import UNIT_ROLES, Role
from departments.models import BusinessOffice, Department, Region, User
from departments.people import Keeper
from departments.units import main_departments
from reports.forms import DeskForm, helper


def refuse(form: forms.Form, errors: dict[str, str]) -> None:
    """Put a service's complaints at their fields; what has no field stands at the top."""
    for name, text in errors.items():
        form.add_error(name if name in form.fields else None, text)


class PersonForm(DeskForm):
    """Name and ways to reach somebody (人员资料)."""

    name = forms.CharField(
        label="姓名", max_length=50, error_messages={"required": "请填写姓名", "max_length": "姓名不超过50字"}
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=30,
        required=False,
        error_messages={"max_length": "联系电话不超过30个字符"},
    )
    email = forms.EmailField(
        label="电子邮箱", required=False, error_messages={"invalid": "请填写完整的邮箱，如 zhang@example.cn"}
    )


class RoleForm(DeskForm):
    """One role in a unit or in a region (授予角色)."""

    role = forms.ChoiceField(
        label="角色", error_messages={"required": "请选择角色", "invalid_choice": "请选择您可以授予的角色"}
    )
    department = forms.ModelChoiceField(
        label="单位",
        queryset=Department.objects.none(),
        required=False,
        empty_label="（财政、管理和审计角色不选单位）",
        error_messages={"invalid_choice": "请选择您管理的在用单位"},
    )
    region = forms.ModelChoiceField(
        label="区县", queryset=Region.objects.none(), required=False, empty_label="请选择"
    )

    def __init__(self, *args: Any, keeper: Keeper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in keeper.roles]
        self.fields["department"].queryset = keeper.departments.filter(is_active=True)
        regions = Region.objects.filter(pk__in=keeper.watched)
        self.fields["region"].queryset = regions
        if len(keeper.watched) < 2:
            self.only_region = regions.first()
            del self.fields["region"]
        if not keeper.watched:
            self.fields["department"].empty_label = None
        self.helper = helper(*self.fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "role" not in data:
            return data
        role = Role(data["role"])
        if role in UNIT_ROLES:
            place = data.get("department")
            if place is None and "department" not in self.errors:
                self.add_error("department", f"{role.label}要选择单位")
        else:
            place = data.get("region") if "region" in self.fields else self.only_region
            if place is None and "region" in self.fields:
                self.add_error("region", f"{role.label}要选择区县")
        return data | {"role": role, "place": place}


class NewPersonForm(PersonForm, RoleForm):
    """A new person with the first role (新增人员)."""

    username = forms.CharField(
        label="账号",
        max_length=150,
        help_text="登录用，建好后不能修改；只用字母、数字和 @ . + - _",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写账号", "max_length": "账号不超过150个字符"},
    )
    field_order = ("name", "username", "phone", "email", "role", "department", "region")


class EndForm(DeskForm):
    """Why an account is switched off (停用原因)."""

    reason = forms.CharField(
        label="停用原因",
        max_length=100,
        error_messages={"required": "请写明停用的原因", "max_length": "停用原因不超过100字"},
    )


class ResetFactorForm(DeskForm):
    """Why the second step of signing in is taken from an account (重置动态码验证)."""

    reason = forms.CharField(
        label="重置原因",
        max_length=100,
        help_text="如：手机丢失，已当面核实本人",
        error_messages={"required": "请写明重置的原因", "max_length": "重置原因不超过100字"},
    )


class HandOverForm(DeskForm):
    """To whom, and whether the giver's account ends (交接)."""

    to = forms.ModelChoiceField(
        label="接手人",
        queryset=User.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择接手人", "invalid_choice": "请选择您管理的在用账号"},
    )
    end = forms.BooleanField(label="同时停用移交人的账号", required=False)

    def __init__(self, *args: Any, keeper: Keeper, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = (
            keeper.kept_accounts().filter(is_active=True).exclude(pk=person.pk).order_by("name")
        )
        self.fields["to"].label_from_instance = lambda user: f"{user.name}（{user.username}）"


class UnitForm(DeskForm):
    """A department (单位)."""

    name = forms.CharField(
        label="单位名称",
        max_length=100,
        error_messages={"required": "请填写单位名称", "max_length": "单位名称不超过100字"},
    )
    kind = forms.CharField(
        label="机构性质", max_length=50, required=False, help_text="如：行政机关、公益一类事业单位"
    )
    parent = forms.ModelChoiceField(
        label="主管部门",
        queryset=Department.objects.none(),
        required=False,
        empty_label="（没有，本单位就是主管部门）",
        error_messages={"invalid_choice": "请选择本区县在用的主管部门"},
    )
    office = forms.ModelChoiceField(
        label="归口业务股室",
        queryset=BusinessOffice.objects.none(),
        required=False,
        empty_label="（还没有）",
        error_messages={"invalid_choice": "请选择本区县的业务股室"},
    )
    budget_code = forms.CharField(label="预算单位编码", max_length=20, required=False)
    credit_code = forms.CharField(label="统一社会信用代码", required=False)
    is_active = forms.BooleanField(
        label="在用（停用的单位不再进入新的自评任务）", required=False, initial=True
    )
    note = forms.CharField(
        label="撤并情况",
        max_length=200,
        required=False,
        help_text="停用时必填，如：2024年3月并入示例区文化局",
        error_messages={"max_length": "撤并情况不超过200字"},
    )

    def __init__(self, *args: Any, region: Region, unit: Department | None = None, **kwargs: Any) -> None:
        if unit is not None:
            kwargs.setdefault("initial", {name: getattr(unit, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = main_departments(region, unit)
        if unit is not None and unit.parent_id:
            kept = Department.objects.filter(pk=unit.parent_id)
            self.fields["parent"].queryset = (main_departments(region, unit) | kept).distinct()
        self.fields["office"].queryset = BusinessOffice.objects.filter(region=region)
