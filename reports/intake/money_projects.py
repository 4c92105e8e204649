"""Projects and their money in the sentences of a report, and the office that manages it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from budgets.dossier import Project
from budgets.tables import Column
from reports.intake.amounts import YEAR, Amount
from reports.intake.collected import Collected
from reports.intake.lexicon import COMPARISON, ROWS, canonical_label
from reports.intake.money_words import MONEY_SECTIONS, PROJECT_SECTIONS, Sentence
from reports.intake.sections import Block, Passage, section_key

_PROJECT_WORDS = r"(?:专项经费|工作经费|运行经费|补助经费|经费|专项资金|补助资金|资金|专项|项目|补助|工程)"
GIVEN = re.compile(
    rf"(?:下达|安排|拨付|拨入|划拨|批复|拨款|到位)(?:了|给)?(?:(?:我|本)(?:单位|部门|中心|局|镇|乡)?的?)?(?P<name>[^，。；：:（()）\d]{{2,40}}?{_PROJECT_WORDS})"
    r"(?:共计|合计|共|为|计|达)?$"
)
_NAMED = re.compile(
    rf"^(?:其中)?(?P<name>[^，。；：:（()）\d]{{2,40}}?{_PROJECT_WORDS})(?P<verb>下达|安排|拨付|到位|预算)?数?(?:共计|合计|共|为|计|达)?$"
)
_ITEM = re.compile(
    r"^(?:[（(]?\d{1,2}[）).、．]|[①-⑳])(?P<name>[^，。；：:、（()）\d]{3,40}?)(?P<verb>下达|安排|拨付|到位|预算)?数?(?:共计|合计|共|为|计|达)?$"
)
"""A numbered item of a list of projects, whatever its name ends with."""
_NAMED_SPENDING = re.compile(
    r"^(?:其中|用于)?(?P<name>[^，。；：:、（()）\d]{2,40}?(?:专项经费|专项资金|项目|工程|专项))(?:实际|累计|全年|已|共)*"
    r"(?:支出|执行|使用|完成支付|完成投资)(?:资金|数|了)?(?:共计|合计|共|为|计|达)?$"
)
_LIST_BEGINS = re.compile(r"其中|主要用于|用于|包括|具体为|主要是|主要有|分别")
_LIST_LEAD = re.compile(r"^(?:其中|主要|具体|用于|包括|分别|有|是|为|安排|支付|：|:)+")
_LIST_TAIL = re.compile(r"(?:实际|累计)?(?:支出|使用|安排|投入)?(?:共计|合计|共|为|计|达)*$")
_OTHER_SPLIT = re.compile(
    r"^(?:.{0,4}(?:人员|公用|三公).{0,2}经费|工资福利|商品和服务|对个人和家庭.*|资本性|基本建设|债务.*|对企业.*|一般公共服务|公共安全|教育|科学技术"
    r"|文化旅游体育与传媒|社会保障和就业|卫生健康|节能环保|城乡社区|农林水|交通运输|资源勘探.*|商业服务业.*|自然资源.*|住房保障|粮油物资.*"
    r"|灾害防治.*|政府采购.*|其他|.*(?:预算|拨款|收入|结转|结余|资金来源|财政资金|自有资金|自筹资金))(?:支出|的?补助)?$"
)
"""Parts of spending by economic or functional class or by source of money: no projects."""
_SPENT = re.compile(
    r"^(?:已|实际|全年|本年|累计)*(?:支出|使用|支付|执行|完成支付)(?:数|资金)?(?:为|了|共|计)?$"
)
_COLLECTIVE = re.compile(
    r"^(?:项目|专项|财政|本年度?|全年|当年|全部|所有|各类|各项?|上级|本级|县级|区级|市级|省级|中央|一般公共预算|政府性基金(?:预算)?|拨款|部门|单位|年初"
    r"|预算|安排|其他|其中|实施|部分|总|共|重点|完成|实际|决算|延续性|经常性|一次性|结转|上年|以前年度|运转类|特定目标类|人员|公用|日常|办公|三公|我.{1,3}?"
    r"|用于|基本支出(?:和|及|、)?)*(?:资金|经费|项目|专项|补助|工程|项目资金)$"
)
_LISTED = re.compile(r"^(?P<name>[^，。；：:]{2,60})[：:]")
_LISTED_FIELDS = (
    ("prior_final", re.compile(r"上年决算")),
    ("initial_budget", re.compile(r"年初(?:安排)?预算(?:安排)?")),
    ("full_budget", re.compile(r"(?:全年|年度|调整后|项目)?(?:安排)?预算(?:安排|批复|资金)?")),
    ("allocated", re.compile(r"(?:实际)?(?:下达|到位|下达\(到位\)|拨付|拨入)(?:资金|预算)?|资金到位")),
    (
        "spent",
        re.compile(
            r"(?:实际|全年|累计|已|本年)*(?:支出|执行|使用|支付|完成支付)(?:资金)?|(?:全年|实际)?执行|决算"
        ),
    ),
)
_FIELD_OF_COLUMN = {
    Column.ACTUAL: "spent",
    Column.FULL_BUDGET: "full_budget",
    Column.INITIAL_BUDGET: "initial_budget",
    Column.PRIOR_FINAL: "prior_final",
}
LEAST_LISTED = 2
"""Labelled amounts that make a line with a colon the list of one project's money, whatever its name ends with."""
_LISTED_NAME = re.compile(r"(?:经费|资金|专项|项目|补助|工程)$")
_OFFICE_NAME = r"[^，。；、：:由和及与（()）\s]{1,14}?(?:科室|股室|处室|办公室|中心|科|股|室|处|办|部|站|组)"
_OFFICE = re.compile(
    rf"由(?:本?(?:单位|部门|局|中心|镇|我局|我单位)的?)?[“\"]?(?P<office>{_OFFICE_NAME})[”\"]?(?:进行|实行|予以)?(?:统一|归口|集中|专门|具体|统筹|负责)+(?:管理|核算|监管|使用|安排|对|项目)?"
)
_VAGUE_OFFICE = re.compile(r"^(?:各|相关|有关|业务|专门|专|该|财政|上级|主管)|财政局|财政所")


