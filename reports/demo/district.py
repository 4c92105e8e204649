"""The demo district: invented departments from ``data/district.toml`` and one real, published report as stated."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from budgets.choices import AdjustmentCause
from budgets.dossier import Adjustment, Amounts, Line, Money, Project, Table
from budgets.money import from_wan, round_half_up, total
from budgets.tables import TABLES, Column
from departments.dossier import Profile
from departments.identifiers import check_character
from indicators.approved import Approved, ApprovedLine
from indicators.choices import LEVELS
from indicators.dossier import Goal, Indicator, Indicators, SelfAssessment
from reports.dossier import Dossier, Section

DATA = Path(__file__).parent / "data"
REAL_REPORT = DATA / "shigu-rongmeiti-2023.txt"
LAST_YEAR = Decimal("0.95")
"""The earlier year's figures are the later ones scaled, for want of any better invention."""


@dataclass(frozen=True)
class Spec:
    """One invented department as the data file gives it."""

    data: dict[str, Any]

    @property
    def name(self) -> str:
        return self.data["name"]

    @property
    def state(self) -> str:
        """How far its report of the later round has come."""
        return self.data["state"]


@cache
def district() -> dict[str, Any]:
    """The data file."""
    return tomllib.loads((DATA / "district.toml").read_text(encoding="utf-8"))


@cache
def specs() -> tuple[Spec, ...]:
    """The invented departments, a 主管部门 before its units."""
    written = {data["name"]: data for data in district()["departments"]}
    variants = tomllib.loads((DATA / "variants.toml").read_text(encoding="utf-8"))["variants"]
    return tuple(Spec(data) for data in (*written.values(), *(_variant(item, written) for item in variants)))


