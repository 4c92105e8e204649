"""The unit's own result in the sentences of a report: score, grade, and the points of 预算执行率."""

from __future__ import annotations

import re
from decimal import Decimal

from budgets.money import round_half_up
from indicators.dossier import SelfAssessment
from indicators.values import chinese_number
from reports.intake.collected import Collected
from reports.intake.sections import Block, Passage, section_key

_SCORES = (
    re.compile(
        r"自评(?:综合|最终|总)?(?:得分|总分|评分|分数|分)(?:数|值)?(?:总计|合计|共计|为|是|共|：|:|达到?)*(?P<points>\d+(?:\.\d+)?|[一二三四五六七八九十百零点]+)分"
    ),
    re.compile(
        r"(?:综合|评价|最终|绩效|总体|整体)(?:评价|自评)?(?:得分|评分|总分)(?:总计|合计|为|是|共|：|:)*(?P<points>\d+(?:\.\d+)?|[一二三四五六七八九十百零点]+)分"
    ),
    re.compile(r"(?<!分[，,）、])(?:自评|自我评价|评价)(?:结果)?(?:为|是|：)?(?P<points>\d+(?:\.\d+)?)分"),
    re.compile(
        r"(?:^|(?<=[，。；、：:]))(?:20\d\d年度?|我?本?(?:单位|部门|局|中心|院|校|街道|镇|乡)|经|自评|综合|最终|最后|本次|此次|自我|评价|评分|评定|部门|整体支出|绩效|的)*"
        r"(?:总得分|得分|实得分?|共得分?|合计得分?|总计得分?|总评得分?|总分得分?)(?:总计|合计|为|是|共|：|:)*(?P<points>\d+(?:\.\d+)?)分"
    ),
    re.compile(
        r"(?:合计|总计|共计|总共|累计)(?:自评|实际)?(?:得分?|计分)(?:为|是|：|:)*(?P<points>\d+(?:\.\d+)?)分"
    ),
    re.compile(
        r"(?:^|(?<=[，。；：:]))(?:(?:自评|最终|综合)?总分|合计|总计|共计)(?:为|是|：|:)*(?P<points>\d+(?:\.\d+)?)分(?=[，,](?:自评|评价|绩效)?(?:等级|等次|结果|结论|评为|评定))"
    ),
    re.compile(r"得\d+(?:\.\d+)?分[^。]{0,80}，总分(?:为|是|：|:)*(?P<points>\d+(?:\.\d+)?)分(?=[。，；]|$)"),
)
_GRADE_BEHIND = re.compile(
    r"(?:自评|得分|总分|计|得)(?:为|是|：|:)?\d+(?:\.\d+)?分[，,、](?:评价|自评)?(?:为|是)?[“\"]?(?P<grade>优秀|优|良好|良|中等|中|合格|不合格|较差|差)[”\"]?(?=$|[。，；])"
)
_EXECUTION_SCORE = re.compile(
    r"预算执行率?(?:情况|指标)?[（(]?(?:满分|分值|权重)?(?:为|是|：|:)?(?P<weight>\d+(?:\.\d+)?)分?[）)]?[，,]?(?:(?:自评|实际)(?:实?得分?)?|实?得分?)(?:为|是|：|:)?"
    r"(?P<score>\d+(?:\.\d+)?)(?:分|(?=[，。；]|$))"
)
_GRADE = re.compile(
    r"(?:(?:自评|评价|自我评价|绩效|综合)?(?:结论|等级|等次|结果|级别)|评定|评为|评级|自评)(?:等级|等次)?(?:评定|确定)?(?:为|是|：|:)?[“\"'‘「【]?(?P<grade>优秀|优|良好|良|中等|中|合格|不合格|较差|差)[”\"'’」】]?(?=$|[，。；、！（()）\s”\"]|等次|等级|级)"
)
_SCORE_FILLING = re.compile(
    r"[，。；“”\"、\s]|本?我?(?:单位|部门|中心|机关|局)|经?(?:自评|综合评价|自我评价|评价)|20\d\d年度?|部门|整体支出|绩效|综上所述?"
)
SCORE_MENTIONED = re.compile(r"自评.{0,4}分|得分")


class AssessmentReader:
    """Reads score and grade of a whole report."""

    def __init__(self, collected: Collected, root: Block) -> None:
        self.collected = collected
        self.root = root

    def read(self) -> None:
        """Score and grade, from the chapter of results before any other."""
        blocks = sorted(self.root.walk(), key=lambda block: section_key(block) != "performance")
        for pattern in _SCORES:
            if any(self._score(pattern, passage, block) for block in blocks for passage in block.passages()):
                break
        for block in blocks:
            for passage in block.passages():
                if section_key(block) == "performance":
                    self._execution(passage, block)
                match = _GRADE.search(passage.text) or _GRADE_BEHIND.search(passage.text)
                if match and "assessment.grade" not in self.collected.values:
                    self.collected.put("assessment.grade", match["grade"], block.place, match.group())
        self._consume()

    def _execution(self, passage: Passage, block: Block) -> None:
        """«预算执行10分，得9.81分»."""
        if match := _EXECUTION_SCORE.search(passage.text):
            for name in ("weight", "score"):
                value = Decimal(match[name])
                if is_points(value):
                    self.collected.put(f"assessment.execution_{name}", value, block.place, match.group())

    def _score(self, pattern: re.Pattern[str], passage: Passage, block: Block) -> bool:
        match = pattern.search(passage.text)
        if match is None:
            return False
        points = match["points"]
        value = Decimal(points) if points[0].isdigit() else chinese_number(points)
        if value is None or not is_points(value):
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

    def assessment(self) -> SelfAssessment:
        """What the unit claims of its own result."""
        score, grade = self.collected.get("assessment.score"), self.collected.get("assessment.grade")
        weight, points = (self.collected.get(f"assessment.execution_{name}") for name in ("weight", "score"))
        return SelfAssessment(
            score=score if isinstance(score, Decimal) else None,
            grade=str(grade or ""),
            execution_rate=str(self.collected.get("assessment.execution_rate") or ""),
            execution_weight=weight if isinstance(weight, Decimal) else None,
            execution_score=points if isinstance(points, Decimal) else None,
        )

    def score_mentioned(self) -> bool:
        """Whether the text speaks of a score at all."""
        return any(
            SCORE_MENTIONED.search(passage.text) for block in self.root.walk() for passage in block.passages()
        )


def is_points(value: Decimal | None) -> bool:
    """Whether a number can be points: at most 1000, at most two decimals."""
    return value is None or (value <= 1000 and value == round_half_up(value))
