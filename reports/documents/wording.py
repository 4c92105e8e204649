"""Sentences with figures (由数据生成的文字): one function a data block of the outline.

Each function says only what the dossier states: what is not stated is left out, zero is written (``0万元``), and nothing is
derived that the dossier could contradict. Wording follows a published 2023 report of a Hengyang district and the forms of
a Hengyang county for 2023 (domain notes 3.1, 3.2, 3.3). The functions know no numbering: a list is returned as *listed*
statements, and :mod:`reports.documents.compose` numbers it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from budgets.choices import AdjustmentCause
from budgets.dossier import Adjustment, Line, Project, Table
from budgets.money import HUNDRED, rate, round_half_up, to_wan
from budgets.tables import TABLES, TOTAL, Column
from indicators.dossier import Indicator
from indicators.scoring.scorecard import Scorecard, ScoreLine
from reports.documents.plaintext import paragraphs
from reports.dossier import Dossier
from reports.outline import DataBlock

Origin = Literal["unit", "generated", "prompt"]

NOT_FILLED = "（本节未填写）"
NO_RATE = "—"
NOT_APPLICABLE = "不适用"
_ENDS = "。；;，,、.！!？?：: 　"


@dataclass(frozen=True)
class Statement:
    """One generated (or taken over) paragraph; ``listed`` ones are numbered by the composer."""

    text: str
    where: str | None = None
    origin: Origin = "generated"
    listed: bool = False


# ------------------------------------------------------------------ figures as text


def amount(yuan: Decimal) -> str:
    """元 as the text of 万元: two decimals, zero as ``0`` (a published report writes ``0万元``)."""
    wan = to_wan(yuan)
    return "0" if yuan == 0 else f"{wan:f}"


def wan_yuan(yuan: Decimal) -> str:
    """Amount with its unit: ``264.55万元``, ``0万元``."""
    return f"{amount(yuan)}万元"


def percentage(fraction: Decimal) -> str:
    """Rate with two decimals: ``274.89%``; a whole one without: ``100%``."""
    return f"{_short(round_half_up(fraction * HUNDRED))}%"


def points(score: Decimal) -> str:
    """Score as printed: ``93.50``, a whole one without decimals: ``100``."""
    return _short(round_half_up(score))


def chinese_date(day: date) -> str:
    """成文日期 in arabic numerals, no leading zeros (GB/T 9704-2012, domain notes 8): ``2024年3月5日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def trimmed(text: str) -> str:
    """A clause put into a sentence: one line, without the marks at its end."""
    return "".join(paragraphs(text)).rstrip(_ENDS)


def sentence(text: str) -> str:
    """A text of the unit as a full sentence: one line that ends with a mark."""
    line = "".join(paragraphs(text))
    return line if not line or line[-1] in "。！!？?；;…”）)" else f"{line.rstrip(_ENDS)}。"


_ITEM_MARK = re.compile(r"^[（(]?(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?[、.．]?(?!\d)\s*")


def without_mark(text: str, position: int) -> str:
    """Drop the number a person typed before an item (``1、``, ``（二）``), if it is that item's own number."""
    match = _ITEM_MARK.match(text)
    if match is None or match.group().strip() == match["number"]:
        return text
    number = match["number"]
    value = int(number) if number.isdigit() else _chinese_value(number)
    return text[match.end() :] if value == position else text


def _short(value: Decimal) -> str:
    """Two decimals unless whole."""
    return f"{value:.0f}" if value == value.to_integral_value() else f"{value:.2f}"


def _chinese_value(text: str) -> int:
    """``十二`` → 12; numbers of a list, up to 99."""
    digits = "零一二三四五六七八九"
    tens, ten, ones = text.rpartition("十")
    high = (digits.find(tens) if tens else 1) if ten else 0
    return high * 10 + (digits.find(ones) if ones else 0)


# ------------------------------------------------------------------ data blocks


