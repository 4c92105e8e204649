"""Parts of a section: one object's fields, the lines of a table, or rows that people add, move and remove.

Every part reads its rows once, turns them into the texts of its inputs (a :class:`Draft`), binds forms to any draft (what is
stored, what was posted), and writes what differs. A row is known by its ``uid`` (the unit's own table lines by their key), so
that saving twice makes no second row; the order of the hidden inputs ``rows:<prefix>`` is the order of the rows.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict

from budgets.models import Line
from budgets.tables import COLUMN_LABELS, TABLES, TOTAL, TableSpec
from departments.models import AnnualProfile
from reports.take import Facts
from reports.workspace.fields import PathForm, Surroundings, WanField, WordsField, text_values

ROWS = "rows:"
DELETE = "delete:"
ROW_MARK = "__ROW__"
"""Stands for the row's name in the pattern that the browser copies for a new row."""
LINE_KEY = re.compile(r"^row-[0-9a-z-]{1,36}$")
MOST_ROWS = 500


@dataclass
class Draft:
    """A section as texts: by field path, and the names of the rows in their order."""

    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    touched: frozenset[str] | None = None
    """Fields that were typed into since the page was opened or last saved; ``None`` where the browser did not say."""

    @classmethod
    def posted(cls, data: QueryDict) -> Draft:
        """What the browser sent. Rows ticked for removal are left out."""
        removed = {key.removeprefix(DELETE) for key in data if key.startswith(DELETE)}
        texts = {key: data[key].replace("\r\n", "\n") for key in data if "." in key and ":" not in key}
        texts |= {key: data[key].replace("\r\n", "\n") for key in data if key.startswith("explanations.")}
        rows = {}
        for key in data:
            if key.startswith(ROWS):
                prefix = key.removeprefix(ROWS)
                names = dict.fromkeys(name for name in data.getlist(key) if f"{prefix}.{name}" not in removed)
                rows[prefix] = [name for name in names if name]
        touched = frozenset(data["touched"].split()) if "touched" in data else None
        return cls(texts=texts, rows=rows, touched=touched)

    def give_way(self, stored: Draft) -> None:
        """Take what is stored for every field that was only shown, not typed: it is no opinion of this person's."""
        if self.touched is not None:
            untouched = self.texts.keys() & stored.texts.keys() - self.touched
            self.texts |= {path: stored.texts[path] for path in untouched}

    def add(self, other: Draft) -> None:
        self.texts |= other.texts
        self.rows |= other.rows


@dataclass
class Written:
    """What a part did, and which texts it had to leave."""

    changed: bool = False
    refused: dict[str, str] = field(default_factory=dict)


class Part:
    """One block of a section."""

    kind = ""
    template = ""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def load(self, profile: AnnualProfile, facts: Facts | None = None) -> None:
        """Read what is stored; a fixed number of queries. From ``facts``, where they were read already, for showing only."""
        raise NotImplementedError

    def stored(self) -> Draft:
        """What is stored, as texts."""
        raise NotImplementedError

    def overlay(self, draft: Draft, rejected: Mapping[str, str]) -> None:
        """Put refused texts back into a draft of what is stored."""
        for name, text in rejected.items():
            if name.startswith(f"{self.prefix}."):
                draft.texts[name] = text

    def bind(self, draft: Draft, surroundings: Surroundings) -> None:
        """Make the forms of a draft."""
        raise NotImplementedError

    def forms(self) -> Iterable[PathForm]:
        raise NotImplementedError

    def write(self) -> Written:
        """Write what differs from what is stored. Call it inside the transaction that loaded the part."""
        raise NotImplementedError

    def labels(self) -> dict[str, str]:
        """Label of each field by path, for telling two versions apart."""
        return {
            form.add_prefix(name): str(item.label or name)
            for form in self.forms()
            for name, item in form.fields.items()
        }


