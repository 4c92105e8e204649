"""The official workbook of one report, filled from what is stored."""

from __future__ import annotations

from django.utils import timezone

from budgets.models import Project
from reports.intake.workbook.as_dossier import FACTS
from reports.intake.workbook.header import Header
from reports.intake.workbook.layout import SHEET_KEYS
from reports.intake.workbook.writer import write
from reports.models import Report, SectionState
from reports.outlines import outline_of
from reports.take import take
from reports.workspace.rows import Draft
from reports.workspace.sections import section_form


def workbook_of(report: Report) -> bytes:
    """The workbook with everything that the report holds."""
    profile = report.profile
    outline = outline_of(report.round)
    states = {state.section: state for state in SectionState.objects.filter(profile=profile)}
    projects = {str(item.uid): item for item in Project.objects.filter(profile=profile)}
    facts = take(profile, outline).profile
    header = Header(
        department=profile.department.name,
        year=profile.year,
        region=profile.department.region.code,
        outline=outline,
        made=f"{timezone.localtime():%Y-%m-%d %H:%M}",
        sections={key: state.version for key, state in states.items()},
        facts={name: getattr(facts, name) for name in FACTS if getattr(facts, name)},
    )
    drafts = {key: shown(report, key, states=states) for key in SHEET_KEYS}
    for uid, project in projects.items():
        drafts[f"project:{uid}"] = shown(report, "project", project=project, states=states)
    return write(header, drafts, {uid: item.name for uid, item in projects.items()})


def shown(
    report: Report, key: str, *, project: Project | None = None, states: dict[str, SectionState] | None = None
) -> Draft:
    """A section as its page shows it: what is stored, with refused texts in their places."""
    form = section_form(report, key, project=project)
    form.load(report.profile)
    if states is None:
        states = {state.section: state for state in SectionState.objects.filter(profile=report.profile)}
    state = states.get(form.state_key)
    return form.shown(state.rejected if state else {})
