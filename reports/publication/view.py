"""What of a report is public (公开内容): :func:`public_view`, an explicit allow-list, and its JSON shape.

Pure: no query, no clock, no settings. Everything public (pages, PDF, JSON, CSV, API, search) reads a :class:`PublicReport`
and nothing else. What is not named here is not public: people's names and telephones, evidence and attachments, findings,
explanations, comments, the computed and the reviewed score. Of the three scores only 自评得分 and its grade are public.

Sources: 预算法 第十四条 (what departments publish), 政府信息公开条例 第十四、十五条 (not state secrets, not personal privacy).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from budgets.choices import AdjustmentCause
from budgets.dossier import Amounts, Line, Table, Yuan
from budgets.money import plain, rate, round_half_up
from budgets.tables import TABLES
from departments.dossier import Part
from indicators.dossier import Goal, Indicator, Points, Sheet
from indicators.scoring.scorecard import Scorecard
from reports.dossier import NIL_KEY, Dossier
from reports.outline import DATA_BLOCK_LABELS, DataBlock, Outline, OutlineSection

WITHHELD = "本部分不予公开"
WITHHELD_ROW = "（本项不予公开）"
EXECUTION = "execution"

Percent = Annotated[Decimal, PlainSerializer(plain, return_type=str, when_used="json")]
"""Rate in per cent with two decimals, as a decimal string in JSON."""


class PublicUnit(Part):
    """The unit (单位基本情况)."""

    name: str = Field(description="单位名称")
    kind: str = Field("", description="机构性质")
    credit_code: str = Field("", description="统一社会信用代码")
    main_department: str = Field("", description="主管部门，本身是主管部门的为空")
    authorized_posts: int | None = Field(None, description="编制数（人）")
    staff_on_posts: int | None = Field(None, description="在职人数（人）")
    retirees: int | None = Field(None, description="离退休人数（人）")
    internal_offices: tuple[str, ...] | None = Field(None, description="内设机构，未填报为 null")
    duties: tuple[str, ...] | None = Field(None, description="主要职责，未填报为 null")


class PublicSection(Part):
    """One section of the report's text (报告正文)."""

    key: str = Field(description="章节代码")
    title: str = Field(description="章节标题")
    text: str = Field("", description="正文；不予公开的写“本部分不予公开”")
    withheld: bool = Field(False, description="是否不予公开")


class PublicRow(Part):
    """One row of a table of amounts, in 元."""

    key: str = Field(description="行代码")
    label: str = Field(description="行名称")
    prior_final: Yuan | None = Field(None, description="上年决算数（元）")
    initial_budget: Yuan | None = Field(None, description="年初预算数（元）")
    full_budget: Yuan | None = Field(None, description="全年预算数（元）")
    actual: Yuan | None = Field(None, description="全年执行数、决算数（元）")


class PublicTable(Part):
    """A table of amounts (收支表)."""

    key: str = Field(description="表代码")
    title: str = Field(description="表名")
    rows: tuple[PublicRow, ...] = Field((), description="各行")
    total: PublicRow | None = Field(None, description="合计行，没有合计的为 null")
    withheld: bool = Field(False, description="是否不予公开")


class PublicGoal(Part):
    """年度总体目标."""

    expected: str = Field("", description="预期目标")
    actual: str = Field("", description="实际完成情况")


class PublicIndicator(Part):
    """One third-level indicator (三级指标)."""

    number: int = Field(description="序号")
    level1: str = Field("", description="一级指标")
    level2: str = Field("", description="二级指标")
    name: str = Field(description="三级指标")
    target: str | None = Field(None, description="年度指标值，未填报为 null")
    actual: str | None = Field(None, description="实际完成值，未填报为 null")
    weight: Points | None = Field(None, description="分值")
    self_score: Points | None = Field(None, description="自评得分")
    not_applicable: bool = Field(False, description="是否不适用")
    not_applicable_reason: str = Field("", description="不适用的原因")
    deviation_reason: str = Field("", description="偏差原因分析")
    improvement: str = Field("", description="改进措施")
    withheld: bool = Field(False, description="是否不予公开")


