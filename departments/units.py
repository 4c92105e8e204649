"""Departments kept on pages by the administrator (单位管理): add, rename, main department, office, in use or not."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from departments.models import BusinessOffice, Department, Region, User
from departments.people import Keeper
from departments.services import record

FIELDS = ("name", "kind", "budget_code", "credit_code", "parent", "office", "is_active", "note")


class UnitRefused(Exception):
    """A department cannot be kept so; ``errors`` maps the field to its Chinese sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = errors


def kept_units(by: User) -> QuerySet[Department]:
    """Departments of the regions that the person administers."""
    return Department.objects.filter(region__in=Keeper.of(by).regions)


def main_departments(region: Region, unit: Department | None = None) -> QuerySet[Department]:
    """Departments of the region that can be the 主管部门 of a unit: in use and themselves without one."""
    return Department.objects.filter(region=region, parent=None, is_active=True).exclude(
        pk=unit.pk if unit else None
    )


@transaction.atomic
def add_unit(*, region: Region, by: User, **values: Any) -> Department:
    """Add a department (新增单位). Raises :class:`UnitRefused`."""
    _require(by, region)
    unit = Department(region=region)
    _fill(unit, values)
    unit.save()
    record(event="unit-add", sentence=f"{by.name}新增单位：{unit.name}", by=by, department=unit)
    return unit


@transaction.atomic
def change_unit(*, unit: Department, by: User, **values: Any) -> list[str]:
    """Change a department; what changed, in Chinese. Frozen submissions and publications keep the old name."""
    unit = (
        Department.objects.select_for_update(of=("self",), no_key=True)
        .select_related("region", "parent", "office")
        .get(pk=unit.pk)
    )
    _require(by, unit.region)
    before = {name: getattr(unit, name) for name in FIELDS}
    _fill(unit, values)
    changed = [name for name in FIELDS if getattr(unit, name) != before[name]]
    if not changed:
        return []
    unit.save(update_fields=changed)
    told = [
        f"{Department._meta.get_field(name).verbose_name}“{_word(before[name])}”改为“{_word(getattr(unit, name))}”"
        for name in changed
    ]
    record(
        event="unit-change",
        sentence=f"{by.name}修改单位“{before['name']}”：{'，'.join(told)}",
        by=by,
        department=unit,
        data={"changed": changed, "name": [before["name"], unit.name]},
    )
    return [str(Department._meta.get_field(name).verbose_name) for name in changed]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if value else "空"


def _fill(unit: Department, values: dict[str, Any]) -> None:
    was = unit.parent_id
    for name in FIELDS:
        if name in values:
            setattr(unit, name, values[name])
    unit.name = "".join(unit.name.split())
    errors: dict[str, str] = {}
    try:
        unit.full_clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for text in messages:
                errors.setdefault(_field(text) if name == NON_FIELD_ERRORS else name, text)
    if not unit.name:
        errors["name"] = "请填写单位名称"
    _check_tree(unit, was, errors)
    if not unit.is_active and not unit.note:
        errors["note"] = "停用的单位请写明去向，如：2024年3月并入示例区文化局"
    if errors:
        raise UnitRefused(errors)


def _field(text: str) -> str:
    """The field that the message of a constraint is about."""
    about = {"同名": "name", "信用代码": "credit_code", "主管部门": "parent"}
    return next((name for words, name in about.items() if words in text), NON_FIELD_ERRORS)


def _check_tree(unit: Department, was: int | None, errors: dict[str, str]) -> None:
    parent: Department | None = unit.parent
    if parent is not None and parent.pk != was:
        if parent.region_id != unit.region_id:
            errors["parent"] = "主管部门应是本区县的单位"
        elif parent.pk == unit.pk:
            errors["parent"] = "主管部门不能是单位自己"
        elif parent.parent_id:
            errors["parent"] = f"“{parent.name}”自己还有主管部门，不能再作主管部门"
        elif unit.pk and Department.objects.filter(parent=unit, is_active=True).exists():
            errors["parent"] = "本单位还有所属单位，不能再归到别的主管部门；请先改它们的主管部门"
    office: BusinessOffice | None = unit.office
    if office is not None and office.region_id != unit.region_id:
        errors["office"] = "业务股室应是本区县的股室"
    if unit.pk and not unit.is_active and Department.objects.filter(parent=unit, is_active=True).exists():
        errors["is_active"] = "本单位还有在用的所属单位，请先改它们的主管部门，再停用"


def _require(by: User, region: Region) -> None:
    Keeper.of(by).require_region(region)
