"""A filled workbook as a dossier, for scoring and checking it without a database."""

from __future__ import annotations

from typing import Any

from django import forms

from budgets import dossier as money
from budgets.tables import TABLES, TOTAL
from departments.dossier import Profile
from indicators import dossier as indicators
from reports.dossier import EVERYTHING, Covers, Dossier, Origin, Section, Unread
from reports.intake.errors import IntakeError
from reports.intake.workbook.layout import SHEETS, Block
from reports.intake.workbook.reader import WorkbookReading
from reports.workspace.rows import Draft

FACTS = (
    "region_code",
    "region_name",
    "city_name",
    "province_name",
    "kind",
    "credit_code",
    "budget_code",
    "main_department",
)


def as_dossier(reading: WorkbookReading) -> Dossier:
    """The dossier that the workbook states. Raises :class:`IntakeError` with every complaint when a cell is wrong."""
    if reading.complaints:
        raise IntakeError("；".join(["工作簿有需要改正的单元格", *map(str, reading.complaints)]))
    return _Making(reading).dossier()


class _Making:
    def __init__(self, reading: WorkbookReading) -> None:
        self.reading = reading
        self.blocks = {block.key: block for block in reading.blocks}

    def dossier(self) -> Dossier:
        header = self.reading.header
        outline = header.outline
        titles = {item.key: item.title for item in outline.sections}
        texts = self._object("narrative")
        return Dossier(
            title=outline.title.format(year=header.year, department=header.department),
            profile=self._profile(),
            money=self._money(),
            indicators=indicators.Indicators(
                **self._sheet("", "goals", "goals", "indicators", "indicators", "result", "assessment"),
                projects=tuple(self._project_sheets()),
            ),
            narrative=tuple(
                Section(key=key, title=titles.get(key, key), text=text) for key, text in texts.items() if text
            ),
            coverage=EVERYTHING - {Covers.ATTACHMENTS},
            origins=tuple(
                Origin(where=path, source=place, words=text)
                for path, place in self.reading.places.items()
                if (text := self._typed(path))
            ),
            unread=tuple(Unread(source="工作簿", words="", question=note) for note in self.reading.notes),
        )

    def _typed(self, path: str) -> str:
        return next(
            (draft.texts[path] for draft in self.reading.drafts.values() if draft.texts.get(path)), ""
        )

    # -------------------------------------------------------------- cells

    def _values(self, key: str, draft: Draft, prefix: str) -> dict[str, Any]:
        block = self.blocks.get(key)
        return {} if block is None else {
            name: _clean(item, draft.texts.get(f"{prefix}.{name}", "")) for name, item in block.fields.items()
        }  # fmt: skip

    def _draft(self, section: str) -> Draft:
        return self.reading.drafts.get(section, Draft())

    def _object(self, key: str) -> dict[str, Any]:
        block: Block | None = self.blocks.get(key)
        return {} if block is None else self._values(key, self._draft(block.section), block.part.prefix)

    def _many(self, key: str, draft: Draft, prefix: str) -> list[tuple[str, dict[str, Any]]]:
        return [(name, self._values(key, draft, f"{prefix}.{name}")) for name in draft.rows.get(prefix, [])]

    # -------------------------------------------------------------- parts

    def _profile(self) -> Profile:
        header = self.reading.header
        draft = self._draft("profile")
        return Profile(
            department=header.department,
            year=header.year,
            **{name: header.facts[name] for name in FACTS if name in header.facts},
            **self._object("profile"),
            internal_offices=tuple(
                row["name"]
                for _, row in self._many("profile.internal_offices", draft, "profile.internal_offices")
            ),
            duties=tuple(row["text"] for _, row in self._many("profile.duties", draft, "profile.duties")),
        )

    def _money(self) -> money.Money:
        statement: dict[str, Any] = {}
        for block in self.reading.blocks:
            if block.part.prefix == "money":
                for name, item in block.fields.items():
                    statement[name] = _clean(item, self._draft(block.section).texts.get(f"money.{name}", ""))
        return money.Money(
            **{key: self._table(key) for key in TABLES},
            projects=tuple(
                money.Project(key=uid, **row)
                for uid, row in self._many("money.projects", self._draft("projects"), "money.projects")
            ),
            adjustments=tuple(
                money.Adjustment(**row)
                for _, row in self._many("money.adjustments", self._draft("expenditure"), "money.adjustments")
            ),
            buildings=tuple(
                money.Building(**row)
                for _, row in self._many("money.buildings", self._draft("base-data"), "money.buildings")
            ),
            **statement,
        )

    def _table(self, key: str) -> money.Table:
        block = self.blocks.get(f"money.{key}")
        if block is None:
            return money.Table()
        draft, rows, total = self._draft(block.section), [], None
        for name, label in block.rows:
            values = self._values(block.key, draft, f"{block.key}.{name}")
            if all(value is None for value in values.values()):
                continue
            if name == TOTAL:
                total = money.Amounts(**values)
            else:
                rows.append(money.Line(key=name, label=label, **values))
        if own := self.blocks.get(f"{block.key}.own"):
            rows += [money.Line(key=name, **values) for name, values in self._many(own.key, draft, block.key)]
        return money.Table(rows=tuple(rows), stated_total=total)

    def _sheet(
        self, prefix: str, goals: str, goals_in: str, lines: str, lines_in: str, result_in: str, result: str
    ) -> dict[str, Any]:
        goal_rows = self._many(goals, self._draft(goals_in), f"{prefix}goals")
        rows = self._many(lines, self._draft(lines_in), f"{prefix}indicators")
        stated = self._values(result, self._draft(result_in), f"{prefix}assessment")
        return {
            "goals": tuple(indicators.Goal(**row) for _, row in goal_rows),
            "indicators": tuple(
                indicators.Indicator(
                    key=uid, **row | {"target": row["target"] or None, "actual": row["actual"] or None}
                )
                for uid, row in rows
            ),
            "assessment": indicators.SelfAssessment(**stated),
        }

    def _project_sheets(self) -> list[indicators.ProjectSheet]:
        found = []
        for uid in self.reading.projects.values():
            key = f"project:{uid}"
            sheet = self._sheet(
                f"{SHEETS}.{uid}.",
                f"{SHEETS}.goals",
                key,
                f"{SHEETS}.indicators",
                key,
                key,
                f"{SHEETS}.assessment",
            )
            if sheet["goals"] or sheet["indicators"]:
                found.append(indicators.ProjectSheet(project=uid, **sheet))
        return found


def _clean(item: forms.Field, text: str) -> Any:
    return item.clean(text)
