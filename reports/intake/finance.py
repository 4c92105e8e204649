"""Income, expenditure, budget, carry-over and project money in the sentences of a report.

A sentence states a total and then its parts («全年预算数为…，其中：基本支出…，项目支出…»): the column of
the total holds for the parts that follow it. A total of 财政拨款 alone is narrower than the table, so its
parts are left in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.dossier import Adjustment, Project
from budgets.tables import TABLES, TOTAL, Column
from reports.intake.amounts import AMOUNT, YEAR, Amount, find_amounts
from reports.intake.collected import Collected
from reports.intake.lexicon import (
    CLOSING,
    COMPARISON,
    FISCAL_PARTS,
    OPENING,
    OTHER_ROWS,
    ROWS,
    YEAR_INCOME,
    YEAR_SPENDING,
    Cell,
    canonical_label,
)
from reports.intake.sections import Block, Passage

PROJECT_SECTIONS = frozenset(["project_use", "project_management"])
MONEY_SECTIONS = PROJECT_SECTIONS | {"funds", "funds_management", "funds_allocation", "finance"}
FIGURE_SECTIONS = frozenset(["overview", "profile", *sorted(MONEY_SECTIONS)])

_INITIAL = re.compile(
    r"年初(?:部门|单位|收入|支出|批复|下达)?(?:的)?(?:预算)?(?:安排|批复)?|(?:部门|单位)?年初预算"
)
_INITIAL_BEHIND = re.compile(r"(?<=[\u4e00-\u9fff])年初预算(?:安排|批复)?$")
_FULL = re.compile(
    r"(?:本年|全年|年度|年中|调整后的?|调整|部门|单位|年末|财政|最终)*(?:的)?(?:收入|支出)?预算(?:安排|批复|总)?"
)
_ADJUSTED = re.compile(r"调整|全年|执行|年末")
_LEADS = (
    (re.compile(r"年初预算[^，。；]*[：:]"), Column.INITIAL_BUDGET),
    (re.compile(r"(?:全年预算|调整后预算|预算数)[^，。；]*[：:]"), Column.FULL_BUDGET),
    (re.compile(r"(?:决算|实际支出|执行数)[^，。；]*[：:]"), Column.ACTUAL),
)
BARE = frozenset(["支出", "实际支出", "决算", "决算支出", "支出决算", "执行", "实际执行", "实际"])
"""Labels that say only *spent*: of what, the words before them tell."""
OF_THEIR_OWN = frozenset(["three_public", "running_costs", "procurement"])
BUDGETS = (Column.INITIAL_BUDGET, Column.FULL_BUDGET)
_FILLER = re.compile(r"本年度?|全年|当年|年度|合计|总计|共计")
_ADDED = re.compile(r"(?:年中|年度中间|中途|本年|预算)?(?:追加|调增|增加预算)(?:预算)?(?:指标|收入|支出)?$")
_ADDED_FOR = re.compile(r"^(?:主要是|主要为|其中|年度?中|年中|预算|财政)*(?:追加|调增)(?!预算)[^\d]{2,40}$")
"""«年中追加城市更新、疫情防控资金568.44万元»: what the money was added for stands between."""
_CUT = re.compile(r"(?:年中|年度中间|中途|本年|预算)?(?:调减|核减|收回)(?:预算)?(?:指标|资金)?$")
_ACTUAL = re.compile(r"决算|实际|执行")
_NARROW = re.compile(r"财政拨款.{0,4}支出|公共预算.{0,6}支出|基金.{0,6}支出")
_BOTH_SIDES = re.compile(r"支(?:出)?总计")
"""Income and expenditure in one figure balance, so they count the carry-over."""
_LEFT_OVER = re.compile(
    r"[，。；：:;、（()）,“”\s]|其中|本年度|年度|本年|全年|分别|我?(?:单位|部门|中心|局)|20\d\d年度?|共|合计|总计|为|是|数"
)

_PROJECT_WORDS = r"(?:专项经费|工作经费|运行经费|补助经费|经费|专项资金|补助资金|资金|专项|项目|补助|工程)"
_GIVEN = re.compile(
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
_GOES_ON = re.compile(r"^(?:其中|主要用于|具体(?:为|包括|用于)|主要包括)")
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
_WHOLE_PROJECT = re.compile(
    r"^(?:本年|当年|今年|20\d\d年度?)?(?:.{0,6}级|[省市县区乡镇])?(?:财政|财政局)?(?:下达|安排|拨付|拨入|划拨)"
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
_VEHICLE_PARTS = {
    "购置费": "vehicle_purchase",
    "车辆购置费": "vehicle_purchase",
    "运行维护费": "vehicle_running",
    "运行费": "vehicle_running",
    "车辆运行维护费": "vehicle_running",
}
_VEHICLE_WHOLE = re.compile(r"公务用车购置(?:费)?(?:和|及|与)运行(?:维护)?费(?:用)?(?:支出)?")
_LISTED_NAME = re.compile(r"(?:经费|资金|专项|项目|补助|工程)$")

_OFFICE_NAME = r"[^，。；、：:由和及与（()）\s]{1,14}?(?:科室|股室|处室|办公室|中心|科|股|室|处|办|部|站|组)"
_OFFICE = re.compile(
    rf"由(?:本?(?:单位|部门|局|中心|镇|我局|我单位)的?)?[“\"]?(?P<office>{_OFFICE_NAME})[”\"]?(?:进行|实行|予以)?(?:统一|归口|集中|专门|具体|统筹|负责)+(?:管理|核算|监管|使用|安排|对|项目)?"
)
_SPOKEN_OF = re.compile(
    r"(?:^|[，。；：:“]|其中)[本年全]{0,2}(?P<what>基本支出|项目支出)(?:中|主要用于|主要包括|主要是|主要有|主要为|用于|包括|具体为|如下|安排)+(?:有)?[，,：:]?(?:其中)?[：:]?$"
)
_SUBJECTS = (
    ("three_public", re.compile(r"^(?:[^，。；：:]{0,12})三公”?经费[^，。；：:、]{0,8}(?:[：:]|$)")),
    ("procurement", re.compile(r"^(?:[^，。；：:]{0,8})政府采购[^，。；：:、]{0,8}(?:[：:]|$)")),
)
_RATE = re.compile(
    r"(?P<of>[^，。；：:、（()）]*?)(?P<what>(?:预算|支出)(?:资金)?(?:支出)?)?执行(?:完成)?率(?:为|是|达到?|：|:)*(?P<rate>\d+(?:\.\d+)?%)"
)
_RATE_OF_ALL = re.compile(
    r"^(?:20\d\d年度?|本年度?|全年|年度|当年|其中|我?(?:单位|部门|局|中心|院|校|街道|镇|乡)|部门|整体|总体|财政|的|总|收支|支出|实际|资金)*$"
)
_NONE_SPENT = re.compile(
    r"(?P<year>20\d\d年度?)?(?:均)?(?:未|没有|无)(?:发生|产生|安排|列支|支出)?(?P<labels>[^，。；：:\d]{4,50})"
)
_NONE_LEFT = re.compile(
    r"(?:^|[，。；])(?:本年|年末|当年)?(?:无|没有)(?:年末)?结转(?:和|及)?(?:结余)?(?:资金)?(?=[，。；]|$)"
)
_ALL_FISCAL = re.compile(
    r"收入(?:合计|总计|总额)?[\d,.]+(?:万元|元)，(?:全部|均)(?:为|是|系)(?:一般公共预算)?财政拨款"
)
_ALL_OF_IT = re.compile(
    r"(?:均为|均是|全为|全部为|全部是|均用于|全部用于|全部系)(?P<label>[^，。；：:、\d]{4,14})"
)
_NOT_BOUGHT = re.compile(r"(?:未|没有)(?:新增?)?购置公务用车")
_VAGUE_OFFICE = re.compile(r"^(?:各|相关|有关|业务|专门|专|该|财政|上级|主管)|财政局|财政所")


@dataclass
class _Sentence:
    """Where the reader is inside one sentence."""

    column: Column = Column.ACTUAL
    lead: Column | None = None
    """Column named before a colon; it holds for all that follows."""
    last: Cell | None = None
    """What the amount before was; its ``column`` only where its own words said it."""
    narrow: bool = False
    project: str | None = None
    subject: str = ""
    """Table that the heading or the words before a colon speak of, where it is none of the whole unit's."""
    grand: Amount | None = None
    """A total that may be more than the year's."""
    vehicle: bool = False
    """Whether 公务用车购置及运行维护费 was named."""
    income: bool = False
    """Whether a total of income was named."""
    whole: bool = False
    """Whether spending or budget of the whole unit was named."""
    under: str = ""
    """Row of expenditure that the heading above names («2.项目支出。»)."""
    items: bool = False
    """Whether the paragraph is an item of a list."""
    listing: str = ""
    """Field of the projects that a list behind 项目支出 is naming."""
    adding: bool = False
    """Whether the amount before was an addition to the budget; a list goes on with «、»."""
    text: str = ""
    """The sentence itself."""
    of_projects: bool = False
    """Whether the section tells of projects: what it calls only spending or carry-over is theirs."""
    spending: str = ""
    """Row of expenditure that was spoken of last."""
    fiscal: list[tuple[Amount, Column, bool]] = field(default_factory=list)
    open_amounts: list[Amount] = field(default_factory=list)


