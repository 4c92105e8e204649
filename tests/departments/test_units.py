"""Departments kept by the administrator: adding, renaming, the tree, ending."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from departments.models import AuditEntry, BusinessOffice, Department
from departments.units import UnitRefused, add_unit, change_unit
from tests.db import make_department, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return make_user("administrator", name="管理某")


def test_a_department_is_added(administrator):
    main = make_department("示例区文化局")
    made = add_unit(
        region=make_region(), by=administrator, name="示例区 图书馆", kind="事业单位", parent=main
    )
    assert (made.name, made.parent) == ("示例区图书馆", main)
    assert AuditEntry.objects.get().sentence == "管理某新增单位：示例区图书馆"


def test_only_the_administrator_of_the_region(administrator):
    with pytest.raises(PermissionDenied):
        add_unit(region=make_region(), by=make_user("unit_head"), name="示例区图书馆")
    far = make_department("邻区水利局", region=make_region("430408", "邻区"))
    with pytest.raises(PermissionDenied):
        change_unit(unit=far, by=administrator, name="邻区水务局")


def test_what_changed_is_told(administrator):
    unit = make_department("示例区档案馆", kind="事业单位")
    office = BusinessOffice.objects.create(region=unit.region, name="教科文股")
    changed = change_unit(unit=unit, by=administrator, name="示例区档案局", office=office)
    assert changed == ["单位名称", "财政局业务股室"]
    entry = AuditEntry.objects.get()
    assert "单位名称“示例区档案馆”改为“示例区档案局”" in entry.sentence
    assert entry.data["name"] == ["示例区档案馆", "示例区档案局"]
    assert change_unit(unit=unit, by=administrator, name="示例区档案局") == []


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"name": "示例区水利局"}, "name", "同名"),
        ({"name": " "}, "name", "请填写单位名称"),
        ({"credit_code": "123"}, "credit_code", "统一社会信用代码"),
        ({"is_active": False}, "note", "去向"),
    ],
)
def test_refusals_stand_at_their_fields(administrator, values, field, words):
    make_department("示例区水利局")
    unit = make_department()
    with pytest.raises(UnitRefused) as refused:
        change_unit(unit=unit, by=administrator, **values)
    assert words in refused.value.errors[field]
    assert Department.objects.get(pk=unit.pk).name == "示例区档案馆"
    assert not AuditEntry.objects.exists()


def test_the_tree_has_two_levels(administrator):
    main = make_department("示例区文化局")
    unit = make_department("示例区图书馆", parent=main)
    other = make_department("示例区教育局")
    far = make_department("邻区水利局", region=make_region("430408", "邻区"))
    for one, parent in ((other, unit), (main, other), (other, other), (other, far)):
        with pytest.raises(UnitRefused) as refused:
            change_unit(unit=one, by=administrator, parent=parent)
        assert "parent" in refused.value.errors


def test_a_main_department_with_units_is_not_ended(administrator):
    main = make_department("示例区文化局")
    unit = make_department("示例区图书馆", parent=main)
    with pytest.raises(UnitRefused) as refused:
        change_unit(unit=main, by=administrator, is_active=False, note="并入示例区文旅局")
    assert "所属单位" in refused.value.errors["is_active"]
    change_unit(unit=unit, by=administrator, is_active=False, note="并入示例区文旅局")
    change_unit(unit=main, by=administrator, is_active=False, note="并入示例区文旅局")
    assert not Department.objects.filter(is_active=True).exists()