@dataclass
class ProjectMoney:
    """Reads the money of projects, which are known by their names."""

    collected: Collected
    projects: dict[str, Project] = field(default_factory=dict)

    def read(self, amount: Amount, state: Sentence, block: Block) -> bool:
        """A project's money: allocated where the text says 下达, spent where it says 支出 behind its name."""
        key = section_key(block)
        if key not in MONEY_SECTIONS or amount.vague:
            return False
        if spending := _NAMED_SPENDING.match(YEAR.sub("", amount.raw_label)):
            name = spending["name"]
            if not (_COLLECTIVE.match(name) or _OTHER_SPLIT.match(name) or f"{name}支出" in ROWS):
                state.project = self._project_key(name)
                return self._project_amount(state.project, "spent", amount, block)
        if state.project and _SPENT.match(amount.raw_label):
            return self._project_amount(state.project, "spent", amount, block)
        given = GIVEN.search(amount.raw_label)
        named = None
        if key in PROJECT_SECTIONS:
            named = _NAMED.match(amount.raw_label) or _ITEM.match(amount.raw_label)
        match = given or named
        if match is None or _COLLECTIVE.match(match["name"]) or canonical_label(match["name"]) in ROWS:
            return False
        if named is not None and (_OTHER_SPLIT.match(match["name"]) or COMPARISON.search(match["name"])):
            return False
        state.project = self._project_key(match["name"])
        verb = "" if given else (match["verb"] or "")
        if not given and not verb:
            self.collected.ask(
                block.place,
                amount.clause,
                f"“{match['name']}”的金额没有写明是预算、下达还是支出，已按下达资金读取，请确认",
            )
        name = "full_budget" if verb == "预算" else "allocated"
        return self._project_amount(state.project, name, amount, block)

    def list_item(self, amount: Amount, state: Sentence, block: Block) -> bool:
        """One of the projects named behind 项目支出: «项目支出664.82万元，主要用于：社区运转经费270.00万元、…»."""
        if section_key(block) not in MONEY_SECTIONS or amount.vague:
            return False
        if canonical_label(amount.label) in ROWS:
            return False
        last = state.last
        begins = _LIST_BEGINS.search(f"{amount.lead}{amount.raw_label}")
        if begins and last is not None and (last.table, last.row) == ("expenditure", "project"):
            state.listing = _FIELD_OF_COLUMN[last.column or state.column]
        elif (
            last is None
            and state.under == "project"
            and (begins or state.items)
            and _tells_nothing_else(block)
        ):
            state.listing = "spent"
        name = _LIST_TAIL.sub("", _LIST_LEAD.sub("", amount.raw_label))
        unfit = _COLLECTIVE.match(name) or _OTHER_SPLIT.match(name) or COMPARISON.search(name)
        if not state.listing or not 2 <= len(name) <= 30 or unfit:
            return False
        return self._project_amount(self._project_key(name), state.listing, amount, block)

    def listed(self, passage: Passage, amounts: list[Amount], block: Block, project: str = "") -> bool:
        """A project with its figures behind a colon: «……专项经费：年初预算数48.00万元，下达资金50.22万元，实际支出…»."""
        match = _LISTED.match(passage.text)
        fields = [(_listed_field(amount), amount) for amount in amounts]
        known = [(name, amount) for name, amount in fields if name]
        name = project or (match["name"].strip() if match else "")
        if not name or not known or len(known) < len(amounts):
            return False
        if len(known) < LEAST_LISTED and not _LISTED_NAME.search(name):
            return False
        if not project and (_OTHER_SPLIT.match(name) or canonical_label(name) in ROWS):
            return False
        key = self._project_key(name)
        placed = [self._project_amount(key, name, amount, block) for name, amount in known]
        passage.used = all(placed) and not re.search(
            r"[\u4e00-\u9fff]{12,}", passage.text[known[-1][1].end :]
        )
        return True

    def _project_key(self, name: str) -> str:
        for key, project in self.projects.items():
            if project.name == name:
                return key
        key = f"project-{len(self.projects) + 1}"
        self.projects[key] = Project(key=key, name=name)
        return key

    def _project_amount(self, key: str, name: str, amount: Amount, block: Block) -> bool:
        kept = self.collected.put(f"money.projects.{key}.{name}", amount.value, block.place, amount.clause)
        if kept:
            self.projects[key] = self.projects[key].model_copy(update={name: amount.value})
        return kept

    def office(self, block: Block) -> None:
        """The office that manages project money: «专项经费由综合科统一管理»."""
        for passage in block.passages():
            if not re.search(r"专项|项目|资金|经费", passage.text):
                continue
            match = _OFFICE.search(passage.text)
            if match and not _VAGUE_OFFICE.search(match["office"]):
                self.collected.put("money.project_office", match["office"], block.place, match.group())


def project_title(words: str) -> str:
    """Name of the project that a heading is; empty for one that speaks of projects in general."""
    name = re.sub(r"[。：:]$", "", words.strip())
    fits = 4 <= len(name) <= 40 and _LISTED_NAME.search(name) and not re.search(r"[，；\d]", name)
    return name if fits and not (_COLLECTIVE.match(name) or _OTHER_SPLIT.match(name)) else ""


def _tells_nothing_else(block: Block) -> bool:
    """Whether a list below 项目支出 can only be of what was spent: a chapter on projects tells their budgets, too."""
    return section_key(block) not in PROJECT_SECTIONS


def _listed_field(amount: Amount) -> str | None:
    """Which of a project's amounts a label names; an inexact amount is none."""
    label = canonical_label(amount.label)
    return next((name for name, words in _LISTED_FIELDS if words.fullmatch(label) and not amount.vague), None)
