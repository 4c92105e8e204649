"""What happens at every sign-in, whichever page it came from (登录)."""

from __future__ import annotations

from django.http import HttpRequest

from departments import idle
from departments.models import User


def signed_in(request: HttpRequest, user: User, **kwargs: object) -> None:
    """Start counting the idle time."""
    request.session.pop(idle.WAS, None)
    idle.begin(request)
