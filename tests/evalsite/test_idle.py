"""The idle time-out: it ends a session, polling does not prolong it, and a form that arrives late is not lost."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from departments.idle import SEEN, SINCE
from departments.models import User
from reports.models import Comment
from reports.workflow import Step, apply
from tests.db import PASSWORD, give_role, make_department, make_report, make_user
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer", username="reviewer")
    client.force_login(user)
    return user


@pytest.fixture
def report():
    report = make_report(dossier=make_dossier())
    head = make_user("unit_head", department=report.department)
    apply(report, Step.CERTIFY, by=head)
    apply(report, Step.SUBMIT, by=head)
    return report


def idle_for(client: Client, seconds: int, key: str = SEEN) -> None:
    session = client.session
    session[key] = int(time.time()) - seconds
    session.save()


def sign_in(client: Client, username: str = "reviewer"):
    return client.post(reverse("login"), {"username": username, "password": PASSWORD})


def test_a_session_ends_after_the_time_of_the_setting(client, reviewer, settings):
    idle_for(client, settings.SESSION_IDLE_SECONDS - 5)
    assert client.get(reverse("inbox")).status_code == 200
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    key = client.session.session_key
    answer = client.get(reverse("inbox"), follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('login')}?next={reverse('inbox')}"
    assert "登录已超时" in answer.text
    assert not Session.objects.filter(session_key=key).exists()
    assert sign_in(client).url == reverse("home")
    assert "登录已超时" not in client.get(reverse("home")).text


def test_what_is_done_counts_and_what_a_page_asks_by_itself_does_not(client, reviewer, report):
    idle_for(client, 600)
    client.get(reverse("session-state"))
    client.post(reverse("report-presence", args=[report.pk]), headers=SCRIPT)
    assert time.time() - client.session[SEEN] > 500
    client.get(reverse("inbox"))
    assert time.time() - client.session[SEEN] < 5
    idle_for(client, 600)
    assert client.post(reverse("session-keep")).json()["left"] > 1700


def test_a_working_day_is_the_longest(client, reviewer, settings):
    idle_for(client, settings.SESSION_LONGEST_SECONDS, SINCE)
    assert client.get(reverse("inbox")).status_code == 302


def test_most_pages_write_nothing(client, reviewer, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):  # session and person, as ever
        client.get(reverse("session-state"))
    idle_for(client, 30)
    client.get(reverse("inbox"))
    assert time.time() - client.session[SEEN] > 25


def test_a_script_is_told_instead_of_given_the_sign_in_page(client, reviewer, settings):
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    assert client.get(reverse("inbox"), headers=SCRIPT).status_code == 401
    assert client.get(reverse("session-state")).json() == {"user": "", "left": 0}


def test_a_late_answer_leaves_the_cookie_of_the_newer_session(client, reviewer, settings):
    """A save sent before the sign-in over the page is answered after it."""
    late = Client()
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    client.get(reverse("inbox"), headers=SCRIPT)
    late.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert (
        client.post(reverse("sign-in-again"), {"username": "reviewer", "password": PASSWORD}).status_code
        == 200
    )
    answer = late.get(reverse("inbox"), headers=SCRIPT)
    assert answer.status_code == 401
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    client.post(reverse("logout"))
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == ""


def test_a_form_that_arrives_late_waits_for_the_same_person(client, reviewer, report, settings):
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    typed = {"where": "narrative.problems", "text": "请写明责任人和完成时间。", "password": "geheim-1"}
    answer = client.post(reverse("comment-add", args=[report.pk]), typed, follow=True)
    assert "刚才提交的内容已保留" in answer.text
    assert not Comment.objects.exists()
    assert "geheim-1" not in str(dict(client.session))
    assert sign_in(client).url == reverse("resume")
    shown = client.get(reverse("resume"))
    assert "请写明责任人和完成时间。" in shown.text
    assert not Comment.objects.exists()
    done = client.post(reverse("resume"), follow=True)
    comment = Comment.objects.get()
    assert (comment.text, comment.author) == (typed["text"], reviewer)
    assert comment.text in done.text
    client.post(reverse("resume"))
    assert Comment.objects.count() == 1


def test_it_can_be_dropped(client, reviewer, report, settings):
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    client.post(reverse("comment-add", args=[report.pk]), {"where": "narrative.problems", "text": "不要了"})
    sign_in(client)
    assert client.post(reverse("resume"), {"drop": "1"}).url == reverse("home")
    assert client.get(reverse("resume")).status_code == 302
    assert not Comment.objects.exists()


def test_nobody_else_gets_it(client, reviewer, report, settings):
    make_user("round_manager", username="other")
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    client.post(reverse("comment-add", args=[report.pk]), {"where": "narrative.problems", "text": "保密的话"})
    assert sign_in(client, "other").url == reverse("home")
    assert "保密的话" not in client.get(reverse("resume"), follow=True).text
    assert "保密的话" not in str(dict(client.session))


def test_a_form_of_somebody_who_never_signed_in_is_not_kept(client, report):
    client.post(reverse("comment-add", args=[report.pk]), {"text": "x"})
    assert dict(client.session) == {}


def test_sections_typed_without_scripts_are_saved_after_signing_in(client, settings):
    report = make_report()
    filler = make_user("filler", department=report.department, username="filler")
    client.force_login(filler)
    address = reverse("workspace-section", args=[report.pk, "narrative"])
    page = client.get(address)
    version = page.context["version"]
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    client.post(
        address, {"version": version, "narrative.problems": "执行进度慢", "action": "save"}, follow=True
    )
    sign_in(client, "filler")
    assert "执行进度慢" in client.get(reverse("resume")).text
    client.post(reverse("resume"))
    assert "执行进度慢" in client.get(address).text


def test_signing_in_again_is_for_the_same_person_and_gives_a_fresh_token(reviewer, settings):
    make_user("round_manager", username="other")
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)
    old = client.get(reverse("session-state")).json()["token"]
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    again = reverse("sign-in-again")
    sent = {"username": "reviewer", "password": "wrong", "csrfmiddlewaretoken": old}
    wrong = client.post(again, sent)
    assert (wrong.status_code, wrong.json()["complaint"]) == (422, "密码不正确，请重新输入。")
    right = client.post(again, sent | {"password": PASSWORD})
    assert right.status_code == 200
    fresh = right.json()["token"]
    assert client.post(reverse("session-keep"), headers={"X-CSRFToken": old}).status_code == 403
    assert client.post(reverse("session-keep"), headers={"X-CSRFToken": fresh}).status_code == 200
    other = client.post(again, {"username": "other", "password": PASSWORD, "csrfmiddlewaretoken": fresh})
    assert other.status_code == 409
    assert client.get(reverse("session-state")).json()["user"] == "reviewer"


def test_wrong_passwords_over_the_page_lock_the_account(client, reviewer, settings):
    idle_for(client, settings.SESSION_IDLE_SECONDS)
    client.get(reverse("inbox"))
    sent = {"username": "reviewer", "password": "wrong"}
    codes = [client.post(reverse("sign-in-again"), sent).status_code for _ in range(6)]
    assert codes[0] == 422
    assert codes[-1] == 429


def test_sessions_of_a_deactivated_person_end_at_once(client, reviewer):
    assert client.get(reverse("inbox")).status_code == 200
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert client.get(reverse("inbox")).url.startswith(reverse("login"))


def test_signing_in_changes_the_key_of_the_session(client):
    make_user("filler", department=make_department(), username="reviewer")
    client.get(reverse("login"))
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    client.cookies["evalsite_session"] = planted
    sign_in(client)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_taking_a_role_away_counts_from_the_next_page(client, reviewer):
    role = give_role(reviewer, "auditor")
    assert client.get(reverse("audit")).status_code == 200
    role.delete()
    assert client.get(reverse("audit")).status_code == 403
