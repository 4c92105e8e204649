"""The workflow of a report (报告流程): one table, read by everyone. Nothing else changes a status.

:data:`RULES` says from where to where, who may, what must hold, what is written and who is told. Views ask
:func:`available` for the buttons and call :func:`apply`; ``docs/workflow.md`` is printed from the same table.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from departments.choices import Role
from departments.models import AuditEntry, BusinessOffice, RoleAssignment, User
from departments.services import lock_year, record, unlock_year
from reports.choices import Status
from reports.copies import refresh as compare
from reports.district_findings import keep_counts
from reports.evaluation import Evaluation, evaluate, kept_findings, remember
from reports.models import (
    Comment,
    DepartmentOpinion,
    NilReason,
    Opening,
    Report,
    Round,
    SectionState,
    StampedScan,
    Submission,
)
from reports.notices import send
from reports.publication import freeze
from reports.publication.view import still_named
from reports.rulebook import current_of

EVENT_PREFIX = "step-"
"""Audit events of steps begin so; the last of them tells how the report came into its state."""


class Step(models.TextChoices):
    """What can be done to a report as a whole, in the order in which a page offers it."""

    CERTIFY = "certify", "确认无误"
    SUBMIT = "submit", "报送"
    UNLOCK = "unlock", "解锁修改"
    RECALL = "recall", "撤回报送"
    SEND_BACK = "send_back", "退给填报人"
    FILE_NIL = "file_nil", "申报零报告"
    WITHDRAW_NIL = "withdraw_nil", "撤回零报告"
    DEPARTMENT_PASS = "department_pass", "主管部门审核通过"
    DEPARTMENT_RETURN = "department_return", "主管部门退回"
    APPROVE = "approve", "审核通过"
    RETURN = "return", "退回修改"
    PUBLISH = "publish", "公开"
    WITHDRAW = "withdraw", "撤下"
    REOPEN = "reopen", "重新打开"
    CANCEL = "cancel", "取消报告"
    RESTORE = "restore", "恢复报告"


class Party(Enum):
    """In which capacity somebody stands towards one report."""

    FILLER = (Role.FILLER, "filler of the unit (填报人)")
    HEAD = (Role.UNIT_HEAD, "head of the unit (单位负责人)")
    MAIN_REVIEWER = (Role.MAIN_REVIEWER, "reviewer of the main department (主管部门审核)")
    REVIEWER = (Role.REVIEWER, "reviewer of the bureau (财政局业务股室)")
    MANAGER = (Role.ROUND_MANAGER, "round manager (绩效股)")

    @property
    def role(self) -> Role:
        return self.value[0]

    @property
    def description(self) -> str:
        return self.value[1]

    def includes(self, user: User, report: Report) -> bool:
        """Whether the person stands so towards the report, by the roles held now."""
        if not (user.is_authenticated and user.is_active):
            return False
        department, access = report.department, user.access
        if self in (Party.FILLER, Party.HEAD):
            return department.pk in access.departments(self.role)
        if self is Party.MAIN_REVIEWER:
            return department.parent_id in access.departments(self.role)
        return department.region_id in access.regions(self.role)


UNIT = (Party.FILLER, Party.HEAD)
BUREAU = (Party.REVIEWER, Party.MANAGER)


class Refused(Exception):
    """A wish that cannot be granted now; the text is a Chinese sentence for the person who asked."""


@dataclass(frozen=True)
class Refusal:
    """One thing that stands in the way, and the place in the dossier where it can be mended."""

    text: str
    where: str = ""


class WorkflowRefused(Refused):
    """A step that cannot be taken now. ``refusals`` lists everything that is missing."""

    def __init__(self, text: str, refusals: Iterable[Refusal] = ()) -> None:
        super().__init__(text)
        self.refusals = tuple(refusals)


class NotAllowed(PermissionDenied):
    """The person may read the report but not take this step (a 403 page)."""


@dataclass
class Situation:
    """A report, the person before it and the day; the evaluation is made only if a rule asks for it."""

    report: Report
    by: User
    reason: str = ""
    known: Evaluation | None = None
    prepared: freeze.Prepared | None = None
    """What is to be published, printed before the transaction."""
    today: datetime.date = field(default_factory=timezone.localdate)

    @cached_property
    def evaluation(self) -> Evaluation:
        return self.known or evaluate(self.report)

    @cached_property
    def open_comments(self) -> list[Comment]:
        """Comments that the unit has still to answer."""
        return list(Comment.objects.filter(report=self.report, answer="", resolved_at=None))


Need = Callable[[Situation], Iterator[Refusal]]
Writing = Callable[[Situation], str]


# ------------------------------------------------------------------ what must hold


def no_error_open(situation: Situation) -> Iterator[Refusal]:
    """no error is open (waived ones do not count)"""
    for finding in situation.evaluation.errors:
        yield Refusal(f"错误未更正：{finding.message}", finding.where)


def warnings_explained(situation: Situation) -> Iterator[Refusal]:
    """every warning is explained or waived"""
    for finding in situation.evaluation.unexplained:
        yield Refusal(f"疑点未说明：{finding.message}", finding.where)


def everything_understood(situation: Situation) -> Iterator[Refusal]:
    """nothing typed is left that could not be understood"""
    if situation.report.nil:
        return  # what stands in the forms is not part of a nil report
    states = SectionState.objects.filter(profile=situation.report.profile_id).exclude(rejected={})
    for state in states:
        for where, text in state.rejected.items():
            yield Refusal(f"填写的内容未能识别：“{text}”", where)


def comments_answered(situation: Situation) -> Iterator[Refusal]:
    """every reviewer's comment is answered or resolved"""
    for comment in situation.open_comments:
        yield Refusal(f"审核意见未答复：{comment.text}", comment.where)


