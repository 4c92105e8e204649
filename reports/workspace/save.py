"""Writing of the workspace: one section of one report, whole, in one short transaction."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import DatabaseError, transaction
from django.utils import timezone

from budgets.models import Project
from departments.choices import Role
from departments.locks import is_lock_refusal
from departments.models import AuditEntry, RoleAssignment, User
from departments.services import record
from reports.choices import EDITABLE, Status
from reports.evaluation import Evaluation, evaluate, remember
from reports.findings import Finding
from reports.models import Report, SectionState
from reports.workspace.rows import Draft
from reports.workspace.sections import SectionForm, section_form

WRITERS = (Role.FILLER, Role.UNIT_HEAD)
LOG_PAUSE = datetime.timedelta(minutes=10)
SAVED_EVENT = "section.save"


class SaveRefused(Exception):
    """Nothing was written; the message says why in Chinese."""


class NotEditable(SaveRefused):
    """The report is in a state in which the unit does not type."""


class NotAllowed(SaveRefused):
    """The person does not fill in this unit's report (any more)."""


@dataclass(frozen=True)
class Difference:
    """One field that the page and the database show differently."""

    path: str
    label: str
    mine: str
    stored: str


@dataclass
class Conflict:
    """A save that named an older version: what both sides hold. Nothing was written."""

    differences: list[Difference] = field(default_factory=list)
    mine_only: list[tuple[str, str, str]] = field(default_factory=list)
    """Rows (prefix, name, what they say) that only the page holds."""
    stored_only: list[tuple[str, str, str]] = field(default_factory=list)
    """Rows that only the database holds."""
    order_differs: bool = False
    saved_by: str = ""
    saved_at: datetime.datetime | None = None

    @property
    def real(self) -> bool:
        return bool(self.differences or self.mine_only or self.stored_only or self.order_differs)


@dataclass
class Saved:
    """What became of a save."""

    form: SectionForm
    version: int
    changed: bool = False
    conflict: Conflict | None = None
    stored: Draft | None = None
    """What is stored, where there is a conflict."""

    @property
    def errors(self) -> dict[str, str]:
        return {} if self.conflict else self.form.errors()


def may_fill(user: User, report: Report) -> bool:
    """Whether this person fills in the report: 填报人 or 单位负责人 of the reporting department itself."""
    return report.profile.department_id in user.access.departments(*WRITERS)


def locked_sentence(report: Report) -> str:
    """Which lock is on, in one sentence; empty while the unit may type."""
    if report.editable:
        return ""
    if report.nil and report.status in EDITABLE:
        return "本单位已申报零报告，不用填写各表；需要改为正常填报的，请先在报告页撤回零报告。"
    since = f"{timezone.localtime(report.status_since):%Y年%-m月%-d日}"
    return {
        Status.CERTIFIED: f"单位负责人已于{since}确认本报告，内容已锁定；需要修改的，请先在报告页解锁。",
        Status.DEPARTMENT_REVIEW: f"本报告已于{since}报送主管部门审核，审核期间不能修改。",
        Status.SUBMITTED: f"本报告已于{since}报送财政部门，审核期间不能修改；退回后可以继续填写。",
        Status.APPROVED: f"本报告已于{since}审核通过，内容已锁定；确需修改的，请财政部门重新开放。",
        Status.PUBLISHED: f"本报告已于{since}公开，内容已锁定。",
        Status.CANCELLED: f"本报告已于{since}取消，不再填报。",
    }.get(Status(report.status), "本报告当前不能修改。")


def late_sentence(report: Report, today: datetime.date) -> str:
    """Says that the deadline has passed while the report is still open; typing goes on, submitting needs an extension."""
    if report.editable and today > report.due:
        due = f"{report.due:%Y年%-m月%-d日}"
        return f"报送截止日期{due}已过：仍可填写和保存，报送前请先联系财政部门办理延期。"
    return ""


def save_section(
    *,
    report: Report,
    key: str,
    draft: Draft,
    version: int,
    by: User,
    project: Project | None = None,
    findings: tuple[Finding, ...] = (),
) -> Saved:
    """Write a section's draft. Valid fields are written, refused texts are kept beside them, a stale draft is not written.

    Raises :class:`SaveRefused` when the report is not (or no longer) open to this person.
    """
    try:
        with transaction.atomic():
            locked = lock_for_writing(report, by)
            form = section_form(locked, key, project=_still_there(project), findings=findings, posted=draft)
            return _write(locked, form, draft, version, by)
    except DatabaseError as error:
        if is_lock_refusal(error):
            raise NotEditable("本报告已被确认锁定，这次没有保存；您填的内容仍在页面上。") from error
        raise


