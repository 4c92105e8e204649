"""What sentences about money say without an amount of its own: nothing was spent, all of it was, a rate."""

from __future__ import annotations

import re
from decimal import Decimal

from budgets.tables import TOTAL, Column
from reports.intake.collected import Collected
from reports.intake.lexicon import OTHER_ROWS, canonical_label
from reports.intake.money_words import PROJECT_SECTIONS, VEHICLE_PARTS, Sentence
from reports.intake.sections import Block, Passage, section_key

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


def execution_rate(collected: Collected, passage: Passage, block: Block, state: Sentence) -> None:
    """The rate of execution of the whole budget as the text states it."""
    if section_key(block) in PROJECT_SECTIONS or state.subject or state.project:
        return
    for match in _RATE.finditer(passage.text):
        if _RATE_OF_ALL.match(match["of"]) and (match["what"] or state.whole):
            collected.put("assessment.execution_rate", match["rate"], block.place, match.group())


def nothing_spent(collected: Collected, year: int, passage: Passage, block: Block) -> None:
    """«未发生公务接待费和因公出国（境）费»: stated to be 0."""
    for match in _NONE_SPENT.finditer(passage.text):
        if match["year"] and not match["year"].startswith(str(year)):
            continue
        before = ""
        for words in re.split(r"、|和|及|与|或", match["labels"]):
            label = re.sub(r"(?:支出|的|情况)*$", "", canonical_label(words))
            table, row = OTHER_ROWS.get(label, ("", TOTAL))
            if label in VEHICLE_PARTS and before.startswith("公务用车购置"):
                table, row = "three_public", VEHICLE_PARTS[label]
            before = label
            if table == "three_public" and row != TOTAL:
                collected.amount(table, row, Column.ACTUAL, Decimal(0), label, block.place, match.group())
    if _NONE_LEFT.search(passage.text):
        collected.amount("carryover", "closing", Column.ACTUAL, Decimal(0), "", block.place, passage.text)
    income = collected.get(f"money.income_source.{TOTAL}.{Column.ACTUAL}")
    if (match := _ALL_FISCAL.search(passage.text)) and isinstance(income, Decimal):
        collected.amount("income_source", "fiscal", Column.ACTUAL, income, "", block.place, match.group())
    whole = collected.get(f"money.three_public.{TOTAL}.{Column.ACTUAL}")
    match = _ALL_OF_IT.search(passage.text)
    if match and isinstance(whole, Decimal) and re.search(r"三公", passage.text):
        table, row = OTHER_ROWS.get(canonical_label(match["label"]), ("", TOTAL))
        if table == "three_public" and row != TOTAL:
            collected.amount(table, row, Column.ACTUAL, whole, "", block.place, match.group())
    if match := _NOT_BOUGHT.search(passage.text):
        collected.amount(
            "three_public", "vehicle_purchase", Column.ACTUAL, Decimal(0), "", block.place, match.group()
        )
