"""Writing report templates (报告模板): a new version, and which one a round uses. Each act leaves one audit entry."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from departments.models import Region, User
from departments.services import record
from reports.choices import EDITABLE, Status
from reports.evaluation import evaluate, remember
from reports.models import Report, Round, Submission, TemplateVersion
from reports.outline import Outline, OutlineError, build_outline, outline_names
from reports.outlines import SEPARATOR, outline_named
from reports.policy_services import manages
from reports.workflow import NotAllowed, Refused

_UNCOMPARED = frozenset({"version", "source"})


@transaction.atomic
def save_version(
    *, region: Region, by: User, outline: Outline, based_on: str, change: str
) -> TemplateVersion:
    """Keep a template as the next version of its name (保存为新版本); nothing that exists is changed.

    Raises :class:`NotAllowed`, :class:`Refused`.
    """
    by = User.objects.get(pk=by.pk)
    _require(by, region, "制定报告模板")
    change = " ".join(change.split())
    if not change:
        raise Refused("请写明修改说明：改了什么，依据是什么")
    if outline.name in outline_names():
        raise Refused(f"“{outline.name}”是系统自带模板的代号，请换一个代号")
    region = Region.objects.select_for_update().get(pk=region.pk)  # one version number at a time
    rows = list(TemplateVersion.objects.filter(region=region, name=outline.name))
    content = outline.model_dump(mode="json")
    for row in rows:
        if _essence(row.content) == _essence(content):
            raise Refused(f"内容与“{row}”完全相同，没有保存")
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


@transaction.atomic
def choose(*, round: Round, by: User, title: str) -> Round:
    """Let a round be written by another template (选用报告模板), as long as nothing was submitted or certified in it."""
    by = User.objects.get(pk=by.pk)
    round = Round.objects.select_for_update().get(pk=round.pk)
    _require(by, round.region_id, "选用报告模板")
    if round.template == title:
        return round
    try:
        outline = outline_named(title, round.region_id)
    except OutlineError as error:
        raise Refused(str(error)) from None
    # Holding every report keeps a certification or submission out until this is done.
    reports = list(
        Report.objects.select_for_update(of=("self",)).with_context().filter(round=round).order_by("pk")
    )
    if count := Submission.objects.filter(report__round=round).count():
        raise Refused(f"{round}已有{count}份报送，不能再更换报告模板")
    settled = sum(report.status not in EDITABLE and report.status != Status.CANCELLED for report in reports)
    if settled:
        raise Refused(f"{round}有{settled}份报告已经负责人确认，请先解锁这些报告再更换报告模板")
    before, round.template = round.template, title
    round.save(update_fields=["template"])
    record(
        event="template-choose",
        sentence=f"{by.name}为{round}选用报告模板“{outline.label}”（{title}），此前为{before}",
        by=by,
        region=round.region,
        data={"round": round.pk, "template": title, "before": before},
    )
    for report in reports:
        report.round = round
        if report.status != Status.CANCELLED:
            remember(report, evaluate(report))
    return round


def _require(by: User, region: Region | int, act: str) -> None:
    if not (by.is_active and manages(by, region)):
        raise NotAllowed(f"没有“{act}”的权限")


def suggested_name(name: str, region: Region) -> str:
    """Name for a copy: a version of the region keeps its name, a preset gets the region's code behind it."""
    if name not in outline_names():
        return name
    return f"{name}-{region.code}"[:40].replace(SEPARATOR, "-")
