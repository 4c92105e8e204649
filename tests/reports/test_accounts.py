"""The administrator's page: template, upload, preview, writing, the slips of one-time passwords, handing them out again."""

from __future__ import annotations

import re
from io import BytesIO

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from departments.bulk import DEPARTMENT_HEADS, PEOPLE_HEADS
from departments.models import AccountList, Department, RoleAssignment, User
from tests.db import PASSWORD, give_role, make_department, make_region, make_user
from tests.reports.intake.files import as_xls

pytestmark = pytest.mark.django_db

UNITS = [["示例区教育局", "机关"], ["示例区第一中学", "公益一类事业单位", "", "", "示例区教育局"]]
PEOPLE = [["王某", "jyj-wang", "填报人", "示例区教育局"], ["李某", "czj-li", "财政局业务股室", ""]]


@pytest.fixture
def administrator(client):
    user = make_user("administrator", username="gly")
    client.force_login(user)
    return user


def book(units=UNITS, people=PEOPLE):
    made = Workbook()
    made.active.title = "单位"
    made.active.append(DEPARTMENT_HEADS)
    for row in units:
        made.active.append(row)
    sheet = made.create_sheet("人员")
    sheet.append(PEOPLE_HEADS)
    for row in people:
        sheet.append(row)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def upload(client, data=None, name="名单.xlsx"):
    file = SimpleUploadedFile(name, book() if data is None else data)
    return client.post(reverse("account-upload"), {"file": file, "region": "430407"}, follow=True)


def seen(answer):
    return re.search(r'name="seen" value="(\w+)"', answer.text)[1]


def write(client, answer=None):
    answer = answer or upload(client)
    return client.post(reverse("account-write", args=[AccountList.objects.get().pk]), {"seen": seen(answer)})


def test_nothing_is_written_before_the_preview_was_confirmed(client, administrator):
    answer = upload(client)
    assert "示例区第一中学" in answer.text
    assert "授予角色：示例区教育局填报人" in answer.text
    assert not Department.objects.exists()
    assert User.objects.count() == 1
    assert "继续查看" in client.get(reverse("accounts")).text


def test_passwords_stand_on_the_answer_and_nowhere_else(client, administrator):
    answer = write(client)
    assert answer["Cache-Control"] == "no-store"
    password = re.search(r'<code class="password">(\w+)</code>', answer.text)[1]
    user = User.objects.get(username="jyj-wang")
    assert user.check_password(password)
    assert user.must_change_password
    assert not AccountList.objects.exists()
    page = client.get(reverse("accounts"))
    assert password not in page.text
    assert "尚未登录" in page.text
    for row in client.session.items():
        assert password not in str(row)


def test_a_second_click_makes_nothing_twice(client, administrator):
    answer = upload(client)
    address = reverse("account-write", args=[AccountList.objects.get().pk])
    client.post(address, {"seen": seen(answer)})
    again = client.post(address, {"seen": seen(answer)}, follow=True)
    assert "已经写入或已被新的一份替换" in again.text
    assert Department.objects.count() == 2


def test_a_refused_list_shows_every_cell_and_offers_no_writing(client, administrator):
    answer = upload(client, book(people=[["王某", "", "股长", "没有的局"]]))
    assert "人员!B2" in answer.text
    assert "人员!C2" in answer.text
    assert "确认写入" not in answer.text
    item = AccountList.objects.get()
    assert client.post(reverse("account-write", args=[item.pk]), {"seen": "x"}).status_code == 409
    assert not Department.objects.exists()


