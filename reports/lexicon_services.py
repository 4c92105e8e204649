"""Words that a region adds to the lexicon of government functions (职能词库): the two acts that change them."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from departments.models import Region, User
from departments.services import record
from reports.checks.support.words import functions
from reports.models import LexiconWord
from reports.rounds.exchange import require_manager
from reports.workflow import Refused

EVENT = "lexicon"
LONGEST_REASON = 300
LONGEST_FUNCTION = 30
WORD = re.compile(r"[^\W_]{2,20}")


@transaction.atomic
def add_word(*, region: Region, by: User, function: str, kind: str, word: str, reason: str) -> LexiconWord:
    """Add a word to a function, shipped or new. Raises :class:`Refused`, :class:`~reports.workflow.NotAllowed`."""
    require_manager(by, region, "修改职能词库")
    function, word, reason = "".join(function.split()), "".join(word.split()), _reason(reason, "增加")
    if not function or len(function) > LONGEST_FUNCTION:
        raise Refused(f"请填写职能名称，最多{LONGEST_FUNCTION}个字")
    if kind not in LexiconWord.Kind.values:
        raise Refused("请选择词语的类别")
    if not WORD.fullmatch(word):
        raise Refused("词语应为2到20个字，不带标点；一个字的词会到处误报")
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    shipped = next((item for item in functions() if item.name == function), None)
    if shipped and word in (shipped.words if kind == LexiconWord.Kind.WORD else shipped.owners):
        raise Refused(f"系统词库的“{function}”里已有“{word}”")
    same = {"region": region, "function": function, "kind": kind, "word": word}
    if LexiconWord.objects.filter(**same, retired_at=None).exists():
        raise Refused(f"“{function}”里已经增加过“{word}”")
    made = LexiconWord.objects.create(**same, reason=reason, by=by)
    record(
        event=EVENT,
        sentence=f"{by.name}在职能词库“{function}”中增加{made.get_kind_display()}“{word}”，理由：{reason}",
        by=by,
        region=region,
        data={"function": function, "kind": kind, "word": word, "reason": reason},
    )
    return made


@transaction.atomic
def retire_word(*, word: LexiconWord, by: User, reason: str) -> LexiconWord:
    """Take a word out of use; it stays on record. Raises :class:`Refused`, :class:`~reports.workflow.NotAllowed`."""
    row = (
        LexiconWord.objects.select_for_update(of=("self",), no_key=True)
        .select_related("region")
        .get(pk=word.pk)
    )
    require_manager(by, row.region, "修改职能词库")
    reason = _reason(reason, "停用")
    if row.retired_at is not None:
        raise Refused(f"“{row.word}”已经停用")
    row.retired_at, row.retired_by, row.retired_reason = timezone.now(), by, reason
    row.save(update_fields=["retired_at", "retired_by", "retired_reason"])
    record(
        event=EVENT,
        sentence=f"{by.name}停用职能词库“{row.function}”的{row.get_kind_display()}“{row.word}”，理由：{reason}",
        by=by,
        region=row.region,
        data={"function": row.function, "kind": row.kind, "word": row.word, "reason": reason},
    )
    return row


def _reason(reason: str, act: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(f"请写明{act}的理由")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由最多{LONGEST_REASON}个字，现有{len(reason)}个字，请删减")
    return reason
