"""The page that explains the interface (接口说明), rendered on the server from the OpenAPI document: no script, no CDN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.publication.api import description
from reports.publication.pages import public

STATUS_WORDS = {
    "200": "成功",
    "404": "没有找到",
    "410": "已经撤下",
    "422": "参数不符合要求",
    "429": "请求过于频繁",
}
TYPE_WORDS = {"string": "文字", "integer": "整数", "boolean": "是否", "array": "列表", "object": "对象"}


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    type: str
    required: bool
    description: str
    default: str = ""


@dataclass(frozen=True)
class Operation:
    """One address of the interface."""

    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str, str], ...]


def operations() -> Iterator[Operation]:
    """Every address, as the OpenAPI document describes it."""
    document = description()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield Operation(
                path=path,
                summary=operation["summary"],
                parameters=tuple(_parameter(item) for item in operation.get("parameters", ())),
                answers=tuple(
                    (str(status), STATUS_WORDS.get(str(status), ""))
                    for status in sorted(operation["responses"])
                ),
                fields=tuple(_fields(document, operation["responses"][200])),
            )


def _parameter(item: dict[str, Any]) -> Parameter:
    schema = item["schema"]
    default = schema.get("default")
    return Parameter(
        name=item["name"],
        place="路径" if item["in"] == "path" else "查询",
        type=_type(schema),
        required=item.get("required", False),
        description=schema.get("description") or item.get("description") or _known(item["name"]),
        default="" if default is None else str(default),
    )


def _known(name: str) -> str:
    return {"region": "行政区划代码，6位数字", "year": "评价年度", "code": "公开代码"}.get(name, "")


def _fields(document: dict[str, Any], response: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    schema = response["content"]["application/json"]["schema"]
    schema = schema.get("items", schema) if schema.get("type") == "array" else schema
    if name := schema.get("$ref", "").rpartition("/")[2]:
        for field, about in document["components"]["schemas"][name].get("properties", {}).items():
            yield field, _type(about), about.get("description", "")


def _type(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        kinds = [_type(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return "或".join(dict.fromkeys(kinds))
    return TYPE_WORDS.get(schema.get("type", "object"), "对象")


@public
def page(request: HttpRequest) -> HttpResponse:
    """How programs read what is public."""
    context = {
        "operations": list(operations()),
        "base": settings.EVALSITE_ADDRESS,
        "rate": settings.EVALSITE_API_RATE.partition("/")[0],
    }
    return render(request, "public/api.html", context)
