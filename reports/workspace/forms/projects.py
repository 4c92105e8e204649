"""5 项目资金."""

from __future__ import annotations

from django import forms

from budgets.models import Project
from reports.workspace.fields import PathForm, WanField, WordsField
from reports.workspace.forms.funds import statement_part
from reports.workspace.forms.layout import wide
from reports.workspace.rows import Part, RowsPart

OFFICES = "offices"
"""``id`` of the list of internal offices on the page."""


def _office(label: str, help_text: str = "") -> WordsField:
    attrs = {"list": OFFICES, "class": "form-control", "autocomplete": "off"}
    return WordsField(label=label, max_length=100, help_text=help_text, widget=forms.TextInput(attrs=attrs))


class ProjectForm(PathForm):
    """One project's funds."""

    name = WordsField(label="项目名称", max_length=200)
    prior_final = WanField(label="上年决算数")
    initial_budget = WanField(label="年初预算数")
    full_budget = WanField(label="全年预算数")
    allocated = WanField(label="下达（到位）资金")
    spent = WanField(label="全年执行数")
    manager_office = _office("管理机构")


class ProjectOfficeForm(PathForm):
    """Office that manages project money for the whole unit."""

    project_office = _office(
        "项目资金管理机构", "统一管理本单位项目资金的内设机构，应与“单位基本情况”中的名称一致"
    )
    columns = (wide("project_office"),)


def parts() -> list[Part]:
    return [
        RowsPart(
            "money.projects",
            ProjectForm,
            Project,
            title="项目资金",
            template="workspace/rows_projects.html",
            name_field="name",
            name_needed="请填写项目名称，不需要这一行请删除",
            add_label="增加一个项目",
            help="金额单位为万元；各项目全年执行数之和应与支出表中的项目支出一致。",
        ),
        statement_part(ProjectOfficeForm),
    ]
