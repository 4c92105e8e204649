"""Income, expenditure, budget, carry-over and project money in the sentences of a report.

A sentence states a total and then its parts («全年预算数为…，其中：基本支出…，项目支出…»): the column of
the total holds for the parts that follow it. A total of 财政拨款 alone is narrower than the table, so its
parts are left in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.dossier import Adjustment
from budgets.tables import TABLES, TOTAL, Column
from reports.intake.amounts import AMOUNT, Amount, find_amounts
from reports.intake.collected import Collected
from reports.intake.lexicon import (
    CLOSING,
    COMPARISON,
    FISCAL_PARTS,
    OPENING,
    ROWS,
    YEAR_INCOME,
    YEAR_SPENDING,
    Cell,
    canonical_label,
)
from reports.intake.money_projects import GIVEN, ProjectMoney, project_title
from reports.intake.money_statements import execution_rate, nothing_spent
from reports.intake.money_totals import WaitingTotals
from reports.intake.money_words import (
    FIGURE_SECTIONS,
    MONEY_SECTIONS,
    PROJECT_SECTIONS,
    VEHICLE_PARTS,
    Sentence,
    column_of,
    row_label,
    spending_of,
    subject_of,
)
from reports.intake.sections import Block, Passage, section_key

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
_NARROW = re.compile(r"财政拨款.{0,4}支出|公共预算.{0,6}支出|基金.{0,6}支出")
_LEFT_OVER = re.compile(
    r"[，。；：:;、（()）,“”\s]|其中|本年度|年度|本年|全年|分别|我?(?:单位|部门|中心|局)|20\d\d年度?|共|合计|总计|为|是|数"
)
_GOES_ON = re.compile(r"^(?:其中|主要用于|具体(?:为|包括|用于)|主要包括)")
_WHOLE_PROJECT = re.compile(
    r"^(?:本年|当年|今年|20\d\d年度?)?(?:.{0,6}级|[省市县区乡镇])?(?:财政|财政局)?(?:下达|安排|拨付|拨入|划拨)"
)
_VEHICLE_WHOLE = re.compile(r"公务用车购置(?:费)?(?:和|及|与)运行(?:维护)?费(?:用)?(?:支出)?")
_SPOKEN_OF = re.compile(
    r"(?:^|[，。；：:“]|其中)[本年全]{0,2}(?P<what>基本支出|项目支出)(?:中|主要用于|主要包括|主要是|主要有|主要为|用于|包括|具体为|如下|安排)+(?:有)?[，,：:]?(?:其中)?[：:]?$"
)


@dataclass
class MoneyReader:
    """Reads the amounts of the sections that speak of money, in the order of the text."""

    collected: Collected
    year: int
    adjustments: list[Adjustment] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    """Kinds of figures that the text speaks of, read or not."""

    def __post_init__(self) -> None:
        self.project_money = ProjectMoney(self.collected)
        self.totals = WaitingTotals(self.collected)

    def read(self, root: Block) -> None:
        """All sections, then the totals that are only wider names of the year's."""
        for block in root.walk():
            key = section_key(block)
            if key in FIGURE_SECTIONS:
                self._block(block)
            if key in MONEY_SECTIONS:
                self.project_money.office(block)
        self.read_three_public(root)
        self.totals.close()

    def _block(self, block: Block) -> None:
        state = Sentence()
        of_projects = section_key(block) in PROJECT_SECTIONS
        of_block = project_title(block.title) if section_key(block) in PROJECT_SECTIONS else ""
        under = spending_of(block.title)
        if AMOUNT.search(block.title):
            self._passage(Passage(block.title), block, Sentence(subject=subject_of(block.title)))
        for paragraph in block.paragraphs:
            project = of_block
            spoken = spending_of(paragraph.passages[0].text) if len(paragraph.passages) > 1 else ""
            if paragraph.mark and section_key(block) in PROJECT_SECTIONS and len(paragraph.passages) > 1:
                project = project_title(paragraph.passages[0].text) or of_block
            for passage in paragraph.passages:
                goes_on = _GOES_ON.match(passage.text) and state.last is not None
                before, state = state, Sentence(subject=subject_of(block.title), under=spoken or under)
                state.spending, state.of_projects = state.under, of_projects
                state.items = bool(paragraph.mark) and not spoken
                if goes_on:
                    state.column, state.last, state.spending = before.column, before.last, before.spending
                    state.income = before.income
                if project and self.project_money.listed(passage, find_amounts(passage.text), block, project):
                    continue
                self._passage(passage, block, state)
                execution_rate(self.collected, passage, block, state)
                nothing_spent(self.collected, self.year, passage, block)

    def read_three_public(self, root: Block) -> None:
        """“三公”经费 in chapters that otherwise speak of results."""
        for block in root.walk():
            if section_key(block) != "performance":
                continue
            for passage in block.passages():
                if re.search(r"三公”?经费", passage.text) and AMOUNT.search(passage.text):
                    self._passage(passage, block, Sentence(subject="three_public"))
                    nothing_spent(self.collected, self.year, passage, block)

    def _passage(self, passage: Passage, block: Block, state: Sentence) -> None:
        amounts = find_amounts(passage.text)
        state.text = passage.text
        if section_key(block) in PROJECT_SECTIONS and self.project_money.listed(passage, amounts, block):
            return
        placed = [self._amount(amount, state, block) for amount in amounts]
        placed.append(self._fiscal(state, block))
        for amount in state.open_amounts:
            self._unplaced(amount, block)
        if amounts and all(placed) and _nothing_left(passage.text, amounts):
            passage.used = True

    def _amount(self, amount: Amount, state: Sentence, block: Block) -> bool:
        if COMPARISON.search(amount.raw_label) and not _ADDED.search(amount.label):
            return False
        self._named_before(amount, state)
        if not GIVEN.search(amount.raw_label) and self.project_money.list_item(amount, state, block):
            return True
        if self.project_money.read(amount, state, block):
            return True
        cell = self._cell(amount, state)
        if cell is None and not amount.vague and _VEHICLE_WHOLE.fullmatch(row_label(amount.label)):
            self.totals.vehicles.append(
                (amount, column_of(canonical_label(amount.label))[1] or state.column, block)
            )
            return True
        if cell is None and state.spending == "basic" and canonical_label(amount.label) == "商品和服务支出":
            self.totals.running.append((amount, block))
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
            self.totals.grand.append((cell.table, amount, block.place))
            state.grand = amount
            return True
        if cell.table == "carryover" and state.grand is not None and _holds_parts(state, amount):
            self.totals.with_carryover.add(state.grand)
        column = cell.column or state.column
        if cell.table == "carryover" and column in (Column.INITIAL_BUDGET, Column.FULL_BUDGET):
            column = Column.ACTUAL
        part = FISCAL_PARTS.match(canonical_label(row_label(amount.label)))
        if part and cell.table == "income_source":
            state.fiscal.append((amount, column, not part["fund"].startswith("一般")))
            return True
        whole = cell.row == TOTAL and cell.table in ("expenditure", "income_source")
        if whole and column is Column.FULL_BUDGET:
            self._adjusted(amount, cell.table)
        label = row_label(amount.label) if cell.table != "carryover" else amount.label
        if cell.row == TOTAL or label in VEHICLE_PARTS:
            label = ""
        return self.collected.amount(
            cell.table, cell.row, column, amount.value, label, block.place, amount.clause
        )

    def _adjusted(self, amount: Amount, table: str) -> None:
        """«部门预算安排…，调整后全年预算…»: what stood before an adjusted budget was the initial one."""
        path = f"money.{table}.{TOTAL}"
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

    def _named_before(self, amount: Amount, state: Sentence) -> None:
        """What the words before the label say is spoken of: «项目支出中：…», «“三公”经费：…»."""
        if spoken := _SPOKEN_OF.search(amount.lead):
            state.spending = "basic" if spoken["what"] == "基本支出" else "project"
            state.listing = "spent" if state.spending == "project" else ""
        if subject := subject_of(amount.lead):
            state.subject = subject

    def _cell(self, amount: Amount, state: Sentence) -> Cell | None:
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
        rest, column = column_of(label)
        if amount.year == self.year - 1 or label.startswith("上年"):
            rest, column = rest.removeprefix("上年度").removeprefix("上年"), Column.PRIOR_FINAL
        row = ROWS.get(rest)
        self._vehicle(label, state)
        if state.vehicle and rest in VEHICLE_PARTS:
            row = ("three_public", VEHICLE_PARTS[rest])
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

    def _vehicle(self, label: str, state: Sentence) -> None:
        """«公务用车购置及运行维护费11.20万元（购置费…，运行维护费…)»: the parts need not say of what."""
        if "公务用车购置" in label and "运行" in label:
            state.vehicle = True

    def _bare(self, amount: Amount, label: str, state: Sentence) -> Cell | None:
        """«决算», «实际支出» alone: of the amount before them, else of the year. Behind unknown money it is unknown too."""
        last = state.last
        if state.open_amounts or state.project or state.narrow:
            return None
        if last is None and state.of_projects:
            return None
        of_income = last is not None and (last.table, last.row) == ("income_source", TOTAL)
        if of_income and label == "支出" and state.column in BUDGETS:
            # «预算收入…，支出…»: both sides of one budget.
            return Cell("expenditure", TOTAL, state.column)
        if last is None or last.table in ("income_source", "income_nature", "carryover") or last.row == TOTAL:
            table = "expenditure" if last is None or last.table not in OF_THEIR_OWN else last.table
            state.column = Column.ACTUAL
            spends = table != "expenditure" or last is not None or "支出" in label
            return Cell(table, TOTAL, Column.ACTUAL) if spends else None
        return Cell(last.table, last.row, Column.ACTUAL) if last.column in BUDGETS else None

    def _total(self, rest: str, column: Column | None, label: str, state: Sentence) -> Cell | None:
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
            if state.of_projects and state.last is None:
                return None
            state.column = column
            return Cell("expenditure", TOTAL, column)
        return None

    def _fiscal(self, state: Sentence, block: Block) -> bool:
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
            label = "财政拨款收入" if len(parts) > 1 else row_label(parts[0][0].label)
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

    def _lead(self, amount: Amount, state: Sentence) -> None:
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


def _holds_parts(state: Sentence, amount: Amount) -> bool:
    """Whether the carry-over is told among the parts of the total: «总支出…，其中：…，年末结转…»."""
    return state.grand is not None and bool(
        re.search(
            r"其中|包括|含|分别|构成|[（(：:]|总计",
            state.text[max(0, state.grand.label_start) : amount.start],
        )
    )


def _nothing_left(sentence: str, amounts: list[Amount]) -> bool:
    """Whether a sentence says nothing beyond its figures."""
    left = sentence
    for amount in sorted(amounts, key=lambda item: -item.start):
        project = GIVEN.search(amount.raw_label)
        known = project is None or _WHOLE_PROJECT.match(amount.raw_label)
        if not known:
            return False
        left = left[: amount.label_start] + left[amount.end :]
    return len(_LEFT_OVER.sub("", AMOUNT.sub("", left))) <= 2
