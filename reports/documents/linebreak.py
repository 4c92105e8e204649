"""Line breaking for Chinese official text (避头尾), on its own and without any printer.

Rules (GB/T 15834-2011 section 5.1 and custom of official papers):

* no closing mark, stop or hyphen at the start of a line, no opening mark at its end;
* a number stays whole, with its sign, separators, per cent sign and unit (``264.55万元``, ``2023年``);
* a Latin word stays whole, and so do ``——`` and ``……``;
* a piece that is wider than a whole line is broken all the same: between its parts first, then between characters.

Widths are in the unit of the caller (points, characters): a :data:`Width` function gives the width of one character,
and the width of a text is the sum over its characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

Width = Callable[[str], float]
"""Width of one character."""

NO_START = frozenset(
    "，。、；：？！’”）》】〕〉」』］｝〗〞％‰℃°·・～‐‑–,.;:?!)]}%~›»々〻ー﹐﹑﹒﹔﹕﹖﹗︰／/…—"
)
"""Marks that may not begin a line. A dash or ellipsis of two characters is one piece and may, see :func:`_glued`."""

NO_END = frozenset("‘“（《【〔〈「『［｛〖〝([{‹«$￥¥＄№＃#")
"""Marks that may not end a line."""

_UNITS = (
    "个百分点|百分点|万人次|万元|亿元|万亿元|千元|元/天|元/人天|元/人|元|万人|人次|万平方米|平方米|平方公里|立方米|公里|千米|厘米|毫米|米|"
    "千克|公斤|万吨|吨|万亩|亩|公顷|年度|年|月份|月|日|季度|小时|分钟|秒|周岁|岁|万户|万个|万条|万份|万件|万次|万页|万字|万株|万"
    "|亿|人|名|位|个|项|次|天|家|户|件|篇|条|期|场|台|套|辆|页|倍|度|号|级|所|处|批|起|笔|份|种|类|株|本|册|间|栋|座|只|头|村|分"
    "|㎡|m²|km|kg|%|％|‰|℃"
)
# A number: sign or comparison, digits with separators, then per cent and unit. The parts are separate groups,
# so that a cell which is too narrow for number and unit together may still part them.
_PIECES = re.compile(
    r"(?P<number>(?:[≥≤＞＜><=＝≈±]\s?)?[+\-−±]?[0-9０-９]+(?:[.,．，:：/\-–—~～%％]*[0-9０-９])*[%％‰℃]?)"
    rf"(?P<unit>{_UNITS})?(?P<bound>以[上下内])?"
    r"|(?P<word>[A-Za-zÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿ0-9][A-Za-zÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿ0-9_'’.@&+\-/]*)"
    r"|(?P<dash>—{2,}|…{2,}|⸺+|\.{3,})"
    r"|(?P<blank>[ \t]+)"
    r"|(?P<char>.)",
    re.DOTALL,
)
_BOUNDS = frozenset(("以上", "以下", "以内"))
_ITEM = re.compile(r"[0-9０-９]{1,2}$")
"""Number of an item: ``2.`` does not stand at the end of a line, away from its text."""

_TRAILING = re.compile(r"[.,'’\-/&+@_]+$")


@dataclass(frozen=True, slots=True)
class Line:
    """One broken line. ``last`` closes a paragraph (it is not spread to the margin)."""

    text: str
    width: float
    last: bool = False


@lru_cache(maxsize=4096)
def atoms(text: str) -> tuple[str, ...]:
    """The smallest pieces that a line break respects: numbers, units, words, dashes, single characters."""
    found: list[str] = []
    for match in _PIECES.finditer(text):
        kind = match.lastgroup
        if kind in ("number", "unit", "bound"):
            found.extend(part for part in match.group("number", "unit", "bound") if part)
        elif kind == "word":
            # A stop behind a word is a mark of its own: "GB." is the word "GB" and a full stop.
            tail = _TRAILING.search(match["word"])
            word = match["word"][: tail.start()] if tail else match["word"]
            found.extend(part for part in (word, *(tail[0] if tail else "")) if part)
        else:
            found.append(match[0])
    return tuple(found)


def _glued(before: str, after: str) -> bool:
    """May no line end between these two neighbouring atoms?"""
    if _keeps_together(before, after):
        return True
    if before == "第" and after[0].isdigit():
        return True
    if after in _BOUNDS or ((before[-1].isdigit() or before[-1] in "%％‰℃") and _is_unit(after)):
        return True
    # Two Latin pieces without a blank between them, e.g. the number and the letter of "4G".
    return before[-1].isascii() and after[0].isascii() and before[-1].isalnum() and after[0].isalnum()


def _keeps_together(before: str, after: str) -> bool:
    """An opening mark stays with what follows it, a closing mark with what stands before it."""
    return before[-1] in NO_END or (len(after) == 1 and after in NO_START)


_WHOLE_UNIT = re.compile(_UNITS)


def _is_unit(text: str) -> bool:
    return bool(_WHOLE_UNIT.fullmatch(text))


def clusters(text: str) -> Iterator[tuple[str, ...]]:
    """Groups of atoms between two places where a line may end."""
    pieces = atoms(text)
    group: list[str] = []
    for index, atom in enumerate(pieces):
        if group:
            before = group[-1]
            if atom.isspace():
                glued = index + 1 < len(pieces) and _keeps_together(before, pieces[index + 1])
            elif before.isspace():
                glued = len(group) > 1 and _keeps_together(group[-2], atom)
            else:
                glued = _glued(before, atom) or (before in "." and len(group) == 2 and _ITEM.match(group[0]))
            if not glued:
                yield tuple(group)
                group = []
        group.append(atom)
    if group:
        yield tuple(group)


def widest_atom(text: str, width: Width, *, longest: int = 24) -> float:
    """Width of the widest number or word: the narrowest line that breaks none of them.

    Pieces of more than ``longest`` characters are not counted; they have to be broken anyway.
    """
    return max((_sum(atom, width) for atom in atoms(text) if len(atom) <= longest), default=0.0)


def break_lines(text: str, line: float, width: Width, *, first: float | None = None) -> list[Line]:
    """Break one text into lines no wider than ``line`` (``first`` for the first one); ``\\n`` ends a line.

    Never returns an empty list; an empty text is one empty line. A single character wider than the line stands alone.
    """
    lines: list[Line] = []
    for part in text.split("\n"):
        lines.extend(_break_one(part.strip(" \t"), line, width, first if first is not None else line))
        first = None
    return lines


def balanced_lines(text: str, line: float, width: Width) -> list[Line]:
    """As few lines as :func:`break_lines` makes, but of like length: a centred label leaves no single character over."""
    lines = break_lines(text, line, width)
    if len(lines) < 2 or "\n" in text:
        return lines
    low, high = max(part.width for part in lines) / len(lines), line
    for _ in range(8):
        middle = (low + high) / 2
        tried = break_lines(text, middle, width)
        if len(tried) > len(lines) or any(part.width > middle for part in tried):
            low = middle
        else:
            lines, high = tried, middle
    return lines


def _break_one(text: str, line: float, width: Width, first: float) -> list[Line]:
    lines: list[Line] = []
    current: list[str] = []
    used = 0.0
    limit = first
    # Widths are sums of fractions of a point; a line that fits on paper must not fail by the last bit.
    slack = 1e-6 * max(line, 1.0)
    whole_width = _sum(text, width)
    if whole_width <= first + slack:
        return [Line(text, whole_width, True)]

    def finish(last: bool = False) -> None:
        nonlocal current, used, limit
        shown = "".join(current).rstrip(" \t")
        lines.append(Line(shown, _sum(shown, width), last))
        current, used, limit = [], 0.0, line

    for group in clusters(text):
        whole = "".join(group)
        size = _sum(whole, width)
        if used + size <= limit + slack:
            current.append(whole)
            used += size
            continue
        if whole.isspace():
            continue
        if size <= line + slack and (current or size <= limit + slack):
            if current:
                finish()
            current, used = [whole], size
            continue
        for piece, wide in _parts(group, line + slack, width):
            if used + wide > limit + slack and current:
                carried = _carried(current, piece)
                finish()
                current, used = carried, sum(_sum(text, width) for text in carried)
            current.append(piece)
            used += wide
    if current or not lines:
        finish(last=True)
    else:
        lines[-1] = Line(lines[-1].text, lines[-1].width, True)
    return lines


def _parts(group: tuple[str, ...], line: float, width: Width) -> Iterator[tuple[str, float]]:
    """Parts of a group that is wider than a line: its atoms, and the characters of an atom that is too wide itself."""
    for atom in group:
        size = _sum(atom, width)
        if size <= line:
            yield atom, size
        else:
            for char in atom:
                yield char, width(char)


def _carried(current: list[str], piece: str) -> list[str]:
    """Take the last piece over to the next line, when that one would begin with a closing mark otherwise."""
    if piece not in NO_START or current[-1] in NO_START:
        return []
    if len(current) > 1:
        return [current.pop()]
    word = current[0]
    if len(word) > 1 and not word[-1].isdigit():
        current[0] = word[:-1]
        return [word[-1]]
    return []


def _sum(text: str, width: Width) -> float:
    return sum(map(width, text))
