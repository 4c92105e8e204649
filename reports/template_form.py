"""The form in which a bureau changes a report template: sections and annex forms, row by row.

It only turns what was typed into plain data; :func:`reports.outline.build_outline` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from indicators.policy import policy_names
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
        self.policies = list(policy_names())
        if base.policy not in self.policies:
            self.policies.append(base.policy)
        if posted is None:
            self.label, self.name, self.title = base.label, suggested_name, base.title
            self.policy, self.change = base.policy, ""
            self.sections = [
                _row(number, (number + 1) * 10, section) for number, section in enumerate(base.sections)
            ]
            self.forms = self._forms({})
        else:
            self.label, self.name = _text(posted, "label"), _text(posted, "name")
            self.title, self.policy = _text(posted, "title"), _text(posted, "policy")
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

    def is_valid(self) -> bool:
        """Whether what was typed is a template; otherwise ``faults`` name the keys."""
        try:
            self.outline = build_outline(self._data())
        except OutlineError as error:
            self.faults = str(error).split("\n")
        return self.outline is not None

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
                    title=str(get(f"f-{kind}-title", known.title)).strip(),
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
            "title": self.title,
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
        return design.model_dump() | {"title": row.title, "note": row.note, "enabled": True}


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
