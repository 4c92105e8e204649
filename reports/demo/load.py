"""Load the demo district into an empty database: people, two rounds, every state of the workflow."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from departments.choices import Role
from departments.models import AnnualProfile, BusinessOffice, Department, Region, RoleAssignment, User
from indicators.policy import DEFAULT_POLICY
from reports import services, workflow
from reports.choices import Status
from reports.demo.district import REAL_REPORT, Spec, approved, build, credit_code, district, specs
from reports.demo.oversight import add_evidence, add_oversight
from reports.evaluation import evaluate, remember
from reports.intake.text import read_text
from reports.models import Explanation, Notice, Publication, Report, Round, SavedView
from reports.outline import DEFAULT_TEMPLATE
from reports.publication.services import classify
from reports.put import put
from reports.rollover import begin_report
from reports.rounds import services as rounds
from reports.targets.services import store
from reports.workflow import Step

LATEST = 2023
EARLIER = 2022
WITHDRAWN, CLASSIFIED = "演示城管局", "演示司法局"

# In the order in which a report passes through them.
STEPS_TO = {
    "draft": (),
    "certified": (Step.CERTIFY,),
    "department_review": (Step.CERTIFY, Step.SUBMIT),
    "submitted": (Step.CERTIFY, Step.SUBMIT),
    "returned": (Step.CERTIFY, Step.SUBMIT, Step.RETURN),
    "approved": (Step.CERTIFY, Step.SUBMIT, Step.APPROVE),
    "published": (Step.CERTIFY, Step.SUBMIT, Step.APPROVE, Step.PUBLISH),
}


@dataclass(frozen=True)
class Account:
    """A demo account that is printed: who it is and what the person comes for."""

    username: str
    name: str
    role: Role
    purpose: str


ACCOUNTS = (
    Account("filler", "周填报", Role.FILLER, "填报 2023 年度真实报告"),
    Account("head", "陈负责", Role.UNIT_HEAD, "确认并报送本单位报告"),
    Account("department", "李主管", Role.MAIN_REVIEWER, "先审核所属单位的报告，再转财政局"),
    Account("reviewer", "王审核", Role.REVIEWER, "审核、退回或通过"),
    Account("manager", "刘绩效", Role.ROUND_MANAGER, "组织全区自评、催报、公开"),
    Account("admin", "赵管理", Role.ADMINISTRATOR, "管理单位和账号"),
    Account("security", "吴安全", Role.SECURITY, "授予角色、解除登录暂停、查看登录"),
    Account("auditor", "孙审计", Role.AUDITOR, "查看全部报告和操作日志"),
)


OFFICES = {
    "教科文股": (
        "王审核",
        ["演示档案馆", "演示教育局", "演示第一小学", "演示第二中学", "演示文旅局", "演示图书馆"],
    ),
    "综合股": ("郑审核", ["演示水利局", "演示城管局", "演示卫健局", "演示疾控中心", "演示司法局"]),
}
"""Business offices of the demo bureau: reviewer and departments. 郑审核 acts in the demo; nobody signs in as him."""

VIEWS = (
    (Role.REVIEWER, "本股室待审核", "status=submitted&office=own"),
    (Role.REVIEWER, "退回后重新报送", "status=submitted&resubmitted=on"),
    (Role.ROUND_MANAGER, "待审核没人认领", "status=submitted&free=on"),
    (Role.ROUND_MANAGER, "自评虚高5分以上", "gap=5&sort=high"),
)
"""Saved filters of the queue, so that the demo shows what they are for."""


def is_loaded() -> bool:
    """Whether the demo district is in this database."""
    return User.objects.filter(is_demo=True).exists()


def new_password() -> str:
    """A password that can be typed from a terminal: no letters that look alike."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(10))


def set_password(password: str) -> None:
    """Give all printed accounts this password."""
    for user in User.objects.filter(is_demo=True, username__in=[account.username for account in ACCOUNTS]):
        user.set_password(password)
        user.save(update_fields=["password"])


