"""部门决算 workbooks (.xlsx, .xls) as a dossier of figures; the reading itself is :mod:`budgets.final_accounts`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.utils import get_column_letter

from budgets.dossier import Money
from budgets.final_accounts import COUNT_NAMES, ONLY_CHECKED, Accounts, Amount, RawSheet, read_accounts
from budgets.money import plain
from budgets.tables import TOTAL, Column
from departments.dossier import Profile
from reports.dossier import Covers, Dossier
from reports.intake.collected import Collected
from reports.intake.errors import IntakeError
from reports.intake.xlsx_file import Sheet, left_out

_ROWS = {
    **{f"income.{name}": ("income_source", name)
       for name in ("fiscal", "superior", "undertaking", "operating", "affiliated", "other")},
    "income.total": ("income_source", TOTAL),
    "summary.general": ("income_nature", "general"),
    "summary.fund": ("income_nature", "fund"),
    **{f"expenditure.{name}": ("expenditure", name)
       for name in ("basic", "project", "to_superior", "operating", "to_affiliated")},
    "expenditure.total": ("expenditure", TOTAL),
    "summary.opening": ("carryover", "opening"),
    "summary.used_surplus": ("carryover", "used_surplus"),
    "summary.allocation": ("carryover", "surplus_allocation"),
    "summary.closing": ("carryover", "closing"),
}  # fmt: skip
_SUMMARY_ROWS = {
    **{f"summary.{name}": ("income_source", name)
       for name in ("superior", "undertaking", "operating", "affiliated", "other")},
    "summary.income": ("income_source", TOTAL),
    "summary.expenditure": ("expenditure", TOTAL),
}  # fmt: skip
"""Rows of the summary that stand in where the finer table is not in the workbook."""
_THREE_PUBLIC = ("vehicle_purchase", "vehicle_running", "abroad", "reception", TOTAL)
_SIDES = {"budget": Column.FULL_BUDGET, "final": Column.ACTUAL}


@dataclass
class AccountsReading:
    """What a final-accounts workbook says."""

    accounts: Accounts

    @property
    def tables(self) -> dict[str, str]:
        return {str(kind): sheet for kind, sheet in self.accounts.tables.items()}

    @property
    def year(self) -> int | None:
        return self.accounts.year

    @property
    def department(self) -> str:
        return self.accounts.department

    @property
    def notes(self) -> list[str]:
        """Which tables were read, and what of them has no line in the self-evaluation."""
        read = "、".join(f"《{kind}》（{sheet}）" for kind, sheet in self.tables.items())
        notes = [f"读到{read}"]
        if checked := [kind for kind in self.accounts.tables if kind in ONLY_CHECKED]:
            named = "".join(f"《{kind}》" for kind in checked)
            notes.append(f"{named}只用于核对平衡关系和科目合计，自评报告没有对应栏目，数据不写入")
        if self.accounts.counts:
            told = "、".join(
                f"{name}{plain(self.accounts.counts[key].value)}"
                for key, name in COUNT_NAMES.items()
                if key in self.accounts.counts
            )
            notes.append(f"“三公”经费统计数（{told}）没有对应栏目，不写入，可在经费说明中引用")
        return notes

    def dossier(self, department: str = "", year: int | None = None) -> Dossier:
        """The figures as a dossier. Raises :class:`IntakeError` when the year is not known."""
        year = year or self.year
        if year is None:
            raise IntakeError("决算表没有写明年度")
        collected = Collected()
        for rows in (_ROWS, _SUMMARY_ROWS):
            for key, (table, row) in rows.items():
                self._put(collected, key, table, row, Column.ACTUAL)
        self._fiscal(collected)
        for side, column in _SIDES.items():
            for name in _THREE_PUBLIC:
                self._put(collected, f"three_public.{side}.{name}", "three_public", name, column)
        for question in self.accounts.questions:
            collected.ask("决算表", "", question)
        for difference in self.accounts.differences:
            collected.ask("决算表", "", str(difference))
        return Dossier(
            title=f"{year}年度部门决算",
            document_kind="部门决算",
            profile=Profile(department=department or self.department, year=year),
            money=Money(**collected.tables()),
            coverage=self._coverage(collected),
            origins=tuple(collected.origins),
            unread=tuple(collected.unread),
        )

    def _put(self, collected: Collected, key: str, table: str, row: str, column: Column) -> None:
        amount = self.accounts.amounts.get(key)
        path = f"money.{table}.{row}.{column}"
        if amount is not None and path not in collected.values:
            collected.amount(table, row, column, amount.value, "", _place(amount), amount.words)

    def _fiscal(self, collected: Collected) -> None:
        """财政拨款收入 as the sum of its three rows, where only the summary is in the workbook."""
        path = f"money.income_source.fiscal.{Column.ACTUAL}"
        parts = [self.accounts.amounts.get(f"summary.{name}") for name in ("general", "fund", "capital")]
        stated = [part for part in parts if part is not None]
        if path not in collected.values and stated:
            whole = sum((part.value for part in stated), Decimal(0))
            words = "；".join(part.words for part in stated)
            collected.amount("income_source", "fiscal", Column.ACTUAL, whole, "", _place(stated[0]), words)

    def _coverage(self, collected: Collected) -> frozenset[Covers]:
        found = {
            Covers.INCOME: collected.has("income_source"),
            Covers.EXPENDITURE: collected.has("expenditure"),
            Covers.CARRYOVER: collected.has("carryover"),
            Covers.BASE_DATA: collected.has("three_public"),
        }
        return frozenset(part for part, covered in found.items() if covered)


def accounts_of(sheets: Iterable[Sheet]) -> AccountsReading:
    """Final-accounts tables of a workbook; no tables when it holds none."""
    sheets = list(sheets)
    raw = [RawSheet(sheet.name, _cells(sheet), tuple(sheet.merges)) for sheet in sheets if not sheet.hidden]
    found = read_accounts(raw)
    if found.tables:
        found.questions += [text for _, text in left_out(sheets)]
    return AccountsReading(found)


def _cells(sheet: Sheet) -> dict[tuple[int, int], str | Decimal]:
    cells: dict[tuple[int, int], str | Decimal] = {}
    for place, cell in sheet.cells.items():
        number = None if cell.percent else cell.number
        if number is not None:
            cells[place] = number
        elif cell.text.strip():
            cells[place] = cell.text
    return cells


def _place(amount: Amount) -> str:
    row, column = amount.place
    return f"{amount.sheet}!{get_column_letter(column)}{row}"