def unchanged_since_certified(situation: Situation) -> Iterator[Refusal]:
    """the dossier's SHA-256 is the certified one"""
    if situation.evaluation.dossier.sha256() != situation.report.certified_hash:
        yield Refusal("数据在负责人确认之后有变化，请解锁修改后由负责人重新确认")


def in_time(situation: Situation) -> Iterator[Refusal]:
    """the deadline or the extension has not passed"""
    due = situation.report.due
    if situation.today > due:
        yield Refusal(f"已过截止日期（{due.year}年{due.month}月{due.day}日），请联系财政局绩效股延期")


def round_open(situation: Situation) -> Iterator[Refusal]:
    """the round is not closed"""
    if situation.report.round.closed_at:
        yield Refusal(f"{situation.report.year}年度自评任务已经关闭，须由财政局绩效股重新开放")


def scan_uploaded(situation: Situation) -> Iterator[Refusal]:
    """the stamped scan of the certified report is uploaded, where the round asks for it"""
    report = situation.report
    if report.round.scan_required and not StampedScan.objects.filter(
        report=report, voided_at=None, dossier_sha256=report.certified_hash
    ):
        yield Refusal("还没有上传盖章扫描件：请下载PDF打印，签字盖章后扫描上传")


def comments_settled(situation: Situation) -> Iterator[Refusal]:
    """no comment waits for the unit's answer"""
    if situation.open_comments:
        yield Refusal(f"还有{len(situation.open_comments)}条审核意见单位未答复，请先了结意见或退回修改")


def reviewed_by_another(situation: Situation) -> Iterator[Refusal]:
    """the person who certified does not review"""
    if situation.report.certified_by_id == situation.by.pk:
        yield Refusal("这份报告由您本人确认，应由其他人审核")


def not_opened_yet(situation: Situation) -> Iterator[Refusal]:
    """no reviewer has opened the newest submission"""
    newest = Submission.objects.filter(report=situation.report).order_by("-number").values("pk")[:1]
    opening = Opening.objects.filter(submission__in=newest).select_related("by").first()
    if opening:
        yield Refusal(f"{opening.by.name}已于{moment(opening.at)}开始审核，请联系审核人退回")


def not_classified(situation: Situation) -> Iterator[Refusal]:
    """the unit is not classified (涉密)"""
    if situation.report.department.classified:
        yield Refusal("本单位已认定为涉密单位，报告不予公开")


