"""What a reader has collected: values by dossier path, where each was read, and what it could not decide.

A place that is stated twice keeps its first value. The same value again is a confirmation; another one is put
as a question and never overwrites silently.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from budgets.dossier import Amounts, Line, Table
from budgets.tables import TABLES, TOTAL, Column
from reports.dossier import Origin, Unread

FREE = "row-"


class Collected:
    """Values, origins and open questions of one source."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.labels: dict[tuple[str, str], str] = {}
        """Label as read of each row, by table and key; its order is the order of the source."""
        self.origins: list[Origin] = []
        self.unread: list[Unread] = []

    def put(self, where: str, value: object, source: str, words: str) -> bool:
        """Keep a value; ``False`` (and a question) when the place already holds another one."""
        if where in self.values:
            known = self.values[where]
            if known == value:
                return True
            first = next((origin for origin in self.origins if origin.where == where), None)
            before = f"前文（{first.source}）写的是“{first.words}”" if first else "前文写的是另一个值"
            self.ask(
                source, words, f"同一项有两个不同的值：{before}，这里写的是“{words}”，已按前文读取，请确认"
            )
            return False
        self.values[where] = value
        self.origins.append(Origin(where=where, source=source, words=words))
        return True

    def move(self, where: str, to: str) -> None:
        """A value that belongs to another place than it was first taken for."""
        self.values[to] = self.values.pop(where)
        self.origins = [
            one.model_copy(update={"where": to}) if one.where == where else one for one in self.origins
        ]

    def get(self, where: str) -> object | None:
        return self.values.get(where)

    def saw(self, where: str, source: str, words: str) -> None:
        """Note where words were read that gave no value of their own."""
        self.origins.append(Origin(where=where, source=source, words=words))

    def ask(self, source: str, words: str, question: str) -> None:
        """Put a doubt as a question to the filler."""
        self.unread.append(Unread(source=source, words=words, question=question))

    def leave(self, source: str, words: str) -> None:
        """Keep a passage that has no place in the dossier."""
        self.unread.append(Unread(source=source, words=words))

    # -------------------------------------------------------------- money

    def amount(
        self, table: str, row: str, column: Column, value: Decimal, label: str, source: str, words: str
    ) -> bool:
        """Keep an amount in 元 under its table, row and column."""
        kept = self.put(f"money.{table}.{row}.{column}", value, source, words)
        if kept:
            self.labels.setdefault((table, row), label)
        return kept

    def free_row(self, table: str, label: str) -> str:
        """Key of the unit's own row with that label, a new one if there is none yet."""
        for (known, key), words in self.labels.items():
            if known == table and key.startswith(FREE) and words == label:
                return key
        number = 1 + sum(known == table and key.startswith(FREE) for known, key in self.labels)
        self.labels[table, f"{FREE}{number}"] = label
        return f"{FREE}{number}"

    def has(self, table: str, columns: Iterable[Column] = Column) -> bool:
        """Whether any amount of the table was read in these columns."""
        wanted = {f".{column}" for column in columns}
        prefix = f"money.{table}."
        return any(where.startswith(prefix) and where[where.rindex(".") :] in wanted for where in self.values)

    def table(self, key: str) -> Table:
        """The rows of a table as read, fixed rows in the order of the form, own rows behind them."""
        order = {row.key: index for index, row in enumerate(TABLES[key].rows)}
        rows = [row for table, row in self.labels if table == key and row != TOTAL]
        rows.sort(key=lambda row: order.get(row, len(order)))
        lines = [Line(key=row, label=self._label(key, row), **self._columns(key, row)) for row in rows]
        total = self._columns(key, TOTAL)
        return Table(rows=tuple(lines), stated_total=Amounts(**total) if total else None)

    def tables(self) -> dict[str, Table]:
        """All tables that have anything."""
        return {key: table for key in TABLES if (table := self.table(key)) != Table()}

    def _label(self, table: str, row: str) -> str:
        return self.labels[table, row] or TABLES[table].label_of(row)

    def _columns(self, table: str, row: str) -> dict[str, Decimal]:
        found = {column.value: self.values.get(f"money.{table}.{row}.{column}") for column in Column}
        return {column: value for column, value in found.items() if isinstance(value, Decimal)}
