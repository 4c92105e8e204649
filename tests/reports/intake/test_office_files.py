"""Old reports in Word, PDF and Excel: front ends of the one text reader, and the known forms read from their tables."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from openpyxl.packaging.core import DocumentProperties
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from budgets.money import from_wan, to_wan
from budgets.tables import Column
from reports.intake import IntakeError, doc_file, read, read_bytes
from reports.intake.known_forms import FormReading
from reports.intake.source import Grid, GridCell
from tests.factories import make_dossier
from tests.reports.intake.files import printed, repacked, said, word
from tests.reports.intake.samples import SAMPLES

SEED = Path(__file__).parents[2] / "cases" / "shigu-rongmeiti-2023.txt"
KINDS = ["docx", "pdf", "xlsx"]
CHAPTERS = (
    "2023年度示例区水利局部门整体支出绩效自评报告",
    "一、部门概况",
    "（一）部门基本情况",
    "我局编制数20人，在职人数18人。",
    "二、部门整体支出情况",
    "2023年度收入合计300.00万元，其中：财政拨款收入300.00万元。",
    "三、存在的主要问题",
    "1、预算编制不够细。",
    "四、改进措施",
    "1、细化预算编制。",
)


@pytest.fixture(scope="module")
def originals():
    return {"made": make_dossier(), "seed": read(SEED)}


@pytest.fixture(scope="module")
def read_back(originals):
    return {
        (name, kind): read_bytes(printed(dossier, kind), f"a.{kind}")
        for name, dossier in originals.items()
        for kind in KINDS
    }


def amounts(dossier, key):
    """Amounts of a table by row and column, what is not stated left out."""
    table = dossier.money.table(key)
    return {
        (row.key, column): row.amount(column)
        for row in table.rows
        for column in Column
        if row.amount(column) is not None
    }


@pytest.mark.parametrize("name", ["made", "seed"])
@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_three_kinds_of_file_say_the_same(read_back, name, kind):
    assert said(read_back[name, kind]) == said(read_back[name, "docx"])


@pytest.mark.parametrize("name", SAMPLES)
def test_reports_that_are_hard_to_print_say_the_same_in_three_kinds_of_file(name):
    found = {kind: read_bytes(printed(SAMPLES[name](), kind), f"a.{kind}") for kind in KINDS}
    for kind in ("xlsx", "pdf"):
        assert said(found[kind]) == said(found["docx"]), kind
        assert set(words_of(found[kind])) <= set(words_of(found["docx"])), kind


CASES = sorted(
    path for path in SEED.parent.glob("*.json") if path.stem not in ("number-formats", "seed_completed")
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_published_reports_say_the_same_in_three_kinds_of_file(path):
    dossier = read(path)
    found = {kind: on_paper(said(read_bytes(printed(dossier, kind), f"a.{kind}"))) for kind in KINDS}
    assert found["xlsx"] == found["docx"]
    assert found["pdf"] == found["docx"]


def on_paper(value, *, money=False):
    """Amounts as paper shows them, in 万元 with two places; a workbook holds them to the fen."""
    if isinstance(value, dict):
        return {key: on_paper(one, money=money or key == "money") for key, one in value.items()}
    if isinstance(value, list):
        return [on_paper(one, money=money) for one in value]
    if money and isinstance(value, str) and re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return str(to_wan(Decimal(value)))
    return value


def words_of(dossier):
    """What a reading leaves to the person, wherever it stands."""
    return [(item.words, item.question) for item in dossier.unread]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["made", "seed"])
@pytest.mark.parametrize("table", ["income_source", "income_nature", "expenditure", "carryover"])
def test_what_was_exported_is_read_back(originals, read_back, name, kind, table):
    original, found = originals[name], read_back[name, kind]
    assert amounts(found, table) == amounts(original, table)
    for column in Column:
        assert found.money.table(table).total(column) == original.money.table(table).total(column)


@pytest.mark.parametrize("kind", KINDS)
def test_base_data_are_read_back(originals, read_back, kind):
    for table in ("three_public", "running_costs", "project_detail", "procurement"):
        shown = {
            key: value
            for key, value in amounts(originals["made"], table).items()
            if key[1] != Column.INITIAL_BUDGET or table == "project_detail"
        }
        assert amounts(read_back["made", kind], table) == shown
    assert read_back["made", kind].money.frugality == originals["made"].money.frugality


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["made", "seed"])
def test_indicators_goals_and_projects_are_read_back(originals, read_back, name, kind):
    original, found = originals[name], read_back[name, kind]

    def lines(sheet):
        shown = [
            (i.level1, i.level2, i.name, i.target, i.actual, i.weight, i.deviation_reason)
            for i in sheet.indicators
        ]
        return sorted(shown, key=str)

    assert lines(found.indicators) == lines(original.indicators)
    assert found.indicators.goals == original.indicators.goals
    assert [lines(sheet) for sheet in found.indicators.projects] == [
        lines(sheet) for sheet in original.indicators.projects
    ]
    for one, other in zip(found.money.projects, original.money.projects, strict=True):
        assert (one.name, one.allocated, one.spent, one.full_budget) == (
            other.name,
            other.allocated,
            other.spent,
            other.full_budget,
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["made", "seed"])
def test_nothing_is_left_in_doubt(read_back, name, kind):
    assert read_back[name, kind].unread == ()


@pytest.mark.parametrize("kind", KINDS)
def test_people_and_names_are_read_back(originals, read_back, kind):
    one, other = read_back["made", kind].profile, originals["made"].profile
    for name in ("department", "main_department", "authorized_posts", "staff_on_posts", "retirees",
                 "internal_offices", "duties", "prepared_by", "prepared_on", "phone"):  # fmt: skip
        assert getattr(one, name) == getattr(other, name), name


@pytest.mark.parametrize(
    ("kind", "where", "words"), [("docx", "第", "段"), ("pdf", "第", "页"), ("xlsx", "报告正文!A", "")]
)
def test_every_value_says_where_in_the_file_it_was_read(read_back, kind, where, words):
    dossier = read_back["made", kind]
    origin = next(item for item in dossier.origins if item.where == "profile.retirees")
    assert origin.source.startswith(where)
    assert words in origin.source
    assert "离退休人员5人" in origin.words
    table = next(item for item in dossier.origins if item.where == "money.three_public.abroad.actual")
    assert table.source.startswith({"docx": "表", "pdf": "第", "xlsx": "基础数据表!"}[kind])


def test_the_draft_mark_of_a_printed_report_is_no_text(originals):
    found = read_bytes(printed(originals["made"], "pdf", "草稿"), "a.pdf")
    assert "草稿" not in found.model_dump_json()
    assert said(found)["money"] == said(read_bytes(printed(originals["made"], "docx"), "a.docx"))["money"]


# ------------------------------------------------------------------ stripped of everything but what is seen


def stripped(data: bytes, kind: str) -> bytes:
    """Without what could smuggle the values along: properties, custom parts, hidden sheets, attachments, metadata."""
    if kind == "pdf":
        document = pypdfium2.PdfDocument(data)
        bare = pypdfium2.PdfDocument.new()
        bare.import_pages(document)
        target = BytesIO()
        bare.save(target)
        assert bare.count_attachments() == 0
        assert not bare.get_metadata_dict(skip_empty=True).get("Title")
        return target.getvalue()
    if kind == "xlsx":
        book = load_workbook(BytesIO(data))
        for sheet in list(book.worksheets):
            if sheet.sheet_state != "visible":
                book.remove(sheet)
        book.properties = DocumentProperties()
        for name in list(book.defined_names):
            del book.defined_names[name]
        target = BytesIO()
        book.save(target)
        data = target.getvalue()
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not name.startswith(("docProps/", "customXml/")):
                content = old.read(name)
                if name.endswith(".rels") or name == "[Content_Types].xml":
                    content = re.sub(
                        rb"<(?:Relationship|Override)\b[^>]*(?:docProps|customXml)[^>]*/>", b"", content
                    )
                new.writestr(name, content)
    return target.getvalue()


def differing(found, expected) -> list[str]:
    """Paths whose values are there in both and are not the same: what was read wrong."""
    wrong: list[str] = []

    def walk(one, other, path):
        if isinstance(one, dict) and isinstance(other, dict):
            for key in one.keys() & other.keys():
                walk(one[key], other[key], f"{path}.{key}")
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            for number, pair in enumerate(zip(one, other, strict=True)):
                walk(*pair, f"{path}.{number}")
        elif one not in (None, "", [], {}) and one != other:
            wrong.append(f"{path}: {one!r} instead of {other!r}")

    walk(found, expected, "")
    return wrong


@pytest.mark.parametrize("name", ["made", "seed"])
def test_stripped_word_and_excel_say_the_same(originals, name):
    files = {kind: stripped(printed(originals[name], kind), kind) for kind in ("docx", "xlsx")}
    one, other = (said(read_bytes(data, f"a.{kind}")) for kind, data in files.items())
    assert one == other
    assert one == said(read_bytes(printed(originals[name], "docx"), "a.docx"))


@pytest.mark.parametrize("name", ["made", "seed"])
def test_a_stripped_pdf_says_nothing_wrong(originals, name):
    expected = said(read_bytes(printed(originals[name], "docx"), "a.docx"))
    found = read_bytes(stripped(printed(originals[name], "pdf"), "pdf"), "a.pdf")
    assert differing(said(found), expected) == []
    for missing in set(_figures(expected)) - set(_figures(said(found))):
        assert missing in found.model_dump_json(include={"unread"})


def _figures(value) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _figures(one)
    elif isinstance(value, list):
        for one in value:
            yield from _figures(one)
    elif isinstance(value, int | float | str) and re.fullmatch(r"-?\d+(?:\.\d+)?", str(value)):
        yield str(value)


# ------------------------------------------------------------------ hand-made Word files


def test_paragraphs_in_order_with_their_numbers():
    dossier = read_bytes(word(*CHAPTERS), "a.docx")
    assert (dossier.profile.department, dossier.year) == ("示例区水利局", 2023)
    assert (dossier.profile.authorized_posts, dossier.profile.staff_on_posts) == (20, 18)
    origin = next(item for item in dossier.origins if item.where == "profile.authorized_posts")
    assert origin.source.startswith("第4段")


def test_a_known_form_among_the_paragraphs():
    form = [
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["产出指标", "数量指标", "巡查河道次数", "≥12次", "13次", "20", "20"],
        ["", "质量指标", "验收合格率", "100%", "98 ％", "20", "18"],
    ]
    dossier = read_bytes(word(*CHAPTERS, form), "a.docx")
    first, second = dossier.indicators.indicators
    assert (first.name, first.target, first.actual, first.weight) == (
        "巡查河道次数",
        "≥12次",
        "13次",
        Decimal(20),
    )
    assert (second.level1, second.level2, second.actual) == ("产出指标", "质量指标", "98%")


def test_the_unit_above_a_table_counts():
    table = [
        ["收入项目", "全年执行数", "支出项目", "全年执行数"],
        ["财政拨款收入", "3,000,000.50", "基本支出", "1000000"],
    ]
    dossier = read_bytes(
        word(*CHAPTERS[:4], *CHAPTERS[6:], "2023年度收入支出决算表", "金额单位：元", table), "a.docx"
    )
    assert dossier.money.income_source.amount("fiscal", Column.ACTUAL) == Decimal("3000000.50")
    assert dossier.money.expenditure.amount("basic", Column.ACTUAL) == from_wan(Decimal(100))


def test_a_table_that_contradicts_the_text_is_a_question():
    table = [["收入项目", "全年执行数", "支出项目", "全年执行数"], ["财政拨款收入", "310.00", "", ""]]
    dossier = read_bytes(word(*CHAPTERS, "附件1", "2023年度收入支出决算表", "单位：万元", table), "a.docx")
    assert dossier.money.income_source.amount("fiscal", Column.ACTUAL) == from_wan(Decimal(310))
    (doubt,) = [item for item in dossier.unread if item.question]
    assert "表格写310.00万元，正文写300.00万元" in doubt.question


def test_an_amount_that_is_none_is_a_question_and_no_value():
    table = [["收入项目", "全年执行数", "支出项目", "全年执行数"], ["事业收入", "约12", "", ""]]
    dossier = read_bytes(word(*CHAPTERS, "附件1", "2023年度收入支出决算表", "单位：万元", table), "a.docx")
    assert dossier.money.income_source.amount("undertaking", Column.ACTUAL) is None
    assert any("约12" in item.question for item in dossier.unread)


def test_a_table_that_is_no_form_is_kept_as_unread():
    dossier = read_bytes(word(*CHAPTERS, [["车牌", "里程"], ["示A12345", "8000"]]), "a.docx")
    assert any("示A12345" in item.words for item in dossier.unread)


def test_points_that_cannot_be_points_are_a_question():
    form = [
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["产出指标", "数量指标", "巡查河道次数", "≥12次", "13次", "20", "2000"],
        ["总分", "", "", "", "", "20", "-1001"],
    ]
    dossier = read_bytes(word(*CHAPTERS, form), "a.docx")
    assert dossier.indicators.indicators[0].self_score is None
    assert dossier.indicators.assessment.score is None
    assert [one.words for one in dossier.unread if "不像分数" in one.question] == ["2000", "-1001"]


def test_rows_that_say_nothing_known_are_one_passage():
    dossier = read_bytes(
        word(*CHAPTERS, [["车牌", "里程"], ["示A12345", "8000"], ["示A54321", "900"]]), "a.docx"
    )
    assert [one.words for one in dossier.unread] == ["车牌　里程\n示A12345　8000\n示A54321　900"]


def test_an_indicator_of_the_text_that_the_form_does_not_hold_is_kept():
    form = [["三级指标", "年度指标值", "实际完成值"], ["巡查河道次数", "≥12次", "13次"]]
    chapters = [
        *CHAPTERS[:6],
        "三、绩效情况",
        "总体情况良好，具体如下。",
        "1.数量指标：巡查河道13次。",
        "2.质量指标：工程验收合格率98.5%。",
        "四、其他",
    ]
    dossier = read_bytes(word(*chapters, "附件1", form), "a.docx")
    assert [line.name for line in dossier.indicators.indicators] == ["巡查河道次数"]
    assert ["98.5%" in one.words for one in dossier.unread if "指标" in one.words] == [True]


PROJECTS = [
    ["序号", "项目名称", "预算数", "到位数", "支出数", "结余数", "备注"],
    ["1", "河道清淤专项", "30", "30", "28.5", "1.5", ""],
    ["2", "水库除险专项", "20", "20", "20", "1", "跨年"],
    ["", "合计", "50", "50", "49", "", ""],
]


def test_a_list_of_projects_with_its_sum_and_what_is_left():
    text = [*CHAPTERS, "（一）项目资金使用情况", "河道清淤专项资金：预算数30万元，实际支出20万元。"]
    dossier = read_bytes(word(*text, "附件1", "专项资金使用情况表", "单位：万元", PROJECTS), "a.docx")
    listed = {one.name: (one.full_budget, one.allocated, one.spent) for one in dossier.money.projects}
    assert listed["河道清淤专项"] == tuple(from_wan(Decimal(n)) for n in ("30", "30", "28.5"))
    assert listed["水库除险专项"] == tuple(from_wan(Decimal(n)) for n in ("20", "20", "20"))
    assert [one.words for one in dossier.unread if one.question] == [
        "水库除险专项：结余数1",
        "支出数合计：49",
    ]
    assert [one.words for one in dossier.unread if not one.question] == ["水库除险专项　备注：跨年"]


def test_a_project_of_text_and_table_with_two_amounts_is_a_question():
    text = [*CHAPTERS[:6], "三、项目支出情况", "河道清淤专项：预算数30万元，实际支出20万元。", *CHAPTERS[6:8]]
    dossier = read_bytes(word(*text, "附件1", "专项资金使用情况表", "单位：万元", PROJECTS[:2]), "a.docx")
    (project,) = dossier.money.projects
    assert project.spent == from_wan(Decimal("28.5"))
    assert any("表格写28.50万元，正文写20.00万元" in one.question for one in dossier.unread)


@pytest.mark.parametrize("label", ["附件", "附件2", "附件2："])
def test_a_report_that_came_as_an_annex_itself(label):
    form = [["三级指标", "年度指标值", "实际完成值"], ["巡查河道次数", "≥12次", "13次"]]
    with_label = read_bytes(word(label, *CHAPTERS, "附件1", form), "a.docx")
    assert said(with_label) == said(read_bytes(word(*CHAPTERS, "附件1", form), "a.docx"))
    assert with_label.profile.department == "示例区水利局"


def test_a_note_below_a_form_that_states_a_number_is_kept():
    form = [["三级指标", "年度指标值", "实际完成值"], ["巡查河道次数", "≥12次", "13次"]]
    notes = ["注：其中汛期巡查9次。", "填表说明：以决算为准。"]
    dossier = read_bytes(word(*CHAPTERS, "附件1", "2023年度部门整体支出绩效自评表", form, *notes), "a.docx")
    assert [one.words for one in dossier.unread] == ["注：其中汛期巡查9次。"]


def test_text_inside_a_frame_table_is_text():
    dossier = read_bytes(word(*CHAPTERS[:3], [["我局编制数20人，在职人数18人。"]], *CHAPTERS[4:]), "a.docx")
    assert dossier.profile.authorized_posts == 20


# ------------------------------------------------------------------ what is refused


def drawn(*, words: str = "", picture: bool = False, pages: int = 1) -> bytes:
    buffer = BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4)
    for _ in range(pages):
        if words:
            paper.drawString(72, 700, words)
        if picture:
            image = BytesIO()
            Image.new("L", (60, 80), 200).save(image, "PNG")
            image.seek(0)
            paper.drawImage(ImageReader(image), 0, 0, *A4)
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def test_a_scanned_pdf_is_recognised():
    with pytest.raises(IntakeError, match="扫描件"):
        read_bytes(drawn(picture=True, pages=2), "a.pdf")


def test_an_empty_pdf():
    with pytest.raises(IntakeError, match="没有文字"):
        read_bytes(drawn(), "a.pdf")


def test_old_word_without_libreoffice(monkeypatch):
    monkeypatch.setattr(doc_file.shutil, "which", lambda name: None)
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    with pytest.raises(IntakeError, match=r"另存为 \.docx"):
        read_bytes(data, "a.doc")


ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"%PDF-1.4\nrest", "a.pdf", "PDF 文件已损坏"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "去掉密码"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le"), "a.doc", "宏"),
        (OLE + "Workbook".encode("utf-16-le"), "a.xlsx", "内容却是旧版 Excel 文件"),
        (OLE, "a.doc", "不是可以读取的 Office 文件"),
        (word("字"), "a.xlsx", "内容却是Word 文件"),
        (word("字"), "a.pdf", "内容却是Word 文件"),
        (repacked(word("字"), **{"word/vbaProject.bin": b"x"}), "a.docx", "宏"),
        (word("字"), "a.docm", "宏"),
        (repacked(word("字"), **{"word/document.xml": ENTITY}), "a.docx", "外部实体"),
        (repacked(word("字"), **{"word/document.xml": b"<broken"}), "a.docx", "已损坏"),
        (repacked(word("字"), **{"word/document.xml": None}), "a.docx", "压缩包"),
        (repacked(word("字"), **{"word/big.xml": b" " * (60 * 1024 * 1024)}), "a.docx", "解压后有60兆字节"),
        (word("今天天气很好。"), "a.docx", "没有读出报告的章节"),
    ],
)  # fmt: skip
def test_refused_with_a_sentence(data, name, words):
    with pytest.raises(IntakeError, match=words):
        read_bytes(data, name)


# ------------------------------------------------------------------ forms over several pages


HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值")


def page(*rows, title=""):
    """One page of a form; a class without words is an empty cell, ``^`` one that reaches down from above."""
    made, above = [], {}
    for row in rows:
        cells = []
        for column, text in enumerate(row):
            first = text != "^"
            above[column] = text if first else above[column]
            cells.append(GridCell(above[column], "页", first=first))
        made.append(tuple(cells))
    return Grid(made, title=title)


def line(level1, level2, name):
    return (level1, level2, name, "1", "1", "5")


def test_a_class_whose_words_stand_on_the_next_page():
    reading = FormReading(
        [
            page(
                HEADS, line("产出指标", "数量指标", "甲"), line("^", "^", "乙"), line("", "", "丙"), line("^", "^", "丁"),
                title="2023年度部门整体支出绩效自评表",
            ),
            page(line("效益指标", "社会效益指标", "戊"), line("^", "生态效益指标", "己")),
        ]
    )  # fmt: skip
    assert [(one.name, one.level1, one.level2) for one in reading.department.lines] == [
        ("甲", "产出指标", "数量指标"),
        ("乙", "产出指标", "数量指标"),
        ("丙", "效益指标", "社会效益指标"),
        ("丁", "效益指标", "社会效益指标"),
        ("戊", "效益指标", "社会效益指标"),
        ("己", "效益指标", "生态效益指标"),
    ]


def test_a_class_said_once_above_its_rows():
    reading = FormReading(
        [
            page(
                HEADS, line("产出指标", "数量指标", "甲"), line("", "", "乙"),
                title="2023年度部门整体支出绩效自评表",
            ),
            page(line("效益指标", "社会效益指标", "丙")),
        ]
    )  # fmt: skip
    assert [one.level2 for one in reading.department.lines] == ["数量指标", "数量指标", "社会效益指标"]


def test_the_foot_of_a_form_with_labels_and_values_apart():
    foot = ["填表人：", "周同志", "填报日期：", "2024年3月15日", "联系电话：0734-8000000", "另附说明"]
    form = [
        [*HEADS],
        [*line("产出指标", "数量指标", "巡查次数")],
        foot,
    ]
    found = read_bytes(word(*CHAPTERS, form), "a.docx")
    assert (found.profile.prepared_by, found.profile.phone) == ("周同志", "0734-8000000")
    assert found.profile.prepared_on.isoformat() == "2024-03-15"
    assert any("另附说明" in item.words for item in found.unread)


def _part_at(data: bytes, name: str) -> int:
    """Where the packed content of a part begins."""
    info = zipfile.ZipFile(BytesIO(data)).getinfo(name)
    return info.header_offset + 30 + len(name.encode())


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml"])
@pytest.mark.parametrize("spoiled", [b"\x00\xff\xff\xff", b"\x07"], ids=["no packed data", "unknown packing"])
def test_a_part_that_cannot_be_unpacked_is_a_broken_file(name, spoiled):
    data = bytearray(word(*CHAPTERS))
    at = _part_at(bytes(data), name)
    data[at : at + len(spoiled)] = spoiled
    with pytest.raises(IntakeError, match="已损坏"):
        read_bytes(bytes(data), "a.docx")


def test_a_part_whose_check_sum_is_wrong_is_a_broken_file():
    data = bytearray(word(*CHAPTERS, *["段落" * 40] * 4000))
    directory = data.index(b"PK\x01\x02")
    while data[directory + 46 : directory + 46 + 17] != b"word/document.xml":
        directory = data.index(b"PK\x01\x02", directory + 4)
    data[directory + 16] ^= 0xFF
    with pytest.raises(IntakeError, match="已损坏"):
        read_bytes(bytes(data), "a.docx")
