"""What the reader of old Excel files (.xls, BIFF8) does not tell: which numbers are shown as percentages, and formulas.

LibreOffice stores a formula whose result is an empty text as 0; only the formula tells that nothing is shown there. The
file was opened by the real reader before; here a structure that is not understood is left aside, never an error.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

SECTOR_END = 0xFFFFFFF0
"""From here on a number names no sector."""
MOST_RECORDS = 3_000_000
BOUNDSHEET, FORMAT, XF, FORMULA, NUMBER, RK, MULRK, BOF = 0x85, 0x41E, 0xE0, 0x06, 0x203, 0x27E, 0xBD, 0x809
BIFF8 = 0x0600
PERCENT_FORMATS = (9, 10)
"""Built-in number formats ``0%`` and ``0.00%``."""

_OPERATORS = {
    0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/", 0x09: "<", 0x0A: "<=", 0x0B: "=", 0x0C: ">=", 0x0D: ">", 0x0E: "<>",
}  # fmt: skip
_FUNCTIONS = {0: "COUNT", 1: "IF", 4: "SUM", 6: "MIN", 7: "MAX", 27: "ROUND"}
_ATTRIBUTE_SUM, _ATTRIBUTE_CHOOSE = 0x10, 0x04
_LONGEST = 4_000


@dataclass
class Parts:
    """What is known of one sheet's cells, by row and column counted from 1."""

    percent: set[tuple[int, int]] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    """Formulas whose stored result is 0."""


def parts_of(data: bytes) -> dict[str, Parts]:
    """Parts of each sheet by its name; empty where the file is of another kind."""
    try:
        return _sheets(_stream(data))
    except (struct.error, IndexError, ValueError, OverflowError):
        return {}


# ------------------------------------------------------------------ the container


def _stream(data: bytes) -> bytes:
    """The stream ``Workbook`` of the compound file; nothing where it is too short for a place of its own."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    tables = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    while more < SECTOR_END and len(tables) < len(data) // size:
        *found, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        tables += found
    sectors: list[int] = []
    for table in tables:
        if table < SECTOR_END:
            sectors += struct.unpack_from(f"<{size // 4}I", data, (table + 1) * size)

    def chain(sector: int) -> bytes:
        parts = []
        while sector < SECTOR_END and len(parts) <= len(sectors):
            parts.append(data[(sector + 1) * size : (sector + 2) * size])
            sector = sectors[sector]
        return b"".join(parts)

    directory = chain(struct.unpack_from("<I", data, 48)[0])
    shortest = struct.unpack_from("<I", data, 56)[0]
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        begin, extent = struct.unpack_from("<II", directory, at + 116)
        if name == "Workbook" and extent >= shortest:
            return chain(begin)[:extent]
    return b""


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    for _ in range(MOST_RECORDS):
        if at + 4 > len(stream):
            return
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


# ------------------------------------------------------------------ the records


def _sheets(stream: bytes) -> dict[str, Parts]:
    """One walk over all records: formats first, then sheet by sheet in the order of the file."""
    names: dict[int, str] = {}
    percent_formats, shown = set(PERCENT_FORMATS), []
    sheets: dict[str, Parts] = {}
    current: Parts | None = None
    at = 0
    for kind, body in _records(stream):
        if kind == BOF:
            if struct.unpack_from("<H", body)[0] != BIFF8:
                return {}
            current = sheets.setdefault(names[at], Parts()) if at in names else None
        elif kind == BOUNDSHEET:
            names[struct.unpack_from("<I", body)[0]] = _text(body, 8, body[6])
        elif kind == FORMAT:
            if "%" in _text(body, 5, struct.unpack_from("<H", body, 2)[0]):
                percent_formats.add(struct.unpack_from("<H", body)[0])
        elif kind == XF:
            shown.append(struct.unpack_from("<H", body, 2)[0] in percent_formats)
        elif current is not None and kind in (NUMBER, RK, FORMULA):
            row, column, style = struct.unpack_from("<HHH", body)
            if style < len(shown) and shown[style]:
                current.percent.add((row + 1, column + 1))
            if kind == FORMULA and body[6:14] == bytes(8) and (formula := _formula(body)):
                current.formulas[row + 1, column + 1] = formula
        elif current is not None and kind == MULRK:
            row, first = struct.unpack_from("<HH", body)
            for number, place in enumerate(range(4, len(body) - 2, 6)):
                style = struct.unpack_from("<H", body, place)[0]
                if style < len(shown) and shown[style]:
                    current.percent.add((row + 1, first + number + 1))
        at += 4 + len(body)
    return sheets


def _text(body: bytes, at: int, length: int) -> str:
    """A string whose flags stand at ``at - 1`` … one byte or two bytes a character."""
    wide = body[at - 1] & 1
    return body[at : at + length * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")


def _formula(body: bytes) -> str:
    """The formula as text, in the words of :mod:`reports.intake.formulas`; empty where it holds anything else."""
    length = struct.unpack_from("<H", body, 20)[0]
    tokens = body[22 : 22 + length]
    stack: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        base = token & 0x1F | 0x20 if token >= 0x40 else token
        if token in _OPERATORS:
            if len(stack) < 2:
                return ""
            right, left = stack.pop(), stack.pop()
            stack.append(f"({left}{_OPERATORS[token]}{right})")
            size = 1
        elif token in (0x12, 0x15):  # plus sign and brackets change nothing
            size = 1
        elif token == 0x13 and stack:
            stack.append(f"(-{stack.pop()})")
            size = 1
        elif token == 0x17:
            wide, count = tokens[at + 2] & 1, tokens[at + 1]
            stack.append(f'"{_text(tokens, at + 3, count)}"')
            size = 3 + count * (2 if wide else 1)
        elif token == 0x1E:
            stack.append(str(struct.unpack_from("<H", tokens, at + 1)[0]))
            size = 3
        elif token == 0x1F:
            stack.append(f"{struct.unpack_from('<d', tokens, at + 1)[0]:f}")
            size = 9
        elif token == 0x19:
            if tokens[at + 1] & _ATTRIBUTE_CHOOSE:
                return ""
            if tokens[at + 1] & _ATTRIBUTE_SUM and stack:
                stack.append(f"SUM({stack.pop()})")
            size = 4
        elif base == 0x24:
            stack.append(_cell(*struct.unpack_from("<HH", tokens, at + 1)))
            size = 5
        elif base == 0x25:
            top, bottom, left, right = struct.unpack_from("<HHHH", tokens, at + 1)
            stack.append(f"{_cell(top, left)}:{_cell(bottom, right)}")
            size = 9
        elif base in (0x21, 0x22):
            count = tokens[at + 1] & 0x7F if base == 0x22 else 2
            name = _FUNCTIONS.get(
                struct.unpack_from("<H", tokens, at + (2 if base == 0x22 else 1))[0] & 0x7FFF
            )
            if name is None or len(stack) < count:
                return ""
            arguments = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(f"{name}({','.join(arguments)})")
            size = 4 if base == 0x22 else 3
        else:
            return ""
        at += size
        if sum(map(len, stack)) > _LONGEST:
            return ""
    return f"={stack[0]}" if len(stack) == 1 else ""


def _cell(row: int, column: int) -> str:
    return f"{get_column_letter((column & 0xFF) + 1)}{row + 1}"
