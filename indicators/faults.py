"""What pydantic refuses in data that people write (评分办法、报告模板), as Chinese sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SENTENCES = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这个键，请检查拼写",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "finite_number": "应为有限的数字",
    "float_parsing": "应为数字",
    "int_parsing": "应为整数",
    "string_type": "应为文字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "tuple_type": "应为列表",
    "model_type": "应为一组键值",
    "model_attributes_type": "应为一组键值",
}
LIMITS = {
    "greater_than": ("gt", "应大于"),
    "greater_than_equal": ("ge", "应不小于"),
    "less_than": ("lt", "应小于"),
    "less_than_equal": ("le", "应不大于"),
    "decimal_max_places": ("decimal_places", "小数位数不能超过"),
    "string_too_short": ("min_length", "字数不少于"),
    "string_too_long": ("max_length", "字数不超过"),
    "too_short": ("min_length", "项数不少于"),
    "too_long": ("max_length", "项数不超过"),
    "string_pattern_mismatch": ("pattern", "格式应为 "),
}
"""By type of error: which part of its context holds the limit, and the words before it."""


def sentence(item: Mapping[str, Any], own: Mapping[str, str]) -> str:
    """One error of ``ValidationError.errors()`` in words; ``own`` are sentences by type that say it better here."""
    kind, context = item["type"], item.get("ctx", {})
    if kind in own:
        return own[kind]
    if kind in SENTENCES:
        return SENTENCES[kind]
    if kind == "value_error":
        return str(context.get("error", item["msg"]))
    if kind == "literal_error":
        return f"只能是 {str(context.get('expected', '')).replace(' or ', ', ')}"
    if kind in LIMITS:
        name, words = LIMITS[kind]
        return f"{words}{context.get(name)}"
    return f"不符合要求（{item['msg']}）"
