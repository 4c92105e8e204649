"""Results of the plain formulas that our own workbooks hold, where no office program has stored them yet.

Only what the forms use: sums, counts, minimum, rounding, a condition, the four operations and comparisons, over cells of the
same sheet. Everything else gives ``None``, as if the cell were empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import Any

from openpyxl.utils import range_boundaries

from budgets.money import round_half_up

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>\"[^\"]*\")|(?P<cell>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)"
    r"|(?P<name>[A-Z]+)(?=\()|(?P<sign><=|>=|<>|[-+*/()=<>,]))"
)
LONGEST = 4_000
DEEPEST = 40


class _Unknown(Exception):
    """The formula is beyond what is worked out."""


class Formulas:
    """Cells of one sheet, with results worked out as they are asked for."""

    def __init__(self, cells: Mapping[tuple[int, int], tuple[Any, str]]) -> None:
        self.cells = cells
        self.known: dict[tuple[int, int], Any] = {}
        self.depth = 0

    def value(self, row: int, column: int) -> Any:
        """What the cell shows; ``None`` when it is empty or cannot be worked out."""
        value, formula = self.cells.get((row, column), (None, ""))
        if not formula or value is not None:
            return value
        key = (row, column)
        if key not in self.known:
            self.known[key] = None  # a circle ends here
            self.depth += 1
            try:
                if self.depth <= DEEPEST and len(formula) <= LONGEST:
                    self.known[key] = _Expression(formula.removeprefix("="), self).result()
            except (_Unknown, DecimalException, RecursionError):
                pass
            finally:
                self.depth -= 1
        return self.known[key]

    def area(self, reference: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(reference.replace("$", ""))
        if (right - left + 1) * (bottom - top + 1) > LONGEST:
            raise _Unknown
        return [
            self.value(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        ]


class _Expression:
    """One formula, read from left to right."""

    def __init__(self, text: str, sheet: Formulas) -> None:
        self.sheet = sheet
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None:
                raise _Unknown
            self.tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
            at = match.end()
        self.at = 0

    def result(self) -> Any:
        found = self._comparison()
        if self.at != len(self.tokens):
            raise _Unknown
        return found

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            raise _Unknown
        self.at += 1

    def _comparison(self) -> Any:
        left = self._sum()
        while self._peek() in ("=", "<", ">", "<=", ">=", "<>"):
            sign = self._peek()
            self.at += 1
            one, other = _number(left), _number(self._sum())
            left = {
                "=": one == other,
                "<>": one != other,
                "<": one < other,
                ">": one > other,
                "<=": one <= other,
                ">=": one >= other,
            }[sign]
        return left

    def _sum(self) -> Any:
        left = self._product()
        while self._peek() in ("+", "-"):
            sign = self._peek()
            self.at += 1
            right = _number(self._product())
            left = _number(left) + (right if sign == "+" else -right)
        return left

    def _product(self) -> Any:
        left = self._atom()
        while self._peek() in ("*", "/"):
            sign = self._peek()
            self.at += 1
            right = _number(self._atom())
            if sign == "/" and not right:
                raise _Unknown
            left = _number(left) * right if sign == "*" else _number(left) / right
        return left

    def _atom(self) -> Any:
        if self.at >= len(self.tokens):
            raise _Unknown
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Decimal(text)
        if kind == "text":
            return text[1:-1]
        if kind == "cell":
            values = self.sheet.area(text)
            return values if ":" in text else values[0]
        if kind == "name":
            return self._call(text)
        if text == "(":
            inner = self._comparison()
            self._take(")")
            return inner
        if text == "-":
            return -_number(self._atom())
        raise _Unknown

    def _call(self, name: str) -> Any:
        self._take("(")
        if name == "IF":
            return self._condition()
        values: list[Any] = []
        arguments: list[Any] = []
        while True:
            found = self._comparison()
            arguments.append(found)
            values += found if isinstance(found, list) else [found]
            if self._peek() != ",":
                break
            self.at += 1
        self._take(")")
        numbers = [_number(value) for value in values if _is_number(value)]
        if name == "COUNT":
            return Decimal(len(numbers))
        if name == "SUM":
            return sum(numbers, Decimal(0))
        if name in ("MIN", "MAX") and numbers:
            return min(numbers) if name == "MIN" else max(numbers)
        if name == "ROUND" and len(arguments) == 2:
            return round_half_up(_number(arguments[0]), Decimal(1).scaleb(-int(_number(arguments[1]))))
        raise _Unknown

    def _condition(self) -> Any:
        """Only the branch that counts is worked out: the other may divide by zero."""
        true = self._comparison()
        self._take(",")
        if true:
            found = self._comparison()
            self._skip()
        else:
            self._skip(stop=",")
            self._take(",")
            found = self._comparison()
        self._take(")")
        return found

    def _skip(self, stop: str = ")") -> None:
        depth = 0
        while self.at < len(self.tokens):
            text = self._peek()
            if depth == 0 and (text == stop or text == ")"):
                return
            depth += {"(": 1, ")": -1}.get(text, 0)
            self.at += 1


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _number(value: Any) -> Decimal:
    if value is None:
        return Decimal(0)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise _Unknown
