"""审核意见书: the printable review sheet of one submission, as a document that the report's printers lay out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from budgets.money import percent, plain
from departments.models import AuditEntry, User
from indicators.policy import Policy
from indicators.scoring.review import Reviewed, review
from reports import paper, services
from reports.documents.forms.cells import head, label, words
from reports.documents.model import (
    Align,
    Block,
    Cell,
    Heading,
    Paragraph,
    ReportDocument,
    Row,
    Table,
)
from reports.documents.wording import chinese_date
from reports.evaluation import Evaluation
from reports.findings import LEVEL_LABELS, Evidence, Finding, Level
from reports.models import Comment, DepartmentOpinion, Report, ReviewMark, Submission, Waiver
from reports.oversight.conclusions import Decision, Span, decisions, span
from reports.places import place
from reports.reviewing import as_mark
from reports.workflow import UNIT, Step

SHORT_DATE = "　　年　月　日"
"""Narrow enough for one line of a cell, also in Word."""
SIGNING_HEIGHT = 18.0


@dataclass(frozen=True)
class Sheet:
    """All that the review sheet states."""

    report: Report
    submission: Submission
    evaluation: Evaluation
    decisions: tuple[Decision, ...]
    reviewed: Reviewed | None
    reviewed_score: Decimal | None
    reviewed_reason: str
    marks: tuple[ReviewMark, ...] = ()
    comments: tuple[Comment, ...] = ()
    waivers: dict[str, Waiver] = field(default_factory=dict)
    mended_later: dict[str, int] = field(default_factory=dict)
    """Findings of this submission (by key) that a later one no longer has, with that one's number."""
    mended: tuple[Finding, ...] = ()
    """Findings of the submission before that this one no longer has."""
    opinion: DepartmentOpinion | None = None

    @property
    def policy(self) -> Policy:
        return self.evaluation.policy

    @property
    def conclusion(self) -> Decision | None:
        """The decision that counts: the last one that was taken before any re-opening."""
        taken = [one for one in self.decisions if one.step is not Step.REOPEN]
        return taken[-1] if taken else None


def may_read(user: User, report: Report, number: int, answered: Iterable[int]) -> bool:
    """The bureau and the main department read every sheet; the unit one whose submission has its answer."""
    outside = not services.holds(user, report, *UNIT) or services.holds(user, report, *services.REVIEW_SIDE)
    return outside or number in answered


def gather(report: Report, submission: Submission) -> Sheet:
    """Read what the sheet of a submission states: a fixed number of queries."""
    submission.report = report
    evaluation = paper.frozen(submission)
    within = span(submission)
    marks = tuple(ReviewMark.objects.filter(submission=submission).select_related("by"))
    reviewed = (
        review(evaluation.scorecard, [as_mark(item) for item in marks], evaluation.policy) if marks else None
    )
    score, reason = _reviewed(report, within, reviewed, newest=within.end is None)
    comments = Comment.objects.filter(report=report).select_related("author", "answered_by")
    others = {
        number: [Finding.model_validate(item) for item in found]
        for number, found in Submission.objects.filter(report=report)
        .exclude(pk=submission.pk)
        .values_list("number", "findings")
    }
    return Sheet(
        report=report,
        submission=submission,
        evaluation=evaluation,
        decisions=tuple(decisions(report, within)),
        reviewed=reviewed,
        reviewed_score=score,
        reviewed_reason=reason,
        marks=marks,
        comments=tuple(
            item
            for item in comments
            if within.holds(item.created_at)
            or (item.created_at < within.begin and (not item.resolved_at or item.resolved_at >= within.begin))
        ),
        waivers={item.code: item for item in Waiver.objects.filter(report=report).select_related("by")},
        mended_later=_mended_later(evaluation.findings, submission.number, others),
        mended=_mended(others.get(submission.number - 1, ()), evaluation),
        opinion=DepartmentOpinion.objects.filter(submission=submission).select_related("by").first(),
    )


def _reviewed(
    report: Report, within: Span, reviewed: Reviewed | None, *, newest: bool
) -> tuple[Decimal | None, str]:
    """复核得分 with its reason: of the newest from the report, of an older one from its marks or the log."""
    if newest:
        return report.reviewed_score, report.reviewed_reason
    if reviewed:
        return reviewed.reviewed_score, ""
    entry = (
        AuditEntry.objects.filter(within.within("at"), profile=report.profile_id, event="review-score")
        .order_by("-pk")
        .first()
    )
    stated = entry.data.get("score") if entry else None
    return (Decimal(stated), "") if stated else (None, "")


def _mended_later(
    findings: Iterable[Finding], number: int, others: dict[int, list[Finding]]
) -> dict[str, int]:
    later = {other: {item.key for item in found} for other, found in sorted(others.items()) if other > number}
    return {
        finding.key: other
        for finding in findings
        if (other := next((other for other, keys in later.items() if finding.key not in keys), None))
    }