class ObjectPart(Part):
    """The fields of one object: the profile itself, the statement on funds, the assessment."""

    kind = "object"
    template = "workspace/object.html"

    def __init__(
        self, prefix: str, form_class: type[PathForm], get: Callable[[AnnualProfile], models.Model]
    ) -> None:
        super().__init__(prefix)
        self.form_class, self.get = form_class, get

    def load(self, profile: AnnualProfile, facts: Facts | None = None) -> None:
        self.object = self.get(profile)

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in self.form_class.base_fields}

    def stored(self) -> Draft:
        return Draft(texts=text_values(self.form_class.base_fields, self.prefix, self._values()))

    def bind(self, draft: Draft, surroundings: Surroundings) -> None:
        self.form = self.form_class(draft.texts, prefix=self.prefix, surroundings=surroundings)
        self.form.full_clean()

    def forms(self) -> Iterable[PathForm]:
        return [self.form]

    def write(self) -> Written:
        changed = _assign(self.object, self.form.cleaned_data)
        if changed:
            self.object.save(update_fields=changed if self.object.pk else None)
        return Written(changed=bool(changed), refused=self.form.refused)


@dataclass
class Row:
    """One row on the page."""

    name: str
    """uid, key of a line, or the mark of the pattern."""
    prefix: str
    form: PathForm
    number: int = 0
    extra: bool = False
    """The empty row that is offered to browsers without scripts."""
    facts: Any = None
    """What the page shows beside the row's fields (computed score, link to its own page)."""

    @property
    def path(self) -> str:
        return f"{self.prefix}.{self.name}"

    @property
    def anchor(self) -> str:
        return f"f-{self.path}"

    @property
    def comments(self) -> list[Any]:
        """Comments on the row as a whole, by its name or by its number."""
        comments = self.form.surroundings.comments
        return [*comments.get(self.path, ()), *comments.get(f"{self.prefix}.{self.number - 1}", ())]

    @property
    def fields(self) -> Mapping[str, Any]:
        """Bound fields by name, for templates."""
        return {name: self.form[name] for name in self.form.fields}


