"""The PDF, read back: margins, lines and characters a page, faces, page numbers, tables, hostile input.

The measures are those of the official faces, which ``make test`` prepares; without them only the choice of faces
fails (``test_official_faces_are_prepared`` says so first).
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from reports.documents import fonts as font_module
from reports.documents.fonts import LICENSED, PREPARED, fonts, missing_characters, official_files
from reports.documents.model import Cell, Heading, Paragraph, Signature
from reports.documents.pdf import pdf_date, to_pdf
from tests.reports.documents.papers import (
    MM,
    RARE,
    form,
    glyphs,
    hostile_documents,
    lines_of,
    long_table,
    make_annex,
    make_document,
    make_row,
    make_table,
    sample,
    text_of,
)

PITCH = 156 * MM / 28
LINE = 225 * MM / 22


def in_own_process(code: str) -> subprocess.CompletedProcess[str]:
    root = Path(font_module.__file__).resolve().parents[2]
    return subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)


def pages(data: bytes) -> list[pdfium.PdfPage]:
    return list(pdfium.PdfDocument(data))


def test_official_faces_are_prepared():
    assert set(official_files()) >= set(PREPARED), "run `make fonts`"
    assert fonts().source == "official"


# Grid


def test_a_page_has_22_lines_of_28_characters():
    page = pages(to_pdf(make_document(Paragraph(text="绩" * 28 * 60), title="")))[1]
    assert page.get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.01)
    lines = lines_of(page)
    assert len(lines) == 22
    assert {len(line) for line in lines} == {28}


def test_text_stands_on_the_grid_inside_the_type_area():
    lines = lines_of(pages(to_pdf(make_document(Paragraph(text="绩" * 28 * 60), title="")))[1])
    first, last = lines[0], lines[-1]
    assert first[0].x == pytest.approx(28 * MM, abs=0.1)
    assert [after.x - before.x for before, after in pairwise(first)] == pytest.approx([PITCH] * 27, abs=0.02)
    assert first[-1].x + 16 == pytest.approx(184 * MM, abs=0.5)
    assert [a[0].y - b[0].y for a, b in pairwise(lines)] == pytest.approx([LINE] * 21, abs=0.02)
    # The em box of the first line touches the upper edge of the type area, the last one stays above its lower edge.
    assert 297 * MM - (first[0].y + 0.88 * 16) == pytest.approx(37 * MM, abs=0.1)
    assert last[0].y - 0.12 * 16 >= 35 * MM


def test_paragraphs_begin_two_characters_in():
    line = lines_of(pages(to_pdf(make_document(Paragraph(text="绩" * 40), title="")))[0])[0]
    assert len(line) == 26
    assert line[0].x == pytest.approx(28 * MM + 2 * PITCH, abs=0.1)


def test_a_line_with_numbers_is_spread_to_the_margin():
    text = "2023年度支出合计264.55万元，其中：基本支出111.05万元；项目支出153.50万元；上缴上级支出0万元。" * 3
    lines = lines_of(pages(to_pdf(make_document(Paragraph(text=text), title="")))[0])
    assert len(lines) > 4
    for line in lines[:-1]:
        assert line[-1].x + 16 == pytest.approx(184 * MM, abs=0.7)


def test_headings_have_the_face_of_their_level():
    page = pages(
        to_pdf(
            make_document(
                *(
                    Heading(level=level, text=text)
                    for level, text in enumerate(("一、甲", "（一）乙", "1.丙", "（1）丁"), 1)
                ),
                Paragraph(text="正文"),
            )
        )
    )[0]
    face = {glyph.char: glyph.font for glyph in glyphs(page)}
    assert "Song-Bold" in face["评"]
    assert "Hei" in face["甲"]
    assert "Kai" in face["乙"]
    assert all("Fang" in face[char] for char in "丙丁正")
    size = {glyph.char: round(glyph.size, 1) for glyph in glyphs(page)}
    assert (size["评"], size["甲"], size["乙"], size["丙"], size["正"]) == (22, 16, 16, 16, 16)


def test_title_is_centred():
    line = lines_of(pages(to_pdf(make_document(title="绩效自评报告")))[0], size=22)[0]
    assert (line[0].x + line[-1].x + 22) / 2 == pytest.approx((28 + 78) * MM, abs=0.2)


def test_a_heading_never_stands_last_on_a_page():
    for count in range(15, 25):
        body = [
            *(Paragraph(text="绩") for _ in range(count)),
            Heading(level=1, text="甲题"),
            Paragraph(text="乙文"),
        ]
        for page in pages(to_pdf(make_document(*body, title=""))):
            text = page.get_textpage().get_text_range()
            assert ("甲题" in text) == ("乙文" in text)


def test_no_single_last_line_at_the_top_of_a_page_and_no_lonely_signature():
    for count in range(15, 25):
        body = [*(Paragraph(text="绩") for _ in range(count)), Paragraph(text="文" * 26 + "末")]
        data = to_pdf(make_document(*body, Signature(lines=("示例区档案馆", "2024年3月15日")), title=""))
        last = pages(data)[-1].get_textpage().get_text_range()
        assert ("文" in last) == ("末" in last)
        if "2024" in last:
            assert "末" in last


def test_date_stands_four_characters_in_and_the_signer_over_it():
    page = pages(to_pdf(make_document(Signature(lines=("示例区档案馆", "2024年3月15日")))))[0]
    signer, date = lines_of(page)[-2:]
    assert date[-1].x + PITCH == pytest.approx(184 * MM - 4 * PITCH, abs=0.5)
    assert (signer[0].x + signer[-1].x) / 2 == pytest.approx((date[0].x + date[-1].x - 8) / 2, abs=6)


# Page numbers, cover, annexes


def number_of(page: pdfium.PdfPage) -> list:
    return [glyph for glyph in glyphs(page) if abs(glyph.size - 14) < 0.1]


def test_page_numbers_lie_below_the_type_area_odd_right_even_left():
    odd, even = pages(to_pdf(make_document(Paragraph(text="绩" * 28 * 60))))[:2]
    for page, text in ((odd, "—1—"), (even, "—2—")):
        number = number_of(page)
        assert "".join(glyph.char for glyph in number) == text
        # The dash, at 0.38 of the size above the baseline, is 7 mm below the type area.
        assert 35 * MM - (number[0].y + 0.38 * 14) == pytest.approx(7 * MM, abs=0.2)
    assert number_of(odd)[-1].x + 14 == pytest.approx(184 * MM - 14, abs=0.5)
    assert number_of(even)[0].x == pytest.approx(28 * MM + 14, abs=0.5)


def test_cover_has_no_number_and_the_body_begins_with_one():
    cover, first = pages(to_pdf(sample()))[:2]
    assert not number_of(cover)
    assert "示例区档案馆" in cover.get_textpage().get_text_range()
    assert "".join(glyph.char for glyph in number_of(first)) == "—1—"


def test_annexes_begin_on_their_own_pages_in_their_own_direction():
    *_, lying, upright = pages(to_pdf(sample()))
    assert lying.get_size() == pytest.approx((297 * MM, 210 * MM), abs=0.01)
    assert upright.get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.01)
    mark = lines_of(upright)[0]
    assert mark[0].x == pytest.approx(28 * MM, abs=0.1)
    assert "Hei" in mark[0].font
    title = lines_of(upright, size=22)[0]
    assert mark[0].y - title[0].y == pytest.approx(2 * LINE, abs=6)


def test_number_of_a_landscape_page_is_where_the_bound_sheet_has_it():
    """Turned: upright, an odd number is below the type area at the right, which lies at the lower left here."""
    odd, even = pages(to_pdf(make_document(title="", annexes=(make_annex(form()), make_annex(form())))))[1:3]
    for page, low in ((odd, False), (even, True)):
        number = number_of(page)
        assert len({round(glyph.x) for glyph in number}) == 1  # one above the other
        assert number[0].x < 35 * MM - 7 * MM
        assert (number[0].y < 105 * MM) == low


# Tables


def test_the_head_of_a_long_table_repeats_and_every_row_is_printed_once():
    data = to_pdf(make_document(annexes=(make_annex(long_table(300)),)))
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in pages(data)[1:]]
    assert len(texts) > 5
    assert all("序号" in text and "偏差原因" in text for text in texts)
    whole = "".join(texts)
    assert [whole.count(f"第{number}项") for number in range(300)] == [1] * 300


def test_a_merged_label_is_printed_in_both_halves_and_a_number_once():
    rows = [
        make_row(Cell(text="产出指标", rowspan=60), Cell(text="98.76", number="98.76", rowspan=60), "第0行")
    ]
    rows += [make_row(f"第{number}行") for number in range(1, 60)]
    data = to_pdf(make_document(annexes=(make_annex(make_table(*rows)),)))
    assert len(pages(data)) > 3
    assert text_of(data).count("产出指标") == len(pages(data)) - 1
    assert text_of(data).count("98.76") == 1


def test_a_row_taller_than_a_page_is_split_without_loss():
    text = "".join(f"第{number}句。" for number in range(900))
    data = to_pdf(make_document(annexes=(make_annex(make_table(make_row("甲", text, "乙"))),)))
    printed = text_of(data)
    assert printed.count("句") == 900
    assert all(f"第{number}" in printed for number in range(900))


def test_numbers_in_narrow_columns_stay_whole():
    numbers = [f"{number * 123.45:.2f}" for number in range(40)]
    document = make_document(annexes=(make_annex(make_table(make_row(*numbers), widths=(1,) * 40)),))
    text = pages(to_pdf(document))[1].get_textpage().get_text_range()
    assert all(number in text for number in numbers)


def test_every_text_of_the_sample_is_there():
    text = text_of(to_pdf(sample()))
    for part in (
        "一、部门概况",
        "编制数12个",
        "（1）馆藏",
        "2024年3月15日",
        "附件1",
        "数字化加工数量",
        "96.00%",
        "核验码",
        "草稿",
    ):
        assert part in text


# Faces


@pytest.mark.parametrize("place", ["body", "heading", "cell", "title", "footer"])
def test_rare_characters_are_drawn_and_can_be_searched(place):
    documents = {
        "body": make_document(Paragraph(text=RARE)),
        "heading": make_document(Heading(level=2, text=RARE)),
        "cell": make_document(make_table(make_row(RARE, Cell(text=RARE, bold=True), ""))),
        "title": make_document(title=RARE),
        "footer": make_document(footer=RARE),
    }
    data = to_pdf(documents[place])
    text = text_of(data)
    assert all(char in text for char in RARE)
    used = {glyph.char: glyph.font for glyph in glyphs(pages(data)[0])}
    assert "BabelStone" in used["犇"]


def test_no_rare_name_is_missing_in_any_face():
    assert missing_characters(RARE) == []
    for role in ("title", "song", "fang", "kai", "hei"):
        assert all(fonts()[role].has(char) for char in RARE)


def test_a_character_that_no_face_has_becomes_a_mark():
    assert "绩〓效" in text_of(to_pdf(make_document(Paragraph(text="绩\U0010abcd效"))))


def test_all_fonts_are_embedded_subsets():
    data = to_pdf(sample())
    assert data.count(b"/FontFile2") >= 4
    assert data.count(b"/FontFile2") == len(set(re.findall(rb"/BaseFont /([^ /\r\n]+)", data)))
    assert b"Helvetica" not in data
    assert len(data) < 1_500_000


def test_a_licensed_file_wins_over_the_open_set(tmp_path):
    licensed, prepared = tmp_path / "licensed", tmp_path / "prepared"
    licensed.mkdir()
    prepared.mkdir()
    (licensed / LICENSED["fang"][0].upper()).touch()
    for name in PREPARED.values():
        (prepared / name).touch()
    found = official_files([prepared, licensed])
    assert found["fang"].parent == licensed
    assert found["kai"] == prepared / PREPARED["kai"]


def test_installed_fonts_are_found_in_a_fixed_order():
    found = font_module.installed_files()
    assert found == sorted(found)
    assert all(path.suffix.lower() in (".ttf", ".ttc") for path in found)


def test_an_installed_font_is_used_before_the_built_in_one(tmp_path):
    """The fallback of the prepared set stands for a font of the system."""
    source = official_files()["fallback"]
    (tmp_path / "SomeSong.ttf").symlink_to(source)
    code = (
        "from pathlib import Path\nfrom reports.documents import fonts\n"
        f"fonts.font_folders = lambda: []\nfonts.installed_files = lambda: [Path({str(tmp_path)!r}) / 'SomeSong.ttf']\n"
        "from reports.documents.pdf import to_pdf\n"
        "from tests.reports.documents.papers import sample\n"
        "assert b'/FontFile2' in to_pdf(sample())\nprint(fonts.fonts().source)\n"
    )
    done = in_own_process(code)
    assert done.stdout.strip() == "installed"
    assert done.stderr.count("\n") == 1


def test_without_any_font_the_built_in_one_is_used_with_one_warning():
    """In a process of its own: faces are chosen once per process."""
    code = (
        "from reports.documents import fonts\n"
        "fonts.font_folders = lambda: []\nfonts.installed_files = lambda: []\n"
        "from reports.documents.pdf import to_pdf\n"
        "from tests.reports.documents.papers import sample\n"
        "assert to_pdf(sample())[:5] == b'%PDF-' and to_pdf(sample())\nprint(fonts.fonts().source)\n"
    )
    done = in_own_process(code)
    assert done.stdout.strip() == "built-in"
    assert done.stderr.count("\n") == 1
    assert "STSong-Light" in done.stderr


# The file


def test_metadata_language_and_outline():
    data = to_pdf(sample())
    document = pdfium.PdfDocument(data)
    assert document.get_metadata_value("Title") == "2023年度部门整体支出绩效自评报告"
    assert document.get_metadata_value("Author") == "示例区档案馆"
    assert document.get_metadata_value("CreationDate") == "D:20240513100000+08'00'"
    assert b"zh-CN" in data
    entries = [bookmark.get_title() for bookmark in document.get_toc()]
    assert "一、部门概况" in entries
    assert "附件2\u3000基础数据表" in entries


@pytest.mark.parametrize(
    ("created", "date"),
    [("", "D:20000101000000Z"), ("no date", "D:20000101000000Z"), ("2024-05-13", "D:20240513000000Z")],
)
def test_date_of_the_file(created, date):
    assert pdf_date(created) == date


def test_the_same_document_gives_the_same_bytes_also_from_many_threads():
    expected = to_pdf(sample())
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(to_pdf(sample()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


@pytest.mark.parametrize("name", hostile_documents())
def test_hostile_input_is_printed_inside_the_page(name):
    for page in pages(to_pdf(hostile_documents()[name])):
        width, height = page.get_size()
        for glyph in glyphs(page):
            if glyph.size > 40:  # the watermark
                continue
            assert -1 <= glyph.x <= width and -1 <= glyph.y <= height, glyph


def test_markup_in_a_text_is_text():
    assert "<b>粗</b>&lt;" in text_of(to_pdf(make_document(Paragraph(text="<b>粗</b> &lt;"))))