def withheld_names_gone(situation: Situation) -> Iterator[Refusal]:
    """no withheld project or indicator is named in a part that becomes public"""
    source = freeze.source_of(situation.report)
    if source is None:
        yield Refusal("报告没有报送过的版本，不能公开")
    elif source.marks:
        for text in still_named(source.view, source.dossier, source.marks):
            yield Refusal(text)


# ------------------------------------------------------------------ what is written besides status, lock and log


def bind_to_fingerprint(situation: Situation) -> str:
    """certified hash, person and time"""
    report = situation.report
    report.certified_hash = situation.evaluation.dossier.sha256()
    report.certified_by = situation.by
    report.certified_at = timezone.now()
    remember(report, situation.evaluation)
    return f"（数据指纹{report.certified_hash[:8]}）"


def void_certification(situation: Situation) -> str:
    """certification and its stamped scan voided"""
    report = situation.report
    StampedScan.objects.filter(report=report, voided_at=None).update(voided_at=timezone.now())
    report.certified_hash, report.certified_by, report.certified_at = "", None, None
    return ""


def freeze_submission(situation: Situation) -> str:
    """next numbered submission; an older reviewed score is voided"""
    report, evaluation = situation.report, situation.evaluation
    number = Submission.objects.filter(report=report).count() + 1
    rules = current_of(report.round)
    submission = Submission.objects.create(
        report=report,
        number=number,
        dossier_json=evaluation.dossier.canonical_json(),
        sha256=evaluation.dossier.sha256(),
        scorecard=evaluation.scorecard.model_dump(mode="json"),
        findings=kept_findings(evaluation),
        policy=evaluation.policy.model_dump(mode="json"),
        template=report.round.template,
        approved=evaluation.approved,
        submitted_by=situation.by,
        rules=rules,
    )
    StampedScan.objects.filter(report=report, voided_at=None).update(submission=submission)
    remember(report, evaluation)
    report.times_submitted, report.checked_by_rules = number, rules
    keep_counts(submission)
    voided = report.reviewed_score is not None
    report.reviewed_score, report.reviewed_reason = None, ""
    return f"（第{number}次报送{'，上一版的复核得分不再有效' if voided else ''}）"


def list_open_comments(situation: Situation) -> str:
    """the comments that wait for an answer are listed"""
    comments = situation.open_comments
    if not comments:
        return ""
    places = "、".join(dict.fromkeys(comment.where_label or "整份报告" for comment in comments))
    return f"；有{len(comments)}条审核意见待答复（{places}）"


def file_nil(situation: Situation) -> str:
    """the year's dossier becomes a nil one; what was typed is kept aside"""
    NilReason.objects.create(profile=situation.report.profile, reason=situation.reason)
    remember(situation.report, evaluate(situation.report))
    return ""


def withdraw_nil(situation: Situation) -> str:
    """the forms count again as they were typed"""
    report = situation.report
    NilReason.objects.filter(profile=report.profile_id).delete()
    report.profile = Report.objects.with_context().get(pk=report.pk).profile
    remember(report, evaluate(report))
    return ""


AGREED = "同意报送财政局。"
"""What a main department says by passing a report without a word of its own."""


def keep_opinion(situation: Situation) -> str:
    """the main department's opinion (主管部门意见) on this submission"""
    return _keep_opinion(situation, passed=True)


def keep_objection(situation: Situation) -> str:
    """the main department's reason as its opinion on this submission"""
    return _keep_opinion(situation, passed=False)


def _keep_opinion(situation: Situation, *, passed: bool) -> str:
    submission = Submission.objects.filter(report=situation.report).order_by("-number").first()
    text = situation.reason or AGREED
    if submission is None or DepartmentOpinion.objects.filter(submission=submission).exists():
        return ""
    DepartmentOpinion.objects.create(submission=submission, passed=passed, text=text, by=situation.by)
    return f"，主管部门意见：{text}" if passed else ""


def settle_answered_comments(situation: Situation) -> str:
    """answered comments are resolved"""
    Comment.objects.filter(report=situation.report, resolved_at=None).exclude(answer="").update(
        resolved_at=timezone.now(), resolved_by=situation.by
    )
    return ""


def publish_version(situation: Situation) -> str:
    """next published version: public content, PDF and address, frozen"""
    made = freeze.publish(situation.report, situation.by, situation.prepared)
    return f"（公开第{made.number}版，对应第{made.submission.number}次报送）"


