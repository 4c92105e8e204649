"""Writing on the overview: the bureau's own words of a summary report, and the log of what was taken out."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from departments.models import AuditEntry, User
from departments.services import record
from reports.models import Round, RoundSummary
from reports.rounds.exchange import require_manager
from reports.services import READING_KEPT_FOR
from reports.workflow import Refused

READ_ROUND = "report-read-round"
FIELDS = ("basics", "problems", "reviews", "advice", "prepared_by", "dated")


class Outdated(Refused):
    """A colleague saved in the meantime; ``saved`` is what they wrote."""

    def __init__(self, saved: RoundSummary) -> None:
        super().__init__(
            f"{saved.by.name if saved.by else '其他人'}刚刚保存过这些内容，您填写的没有保存。"
            "请对照下面已保存的内容修改后再保存"
        )
        self.saved = saved


@transaction.atomic
def save_words(*, round_: Round, by: User, version: int, values: dict[str, Any]) -> RoundSummary:
    """Save the bureau's words. ``version`` is the one that was open; a save that changes nothing writes nothing.

    Raises :class:`~reports.workflow.NotAllowed` for anyone but the round manager, :class:`Outdated` when the words were
    saved by somebody else since.
    """
    by = User.objects.get(pk=by.pk)
    round_ = (
        Round.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=round_.pk)
    )
    require_manager(by, round_.region_id, "修改汇总报告")
    words = RoundSummary.objects.filter(round=round_).select_related("by").first() or RoundSummary(
        round=round_
    )
    before = {name: getattr(words, name) for name in FIELDS}
    after = {name: values[name] for name in FIELDS}
    changed = [name for name in FIELDS if before[name] != after[name]]
    if not changed:
        return words
    if words.version != version:
        raise Outdated(words)
    for name in changed:
        setattr(words, name, after[name])
    words.version, words.by = words.version + 1, by
    words.save()
    labels = "、".join(str(RoundSummary._meta.get_field(name).verbose_name) for name in changed)
    record(
        event="summary-save",
        sentence=f"{by.name}修改{round_}汇总报告的{labels}",
        by=by,
        region=round_.region,
        data={
            "round": round_.pk,
            "before": {name: _plain(before[name]) for name in changed},
            "after": {name: _plain(after[name]) for name in changed},
        },
    )
    return words


def log_export(*, round_: Round, by: User, what: str) -> None:
    """Log that a document of the whole round left the house."""
    record(
        event="overview-export",
        sentence=f"{by.name}导出{round_}的{what}",
        by=by,
        region=round_.region,
        data={"round": round_.pk},
    )


def log_reading(*, round_: Round, by: User, what: str) -> None:
    """Log that somebody looked at the reports of a whole round together, at most once a person, page and hour."""
    lately = AuditEntry.objects.filter(
        region=round_.region_id,
        at__gte=timezone.now() - READING_KEPT_FOR,
        actor=by,
        event=READ_ROUND,
        data__round=round_.pk,
        data__what=what,
    )
    if not lately.exists():
        record(
            event=READ_ROUND,
            sentence=f"{by.name}查阅{round_}的{what}",
            by=by,
            region=round_.region,
            data={"round": round_.pk, "what": what},
        )


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
