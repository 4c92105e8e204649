"""Whether two names mean the same thing."""

from __future__ import annotations

from reports.intake.wording import bare


def same_words(one: str, other: str) -> bool:
    """Equal but for spaces, punctuation and width of characters."""
    return bare(one) == bare(other)
