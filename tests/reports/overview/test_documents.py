"""Summary report and summary table: facts of the round, live formulas that give the same figures, the bureau's words."""

from __future__ import annotations

import datetime
import io
import shutil
import subprocess
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from departments.models import AuditEntry
from reports.choices import Status
from reports.models import Comment, FindingCount, Report, RoundSummary
from reports.overview.figures import overview
from reports.overview.material import material_of
from reports.overview.services import Outdated, save_words
from reports.overview.summary import compose_summary
from reports.overview.table import HEADS, ranks_of, rows_of
from reports.workflow import NotAllowed
from tests.db import make_department, make_user
from tests.reports.documents.formulas import Sheet
from tests.reports.overview.district import make_units

pytestmark = pytest.mark.django_db

COLUMNS = {name: place for place, (name, _) in enumerate(HEADS)}
OFFICE = shutil.which("soffice")
WORDS = {
    "basics": "三月布置，四月培训。",
    "problems": "",
    "reviews": "抽查了3个单位。",
    "advice": "结果与预算安排挂钩。",
    "prepared_by": "刘绩效",
    "dated": datetime.date(2024, 6, 30),
}


@pytest.fixture
def manager():
    return make_user("round_manager")


@pytest.fixture
def round_():
    return make_units(45, deadline=datetime.date(2024, 5, 31))


def words(document) -> str:
    return "\n".join(getattr(block, "text", "") for block in document.body)


# ------------------------------------------------------------------ the summary table


def table(client, round_) -> bytes:
    response = client.get(reverse("overview-table"), {"round": round_.pk})
    assert response["Content-Disposition"].startswith("attachment")
    return response.content


def unit_rows(sheet) -> list[list]:
    """Coordinates of the table's rows, by the number in the first column."""
    rows = [list(row) for row in sheet.iter_rows() if isinstance(row[0].value, int | float)]
    assert [row[0].value for row in rows] == list(range(1, len(rows) + 1))
    return rows


def by_head(sheet) -> dict[str, str]:
    """Letter of each column by its head: the grid is shared with other tables, so cells are merged."""
    heads = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    return {cell.value: cell.column_letter for cell in heads if cell.value}


def test_every_formula_of_the_table_gives_the_figure_of_the_page(client, manager, round_):
    client.force_login(manager)
    sheet = load_workbook(io.BytesIO(table(client, round_))).active
    values, letters, rows = Sheet(sheet), by_head(sheet), unit_rows(sheet)
    due = list(
        Report.objects.filter(round=round_)
        .exclude(status=Status.CANCELLED)
        .with_context()
        .order_by("profile__department__budget_code", "profile__department__name", "pk")
    )
    stated = rows_of(due)
    assert len(rows) == len(due)
    ranks = ranks_of([row.final for row in stated])
    for place, (cells, row) in enumerate(zip(rows, stated, strict=True)):
        line = cells[0].row
        of = {name: values.value(f"{letter}{line}") for name, letter in letters.items()}
        assert of["单位名称"] == row.name
        assert of["全年预算数"] == (None if row.budget is None else row.budget / 10000)
        assert of["名次"] == ("" if ranks[place] is None else ranks[place])
        assert of["最终得分"] == ("" if row.final is None else row.final)
        gap = None if row.self_score is None or row.score is None else row.self_score - row.score
        assert of["自评减系统"] == ("" if gap is None else gap)
    data = overview(manager, round_)
    total = rows[-1][0].row + 1
    assert sheet[f"A{total}"].value.startswith("合计")
    of = {name: values.value(f"{letter}{total}") for name, letter in letters.items()}
    assert of["全年预算数"] * 10000 == data.budget
    assert of["全年执行数"] * 10000 == data.spent
    assert round(of["预算执行率"], 10) == round(data.rate, 10)
    assert (of["指标数"], of["完成数"]) == (data.targets, data.targets_met)
    assert (of["自评得分"], of["系统评分"], of["复核得分"]) == (data.self_score, data.score, data.reviewed)


def test_the_totals_cover_exactly_the_rows(client, manager, round_):
    client.force_login(manager)
    sheet = load_workbook(io.BytesIO(table(client, round_))).active
    letters, rows = by_head(sheet), unit_rows(sheet)
    first, last = rows[0][0].row, rows[-1][0].row
    for name in (
        "全年预算数",
        "全年执行数",
        "指标数",
        "完成数",
        "自评得分",
        "系统评分",
        "复核得分",
        "最终得分",
    ):
        formula = sheet[f"{letters[name]}{last + 1}"].value
        assert f"{letters[name]}{first}:{letters[name]}{last}" in formula
    rank = sheet[f"{letters['名次']}{first}"].value
    assert f"{letters['最终得分']}{first}:{letters['最终得分']}{last}" in rank


