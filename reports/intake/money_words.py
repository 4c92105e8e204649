"""What a sentence about money speaks of while it is read, and what its labels say: row, column, table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from budgets.tables import Column
from reports.intake.amounts import Amount
from reports.intake.lexicon import ROWS, YEAR_INCOME, YEAR_SPENDING, Cell, canonical_label

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
_ACTUAL = re.compile(r"决算|实际|执行")
VEHICLE_PARTS = {
    "购置费": "vehicle_purchase",
    "车辆购置费": "vehicle_purchase",
    "运行维护费": "vehicle_running",
    "运行费": "vehicle_running",
    "车辆运行维护费": "vehicle_running",
}
_SUBJECTS = (
    ("three_public", re.compile(r"^(?:[^，。；：:]{0,12})三公”?经费[^，。；：:、]{0,8}(?:[：:]|$)")),
    ("procurement", re.compile(r"^(?:[^，。；：:]{0,8})政府采购[^，。；：:、]{0,8}(?:[：:]|$)")),
)


@dataclass
class Sentence:
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


def spending_of(words: str) -> str:
    """Row of expenditure that a heading is about: ``项目支出``, ``基本支出2876.93万元``."""
    match = re.match(
        r"(?:本年|全年)?(基本|项目)支出(?:情况|使用情况)?(?:[\d,.]+万?元)?[。：:]?$", words.strip()
    )
    return {"基本": "basic", "项目": "project"}[match[1]] if match else ""


def subject_of(words: str) -> str:
    """Table that a heading or the words before a colon name."""
    return next((table for table, named in _SUBJECTS if named.search(words)), "")


def column_of(label: str) -> tuple[str, Column | None]:
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


def row_label(label: str) -> str:
    """Label as stated, for a row that has an official one; the column's words are left out."""
    rest, _ = column_of(canonical_label(label))
    return rest
