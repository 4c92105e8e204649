"""The inputs that the workspace writes itself are those that Django's widgets write."""

from __future__ import annotations

import pytest
from django.template import engines

from reports.intake.workbook.layout import SHEET_KEYS
from reports.workspace.fields import PlacedField, Surroundings
from reports.workspace.inputs import cell_html, input_html, placed_html, table_cell
from reports.workspace.sections import section_form
from tests.db import make_report
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db
ODD = '<b>"坏"&\''


def fields_of(form) -> list[PlacedField]:
    return [one[name] for part in form.parts for one in part.forms() for name in one.fields]


def test_every_input_is_written_as_by_django_whatever_stands_in_it():
    report = make_report(dossier=make_dossier())
    widgets = set()
    for key in SHEET_KEYS:
        form = section_form(report, key)
        form.load(report.profile)
        draft = form.shown({})
        for number, path in enumerate(draft.texts):
            if number % 3 == 1:
                draft.texts[path] = ("", ODD, "on")[number % 9 // 3]
        form.bind(draft, Surroundings())
        for field in fields_of(form):
            assert input_html(field).strip() == str(field).strip()
            widgets.add((type(field.field.widget).__name__, field.refused))
    assert {name for name, _ in widgets} == {"TextInput", "Textarea", "Select", "CheckboxInput"}
    assert ("TextInput", True) in widgets


def test_rows_share_their_fields_but_not_the_words_to_pick_from():
    report = make_report(dossier=make_dossier())
    form = section_form(report, "indicators")
    form.load(report.profile)
    draft = form.shown({})
    first = next(path for path in draft.texts if path.endswith(".level1"))
    draft.texts[first] = "自拟类别"
    form.bind(draft, Surroundings())
    one, two = (row.form for row in form.part("indicators").rows[:2])
    assert one.fields["weight"] is two.fields["weight"]
    assert ("自拟类别", "自拟类别") in one.fields["level1"].widget.choices
    assert ("自拟类别", "自拟类别") not in two.fields["level1"].widget.choices


def test_a_field_stands_as_the_macro_of_the_template_writes_it():
    report = make_report(dossier=make_dossier())
    module = engines["jinja2"].env.get_template("workspace/parts.html").module
    plain = set()
    for key in SHEET_KEYS:
        form = section_form(report, key)
        form.load(report.profile)
        draft = form.shown({})
        for number, path in enumerate(draft.texts):
            if number % 3 == 1:
                draft.texts[path] = ("", ODD, "on")[number % 9 // 3]
        around = Surroundings()
        form.bind(draft, around)
        fields = fields_of(form)
        for number, field in enumerate(fields):
            if number % 5 == 0:
                around.prior |= {field.html_name: ("199.99", ODD, "上年" * 40)[number % 3]}
                around.approved |= {field.html_name: ODD} if number % 10 else {}
        for field in [*fields, *fields[::-1]]:  # the second time each shape is a kept one
            plain.add((field.plain, type(field.field.widget).__name__))
            assert cell_html(field) == module.cell(field)
            assert placed_html(field) == module.placed(field)
            assert table_cell(field) == module.table_cell(field)
    assert len(plain) == 8
