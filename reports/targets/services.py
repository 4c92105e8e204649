"""Taking in a district's approved targets: read, shown, written in one transaction. Page and command line share this."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from departments.models import Department, Region, RoleAssignment, User
from departments.services import record
from indicators.approved import Approved, ApprovedLine, matched, unmatched
from indicators.models import ApprovedTargets
from indicators.policy import bare
from reports.intake.containers import Kind, check_name, identify
from reports.intake.errors import IntakeError
from reports.intake.workbook.reader import Complaint
from reports.intake.xlsx_file import open_book
from reports.models import Notice, Report, TargetsImport
from reports.notices import send_all
from reports.rounds.exchange import require_manager
from reports.targets.reader import MOST_ROWS, Reading, Unit, read_targets
from reports.targets.workbook import write
from reports.virus_scan import Infected, scan
from reports.workflow import Refused
from reports.workspace.save import WRITERS

EVENT = "targets-import"
LONGEST_REASON = 300
YEARS = range(2000, 2101)


class Stale(Refused):
    """What is stored changed between preview and writing; nothing was written."""


@dataclass(frozen=True)
class Difference:
    """One line of what would change of a unit's set."""

    what: str
    before: str
    after: str


@dataclass
class UnitPlan:
    """One unit of a workbook beside what is stored of it."""

    department: Department
    approved: Approved
    stored: ApprovedTargets | None
    differences: list[Difference] = field(default_factory=list)

    @property
    def state(self) -> str:
        """``new``, ``changed`` or ``unchanged``."""
        if self.stored is None:
            return "new"
        return "unchanged" if self.stored.fingerprint == self.approved.fingerprint() else "changed"


@dataclass
class Plan:
    """What a workbook would write."""

    units: list[UnitPlan]
    token: str
    """Fingerprint of what is stored of these units, to notice that somebody else wrote in between."""

    def of(self, state: str) -> list[UnitPlan]:
        return [unit for unit in self.units if unit.state == state]

    @property
    def new(self) -> list[UnitPlan]:
        return self.of("new")

    @property
    def changed(self) -> list[UnitPlan]:
        return self.of("changed")

    @property
    def unchanged(self) -> list[UnitPlan]:
        return self.of("unchanged")

    @property
    def writes(self) -> bool:
        return len(self.unchanged) < len(self.units)


# ------------------------------------------------------------------ reading


def read_file(
    *, region: Region, year: int, name: str, data: bytes, only: Department | None = None
) -> Reading:
    """What a workbook says of the region's units. Raises :class:`Refused` with the sentence to show."""
    if year not in YEARS:
        raise Refused("年度应在2000年至2100年之间")
    try:
        check_name(name)
        scan([data])
        kind = identify(data, name)
        if kind not in (Kind.XLSX, Kind.XLS):
            raise IntakeError("不是 Excel 文件（.xlsx、.xls），请使用下载的模板")
        units = [
            Unit(*row)
            for row in Department.objects.filter(region=region, is_active=True).values_list(
                "pk", "name", "budget_code"
            )
        ]
        reading = read_targets(open_book(data, kind, most_rows=MOST_ROWS), year, units)
    except (IntakeError, Infected) as error:
        raise Refused(f"“{name}”没有读取：{error}") from None
    if only is not None:
        others = [unit.name for unit in units if unit.pk in reading.sets and unit.pk != only.pk]
        if others:
            raise Refused(
                f"这里只更换“{only.name}”的目标，表里还有{len(others)}个别的单位：{'、'.join(others[:5])}"
            )
    return reading


def take_in(
    *, region: Region, year: int, name: str, data: bytes, by: User, only: Department | None = None
) -> TargetsImport:
    """Read a workbook and keep what it says (never the file) until the manager decides. Raises :class:`Refused`."""
    require_manager(by, region, "导入批复的绩效目标")
    reading = read_file(region=region, year=year, name=name, data=data, only=only)
    content = {
        "sets": {str(key): one.model_dump(mode="json") for key, one in reading.sets.items()},
        "complaints": [asdict(one) for one in reading.complaints],
    }
    with transaction.atomic():
        TargetsImport.objects.filter(region=region, by=by, done_at=None).delete()
        return TargetsImport.objects.create(
            region=region, year=year, department=only, by=by, name=name[-200:], content=content
        )


def largest() -> int:
    """Most bytes of one upload."""
    return int(settings.ATTACHMENT_MAX_BYTES)


def complaints_of(item: TargetsImport) -> list[Complaint]:
    return [Complaint(**one) for one in item.content["complaints"]]


def sets_of(item: TargetsImport) -> dict[int, Approved]:
    return {int(key): Approved.model_validate(one) for key, one in item.content["sets"].items()}


# ------------------------------------------------------------------ what would change


def plan(region: Region, year: int, sets: dict[int, Approved]) -> Plan:
    """Every unit beside what is stored; three queries, however many units."""
    stored = latest(sets, year)
    departments = Department.objects.filter(region=region, pk__in=sets).order_by("budget_code", "name")
    units = [UnitPlan(one, sets[one.pk], stored.get(one.pk)) for one in departments]
    for unit in units:
        if unit.state == "changed":
            unit.differences = differences(unit.stored.approved, unit.approved)
    known = sorted((unit.department.pk, unit.stored.number if unit.stored else 0) for unit in units)
    return Plan(units, hashlib.sha256(repr(known).encode()).hexdigest())


def latest(departments: Iterable[int], year: int) -> dict[int, ApprovedTargets]:
    """The set that holds of each department, in two queries."""
    rows = ApprovedTargets.objects.filter(department__in=list(departments), year=year)
    newest = rows.order_by().values("department").annotate(last=Max("number"))
    numbers = {row["department"]: row["last"] for row in newest}
    return {
        row.department_id: row
        for row in rows.select_related("by")
        if row.number == numbers[row.department_id]
    }