def take_down(situation: Situation) -> str:
    """what is public is withdrawn; its address answers 410"""
    freeze.withdraw(situation.report, situation.by, situation.reason)
    return ""


def take_down_if_public(situation: Situation) -> str:
    """what is public is withdrawn with it"""
    return "，公开页面同时撤下" if freeze.withdraw(situation.report, situation.by, situation.reason) else ""


# ------------------------------------------------------------------ the table


def goes_through_main_department(report: Report) -> bool:
    """the round asks for 主管部门审核 and the unit has a main department"""
    return report.round.department_review and report.department.parent_id is not None


def goes_straight_to_bureau(report: Report) -> bool:
    """the round does not ask for 主管部门审核, or the unit is itself a main department"""
    return not goes_through_main_department(report)


def is_nil(report: Report) -> bool:
    """a nil report is filed"""
    return report.nil


def is_not_nil(report: Report) -> bool:
    """no nil report is filed"""
    return not report.nil


@dataclass(frozen=True)
class Rule:
    """One row of the table. All rows of a step have the same ``who``."""

    step: Step
    sources: frozenset[Status]
    target: Status
    who: tuple[Party, ...]
    label: str
    """On the button."""
    did: str
    """In the log, after the person's name."""
    needs: tuple[Need, ...] = ()
    reason: bool = False
    opinion: bool = False
    """An opinion may be given with the step (主管部门意见)."""
    when: Callable[[Report], bool] | None = None
    locks: bool | None = None
    """``True`` locks the year, ``False`` opens it."""
    writes: tuple[Writing, ...] = ()
    tells: tuple[Party, ...] = ()
    """Who gets a notice; whoever took part so far is told too when ``reason`` is asked for."""
    look: str = "outline-primary"
    quiet: bool = False
    """Offered only while nothing stands in the way; who asks all the same is told what does."""


