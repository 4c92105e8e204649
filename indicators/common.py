"""Common indicators (共性指标) of overall departmental expenditure: the library, and their values from the dossier.

The library is data (``indicators/data``), known by full path since a name occurs twice. What the year's own figures state
is computed here, so that the unit need not type it; where an input is missing there is no value, and a denominator of 0
has none either (不适用). Source: framework of 财预〔2013〕53号; see ``indicators/data/README.md`` for what is confirmed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from budgets.choices import AdjustmentCause
from budgets.dossier import Money, Table
from budgets.money import percent, rate, wan
from budgets.tables import TOTAL, Column
from departments.dossier import Part, Profile
from indicators.policy import QUOTES, bare

FILE = Path(__file__).parent / "data" / "common_indicators.json"


class Common(Part):
    """One indicator of the library."""

    code: str
    level1: str
    level2: str
    level3: str
    explanation: str = ""
    formula: str | None = None
    direction: Literal["higher_better", "lower_better", "target_100"]
    inputs: tuple[str, ...] = ()
    checkpoints: tuple[str, ...] = ()
    kind: Literal["quantitative", "qualitative", "survey"]
    evidence: Mapping[str, str | None] = {}

    @property
    def path(self) -> str:
        """What it is known by: 投入/预算配置/在职人员控制率."""
        return f"{self.level1}/{self.level2}/{self.level3}"

    @property
    def computable(self) -> bool:
        """Whether the dossier can hold all its inputs."""
        return self.path in FORMULAS


@cache
def library() -> dict[str, Common]:
    """All common indicators by path, in the framework's order."""
    entries = [Common.model_validate(item) for item in json.loads(FILE.read_text(encoding="utf-8"))]
    return {entry.path: entry for entry in entries}


@cache
def _by_name() -> dict[str, tuple[Common, ...]]:
    found: dict[str, tuple[Common, ...]] = {}
    for entry in library().values():
        found[entry.level3] = (*found.get(entry.level3, ()), entry)
    return found


def find(name: str, level1: str = "", level2: str = "") -> Common | None:
    """The entry that an indicator of that name is; its classes decide where a name occurs twice."""
    word = QUOTES.sub("", name)
    word = ALIASES.get(word, word)
    named = _by_name().get(word, ())
    if len(named) <= 1:
        return named[0] if named else None
    return next((entry for entry in named if bare(entry.level2) == bare(level2)), None)


ALIASES = {
    "财政供养人员控制率": "在职人员控制率",
    "人员控制率": "在职人员控制率",
    "预算执行率": "预算完成率",
}
"""Local names of the same thing."""


# ------------------------------------------------------------------ values


@dataclass(frozen=True)
class Computed:
    """A value from the dossier with its sentence. ``value`` is an unrounded fraction, ``None`` where it has no meaning."""

    value: Decimal | None
    basis: str
    others: tuple[Decimal, ...] = ()
    """Values by other readings that are in use (年初预算 as the denominator); a typed value may follow one of them."""
    inputs: tuple[str, ...] = ()
    """Dossier paths of the figures used."""

    @property
    def text(self) -> str:
        """The value as an actual is typed: ``63.64%``."""
        return "" if self.value is None else percent(self.value)


Formula = Callable[[Profile, Money, Money | None], Computed | None]


def compute(entry: Common, profile: Profile, money: Money, prior: Money | None = None) -> Computed | None:
    """Value of a common indicator; ``None`` where the dossier lacks an input. ``prior`` is last year's money."""
    formula = FORMULAS.get(entry.path)
    return formula(profile, money, prior) if formula else None


def _ratio(
    part: tuple[str, Decimal | None],
    whole: tuple[str, Decimal | None],
    *,
    inputs: tuple[str, ...],
    other: Decimal | None = None,
) -> Computed | None:
    """Part ÷ whole of two amounts in 元; ``other`` is a second denominator in use."""
    if part[1] is None or whole[1] is None:
        return None
    head = f"{part[0]}{wan(part[1])}万元÷{whole[0]}{wan(whole[1])}万元"
    value = rate(part[1], whole[1])
    if value is None:
        return Computed(None, f"{whole[0]}为0，比率无意义，可作不适用处理", inputs=inputs)
    second = rate(part[1], other) if other != whole[1] else None
    return Computed(value, f"{head}={percent(value)}", () if second is None else (second,), inputs)


