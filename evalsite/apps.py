"""Application configuration of the top floor: system checks only."""

from django.apps import AppConfig


class EvalsiteConfig(AppConfig):
    name = "evalsite"
    verbose_name = "Evalsite"

    def ready(self) -> None:
        from evalsite import checks  # noqa: F401
