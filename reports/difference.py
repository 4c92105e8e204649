"""Two submissions side by side (报送版本对照): every field that differs, called by its place, as a document.

Pure: dossiers and scorecards in, a :class:`~reports.documents.model.ReportDocument` out, which the printers lay out as any other.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from budgets.money import plain, to_wan
from indicators.scoring.scorecard import Scorecard
from reports.documents.model import Block, Cell, Paragraph, ReportDocument, Row, Table
from reports.dossier import Dossier
from reports.places import Place, place

NOTHING = "（未填）"
LONG = 120
"""Characters from which on only the paragraphs that differ are shown."""

_SKIPPED = frozenset(
    {"schema_version", "coverage", "origins", "unread", "document_kind", "title", "key", "uid"}
)
_AREAS = frozenset({"approved_area", "actual_area"})


@dataclass(frozen=True)
class Version:
    """One submission as it is compared."""

    name: str
    dossier: Dossier
    card: Scorecard | None = None


@dataclass(frozen=True)
class Change:
    """One field that differs."""

    place: Place
    before: str
    after: str


def changes(before: Version, after: Version) -> list[Change]:
    """Fields that differ, in the order of the later dossier; fields that vanished come last in their part."""
    old, new = dict(_fields(before.dossier)), dict(_fields(after.dossier))
    found = []
    for path in dict.fromkeys([*new, *old]):
        first, second = old.get(path, ""), new.get(path, "")
        if first != second:
            known = after.dossier if path in new else before.dossier
            found.append(Change(place(path, known), *_shortened(first, second)))
    return found


def document(before: Version, after: Version) -> ReportDocument:
    """The comparison as a paper: one table a part of the forms."""
    found = changes(before, after)
    unit, year = after.dossier.profile.department, after.dossier.year
    groups: dict[str, list[Change]] = {}
    for change in found:
        groups.setdefault(change.place.section_title, []).append(change)
    summary = (
        f"{unit}{year}年度自评报告的{before.name}与{after.name}相比，共有{len(found)}处不同。"
        if found
        else f"{unit}{year}年度自评报告的{before.name}与{after.name}填报内容完全相同。"
    )
    blocks: list[Block] = [Paragraph(text=summary, origin="generated")]
    scores = list(_scores(before.card, after.card))
    if scores:
        blocks.append(_table("得分和等级", "项目", before, after, scores))
    blocks += [
        _table(title, "位置", before, after, [(one.place.label, one.before, one.after) for one in members])
        for title, members in groups.items()
    ]
    return ReportDocument(
        title=f"{year}年度自评报告报送版本对照",
        author=unit,
        subject=f"{before.name}与{after.name}",
        body=tuple(blocks),
    )


def _table(
    title: str, head: str, before: Version, after: Version, rows: Iterable[tuple[str, str, str]]
) -> Table:
    heads = Row(cells=tuple(Cell(text=text, bold=True) for text in (head, before.name, after.name)))
    return Table(
        title=title,
        widths=(30, 50, 50),
        header_rows=1,
        rows=(
            heads,
            *(
                Row(
                    cells=(
                        Cell(text=label, align="left"),
                        Cell(text=first or NOTHING, align="left"),
                        Cell(text=second or NOTHING, align="left"),
                    )
                )
                for label, first, second in rows
            ),
        ),
    )


def _scores(before: Scorecard | None, after: Scorecard | None) -> Iterator[tuple[str, str, str]]:
    """Totals and lines of the scorecards that differ."""
    if before is None or after is None:
        return
    pairs = [
        ("自评得分", _points(before.self_score), _points(after.self_score)),
        ("自评等级", before.self_grade, after.self_grade),
        ("系统评分", _points(before.score), _points(after.score)),
    ]
    old = {line.key: line for line in before.lines}
    for line in after.lines:
        other = old.get(line.key)
        pairs.append(
            (f"{line.name}（系统评分）", _points(other.score if other else None), _points(line.score))
        )
    yield from (pair for pair in pairs if pair[1] != pair[2])


def _points(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


# ------------------------------------------------------------------ fields of a dossier


def _fields(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Path and shown text of every stated field."""
    yield from _walk("profile", dossier.profile)
    yield from _walk("money", dossier.money, money=True)
    sheet = dossier.indicators
    for part in ("goals", "indicators", "assessment"):
        yield from _walk(part, getattr(sheet, part))
    for project in sheet.projects:
        for part in ("goals", "indicators", "assessment"):
            yield from _walk(f"project_sheets.{project.project}.{part}", getattr(project, part))
    for section in dossier.narrative:
        yield f"narrative.{section.key}", section.text.strip()
    for item in dossier.attachments:
        yield f"attachments.{item.sha256}", item.name
    for explanation in dossier.explanations:
        yield f"explanations.{explanation.finding}", explanation.text.strip()


def _walk(path: str, value: object, *, money: bool = False) -> Iterator[tuple[str, str]]:
    if value is None or value == "" or value == ():
        return
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name in _SKIPPED:
                continue
            # A table's rows stand directly under its name, its stated total is a row called total.
            below = {"rows": path, "stated_total": f"{path}.total"}.get(name, f"{path}.{name}")
            yield from _walk(below, getattr(value, name), money=money and name not in _AREAS)
    elif isinstance(value, tuple | list):
        if all(isinstance(item, str) for item in value):
            for number, item in enumerate(value):
                yield f"{path}.{number}", item
            return
        for number, item in enumerate(value):
            yield from _walk(f"{path}.{getattr(item, 'key', '') or number}", item, money=money)
    else:
        yield path, _shown(value, money)


def _shown(value: object, money: bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{to_wan(value):f}万元" if money else plain(value)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value).strip()


def _shortened(before: str, after: str) -> tuple[str, str]:
    """Of long texts only the paragraphs that differ."""
    if max(len(before), len(after)) < LONG or not before or not after:
        return before, after
    old, new = before.splitlines(), after.splitlines()
    if len(old) < 2 and len(new) < 2:
        return before, after
    first: list[str] = []
    second: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            first += [f"第{number + 1}段：{old[number]}" for number in range(a, b)]
            second += [f"第{number + 1}段：{new[number]}" for number in range(c, d)]
    return "\n".join(first) or "（没有这些段落）", "\n".join(second) or "（已删去）"
