"""A dossier's own JSON: the exchange format, read back with the sentence that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from reports.dossier import Dossier
from reports.intake.errors import IntakeError

READABLE_VERSIONS = (1,)

_REASONS = {
    "missing": "没有填写",
    "extra_forbidden": "是不认识的字段，请检查拼写",
    "decimal_parsing": "不是十进制数",
    "decimal_type": "不是十进制数",
    "decimal_max_places": "小数位数过多",
    "decimal_max_digits": "数值过大",
    "finite_number": "不是有限的数",
    "int_parsing": "不是整数",
    "int_type": "不是整数",
    "string_type": "应是文字",
    "date_from_datetime_parsing": "不是日期（应为 2024-05-31 的形式）",
    "date_parsing": "不是日期（应为 2024-05-31 的形式）",
    "enum": "不是允许的值",
}


def is_dossier(data: object) -> bool:
    """Whether JSON has the shape of a dossier."""
    return isinstance(data, Mapping) and "profile" in data


def read_dossier(data: Mapping[str, Any]) -> Dossier:
    """A dossier from its JSON data. Raises :class:`IntakeError` naming the first fields that are wrong."""
    version = data.get("schema_version", 1)
    if version not in READABLE_VERSIONS:
        raise IntakeError(
            f"填报数据的版本是{version}，本程序能读的版本是{'、'.join(map(str, READABLE_VERSIONS))}"
        )
    try:
        return Dossier.model_validate(data)
    except ValidationError as error:
        raise IntakeError(f"填报数据的格式不正确：{faults(error)}") from None


def faults(error: ValidationError) -> str:
    """The first five faults of a validation, each with its place."""
    said = [_sentence(fault) for fault in error.errors()[:5]]
    more = error.error_count() - len(said)
    return "；".join(said) + (f"；另有{more}处" if more > 0 else "")


def _sentence(fault: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    return f"“{place}”{_REASONS.get(fault['type'], '的值不正确：' + str(fault['msg']))}"