def test_the_count_of_grades_adds_up_to_all_units(client, manager, round_):
    client.force_login(manager)
    sheet = load_workbook(io.BytesIO(table(client, round_))).active
    values = Sheet(sheet)
    counts = {}
    for row in sheet.iter_rows():
        if row[0].value in {"优", "良", "中", "差", "没有等级", "未报送", "合计"}:
            formula = next(cell for cell in row[1:] if cell.value is not None)
            counts[row[0].value] = values.value(formula.coordinate)
    data = overview(manager, round_)
    whole = counts.pop("合计")
    assert whole == sum(counts.values()) == data.due
    assert list(counts.values()) == [row.count for row in data.divided["self"].rows]


def test_the_table_is_set_up_for_the_printer(client, manager, round_):
    client.force_login(manager)
    sheet = load_workbook(io.BytesIO(table(client, round_))).active
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    assert sheet.print_title_rows == f"${head}:${head}"
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for wanted in ("2023年度部门整体支出绩效自评汇总表", "金额单位：万元", "制表人", "制表日期"):
        assert wanted in text


def test_a_name_that_begins_like_a_formula_stays_text(client, manager, round_):
    department = make_department("=1+1局")
    Report.objects.filter(round=round_).first()
    client.force_login(manager)
    Report.objects.filter(pk=Report.objects.filter(round=round_).first().pk).update(status=Status.SUBMITTED)
    profile = Report.objects.filter(round=round_).first().profile
    type(profile).objects.filter(pk=profile.pk).update(department=department)
    sheet = load_workbook(io.BytesIO(table(client, round_))).active
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1局")
    assert cell.data_type == "s"


def test_equal_scores_share_a_rank():
    assert ranks_of([Decimal(90), None, Decimal(95), Decimal(90), Decimal(80)]) == [2, None, 1, 2, 4]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_recalculates_the_same_figures(client, manager, round_, tmp_path):
    client.force_login(manager)
    path = tmp_path / "table.xlsx"
    path.write_bytes(table(client, round_))
    command = [OFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    live = load_workbook(path).active
    calculated = load_workbook(tmp_path / "out" / "table.xlsx", data_only=True).active
    values, compared = Sheet(live), 0
    for row in live.iter_rows():
        for cell in row:
            if cell.data_type != "f":
                continue
            ours, theirs = values.value(cell.coordinate), calculated[cell.coordinate].value
            compared += 1
            if ours == "":
                assert theirs in ("", None), cell.coordinate
            else:
                assert abs(Decimal(str(theirs)) - ours) < Decimal("0.000001"), cell.coordinate
    assert compared > 45 * 4


# ------------------------------------------------------------------ the summary report


def test_the_report_has_its_seven_chapters_and_three_annexes(manager, round_):
    document = compose_summary(material_of(manager, round_))
    heads = [block.text for block in document.body if block.kind == "heading" and block.level == 1]
    assert heads == [
        "一、基本情况",
        "二、自评结果",
        "三、预算执行情况",
        "四、绩效目标完成情况",
        "五、存在的问题",
        "六、审核和抽查情况",
        "七、下一步工作建议",
    ]
    assert [annex.mark for annex in document.annexes] == ["附件1", "附件2", "附件3"]


def test_the_sentences_state_the_figures_of_the_round(manager, round_):
    data = overview(manager, round_)
    text = words(compose_summary(material_of(manager, round_)))
    assert f"自评的单位{data.due}个" in text
    assert f"已报送{data.sent}个" in text
    assert f"逾期未报送的单位{data.late}个" in text
    assert f"平均自评得分{data.self_score}".rstrip("0").rstrip(".") in text
    assert f"绩效指标{data.targets}项，完成{data.targets_met}项" in text
    found = sum(rule.findings for rule in data.rules)
    assert f"共发现问题{found}处" in text


def test_problems_come_with_counts_and_examples(manager, round_):
    text = words(compose_summary(material_of(manager, round_)))
    fired = FindingCount.objects.filter(code="table-sum", report__round=round_).exclude(
        report__status=Status.CANCELLED
    )
    assert f"涉及{fired.count()}个单位{sum(row.count for row in fired)}处" in text
    assert "例如，" in text
    assert any(f"{row.report.department.name}：{row.message}" in text for row in fired)


def test_what_the_review_left_is_counted(manager, round_):
    report = Report.objects.filter(round=round_, status=Status.APPROVED).first()
    Comment.objects.create(report=report, text="请核对", author=manager, answer="已核对")
    Comment.objects.create(report=report, text="请补充", author=manager)
    text = words(compose_summary(material_of(manager, round_)))
    assert "提出审核意见2条，单位已答复1条" in text


def test_a_round_without_reports_is_said_to_be_so(manager):
    from tests.db import make_round

    text = words(compose_summary(material_of(manager, make_round())))
    assert "还没有单位报送自评报告" in text
    assert "没有在已报送的报告中发现问题" in text


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_files_can_be_downloaded_and_the_export_is_logged(client, manager, round_, kind):
    client.force_login(manager)
    response = client.get(reverse("overview-summary-download", args=[kind]), {"round": round_.pk})
    assert response["Content-Disposition"].startswith("attachment")
    if kind == "docx":
        text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(response.content)).paragraphs)
        assert "七、下一步工作建议" in text
    else:
        assert response.content.startswith(b"%PDF")
    assert "汇总分析报告" in AuditEntry.objects.get(event="overview-export").sentence
    assert client.get(reverse("overview-summary-download", args=["exe"])).status_code == 404


