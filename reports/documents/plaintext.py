"""Hostile text made printable: what every printer does with a text before it looks at it.

Text comes from people, from old Word files and from PDF extraction. Control characters break the XML of Word and
Excel, and the invisible ones (zero-width, direction marks) would be drawn as boxes; none of them is content.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
# Controls (tab and line feed are kept for the moment), soft hyphen, zero-width and direction marks, variation
# selectors, lone surrogates, interlinear marks, tags, and the code points that are no characters at all.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f]+")


def printable(text: str) -> str:
    """Text without control and invisible characters; line ends are ``\\n``, runs of narrow blanks one blank.

    Full-width blanks (U+3000) stay: they are used on purpose, e.g. inside ``张　三``.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    cleaned = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", cleaned))


def paragraphs(text: str) -> list[str]:
    """The lines a person typed into one field, cleaned, without blank ones and without their own indents."""
    return [line for line in (part.strip(" \u3000") for part in printable(text).split("\n")) if line]