class PublicSheet(Part):
    """自评表: goals, indicators and the unit's own result."""

    goals: tuple[PublicGoal, ...] = Field((), description="年度总体目标")
    indicators: tuple[PublicIndicator, ...] = Field((), description="绩效指标")
    self_score: Points | None = Field(None, description="自评得分，无法计算为 null")
    grade: str = Field("", description="自评等级（优、良、中、差）")
    execution_weight: Points | None = Field(None, description="预算执行率的分值")
    execution_score: Points | None = Field(None, description="预算执行率的自评得分")


class PublicProject(Part):
    """One project's funds (项目资金), and its own 自评表 where there is one."""

    number: int = Field(description="序号")
    name: str = Field(description="项目名称")
    initial_budget: Yuan | None = Field(None, description="年初预算数（元）")
    full_budget: Yuan | None = Field(None, description="全年预算数（元）")
    allocated: Yuan | None = Field(None, description="到位资金（元）")
    spent: Yuan | None = Field(None, description="支出数（元）")
    sheet: PublicSheet | None = Field(None, description="项目自评表，没有的为 null")
    withheld: bool = Field(False, description="是否不予公开")


class PublicAdjustment(Part):
    """One budget adjustment (预算调整)."""

    amount: Yuan | None = Field(None, description="调整金额（元），追加为正、调减为负")
    cause: str = Field("", description="调整原因")
    explanation: str = Field("", description="说明")


class PublicReport(Part):
    """部门整体支出绩效自评公开内容. Amounts are decimal strings in 元, scores decimal strings in 分."""

    schema_version: Literal[1] = Field(1, description="数据结构版本")
    title: str = Field(description="报告标题")
    document_kind: str = Field("", description="报告种类：自评报告或零报告")
    region_code: str = Field("", description="行政区划代码")
    region_name: str = Field("", description="区县名称")
    city_name: str = Field("", description="所属市")
    province_name: str = Field("", description="所属省")
    year: int = Field(description="评价年度")
    prepared_on: date | None = Field(None, description="成文日期")
    unit: PublicUnit = Field(description="单位基本情况")
    budget: Yuan | None = Field(None, description="全年预算数（元）")
    spent: Yuan | None = Field(None, description="全年执行数（元）")
    execution_rate: Percent | None = Field(None, description="预算执行率（%），无法计算为 null")
    self_score: Points | None = Field(None, description="自评得分（分），无法计算为 null")
    grade: str = Field("", description="自评等级")
    sections: tuple[PublicSection, ...] = Field((), description="报告正文")
    tables: tuple[PublicTable, ...] = Field((), description="收支情况")
    projects: tuple[PublicProject, ...] = Field((), description="项目资金")
    adjustments: tuple[PublicAdjustment, ...] = Field((), description="预算调整")
    frugality: str = Field("", description="厉行节约保障措施")
    execution_explanation: str = Field("", description="预算执行偏差说明")
    sheet: PublicSheet = Field(PublicSheet(), description="部门整体支出绩效自评表")
    withheld: tuple[str, ...] = Field((), description="不予公开的部分")

    @property
    def nil(self) -> bool:
        """Whether it is a nil report (零报告): a reason instead of figures."""
        return any(section.key == NIL_KEY for section in self.sections)

    def search_text(self) -> str:
        """What a search looks through: names, goals and texts, in lower case."""
        sheets = (self.sheet, *(one.sheet for one in self.projects if one.sheet))
        parts = [
            self.title,
            self.unit.main_department,
            *(one.name for one in self.projects if not one.withheld),
            *(one.name for sheet in sheets for one in sheet.indicators if not one.withheld),
            *(f"{goal.expected} {goal.actual}" for sheet in sheets for goal in sheet.goals),
            *(section.text for section in self.sections if not section.withheld),
        ]
        return " ".join(" ".join(parts).lower().split())


# ------------------------------------------------------------------ what may be withheld


@dataclass(frozen=True)
class Place:
    """A part of a report that the bureau may mark 不公开. ``public`` names it without telling what it says."""

    where: str
    label: str
    public: str
    group: str


SINGLE_FIELDS = (
    ("profile.internal_offices", "内设机构"),
    ("profile.duties", "主要职责"),
    ("goals", "年度总体目标"),
    ("money.adjustments", "预算调整"),
    ("money.frugality", "厉行节约保障措施"),
    ("money.execution_explanation", "预算执行偏差说明"),
)


