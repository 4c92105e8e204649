"""整改通知 and 整改反馈 as papers: composed here, laid out by the report's printers."""

from __future__ import annotations

import datetime

from django.utils import timezone

from reports.documents.forms.cells import head, label, words
from reports.documents.model import Block, Heading, Paragraph, ReportDocument, Row, Signature, Table
from reports.documents.wording import chinese_date
from reports.models import Rectification, RectificationAnswer, RectificationState, Verdict
from reports.oversight.sheet import SHORT_DATE, SIGNING_HEIGHT


def notice_paper(notice: Rectification) -> ReportDocument:
    """The notice: to whom, why, each thing to put right, by when, what to hand in; signer over date, 签收 below."""
    report = notice.report
    unit, bureau = report.department.name, _bureau(notice)
    year = report.year
    body: list[Block] = [
        Paragraph(text=f"{unit}：", origin="generated", flush=True),
        Paragraph(text=_sentence(notice.basis), origin="generated"),
        Paragraph(text="现将需要整改的事项通知如下：", origin="generated"),
        Heading(level=1, text="一、整改事项"),
        Table(
            widths=(10, 60, 60),
            header_rows=1,
            rows=(
                Row(cells=(head("序号"), head("存在问题"), head("整改要求"))),
                *(
                    Row(cells=(label(str(item.position)), words(item.problem), words(item.requirement)))
                    for item in notice.items.all()
                ),
            ),
        ),
        Heading(level=1, text="二、反馈要求"),
        Paragraph(
            text=f"请于{chinese_date(notice.due)}前在系统中逐项反馈整改情况，并附佐证材料；"
            "因故不能按期完成的，请提前书面说明。逾期未反馈的，将予以催办。",
            origin="generated",
        ),
        Signature(lines=(bureau, chinese_date(_day(notice.issued_at)))),
        _receipt(unit),
    ]
    withdrawn = notice.status == RectificationState.WITHDRAWN
    return ReportDocument(
        title=f"关于{unit}{year}年度部门整体支出绩效自评问题整改的通知",
        author=bureau,
        subject=notice.code,
        body=tuple(body),
        watermark="已撤回" if withdrawn else "",
        created=notice.issued_at.isoformat(),
        footer=notice.code,
    )


def answer_paper(answer: RectificationAnswer) -> ReportDocument:
    """The unit's answer: what was done about each item, what is enclosed, and how the bureau judged it."""
    notice = answer.notice
    report = notice.report
    unit, bureau = report.department.name, _bureau(notice)
    body: list[Block] = [
        Paragraph(text=f"{bureau}：", origin="generated", flush=True),
        Paragraph(
            text=f"收到{notice.code}整改通知后，我单位逐项进行了整改，现将情况反馈如下。", origin="generated"
        ),
    ]
    if answer.text:
        body += [
            Heading(level=1, text="一、总体情况"),
            *(Paragraph(text=line) for line in answer.text.splitlines() if line.strip()),
        ]
    numbers = iter("二三四" if answer.text else "一二三")
    body += [
        Heading(level=1, text=f"{next(numbers)}、逐项整改情况"),
        Table(
            widths=(10, 44, 38, 46),
            header_rows=1,
            rows=(
                Row(cells=tuple(head(text) for text in ("序号", "存在问题", "整改要求", "整改情况"))),
                *(
                    Row(
                        cells=(
                            label(str(reply.item.position)),
                            words(reply.item.problem),
                            words(reply.item.requirement),
                            words(reply.text),
                        )
                    )
                    for reply in answer.replies.all()
                ),
            ),
        ),
    ]
    files = list(answer.files.all())
    if files:
        body.append(Heading(level=1, text=f"{next(numbers)}、佐证材料"))
        body += [
            Paragraph(text=f"{number}.{item.name}（校验值{item.sha256[:16]}）", origin="generated")
            for number, item in enumerate(files, 1)
        ]
    body.append(Signature(lines=(unit, chinese_date(_day(answer.at)))))
    if answer.verdict:
        body += [Heading(level=1, text=f"{next(numbers)}、审核意见"), _verdict(answer)]
    return ReportDocument(
        title=f"关于{report.year}年度部门整体支出绩效自评问题整改情况的反馈",
        author=unit,
        subject=f"{notice.code}第{answer.number}次反馈",
        body=tuple(body),
        created=answer.at.isoformat(),
        footer=f"{notice.code}　第{answer.number}次反馈",
    )


def _verdict(answer: RectificationAnswer) -> Paragraph:
    said = f"{chinese_date(_day(answer.verdict_at))}，{answer.verdict_by.name}：{Verdict(answer.verdict).label}。"
    return Paragraph(
        text=said + (_sentence(answer.verdict_words) if answer.verdict_words else ""), origin="generated"
    )


def _receipt(unit: str) -> Table:
    """Where the unit signs for the notice."""
    return Table(
        widths=(64, 32, 32),
        rows=(
            Row(
                cells=(words(f"签收单位：{unit}"), label("（签字、盖章）"), label(SHORT_DATE)),
                min_height=SIGNING_HEIGHT,
            ),
        ),
    )


def _bureau(notice: Rectification) -> str:
    return f"{notice.report.department.region.name}财政局"


def _day(at: datetime.datetime) -> datetime.date:
    return timezone.localtime(at).date()


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"