def test_what_changed_meanwhile_is_shown_again(client, administrator):
    answer = upload(client)
    make_department("示例区教育局")
    answer = write(client, answer)
    assert answer.status_code == 409
    assert "在您查看期间" in answer.text
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"MZ\x90\x00" * 40, "名单.exe", "不支持“.exe”类型"),
        (b"%PDF-1.4\n%%EOF", "名单.pdf", "不是 Excel 文件"),
        ("单位名称".encode(), "名单.xlsx", "没有读取"),
        (book([], []), "名单.xlsx", "一行也没有填写"),
    ],
)
def test_a_file_that_is_no_list(client, administrator, data, name, words):
    answer = upload(client, data, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert not AccountList.objects.exists()


def test_an_old_workbook_makes_the_same_accounts(client, administrator):
    new = upload(client)
    content = AccountList.objects.get().content
    old = upload(client, as_xls(book()), "名单.xls")
    assert AccountList.objects.get().content == content
    assert (new.status_code, old.status_code) == (200, 200)


def test_slips_hold_every_password(client, administrator):
    answer = write(client)
    sealed = re.search(r'name="sealed" value="([^"]+)"', answer.text)[1]
    passwords = re.findall(r'<code class="password">(\w+)</code>', answer.text)
    assert len(passwords) == 2
    pdf = client.post(reverse("account-slips", args=["pdf"]), {"sealed": sealed})
    text = pypdfium2.PdfDocument(pdf.content)[0].get_textpage().get_text_bounded()
    assert all(
        word in text for word in [*passwords, "王某", "jyj-wang", "示例区教育局", "首次登录须修改密码"]
    )
    xlsx = client.post(reverse("account-slips", args=["xlsx"]), {"sealed": sealed})
    lines = list(load_workbook(BytesIO(xlsx.content)).active.iter_rows(values_only=True))
    assert [line[4] for line in lines[1:]] == passwords
    assert client.post(reverse("account-slips", args=["exe"]), {"sealed": sealed}).status_code == 404


def test_slips_are_nobody_elses_and_end_after_an_hour(client, administrator, monkeypatch):
    sealed = re.search(r'name="sealed" value="([^"]+)"', write(client).text)[1]
    address = reverse("account-slips", args=["pdf"])
    assert client.post(address, {"sealed": sealed + "x"}).status_code == 302
    client.force_login(make_user("administrator", username="other"))
    assert client.post(address, {"sealed": sealed}).status_code == 404
    client.force_login(administrator)
    monkeypatch.setattr("reports.views.accounts.SLIPS_AGE", -1)
    answer = client.post(address, {"sealed": sealed}, follow=True)
    assert "一小时内下载" in answer.text


def test_handing_out_again(client, administrator):
    user = make_user("filler", department=make_department(), username="wang", name="王某")
    answer = client.post(reverse("account-reissue"), {"region": "430407", "user": [user.pk]})
    password = re.search(r'<code class="password">(\w+)</code>', answer.text)[1]
    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password(PASSWORD)
    assert "示例区档案馆" in answer.text


def test_accounts_of_others_are_not_touched(client, administrator):
    far = make_region("430408", "邻区")
    staff = make_user("filler", username="staff")
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    both = make_user("filler", username="both")
    give_role(both, "reviewer", region=far)
    foreign = make_user("reviewer", region=far, username="foreign")
    page = client.get(reverse("accounts")).text
    for user in (staff, both, foreign):
        answer = client.post(reverse("account-reissue"), {"region": "430407", "user": [user.pk]})
        assert answer.status_code == 422
        assert "不归您管理" in answer.text
        assert f'<th scope="row">{user.username}</th>' not in page
        assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert client.get(reverse("accounts"), {"region": "430408"}).status_code == 404
    assert client.post(reverse("account-reissue"), {"region": "430407"}).status_code == 422


def test_a_list_is_its_uploaders_alone(client, administrator):
    upload(client)
    item = AccountList.objects.get()
    client.force_login(make_user("administrator", username="other"))
    assert client.get(reverse("account-preview", args=[item.pk])).status_code == 404


def test_the_template_filled_in_is_read_back(client, administrator):
    make_department("示例区教育局", budget_code="201001")
    data = client.get(reverse("account-template")).content
    filled = load_workbook(BytesIO(data))
    filled["人员"].append([])
    for column, text in enumerate(["王某", "wang", "填报人", "示例区教育局"], 1):
        filled["人员"].cell(3, column, text)
    buffer = BytesIO()
    filled.save(buffer)
    write(client, upload(client, buffer.getvalue()))
    assert RoleAssignment.objects.filter(user__username="wang", department__name="示例区教育局").exists()
    assert Department.objects.count() == 1


def test_the_list_finds_and_pages_with_a_fixed_number_of_queries(
    client, administrator, django_assert_max_num_queries
):
    unit = make_department()
    for number in range(60):
        make_user("filler", department=unit, username=f"u{number:02}", name=f"人{number:02}")
    with django_assert_max_num_queries(16):
        answer = client.get(reverse("accounts"))
    assert "第 1 页，共 2 页" in answer.text
    found = client.get(reverse("accounts"), {"q": "人07"}).text
    assert "u07" in found
    assert "u08" not in found
    assert "没有符合条件的账号" in client.get(reverse("accounts"), {"waiting": "1"}).text
