"""Indicators, targets, score and grade in the sentences of a report.

A line of a class («数量指标：…») holds one indicator or several. A rate whose inputs stand before it is one
indicator with a formula; a line without any figure is one qualitative indicator that keeps its words as its
name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.money import HUNDRED, round_half_up
from indicators.dossier import Indicator, SelfAssessment
from indicators.values import KNOWN, chinese_number
from reports.intake.amounts import NUMBER
from reports.intake.collected import Collected
from reports.intake.finance import section_key
from reports.intake.lexicon import CLASS_LINE, CLASS_SHORT_LINE, class_name, level1_of
from reports.intake.matching import StatedTarget
from reports.intake.sections import Block, Paragraph, Passage

_UNITS = "|".join(re.escape(unit) for unit in sorted({*KNOWN, "%", "％"}, key=len, reverse=True))
_BEFORE = (
    r"(?:约|近|[大小]于等于|不[低少高大小]于|不超过|[大小低高]于|超过|控制在|[≥≤≧≦]|[><＞＜]?[=＝]|[><＞＜])"
)
_AFTER = r"(?:及以上|及以下|以上|以下|以内|之内|左右)"
_FIGURE = re.compile(
    rf"(?P<verb>(?:达到了?|达|为|是|完成了?|实现了?|共计|共)?)(?P<before>{_BEFORE}*)\s*(?P<number>(?<![\d.]){NUMBER})\s*(?P<unit>[万亿]?(?:{_UNITS}))(?P<after>{_AFTER}?)"
)
_VERDICT = re.compile(r"^(?:已|未|基本|部分|全部)?完成$")
"""Says only whether the target was met: that is computed, and no evidence."""
_CLAUSE = re.compile(r"[，；;。,]")
_WEIGHT = re.compile(
    r"(?:分值|权重|满分|标准分)(?:为|是|：|:)?(?P<points>\d+(?:\.\d+)?)分?|[（(](?P<bracket>\d+(?:\.\d+)?)分[）)]"
)
_SCORE = re.compile(r"(?:自评得分|自评|得分|实得|评分|得|计)(?:为|是|：|:)?(?P<points>\d+(?:\.\d+)?)分")
_TARGET_WORDS = re.compile(
    r"(?:年度|年初|绩效|计划|预期)?(?:目标值?|指标值|计划(?:数|完成)?|预期值?)(?:为|是|：|:)?"
)
_ACTUAL_WORDS = re.compile(
    r"(?:全年|本年|年度)?(?:实际(?:完成值?|值|达到|为)?|完成值|已?完成|现已完成)(?:为|是|：|:)?"
)
_NAME_START = re.compile(
    r"^(?:其中|各项|本年度?|全年|年度|今年|20\d\d年度?|共|实际|已|一是|二是|三是|和|及|我?(?:单位|中心|局|部门)(?=\S{4}))+"
)
_NAME_END = re.compile(r"(?:达到了?|达|为|是|约|共计|共|完成率?为|均|已|在|：|:)+$")
_VERB_DONE = re.compile(r"^([\u4e00-\u9fff]{2})了(?=[\u4e00-\u9fff]{2})")

_SCORES = (
    re.compile(
        r"自评(?:综合|最终|总)?(?:得分|总分|评分|分数|分)(?:数|值)?(?:总计|合计|共计|为|是|共|：|:|达到?)*(?P<points>\d+(?:\.\d+)?|[一二三四五六七八九十百零点]+)分"
    ),
    re.compile(
        r"(?:综合|评价|最终|绩效|总体|整体)(?:评价|自评)?(?:得分|评分|总分)(?:总计|合计|为|是|共|：|:)*(?P<points>\d+(?:\.\d+)?|[一二三四五六七八九十百零点]+)分"
    ),
    re.compile(r"(?:自评|自我评价|评价)(?:结果)?(?:为|是|：)?(?P<points>\d+(?:\.\d+)?)分"),
    re.compile(r"(?<!每项)(?:总得分|得分|实得分?)(?:总计|合计|为|是|共|：|:)*(?P<points>\d+(?:\.\d+)?)分"),
)
_GRADE = re.compile(
    r"(?:(?:自评|评价|自我评价|绩效|综合)?(?:结论|等级|等次|结果|级别)|评定|评为|评级|自评)(?:等级|等次)?(?:评定|确定)?(?:为|是|：|:)?[“\"'‘「【]?(?P<grade>优秀|优|良好|良|中等|中|合格|不合格|较差|差)[”\"'’」】]?(?=$|[，。；、！（()）\s”\"]|等次|等级|级)"
)
_SCORE_FILLING = re.compile(
    r"[，。；“”\"、\s]|本?我?(?:单位|部门|中心|机关|局)|经?(?:自评|综合评价|自我评价|评价)|20\d\d年度?|部门|整体支出|绩效|综上所述?"
)
_SCORE_MENTIONED = re.compile(r"自评.{0,4}分|得分")
_TARGET_NAME = re.compile(r"(?:率|度|数|量|额|次数|人数|时间|成本|比例|面积|里程|金额)$")


@dataclass
class _Line:
    """One indicator while its clauses are read."""

    name: str
    target: str | None = None
    actual: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None
    formula: str = ""
    notes: list[str] = field(default_factory=list)
    number: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class _Figure:
    shown: str
    number: Decimal
    unit: str
    start: int
    end: int


def _figures(clause: str) -> list[_Figure]:
    found = []
    for match in _FIGURE.finditer(clause):
        before = "" if match["before"] == "控制在" and match["after"] else match["before"]
        shown = f"{before}{match['number']}{match['unit']}{match['after']}"
        number = Decimal(match["number"].replace(",", ""))
        found.append(_Figure(shown, number, match["unit"], match.start(), match.end()))
    return found


# ------------------------------------------------------------------ one line of a class


def read_line(text: str) -> list[_Line]:
    """Indicators of the words behind «数量指标：»."""
    clauses = [clause.strip() for clause in _CLAUSE.split(_outside_brackets(text)) if clause.strip()]
    clauses = [clause.replace("\u0001", "，") for clause in clauses]
    if not any(_figures(clause) for clause in clauses):
        return [_Line(name=_name(text))] if _name(text) else []
    lines: list[_Line] = []
    waiting: list[str] = []
    for clause in clauses:
        figures = _figures(clause)
        if not figures and not _WEIGHT.search(clause):
            (lines[-1].notes if lines else waiting).append(clause)
            continue
        _clause(clause, figures, lines, waiting)
    if waiting and lines:
        lines[0].notes[:0] = waiting
    return _join_inputs(lines)


def _outside_brackets(text: str) -> str:
    """Commas inside brackets do not separate clauses."""
    return re.sub(r"[（(][^（()）]*[）)]", lambda match: re.sub(r"[，；;,]", "\u0001", match.group()), text)


def _clause(clause: str, figures: list[_Figure], lines: list[_Line], waiting: list[str]) -> None:
    """One clause with figures: a new indicator, or target, actual, weight or score of the one before."""
    if match := _WEIGHT.search(clause):
        weight, rest = (
            Decimal(match["points"] or match["bracket"]),
            clause[: match.start()] + clause[match.end() :],
        )
        if lines and not _figures(rest) and len(_name(rest)) < 2:
            lines[-1].weight = weight
            return
        _clause(rest, _figures(rest), lines, waiting) if _figures(rest) else lines.append(
            _Line(name=_name(rest))
        )
        if lines:
            lines[-1].weight = weight
        return
    if lines and (match := _SCORE.search(clause)) and not _name(clause[: match.start()]):
        lines[-1].score = Decimal(match["points"])
        return
    for position, figure in enumerate(figures):
        start = figures[position - 1].end if position else 0
        _figure(clause[start : figure.start], clause[figure.end :], figure, lines, waiting)


def _figure(label: str, behind: str, figure: _Figure, lines: list[_Line], waiting: list[str]) -> None:
    is_target = bool(_TARGET_WORDS.search(label))
    is_actual = bool(_ACTUAL_WORDS.search(label))
    name = (
        _name(_ACTUAL_WORDS.sub("", _TARGET_WORDS.sub("", label))) if is_target or is_actual else _name(label)
    )
    if not name and (is_target or is_actual) and lines and not waiting:
        if is_target:
            lines[-1].target = lines[-1].target or figure.shown
        else:
            lines[-1].actual = lines[-1].actual or figure.shown
        return
    if not name and waiting:
        name = _name(waiting.pop())
    if not name:
        name = _name(behind)
    if not name:
        if lines:
            lines[-1].notes.append(f"{label}{figure.shown}")
        return
    line = _Line(name=name, number=figure.number, unit=figure.unit)
    if is_target and not is_actual:
        line.target = figure.shown
    else:
        line.actual = figure.shown
    lines.append(line)


def _name(words: str) -> str:
    """Words of a clause as an indicator's name: ``各项资金到位率达到`` → ``资金到位率``."""
    name = _NAME_END.sub("", _NAME_START.sub("", words.strip("，。；：:;、,（()）“” ")))
    return _VERB_DONE.sub(r"\1", name).strip("，。；：:;、, ")


