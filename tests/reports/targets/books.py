"""Workbooks of approved targets for tests: rows in, bytes out."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

HEADS = ("单位名称", "一级指标", "二级指标", "三级指标", "年度指标值", "分值（分）")
ROW = ("示例区档案馆", "产出指标", "数量指标", "接待查档人次", "≥3000人次", 10)
EMPTY = ("", "", "", "", "", "")


def row(**changes: Any) -> tuple[Any, ...]:
    """:data:`ROW` with some of its columns replaced: ``unit``, ``level1``, ``level2``, ``name``, ``target``, ``weight``."""
    names = ("unit", "level1", "level2", "name", "target", "weight")
    return tuple(changes.get(name, value) for name, value in zip(names, ROW, strict=True))


def book(
    rows: Sequence[Sequence[Any]] = (ROW,),
    *,
    heads: Sequence[str] = HEADS,
    above: Sequence[str] = (),
    merges: Sequence[str] = (),
    goals: Sequence[tuple[str, str]] = (),
    formats: dict[str, str] | None = None,
    title: str = "绩效指标",
) -> bytes:
    """One sheet of indicators, and one of goals where there are any."""
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for text in above:
        sheet.append([text])
    sheet.append(list(heads))
    for one in rows:
        sheet.append(list(one))
    for area in merges:
        sheet.merge_cells(area)
    for cell, shown in (formats or {}).items():
        sheet[cell].number_format = shown
    if goals:
        other = made.create_sheet("年度总体目标")
        other.append(["单位名称", "年度总体目标"])
        for pair in goals:
            other.append(list(pair))
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()
