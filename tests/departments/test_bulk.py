"""Lists of departments and people: what a plan says of each line, and that writing does that and no more."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, identify_hasher

from departments.accounts import ITERATIONS, give_one_time_password
from departments.bulk import (
    DEPARTMENT_HEADS,
    MOST_ROWS,
    PEOPLE_HEADS,
    BulkRefused,
    Change,
    Row,
    carry_out,
    plan,
)
from departments.models import AuditEntry, Department, RoleAssignment, User
from tests.db import make_department, make_region, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def rows(sheet, heads, *lines):
    letters = dict(zip(heads, "ABCDE", strict=True))
    return [
        Row(sheet, number, dict(zip(heads, line, strict=False)), letters)
        for number, line in enumerate(lines, 3)
    ]


def units(*lines):
    return rows("单位", DEPARTMENT_HEADS, *lines)


def people(*lines):
    return rows("人员", PEOPLE_HEADS, *lines)


def told(made):
    return [(item.change, item.place, item.detail) for item in made.items]


def test_a_department_is_new_changed_or_the_same():
    make_department("示例区教育局", kind="机关", budget_code="201001")
    made = plan(
        make_region(),
        units(
            ["示例区教育局", "", "201001", "", ""],
            ["示例区第一中学", "公益一类事业单位", "", "", "示例区教育局"],
        ),
        [],
    )
    assert told(made) == [
        (Change.SAME, "单位!3", ""),
        (Change.NEW, "单位!4", "主管部门：示例区教育局"),
    ]
    changed = plan(make_region(), units(["示例区教育局", "行政机关", "201002", "", ""]), [])
    assert told(changed) == [
        (Change.CHANGED, "单位!3", "机构性质：机关 → 行政机关；预算单位编码：201001 → 201002")
    ]


def test_an_empty_cell_leaves_what_is_stored():
    make_department("示例区教育局", kind="机关", budget_code="201001")
    carry_out(make_region(), units(["示例区教育局", "", "201009", "", ""]), [])
    unit = Department.objects.get()
    assert (unit.kind, unit.budget_code) == ("机关", "201009")


@pytest.mark.parametrize(
    ("lines", "cell", "words"),
    [
        ([["", "机关"]], "单位!A3", "没有填写单位名称"),
        ([["甲局"], ["甲局"]], "单位!A4", "出现两次"),
        ([["甲局", "", "", "", "没有的局"]], "单位!E3", "不在名单里"),
        ([["甲局", "", "", "", "乙局"], ["乙局", "", "", "", "甲局"]], "单位!E3", "互为主管部门"),
        ([["甲局", "", "", "12"]], "单位!D3", "18位"),
        (
            [["甲局", "", "", "12430407000000000R"], ["乙局", "", "", "12430407000000000R"]],
            "单位!D4",
            "已被“甲局”使用",
        ),
        ([["甲局", "", "9" * 21]], "单位!C3", "20"),
        ([["停用局"]], "单位!A3", "已停用"),
    ],
)
def test_a_refused_department_names_its_cell(lines, cell, words):
    make_department("停用局", is_active=False)
    made = plan(make_region(), units(*lines), [])
    assert any(item.place == cell and words in item.detail for item in made.of(Change.REFUSED)), told(made)
    with pytest.raises(BulkRefused):
        carry_out(make_region(), units(*lines), [])
    assert Department.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        (["", "wang", "填报人", "甲局"], "人员!A3", "没有填写姓名"),
        (["王某", "", "填报人", "甲局"], "人员!B3", "没有填写账号"),
        (["王某", "王 某", "填报人", "甲局"], "人员!B3", "账号"),
        (["王某", "wang", "股长", "甲局"], "人员!C3", "不认识"),
        (["王某", "wang", "", "甲局"], "人员!C3", "没有填写角色"),
        (["王某", "wang", "填报人", ""], "人员!D3", "要填写单位"),
        (["王某", "wang", "填报人", "没有的局"], "人员!D3", "不在名单里"),
        (["王某", "zhang", "填报人", "甲局"], "人员!B3", "已属于“张某”"),
        (["王某", "Zhang", "填报人", "甲局"], "人员!B3", "只差大小写"),
        (["王某", "far", "填报人", "甲局"], "人员!B3", "已在其他区县使用"),
        (["王某", "rootlike", "填报人", "甲局"], "人员!B3", "已被使用"),
        (["李某", "gone", "填报人", "甲局"], "人员!B3", "已停用"),
        (["王某", "wang", "填报人", "甲局", "1" * 31], "人员!E3", "30"),
    ],
)
def test_a_refused_person_names_the_cell_and_tells_nothing_of_other_districts(line, cell, words):
    unit = make_department("甲局")
    make_user("filler", department=unit, username="zhang", name="张某")
    make_user("reviewer", region=make_region("430408", "邻区"), username="far", name="外区某")
    make_user(username="rootlike", name="无角色某")
    User.objects.filter(pk=make_user("filler", department=unit, username="gone", name="李某").pk).update(
        is_active=False
    )
    more = [["张某", "zhang", "填报人", "甲局"]]
    made = plan(make_region(), [], people(line, *more))
    found = [item for item in made.of(Change.REFUSED) if item.place == cell]
    assert any(words in item.detail for item in found), told(made)
    assert "外区某" not in str(told(made))


def test_one_account_with_several_roles_has_one_password():
    made = carry_out(
        make_region(),
        units(["甲局"], ["乙局"]),
        people(
            ["王某", "wang", "填报人", "甲局", "1"],
            ["王某", "wang", "单位负责人", "乙局", ""],
            ["李某", "li", "绩效股", "甲局"],
        ),
    )
    assert [(one.username, one.role, one.department) for one in made.accounts] == [
        ("wang", "填报人、单位负责人", "甲局、乙局"),
        ("li", "绩效股", ""),
    ]
    user = User.objects.get(username="wang")
    assert user.check_password(made.accounts[0].password)
    assert user.must_change_password
    assert user.password_expires_at
    assert RoleAssignment.objects.get(user__username="li").region == make_region()
    entry = AuditEntry.objects.get(event="accounts.bulk")
    assert all(one.password not in str(entry.data) + entry.sentence for one in made.accounts)


def test_a_known_person_keeps_the_password_and_gets_role_and_phone():
    unit = make_department("甲局")
    user = make_user("filler", department=unit, username="wang", name="王某")
    old = user.password
    role = RoleAssignment.objects.create(user=user, role="unit_head", department=unit, is_active=False)
    made = carry_out(
        make_region(),
        [],
        people(
            ["王某", "wang", "填报人", "甲局", "0734-2"], ["王某", "wang", "单位负责人", "甲局", "0734-2"]
        ),
    )
    user.refresh_from_db()
    role.refresh_from_db()
    assert (user.password, user.phone, user.must_change_password) == (old, "0734-2", False)
    assert role.is_active
    assert made.accounts == []
    again = plan(make_region(), [], people(["王某", "wang", "填报人", "甲局", "0734-2"]))
    assert not again.does_something


def test_what_was_not_shown_is_not_written():
    lists = units(["甲局"]), people(["王某", "wang", "填报人", "甲局"])
    seen = plan(make_region(), *lists).fingerprint
    make_department("甲局")
    with pytest.raises(BulkRefused, match="在您查看期间"):
        carry_out(make_region(), *lists, seen=seen)
    assert not User.objects.exists()


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    def lists(count):
        return (
            units(*[[f"局{n}", "机关"] for n in range(count)]),
            people(*[[f"人{n}", f"u{n}", "填报人", f"局{n}"] for n in range(count)]),
        )

    region = make_region()
    with django_assert_num_queries(3):
        assert len(plan(region, *lists(3)).items) == 6
    with django_assert_num_queries(3):
        assert len(plan(region, *lists(60)).items) == 120


def test_a_list_without_end_is_refused():
    made = plan(make_region(), [Row("单位", 3, {"单位名称": "甲"})] * (MOST_ROWS + 1), [])
    assert "请分几次导入" in made.complaints[0]


def test_a_one_time_password_is_hashed_fast_and_anew_at_the_first_sign_in(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = User(username="wang", name="王某")
    password = give_one_time_password(user)
    assert len(password) >= 12
    assert password not in user.password
    assert identify_hasher(user.password).decode(user.password)["iterations"] == ITERATIONS
    user.save()
    assert user.check_password(password)
    user.refresh_from_db()
    assert (
        identify_hasher(user.password).decode(user.password)["iterations"] == PBKDF2PasswordHasher.iterations
    )
    assert check_password(password, user.password)
