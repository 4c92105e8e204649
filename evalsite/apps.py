"""Application configuration of the top floor: system checks, and what happens at sign-in."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed


class EvalsiteConfig(AppConfig):
    name = "evalsite"
    verbose_name = "Evalsite"

    def ready(self) -> None:
        from axes.signals import user_locked_out

        from evalsite import (
            checks,  # noqa: F401
            signing_in,
        )

        user_logged_in.connect(signing_in.signed_in, dispatch_uid="evalsite.signed_in")
        user_logged_out.connect(signing_in.signed_out, dispatch_uid="evalsite.signed_out")
        user_login_failed.connect(signing_in.sign_in_failed, dispatch_uid="evalsite.sign_in_failed")
        user_locked_out.connect(signing_in.locked_out, dispatch_uid="evalsite.locked_out")
