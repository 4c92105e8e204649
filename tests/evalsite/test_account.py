"""Password rules, the own account page with its sessions, notices of sign-ins, lock-out and unlocking."""

from __future__ import annotations

import datetime

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from departments.accounts import change_password
from departments.models import AuditEntry, SignIn, UsedPassword, User
from departments.passwords import REMEMBERED
from departments.sign_ins import device_of
from reports.models import Notice
from tests.db import PASSWORD, make_department, make_region, make_user

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
PHONE = "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36"


@pytest.fixture
def person():
    return make_user("filler", username="chenyu", name="陈某雨")


def browser(agent: str = EDGE, address: str = "10.1.2.3", **more) -> Client:
    return Client(REMOTE_ADDR=address, headers={"User-Agent": agent}, **more)


def sign_in(client: Client, username: str = "chenyu", password: str = PASSWORD, **more):
    return client.post(reverse("login"), {"username": username, "password": password}, **more)


# ------------------------------------------------------------------ password rules


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Ab3$xyz", "8"),
        ("abcdefgh1", "至少三种"),
        ("ABCDEFGH-", "至少三种"),
        ("Chenyu-2024", "不能包含用户名或姓名"),
        ("x陈某雨-2024A", "不能包含用户名或姓名"),
        (PASSWORD, "不能与原密码相同"),
    ],
)
def test_rules_of_a_password(person, password, words):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, person)
    assert words in "".join(refused.value.messages)


@pytest.mark.parametrize("password", ["Heng-shan", "hengshan-24", "HengShan24", "衡山Heng-24"])
def test_three_of_four_kinds_are_enough(person, password):
    validate_password(password, person)


def test_the_last_five_do_not_come_again(person):
    used = [PASSWORD, *(f"Heng-shan-{number}" for number in range(1, 7))]
    for password in used[1:]:
        change_password(user=person, password=password)
    for password in used[-REMEMBERED:-1]:
        with pytest.raises(ValidationError, match="最近5次"):
            validate_password(password, person)
    validate_password(used[-REMEMBERED - 1], person)
    hashes = list(UsedPassword.objects.values_list("password", flat=True))
    assert len(hashes) == REMEMBERED
    assert not set(hashes) & set(used)


def test_an_old_password_is_changed_first_where_the_setting_says_so(client, person, settings):
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - datetime.timedelta(days=91))
    assert client.get(reverse("inbox")).status_code == 200
    settings.PASSWORD_DAYS = 90
    assert client.get(reverse("inbox")).url == reverse("password")
    assert "已使用较长时间" in client.get(reverse("password")).text
    new = "Heng-shan-2024"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client.post(reverse("password"), typed)
    assert client.get(reverse("inbox")).status_code == 200


# ------------------------------------------------------------------ sign-ins


def test_device_in_words():
    assert [device_of(agent) for agent in (EDGE, PHONE, "curl/8", "")] == [
        "Edge，Windows",
        "Chrome，安卓",
        "其他程序",
        "",
    ]


def test_a_sign_in_from_elsewhere_is_told_and_the_last_one_is_shown(person):
    first = sign_in(browser(), follow=True)
    assert "上次登录" not in first.text
    again = sign_in(browser(), follow=True)
    assert "从10.1.2.3（Edge，Windows）" in again.text
    assert not Notice.objects.exists()
    sign_in(browser(PHONE, "10.9.9.9"))
    notice = Notice.objects.get(user=person)
    assert "从10.9.9.9（Chrome，安卓）登录，此前没有在这里登录过" in notice.text
    sign_in(browser(PHONE, "10.9.9.9"))
    assert Notice.objects.count() == 1


