"""The chapter of results: indicators under their classes, targets of the chapter of goals, and the unit's own result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.dossier import Indicator
from reports.intake.collected import Collected
from reports.intake.indicator_line import (
    AFTER,
    BEFORE,
    CLAUSE,
    TARGET_WORDS,
    WEIGHT,
    IndicatorLine,
    figures_of,
    name_of,
    read_line,
)
from reports.intake.lexicon import CLASS_LINE, CLASS_SHORT_LINE, CLASSES, class_name, level1_of
from reports.intake.matching import StatedTarget
from reports.intake.sections import ROW_OF_FIGURES, Block, Paragraph, Passage, section_key
from reports.intake.self_assessment import SCORE_MENTIONED, AssessmentReader, is_points

_VERDICT = re.compile(r"^(?:已|未|基本|部分|全部)?完成$")
"""Says only whether the target was met: that is computed, and no evidence."""
_INLINE_CLASS = re.compile(
    rf"(?P<mark>(?:[（(]\d{{1,2}}[）)]|[①-⑳]|(?<![\d.])\d{{1,2}}[.．、](?!\d))|(?<=[。；;]))(?P<name>{CLASSES})(?:类)?(?:指标)?[：:]"
)
_CLASS_TITLE = re.compile(r"(?:类|方面)?(?:目标|指标)?(?:完成|实现)?(?:情况)(?:分析)?$")
_SATISFACTION = re.compile(r"满意[度率](?:达到?了?|为|是|：)?\d+(?:\.\d+)?%")
_SATISFIED = re.compile(r"满意[度率]$")
_STATES_TARGET = re.compile(
    r"(?:目标任务|任务目标|目标|指标值|任务数|任务量|年度任务|计划(?:数|完成)?|预期)(?:值|数)?(?:为|是|：|:)?\s*"
    rf"{BEFORE}*\s*\d|完成.{{0,6}}(?:任务|目标|计划).{{0,12}}\d%"
)
_SECTION_SCORES = re.compile(
    rf"(?:{CLASSES}|预算执行)率?(?:指标)?(?:方面|部分)?[（(：:，]?(?:满分|分值|权重)?\d+(?:\.\d+)?分"
)
_TARGET_NAME = re.compile(r"(?:率|度|数|量|额|次数|人数|时间|成本|比例|面积|里程|金额)$")


class ResultReader:
    """Reads indicators, targets, score and grade of a whole report."""

    def __init__(self, collected: Collected, root: Block) -> None:
        self.collected = collected
        self.root = root
        self.lines: list[Indicator] = []
        self.targets: list[StatedTarget] = []
        self.result = AssessmentReader(collected, root)

    def read(self) -> None:
        for block in self.root.walk():
            key = section_key(block)
            if key == "performance":
                self._indicators(block)
            elif key in ("goals", "goals_overall", "goals_stage", "goals_detail"):
                self._targets(block)
        self.result.read()

    def _indicators(self, block: Block) -> None:
        inherited = _class_of_title(block)
        for paragraph in block.paragraphs:
            if ROW_OF_FIGURES.search(paragraph.text):
                continue
            category, rest = _class_of(paragraph, inherited)
            pieces = list(_pieces(paragraph.text))
            if pieces:
                head = rest if category else paragraph.text
                if head := head[: head.find(pieces[0].text)] if pieces[0].text in head else "":
                    self._line(category or inherited, head, paragraph, block) if figures_of(head) else None
                for piece in pieces:
                    self._line(piece.category, piece.rest, paragraph, block)
            elif category:
                self._line(category, rest, paragraph, block)
            elif (
                inherited
                and paragraph.text
                and (not SCORE_MENTIONED.search(paragraph.text) or _STATES_TARGET.search(paragraph.text))
            ):
                self._line(inherited, paragraph.text, paragraph, block)
        if not inherited:
            self._without_class(block)

    def _without_class(self, block: Block) -> None:
        """Indicators where no class is written: a numbered list that states targets, or sentences that do."""
        free = [paragraph for paragraph in block.paragraphs if not _class_of(paragraph)[0]]
        listed = any(paragraph.mark and _STATES_TARGET.search(paragraph.text) for paragraph in free)
        for paragraph in free:
            if _SECTION_SCORES.search(paragraph.text):
                continue
            if listed and paragraph.mark and not WEIGHT.search(paragraph.text):
                self._line("", paragraph.text, paragraph, block, read_line(paragraph.text))
                continue
            for passage in paragraph.passages:
                parts = [part for part in re.split(r"[；;]", passage.text) if part]
                for part in parts:
                    if not (_STATES_TARGET.search(part) or _SATISFACTION.search(part)):
                        continue
                    lines = [
                        line
                        for line in read_line(part)
                        if line.actual and (line.target or _SATISFIED.search(line.name))
                    ]
                    self._line("", part, Paragraph("", [Passage(part)]), block, lines)

    def _line(
        self,
        category: str,
        rest: str,
        paragraph: Paragraph,
        block: Block,
        found: list[IndicatorLine] | None = None,
    ) -> None:
        if found is None:
            found = read_line(rest)
        for line in found:
            for name in ("weight", "score"):
                if not is_points(getattr(line, name)):
                    setattr(line, name, None)
                    self.collected.ask(block.place, paragraph.text, "分值或得分不像分数，没有读入，请填写")
        for line in found:
            satisfied = "满意度指标" if "满意" in line.name else ""
            self.lines.append(self._indicator(category or satisfied, line, paragraph, block))
        if found:
            for passage in paragraph.passages:
                passage.used = True

    def _indicator(self, category: str, line: IndicatorLine, paragraph: Paragraph, block: Block) -> Indicator:
        key = f"ind-{len(self.lines) + 1}"
        words = f"{paragraph.mark}{paragraph.text}"
        self.collected.saw(f"indicators.{key}.name", block.place, words)
        for name in ("target", "actual"):
            value = getattr(line, name)
            if value is not None:
                self.collected.put(f"indicators.{key}.{name}", value, block.place, words)
        return Indicator(
            key=key,
            level1=level1_of(category),
            level2=category,
            name=line.name,
            target=line.target,
            actual=line.actual,
            weight=line.weight,
            self_score=line.score,
            formula=line.formula,
            evidence="，".join(note for note in line.notes if not _VERDICT.match(note)),
        )

    def _targets(self, block: Block) -> None:
        inherited = _class_of_title(block)
        for paragraph in block.paragraphs:
            category, rest = _class_of(paragraph)
            if category or inherited:
                for line in read_line(rest if category else paragraph.text):
                    self._target(
                        line.name, line.target or line.actual, category or inherited, paragraph.text, block
                    )
                continue
            for passage in paragraph.passages:
                self._targets_in_prose(passage, block)

    def _targets_in_prose(self, passage: Passage, block: Block) -> None:
        """«服务对象满意度达到95%以上» in a sentence about the goals."""
        for clause in CLAUSE.split(passage.text):
            start = 0
            for figure in figures_of(clause):
                name = name_of(TARGET_WORDS.sub("", clause[start : figure.start]))
                start = figure.end
                compared = re.search(BEFORE, figure.shown) or re.search(AFTER, figure.shown)
                if 2 <= len(name) <= 30 and figure.number is not None:
                    weak = not (compared or _TARGET_NAME.search(name))
                    self._target(name, figure.shown, "", clause, block, weak)

    def _target(
        self, name: str, target: str | None, category: str, words: str, block: Block, weak: bool = False
    ) -> None:
        if target is not None and all(one.name != name for one in self.targets):
            self.targets.append(StatedTarget(name, target, category, block.place, words, weak))

    def states_targets(self) -> bool:
        """Whether the text gives any target value."""
        return any(not one.weak for one in self.targets) or any(
            line.target is not None for line in self.lines
        )


def _class_of(paragraph: Paragraph, inherited: str = "") -> tuple[str, str]:
    """Class of a line and what follows it; empty when the line begins with none."""
    match = CLASS_LINE.match(paragraph.text) or (
        CLASS_SHORT_LINE.match(paragraph.text) if paragraph.mark or inherited else None
    )
    return (class_name(match["name"]), paragraph.text[match.end() :]) if match else ("", "")


@dataclass(frozen=True)
class _Piece:
    """One class among several of one paragraph: «（1）数量指标：…（2）质量指标：…»."""

    text: str
    category: str
    rest: str


def _pieces(text: str) -> Iterator[_Piece]:
    cuts = list(_INLINE_CLASS.finditer(text))
    if len(cuts) + bool(CLASS_LINE.match(text)) < 2 and not (cuts and cuts[0]["mark"]):
        return
    ends = [cut.start() for cut in cuts[1:]] + [len(text)]
    for match, end in zip(cuts, ends, strict=True):
        yield _Piece(text[match.start() : end], class_name(match["name"]), text[match.end() : end])


def names_class(title: str) -> str:
    """Class that a heading names (``质量指标完成情况``); empty when it names none."""
    plain = "" if title.startswith(("投入", "过程", "管理")) else _CLASS_TITLE.sub("", title)
    match = (
        CLASS_LINE.match(title)
        or CLASS_SHORT_LINE.match(f"{title}：")
        or CLASS_SHORT_LINE.match(f"{plain}：")
    )
    return class_name(match["name"]) if match else ""


def _class_of_title(block: Block | None) -> str:
    """Class that the nearest heading above the lines names."""
    while block is not None and block.title:
        if found := names_class(block.title):
            return found
        block = block.parent
    return ""