def differences(before: Approved, after: Approved) -> list[Difference]:
    """What of a set is added, dropped or changed, in words."""
    found = [Difference("年度总体目标", goal, "") for goal in before.goals if goal not in after.goals]
    found += [Difference("年度总体目标", "", goal) for goal in after.goals if goal not in before.goals]
    for old, new in matched(before.indicators, after.indicators):
        label = f"指标“{old.name}”"
        if new is None:
            found.append(Difference(label, said(old), "（删去）"))
        elif old != new:
            found.append(Difference(label, said(old), said(new)))
    for new in unmatched(before.indicators, after.indicators):
        found.append(Difference(f"指标“{new.name}”", "（没有）", said(new)))
    return found or [Difference("顺序", "", "只调整了顺序")]


def said(line: ApprovedLine) -> str:
    """A line in one sentence."""
    weight = "未定分值" if line.weight is None else f"{line.weight.normalize():f}分"
    place = "·".join(filter(None, (bare(line.level1), bare(line.level2))))
    return "，".join(filter(None, (place, line.name, line.target, weight)))


# ------------------------------------------------------------------ writing


@transaction.atomic
def write_in(*, item: TargetsImport, by: User, token: str, reason: str = "") -> Plan:
    """Write what a preview showed, all or nothing. A second press answers what the first one wrote.

    Raises :class:`Stale` when somebody wrote in between, :class:`Refused` for complaints or a missing reason,
    :class:`~reports.workflow.NotAllowed`.
    """
    row = TargetsImport.objects.select_for_update(no_key=True).filter(pk=item.pk, by=by).first()
    if row is None:
        raise Refused("这次导入的内容已被更新的一次替换，请从最新的预览继续")
    if row.done_at is not None:
        return Plan([], "")
    if row.content["complaints"]:
        raise Refused("表里还有需要改正的单元格，请改正后重新上传")
    made = store(
        region=row.region,
        year=row.year,
        sets=sets_of(row),
        source=row.name,
        reason=reason,
        by=by,
        token=token,
    )
    row.finish()
    return made


@transaction.atomic
def store(
    *,
    region: Region,
    year: int,
    sets: dict[int, Approved],
    source: str,
    reason: str = "",
    by: User | None = None,
    token: str | None = None,
) -> Plan:
    """New versions of the sets that are new or changed, one audit entry, and a notice to the units whose set was replaced.

    ``by`` is ``None`` for the command line. Raises :class:`Refused`, :class:`Stale`.
    """
    if by is not None:
        by = User.objects.get(pk=by.pk)
        require_manager(by, region, "导入批复的绩效目标")
    region = Region.objects.select_for_update(no_key=True).get(pk=region.pk)  # one import at a time
    made = plan(region, year, sets)
    if token is not None and token != made.token:
        raise Stale("在您查看期间，另有人导入了其中的单位，没有写入；下面是最新的对比，请再看一遍")
    reason = " ".join(reason.split())
    if made.changed and not reason:
        raise Refused(f"有{len(made.changed)}个单位的目标会被更换，请写明更换的理由和依据文件")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"更换理由最多{LONGEST_REASON}个字，现有{len(reason)}个字，请删减")
    if not made.writes:
        raise Refused("表里的内容与已经导入的完全一致，没有需要写入的")
    ApprovedTargets.objects.bulk_create(
        ApprovedTargets(
            department=unit.department,
            year=year,
            number=unit.stored.number + 1 if unit.stored else 1,
            content=unit.approved.model_dump(mode="json"),
            fingerprint=unit.approved.fingerprint(),
            source=source[-200:],
            reason=reason if unit.stored else "",
            by=by,
        )
        for unit in (*made.new, *made.changed)
    )
    why = f"，更换理由：{reason}" if made.changed else ""
    record(
        event=EVENT,
        sentence=(
            f"{by or '系统'}从“{source}”导入{year}年度批复的绩效目标：新增{len(made.new)}个单位、"
            f"更换{len(made.changed)}个单位{why}"
        ),
        by=by,
        region=region,
        data={
            "year": year,
            "new": [unit.department.name for unit in made.new],
            "changed": [unit.department.name for unit in made.changed],
            "reason": reason,
        },
    )
    _tell(year, [unit.department.pk for unit in made.changed], reason)
    return made


def _tell(year: int, departments: list[int], reason: str) -> None:
    reports = dict(
        Report.objects.filter(profile__year=year, profile__department__in=departments).values_list(
            "profile__department", "pk"
        )
    )
    people = RoleAssignment.objects.filter(
        department__in=reports, role__in=WRITERS, is_active=True, user__is_active=True
    ).values_list("user", "department")
    text = f"财政局更换了本单位{year}年度批复的绩效目标，理由：{reason}。请核对绩效指标。"
    send_all(
        [Notice(user_id=user, report_id=reports[department], text=text) for user, department in set(people)]
    )


# ------------------------------------------------------------------ the workbook


def workbook(region: Region, year: int, only: Department | None = None) -> bytes:
    """The template of a region's year, filled with what is stored; or of one unit."""
    units = list(Department.objects.filter(region=region, is_active=True).order_by("budget_code", "name"))
    wanted = [unit for unit in units if only is None or unit.pk == only.pk]
    stored = latest([unit.pk for unit in wanted], year)
    sets = {unit.name: stored[unit.pk].approved for unit in wanted if unit.pk in stored}
    title = f"{region.name if only is None else only.name}{year}年度批复的"
    return write(title, [(unit.name, unit.budget_code) for unit in wanted], sets)