def _budgets(table: Table, row: str) -> tuple[str, Decimal | None, Decimal | None]:
    """全年预算数, else 年初预算数, with its name; and the other one where both are stated."""
    full, initial = table.amount(row, Column.FULL_BUDGET), table.amount(row, Column.INITIAL_BUDGET)
    if full is None:
        return "年初预算数", initial, None
    return "全年预算数", full, initial


def staff_control(profile: Profile, money: Money, prior: Money | None) -> Computed | None:
    """在职人员控制率 = 在职人员数 ÷ 编制数."""
    staff, posts = profile.staff_on_posts, profile.authorized_posts
    if staff is None or posts is None:
        return None
    inputs = ("profile.staff_on_posts", "profile.authorized_posts")
    value = rate(staff, posts)
    if value is None:
        return Computed(None, "编制数为0，比率无意义，可作不适用处理", inputs=inputs)
    return Computed(value, f"在职{staff}人÷编制{posts}人={percent(value)}", inputs=inputs)


def three_public_change(profile: Profile, money: Money, prior: Money | None) -> Computed | None:
    """“三公经费”变动率 = (本年预算 − 上年预算) ÷ 上年预算; budgets with budgets, never with final accounts."""
    if prior is None:
        return None
    column = Column.INITIAL_BUDGET
    now, before = money.three_public.total(column), prior.three_public.total(column)
    if now is None or before is None:
        return None
    inputs = (f"money.three_public.{TOTAL}.{column}",)
    if before == 0:
        return Computed(None, "上年“三公”经费预算数为0，比率无意义，可作不适用处理", inputs=inputs)
    value = (now - before) / before
    sentence = (
        f"（本年“三公”经费预算数{wan(now)}万元−上年{wan(before)}万元）÷{wan(before)}万元={percent(value)}"
    )
    full = Column.FULL_BUDGET
    adjusted, earlier = money.three_public.total(full), prior.three_public.total(full)
    others = () if adjusted is None or not earlier else ((adjusted - earlier) / earlier,)
    return Computed(value, sentence, others, inputs)


def budget_completion(profile: Profile, money: Money, prior: Money | None) -> Computed | None:
    """预算完成率 = 预算完成数 ÷ 预算数; a local reading leaves what is carried over out of the numerator."""
    inputs = (f"money.expenditure.{TOTAL}.actual", f"money.expenditure.{TOTAL}.full_budget")
    found = _ratio(("全年执行数", money.spent), ("全年预算数", money.budget), inputs=inputs)
    opening = money.carryover.amount("opening", Column.ACTUAL)
    closing = money.carryover.amount("closing", Column.ACTUAL)
    if found is None or money.budget is None or opening is None or closing is None:
        return found
    # 湖南一类地方表：（上年结转+年初预算+本年追加−年末结余）÷（上年结转+年初预算+本年追加）
    whole = opening + money.budget
    local = (whole - closing) / whole if whole else None
    return Computed(found.value, found.basis, () if local is None else (local,), found.inputs)


NOT_COUNTED = frozenset({AdjustmentCause.POLICY, AdjustmentCause.FORCE_MAJEURE, AdjustmentCause.ASSIGNED})


