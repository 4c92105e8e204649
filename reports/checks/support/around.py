"""What a rule may know of the other departments: figures of the district, and text that another report shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

LEAST_UNITS = 8
"""With fewer departments nothing is usual and nothing an outlier."""


@dataclass(frozen=True)
class Copied:
    """A passage of one section that another department's report has nearly word for word."""

    section: str
    text: str
    other: str
    """Name of the other department."""
    other_title: str
    other_text: str


@dataclass(frozen=True)
class District:
    """Figures of the round's other departments: amounts in 元 a head, and satisfaction rates as stated."""

    per_head: dict[str, tuple[Decimal, ...]]
    """By measure (``running_costs``, ``basic``): actual amount ÷ staff of each other department."""
    satisfied: int = 0
    """Departments of which every satisfaction rate is 100 %."""
    surveyed: int = 0
    """Departments that state a satisfaction rate."""

    def usual(self, measure: str) -> Decimal | None:
        """Median; ``None`` where too few departments state it."""
        values = self.per_head.get(measure, ())
        return median(values) if len(values) >= LEAST_UNITS else None


def per_head(amounts: Iterable[tuple[Decimal | None, int | None]]) -> tuple[Decimal, ...]:
    """Amounts a head of those who state both."""
    return tuple(amount / staff for amount, staff in amounts if amount is not None and staff)