def _mended(before: Sequence[Finding], evaluation: Evaluation) -> tuple[Finding, ...]:
    now = {finding.key for finding in (*evaluation.findings, *evaluation.waived)}
    return tuple(item for item in before if item.level is not Level.OFF and item.key not in now)


# ------------------------------------------------------------------ the paper


def compose_sheet(sheet: Sheet) -> ReportDocument:
    """The review sheet in the layout of the report itself: numbered parts, ruled tables, lines for signature and seal."""
    report, submission = sheet.report, sheet.submission
    bureau = f"{report.department.region.name}财政局"
    year = sheet.evaluation.dossier.year
    parts: list[tuple[str, list[Block]]] = [
        ("基本情况", [_basics(sheet)]),
        ("得分和等级", [_scores(sheet)]),
        ("单项复核", _marks(sheet)),
        ("核对发现及处理", _findings(sheet)),
        ("审核意见及答复", _comments(sheet)),
    ]
    if sheet.opinion:
        parts.append(("主管部门意见", _opinion(sheet.opinion)))
    parts += [("审核结论", _conclusion(sheet)), ("签字盖章", [_signing(sheet)])]
    numbers = "一二三四五六七八九"
    body: list[Block] = []
    for number, (title, blocks) in zip(numbers, parts, strict=False):
        body += [Heading(level=1, text=f"{number}、{title}"), *blocks]
    conclusion = sheet.conclusion
    return ReportDocument(
        title=f"{sheet.evaluation.dossier.profile.department}{year}年度部门整体支出绩效自评审核意见书",
        author=bureau,
        subject=f"第{submission.number}次报送",
        body=tuple(body),
        watermark="" if conclusion and conclusion.final else "草稿",
        created=(conclusion.at if conclusion else submission.submitted_at).isoformat(),
        footer=f"第{submission.number}次报送　数据指纹 {submission.sha256[:16]}",
    )


def _basics(sheet: Sheet) -> Table:
    report, submission = sheet.report, sheet.submission
    parent = report.department.parent
    sent = timezone.localtime(submission.submitted_at)
    rows = (
        (
            ("单位", sheet.evaluation.dossier.profile.department),
            ("评价年度", f"{sheet.evaluation.dossier.year}年度"),
        ),
        (("主管部门", parent.name if parent else "—"), ("报送次数", f"第{submission.number}次报送")),
        (("报送人", submission.submitted_by.name), ("报送时间", f"{chinese_date(sent.date())}{sent:%H:%M}")),
    )
    made = [
        Row(cells=tuple(cell for name, value in pair for cell in (head(name), words(value)))) for pair in rows
    ]
    made += [
        Row(cells=(head("评分办法"), words(sheet.policy.label, colspan=3))),
        Row(cells=(head("数据指纹"), words(submission.sha256, colspan=3))),
    ]
    return Table(widths=(18, 46, 18, 46), rows=tuple(made))


def _scores(sheet: Sheet) -> Table:
    card, policy = sheet.evaluation.scorecard, sheet.policy
    reviewed = sheet.reviewed_score
    rows = [
        ("自评得分", card.self_score, card.self_grade, "单位填报"),
        ("系统评分", card.score, card.grade, "按评分办法计算" if card.score is not None else "无法计算"),
        ("复核得分", reviewed, policy.grade(reviewed) if reviewed is not None else "", _review_note(sheet)),
    ]
    return _table(
        (28, 20, 16, 64),
        ("项目", "得分", "等级", "说明"),
        ([name, _points(score), grade or "—", note] for name, score, grade, note in rows),
        aligns=("center", "center", "center", "left"),
    )


def _review_note(sheet: Sheet) -> str:
    if sheet.reviewed_score is None:
        return "未复核"
    notes = [sheet.reviewed_reason] if sheet.reviewed_reason else []
    own = sheet.evaluation.scorecard.self_score
    if own:
        notes.append(f"偏离度{percent((own - sheet.reviewed_score) / own)}")
    if sheet.reviewed and sheet.reviewed.final_score != sheet.reviewed.reviewed_score:
        notes += sheet.reviewed.reasons
    return "；".join(notes)


def _marks(sheet: Sheet) -> list[Block]:
    if not sheet.reviewed:
        return [_said("未作单项复核。")]
    people: dict[str, list[str]] = {}
    for mark in sheet.marks:
        people.setdefault(mark.line, []).append(mark.by.name)
    rows = (
        [
            line.name,
            _points(line.weight),
            _points(line.self_score),
            _points(line.reviewed_score),
            "\n".join(line.deductions),
            "、".join(dict.fromkeys(people[line.key])),
        ]
        for line in sheet.reviewed.lines
        if line.key in people
    )
    return [
        _table(
            (30, 12, 13, 13, 48, 16),
            ("指标", "分值", "自评", "复核", "扣分及理由", "复核人"),
            rows,
            aligns=("left", "center", "center", "center", "left", "center"),
        )
    ]


