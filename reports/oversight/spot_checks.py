"""Writing of spot checks (抽查复核): draw, assign, record the result, withdraw. Each is one act with one log entry."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import cycle

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from budgets.money import plain
from departments.choices import Role
from departments.models import AuditEntry, User
from departments.services import record as log
from reports import services
from reports.choices import DONE
from reports.findings import Level
from reports.models import Conclusion, DrawMethod, Report, Round, SpotCheck, SpotCheckDraw, Submission
from reports.oversight.sampling import Candidate, count_of, risk_of, sample
from reports.workflow import BUREAU, EVENT_PREFIX, UNIT, NotAllowed, Party, Refused, Step, parties

LARGEST_SCORE = Decimal(100)


def manages(user: User, round: Round) -> bool:
    """Whether the person draws and assigns the spot checks of a round (绩效股)."""
    return round.region_id in user.access.regions(Role.ROUND_MANAGER)


def people_of(round: Round) -> list[User]:
    """Who can check: the bureau's reviewers and managers."""
    held = {"role__in": (Role.REVIEWER, Role.ROUND_MANAGER), "region": round.region_id, "is_active": True}
    return list(
        User.objects.filter(
            is_active=True, **{f"role_assignments__{name}": value for name, value in held.items()}
        )
        .distinct()
        .order_by("name", "pk")
    )


# ------------------------------------------------------------------ drawing


def drawable(round: Round, user: User) -> list[Report]:
    """Approved and published reports of the round that have not been drawn yet."""
    checked = SpotCheck.objects.filter(report__round=round, withdrawn_at=None).values("report")
    newest = Submission.objects.filter(report=OuterRef("pk")).order_by("-number")
    return list(
        Report.objects.visible_to(user)
        .filter(round=round, status__in=DONE)
        .exclude(pk__in=checked)
        .annotate(newest=Subquery(newest.values("pk")[:1]), found=Subquery(newest.values("findings")[:1]))
        .exclude(newest=None)
        .with_context()
        .order_by("profile__department__budget_code", "pk")
    )


def candidates(reports: Iterable[Report]) -> list[Candidate]:
    """Reports of :func:`drawable` with their main department and risk."""
    made = []
    for report in reports:
        levels = [item["level"] for item in report.found or ()]
        risk, why = risk_of(
            errors=levels.count(Level.ERROR),
            warnings=levels.count(Level.WARNING),
            self_score=report.shown_self_score,
            score=report.shown_score,
            reviewed=report.reviewed_score,
        )
        department = report.department
        made.append(Candidate(report.pk, department.parent_id or department.pk, risk, why))
    return made


@transaction.atomic
def draw(
    *,
    round: Round,
    by: User,
    method: str,
    count: int = 0,
    percent: bool = False,
    seed: str = "",
    chosen: Sequence[int] = (),
    reviewers: Sequence[User] = (),
    due: datetime.date | None = None,
) -> SpotCheckDraw:
    """Draw a sample of a round (抽取) and share it among the reviewers.

    A random draw without a seed gets one, which is kept: :func:`repeated` gives the same sample from it. Whoever
    approved or certified a report is passed over when it is shared out. Raises :class:`Refused`.
    """
    round = Round.objects.select_for_update(no_key=True).select_related("region").get(pk=round.pk)
    if not manages(by, round):
        raise NotAllowed("没有“抽取报告”的权限")
    if due is not None and due < timezone.localdate():
        raise Refused("完成期限不能早于今天")
    reports = {report.pk: report for report in drawable(round, by)}
    if not reports:
        raise Refused("没有可以抽查的报告：已审核的报告都抽查过，或还没有审核通过的报告")
    pool = candidates(reports.values())
    method = DrawMethod(method)
    if method is DrawMethod.BY_HAND:
        drawn = [one for one in pool if one.report in set(chosen)]
        if not drawn or len(drawn) != len(set(chosen)):
            raise Refused("请选择要抽查的报告；已抽查过的不能再选")
        asked, seed = f"{len(drawn)}份", ""
    else:
        if count < 1 or (percent and count > 100):
            raise Refused("抽取比例应在1%至100%之间" if percent else "至少抽取1份")
        asked = f"{count}%" if percent else f"{count}份"
        if method is DrawMethod.RANDOM:
            seed = seed.strip() or str(secrets.randbelow(90_000_000) + 10_000_000)
        else:
            seed = ""
        drawn = sample(pool, count_of(count, len(pool), percent=percent), seed=seed)
    made = SpotCheckDraw.objects.create(
        round=round,
        method=method,
        asked=asked,
        seed=seed,
        population=[
            {"report": one.report, "group": one.group, "risk": str(one.risk), "why": one.why} for one in pool
        ],
        drawn=[one.report for one in drawn],
        by=by,
    )
    _share_out(made, [(reports[one.report], one.why) for one in drawn], reviewers, due, by)
    seeded = f"，随机种子{seed}" if seed else ""
    log(
        event="spot-check-draw",
        sentence=f"{by.name}从{round}的{len(pool)}份已审核报告中抽取{len(drawn)}份抽查"
        f"（{method.label}，{asked}{seeded}）",
        by=by,
        region=round.region,
        data={"round": round.pk, "draw": made.pk, "seed": seed, "drawn": made.drawn},
    )
    return made