@transaction.atomic
def load(password: str) -> None:
    """Make the district. All or nothing: a second try after a failure begins anew."""
    data = district()["region"]
    region = Region.objects.create(**data)
    years = {
        LATEST: _round(
            region, LATEST, timezone.localdate() + datetime.timedelta(days=60), department_review=True
        ),
        EARLIER: _round(region, EARLIER, timezone.localdate() + datetime.timedelta(days=1)),
    }
    real = _real_department(region)
    departments = {spec.name: _department(region, spec) for spec in specs()}
    for spec in specs():
        if parent := spec.data.get("parent"):
            departments[spec.name].parent = departments[parent]
            departments[spec.name].save(update_fields=["parent"])
    people = _accounts(region, real, departments["演示教育局"], password)
    _desk(region, people)
    _approve(region, departments, people[Role.ROUND_MANAGER])
    main_reviewers = _main_reviewers(people[Role.MAIN_REVIEWER], departments)
    put_report(years[LATEST], real, read_text(REAL_REPORT.read_text(encoding="utf-8")))
    for position, spec in enumerate(specs(), start=1):
        department = departments[spec.name]
        unit = _unit_people(department, position)
        acting = people | unit | main_reviewers.get(spec.data.get("parent", ""), {})
        _bring_to(spec, years[EARLIER], department, "approved", acting)
        _bring_to(spec, years[LATEST], department, spec.state, acting)
    _nil_and_cancelled(region, years[LATEST], people, len(departments))
    _chase(years[LATEST], people[Role.ROUND_MANAGER])
    add_oversight(years[EARLIER], people[Role.ROUND_MANAGER])
    _publish_earlier(years, departments, people)
    _read_notices(years[EARLIER], people)
    Round.objects.filter(pk=years[EARLIER].pk).update(
        opens=datetime.date(EARLIER + 1, 3, 1), deadline=datetime.date(EARLIER + 1, 5, 31)
    )


def _read_notices(earlier: Round, people: dict[Role, User]) -> None:
    """Nobody has last year's notices left, and who has dealt with a report has read that it came."""
    read = Q(report__round=earlier)
    for role, turn in ((Role.MAIN_REVIEWER, Status.DEPARTMENT_REVIEW), (Role.REVIEWER, Status.SUBMITTED)):
        read |= Q(user=people[role]) & ~Q(report__status=turn)
    Notice.objects.filter(read).update(read_at=timezone.now())


def _desk(region: Region, people: dict[Role, User]) -> None:
    """Business offices with their people and departments, and saved filters of the queue."""
    second = User(username="demo-reviewer-2", name="郑审核", is_demo=True)
    second.set_unusable_password()
    second.save()
    RoleAssignment.objects.create(user=second, role=Role.REVIEWER, region=region)
    reviewers = {person.name: person for person in (people[Role.REVIEWER], second)}
    for name, (reviewer, departments) in OFFICES.items():
        office = BusinessOffice.objects.create(region=region, name=name)
        office.members.add(reviewers[reviewer])
        Department.objects.filter(region=region, name__in=departments).update(office=office)
    SavedView.objects.bulk_create(
        SavedView(user=people[role], name=name, query=query) for role, name, query in VIEWS
    )


def _publish_earlier(
    years: dict[int, Round], departments: dict[str, Department], people: dict[Role, User]
) -> None:
    """Last year's publication: in time after 决算批复, one report withdrawn since, one unit classified."""
    approved_on = datetime.date(EARLIER + 1, 8, 1)
    Round.objects.filter(pk=years[EARLIER].pk).update(accounts_approved_on=approved_on)
    Round.objects.filter(pk=years[LATEST].pk).update(
        accounts_approved_on=timezone.localdate() - datetime.timedelta(days=12)
    )
    manager = people[Role.ROUND_MANAGER]
    approved = Report.objects.filter(round=years[EARLIER], status="approved")
    for report in approved.exclude(profile__department=departments[CLASSIFIED]).with_context():
        workflow.apply(report, Step.PUBLISH, by=manager)
    published_at = timezone.make_aware(datetime.datetime(EARLIER + 1, 8, 15, 10))
    earlier = Report.objects.filter(round=years[EARLIER], status="published")
    Publication.objects.filter(report__in=earlier).update(published_at=published_at)
    earlier.update(status_since=published_at)
    withdrawn = earlier.with_context().get(profile__department=departments[WITHDRAWN])
    workflow.apply(withdrawn, Step.WITHDRAW, by=manager, reason="决算数据更正，待单位修改后重新公开。")
    classify(
        department=departments[CLASSIFIED],
        by=people[Role.ADMINISTRATOR],
        classified=True,
        reason="（演示）承担涉密工作任务，整体支出情况不宜公开。",
    )


