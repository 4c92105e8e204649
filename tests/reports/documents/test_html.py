"""The HTML sheets: escaped, without style and script, with spans, heads and places."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.documents.html import to_html
from reports.documents.model import Cell, Paragraph
from tests.reports.documents.papers import (
    HOSTILE,
    form,
    hostile_documents,
    make_annex,
    make_document,
    make_row,
    make_table,
    sample,
)

CSS = Path(__file__).resolve().parents[3] / "static" / "css" / "paper.css"
VOID = {"br", "col"}


class Outline(HTMLParser):
    """Checks nesting and collects tags and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", hostile_documents())
def test_markup_is_well_formed_and_carries_no_style_or_script(name):
    found = Outline(to_html(hostile_documents()[name]))
    assert not found.open
    known = {
        *("div", "article", "p", "h2", "h3", "h4", "h5", "h6", "footer", "dl", "dt", "dd", "br"),
        *("table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"),
    }
    assert {tag for tag, _ in found.tags} <= known
    assert all(
        key != "style" and not key.startswith("on") for _, attributes in found.tags for key in attributes
    )


def test_text_is_escaped():
    text = to_html(make_document(Paragraph(text=HOSTILE, where='x" onclick="y')))
    assert "&lt;b&gt;粗&lt;/b&gt; &amp; &lt;i&gt;" in text
    assert "\x00" not in text
    assert 'data-where="x&quot; onclick=&quot;y"' in text


def test_sheets_of_paper():
    text = to_html(sample())
    assert re.findall(r'<article class="([^"]+)">', text) == [
        "paper paper-cover",
        "paper paper-body",
        "paper paper-annex paper-landscape",
        "paper paper-annex",
    ]
    assert text.count("paper-watermark") == 4


def test_paragraphs_say_where_they_come_from():
    text = to_html(sample())
    assert '<p class="paper-text" data-origin="unit" data-where="profile">' in text
    assert '<p class="paper-text" data-origin="generated">' in text
    assert '<h3 class="heading-1">一、部门概况</h3>' in text


def test_tables_have_heads_spans_and_places():
    text = to_html(make_document(annexes=(make_annex(form()),)))
    assert '<thead><tr><th scope="col" class="align-center strong">一级指标</th>' in text
    assert '<td class="align-center" rowspan="2">产出指标</td>' in text
    assert '<td class="align-center" colspan="2">总分</td>' in text
    assert 'data-where="indicators.quantity.score"' in text
    assert text.count("<col ") == 5


def test_every_class_is_in_the_style_sheet():
    text = "".join(to_html(document) for document in [sample(), *hostile_documents().values()])
    used = {name for found in re.findall(r'class="([^"]+)"', text) for name in found.split()}
    styled = set(re.findall(r"\.([a-z][a-z0-9-]*)", CSS.read_text(encoding="utf-8")))
    assert used - styled <= {"paper-body", "paper-annex", "heading-3", "heading-4"}


def test_lines_of_a_cell_are_kept():
    text = to_html(make_document(make_table(make_row(Cell(text="甲\n乙"), "", ""))))
    assert "甲<br>乙" in text


def test_figures_stay_on_one_line():
    text = to_html(make_document(make_table(make_row("98.10%", "0734-1", "＜b＞"))))
    assert '<td class="align-center number">98.10%</td>' in text
    assert text.count("number") == 1
