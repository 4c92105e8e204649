"""Application configuration of the departments floor."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def _install_guards(using: str, **kwargs: object) -> None:
    from departments import locks

    locks.install(connections[using])


class DepartmentsConfig(AppConfig):
    name = "departments"
    verbose_name = "部门与人员"

    def ready(self) -> None:
        # Sent once per application; the guards of all floors are made by the last floor that migrates.
        post_migrate.connect(_install_guards, sender=self, dispatch_uid="departments.locks")
