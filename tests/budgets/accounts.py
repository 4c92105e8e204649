"""Final-accounts workbooks made for the tests: the tables of domain notes 6.1 as a district prints them."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import xlwt
from openpyxl import Workbook

Rows = list[list[Any]]
Merges = list[tuple[int, int, int, int]]

DEPARTMENT = "示例区档案馆"


def tables(
    unit: str = "万元", factor: str = "1", year: int = 2023, **changes: Any
) -> dict[str, tuple[Rows, Merges]]:
    """The five tables. Amounts are in 万元 times ``factor``; ``changes`` replace single figures."""
    stated = {"fiscal": "205", "other": "1", "income": "206", "basic": "122.30", "project": "83.70", "spent": "206",
              "opening": "3", "closing": "3", "total": "209", "abroad": "0", "purchase": "0", "running": "1.70",
              "vehicle": "1.70", "reception": "0.60", "three": "2.30"} | changes  # fmt: skip

    def n(name: str) -> float | str:
        value = stated[name]
        try:
            return float(Decimal(value) * Decimal(factor))
        except ArithmeticError:
            return value

    def head(title: str, mark: str, width: int) -> Rows:
        return [
            [title],
            [None] * (width - 1) + [mark],
            [f"部门：{DEPARTMENT}", f"{year}年度", *[None] * (width - 3), f"金额单位：{unit}"],
        ]

    summary = [
        *head("收入支出决算总表", "公开01表", 6),
        ["收入", None, None, "支出", None, None],
        ["项目", "行次", "决算数", "项目(按功能分类)", "行次", "决算数"],
        ["栏次", None, "1", "栏次", None, "2"],
        ["一、一般公共预算财政拨款收入", 1, n("fiscal"), "一、一般公共服务支出", 31, n("spent")],
        ["二、政府性基金预算财政拨款收入", 2, None, "二、外交支出", 32, None],
        ["三、国有资本经营预算财政拨款收入", 3, None, "三、国防支出", 33, None],
        ["四、上级补助收入", 4, None, None, 34, None],
        ["八、其他收入", 8, n("other"), None, 38, None],
        ["本年收入合计", 27, n("income"), "本年支出合计", 57, n("spent")],
        ["使用非财政拨款结余（含专用结余）", 28, None, "结余分配", 58, None],
        ["年初结转和结余", 29, n("opening"), "年末结转和结余", 59, n("closing")],
        ["总计", 30, n("total"), "总计", 60, n("total")],
        ["注：本表反映部门本年度的总收支和年末结转结余情况。"],
    ]
    income = [
        *head("收入决算表", "公开02表", 11),
        [
            "项目",
            None,
            "本年收入合计",
            "财政拨款收入",
            "上级补助收入",
            "事业收入",
            None,
            "经营收入",
            "附属单位上缴收入",
            "其他收入",
        ],
        ["功能分类科目编码", "科目名称", None, None, None, "小计", "其中：教育收费", None, None, None],
        ["栏次", None, "1", "2", "3", "4", "5", "6", "7", "8"],
        ["合计", None, n("income"), n("fiscal"), None, None, None, None, None, n("other")],
        ["201", "一般公共服务支出", n("income"), n("fiscal"), None, None, None, None, None, n("other")],
        ["20126", "档案事务", n("income"), n("fiscal"), None, None, None, None, None, n("other")],
    ]
    income_merges = [(4, 1, 4, 2), *((4, c, 5, c) for c in (3, 4, 5, 8, 9, 10)), (4, 6, 4, 7), (7, 1, 7, 2)]
    spending = [
        *head("支出决算表", "公开03表", 8),
        [
            "项目",
            None,
            "本年支出合计",
            "基本支出",
            "项目支出",
            "上缴上级支出",
            "经营支出",
            "对附属单位补助支出",
        ],
        ["功能分类科目编码", "科目名称", None, None, None, None, None, None],
        ["栏次", None, "1", "2", "3", "4", "5", "6"],
        ["合计", None, n("spent"), n("basic"), n("project"), None, None, None],
        ["201", "一般公共服务支出", n("spent"), n("basic"), n("project"), None, None, None],
        ["2012601", "行政运行", n("basic"), n("basic"), None, None, None, None],
    ]
    spending_merges = [(4, 1, 4, 2), *((4, c, 5, c) for c in range(3, 9))]
    fiscal = [
        *head("财政拨款收入支出决算总表", "公开04表", 8),
        ["收入", None, None, "支出", None, None, None, None],
        ["项目", "行次", "金额", "项目", "行次", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款"],
        [
            "一、一般公共预算财政拨款",
            1,
            n("fiscal"),
            "一、一般公共服务支出",
            33,
            n("fiscal"),
            n("fiscal"),
            None,
        ],
        ["本年收入合计", 27, n("fiscal"), "本年支出合计", 59, n("fiscal"), n("fiscal"), None],
        ["总计", 30, n("fiscal"), "总计", 64, n("fiscal"), n("fiscal"), None],
    ]
    public = [
        *head("财政拨款“三公”经费支出决算表", "公开09表", 12),
        ["预算数", None, None, None, None, None, "决算数", None, None, None, None, None],
        ["合计", "因公出国（境）费", "公务用车购置及运行维护费", None, None, "公务接待费"] * 2,
        [None, None, "小计", "公务用车购置费", "公务用车运行维护费", None] * 2,
        [*(str(number) for number in range(1, 13))],
        [2.5 * float(factor), 0, 1.8 * float(factor), 0, 1.8 * float(factor), 0.7 * float(factor),
         n("three"), n("abroad"), n("vehicle"), n("purchase"), n("running"), n("reception")],
    ]  # fmt: skip
    public_merges = [
        (4, 1, 4, 6),
        (4, 7, 4, 12),
        *((5, c, 6, c) for c in (1, 2, 6, 7, 8, 12)),
        (5, 3, 5, 5),
        (5, 9, 5, 11),
    ]
    return {
        "Z01": (summary, [(4, 1, 4, 3), (4, 4, 4, 6)]),
        "Z02": (income, income_merges),
        "Z03": (spending, spending_merges),
        "Z04": (fiscal, []),
        "Z09": (public, public_merges),
    }


def xlsx(sheets: dict[str, tuple[Rows, Merges]], shift: int = 0) -> bytes:
    """As .xlsx; ``shift`` moves every table to the right and down."""
    book = Workbook()
    book.remove(book.active)
    for name, (rows, merges) in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1 + shift):
            for column, value in enumerate(row, 1 + shift):
                if value is not None:
                    sheet.cell(number, column).value = value
        for top, left, bottom, right in merges:
            sheet.merge_cells(
                start_row=top + shift,
                start_column=left + shift,
                end_row=bottom + shift,
                end_column=right + shift,
            )
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls(sheets: dict[str, tuple[Rows, Merges]]) -> bytes:
    """As .xls."""
    book = xlwt.Workbook()
    for name, (rows, merges) in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
        for top, left, bottom, right in merges:
            sheet.merge(top - 1, bottom - 1, left - 1, right - 1)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
