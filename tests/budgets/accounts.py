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
    """All tables. Amounts are in 万元 times ``factor``; ``changes`` replace single figures."""
    stated = {"fiscal": "205", "other": "1", "income": "206", "basic": "122.30", "project": "83.70", "spent": "206",
              "opening": "3", "closing": "3", "total": "209", "abroad": "0", "purchase": "0", "running": "1.70",
              "vehicle": "1.70", "reception": "0.60", "three": "2.30", "general": "205",
              "general_basic": "121.30", "running_row": "121.30", "salary": "60.00", "office": "21.30",
              "running_again": "1.70", "fiscal_spent": "205", "fiscal_opening": "3", "subject": "206",
              "subject_basic": "122.30"} | changes  # fmt: skip

    def n(name: str) -> float | str:
        value = stated[name]
        try:
            return float(Decimal(value) * Decimal(factor))
        except ArithmeticError:
            return value

    def f(amount: str) -> float:
        return float(Decimal(amount) * Decimal(factor))

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
        ["20126", "档案事务", n("subject"), n("fiscal"), None, None, None, None, None, n("other")],
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
        ["20126", "档案事务", n("spent"), n("basic"), n("project"), None, None, None],
        ["2012601", "行政运行", n("basic"), n("subject_basic"), None, None, None, None],
        ["2012604", "档案馆", n("project"), None, n("project"), None, None, None],
    ]
    spending_merges = [(4, 1, 4, 2), *((4, c, 5, c) for c in range(3, 9))]
    fiscal = [
        *head("财政拨款收入支出决算总表", "公开04表", 9),
        ["收入", None, None, "支出", None, None, None, None],
        [
            "项目",
            "行次",
            "金额",
            "项目",
            "行次",
            "合计",
            "一般公共预算财政拨款",
            "政府性基金预算财政拨款",
            "国有资本经营预算财政拨款",
        ],
        ["一、一般公共预算财政拨款", 1, n("fiscal"), "一、一般公共服务支出", 33, f("205"), f("205"), None],
        ["二、政府性基金预算财政拨款", 2, None, "二、外交支出", 34, None, None, None],
        ["三、国有资本经营预算财政拨款", 3, None, None, 35, None, None, None],
        ["本年收入合计", 27, n("fiscal"), "本年支出合计", 59, f("205"), n("fiscal_spent"), None],
        ["年初财政拨款结转和结余", 28, f("3"), "年末财政拨款结转和结余", 60, f("3"), f("3"), None],
        ["一般公共预算财政拨款", 29, n("fiscal_opening"), None, 61, None, None, None],
        ["政府性基金预算财政拨款", 30, None, None, 62, None, None, None],
        ["国有资本经营预算财政拨款", 31, None, None, 63, None, None, None],
        ["总计", 32, f("208"), "总计", 64, f("208"), f("208"), None],
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
    general = [
        *head("一般公共预算财政拨款支出决算表", "公开05表", 5),
        ["项目", None, "本年支出", None, None],
        ["功能分类科目编码", "科目名称", "小计", "基本支出", "项目支出"],
        ["栏次", None, "1", "2", "3"],
        ["合计", None, n("general"), n("general_basic"), f("83.70")],
        ["201", "一般公共服务支出", f("205"), f("121.30"), f("83.70")],
        ["20126", "档案事务", f("205"), f("121.30"), f("83.70")],
        ["2012601", "行政运行", n("running_row"), f("121.30"), None],
        ["2012604", "档案馆", f("83.70"), None, f("83.70")],
    ]
    basic = [
        *head("一般公共预算财政拨款基本支出决算明细表", "公开06表", 9),
        ["人员经费", None, None, "公用经费", None, None, None, None, None],
        ["科目编码", "科目名称", "决算数"] * 3,
        ["301", "工资福利支出", f("98.00"), "302", "商品和服务支出", f("20.30"), "307", "债务利息及费用支出"],
        ["30101", "基本工资", n("salary"), "30201", "办公费", f("20.30"), "30701", "国内债务付息"],
        ["30102", "津贴补贴", f("38.00"), "30202", "印刷费", None, "310", "资本性支出", f("1.00")],
        ["303", "对个人和家庭的补助", f("2.00"), None, None, None, "31002", "办公设备购置", f("1.00")],
        ["30305", "生活补助", f("2.00")],
        ["人员经费合计", None, f("100.00"), "公用经费合计", None, None, None, None, n("office")],
    ]
    fund = [
        *head("政府性基金预算财政拨款收入支出决算表", "公开07表", 8),
        ["项目", None, "年初结转和结余", "本年收入", "本年支出", None, None, "年末结转和结余"],
        ["功能分类科目编码", "科目名称", None, None, "小计", "基本支出", "项目支出", None],
        ["栏次", None, "1", "2", "3", "4", "5", "6"],
        ["合计", None, *[None] * 6],
        ["注：本部门没有政府性基金收入，也没有使用政府性基金安排的支出，故本表无数据。"],
    ]
    capital = [
        *head("国有资本经营预算财政拨款支出决算表", "公开08表", 5),
        ["项目", None, "本年支出", None, None],
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["栏次", None, "1", "2", "3"],
        ["合计", None, None, None, None],
        ["注：本部门没有国有资本经营预算财政拨款支出，故本表无数据。"],
    ]
    operation = [
        *head("机构运行信息表", "财决附03表", 5),
        ["项目", "行次", "预算数", "统计数", None],
        ["栏次", None, 1, 2, None],
        ["一、“三公”经费支出", 1, "—", "—", None],
        ["（一）支出合计", 2, f("2.5"), n("three"), None],
        ["1.因公出国（境）费", 3, f("0"), n("abroad"), None],
        ["2.公务用车购置及运行维护费", 4, f("1.8"), n("vehicle"), None],
        ["（1）公务用车购置费", 5, f("0"), n("purchase"), None],
        ["（2）公务用车运行维护费", 6, f("1.8"), n("running_again"), None],
        ["3.公务接待费", 7, f("0.7"), n("reception"), None],
        ["（二）相关统计数", 8, "—", "—", None],
        ["1.因公出国（境）团组数（个）", 9, "—", 0, None],
        ["2.因公出国（境）人次数（人）", 10, "—", 0, None],
        ["3.公务用车购置数（辆）", 11, "—", 0, None],
        ["4.公务用车保有量（辆）", 12, "—", 1, None],
        ["5.国内公务接待批次（个）", 13, "—", 12, None],
        ["6.国内公务接待人次（人）", 14, "—", 86, None],
    ]
    return {
        "Z01": (summary, [(4, 1, 4, 3), (4, 4, 4, 6)]),
        "Z02": (income, income_merges),
        "Z03": (spending, spending_merges),
        "Z04": (fiscal, []),
        "Z05": (general, [(4, 1, 4, 2), (4, 3, 4, 5)]),
        "Z06": (basic, [(4, 1, 4, 3), (4, 4, 4, 9)]),
        "Z07": (fund, [(4, 1, 4, 2), (4, 3, 5, 3), (4, 4, 5, 4), (4, 5, 4, 7), (4, 8, 5, 8)]),
        "Z08": (capital, [(4, 1, 4, 2), (4, 3, 4, 5)]),
        "Z09": (public, public_merges),
        "F03": (operation, []),
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