def reevaluate(report: Report) -> Evaluation:
    """Score and check what was saved and keep it for the lists; outside the save's transaction, whose lock is short."""
    evaluation = evaluate(report)
    remember(report, evaluation)
    return evaluation


def lock_for_writing(report: Report, by: User) -> Report:
    """The report's row, locked and checked again; inside a transaction. Raises :class:`SaveRefused`."""
    locked = Report.objects.locked(report.pk)
    if not RoleAssignment.objects.filter(
        user=by, is_active=True, role__in=WRITERS, department=locked.profile.department_id
    ).exists():
        raise NotAllowed("您已不是本单位的填报人，这次没有保存。")
    if not locked.editable:
        raise NotEditable(f"{locked_sentence(locked)}这次没有保存，您填的内容仍在页面上。")
    return locked


def _still_there(project: Project | None) -> Project | None:
    if project is not None and not Project.objects.filter(pk=project.pk).exists():
        raise SaveRefused("这个项目已被删除，这次没有保存；您填的内容仍在页面上。")
    return project


def _write(report: Report, form: SectionForm, draft: Draft, version: int, by: User) -> Saved:
    profile = report.profile
    state = SectionState.objects.filter(profile=profile, section=form.state_key).select_related(
        "saved_by"
    ).first() or SectionState(profile=profile, section=form.state_key)
    form.load(profile)
    shown = form.shown(state.rejected)
    if version != state.version:
        draft.give_way(shown)
    form.bind(draft)
    if version != state.version:
        conflict = _conflict(form, draft, shown, state)
        if conflict.real:
            return Saved(form=form, version=state.version, conflict=conflict, stored=shown)
        return Saved(form=form, version=state.version)
    changed, refused = False, {}
    for part in form.parts:
        written = part.write()
        changed |= written.changed
        refused |= written.refused
    if changed or refused != state.rejected:
        state.version += 1
        state.rejected = refused
        state.saved_by = by
        state.save()
        _log(report, form, by)
        changed = True
    return Saved(form=form, version=state.version, changed=changed)


def _log(report: Report, form: SectionForm, by: User) -> None:
    """One entry a person, section and ten minutes: saving goes on while a person types."""
    recent = AuditEntry.objects.filter(
        profile=report.profile,
        event=SAVED_EVENT,
        actor=by,
        data__section=form.state_key,
        at__gte=timezone.now() - LOG_PAUSE,
    )
    if not recent.exists():
        what = f"项目“{form.project.name}”的自评表" if form.project else f"“{form.section.title}”"
        record(
            event=SAVED_EVENT,
            sentence=f"{by}填写了{what}",
            by=by,
            profile=report.profile,
            data={"section": form.state_key},
        )


def _conflict(form: SectionForm, mine: Draft, stored: Draft, state: SectionState) -> Conflict:
    """What the two drafts hold differently. ``form`` is bound to the posted one."""
    conflict = Conflict(
        saved_by=str(state.saved_by) if state.saved_by else "", saved_at=state.saved_at if state.pk else None
    )
    mine_labels = form.labels()
    only = {"mine": set(), "stored": set()}
    for prefix in {*mine.rows, *stored.rows}:
        here, there = mine.rows.get(prefix, []), stored.rows.get(prefix, [])
        for name in here:
            if name not in there and (said := _said(mine.texts, f"{prefix}.{name}")):
                conflict.mine_only.append((prefix, name, said))
            if name not in there:
                only["mine"].add(f"{prefix}.{name}.")
        for name in there:
            if name not in here:
                conflict.stored_only.append(
                    (prefix, name, _said(stored.texts, f"{prefix}.{name}") or "（空行）")
                )
                only["stored"].add(f"{prefix}.{name}.")
        if [name for name in here if name in there] != [name for name in there if name in here]:
            conflict.order_differs = True
    apart = tuple(only["mine"] | only["stored"])
    for path, label in mine_labels.items():
        if apart and path.startswith(apart):
            continue
        typed, kept = mine.texts.get(path, "").strip(), stored.texts.get(path, "").strip()
        if typed != kept:
            conflict.differences.append(Difference(path=path, label=label, mine=typed, stored=kept))
    return conflict


def _said(texts: Mapping[str, str], path: str) -> str:
    """What a row says, for telling it from others."""
    words = [
        text.strip()
        for key, text in texts.items()
        if key.startswith(f"{path}.") and text.strip() not in ("", "on")
    ]
    return "；".join(words)[:200]
