"""Writing report templates (报告模板): a new version, and which one a round uses. Each act leaves one audit entry."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from departments.models import Region, User
from departments.services import record
from reports.models import Round, TemplateVersion
from reports.outline import Outline, OutlineError, build_outline, outline_names
from reports.outlines import SEPARATOR, outline_named
from reports.rounds.exchange import exchange, require_manager
from reports.workflow import Refused

_UNCOMPARED = frozenset({"version", "source"})


@transaction.atomic
def save_version(
    *, region: Region, by: User, outline: Outline, based_on: str, change: str, base: Outline | None = None
) -> TemplateVersion:
    """Keep a template as the next version of its name (保存为新版本); nothing that exists is changed.

    ``base`` is what was copied: an unchanged copy is refused. Raises :class:`NotAllowed`, :class:`Refused`.
    """
    by = User.objects.get(pk=by.pk)
    require_manager(by, region, "制定报告模板")
    change = " ".join(change.split())
    if not change:
        raise Refused("请写明修改说明：改了什么，依据是什么")
    if outline.name in outline_names():
        raise Refused(f"“{outline.name}”是系统自带模板的代号，请换一个代号")
    region = Region.objects.select_for_update(no_key=True).get(pk=region.pk)  # one version number at a time
    rows = list(TemplateVersion.objects.filter(region=region, name=outline.name))
    content = outline.model_dump(mode="json")
    for row in rows:
        if _essence(row.content) == _essence(content):
            raise Refused(f"内容与“{row}”完全相同，没有保存")
    if base is not None and _essence(base.model_dump(mode="json")) | {"name": ""} == _essence(content) | {
        "name": ""
    }:
        raise Refused(f"内容与所复制的“{outline.label}”完全相同，没有保存；请先修改")
    version = str(max((int(row.version) for row in rows), default=0) + 1)
    content["version"] = version
    try:
        build_outline(content)
    except OutlineError as error:
        raise Refused(str(error)) from None
    try:
        with transaction.atomic():
            made = TemplateVersion.objects.create(
                region=region,
                name=outline.name,
                version=version,
                label=outline.label,
                content=content,
                based_on=based_on,
                change=change,
                created_by=by,
            )
    except IntegrityError:
        raise Refused("另有人刚刚保存了同一版本，请重新打开再保存") from None
    record(
        event="template-version",
        sentence=f"{by.name}制定报告模板“{made.label}”第{version}版（复制自{based_on}），说明：{change}",
        by=by,
        region=region,
        data={"template": made.title, "based_on": based_on},
    )
    return made


def _essence(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in _UNCOMPARED}


def choose(*, round: Round, by: User, title: str) -> Round:
    """Let a round be written by another template (选用报告模板); see :func:`reports.rounds.exchange.exchange`."""
    return exchange(round=round, by=by, title=title, field="template", thing="报告模板", label_of=_label)


def _label(title: str, region: int) -> str:
    try:
        return outline_named(title, region).label
    except OutlineError as error:
        raise Refused(str(error)) from None


def suggested_name(name: str, region: Region) -> str:
    """Name for a copy: a version of the region keeps its name, a preset gets the region's code behind it."""
    if name not in outline_names():
        return name
    return f"{name}-{region.code}"[:40].replace(SEPARATOR, "-")