RULES = (
    Rule(
        Step.CERTIFY,
        frozenset({Status.DRAFT, Status.RETURNED}),
        Status.CERTIFIED,
        (Party.HEAD,),
        label="确认无误",
        did="确认报告无误",
        needs=(everything_understood, no_error_open, warnings_explained, comments_answered),
        locks=True,
        writes=(bind_to_fingerprint,),
        tells=(Party.FILLER, Party.HEAD),
        look="primary",
    ),
    *(
        Rule(
            Step.SEND_BACK,
            frozenset({source}),
            target,
            (Party.HEAD,),
            label="退给填报人",
            did="把报告退给填报人修改",
            reason=True,
            locks=False,
            writes=(void_certification,),
            tells=(Party.FILLER, Party.HEAD),
        )
        for source, target in (
            (Status.DRAFT, Status.DRAFT),
            (Status.RETURNED, Status.RETURNED),
            (Status.CERTIFIED, Status.DRAFT),
        )
    ),
    *(
        Rule(
            Step.FILE_NIL,
            frozenset({status}),
            status,
            UNIT,
            label="申报零报告",
            did="申报零报告（本年度没有需要评价的支出）",
            needs=(round_open,),
            when=is_not_nil,
            reason=True,
            writes=(file_nil,),
            tells=UNIT,
        )
        for status in (Status.DRAFT, Status.RETURNED)
    ),
    *(
        Rule(
            Step.WITHDRAW_NIL,
            frozenset({status}),
            status,
            UNIT,
            label="撤回零报告，正常填报",
            did="撤回零报告，改为正常填报",
            when=is_nil,
            writes=(withdraw_nil,),
            tells=UNIT,
        )
        for status in (Status.DRAFT, Status.RETURNED)
    ),
    Rule(
        Step.UNLOCK,
        frozenset({Status.CERTIFIED}),
        Status.DRAFT,
        UNIT,
        label="解锁修改",
        did="解锁报告以便修改，负责人的确认作废",
        locks=False,
        writes=(void_certification,),
        tells=UNIT,
    ),
    *(
        Rule(
            Step.RECALL,
            frozenset({source}),
            Status.DRAFT,
            UNIT,
            label="撤回报送",
            did="撤回已报送的报告以便修改，负责人的确认作废",
            needs=(not_opened_yet, in_time),
            locks=False,
            writes=(void_certification,),
            tells=(*UNIT, reader),
            quiet=True,
        )
        for source, reader in (
            (Status.SUBMITTED, Party.REVIEWER),
            (Status.DEPARTMENT_REVIEW, Party.MAIN_REVIEWER),
        )
    ),
    Rule(
        Step.SUBMIT,
        frozenset({Status.CERTIFIED}),
        Status.SUBMITTED,
        UNIT,
        label="报送财政局",
        did="把报告报送财政局",
        needs=(unchanged_since_certified, round_open, in_time, scan_uploaded),
        when=goes_straight_to_bureau,
        writes=(freeze_submission,),
        tells=(*UNIT, Party.REVIEWER),
        look="primary",
    ),
    Rule(
        Step.SUBMIT,
        frozenset({Status.CERTIFIED}),
        Status.DEPARTMENT_REVIEW,
        UNIT,
        label="报送主管部门",
        did="把报告报送主管部门审核",
        needs=(unchanged_since_certified, round_open, in_time, scan_uploaded),
        when=goes_through_main_department,
        writes=(freeze_submission,),
        tells=(*UNIT, Party.MAIN_REVIEWER),
        look="primary",
    ),
    Rule(
        Step.DEPARTMENT_PASS,
        frozenset({Status.DEPARTMENT_REVIEW}),
        Status.SUBMITTED,
        (Party.MAIN_REVIEWER,),
        label="审核通过，转财政局",
        did="审核通过并把报告转财政局",
        needs=(comments_settled, reviewed_by_another),
        opinion=True,
        writes=(settle_answered_comments, keep_opinion),
        tells=(*UNIT, Party.REVIEWER),
        look="primary",
    ),
    Rule(
        Step.DEPARTMENT_RETURN,
        frozenset({Status.DEPARTMENT_REVIEW}),
        Status.RETURNED,
        (Party.MAIN_REVIEWER,),
        label="退回修改",
        did="代表主管部门退回报告，要求修改",
        needs=(round_open,),
        reason=True,
        locks=False,
        writes=(void_certification, list_open_comments, keep_objection),
        tells=UNIT,
    ),
    Rule(
        Step.RETURN,
        frozenset({Status.SUBMITTED}),
        Status.RETURNED,
        BUREAU,
        label="退回修改",
        did="退回报告，要求修改",
        needs=(round_open,),
        reason=True,
        locks=False,
        writes=(void_certification, list_open_comments),
        tells=UNIT,
    ),
    Rule(
        Step.APPROVE,
        frozenset({Status.SUBMITTED}),
        Status.APPROVED,
        BUREAU,
        label="审核通过",
        did="审核通过报告",
        needs=(comments_settled, reviewed_by_another),
        writes=(settle_answered_comments,),
        tells=(*UNIT, Party.MANAGER),
        look="primary",
    ),
    Rule(
        Step.REOPEN,
        frozenset({Status.APPROVED, Status.PUBLISHED}),
        Status.RETURNED,
        (Party.MANAGER,),
        label="重新打开",
        did="重新打开已审核的报告，退回单位修改",
        needs=(round_open,),
        reason=True,
        locks=False,
        writes=(void_certification, take_down_if_public),
        tells=UNIT,
        look="outline-danger",
    ),
    Rule(
        Step.PUBLISH,
        frozenset({Status.APPROVED}),
        Status.PUBLISHED,
        (Party.MANAGER,),
        label="公开",
        did="公开报告",
        needs=(not_classified, withheld_names_gone),
        writes=(publish_version,),
        tells=UNIT,
        look="primary",
    ),
    Rule(
        Step.WITHDRAW,
        frozenset({Status.PUBLISHED}),
        Status.APPROVED,
        (Party.MANAGER,),
        label="撤下",
        did="撤下已公开的报告",
        reason=True,
        writes=(take_down,),
        tells=UNIT,
        look="outline-danger",
    ),
    Rule(
        Step.CANCEL,
        frozenset(
            {Status.DRAFT, Status.CERTIFIED, Status.DEPARTMENT_REVIEW, Status.SUBMITTED, Status.RETURNED}
        ),
        Status.CANCELLED,
        (Party.MANAGER,),
        label="取消报告",
        did="取消报告",
        reason=True,
        locks=True,
        writes=(void_certification,),
        tells=UNIT,
        look="outline-danger",
    ),
    Rule(
        Step.RESTORE,
        frozenset({Status.CANCELLED}),
        Status.DRAFT,
        (Party.MANAGER,),
        label="恢复报告",
        did="恢复已取消的报告，由单位继续填报",
        needs=(round_open,),
        reason=True,
        locks=False,
        tells=UNIT,
    ),
)


