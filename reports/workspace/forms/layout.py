"""Where the fields of a form stand that is no table: each in a column of the grid."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """A field with label, unit, message, comment and last year's value, in a column of the grid."""

    name: str
    style: str


def placed(name: str, width: int = 4) -> Column:
    """A field in a column of so many twelfths on a wide screen."""
    return Column(name, f"col-12 col-sm-6 col-xl-{width}")


def wide(name: str) -> Column:
    """A field over the whole width."""
    return Column(name, "col-12")
