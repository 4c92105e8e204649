"""What production refuses to start with (demo data), and what is worth a warning (a missing official font)."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError


def refuse_demo_data() -> None:
    """Stop a production start on a database that holds demo accounts, whose passwords were printed.

    Raises :class:`~django.core.exceptions.ImproperlyConfigured`.
    """
    if not settings.PRODUCTION:
        return
    from departments.models import User

    try:
        found = User.objects.filter(is_demo=True).exists()
    except DatabaseError:
        return  # Not migrated yet: there is nothing to refuse.
    if found:
        raise ImproperlyConfigured("this database holds demo accounts; production must not start with it")
