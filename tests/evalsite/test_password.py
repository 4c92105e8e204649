"""One-time passwords: changed at first sign-in before anything else, refused when they have run out; the own password."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from departments.accounts import change_password, give_one_time_password
from departments.models import AuditEntry, User
from tests.db import PASSWORD, make_user

pytestmark = pytest.mark.django_db
NEW = "heng-shan-2024"


@pytest.fixture
def newcomer():
    user = make_user("filler", username="wang", name="王某")
    user.first = give_one_time_password(user)
    user.save()
    return user


def typed(old, new=NEW, again=None):
    return {"old_password": old, "new_password1": new, "new_password2": again or new}


def test_every_page_leads_to_the_change_until_it_is_done(client, newcomer):
    answer = client.post(reverse("login"), {"username": "wang", "password": newcomer.first}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("password")
    assert "管理员发放的初始密码" in answer.text
    assert "主导航" not in answer.text
    for name in ("home", "inbox", "policies", "verify-ask", "admin:index", "admin:password_change"):
        assert client.get(reverse(name)).url == reverse("password"), name
    assert client.post(reverse("inbox-read-all")).url == reverse("password")
    part = client.get(reverse("home"), headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == reverse("password")
    done = client.post(reverse("password"), typed(newcomer.first), follow=True)
    assert "密码已修改" in done.text
    assert client.get(reverse("inbox")).status_code == 200
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
    assert (newcomer.must_change_password, newcomer.password_expires_at) == (False, None)
    assert AuditEntry.objects.get(event="account.password").actor == newcomer


def test_a_newcomer_can_leave(client, newcomer):
    client.force_login(newcomer)
    client.post(reverse("logout"))
    assert client.get(reverse("home")).url.startswith(reverse("login"))


def test_an_expired_one_time_password_is_refused_with_the_day(client, newcomer):
    User.objects.filter(pk=newcomer.pk).update(
        password_expires_at=datetime.datetime(2024, 3, 1, tzinfo=datetime.UTC)
    )
    answer = client.post(reverse("login"), {"username": "wang", "password": newcomer.first})
    assert "初始密码已于2024年3月1日过期，请联系系统管理员重新发放" in answer.text
    assert "用户名或密码不正确" not in answer.text
    assert "_auth_user_id" not in client.session
    wrong = client.post(reverse("login"), {"username": "wang", "password": "x"})
    assert "用户名或密码不正确" in wrong.text


def test_it_runs_out_after_the_days_of_the_setting(settings):
    settings.ONE_TIME_PASSWORD_DAYS = 3
    user = User(username="x")
    give_one_time_password(user)
    left = user.password_expires_at - timezone.now()
    assert datetime.timedelta(days=2, hours=23) < left <= datetime.timedelta(days=3)


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", NEW, NEW, "旧密码"),
        (PASSWORD, NEW, NEW + "x", "不一致"),
        (PASSWORD, "abc12", "abc12", "至少"),
        (PASSWORD, "8412093477", "8412093477", "只包含数字"),
        (PASSWORD, "password1", "password1", "太常见"),
        (PASSWORD, "zhangsan-li", "zhangsan-li", "相似"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码不能与原密码相同"),
    ],
)
def test_what_is_wrong_with_a_password_is_said_in_chinese(client, old, new, again, words):
    user = make_user("filler", username="zhangsan-li")
    client.force_login(user)
    answer = client.post(reverse("password"), typed(old, new, again))
    assert answer.status_code == 422
    assert words in answer.text
    assert old not in answer.text or old == "wrong"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_everybody_finds_the_page_and_stays_signed_in(client):
    user = make_user("auditor")
    client.force_login(user)
    assert reverse("my-account") in client.get(reverse("home")).text
    assert reverse("password") in client.get(reverse("my-account")).text
    client.post(reverse("password"), typed(PASSWORD))
    assert client.get(reverse("inbox")).status_code == 200


def test_a_password_set_by_staff_is_a_one_time_password(client):
    staff = make_user("administrator")
    User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=staff.pk))
    user = make_user("filler")
    answer = client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {"password1": NEW, "password2": NEW, "usable_password": "true"},
    )
    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.must_change_password
    client.post(
        reverse("admin:departments_user_add"),
        {
            "username": "li",
            "name": "李某",
            "password1": NEW,
            "password2": NEW,
            "usable_password": "true",
            "role_assignments-TOTAL_FORMS": "0",
            "role_assignments-INITIAL_FORMS": "0",
        },
    )
    assert User.objects.get(username="li").must_change_password


def test_change_password_alone(newcomer):
    change_password(user=newcomer, password=NEW)
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
