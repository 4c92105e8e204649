"""雷同文字 in the database: which passages the reports of a round share, kept so that an evaluation costs one query.

Only reports that their unit has certified or sent are compared with: nobody is shown another unit's draft. The
comparison of one report (before it is certified) is linear in the round's text; the whole round is compared by
``manage.py find_copies``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from reports.checks.support.around import Copied
from reports.choices import Status
from reports.models import CopiedPassage, NarrativeSection, Report, Round
from reports.outline import Outline
from reports.prepared import MARK, Prepared
from reports.similarity import Copy, Text, copies_of, find_copies, sentences

NOT_COMPARED = (Status.DRAFT, Status.CANCELLED)
"""States whose text is nobody else's business."""
OWN_WORDS = frozenset({"profile", "purpose"})
"""Sections whose wording the notice or the law gives."""


@transaction.atomic
def refresh_round(round_: Round) -> int:
    """Compare every report of a round with every other; how many passages were found."""
    texts, names = _texts(round_)
    found = [copy for copies in find_copies(texts, names).values() for copy in copies]
    CopiedPassage.objects.filter(report__round=round_).delete()
    CopiedPassage.objects.bulk_create(_rows(found), batch_size=500)
    return len(found)


@transaction.atomic
def refresh(report: Report) -> int:
    """Compare one report with those of the round that have been certified or sent, and keep both sides."""
    texts, names = _texts(report.round, also=report)
    found = copies_of(report.pk, texts, names)
    CopiedPassage.objects.filter(Q(report=report) | Q(other=report)).delete()
    other_side = {
        (copy.other, copy.other_section): Copy(
            report=copy.other,
            section=copy.other_section,
            text=copy.other_text,
            other=report.pk,
            other_section=copy.section,
            other_text=copy.text,
        )
        for copy in reversed(found)
    }
    CopiedPassage.objects.bulk_create(_rows([*found, *other_side.values()]), batch_size=500)
    return len(found)


SHARED = Prepared(
    [MARK],
    lambda report: CopiedPassage.objects.filter(report=report).values_list(
        "section", "text", "other__profile__department__name", "other_section", "other_text"
    ),
)


def copied(report: Report, outline: Outline) -> tuple[Copied, ...]:
    """What the last comparison found for a report, in one query."""
    titles = {section.key: section.title for section in outline.sections}
    return tuple(
        Copied(
            section=section,
            text=text,
            other=other,
            other_title=titles.get(other_section, other_section),
            other_text=other_text,
        )
        for section, text, other, other_section, other_text in SHARED(report.pk)
    )


def _texts(round_: Round, also: Report | None = None) -> tuple[list[Text], dict[int, tuple[str, ...]]]:
    """Text by report and section, and the names that do not count as words; one query."""
    # What was typed before a nil report was filed is not part of any report.
    rows = NarrativeSection.objects.filter(profile__report__round=round_, profile__nil_reason=None)
    compared = ~Q(profile__report__status__in=NOT_COMPARED)
    rows = rows.filter(compared | Q(profile__report=also.pk) if also else compared).exclude(text="")
    texts: list[Text] = []
    names: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for pk, name, key, text in rows.order_by("profile_id", "id").values_list(
        "profile__report", "profile__department__name", "key", "text"
    ):
        names[pk] = (name,)
        if key not in OWN_WORDS:
            texts.append(Text(pk, key, sentences(text)))
    return texts, names


def _rows(copies: Iterable[Copy]) -> list[CopiedPassage]:
    return [
        CopiedPassage(
            report_id=copy.report,
            section=copy.section,
            text=copy.text,
            other_id=copy.other,
            other_section=copy.other_section,
            other_text=copy.other_text,
        )
        for copy in copies
    ]