def _approve(region: Region, departments: dict[str, Department], manager: User) -> None:
    """The targets approved with the later year's budget: as the units report them, but for what one changed silently."""
    sets = {departments[spec.name].pk: approved(spec, build(spec, LATEST, LATEST)) for spec in specs()}
    store(
        region=region, year=LATEST, sets=sets, source=f"{LATEST}年度部门整体绩效目标批复表.xlsx", by=manager
    )


def put_report(round_: Round, department: Department, dossier) -> Report:
    """A draft report of a department in a round, filled from a dossier."""
    profile = AnnualProfile.objects.create(department=department, year=round_.year)
    put(dossier, profile)
    report = Report.objects.create(profile=profile, round=round_)
    report = Report.objects.with_context().get(pk=report.pk)
    remember(report, evaluate(report))
    return report


def _round(region: Region, year: int, deadline: datetime.date, *, department_review: bool = False) -> Round:
    return Round.objects.create(
        region=region,
        year=year,
        policy=DEFAULT_POLICY,
        template=DEFAULT_TEMPLATE,
        opens=datetime.date(year + 1, 3, 1),
        deadline=deadline,
        department_review=department_review,
    )


def _real_department(region: Region) -> Department:
    """The unit of the published report, named as its text names it."""
    profile = read_text(REAL_REPORT.read_text(encoding="utf-8")).profile
    return Department.objects.create(
        region=region, name=profile.department, kind=profile.kind, budget_code="101001"
    )


def _department(region: Region, spec: Spec) -> Department:
    kind = spec.data["kind"]
    return Department.objects.create(
        region=region,
        name=spec.name,
        kind=kind,
        budget_code=spec.data["budget_code"],
        credit_code=credit_code(region.code, spec.data["budget_code"], institution="事业" in kind),
    )


def _accounts(region: Region, real: Department, main: Department, password: str) -> dict[Role, User]:
    people = {}
    for account in ACCOUNTS:
        user = User(username=account.username, name=account.name, is_demo=True)
        user.is_staff = user.is_superuser = account.role is Role.ADMINISTRATOR
        user.set_password(password)
        user.save()
        place = {
            Role.FILLER: {"department": real},
            Role.UNIT_HEAD: {"department": real},
            Role.MAIN_REVIEWER: {"department": main},
        }.get(account.role, {"region": region})
        RoleAssignment.objects.create(user=user, role=account.role, **place)
        people[account.role] = user
    return people


def _unit_people(department: Department, number: int) -> dict[Role, User]:
    """Filler and head of an invented unit; they act in the demo but nobody can sign in as them."""
    people = {}
    for role, title in ((Role.FILLER, "填报人"), (Role.UNIT_HEAD, "负责人")):
        user = User(username=f"demo-{role}-{number}", name=f"{department.name}{title}", is_demo=True)
        user.set_unusable_password()
        user.save()
        RoleAssignment.objects.create(user=user, role=role, department=department)
        people[role] = user
    return people


def _main_reviewers(printed: User, departments: dict[str, Department]) -> dict[str, dict[Role, User]]:
    """By name of a department with units, who reviews these first: the printed account, elsewhere one that nobody uses."""
    found = {}
    for name in dict.fromkeys(spec.data["parent"] for spec in specs() if "parent" in spec.data):
        reviewer = printed
        if departments[name].pk not in printed.access.main_departments:
            reviewer = User(
                username=f"demo-main-{departments[name].budget_code}", name=f"{name}主管审核", is_demo=True
            )
            reviewer.set_unusable_password()
            reviewer.save()
            RoleAssignment.objects.create(
                user=reviewer, role=Role.MAIN_REVIEWER, department=departments[name]
            )
        found[name] = {Role.MAIN_REVIEWER: reviewer}
    return found