def budget_adjustment(profile: Profile, money: Money, prior: Money | None) -> Computed | None:
    """预算调整率 = 预算调整数 ÷ 预算数, without adjustments by national policy, force majeure or assigned tasks.

    Only where the stated adjustments lead from 年初预算数 to 全年预算数 and each names its cause.
    """
    initial, full = money.expenditure.total(Column.INITIAL_BUDGET), money.budget
    if initial is None or full is None:
        return None
    amounts = [item.amount for item in money.adjustments]
    if None in amounts or any(not item.cause for item in money.adjustments):
        return None
    if sum((item.amount for item in money.adjustments if item.amount), Decimal(0)) != full - initial:
        return None
    counted = sum(
        (abs(item.amount) for item in money.adjustments if item.amount and item.cause not in NOT_COUNTED),
        Decimal(0),
    )
    everything = sum((abs(item.amount) for item in money.adjustments if item.amount), Decimal(0))
    left_out = everything - counted
    inputs = ("money.adjustments", f"money.expenditure.{TOTAL}.initial_budget")
    found = _ratio(("预算调整数", counted), ("年初预算数", initial), inputs=inputs)
    if found is None or found.value is None or not left_out:
        return found
    words = f"{found.basis}（因国家政策、不可抗力、临时交办调整的{wan(left_out)}万元不计入）"
    return Computed(found.value, words, (everything / initial,), inputs)


def carryover_share(profile: Profile, money: Money, prior: Money | None) -> Computed | None:
    """结转结余率 = 结转结余总额 ÷ 支出预算数."""
    return _ratio(
        ("年末结转和结余", money.carryover.amount("closing", Column.ACTUAL)),
        ("支出预算数", money.budget),
        inputs=("money.carryover.closing.actual", f"money.expenditure.{TOTAL}.full_budget"),
        other=money.spent,
    )


def carryover_change(profile: Profile, money: Money, prior: Money | None) -> Computed | None:
    """结转结余变动率 = (本年累计 − 上年累计) ÷ 上年累计."""
    now = money.carryover.amount("closing", Column.ACTUAL)
    before = money.carryover.amount("opening", Column.ACTUAL)
    if now is None or before is None:
        return None
    inputs = ("money.carryover.closing.actual", "money.carryover.opening.actual")
    if before == 0:
        return Computed(None, "上年结转和结余为0，比率无意义，可作不适用处理", inputs=inputs)
    value = (now - before) / before
    sentence = f"（年末结转和结余{wan(now)}万元−年初{wan(before)}万元）÷{wan(before)}万元={percent(value)}"
    return Computed(value, sentence, inputs=inputs)


def _control(table: str, row: str, label: str) -> Formula:
    """实际 ÷ 预算 of a row of the basic data."""

    def formula(profile: Profile, money: Money, prior: Money | None) -> Computed | None:
        data = money.table(table)
        name, budget, other = _budgets(data, row)
        inputs = (f"money.{table}.{row}.actual", f"money.{table}.{row}.full_budget")
        actual = data.amount(row, Column.ACTUAL)
        return _ratio((f"{label}决算数", actual), (name, budget), inputs=inputs, other=other)

    return formula


def asset_use(profile: Profile, money: Money, prior: Money | None) -> Computed | None:
    """固定资产利用率 = 在用固定资产总额 ÷ 固定资产总额."""
    column = Column.ACTUAL
    return _ratio(
        ("在用固定资产总额", money.assets.amount("in_use", column)),
        ("固定资产总额", money.assets.amount("owned", column)),
        inputs=("money.assets.in_use.actual", "money.assets.owned.actual"),
    )


FORMULAS: dict[str, Formula] = {
    "投入/预算配置/在职人员控制率": staff_control,
    "投入/预算配置/三公经费变动率": three_public_change,
    "过程/预算执行/预算完成率": budget_completion,
    "过程/预算执行/预算调整率": budget_adjustment,
    "过程/预算执行/结转结余率": carryover_share,
    "过程/预算执行/结转结余变动率": carryover_change,
    "过程/预算执行/公用经费控制率": _control("running_costs", TOTAL, "公用经费"),
    "过程/预算执行/三公经费控制率": _control("three_public", TOTAL, "“三公”经费"),
    "过程/预算执行/政府采购执行率": _control("procurement", "procurement", "政府采购"),
    "过程/资产管理/固定资产利用率": asset_use,
}
"""What can be computed, by path. 重点支出安排率 is not among them: no figure of the forms says which projects are key ones."""
