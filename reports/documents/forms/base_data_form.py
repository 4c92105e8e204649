"""基础数据表 (附件一 of a Hengyang county for 2023; fields of domain notes 3.2, exactly and in their order)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from budgets.dossier import Building, Line
from budgets.dossier import Table as LineTable
from budgets.tables import TABLES, TOTAL, Column
from departments.dossier import Profile
from reports.documents.forms.cells import (
    Named,
    area,
    count,
    foot,
    head,
    label,
    money,
    money_sum,
    percent,
    words,
)
from reports.documents.model import Annex, Cell, Row, Table
from reports.documents.wording import label_of, ordered
from reports.dossier import Dossier
from reports.form_specs import BaseDataForm, BaseRow

WIDTHS = (42.0, 13.2, 13.2, 13.2, 13.2, 13.2, 13.2)
FOOT_SPANS = ((1, 2, 2, 2),)
NO_ENTRY = "—"
INDENT = "　"


def base_data_form(dossier: Dossier, mark: str, form: BaseDataForm) -> Annex:
    """One portrait-reading table of people, costs, buildings and thrift measures, as the template orders them."""
    table = Table(widths=WIDTHS, rows=tuple(_rows(dossier, form)), note=form.note, unit=form.unit)
    title = form.title.replace("{year}", str(dossier.year)).replace(
        "{department}", dossier.profile.department
    )
    return Annex(mark=mark, title=title, blocks=(table,), landscape=form.landscape, sheet=form.sheet)


_COSTS = frozenset({"three_public", "project", "running_costs", "procurement", "adjustment"})


def _rows(dossier: Dossier, form: BaseDataForm) -> Iterator[Row]:
    """The groups in their order; the heads of 经费控制情况 come before the first row that needs them."""
    headed = False
    for group in form.rows:
        if group in _COSTS and not headed:
            headed = True
            yield Row(
                cells=(
                    head("经费控制情况（万元）"),
                    *(head(title, colspan=2) for title in ("上年决算数", "本年预算数", "本年决算数")),
                )
            )
        yield from _group(dossier, group)


def _group(dossier: Dossier, group: BaseRow) -> Iterable[Row]:
    data = dossier.money
    match group:
        case "unit":
            name = words(dossier.profile.department, "profile.department", colspan=6, align="center")
            return (Row(cells=(head("单位名称"), name)),)
        case "people":
            return _people(dossier.profile)
        case "three_public":
            return _three_public(data.three_public)
        case "project":
            return _project(dossier)
        case "running_costs":
            return _running_costs(data.running_costs)
        case "procurement":
            row = data.procurement.row("procurement") or Line(key="procurement", label="")
            columns = _columns(data.procurement)
            return (_line_row("政府采购金额", "procurement", row, columns, "procurement"),)
        case "adjustment":
            return (_adjusted_basic(data.expenditure),)
        case "buildings":
            return _buildings(data.buildings)
        case "frugality":
            measures = words(data.frugality, "money.frugality", colspan=6)
            return (Row(cells=(head("厉行节约保障措施"), measures), min_height=12),)
    return foot(dossier.profile, FOOT_SPANS)


def _people(profile: Profile) -> Iterator[Row]:
    """财政供养人员情况（人）: 控制率 = 在职 ÷ 编制."""
    posts, staff = profile.authorized_posts, profile.staff_on_posts
    yield Row(
        cells=(
            head("财政供养人员情况（人）", rowspan=2),
            head("编制数", colspan=2),
            head("当年实际在职人数", colspan=2),
            head("控制率", colspan=2),
        )
    )
    yield Row(
        cells=(
            count(posts, "profile.authorized_posts", name="posts", colspan=2),
            count(staff, "profile.staff_on_posts", name="staff", colspan=2),
            percent(("staff", _number(staff)), ("posts", _number(posts)), name="staff_rate", colspan=2),
        )
    )


def _number(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _project(dossier: Dossier) -> Iterator[Row]:
    """项目支出 and its rows: live where they add up to it."""
    data = dossier.money
    budget = budget_column(data.expenditure)
    project = data.expenditure.row("project") or Line(key="project", label="")
    details = _detail_rows(data.project_detail)
    columns = _columns(data.project_detail)
    addends = {
        column: [(f"detail_{index}_{column}", row.amount(column)) for index, row in enumerate(details)]
        for column in columns
    }
    cells = []
    for column, shown in zip((Column.PRIOR_FINAL, budget, Column.ACTUAL), columns, strict=True):
        where = f"money.expenditure.project.{column}"
        cells.append(
            money_sum(project.amount(column), addends[shown], where, name=f"project_{shown}", colspan=2)
        )
    yield Row(cells=(label("项目支出", align="left"), *cells))
    for index, row in enumerate(details):
        text = f"{INDENT}{index + 1}、{label_of(row, 'project_detail')}"
        yield _line_row(text, "project_detail", row, columns, f"detail_{index}")


def budget_column(table: LineTable) -> Column:
    """本年预算数 of the form: 全年预算数, and 年初预算数 where the table states no other budget."""
    stated = [*table.rows, *([table.stated_total] if table.stated_total else [])]
    if any(row.full_budget is not None for row in stated):
        return Column.FULL_BUDGET
    return (
        Column.INITIAL_BUDGET if any(row.initial_budget is not None for row in stated) else Column.FULL_BUDGET
    )


def _columns(table: LineTable) -> tuple[Column, Column, Column]:
    return Column.PRIOR_FINAL, budget_column(table), Column.ACTUAL


def _line_row(text: str, table: str, row: Line, columns: Sequence[Column], name: str) -> Row:
    return Row(
        cells=(
            label(text, align="left"),
            *(
                money(
                    row.amount(column),
                    f"money.{table}.{row.key}.{column}",
                    name=f"{name}_{column}",
                    colspan=2,
                )
                for column in columns
            ),
        )
    )


def _three_public(table: LineTable) -> Iterator[Row]:
    """三公经费 = 车 + 出国 + 接待; 车 = 购置 + 运行. 车 has no row of its own in the dossier, so it is computed."""
    columns = _columns(table)
    purchase, running, abroad, reception = (
        table.row(key) or Line(key=key, label="")
        for key in ("vehicle_purchase", "vehicle_running", "abroad", "reception")
    )
    known = {row.key for row in TABLES["three_public"].rows}
    others = [row for row in ordered(table, "three_public") if row.key not in known]
    totals, vehicles = [], []
    for column in columns:
        parts: list[Named] = [
            (f"purchase_{column}", purchase.amount(column)),
            (f"running_{column}", running.amount(column)),
        ]
        both = _sum(parts)
        vehicles.append(money_sum(both, parts, name=f"vehicle_{column}", colspan=2))
        addends = [
            (f"vehicle_{column}", both),
            (f"abroad_{column}", abroad.amount(column)),
            (f"reception_{column}", reception.amount(column)),
            *((f"public_{index}_{column}", row.amount(column)) for index, row in enumerate(others)),
        ]
        where = f"money.three_public.{TOTAL}.{column}"
        totals.append(money_sum(table.total(column), addends, where, name=f"public_{column}", colspan=2))
    yield Row(cells=(label("三公经费", align="left"), *totals))
    yield Row(cells=(label(f"{INDENT}1、公务用车购置和维护经费", align="left"), *vehicles))
    yield _line_row(f"{INDENT * 2}其中：公车购置", "three_public", purchase, columns, "purchase")
    yield _line_row(f"{INDENT * 5}公车运行维护", "three_public", running, columns, "running")
    yield _line_row(f"{INDENT}2、出国经费", "three_public", abroad, columns, "abroad")
    yield _line_row(f"{INDENT}3、公务接待", "three_public", reception, columns, "reception")
    for index, row in enumerate(others):
        text = f"{INDENT}{index + 4}、{label_of(row, 'three_public')}"
        yield _line_row(text, "three_public", row, columns, f"public_{index}")


def _sum(parts: Sequence[Named]) -> Decimal | None:
    stated = [value for _, value in parts if value is not None]
    return sum(stated, Decimal(0)) if stated else None


def _detail_rows(table: LineTable) -> list[Line]:
    """业务工作经费 and 运行维护经费 always, then a row for every special fund that the unit lists."""
    fixed = [
        table.row(row.key) or Line(key=row.key, label=row.label) for row in TABLES["project_detail"].rows
    ]
    known = {row.key for row in fixed}
    return [*fixed, *(row for row in table.rows if row.key not in known)]


def _running_costs(table: LineTable) -> Iterator[Row]:
    """公用经费 as stated: its rows are 其中数 and need not add up to it, so it is never summed from them."""
    columns = _columns(table)
    stated = table.stated_total
    yield Row(
        cells=(
            label("公用经费", align="left"),
            *(
                money(
                    stated.amount(column) if stated else None,
                    f"money.running_costs.{TOTAL}.{column}",
                    name=f"running_costs_{column}",
                    colspan=2,
                )
                for column in columns
            ),
        )
    )
    fixed = [table.row(row.key) or Line(key=row.key, label=row.label) for row in TABLES["running_costs"].rows]
    known = {row.key for row in fixed}
    rows = [*fixed, *(row for row in table.rows if row.key not in known)]
    for index, row in enumerate(rows):
        lead = f"{INDENT}其中：" if index == 0 else INDENT * 4
        yield _line_row(
            f"{lead}{label_of(row, 'running_costs')}", "running_costs", row, columns, f"cost_{index}"
        )


def _adjusted_basic(expenditure: LineTable) -> Row:
    """部门基本支出预算调整 = 全年预算数 − 年初预算数 of 基本支出, in the column 本年预算数."""
    before = expenditure.amount("basic", Column.INITIAL_BUDGET)
    after = expenditure.amount("basic", Column.FULL_BUDGET)
    change = None if before is None or after is None else after - before
    return Row(
        cells=(
            label("部门基本支出预算调整", align="left"),
            label(NO_ENTRY, colspan=2),
            money(change, "money.expenditure.basic.full_budget", name="basic_adjustment", colspan=2),
            label(NO_ENTRY, colspan=2),
        )
    )


def _buildings(buildings: Sequence[Building]) -> Iterator[Row]:
    """楼堂馆所控制情况（年度完工项目）: a row a building, or a blank row where there is none."""
    titles = (
        "批复规模（㎡）",
        "实际规模（㎡）",
        "规模控制率",
        "预算投资（万元）",
        "实际投资（万元）",
        "投资概算控制率",
    )
    heads = tuple(head(title) for title in titles)
    title = "楼堂馆所控制情况（年度完工项目）"
    if not buildings:
        yield Row(cells=(head(title, rowspan=2), *heads))
        yield Row(cells=tuple(Cell() for _ in titles))
        return
    yield Row(cells=(head(title), *heads))
    for index, one in enumerate(buildings):
        yield _building(index, one)


def _building(index: int, one: Building) -> Row:
    path = f"money.buildings.{index}"
    approved, actual = f"approved_{index}", f"built_{index}"
    planned, invested = f"planned_{index}", f"invested_{index}"
    return Row(
        cells=(
            words(one.name, f"{path}.name"),
            area(one.approved_area, f"{path}.approved_area", name=approved),
            area(one.actual_area, f"{path}.actual_area", name=actual),
            percent((actual, one.actual_area), (approved, one.approved_area), name=f"area_rate_{index}"),
            money(one.planned_investment, f"{path}.planned_investment", name=planned),
            money(one.actual_investment, f"{path}.actual_investment", name=invested),
            percent(
                (invested, one.actual_investment),
                (planned, one.planned_investment),
                name=f"cost_rate_{index}",
            ),
        )
    )