def places(dossier: Dossier, outline: Outline) -> tuple[Place, ...]:
    """Every part that can be withheld: sections, single fields, tables, projects, project sheets, indicators."""
    found = [
        Place(f"narrative.{key}", title, f"正文“{title}”", "报告正文")
        for key, title in _titles(dossier, outline).items()
    ]
    found += [Place(where, label, label, "基本情况和说明") for where, label in SINGLE_FIELDS]
    found += [
        Place(f"money.{key}", spec.label, f"{spec.label}表", "收支情况")
        for key, spec in TABLES.items()
        if dossier.money.table(key).rows or dossier.money.table(key).stated_total
    ]
    numbers = {one.key: number for number, one in enumerate(dossier.money.projects, 1)}
    found += [
        Place(f"money.projects.{one.key}", one.name, f"项目资金第{numbers[one.key]}项", "项目（含其自评表）")
        for one in dossier.money.projects
    ]
    found += [
        Place(f"indicators.{one.key}", one.name, f"绩效指标第{number}项", "绩效指标")
        for number, one in enumerate(dossier.indicators.indicators, 1)
    ]
    return tuple(found)


def _titles(dossier: Dossier, outline: Outline) -> dict[str, str]:
    """Title of every section that prints something: those of the outline, then texts that it has no place for."""
    titles = {
        section.key: section.title for section in outline.sections if section.takes_text or section.data
    }
    for section in dossier.narrative:
        titles.setdefault(section.key, section.title.strip() or "补充说明")
    return titles


# ------------------------------------------------------------------ the view


def public_view(
    dossier: Dossier, marks: Iterable[str] = (), *, card: Scorecard | None = None, outline: Outline
) -> PublicReport:
    """The public part of a dossier, without what the bureau marked (``marks`` are :attr:`Place.where`).

    Of ``card`` only the unit's own scores and grade are read. Telephone numbers, identity numbers, e-mail addresses and the
    names of head, contact and preparer are taken out of free texts too.
    """
    marked = frozenset(marks)
    clean = _cleaner(dossier)
    profile, money = dossier.profile, dossier.money
    budget = None if "money.expenditure" in marked else money.budget
    spent = None if "money.expenditure" in marked else money.spent
    share = rate(spent, budget)
    sheet = _sheet(dossier.indicators, card, clean, marked)
    labels = {place.where: place.public for place in places(dossier, outline)}

    def kept(where: str, text: str) -> str:
        return WITHHELD if where in marked and text.strip() else clean(text)

    return PublicReport(
        title=clean(
            outline.title.replace("{year}", str(dossier.year)).replace("{department}", profile.department)
        ),
        document_kind=dossier.document_kind,
        region_code=profile.region_code,
        region_name=profile.region_name,
        city_name=profile.city_name,
        province_name=profile.province_name,
        year=dossier.year,
        prepared_on=profile.prepared_on,
        unit=PublicUnit(
            name=profile.department,
            kind=profile.kind,
            credit_code=profile.credit_code,
            main_department=profile.main_department,
            authorized_posts=profile.authorized_posts,
            staff_on_posts=profile.staff_on_posts,
            retirees=profile.retirees,
            internal_offices=_listed(profile.internal_offices, "profile.internal_offices", marked, clean),
            duties=_listed(profile.duties, "profile.duties", marked, clean),
        ),
        budget=budget,
        spent=spent,
        execution_rate=None if share is None else round_half_up(share * 100),
        self_score=sheet.self_score,
        grade=sheet.grade,
        sections=tuple(_sections(dossier, outline, marked, clean)),
        tables=tuple(_tables(dossier, marked, clean)),
        projects=tuple(_projects(dossier, card, marked, clean)),
        adjustments=()
        if "money.adjustments" in marked
        else tuple(
            PublicAdjustment(
                amount=one.amount,
                cause=dict(AdjustmentCause.choices).get(one.cause, ""),
                explanation=clean(one.explanation),
            )
            for one in money.adjustments
        ),
        frugality=kept("money.frugality", money.frugality),
        execution_explanation=kept("money.execution_explanation", money.execution_explanation),
        sheet=sheet,
        withheld=tuple(label for where, label in labels.items() if where in marked),
    )


Clean = Callable[[str], str]


def _listed(
    items: tuple[str, ...] | None, where: str, marked: frozenset[str], clean: Clean
) -> tuple[str, ...] | None:
    if items is None or where in marked:
        return None
    return tuple(clean(item) for item in items)


