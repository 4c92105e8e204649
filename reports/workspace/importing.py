"""Taking in a file: what was read, beside what is stored, and writing the chosen sections in one transaction.

A workbook holds whole sections; an old report or final accounts hold only what they state, so what they do not state stays as
it is. Nothing is written before the preview was seen, and nothing that was typed goes without being shown.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from budgets.models import Project
from budgets.tables import TABLES, TOTAL, Column
from departments.models import User
from departments.services import record
from indicators.dossier import Sheet
from reports.documents.wording import WRITERS
from reports.dossier import Dossier, Unread
from reports.evaluation import evaluate
from reports.findings import Finding
from reports.intake import IntakeError, read_bytes
from reports.intake.containers import Kind, check_name, identify
from reports.intake.errors import NeedsWorkbook
from reports.intake.final_accounts import AccountsReading, accounts_of
from reports.intake.matching import likeness
from reports.intake.sections import SENTENCE_END
from reports.intake.wording import bare
from reports.intake.workbook.header import is_workbook
from reports.intake.workbook.layout import VERSION
from reports.intake.workbook.marked import marked
from reports.intake.workbook.reader import WorkbookReading, read_workbook
from reports.intake.xlsx_file import open_book
from reports.models import Report, SectionState
from reports.models.imports import Import
from reports.outline import Outline
from reports.outlines import outline_of
from reports.places import SECTIONS, place
from reports.places import section as section_of
from reports.virus_scan import Infected, scan
from reports.workspace.fields import Surroundings, TickField
from reports.workspace.origins import home_of, keep_origins, keep_passages
from reports.workspace.rows import Draft, RowsPart
from reports.workspace.save import SaveRefused, lock_for_writing, save_section
from reports.workspace.sections import SHEETS, SectionForm, section_form
from reports.workspace.wording import same_words

NUMBERED = re.compile(r"^(?:[（(]?\d{1,2}[）)]?[.．、]?|[①-⑳])")
SAME = 0.92
"""Likeness from which an office, an indicator or a project of a file is the one that is stored."""
WORKBOOK, ACCOUNTS, REPORT = "workbook", "accounts", "report"
KINDS = {WORKBOOK: "自评工作簿", ACCOUNTS: "部门决算表", REPORT: "自评报告"}
PROJECT = "project:"


class ImportRefused(SaveRefused):
    """The file is not taken in; the message says why in Chinese."""

    def __init__(self, message: str, *, needs_workbook: bool = False) -> None:
        super().__init__(message)
        self.needs_workbook = needs_workbook


class Stale(SaveRefused):
    """What is stored changed between preview and writing; nothing was written."""


# ------------------------------------------------------------------ reading


def take_in(*, report: Report, name: str, data: bytes, by: User) -> Import:
    """Read a file and keep what it says (never the file itself) until the person decides. Raises :class:`SaveRefused`."""
    try:
        check_name(name)
        scan([data])
        kind = identify(data, name)
        sheets = open_book(data, kind) if kind in (Kind.XLSX, Kind.XLS) else []
        if sheets and is_workbook(sheets):
            content, bad = _of_workbook(report, read_workbook(sheets), data)
        elif sheets and (accounts := accounts_of(sheets)).tables:
            content, bad = _of_accounts(report, accounts), None
        else:
            content, bad = _of_dossier(report, read_bytes(data, name)), None
    except (IntakeError, Infected) as error:
        wanted = isinstance(error, NeedsWorkbook)
        raise ImportRefused(f"“{name}”没有读取：{error}", needs_workbook=wanted) from None
    with transaction.atomic():
        lock_for_writing(report, by)
        Import.objects.filter(profile=report.profile, by=by, done_at=None).delete()
        return Import.objects.create(
            profile=report.profile, by=by, name=name[-200:], kind=content["kind"], content=content, marked=bad
        )


def _of_workbook(
    report: Report, reading: WorkbookReading, data: bytes
) -> tuple[dict[str, Any], bytes | None]:
    header, profile = reading.header, report.profile
    if header.year != profile.year:
        raise NeedsWorkbook(
            f"这是{header.year}年度的工作簿，这里填报的是{profile.year}年度，请重新下载本年度的工作簿"
        )
    if header.department != profile.department.name or (
        header.region and header.region != profile.department.region.code
    ):
        raise NeedsWorkbook(
            f"这是“{header.department}”的工作簿，这里是“{profile.department.name}”，请使用本单位下载的工作簿"
        )
    complaints = [
        {"sheet": c.sheet, "cell": c.cell, "label": c.label, "found": c.found, "expected": c.expected}
        for c in reading.complaints
    ]
    content = {
        "kind": WORKBOOK,
        "notes": reading.notes,
        "complaints": complaints,
        "versions": header.sections,
        "made": header.made,
        "older": header.version < VERSION,
        "drafts": {key: {"texts": draft.texts, "rows": draft.rows} for key, draft in reading.drafts.items()},
        "places": reading.places,
        "unread": [],
    }
    return content, marked(data, reading.complaints) if complaints else None


def _of_accounts(report: Report, reading: AccountsReading) -> dict[str, Any]:
    if reading.year is not None and reading.year != report.profile.year:
        raise IntakeError(f"这是{reading.year}年度的决算表，这里填报的是{report.profile.year}年度")
    name = report.profile.department.name
    if reading.department and not same_words(reading.department, name):
        raise IntakeError(f"决算表的单位是“{reading.department}”，这里是“{name}”，请选择本单位的决算表")
    return {
        "kind": ACCOUNTS,
        "notes": reading.notes,
        **_dossier_content(reading.dossier(name, report.profile.year)),
    }


def _of_dossier(report: Report, dossier: Dossier) -> dict[str, Any]:
    notes = []
    name, year = report.profile.department.name, report.profile.year
    if dossier.profile.department and not same_words(dossier.profile.department, name):
        raise IntakeError(f"文件里的单位是“{dossier.profile.department}”，这里是“{name}”，请选择本单位的报告")
    if dossier.year != year:
        notes.append(
            f"文件是{dossier.year}年度的，这里填报的是{year}年度：只带入单位情况、目标、指标和文字，不带入金额和完成值"
        )
        dossier = without_figures(dossier)
    else:
        dossier = without_generated(dossier, outline_of(report.round))
    return {"kind": REPORT, "notes": notes, **_dossier_content(dossier)}


def without_generated(dossier: Dossier, outline: Outline) -> Dossier:
    """Without the sentences that the site writes by itself from the figures: a report of its own would double them."""
    made = {
        bare(sentence)
        for section in outline.sections
        for block in section.data
        for statement in WRITERS[block](dossier, None)
        for sentence in (statement.text, *SENTENCE_END.split(statement.text))
    }
    kept = []
    for section in dossier.narrative:
        lines = []
        for line in section.text.split("\n"):
            own = [one for one in SENTENCE_END.split(line) if bare(NUMBERED.sub("", one)) not in made]
            if any(one.strip() for one in own) and bare(NUMBERED.sub("", line)) not in made:
                lines.append("".join(own))
        kept.append(section.model_copy(update={"text": "\n".join(lines)}))
    return dossier.model_copy(update={"narrative": tuple(kept)})


def _dossier_content(dossier: Dossier) -> dict[str, Any]:
    return {
        "dossier": dossier.model_dump(mode="json", exclude={"origins", "unread", "coverage", "attachments"}),
        "origins": {
            item.where: [item.source, item.words]
            for item in dossier.origins
            if not item.where.startswith("paragraph.")
        },
        "unread": [item.model_dump() for item in dossier.unread],
        "complaints": [],
    }


def without_figures(dossier: Dossier) -> Dossier:
    """What of one year's dossier is worth taking into another: names, duties, goals, indicators, weights; no figure."""
    sheet = dossier.indicators
    profile = dossier.profile.model_copy(
        update={"prepared_on": None, "staff_on_posts": None, "retirees": None}
    )
    return Dossier(
        profile=profile,
        indicators=sheet.model_copy(
            update={
                "goals": tuple(goal.model_copy(update={"actual": ""}) for goal in sheet.goals),
                "indicators": tuple(
                    line.model_copy(
                        update={
                            "actual": None, "self_score": None, "deviation_reason": "", "improvement": "",
                            "evidence": "", "not_applicable": False, "not_applicable_reason": "",
                        }
                    )
                    for line in sheet.indicators
                ),
                "assessment": type(sheet.assessment)(),
                "projects": (),
            }
        ),
        narrative=tuple(
            section for section in dossier.narrative if section.key not in ("performance", "problems", "measures", "goals_stage")
        ),
        unread=dossier.unread,
        origins=dossier.origins,
    )  # fmt: skip