def repeated(made: SpotCheckDraw) -> list[int]:
    """The sample drawn again from what was written down; equal to ``made.drawn`` unless somebody tampered with it."""
    if made.method == DrawMethod.BY_HAND:
        return list(made.drawn)
    pool = [
        Candidate(item["report"], item["group"], Decimal(item["risk"]), item["why"])
        for item in made.population
    ]
    asked = made.asked
    count = count_of(int(asked.rstrip("%份")), len(pool), percent=asked.endswith("%"))
    return [one.report for one in sample(pool, count, seed=made.seed)]


def _share_out(
    made: SpotCheckDraw,
    drawn: list[tuple[Report, str]],
    reviewers: Sequence[User],
    due: datetime.date | None,
    by: User,
) -> None:
    barred = barred_from([report for report, _ in drawn])
    turn = cycle(reviewers) if reviewers else None
    for report, why in drawn:
        reviewer = None
        for _ in reviewers:
            asked = next(turn)
            if asked.pk not in barred[report.pk]:
                reviewer = asked
                break
        SpotCheck.objects.create(
            draw=made,
            report=report,
            submission_id=report.newest,
            why=why[:200],
            due=due,
            reviewer=reviewer,
            self_score=report.shown_self_score,
        )
        if reviewer and reviewer.pk != by.pk:
            services.notify(report=report, to={reviewer.pk}, text=f"{by.name}指派您抽查这份报告")


def barred_from(reports: Sequence[Report]) -> dict[int, set[int]]:
    """Who may not check each report: who certified it, and who approved it last."""
    by_profile = {report.profile_id: report for report in reports}
    barred = {report.pk: {report.certified_by_id} - {None} for report in reports}
    approvals = AuditEntry.objects.filter(
        profile__in=by_profile, event=EVENT_PREFIX + Step.APPROVE
    ).values_list("profile", "actor", "pk")
    last = {profile: actor for profile, actor, _ in sorted(approvals, key=lambda row: row[2])}
    for profile, actor in last.items():
        barred[by_profile[profile].pk].add(actor)
    return barred


# ------------------------------------------------------------------ assigning, recording, withdrawing


def may_record(user: User, check: SpotCheck) -> bool:
    """The assigned reviewer, or the manager."""
    report = check.report
    manager = services.holds(user, report, Party.MANAGER)
    return manager or (check.reviewer_id == user.pk and services.holds(user, report, *BUREAU))


@transaction.atomic
def assign(*, check: SpotCheck, by: User, to: User) -> SpotCheck:
    """Give a spot check to a reviewer (指派). Raises :class:`Refused` for whoever certified or approved the report."""
    check = _locked(check)
    _require(services.holds(by, check.report, Party.MANAGER), "指派抽查")
    _require_open(check)
    if not services.holds(to, check.report, *BUREAU):
        raise Refused(f"{to.name}不是本区县的审核人员")
    _require_another(check, to)
    if check.reviewer_id == to.pk:
        return check
    check.reviewer = to
    check.save(update_fields=["reviewer"])
    _log_quietly(check, by, "spot-check-assign", f"{by.name}指派{to.name}抽查{check.report}", to=to.pk)
    services.notify(report=check.report, to={to.pk} - {by.pk}, text=f"{by.name}指派您抽查这份报告")
    return check