def _join_inputs(lines: list[_Line]) -> list[_Line]:
    """«编制数11人，在职人员数7人，在职人员控制率约63.64%» is one indicator: two counts and their rate."""
    if len(lines) != 3 or lines[2].unit not in ("%", "％") or not lines[2].name.endswith("率"):
        return lines
    first, second, rate = lines
    if first.unit != second.unit or first.unit in ("%", "％"):
        return lines
    stated = rate.number or Decimal(0)
    pairs = [(second, first), (first, second)]
    fitting = next((pair for pair in pairs if _is_rate_of(*pair, stated)), None)
    if fitting is None and not any(_shares_word(line.name, rate.name) for line in (first, second)):
        return lines
    if fitting is not None:
        rate.formula = f"{fitting[0].name}/{fitting[1].name}"
    inputs = [f"{line.name}{line.actual or line.target}" for line in (first, second)]
    rate.notes = [*first.notes, *inputs, *rate.notes]
    return [rate]


def _is_rate_of(part: _Line, whole: _Line, stated: Decimal) -> bool:
    if not whole.number or part.number is None:
        return False
    return abs(round_half_up(part.number / whole.number * HUNDRED) - stated) <= Decimal("0.05")


def _shares_word(name: str, rate: str) -> bool:
    stem = rate.removesuffix("率")
    return any(stem[start : start + 3] in name for start in range(len(stem) - 2))


