"""Application configuration of the reports floor."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "绩效自评"