@dataclass
class MoneyReader:
    """Reads the amounts of the sections that speak of money, in the order of the text."""

    collected: Collected
    year: int
    projects: dict[str, Project] = field(default_factory=dict)
    adjustments: list[Adjustment] = field(default_factory=list)
    grand: list[tuple[str, Amount, str]] = field(default_factory=list)
    with_carryover: set[Amount] = field(default_factory=set)
    """Totals that count the carry-over named among their parts, and so are not the year's."""
    mentioned: set[str] = field(default_factory=set)
    """Kinds of figures that the text speaks of, read or not."""
    vehicles: list[tuple[Amount, Column, Block]] = field(default_factory=list)
    """公务用车购置及运行维护费, both parts in one figure."""
    running: list[tuple[Amount, Block]] = field(default_factory=list)
    """商品和服务支出 of basic spending: 公用经费 where the text states no such total."""

    def read(self, root: Block) -> None:
        """All sections, then the totals that are only wider names of the year's."""
        for block in root.walk():
            key = section_key(block)
            if key in FIGURE_SECTIONS:
                self._block(block)
            if key in MONEY_SECTIONS:
                self._office(block)
        self.read_three_public(root)
        self._grand_totals()
        self._running_costs()
        self._vehicle_totals()

    def _block(self, block: Block) -> None:
        state = _Sentence()
        of_projects = section_key(block) in PROJECT_SECTIONS
        of_block = _project_title(block.title) if section_key(block) in PROJECT_SECTIONS else ""
        under = _spending_of(block.title)
        if AMOUNT.search(block.title):
            self._passage(Passage(block.title), block, _Sentence(subject=_subject(block.title)))
        for paragraph in block.paragraphs:
            project = of_block
            spoken = _spending_of(paragraph.passages[0].text) if len(paragraph.passages) > 1 else ""
            if paragraph.mark and section_key(block) in PROJECT_SECTIONS and len(paragraph.passages) > 1:
                project = _project_title(paragraph.passages[0].text) or of_block
            for passage in paragraph.passages:
                goes_on = _GOES_ON.match(passage.text) and state.last is not None
                before, state = state, _Sentence(subject=_subject(block.title), under=spoken or under)
                state.spending, state.of_projects = state.under, of_projects
                state.items = bool(paragraph.mark) and not spoken
                if goes_on:
                    state.column, state.last, state.spending = before.column, before.last, before.spending
                    state.income = before.income
                if project and self._listed(passage, find_amounts(passage.text), block, project):
                    continue
                self._passage(passage, block, state)
                self._rate(passage, block, state)
                self._nothing_spent(passage, block)

    def read_three_public(self, root: Block) -> None:
        """“三公”经费 in chapters that otherwise speak of results."""
        for block in root.walk():
            if section_key(block) != "performance":
                continue
            for passage in block.passages():
                if re.search(r"三公”?经费", passage.text) and AMOUNT.search(passage.text):
                    self._passage(passage, block, _Sentence(subject="three_public"))
                    self._nothing_spent(passage, block)

    # -------------------------------------------------------------- figures

    def _passage(self, passage: Passage, block: Block, state: _Sentence) -> None:
        amounts = find_amounts(passage.text)
        state.text = passage.text
        if section_key(block) in PROJECT_SECTIONS and self._listed(passage, amounts, block):
            return
        placed = [self._amount(amount, state, block) for amount in amounts]
        placed.append(self._fiscal(state, block))
        for amount in state.open_amounts:
            self._unplaced(amount, block)
        if amounts and all(placed) and _nothing_left(passage.text, amounts):
            passage.used = True

    def _amount(self, amount: Amount, state: _Sentence, block: Block) -> bool:
        if COMPARISON.search(amount.raw_label) and not _ADDED.search(amount.label):
            return False
        self._named_before(amount, state)
        if not _GIVEN.search(amount.raw_label) and self._list_item(amount, state, block):
            return True
        if self._project(amount, state, block):
            return True
        cell = self._cell(amount, state)
        if cell is None and not amount.vague and _VEHICLE_WHOLE.fullmatch(_row_label(amount.label)):
            self.vehicles.append(
                (amount, _column_of(canonical_label(amount.label))[1] or state.column, block)
            )
            return True
        if cell is None and state.spending == "basic" and canonical_label(amount.label) == "商品和服务支出":
            self.running.append((amount, block))
            return True
        if cell is None:
            added = (
                state.adding and not amount.lead.strip("、") and not amount.label.startswith(("其中", "结转"))
            )
            if self._adjustment(amount, block, more=bool(added)):
                state.adding = True
                return True
            state.adding = False
            if not state.narrow:
                state.open_amounts.append(amount)
            return False
        if cell.table == "income_source" and cell.row == TOTAL:
            state.income = True
        if cell.table == "expenditure" and cell.row == TOTAL:
            state.whole = True
            if state.subject:
                row = TOTAL if TABLES[state.subject].total_label else TABLES[state.subject].rows[0].key
                cell = Cell(state.subject, row, cell.column)
        state.last, state.adding = cell, False
        state.listing = ""
        if cell.table == "expenditure":
            state.spending = cell.row
        if amount.vague:
            self.collected.ask(block.place, amount.clause, "金额不是准确数，没有读入，请按决算填写")
            return False
        if cell.grand:
            self.grand.append((cell.table, amount, block.place))
            state.grand = amount
            return True
        if cell.table == "carryover" and state.grand is not None and _holds_parts(state, amount):
            self.with_carryover.add(state.grand)
        column = cell.column or state.column
        if cell.table == "carryover" and column in (Column.INITIAL_BUDGET, Column.FULL_BUDGET):
            column = Column.ACTUAL
        part = FISCAL_PARTS.match(canonical_label(_row_label(amount.label)))
        if part and cell.table == "income_source":
            state.fiscal.append((amount, column, not part["fund"].startswith("一般")))
            return True
        if cell.table == "expenditure" and cell.row == TOTAL and column is Column.FULL_BUDGET:
            self._adjusted(amount)
        label = _row_label(amount.label) if cell.table != "carryover" else amount.label
        if cell.row == TOTAL or label in _VEHICLE_PARTS:
            label = ""
        return self.collected.amount(
            cell.table, cell.row, column, amount.value, label, block.place, amount.clause
        )

    def _adjusted(self, amount: Amount) -> None:
        """«部门预算安排…，调整后全年预算…»: what stood before an adjusted budget was the initial one."""
        path = f"money.expenditure.{TOTAL}"
        full, initial = f"{path}.{Column.FULL_BUDGET}", f"{path}.{Column.INITIAL_BUDGET}"
        said = next((one.words for one in self.collected.origins if one.where == full), "")
        if not said or initial in self.collected.values or "调整" not in amount.label:
            return
        if _ADJUSTED.search(said) or self.collected.values[full] == amount.value:
            return
        self.collected.move(full, initial)
        parts = re.compile(rf"money\.(?:income_nature|income_source|expenditure)\.\w+\.{Column.FULL_BUDGET}$")
        for where in [where for where in self.collected.values if parts.match(where)]:
            to = f"{where.removesuffix(Column.FULL_BUDGET)}{Column.INITIAL_BUDGET}"
            if to not in self.collected.values:
                self.collected.move(where, to)

    def _named_before(self, amount: Amount, state: _Sentence) -> None:
        """What the words before the label say is spoken of: «项目支出中：…», «“三公”经费：…»."""
        if spoken := _SPOKEN_OF.search(amount.lead):
            state.spending = "basic" if spoken["what"] == "基本支出" else "project"
            state.listing = "spent" if state.spending == "project" else ""
        if subject := _subject(amount.lead):
            state.subject = subject

    def _cell(self, amount: Amount, state: _Sentence) -> Cell | None:
        """Table, row and column of a labelled amount; sets what the sentence now speaks of."""
        label = canonical_label(amount.label)
        self._note(label)
        if amount.year not in (None, self.year, self.year - 1):
            return None
        self._lead(amount, state)
        if state.of_projects and label in ("结转", "结余", "结转结余"):
            return None
        if OPENING.match(label):
            return Cell("carryover", "opening", Column.ACTUAL)
        if CLOSING.match(label):
            return Cell("carryover", "closing", Column.ACTUAL)
        if _ADDED.search(label) or _CUT.search(label):
            return None
        if label in BARE and amount.year is None and amount.raw_label == _FILLER.sub("", amount.raw_label):
            return self._bare(amount, label, state)
        rest, column = _column_of(label)
        if amount.year == self.year - 1 or label.startswith("上年"):
            rest, column = rest.removeprefix("上年度").removeprefix("上年"), Column.PRIOR_FINAL
        row = ROWS.get(rest)
        self._vehicle(label, state)
        if state.vehicle and rest in _VEHICLE_PARTS:
            row = ("three_public", _VEHICLE_PARTS[rest])
        if rest == "其他" and state.last is not None and state.last.table == "income_source":
            row = ROWS["其他收入"]
        part = FISCAL_PARTS.match(rest)
        if part and (state.income or (row is None and part["income"])):
            row = ("income_source", "fiscal")
        if row is not None:
            if row[0] == "expenditure" and state.narrow:
                return None
            if row[0] == "income_nature" and state.spending in ("basic", "project"):
                return None
            return Cell(row[0], row[1], column)
        return self._total(rest, column, label, state)

    def _vehicle(self, label: str, state: _Sentence) -> None:
        """«公务用车购置及运行维护费11.20万元（购置费…，运行维护费…)»: the parts need not say of what."""
        if "公务用车购置" in label and "运行" in label:
            state.vehicle = True

    def _bare(self, amount: Amount, label: str, state: _Sentence) -> Cell | None:
        """«决算», «实际支出» alone: of the amount before them, else of the year. Behind unknown money it is unknown too."""
        last = state.last
        if state.open_amounts or state.project or state.narrow:
            return None
        if last is None and state.of_projects:
            return None
        if last is None or last.table in ("income_source", "income_nature", "carryover") or last.row == TOTAL:
            table = "expenditure" if last is None or last.table not in OF_THEIR_OWN else last.table
            state.column = Column.ACTUAL
            spends = table != "expenditure" or last is not None or "支出" in label
            return Cell(table, TOTAL, Column.ACTUAL) if spends else None
        return Cell(last.table, last.row, Column.ACTUAL) if last.column in BUDGETS else None

    def _total(self, rest: str, column: Column | None, label: str, state: _Sentence) -> Cell | None:
        if _NARROW.search(label):
            state.narrow = True
            return None
        state.narrow = False
        wide = rest.endswith("总计")
        plain = re.sub(r"^(?:部门|单位|全年|本年度?|当年|年度)+(?=总)", "", rest.removesuffix("总计"))
        if plain in YEAR_INCOME or plain == "总收入":
            state.column = column or state.lead or Column.ACTUAL
            return Cell("income_source", TOTAL, state.column, grand=wide or plain == "总收入")
        if plain in YEAR_SPENDING or plain == "总支出":
            state.column = column or state.lead or Column.ACTUAL
            return Cell("expenditure", TOTAL, state.column, grand=wide or plain == "总支出")
        if plain == "" and column in (Column.INITIAL_BUDGET, Column.FULL_BUDGET):
            state.column = column
            return Cell("expenditure", TOTAL, column)
        return None

    def _fiscal(self, state: _Sentence, block: Block) -> bool:
        """财政拨款收入 from its parts (一般公共预算, 政府性基金, 国有资本经营), unless it is stated itself."""
        placed = True
        for column in dict.fromkeys(column for _, column, _ in state.fiscal):
            parts = [(amount, more) for amount, other, more in state.fiscal if other is column]
            path = f"money.income_source.fiscal.{column}"
            if path in self.collected.values and any(more for _, more in parts):
                placed = False
                for amount, _ in parts:
                    self._unplaced(amount, block)
                continue
            label = "财政拨款收入" if len(parts) > 1 else _row_label(parts[0][0].label)
            placed &= self.collected.amount(
                "income_source",
                "fiscal",
                column,
                sum((amount.value for amount, _ in parts), Decimal(0)),
                label,
                block.place,
                "，".join(amount.clause for amount, _ in parts),
            )
        return placed

    def _running_costs(self) -> None:
        for amount, block in self.running:
            path = f"money.running_costs.{TOTAL}.{Column.ACTUAL}"
            if path in self.collected.values:
                self._unplaced(amount, block)
            else:
                self.collected.amount(
                    "running_costs", TOTAL, Column.ACTUAL, amount.value, "", block.place, amount.clause
                )

    def _vehicle_totals(self) -> None:
        """公务用车购置及运行维护费 has no row: it is told where it is not the sum of its two parts."""
        for amount, column, block in self.vehicles:
            parts = [
                self.collected.get(f"money.three_public.{row}.{column}")
                for row in ("vehicle_purchase", "vehicle_running")
            ]
            if (
                sum((part for part in parts if isinstance(part, Decimal)), Decimal(0)) != amount.value
                or None in parts
            ):
                self._unplaced(amount, block)

    def _rate(self, passage: Passage, block: Block, state: _Sentence) -> None:
        """The rate of execution of the whole budget as the text states it."""
        if section_key(block) in PROJECT_SECTIONS or state.subject or state.project:
            return
        for match in _RATE.finditer(passage.text):
            if _RATE_OF_ALL.match(match["of"]) and (match["what"] or state.whole):
                self.collected.put("assessment.execution_rate", match["rate"], block.place, match.group())

    def _nothing_spent(self, passage: Passage, block: Block) -> None:
        """«未发生公务接待费和因公出国（境）费»: stated to be 0."""
        for match in _NONE_SPENT.finditer(passage.text):
            if match["year"] and not match["year"].startswith(str(self.year)):
                continue
            before = ""
            for words in re.split(r"、|和|及|与|或", match["labels"]):
                label = re.sub(r"(?:支出|的|情况)*$", "", canonical_label(words))
                table, row = OTHER_ROWS.get(label, ("", TOTAL))
                if label in _VEHICLE_PARTS and before.startswith("公务用车购置"):
                    table, row = "three_public", _VEHICLE_PARTS[label]
                before = label
                if table == "three_public" and row != TOTAL:
                    self.collected.amount(
                        table, row, Column.ACTUAL, Decimal(0), label, block.place, match.group()
                    )
        if _NONE_LEFT.search(passage.text):
            self.collected.amount(
                "carryover", "closing", Column.ACTUAL, Decimal(0), "", block.place, passage.text
            )
        income = self.collected.get(f"money.income_source.{TOTAL}.{Column.ACTUAL}")
        if (match := _ALL_FISCAL.search(passage.text)) and isinstance(income, Decimal):
            self.collected.amount(
                "income_source", "fiscal", Column.ACTUAL, income, "", block.place, match.group()
            )
        whole = self.collected.get(f"money.three_public.{TOTAL}.{Column.ACTUAL}")
        match = _ALL_OF_IT.search(passage.text)
        if match and isinstance(whole, Decimal) and re.search(r"三公", passage.text):
            table, row = OTHER_ROWS.get(canonical_label(match["label"]), ("", TOTAL))
            if table == "three_public" and row != TOTAL:
                self.collected.amount(table, row, Column.ACTUAL, whole, "", block.place, match.group())
        if match := _NOT_BOUGHT.search(passage.text):
            self.collected.amount(
                "three_public", "vehicle_purchase", Column.ACTUAL, Decimal(0), "", block.place, match.group()
            )

    def _lead(self, amount: Amount, state: _Sentence) -> None:
        """A column named before a colon holds for what follows: «年初预算情况：基本支出…»."""
        for words, column in _LEADS:
            if words.search(amount.lead):
                state.column = state.lead = column
                return

    def _note(self, label: str) -> None:
        for kind, words in (("income", "收入"), ("expenditure", "支出"), ("budget", "预算")):
            if words in label:
                self.mentioned.add(kind)

    def _unplaced(self, amount: Amount, block: Block) -> None:
        self.collected.leave(block.place, amount.clause)

    def _grand_totals(self) -> None:
        """收入总计 and 支出总计: the year's total where no other is stated, else a row beside carry-over."""
        sides = Counter(amount.start for _, amount, _ in self.grand if _BOTH_SIDES.search(amount.clause))
        for table, amount, source in self.grand:
            if sides[amount.start] > 1:
                self.with_carryover.add(amount)
            path = f"money.{table}.{TOTAL}.{Column.ACTUAL}"
            known = self.collected.get(path)
            if amount not in self.with_carryover and (known is None or known == amount.value):
                self.collected.put(path, amount.value, source, amount.clause)
                self.collected.labels.setdefault((table, TOTAL), "")
                continue
            label = "收入总计" if table == "income_source" else "支出总计"
            key = self.collected.free_row("carryover", label)
            self.collected.amount("carryover", key, Column.ACTUAL, amount.value, label, source, amount.clause)

    def _adjustment(self, amount: Amount, block: Block, more: bool = False) -> bool:
        """``more``: it goes on with a list of additions that an amount before began."""
        label = canonical_label(amount.label)
        phrase = re.split(r"[，。；：:]", f"{amount.lead}{amount.raw_label}")[-1]
        added, cut = _ADDED.search(label) or _ADDED_FOR.match(phrase), _CUT.search(label)
        if not (added or cut or more):
            return False
        value = amount.value if added or more else -amount.value
        if all(one.amount != value for one in self.adjustments):
            where = f"money.adjustments.{len(self.adjustments)}.amount"
            self.adjustments.append(Adjustment(amount=value))
            self.collected.put(where, value, block.place, amount.clause)
        return True

    # -------------------------------------------------------------- projects

    def _project(self, amount: Amount, state: _Sentence, block: Block) -> bool:
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
        given = _GIVEN.search(amount.raw_label)
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

    def _list_item(self, amount: Amount, state: _Sentence, block: Block) -> bool:
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

    def _listed(self, passage: Passage, amounts: list[Amount], block: Block, project: str = "") -> bool:
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

    def _office(self, block: Block) -> None:
        """The office that manages project money: «专项经费由综合科统一管理»."""
        for passage in block.passages():
            if not re.search(r"专项|项目|资金|经费", passage.text):
                continue
            match = _OFFICE.search(passage.text)
            if match and not _VAGUE_OFFICE.search(match["office"]):
                self.collected.put("money.project_office", match["office"], block.place, match.group())


