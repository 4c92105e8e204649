"""Application configuration of the reports floor."""

from django.apps import AppConfig
from django.core.validators import ProhibitNullCharactersValidator


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "绩效自评"

    def ready(self) -> None:
        # Django's own Chinese sentence for it (不允许是用空字符串) says something else.
        ProhibitNullCharactersValidator.message = "文字里有不能保存的控制字符（空字符），请删去后重新填写"