def _variant(changes: dict[str, Any], written: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A department after another one's pattern: other name and size, its own results and text."""
    base = written[changes["base"]]
    data = _renamed(base, {base["name"]: changes["name"]})
    data.pop("execution_explanation", None)
    scale, spending = Decimal(changes["scale"]), Decimal(changes["spending"])

    def sized(amount: str, factor: Decimal = scale) -> str:
        return f"{round_half_up(Decimal(amount) * factor):f}"

    projects = [[row[0], sized(row[1]), sized(row[2], scale * spending), row[3]] for row in base["projects"]]
    totals = [sum(Decimal(row[column]) for row in projects) for column in (1, 2)]
    data |= {
        "initial": [sized(amount) for amount in base["initial"]],
        "full": [sized(base["full"][0]), f"{totals[0]:f}"],
        "actual": [sized(base["actual"][0]), f"{totals[1]:f}"],
        "projects": projects,
        **{key: sized(base[key]) for key in ("opening", "other_income")},
        **{
            key: [sized(amount) for amount in base[key]]
            for key in ("three_public", "three_public_budget", "running_costs", "procurement")
        },
        **{key: max(1, int(base[key] * scale)) for key in ("posts", "staff", "retirees")},
        "indicators": [_with_actual(row, changes.get("actuals", {})) for row in data["indicators"]],
        "goal_actual": "主要任务按计划推进，各项指标的完成情况和偏差原因见绩效指标表。",
    }
    kept = ("base", "scale", "spending", "actuals")
    return data | {key: value for key, value in changes.items() if key not in kept}


def _renamed(data: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A deep copy with some names replaced in every text."""
    text = json.dumps(data, ensure_ascii=False)
    for old, new in names.items():
        text = text.replace(old, new)
    return json.loads(text)


def _with_actual(row: str, actuals: dict[str, str]) -> str:
    """An indicator of the data file with another result, reason and improvement."""
    cells = row.split("|")
    if cells[1] in actuals:
        cells[3], cells[6], cells[7] = actuals[cells[1]].split("|")
    return "|".join(cells)


def credit_code(adcode: str, budget_code: str, *, institution: bool) -> str:
    """A formally valid 统一社会信用代码 (GB 32100-2015) for an invented department."""
    body = f"{'12' if institution else '11'}{adcode}9{budget_code}00"
    return body[:17] + check_character(body[:17])


def build(spec: Spec, year: int, latest: int) -> Dossier:
    """The dossier of an invented department for ``year``; years before ``latest`` are scaled."""
    data, scale = spec.data, LAST_YEAR ** (latest - year)
    return Dossier(
        profile=Profile(
            department=spec.name,
            year=year,
            authorized_posts=data["posts"],
            staff_on_posts=data["staff"],
            retirees=data["retirees"],
            internal_offices=tuple(data["offices"]),
            duties=tuple(data["duties"]),
            head="（演示）负责人",
            contact="（演示）联系人",
            prepared_by="（演示）填表人",
            prepared_on=date(year + 1, 4, 18),
            phone="0000-0000000",
        ),
        money=_money(data, scale, latest_year=year == latest),
        indicators=_indicators(data, year, latest),
        narrative=_narrative(data, year, latest),
    )


def _wan(text: str, scale: Decimal = Decimal(1)) -> Decimal:
    """万元 of the data file to 元, scaled and rounded to the cent of 万元 so that printed figures add up."""
    return from_wan(round_half_up(Decimal(text) * scale))


def _money(data: dict[str, Any], scale: Decimal, *, latest_year: bool) -> Money:
    actual = [_wan(item, scale) for item in data["actual"]]
    closing_before = _wan(data["opening"])
    if latest_year:
        full = [_wan(item) for item in data["full"]]
        initial = [_wan(item) for item in data["initial"]]
        opening, closing = closing_before, sum(full) - sum(actual)
        prior_actual = [_wan(item, LAST_YEAR) for item in data["actual"]]
        prior_closing = closing_before
    else:
        full = [actual[0], actual[1] + closing_before]
        initial = full
        opening, closing = Decimal(0), closing_before
        prior_actual = [None, None]
        prior_closing = None
    other = _wan(data["other_income"], scale)
    income = sum(actual) + closing - opening
    by_column = {
        Column.PRIOR_FINAL: prior_actual,
        Column.INITIAL_BUDGET: initial,
        Column.FULL_BUDGET: full,
        Column.ACTUAL: actual,
    }
    return Money(
        income_source=_table(
            "income_source",
            {
                "fiscal": {Column.ACTUAL: income - other},
                "superior": {Column.ACTUAL: Decimal(0)},
                "undertaking": {Column.ACTUAL: Decimal(0)},
                "operating": {Column.ACTUAL: Decimal(0)},
                "affiliated": {Column.ACTUAL: Decimal(0)},
                "other": {Column.ACTUAL: other},
            },
        ),
        income_nature=_table(
            "income_nature",
            {
                "general": {
                    column: total(amounts) - other
                    for column, amounts in by_column.items()
                    if total(amounts) is not None and column is not Column.PRIOR_FINAL
                },
                "fund": dict.fromkeys((Column.INITIAL_BUDGET, Column.FULL_BUDGET, Column.ACTUAL), Decimal(0)),
                "special_account": dict.fromkeys(
                    (Column.INITIAL_BUDGET, Column.FULL_BUDGET, Column.ACTUAL), Decimal(0)
                ),
                "other": dict.fromkeys((Column.INITIAL_BUDGET, Column.FULL_BUDGET, Column.ACTUAL), other),
            },
        ),
        expenditure=_table(
            "expenditure",
            {
                "basic": {column: amounts[0] for column, amounts in by_column.items()},
                "project": {column: amounts[1] for column, amounts in by_column.items()},
                **{
                    key: dict.fromkeys((Column.INITIAL_BUDGET, Column.FULL_BUDGET, Column.ACTUAL), Decimal(0))
                    for key in ("to_superior", "operating", "to_affiliated")
                },
            },
        ),
        carryover=_table(
            "carryover",
            {
                "opening": {Column.ACTUAL: opening},
                "used_surplus": {Column.ACTUAL: Decimal(0)},
                "surplus_allocation": {Column.ACTUAL: Decimal(0)},
                "closing": {Column.PRIOR_FINAL: prior_closing, Column.ACTUAL: closing},
            },
            with_total=False,
        ),
        three_public=_spent_of_budget(
            "three_public", data["three_public_budget"], data["three_public"], scale
        ),
        running_costs=_spent_of_budget("running_costs", data["running_costs"], data["running_costs"], scale),
        project_detail=_table(
            "project_detail",
            {
                "business": {Column.FULL_BUDGET: full[1], Column.ACTUAL: actual[1]},
                "operation": {Column.FULL_BUDGET: Decimal(0), Column.ACTUAL: Decimal(0)},
            },
            with_total=False,
        ),
        procurement=_table(
            "procurement",
            {
                "procurement": {
                    Column.INITIAL_BUDGET: _wan(data["procurement"][0], scale),
                    Column.FULL_BUDGET: _wan(data["procurement"][0], scale),
                    Column.ACTUAL: _wan(data["procurement"][1], scale),
                }
            },
            with_total=False,
        ),
        projects=_projects(data["projects"], initial[1], full[1], actual[1], latest_year=latest_year),
        adjustments=_adjustments(sum(full) - sum(initial)),
        frugality="严格执行公务接待、公务用车和会议费标准，办公用品统一采购，按月公示“三公”经费支出。",
        execution_explanation=data.get("execution_explanation", "") if latest_year else "",
        project_office=data["offices"][0],
    )


def _table(key: str, rows: dict[str, dict[Column, Decimal | None]], *, with_total: bool = True) -> Table:
    lines = tuple(
        Line(
            key=row,
            label=TABLES[key].label_of(row),
            **{column.value: amount for column, amount in amounts.items()},
        )
        for row, amounts in rows.items()
    )
    table = Table(rows=lines)
    stated = (
        Amounts(**{column.value: table.computed_total(column) for column in Column}) if with_total else None
    )
    return Table(rows=lines, stated_total=stated)


def _spent_of_budget(key: str, budget: Sequence[str], spent: Sequence[str], scale: Decimal) -> Table:
    return _table(
        key,
        {
            row.key: {
                Column.PRIOR_FINAL: _wan(paid, scale * LAST_YEAR),
                Column.INITIAL_BUDGET: _wan(planned, scale),
                Column.FULL_BUDGET: _wan(planned, scale),
                Column.ACTUAL: _wan(paid, scale),
            }
            for row, planned, paid in zip(TABLES[key].rows, budget, spent, strict=True)
        },
    )


def _projects(
    rows: Sequence[Sequence[str]], initial: Decimal, full: Decimal, actual: Decimal, *, latest_year: bool
) -> tuple[Project, ...]:
    """The projects of the data file; what it does not give is shared out so that they add up to 项目支出."""
    spent = [_wan(row[2]) for row in rows]
    budgets = [_wan(row[1]) for row in rows] if latest_year else _share(full, spent)
    return tuple(
        Project(
            key=f"{'this' if latest_year else 'last'}-{position}-{row[0]}",
            name=row[0],
            initial_budget=first,
            full_budget=budget,
            allocated=budget,
            spent=paid,
            manager_office=row[3],
        )
        for position, (row, first, budget, paid) in enumerate(
            zip(rows, _share(initial, budgets), budgets, _share(actual, spent), strict=True)
        )
    )


def _share(amount: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """Divide an amount as ``parts`` are to each other, to the cent of 万元; the last part takes the remainder."""
    cent = from_wan(Decimal("0.01"))
    shares = [round_half_up(amount * part / sum(parts) / cent, Decimal(1)) * cent for part in parts[:-1]]
    return [*shares, amount - sum(shares)]


def _adjustments(amount: Decimal) -> tuple[Adjustment, ...]:
    if not amount:
        return ()
    return (
        Adjustment(
            amount=amount,
            cause=AdjustmentCause.SUPPLEMENT,
            document="（演示）财预追加通知",
            explanation="年中据实追加人员经费和项目经费，已按程序报批。",
        ),
    )


def approved(spec: Spec, dossier: Dossier) -> Approved:
    """The targets approved for the year of a dossier: its own, with those of ``approved`` of the data file in their place."""
    otherwise = {
        name: (target, weight)
        for name, target, weight in (row.split("|") for row in spec.data.get("approved", ()))
    }
    return Approved(
        goals=tuple(goal.expected for goal in dossier.indicators.goals),
        indicators=tuple(
            ApprovedLine(
                level1=item.level1,
                level2=item.level2,
                name=item.name,
                target=otherwise.get(item.name, (item.target, ""))[0] or "",
                weight=otherwise[item.name][1] if item.name in otherwise else item.weight,
            )
            for item in dossier.indicators.indicators
        ),
    )


def _indicators(data: dict[str, Any], year: int, latest: int) -> Indicators:
    level1_of = {level2: level1 for level1, names in LEVELS.items() for level2 in names}
    made = []
    for position, row in enumerate(data["indicators"]):
        level2, name, target, actual, weight, evidence, reason, improvement = _in_year(
            row, year, latest
        ).split("|")[:8]
        made.append(
            Indicator(
                key=f"{year}-{data['budget_code']}-{position}",
                level1=level1_of[level2],
                level2=level2,
                name=name,
                target=target,
                actual=actual or (target.lstrip("≥≤=") if year < latest else None),
                weight=Decimal(weight) if weight else None,
                evidence=evidence,
                deviation_reason=reason,
                improvement=improvement,
            )
        )
    return Indicators(
        goals=(
            Goal(
                expected=data["goal"],
                actual=data["goal_actual"]
                if year == latest
                else f"{year}年各项任务按计划完成，指标完成值见绩效指标表。",
            ),
        ),
        indicators=tuple(made),
        assessment=SelfAssessment(
            score=Decimal(data["self_score"]) if "self_score" in data else None,
            raise_reason=data.get("raise_reason", ""),
        )
        if year == latest
        else SelfAssessment(),
    )


def _narrative(data: dict[str, Any], year: int, latest: int) -> tuple[Section, ...]:
    texts = _latest_texts(data) if year == latest else _earlier_texts(data, year)
    return tuple(Section(key=key, title="", text=text) for key, text in texts.items() if text)


def _latest_texts(data: dict[str, Any]) -> dict[str, str]:
    texts = {
        "goals_stage": data["stage"],
        "funds_management": data["management"],
        "problems": data["problems"],
        "measures": data["measures"],
    }
    if not data.get("incomplete"):
        name, office = data["name"], data["offices"][0]
        texts |= {
            "purpose": f"通过自评弄清{name}预算安排是否合理、执行是否到位、成本是否可控，为下一年度安排预算提供依据。",
            "process": f"由{office}牵头、各内设机构参加成立自评小组，逐项核对决算数据和指标完成资料，"
            "抽查支付凭证，形成自评结论并经集体研究。",
            "performance": f"{name}围绕年初确定的目标组织实施，各项工作按计划推进，指标完成情况和得分如下。",
        }
    return texts


def _earlier_texts(data: dict[str, Any], year: int) -> dict[str, str]:
    first, last = data["projects"][0][0], data["projects"][-1][0]
    office, other = data["offices"][0], data["offices"][-1]
    return {
        "goals_stage": f"{year}年分季度下达任务，{first}上半年启动、年底收尾，{last}全年滚动推进。",
        "funds_management": f"收支全部纳入预算，{office}每月核对账目，{first}按合同节点付款。",
        "purpose": f"检验{year}年资金用在{first}等工作上的效果，找出管理上的短板。",
        "process": f"{office}收集台账，{other}复核完成数量，集中两周完成打分并公示。",
        "performance": f"{year}年总体运行平稳，{first}和{last}按期见效。",
        "problems": f"{last}前期准备时间偏紧，个别资料归档滞后。",
        "measures": f"由{other}在{year + 1}年3月底前补齐{last}的归档资料，并提前一个季度做前期准备。",
    }


def _in_year(text: str, year: int, latest: int) -> str:
    """Years of the data file's texts are the latest ones; an earlier year shifts them."""
    if year == latest:
        return text
    for later in (latest, latest + 1):
        text = text.replace(f"{later}年", f"{later - latest + year}年")
    return text