def _findings(sheet: Sheet) -> list[Block]:
    evaluation = sheet.evaluation
    rows = [_finding(item, sheet, _handled(item, sheet)) for item in evaluation.findings]
    rows += [_finding(item, sheet, _waived(item, sheet)) for item in evaluation.waived]
    before = sheet.submission.number - 1
    rows += [_finding(item, sheet, f"已更正（第{before}次报送时存在）") for item in sheet.mended]
    if not rows:
        return [_said("没有发现错误和疑点。")]
    return [
        _table(
            (11, 27, 38, 32, 30),
            ("级别", "位置", "问题", "依据", "处理情况"),
            rows,
            aligns=("center", "left", "left", "left", "left"),
        )
    ]


def _finding(item: Finding, sheet: Sheet, handled: str) -> list[str]:
    dossier = sheet.evaluation.dossier
    level = "豁免" if item.level is Level.OFF else LEVEL_LABELS[item.level]
    evidence = "\n".join(_evidence(one, sheet) for one in item.evidence)
    return [level, place(item.where, dossier).short, item.message, evidence, handled]


def _evidence(item: Evidence, sheet: Sheet) -> str:
    where = place(item.where, sheet.evaluation.dossier).short if item.where else ""
    return f"{where}：{item.value}{item.unit}" if where else f"{item.value}{item.unit}"


def _handled(item: Finding, sheet: Sheet) -> str:
    notes = []
    if explained := sheet.evaluation.explained.get(item.key):
        notes.append(f"单位说明：{explained}")
    if later := sheet.mended_later.get(item.key):
        notes.append(f"第{later}次报送时已更正")
    if notes:
        return "\n".join(notes)
    return "提示，不要求说明" if item.level is Level.HINT else "未处理"


def _waived(item: Finding, sheet: Sheet) -> str:
    waiver = sheet.waivers.get(item.code)
    return f"已豁免：{waiver.reason}（{waiver.by.name}）" if waiver else "已豁免"


def _comments(sheet: Sheet) -> list[Block]:
    if not sheet.comments:
        return [_said("没有提出审核意见。")]
    rows = (
        [
            str(number),
            item.where_label or services.WHOLE_REPORT,
            f"{item.text}\n（{item.author.name}，{_day(item.created_at)}）",
            _answer(item),
        ]
        for number, item in enumerate(sheet.comments, 1)
    )
    return [
        _table(
            (10, 30, 52, 46),
            ("序号", "位置", "审核意见", "单位答复"),
            rows,
            aligns=("center", "left", "left", "left"),
        )
    ]


def _answer(item: Comment) -> str:
    if item.answer:
        return f"{item.answer}\n（{item.answered_by.name}，{_day(item.answered_at)}）"
    return "已了结，未要求答复" if item.resolved_at else "尚未答复"


def _opinion(opinion: DepartmentOpinion) -> list[Block]:
    verdict = "审核通过" if opinion.passed else "退回修改"
    return [_said(f"{verdict}。{_sentence(opinion.text)}（{opinion.by.name}，{_day(opinion.at)}）")]


def _conclusion(sheet: Sheet) -> list[Block]:
    if not sheet.decisions:
        return [_said("正在审核，尚无结论。")]
    return [
        _said(
            f"{_day(one.at)}，{one.by}：{one.words}。"
            + (
                f"理由：{_sentence(one.reason)}"
                if one.reason and one.step is not Step.DEPARTMENT_PASS
                else ""
            )
        )
        for one in sheet.decisions
    ]


def _signing(sheet: Sheet) -> Table:
    """Lines to be signed and sealed by hand."""
    reviewers = "、".join(dict.fromkeys(one.by for one in sheet.decisions)) or (
        sheet.report.assigned_to.name if sheet.report.assigned_to else ""
    )
    conclusion = sheet.conclusion
    concluded = chinese_date(timezone.localtime(conclusion.at).date()) if conclusion else SHORT_DATE
    rows = (
        (f"审核人：{reviewers}", "（签字）", SHORT_DATE),
        ("业务股室负责人：", "（签字）", SHORT_DATE),
        (f"{sheet.report.department.region.name}财政局：", "（盖章）", concluded),
        (f"被审核单位：{sheet.evaluation.dossier.profile.department}", "（签收、盖章）", SHORT_DATE),
    )
    return Table(
        widths=(64, 32, 32),
        rows=tuple(
            Row(cells=(words(who), label(how), label(day)), min_height=SIGNING_HEIGHT)
            for who, how, day in rows
        ),
    )


def _table(
    widths: tuple[float, ...],
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    aligns: Sequence[Align],
) -> Table:
    made = (
        Row(cells=tuple(_cell(text, align) for text, align in zip(row, aligns, strict=True))) for row in rows
    )
    return Table(widths=widths, header_rows=1, rows=(Row(cells=tuple(head(text) for text in heads)), *made))


def _cell(text: str, align: Align) -> Cell:
    return words(text, align=align)


def _said(text: str) -> Paragraph:
    return Paragraph(text=text, origin="generated")


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"


def _points(value: Decimal | None) -> str:
    return "—" if value is None else plain(value)


def _day(at: datetime.datetime) -> str:
    return chinese_date(timezone.localtime(at).date())
