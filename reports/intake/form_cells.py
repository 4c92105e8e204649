"""Values of a form's cells: amounts in the unit of the table, counts, areas and points; what is none is asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgets.money import AmountError, parse_number, parse_wan, plain, round_half_up, to_yuan
from reports.intake.collected import Collected
from reports.intake.form_words import BLANKS, MOST_POINTS, NOT_APPLICABLE, UNIT_IN_HEAD, UNIT_ROW, UNITS
from reports.intake.source import GridCell
from reports.intake.wording import fold, tidy

_SHARE = re.compile(r"(?P<number>\d{1,3}(?:\.\d+)?)%")


@dataclass
class CellReader:
    """Reads single cells under the unit that was stated last."""

    collected: Collected
    factor: Decimal = UNITS["万元"]
    unit_stated: bool = False

    def unit(self, row: Sequence[GridCell]) -> None:
        """Take over the unit that a row states."""
        for cell in row:
            if match := UNIT_ROW.search(cell.text) or UNIT_IN_HEAD.search(cell.text):
                self.factor, self.unit_stated = UNITS[match["unit"]], True
                return

    def amount(self, cell: GridCell) -> Decimal | None:
        """Amount of a cell in 元; ``None`` when it is blank or (with a question) not understood."""
        text = tidy(fold(cell.text)).replace("\n", "")
        if text in BLANKS:
            return None
        try:
            if cell.number is not None:
                return to_yuan(cell.number, self.factor)
            if self.factor == UNITS["万元"] or re.search(r"[亿万元]", text):
                return parse_wan(text)
            return to_yuan(parse_number(text), self.factor)
        except AmountError:
            self.collected.ask(cell.place, text, f"“{text}”不是金额，没有读入，请填写")
            return None

    def number(self, cell: GridCell) -> Decimal | None:
        """A plain number; ``None`` for a blank, and for words, which are asked about."""
        text = tidy(fold(cell.text)).replace("\n", "").removesuffix("分").removesuffix("人")
        if text in BLANKS or text == NOT_APPLICABLE:
            return None
        try:
            number = cell.number if cell.number is not None else parse_number(text)
        except AmountError:
            self.collected.ask(cell.place, text, f"“{text}”不是数字，没有读入，请填写")
            return None
        return number

    def area(self, cell: GridCell) -> Decimal | None:
        """An area, without the zeros that only paper shows."""
        number = self.number(cell)
        return None if number is None else Decimal(plain(number))

    def points(self, cell: GridCell) -> Decimal | None:
        """分值 or 得分, rounded to two places; ``10%`` is ten points of a hundred."""
        if share := _SHARE.fullmatch(tidy(fold(cell.text))):
            return self.points(GridCell(share["number"], cell.place))  # 10% of a hundred points
        number = self.number(cell)
        if number is not None and abs(number) > MOST_POINTS:
            self.collected.ask(cell.place, tidy(fold(cell.text)), "分值或得分不像分数，没有读入，请填写")
            return None
        return None if number is None else round_half_up(number)