class RowsPart(Part):
    """Rows that people add, move and remove."""

    kind = "rows"

    def __init__(
        self,
        prefix: str,
        form_class: type[PathForm],
        model: type[models.Model],
        *,
        title: str,
        template: str,
        name_field: str = "",
        name_needed: str = "",
        add_label: str = "增加一行",
        help: str = "",
        only: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(prefix)
        self.form_class, self.model, self.title, self.template = form_class, model, title, template
        self.name_field, self.name_needed, self.add_label, self.help = (
            name_field,
            name_needed,
            add_label,
            help,
        )
        self.only = dict(only or {})
        self.offers: dict[str, list[tuple[str, str]]] = {}
        self.objects: dict[str, Any] = {}

    def offer(self, name: str, options: list[tuple[str, str]]) -> None:
        """The list from which a field of each row is picked."""
        self.offers[name] = options
        for row in self.rows:
            self._put_offers(row.form)

    def _put_offers(self, form: PathForm) -> None:
        for name, options in self.offers.items():
            form.fields[name].options = options
            form.fields[name].offer(str(form[name].value() or "").strip())

    def load(self, profile: AnnualProfile, facts: Facts | None = None) -> None:
        self.profile = profile
        self.objects: dict[str, Any] = {str(item.uid): item for item in self._stored(facts)}

    def _stored(self, facts: Facts | None) -> Iterable[Any]:
        if facts is None:
            return self.model.objects.filter(profile=self.profile, **self._where())
        wanted = {f"{key}_id": getattr(value, "pk", None) for key, value in self.only.items()}
        return [
            item
            for item in facts.of(self.model)
            if all(getattr(item, column) == key for column, key in wanted.items())
        ]

    def _where(self) -> dict[str, Any]:
        return {
            f"{key}__isnull" if value is None else key: True if value is None else value
            for key, value in self.only.items()
        }

    def stored(self) -> Draft:
        draft = Draft(rows={self.prefix: list(self.objects)})
        for name, item in self.objects.items():
            values = {key: getattr(item, key) for key in self.form_class.base_fields}
            draft.texts |= text_values(self.form_class.base_fields, f"{self.prefix}.{name}", values)
        return draft

    def overlay(self, draft: Draft, rejected: Mapping[str, str]) -> None:
        super().overlay(draft, rejected)
        start = f"{self.prefix}."
        for path in rejected:
            if path.startswith(start):
                name = path.removeprefix(start).split(".")[0]
                if name not in draft.rows[self.prefix] and self.acceptable(name):
                    draft.rows[self.prefix].append(name)

    def acceptable(self, name: str) -> bool:
        """Whether a name sent by a browser can name a row."""
        try:
            return str(uuid.UUID(name)) == name
        except ValueError:
            return False

    def new_name(self) -> str:
        return str(uuid.uuid4())

    def bind(self, draft: Draft, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        surroundings.placed.add(self.prefix)
        names = self._names(draft)
        self.rows = [self._row(name, draft.texts, number) for number, name in enumerate(names, start=1)]
        for row in self.rows:
            surroundings.placed |= {row.path, f"{self.prefix}.{row.number - 1}"}
            self._require_name(row)

    def _names(self, draft: Draft) -> list[str]:
        """Rows of the draft in order. Stored ones all stay; of new ones no more than a page can bear are taken."""
        free = max(0, MOST_ROWS - len(self.objects))
        names = []
        for name in draft.rows.get(self.prefix, []):
            if name in self.objects:
                names.append(name)
            elif free and self.acceptable(name):
                names.append(name)
                free -= 1
        return names

    def _row(self, name: str, texts: Mapping[str, str], number: int) -> Row:
        form = self.form_class(texts, prefix=f"{self.prefix}.{name}", surroundings=self.surroundings)
        form.full_clean()
        self._put_offers(form)
        return Row(name=name, prefix=self.prefix, form=form, number=number)

    def _require_name(self, row: Row) -> None:
        missing = (
            self.name_field
            and not row.form.errors.get(self.name_field)
            and not row.form.cleaned_data.get(self.name_field)
        )
        if missing and (row.name in self.objects or not row.form.blank):
            row.form.add_error(self.name_field, self.name_needed)

    def forms(self) -> Iterable[PathForm]:
        return [row.form for row in self.rows]

    @property
    def shown_rows(self) -> list[Row]:
        """The rows and an empty one behind them, which scripts take away where there are others."""
        extra = self._row(self.new_name(), {}, len(self.rows) + 1)
        extra.extra = True
        return [*self.rows, extra]

    @cached_property
    def pattern(self) -> Row:
        """An empty row for the browser to copy."""
        return self._row(ROW_MARK, {}, 0)

    @property
    def comments(self) -> list[Any]:
        return list(self.surroundings.comments.get(self.prefix, ()))

    @property
    def prior(self) -> str:
        return self.surroundings.prior.get(self.prefix, "")

    @property
    def anchor(self) -> str:
        return f"f-{self.prefix}"

    def labels(self) -> dict[str, str]:
        found = {}
        for row in self.rows:
            called = str(row.form.data.get(f"{row.path}.{self.name_field}", "")) if self.name_field else ""
            for name, item in row.form.fields.items():
                found[f"{row.path}.{name}"] = (
                    f"{self.title} 第{row.number}行{f'“{called}”' if called else ''} {item.label or ''}"
                )
        return found

    def write(self) -> Written:
        written = Written()
        new, changed = [], []
        fields: set[str] = set()
        for position, row in enumerate(self.rows):
            item = self.objects.get(row.name)
            if item is None:
                made = self._make(row, position)
                if made is not None:
                    new.append(made)
                    written.refused |= row.form.refused
                elif not row.form.blank:
                    written.refused |= {key: row.form.data.get(key, "") for key in self._typed(row)}
                continue
            written.refused |= row.form.refused
            names = _assign(item, row.form.cleaned_data | {"position": position})
            if names:
                changed.append(item)
                fields |= set(names)
        kept = {row.name for row in self.rows}
        gone = [item.pk for name, item in self.objects.items() if name not in kept]
        if gone:
            self._delete(gone)
        if new:
            self.model.objects.bulk_create(new)
        if changed:
            self.model.objects.bulk_update(changed, sorted(fields))
        written.changed = bool(gone or new or changed)
        return written

    def _typed(self, row: Row) -> Iterator[str]:
        for name in row.form.fields:
            path = row.form.add_prefix(name)
            if str(row.form.data.get(path, "")).strip() or name in row.form.errors:
                yield path

    def _make(self, row: Row, position: int) -> models.Model | None:
        """The object of a new row; ``None`` while it is empty or has no name yet."""
        if row.form.blank or self.name_field in row.form.errors:
            return None
        return self.model(
            profile=self.profile,
            position=position,
            **self._identity(row.name),
            **self.only,
            **row.form.cleaned_data,
        )

    def _identity(self, name: str) -> dict[str, Any]:
        return {"uid": uuid.UUID(name)}

    def _delete(self, keys: list[int]) -> None:
        self.model.objects.filter(pk__in=keys).delete()


@cache
def line_form(table: str, label: str, *, own: bool = False) -> type[PathForm]:
    """The form of one line: its amounts, and its label where the unit names it. Made once for each line."""
    spec = TABLES[table]
    members: dict[str, Any] = {
        column.value: WanField(
            label=f"{label} {COLUMN_LABELS[column]}（万元）" if label else f"{COLUMN_LABELS[column]}（万元）"
        )
        for column in spec.columns
    }
    if own:
        members = {"label": WordsField(label="项目名称", max_length=100), **members}
    for item in members.values():
        item.widget.attrs["aria-label"] = item.label
    return type("LineForm", (PathForm,), members)


def _lines(profile: AnnualProfile, spec: TableSpec, facts: Facts | None) -> Iterable[Any]:
    """The stored lines of a table."""
    if facts is None:
        return Line.objects.filter(profile=profile, table=spec.key)
    return [line for line in facts.of(Line) if line.table == spec.key]


class LinesPart(Part):
    """A table of :mod:`budgets.tables`: fixed lines and the control total."""

    kind = "lines"
    template = "workspace/table.html"

    def __init__(self, table: str, *, title: str = "") -> None:
        super().__init__(f"money.{table}")
        self.spec = TABLES[table]
        self.title = title or self.spec.label
        keys = [(row.key, row.label) for row in self.spec.rows]
        if self.spec.total_label:
            keys.append((TOTAL, self.spec.total_label))
        self.fixed = dict(keys)
        self.form_classes = {key: line_form(table, label) for key, label in keys}
        self.cells: dict[str, Any] = {}
        self.rate_label = ""

    @property
    def columns(self) -> list[tuple[str, str]]:
        return [(column.value, COLUMN_LABELS[column]) for column in self.spec.columns]

    @property
    def anchor(self) -> str:
        return f"f-{self.prefix}"

    @property
    def comments(self) -> list[Any]:
        return list(self.surroundings.comments.get(self.prefix, ()))

    def load(self, profile: AnnualProfile, facts: Facts | None = None) -> None:
        self.profile = profile
        lines = _lines(profile, self.spec, facts)
        self.objects = {line.key: line for line in lines if line.key in self.fixed}

    def stored(self) -> Draft:
        draft = Draft()
        for key, form_class in self.form_classes.items():
            line = self.objects.get(key)
            values = {name: getattr(line, name) for name in form_class.base_fields} if line else {}
            draft.texts |= text_values(form_class.base_fields, f"{self.prefix}.{key}", values)
        return draft

    def bind(self, draft: Draft, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        surroundings.placed.add(self.prefix)
        self.lines: dict[str, PathForm] = {}
        for key, form_class in self.form_classes.items():
            form = form_class(draft.texts, prefix=f"{self.prefix}.{key}", surroundings=surroundings)
            form.full_clean()
            surroundings.placed.add(f"{self.prefix}.{key}")
            self.lines[key] = form

    def forms(self) -> Iterable[PathForm]:
        return self.lines.values()

    @property
    def width(self) -> int:
        """Number of columns of the table as shown."""
        return len(self.columns) + 1 + bool(self.rate_label)

    @property
    def sums(self) -> list[Any]:
        """Computed sums of the lines by column, to stand under the stated total."""
        return [
            cell for column, _ in self.columns if (cell := self.cells.get(f"sum-{self.spec.key}-{column}"))
        ]

    @property
    def shown_lines(self) -> list[dict[str, Any]]:
        """Lines for the table: key, label, whether it is the total, and its fields."""
        comments = self.surroundings.comments
        rate = f"rate-{self.spec.key}-"
        return [
            {
                "key": key,
                "label": self.fixed[key],
                "total": key == TOTAL,
                "fields": [form[name] for name in form.fields],
                "anchor": f"f-{self.prefix}.{key}",
                "comments": comments.get(f"{self.prefix}.{key}", ()),
                "has_comments": any(path.startswith(f"{self.prefix}.{key}") for path in comments),
                "rate": self.cells.get(f"{rate}{key}"),
            }
            for key, form in self.lines.items()
        ]

    def labels(self) -> dict[str, str]:
        return {key: f"{self.title} {label}" for key, label in super().labels().items()}

    def write(self) -> Written:
        written = Written()
        new, changed, gone = [], [], []
        fields: set[str] = set()
        for position, (key, form) in enumerate(self.lines.items()):
            written.refused |= form.refused
            line = self.objects.get(key)
            values = form.cleaned_data
            if line is None:
                if any(value is not None for value in values.values()):
                    new.append(
                        Line(
                            profile=self.profile,
                            table=self.spec.key,
                            key=key,
                            label=self.fixed[key],
                            position=position,
                            **values,
                        )
                    )
                continue
            names = _assign(line, values)
            if not names:
                continue
            if all(getattr(line, name) is None for name in COLUMN_NAMES):
                gone.append(line.pk)
            else:
                changed.append(line)
                fields |= set(names)
        if gone:
            Line.objects.filter(pk__in=gone).delete()
        if new:
            Line.objects.bulk_create(new)
        if changed:
            Line.objects.bulk_update(changed, sorted(fields))
        written.changed = bool(gone or new or changed)
        return written


COLUMN_NAMES = tuple(column.value for column in COLUMN_LABELS)


class OwnLinesPart(RowsPart):
    """The unit's own lines of a table, behind its fixed ones; known by their key."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        self.spec = TABLES[table]
        super().__init__(f"money.{table}", line_form(table, "", own=True), Line, name_field="label", **kwargs)
        self.fixed = {row.key for row in self.spec.rows} | {TOTAL}

    def load(self, profile: AnnualProfile, facts: Facts | None = None) -> None:
        self.profile = profile
        lines = _lines(profile, self.spec, facts)
        self.objects = {line.key: line for line in lines if line.key not in self.fixed}

    @property
    def anchor(self) -> str:
        return f"f-{self.prefix}.own"

    def acceptable(self, name: str) -> bool:
        return name in self.objects or bool(LINE_KEY.match(name))

    def new_name(self) -> str:
        return f"row-{uuid.uuid4().hex}"

    def _identity(self, name: str) -> dict[str, Any]:
        return {"table": self.spec.key, "key": name}

    def overlay(self, draft: Draft, rejected: Mapping[str, str]) -> None:
        fixed = tuple(f"{self.prefix}.{key}." for key in self.fixed)
        super().overlay(draft, {path: text for path, text in rejected.items() if not path.startswith(fixed)})


class KeyedTextsPart(Part):
    """One text a key: the sections of the report, the explanations of warnings. A text made empty loses its row."""

    kind = "texts"

    def __init__(
        self,
        prefix: str,
        model: type[models.Model],
        *,
        key: str,
        fields: Mapping[str, forms.Field],
        made: Callable[[str], Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(prefix)
        self.model, self.key, self.fields = model, key, dict(fields)
        self.made = made or (lambda name: {})
        self.form_class: type[PathForm] = type("TextsForm", (PathForm,), dict(fields))

    def load(self, profile: AnnualProfile, facts: Facts | None = None) -> None:
        self.profile = profile
        stored = facts.of(self.model) if facts else self.model.objects.filter(profile=profile)
        self.objects = {getattr(item, self.key): item for item in stored}

    def stored(self) -> Draft:
        values = {name: getattr(self.objects.get(name), "text", "") for name in self.fields}
        return Draft(texts=text_values(self.fields, self.prefix, values))

    def bind(self, draft: Draft, surroundings: Surroundings) -> None:
        surroundings.placed.add(self.prefix)
        self.form = self.form_class(draft.texts, prefix=self.prefix, surroundings=surroundings)
        self.form.full_clean()

    def forms(self) -> Iterable[PathForm]:
        return [self.form]

    def write(self) -> Written:
        written = Written(refused=self.form.refused)
        new, changed, gone = [], [], []
        for name, text in self.form.cleaned_data.items():
            item = self.objects.get(name)
            if item is None:
                if text:
                    new.append(
                        self.model(profile=self.profile, **{self.key: name}, text=text, **self.made(name))
                    )
            elif not text:
                gone.append(item.pk)
            elif item.text != text:
                item.text = text
                changed.append(item)
        if gone:
            self.model.objects.filter(pk__in=gone).delete()
        if new:
            self.model.objects.bulk_create(new)
        if changed:
            self.model.objects.bulk_update(changed, ["text"])
        written.changed = bool(gone or new or changed)
        return written


def _assign(item: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Set what differs; the names of the fields that were set."""
    changed = []
    for name, value in values.items():
        if getattr(item, name) != value:
            setattr(item, name, value)
            changed.append(name)
    return changed
