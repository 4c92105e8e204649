"""What an unreadable source is answered with."""

from __future__ import annotations


class IntakeError(ValueError):
    """The file cannot be read; the message says why in Chinese and is shown to the person who gave it."""
