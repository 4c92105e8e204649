"""A report's text and its tables brought together into one dossier; where both state a figure, the form wins.

A figure that the text rounds is the same figure; one that differs by more is put as a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from budgets.dossier import Amounts, Line, Money, Table
from budgets.money import wan
from budgets.tables import COLUMN_LABELS, TABLES, TOTAL, Column
from departments.dossier import Profile
from indicators.dossier import Goal, Indicator, Indicators
from reports.dossier import Covers, Dossier, Origin, Unread
from reports.intake import source as sources
from reports.intake.errors import IntakeError
from reports.intake.form_words import ROUNDED
from reports.intake.known_forms import FormReading, projects_of
from reports.intake.matching import likeness
from reports.intake.people import region_of
from reports.intake.sections import DATE_LINE, cut, without_contents
from reports.intake.source import CONTINUED, Aside, Places, Source
from reports.intake.source import Line as TextLine
from reports.intake.text import read_text
from reports.intake.wording import bare, fold, tidy

ALIKE = 0.8
"""Likeness from which an indicator of the text is one of the form."""
LEAST_OF_A_NAME = 4
"""Characters of a broken line that are known again in a name."""
CHAPTER = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}(?:部分|章))")
_ANNEX = re.compile(r"^附(?:件|表)\s*\d{0,2}\s*[：:]?$")
_ENCLOSED = re.compile(r"^附件?\s*[：:]|^\d{1,2}[.．、].{2,40}(?:表|报告)(?:$|[（(])")
_ENCLOSURES = re.compile(r"^附件\s*[：:]")
_UNIT_OR_NOTE = re.compile(r"^(?:(?:金额)?单位[：:]|注[：:]|说明[：:])")
_YEAR_OR_LABEL = re.compile(
    r"20\d\d年?(?:度|\d{1,2}月)?(?:\d{1,2}日)?|附(?:件|表)\s*\d{0,2}|第?\s*\d{1,3}\s*页|^[（(]?\d{1,2}[）).、．]"
)
_STATES_NUMBER = re.compile(r"\d")
_DIGITS = re.compile(r"^[〇零一二三四五六七八九十百\d年月日\s]+$")


def read_source(source: Source) -> Dossier:
    """The dossier of lines and tables. Raises :class:`IntakeError`."""
    body, signature = _body(source)
    forms = FormReading(source.grids)
    places = Places(body)
    dossier: Dossier | None = None
    try:
        dossier = read_text("\n".join(line.text for line in body)) if body else None
    except IntakeError:
        if not forms.known:
            raise
    if dossier is not None:
        dossier = dossier.model_copy(
            update={
                "origins": tuple(places.origins(dossier.origins)),
                "unread": tuple(places.unread(dossier.unread)),
            }
        )
    joined = _joined(dossier, forms) if forms.known else _require(dossier)
    dropped = _behind_annexes(source.lines, [*body, *signature])
    unread = [*joined.unread, *source.notes, *_asides(source.asides, body), *dropped]
    if not forms.known:
        unread += forms.collected.unread
    unread = [item for item in dict.fromkeys(unread) if not _settled(item, joined)]
    return _signed(joined.model_copy(update={"unread": tuple(unread)}), signature)


def _behind_annexes(lines: Sequence[TextLine], read: Sequence[TextLine]) -> list[Unread]:
    """Lines among the forms that state a number and belong to no table: notes below a form, say."""
    known = set(map(id, read))
    return [
        Unread(source=line.place, words=line.text.strip())
        for line in lines
        if id(line) not in known and _STATES_NUMBER.search(_YEAR_OR_LABEL.sub("", fold(line.text)))
    ]


def _asides(found: Sequence[Aside], body: Sequence[TextLine]) -> list[Unread]:
    """Footnotes, comments and the like as unread, each with the section of its paragraph."""
    if not found:
        return []
    root = cut(without_contents("\n".join(line.text for line in body)))
    told = [(bare(paragraph.text), block.place) for block in root.walk() for paragraph in block.paragraphs]
    titles = [(bare(block.title), block.place) for block in root.walk() if block.title]
    unread = []
    for one in found:
        beside = bare(one.beside)
        section = next(
            (place for words, place in [*told, *titles] if words and beside.endswith(words)),
            next((place for words, place in told if beside and beside in words), ""),
        )
        source = f"{one.place}　{section}" if section else one.place
        unread.append(Unread(source=source, words=one.words, question=one.question))
    return unread


def _settled(item: Unread, dossier: Dossier) -> bool:
    """Title and names said again on a cover (a PDF cuts them into lines), a question that another part answers."""
    if item.question:
        return item.question.startswith("没有读出单位名称") and bool(dossier.profile.department)
    if len(item.words) < LEAST_OF_A_NAME:
        return False
    said = (dossier.title, dossier.profile.department, dossier.profile.main_department)
    return any(item.words in name for name in said)


def _require(dossier: Dossier | None) -> Dossier:
    if dossier is None:
        raise IntakeError("没有读出报告的章节或表格，请确认文件是部门整体支出绩效自评资料")
    return dossier


def _body(source: Source) -> tuple[list[TextLine], list[TextLine]]:
    """Lines of the report itself: what stands behind the first 附件 belongs to the forms. Signature lines apart."""
    lines: list[TextLine] = []
    items = source.items
    for index, item in enumerate(items):
        if not isinstance(item, TextLine):
            continue
        text = item.text.strip()
        rest = items[index + 1 :]
        if _ANNEX.match(text) and _is_label(lines, rest):
            continue
        if _ANNEX.match(text) and any(isinstance(other, sources.Grid) for other in rest):
            later = _after_annexes(rest)
            if later:
                lines += later
            break
        if not _UNIT_OR_NOTE.match(text) and not CONTINUED.search(text):
            lines.append(item)
    end = _closing_begins(lines)
    while end and end > len(lines) - 12 and _closing(lines[end - 1].text.strip()):
        end -= 1
    return lines[:end], lines[end:]


def _is_label(before: Sequence[TextLine], after: Sequence[Any]) -> bool:
    """Whether 附件 stands above the report itself, which came as the annex of a letter: a chapter comes before any table."""
    if any(CHAPTER.match(line.text.strip()) for line in before):
        return False
    for item in after:
        if not isinstance(item, TextLine):
            return False
        if CHAPTER.match(item.text.strip()):
            return True
    return False


def _after_annexes(items: Sequence[Any]) -> list[TextLine]:
    """Text of a workbook's last sheet, where the annexes come first."""
    last = max((index for index, item in enumerate(items) if isinstance(item, sources.Grid)), default=-1)
    lines = [item for item in items[last + 1 :] if isinstance(item, TextLine)]
    return [line for line in lines if not _UNIT_OR_NOTE.match(line.text.strip())] if len(lines) > 8 else []


