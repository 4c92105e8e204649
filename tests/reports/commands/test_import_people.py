"""``manage.py import_people``: previewed, all complaints at once, all or nothing, passwords on a list of its own."""

from __future__ import annotations

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from departments.models import AuditEntry, Department, RoleAssignment, User
from tests.db import make_department, make_region

pytestmark = [pytest.mark.django_db, pytest.mark.database]

UNITS = [
    ["示例区教育局", "机关", "201001", "", ""],
    ["示例区第一中学", "公益一类事业单位", "201002", "", "示例区教育局"],
]
PEOPLE = [
    ["王某", "jyj-wang", "填报人", "示例区教育局", "0734-1"],
    ["王某", "jyj-wang", "单位负责人", "示例区教育局", "0734-1"],
    ["李某", "czj-li", "财政局业务股室", "", ""],
]


@pytest.fixture(autouse=True)
def region():
    return make_region()


def book(tmp_path, units=UNITS, people=PEOPLE):
    made = Workbook()
    made.active.title = "单位"
    made.active.append(["示例区预算单位名单"])
    made.active.append(["单位名称", "机构性质", "预算单位编码", "统一社会信用代码", "主管部门"])
    for row in units:
        made.active.append(row)
    sheet = made.create_sheet("人员")
    sheet.append(["序号", "姓名", "账号", "角色", "单位", "联系电话"])
    for number, row in enumerate(people, 1):
        sheet.append([number, *row])
    buffer = BytesIO()
    made.save(buffer)
    path = tmp_path / "people.xlsx"
    path.write_bytes(buffer.getvalue())
    return path


def run(*args) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import_people", *map(str, args), "--region", "430407", stdout=out, stderr=err)
    finally:
        run.err = err.getvalue()
    return out.getvalue(), err.getvalue()


def test_a_preview_writes_nothing(tmp_path):
    out, _ = run(book(tmp_path))
    assert "新增：示例区教育局" in out
    assert "王某（jyj-wang）　授予角色：示例区教育局单位负责人" in out
    assert not Department.objects.exists()
    assert not User.objects.exists()


def test_departments_people_roles_and_passwords(tmp_path):
    target = tmp_path / "passwords.xlsx"
    out, _ = run(book(tmp_path), "--write", "--passwords", target)
    assert "2个单位、2个账号" in out
    assert Department.objects.get(name="示例区第一中学").parent.name == "示例区教育局"
    assert RoleAssignment.objects.count() == 3
    rows = list(load_workbook(target).active.iter_rows(values_only=True))[1:]
    assert target.stat().st_mode & 0o077 == 0
    for row in rows:
        user = User.objects.get(username=row[3])
        assert user.check_password(row[4])
        assert user.must_change_password
    entry = AuditEntry.objects.get(event="accounts.bulk")
    assert rows[0][4] not in str(entry.data)
    again, _ = run(book(tmp_path), "--write", "--passwords", tmp_path / "second.xlsx")
    assert "0个单位、0个账号" in again


def test_all_complaints_at_once_and_nothing_made(tmp_path):
    make_department("示例区档案馆")
    units = [
        ["示例区教育局", "机关", "", "123", ""],
        ["", "机关", "", "", ""],
        ["某校", "", "", "", "没有的局"],
    ]
    people = [
        ["赵某", "", "填报人", "示例区档案馆", ""],
        ["钱某", "q", "股长", "", ""],
        ["孙某", "s", "填报人", "没有的单位", ""],
    ]
    with pytest.raises(CommandError, match="有6处需要改正"):
        run(book(tmp_path, units, people), "--write", "--passwords", tmp_path / "p.xlsx")
    for cell in ("单位!D3", "单位!A4", "单位!E5", "人员!C2", "人员!D3", "人员!E4"):
        assert f"{cell}：" in run.err
    assert Department.objects.count() == 1
    assert not User.objects.exists()


def test_a_file_without_lists(tmp_path):
    path = tmp_path / "a.xlsx"
    Workbook().save(path)
    with pytest.raises(CommandError, match="没有找到单位名单"):
        run(path)


def test_nothing_is_made_when_the_passwords_cannot_be_written_down(tmp_path):
    with pytest.raises(CommandError, match="没有建立任何单位和账号"):
        run(book(tmp_path), "--write", "--passwords", tmp_path / "missing" / "p.xlsx")
    assert not User.objects.exists()


def test_passwords_as_slips_to_cut_up(tmp_path):
    target = tmp_path / "slips.pdf"
    run(book(tmp_path), "--write", "--passwords", target)
    assert target.read_bytes().startswith(b"%PDF")
