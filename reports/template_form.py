"""The form in which a bureau changes a report template: sections and annex forms, row by row.

It only turns what was typed into plain data; :func:`reports.outline.build_outline` says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from indicators.policy import load_policy, policy_names
from reports.outline import (
    DATA_BLOCK_LABELS,
    FORM_LABELS,
    Outline,
    OutlineError,
    OutlineSection,
    build_outline,
    load_outline,
    outline_names,
)

BLANK_ROWS = 3
MOST_ROWS = 80
LAST = 10_000
PLACES = {"{year}": "【年度】", "{department}": "【单位名称】", "{project}": "【项目名称】"}
"""Places in a title that are filled in when a report is printed: as stored and as people read and type them."""
_KEY = re.compile(r"^报告模板：键 ([^：]+)：(.*)$", re.DOTALL)
FIELD_WORDS = {"name": "代号", "label": "名称", "title": "报告标题", "policy": "配套评分办法"}
_ROWS = {"sections": ("正文提纲", "节"), "forms": ("附表", "个")}
_COLUMNS = {
    "title": "标题",
    "level": "级别",
    "prompt": "填写提示",
    "data": "自动生成的内容",
    "note": "表下说明",
}


def readable(text: str) -> str:
    """A title, or a complaint about one, with its places in Chinese."""
    for place, words in PLACES.items():
        text = text.replace(place, words)
    return text


def _stored(text: str) -> str:
    for place, words in PLACES.items():
        text = text.replace(words, place)
    return text


@dataclass
class SectionRow:
    """One row of the table of sections, as typed."""

    number: int
    order: str
    key: str
    level: str
    title: str
    prompt: str
    required: bool
    text_first: bool
    data: tuple[str, ...]
    dropped: bool = False
    was: int = -1
    """Its number on the page from which it was sent."""

    @property
    def blocks(self) -> list[tuple[str, str, bool]]:
        """Every data block: key, label, whether it is ticked."""
        return [(key, label, key in self.data) for key, label in DATA_BLOCK_LABELS.items()]


@dataclass
class FormRow:
    """One annex form, as typed. ``like`` names the template from which its columns are taken."""

    kind: str
    label: str
    order: str
    enabled: bool
    title: str
    note: str
    like: str
    likes: list[tuple[str, str]] = field(default_factory=list)


class TemplateForm:
    """Typed values of the page; ``outline`` after :meth:`is_valid`."""

    def __init__(self, posted: QueryDict | None, *, base: Outline, suggested_name: str) -> None:
        self.base, self.posted = base, posted
        self.faults: list[str] = []
        self.outline: Outline | None = None
        self.marks: dict[str, str] = {}
        """Complaints that stand at their field as well."""
        self.focus = -1
        self.policies = [(name, load_policy(name).label) for name in policy_names()]
        if base.policy not in policy_names():
            self.policies.append((base.policy, base.policy))
        if posted is None:
            self.label, self.name, self.title = base.label, suggested_name, readable(base.title)
            self.policy, self.change = base.policy, ""
            self.sections = [
                _row(number, (number + 1) * 10, section) for number, section in enumerate(base.sections)
            ]
            self.forms = self._forms({})
        else:
            self.label, self.name = _text(posted, "label"), _text(posted, "name")
            self.title, self.policy = readable(_text(posted, "title")), _text(posted, "policy")
            self.change = _text(posted, "change")
            self.sections = self._typed_sections(posted)
            self.forms = self._forms(posted)
        kept = len(self.sections)
        self.sections += [
            _row(number, (number + 1) * 10, None) for number in range(kept, min(MOST_ROWS, kept + BLANK_ROWS))
        ]

    @property
    def count(self) -> int:
        return len(self.sections)

    def is_valid(self, *, saving: bool = False) -> bool:
        """Whether what was typed is a template and, for saving, says what was changed; ``faults`` name everything at once."""
        if saving and not self.change:
            self.marks["change"] = "请写明修改说明：改了什么，依据是什么"
        if saving and self.name in outline_names():
            self.marks["name"] = f"“{self.name}”是系统自带模板的代号，请换一个代号"
        data = self._data()
        try:
            self.outline = build_outline(data)
        except OutlineError as error:
            self._complain(error)
            # A wrong field hides what is wrong with the sections: look at them with a right one in its place.
            right = {
                "name": "x",
                "label": self.base.label,
                "title": self.base.title,
                "policy": self.base.policy,
            }
            wrong = {name: right[name] for name in self.marks.keys() & right.keys()}
            if wrong:
                try:
                    build_outline(data | wrong)
                except OutlineError as rest:
                    self._complain(rest)
        self.faults = [*self.marks.values(), *self.faults]
        return self.outline is not None and not self.faults

    def _complain(self, error: OutlineError) -> None:
        for text in readable(str(error)).split("\n"):
            found = _KEY.match(text)
            key, words = (found[1], found[2]) if found else ("", text)
            if key in FIELD_WORDS:
                words = "只用小写字母、数字和短横，最多40个字符" if key == "name" else words
                self.marks.setdefault(key, f"{FIELD_WORDS[key]}：{words}")
            elif (told := _told(key, words)) not in self.faults:
                self.faults.append(told)

    def arrange(self, act: str) -> None:
        """Move a section (``up-3``, ``down-3``) or put an empty one behind it (``insert-3``); the number is that of the page."""
        verb, _, number = act.partition("-")
        rows = [row for row in self.sections if row.title or row.key]
        at = next((place for place, row in enumerate(rows) if str(row.was) == number), None)
        if at is None:
            return
        if verb == "insert" and len(rows) < MOST_ROWS:
            blank = _row(0, 0, None)
            blank.level = rows[at].level
            rows.insert(at + 1, blank)
            at += 1
        other = {"up": at - 1, "down": at + 1}.get(verb, at)
        if 0 <= other < len(rows):
            rows[at], rows[other] = rows[other], rows[at]
            at = other
        spare = self.sections[len([row for row in self.sections if row.title or row.key]) :]
        self.sections = [*rows, *spare][:MOST_ROWS]
        for place, row in enumerate(self.sections):
            row.number, row.order = place, str((place + 1) * 10)
        self.focus = at

    def _typed_sections(self, posted: QueryDict) -> list[SectionRow]:
        stated = _text(posted, "count")
        count = (
            min(int(stated), MOST_ROWS) if stated.isascii() and stated.isdecimal() and len(stated) < 4 else 0
        )
        rows = [
            SectionRow(
                number=number,
                order=_text(posted, f"s-{number}-order"),
                key=_text(posted, f"s-{number}-key"),
                level=_text(posted, f"s-{number}-level"),
                title=_text(posted, f"s-{number}-title"),
                prompt=_text(posted, f"s-{number}-prompt"),
                required=bool(posted.get(f"s-{number}-required")),
                text_first=bool(posted.get(f"s-{number}-text_first")),
                data=tuple(posted.getlist(f"s-{number}-data")),
                dropped=bool(posted.get(f"s-{number}-drop")),
                was=number,
            )
            for number in range(count)
        ]
        rows = sorted(
            (row for row in rows if row.title or row.key), key=lambda row: (_order(row.order), row.number)
        )
        taken = {row.key for row in rows}
        for number, row in enumerate(rows):
            if not row.key:
                row.key = next(name for name in (f"own_{at}" for at in range(1, LAST)) if name not in taken)
                taken.add(row.key)
            row.number, row.order = number, str((number + 1) * 10)
        return rows

    def _forms(self, posted: Mapping[str, Any] | QueryDict) -> list[FormRow]:
        """The template's own forms first, then those that other templates have and this one lacks."""
        own = {form.kind: form for form in self.base.forms}
        shipped = {name: {form.kind: form for form in load_outline(name).forms} for name in outline_names()}
        rows = []
        for position, kind in enumerate([*own, *(kind for kind in FORM_LABELS if kind not in own)]):
            likes = [("", f"{self.base.label}（本模板）")] if kind in own else []
            likes += [
                (name, load_outline(name).label)
                for name, forms in shipped.items()
                if kind in forms and not (kind in own and name == self.base.name)
            ]
            known = own.get(kind) or shipped[likes[0][0]][kind]
            get = posted.get
            stated = f"f-{kind}-order" in posted
            rows.append(
                FormRow(
                    kind=kind,
                    label=FORM_LABELS[kind],
                    order=str(get(f"f-{kind}-order", (position + 1) * 10)),
                    enabled=bool(get(f"f-{kind}-on")) if stated else kind in own and known.enabled,
                    title=readable(str(get(f"f-{kind}-title", known.title)).strip()),
                    note=str(get(f"f-{kind}-note", known.note)).strip(),
                    like=str(get(f"f-{kind}-like", likes[0][0])),
                    likes=likes,
                )
            )
        return sorted(rows, key=lambda row: _order(row.order)) if posted else rows

    def _data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": "0",
            "label": self.label,
            "title": _stored(self.title),
            "policy": self.policy,
            "source": self.base.source,
            "sections": [
                {
                    "key": row.key,
                    "level": int(row.level) if row.level in ("1", "2", "3", "4") else row.level,
                    "title": row.title,
                    "prompt": row.prompt,
                    "required": row.required,
                    "text_first": row.text_first,
                    "data": row.data,
                }
                for row in self.sections
                if (row.title or row.key) and not row.dropped
            ],
            "forms": [made for row in self.forms if (made := self._form(row)) is not None],
        }

    def _form(self, row: FormRow) -> dict[str, Any] | None:
        """A form's design from this template or from a shipped one, with the typed title and note."""
        source = (
            self.base if not row.like else load_outline(row.like) if row.like in outline_names() else None
        )
        design = next((form for form in source.forms if form.kind == row.kind), None) if source else None
        if design is None or not row.enabled:
            # A form of the template that is switched off is kept, so that it can be switched on again.
            own = next((form for form in self.base.forms if form.kind == row.kind), None)
            return own.model_dump() | {"enabled": False} if own else None
        return design.model_dump() | {
            "title": _stored(row.title),
            "note": row.note,
            "enabled": True,
        }


def _told(key: str, words: str) -> str:
    """A complaint about a row, in the words of the page: ``正文提纲第3节的标题：…``."""
    parts = key.split(".")
    if parts[0] in _ROWS and len(parts) > 1:
        table, unit = _ROWS[parts[0]]
        column = f"的{_COLUMNS[parts[2]]}" if len(parts) > 2 and parts[2] in _COLUMNS else ""
        return f"{table}第{parts[1]}{unit}{column}：{words}"
    for name, (table, _) in _ROWS.items():
        words = re.sub(rf"^{name} ?", table, words)
    return words


def _row(number: int, order: int, section: OutlineSection | None) -> SectionRow:
    if section is None:
        return SectionRow(number, str(order), "", "2", "", "", False, False, ())
    return SectionRow(
        number,
        str(order),
        section.key,
        str(section.level),
        section.title,
        section.prompt,
        section.required,
        section.text_first,
        section.data,
    )


def _text(posted: QueryDict, name: str) -> str:
    return posted.get(name, "").strip()


def _order(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else LAST
