"""Words by which reports of this genre are understood. No unit's name and no report's figure stands here.

Titles follow the outlines of published Hunan reports (domain notes 3.3); labels of figures those of
部门决算 tables 01–03 and 09 and of the 自评表; classes of indicators those of the 财预〔2020〕10号
framework.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from budgets.tables import TOTAL, Column

# ------------------------------------------------------------------ titles of sections


@dataclass(frozen=True)
class TitleRule:
    """A title that matches ``words`` and not ``unless`` belongs to the section ``key`` of the outline."""

    key: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def fits(self, title: str) -> bool:
        return bool(self.words.search(title)) and not (self.unless and self.unless.search(title))


def _rule(key: str, words: str, unless: str = "") -> TitleRule:
    return TitleRule(key, re.compile(words), re.compile(unless) if unless else None)


TITLES = (
    _rule(
        "goals_stage",
        r"阶段性.{0,4}目标|年度(?:总体)?工作(?:任务)?和重点工作任务|(?<!下)年度重点工作任务$"
        r"|年度重点工作(?:完成|进展|计划)|年度主要工作(?:内容|完成)",
    ),
    _rule(
        "goals_overall",
        r"(?:总体|整体|年度)(?:绩效)?目标(?:$|情况|设定|设置|内容)|(?:预期|长期|中长期)目标|总目标",
        r"完成|实现",
    ),
    _rule("goals", r"绩效目标的?(?:设置|设定|设立|编制|申报|制定)|目标的?(?:设置|设定|设立)情况|绩效目标$"),
    _rule("goals_detail", r"^绩效目标情况$|绩效指标(?:设置|设定)|(?:年度|绩效)指标值|指标体系"),
    _rule("measures", r"改进|整改|下一?步|今后(?:的)?工作|^建议|建议$|对策|打算$|工作(?:计划|思路)$"),
    _rule("problems", r"(?:存在|主要|发现)?(?:的)?(?:主要|突出)?问题|不足之处|不足$", r"说明的?问题"),
    _rule("purpose", r"(?:评价|自评)(?:工作)?(?:的)?目的|^目的"),
    _rule(
        "process",
        r"(?:评价|自评)(?:工作)?(?:的)?(?:过程|程序|方法|实施|组织)|工作(?:过程|程序)|组织实施",
        r"项目",
    ),
    _rule("evaluation", r"(?:评价|自评)工作(?:(?:开展)?(?:情况|概况)?$|开展|组织|情况)|开展情况$"),
    _rule("project_management", r"项目.{0,6}(?:资金)?管理|专项.{0,4}管理"),
    _rule("project_use", r"项目.{0,8}(?:使用|支出|安排|实施|概况|情况)|专项(?:资金|经费|支出)"),
    _rule("funds_allocation", r"资金.{0,4}(?:安排|落实|投入|到位)|预算(?:执行|安排|完成|批复|编制)"),
    _rule("funds_management", r"资金管理(?:情况|分析|$)", r"及使用|和使用|、使用|与使用"),
    _rule("funds", r"资金.{0,4}(?:管理|使用)|整体支出.{0,3}(?:管理|使用)"),
    _rule(
        "performance",
        r"整体支出绩效|绩效(?:评价|自评|目标|指标)?(?:完成|实现|结果|分析|结论|情况)|(?:评价|自评)(?:结论|结果|得分|等级|情况|意见)"
        r"|(?:指标|目标|任务)(?:完成|实现)|(?:投入|过程|产出|效益|效果|满意度|数量|质量|时效|成本)(?:指标)?(?:完成|分析|情况)|履职(?:效益|效果|完成)"
        r"|(?:主要)?(?:成绩|成效|绩效)(?:分析)?$",
        r"拟?应用|公开",
    ),
    _rule(
        "finance",
        r"收入?支出?(?:决算)?(?:总体)?情况|(?:收入|支出|收支|决算|经费)(?:预算|决算|执行)?(?:总体|基本|来源|构成)?(?:情况|概况)"
        r"|整体支出(?:情况|概况|规模)|公共预算|基金预算|资本经营|结转结余|基本支出|财务(?:状况|情况)|三公",
    ),
    _rule("duties", r"职责|职能"),
    _rule("offices", r"机构(?:设置|情况|构成|组成|概况|及人员|与人员)|内设机构|组织(?:架构|机构)"),
    _rule("staff", r"人员(?:情况|构成|编制|概况|状况)|编制(?:情况|人数|及人员)"),
    _rule("profile", r"基本(?:情况|概况)|(?:部门|单位)情况|简介|机构职能"),
    _rule("overview", r"(?:部门|单位).{0,3}概(?:况|述)|^概(?:况|述)$"),
)  # fmt: skip

CHAPTERS = (
    _rule("finance", r"收支|决算|支出|收入|经费|财务", r"绩效|评价|自评"),
    _rule("funds", r"预算|资金", r"绩效|评价|自评"),
)
"""Words by which a heading that no rule above knows still says that it speaks of money."""

PROFILE_PARTS = frozenset({"duties", "offices", "staff"})
"""Finer sections of some reports; the outline knows them as ``profile``."""

NOT_A_TITLE = re.compile(
    r"^(?:负责|做好|加强|完善|推进|组织|落实|贯彻|承担|承办|指导|协调|开展|强化|提高|提升|严格|进一步|建立|制定|编制|研究|拟订|围绕"
    r"|按照|根据|完成|全面|整合|积极|保障|参与|执行|监督|管理|配合|协助|统筹|深入|坚持|规范|确保|促进|加快|健全|优化|细化)"
)
"""Beginnings of list items (职责, 措施); a short one is still no title."""

FIGURE_IN_TITLE = re.compile(r"\d(?:\.\d+)?\s*(?:亿|万|元|%|个|人|项|次|分)")

LEVEL1_ORDER = ("overview", "goals", "finance", "funds", "evaluation", "performance", "problems", "measures")
"""Chapters of the genre: a text with most of them is a whole report and not an excerpt."""


def title_key(title: str) -> str | None:
    """Section of the outline for a title; ``None`` when no rule knows it."""
    bare = re.sub(r"[\s。：:；;]", "", title)
    if not bare or len(bare) > 32 or NOT_A_TITLE.match(bare) or FIGURE_IN_TITLE.search(bare):
        return None
    return next((rule.key for rule in TITLES if rule.fits(bare)), None)


def chapter_key(title: str) -> str | None:
    """Section of something already known to be a heading: its words are enough where no usual title fits."""
    if key := title_key(title):
        return key
    bare = re.sub(r"[\s。：:；;]", "", title)
    if not bare or len(bare) > 16 or NOT_A_TITLE.match(bare) or FIGURE_IN_TITLE.search(bare):
        return None
    return next((rule.key for rule in CHAPTERS if rule.fits(bare)), None)


# ------------------------------------------------------------------ classes of indicators

CLASSES = (
    "经济成本|社会成本|生态环境成本|生态成本|数量|质量|时效|成本|经济效益|社会效益|生态效益|可持续影响|可持续发展|可持续"
    "|效益|效果|社会公众满意度|服务对象满意度|满意度|产出|投入|过程|管理"
)  # fmt: skip
CLASS_LINE = re.compile(
    rf"^(?P<name>{CLASSES})(?:类)?指标(?:完成|实现|分析)?(?:情况)?(?:方面|分析)?(?P<mark>[：:，,。]|$)"
)
CLASS_SHORT_LINE = re.compile(rf"^(?P<name>{CLASSES})(?:方面)?(?P<mark>[：:])")


def class_name(text: str) -> str:
    """``数量`` → ``数量指标``; what already ends with 指标 stays."""
    return text if not text or text.endswith("指标") else f"{text}指标"


def level1_of(category: str) -> str:
    """First-level class (一级指标) of a category; an unknown one is its own."""
    bare = category.removesuffix("指标")
    if bare in ("数量", "质量", "时效", "成本", "产出"):
        return "产出指标"
    if bare.endswith(("效益", "效果")) or bare.startswith("可持续"):
        return "效益指标"
    if "满意度" in bare:
        return "满意度指标"
    if bare.endswith("成本"):
        return "成本指标"
    return category


EXECUTION = re.compile(r"^(?:部门|整体|全年)?预算执行率?$")
"""Name of the row that scores the execution of the budget."""

# ------------------------------------------------------------------ labels of figures


@dataclass(frozen=True)
class Cell:
    """Where a labelled amount belongs."""

    table: str
    row: str
    column: Column | None = None
    """Column that the label itself says; ``None`` takes the one of the sentence."""
    grand: bool = field(default=False)
    """总计 (with carry-over) rather than 本年合计."""


FISCAL = "财政拨款"
INCOME_ROWS = {
    "财政拨款收入": ("income_source", "fiscal"),
    "财政拨款": ("income_source", "fiscal"),
    "本年财政拨款收入": ("income_source", "fiscal"),
    "财政补助收入": ("income_source", "fiscal"),
    "一般公共预算财政拨款收入": ("income_source", "fiscal"),
    "一般公共预算拨款收入": ("income_source", "fiscal"),
    "一般公共预算收入": ("income_source", "fiscal"),
    "上级补助收入": ("income_source", "superior"),
    "事业收入": ("income_source", "undertaking"),
    "经营收入": ("income_source", "operating"),
    "附属单位上缴收入": ("income_source", "affiliated"),
    "附属单位缴款": ("income_source", "affiliated"),
    "其他收入": ("income_source", "other"),
}
FISCAL_PARTS = re.compile(
    r"^本?年?(?P<fund>一般公共预算|政府性基金(?:预算)?|国有资本经营(?:预算)?)(?:当年)?(?:财政)?(?:拨款)?(?P<income>收入)?$"
)
"""Parts of 财政拨款收入: the table has one row for all of them. Without 收入 only behind a total of income."""
NATURE_ROWS = {
    "一般公共预算": ("income_nature", "general"),
    "一般公共预算拨款": ("income_nature", "general"),
    "一般公共预算财政拨款": ("income_nature", "general"),
    "政府性基金": ("income_nature", "fund"),
    "政府性基金预算": ("income_nature", "fund"),
    "政府性基金拨款": ("income_nature", "fund"),
    "政府性基金预算拨款": ("income_nature", "fund"),
    "政府性基金预算财政拨款": ("income_nature", "fund"),
    "纳入专户管理的非税收入拨款": ("income_nature", "special_account"),
    "财政专户管理资金": ("income_nature", "special_account"),
    "其他资金": ("income_nature", "other"),
}
EXPENDITURE_ROWS = {
    "基本支出": ("expenditure", "basic"),
    "项目支出": ("expenditure", "project"),
    "项目经费支出": ("expenditure", "project"),
    "上缴上级支出": ("expenditure", "to_superior"),
    "经营支出": ("expenditure", "operating"),
    "对附属单位补助支出": ("expenditure", "to_affiliated"),
    "附属单位补助支出": ("expenditure", "to_affiliated"),
}
CARRYOVER_ROWS = {
    "使用非财政拨款结余": ("carryover", "used_surplus"),
    "用事业基金弥补收支差额": ("carryover", "used_surplus"),
    "结余分配": ("carryover", "surplus_allocation"),
}
OTHER_ROWS = {
    "公务用车购置费": ("three_public", "vehicle_purchase"),
    "公务用车购置": ("three_public", "vehicle_purchase"),
    "公务用车运行维护费": ("three_public", "vehicle_running"),
    "公务用车运行费": ("three_public", "vehicle_running"),
    "公务用车运行维护": ("three_public", "vehicle_running"),
    "因公出国(境)费": ("three_public", "abroad"),
    "因公出国(境)费用": ("three_public", "abroad"),
    "因公出国(境)经费": ("three_public", "abroad"),
    "因公出国费": ("three_public", "abroad"),
    "公务接待费": ("three_public", "reception"),
    "公务接待费用": ("three_public", "reception"),
    "公务接待费支出": ("three_public", "reception"),
    "公务用车运行维护费支出": ("three_public", "vehicle_running"),
    "公务用车购置费支出": ("three_public", "vehicle_purchase"),
    "因公出国(境)费支出": ("three_public", "abroad"),
    "因公出国(境)支出": ("three_public", "abroad"),
    "公务接待": ("three_public", "reception"),
    "公务接待支出": ("three_public", "reception"),
    "公务用车购置支出": ("three_public", "vehicle_purchase"),
    "公务用车购置费用": ("three_public", "vehicle_purchase"),
    "公务用车运行维护支出": ("three_public", "vehicle_running"),
    "公务用车运行维护费用": ("three_public", "vehicle_running"),
    "公务用车运行支出": ("three_public", "vehicle_running"),
    "三公经费": ("three_public", TOTAL),
    "三公经费合计": ("three_public", TOTAL),
    "三公经费支出": ("three_public", TOTAL),
    "公用经费": ("running_costs", TOTAL),
    "日常公用经费": ("running_costs", TOTAL),
    "公用经费支出": ("running_costs", TOTAL),
    "业务工作经费": ("project_detail", "business"),
    "运行维护经费": ("project_detail", "operation"),
    "政府采购": ("procurement", "procurement"),
    "政府采购金额": ("procurement", "procurement"),
    "政府采购支出": ("procurement", "procurement"),
}
ROWS = INCOME_ROWS | NATURE_ROWS | EXPENDITURE_ROWS | CARRYOVER_ROWS | OTHER_ROWS

OPENING = re.compile(
    r"^(?:上年|年初|上年度|以前年度)(?:末)?(?:财政拨款)?(?:结转|结余)(?:(?:和|及|、)?(?:结余|结转))?(?:资金)?$"
)
CLOSING = re.compile(
    r"^(?:年末|本年|年终|当年|结转下年|滚存|累计)?(?:财政拨款)?(?:结转|结余)(?:(?:和|及|、)?(?:结余|结转))?(?:资金|下年)?$|^结转下年$"
)

YEAR_INCOME = frozenset(
    ["收入", "本年收入", "年度收入", "全年收入", "当年收入", "本年总收入", "部门收入", "决算收入", "收入决算"]
)
YEAR_SPENDING = frozenset(
    [
        *(
            "支出",
            "本年支出",
            "年度支出",
            "全年支出",
            "当年支出",
            "本年总支出",
            "部门支出",
            "整体支出",
            "部门整体支出",
        ),
        *("实际支出", "本年实际支出", "全年实际支出", "决算支出", "支出决算", "全年执行", "执行", "实际执行"),
    ]
)
COMPARISON = re.compile(
    r"增加|减少|增长|下降|同比|环比|增减|节约|节省|超出|超支|相差|差额|占|提高|降低|比上年|较上年"
)


def canonical_label(label: str) -> str:
    """Label without quotation marks, brackets half-width, so that one spelling stands in the tables above."""
    return re.sub(r"[“”\"‘’《》\s]", "", label).replace("（", "(").replace("）", ")")
