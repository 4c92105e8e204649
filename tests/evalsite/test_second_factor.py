"""The second step of signing in: setting it up, the code at every sign-in, waiting, recovery codes, resetting, the setting."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp import models
from django_otp.plugins.otp_totp.models import TOTPDevice

from departments import second_factor
from departments.models import AuditEntry, RecoveryCode, SignIn, User
from departments.second_factor import CodeRefused
from reports.models import Notice
from tests.db import PASSWORD, make_department, make_region, make_user
from tests.test_access import PEOPLE, TABLE, address, make_world, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
HOME = "/"


def code_of(user: User, steps: int = 0) -> str:
    """What the telephone shows now, or so many half minutes later."""
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, drift=steps)
    totp.time = models.time.time()
    return f"{totp.token():06d}"


def wrong_code(user: User) -> str:
    """Six digits that are none of those accepted about now."""
    near = {code_of(user, steps) for steps in range(-3, 4)}
    return next(f"{number:06d}" for number in range(20) if f"{number:06d}" not in near)


def set_up(user: User) -> list[str]:
    """Switch it on; the code used for it is the one of half a minute ago."""
    second_factor.begin(user)
    return second_factor.confirm(user=user, code=code_of(user, -1), session_key="")


def sign_in(client: Client, user: User, **more: str):
    return client.post(
        reverse("login"), {"username": user.username, "password": PASSWORD, **more}, REMOTE_ADDR="10.1.2.3"
    )


def wait_is_over(user: User) -> None:
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    TOTPDevice.objects.filter(user=user).update(throttling_failure_timestamp=long_ago)


@pytest.fixture
def person():
    return make_user("filler", username="chenyu", name="陈某雨")


# ------------------------------------------------------------------ setting it up


def test_it_is_set_up_on_the_own_account(client, person):
    other = Client()
    other.force_login(person)
    sign_in(client, person)
    assert "没有开启" in client.get(reverse("my-account")).content.decode()
    assert client.get(reverse("second-factor-qr")).status_code == 404
    page = client.post(reverse("second-factor-set-up"), follow=True).content.decode()
    device = TOTPDevice.objects.get(user=person, confirmed=False)
    assert "otpauth://totp/" in page
    drawn = client.get(reverse("second-factor-qr"))
    assert drawn["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawn.content
    assert b"style=" not in drawn.content
    assert "no-store" in drawn["Cache-Control"]
    refused = client.post(reverse("second-factor-confirm"), {"code": wrong_code(person)})
    assert refused.status_code == 422
    assert second_factor.device_of(person) is None
    wait_is_over(person)
    shown = client.post(reverse("second-factor-confirm"), {"code": code_of(person)})
    assert shown.status_code == 200
    assert second_factor.device_of(person) == device
    codes = shown.context["codes"]
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert all(code in shown.content.decode() for code in codes)
    stored = set(RecoveryCode.objects.values_list("code", flat=True))
    assert not stored & {code.replace("-", "") for code in codes}
    assert client.get(reverse("second-factor-qr")).status_code == 404, "the secret is shown no more"
    assert device.key not in client.get(reverse("second-factor")).content.decode()
    assert other.get(reverse("my-account")).status_code == 302, "the other session is over"
    assert AuditEntry.objects.get(event="second-factor.on").actor == person


def test_setting_it_up_asks_for_the_password_again(client, person, settings):
    client.force_login(person)
    settings.CONFIRM_AGAIN_SECONDS = -1
    answer = client.post(reverse("second-factor-set-up"))
    assert answer["Location"] == reverse("confirm-again")
    assert not TOTPDevice.objects.exists()


# ------------------------------------------------------------------ signing in


def test_the_code_is_asked_for_after_the_password(client, person):
    set_up(person)
    answer = client.post(
        f"{reverse('login')}?next=/inbox/",
        {"username": "chenyu", "password": PASSWORD, "next": "/inbox/"},
    )
    assert answer["Location"] == reverse("sign-in-code")
    assert not SignIn.objects.exists()
    assert client.get(HOME)["Location"].startswith(reverse("login"))
    before = client.session.session_key
    answer = client.post(reverse("sign-in-code"), {"code": code_of(person)})
    assert answer["Location"] == "/inbox/"
    assert client.session.session_key != before
    assert client.get(HOME).status_code == 200
    assert SignIn.objects.get().user == person


def test_a_code_is_accepted_once(client, person):
    set_up(person)
    code = code_of(person)
    second_factor.check(user=person, code=code)
    sign_in(client, person)
    answer = client.post(reverse("sign-in-code"), {"code": code})
    assert answer.status_code == 422
    assert "已经用过" in answer.content.decode()
    wait_is_over(person)
    assert client.post(reverse("sign-in-code"), {"code": code_of(person, 1)}).status_code == 302


def test_wrong_codes_make_one_wait_longer_each_time(client, person):
    set_up(person)
    sign_in(client, person)
    for _ in range(5):
        wait_is_over(person)
        client.post(reverse("sign-in-code"), {"code": wrong_code(person)})
    answer = client.post(reverse("sign-in-code"), {"code": code_of(person)})
    assert answer.status_code == 422, "the right code is not looked at while one has to wait"
    assert "请在16秒后再试" in answer.content.decode()
    assert client.get(HOME).status_code == 302
    assert AuditEntry.objects.filter(event="sign-in.code").count() == 5
    assert "动态码连续5次不正确" in Notice.objects.get(user=person).text
    for _ in range(20):
        wait_is_over(person)
        with pytest.raises(CodeRefused):
            second_factor.check(user=person, code="x")
    assert TOTPDevice.objects.get().throttling_failure_count == second_factor.MOST_FAILURES
    with pytest.raises(CodeRefused, match="请在35分钟后再试"):
        second_factor.check(user=person, code=code_of(person))


@pytest.mark.parametrize("typed", ["", "abc", "１２３４５６", "12345", "0" * 500])
def test_nonsense_is_a_wrong_code(person, typed):
    set_up(person)
    with pytest.raises(CodeRefused):
        second_factor.check(user=person, code=typed)
    assert TOTPDevice.objects.get().throttling_failure_count == 1


def test_a_recovery_code_works_once(client, person):
    codes = set_up(person)
    sign_in(client, person)
    page = client.post(reverse("sign-in-code"), {"code": codes[3].upper()}, follow=True)
    assert "还剩9个" in page.content.decode()
    wait_is_over(person)
    with pytest.raises(CodeRefused):
        second_factor.check(user=person, code=codes[3])
    wait_is_over(person)
    assert second_factor.check(user=person, code=codes[4].replace("-", "")).left == 8


def test_another_persons_code_is_wrong(person):
    set_up(person)
    other = make_user("filler", username="other")
    codes = set_up(other)
    for code in (codes[0], code_of(other)):
        wait_is_over(person)
        with pytest.raises(CodeRefused):
            second_factor.check(user=person, code=code)


def test_the_password_does_not_wait_for_ever(client, person):
    set_up(person)
    sign_in(client, person)
    session = client.session
    session["half_signed_in"] = session["half_signed_in"] | {"at": 0}
    session.save()
    answer = client.post(reverse("sign-in-code"), {"code": code_of(person)})
    assert answer["Location"] == reverse("login")


@pytest.mark.parametrize("change", ["password", "off"])
def test_what_changed_meanwhile_ends_the_wait(client, person, change):
    set_up(person)
    sign_in(client, person)
    if change == "password":
        person.set_password("Heng-shan-9")
    person.is_active = change != "off"
    person.save()
    assert client.post(reverse("sign-in-code"), {"code": code_of(person)})["Location"] == reverse("login")


def test_another_account_can_be_chosen(client, person):
    set_up(person)
    sign_in(client, person)
    assert "陈某雨" in client.get(reverse("sign-in-code")).content.decode()
    client.post(reverse("sign-in-code"), {"drop": "1"})
    assert client.get(reverse("sign-in-code"))["Location"] == reverse("login")


def test_a_half_session_reaches_what_an_unknown_person_reaches():
    """Every line of the access table, with the password given and the code not."""
    world = make_world()
    person = world.people["filler"]
    set_up(person)
    wrong = {}
    for line, route in TABLE.items():
        client = Client()
        sign_in(client, person)
        answer = getattr(client, route.method)(address(world, line), route.data)
        to_login = answer.get("Location", "").startswith(reverse("login"))
        code = "login" if to_login and line != "logout" else str(answer.status_code)
        expected = dict(zip(PEOPLE, route.codes.split(), strict=True))["anonymous"]
        if route_of(line) == "sign-in-code":
            expected = "200"
        if route_of(line) == "sign-in-again":
            expected = "422"
        if code != expected:
            wrong[line] = (code, expected)
    assert wrong == {}


def test_the_technical_administration_has_no_way_round(client):
    staff = make_user("administrator", username="root")
    User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
    set_up(staff)
    answer = client.post(reverse("admin:login"), {"username": "root", "password": PASSWORD})
    assert answer.status_code == 405
    assert client.get(reverse("admin:login"))["Location"].startswith(reverse("login"))
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get("/admin/otp_totp/").status_code == 302
    client.force_login(staff)
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


# ------------------------------------------------------------------ the page that is open


def test_signing_in_over_the_page_asks_for_both(client, person):
    set_up(person)
    data = {"username": "chenyu", "password": PASSWORD}
    first = client.post(reverse("sign-in-again"), data)
    assert (first.status_code, first.json()["code"]) == (422, True)
    wrong = client.post(reverse("sign-in-again"), data | {"code": wrong_code(person)})
    assert "动态码不正确" in wrong.json()["complaint"]
    assert client.get(HOME).status_code == 302
    wait_is_over(person)
    unknown = client.post(reverse("sign-in-again"), data | {"password": "x", "code": code_of(person)})
    assert "code" not in unknown.json(), "nothing is told about the code before the password is right"
    assert client.post(reverse("sign-in-again"), data | {"code": code_of(person)}).status_code == 200
    assert client.get(HOME).status_code == 200


# ------------------------------------------------------------------ codes anew, off, reset


def test_recovery_codes_are_made_anew(client, person):
    old = set_up(person)
    client.force_login(person)
    page = client.post(reverse("second-factor-codes"), {"code": code_of(person)})
    assert len(page.context["codes"]) == second_factor.RECOVERY_CODES
    with pytest.raises(CodeRefused):
        second_factor.check(user=person, code=old[0])


def test_it_is_switched_off_by_password_and_code(client, person):
    set_up(person)
    client.force_login(person)
    off = reverse("second-factor-off")
    assert client.post(off, {"password": "wrong", "code": code_of(person)}).status_code == 422
    assert client.post(off, {"password": PASSWORD, "code": wrong_code(person)}).status_code == 422
    assert second_factor.device_of(person)
    wait_is_over(person)
    assert client.post(off, {"password": PASSWORD, "code": code_of(person)}).status_code == 302
    assert second_factor.device_of(person) is None
    assert not RecoveryCode.objects.exists()
    assert AuditEntry.objects.filter(event="second-factor.off").exists()


def test_a_lost_telephone_is_reset_with_a_reason(client, person):
    set_up(person)
    theirs = Client()
    theirs.force_login(person)
    administrator = make_user("administrator", name="赵管理")
    client.force_login(administrator)
    address = reverse("person-second-factor", args=[person.pk])
    assert client.post(address, {"reason": " "}).status_code == 422
    assert second_factor.device_of(person)
    assert client.post(address, {"reason": "手机丢失"}).status_code == 302
    assert second_factor.device_of(person) is None
    assert theirs.get(HOME).status_code == 302, "their sessions are over"
    entry = AuditEntry.objects.get(event="second-factor.reset")
    assert (entry.actor, entry.data["reason"]) == (administrator, "手机丢失")
    assert "赵管理重置了您的动态码验证：手机丢失" in Notice.objects.get(user=person).text
    assert client.post(address, {"reason": "再来"}).status_code == 422


def test_resetting_asks_for_the_password_again(client, person, settings):
    set_up(person)
    client.force_login(make_user("administrator"))
    settings.CONFIRM_AGAIN_SECONDS = -1
    answer = client.post(reverse("person-second-factor", args=[person.pk]), {"reason": "手机丢失"})
    assert answer["Location"] == reverse("confirm-again")
    assert second_factor.device_of(person)


@pytest.mark.parametrize("who", ["unit_head", "far"])
def test_nobody_else_resets_it(client, person, who):
    set_up(person)
    unit = person.role_assignments.get().department
    by = (
        make_user("unit_head", department=unit)
        if who == "unit_head"
        else make_user("administrator", region=make_region("430408", "邻区"))
    )
    client.force_login(by)
    answer = client.post(reverse("person-second-factor", args=[person.pk]), {"reason": "手机丢失"})
    assert answer.status_code in {403, 404}
    assert second_factor.device_of(person)


# ------------------------------------------------------------------ the setting


def test_the_bureau_sets_it_up_first_where_the_setting_says_so(client, settings):
    settings.SECOND_FACTOR_FOR_BUREAU = True
    reviewer = make_user("reviewer", username="reviewer")
    sign_in(client, reviewer)
    for name in ("home", "queue", "my-account"):
        assert client.get(reverse(name))["Location"] == reverse("second-factor")
    moved = client.get(reverse("queue"), headers={"HX-Request": "true"})
    assert moved["HX-Redirect"] == reverse("second-factor")
    assert "须使用动态码验证" in client.get(reverse("second-factor")).content.decode()
    client.post(reverse("second-factor-set-up"))
    client.post(reverse("second-factor-confirm"), {"code": code_of(reviewer, -1)})
    assert client.get(reverse("queue")).status_code == 200
    client.post(reverse("second-factor-off"), {"password": PASSWORD, "code": code_of(reviewer)})
    assert client.get(reverse("queue"))["Location"] == reverse("second-factor")


def test_units_are_not_asked_by_the_setting(client, settings):
    settings.SECOND_FACTOR_FOR_BUREAU = True
    sign_in(client, make_user("unit_head", username="head", department=make_department()))
    assert client.get(HOME).status_code == 200


def test_pages_cost_no_query_for_it(client, person, settings, django_assert_num_queries):
    client.force_login(person)
    client.get(reverse("inbox"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("inbox"))
    count = len(asked.captured_queries)
    assert count
    settings.SECOND_FACTOR_FOR_BUREAU = True
    set_up(person)
    client.force_login(person)
    client.get(reverse("inbox"))
    with django_assert_num_queries(count):
        client.get(reverse("inbox"))
