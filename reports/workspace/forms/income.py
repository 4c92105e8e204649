"""2 收入."""

from __future__ import annotations

from reports.workspace.rows import LinesPart, Part


def parts() -> list[Part]:
    return [LinesPart("income_source"), LinesPart("income_nature"), LinesPart("carryover")]