def _closing_begins(lines: Sequence[TextLine]) -> int:
    """Where 附件说明 begins that nothing but names and a date follows, however long the unit's name is."""
    for index in range(len(lines) - 1, max(len(lines) - 16, 0), -1):
        text = tidy(fold(lines[index].text))
        if re.search(r"。|；$", text):
            break
        if _ENCLOSURES.match(text):
            return index
    return len(lines)


def _closing(text: str) -> bool:
    """Whether a line at the very end is 附件说明, signer or date."""
    folded = tidy(fold(text))
    return bool(
        _ENCLOSED.match(folded)
        or DATE_LINE.match(folded)
        or _DIGITS.match(folded)
        or (
            len(folded) <= 30
            and not re.search(r"[。；：:，]", folded)
            and not re.match(r"[一二三四五六七八九十]+、|[（(\d]", folded)
        )
    )


def _signed(dossier: Dossier, signature: Sequence[TextLine]) -> Dossier:
    """The date of the signature is the day of the report where no form states one."""
    if dossier.profile.prepared_on is not None:
        return dossier
    for line in signature:
        match = re.match(r"^(20\d\d)年(\d{1,2})月(\d{1,2})日$", tidy(fold(line.text)))
        if match:
            try:
                day = Profile.model_validate(
                    {
                        **dict(dossier.profile),
                        "prepared_on": "-".join(f"{int(part):02d}" for part in match.groups()),
                    }
                )
            except ValueError:
                continue
            origin = Origin(where="profile.prepared_on", source=line.place, words=line.text.strip())
            return dossier.model_copy(update={"profile": day, "origins": (*dossier.origins, origin)})
    return dossier


# ------------------------------------------------------------------ text and forms