# ------------------------------------------------------------------ the chapter of results


class ResultReader:
    """Reads indicators, targets, score and grade of a whole report."""

    def __init__(self, collected: Collected, root: Block) -> None:
        self.collected = collected
        self.root = root
        self.lines: list[Indicator] = []
        self.targets: list[StatedTarget] = []

    def read(self) -> None:
        for block in self.root.walk():
            key = section_key(block)
            if key == "performance":
                self._indicators(block)
            elif key in ("goals", "goals_overall", "goals_stage", "goals_detail"):
                self._targets(block)
        self._assessment()

    def _indicators(self, block: Block) -> None:
        inherited = _class_of_title(block)
        for paragraph in block.paragraphs:
            category, rest = _class_of(paragraph)
            if category:
                self._line(category, rest, paragraph, block)
            elif inherited and paragraph.text and not _SCORE_MENTIONED.search(paragraph.text):
                self._line(inherited, paragraph.text, paragraph, block)

    def _line(self, category: str, rest: str, paragraph: Paragraph, block: Block) -> None:
        found = read_line(rest)
        for line in found:
            for name in ("weight", "score"):
                if not _is_points(getattr(line, name)):
                    setattr(line, name, None)
                    self.collected.ask(block.place, paragraph.text, "分值或得分不像分数，没有读入，请填写")
        for line in found:
            self.lines.append(self._indicator(category, line, paragraph, block))
        if found:
            for passage in paragraph.passages:
                passage.used = True

    def _indicator(self, category: str, line: _Line, paragraph: Paragraph, block: Block) -> Indicator:
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

    # -------------------------------------------------------------- targets

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
        for clause in _CLAUSE.split(passage.text):
            start = 0
            for figure in _figures(clause):
                name = _name(_TARGET_WORDS.sub("", clause[start : figure.start]))
                start = figure.end
                compared = re.search(_BEFORE, figure.shown) or re.search(_AFTER, figure.shown)
                if 2 <= len(name) <= 30 and (compared or _TARGET_NAME.search(name)):
                    self._target(name, figure.shown, "", clause, block)

    def _target(self, name: str, target: str | None, category: str, words: str, block: Block) -> None:
        if target is not None and all(one.name != name for one in self.targets):
            self.targets.append(StatedTarget(name, target, category, block.place, words))

    # -------------------------------------------------------------- score and grade

    def _assessment(self) -> None:
        blocks = sorted(self.root.walk(), key=lambda block: section_key(block) != "performance")
        for pattern in _SCORES:
            if any(self._score(pattern, passage, block) for block in blocks for passage in block.passages()):
                break
        for block in blocks:
            for passage in block.passages():
                match = _GRADE.search(passage.text)
                if match and "assessment.grade" not in self.collected.values:
                    self.collected.put("assessment.grade", match["grade"], block.place, match.group())
        self._consume()

    def _score(self, pattern: re.Pattern[str], passage: Passage, block: Block) -> bool:
        match = pattern.search(passage.text)
        if match is None:
            return False
        points = match["points"]
        value = Decimal(points) if points[0].isdigit() else chinese_number(points)
        if value is None or not _is_points(value):
            self.collected.ask(block.place, match.group(), "自评得分没有读懂，请填写")
            return False
        self.collected.put("assessment.score", value, block.place, match.group())
        return True

    def _consume(self) -> None:
        """The sentence that says nothing but score and grade need not be told again."""
        taken = [one.words for one in self.collected.origins if one.where.startswith("assessment.")]
        for block in self.root.walk():
            for passage in block.passages():
                left = passage.text
                for words in taken:
                    left = left.replace(words, "")
                if left != passage.text and len(_SCORE_FILLING.sub("", left)) <= 2:
                    passage.used = True

    def states_targets(self) -> bool:
        """Whether the text gives any target value."""
        return bool(self.targets) or any(line.target is not None for line in self.lines)

    def assessment(self) -> SelfAssessment:
        """What the unit claims of its own result."""
        score, grade = self.collected.get("assessment.score"), self.collected.get("assessment.grade")
        return SelfAssessment(score=score if isinstance(score, Decimal) else None, grade=str(grade or ""))

    def score_mentioned(self) -> bool:
        """Whether the text speaks of a score at all."""
        return any(
            _SCORE_MENTIONED.search(passage.text)
            for block in self.root.walk()
            for passage in block.passages()
        )


def _class_of(paragraph: Paragraph) -> tuple[str, str]:
    """Class of a line and what follows it; empty when the line begins with none."""
    match = CLASS_LINE.match(paragraph.text) or (
        CLASS_SHORT_LINE.match(paragraph.text) if paragraph.mark else None
    )
    return (class_name(match["name"]), paragraph.text[match.end() :]) if match else ("", "")


def _is_points(value: Decimal | None) -> bool:
    """Whether a number can be points: at most 1000, at most two decimals."""
    return value is None or (value <= 1000 and value == round_half_up(value))


def names_class(title: str) -> str:
    """Class that a heading names (``质量指标完成情况``); empty when it names none."""
    match = CLASS_LINE.match(title) or CLASS_SHORT_LINE.match(f"{title}：")
    return class_name(match["name"]) if match else ""


def _class_of_title(block: Block | None) -> str:
    """Class that the nearest heading above the lines names."""
    while block is not None and block.title:
        if found := names_class(block.title):
            return found
        block = block.parent
    return ""
