"""Identities of the tables (domain notes 6.2), each only where both sides are complete: a missing row is not zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from budgets.final_accounts.model import Accounts, Amount, Difference, Kind, Subject
from budgets.final_accounts.tables import (
    EXPENDITURE_HEADS,
    FISCAL_HEADS,
    FUNDS_HEADS,
    INCOME_HEADS,
    PERSONNEL,
    Heads,
)

MOST_OF_A_KIND = 5
"""Differences of one identity over the rows of one table that are listed; more are counted."""
_ZERO = Decimal(0)
_KIND_NAMES = {name: words[0] for name, words in FISCAL_HEADS.items() if name != "total"}


def check(found: Accounts) -> None:
    """Identities of domain notes 6.2, each only where both sides are complete: a missing row is not zero."""
    s = "summary"
    _sum(
        found,
        "收入总计＝本年收入合计＋使用非财政拨款结余＋年初结转和结余",
        f"{s}.income_total",
        (f"{s}.income", f"{s}.used_surplus", f"{s}.opening"),
    )
    _sum(
        found,
        "支出总计＝本年支出合计＋结余分配＋年末结转和结余",
        f"{s}.expenditure_total",
        (f"{s}.expenditure", f"{s}.allocation", f"{s}.closing"),
    )
    _sum(found, "收入总计＝支出总计", f"{s}.income_total", (f"{s}.expenditure_total",))
    _sum(found, "总表本年收入合计＝收入决算表合计", f"{s}.income", ("income.total",))
    _sum(found, "总表本年支出合计＝支出决算表合计", f"{s}.expenditure", ("expenditure.total",))
    _sum(
        found,
        "收入决算表合计＝各项收入之和",
        "income.total",
        (
            "income.fiscal",
            "income.superior",
            "income.undertaking",
            "income.operating",
            "income.affiliated",
            "income.other",
        ),
    )
    _sum(
        found,
        "收入决算表财政拨款收入＝总表三项财政拨款之和",
        "income.fiscal",
        (f"{s}.general", f"{s}.fund", f"{s}.capital"),
    )
    _sum(
        found,
        "支出决算表合计＝各项支出之和",
        "expenditure.total",
        (
            "expenditure.basic",
            "expenditure.project",
            "expenditure.to_superior",
            "expenditure.operating",
            "expenditure.to_affiliated",
        ),
    )
    functions = tuple(key for key in found.amounts if key.startswith(f"{s}.function."))
    if functions:
        _sum(found, "总表本年支出合计＝各功能科目支出之和", f"{s}.expenditure", functions)
    _check_fiscal(found)
    _check_subjects(found)
    _check_finer_tables(found)
    for side, words in (("budget", "预算数"), ("final", "决算数")):
        t = f"three_public.{side}"
        _sum(
            found,
            f"“三公”经费{words}＝出国＋用车＋接待",
            f"{t}.total",
            (f"{t}.abroad", f"{t}.vehicle", f"{t}.reception"),
        )
        _sum(
            found,
            f"公务用车{words}＝购置＋运行维护",
            f"{t}.vehicle",
            (f"{t}.vehicle_purchase", f"{t}.vehicle_running"),
        )


def _check_fiscal(found: Accounts) -> None:
    """04: each row over its kinds, each kind over carry-over and the year."""
    kinds = tuple(_KIND_NAMES)
    rows = dict.fromkeys(key.rpartition(".")[0] for key in found.amounts if key.startswith("fiscal."))
    for row in rows:
        name = row.rpartition(".")[2]
        words = {
            "income": "本年收入合计",
            "opening": "年初财政拨款结转和结余",
            "expenditure": "本年支出合计",
            "closing": "年末财政拨款结转和结余",
        }.get(name, name)
        _sum(
            found,
            f"财政拨款总表{words}＝三类拨款之和",
            f"{row}.total",
            tuple(f"{row}.{kind}" for kind in kinds),
        )
    for kind, words in (*_KIND_NAMES.items(), ("total", "合计")):
        income, opening = found.get(f"fiscal.income.{kind}"), found.get(f"fiscal.opening.{kind}")
        spent, closing = found.get(f"fiscal.expenditure.{kind}"), found.get(f"fiscal.closing.{kind}")
        if (
            income is None
            or spent is None
            or not _stated(found, f"fiscal.opening.{kind}", f"fiscal.closing.{kind}")
        ):
            continue
        left, right = income + (opening or _ZERO), spent + (closing or _ZERO)
        if left != right:
            identity = f"财政拨款总表{words}：本年收入＋年初结转和结余＝本年支出＋年末结转和结余"
            _differ(found, identity, left, right, 4)
    functions = {key.rpartition(".")[0] for key in found.amounts if key.startswith("fiscal.function.")}
    for kind, words in (*_KIND_NAMES.items(), ("total", "合计")):
        if functions:
            keys = tuple(f"{row}.{kind}" for row in sorted(functions))
            _sum(
                found,
                f"财政拨款总表本年支出合计＝各功能科目支出之和（{words}）",
                f"fiscal.expenditure.{kind}",
                keys,
            )
    for kind in kinds:
        _sum(
            found,
            f"总表与财政拨款总表的{_KIND_NAMES[kind]}收入",
            f"summary.{kind}",
            (f"fiscal.income.{kind}",),
        )


def _stated(found: Accounts, *keys: str) -> bool:
    """Whether each is a figure or an empty cell of a row that is there."""
    return all(key in found.amounts or key in found.blank for key in keys)


_ACROSS: Mapping[str, tuple[Kind, Heads, tuple[str, ...]]] = {
    "income": (Kind.INCOME, INCOME_HEADS, tuple(name for name in INCOME_HEADS if name != "total")),
    "expenditure": (Kind.EXPENDITURE, EXPENDITURE_HEADS, tuple(n for n in EXPENDITURE_HEADS if n != "total")),
    "general": (Kind.GENERAL, FUNDS_HEADS, ("basic", "project")),
    "fund": (Kind.FUND, FUNDS_HEADS, ("basic", "project")),
    "capital": (Kind.CAPITAL, FUNDS_HEADS, ("basic", "project")),
    "basic": (Kind.BASIC, {"total": ("决算数",)}, ()),
}


def _check_subjects(found: Accounts) -> None:
    """Every table by subjects: each row over its columns; 合计＝Σ类, 类＝Σ款, 款＝Σ项 in every column."""
    for prefix, (kind, heads, parts) in _ACROSS.items():
        subjects = found.subjects.get(prefix, [])
        before = len(found.differences)
        for subject in subjects:
            _across(found, f"《{kind}》{subject.code}{subject.name}", subject.amounts, parts)
        for name in heads:
            _downward(found, prefix, kind, heads, subjects, name)
        _shorten(found, kind, before)


def _across(found: Accounts, row: str, amounts: Mapping[str, Amount], parts: Sequence[str]) -> None:
    whole = amounts.get("total")
    stated = [amounts[part].value for part in parts if part in amounts]
    if whole is not None and stated and whole.value != sum(stated, _ZERO):
        _differ(found, f"{row}：合计＝各列之和", whole.value, sum(stated, _ZERO), len(stated))
    moving = [amounts[name].value if name in amounts else None for name in ("opening", "income", "closing")]
    if whole is not None and moving[1] is not None and (moving[0] is not None or moving[2] is not None):
        left, right = (moving[0] or _ZERO) + moving[1], whole.value + (moving[2] or _ZERO)
        if left != right:
            _differ(found, f"{row}：年初结转和结余＋本年收入＝本年支出＋年末结转和结余", left, right, 4)


def _downward(
    found: Accounts, prefix: str, kind: Kind, heads: Heads, subjects: Sequence[Subject], column: str
) -> None:
    """One column from above down. A level that is not listed at all is not checked."""
    codes = {subject.code for subject in subjects}
    tops = [one for one in subjects if not {one.code[:3], one.code[:5]} & codes - {one.code}]
    under: dict[str, list[Subject]] = {}
    for one in subjects:
        under.setdefault(one.code[:-2], []).append(one)
    word = heads[column][0]
    if prefix != "basic":
        _level(found, f"《{kind}》{word}：合计＝各类之和", found.get(f"{prefix}.{column}"), tops, column)
    for subject in subjects:
        below = under.get(subject.code, [])
        amount = subject.amounts.get(column)
        level = "款" if len(subject.code) == 3 else "项"
        _level(
            found,
            f"《{kind}》{word}：{subject.code}{subject.name}＝各{level}之和",
            amount.value if amount else None,
            below,
            column,
        )


def _level(
    found: Accounts, identity: str, whole: Decimal | None, below: Sequence[Subject], column: str
) -> None:
    stated = [subject.amounts[column].value for subject in below if column in subject.amounts]
    total = sum(stated, _ZERO)
    if below and whole != total and (whole is not None or stated):
        _differ(found, identity, whole or _ZERO, total, len(below))


def _shorten(found: Accounts, kind: Kind, start: int) -> None:
    """A column out of place would give a difference in every row: some are listed, the rest is counted."""
    many = found.differences[start:]
    hard = [one for one in many if not one.rounding]
    soft = [one for one in many if one.rounding]
    shown = (hard + soft)[:MOST_OF_A_KIND]
    if len(many) > len(shown):
        found.differences[start:] = shown
        found.questions.append(f"《{kind}》另有{len(many) - len(shown)}处不平衡或尾差没有列出，请核对整张表")


def _check_finer_tables(found: Accounts) -> None:
    """05 to 08 against 04 and among each other."""
    for prefix, words in (
        ("general", "一般公共预算"),
        ("fund", "政府性基金预算"),
        ("capital", "国有资本经营预算"),
    ):
        spent = f"财政拨款总表{words}支出＝{words}支出决算表合计"
        _sum(found, spent, f"fiscal.expenditure.{prefix}", (f"{prefix}.total",))
        _sum(
            found,
            f"财政拨款总表{words}收入＝{words}决算表本年收入",
            f"fiscal.income.{prefix}",
            (f"{prefix}.income",),
        )
        kind = _ACROSS[prefix][0]
        totals = {
            name: found.amounts[f"{prefix}.{name}"]
            for name in FUNDS_HEADS
            if f"{prefix}.{name}" in found.amounts
        }
        _across(found, f"《{kind}》合计行", totals, ("basic", "project"))
        if kind in found.tables and not totals and (found.get(f"fiscal.expenditure.{prefix}") or _ZERO) != 0:
            found.questions.append(f"《{kind}》是空表，但财政拨款总表有{words}支出，请核对")
    _sum(
        found,
        "一般公共预算基本支出＝人员经费＋公用经费",
        "general.basic",
        ("basic.personnel", "basic.running"),
    )
    classes = [
        one for one in found.subjects.get("basic", []) if len(one.code) == 3 and "total" in one.amounts
    ]
    for name, words in (("personnel", "人员经费"), ("running", "公用经费")):
        own = [one for one in classes if (one.code in PERSONNEL) == (name == "personnel")]
        whole, total = found.get(f"basic.{name}"), sum((one.amounts["total"].value for one in own), _ZERO)
        if own and whole is not None and whole != total:
            _differ(found, f"《{Kind.BASIC}》{words}合计＝各类之和", whole, total, len(own))
    for name, words in (
        ("abroad", "因公出国（境）费"),
        ("vehicle_purchase", "公务用车购置费"),
        ("vehicle_running", "公务用车运行维护费"),
        ("reception", "公务接待费"),
    ):
        identity = f"“三公”经费{words}＝机构运行信息表"
        _sum(found, identity, f"three_public.final.{name}", (f"operation.{name}",))


def _sum(found: Accounts, identity: str, left: str, right: Sequence[str]) -> None:
    """One identity. A blank cell of a row that is there means no amount; a row that is not there may be the difference."""
    whole = found.get(left)
    parts = [found.get(key) for key in right]
    stated = [part for part in parts if part is not None]
    if whole is None or not stated:
        return
    total = sum(stated, Decimal(0))
    if whole == total:
        return
    missing = [key for key, part in zip(right, parts, strict=True) if part is None and key not in found.blank]
    if missing and whole > total:
        return
    _differ(found, identity, whole, total, len(parts))


def _differ(found: Accounts, identity: str, left: Decimal, right: Decimal, parts: int) -> None:
    """Note a difference; half a hundredth of a 万元 a rounded part explains it as rounding."""
    tolerance = Decimal(100) * max(parts, 2) / 2
    found.differences.append(Difference(identity, left, right, abs(left - right) <= tolerance))
