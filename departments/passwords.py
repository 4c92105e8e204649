"""Rules for a password that a person chooses (口令规则); they hold wherever one is chosen, by ``AUTH_PASSWORD_VALIDATORS``.

After GB/T 22239-2019 (等级保护二级, 8.1.4.1 身份鉴别): identities are not easily forged, passwords are complex and changed.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from departments.models import UsedPassword, User

REMEMBERED = 5
"""How many passwords may not come again, the present one among them."""


class CharacterKindsValidator:
    """At least so many of the four kinds: capital letters, small letters, digits, signs."""

    def __init__(self, kinds: int = 3) -> None:
        self.kinds = kinds

    def validate(self, password: str, user: User | None = None) -> None:
        has_sign = any(not char.isalnum() for char in password)
        tests = (str.isupper, str.islower, str.isdigit)
        found = sum(any(test(char) for char in password) for test in tests) + has_sign
        if found < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_too_few_kinds")

    def get_help_text(self) -> str:
        return f"密码要包含大写字母、小写字母、数字、符号中的至少{'一二三四'[self.kinds - 1]}种。"


class NotTheNameValidator:
    """The password does not contain the account's own name, in whatever case."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        for own in (user.username, user.name):
            if len(own) > 1 and own.casefold() in password.casefold():
                raise ValidationError(self.get_help_text(), code="password_contains_name")

    def get_help_text(self) -> str:
        return "密码不能包含用户名或姓名。"


class NotUsedBeforeValidator:
    """The password is none of the last ones of this account."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        if check_password(password, user.password):
            raise ValidationError("新密码不能与原密码相同。", code="password_unchanged")
        used = UsedPassword.objects.filter(user=user)[: REMEMBERED - 1]
        if any(check_password(password, item.password) for item in used):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return f"新密码不能与最近{REMEMBERED}次用过的密码相同。"


def remember(user: User) -> None:
    """Keep the hash of the present password among the used ones, before another replaces it."""
    UsedPassword.objects.create(user=user, password=user.password)
    kept = UsedPassword.objects.filter(user=user).values_list("pk", flat=True)[:REMEMBERED]
    UsedPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()


def is_old(user: User) -> bool:
    """Whether the password has to be changed because of its age (``EVALSITE_PASSWORD_DAYS``; 0: never)."""
    days = settings.PASSWORD_DAYS
    if not days:
        return False
    return (user.password_changed_at or user.date_joined) + datetime.timedelta(days=days) <= timezone.now()