@transaction.atomic
def record(*, check: SpotCheck, by: User, score: Decimal, conclusion: str, findings: str = "") -> SpotCheck:
    """Record the result of a spot check (登记抽查结果); the unit is told. It may be put right later, which is logged.

    A score that differs from the unit's own, or a conclusion other than 属实, needs findings.
    """
    check = _locked(check)
    report = check.report
    _require(may_record(by, check), "登记抽查结果")
    if check.withdrawn_at:
        raise Refused("这项抽查已撤销")
    if report.status not in DONE:
        raise Refused(f"报告现为“{report.get_status_display()}”，不能登记抽查结果；不再抽查的请撤销")
    _require_another(check, by)
    conclusion, findings = Conclusion(conclusion), findings.strip()
    if not 0 <= score <= LARGEST_SCORE:
        raise Refused("抽查得分应在0至100之间")
    if not findings and conclusion is not Conclusion.TRUE:
        raise Refused(f"结论为“{conclusion.label}”的，要写明抽查发现")
    if not findings and check.self_score is not None and score != check.self_score:
        raise Refused("抽查得分与自评得分不一致，请写明抽查发现")
    again = check.recorded_at is not None
    check.score, check.conclusion, check.findings = score, conclusion, findings
    check.recorded_by, check.recorded_at = by, timezone.now()
    check.reviewer = check.reviewer or by
    check.save(update_fields=["score", "conclusion", "findings", "recorded_by", "recorded_at", "reviewer"])
    sentence = (
        f"{by.name}{'更正' if again else '登记'}抽查结果：{conclusion.label}，抽查得分{plain(score)}分"
        f"{f'，{findings}' if findings else ''}"
    )
    _log(check, by, "spot-check-record", sentence, score=str(score), conclusion=conclusion.value)
    people = parties(report)
    told = set().union(*(people[party] for party in (*UNIT, Party.MANAGER))) - {by.pk}
    services.notify(report=report, to=told, text=sentence)
    return check


@transaction.atomic
def withdraw(*, check: SpotCheck, by: User, reason: str) -> SpotCheck:
    """Take back a spot check that has no result (撤销抽查), with a reason."""
    check = _locked(check)
    _require(services.holds(by, check.report, Party.MANAGER), "撤销抽查")
    if check.withdrawn_at:
        return check
    _require_open(check)
    if not reason.strip():
        raise Refused("请写明撤销理由")
    check.withdrawn_by, check.withdrawn_at, check.withdrawn_reason = by, timezone.now(), reason.strip()
    check.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    _log_quietly(
        check, by, "spot-check-withdraw", f"{by.name}撤销对{check.report}的抽查，理由：{reason.strip()}"
    )
    if check.reviewer_id:
        services.notify(
            report=check.report, to={check.reviewer_id} - {by.pk}, text=f"{by.name}撤销了对这份报告的抽查"
        )
    return check


def _locked(check: SpotCheck) -> SpotCheck:
    rows = SpotCheck.objects.select_for_update(of=("self",), no_key=True).select_related("reviewer")
    found = rows.get(pk=check.pk)
    found.report = Report.objects.with_context().get(pk=found.report_id)
    return found


def _require(allowed: bool, act: str) -> None:
    if not allowed:
        raise NotAllowed(f"没有“{act}”的权限")


def _require_open(check: SpotCheck) -> None:
    if check.withdrawn_at:
        raise Refused("这项抽查已撤销")
    if check.recorded_at:
        raise Refused("这项抽查已有结果")


def _require_another(check: SpotCheck, user: User) -> None:
    if user.pk in barred_from([check.report])[check.report_id]:
        raise Refused(f"这份报告由{user.name}确认或审核通过，抽查应由其他人进行")


def _log(check: SpotCheck, by: User, event: str, sentence: str, **data: object) -> None:
    log(
        event=event,
        sentence=sentence,
        by=by,
        profile=check.report.profile,
        data={"report": check.report_id, "check": check.pk, **data},
    )


def _log_quietly(check: SpotCheck, by: User, event: str, sentence: str, **data: object) -> None:
    """In the region's log, not in the report's trail: a unit does not learn beforehand that it will be checked."""
    log(
        event=event,
        sentence=sentence,
        by=by,
        region=check.report.department.region,
        data={"report": check.report_id, "check": check.pk, **data},
    )
