"""The blocks of a section, written by the faster of the two template engines (:mod:`evalsite.jinja`)."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from reports.workspace.inputs import input_html, live_cell, placed_html
from reports.workspace.rows import Part

register = template.Library()
register.simple_tag(live_cell)
register.filter(input_html)


@register.simple_tag(takes_context=True)
def workspace_part(context: dict[str, Any], part: Part, kind: str = "") -> SafeString:
    """A block with all its inputs (``templates/jinja2/workspace/``)."""
    weights = (
        render_to_string("reports/workspace/weights.html", context.flatten()) if "weights" in context else ""
    )
    given = {
        "part": part,
        "kind": kind,
        "editable": context["editable"],
        "levels": context.get("levels", ()),
        "weights_html": weights,
    }
    return _made(part.template, given)


@register.simple_tag(takes_context=True)
def workspace_panel(context: dict[str, Any]) -> SafeString:
    """Totals, scores and findings; after a save, what was not understood in which field."""
    given = {name: context[name] for name in ("panel", "refused_count")}
    return _made("workspace/panel.html", given | {"field_errors": context.get("field_errors", {})})


@register.simple_tag(takes_context=True)
def workspace_steps(context: dict[str, Any], list_id: str, oob: bool = False) -> SafeString:
    """The list of sections; ``oob`` puts it into the page that saved itself."""
    given = {name: context[name] for name in ("lines", "done_count")}
    return _made("workspace/sections_list.html", given | {"list_id": list_id, "oob": oob})


@register.simple_tag
def workspace_field(field: BoundField) -> SafeString:
    """One field with label, unit, message, comment and last year's value."""
    return placed_html(field)


def _made(name: str, given: dict[str, Any]) -> SafeString:
    return mark_safe(render_to_string(name, given, using="jinja2"))  # noqa: S308 (escaped by the template)
