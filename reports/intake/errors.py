"""What an unreadable source is answered with."""

from __future__ import annotations


class IntakeError(ValueError):
    """The file cannot be read; the message says why in Chinese and is shown to the person who gave it."""


class NeedsWorkbook(IntakeError):
    """The official workbook is not the one of today; the message is followed by a link to it."""