def _sections(
    dossier: Dossier, outline: Outline, marked: frozenset[str], clean: Clean
) -> Iterator[PublicSection]:
    texts: dict[str, str] = {}
    for section in dossier.narrative:
        texts[section.key] = f"{texts[section.key]}\n{section.text}" if section.key in texts else section.text
    for key, title in _titles(dossier, outline).items():
        if f"narrative.{key}" in marked:
            yield PublicSection(key=key, title=title, text=f"{WITHHELD}。", withheld=True)
        elif texts.get(key, "").strip():
            yield PublicSection(key=key, title=title, text=clean(texts[key]))


def _row(amounts: Amounts, key: str, label: str) -> PublicRow:
    return PublicRow(
        key=key,
        label=label,
        prior_final=amounts.prior_final,
        initial_budget=amounts.initial_budget,
        full_budget=amounts.full_budget,
        actual=amounts.actual,
    )


def _tables(dossier: Dossier, marked: frozenset[str], clean: Clean) -> Iterator[PublicTable]:
    for key, spec in TABLES.items():
        table = dossier.money.table(key)
        if not table.rows and table.stated_total is None:
            continue
        if f"money.{key}" in marked:
            yield PublicTable(key=key, title=spec.label, withheld=True)
            continue
        rows = tuple(_row(row, row.key, clean(spec.label_of(row.key) or row.label)) for row in table.rows)
        total = table.stated_total and _row(table.stated_total, "total", spec.total_label or "合计")
        yield PublicTable(key=key, title=spec.label, rows=rows, total=total)


def _projects(
    dossier: Dossier, card: Scorecard | None, marked: frozenset[str], clean: Clean
) -> Iterator[PublicProject]:
    sheets = {sheet.project: sheet for sheet in dossier.indicators.projects}
    cards = {one.project: one.card for one in card.projects} if card else {}
    for number, one in enumerate(dossier.money.projects, 1):
        if f"money.projects.{one.key}" in marked:
            yield PublicProject(number=number, name=WITHHELD_ROW, withheld=True)
            continue
        sheet = sheets.get(one.key)
        yield PublicProject(
            number=number,
            name=clean(one.name),
            initial_budget=one.initial_budget,
            full_budget=one.full_budget,
            allocated=one.allocated,
            spent=one.spent,
            sheet=None if sheet is None else _sheet(sheet, cards.get(one.key), clean, frozenset()),
        )


def _sheet(sheet: Sheet, card: Scorecard | None, clean: Clean, marked: frozenset[str]) -> PublicSheet:
    stated = sheet.assessment
    line = card.line(EXECUTION) if card else None
    scored = card is not None and card.self_score is not None
    goals = () if "goals" in marked else sheet.goals
    return PublicSheet(
        goals=tuple(
            PublicGoal(expected=clean(goal.expected), actual=clean(goal.actual))
            for goal in goals
            if goal.expected.strip() or goal.actual.strip()
        ),
        indicators=tuple(
            _indicator(one, number, card, clean, f"indicators.{one.key}" in marked)
            for number, one in enumerate(sheet.indicators, 1)
        ),
        self_score=card.self_score if scored else stated.score,
        grade=(card.self_grade if scored else stated.grade).strip(),
        execution_weight=stated.execution_weight if line is None or line.weight is None else line.weight,
        execution_score=stated.execution_score
        if line is None or line.self_score is None
        else line.self_score,
    )


def _indicator(
    one: Indicator, number: int, card: Scorecard | None, clean: Clean, withheld: bool
) -> PublicIndicator:
    if withheld:
        return PublicIndicator(
            number=number, level1=one.level1, level2=one.level2, name=WITHHELD_ROW, withheld=True
        )
    line = card.line(one.key) if card else None
    return PublicIndicator(
        number=number,
        level1=one.level1,
        level2=one.level2,
        name=clean(one.name),
        target=None if one.target is None else clean(one.target),
        actual=None if one.actual is None else clean(one.actual),
        weight=one.weight,
        self_score=one.self_score if line is None or line.self_score is None else line.self_score,
        not_applicable=one.not_applicable,
        not_applicable_reason=clean(one.not_applicable_reason),
        deviation_reason=clean(one.deviation_reason),
        improvement=clean(one.improvement),
    )


# ------------------------------------------------------------------ personal data in free texts

