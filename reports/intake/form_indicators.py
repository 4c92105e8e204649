"""Rows of goals and indicators in a 自评表, and its total."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.dossier import Goal, Indicator
from reports.intake.collected import Collected
from reports.intake.form_cells import CellReader
from reports.intake.form_state import FormState
from reports.intake.form_words import NOT_APPLICABLE, words_of
from reports.intake.lexicon import EXECUTION, class_name, level1_of
from reports.intake.source import GridCell
from reports.intake.wording import bare, fold, tidy

_DEVIATION = re.compile(r"偏差原因[：:](?P<reason>.*?)(?=\n?改进措施[：:]|$)", re.S)
_IMPROVEMENT = re.compile(r"改进措施[：:](?P<text>.*)$", re.S)
FULL = 100
"""What the weights add up to."""


@dataclass
class IndicatorRows:
    """Reads the rows of the sheet that is open."""

    collected: Collected
    cells: CellReader
    state: FormState

    def goal(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """One 年度总体目标 with what became of it."""
        values = {
            name: words_of(row[index].text)
            for index, name in self.state.columns.items()
            if index < len(row) and row[index].first
        }
        if not any(values.values()):
            return True
        where = f"{self.state.prefix}goals.{len(self.state.sheet.goals)}"
        for index, name in self.state.columns.items():
            if values.get(name):
                self.collected.saw(f"{where}.{name}", row[index].place, values[name])
        self.state.sheet.goals.append(Goal(**values))
        return True

    def _execution(self, cells: Mapping[str, GridCell]) -> bool:
        """The row 预算执行率 among indicators without classes: the result's own part, and no indicator."""
        weight = self.cells.points(cells["weight"]) if "weight" in cells else None
        if weight is None or self.state.sheet.execution:
            return False
        self.state.sheet.execution["weight"] = weight
        if "self_score" in cells and (points := self.cells.points(cells["self_score"])) is not None:
            self.state.sheet.execution["score"] = points
        self.collected.saw(
            f"{self.state.prefix}assessment.execution_weight", cells["weight"].place, tidy(cells["name"].text)
        )
        return True

    def indicator(self, row: Sequence[GridCell], labels: Sequence[str]) -> bool:
        """One indicator under its classes; an empty class cell is that of the row above."""
        if max(self.state.columns) >= len(row):
            return False
        texts = {name: words_of(row[index].text) for index, name in self.state.columns.items()}
        cells = {name: row[index] for index, name in self.state.columns.items()}
        lines = self.state.sheet.lines
        name = texts["name"].replace("\n", "")
        if not name:
            return not any(
                texts.get(key) for key in ("target", "actual", "weight", "self_score", "deviation")
            )
        previous = lines[-1] if lines else None
        self.state.merged |= any(not cells[level].first for level in ("level1", "level2") if level in cells)
        self._name_classes(texts)
        level1 = texts.get("level1", "").replace("\n", "") or (previous.level1 if previous else "")
        level2 = texts.get("level2", "").replace("\n", "") or (previous.level2 if previous else "")
        level2 = class_name(level2) if level2 else level2
        if not (level1 or level2) and EXECUTION.match(bare(name)) and self._execution(cells):
            return True
        actual = texts.get("actual", "")
        skipped = actual == NOT_APPLICABLE
        reason, improvement = _deviation(texts.get("deviation", ""))
        key = f"ind-{len(lines) + 1}"
        where = f"{self.state.prefix}indicators.{key}"
        line = Indicator(
            key=key,
            level1=class_name(level1) if level1 else level1_of(level2),
            level2=level2,
            name=name,
            target=texts.get("target", "").replace("\n", "") or None,
            actual=None if skipped or not actual else actual.replace("\n", ""),
            weight=self.cells.points(cells["weight"]) if "weight" in cells else None,
            self_score=self.cells.points(cells["self_score"])
            if "self_score" in cells and not skipped
            else None,
            not_applicable=skipped,
            not_applicable_reason=texts.get("deviation", "") if skipped else "",
            formula=texts.get("formula", ""),
            core=texts.get("core", "") in ("是", "√"),
            deviation_reason="" if skipped else reason,
            improvement="" if skipped else improvement,
        )
        for column in ("name", "target", "actual", "weight", "self_score"):
            if texts.get(column):
                self.collected.saw(f"{where}.{column}", cells[column].place, texts[column])
        lines.append(line)
        return True

    def _name_classes(self, texts: dict[str, str]) -> None:
        """A merged class cell over two pages of a PDF has its words on one of them; the rows on the other have none."""
        lines = self.state.sheet.lines
        for level in ("level1", "level2"):
            words = texts.get(level, "").replace("\n", "")
            waiting = self.state.nameless.setdefault(level, [])
            if not words:
                waiting.append(len(lines))
                continue
            if self.state.fresh and self.state.merged:
                for index in waiting:
                    lines[index] = lines[index].model_copy(update={level: class_name(words)})
            waiting.clear()
        self.state.fresh = False

    def total(self, row: Sequence[GridCell]) -> bool:
        """总分: weight, score and grade."""
        numbers = []
        for cell in row[1:]:
            text = tidy(fold(cell.text))
            if grade := re.search(r"(优秀|优|良好|良|中|差)$", text):
                self.state.sheet.grade = grade.group(1)
                self.collected.saw(f"{self.state.prefix}assessment.grade", cell.place, text)
            elif (number := self.cells.points(cell)) is not None:
                numbers.append((number, cell))
        if numbers and (len(numbers) > 1 or self.state.mode != "indicators"):
            self.state.sheet.score, cell = numbers[-1]
            self.collected.saw(f"{self.state.prefix}assessment.score", cell.place, f"总分：{tidy(cell.text)}")
        elif numbers and numbers[0][0] != FULL:  # a lone number that is no weight: whose it is cannot be told
            cell = numbers[0][1]
            self.collected.leave(cell.place, f"总分：{tidy(cell.text)}")
        self.state.mode = ""
        return True


def _deviation(text: str) -> tuple[str, str]:
    """偏差原因 and 改进措施 of one cell."""
    reason, improvement = _DEVIATION.search(text), _IMPROVEMENT.search(text)
    if reason is None and improvement is None:
        return text.rstrip("。"), ""
    return (
        reason["reason"].strip().rstrip("。") if reason else "",
        improvement["text"].strip().rstrip("。") if improvement else "",
    )
