"""Policies as TOML text, the form in which a bureau reads and edits what no field of a form shows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from budgets.money import plain


def to_toml(data: Mapping[str, Any]) -> str:
    """Plain data as TOML that :mod:`tomllib` reads back to equal data; what is ``None`` is left out."""
    lines: list[str] = []
    _table(data, (), lines)
    return "\n".join(lines).strip() + "\n" if lines else ""


def _table(data: Mapping[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    inner = []
    for key, value in data.items():
        if value is None:
            continue
        if isinstance(value, Mapping) or _is_tables(value):
            inner.append((key, value))
        else:
            lines.append(f"{key} = {_value(value)}")
    for key, value in inner:
        here = (*path, key)
        for item in value if _is_tables(value) else [value]:
            mark = "[[{}]]" if _is_tables(value) else "[{}]"
            lines += ["", mark.format(".".join(here))]
            _table(item, here, lines)


def _is_tables(value: Any) -> bool:
    """A list of tables that gets headings of its own; short ones (steps of a rule) stay on their lines."""
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(item, Mapping) for item in value)
        and any(_long(item) for item in value)
    )


def _long(item: Mapping[str, Any]) -> bool:
    stated = [part for part in item.values() if part is not None]
    return len(stated) > 2 or any(isinstance(part, Mapping) for part in stated)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items() if v is not None) + " }"
    if isinstance(value, list | tuple):
        if any(isinstance(item, Mapping) for item in value):
            return "[\n" + "".join(f"    {_value(item)},\n" for item in value) + "]"
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _string(str(value))


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for sign, code in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(sign, code)
    return f'"{escaped}"'