def test_the_address_comes_from_the_proxy_only_behind_one(person, settings):
    sign_in(browser(), headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"})
    assert SignIn.objects.first().address == "10.1.2.3"
    settings.BEHIND_PROXY = True
    sign_in(browser(), headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"})
    assert SignIn.objects.first().address == "2.2.2.2"


def test_one_session_is_ended_and_then_the_others(person):
    office, phone, home = browser(), browser(PHONE), browser(address="10.4.4.4")
    for client in (office, phone, home):
        sign_in(client)
    page = office.get(reverse("my-account"))
    assert len(page.context["sessions"]) == 3
    assert "Chrome，安卓" in page.text
    row = SignIn.objects.get(device="Chrome，安卓")
    office.post(reverse("session-end", args=[row.pk]))
    assert phone.get(reverse("inbox")).url.startswith(reverse("login"))
    office.post(reverse("sessions-end"), {"others": "1"})
    assert home.get(reverse("inbox")).status_code == 302
    assert office.get(reverse("inbox")).status_code == 200
    assert office.post(reverse("sessions-end")).url == reverse("login")
    assert office.get(reverse("inbox")).status_code == 302
    assert not Session.objects.filter(session_key__in=SignIn.objects.values("session_key")).exists()
    assert set(SignIn.objects.values_list("end", flat=True)) == {"ended"}
    assert AuditEntry.objects.filter(event="account.sessions", actor=person).count() == 3


def test_nobody_ends_the_session_of_another(person):
    sign_in(browser())
    other = make_user("auditor")
    client = Client()
    client.force_login(other)
    assert client.post(reverse("session-end", args=[person.sign_ins.get().pk])).status_code == 404
    assert person.sign_ins.get().ended_at is None


def test_a_changed_password_ends_the_other_sessions(person):
    office, phone = browser(), browser(PHONE)
    sign_in(phone)
    sign_in(office)
    new = "Heng-shan-2024"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    before = office.session.session_key
    done = office.post(reverse("password"), typed, follow=True)
    assert "其他1处登录已退出" in done.text
    assert office.session.session_key != before
    assert phone.get(reverse("inbox")).status_code == 302
    page = office.get(reverse("my-account"))
    assert [item.here for item in page.context["sessions"]] == [True]


def test_how_a_session_ended(person):
    client = browser()
    sign_in(client)
    client.post(reverse("logout"))
    assert person.sign_ins.get().end == "left"
    sign_in(client)
    session = client.session
    session["seen"] -= 3600
    session.save()
    client.get(reverse("inbox"))
    assert person.sign_ins.first().end == "idle"


def test_own_telephone_and_mail(client, person):
    client.force_login(person)
    address = reverse("my-account")
    wrong = client.post(address, {"phone": "打给老王", "email": "keiner"})
    assert wrong.status_code == 422
    assert "打给老王" in wrong.text
    assert "联系电话只写数字" in wrong.text
    done = client.post(address, {"phone": "0734-8120000", "email": "c@example.gov.cn", "name": "假名"})
    assert done.status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.email, person.name) == ("0734-8120000", "c@example.gov.cn", "陈某雨")
    entry = AuditEntry.objects.get(event="account.contact")
    assert entry.sentence == "陈某雨修改了自己的联系电话和电子邮箱"
    client.post(address, {"phone": "0734-8120000", "email": "c@example.gov.cn"})
    assert AuditEntry.objects.filter(event="account.contact").count() == 1


def test_the_page_costs_the_same_with_many_sessions(person, django_assert_max_num_queries):
    client = browser()
    sign_in(client)
    for number in range(20):
        sign_in(browser(address=f"10.0.0.{number}"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("my-account"))
    assert len(page.context["sessions"]) == 21


# ------------------------------------------------------------------ lock-out


def lock(person, address: str = "10.1.2.3") -> Client:
    client = browser(address=address)
    for _ in range(5):
        answer = sign_in(client, person.username, "wrong")
    assert answer.status_code == 429
    return client


def test_the_page_says_from_when_one_can_try_again(person):
    client = lock(person)
    until = AccessAttempt.objects.get().attempt_time + datetime.timedelta(minutes=30)
    words = f"<strong>{timezone.localtime(until):%H:%M}</strong> 后才能再次登录"
    assert words in sign_in(client).text
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=20))
    sign_in(client, password="wrong")  # does not prolong it
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=31))
    assert sign_in(client).status_code == 302


def test_a_lock_is_in_the_trail_once(person):
    client = lock(person)
    sign_in(client)
    entry = AuditEntry.objects.get(event="account.locked")
    assert entry.sentence == "陈某雨（chenyu）连续输错密码，从10.1.2.3登录暂停"
    assert entry.region == make_region()


def test_the_administrator_unlocks_an_account_of_the_own_region(client, person):
    locked = lock(person)
    administrator = make_user("administrator")
    client.force_login(administrator)
    page = client.get(reverse("accounts-locked"))
    assert "陈某雨" in page.text
    address = reverse("account-unlock", args=[person.pk])
    done = client.post(address, {"region": "430407"}, follow=True)
    assert "陈某雨可以重新登录了" in done.text
    assert AuditEntry.objects.get(event="account.unlock").actor == administrator
    assert sign_in(locked).status_code == 302
    client.post(address, {"region": "430407"})
    assert AuditEntry.objects.filter(event="account.unlock").count() == 1


def test_no_other_administrator_does(client, person):
    locked = lock(person)
    far = make_region("430408", "邻区")
    client.force_login(make_user("administrator", region=far))
    assert "陈某雨" not in client.get(reverse("accounts-locked")).text
    address = reverse("account-unlock", args=[person.pk])
    assert client.post(address, {"region": "430407"}).status_code == 404
    assert client.post(address, {"region": "430408"}).status_code == 403
    assert sign_in(locked).status_code == 429


def test_nobody_unlocks_the_own_account(client):
    administrator = make_user("administrator", username="chief")
    lock(administrator)
    client.force_login(administrator)
    address = reverse("account-unlock", args=[administrator.pk])
    assert client.post(address, {"region": "430407"}).status_code == 403


def test_wrong_passwords_with_several_programs_add_up(client, person):
    for number in range(5):
        sign_in(browser(f"program {number}"), password="wrong")
    assert "后才能再次登录" in sign_in(browser()).text
    client.force_login(make_user("administrator"))
    assert len(client.get(reverse("accounts-locked")).context["groups"][0][1]) == 1


def test_departments_do_not_matter_for_the_own_page(client):
    client.force_login(make_user("filler", department=make_department("示例区图书馆")))
    assert "示例区图书馆填报人" in client.get(reverse("my-account")).text
