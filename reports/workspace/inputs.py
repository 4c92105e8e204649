"""The inputs of the workspace as HTML: what Django's widgets write, without a template for each of two hundred inputs.

A section is one page with all of its inputs. Django renders each through a context and two templates; of the four kinds
that the workspace uses the markup is written here. Any other widget is left to Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from secrets import token_hex
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.template import engines
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

from reports.models import Comment
from reports.workspace.fields import PathForm, PlacedField, Surroundings, TickField, WordsField
from reports.workspace.panel import LiveCell

PATH, VALUE = f"path{token_hex(8)}", f"value{token_hex(8)}"
"""Stand for the prefix of a form and for what is typed, while a shape is made; no text can hold them by chance."""
SHAPES = 2048


def input_html(field: BoundField) -> SafeString:
    """The input of a field, as ``str(field)`` has it."""
    kind = _KINDS.get(type(field.field.widget)) if isinstance(field, PlacedField) else None
    if kind is None:
        return SafeString(field)
    typed = VALUE if isinstance(field, _StandIn) else kind.typed(field)
    return mark_safe(kind.around(field, typed))  # noqa: S308 (every value is escaped)


def cell_html(field: BoundField) -> SafeString:
    """A field in a row of its part: the macro ``cell``."""
    return _placed(field, "cell")


def cells_html(fields: Iterable[BoundField]) -> SafeString:
    """Fields of a row, one after the other."""
    return SafeString("".join([_placed(field, "cell") for field in fields]))


def placed_html(field: BoundField) -> SafeString:
    """A field with label, unit, message, comment and last year's value: the macro ``placed``."""
    return _placed(field, "placed")


def table_cell(field: BoundField) -> SafeString:
    """A field in a table of amounts: the macro ``table_cell``."""
    return _placed(field, "table_cell")


def _placed(field: BoundField, macro: str) -> SafeString:
    """What the macro of ``workspace/parts.html`` writes of the field.

    Beside most fields nothing stands. Those of a column differ in two things, the path and what is typed; so the macro is
    asked once, and both are put into its answer.
    """
    kind = _KINDS.get(type(field.field.widget)) if isinstance(field, PlacedField) else None
    if kind is None or not field.plain:
        return _macro(macro, field)
    item, name = field.field, field.name
    before, after = _shape(
        macro,
        name,
        type(item.widget),
        tuple(item.widget.attrs.items()),
        field.label,
        field.help_text,
        field.unit,
        field.column if macro == "table_cell" else "",
        field.ticked,
    )
    path = field.form.shown_prefix
    return SafeString(f"{path.join(before)}{kind.typed(field)}{path.join(after)}")


@lru_cache(maxsize=SHAPES)
def _shape(
    macro: str,
    name: str,
    widget: type[forms.Widget],
    attributes: tuple[tuple[str, Any], ...],
    label: str,
    help_text: str,
    unit: str,
    column: str,
    ticked: bool,
) -> tuple[list[str], list[str]]:
    """What the macro writes of such a field before and after what is typed, each cut where the form's prefix stands."""
    made = (TickField if ticked else WordsField)(label=label, help_text=help_text, widget=widget())
    made.widget.attrs = dict(attributes)
    form = PathForm({}, prefix=PATH, surroundings=Surroundings())
    form.units = {name: unit}
    written = str(_macro(macro, _StandIn(form, made, name, column)))
    before, after = written.split(VALUE)
    return before.split(PATH), after.split(PATH)


class _StandIn(PlacedField):
    """A field of no report, of which a shape is made."""

    column = ""

    def __init__(self, form: PathForm, field: forms.Field, name: str, column: str) -> None:
        super().__init__(form, field, name)
        self.column = column


def _macro(name: str, field: BoundField) -> SafeString:
    module = engines["jinja2"].env.get_template("workspace/parts.html").module
    return mark_safe(getattr(module, name)(field))  # noqa: S308 (escaped by the template)


def _attributes(field: PlacedField) -> str:
    """The widget's own attributes, the id, and what says whether the text was understood and where help stands."""
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if refused := field.refused:
        described.append(f"{field.auto_id}_error")
    own = _own(tuple(field.field.widget.attrs.items()))
    invalid = ' aria-invalid="true"' if refused else ""
    places = f' aria-describedby="{escape(" ".join(described))}"' if described else ""
    return f'{own}{invalid}{places} id="{escape(field.auto_id)}"'


@lru_cache(maxsize=1024)
def _own(attributes: tuple[tuple[str, Any], ...]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)


def _text(field: PlacedField, typed: str) -> str:
    return f'<input type="text" name="{escape(field.html_name)}"{typed}{_attributes(field)}>'


def _typed_in_line(field: PlacedField) -> str:
    value = field.typed
    return f' value="{escape(value)}"' if value else ""


def _textarea(field: PlacedField, typed: str) -> str:
    return f'<textarea name="{escape(field.html_name)}"{_attributes(field)}>\n{typed}</textarea>'


def _typed_in_box(field: PlacedField) -> str:
    value = field.typed
    return str(escape(value)) if value else ""


def _select(field: PlacedField, typed: str) -> str:
    return f'<select name="{escape(field.html_name)}"{_attributes(field)}>\n{typed}\n</select>'


def _picked(field: PlacedField) -> str:
    return _options(tuple(field.field.widget.choices), field.typed)


@lru_cache(maxsize=1024)
def _options(choices: tuple[tuple[Any, Any], ...], chosen: str) -> str:
    return "\n".join(
        f'  <option value="{escape(value)}"{" selected" if str(value) == chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    )


def _tick(field: PlacedField, typed: str) -> str:
    return f'<input type="checkbox" name="{escape(field.html_name)}"{_attributes(field)}{typed}>'


def _ticked(field: PlacedField) -> str:
    return " checked" if field.value() else ""


class _Kind(NamedTuple):
    around: Callable[[PlacedField, str], str]
    """The input with what is typed put into its place."""
    typed: Callable[[PlacedField], str]
    """What is typed, as markup."""


_KINDS: dict[type[forms.Widget], _Kind] = {
    forms.TextInput: _Kind(_text, _typed_in_line),
    forms.Textarea: _Kind(_textarea, _typed_in_box),
    forms.Select: _Kind(_select, _picked),
    forms.CheckboxInput: _Kind(_tick, _ticked),
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