def section_key(block: Block | None) -> str | None:
    """Key of a section, or of the nearest known one above it."""
    while block is not None and block.key is None:
        block = block.parent
    if block is None:
        return None
    return "profile" if block.key in ("duties", "offices", "staff") else block.key


def _holds_parts(state: _Sentence, amount: Amount) -> bool:
    """Whether the carry-over is told among the parts of the total: «总支出…，其中：…，年末结转…»."""
    return state.grand is not None and bool(
        re.search(
            r"其中|包括|含|分别|构成|[（(：:]|总计",
            state.text[max(0, state.grand.label_start) : amount.start],
        )
    )


def _project_title(words: str) -> str:
    """Name of the project that a heading is; empty for one that speaks of projects in general."""
    name = re.sub(r"[。：:]$", "", words.strip())
    fits = 4 <= len(name) <= 40 and _LISTED_NAME.search(name) and not re.search(r"[，；\d]", name)
    return name if fits and not (_COLLECTIVE.match(name) or _OTHER_SPLIT.match(name)) else ""


def _tells_nothing_else(block: Block) -> bool:
    """Whether a list below 项目支出 can only be of what was spent: a chapter on projects tells their budgets, too."""
    return section_key(block) not in PROJECT_SECTIONS


def _spending_of(words: str) -> str:
    """Row of expenditure that a heading is about: ``项目支出``, ``基本支出2876.93万元``."""
    match = re.match(
        r"(?:本年|全年)?(基本|项目)支出(?:情况|使用情况)?(?:[\d,.]+万?元)?[。：:]?$", words.strip()
    )
    return {"基本": "basic", "项目": "project"}[match[1]] if match else ""


