"""Outline and forms of a place and year as data (报告模板): one validated, frozen shape for presets and a bureau's versions.

A preset is a folder of ``reports/templates_data/`` with a ``template.toml``; a bureau's own template is a database row of
the same shape (:mod:`reports.outlines`). Both go through :func:`build_outline` and are refused with the same sentences.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError, model_validator

from departments.dossier import Part
from indicators.faults import sentence
from reports.form_specs import AnyForm

PRESETS = Path(__file__).parent / "templates_data"
DEFAULT_TEMPLATE = "hunan-hengyang-2023"

DataBlock = Literal[
    "profile",
    "offices",
    "duties",
    "goals",
    "targets",
    "income_expenditure",
    "general_budget",
    "fund_budget",
    "basic_spending",
    "three_public",
    "project_spending",
    "budget_execution",
    "projects",
    "project_office",
    "indicators",
    "score",
]
DATA_BLOCK_LABELS: dict[DataBlock, str] = {
    "profile": "机构性质和人员",
    "offices": "内设机构",
    "duties": "主要职责",
    "goals": "年度总体目标",
    "targets": "各类指标的年度指标值",
    "income_expenditure": "收入支出决算",
    "general_budget": "一般公共预算支出",
    "fund_budget": "政府性基金预算支出",
    "basic_spending": "基本支出和公用经费",
    "three_public": "“三公”经费",
    "project_spending": "项目支出合计",
    "budget_execution": "预算安排与执行",
    "projects": "各项目资金",
    "project_office": "项目资金管理机构",
    "indicators": "绩效指标完成情况",
    "score": "自评得分和等级",
}
DATA_BLOCKS: tuple[DataBlock, ...] = get_args(DataBlock)
FORM_LABELS = {
    "self_evaluation": "部门整体支出绩效自评表",
    "base_data": "基础数据表",
    "project": "项目支出绩效自评表",
    "income_expenditure": "收入支出决算表",
}


class OutlineError(ValueError):
    """A template is missing or wrong; the message names file and key."""


class OutlineSection(Part):
    """One numbered section: its data blocks are generated, the unit's own text is put below (or above) them."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    level: Literal[1, 2, 3, 4]
    title: Annotated[str, Field(min_length=1, max_length=60)]
    data: tuple[DataBlock, ...] = ()
    prompt: Annotated[str, Field(max_length=300)] = ""
    """Hint for the filler; a section without one takes no text (a heading only)."""
    required: bool = False
    text_first: bool = False
    """The unit's own text stands before the generated paragraphs, e.g. an overview before the figures."""

    @property
    def takes_text(self) -> bool:
        return bool(self.prompt)

    @model_validator(mode="after")
    def _required_takes_text(self) -> OutlineSection:
        if self.required and not self.takes_text:
            raise ValueError("必填的章节应有填写提示（prompt）")
        return self


class Outline(Part):
    """A versioned template. ``title`` may contain ``{year}`` and ``{department}``."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    version: Annotated[str, Field(min_length=1, max_length=10)]
    label: Annotated[str, Field(min_length=1, max_length=60)]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    policy: str
    """Scoring policy that goes with it."""
    source: str = ""
    """Where outline and forms come from, and how sure that is."""
    sections: tuple[OutlineSection, ...] = Field(default=(), max_length=80)
    forms: tuple[AnyForm, ...] = Field(default=(), max_length=12)

    @model_validator(mode="after")
    def _sections_make_a_tree(self) -> Outline:
        seen: set[str] = set()
        level = 0
        for number, section in enumerate(self.sections, 1):
            if section.key in seen:
                raise ValueError(f"sections 中“{section.key}”出现了两次")
            seen.add(section.key)
            if section.level > level + 1:
                raise ValueError(
                    f"sections 第{number}节“{section.title}”是{section.level}级标题，"
                    + (f"上一节是{level}级，跳了级" if level else "第一节应是1级，跳了级")
                )
            level = section.level
        return self

    @model_validator(mode="after")
    def _forms_once(self) -> Outline:
        kinds = [form.kind for form in self.forms]
        for kind in kinds:
            if kinds.count(kind) > 1:
                raise ValueError(f"forms 中“{FORM_LABELS[kind]}”出现了两次")
        return self

    @model_validator(mode="after")
    def _titles_have_known_places(self) -> Outline:
        for where, title in (("title", self.title), *(("forms", form.title) for form in self.forms)):
            for name in _PLACES.findall(title):
                if name not in ("year", "department", "project"):
                    raise ValueError(
                        f"{where} 的标题里不认识“{{{name}}}”，可用 {{year}}、{{department}}、{{project}}"
                    )
        return self

    @property
    def full_name(self) -> str:
        """Name and version, as a round names a bureau's own template."""
        return f"{self.name}@{self.version}"

    @property
    def text_sections(self) -> tuple[OutlineSection, ...]:
        """Sections in which the unit writes."""
        return tuple(section for section in self.sections if section.takes_text)

    def section(self, key: str) -> OutlineSection | None:
        return next((section for section in self.sections if section.key == key), None)


_PLACES = re.compile(r"\{([^{}]*)\}")


# ------------------------------------------------------------------ loading


def outline_names() -> list[str]:
    """Names of the shipped presets, the default first."""
    names = (path.parent.name for path in PRESETS.glob("*/template.toml"))
    return sorted(names, key=lambda name: (name != DEFAULT_TEMPLATE, name))


@cache
def load_outline(name: str = DEFAULT_TEMPLATE) -> Outline:
    """Read a preset. Raises :class:`OutlineError` naming file and key."""
    if name not in outline_names():
        raise OutlineError(f"没有名为“{name}”的报告模板，可用的有：{'、'.join(outline_names())}")
    source = f"{name}/template.toml"
    try:
        data = tomllib.loads((PRESETS / name / "template.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise OutlineError(f"{source}不是正确的 TOML：{error}") from None
    # A preset may take over another one's forms instead of repeating them.
    if like := data.pop("forms_like", ""):
        data["forms"] = [form.model_dump() for form in load_outline(like).forms]
    outline = build_outline(data, source)
    if outline.name != name:
        raise OutlineError(f"{source}：键 name：应与文件夹一致，现为“{outline.name}”")
    return outline


def build_outline(data: Mapping[str, Any], source: str = "报告模板") -> Outline:
    """A template from plain data such as a stored row. Raises :class:`OutlineError` naming source and key."""
    try:
        return Outline.model_validate(data)
    except ValidationError as error:
        lines = [
            f"{source}：键 {_path(item['loc'])}：{sentence(item, _SENTENCES)}" for item in error.errors()
        ]
        raise OutlineError("\n".join(lines)) from None


_KINDS = frozenset(FORM_LABELS) | {"identity", "budget", "goals", "indicators", "text", "foot"}


def _path(loc: tuple[int | str, ...]) -> str:
    """``sections.3.title``, rows counted from 1 as people do; names of kinds that pydantic puts in are left out."""
    parts: list[str] = []
    for place, part in enumerate(loc):
        if isinstance(part, int):
            parts.append(str(part + 1))
        elif not (part in _KINDS and place and isinstance(loc[place - 1], int)):
            parts.append(part)
    return ".".join(parts) or "（整体）"


_SENTENCES = {
    "union_tag_invalid": "kind 不是已知的种类",
    "union_tag_not_found": "缺少 kind（种类）",
}
