"""别的年度: last year's number left in the text (截至2021年末, 全面完成2021年度任务 in a report on 2022)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.text import Sentence
from reports.findings import Evidence, Finding, Level

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(末|底|12月31日|年末|度)")
QUOTED = re.compile(r"《[^》]*》|〔[^〕]*〕|[(（][^)）]*号[)）]|“[^”]*”")
HISTORY = re.compile(
    r"比|较|同比|上年|去年|上一年|增长|下降|增加|减少|结转|成立|自|以来|(?<!截)至|始|起|历年|从|结余|预算|决算|审计|荣获|获得|被评|授予|表彰|考核|先进|印发|批复"
)
LATE = re.compile(
    r"(?:全部|均|按期|按时|按计划|如期)[^，,。；;]{0,6}?((?:19|20)\d\d)年(?:1[0-2]|[1-9])月(?:\d{1,2}日|底|末|份|前)*[^，,。；;]{0,4}(?:完成|竣工|验收|完工|支付)"
)
"""Work of the year told as done in a month of a former year."""
PLAN = re.compile(
    r"((?:19|20)\d\d)年度?[^，,。；;]{0,8}(?:工作计划|工作打算|工作思路|工作安排|计划|打算|思路)$"
)
"""A title that plans a year."""
AHEAD = re.compile(
    r"(?:确保|力争|做好|抓好|推进|努力)[^，,。；;]{0,6}?((?:19|20)\d\d)年(?:度)?[^，,。；;]{0,8}(?:任务|目标|工作)"
)
"""What the unit still means to do."""
DUE = re.compile(
    r"(?:确保|力争|争取|预计|计划)[^，,。；;]{0,8}?((?:19|20)\d\d)年[^，,。；;]{0,8}?(?:完工|完成|建成|竣工|投用|达到|实现)"
)
"""A term of what is still to be done."""
RESULTS = re.compile(r"上年|上一年|以前年度|往年|20\d\d年度?[^，。]{0,12}(?:应用|整改|落实)")
"""A heading over what became of a former year's results."""
BASIS = re.compile(
    r"(?:本报告|本次评价|本次自评|报告数据|数据)[^，,。；;]{0,10}?((?:19|20)\d\d)年度?(?:的)?(?:部门)?(?:决算|账|数据|收支)[^，,。；;]{0,6}为(?:准|依据|基础)"
)
"""What the report itself rests on."""
OWN_PAST = re.compile(
    r"^((?:19|20)\d\d)年度?[，,]?(?:我|本)(?:局|委|办|单位|部门|中心|镇|乡|校|院|会|街道)(?!.*(?:比|增长|下降|成立|获|被评|整改|审计))"
)
"""The unit's own state of a former year, told as if it were this one's."""
ATTACHED = re.compile(
    r"((?:19|20)\d\d)年度?(?:部门|单位)?整体(?:支出)?(?:绩效)?(?:自评|评价)(?:表|指标|报告|打分|评分)"
)
FUTURE = ("measures", "problems", "other")
OWN_STATE = (
    "performance",
    "goals_stage",
    "goals_overall",
    "profile",
    "overview",
    "finance",
    "goals",
    "other",
)


@check(
    "foreign-year",
    kind="foreign-year",
    level=Level.WARNING,
    title="文字里留有别的年度（疑似照搬上年报告）",
    version=3,
)
def foreign_year(rule: Check, context: Context) -> Iterator[Finding]:
    year = context.dossier.year
    seen: set[tuple[str, str]] = set()
    for title, where in dict.fromkeys((item.title, item.where) for item in context.text.paragraphs):
        planned = PLAN.search(title)
        if planned and year - 3 <= int(planned[1]) < year:
            yield rule.finding(
                where,
                f"标题写“{title}”，而评价年度是{year}年，{planned[1]}年已经过去，疑似照搬以前年度的报告",
                evidence=[
                    Evidence(value=title, where=where),
                    Evidence(value=str(year), unit="年", where="profile.year"),
                ],
                fix=f"改为{year + 1}年的计划",
            )
    for sentence in _own_sentences(context):
        for written, passage in _years(sentence):
            if (sentence.where, passage) in seen:
                continue
            seen.add((sentence.where, passage))
            # A later year belongs to plans and to the date of the notice; a far earlier one to history.
            if not year - 3 <= written < year:
                continue
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{passage}”，而评价年度是{year}年，疑似照搬上年报告",
                evidence=[
                    Evidence(value=sentence.excerpt(passage), where=sentence.where),
                    Evidence(value=str(year), unit="年", where="profile.year"),
                ],
                fix=f"改为{year}年的情况",
            )


def _own_sentences(context: Context) -> Iterator[Sentence]:
    """Sentences that do not stand under a heading on a former year."""
    for paragraph in context.text.paragraphs:
        if not any(RESULTS.search(title) for title in paragraph.titles):
            yield from paragraph.sentences


def _years(sentence: Sentence) -> Iterator[tuple[int, str]]:
    text = QUOTED.sub("", sentence.text)
    for match in BASIS.finditer(text):
        yield int(match[1]), match[0]
    if "附件" in sentence.title or text.startswith("附件"):
        for match in ATTACHED.finditer(text):
            yield int(match[1]), match[0]
    for match in OWN_PAST.finditer(text):
        yield int(match[1]), match[0]
    if sentence.key in FUTURE:
        for match in list(AHEAD.finditer(text)) or DUE.finditer(text):
            yield int(match[1]), match[0]
    if sentence.key not in OWN_STATE:
        return
    for match in LATE.finditer(text):
        yield int(match[1]), match[0]
    for clause in re.split(r"[，,：:]", text):
        if HISTORY.search(clause):
            continue
        for match in YEAR.finditer(clause):
            yield int(match[1]), match[0]
