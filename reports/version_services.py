"""Writing what rounds go by (评分办法、报告模板): a new version, and which one a round uses. Each act leaves one audit entry."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from departments.models import Region, User
from departments.services import record
from indicators.models import PolicyVersion
from reports.models import Round, TemplateVersion
from reports.rounds.exchange import exchange, require_manager
from reports.versions import SEPARATOR, Content, Shelf, named
from reports.workflow import Refused


@transaction.atomic
def save_version(
    shelf: Shelf,
    *,
    region: Region,
    by: User,
    content: Content,
    based_on: str,
    change: str,
    base: Content | None = None,
) -> PolicyVersion | TemplateVersion:
    """Keep it as the next version of its name (保存为新版本); nothing that exists is changed.

    ``base`` is what was copied: an unchanged copy is refused. Raises :class:`NotAllowed`, :class:`Refused`.
    """
    by = User.objects.get(pk=by.pk)
    require_manager(by, region, f"制定{shelf.thing}")
    change = " ".join(change.split())
    if not change:
        raise Refused("请写明修改说明：改了什么，依据是什么")
    if content.name in shelf.names():
        raise Refused(f"“{content.name}”是系统自带{shelf.short}的代号，请换一个代号")
    region = Region.objects.select_for_update(no_key=True).get(pk=region.pk)  # one version number at a time
    rows = list(shelf.model.objects.filter(region=region, name=content.name))
    stored = content.model_dump(mode="json")
    for row in rows:
        if _essence(shelf, row.content) == _essence(shelf, stored):
            raise Refused(f"内容与“{row}”完全相同，没有保存")
    if base is not None and _nameless(shelf, base) == _nameless(shelf, content):
        raise Refused(f"内容与所复制的“{base.label}”完全相同，没有保存；请先修改")
    stored["version"] = version = str(max((int(row.version) for row in rows), default=0) + 1)
    try:
        shelf.build(stored, shelf.thing)
    except shelf.error as error:
        raise Refused(str(error)) from None
    try:
        with transaction.atomic():
            made = shelf.model.objects.create(
                region=region,
                name=content.name,
                version=version,
                label=content.label,
                content=stored,
                based_on=based_on,
                change=change,
                created_by=by,
            )
    except IntegrityError:
        raise Refused("另有人刚刚保存了同一版本，请重新打开再保存") from None
    record(
        event=f"{shelf.field}-version",
        sentence=f"{by.name}制定{shelf.thing}“{made.label}”第{version}版（复制自{based_on}），说明：{change}",
        by=by,
        region=region,
        data={shelf.field: made.title, "based_on": based_on},
    )
    return made


def _essence(shelf: Shelf, content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in shelf.uncompared}


def _nameless(shelf: Shelf, content: Content) -> dict[str, Any]:
    """The content, its code aside: a copy gets a new one."""
    return _essence(shelf, content.model_dump(mode="json")) | {"name": ""}


def choose(shelf: Shelf, *, round: Round, by: User, title: str) -> Round:
    """Let a round go by another one (选用); see :func:`reports.rounds.exchange.exchange`."""

    def label_of(title: str, region: int) -> str:
        try:
            return named(shelf, title, region).label
        except shelf.error as error:
            raise Refused(str(error)) from None

    return exchange(round=round, by=by, title=title, field=shelf.field, thing=shelf.thing, label_of=label_of)


def suggested_name(shelf: Shelf, name: str, region: Region) -> str:
    """Name for a copy: a version of the region keeps its name, a preset gets the region's code behind it."""
    if name not in shelf.names():
        return name
    return f"{name}-{region.code}"[:40].replace(SEPARATOR, "-")
