"""4 基础数据 (《基础数据表》)."""

from __future__ import annotations

from budgets.models import Building
from reports.workspace.fields import AreaField, PathForm, TextField, WanField, WordsField
from reports.workspace.forms.funds import statement_part
from reports.workspace.forms.layout import wide
from reports.workspace.rows import LinesPart, OwnLinesPart, Part, RowsPart


class BuildingForm(PathForm):
    """One building finished in the year."""

    name = WordsField(label="项目名称", max_length=200)
    approved_area = AreaField(label="批复规模（㎡）")
    actual_area = AreaField(label="实际规模（㎡）")
    planned_investment = WanField(label="预算投资（万元）")
    actual_investment = WanField(label="实际投资（万元）")


class FrugalityForm(PathForm):
    """Measures of thrift."""

    frugality = TextField(label="厉行节约保障措施", rows=3, help_text="写本单位的制度和做法")
    columns = (wide("frugality"),)


def parts() -> list[Part]:
    return [
        LinesPart("three_public"),
        LinesPart("running_costs"),
        LinesPart("project_detail"),
        OwnLinesPart(
            "project_detail",
            title="其他项目支出",
            template="workspace/rows_table.html",
            name_needed="请填写项目名称，不需要这一行请删除",
            add_label="增加一行项目支出",
            help="省级专项资金每个专项一行。",
        ),
        LinesPart("procurement"),
        RowsPart(
            "money.buildings",
            BuildingForm,
            Building,
            title="楼堂馆所（年度完工项目）",
            template="workspace/rows_table.html",
            name_field="name",
            name_needed="请填写项目名称，不需要这一行请删除",
            add_label="增加一个完工项目",
            help="本年度没有完工项目的不填。",
        ),
        LinesPart("assets"),
        statement_part(FrugalityForm),
    ]
