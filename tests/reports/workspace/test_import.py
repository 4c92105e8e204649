"""«导入»: preview against what is stored, one transaction for what is ticked, nothing typed lost silently."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from budgets.models import Line, Project
from budgets.money import from_wan
from departments.models import AuditEntry, InternalOffice
from indicators.models import Indicator
from reports.models import Explanation, Import, NarrativeSection, Report, SectionState
from reports.outline import load_outline
from reports.put import put
from reports.take import take
from reports.workspace.importing import preview, take_in, write_in
from reports.workspace.save import NotEditable, SaveRefused
from reports.workspace.workbooks import workbook_of
from tests.budgets.accounts import tables, xlsx
from tests.db import make_report, make_user
from tests.factories import make_dossier
from tests.reports.intake.files import printed

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def report():
    return make_report(dossier=make_dossier())


@pytest.fixture
def filler(report):
    return make_user("filler", department=report.department)


def changed(data: bytes, **cells) -> bytes:
    """The workbook with cells of ``sheet!cell`` set."""
    book = load_workbook(BytesIO(data))
    for place, value in cells.items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell].value = value
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def find(data: bytes, sheet: str, label: str, column: int = 3) -> str:
    """Address of the cell behind a label."""
    for row in load_workbook(BytesIO(data))[sheet].iter_rows():
        if row[1].value == label:
            return f"{sheet}!{row[column - 1].coordinate}"
    raise AssertionError(label)


def versions(shown):
    return {section.key: section.version for section in shown.sections}


def write_all(report, item, by):
    shown = preview(report, item)
    chosen = [section.key for section in shown.changed]
    return write_in(report=report, item=item, chosen=chosen, versions=versions(shown), by=by)


def fresh(report):
    return Report.objects.with_context().get(pk=report.pk)


def dossier_of(report):
    return take(fresh(report).profile, load_outline())


# ------------------------------------------------------------------ workbook


def test_an_untouched_workbook_changes_nothing(report, filler):
    item = take_in(report=report, name="a.xlsx", data=workbook_of(report), by=filler)
    assert preview(report, item).changed == []
    with pytest.raises(SaveRefused, match="没有勾选有改动的部分"):
        write_in(report=report, item=item, chosen=["income"], versions={}, by=filler)


def test_a_changed_workbook_shows_field_by_field_and_writes(report, filler):
    data = workbook_of(report)
    place = find(data, "支出与预算执行", "基本支出", 6)
    item = take_in(report=report, name="a.xlsx", data=changed(data, **{place: 130.5}), by=filler)
    (section,) = preview(report, item).changed
    (change,) = section.changes
    assert (section.key, change.before, change.after, change.source) == (
        "expenditure",
        "122.30",
        "130.50",
        place,
    )
    assert "基本支出" in change.label
    assert write_all(report, item, filler) == ["支出与预算执行"]
    line = Line.objects.get(profile=report.profile, table="expenditure", key="basic")
    assert line.actual == from_wan(Decimal("130.5"))
    assert SectionState.objects.get(profile=report.profile, section="expenditure").version == 1
    entry = AuditEntry.objects.get(event="report.import")
    assert "自评工作簿" in entry.sentence
    assert "支出与预算执行" in entry.sentence


def test_the_whole_dossier_goes_out_and_comes_into_another_unit_s_empty_year(report, filler):
    """What the workbook carries is everything that the forms hold."""
    data = workbook_of(report)
    before = dossier_of(report)
    for model in (Line, Indicator, NarrativeSection):
        model.objects.filter(profile=report.profile).delete()
    item = take_in(report=report, name="a.xlsx", data=data, by=filler)
    write_all(report, item, filler)
    assert dossier_of(report).model_dump() == before.model_dump()


def test_emptied_cells_and_rows_are_shown_and_not_ticked(report, filler):
    data = workbook_of(report)
    place = find(data, "单位基本情况", "联系电话")
    office = find(data, "单位基本情况", "1", 3)
    item = take_in(report=report, name="a.xlsx", data=changed(data, **{place: None, office: None}), by=filler)
    (section,) = preview(report, item).changed
    assert section.loses
    assert [change.before for change in section.changes if change.emptied] == ["0734-8000000"]
    assert section.removed == ["内设机构：办公室"]
    write_all(report, item, filler)
    assert not InternalOffice.objects.filter(profile=report.profile, name="办公室").exists()


def test_a_new_project_and_its_sheet_come_together(report, filler):
    data = workbook_of(report)
    cells = {
        find(data, "项目资金", "3", 3): "档案抢救专项经费",
        find(data, "项目资金", "3", 8): 12,
        "绩效指标!C49": None,
    }
    book = load_workbook(BytesIO(data))["绩效指标"]
    free = next(
        row[0].row
        for row in book.iter_rows(min_row=40)
        if row[1].value and str(row[1].value).isdecimal() and not row[2].value and int(row[1].value) == 9
    )
    cells |= {
        f"绩效指标!C{free}": "档案抢救专项经费",
        f"绩效指标!F{free}": "抢救档案卷数",
        f"绩效指标!G{free}": "≥10卷",
    }
    item = take_in(report=report, name="a.xlsx", data=changed(data, **cells), by=filler)
    shown = preview(report, item)
    keys = [section.key for section in shown.changed]
    assert keys[0] == "projects"
    with pytest.raises(SaveRefused, match="请同时勾选"):
        write_in(report=report, item=item, chosen=keys[1:], versions=versions(shown), by=filler)
    write_in(report=report, item=item, chosen=keys, versions=versions(shown), by=filler)
    project = Project.objects.get(profile=report.profile, name="档案抢救专项经费")
    assert Indicator.objects.get(project=project).name == "抢救档案卷数"


def test_answers_to_warnings_survive_a_workbook(report, filler):
    Explanation.objects.create(profile=report.profile, finding="x@y", text="已核对", message="疑点")
    data = workbook_of(report)
    place = find(data, "自评结果", "自评得分")
    item = take_in(report=report, name="a.xlsx", data=changed(data, **{place: 90}), by=filler)
    write_all(report, item, filler)
    assert Explanation.objects.get(profile=report.profile).text == "已核对"
    assert dossier_of(report).indicators.assessment.score == Decimal(90)


def test_bad_cells_are_named_and_nothing_is_written(report, filler):
    data = workbook_of(report)
    place = find(data, "收入", "财政拨款收入", 6)
    item = take_in(report=report, name="a.xlsx", data=changed(data, **{place: "二百零五"}), by=filler)
    (complaint,) = item.content["complaints"]
    assert f"{complaint['sheet']}!{complaint['cell']}" == place
    assert complaint["found"] == "二百零五"
    marked = load_workbook(BytesIO(item.marked))
    cell = marked["收入"][complaint["cell"]]
    assert "不是数字" in cell.comment.text
    assert cell.fill.fgColor.rgb == "00FFC7CE"
    with pytest.raises(SaveRefused, match="需要改正"):
        write_in(report=report, item=item, chosen=["income"], versions={"income": 0}, by=filler)


def test_what_was_saved_after_the_download_is_said(report, filler):
    data = workbook_of(report)
    SectionState.objects.create(profile=report.profile, section="income", version=3, saved_by=filler)
    place = find(data, "收入", "其他收入", 6)
    item = take_in(report=report, name="a.xlsx", data=changed(data, **{place: 2}), by=filler)
    (section,) = preview(report, item).changed
    assert section.newer


def test_a_save_between_preview_and_writing_stops_the_whole_import(report, filler):
    data = workbook_of(report)
    cells = {find(data, "收入", "其他收入", 6): 2, find(data, "支出与预算执行", "基本支出", 6): 130}
    item = take_in(report=report, name="a.xlsx", data=changed(data, **cells), by=filler)
    shown = preview(report, item)
    seen = versions(shown)
    SectionState.objects.create(profile=report.profile, section="expenditure", version=1, saved_by=filler)
    with pytest.raises(SaveRefused, match="又被保存过"):
        write_in(report=report, item=item, chosen=["income", "expenditure"], versions=seen, by=filler)
    assert Line.objects.get(profile=report.profile, table="income_source", key="other").actual == from_wan(
        Decimal(1)
    )


def test_a_second_click_does_nothing_more(report, filler):
    data = workbook_of(report)
    data = changed(data, **{find(data, "收入", "其他收入", 6): 2})
    item = take_in(report=report, name="a.xlsx", data=data, by=filler)
    titles = write_all(report, item, filler)
    assert write_in(report=report, item=item, chosen=["income"], versions={}, by=filler) == titles
    assert AuditEntry.objects.filter(event="report.import").count() == 1


@pytest.mark.parametrize(
    ("year", "name", "words"),
    [(2022, "示例区档案馆", "2022年度的工作簿"), (2023, "示例区水利局", "“示例区水利局”的工作簿")],
)
def test_another_year_s_or_unit_s_workbook(report, filler, year, name, words):
    from tests.db import make_department

    other = (
        make_report(department=make_department(name), year=year)
        if (year, name) != (2023, "示例区档案馆")
        else report
    )
    with pytest.raises(SaveRefused, match=words):
        take_in(report=report, name="a.xlsx", data=workbook_of(other), by=filler)
    assert not Import.objects.exists()


def test_a_locked_report_takes_nothing(filler, report):
    data = workbook_of(report)
    Report.objects.filter(pk=report.pk).update(status="certified")
    with pytest.raises(NotEditable):
        take_in(report=fresh(report), name="a.xlsx", data=data, by=filler)


# ------------------------------------------------------------------ final accounts and old reports


def test_final_accounts_fill_their_lines_and_leave_the_others(report, filler):
    data = xlsx(tables(fiscal="215", income="216", total="219", basic="132.30", spent="216"))
    item = take_in(report=report, name="决算.xlsx", data=data, by=filler)
    shown = preview(report, item)
    assert [section.key for section in shown.changed] == ["income", "expenditure"]
    labels = {change.label: change for section in shown.changed for change in section.changes}
    change = next(one for label, one in labels.items() if "财政拨款收入" in label)
    assert (change.before, change.after) == ("205.00", "215.00")
    assert change.source.startswith("Z02!")
    write_all(report, item, filler)
    line = Line.objects.get(profile=report.profile, table="income_source", key="fiscal")
    assert (line.actual, line.initial_budget) == (from_wan(Decimal(215)), from_wan(Decimal(199)))


def test_accounts_of_another_year(report, filler):
    with pytest.raises(SaveRefused, match="2022年度的决算表"):
        take_in(report=report, name="决算.xlsx", data=xlsx(tables(year=2022)), by=filler)


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_this_year_s_report_fills_an_empty_draft(filler, report, kind):
    dossier = make_dossier()
    other = make_report(year=2024)
    item = take_in(report=other, name=f"a.{kind}", data=printed(make_dossier(year=2024), kind), by=filler)
    shown = preview(other, item)
    assert not any(section.loses for section in shown.changed)
    write_all(other, item, filler)
    found = dossier_of(other)
    assert found.money.income_source == dossier.money.income_source
    told = "".join(section.text for section in found.narrative)
    for words in ("本年实际支出数", "项目资金由办公室统一管理", "年度指标值如下", "本年共有项目"):
        assert words not in told, "the site writes it by itself"
    assert found.profile.internal_offices == dossier.profile.internal_offices
    assert [line.name for line in found.indicators.indicators] == [
        line.name for line in dossier.indicators.indicators
    ]


def test_last_year_s_report_brings_no_figures(filler, report):
    other = make_report(year=2024)
    item = take_in(report=other, name="a.docx", data=printed(make_dossier(), "docx"), by=filler)
    assert "不带入金额和完成值" in item.content["notes"][0]
    write_all(other, item, filler)
    found = dossier_of(other)
    assert found.money.income_source.rows == ()
    assert (found.profile.authorized_posts, found.profile.staff_on_posts) == (12, None)
    assert {line.actual for line in found.indicators.indicators} == {None}
    assert found.indicators.indicators[0].target == "≥50万页"
    assert found.profile.duties == make_dossier().profile.duties


def test_an_old_report_adds_and_completes_but_takes_nothing_away(report, filler):
    Indicator.objects.filter(profile=report.profile, name="查档利用人次").update(
        name="自己加的指标", actual="1"
    )
    item = take_in(report=report, name="a.docx", data=printed(make_dossier(), "docx"), by=filler)
    shown = preview(report, item)
    assert not any(section.removed for section in shown.changed)
    write_all(report, item, filler)
    names = set(Indicator.objects.filter(profile=report.profile, project=None).values_list("name", flat=True))
    assert {"自己加的指标", "查档利用人次"} <= names


# ------------------------------------------------------------------ pages


def test_the_whole_way_through_the_pages(client, report, filler):
    client.force_login(filler)
    response = client.get(reverse("workspace-workbook", args=[report.pk]))
    data = response.content
    assert response["Content-Disposition"].startswith("attachment")
    data = changed(data, **{find(data, "收入", "其他收入", 6): 2})
    page = reverse("workspace-import", args=[report.pk])
    response = client.post(page, {"file": SimpleUploadedFile("自评.xlsx", data)})
    item = Import.objects.get()
    assert response.status_code == 302
    shown = client.get(response.url)
    text = shown.content.decode()
    assert "写入这一部分" in text
    assert "收入!F10" in text or "收入!F" in text
    answer = client.post(response.url, {"section": "income", "version:income": "0"})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.done_at
    assert client.get(response.url).status_code == 302


def test_a_file_that_cannot_be_read_is_answered_on_the_page(client, report, filler):
    client.force_login(filler)
    page = reverse("workspace-import", args=[report.pk])
    response = client.post(page, {"file": SimpleUploadedFile("a.docx", b"PK\x03\x04")})
    assert response.status_code == 422
    assert "已损坏" in response.content.decode()
    assert not Import.objects.exists()


def test_what_is_read_is_shown_as_text(client, report, filler):
    client.force_login(filler)
    data = workbook_of(report)
    data = changed(data, **{find(data, "单位基本情况", "联系人"): "<script>alert(1)</script>"})
    item = take_in(report=report, name="<b>.xlsx", data=data, by=filler)
    text = client.get(reverse("workspace-import-preview", args=[report.pk, item.pk])).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;.xlsx" in text


def test_put_is_used_by_nobody_here():
    """Imports go through the save services; ``put`` is for empty years only."""
    import reports.workspace.importing as module

    assert put.__name__ not in module.__dict__
