"""Crispy helpers shared by the sections: every field by the one component template."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout

FIELD = "reports/workspace/field.html"


def placed(name: str, width: int = 4) -> Div:
    """A field with label, unit, message, comment and last year's value, in a column of the grid."""
    return Div(Field(name, template=FIELD), css_class=f"col-12 col-sm-6 col-xl-{width}")


def wide(name: str) -> Div:
    """A field over the whole width."""
    return Div(Field(name, template=FIELD), css_class="col-12")


def helper(*items: Div) -> FormHelper:
    """Layout without form tag: a section is one form made of several blocks."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.form_show_errors = True
    made.layout = Layout(Div(*items, css_class="row g-3"))
    return made
