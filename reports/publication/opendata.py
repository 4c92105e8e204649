"""Open data (开放数据): one region's year as CSV and JSON, the JSON Schema and the data dictionary that describe them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from reports.models import Publication
from reports.publication.tables import csv_lines
from reports.publication.view import PublicReport

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def address(publication: Publication) -> str:
    """Full public address."""
    return f"{settings.EVALSITE_ADDRESS}{publication.get_absolute_url()}"


def site(route: str) -> str:
    """Full address of a page that takes no arguments."""
    return f"{settings.EVALSITE_ADDRESS}{reverse(route)}"


def summary(publication: Publication) -> dict[str, Any]:
    """The line of a list, as JSON: amounts and scores are decimal strings."""
    return {
        "address": address(publication),
        "region_code": publication.region.code,
        "region_name": publication.region.name,
        "year": publication.year,
        "unit_code": publication.unit_code,
        "unit_name": publication.unit_name,
        "main_department": publication.main_department,
        "self_score": _decimal(publication.self_score),
        "grade": publication.grade,
        "budget": _decimal(publication.budget),
        "spent": _decimal(publication.spent),
        "execution_rate": _decimal(publication.execution_rate),
        "version": publication.number,
        "published_on": timezone.localdate(publication.published_at).isoformat(),
        "sha256": publication.sha256,
    }


def _decimal(value: Any) -> str | None:
    return None if value is None else f"{value:.2f}"


CSV_COLUMNS = {
    "region_code": "行政区划代码",
    "region_name": "区县名称",
    "year": "评价年度",
    "unit_code": "公开代码",
    "unit_name": "单位名称",
    "main_department": "主管部门",
    "self_score": "自评得分（分）",
    "grade": "自评等级",
    "budget": "全年预算数（元）",
    "spent": "全年执行数（元）",
    "execution_rate": "预算执行率（%）",
    "version": "公开版次",
    "published_on": "公开日期",
    "sha256": "公开内容指纹（SHA-256）",
    "address": "公开网址",
}


def csv_of(publications: Iterable[Publication]) -> Iterator[str]:
    """One line a report."""
    rows = (summary(publication) for publication in publications)
    return csv_lines(CSV_COLUMNS.values(), ([row[key] for key in CSV_COLUMNS] for row in rows))


def envelope(publication: Publication, content: str) -> str:
    """One published report as JSON: the line of the list and the frozen content."""
    head = json.dumps(summary(publication), ensure_ascii=False)
    return f'{head[:-1]}, "report": {content}}}'


def json_of(pairs: Iterable[tuple[Publication, str]]) -> Iterator[str]:
    """A list of envelopes, one at a time."""
    yield "["
    for position, (publication, content) in enumerate(pairs):
        yield f"{',' if position else ''}\n{envelope(publication, content)}"
    yield "\n]\n"


SUMMARY_FIELDS: dict[str, dict[str, Any]] = {
    "address": {"type": "string", "format": "uri", "description": "公开网址"},
    "region_code": {"type": "string", "description": "行政区划代码"},
    "region_name": {"type": "string", "description": "区县名称"},
    "year": {"type": "integer", "description": "评价年度"},
    "unit_code": {"type": "string", "description": "公开代码，同一单位各年不变"},
    "unit_name": {"type": "string", "description": "单位名称"},
    "main_department": {"type": "string", "description": "主管部门，本身是主管部门的为空"},
    "self_score": {"type": ["string", "null"], "description": "自评得分（分），无法计算为 null"},
    "grade": {"type": "string", "description": "自评等级"},
    "budget": {"type": ["string", "null"], "description": "全年预算数（元）"},
    "spent": {"type": ["string", "null"], "description": "全年执行数（元）"},
    "execution_rate": {"type": ["string", "null"], "description": "预算执行率（%）"},
    "version": {"type": "integer", "description": "公开版次，更正后重新公开加一"},
    "published_on": {"type": "string", "format": "date", "description": "公开日期"},
    "sha256": {"type": "string", "description": "公开内容（report）的 SHA-256"},
}


def schema() -> dict[str, Any]:
    """JSON Schema of the yearly JSON file: a list of envelopes."""
    report = PublicReport.model_json_schema(mode="serialization")
    definitions = report.pop("$defs", {})
    definitions["PublicReport"] = report
    return {
        "$schema": SCHEMA_DIALECT,
        "$id": f"{settings.EVALSITE_ADDRESS}/public/data/schema.json",
        "title": "部门整体支出绩效自评公开数据",
        "type": "array",
        "items": {
            "type": "object",
            "properties": SUMMARY_FIELDS | {"report": {"$ref": "#/$defs/PublicReport"}},
            "required": [*SUMMARY_FIELDS, "report"],
            "additionalProperties": False,
        },
        "$defs": definitions,
    }


@dataclass(frozen=True)
class Entry:
    """One field in the data dictionary."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Group:
    """One kind of object in the data dictionary."""

    name: str
    title: str
    entries: tuple[Entry, ...]


GROUP_TITLES = {
    "PublicReport": "report：报告公开内容",
    "PublicUnit": "unit：单位基本情况",
    "PublicSection": "sections 的一项：报告正文",
    "PublicTable": "tables 的一项：收支表",
    "PublicRow": "rows 的一项、total：表的一行",
    "PublicProject": "projects 的一项：项目资金",
    "PublicAdjustment": "adjustments 的一项：预算调整",
    "PublicSheet": "sheet：绩效自评表",
    "PublicGoal": "goals 的一项：年度总体目标",
    "PublicIndicator": "indicators 的一项：绩效指标",
}
TYPE_WORDS = {
    "string": "文字",
    "integer": "整数",
    "number": "数字",
    "boolean": "是否",
    "null": "null",
    "array": "列表",
    "object": "对象",
}


def dictionary() -> list[Group]:
    """The data dictionary, read from the schema itself."""
    whole = schema()
    groups = [Group("", "每份报告", tuple(_entries(whole["items"]["properties"])))]
    for name, title in GROUP_TITLES.items():
        groups.append(Group(name, title, tuple(_entries(whole["$defs"][name]["properties"]))))
    return groups


def _entries(properties: dict[str, Any]) -> Iterator[Entry]:
    for name, field in properties.items():
        description = field.get("description") or GROUP_TITLES.get(_reference(field), "").partition("：")[2]
        yield Entry(name, _type(field), description)


def _reference(field: dict[str, Any]) -> str:
    return field.get("$ref", "").rpartition("/")[2]


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return "或".join(dict.fromkeys(_type(one) for one in field["anyOf"]))
    if "$ref" in field:
        return "对象"
    if "const" in field:
        return "整数" if isinstance(field["const"], int) else "文字"
    kinds = field.get("type", "string")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    word = "或".join(TYPE_WORDS[kind] for kind in kinds)
    if field.get("format") == "date":
        return word.replace("文字", "日期")
    return word
