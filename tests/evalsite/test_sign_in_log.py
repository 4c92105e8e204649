"""Signing in and out in the audit log: who, from where, with what; never a password."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from departments.idle import SEEN
from departments.models import AuditEntry
from tests.db import PASSWORD, make_region, make_user

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0"
WHERE = "从10.1.2.3（Edge，Windows）"


@pytest.fixture
def browser():
    return Client(REMOTE_ADDR="10.1.2.3", headers={"User-Agent": EDGE})


@pytest.fixture
def person():
    return make_user("filler", username="chenyu", name="陈某雨")


def sign_in(client: Client, password: str = PASSWORD, username: str = "chenyu"):
    return client.post(reverse("login"), {"username": username, "password": password})


def entries() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("event", "sentence"))


def test_sign_in_and_sign_out(browser, person):
    sign_in(browser)
    browser.post(reverse("logout"))
    assert entries() == [("sign-in", f"陈某雨{WHERE}登录"), ("sign-out", f"陈某雨{WHERE}退出登录")]
    entry = AuditEntry.objects.first()
    assert entry.actor == person
    assert entry.region.code == "430407"
    assert entry.data == {"user": person.pk, "address": "10.1.2.3", "device": "Edge，Windows", "how": "left"}


def test_the_end_by_itself(browser, person):
    sign_in(browser)
    session = browser.session
    session[SEEN] = int(time.time()) - 7200
    session.save()
    browser.get("/")
    assert entries()[-1] == ("sign-out", f"陈某雨{WHERE}超时退出登录")


def test_wrong_passwords_until_the_lock_out(browser, person):
    for _ in range(settings.AXES_FAILURE_LIMIT + 3):
        sign_in(browser, "Wrong-pass-77")
    events = [event for event, _ in entries()]
    assert events == ["sign-in.failed"] * (settings.AXES_FAILURE_LIMIT - 1) + ["account.locked"]
    first = AuditEntry.objects.order_by("pk").first()
    assert first.actor is None
    assert first.sentence == f"有人{WHERE}登录陈某雨（chenyu）的账号，密码不正确"
    assert not [
        entry for entry in AuditEntry.objects.all() if "Wrong-pass" in f"{entry.sentence}{entry.data}"
    ]


def test_what_was_typed_as_an_unknown_name_is_not_written(browser):
    sign_in(browser, username="My-password-1")
    assert not AuditEntry.objects.exists()


def test_the_password_once_more_counts_too(browser, person):
    browser.force_login(person)
    sign_in(Client(REMOTE_ADDR="10.1.2.3", headers={"User-Agent": EDGE}), "Wrong-pass-77")
    browser.post(reverse("second-factor-off"), {"password": "Wrong-pass-77", "code": "1"})
    assert [event for event, _ in entries()] == ["sign-in.failed", "sign-in.failed"]


def test_a_forced_change_of_password_says_so(browser, person):
    person.must_change_password = True
    person.save()
    sign_in(browser)
    new = {"old_password": PASSWORD, "new_password1": "Heng-shan-24", "new_password2": "Heng-shan-24"}
    browser.post(reverse("password"), new)
    entry = AuditEntry.objects.get(event="account.password")
    assert (entry.sentence, entry.data["forced"]) == ("陈某雨按要求修改了自己的初始密码", True)


def test_the_auditor_finds_them_by_kind(browser, person):
    sign_in(browser)
    auditor = make_user("auditor", name="孙审计")
    other = make_user("auditor", region=make_region("430408", "邻区"))
    for who, seen in ((auditor, True), (other, False)):
        client = Client()
        client.force_login(who)
        page = client.get(reverse("audit"), {"kind": "sign-ins"}).content.decode()
        assert (f"陈某雨{WHERE}登录" in page) is seen
        assert "登录与退出" in page


def test_a_sign_in_costs_one_row(browser, person, django_assert_max_num_queries):
    sign_in(browser)
    browser.post(reverse("logout"))
    with django_assert_max_num_queries(30):
        sign_in(browser)
    assert AuditEntry.objects.filter(event="sign-in").count() == 2
