"""Folding of characters and joining of broken lines: what every source in Chinese needs before it is read.

Digits, Latin letters and percent signs become half-width; punctuation stays as written, because text that
is shown again must look as its author wrote it. Spaces between Chinese characters and around numbers are
typesetting.
"""

from __future__ import annotations

import re
import unicodedata

from reports.intake.errors import IntakeError

CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WIDE = rf"{CJK}\u3000-\u303f\uff00-\uffef“”‘’—…·"

_WIDE_DIGITS = "０１２３４５６７８９"
_WIDE_GROUPS = re.compile(
    rf"(?<![{_WIDE_DIGITS}])[{_WIDE_DIGITS}]{{1,3}}(?:，[{_WIDE_DIGITS}]{{3}})+(?![{_WIDE_DIGITS}])"
)
_WIDE_POINT = re.compile(r"(?<=\d)[．](?=\d)|(?<=[^\s\d]\d)[．](?=\s*\n\s*\d)|(?<=\d\d)[．](?=\s*\n\s*\d)")
_WIDE_MINUS = re.compile(r"[－−](?=\d)")
_FOLDED = re.compile(r"[０-９Ａ-Ｚａ-ｚ％＋\u2f00-\u2fd5\uf900-\ufaff]")
_SPACES = re.compile(r"[ \t\u00a0\u3000\u2002-\u200b\ufeff]+")
_SPACE_IN_TEXT = re.compile(rf"(?<=[{WIDE}]) (?=\S)|(?<=\S) (?=[{WIDE}])|(?<=\d) (?=%)")
_LATIN = re.compile(r"[A-Za-z]")

_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def decode(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 with a mark, or GB18030; else :class:`IntakeError`."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise IntakeError("文件的文字编码无法识别，请另存为 UTF-8 或 GB18030 编码的文本文件")


def fold(text: str) -> str:
    """Half-width digits, letters and percent signs; ordinary characters for the look-alikes in PDF files."""
    text = _WIDE_GROUPS.sub(lambda match: match.group().replace("，", ","), text)
    text = _FOLDED.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = _WIDE_POINT.sub(".", text)
    return _WIDE_MINUS.sub("-", text)


def tidy(text: str) -> str:
    """One line without typesetting spaces (``2023 年`` → ``2023年``); those between Latin words stay."""
    return _SPACE_IN_TEXT.sub("", _SPACES.sub(" ", text)).strip()


def join(first: str, second: str) -> str:
    """Put a broken line together again; only two Latin words need a space between them."""
    if first and second and _LATIN.match(first[-1]) and _LATIN.match(second[0]):
        return f"{first} {second}"
    if first[-1:].isdigit() and second[:1].isdigit() and not continues_number(first, second):
        return f"{first} {second}"
    return tidy(first + second)


def continues_number(first: str, second: str) -> bool:
    """Whether two lines may be one number cut in two: ``26`` + ``4.55``, never ``96.24`` + ``264.55``."""
    token = re.search(r"[\d.,]*$", first).group() + re.match(r"[\d.,]*", second).group()  # type: ignore[union-attr]
    return token.count(".") <= 1


def width(text: str) -> int:
    """Columns of a text where Chinese characters take two; ambiguous signs take one, as in most terminals."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def integer(text: str) -> int | None:
    """A whole number in digits or Chinese (``11``, ``十一``, ``一百零五``); ``None`` when it is none."""
    text = text.replace(",", "")
    if text.isdecimal():
        return int(text)
    if not text or any(sign not in _DIGITS and sign not in _UNITS for sign in text):
        return None
    if not any(sign in _UNITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def balanced(words: str) -> str:
    """Words cut out of a sentence, with the opening quotation mark that belongs to a closing one in them."""
    return f"“{words}" if "”" in words and "“" not in words else words


def bare(text: str) -> str:
    """Only what distinguishes words: no spaces, no punctuation, brackets or quotation marks."""
    return re.sub(rf"[^{CJK}A-Za-z0-9%]", "", fold(text))
