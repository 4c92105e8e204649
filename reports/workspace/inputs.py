"""The inputs of the workspace as HTML: what Django's widgets write, without a template for each of two hundred inputs.

A section is one page with all of its inputs. Django renders each through a context and two templates; of the four kinds
that the workspace uses the markup is written here. Any other widget is left to Django.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

from reports.models import Comment
from reports.workspace.fields import PlacedField
from reports.workspace.panel import LiveCell


def input_html(field: BoundField) -> SafeString:
    """The input of a field, as ``str(field)`` has it."""
    write = _WRITERS.get(type(field.field.widget)) if isinstance(field, PlacedField) else None
    return mark_safe(write(field)) if write else SafeString(field)  # noqa: S308 (every value is escaped)


def _attributes(field: PlacedField, more: str = "") -> str:
    """The widget's own attributes, the id, and what says whether the text was understood and where help stands."""
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if refused := field.refused:
        described.append(f"{field.auto_id}_error")
    own = _own(tuple(field.field.widget.attrs.items()))
    invalid = ' aria-invalid="true"' if refused else ""
    places = f' aria-describedby="{escape(" ".join(described))}"' if described else ""
    return f'{own}{invalid}{places} id="{escape(field.auto_id)}"{more}'


@lru_cache(maxsize=1024)
def _own(attributes: tuple[tuple[str, Any], ...]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)


def _text(field: PlacedField) -> str:
    value = field.typed
    stated = f' value="{escape(value)}"' if value else ""
    return f'<input type="text" name="{escape(field.html_name)}"{stated}{_attributes(field)}>'


def _textarea(field: PlacedField) -> str:
    name = escape(field.html_name)
    return f'<textarea name="{name}"{_attributes(field)}>\n{escape(field.typed)}</textarea>'


def _select(field: PlacedField) -> str:
    chosen, widget = field.typed, field.field.widget
    options = "\n".join(
        f'  <option value="{escape(value)}"{" selected" if str(value) == chosen else ""}>{escape(label)}</option>'
        for value, label in widget.choices
    )
    return f'<select name="{escape(field.html_name)}"{_attributes(field)}>\n{options}\n</select>'


def _tick(field: PlacedField) -> str:
    checked = " checked" if field.value() else ""
    return f'<input type="checkbox" name="{escape(field.html_name)}"{_attributes(field, checked)}>'


_WRITERS: dict[type[forms.Widget], Callable[[PlacedField], str]] = {
    forms.TextInput: _text,
    forms.Textarea: _textarea,
    forms.Select: _select,
    forms.CheckboxInput: _tick,
}


def live_cell(cell: LiveCell, oob: bool = False) -> SafeString:
    """A computed figure among the fields; ``oob`` puts it into the page that saved itself."""
    return format_html(
        '<span id="{}" class="live-cell{}" {}>{}{}</span>',
        cell.id,
        " loud" if cell.loud else "",
        mark_safe('hx-swap-oob="true"') if oob else "",
        cell.text,
        format_html('<span class="basis">{}</span>', cell.extra) if cell.extra else "",
    )


def comments_html(comments: Sequence[Comment]) -> SafeString:
    """The reviewer's comments at one place: few fields have any."""
    return mark_safe(render_to_string("reports/workspace/comments.html", {"list": comments}))  # noqa: S308