_PERSONAL = (
    (
        re.compile(
            r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
        ),
        "［证件号略］",
    ),
    (re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.,，]*[\d万元])"), "［电话略］"),
    (re.compile(r"(?<!\d)[（(]?0\d{2,3}[)）]?[-—－ ]\d{7,8}(?:[-转]\d{1,5})?(?!\d)"), "［电话略］"),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"), "［邮箱略］"),
)
_PERSON = re.compile(r"[一-鿿]{2,4}|[一-鿿]{1,8}·[一-鿿]{1,8}")
_NOT_A_PERSON = re.compile(r"[室股科局处办组委会部站所队院校馆]$|中心|负责人|联系人|填表人")
LEAST_DIGITS = 7


def _cleaner(dossier: Dossier) -> Clean:
    """Takes personal data out of a text: what looks like it, and what the dossier itself names as such."""
    profile = dossier.profile
    known = [(profile.phone.strip(), "［电话略］")] if len(profile.phone.strip()) >= LEAST_DIGITS else []
    names = {profile.head.strip(), profile.contact.strip(), profile.prepared_by.strip()}
    known += [(name, "［姓名略］") for name in sorted(names, key=len, reverse=True) if _is_a_person(name)]

    def clean(text: str) -> str:
        for word, instead in known:
            text = text.replace(word, instead)
        for pattern, instead in _PERSONAL:
            text = pattern.sub(instead, text)
        return text

    return clean


def _is_a_person(name: str) -> bool:
    """A personal name, not an office that was put into the field (联系人：办公室)."""
    return bool(_PERSON.fullmatch(name)) and not _NOT_A_PERSON.search(name)


# ------------------------------------------------------------------ back to paper

BLOCK_SOURCES: dict[DataBlock, str] = {
    "offices": "profile.internal_offices",
    "duties": "profile.duties",
    "goals": "goals",
    "general_budget": "money.income_nature",
    "fund_budget": "money.income_nature",
    "basic_spending": "money.expenditure",
    "three_public": "money.three_public",
    "project_spending": "money.project_detail",
    "budget_execution": "money.expenditure",
}
"""Generated parts of the text that go with a field: withheld with it, and said to be."""


def paper_parts(report: PublicReport, outline: Outline, marks: Iterable[str] = ()) -> tuple[Dossier, Outline]:
    """A dossier that holds only what is public, and the outline without generated text of what is withheld.

    The PDF is composed from these two, so that nothing else can get into it.
    """
    marked = frozenset(marks)
    texts = {section.key: section.text for section in report.sections}
    sections = []
    for section in outline.sections:
        hidden = [block for block in section.data if BLOCK_SOURCES.get(block) in marked]
        if f"narrative.{section.key}" in marked:
            section = section.model_copy(update={"data": ()})
        elif hidden:
            said = "\n".join(f"{DATA_BLOCK_LABELS[block]}：{WITHHELD}。" for block in hidden)
            texts[section.key] = f"{said}\n{texts.get(section.key, '')}".strip()
            kept = tuple(block for block in section.data if block not in hidden)
            section = section.model_copy(update={"data": kept})
        sections.append(section)
    titles = {section.key: section.title for section in report.sections}
    narrative = [{"key": key, "title": titles.get(key, ""), "text": text} for key, text in texts.items()]
    if report.withheld:
        narrative.append(
            {
                "key": "withheld_parts",
                "title": "不予公开的内容",
                "text": f"依照有关规定，本报告的下列内容不予公开：{'；'.join(report.withheld)}。",
            }
        )
    dossier = Dossier.model_validate(
        {
            "title": report.title,
            "document_kind": report.document_kind,
            "profile": {
                "department": report.unit.name,
                "region_code": report.region_code,
                "region_name": report.region_name,
                "city_name": report.city_name,
                "province_name": report.province_name,
                "year": report.year,
                "kind": report.unit.kind,
                "credit_code": report.unit.credit_code,
                "main_department": report.unit.main_department,
                "authorized_posts": report.unit.authorized_posts,
                "staff_on_posts": report.unit.staff_on_posts,
                "retirees": report.unit.retirees,
                "internal_offices": report.unit.internal_offices,
                "duties": report.unit.duties,
                "prepared_on": report.prepared_on,
            },
            "money": {
                **{table.key: _table(table) for table in report.tables},
                "projects": [
                    {
                        "key": str(one.number),
                        "name": one.name,
                        "initial_budget": one.initial_budget,
                        "full_budget": one.full_budget,
                        "allocated": one.allocated,
                        "spent": one.spent,
                    }
                    for one in report.projects
                ],
                "adjustments": [
                    {"amount": one.amount, "cause": _cause(one.cause), "explanation": one.explanation}
                    for one in report.adjustments
                ],
                "frugality": report.frugality,
                "execution_explanation": report.execution_explanation,
            },
            "indicators": {
                **_paper_sheet(report.sheet),
                "projects": [
                    {"project": str(one.number), **_paper_sheet(one.sheet)}
                    for one in report.projects
                    if one.sheet
                ],
            },
            "narrative": narrative,
        }
    )
    return dossier, outline.model_copy(update={"sections": tuple[OutlineSection, ...](sections)})