def _subject(words: str) -> str:
    """Table that a heading or the words before a colon name."""
    return next((table for table, named in _SUBJECTS if named.search(words)), "")


def _listed_field(amount: Amount) -> str | None:
    """Which of a project's amounts a label names; an inexact amount is none."""
    label = canonical_label(amount.label)
    return next((name for name, words in _LISTED_FIELDS if words.fullmatch(label) and not amount.vague), None)


def _column_of(label: str) -> tuple[str, Column | None]:
    """Label without the words that name a column, and that column."""
    if match := _INITIAL.match(label):
        rest = label[match.end() :]
        rest = rest.removesuffix("预算")
        return rest or ("收入" if "收入" in label else ""), Column.INITIAL_BUDGET
    if match := _INITIAL_BEHIND.search(label):
        return label[: match.start()], Column.INITIAL_BUDGET
    if "预算" in label and not re.search(r"公共预算|基金预算|经营预算", label):
        rest = re.sub(r"预算(?:安排|批复)?$", "", label)
        if rest not in ROWS:
            rest = re.sub(r"^(?:部门|单位)?(?:整体|总)?$", "", _FULL.sub("", label, count=1))
        return rest or ("收入" if "收入" in label else ""), Column.FULL_BUDGET
    if label not in YEAR_SPENDING and label not in YEAR_INCOME and (found := _ACTUAL.search(label)):
        rest = label[: found.start()] + label[found.end() :]
        return rest, Column.ACTUAL
    return label, None


def _row_label(label: str) -> str:
    """Label as stated, for a row that has an official one; the column's words are left out."""
    rest, _ = _column_of(canonical_label(label))
    return rest


def _nothing_left(sentence: str, amounts: list[Amount]) -> bool:
    """Whether a sentence says nothing beyond its figures."""
    left = sentence
    for amount in sorted(amounts, key=lambda item: -item.start):
        project = _GIVEN.search(amount.raw_label)
        known = project is None or _WHOLE_PROJECT.match(amount.raw_label)
        if not known:
            return False
        left = left[: amount.label_start] + left[amount.end :]
    return len(_LEFT_OVER.sub("", AMOUNT.sub("", left))) <= 2
