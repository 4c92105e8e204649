"""Indicators in the words behind a class («数量指标：…»): one or several, with targets, results, points and notes.

A rate whose inputs stand before it is one indicator with a formula; words without any figure are one qualitative indicator
that keeps them as its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.money import HUNDRED, round_half_up
from indicators.values import KNOWN
from reports.intake.amounts import NUMBER
from reports.intake.wording import balanced

_TIMES = {f"{unit}次" for unit in ("批", "户", "件", "班", "台", "例", "车", "期", "项", "家")}
_UNITS = "|".join(re.escape(unit) for unit in sorted({*KNOWN, *_TIMES, "%", "％"}, key=len, reverse=True))
BEFORE = (
    r"(?:约|近|[大小]于等于|不[低少高大小]于|不超过|[大小低高]于|超过|控制在|[≥≤≧≦]|[><＞＜]?[=＝]|[><＞＜])"
)
AFTER = r"(?:及以上|及以下|以上|以下|以内|之内|左右)"
_FIGURE = re.compile(
    rf"(?P<verb>(?:达到了?|达|为|是|完成了?|实现了?|共计|共)?)(?P<before>{BEFORE}*)\s*(?P<number>(?<![\d.]){NUMBER})\s*"
    rf"(?P<unit>余?[万亿]?余?(?:{_UNITS})(?:[/／][\u4e00-\u9fff]{{1,3}})?|余?[万亿])(?P<after>{AFTER}?)"
)
_DATE = re.compile(
    r"(?:19|20)\d{2}年度?(?:\d{1,2}月(?:\d{1,2}日)?)?(?:年?[底末初]之?前?|之前|前)?|\d{1,2}月(?:\d{1,2}日|份)?(?:[底末初]之?前?|[上中下]旬|之前|前)?"
)
"""A day or a month is no count of years or months."""
CLAUSE = re.compile(r"[，；;。]|,(?!\d{3})")
_SENTENCE = re.compile(r"[；;。]")
WEIGHT = re.compile(
    r"(?:分值|权重|满分|标准分)(?:为|是|：|:)?(?P<points>\d+(?:\.\d+)?)分?|[（(](?P<bracket>\d+(?:\.\d+)?)分[）)]"
)
_SCORE = re.compile(
    r"(?:自评得分|自评|得分|实得|评分|得|计|扣)(?:为|是|：|:)?(?P<points>\d+(?:\.\d+)?)分"
    r"|得分(?:为|是|：|:)?(?P<bare>\d+(?:\.\d+)?)$"
)
TARGET_WORDS = re.compile(
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
_PART = re.compile(r"^(?:其中|含|包括|分别|涉及(?:补贴|发放)?(?:资金|金额))")
_SURVEY = re.compile(r"满意度调查|问卷|样本|受访|访谈|抽样|抽查|回收|收回|电话回访|调查表|测评表")
_HOW = re.compile(r"^(?:通过|根据|经|依据|按|针对|面向|随机)")
_NO_NAME = re.compile(
    r"^(?:全部|均|已|于|在|到|至|截至|截止|共|各|其中|其余|其他|按期|按时|及时|如期|年?底前?|年末|完成|完工|竣工|验收|合格|成功|满意|基本满意|或|不满意|通过|超额"
    r"|基本|目标|任务|年度|全年|比|较|为|的|达到?|了|有|约|近|余|每|每人|每户|总计|合计|共计|得|得分|扣|扣分|满分|分值|本项|该项|此项|平均|和|与|及|等)+$"
)
"""Words of a clause that name nothing: what they count is no indicator."""
_POINTS_NAME = re.compile(r"(?:分|成绩|考核|测评|排名)$")
_FROM_TO = re.compile(
    r"(?:由|从)(?:上年的?|去年的?|20\d\d年的?)?(?P<before>[\d.,]+[^\d，。]{0,4}?)(?:提高|上升|增加|下降|降低|减少|增长|提升|缩短|压缩)(?:到|至|为)"
)
"""«入园率由88%提高到91.5%»: the second figure is the value."""
_OWN_SENTENCE = re.compile(r"(?<=[。；;])(?=(?:自评|本项|该项|共|合计|小计)?(?:得|计|实得)分?\d)")
_NAME_START = re.compile(
    r"^(?:其中|各项|本年度?|全年|年度|今年|20\d\d年度?|共|实际|已|一是|二是|三是|和(?!谐)|及(?!时)|我?(?:单位|中心|局|部门)(?=\S{4}))+"
)
_NAME_END = re.compile(
    r"(?:达到了?|(?:[降升增减]|压减|压缩|提高|提升|下降|控制)[至到]|达|为|是|约|共计|共|完成率?为|均|已|在|：|:)+$"
)
_VERB_DONE = re.compile(r"^([\u4e00-\u9fff]{2})了(?=[\u4e00-\u9fff]{2})")


@dataclass
class IndicatorLine:
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
class Figure:
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


def figures_of(clause: str) -> list[Figure]:
    found = [Figure(match.group(), None, "", match.start(), match.end()) for match in _DATE.finditer(clause)]
    days = [(day.start, day.end) for day in found]
    for match in _FIGURE.finditer(clause):
        if any(start < match.end("number") and match.start("number") < end for start, end in days):
            continue
        before = "" if match["before"] == "控制在" and match["after"] else match["before"]
        shown = f"{before}{match['number']}{match['unit']}{match['after']}"
        number = Decimal(match["number"].replace(",", ""))
        states = match["verb"].startswith(("达", "为", "是"))
        done = match["verb"].startswith(("完成", "实现"))
        found.append(Figure(shown, number, match["unit"], match.start(), match.end(), states, done))
    return sorted(found, key=lambda figure: figure.start)


def read_line(text: str) -> list[IndicatorLine]:
    """Indicators of the words behind «数量指标：»."""
    marked = _OWN_SENTENCE.sub("\u0002", _outside_brackets(text))
    sentences = [_clauses(part) for part in _SENTENCE.split(marked)]
    clauses = [clause for sentence in sentences for clause in sentence]
    names = {sentence[0] for sentence in sentences if _names_what_follows(sentence)}
    if not any(figure.number is not None for clause in clauses for figure in figures_of(clause)):
        return _dated(text, clauses) or _in_words(text, clauses)
    lines: list[IndicatorLine] = []
    waiting: list[str] = []
    surveyed = "满意" in text
    for clause in clauses:
        if clause.startswith("\u0002"):
            if len(lines) != 1:
                continue
            clause = clause[1:]
        figures = figures_of(clause)
        survey = surveyed and _SURVEY.search(clause) and not TARGET_WORDS.search(clause)
        if survey and not ("满意" in clause and any(figure.unit == "%" for figure in figures)):
            (lines[-1].notes if lines else waiting).append(clause)
            continue
        if clause in names and lines and name_of(clause):
            lines.append(IndicatorLine(name=name_of(clause)))
            continue
        if not figures and not WEIGHT.search(clause) and not (lines and _SCORE.search(clause)):
            (lines[-1].notes if lines else waiting).append(clause)
            continue
        _clause(clause, figures, lines, waiting)
    if waiting and lines:
        lines[0].notes[:0] = waiting
    return _join_inputs(lines)


def _in_words(text: str, clauses: list[str]) -> list[IndicatorLine]:
    """An indicator told in words alone, with its points where they stand behind: «成效显著，分值20，得分20»."""
    weights = [match for clause in clauses if (match := WEIGHT.search(clause))]
    scores = [match for clause in clauses if (match := _SCORE.search(clause))]
    if not weights:
        return [IndicatorLine(name=_whole_name(text))] if name_of(text) else []
    said = "，".join(one for one in clauses if not (WEIGHT.search(one) or _SCORE.search(one)))
    if not name_of(said):
        return []
    line = IndicatorLine(name=_whole_name(said))
    line.weight = Decimal(weights[0]["points"] or weights[0]["bracket"])
    if scores and not scores[0].group().startswith("扣"):
        line.score = Decimal(scores[0]["points"] or scores[0]["bare"])
    return [line]


def _dated(text: str, clauses: list[str]) -> list[IndicatorLine]:
    """«项目完成时限目标2021年12月底前，实际2021年11月»: an indicator whose values are days."""
    if not (TARGET_WORDS.search(text) and _ACTUAL_WORDS.search(text)):
        return []
    lines: list[IndicatorLine] = []
    for clause in clauses:
        _clause(clause, figures_of(clause), lines, [])
    return [line for line in lines if line.target and line.actual]


def _clauses(sentence: str) -> list[str]:
    clauses = (clause.strip() for clause in CLAUSE.split(sentence))
    return [clause.replace("\u0001", "，") for clause in clauses if clause]


def _names_what_follows(clauses: list[str]) -> bool:
    """«满意度，目标值≥90%，实际94%»: the first figure of the sentence is a target or result without a name of its own."""
    if not clauses or figures_of(clauses[0]):
        return False
    for clause in clauses[1:]:
        for figure in figures_of(clause)[:1]:
            label = clause[: figure.start]
            said = _ACTUAL_WORDS.sub("", TARGET_WORDS.sub("", label))
            return said != label and not name_of(said)
    return False


def _outside_brackets(text: str) -> str:
    """Commas inside brackets do not separate clauses."""
    return re.sub(r"[（(][^（()）]*[）)]", lambda match: re.sub(r"[，；;,]", "\u0001", match.group()), text)


def _clause(clause: str, figures: list[Figure], lines: list[IndicatorLine], waiting: list[str]) -> None:
    """One clause with figures: a new indicator, or target, actual, weight or score of the one before."""
    if match := WEIGHT.search(clause):
        weight, rest = (
            Decimal(match["points"] or match["bracket"]),
            clause[: match.start()] + clause[match.end() :],
        )
        if lines and not figures_of(rest) and len(name_of(rest)) < 2:
            lines[-1].weight = weight
            return
        _clause(rest, figures_of(rest), lines, waiting) if figures_of(rest) else lines.append(
            IndicatorLine(name=name_of(rest))
        )
        if lines:
            lines[-1].weight = weight
        return
    if lines and (match := _SCORE.search(clause)) and _no_name(name_of(clause[: match.start()])):
        if match.group().startswith("扣"):
            lines[-1].notes.append(clause)
        else:
            lines[-1].score = Decimal(match["points"] or match["bare"])
        return
    if lines and (bare := _FROM_TO.search(clause)) and not name_of(clause[: bare.start()]):
        lines[-1].notes.append(clause)
        return
    if (change := _FROM_TO.search(clause)) and (name := name_of(clause[: change.start()])):
        after = [figure for figure in figures if figure.start >= change.end()]
        if after and not _no_name(name):
            lines.append(IndicatorLine(name=name, actual=after[0].shown, notes=[clause[change.start() :]]))
            return
    for position, figure in enumerate(figures):
        start = figures[position - 1].end if position else 0
        if not _figure(clause[start : figure.start], clause[figure.end :], figure, lines, waiting):
            (lines[-1].notes if lines else waiting).append(clause[start:].strip("、 "))
            return


def _figure(label: str, behind: str, figure: Figure, lines: list[IndicatorLine], waiting: list[str]) -> bool:
    """Read one figure; ``False`` where it is no value of an indicator, so that its clause is only a note."""
    words = label.strip("，。；：:;、,（()）“” ")
    last = lines[-1] if lines else None
    if figure.number is None and not (TARGET_WORDS.search(words) or _ACTUAL_WORDS.search(words)):
        return not words
    if (within := _WITHIN_BUDGET.search(words)) and not _no_name(name := name_of(words[: within.start()])):
        shown = figure.shown if "以内" in figure.shown else f"≤{figure.shown}"
        lines.append(IndicatorLine(name=name, target=shown, number=figure.number, unit=figure.unit))
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
    is_target = bool(TARGET_WORDS.search(label))
    is_actual = bool(_ACTUAL_WORDS.search(label)) and not _names_a_task(label)
    name = (
        name_of(_ACTUAL_WORDS.sub("", TARGET_WORDS.sub("", label)))
        if is_target or is_actual
        else name_of(label)
    )
    if not name and (is_target or is_actual) and lines:
        if is_target:
            lines[-1].target = lines[-1].target or figure.shown
        elif _was_target(lines[-1], figure):
            lines[-1].target, lines[-1].actual = lines[-1].actual, figure.shown
        else:
            lines[-1].actual = lines[-1].actual or figure.shown
        return True
    if not name and waiting and not (_SURVEY.search(waiting[-1]) or figures_of(waiting[-1])):
        name = name_of(waiting.pop())
    if not name and not words:
        name = name_of(behind)
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
    line = IndicatorLine(name=name, number=figure.number, unit=figure.unit)
    if is_target and not is_actual:
        line.target = figure.shown
    else:
        line.actual = figure.shown
    lines.append(line)
    return True


def _names_a_task(label: str) -> bool:
    """«完成公路养护里程：目标»: the verb belongs to the name of the task, and the figure is its target."""
    aim = [match.start() for match in TARGET_WORDS.finditer(label)]
    done = [match.start() for match in _ACTUAL_WORDS.finditer(label)]
    return (
        bool(aim and done) and done[-1] < aim[-1] and bool(re.search(r"[：:，,]", label[done[-1] : aim[-1]]))
    )


def _was_target(line: IndicatorLine, figure: Figure) -> bool:
    """«灌溉面积≥3万亩，实际完成3.2万亩»: the value that stood first was the target."""
    return (
        line.target is None
        and line.actual is not None
        and line.number is not None
        and line.unit == figure.unit
    )


def _comparison(words: str, compared: re.Match[str], figure: Figure, lines: list[IndicatorLine]) -> bool:
    """«森林覆盖率较上年提高0.3个百分点»: the change is all that is stated, unless the value follows («达到61.2%»)."""
    name, change = name_of(words[: compared.start()]), f"{words[compared.start() :]}{figure.shown}"
    if _no_name(name) or any(line.name == name for line in lines):
        return False
    lines.append(IndicatorLine(name=name, actual=change, change=True))
    return True


def _no_name(words: str) -> bool:
    """Whether words name no indicator."""
    return len(words) < 2 or bool(_NO_NAME.match(words)) or bool(_HOW.match(words) and _SURVEY.search(words))


def _whole_name(text: str) -> str:
    """Name of a qualitative indicator; where a day stands in it, its words as they are."""
    return text.strip("，。；：:;、, ") if _DATE.search(text) else name_of(text)


def name_of(words: str) -> str:
    """Words of a clause as an indicator's name: ``各项资金到位率达到`` → ``资金到位率``."""
    name = _NAME_END.sub("", _NAME_START.sub("", words.strip("，。；：:;、,（()）“” ")))
    return balanced(_VERB_DONE.sub(r"\1", name).strip("，。；：:;、, "))


def _join_inputs(lines: list[IndicatorLine]) -> list[IndicatorLine]:
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


def _is_rate_of(part: IndicatorLine, whole: IndicatorLine, stated: Decimal) -> bool:
    if not whole.number or part.number is None:
        return False
    return abs(round_half_up(part.number / whole.number * HUNDRED) - stated) <= Decimal("0.05")


def _shares_word(name: str, rate: str) -> bool:
    stem = rate.removesuffix("率")
    return any(stem[start : start + 3] in name for start in range(len(stem) - 2))
