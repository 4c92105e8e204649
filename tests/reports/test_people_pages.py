"""Pages of people and departments: list and filters, acts and their refusals, queries."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.models import Department, User
from tests.db import give_role, make_department, make_region, make_report, make_submission, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_user("administrator", name="管理某", username="gly")
    client.force_login(user)
    return user


@pytest.fixture
def head(client):
    user = make_user("unit_head", name="负责某", username="head")
    client.force_login(user)
    return user


def names(page):
    return [user.username for user, *_ in page.context["rows"]]


def test_the_administrator_sees_the_region_and_filters_it(client, administrator):
    make_user("filler", username="zhang", name="张某")
    make_user("unit_head", username="li", department=make_department("示例区水利局"))
    make_user("reviewer", username="far", region=make_region("430408", "邻区"))
    User.objects.filter(username="li").update(is_active=False)
    address = reverse("people")
    assert set(names(client.get(address))) == {"gly", "zhang", "li"}
    assert names(client.get(address, {"q": "水利"})) == ["li"]
    assert names(client.get(address, {"role": "filler"})) == ["zhang"]
    assert names(client.get(address, {"state": "off"})) == ["li"]
    assert names(client.get(address, {"unit": make_department().pk})) == ["zhang"]
    assert names(client.get(address, {"unit": make_department().pk, "role": "unit_head"})) == []
    assert client.get(address, {"unit": "x", "role": "x", "state": "x", "page": "x"}).status_code == 200


def test_a_head_sees_the_own_unit_only_and_no_roles_elsewhere(client, head):
    person = make_user("filler", username="zhang", name="张某")
    give_role(person, "filler", department=make_department("示例区水利局"))
    make_user("filler", username="li", department=make_department("示例区水利局"))
    page = client.get(reverse("people"))
    assert set(names(page)) == {"head", "zhang"}
    assert "水利局" not in page.text
    page = client.get(reverse("person", args=[person.pk]))
    assert "水利局" not in page.text
    assert "由系统管理员办理" in page.text
    assert client.get(reverse("person", args=[User.objects.get(username="li").pk])).status_code == 404


def test_a_new_person_gets_a_password_that_stands_on_the_answer_only(client, head):
    typed = {"name": "张某", "username": "zhang", "role": "filler", "department": make_department().pk}
    answer = client.post(reverse("person-add"), typed)
    assert answer["Cache-Control"] == "no-store"
    password = re.search(r'<code class="password">(\w+)</code>', answer.text)[1]
    person = User.objects.get(username="zhang")
    assert person.check_password(password)
    assert password not in client.get(reverse("person", args=[person.pk])).text
    sealed = re.search(r'name="sealed" value="([^"]+)"', answer.text)[1]
    slips = client.post(reverse("account-slips", args=["pdf"]), {"sealed": sealed})
    assert slips.content.startswith(b"%PDF")


def test_nothing_typed_is_lost(client, administrator):
    typed = {"name": "张某", "username": "gly", "role": "filler", "phone": "8120000"}
    answer = client.post(reverse("person-add"), typed)
    assert answer.status_code == 422
    assert 'value="张某"' in answer.text
    assert 'value="8120000"' in answer.text
    assert "填报人要选择单位" in answer.text
    typed["department"] = make_department().pk
    assert "这个账号已被使用" in client.post(reverse("person-add"), typed).text


def test_a_role_of_the_bureau_needs_no_unit(client, administrator):
    person = make_user("filler")
    client.post(reverse("role-give", args=[person.pk]), {"role": "reviewer"})
    assert person.role_assignments.get(role="reviewer").region == make_region()


def test_the_last_head_is_asked_for_again_with_what_was_typed(client, administrator):
    person = make_user("unit_head")
    address = reverse("person-off", args=[person.pk])
    answer = client.post(address, {"reason": "调离本单位"})
    assert answer.status_code == 422
    assert "将没有单位负责人" in answer.text
    assert 'name="reason" value="调离本单位"' in answer.text
    client.post(address, {"reason": "调离本单位", "sure": "1"})
    assert not User.objects.get(pk=person.pk).is_active
    assert "恢复账号" in client.get(reverse("person", args=[person.pk])).text


def test_a_refused_change_stands_at_its_field(client, administrator):
    person = make_user("filler", name="张某")
    answer = client.post(reverse("person-change", args=[person.pk]), {"name": "", "phone": "不知道"})
    assert answer.status_code == 422
    assert 'href="#details-name"' in answer.text
    assert 'value="不知道"' in answer.text


def test_the_own_account_offers_no_acts(client, administrator):
    page = client.get(reverse("person", args=[administrator.pk])).text
    assert "其他管理员办理" in page
    assert "收回</button>" not in page
    assert "停用账号" not in page


def test_the_administrator_reads_no_report_by_the_page_of_a_unit(client, administrator):
    report = make_report()
    page = client.get(reverse("unit", args=[report.department.pk])).text
    assert reverse("report", args=[report.pk]) not in page
    assert client.get(reverse("report", args=[report.pk])).status_code == 404


def test_a_renamed_unit_keeps_its_old_name_in_what_was_submitted(client, administrator):
    report = make_report()
    submission = make_submission(report)
    address = reverse("unit", args=[report.department.pk])
    assert "仍用原名称" in client.get(address).text
    client.post(address, {"name": "示例区档案局", "is_active": "on"})
    assert Department.objects.get(pk=report.department.pk).name == "示例区档案局"
    submission.refresh_from_db()
    assert "示例区档案馆" in submission.dossier_json
    assert "示例区档案局" not in submission.dossier_json


def test_units_stand_below_their_main_department(client, administrator):
    make_department("示例区图书馆", parent=make_department("示例区文化局"))
    make_department("示例区水利局")
    make_department("示例区旧单位", is_active=False)
    page = client.get(reverse("units"))
    shown = [unit.name for unit in page.context["page"]]
    assert shown.index("示例区图书馆") == shown.index("示例区文化局") + 1
    assert "示例区旧单位" not in shown
    found = client.get(reverse("units"), {"q": "文化", "state": "all"})
    assert [unit.name for unit in found.context["page"]] == ["示例区文化局", "示例区图书馆"]


@pytest.mark.parametrize("route", ["people", "units"])
def test_queries_do_not_grow_with_rows(client, administrator, route):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(route)).status_code == 200
        return len(found)

    make_user("filler")
    before = queries()
    for number in range(20):
        make_user("filler", department=make_department(f"示例区第{number}单位"))
    assert queries() == before <= 15
