"""Imported values keep their origin beside the field; what was not read waits under its section until it is dealt with."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.html import escape

from departments.models import AuditEntry
from reports.intake.text import read_text
from reports.models import FieldOrigin, Report, UnreadPassage
from reports.places import section_url
from reports.workspace.fields import WanField
from reports.workspace.importing import preview, take_in, write_in
from reports.workspace.origins import ReadFrom, settle
from reports.workspace.save import SaveRefused
from tests.budgets.accounts import tables, xlsx
from tests.db import make_report, make_user
from tests.factories import make_dossier
from tests.reports.intake.files import printed

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TEXT = """示例区档案馆2023年度部门整体支出绩效自评报告
一、基本情况
（一）机构设置
本单位编制数12人，实有在职人员10人。
（二）部门职责
1．负责档案的接收、征集和保管。
二、部门整体支出情况
2023年收入合计100.50万元，其中：财政拨款收入100.50万元。
2023年支出合计98.00万元，其中：基本支出60.00万元，项目支出38.00万元。
本年向某处支付了12345.67元慰问金，列入别处。
六、存在的主要问题
问题：编制不细。
"""


@pytest.fixture
def report():
    return make_report()


@pytest.fixture
def filler(report):
    return make_user("filler", department=report.department)


def brought_in(report, by, data=None, name="自评报告.txt"):
    item = take_in(report=report, name=name, data=data or TEXT.encode(), by=by)
    shown = preview(report, item)
    write_in(
        report=report,
        item=item,
        chosen=[section.key for section in shown.changed],
        versions={section.key: section.version for section in shown.sections},
        by=by,
    )
    return Report.objects.with_context().get(pk=report.pk)


def page(client, user, report, section):
    client.force_login(user)
    return client.get(section_url(report.pk, section)).text


def test_each_value_shows_file_place_and_words_beside_its_field(report, filler, client):
    brought_in(report, filler)
    origin = FieldOrigin.objects.get(where="profile.authorized_posts")
    assert origin.value == "12"
    assert "编制数12人" in origin.words
    text = page(client, filler, report, "profile")
    assert "自评报告.txt" in text
    assert escape(origin.words) in text
    income = page(client, filler, report, "income")
    assert "财政拨款收入100.50万元" in income
    assert 'class="origin-changed" >已修改' not in income


def test_every_written_figure_of_the_text_has_an_origin(report, filler):
    brought_in(report, filler)
    read = read_text(TEXT)
    origins = dict(FieldOrigin.objects.values_list("where", "words"))
    for table, row, column in (
        ("income_source", "fiscal", "actual"),
        ("expenditure", "basic", "actual"),
        ("expenditure", "project", "actual"),
    ):
        path = f"money.{table}.{row}.{column}"
        if read.money.table(table).amount(row, column) is not None:
            assert path in origins


def test_a_value_changed_afterwards_is_marked(report, filler, client):
    report = brought_in(report, filler)
    report.profile.authorized_posts = 13
    report.profile.save()
    text = page(client, filler, report, "profile")
    assert 'class="origin-changed" >已修改' in text
    assert "读入的是：12" in text


@pytest.mark.parametrize(
    ("read", "now", "differs"),
    [
        ("12.50", "12.5", False),
        ("12.5万元", "12.50", False),
        ("12.5", "12.51", True),
        ("12.5", "", True),
        ("x", "y", True),
    ],
)
def test_the_same_amount_written_otherwise_is_no_change(read, now, differs):
    assert ReadFrom(read, "", "", "", "").differs(WanField(), now) is differs


def test_the_newest_import_is_the_origin(report, filler):
    brought_in(report, filler)
    report = brought_in(report, filler, TEXT.replace("编制数12人", "编制数14人").encode(), "改.txt")
    origin = FieldOrigin.objects.get(where="profile.authorized_posts")
    assert (origin.value, origin.read.name) == ("14", "改.txt")


def test_cells_of_final_accounts_are_origins(report, filler, client):
    brought_in(report, filler, xlsx(tables()), "决算.xlsx")
    origin = FieldOrigin.objects.filter(where="money.income_source.fiscal.actual").get()
    assert "!" in origin.source
    assert origin.source in page(client, filler, report, "income")


def test_rows_of_a_printed_report_keep_theirs_too(report, filler, client):
    report = brought_in(report, filler, printed(make_dossier(), "docx"), "自评报告.docx")
    rows = FieldOrigin.objects.filter(where__startswith="indicators.")
    assert rows.exists()
    text = page(client, filler, report, "indicators")
    assert escape(rows.filter(where__endswith=".target").first().source) in text


def test_what_was_not_read_waits_under_its_section(report, filler, client):
    brought_in(report, filler)
    passages = UnreadPassage.objects.filter(settled_at=None)
    assert any("12345.67" in passage.words for passage in passages)
    passage = next(passage for passage in passages if "12345.67" in passage.words)
    text = page(client, filler, report, passage.section)
    assert "导入时没有读入的内容" in text
    assert "12345.67" in text
    brought_in(report, filler, TEXT.replace("编制数12人", "编制数14人").encode())
    assert UnreadPassage.objects.filter(words=passage.words).count() == 1


def test_a_passage_is_settled_by_one_click_and_leaves_the_page(report, filler, client):
    brought_in(report, filler)
    passage = UnreadPassage.objects.filter(question="").first()
    address = reverse("workspace-passage-settle", args=[report.pk, passage.pk])
    client.force_login(filler)
    answer = client.post(address, headers={"HX-Request": "true"})
    assert "已处理" in answer.text
    client.post(address)
    passage.refresh_from_db()
    assert passage.settled_by == filler
    assert f"passage-{passage.pk}" not in page(client, filler, report, passage.section)
    assert AuditEntry.objects.filter(event="import.settle").count() == 1


def test_a_question_is_answered_not_only_ticked(report, filler, client):
    item = take_in(report=report, name="a.txt", data=TEXT.encode(), by=filler)
    passage = UnreadPassage.objects.create(
        profile=report.profile, section="income", question="两处金额不同，请确认", words="100万元", read=item
    )
    address = reverse("workspace-passage-settle", args=[report.pk, passage.pk])
    client.force_login(filler)
    refused = client.post(address, {"answer": " "}, headers={"HX-Request": "true"})
    assert "请写明核对的结果" in refused.text
    long = client.post(address, {"answer": "长" * 1001}, headers={"HX-Request": "true"})
    assert "长" * 1001 in long.text
    client.post(address, {"answer": "以决算为准"})
    passage.refresh_from_db()
    assert passage.answer == "以决算为准"


def test_a_closed_report_keeps_its_passages_as_they_are(report, filler, client):
    brought_in(report, filler)
    passage = UnreadPassage.objects.first()
    Report.objects.filter(pk=report.pk).update(status="submitted")
    with pytest.raises(SaveRefused):
        settle(report=report, passage=passage, answer="x", by=filler)
    text = page(client, filler, report, passage.section)
    assert f"passage-{passage.pk}" in text
    assert reverse("workspace-passage-settle", args=[report.pk, passage.pk]) not in text


def test_a_passage_of_another_report_cannot_be_reached(report, filler, client):
    brought_in(report, filler)
    other = make_report(department=report.department, year=2022)
    passage = UnreadPassage.objects.first()
    client.force_login(filler)
    assert client.post(reverse("workspace-passage-settle", args=[other.pk, passage.pk])).status_code == 404
