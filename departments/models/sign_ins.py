"""Sign-ins of a person, the passwords used before, the recovery codes of the second step (登录记录、用过的密码、备用码)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from departments.models.people import User


class SignInQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The own sign-ins, nobody else's."""
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()


class SignIn(models.Model):
    """One sign-in (登录记录): from where, with what, until when. What was done last lies in the session itself."""

    class End(models.TextChoices):
        """How it ended."""

        LEFT = "left", "本人退出"
        IDLE = "idle", "超时退出"
        ENDED = "ended", "在账号页退出"
        PASSWORD = "password", "修改密码后退出"
        SECOND_FACTOR = "factor", "动态码变动后退出"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins", verbose_name="账号"
    )
    session_key = models.CharField("会话", max_length=40, db_index=True)
    address = models.CharField("地址", max_length=45, blank=True)
    device = models.CharField("设备", max_length=60, blank=True)
    since = models.DateTimeField("登录时间", auto_now_add=True)
    ended_at = models.DateTimeField("退出时间", null=True, blank=True)
    end = models.CharField("退出方式", max_length=10, choices=End.choices, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=("user", "-id"), name="sign_ins_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user} {self.since:%Y-%m-%d %H:%M} {self.address}"


class UsedPasswordQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Nobody reads these; the check of a new password asks the own ones."""
        return self.none()


class UsedPassword(models.Model):
    """The hash of a password that an account had before (用过的密码)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="used_passwords", verbose_name="账号"
    )
    password = models.CharField("密码指纹", max_length=128)
    replaced_at = models.DateTimeField("更换时间", auto_now_add=True)

    objects = UsedPasswordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.replaced_at:%Y-%m-%d}"


class RecoveryCodeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Nobody reads these; they are shown once, when they are made."""
        return self.none()


class RecoveryCode(models.Model):
    """The hash of a code that replaces the telephone once (备用码)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name="账号"
    )
    code = models.CharField("备用码指纹", max_length=128)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "备用码"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user}的备用码"