def _joined(text: Dossier | None, forms: FormReading) -> Dossier:
    found = forms.collected
    year = text.year if text else forms.year
    if year is None:
        raise IntakeError("没有读出报告的年度，请确认表名写有年度")
    questions: list[Unread] = []
    profile = _profile(text, forms, year)
    money, replaced = _money(text.money if text else Money(), forms, questions)
    projects, keys = projects_of(forms, text.money.projects if text else ())
    money = money.model_copy(update={"projects": projects})
    indicators = _indicators(text, forms, keys)
    origins = [_keyed(origin, keys) for origin in found.origins]
    taken = {origin.where for origin in origins} | replaced
    if forms.department.lines:
        taken |= {
            origin.where
            for origin in (text.origins if text else ())
            if origin.where.startswith("indicators.")
        }
    if forms.department.goals:
        taken |= {
            origin.where for origin in (text.origins if text else ()) if origin.where.startswith("goals.")
        }
    questions += _told_only_in_text(text, indicators)
    kept = [origin for origin in (text.origins if text else ()) if origin.where not in taken]
    return Dossier(
        title=text.title if text else "",
        document_kind=text.document_kind if text else Dossier.model_fields["document_kind"].default,
        profile=profile,
        money=money,
        indicators=indicators,
        narrative=text.narrative if text else (),
        coverage=(text.coverage if text else frozenset({Covers.PROFILE})) | _coverage(forms),
        origins=(*kept, *origins),
        unread=(*(text.unread if text else ()), *questions, *found.unread),
    )


def _keyed(origin: Origin, keys: dict[str, str]) -> Origin:
    """Names of projects in a path become their keys."""
    parts = origin.where.split(".")
    for start, at in (("project_sheets", 1), ("money", 2)):
        if parts[0] == start and len(parts) > at and (start == "project_sheets" or parts[1] == "projects"):
            name = ".".join(parts[at:])
            known = max(
                (key for key in keys if name == key or name.startswith(f"{key}.")), key=len, default=""
            )
            if known:
                rest = name.removeprefix(known)
                return origin.model_copy(update={"where": ".".join(parts[:at]) + f".{keys[known]}{rest}"})
    return origin


def _profile(text: Dossier | None, forms: FormReading, year: int) -> Profile:
    values = dict(text.profile) if text else {"department": "", "year": year}
    for where, value in forms.collected.values.items():
        if where.startswith("profile."):
            values[where.removeprefix("profile.")] = value
    values |= {
        field: name for field, name in region_of(values["department"]).items() if not values.get(field)
    }
    main = forms.collected.values.get("main")
    if main and main != values.get("department"):
        values["main_department"] = main
    return Profile.model_validate(values)


def _money(text: Money, forms: FormReading, questions: list[Unread]) -> tuple[Money, set[str]]:
    replaced: set[str] = set()
    tables = {}
    read = forms.collected.tables()
    for key in TABLES:
        tables[key] = _table(key, text.table(key), read.get(key, Table()), forms, questions, replaced)
    frugality = str(forms.collected.get("money.frugality") or text.frugality)
    return (
        text.model_copy(
            update=tables | {"frugality": frugality, "buildings": tuple(forms.buildings) or text.buildings}
        ),
        replaced,
    )


def _table(
    key: str, text: Table, form: Table, forms: FormReading, questions: list[Unread], replaced: set[str]
) -> Table:
    if form == Table():
        return text
    by_label = {row.label: row for row in form.rows}
    rows: dict[str, dict[str, Any]] = {row.key: dict(row) for row in form.rows}
    for row in text.rows:
        known = form.row(row.key) if not row.key.startswith("row-") else by_label.get(row.label)
        if known is None:
            name = row.key
            while name in rows:
                name = f"row-{int(name.removeprefix('row-')) + 1}"
            rows[name] = dict(row) | {"key": name}
            continue
        target = rows[known.key]
        for column in Column:
            _decide(
                f"money.{key}.{known.key}.{column}",
                known.label,
                column,
                row.amount(column),
                target,
                forms,
                questions,
                replaced,
            )
    order = {row.key: number for number, row in enumerate(TABLES[key].rows)}
    lines = sorted(
        (Line(**values) for values in rows.values()), key=lambda line: order.get(line.key, len(order))
    )
    total: dict[str, Any] = dict(form.stated_total or Amounts())
    if text.stated_total is not None:
        for column in Column:
            _decide(
                f"money.{key}.{TOTAL}.{column}", TABLES[key].total_label or "合计", column,
                text.stated_total.amount(column), total, forms, questions, replaced,
            )  # fmt: skip
    stated = Amounts(**total)
    return Table(rows=tuple(lines), stated_total=None if stated == Amounts() else stated)


