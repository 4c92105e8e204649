"""Application configuration of the top floor: system checks, and what happens at sign-in."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class EvalsiteConfig(AppConfig):
    name = "evalsite"
    verbose_name = "Evalsite"

    def ready(self) -> None:
        from evalsite import (
            checks,  # noqa: F401
            signing_in,
        )

        user_logged_in.connect(signing_in.signed_in, dispatch_uid="evalsite.signing_in")