def rules_of(step: Step) -> tuple[Rule, ...]:
    """The rows of a step."""
    return tuple(rule for rule in RULES if rule.step is step)


def rule_for(report: Report, step: Step) -> Rule | None:
    """The row that applies to the report as it stands, if any."""
    for rule in rules_of(step):
        if report.status in rule.sources and (rule.when is None or rule.when(report)):
            return rule
    return None


# ------------------------------------------------------------------ asking


@dataclass(frozen=True)
class Button:
    """A step that the person may take now; ``refusals`` says what is still missing for it."""

    step: Step
    label: str
    reason: bool
    look: str
    refusals: tuple[Refusal, ...] = ()
    opinion: bool = False

    @property
    def enabled(self) -> bool:
        return not self.refusals


def available(report: Report, user: User, evaluation: Evaluation | None = None) -> list[Button]:
    """The steps this person may take on the report as it stands, with everything that still stands in the way.

    ``evaluation`` saves the work of evaluating again where the page has done it already.
    """
    situation = Situation(report, user, known=evaluation)
    buttons = []
    for step in Step:
        rule = rule_for(report, step)
        if rule and any(party.includes(user, report) for party in rule.who):
            refusals = tuple(refusal for need in rule.needs for refusal in need(situation))
            if refusals and rule.quiet:
                continue
            buttons.append(Button(step, rule.label, rule.reason, rule.look, refusals, rule.opinion))
    return buttons


def last_step(report: Report) -> AuditEntry | None:
    """The log entry of the step that brought the report into its state."""
    return AuditEntry.objects.filter(profile=report.profile_id, event__startswith=EVENT_PREFIX).first()


SENDING_BACK = frozenset({Step.RETURN, Step.DEPARTMENT_RETURN, Step.REOPEN, Step.SEND_BACK})


def last_sent_back(report: Report) -> AuditEntry | None:
    """The log entry with the words with which a returned report was last sent back."""
    events = [EVENT_PREFIX + step for step in SENDING_BACK]
    return AuditEntry.objects.filter(profile=report.profile_id, event__in=events).first()


def stamp(report: Report, last: AuditEntry | None = None) -> str:
    """What a page carries so that a button pressed on an outdated page is noticed."""
    last = last or last_step(report)
    return f"{report.status}.{last.pk if last else 0}"


# ------------------------------------------------------------------ doing


@dataclass(frozen=True)
class Receipt:
    """What a step did; ``repeated`` when a second click found it done already."""

    report: Report
    step: Step
    sentence: str
    at: datetime.datetime
    repeated: bool = False


def apply(report: Report, step: Step, *, by: User, reason: str = "", expected: str = "") -> Receipt:
    """Take a step: lock the row, check status, rights and needs again, write everything once.

    ``expected`` is the :func:`stamp` of the page on which the button was pressed. The same person's second click gives
    the first one's receipt. Raises :class:`NotAllowed` and :class:`WorkflowRefused`.
    """
    step, reason = Step(step), reason.strip()
    if step is Step.CERTIFY:
        compare(report)  # outside the transaction, so that a refusal for copied text can be read afterwards
    prepared = None
    if step is Step.PUBLISH and report.status == Status.APPROVED and Party.MANAGER.includes(by, report):
        prepared = freeze.prepare(report)  # outside the transaction: printing must not hold the write lock
    with transaction.atomic():
        report = Report.objects.locked(report.pk)
        # Read after the lock was won: whoever closes or changes a round holds its reports meanwhile.
        report.round = Round.objects.select_related("region").get(pk=report.round_id)
        by = User.objects.get(pk=by.pk)  # the roles held now, not those of when the page was opened
        if not any(party.includes(by, report) for party in rules_of(step)[0].who):
            raise NotAllowed(f"没有“{step.label}”的权限")
        rule, last = rule_for(report, step), last_step(report)
        if rule is None or (expected and expected != stamp(report, last)):
            if (
                last
                and last.actor_id == by.pk
                and (last.data["step"], last.data["to"]) == (step, report.status)
            ):
                return Receipt(report, step, last.sentence, last.at, repeated=True)
            raise WorkflowRefused(_conflict(report, step, last))
        if rule.reason and not reason:
            raise WorkflowRefused(f"“{rule.label}”要写明理由")
        return _take(rule, Situation(report, by, reason, prepared=prepared))