def _decide(
    where: str,
    label: str,
    column: Column,
    stated: Decimal | None,
    target: dict[str, Any],
    forms: FormReading,
    questions: list[Unread],
    replaced: set[str],
) -> None:
    """One amount that text and form may both state."""
    if stated is None:
        return
    name = str(column)
    known = target.get(name)
    if known is None:
        target[name] = stated
        return
    replaced.add(where)
    if abs(known - stated) > ROUNDED:
        origin = next((item for item in forms.collected.origins if item.where == where), None)
        questions.append(
            Unread(
                source=origin.source if origin else "表格",
                words=origin.words if origin else label,
                question=f"“{label}”的{COLUMN_LABELS[column]}，表格写{wan(known)}万元，正文写{wan(stated)}万元，已按表格读取，请确认",
            )
        )


def _indicators(text: Dossier | None, forms: FormReading, keys: dict[str, str]) -> Indicators:
    own = forms.department
    base = text.indicators if text else Indicators()
    lines = tuple(_with_text(line, base.indicators) for line in own.lines) or base.indicators
    goals: tuple[Goal, ...] = tuple(own.goals) or base.goals
    score = own.score if own.score is not None else base.assessment.score
    assessment = base.assessment.model_copy(
        update={
            "score": score,
            "grade": own.grade or base.assessment.grade,
            "execution_weight": own.execution.get("weight", base.assessment.execution_weight),
            "execution_score": own.execution.get("score", base.assessment.execution_score),
        }
    )
    return Indicators(
        goals=goals, indicators=lines, assessment=assessment, projects=forms.project_sheets(keys)
    )


def _with_text(line: Indicator, told: Sequence[Indicator]) -> Indicator:
    """What only the text tells of an indicator: its formula, its evidence, a value that the form leaves empty."""
    best = max(told, key=lambda other: likeness(line.name, other.name), default=None)
    if best is None or likeness(line.name, best.name) < ALIKE:
        return line
    update: dict[str, Any] = {
        name: getattr(best, name)
        for name in ("formula", "evidence", "target", "actual")
        if not getattr(line, name) and getattr(best, name) and not (line.not_applicable and name == "actual")
    }
    return line.model_copy(update=update)


def _told_only_in_text(text: Dossier | None, read: Indicators) -> list[Unread]:
    """Sentences with indicators that the form does not hold: where the form wins, they wait for the person."""
    if text is None or read.indicators == text.indicators.indicators:
        return []
    values = {value for line in read.indicators for value in (line.target, line.actual)}
    narrative = bare("".join(section.text for section in text.narrative))
    found = []
    for one in text.indicators.indicators:
        alike = max((likeness(one.name, line.name) for line in read.indicators), default=0) >= ALIKE
        if alike or {one.target, one.actual} - {None} <= values:
            continue
        origin = next((o for o in text.origins if o.where.startswith(f"indicators.{one.key}.")), None)
        if origin is not None and bare(origin.words) not in narrative:
            found.append(Unread(source=origin.source, words=origin.words))
    return list(dict.fromkeys(found))


def _coverage(forms: FormReading) -> frozenset[Covers]:
    has, own = forms.collected.has, forms.department
    found = {
        Covers.INCOME: has("income_source") or has("income_nature"),
        Covers.EXPENDITURE: has("expenditure", [Column.ACTUAL]),
        Covers.BUDGET: has("expenditure", [Column.INITIAL_BUDGET, Column.FULL_BUDGET]),
        Covers.CARRYOVER: has("carryover"),
        Covers.BASE_DATA: has("three_public"),
        Covers.PROJECTS: bool(forms.funds),
        Covers.PROJECT_SHEETS: bool(forms.projects),
        Covers.GOALS: bool(own.goals),
        Covers.INDICATORS: bool(own.lines),
        Covers.TARGETS: bool(own.lines),
        Covers.WEIGHTS: any(line.weight is not None for line in own.lines),
        Covers.SELF_SCORE: own.score is not None,
    }
    return frozenset(part for part, covered in found.items() if covered)