# ------------------------------------------------------------------ what a file states, over what is stored


def overlaid(
    form: SectionForm, stored: Draft, dossier: Dossier, seed: str, project: Project | None
) -> tuple[Draft, dict[str, str]]:
    """The stored draft with everything that the dossier states put in, and the dossier's path of each path that it set."""
    over = _Overlay(form, stored, seed)
    over.put(dossier, project)
    return over.draft, over.sources


class _Overlay:
    def __init__(self, form: SectionForm, stored: Draft, seed: str) -> None:
        self.form, self.seed = form, seed
        self.draft = Draft(
            texts=dict(stored.texts), rows={key: list(names) for key, names in stored.rows.items()}
        )
        self.sources: dict[str, str] = {}
        self.parts = {(part.prefix, part.kind): part for part in form.parts}

    def put(self, dossier: Dossier, project: Project | None) -> None:
        key = self.form.section.key
        if project is not None:
            names = {item.key: item.name for item in dossier.money.projects}
            sheet = next(
                (s for s in dossier.indicators.projects if names.get(s.project) == project.name), None
            )
            if sheet is not None:
                prefix = f"{SHEETS}.{project.uid}."
                self._sheet(
                    sheet, prefix, f"{SHEETS}.{sheet.project}.", ("goals", "indicators", "assessment")
                )
        elif key == "profile":
            self._profile(dossier)
        elif key in ("goals", "indicators"):
            self._sheet(dossier.indicators, "", "", (key,))
        elif key == "result":
            self._sheet(dossier.indicators, "", "", ("assessment",))
        elif key == "narrative":
            for section in dossier.narrative:
                if section.text and f"narrative.{section.key}" in self.draft.texts:
                    self._set(f"narrative.{section.key}", section.text, f"narrative.{section.key}")
        else:
            self._money(dossier)

    def _set(self, path: str, value: Any, source: str) -> None:
        """Put a stated value in; what is not stated leaves what is there."""
        text = self._text(path, value)
        if text and self.draft.texts.get(path, "") != text:
            self.draft.texts[path] = text
        if text:
            self.sources[path] = source

    def _text(self, path: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        for part in self.form.parts:
            fields = getattr(part, "fields", None) or getattr(
                getattr(part, "form_class", None), "base_fields", {}
            )
            name = path.rpartition(".")[2]
            if hasattr(part, "form_classes"):
                fields = next(iter(part.form_classes.values())).base_fields
            if path.startswith(f"{part.prefix}.") and name in fields:
                return str(fields[name].to_text(value))
        return str(value)

    def _profile(self, dossier: Dossier) -> None:
        profile = dossier.profile
        for name in (
            "authorized_posts",
            "staff_on_posts",
            "retirees",
            "head",
            "contact",
            "phone",
            "prepared_by",
            "prepared_on",
        ):
            self._set(f"profile.{name}", getattr(profile, name), f"profile.{name}")
        self._list(
            "profile.internal_offices", [{"name": name} for name in profile.internal_offices or ()], "name"
        )
        self._list("profile.duties", [{"text": text} for text in profile.duties or ()], "text")

    def _list(
        self, prefix: str, rows: Iterable[Mapping[str, Any]], name_field: str, source: str = ""
    ) -> None:
        """Rows by their names: known ones are completed, others are added behind them."""
        names = self.draft.rows.setdefault(prefix, [])
        free = list(names)
        part = self.parts.get((prefix, "rows"))
        for number, row in enumerate(rows):
            called = str(row.get(name_field) or "")
            found = next(
                (
                    n
                    for n in free
                    if same_words(self.draft.texts.get(f"{prefix}.{n}.{name_field}", ""), called)
                ),
                None,
            )
            if found is None:
                found = max(
                    free,
                    key=lambda n: likeness(self.draft.texts.get(f"{prefix}.{n}.{name_field}", ""), called),
                    default=None,
                )
                if (
                    found is not None
                    and likeness(self.draft.texts.get(f"{prefix}.{found}.{name_field}", ""), called) < SAME
                ):
                    found = None
            if found is None:
                made = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed}/{prefix}/{number}/{called}")
                found = f"row-{made.hex}" if prefix == "money.project_detail" else str(made)
                if found in names:
                    continue
                names.append(found)
                if isinstance(part, RowsPart):
                    for field_name in part.form_class.base_fields:
                        self.draft.texts.setdefault(f"{prefix}.{found}.{field_name}", "")
            else:
                free.remove(found)
            base = str(row.get("_source") or f"{source or prefix}.{number}")
            for field_name, value in row.items():
                if not field_name.startswith("_"):
                    path = f"{prefix}.{found}.{field_name}"
                    origin = f"{base}.{field_name}" if field_name != name_field or "_source" in row else base
                    if field_name == name_field and same_words(self.draft.texts.get(path, ""), str(value)):
                        self.sources[path] = origin
                    else:
                        self._set(path, value, origin)

    def _money(self, dossier: Dossier) -> None:
        money = dossier.money
        prefixes = {part.prefix for part in self.form.parts}
        for key, spec in TABLES.items():
            if f"money.{key}" not in prefixes:
                continue
            table = money.table(key)
            own = []
            for row in table.rows:
                if any(row.key == fixed.key for fixed in spec.rows):
                    for column in spec.columns:
                        path = f"money.{key}.{row.key}.{column}"
                        self._set(path, row.amount(column), path)
                elif spec.free_rows:
                    amounts = {column.value: row.amount(column) for column in Column}
                    own.append({"label": row.label, **amounts, "_source": f"money.{key}.{row.key}"})
            if spec.total_label and table.stated_total is not None:
                for column in spec.columns:
                    path = f"money.{key}.{TOTAL}.{column}"
                    self._set(path, table.stated_total.amount(column), path)
            if own:
                self._list(f"money.{key}", own, "label")
        for name in ("frugality", "execution_explanation", "project_office"):
            if f"money.{name}" in self.draft.texts:
                self._set(f"money.{name}", getattr(money, name), f"money.{name}")
        if "money.projects" in prefixes:
            self._list(
                "money.projects",
                [
                    {**item.model_dump(exclude={"key"}), "_source": f"money.projects.{item.key}"}
                    for item in money.projects
                ],
                "name",
            )
        if "money.buildings" in prefixes:
            self._list("money.buildings", [item.model_dump() for item in money.buildings], "name")
        if "money.adjustments" in prefixes and not self.draft.rows.get("money.adjustments"):
            self._list("money.adjustments", [item.model_dump() for item in money.adjustments], "explanation")

    def _sheet(self, sheet: Sheet, prefix: str, source: str, wanted: tuple[str, ...]) -> None:
        if "goals" in wanted:
            self._list(
                f"{prefix}goals", [goal.model_dump() for goal in sheet.goals], "expected", f"{source}goals"
            )
        if "indicators" in wanted:
            rows = []
            for line in sheet.indicators:
                values = line.model_dump(include={
                    "level1", "level2", "name", "target", "actual", "weight", "self_score",
                    "not_applicable_reason", "formula", "evidence", "deviation_reason", "improvement",
                })  # fmt: skip
                values |= {name: True for name in ("not_applicable", "core") if getattr(line, name)}
                rows.append({**values, "_source": f"{source}indicators.{line.key}"})
            self._list(f"{prefix}indicators", rows, "name")
        if "assessment" in wanted:
            for name in ("score", "grade", "raise_reason"):
                self._set(
                    f"{prefix}assessment.{name}",
                    getattr(sheet.assessment, name),
                    f"{source}assessment.{name}",
                )


