"""Rectification from the notice to its end: issued, answered with files, asked again, closed; reminders; papers."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from departments.models import AuditEntry
from reports.models import Notice, Rectification, RectificationAnswer, RectificationFile, Report
from reports.oversight import rectifications
from reports.oversight.rectifications import Item
from reports.workflow import NotAllowed, Refused
from reports.workspace.attachments import FileRefused
from tests.db import make_department, make_report, make_user
from tests.evidence import pdf, picture
from tests.oversight_rows import make_rectification
from tests.reports.documents.papers import HOSTILE, text_of

pytestmark = pytest.mark.django_db
LATER = datetime.date(2099, 12, 31)


@pytest.fixture
def report():
    return make_report(status="approved")


@pytest.fixture
def reviewer():
    return make_user("reviewer")


@pytest.fixture
def filler(report):
    return make_user("filler", department=report.department)


def issued(report, by, **fields):
    stated = {"basis": "审核发现问题", "items": [Item("台账不全", "补齐台账")], "due": LATER} | fields
    return rectifications.issue(report=report, by=by, **stated)


def test_a_notice_is_numbered_and_told(report, reviewer, filler):
    first, second = issued(report, reviewer), issued(report, reviewer)
    assert (first.number, second.number) == (1, 2)
    assert first.code == "整改〔2023〕第1号"
    assert Notice.objects.filter(user=filler, text__contains="整改〔2023〕第1号").exists()
    assert "共1项" in AuditEntry.objects.filter(event="rectification-issue").first().sentence


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"items": []}, "至少写明一项"),
        ({"items": [Item("台账不全", " ")]}, "每项"),
        ({"basis": " "}, "整改依据"),
        ({"due": datetime.date(2020, 1, 1)}, "早于今天"),
        ({"items": [Item("甲", "乙")] * 21}, "最多20项"),
    ],
)
def test_what_is_missing_is_said(report, reviewer, fields, words):
    with pytest.raises(Refused, match=words):
        issued(report, reviewer, **({"due": timezone.localdate()} | fields))
    assert not Rectification.objects.exists()


def test_a_date_of_another_century_is_a_slip(report, reviewer):
    with pytest.raises(Refused, match="核对年份"):
        issued(report, reviewer, due=datetime.date(2999, 1, 1))


@pytest.fixture(autouse=True)
def no_limit(monkeypatch, request):
    """LATER lies further ahead than a clerk may go, but for the test of that."""
    if request.node.name != "test_a_date_of_another_century_is_a_slip":
        monkeypatch.setattr(rectifications, "LONGEST", datetime.timedelta(days=40_000))


def test_only_about_an_approved_report_and_only_by_the_bureau(report, reviewer, filler):
    with pytest.raises(NotAllowed):
        issued(report, filler)
    Report.objects.filter(pk=report.pk).update(status="submitted")
    with pytest.raises(Refused, match="审核通过后"):
        issued(report, reviewer)


def test_followed_to_its_end(report, reviewer, filler):
    notice = issued(report, reviewer, items=[Item("台账不全", "补齐"), Item("样本不足", "重新调查")])
    with pytest.raises(Refused, match="第2项"):
        rectifications.answer(notice=notice, by=filler, replies={1: "已补齐"})
    made = rectifications.answer(
        notice=notice,
        by=filler,
        replies={1: "已补齐", 2: "已重新调查"},
        uploads=[SimpleUploadedFile("台账.pdf", pdf()), SimpleUploadedFile("照片.png", picture())],
    )
    assert [file.name for file in made.files.all()] == ["台账.pdf", "照片.png"]
    assert Path(made.files.first().file.path).read_bytes() == pdf()
    with pytest.raises(Refused, match="不用再反馈"):
        rectifications.answer(notice=notice, by=filler, replies={1: "又", 2: "又"})
    with pytest.raises(Refused, match="写明理由"):
        rectifications.judge(notice=notice, by=reviewer, verdict="again", due=LATER)
    rectifications.judge(notice=notice, by=reviewer, verdict="again", words="台账缺9月", due=LATER)
    assert Rectification.objects.get().status == "waiting"
    rectifications.answer(notice=notice, by=filler, replies={1: "已补9月", 2: "已重新调查"})
    with pytest.raises(Refused, match="新的反馈"):
        rectifications.judge(notice=notice, by=reviewer, verdict="accepted", number=1)
    rectifications.judge(notice=notice, by=reviewer, verdict="accepted", words="同意", number=2)
    notice.refresh_from_db()
    assert (notice.status, notice.closed_by) == ("closed", reviewer)
    events = set(AuditEntry.objects.values_list("event", flat=True))
    assert {"rectification-answer", "rectification-again", "rectification-accepted"} <= events
    assert Notice.objects.filter(user=filler, text__contains="销号").exists()
    with pytest.raises(Refused, match="不能撤回"):
        rectifications.withdraw(notice=notice, by=reviewer, reason="试")


@pytest.mark.parametrize(
    "uploads",
    [
        [("截图.png", b"\x89PNG\r\n\x1a\nrest")],
        [("台账.pdf", pdf()), ("另名.pdf", pdf())],
        [("台账.pdf", pdf()), ("程序.exe", b"MZ")],
    ],
)
def test_a_bad_file_refuses_the_whole_answer_and_leaves_nothing(report, reviewer, filler, settings, uploads):
    notice = issued(report, reviewer)
    with pytest.raises(FileRefused):
        rectifications.answer(
            notice=notice,
            by=filler,
            replies={1: "已补齐"},
            uploads=[SimpleUploadedFile(name, data) for name, data in uploads],
        )
    assert not RectificationAnswer.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_overdue_ones_are_brought_to_mind_every_few_days(report, reviewer, filler):
    late = make_rectification(report, by=reviewer, due=timezone.localdate() - datetime.timedelta(days=2))
    make_rectification(report, by=reviewer)
    call_command("remind_rectifications")
    call_command("remind_rectifications")
    told = Notice.objects.filter(user=filler, text__contains="逾期2天")
    assert told.count() == 1
    Rectification.objects.filter(pk=late.pk).update(
        reminded_on=timezone.localdate() - rectifications.REMIND_EVERY
    )
    call_command("remind_rectifications")
    assert told.count() == 2
    with pytest.raises(Refused, match="今天已经催办"):
        rectifications.remind(notice=late, by=reviewer)


def test_the_main_department_reads_what_its_units_owe(client, report, reviewer):
    report.department.parent = make_department("示例区文化局")
    report.department.save()
    notice = make_rectification(report, by=reviewer, due=datetime.date(2024, 1, 1))
    client.force_login(make_user("main_reviewer", department=report.department.parent))
    assert "所属单位有1份整改通知逾期未反馈" in client.get("/").content.decode()
    assert client.get(reverse("rectification", args=[notice.pk])).status_code == 200


# ------------------------------------------------------------------ pages


def test_the_whole_way_by_the_pages(client, report, reviewer, filler):
    client.force_login(reviewer)
    form = client.get(reverse("rectification-form", args=[report.pk])).content.decode()
    assert "现" in form and "存在问题" in form
    address = reverse("rectification-issue", args=[report.pk])
    typed = {"basis": "审核发现", "due": "2099-12-31", "problem-1": "台账不全", "requirement-1": ""}
    wrong = client.post(address, typed)
    assert wrong.status_code == 422
    assert "台账不全" in wrong.content.decode() and "请写明整改要求" in wrong.content.decode()
    client.post(address, typed | {"requirement-1": "补齐台账", "problem-3": "超编", "requirement-3": "说明"})
    notice = Rectification.objects.get()
    assert [item.problem for item in notice.items.all()] == ["台账不全", "超编"]
    page = reverse("rectification", args=[notice.pk])
    client.force_login(filler)
    assert page in client.get("/").content.decode()
    assert page in client.get(reverse("report", args=[report.pk])).content.decode()
    answer = reverse("rectification-answer", args=[notice.pk])
    broken = SimpleUploadedFile("照片.png", b"\x89PNG\r\n\x1a\nrest")
    wrong = client.post(answer, {"reply-1": "已补齐", "reply-2": "已说明", "file": broken})
    assert wrong.status_code == 422
    assert "图片打不开" in wrong.content.decode() and "已补齐" in wrong.content.decode()
    wrong = client.post(answer, {"reply-1": "已补齐", "reply-2": ""})
    assert wrong.status_code == 422 and "请填写整改情况" in wrong.content.decode()
    client.post(
        answer, {"reply-1": "已补齐", "reply-2": "已说明", "file": SimpleUploadedFile("台账.pdf", pdf())}
    )
    client.force_login(reviewer)
    assert "1份整改反馈等待审核销号" in client.get("/").content.decode()
    judge = reverse("rectification-judge", args=[notice.pk])
    assert client.post(judge, {"verdict": "again", "words": "", "number": "1"}).status_code == 422
    client.post(judge, {"verdict": "accepted", "number": "1"})
    assert "已销号" in client.get(page).content.decode()
    assert "等待审核销号" not in client.get("/").content.decode()


def test_filters_of_the_list(client, report, reviewer):
    make_rectification(report, by=reviewer, due=datetime.date(2024, 1, 1))
    other = make_report(department=make_department("示例区图书馆"), status="approved")
    make_rectification(other, by=reviewer)
    client.force_login(reviewer)
    list_page = reverse("rectifications")

    def shown(**query):
        return {notice.report_id for notice in client.get(list_page, query).context["page"]}

    assert shown() == {report.pk, other.pk}
    assert shown(state="late") == {report.pk}
    assert shown(q="图书馆") == {other.pk}
    assert shown(state="closed") == set() == shown(year="2020")
    assert shown(state="nonsense", year="x") == {report.pk, other.pk}
    assert "逾期" in client.get(list_page).content.decode()


def test_the_list_costs_the_same_with_few_and_many(client, report, reviewer):
    client.force_login(reviewer)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("rectifications"))
        return len(queries)

    make_rectification(report, by=reviewer)
    cost()
    few = cost()
    for _ in range(15):
        make_rectification(report, by=reviewer)
    assert cost() == few


def test_notice_and_answer_are_printed_with_everything_in_them(client, report, reviewer, filler):
    notice = issued(report, reviewer, items=[Item("台账不全", "补齐台账"), Item(HOSTILE, HOSTILE)])
    rectifications.answer(
        notice=notice, by=filler, text="高度重视。", replies={1: "已补齐", 2: HOSTILE},
        uploads=[SimpleUploadedFile("台账.pdf", pdf())],
    )  # fmt: skip
    rectifications.judge(notice=notice, by=reviewer, verdict="accepted", words="同意")
    client.force_login(filler)
    address = {kind: reverse("rectification-download", args=[notice.pk, kind]) for kind in ("pdf", "docx")}
    printed = text_of(client.get(address["pdf"]).content)
    for words in ("整改的通知", "台账不全", "补齐台账", "示例区财政局", "签字、盖章"):
        assert words in "".join(printed.split())
    answered = text_of(client.get(address["pdf"], {"answer": 1}).content)
    for words in ("高度重视", "已补齐", "台账.pdf", "同意销号"):
        assert words in "".join(answered.split())
    word = Document(io.BytesIO(client.get(address["docx"], {"answer": 1}).content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "已补齐" in cells
    for wrong in ("2", "x", "99999999"):
        assert client.get(address["pdf"], {"answer": wrong}).status_code == 404
    exports = AuditEntry.objects.filter(event="report-export")
    assert exports.count() == 3 and any("整改反馈" in entry.sentence for entry in exports)


def test_a_file_of_an_answer_is_only_ever_kept_or_drawn(client, report, reviewer, filler):
    notice = issued(report, reviewer)
    rectifications.answer(
        notice=notice, by=filler, replies={1: "已补齐"}, uploads=[SimpleUploadedFile("台账.pdf", pdf(2))]
    )
    file = RectificationFile.objects.get()
    client.force_login(reviewer)
    kept = client.get(reverse("rectification-file", args=[file.pk]))
    assert (
        kept["Content-Disposition"].startswith("attachment") and kept["X-Content-Type-Options"] == "nosniff"
    )
    page = client.get(reverse("rectification-file-view", args=[file.pk])).content.decode()
    assert reverse("rectification-file-page", args=[file.pk, 2]) in page
    drawn = client.get(reverse("rectification-file-page", args=[file.pk, 2]))
    assert drawn["Content-Type"] == "image/png" and drawn.content.startswith(b"\x89PNG")
    assert client.get(reverse("rectification-file-page", args=[file.pk, 3])).status_code == 404


def test_a_refused_reason_of_withdrawing_is_shown_again(client, report, reviewer):
    notice = make_rectification(report, by=reviewer)
    client.force_login(reviewer)
    response = client.post(reverse("rectification-withdraw", args=[notice.pk]), {"reason": "下发有误" * 100})
    assert response.status_code == 422
    assert "下发有误" * 100 in response.text
    assert "理由不超过300字" in response.text
    assert Rectification.objects.get().status == "waiting"
