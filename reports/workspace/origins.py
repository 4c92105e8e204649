"""Where imported values were read, kept beside the fields; passages that were not read, kept until somebody deals with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from departments.models import AnnualProfile, User
from departments.services import record
from reports.dossier import Unread
from reports.intake.lexicon import title_key
from reports.models import FieldOrigin, Import, Report, UnreadPassage
from reports.places import section as section_of
from reports.prepared import MARK, Prepared
from reports.workspace.save import SaveRefused, lock_for_writing

if TYPE_CHECKING:
    from reports.workspace.sections import SectionForm

LONGEST_ANSWER = 1000
LONGEST_WORDS = 500
"""Characters of a text kept as origin: enough to find it again."""
REST = "narrative"
"""Section under which a passage is shown that belongs to no other."""
HOMES = {
    "profile": "profile", "duties": "profile", "offices": "profile", "staff": "profile", "overview": "profile",
    "finance": "income", "funds": "expenditure", "funds_allocation": "expenditure", "project_use": "projects",
    "project_management": "projects", "goals_overall": "goals", "goals": "goals", "performance": "indicators",
}  # fmt: skip
"""Section of the workspace that a chapter of a report feeds; other chapters of the outline are its text."""


@dataclass(frozen=True)
class ReadFrom:
    """Where the value of a field was read, and the value as it was read."""

    value: str
    source: str
    words: str
    file: str
    at: str

    def differs(self, field: forms.Field, text: str) -> bool:
        """Whether the field says something else now; ``12.50`` and ``12.5`` say the same."""
        before, now = self.value.strip(), text.strip()
        if before == now:
            return False
        try:
            return bool(field.clean(before) != field.clean(now))
        except ValidationError:
            return True


def home_of(one: Unread, titles: Iterable[str]) -> str:
    """Section under which a passage is shown; empty when its chapter is none of the outline."""
    words = one.source.rpartition("　")[2]
    key = title_key(words.partition(" ")[2] or words) or ""
    return HOMES.get(key, REST if key in titles else "")


# ------------------------------------------------------------------ writing


def keep_origins(item: Import, read: Mapping[str, tuple[str, str, str]]) -> None:
    """Keep value, place and words of each field that was written; inside the transaction of the import."""
    FieldOrigin.objects.filter(profile=item.profile, where__in=read).delete()
    FieldOrigin.objects.bulk_create(
        FieldOrigin(
            profile=item.profile,
            where=where,
            value=value,
            source=source[:200],
            words=words[:LONGEST_WORDS],
            read=item,
        )
        for where, (value, source, words) in read.items()
    )


def keep_passages(item: Import, passages: Iterable[tuple[str, Unread]]) -> None:
    """Keep what was not read under its section; what an earlier import left there already is not doubled."""
    known = set(
        UnreadPassage.objects.filter(profile=item.profile).values_list("section", "words", "question")
    )
    new = []
    for section, one in passages:
        key = (section or REST, one.words, one.question)
        if key not in known:
            known.add(key)
            new.append(
                UnreadPassage(
                    profile=item.profile,
                    section=key[0],
                    source=one.source[:200],
                    words=one.words,
                    question=one.question,
                    read=item,
                )
            )
    UnreadPassage.objects.bulk_create(new)


@transaction.atomic
def settle(*, report: Report, passage: UnreadPassage, answer: str, by: User) -> UnreadPassage:
    """Mark a passage or question as dealt with (已处理). A second click changes nothing.

    Raises :class:`~reports.workspace.save.SaveRefused` when the report is closed, or a question has no answer.
    """
    lock_for_writing(report, by)
    row = UnreadPassage.objects.select_for_update(no_key=True).get(pk=passage.pk, profile=report.profile)
    if row.settled_at is not None:
        return row
    answer = answer.strip()
    if row.question and not answer:
        raise SaveRefused("请写明核对的结果，例如“以正文为准”。")
    if len(answer) > LONGEST_ANSWER:
        raise SaveRefused(f"核对结果最多{LONGEST_ANSWER}个字，现有{len(answer)}个字，请删减。")
    row.answer, row.settled_at, row.settled_by = answer, timezone.now(), by
    row.save(update_fields=["answer", "settled_at", "settled_by"])
    what = "疑问" if row.question else "没有读入的内容"
    record(
        event="import.settle",
        sentence=f"{by}处理了“{section_of(row.section).title}”中导入时的一处{what}",
        by=by,
        profile=report.profile,
        data={"passage": row.pk, "words": row.words[:200], "question": row.question, "answer": answer},
    )
    return row


# ------------------------------------------------------------------ reading


def origins_of(profile: AnnualProfile, form: SectionForm) -> dict[str, ReadFrom]:
    """Origins of the fields of a bound form, by path; one query."""
    prefixes = tuple(f"{part.prefix}." for part in form.parts)
    return {
        where: ReadFrom(value, source, words, name, f"{timezone.localtime(at):%Y年%-m月%-d日}")
        for where, value, source, words, name, at in ORIGINS(profile.pk)
        if where.startswith(prefixes)
    }


ORIGINS = Prepared(
    [MARK],
    lambda profile: FieldOrigin.objects.filter(profile=profile).values_list(
        "where", "value", "source", "words", "read__name", "read__at"
    ),
)


def passages_of(profile: AnnualProfile, form: SectionForm) -> list[UnreadPassage]:
    """What the section's page shows on top: open questions first, then passages."""
    if form.project is not None:
        return []
    keys = [key for (key,) in OPEN(profile.pk, form.section.key)]
    if not keys:
        return []
    # Without the content of the file that was read, which may be long.
    rows = (
        UnreadPassage.objects.filter(pk__in=keys)
        .select_related("read")
        .defer("read__content", "read__marked")
    )
    return sorted(rows, key=lambda row: not row.question)


SECTION = "\ue000section"
"""Stands for a section's key."""
OPEN = Prepared(
    [MARK, SECTION],
    lambda profile, section: UnreadPassage.objects.filter(
        profile=profile, section=section, settled_at=None
    ).values_list("pk"),
)


def open_passages(profile: AnnualProfile) -> list[str]:
    """Titles of the sections in which something waits, in the order of the workspace."""
    keys = UnreadPassage.objects.filter(profile=profile, settled_at=None).values_list("section", flat=True)
    return [section_of(key).title for key in dict.fromkeys(keys.order_by("section"))]
