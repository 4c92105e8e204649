"""A published report read by hand (``tests/cases``, format in its README) as a dossier.

Only what the report itself states is read, key by key. The reader's own answers beside it (what is wrong,
what is right, recomputed figures, remarks) have no part here: no function below asks for them, and unknown
keys are never looked at. Where ``excerpt_only`` is set, ``null`` and an empty list were *not read*, so that
part is not covered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from budgets.dossier import Adjustment, Money, Project
from budgets.money import AmountError, parse_wan
from budgets.tables import TOTAL, Column
from departments.dossier import Profile
from indicators.dossier import Indicator, Indicators, SelfAssessment
from reports.dossier import Covers, Dossier, Section
from reports.intake.collected import Collected
from reports.intake.errors import IntakeError
from reports.intake.lexicon import (
    CARRYOVER_ROWS,
    CLOSING,
    EXPENDITURE_ROWS,
    INCOME_ROWS,
    NATURE_ROWS,
    OPENING,
    PROFILE_PARTS,
    ROWS,
    canonical_label,
    level1_of,
    title_key,
)
from reports.intake.matching import StatedTarget, merge_targets
from reports.intake.sections import chain, cut, section_key, without_contents
from reports.intake.text import is_whole

TOTAL_LABEL = "合计"
_YEAR_TOTALS = {"本年收入合计": "income_source", "本年支出合计": "expenditure"}
_ADDED = re.compile(r"追加|调增")
_REDUCED = re.compile(r"调减|核减")

WHOLE_CASE = frozenset(
    {
        Covers.PROFILE,
        Covers.OFFICES,
        Covers.DUTIES,
        Covers.INCOME,
        Covers.EXPENDITURE,
        Covers.BUDGET,
        Covers.PROJECTS,
        Covers.INDICATORS,
        Covers.TARGETS,
        Covers.WEIGHTS,
        Covers.SELF_SCORE,
    }
)
"""What a case of a whole report carries: no goals, no attachments, no 基础数据表, and no words but those of ``raw``."""


def is_case(data: object) -> bool:
    """Whether JSON has the shape of a case."""
    return isinstance(data, Mapping) and "fiscal_year" in data and "department" in data


def read_case(data: Mapping[str, Any]) -> Dossier:
    """A case as a dossier. Raises :class:`IntakeError` naming the place that cannot be read."""
    return _CaseReading(data).dossier()


class _CaseReading:
    """One reading of one case."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.collected = Collected()
        self.adjustments: list[Adjustment] = []
        self.sections: dict[str, tuple[str, list[str]]] = {}
        """Key → title and paragraphs of the sections that ``raw`` has."""

    def dossier(self) -> Dossier:
        self._income()
        self._expenditure("expenditure_final", Column.ACTUAL)
        self._expenditure("budget_full_year", Column.FULL_BUDGET)
        self._expenditure("budget_initial", Column.INITIAL_BUDGET)
        self._three_public()
        self._raw()
        profile = self._profile()
        projects = self._projects()
        indicators = self._indicators()
        money = Money(
            **self.collected.tables(),
            projects=projects,
            adjustments=tuple(self.adjustments),
            project_office=self._text("project_fund_manager_office"),
        )
        kind = self._text("document_kind")
        return Dossier(
            title=self._text("title"),
            profile=profile,
            money=money,
            indicators=indicators,
            narrative=tuple(
                Section(key=key, title=title, text="\n".join(paragraphs))
                for key, (title, paragraphs) in self.sections.items()
            ),
            coverage=self._coverage(profile, indicators, projects),
            origins=tuple(self.collected.origins),
            unread=tuple(self.collected.unread),
            **({"document_kind": kind} if kind else {}),
        )

    # -------------------------------------------------------------- reading of single values

    def _text(self, key: str, of: Mapping[str, Any] | None = None) -> str:
        value = (self.data if of is None else of).get(key)
        return "" if value is None else str(value)

    def _either(self, key: str, unit: Mapping[str, Any]) -> object:
        """A value that stands beside the department or in it."""
        value = self.data.get(key)
        return unit.get(key) if value is None else value

    def _part(self, key: str) -> Mapping[str, Any]:
        value = self.data.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise IntakeError(f"案例文件的“{key}”应是一组“名称：数值”")
        return value

    def _items(self, key: str) -> Sequence[Mapping[str, Any]]:
        value = self.data.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            raise IntakeError(f"案例文件的“{key}”应是一个列表")
        return value

    def _yuan(self, value: object, place: str) -> Decimal | None:
        """万元 as a decimal string into 元."""
        if value is None or value == "":
            return None
        if isinstance(value, float):
            raise IntakeError(f'案例文件的“{place}”应写成带引号的十进制数，例如 "12.34"')
        try:
            return parse_wan(str(value))
        except AmountError as error:
            raise IntakeError(f"案例文件的“{place}”：{error}") from None

    def _points(self, value: object, place: str) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise IntakeError(f"案例文件的“{place}”不是分数：{value}") from None

    def _count(self, value: object, place: str) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not re.fullmatch(r"\d+", str(value)):
            raise IntakeError(f"案例文件的“{place}”不是整数：{value}")
        return int(str(value))

    # -------------------------------------------------------------- profile

    def _profile(self) -> Profile:
        unit, region = self._part("department"), self._part("region")
        year = self._count(self.data.get("fiscal_year"), "fiscal_year")
        if year is None:
            raise IntakeError("案例文件没有写年度（fiscal_year）")
        offices = unit.get("internal_offices")
        listed = self._count(self._either("offices_listed", unit), "offices_listed")
        if listed is not None and not offices:
            self.collected.ask(
                "机构设置", str(listed), f"原文列出{listed}个机构，案例没有录入名称，请对照原文核对"
            )
        return Profile(
            department=self._text("name", unit),
            year=year,
            kind=self._text("kind", unit),
            region_code=self._text("code", region),
            region_name=self._text("name", region),
            city_name=self._text("city", region),
            province_name=self._text("province", region),
            authorized_posts=self._count(unit.get("authorized_posts"), "authorized_posts"),
            staff_on_posts=self._count(unit.get("staff_on_posts"), "staff_on_posts"),
            retirees=self._count(unit.get("retirees"), "retirees"),
            internal_offices=None if offices is None else tuple(str(office) for office in offices),
            offices_stated=self._count(self._either("offices_stated", unit), "offices_stated"),
            offices_listed=listed,
            duties_stated=self._count(unit.get("duties_count"), "duties_count"),
        )

    # -------------------------------------------------------------- words

    def _raw(self) -> None:
        """``raw``: passages of the report as extracted, cut into its sections where it has any. Rules on words read them;
        no figure is taken from them."""
        raw = self.data.get("raw")
        if isinstance(raw, Mapping):
            passages = [(str(label), value) for label, value in raw.items()]
        else:
            passages = [("报告原文", value) for value in (raw if isinstance(raw, list) else [raw])]
        for label, value in passages:
            if isinstance(value, str) and value.strip():
                key = title_key(re.sub(r"^[（(]?[一二三四五六七八九十\d]+[）)、.．]", "", label)) or "other"
                key = "profile" if key in PROFILE_PARTS else key
                self._passage(key, label, value)

    def _passage(self, key: str, label: str, text: str) -> None:
        root = cut(without_contents(text))
        for block in root.walk():
            under = section_key(block) or key
            titles = chain(block) or label
            paragraphs = [f"{one.mark}{one.text}" for one in block.paragraphs if one.text]
            for paragraph in paragraphs:
                self.collected.saw(f"paragraph.{under}", titles, paragraph)
            if block.parent is not None and section_key(block) and (paragraphs or not block.children):
                self.sections.setdefault(under, (block.title, []))[1].extend(paragraphs)

    # -------------------------------------------------------------- money

    def _put(self, table: str, row: str, column: Column, value: object, label: str, source: str) -> None:
        yuan = self._yuan(value, f"{source}.{label}")
        if yuan is not None:
            shown = "" if row == TOTAL else label
            self.collected.amount(table, row, column, yuan, shown, source, f"{label}：{value}万元")

    def _income(self) -> None:
        source = "income_final"
        part = self._part(source)
        labels = [canonical_label(label) for label in part]
        by_nature = any(label in NATURE_ROWS for label in labels) and not any(
            label in INCOME_ROWS for label in labels
        )
        table = "income_nature" if by_nature else "income_source"
        for label, value in part.items():
            name = canonical_label(label)
            if name in _YEAR_TOTALS:
                self._put(_YEAR_TOTALS[name], TOTAL, Column.ACTUAL, value, label, source)
            elif name == TOTAL_LABEL:
                self._total(table, "本年收入合计" in labels, "收入总计", value, source)
            elif not self._carryover(name, label, value, source):
                row = (NATURE_ROWS if by_nature else INCOME_ROWS).get(name)
                key = row[1] if row else self._free(table, label, value)
                self._put(table, key, Column.ACTUAL, value, label, source)

    def _expenditure(self, source: str, column: Column) -> None:
        part = self._part(source)
        labels = [canonical_label(label) for label in part]
        for label, value in part.items():
            name = canonical_label(label)
            if name in _YEAR_TOTALS:
                self._put(_YEAR_TOTALS[name], TOTAL, column, value, label, source)
            elif name == TOTAL_LABEL:
                self._total("expenditure", "本年支出合计" in labels, "支出总计", value, source, column)
            elif _ADDED.search(name) or _REDUCED.search(name):
                self._adjustment(label, value, source, sign=-1 if _REDUCED.search(name) else 1)
            elif not self._carryover(name, label, value, source):
                row = EXPENDITURE_ROWS.get(name)
                key = row[1] if row else self._free("expenditure", label, value)
                self._put("expenditure", key, column, value, label, source)

    def _total(
        self, table: str, beside: bool, grand: str, value: object, source: str, column: Column = Column.ACTUAL
    ) -> None:
        """合计: the year's total, or 总计 with carry-over where the year's total is stated apart from it."""
        if not beside:
            self._put(table, TOTAL, column, value, TOTAL_LABEL, source)
        elif value is not None:
            self._put("carryover", self.collected.free_row("carryover", grand), column, value, grand, source)

    def _free(self, table: str, label: str, value: object) -> str:
        """Key of a row that the form does not have; an unread one gets none."""
        return "" if value is None else self.collected.free_row(table, label)

    def _carryover(self, name: str, label: str, value: object, source: str) -> bool:
        row = (
            "opening"
            if OPENING.match(name)
            else "closing"
            if CLOSING.match(name)
            else CARRYOVER_ROWS.get(name, ("", ""))[1]
        )
        if row:
            self._put("carryover", row, Column.ACTUAL, value, label, source)
        return bool(row)

    def _adjustment(self, label: str, value: object, source: str, *, sign: int) -> None:
        yuan = self._yuan(value, f"{source}.{label}")
        if yuan is not None:
            where = f"money.adjustments.{len(self.adjustments)}.amount"
            self.adjustments.append(Adjustment(amount=sign * yuan))
            self.collected.saw(where, source, f"{label}：{value}万元")

    def _three_public(self) -> None:
        source = "three_public"
        totals = {"budget": Column.FULL_BUDGET, "final": Column.ACTUAL}
        for label, value in self._part(source).items():
            row = ROWS.get(canonical_label(label))
            if label in totals:
                self._put(source, TOTAL, totals[label], value, TOTAL_LABEL, source)
            elif row is not None and row[0] == source:
                self._put(source, row[1], Column.ACTUAL, value, label, source)
            else:
                self.collected.leave("三公经费", f"{label}：{value}")

    def _projects(self) -> tuple[Project, ...]:
        return tuple(
            Project(
                key=f"project-{number}",
                name=self._text("name", item),
                allocated=self._yuan(item.get("allocated"), "projects.allocated"),
                spent=self._yuan(item.get("spent"), "projects.spent"),
                full_budget=self._yuan(item.get("budget"), "projects.budget"),
            )
            for number, item in enumerate(self._items("projects"), 1)
        )

    # -------------------------------------------------------------- indicators

    def _indicators(self) -> Indicators:
        lines = [self._indicator(number, item) for number, item in enumerate(self._items("indicators"), 1)]
        targets = [
            StatedTarget(
                name=self._text("name", item),
                target=str(item["target"]),
                category=self._text("category", item),
                source="年度指标值",
                words=f"{self._text('name', item)}{item['target']}",
            )
            for item in self._items("targets")
            if item.get("target") is not None
        ]
        return Indicators(
            indicators=merge_targets(lines, targets, self.collected), assessment=self._assessment()
        )

    def _indicator(self, number: int, item: Mapping[str, Any]) -> Indicator:
        key, name = f"ind-{number}", self._text("name", item)
        category = self._text("category", item)
        if item.get("raw") is not None:
            self._garbled(key, name, item)
        return Indicator(
            key=key,
            level1=level1_of(category),
            level2=category,
            name=name,
            target=None if item.get("target") is None else str(item["target"]),
            actual=None if item.get("actual") is None else str(item["actual"]),
            weight=self._points(item.get("weight"), f"{name}.weight"),
            self_score=self._points(item.get("score"), f"{name}.score"),
            formula=self._text("formula", item),
            direction=self._text("direction", item),
            core=bool(item.get("core")),
            deviation_reason=self._text("reason", item),
        )

    def _garbled(self, key: str, name: str, item: Mapping[str, Any]) -> None:
        """``raw`` is what the extraction made of the target: kept as its origin, and asked about."""
        raw = str(item["raw"])
        self.collected.saw(f"indicators.{key}.target", f"绩效指标 {name}", raw)
        read = item.get("target")
        question = f"年度指标值抽取出来是“{raw}”，" + (
            "没有读懂，请对照原文填写" if read is None else f"读作“{read}”，请确认"
        )
        self.collected.ask(f"绩效指标 {name}", raw, question)

    def _assessment(self) -> SelfAssessment:
        execution = self._part("execution")
        return SelfAssessment(
            score=self._points(self.data.get("self_score"), "self_score"),
            grade=self._text("self_grade"),
            execution_weight=self._points(execution.get("weight"), "execution.weight"),
            execution_rate=self._text("rate_stated", execution),
            execution_score=self._points(execution.get("score_stated"), "execution.score_stated"),
        )

    # -------------------------------------------------------------- coverage

    def _coverage(
        self, profile: Profile, indicators: Indicators, projects: tuple[Project, ...]
    ) -> frozenset[Covers]:
        stated = self._stated(profile, indicators, projects)
        return stated if self.data.get("excerpt_only") else stated | WHOLE_CASE

    def _stated(
        self, profile: Profile, indicators: Indicators, projects: tuple[Project, ...]
    ) -> frozenset[Covers]:
        """Parts of which the case states anything. A name alone is no indicator line that was read."""
        has = self.collected.has
        lines = indicators.indicators
        people = (profile.authorized_posts, profile.staff_on_posts, profile.retirees)
        found = {
            Covers.PROFILE: any(number is not None for number in people),
            Covers.OFFICES: profile.internal_offices is not None or profile.offices_stated is not None,
            Covers.DUTIES: profile.duties_stated is not None,
            Covers.INCOME: has("income_source") or has("income_nature"),
            Covers.EXPENDITURE: has("expenditure", [Column.ACTUAL]),
            Covers.BUDGET: has("expenditure", [Column.FULL_BUDGET, Column.INITIAL_BUDGET]),
            Covers.CARRYOVER: has("carryover"),
            Covers.BASE_DATA: has("three_public"),
            Covers.PROJECTS: bool(projects),
            Covers.INDICATORS: any(_says_anything(line) for line in lines),
            Covers.TARGETS: any(line.target is not None for line in lines),
            Covers.WEIGHTS: any(line.weight is not None for line in lines),
            Covers.SELF_SCORE: indicators.assessment.score is not None or bool(indicators.assessment.grade),
            Covers.NARRATIVE: is_whole(self.sections),
        }
        return frozenset(part for part, covered in found.items() if covered)


def _says_anything(line: Indicator) -> bool:
    return any(value is not None for value in (line.target, line.actual, line.weight, line.self_score))
