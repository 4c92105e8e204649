"""A mail server that does not answer."""

from __future__ import annotations

from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Every connection is refused."""

    def open(self) -> None:
        raise ConnectionRefusedError("no mail server here")
