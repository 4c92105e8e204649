"""Words of one Word paragraph as a reader of the page sees them, and what hangs on it: text boxes, notes, comments.

Text that was struck out, moved away or replaced by an insertion (修订) is not read, nor what Word hides or shows only until
somebody types. Signs of a symbol font, fractions and answers of form fields are put into plain characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element

_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_VML = "urn:schemas-microsoft-com:vml"
FALLBACK = f"{{{_COMPATIBLE}}}Fallback"
"""The same shape once more, for programs that do not know the first way."""
CONTROL, CONTROL_TEXT = qn("w:sdt"), qn("w:sdtContent")
WRAPPERS = frozenset(
    [CONTROL, CONTROL_TEXT, *(qn(f"w:{name}") for name in ("customXml", "ins", "moveTo", "smartTag"))]
)
_UNSEEN = frozenset(
    [*(qn(f"w:{name}") for name in ("del", "moveFrom", "rt", "pPr", "rPr", "sdtPr")), FALLBACK]
)
"""What was struck out or moved away, what is read aloud over characters, and properties."""
_BREAKS = frozenset([qn("w:br"), qn("w:cr")])
_TABS = frozenset([qn("w:tab"), qn("w:ptab")])
_MARKS = {
    qn("w:footnoteReference"): "footnote",
    qn("w:endnoteReference"): "endnote",
    qn("w:commentReference"): "comment",
}
_OFF = frozenset(["0", "false", "off"])
SOFT_HYPHEN = "\u00ad"
LOST = "\ufffd"
"""Stands where a sign of a symbol font has no plain character."""
_TICKS = {
    0xFC: "√",
    0xFE: "☑",
    0xFD: "☒",
    0xFB: "×",
    0x6F: "□",
    0x71: "□",
    0x72: "□",
    0xA8: "□",
    0x6E: "■",
    0x6C: "●",
}
_SYMBOLS = {
    "symbol": {
        0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xB0: "°", 0xB7: "·", 0x6D: "μ",
        **{code: chr(code) for code in range(0x20, 0x40)},
    },
    "wingdings": _TICKS,
    "wingdings 2": {0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□"},
}  # fmt: skip


@dataclass
class Words:
    """One paragraph."""

    text: str = ""
    boxes: list[_Element] = field(default_factory=list)
    """Contents of the text boxes that are anchored in it."""
    art: list[str] = field(default_factory=list)
    """Text drawn as a picture (艺术字)."""
    hidden: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)
    """Kind and id of footnotes, endnotes and comments."""


def words_of(paragraph: _Element) -> Words:
    """What a paragraph says."""
    words = Words()
    for sign, hidden in _signs(paragraph, words, hidden=False):
        if hidden:
            words.hidden += sign
        else:
            words.text += sign
    return words


def is_set(properties: _Element | None, name: str) -> bool:
    """Whether a property that can only be on or off is on."""
    element = properties.find(qn(name)) if properties is not None else None
    return element is not None and element.get(qn("w:val"), "1") not in _OFF


def is_placeholder(control: _Element) -> bool:
    """Whether a content control shows only «单击此处输入文字»."""
    return control.tag == CONTROL and is_set(control.find(qn("w:sdtPr")), "w:showingPlcHdr")


def ends_deleted(paragraph: _Element) -> bool:
    """Whether the end of the paragraph was struck out, so that it goes on in the next one."""
    marks = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return marks is not None and any(marks.find(qn(name)) is not None for name in ("w:del", "w:moveFrom"))


def _signs(element: _Element, words: Words, *, hidden: bool) -> Iterator[tuple[str, bool]]:
    """Characters in their order, each with whether Word hides them; what is no character is put aside."""
    for child in element:
        tag = child.tag
        if tag in _UNSEEN or not isinstance(tag, str) or is_placeholder(child):
            continue
        if tag == qn("w:t"):
            yield _plain(child), hidden
        elif tag in _BREAKS:
            yield "\n", hidden
        elif tag in _TABS and element.tag == qn("w:r"):
            yield "\t", hidden
        elif tag == qn("w:noBreakHyphen"):
            yield "-", hidden
        elif tag == qn("w:sym"):
            yield _symbol(int(child.get(qn("w:char")) or "0", 16), child.get(qn("w:font"), "")), hidden
        elif tag == f"{{{_MATH}}}oMath":
            yield _formula(child), hidden
        elif tag == qn("w:fldChar"):
            yield _form_field(child), hidden
        elif tag in _MARKS:
            words.marks.append((_MARKS[tag], child.get(qn("w:id"), "")))
        elif tag == qn("w:txbxContent"):
            words.boxes.append(child)
        elif tag == f"{{{_VML}}}textpath":
            words.art.append(child.get("string", ""))
        elif tag == qn("a:t"):
            words.art.append(child.text or "")
        else:
            unseen = hidden or (tag == qn("w:r") and is_set(child.find(qn("w:rPr")), "w:vanish"))
            yield from _signs(child, words, hidden=unseen)


def _plain(text: _Element) -> str:
    """Text of a run; signs that a symbol font keeps in the private area become what they show."""
    written = (text.text or "").replace(SOFT_HYPHEN, "")
    if not any("\uf000" <= sign <= "\uf0ff" for sign in written):
        return written
    fonts = text.getparent().find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    font = fonts.get(qn("w:ascii"), "") if fonts is not None else ""
    return "".join(
        _symbol(ord(sign), font or "symbol") if "\uf000" <= sign <= "\uf0ff" else sign for sign in written
    )


def _symbol(code: int, font: str) -> str:
    known = _SYMBOLS.get(font.lower())
    if known is None and 0x20 <= code < 0xE000:
        return chr(code)
    return (known or {}).get(code & 0xFF, LOST)


def _formula(element: _Element) -> str:
    """A formula in one line: a fraction as ``a/b``, a power as ``a^b``."""

    def part(name: str) -> str:
        found = element.find(f"{{{_MATH}}}{name}")
        text = "" if found is None else _formula(found)
        return text if len(text) < 2 or text.isalnum() else f"({text})"

    name = element.tag.rpartition("}")[2]
    if name == "t":
        return element.text or ""
    if name == "f":
        return f"{part('num')}/{part('den')}"
    if name == "sSup":
        return f"{part('e')}^{part('sup')}"
    if name == "rad":
        return f"√{part('e')}"
    if name == "d":
        return f"({''.join(_formula(child) for child in element if child.tag.endswith('}e'))})"
    return "".join(_formula(child) for child in element if isinstance(child.tag, str))


def _form_field(mark: _Element) -> str:
    """The chosen entry of a drop-down field of an old form, and whether a box is ticked."""
    choice = mark.find(f"{qn('w:ffData')}/{qn('w:ddList')}")
    if choice is not None:
        entries = [entry.get(qn("w:val"), "") for entry in choice.iter(qn("w:listEntry"))]
        chosen = [choice.find(qn(f"w:{name}")) for name in ("result", "default")]
        value = next((one.get(qn("w:val"), "0") for one in chosen if one is not None), "0")
        return entries[int(value)] if value.isdecimal() and int(value) < len(entries) else ""
    box = mark.find(f"{qn('w:ffData')}/{qn('w:checkBox')}")
    if box is None:
        return ""
    name = "w:checked" if box.find(qn("w:checked")) is not None else "w:default"
    return "☑" if is_set(box, name) else "□"
