"""Two submissions side by side (报送版本对照): every field that differs, called by its place, as a document.

Pure: dossiers and scorecards in, a :class:`~reports.documents.model.ReportDocument` out, which the printers lay out as any other.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from budgets.choices import AdjustmentCause
from budgets.money import plain, round_half_up, to_wan
from indicators.scoring.scorecard import Scorecard
from reports.documents.model import Block, Cell, Paragraph, ReportDocument, Row, Table
from reports.dossier import Dossier
from reports.places import Place, place

NOTHING = "（未填）"
LONG = 120
"""Characters from which on only the paragraphs that differ are shown."""

TENTH = Decimal("0.1")

_SKIPPED = frozenset(
    {"schema_version", "coverage", "origins", "unread", "document_kind", "title", "key", "uid"}
)
_CODES = dict(AdjustmentCause.choices)
_AREAS = frozenset({"approved_area", "actual_area"})


@dataclass(frozen=True)
class Version:
    """One submission as it is compared."""

    name: str
    dossier: Dossier
    card: Scorecard | None = None


@dataclass(frozen=True)
class Change:
    """One field that differs. ``moved`` says by how much, where both sides are figures."""

    place: Place
    before: str
    after: str
    moved: str = ""


def changes(before: Version, after: Version) -> list[Change]:
    """Fields that differ, in the order of the later dossier; fields that vanished come last in their part.

    Rows with a name (indicators, projects) are compared with the row of the same name, wherever it stands.
    """
    found = []
    for pair in _pairs(before.dossier, after.dossier):
        first, second = pair.texts
        if first != second:
            known = after.dossier if second else before.dossier
            path = pair.after_path if second else pair.before_path
            found.append(Change(place(path, known), *_shortened(first, second), pair.moved))
    return found


def document(before: Version, after: Version) -> ReportDocument:
    """The comparison as a paper: one table a part of the forms."""
    found = changes(before, after)
    unit, year = after.dossier.profile.department, after.dossier.year
    groups: dict[str, list[Change]] = {}
    for change in found:
        groups.setdefault(change.place.section_title, []).append(change)
    summary = (
        f"{unit}{year}年度自评报告：{after.name}与{before.name}相比，共有{len(found)}处不同。"
        if found
        else f"{unit}{year}年度自评报告：{after.name}与{before.name}填报内容完全相同。"
    )
    blocks: list[Block] = [Paragraph(text=summary, origin="generated")]
    scores = list(_scores(before.card, after.card))
    if scores:
        blocks.append(_table("得分和等级", "项目", before, after, scores))
    blocks += [
        _table(
            title,
            "位置",
            before,
            after,
            [(one.place.label, one.before, one.after, one.moved) for one in members],
        )
        for title, members in groups.items()
    ]
    return ReportDocument(
        title=f"{year}年度自评报告{'报送版本' if before.dossier.year == year else '与上年'}对照",
        author=unit,
        subject=f"{before.name}与{after.name}",
        body=tuple(blocks),
    )


def _table(
    title: str, head: str, before: Version, after: Version, rows: Iterable[tuple[str, str, str, str]]
) -> Table:
    """One row a field; a column for the change where one of them is a figure."""
    rows = list(rows)
    moved = any(row[3] for row in rows)
    heads = (head, before.name, after.name, *(("增减",) if moved else ()))
    return Table(
        title=title,
        widths=(42, 32, 32, 30) if moved else (34, 51, 51),
        header_rows=1,
        rows=(
            Row(cells=tuple(Cell(text=text, bold=True) for text in heads)),
            *(
                Row(
                    cells=(
                        Cell(text=label, align="left"),
                        Cell(text=first or NOTHING, align="left"),
                        Cell(text=second or NOTHING, align="left"),
                        *((Cell(text=change, align="left"),) if moved else ()),
                    )
                )
                for label, first, second, change in rows
            ),
        ),
    )


def _scores(before: Scorecard | None, after: Scorecard | None) -> Iterator[tuple[str, str, str, str]]:
    """Totals and lines of the scorecards that differ; a line is the one of the same key, else of the same name."""
    if before is None or after is None:
        return
    rows = [
        _score_row("自评得分", before.self_score, after.self_score),
        ("自评等级", before.self_grade, after.self_grade, ""),
        _score_row("系统评分", before.score, after.score),
    ]
    by_key = {line.key: line for line in before.lines}
    by_name = {line.name: line for line in before.lines}
    for line in after.lines:
        other = by_key.get(line.key) or by_name.get(line.name)
        rows.append(_score_row(f"{line.name}（系统评分）", other.score if other else None, line.score))
    yield from (row for row in rows if row[1] != row[2])


def _score_row(name: str, first: Decimal | None, second: Decimal | None) -> tuple[str, str, str, str]:
    both = first is not None and second is not None
    return name, _points(first), _points(second), f"{_signed(second - first)}分" if both else ""


def _points(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


# ------------------------------------------------------------------ fields of a dossier


@dataclass(frozen=True)
class _Pair:
    """One field in both dossiers; an empty path where it is not there."""

    before_path: str
    after_path: str
    before: object = ""
    after: object = ""
    money: bool = False

    @property
    def texts(self) -> tuple[str, str]:
        return tuple(
            ""
            if value in (None, "")
            else _shown(value, self.money, coded=(self.after_path or self.before_path).endswith(".cause"))
            for value in (self.before, self.after)
        )

    @property
    def moved(self) -> str:
        """``+12.00万元（+5.6%）``; no share for anything but amounts and counts, none of zero."""
        first, second = self.before, self.after
        if (
            isinstance(first, bool)
            or self.after_path == "profile.year"
            or not all(isinstance(one, Decimal | int) for one in (first, second))
        ):
            return ""
        change = second - first
        if self.money:
            text = f"{to_wan(second) - to_wan(first):+f}万元"
        else:
            text = _signed(Decimal(change))
        counted = self.money or isinstance(first, int)
        return (
            f"{text}（{round_half_up(change / Decimal(first) * 100, TENTH):+f}%）"
            if counted and first
            else text
        )


def _pairs(before: Dossier, after: Dossier) -> Iterator[_Pair]:
    """Every field that one of the two states."""
    yield from _walk("profile", "profile", before.profile, after.profile)
    yield from _walk("money", "money", before.money, after.money, money=True)
    yield from _sheet("", "", before.indicators, after.indicators)
    mine, theirs = ({item.project: item for item in one.indicators.projects} for one in (before, after))
    for project in dict.fromkeys([*theirs, *mine]):
        below = f"project_sheets.{project}."
        yield from _sheet(below, below, mine.get(project), theirs.get(project))
    for below, old, new in (
        (
            "narrative",
            {item.key: item.text.strip() for item in before.narrative},
            {item.key: item.text.strip() for item in after.narrative},
        ),
        (
            "attachments",
            {item.sha256: item.name for item in before.attachments},
            {item.sha256: item.name for item in after.attachments},
        ),
        (
            "explanations",
            {item.finding: item.text.strip() for item in before.explanations},
            {item.finding: item.text.strip() for item in after.explanations},
        ),
    ):
        for key in dict.fromkeys([*new, *old]):
            path = f"{below}.{key}"
            yield _Pair(path, path, old.get(key, ""), new.get(key, ""))


def _sheet(before_path: str, after_path: str, old: object, new: object) -> Iterator[_Pair]:
    for part in ("goals", "indicators", "assessment"):
        yield from _walk(
            before_path + part, after_path + part, getattr(old, part, None), getattr(new, part, None)
        )


def _walk(
    before_path: str, after_path: str, old: object, new: object, *, money: bool = False
) -> Iterator[_Pair]:
    """Both sides of one value, down to single fields."""
    known = new if new not in (None, "", ()) else old
    if known in (None, "", ()):
        return
    if isinstance(known, BaseModel):
        for name in type(known).model_fields:
            if name in _SKIPPED:
                continue
            # A table's rows stand directly under its name, its stated total is a row called total.
            first, second = (
                {"rows": path, "stated_total": f"{path}.total"}.get(name, f"{path}.{name}")
                for path in (before_path, after_path)
            )
            values = getattr(old, name, None), getattr(new, name, None)
            yield from _walk(first, second, *values, money=money and name not in _AREAS)
    elif isinstance(known, tuple | list):
        for first, second in _aligned(old or (), new or ()):
            yield from _walk(
                f"{before_path}.{_key(old[first], first)}" if first is not None else "",
                f"{after_path}.{_key(new[second], second)}" if second is not None else "",
                old[first] if first is not None else None,
                new[second] if second is not None else None,
                money=money,
            )
    else:
        yield _Pair(before_path, after_path, old, new, money)


def _key(item: object, number: int) -> str:
    return str(getattr(item, "key", "") or number)


def _aligned(old: Sequence[object], new: Sequence[object]) -> list[tuple[int | None, int | None]]:
    """Rows that belong together: of the same key or name first, then by their place; the rest came or went."""
    free: dict[str, list[int]] = {}
    for number, item in enumerate(old):
        free.setdefault(_identity(item), []).append(number)
    partner: dict[int, int] = {}
    for number, item in enumerate(new):
        if (name := _identity(item)) and free.get(name):
            partner[number] = free[name].pop(0)
    left = [number for number in range(len(old)) if number not in partner.values()]
    for number in range(len(new)):
        if number not in partner and number in left:
            partner[number] = number
            left.remove(number)
    return [
        *((partner.get(number), number) for number in range(len(new))),
        *((number, None) for number in left),
    ]


def _identity(item: object) -> str:
    """What a row is called: its key, its name, or the text itself."""
    if isinstance(item, str):
        return item.strip()
    return str(getattr(item, "key", "") or getattr(item, "name", "") or "").strip()


def _signed(value: Decimal) -> str:
    return f"{'+' if value > 0 else ''}{plain(value)}"


def _shown(value: object, money: bool, *, coded: bool = False) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{to_wan(value):f}万元" if money else plain(value)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return _CODES.get(str(value).strip(), str(value).strip()) if coded else str(value).strip()


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
