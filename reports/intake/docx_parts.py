"""What a Word file keeps beside its text: footnotes, endnotes, comments, headers and footers, pictures, tracked changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml.etree import _Element

from reports.dossier import Unread
from reports.intake.docx_text import FALLBACK, words_of
from reports.intake.sections import PAGE_NUMBER
from reports.intake.wording import bare, fold, tidy

KINDS = {"footnote": "脚注", "endnote": "尾注", "comment": "批注"}
COMMENTED = "批注不是报告的正文，没有读入，请处理批注提出的问题"
_DRAWN = (qn("pic:pic"), qn("c:chart"), "{urn:schemas-microsoft-com:vml}imagedata",
          "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds")  # fmt: skip
_NO_WORDS = re.compile(r"[\d\s第页共/,，—–\-－·]*")


@dataclass(frozen=True)
class Said:
    """A footnote, an endnote or a comment."""

    kind: str
    words: str
    question: str = ""


class Asides:
    """Footnotes, endnotes and comments of a document by kind and id."""

    def __init__(self, document: Document) -> None:
        self.found: dict[tuple[str, str], Said] = {}
        for kind, name in KINDS.items():
            for root in _parts(document, f"/{kind}s"):
                for one in root.iter(qn(f"w:{kind}")):
                    text = _text(one)
                    if not text or one.get(qn("w:type")) in ("separator", "continuationSeparator"):
                        continue
                    author = one.get(qn("w:author"), "") if kind == "comment" else ""
                    said = Said(
                        name, f"{author}：{text}" if author else text, COMMENTED if kind == "comment" else ""
                    )
                    self.found[kind, one.get(qn("w:id"), "")] = said

    def of(self, kind: str, name: str) -> Said | None:
        """The note that a mark in the text stands for."""
        return self.found.get((kind, name))


def margins(document: Document, whole: str) -> list[Unread]:
    """Words of headers and footers that the text itself does not say; page numbers are none."""
    known, found = bare(whole), []
    for kind, name in (("/header", "页眉"), ("/footer", "页脚")):
        for root in _parts(document, kind):
            for line in _text(root).split("\n"):
                words = tidy(fold(line))
                if PAGE_NUMBER.match(words) or _NO_WORDS.fullmatch(words) or bare(words) in known:
                    continue
                found.append(Unread(source=name, words=words))
    return list(dict.fromkeys(found))


def pictures(body: _Element) -> int:
    """Pictures, charts and diagrams; a shape that only frames text is none."""
    return sum(1 for one in body.iter(*_DRAWN) if next(one.iterancestors(FALLBACK), None) is None)


def changes(body: _Element) -> str:
    """How many tracked changes (修订) there are; empty without one."""
    counts = {
        "插入": sum(1 for _ in body.iter(qn("w:ins"), qn("w:moveTo"))),
        "删除": sum(1 for _ in body.iter(qn("w:del"), qn("w:moveFrom"))),
    }
    return "、".join(f"{name}{count}处" for name, count in counts.items() if count)


def _parts(document: Document, ending: str) -> Iterable[_Element]:
    """Roots of the parts whose relation has this type."""
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(ending):
            continue
        part = relation.target_part
        yield part.element if hasattr(part, "element") else parse_xml(part.blob)


def _text(element: _Element) -> str:
    """Words of a note or a margin, one line a paragraph, text boxes inside it included."""
    lines: list[str] = []
    for paragraph in element.iter(qn("w:p")):
        if next(paragraph.iterancestors(FALLBACK), None) is None:
            lines += words_of(paragraph).text.split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())
