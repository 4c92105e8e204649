"""收入总计 and 支出总计 that hold the carry-over are no totals of the year."""

from __future__ import annotations

from decimal import Decimal

from indicators.policy import load_policy
from indicators.scoring import score
from reports.checks.registry import Context, run_checks
from reports.intake.text import read_text

REPORT = """示例区图书馆2023年度部门整体支出绩效自评报告
一、部门概况
示例区图书馆是公益一类事业单位。
二、部门收支情况
（一）收入情况
2023年度收入总计{income}万元，其中：一般公共预算财政拨款收入90.25万元；其他收入2.41万元；年初结转和结余10.00万元。
（二）支出情况
2023年度支出总计102.66万元，其中：基本支出70.20万元；项目支出20.05万元；年末结转和结余12.41万元。
三、存在的问题
经费不足。
"""


def totals(income: str) -> tuple[Decimal | None, Decimal | None]:
    money = read_text(REPORT.format(income=income)).money
    return money.income_source.total("actual"), money.expenditure.total("actual")


def test_the_carry_over_told_among_the_parts_is_not_income_of_the_year():
    assert totals("102.66") == (Decimal("926600.00"), Decimal("902500.00"))


def test_a_total_that_does_not_come_out_is_found():
    dossier = read_text(REPORT.format(income="103.66"))
    assert dossier.money.income_source.total("actual") == Decimal("926600.00")
    scorecard = score(dossier.profile, dossier.money, dossier.indicators, load_policy())
    codes = {item.code for item in run_checks(Context(dossier, scorecard, load_policy()))}
    assert codes & {"grand-total", "text-partition", "carryover-balance"}
