"""The second step of signing in (动态码验证): a code of six digits from the person's own telephone, or a recovery code (备用码).

After RFC 6238 (TOTP), by django-otp: a code is accepted once, a clock may be one step off, and after wrong codes one waits
longer each time. Who has it set up is signed in only after the code; until then the session knows nobody.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from departments import sign_ins
from departments.accounts import AccountRefused, hashed_random, random_text
from departments.choices import UNIT_ROLES
from departments.models import RecoveryCode, RoleAssignment, SignIn, User
from departments.services import record_of

RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
"""Signs of a recovery code, about 49 random bits."""
MOST_FAILURES = 12
"""Wrong codes that are counted: the wait doubles with each and grows to about half an hour, no longer."""
DIGITS = 6


class CodeRefused(AccountRefused):
    """The code is not accepted; the message says why in Chinese, and how long one has to wait."""

    failures = 0
    """Wrong codes in a row; 0 when the code was not looked at."""


@dataclass(frozen=True)
class Passed:
    """A code that was accepted."""

    recovery: bool
    """Whether it was a recovery code."""
    left: int = 0
    """Recovery codes that are left, where it was one."""


def device_of(user: User) -> TOTPDevice | None:
    """The telephone that this person's codes come from; nothing where the second step is not set up."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def pending_device(user: User) -> TOTPDevice | None:
    """A secret that was handed out and waits for its first code."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def must_set_up(user: User) -> bool:
    """Whether the person has to set the second step up before anything else: people of the bureau and technical staff, where
    the setting ``SECOND_FACTOR_FOR_BUREAU`` says so."""
    if not settings.SECOND_FACTOR_FOR_BUREAU:
        return False
    bureau = RoleAssignment.objects.filter(user=user, is_active=True).exclude(role__in=UNIT_ROLES)
    return (user.is_staff or bureau.exists()) and device_of(user) is None


def codes_left(user: User) -> int:
    """Recovery codes that were not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


@transaction.atomic
def begin(user: User) -> TOTPDevice:
    """Draw a secret for the telephone (开始设置); one that was not confirmed is replaced.

    Raises :class:`~departments.accounts.AccountRefused` where the second step is set up already.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if device_of(user):
        raise AccountRefused("动态码验证已经开启。要换手机，请先关闭再重新设置。")
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="手机", confirmed=False)


def confirm(*, user: User, code: str, session_key: str) -> list[str]:
    """Switch the second step on by the first code (开启), end the other sessions, and answer the recovery codes, shown once.

    Raises :class:`CodeRefused`; what is counted about a wrong code stays.
    """
    _pass(user, code, confirmed=False)
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=False).update(confirmed=True)
        codes = _draw_codes(user)
        sign_ins.end(user=user, but=session_key, how=SignIn.End.SECOND_FACTOR)
        record_of(user, event="second-factor.on", sentence=f"{user}开启了动态码验证", by=user)
    return codes


def check(*, user: User, code: str) -> Passed:
    """Whether this code lets the person in (验证动态码): one of the telephone, or a recovery code, each once.

    Raises :class:`CodeRefused` when it is wrong, was used before, or while one has to wait after wrong ones.
    """
    return _pass(user, code, confirmed=True)


def renew_codes(*, user: User, code: str) -> list[str]:
    """Ten new recovery codes in place of the old ones (重新生成备用码). Raises :class:`CodeRefused`."""
    check(user=user, code=code)
    with transaction.atomic():
        codes = _draw_codes(user)
        record_of(user, event="second-factor.codes", sentence=f"{user}重新生成了备用码", by=user)
    return codes


def switch_off(*, user: User, code: str) -> None:
    """Switch the second step off (关闭); the caller has checked the password. Raises :class:`CodeRefused`."""
    check(user=user, code=code)
    with transaction.atomic():
        _forget(user)
        record_of(user, event="second-factor.off", sentence=f"{user}关闭了动态码验证", by=user)


@transaction.atomic
def reset(*, person: User, by: User, reason: str) -> None:
    """Take the second step from an account whose telephone is lost (重置动态码), and end its sessions.

    The caller knows that ``by`` keeps the account. Raises :class:`~departments.accounts.AccountRefused` where there is none.
    """
    if not _forget(person):
        raise AccountRefused(f"{person.name}没有开启动态码验证。")
    sign_ins.end(user=person, how=SignIn.End.SECOND_FACTOR)
    record_of(
        person,
        event="second-factor.reset",
        sentence=f"{by.name}重置了{person.name}（{person.username}）的动态码验证：{reason}",
        by=by,
        data={"user": person.pk, "reason": reason},
    )


def _forget(user: User) -> int:
    RecoveryCode.objects.filter(user=user).delete()
    return TOTPDevice.objects.filter(user=user).delete()[0]


def _draw_codes(user: User) -> list[str]:
    codes = [random_text(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, code=hashed_random(code)) for code in codes])
    half = RECOVERY_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def _pass(user: User, code: str, *, confirmed: bool) -> Passed:
    """Check a code under the lock of the device, so that two requests cannot use one code; a failure is written all the same."""
    typed = "".join(code.split()).replace("-", "").lower()
    with transaction.atomic():
        found = TOTPDevice.objects.select_for_update(of=("self",), no_key=True).filter(
            user=user, confirmed=confirmed
        )
        device = found.first()
        if device is None:
            raise CodeRefused("动态码验证已经变动，请回到上一页重新办理。")
        _require_no_wait(device)
        if len(typed) == DIGITS and typed.isascii() and typed.isdigit():
            if device.verify_token(typed):
                return Passed(recovery=False)
        else:
            if typed and confirmed and _use_recovery_code(user, typed):
                device.throttle_reset()
                return Passed(recovery=True, left=codes_left(user))
            device.throttle_increment()
        if device.throttling_failure_count > MOST_FAILURES:
            device.throttling_failure_count = MOST_FAILURES
            device.save(update_fields=["throttling_failure_count"])
        failures = device.throttling_failure_count
    wait = 2 ** (failures - 1)
    after = f"{_wait(wait)}后可以再试" if wait > 4 else "等下一个动态码再输入"
    refused = CodeRefused(f"动态码不正确或已经用过，请核对手机时间，{after}。")
    refused.failures = failures
    raise refused


def _require_no_wait(device: TOTPDevice) -> None:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        left = (why["locked_until"] - timezone.now()) / datetime.timedelta(seconds=1)
        raise CodeRefused(f"动态码多次不正确，请在{_wait(max(1, math.ceil(left)))}后再试。")


def _wait(seconds: int) -> str:
    """``40秒``, ``9分钟``"""
    return f"{seconds}秒" if seconds < 60 else f"{math.ceil(seconds / 60)}分钟"


def _use_recovery_code(user: User, typed: str) -> bool:
    for row in RecoveryCode.objects.filter(user=user, used_at=None):
        if check_password(typed, row.code):
            row.used_at = timezone.now()
            row.save(update_fields=["used_at"])
            return True
    return False