# ------------------------------------------------------------------ preview


@dataclass(frozen=True)
class Change:
    """One field that would change."""

    label: str
    before: str
    after: str
    source: str = ""
    words: str = ""

    @property
    def emptied(self) -> bool:
        return not self.after


@dataclass
class SectionPreview:
    """One section of the preview."""

    key: str
    title: str
    version: int
    changes: list[Change] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    reordered: bool = False
    refused: list[str] = field(default_factory=list)
    """Texts of the file that the field does not take; they are kept beside the field as typed."""
    unread: list[Unread] = field(default_factory=list)
    newer: bool = False
    """Whether the section was saved on the site after the workbook was downloaded."""
    draft: Draft = field(default_factory=Draft)
    project: Project | None = None
    origins: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Text, place and words of each field that the file states."""

    @property
    def differs(self) -> bool:
        return bool(self.changes or self.added or self.removed or self.reordered)

    @property
    def loses(self) -> bool:
        """Whether something that is stored would go."""
        return bool(self.removed) or any(change.emptied for change in self.changes)


@dataclass
class Preview:
    """All that the page shows."""

    sections: list[SectionPreview]
    questions: list[Unread]
    unplaced: list[Unread]
    """Unread passages of sections that the outline does not have."""

    @property
    def changed(self) -> list[SectionPreview]:
        return [item for item in self.sections if item.differs]


def preview(report: Report, item: Import) -> Preview:
    """What the file would change, against what is stored now."""
    profile = report.profile
    states = {state.section: state for state in SectionState.objects.filter(profile=profile)}
    projects = {str(one.uid): one for one in Project.objects.filter(profile=profile)}
    unread = [Unread.model_validate(one) for one in item.content["unread"]]
    sections = []
    for key, project in _targets(item, projects):
        if project is None and key.startswith(PROJECT):
            project = _coming(item, key.removeprefix(PROJECT), profile)
        sections.append(_section(report, item, key, project, states))
    found = Preview([one for one in sections if one is not None], [u for u in unread if u.question], [])
    titles = {section.key for section in outline_of(report.round).sections}
    for one in (u for u in unread if not u.question):
        home = home_of(one, titles)
        target = next((s for s in found.sections if s.key == home), None)
        (target.unread if target else found.unplaced).append(one)
    return found


def _coming(item: Import, uid: str, profile: Any) -> Project:
    """A project that the workbook brings along: it has no row yet."""
    name = item.content["drafts"].get("projects", {}).get("texts", {}).get(f"money.projects.{uid}.name", "")
    return Project(profile=profile, uid=uuid.UUID(uid), name=name)


def _targets(item: Import, projects: Mapping[str, Project]) -> list[tuple[str, Project | None]]:
    """Sections that the file speaks of, in the order of the workspace."""
    if item.kind == WORKBOOK:
        keys = list(item.content["drafts"])
        fixed = [section.key for section in SECTIONS if section.key in keys]
        own = [key for key in keys if key.startswith(PROJECT)]
        return [(key, None) for key in fixed] + [
            (key, projects.get(key.removeprefix(PROJECT))) for key in own
        ]
    fixed = [section.key for section in SECTIONS if section.key != "attachments"]
    return [(key, None) for key in fixed] + [(f"{PROJECT}{uid}", one) for uid, one in projects.items()]


def _section(
    report: Report, item: Import, key: str, project: Project | None, states: Mapping[str, SectionState]
) -> SectionPreview | None:
    form = section_form(report, "project" if project else key, project=project)
    if project is not None and project.pk is None:
        for part in form.parts:
            part.objects, part.profile = {}, report.profile  # type: ignore[attr-defined]
            part.object = None  # type: ignore[attr-defined]
        stored = Draft(rows={part.prefix: [] for part in form.parts if isinstance(part, RowsPart)})
    else:
        form.load(report.profile)
        state = states.get(form.state_key)
        stored = form.shown(state.rejected if state else {})
    version = states[form.state_key].version if form.state_key in states else 0
    if item.kind == WORKBOOK:
        raw = item.content["drafts"][key]
        incoming = Draft(texts=stored.texts | raw["texts"], rows=stored.rows | raw["rows"])
        sources = {path: path for path in raw["texts"]}
        newer = version > int(item.content["versions"].get(form.state_key, 0))
    else:
        dossier = Dossier.model_validate(item.content["dossier"] | {"coverage": []})
        incoming, sources = overlaid(form, stored, dossier, f"import-{item.pk}", project)
        newer = False
    title = f"项目“{project.name}”自评表" if project else section_of(key).title
    found = SectionPreview(
        key=key, title=title, version=version, draft=incoming, newer=newer, project=project
    )
    _compare(found, form, stored, incoming, item, sources)
    return found


def _compare(
    found: SectionPreview,
    form: SectionForm,
    stored: Draft,
    incoming: Draft,
    item: Import,
    sources: Mapping[str, str],
) -> None:
    form.bind(incoming, Surroundings())
    labels, ticks = form.labels(), _ticks(form)
    apart: list[str] = []
    titles = {part.prefix: part.title for part in form.parts if isinstance(part, RowsPart)}
    for prefix, title in titles.items():
        here, there = incoming.rows.get(prefix, []), stored.rows.get(prefix, [])
        for name in there:
            if name not in here:
                found.removed.append(f"{title}：{_said(stored.texts, f'{prefix}.{name}.', ticks)}")
                apart.append(f"{prefix}.{name}.")
        for name in here:
            if name not in there and (said := _said(incoming.texts, f"{prefix}.{name}.", ticks)):
                found.added.append(f"{title}：{said}")
                apart.append(f"{prefix}.{name}.")
        if [n for n in here if n in there] != [n for n in there if n in here]:
            found.reordered = True
    found.origins = _origins(item, incoming, sources, labels)
    for path, label in labels.items():
        before, after = stored.texts.get(path, "").strip(), incoming.texts.get(path, "").strip()
        if before == after or path.startswith(tuple(apart)) or _equal(form, path, before, after):
            continue
        after = _as_read(form, path, after)
        source, words = _origin(item, sources.get(path, path))
        shown = ("是", "否") if path.rpartition(".")[2] in ticks else None
        if shown:
            before, after = (shown[0] if one == "on" else shown[1] for one in (before, after))
        found.changes.append(Change(label or place(path).label, before, after, source, words))
    found.refused = [
        f"{labels.get(path, path)}：{message}" for path, message in form.errors().items() if path in sources
    ]


def _origins(
    item: Import, incoming: Draft, sources: Mapping[str, str], paths: Iterable[str]
) -> dict[str, tuple[str, str, str]]:
    found = {}
    for path in paths:
        text = incoming.texts.get(path, "").strip()
        source, words = _origin(item, sources[path]) if text and path in sources else ("", "")
        if source:
            found[path] = (text, source, words)
    return found


def _ticks(form: SectionForm) -> set[str]:
    return {
        name
        for part in form.parts
        for f in part.forms()
        for name, one in f.fields.items()
        if isinstance(one, TickField)
    }


def _equal(form: SectionForm, path: str, before: str, after: str) -> bool:
    """Whether two texts of a field mean the same (``12.50`` and ``12.5``)."""
    for part in form.parts:
        for one in part.forms():
            name = path.rpartition(".")[2]
            if one.prefix == path.rpartition(".")[0] and name in one.fields:
                try:
                    return one.fields[name].clean(before) == one.fields[name].clean(after)
                except Exception:  # a text that the field refuses is told as it stands
                    return False
    return False


def _as_read(form: SectionForm, path: str, text: str) -> str:
    """The text as the page will show it once it is stored (``125000元`` → ``12.50``); a refused one as it stands."""
    prefix, _, name = path.rpartition(".")
    for part in form.parts:
        for one in part.forms():
            if text and one.prefix == prefix and name in one.fields and name not in one.errors:
                return str(one.fields[name].to_text(one.cleaned_data[name]))
    return text


def _origin(item: Import, path: str) -> tuple[str, str]:
    if item.kind == WORKBOOK:
        return item.content["places"].get(path, ""), ""
    source, words = item.content["origins"].get(path, ("", ""))
    return source, words


def _said(texts: Mapping[str, str], start: str, ticks: set[str]) -> str:
    words = [
        text.strip()
        for path, text in texts.items()
        if path.startswith(start) and text.strip() and path.rpartition(".")[2] not in ticks
    ]
    return "；".join(words)[:200] or "（空行）"


# ------------------------------------------------------------------ writing


@transaction.atomic
def write_in(
    *, report: Report, item: Import, chosen: Iterable[str], versions: Mapping[str, int], by: User
) -> list[str]:
    """Write the chosen sections, all or none, and answer their titles.

    Raises :class:`Stale` when a section was saved since the preview, :class:`SaveRefused` when the report is closed.
    """
    locked = lock_for_writing(report, by)
    row = (
        Import.objects.select_for_update(no_key=True)
        .filter(pk=item.pk, by=by, profile=report.profile)
        .first()
    )
    if row is None:
        raise ImportRefused("这次导入的内容已被更新的一次替换，请从最新的预览继续。")
    if row.done_at is not None:
        return list(row.content.get("written", []))
    if row.content["complaints"]:
        raise ImportRefused("工作簿还有需要改正的单元格，请改正后重新上传。")
    wanted = set(chosen)
    titles: list[str] = []
    shown = preview(locked, row)
    for section in shown.sections:
        if section.key not in wanted or not section.differs:
            continue
        if versions.get(section.key) != section.version:
            raise Stale(f"“{section.title}”在您查看期间又被保存过，没有写入；下面是最新的对比，请再看一遍。")
        project = section.project
        if project is not None and project.pk is None:
            project = Project.objects.filter(profile=locked.profile, uid=project.uid).first()
            if project is None:
                raise ImportRefused(f"“{section.title}”要和“项目资金”一起写入，请同时勾选。")
        key = "project" if project else section.key
        findings = evaluate(locked).findings if key == "result" else ()
        draft = _with_answers(locked, section.draft, findings) if key == "result" else section.draft
        saved = save_section(
            report=locked,
            key=key,
            draft=draft,
            version=section.version,
            by=by,
            project=project,
            findings=findings,
        )
        if saved.conflict:
            raise Stale(f"“{section.title}”在您查看期间又被保存过，没有写入；下面是最新的对比，请再看一遍。")
        keep_origins(row, section.origins)
        titles.append(section.title)
    if not titles:
        raise ImportRefused("没有勾选有改动的部分，没有写入任何内容。")
    outline = {section.key for section in outline_of(locked.round).sections}
    keep_passages(
        row, [(home_of(one, outline), one) for one in map(Unread.model_validate, row.content["unread"])]
    )
    record(
        event="report.import",
        sentence=f"{by}从{KINDS[row.kind]}“{row.name}”导入了{'、'.join(titles)}",
        by=by,
        profile=locked.profile,
        data={"kind": row.kind, "sections": titles},
    )
    row.finish(titles)
    return titles


def _with_answers(report: Report, draft: Draft, findings: Iterable[Finding]) -> Draft:
    """The answers to warnings stand in the same section and no file states them: they stay."""
    form = section_form(report, "result", findings=findings)
    form.load(report.profile)
    return Draft(texts=form.stored().texts | draft.texts, rows=draft.rows)