# ------------------------------------------------------------------ the bureau's own words


def test_missing_words_are_marked_and_own_words_take_their_place(manager, round_):
    marked = [
        block.text
        for block in compose_summary(material_of(manager, round_)).body
        if getattr(block, "origin", "") == "prompt"
    ]
    assert len(marked) == 3
    save_words(round_=round_, by=manager, version=0, values=WORDS)
    document = compose_summary(material_of(manager, round_))
    text = words(document)
    assert "此处由财政局补写" not in text
    assert text.index("七、下一步工作建议") < text.index("结果与预算安排挂钩。")
    assert document.body[-1].lines[-1] == "2024年6月30日"


@pytest.mark.database
def test_saving_is_logged_with_what_stood_there_before(client, manager, round_):
    client.force_login(manager)
    address = f"{reverse('overview-summary-save')}?round={round_.pk}"
    sent = WORDS | {"dated": "2024-06-30", "version": "0"}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent | {"advice": "改为抽查", "version": "1"}).status_code == 302
    saved = RoundSummary.objects.get(round=round_)
    assert (saved.advice, saved.version, saved.by) == ("改为抽查", 2, manager)
    last = AuditEntry.objects.filter(event="summary-save").order_by("-pk").first()
    assert last.data["before"] == {"advice": "结果与预算安排挂钩。"}
    assert "下一步工作建议" in last.sentence
    assert client.post(address, sent | {"advice": "改为抽查", "version": "2"}).status_code == 302
    assert AuditEntry.objects.filter(event="summary-save").count() == 2, "nothing changed, nothing logged"


def test_a_colleagues_words_are_not_overwritten_and_nothing_typed_is_lost(client, manager, round_):
    other = make_user("round_manager", name="张同事")
    save_words(round_=round_, by=other, version=0, values=WORDS)
    client.force_login(manager)
    response = client.post(
        f"{reverse('overview-summary-save')}?round={round_.pk}", {"advice": "我的建议", "version": "0"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "张同事刚刚保存过" in page
    assert "我的建议" in page and "结果与预算安排挂钩。" in page
    assert RoundSummary.objects.get().advice == "结果与预算安排挂钩。"
    with pytest.raises(Outdated):
        save_words(round_=round_, by=manager, version=0, values=WORDS | {"advice": "又一次"})


def test_a_wrong_date_or_too_long_a_text_is_refused_with_what_was_typed(client, manager, round_):
    client.force_login(manager)
    address = f"{reverse('overview-summary-save')}?round={round_.pk}"
    response = client.post(address, {"advice": "建议", "dated": "明天", "version": "0"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "请填写日期" in page and "建议" in page and "明天" in page
    response = client.post(address, {"advice": "长" * 5001, "version": "0"})
    assert response.status_code == 422
    assert "不超过5000字" in response.content.decode()
    assert not RoundSummary.objects.exists()


def test_only_the_round_manager_writes(client, round_):
    with pytest.raises(NotAllowed):
        save_words(round_=round_, by=make_user("auditor"), version=0, values=WORDS)
    client.force_login(make_user("auditor"))
    page = client.get(reverse("overview-summary"), {"round": round_.pk}).content.decode()
    assert "保存补充文字" not in page


# ------------------------------------------------------------------ the list of problems


def test_the_list_of_problems_leads_from_kind_to_rule_to_units(client, manager, round_):
    client.force_login(manager)
    page = client.get(reverse("overview-problems"), {"round": round_.pk})
    assert "合计与分项不符" in page.content.decode()
    units = client.get(reverse("overview-problems"), {"round": round_.pk, "rule": "table-sum"})
    rows = list(units.context["page"])
    counted = FindingCount.objects.filter(code="table-sum").exclude(report__status=Status.CANCELLED)
    assert {row.pk for row in rows} == {row.pk for row in counted}
    assert [row.count for row in rows] == sorted((row.count for row in rows), reverse=True)


def test_the_problem_workbook_has_both_sheets_and_only_text_where_units_wrote(client, manager, round_):
    FindingCount.objects.filter(code="table-sum").update(message="=SUM(A1:A9)")
    client.force_login(manager)
    response = client.get(reverse("overview-problems-export"), {"round": round_.pk})
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["问题分类汇总", "问题清单"]
    listed = list(book["问题清单"].iter_rows(min_row=3))
    assert len(listed) == FindingCount.objects.exclude(report__status=Status.CANCELLED).count()
    assert {row[7].data_type for row in listed} <= {"s", "inlineStr"}
    assert sum(row[6].value for row in listed if row[2].value != "已豁免") == sum(
        row[4].value for row in book["问题分类汇总"].iter_rows(min_row=3)
    )
    assert AuditEntry.objects.filter(event="overview-export").count() == 1