def take_down_classified(report: Report, *, by: User) -> Receipt | None:
    """The step 撤下 as the consequence of naming the unit classified (涉密), which the administrator may do too.

    Call it inside the transaction of that act, which has asked who may. ``None`` when nothing is public any more.
    """
    report = Report.objects.locked(report.pk)
    rule = rule_for(report, Step.WITHDRAW)
    return rule and _take(rule, Situation(report, by, "单位已认定为涉密单位"))


def _take(rule: Rule, situation: Situation) -> Receipt:
    report, by, before = situation.report, situation.by, situation.report.status
    if rule.locks is True:
        lock_year(report.profile)  # before anything is read, so that no change slips in between
    if refusals := [refusal for need in rule.needs for refusal in need(situation)]:
        raise WorkflowRefused(_missing(rule, refusals), refusals)
    details = "".join(writing(situation) for writing in rule.writes)
    report.status, report.status_since = rule.target, timezone.now()
    report.save(
        update_fields=[
            "status",
            "status_since",
            "certified_hash",
            "certified_by",
            "certified_at",
            "reviewed_score",
            "reviewed_reason",
            "times_submitted",
            "checked_by_rules",
        ]
    )
    if rule.locks is False:
        unlock_year(report.profile)  # the database allows it only now that the status is open
    reason = f"，理由：{situation.reason}" if situation.reason and not rule.opinion else ""
    sentence = f"{by.name}已{rule.did}{details}{reason}"
    entry = record(
        event=EVENT_PREFIX + rule.step,
        sentence=sentence,
        by=by,
        profile=report.profile,
        data={"step": rule.step, "from": before, "to": rule.target, "reason": situation.reason},
    )
    _tell(rule, report, by, entry)
    return Receipt(report, rule.step, entry.sentence, entry.at)


def _tell(rule: Rule, report: Report, by: User, entry: AuditEntry) -> None:
    """Notices to those who act next or are concerned and, where a reason is given, to everyone who took part."""
    people = parties(report)
    told = {user for party in _told(rule, people, entry.data["from"]) for user in people[party]}
    everyone = set().union(*people.values())
    assigned = {report.assigned_to_id} & everyone
    if Party.REVIEWER in rule.tells and assigned:
        told -= people[Party.REVIEWER]
    elif Party.REVIEWER in rule.tells and report.department.office_id:
        members = BusinessOffice.members.through.objects.filter(businessoffice=report.department.office_id)
        if office := people[Party.REVIEWER] & set(members.values_list("user", flat=True)):
            told -= people[Party.REVIEWER] - office
    if Party.REVIEWER in rule.tells or rule.reason:
        told |= assigned
    if rule.reason:
        took_part = set(
            AuditEntry.objects.filter(profile=report.profile_id)
            .filter(models.Q(event__startswith=EVENT_PREFIX) | models.Q(event__startswith="comment-"))
            .order_by()
            .values_list("actor_id", flat=True)
            .distinct()
        )
        told |= took_part & everyone
    send(report, told - {by.pk}, entry.sentence)


def _told(rule: Rule, people: dict[Party, set[int]], before: str) -> set[Party]:
    """The parties of the rule; the main department from whose desk a report is taken away; and the round manager where
    nobody holds the role that has to act next, so that no report waits unseen."""
    told = set(rule.tells)
    if before == Status.DEPARTMENT_REVIEW and rule.step is Step.CANCEL:
        told.add(Party.MAIN_REVIEWER)
    if any(not people[party] for party in told & {Party.REVIEWER, Party.MAIN_REVIEWER}):
        told.add(Party.MANAGER)
    return told


