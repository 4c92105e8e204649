"""Writing report templates (报告模板); what is the same for policies is in :mod:`reports.version_services`."""

from __future__ import annotations

from departments.models import Region, User
from reports import version_services
from reports.models import Round, TemplateVersion
from reports.outline import Outline
from reports.outlines import SHELF


def save_version(
    *, region: Region, by: User, outline: Outline, based_on: str, change: str, base: Outline | None = None
) -> TemplateVersion:
    """Keep a template as the next version of its name; see :func:`reports.version_services.save_version`."""
    return version_services.save_version(
        SHELF, region=region, by=by, content=outline, based_on=based_on, change=change, base=base
    )


def choose(*, round: Round, by: User, title: str) -> Round:
    """Let a round be written by another template (选用报告模板)."""
    return version_services.choose(SHELF, round=round, by=by, title=title)


def suggested_name(name: str, region: Region) -> str:
    """Name for a copy of the template of that name."""
    return version_services.suggested_name(SHELF, name, region)
