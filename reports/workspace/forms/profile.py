"""1 单位基本情况."""

from __future__ import annotations

from departments.models import AnnualProfile, Duty, InternalOffice
from reports.workspace.fields import CountField, DayField, PathForm, TextField, WordsField
from reports.workspace.forms.layout import placed
from reports.workspace.rows import ObjectPart, Part, RowsPart


class ProfileForm(PathForm):
    """People and contacts."""

    authorized_posts = CountField(label="编制数", help_text="机构编制部门核定的人数")
    staff_on_posts = CountField(label="在职人数", help_text="年末实际在职人数")
    retirees = CountField(label="离退休人数", help_text="没有的填 0")
    head = WordsField(label="单位负责人", max_length=50)
    contact = WordsField(label="联系人", max_length=50)
    phone = WordsField(label="联系电话", max_length=30)
    prepared_by = WordsField(label="填表人", max_length=50)
    prepared_on = DayField(label="填报日期")

    units = {"authorized_posts": "人", "staff_on_posts": "人", "retirees": "人"}
    columns = (
        placed("authorized_posts"),
        placed("staff_on_posts"),
        placed("retirees"),
        placed("head"),
        placed("contact"),
        placed("phone"),
        placed("prepared_by"),
        placed("prepared_on"),
    )


class OfficeForm(PathForm):
    """One internal office."""

    name = WordsField(label="机构名称", max_length=100)


class DutyForm(PathForm):
    """One duty."""

    text = TextField(label="职责内容", rows=1)


def parts() -> list[Part]:
    return [
        ObjectPart("profile", ProfileForm, _itself),
        RowsPart(
            "profile.internal_offices",
            OfficeForm,
            InternalOffice,
            title="内设机构",
            template="workspace/rows_list.html",
            name_field="name",
            name_needed="请填写机构名称，不需要这一行请删除",
            add_label="增加内设机构",
            help="按“三定”规定的名称逐个填写；项目资金的管理机构从这里选取。",
        ),
        RowsPart(
            "profile.duties",
            DutyForm,
            Duty,
            title="主要职责",
            template="workspace/rows_list.html",
            name_field="text",
            name_needed="请填写职责内容，不需要这一行请删除",
            add_label="增加一项职责",
            help="一项一行，不用编号，成文时自动编号。",
        ),
    ]


def _itself(profile: AnnualProfile) -> AnnualProfile:
    return profile
