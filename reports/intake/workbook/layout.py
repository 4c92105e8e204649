"""Which blocks of fields stand on which sheet; the one list that writer and reader both follow.

A block is one part of a workspace section. Column A (hidden) names the rows, the block's first row carries its mark; the hidden
sheet lists the columns of every block, so that a workbook of an older version is read by its own columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms

from budgets.tables import COLUMN_LABELS
from reports.outline import Outline
from reports.places import section as section_of
from reports.workspace.fields import (
    AreaField,
    CountField,
    DayField,
    NumberField,
    PickField,
    PointsField,
    TextField,
    TickField,
    WanField,
)
from reports.workspace.forms import narrative
from reports.workspace.forms.goals import goals_part
from reports.workspace.forms.indicators import assessment_part, indicators_part
from reports.workspace.rows import KeyedTextsPart, LinesPart, ObjectPart, Part, RowsPart
from reports.workspace.sections import PARTS, SHEETS

FORMAT = "evalsite-workbook"
VERSION = 1
"""Raised when blocks or columns change; a workbook of an older version is read by the columns that it states itself."""
OLDEST_READ = 1
HIDDEN_SHEET = "_evalsite"
GUIDE_SHEET = "填写说明"
MARK = "#"
END = "#end"
PROJECT = "project"
"""Column of a project's rows that names the project."""
PROJECT_LABEL = "所属项目"

SPARE = {
    "profile.internal_offices": 10,
    "profile.duties": 10,
    "money.adjustments": 10,
    "money.project_detail.own": 12,
    "money.buildings": 5,
    "money.projects": 15,
    "goals": 8,
    "indicators": 30,
    f"{SHEETS}.goals": 15,
    f"{SHEETS}.indicators": 40,
    f"{SHEETS}.assessment": 15,
}
"""Empty rows offered below those that are filled."""

SHEET_KEYS = (
    "profile",
    "income",
    "expenditure",
    "base-data",
    "projects",
    "goals",
    "indicators",
    "narrative",
    "result",
)


@dataclass(frozen=True)
class Block:
    """One block of a sheet."""

    key: str
    """Prefix of its paths; own lines of a table and rows of projects carry a name of their own."""
    section: str
    kind: str
    """``object`` (a field a row), ``lines`` (fixed rows), ``rows`` (rows that people add), ``texts`` (a text a row)."""
    part: Part
    project: bool = False

    @property
    def title(self) -> str:
        if self.project:
            return {"goals": "项目绩效目标", "indicators": "项目绩效指标", "assessment": "项目自评结果"}[
                self.key.rpartition(".")[2]
            ]
        return {
            "profile": "人员和联系方式",
            "assessment": "自评结果",
            "narrative": "报告正文",
        }.get(self.key, getattr(self.part, "title", "文字说明"))

    @property
    def help(self) -> str:
        if self.project:
            return "一行属于一个项目，“所属项目”从列表中选取，名称与《项目资金》一致。"
        spec = getattr(self.part, "spec", None)
        return getattr(self.part, "help", "") or (spec.help if spec and self.kind == "lines" else "")

    @property
    def fields(self) -> dict[str, forms.Field]:
        """Fields by name, in the order of the columns (of the rows for ``object`` and ``texts``)."""
        part = self.part
        if isinstance(part, LinesPart):
            first = next(iter(part.form_classes.values()))
            return dict(first.base_fields)
        if isinstance(part, KeyedTextsPart):
            return dict(part.fields)
        assert isinstance(part, ObjectPart | RowsPart)  # noqa: S101  # the kinds that exist
        return dict(part.form_class.base_fields)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that are filled in, from the third one on."""
        if self.kind in ("object", "texts"):
            return ("value",)
        return (PROJECT, *self.fields) if self.project else tuple(self.fields)

    def head(self, name: str) -> str:
        """Head of a column, with its unit."""
        if name == PROJECT:
            return PROJECT_LABEL
        if self.kind == "lines":
            return f"{COLUMN_LABELS.get(name, name)}（万元）"  # type: ignore[call-overload]
        return self.label(name)

    def label(self, name: str) -> str:
        """Label of a field with its unit."""
        item = self.fields[name]
        text = str(item.label or name)
        units = getattr(getattr(self.part, "form_class", None), "units", {})
        unit = (
            "万元"
            if isinstance(item, WanField)
            else "㎡"
            if isinstance(item, AreaField)
            else units.get(name, "")
        )
        return f"{text}（{unit}）" if unit and unit not in text else text

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Key and label of the fixed rows."""
        if isinstance(self.part, LinesPart):
            return tuple(self.part.fixed.items())
        if self.kind in ("object", "texts"):
            return tuple((name, self.label(name)) for name in self.fields)
        return ()

    @property
    def spare(self) -> int:
        return SPARE.get(self.key, 10)


def blocks(outline: Outline) -> Iterator[tuple[str, list[Block]]]:
    """Title and blocks of every sheet, in their order."""
    for key in SHEET_KEYS:
        yield section_of(key).title.replace("自评结果与核对", "自评结果"), list(_blocks(key, outline))


def _blocks(key: str, outline: Outline) -> Iterator[Block]:
    if key == "narrative":
        for part in narrative.parts(outline):
            yield Block("narrative", key, "texts", part)
        return
    if key == "result":
        yield Block("assessment", key, "object", assessment_part())
        yield Block(
            f"{SHEETS}.assessment", key, "rows", assessment_part(f"{SHEETS}.assessment"), project=True
        )
        return
    for part in PARTS[key]():
        if isinstance(part, LinesPart):
            yield Block(part.prefix, key, "lines", part)
        elif isinstance(part, RowsPart):
            own = part.prefix == "money.project_detail"
            yield Block(f"{part.prefix}.own" if own else part.prefix, key, "rows", part)
        else:
            yield Block(
                f"{part.prefix}:{key}" if part.prefix == "money" else part.prefix, key, "object", part
            )
    if key == "goals":
        yield Block(f"{SHEETS}.goals", key, "rows", goals_part(f"{SHEETS}.goals"), project=True)
    if key == "indicators":
        yield Block(
            f"{SHEETS}.indicators", key, "rows", indicators_part(f"{SHEETS}.indicators"), project=True
        )


def options(item: forms.Field) -> list[tuple[str, str]]:
    """Words of a drop-down list: what is stored and what is shown."""
    if isinstance(item, TickField):
        return [("on", "是")]
    return list(item.options) if isinstance(item, PickField) else []


def expected(item: forms.Field) -> str:
    """What a cell takes, in a few words for comments and input hints."""
    if isinstance(item, WanField):
        return "数字，单位万元"
    if isinstance(item, CountField):
        return "不小于0的整数"
    if isinstance(item, PointsField):
        return "0至100的数字，最多两位小数"
    if isinstance(item, AreaField):
        return "数字，单位㎡"
    if isinstance(item, DayField):
        return "日期，如 2024-04-18"
    if found := options(item):
        return "从列表中选取：" + "、".join(shown for _, shown in found)
    longest = getattr(item, "max_length", None)
    return f"文字，最多{longest}个字" if longest else "文字"


def width(item: forms.Field | None) -> float:
    """Width of a column in characters."""
    if item is None:
        return 22
    if isinstance(item, TickField):
        return 12
    if isinstance(item, NumberField):
        return 15
    if isinstance(item, PickField):
        return 15
    return 32 if isinstance(item, TextField) else 20