def _bring_to(
    spec: Spec, round_: Round, department: Department, state: str, people: dict[Role, User]
) -> None:
    """Make the report of a round and walk it to its state through the real workflow."""
    report = put_report(round_, department, build(spec, round_.year, LATEST))
    if state == "submitted":
        add_evidence(report, people[Role.FILLER])
    if state != "draft":
        _explain(report)
    actors = {
        Step.CERTIFY: people[Role.UNIT_HEAD],
        Step.SUBMIT: people[Role.FILLER],
        Step.RETURN: people[Role.REVIEWER],
        Step.APPROVE: people[Role.REVIEWER],
        Step.PUBLISH: people[Role.ROUND_MANAGER],
    }
    for step in STEPS_TO[state]:
        if step is Step.RETURN:
            services.add_comment(
                report=report,
                by=actors[step],
                where="narrative.problems",
                text="水库护坦推迟的责任环节没有写清楚，请补充勘察单位的处理情况。",
            )
        reason = "请按审核意见补充“存在的主要问题”后重新报送。" if step is Step.RETURN else ""
        if step is Step.APPROVE and "reviewed" in spec.data and round_.year == LATEST:
            points, why = spec.data["reviewed"]
            services.set_reviewed_score(report=report, by=actors[step], score=Decimal(points), reason=why)
        report = workflow.apply(report, step, by=actors[step], reason=reason).report
        if report.status == Status.DEPARTMENT_REVIEW and state != Status.DEPARTMENT_REVIEW:
            opinion = "已核对本单位年初目标和决算数据，同意报送。"
            passing = people[Role.MAIN_REVIEWER]
            report = workflow.apply(report, Step.DEPARTMENT_PASS, by=passing, reason=opinion).report


NIL = (
    "演示供销社",
    "105009",
    "根据机构改革方案，本单位自2023年1月起职能和人员并入演示文旅局，经费由该局统一编列预算、统一核算，本年度本单位没有"
    "独立的部门整体支出。",
)
CANCELLED = ("演示地方志编纂室", "105010", "单位已于2023年6月撤销，支出并入演示档案馆报告，不再单独自评。")


def _nil_and_cancelled(region: Region, round_: Round, people: dict[Role, User], number: int) -> None:
    """A unit that filed a nil report, waiting for review, and one that was left out of the round."""
    for position, (name, code, reason) in enumerate((NIL, CANCELLED), start=number + 1):
        department = Department.objects.create(
            region=region,
            name=name,
            kind="公益一类事业单位",
            budget_code=code,
            credit_code=credit_code(region.code, code, institution=True),
        )
        unit = _unit_people(department, position)
        report, _ = begin_report(department=department, round_=round_, by=people[Role.ROUND_MANAGER])
        if name == CANCELLED[0]:
            workflow.apply(report, Step.CANCEL, by=people[Role.ROUND_MANAGER], reason=reason)
            continue
        workflow.apply(report, Step.FILE_NIL, by=unit[Role.FILLER], reason=reason)
        workflow.apply(report, Step.CERTIFY, by=unit[Role.UNIT_HEAD])
        workflow.apply(report, Step.SUBMIT, by=unit[Role.FILLER])


def _chase(round_: Round, manager: User) -> None:
    """Two units have been reminded, one has more time: what a round looks like in the middle."""
    owing = list(Report.objects.with_context().filter(round=round_, status="draft").order_by("pk"))
    chased = [report for report in owing if report.department.name.startswith("演示")]
    services.extend(
        report=chased[0],
        by=manager,
        until=round_.deadline + datetime.timedelta(days=10),
        reason="校舍维修项目决算审计尚未出具结果",
    )
    chased[0].refresh_from_db()
    rounds.remind(round=round_, reports=chased, by=manager, text=rounds.default_reminder(round_))


def _explain(report: Report) -> None:
    """Answer the warnings that an honest, slightly imperfect report has."""
    for finding in evaluate(report).unexplained:
        Explanation.objects.create(
            profile=report.profile,
            finding=finding.key,
            message=finding.message,
            text="已核对凭证和台账，数据属实；产生差异的原因已在偏差原因分析和报告正文中写明。",
        )
