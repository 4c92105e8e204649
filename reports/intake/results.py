"""Indicators, targets, score and grade in the sentences of a report.

A line of a class («数量指标：…») holds one indicator or several. A rate whose inputs stand before it is one
indicator with a formula; a line without any figure is one qualitative indicator that keeps its words as its
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.money import HUNDRED, round_half_up
from indicators.dossier import Indicator, SelfAssessment
from indicators.values import KNOWN, chinese_number
from reports.intake.amounts import NUMBER
from reports.intake.collected import Collected
from reports.intake.finance import section_key
from reports.intake.lexicon import CLASS_LINE, CLASS_SHORT_LINE, CLASSES, class_name, level1_of
from reports.intake.matching import StatedTarget
from reports.intake.sections import ROW_OF_FIGURES, Block, Paragraph, Passage
from reports.intake.wording import balanced

_TIMES = {f"{unit}次" for unit in ("批", "户", "件", "班", "台", "例", "车", "期", "项", "家")}
_UNITS = "|".join(re.escape(unit) for unit in sorted({*KNOWN, *_TIMES, "%", "％"}, key=len, reverse=True))
_BEFORE = (
    r"(?:约|近|[大小]于等于|不[低少高大小]于|不超过|[大小低高]于|超过|控制在|[≥≤≧≦]|[><＞＜]?[=＝]|[><＞＜])"
)
_AFTER = r"(?:及以上|及以下|以上|以下|以内|之内|左右)"
_FIGURE = re.compile(
    rf"(?P<verb>(?:达到了?|达|为|是|完成了?|实现了?|共计|共)?)(?P<before>{_BEFORE}*)\s*(?P<number>(?<![\d.]){NUMBER})\s*"
    rf"(?P<unit>余?[万亿]?余?(?:{_UNITS})(?:[/／][\u4e00-\u9fff]{{1,3}})?|余?[万亿])(?P<after>{_AFTER}?)"
)
_DATE = re.compile(
    r"(?:19|20)\d{2}年度?(?:\d{1,2}月(?:\d{1,2}日)?)?(?:年?[底末初]之?前?|之前|前)?|\d{1,2}月(?:\d{1,2}日|份)?(?:[底末初]之?前?|[上中下]旬|之前|前)?"
)
"""A day or a month is no count of years or months."""
_VERDICT = re.compile(r"^(?:已|未|基本|部分|全部)?完成$")
"""Says only whether the target was met: that is computed, and no evidence."""
_CLAUSE = re.compile(r"[，；;。]|,(?!\d{3})")
_SENTENCE = re.compile(r"[；;。]")
_WEIGHT = re.compile(
    r"(?:分值|权重|满分|标准分)(?:为|是|：|:)?(?P<points>\d+(?:\.\d+)?)分?|[（(](?P<bracket>\d+(?:\.\d+)?)分[）)]"
)
_SCORE = re.compile(r"(?:自评得分|自评|得分|实得|评分|得|计|扣)(?:为|是|：|:)?(?P<points>\d+(?:\.\d+)?)分")
_TARGET_WORDS = re.compile(
    r"(?:年度|年初|全年|绩效|计划|预期)?(?:目标任务|任务目标|目标值?|指标值|任务(?:数|量)|年度任务|计划(?:数|完成)?|预期值?)(?:为|是|：|:)?"
)
_ACTUAL_WORDS = re.compile(
    r"(?:全年|本年|年度)?(?:实际(?:完成值?|值|达到|为)?|完成值|(?:^|(?<=[，、]))已?完成(?![率度])|已?完成(?=了?$|[为是：:])|现已完成)(?:为|是|：|:)?"
)
_WITHIN_BUDGET = re.compile(
    r"(?:控制在|不超过|不超)(?:年初|年度|批复|全年|项目)*预算(?:数|额|金额|总额)?(?:的)?$"
)
"""«项目支出控制在预算540万元以内»: the budget is the target."""
_SPENT = re.compile(
    r"^(?:全年|本年|实际)*实际(?:支出|使用|执行|发生|投入|成本|支付)(?:数|额|金额|资金)?(?:为|了)?$"
)
_OF_TARGET = re.compile(
    r"^(?:超额)?(?:完成|达到?|占|为|是)(?:了)?(?:年度|年初|全年)?(?:目标任务|任务目标|目标|任务|计划)(?:数|值|量)?(?:为)?$"
)
"""«完成目标任务800人的107.5%»: the figure behind it is the target of what stands before."""
_SHARE_OF_TARGET = re.compile(
    r"(?:目标任务|任务目标|目标|任务|计划)(?:数|值|量)?的$|^(?:(?:已|未|部分|基本|全部)?完成[（(])?(?:年度|全年|任务|目标|计划|指标|总体|超额|任务目标|目标任务)*(?:完成|达成|实现)(?:率|比例|度)$"
)
"""A rate of completion: computed from target and actual, and no indicator of its own."""
_COMPARED = re.compile(
    r"(?:较|比|同)(?:上年|去年|前年|上一?年度?|上期|往年|同期|年初|20\d\d年)(?:同期|度)?(?:相比)?|同比|环比|年均"
)
_CHANGE = re.compile(r"^(?:增长|下降|提高|减少|增加|上升|缩短|降低|提升|超出?|超过|高于|低于)了?$")
_OFF_TARGET = re.compile(
    r"^(?:高于|低于|高出|超出?|超过|优于|比|较|距)(?:年度|年初|全年|预期|计划)*(?:目标|指标|计划|任务|预期)"
)
_PART_OF_OTHERS = re.compile(r"^(?:占.*的?|被.+)$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PART = re.compile(r"^(?:其中|含|包括|分别)")
_SURVEY = re.compile(r"满意度调查|问卷|样本|受访|访谈|抽样|抽查|回收|收回|电话回访|调查表|测评表")
_HOW = re.compile(r"^(?:通过|根据|经|依据|按|针对|面向|随机)")
_NO_NAME = re.compile(
    r"^(?:全部|均|已|于|在|到|至|截至|截止|共|各|其中|其余|其他|按期|按时|及时|如期|年?底前?|年末|完成|完工|竣工|验收|合格|成功|满意|基本满意|或|不满意|通过|超额"
    r"|基本|目标|任务|年度|全年|比|较|为|的|达到?|了|有|约|近|余|每|每人|每户|总计|合计|共计|得|得分|扣|扣分|满分|分值|本项|该项|此项|平均|和|与|及|等)+$"
)
"""Words of a clause that name nothing: what they count is no indicator."""
_INLINE_CLASS = re.compile(
    rf"(?P<mark>(?:[（(]\d{{1,2}}[）)]|[①-⑳]|(?<![\d.])\d{{1,2}}[.．、](?!\d))|(?<=[。；;]))(?P<name>{CLASSES})(?:类)?(?:指标)?[：:]"
)
_CLASS_TITLE = re.compile(r"(?:类|方面)?(?:目标|指标)?(?:完成|实现)?(?:情况)(?:分析)?$")
_POINTS_NAME = re.compile(r"(?:分|成绩|考核|测评|排名)$")
_FROM_TO = re.compile(
    r"(?:由|从)(?:上年的?|去年的?|20\d\d年的?)?(?P<before>[\d.,]+[^\d，。]{0,4}?)(?:提高|上升|增加|下降|降低|减少|增长|提升|缩短|压缩)(?:到|至|为)"
)
"""«入园率由88%提高到91.5%»: the second figure is the value."""
_SATISFACTION = re.compile(r"满意[度率](?:达到?了?|为|是|：)?\d+(?:\.\d+)?%")
_SATISFIED = re.compile(r"满意[度率]$")
_OWN_SENTENCE = re.compile(r"(?<=[。；;])(?=(?:自评|本项|该项|共|合计|小计)?(?:得|计|实得)分?\d)")
_STATES_TARGET = re.compile(
    r"(?:目标任务|任务目标|目标|指标值|任务数|任务量|年度任务|计划(?:数|完成)?|预期)(?:值|数)?(?:为|是|：|:)?\s*"
    rf"{_BEFORE}*\s*\d|完成.{{0,6}}(?:任务|目标|计划).{{0,12}}\d%"
)
_SECTION_SCORES = re.compile(
    rf"(?:{CLASSES}|预算执行)率?(?:指标)?(?:方面|部分)?[（(：:，]?(?:满分|分值|权重)?\d+(?:\.\d+)?分"
)
_NAME_START = re.compile(
    r"^(?:其中|各项|本年度?|全年|年度|今年|20\d\d年度?|共|实际|已|一是|二是|三是|和(?!谐)|及(?!时)|我?(?:单位|中心|局|部门)(?=\S{4}))+"
)
_NAME_END = re.compile(
    r"(?:达到了?|(?:[降升增减]|压减|压缩|提高|提升|下降|控制)[至到]|达|为|是|约|共计|共|完成率?为|均|已|在|：|:)+$"
)
_VERB_DONE = re.compile(r"^([\u4e00-\u9fff]{2})了(?=[\u4e00-\u9fff]{2})")

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
    r"预算执行率?(?:情况|指标)?[（(]?(?:满分|分值|权重)?(?:为|是|：|:)?(?P<weight>\d+(?:\.\d+)?)分[）)]?[，,]?(?:(?:自评|实际)(?:实?得分?)?|实?得分?)(?:为|是|：|:)?"
    r"(?P<score>\d+(?:\.\d+)?)分"
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
    change: bool = False
    """``actual`` is so far only a comparison with another year."""


@dataclass(frozen=True)
class _Figure:
    shown: str
    number: Decimal | None
    """``None`` for a day."""
    unit: str
    start: int
    end: int
    states: bool = False
    """达到、为、是 stands before it."""
    done: bool = False
    """完成、实现 stands before it."""


def _figures(clause: str) -> list[_Figure]:
    found = [_Figure(match.group(), None, "", match.start(), match.end()) for match in _DATE.finditer(clause)]
    days = [(day.start, day.end) for day in found]
    for match in _FIGURE.finditer(clause):
        if any(start < match.end("number") and match.start("number") < end for start, end in days):
            continue
        before = "" if match["before"] == "控制在" and match["after"] else match["before"]
        shown = f"{before}{match['number']}{match['unit']}{match['after']}"
        number = Decimal(match["number"].replace(",", ""))
        states = match["verb"].startswith(("达", "为", "是"))
        done = match["verb"].startswith(("完成", "实现"))
        found.append(_Figure(shown, number, match["unit"], match.start(), match.end(), states, done))
    return sorted(found, key=lambda figure: figure.start)


# ------------------------------------------------------------------ one line of a class


def read_line(text: str) -> list[_Line]:
    """Indicators of the words behind «数量指标：»."""
    marked = _OWN_SENTENCE.sub("\u0002", _outside_brackets(text))
    sentences = [_clauses(part) for part in _SENTENCE.split(marked)]
    clauses = [clause for sentence in sentences for clause in sentence]
    names = {sentence[0] for sentence in sentences if _names_what_follows(sentence)}
    if not any(figure.number is not None for clause in clauses for figure in _figures(clause)):
        dated = _dated(text, clauses)
        return dated or ([_Line(name=_whole_name(text))] if _name(text) else [])
    lines: list[_Line] = []
    waiting: list[str] = []
    surveyed = "满意" in text
    for clause in clauses:
        if clause.startswith("\u0002"):
            if len(lines) != 1:
                continue
            clause = clause[1:]
        figures = _figures(clause)
        survey = surveyed and _SURVEY.search(clause) and not _TARGET_WORDS.search(clause)
        if survey and not ("满意" in clause and any(figure.unit == "%" for figure in figures)):
            (lines[-1].notes if lines else waiting).append(clause)
            continue
        if clause in names and lines and _name(clause):
            lines.append(_Line(name=_name(clause)))
            continue
        if not figures and not _WEIGHT.search(clause):
            (lines[-1].notes if lines else waiting).append(clause)
            continue
        _clause(clause, figures, lines, waiting)
    if waiting and lines:
        lines[0].notes[:0] = waiting
    return _join_inputs(lines)


def _dated(text: str, clauses: list[str]) -> list[_Line]:
    """«项目完成时限目标2021年12月底前，实际2021年11月»: an indicator whose values are days."""
    if not (_TARGET_WORDS.search(text) and _ACTUAL_WORDS.search(text)):
        return []
    lines: list[_Line] = []
    for clause in clauses:
        _clause(clause, _figures(clause), lines, [])
    return [line for line in lines if line.target and line.actual]


def _clauses(sentence: str) -> list[str]:
    clauses = (clause.strip() for clause in _CLAUSE.split(sentence))
    return [clause.replace("\u0001", "，") for clause in clauses if clause]


def _names_what_follows(clauses: list[str]) -> bool:
    """«满意度，目标值≥90%，实际94%»: the first figure of the sentence is a target or result without a name of its own."""
    if not clauses or _figures(clauses[0]):
        return False
    for clause in clauses[1:]:
        for figure in _figures(clause)[:1]:
            label = clause[: figure.start]
            said = _ACTUAL_WORDS.sub("", _TARGET_WORDS.sub("", label))
            return said != label and not _name(said)
    return False


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
    if lines and (match := _SCORE.search(clause)) and _no_name(_name(clause[: match.start()])):
        if match.group().startswith("扣"):
            lines[-1].notes.append(clause)
        else:
            lines[-1].score = Decimal(match["points"])
        return
    if lines and (bare := _FROM_TO.search(clause)) and not _name(clause[: bare.start()]):
        lines[-1].notes.append(clause)
        return
    if (change := _FROM_TO.search(clause)) and (name := _name(clause[: change.start()])):
        after = [figure for figure in figures if figure.start >= change.end()]
        if after and not _no_name(name):
            lines.append(_Line(name=name, actual=after[0].shown, notes=[clause[change.start() :]]))
            return
    for position, figure in enumerate(figures):
        start = figures[position - 1].end if position else 0
        if not _figure(clause[start : figure.start], clause[figure.end :], figure, lines, waiting):
            (lines[-1].notes if lines else waiting).append(clause[start:].strip("、 "))
            return


def _figure(label: str, behind: str, figure: _Figure, lines: list[_Line], waiting: list[str]) -> bool:
    """Read one figure; ``False`` where it is no value of an indicator, so that its clause is only a note."""
    words = label.strip("，。；：:;、,（()）“” ")
    last = lines[-1] if lines else None
    if figure.number is None and not (_TARGET_WORDS.search(words) or _ACTUAL_WORDS.search(words)):
        return not words
    if (within := _WITHIN_BUDGET.search(words)) and not _no_name(name := _name(words[: within.start()])):
        shown = figure.shown if "以内" in figure.shown else f"≤{figure.shown}"
        lines.append(_Line(name=name, target=shown, number=figure.number, unit=figure.unit))
        return True
    if (
        last is not None
        and last.target
        and last.actual is None
        and last.unit == figure.unit
        and _SPENT.match(words)
    ):
        last.actual = figure.shown
        return True
    if last is not None and words == "的":
        last.notes.append(f"完成目标的{figure.shown}")
        return True
    if last is not None and (_SHARE_OF_TARGET.search(words) or _PART.match(words)):
        return False
    if last is not None and _OF_TARGET.match(words) and last.target is None:
        if figure.unit in ("%", "％") and last.unit not in ("", "%", "％"):
            last.notes.append(f"{words}{figure.shown}")
            return True
        last.target = figure.shown
        return True
    if compared := _COMPARED.search(words):
        return _comparison(words, compared, figure, lines)
    if _CHANGE.match(words) or _OFF_TARGET.match(words) or _PART_OF_OTHERS.match(words):
        return False
    if len(words) <= 2 and words and _HAN.match(behind) and figure.unit != "%":
        return False
    if not words and figure.states and last is not None and last.change:
        last.notes.append(last.actual or "")
        last.actual, last.number, last.unit, last.change = figure.shown, figure.number, figure.unit, False
        return True
    fits = last is not None and last.actual is None and figure.unit and figure.unit in (last.target or "")
    if not words and figure.done and last is not None and fits:
        last.actual = figure.shown
        return True
    is_target = bool(_TARGET_WORDS.search(label))
    is_actual = bool(_ACTUAL_WORDS.search(label))
    name = (
        _name(_ACTUAL_WORDS.sub("", _TARGET_WORDS.sub("", label))) if is_target or is_actual else _name(label)
    )
    if not name and (is_target or is_actual) and lines:
        if is_target:
            lines[-1].target = lines[-1].target or figure.shown
        else:
            lines[-1].actual = lines[-1].actual or figure.shown
        return True
    if not name and waiting and not (_SURVEY.search(waiting[-1]) or _figures(waiting[-1])):
        name = _name(waiting.pop())
    if not name and not words:
        name = _name(behind)
    again = is_actual and last is not None and last.unit == figure.unit and bool(name) and name in last.name
    if last is not None and again and last.actual and last.number is not None and last.target is None:
        last.target, last.actual = last.actual, figure.shown
        return True
    slot = "target" if is_target and not is_actual else "actual"
    said_again = last is not None and is_actual and name and name in last.name
    known = last if said_again else next((one for one in reversed(lines) if one.name.endswith(name)), None)
    if name and known is not None and getattr(known, slot) is None and (said_again or not _no_name(name)):
        setattr(known, slot, f"{name}{figure.shown}" if said_again and _CHANGE.match(name) else figure.shown)
        return True
    if _no_name(name) or (figure.number is None and not (is_target or is_actual)):
        return False
    points = figure.unit == "分" and not (is_target or is_actual) and not _POINTS_NAME.search(name)
    twin = last is not None and len(name) <= 2 and last.unit == figure.unit and not (is_target or is_actual)
    if points or twin:
        return False
    line = _Line(name=name, number=figure.number, unit=figure.unit)
    if is_target and not is_actual:
        line.target = figure.shown
    else:
        line.actual = figure.shown
    lines.append(line)
    return True


def _comparison(words: str, compared: re.Match[str], figure: _Figure, lines: list[_Line]) -> bool:
    """«森林覆盖率较上年提高0.3个百分点»: the change is all that is stated, unless the value follows («达到61.2%»)."""
    name, change = _name(words[: compared.start()]), f"{words[compared.start() :]}{figure.shown}"
    if _no_name(name) or any(line.name == name for line in lines):
        return False
    lines.append(_Line(name=name, actual=change, change=True))
    return True


def _no_name(words: str) -> bool:
    """Whether words name no indicator."""
    return len(words) < 2 or bool(_NO_NAME.match(words)) or bool(_HOW.match(words) and _SURVEY.search(words))


def _whole_name(text: str) -> str:
    """Name of a qualitative indicator; where a day stands in it, its words as they are."""
    return text.strip("，。；：:;、, ") if _DATE.search(text) else _name(text)


def _name(words: str) -> str:
    """Words of a clause as an indicator's name: ``各项资金到位率达到`` → ``资金到位率``."""
    name = _NAME_END.sub("", _NAME_START.sub("", words.strip("，。；：:;、,（()）“” ")))
    return balanced(_VERB_DONE.sub(r"\1", name).strip("，。；：:;、, "))


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
            if ROW_OF_FIGURES.search(paragraph.text):
                continue
            category, rest = _class_of(paragraph, inherited)
            pieces = list(_pieces(paragraph.text))
            if pieces:
                head = rest if category else paragraph.text
                if head := head[: head.find(pieces[0].text)] if pieces[0].text in head else "":
                    self._line(category or inherited, head, paragraph, block) if _figures(head) else None
                for piece in pieces:
                    self._line(piece.category, piece.rest, paragraph, block)
            elif category:
                self._line(category, rest, paragraph, block)
            elif (
                inherited
                and paragraph.text
                and (not _SCORE_MENTIONED.search(paragraph.text) or _STATES_TARGET.search(paragraph.text))
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
            if listed and paragraph.mark and not _WEIGHT.search(paragraph.text):
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
        found: list[_Line] | None = None,
    ) -> None:
        if found is None:
            found = read_line(rest)
        for line in found:
            for name in ("weight", "score"):
                if not _is_points(getattr(line, name)):
                    setattr(line, name, None)
                    self.collected.ask(block.place, paragraph.text, "分值或得分不像分数，没有读入，请填写")
        for line in found:
            satisfied = "满意度指标" if "满意" in line.name else ""
            self.lines.append(self._indicator(category or satisfied, line, paragraph, block))
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
                if 2 <= len(name) <= 30 and figure.number is not None:
                    weak = not (compared or _TARGET_NAME.search(name))
                    self._target(name, figure.shown, "", clause, block, weak)

    def _target(
        self, name: str, target: str | None, category: str, words: str, block: Block, weak: bool = False
    ) -> None:
        if target is not None and all(one.name != name for one in self.targets):
            self.targets.append(StatedTarget(name, target, category, block.place, words, weak))

    # -------------------------------------------------------------- score and grade

    def _assessment(self) -> None:
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
                if _is_points(value):
                    self.collected.put(f"assessment.execution_{name}", value, block.place, match.group())

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
        return any(not one.weak for one in self.targets) or any(
            line.target is not None for line in self.lines
        )

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
            _SCORE_MENTIONED.search(passage.text)
            for block in self.root.walk()
            for passage in block.passages()
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


def _is_points(value: Decimal | None) -> bool:
    """Whether a number can be points: at most 1000, at most two decimals."""
    return value is None or (value <= 1000 and value == round_half_up(value))


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