def _table(table: PublicTable) -> Table:
    def amounts(row: PublicRow) -> dict[str, Decimal | None]:
        return row.model_dump(exclude={"key", "label"})

    return Table(
        rows=tuple(Line(key=row.key, label=row.label, **amounts(row)) for row in table.rows),
        stated_total=None if table.total is None else Amounts(**amounts(table.total)),
    )


def _cause(label: str) -> str:
    return next((value for value, text in AdjustmentCause.choices if text == label), "")


def _paper_sheet(sheet: PublicSheet) -> dict[str, object]:
    return {
        "goals": [Goal(expected=goal.expected, actual=goal.actual) for goal in sheet.goals],
        "indicators": [
            Indicator(
                key=str(one.number),
                **one.model_dump(exclude={"number", "withheld"}),
            )
            for one in sheet.indicators
        ],
        "assessment": {
            "score": sheet.self_score,
            "grade": sheet.grade,
            "execution_weight": sheet.execution_weight,
            "execution_score": sheet.execution_score,
        },
    }


# ------------------------------------------------------------------ what marking has missed

SHORTEST_NAME = 4
"""A shorter name is a common word, and finding it elsewhere says nothing."""


def still_named(report: PublicReport, dossier: Dossier, marks: Iterable[str]) -> list[str]:
    """Sentences about withheld projects and indicators whose names still stand in a part that stays public."""
    marked = frozenset(marks)
    names = [
        ("项目", one.name.strip()) for one in dossier.money.projects if f"money.projects.{one.key}" in marked
    ] + [
        ("指标", one.name.strip())
        for one in dossier.indicators.indicators
        if f"indicators.{one.key}" in marked
    ]
    found = []
    for kind, name in names:
        if len(name) < SHORTEST_NAME:
            continue
        spots = [label for label, text in _texts(report) if name in text]
        if spots:
            found.append(f"不公开的{kind}“{name}”还出现在{'、'.join(dict.fromkeys(spots))}，请一并标记不公开")
    return found


def _texts(report: PublicReport) -> Iterator[tuple[str, str]]:
    """Every free text that is public, with the part it belongs to."""
    unit = report.unit
    yield from (("内设机构", text) for text in unit.internal_offices or ())
    yield from (("主要职责", text) for text in unit.duties or ())
    yield from ((f"正文“{section.title}”", section.text) for section in report.sections)
    yield from ((f"{table.title}表", row.label) for table in report.tables for row in table.rows)
    yield from (("预算调整", one.explanation) for one in report.adjustments)
    yield ("厉行节约保障措施", report.frugality)
    yield ("预算执行偏差说明", report.execution_explanation)
    for project in report.projects:
        yield (f"项目资金第{project.number}项", project.name)
        if project.sheet:
            yield from ((f"项目资金第{project.number}项", text) for text in _sheet_texts(project.sheet))
    yield from (("年度总体目标", f"{goal.expected}{goal.actual}") for goal in report.sheet.goals)
    for one in report.sheet.indicators:
        yield from ((f"绩效指标第{one.number}项", text) for text in _indicator_texts(one))


def _sheet_texts(sheet: PublicSheet) -> Iterator[str]:
    yield from (f"{goal.expected}{goal.actual}" for goal in sheet.goals)
    for one in sheet.indicators:
        yield from _indicator_texts(one)


def _indicator_texts(one: PublicIndicator) -> tuple[str, ...]:
    return (
        one.name,
        one.target or "",
        one.actual or "",
        one.not_applicable_reason,
        one.deviation_reason,
        one.improvement,
    )
