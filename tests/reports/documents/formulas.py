"""A very small evaluator of our own workbook formulas: sums, counts, ranks, IF, ROUND, comparison and arithmetic."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

_TOKENS = re.compile(
    r'\s*(?:(?P<text>"[^"]*")|(?P<number>\d+(?:\.\d+)?)|(?P<range>[A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?)'
    r"|(?P<name>[A-Z]+)(?=\()|(?P<sign><=|>=|<>|[-+*/(),=<>]))"
)


class Sheet:
    """Values of one sheet as a spreadsheet program would calculate them."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.known: dict[str, Any] = {}

    def value(self, place: str) -> Any:
        """Number, text or ``None`` of a cell."""
        if place not in self.known:
            stated = self.sheet[place].value
            if isinstance(stated, str) and self.sheet[place].data_type == "f":
                stated = _Parser(self, stated[1:]).parse()
            elif isinstance(stated, int | float) and not isinstance(stated, bool):
                stated = Decimal(str(stated))
            self.known[place] = stated
        return self.known[place]

    def cells(self, area: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(area)
        return [
            self.value(self.sheet.cell(row, column).coordinate)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]


class _Parser:
    def __init__(self, sheet: Sheet, formula: str) -> None:
        self.sheet = sheet
        self.tokens = [(match.lastgroup, match[match.lastgroup]) for match in _TOKENS.finditer(formula)]
        assert "".join(text for _, text in self.tokens) == formula.replace(" ", ""), formula
        self.at = 0

    def parse(self) -> Any:
        return _single(self.comparison())

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *signs: str) -> str:
        if self.peek() in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def comparison(self) -> Any:
        left = self.sum()
        if sign := self.take("=", "<", ">", "<=", ">=", "<>"):
            a, b = _single(left), _single(self.sum())
            return {"=": a == b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "<>": a != b}[sign]
        return left

    def sum(self) -> Any:
        left = self.product()
        while sign := self.take("+", "-"):
            right = _number(self.product())
            left = _number(left) + right if sign == "+" else _number(left) - right
        return left

    def product(self) -> Any:
        left = self.atom()
        while sign := self.take("*", "/"):
            right = _number(self.atom())
            left = _number(left) * right if sign == "*" else _number(left) / right
        return left

    def atom(self) -> Any:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return Decimal(text)
        if kind == "range":
            return self.sheet.cells(text)
        if text == "(":
            inner = self.comparison()
            assert self.take(")")
            return inner
        assert kind == "name", text
        return self.call(text)

    def call(self, name: str) -> Any:
        assert self.take("(")
        if name == "IF":
            return self.choice()
        arguments = [self.comparison()]
        while self.take(","):
            arguments.append(self.comparison())
        assert self.take(")")
        if name in ("RANK", "COUNTIF", "SUMIF"):
            return self.over_area(name, arguments)
        flat = [item for one in arguments for item in (one if isinstance(one, list) else [one])]
        numbers = [item for item in flat if isinstance(item, Decimal)]
        if name == "ROUND":
            value, digits = map(_number, arguments)
            return value.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
        return {
            "SUM": lambda: sum(numbers, Decimal(0)),
            "COUNT": lambda: Decimal(len(numbers)),
            "COUNTA": lambda: Decimal(sum(item is not None for item in flat)),
            "AVERAGE": lambda: sum(numbers, Decimal(0)) / len(numbers),
            "MIN": lambda: min(numbers),
            "MAX": lambda: max(numbers),
        }[name]()

    def over_area(self, name: str, arguments: list[Any]) -> Decimal:
        if name == "RANK":
            value, area = _number(arguments[0]), arguments[1]
            return Decimal(1 + sum(isinstance(item, Decimal) and item > value for item in area))
        area, wanted = arguments[0], _single(arguments[1])
        fits = [item is not None if wanted == "<>" else item == wanted for item in area]
        if name == "COUNTIF":
            return Decimal(sum(fits))
        return sum(
            (item for item, fit in zip(arguments[2], fits, strict=True) if fit and isinstance(item, Decimal)),
            Decimal(0),
        )

    def choice(self) -> Any:
        """Only the chosen branch is calculated: the other one may divide by zero."""
        condition = self.comparison()
        assert self.take(",")
        branches = []
        for end in (",", ")"):
            start = self.at
            branches.append(start)
            self.skip()
            assert self.take(end)
        after = self.at
        self.at = branches[0] if condition else branches[1]
        found = self.comparison()
        self.at = after
        return found

    def skip(self) -> None:
        depth = 0
        while self.at < len(self.tokens):
            text = self.tokens[self.at][1]
            if depth == 0 and text in (",", ")"):
                return
            depth += (text == "(") - (text == ")")
            self.at += 1


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _number(value: Any) -> Decimal:
    value = _single(value)
    return Decimal(0) if value is None else value