def profile(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """部门基本情况: who the unit is and its headcount, as far as stated."""
    unit = dossier.profile
    facts = []
    if unit.kind:
        facts.append(f"机构性质为{trimmed(unit.kind)}")
    if unit.main_department:
        facts.append(f"主管部门为{trimmed(unit.main_department)}")
    people = [
        f"{label}{number}{counter}"
        for label, number, counter in (
            ("编制数", unit.authorized_posts, "个"),
            ("实际在编人员", unit.staff_on_posts, "人"),
            ("离退休人员", unit.retirees, "人"),
        )
        if number is not None
    ]
    text = f"{unit.department}的{'，'.join(facts)}。" if facts else ""
    if people:
        text += f"{'' if facts else unit.department}单位人员构成情况：{'，'.join(people)}。"
    return [Statement(text, "profile")] if text else []


def offices(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """内设机构: their number as the unit states it, and their names."""
    unit = dossier.profile
    names, stated = unit.internal_offices, unit.offices_stated
    if names is None and stated is None:
        return []
    if not names:
        text = f"内设{stated}个{_office_word(())}。" if stated else "不设内设机构。"
    else:
        number = len(names) if stated is None else stated
        text = f"内设{number}个{_office_word(names)}为：{'、'.join(trimmed(name) for name in names)}。"
    return [Statement(text, "profile.internal_offices")]


def _office_word(names: Iterable[str]) -> str:
    """股室 in a county or district, 科室 in a city, 处室 in a province: as the unit's own names say."""
    endings = {name.strip()[-1:] for name in names}
    if "处" in endings:
        return "处室"
    if "股" in endings or not endings:
        return "股室"
    return "科室" if "科" in endings else "股室"


def duties(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """主要职责 as a numbered list."""
    stated = [text for duty in dossier.profile.duties or () if (text := "".join(paragraphs(duty)))]
    if not stated:
        return []
    items = [
        Statement(
            sentence(without_mark(text, position)), f"profile.duties.{position - 1}", "unit", listed=True
        )
        for position, text in enumerate(stated, 1)
    ]
    return [Statement("主要工作职责是：", "profile.duties"), *items]


def goals(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """总体绩效目标: what was expected of the year, numbered when there are several."""
    stated = [
        (index, text)
        for index, goal in enumerate(dossier.indicators.goals)
        if (text := "".join(paragraphs(goal.expected)))
    ]
    several = len(stated) > 1
    return [
        Statement(sentence(without_mark(text, number)), f"goals.{index}.expected", "unit", several)
        for number, (index, text) in enumerate(stated, 1)
    ]


def targets(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """绩效目标情况: target values by second-level class; indicators without one are left out."""
    statements = []
    for label, members in by_class(dossier.indicators.indicators):
        clauses = [f"{trimmed(one.name)}{trimmed(one.target)}" for one in members if one.target]
        if clauses:
            statements.append(
                Statement(
                    f"{label}：{'；'.join(clauses)}。", f"indicators.{members[0].key}.target", listed=True
                )
            )
    if not statements:
        return []
    return [Statement("各类绩效指标的年度指标值如下：", "indicators"), *statements]


def _target(one: Indicator) -> str:
    return f"{trimmed(one.name)}{trimmed(one.target or '')}"


def income_expenditure(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """收入支出情况: rows of 收入决算表 and 支出决算表 with zero items, carry-over where stated (公开01, 02, 03表)."""
    money, year = dossier.money, dossier.year
    carryover = money.carryover
    statements = []
    income = _breakdown(money.income_source, "income_source")
    whole = money.income_source.total(Column.ACTUAL)
    if whole is not None:
        text = _with_parts(f"{year}年度本年收入{wan_yuan(whole)}", income) + _also(
            carryover, opening="年初结转和结余", used_surplus="使用非财政拨款结余"
        )
        statements.append(Statement(text, "money.income_source"))
    spending = _breakdown(money.expenditure, "expenditure")
    whole = money.expenditure.total(Column.ACTUAL)
    if whole is not None:
        text = _with_parts(f"{year}年度支出合计{wan_yuan(whole)}", spending) + _also(
            carryover, surplus_allocation="结余分配", closing="年末结转和结余"
        )
        statements.append(Statement(text, "money.expenditure"))
    if not statements:
        text = _also(
            carryover,
            opening="年初结转和结余",
            used_surplus="使用非财政拨款结余",
            surplus_allocation="结余分配",
            closing="年末结转和结余",
        )
        return [Statement(text, "money.carryover")] if text else []
    return statements


def _breakdown(table: Table, key: str) -> list[str]:
    """``财政拨款收入259.14万元`` for each row that states 决算数, zero included, in the order of the form."""
    return [f"{label}{wan_yuan(value)}" for label, value in _stated(table, key, Column.ACTUAL)]


def _stated(table: Table, key: str, column: Column) -> list[tuple[str, Decimal]]:
    """Label and amount of the rows that state the column, fixed rows first."""
    return [
        (label_of(row, key), value)
        for row in ordered(table, key)
        if (value := row.amount(column)) is not None
    ]


def _with_parts(opening: str, parts: list[str]) -> str:
    return f"{opening}，其中：{'；'.join(parts)}。" if parts else f"{opening}。"


def _also(table: Table, **labels: str) -> str:
    """A sentence of the carry-over lines that are stated; empty when none is."""
    parts = [
        f"{label}{wan_yuan(value)}"
        for key, label in labels.items()
        if (value := table.amount(key, Column.ACTUAL)) is not None
    ]
    return f"{'，'.join(parts)}。" if parts else ""


def ordered(table: Table, key: str) -> list[Line]:
    """Rows in the order of :mod:`budgets.tables`, the unit's own rows behind them."""
    order = {row.key: index for index, row in enumerate(TABLES[key].rows)}
    return sorted(table.rows, key=lambda row: order.get(row.key, len(order)))


def label_of(row: Line, table: str) -> str:
    """Official label of a fixed row, the unit's own words for its own row."""
    return TABLES[table].label_of(row.key) or trimmed(row.label) or "其他"


def budget_execution(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """资金安排落实与投入情况: budget, adjustments, execution and 预算执行率, then the unit's explanation."""
    money = dossier.money
    initial = money.expenditure.total(Column.INITIAL_BUDGET)
    budget, spent = money.budget, money.spent
    parts = []
    if initial is not None:
        parts.append(f"年初预算数为{wan_yuan(initial)}。")
    parts.extend(_adjustment(one) for one in money.adjustments if one.amount is not None)
    if budget is not None:
        parts.append(_execution_clause("全年预算数为", budget, money.expenditure, Column.FULL_BUDGET) + "。")
    if spent is not None:
        clause = _execution_clause("本年实际支出数为", spent, money.expenditure, Column.ACTUAL)
        executed = rate(spent, budget)
        if executed is not None:
            clause += f"，预算执行率{percentage(executed)}"
        parts.append(f"{clause}。")
        if budget == 0:
            parts.append("全年预算数为0，预算执行率无法计算。")
    statements = [Statement("".join(parts), "money.expenditure")] if parts else []
    statements.extend(
        Statement(text, "money.execution_explanation", "unit")
        for text in paragraphs(money.execution_explanation)
    )
    return statements


def general_budget(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """一般公共预算支出: the row 一般公共预算 of 按收入性质分, as stated."""
    return _nature(dossier, "general")


def fund_budget(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """政府性基金预算支出: the row 政府性基金拨款 of 按收入性质分, zero included."""
    return _nature(dossier, "fund")


def _nature(dossier: Dossier, key: str) -> list[Statement]:
    table = dossier.money.income_nature
    facts = _amounts(table, key)
    text = f"按收入性质分，{TABLES['income_nature'].label_of(key)}{'，'.join(facts)}。" if facts else ""
    return [Statement(text, f"money.income_nature.{key}")] if text else []


def _amounts(table: Table, key: str) -> list[str]:
    """``年初预算数……万元`` for each of the three amounts of a row (or of the total) that is stated."""
    labels = (
        (Column.INITIAL_BUDGET, "年初预算数"),
        (Column.FULL_BUDGET, "全年预算数"),
        (Column.ACTUAL, "全年执行数"),
    )
    facts = []
    for column, label in labels:
        value = table.total(column) if key == TOTAL else table.amount(key, column)
        if value is not None:
            facts.append(f"{label}{wan_yuan(value)}")
    return facts


def basic_spending(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """基本支出 with 公用经费 inside it (基础数据表)."""
    money = dossier.money
    facts = _amounts(money.expenditure, "basic")
    statements = [Statement(f"基本支出{'，'.join(facts)}。", "money.expenditure.basic")] if facts else []
    spent = money.running_costs.total(Column.ACTUAL)
    if spent is not None:
        text = _with_parts(
            f"基本支出中，公用经费全年执行数{wan_yuan(spent)}",
            _breakdown(money.running_costs, "running_costs"),
        )
        statements.append(Statement(text, "money.running_costs"))
    return statements


def three_public(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """“三公”经费: total and parts, zero included."""
    table = dossier.money.three_public
    spent = table.total(Column.ACTUAL)
    if spent is None:
        return []
    text = _with_parts(f"“三公”经费全年执行数{wan_yuan(spent)}", _breakdown(table, "three_public"))
    return [Statement(text, "money.three_public")]


def project_spending(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """项目支出 as a whole."""
    facts = _amounts(dossier.money.expenditure, "project")
    return [Statement(f"项目支出{'，'.join(facts)}。", "money.expenditure.project")] if facts else []


def _execution_clause(opening: str, whole: Decimal, table: Table, column: Column) -> str:
    """Amount and its parts: 基本支出 and 项目支出 always, the three rare kinds only when there are any."""
    parts = [
        f"{label_of(row, 'expenditure')}{wan_yuan(value)}"
        for row in ordered(table, "expenditure")
        if (value := row.amount(column)) is not None and (row.key in ("basic", "project") or value != 0)
    ]
    clause = f"{opening}{wan_yuan(whole)}"
    return f"{clause}，其中：{'，'.join(parts)}" if parts else clause


def _adjustment(one: Adjustment) -> str:
    """年度中间追加（调减）: amount, basis, cause; every adjustment is explained on its own (domain notes 7.2)."""
    value = one.amount or Decimal(0)
    text = f"年度中间{'调减' if value < 0 else '追加'}{wan_yuan(abs(value))}"
    if one.document.strip():
        text += f"（{trimmed(one.document)}）"
    causes = [label for key, label in AdjustmentCause.choices if key == one.cause]
    reasons = [*map(str, causes), *([trimmed(one.explanation)] if one.explanation.strip() else [])]
    return f"{text}，原因：{'，'.join(reasons)}。" if reasons else f"{text}。"


def projects(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """项目资金使用情况: each project with the amounts that are stated."""
    stated = dossier.money.projects
    several = len(stated) > 1
    statements = [Statement(_project(one), f"money.projects.{one.key}", listed=several) for one in stated]
    if several:
        opening = Statement(f"本年共有项目{len(stated)}个，资金情况如下：", "money.projects")
        return [opening, *statements]
    return statements


def _project(project: Project) -> str:
    """``××专项经费：下达资金148.30万元，实际支出……。`` with the amounts that are stated."""
    facts = [
        f"{label}{wan_yuan(value)}"
        for label, value in (
            ("年初预算数", project.initial_budget),
            ("全年预算数", project.full_budget),
            ("下达资金", project.allocated),
            ("实际支出", project.spent),
        )
        if value is not None
    ]
    executed = rate(project.spent, project.full_budget)
    if executed is not None:
        facts.append(f"预算执行率{percentage(executed)}")
    name = trimmed(project.name) or "未命名项目"
    return f"{name}：{'，'.join(facts)}。" if facts else f"{name}。"


def project_office(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """项目资金管理情况: the office that manages the money, and projects that another one manages."""
    money = dossier.money
    common = trimmed(money.project_office)
    parts = [f"项目资金由{common}统一管理。"] if common else []
    parts.extend(
        f"{'其中，' if common else ''}{trimmed(one.name)}由{office}管理。"
        for one in money.projects
        if (office := trimmed(one.manager_office)) and office != common
    )
    return [Statement("".join(parts), "money.project_office")] if parts else []


def indicators(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """绩效指标完成情况: one numbered paragraph a second-level class."""
    return [
        Statement(
            f"{label}：{'；'.join(_result(one, card) for one in members)}。",
            f"indicators.{members[0].key}.actual",
            listed=True,
        )
        for label, members in by_class(dossier.indicators.indicators)
    ]


def _result(one: Indicator, card: Scorecard | None) -> str:
    """Name, target, actual and whether it was met; 完成率 only where the target was missed."""
    name = trimmed(one.name)
    if one.not_applicable:
        reason = trimmed(one.not_applicable_reason)
        return f"{name}，{NOT_APPLICABLE}（{reason}）" if reason else f"{name}，{NOT_APPLICABLE}"
    facts = [name]
    if one.target and one.target.strip():
        facts.append(f"年度指标值{trimmed(one.target)}")
    if one.actual and one.actual.strip():
        facts.append(f"实际完成{trimmed(one.actual)}")
    line = card.line(one.key) if card else None
    return "，".join([*facts, *_verdict(line)])


def _verdict(line: ScoreLine | None) -> list[str]:
    if line is None or line.outcome not in ("met", "unmet"):
        return []
    if line.outcome == "met":
        return ["已完成"]
    return ["未完成"] if line.completion is None else [f"未完成（完成率{percentage(line.completion)}）"]


def by_class(members: Iterable[Indicator]) -> list[tuple[str, list[Indicator]]]:
    """Indicators by second-level class in the order of first appearance; the first level where there is no second."""
    groups: dict[tuple[str, str], list[Indicator]] = {}
    for one in members:
        groups.setdefault((one.level1.strip(), one.level2.strip()), []).append(one)
    return [(level2 or level1 or "其他指标", group) for (level1, level2), group in groups.items()]


def score(dossier: Dossier, card: Scorecard | None) -> list[Statement]:
    """自评得分 and its grade; the computed 系统评分 is for unit and bureau and is not printed (three scores)."""
    value, grade = self_result(dossier, card)
    where = "assessment.score"
    if value is not None:
        closing = f"，自评等级为“{grade}”。" if grade else "。"
        return [Statement(f"本单位自评得分{points(value)}分{closing}", where)]
    if card is None or not dossier.indicators.indicators:
        return []
    reasons = "；".join(trimmed(reason) for reason in card.reasons)
    return [Statement(f"自评总分无法计算：{reasons}。" if reasons else "自评总分无法计算。", where)]


def self_result(dossier: Dossier, card: Scorecard | None) -> tuple[Decimal | None, str]:
    """自评得分 and 自评等级 as printed: the scorecard's, else as the unit stated them."""
    stated = dossier.indicators.assessment
    if card is not None and card.self_score is not None:
        return card.self_score, card.self_grade
    return stated.score, stated.grade.strip()


Writer = Callable[[Dossier, Scorecard | None], list[Statement]]

WRITERS: Mapping[DataBlock, Writer] = {
    "profile": profile,
    "offices": offices,
    "duties": duties,
    "goals": goals,
    "targets": targets,
    "income_expenditure": income_expenditure,
    "general_budget": general_budget,
    "fund_budget": fund_budget,
    "basic_spending": basic_spending,
    "three_public": three_public,
    "project_spending": project_spending,
    "budget_execution": budget_execution,
    "projects": projects,
    "project_office": project_office,
    "indicators": indicators,
    "score": score,
}
"""Every data block that an outline may name."""