def parties(report: Report) -> dict[Party, set[int]]:
    """Keys of the active people in each capacity towards the report; one query."""
    department = report.department
    people: dict[Party, set[int]] = {party: set() for party in Party}
    by_role = {party.role: party for party in Party}
    unit = models.Q(department=department.pk, role__in=[party.role for party in UNIT])
    main = models.Q(department=department.parent_id, role=Role.MAIN_REVIEWER, department__isnull=False)
    bureau = models.Q(region=department.region_id, role__in=[party.role for party in BUREAU])
    held = RoleAssignment.objects.filter(unit | main | bureau, is_active=True, user__is_active=True)
    for user, role in held.order_by().values_list("user_id", "role"):
        people[by_role[role]].add(user)
    return people


def moment(at: datetime.datetime) -> str:
    """A time as a Chinese sentence names it: ``4月18日09:05``."""
    local = timezone.localtime(at)
    year = "" if local.year == timezone.localdate().year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日{local:%H:%M}"


def _conflict(report: Report, step: Step, last: AuditEntry | None) -> str:
    now = f"报告现为“{report.get_status_display()}”，没有执行“{step.label}”"
    if last is None:
        return now
    done = Step(last.data["step"]).label
    if last.data["step"] == step and last.data["to"] == report.status:
        return f"{last.actor_name}已于{moment(last.at)}执行“{done}”，不用再次办理"
    return f"{last.actor_name}已于{moment(last.at)}执行“{done}”，{now}"


def _missing(rule: Rule, refusals: list[Refusal]) -> str:
    if len(refusals) == 1:
        return f"不能{rule.label}：{refusals[0].text}"
    return f"还不能{rule.label}，有{len(refusals)}处需要处理，请按下面的清单逐项办理"


# ------------------------------------------------------------------ the table as a document


def as_markdown() -> str:
    """``docs/workflow.md``: the drawing and the table, printed from :data:`RULES`."""
    lines = [
        "# Workflow of a report (报告流程)",
        "",
        "Printed from the table in `reports/workflow.py`; a test compares. Print it again with",
        "`python manage.py shell -v 0 -c \"from reports.workflow import as_markdown; print(as_markdown(), end='')\"`",
        "`> docs/workflow.md`.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {status.value}: {status.label}" for status in Status),
        "    [*] --> draft",
    ]
    for rule in RULES:
        lines += [f"    {source} --> {rule.target}: {rule.label}" for source in _ordered(rule.sources)]
    lines += [
        "```",
        "",
        "| step | from | to | who | must hold | writes | year | told |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for rule in RULES:
        needs = [need.__doc__ or "" for need in rule.needs] + (["a reason is given"] if rule.reason else [])
        if rule.when:
            needs.insert(0, rule.when.__doc__ or "")
        told = [party.role.label for party in rule.tells] + (
            ["everyone who took part"] if rule.reason else []
        )
        cells = [
            f"`{rule.step}` {rule.label}",
            "、".join(source.label for source in _ordered(rule.sources)),
            rule.target.label,
            "; ".join(party.description for party in rule.who),
            "; ".join(needs),
            "; ".join(writing.__doc__ or "" for writing in rule.writes),
            {True: "locked", False: "opened", None: ""}[rule.locks],
            "; ".join(told),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "Every step also writes the status, one entry of the audit trail and the notices, all in one transaction that holds",
        "the report's row. The same person's second click shows the first one's receipt; whoever comes second with another",
        "step is told who did what and when. Without a state of its own: an extension, a waiver, a comment and a reviewed",
        "score (`reports/services.py`), a stamped scan and everything that concerns a whole round (`reports/rounds/`). An",
        "assigned report tells its reviewer, not all of them; where nobody holds the role that has to act, the round manager",
        "is told.",
        "",
    ]
    return "\n".join(lines)


def _ordered(statuses: Iterable[Status]) -> list[Status]:
    return sorted(statuses, key=list(Status).index)
