"""Text for a terminal: columns, wrapping and rules where Chinese characters take two places."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from django.core.management.base import OutputWrapper

from reports.intake.wording import width

WIDTH = 100
_NEVER_FIRST = "，。、；：！？）》”’」】%％"
_NEVER_LAST = "（《“‘「【"
_HANGING = 2
"""Room kept at the end of a line for one closing mark."""


class ProgressBar:
    """One line of a terminal that tells how far a long command is; silent where nobody watches (a file, a pipe)."""

    def __init__(self, stream: OutputWrapper, total: int, *, size: int = 30) -> None:
        self.stream, self.total, self.size = stream, total, size
        self.started = time.monotonic()
        self.watched = stream.isatty()

    def show(self, done: int) -> None:
        """Draw the line anew."""
        if not self.watched:
            return
        filled = self.size * done // self.total
        seconds = (time.monotonic() - self.started) / done * (self.total - done)
        left = f"约剩{seconds:.0f}秒" if done < self.total else ""
        self._write(f"\r\x1b[K[{'#' * filled}{'.' * (self.size - filled)}] {done}/{self.total} {left}")

    def clear(self) -> None:
        """Take the line away, so that a message can stand in its place."""
        if self.watched:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self.stream.write(text, ending="")
        self.stream.flush()


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Text filled up to a number of columns."""
    fill = " " * max(0, columns - width(text))
    return fill + text if right else text + fill


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most that many columns; no closing mark begins one, no opening mark ends one, a number is not cut."""
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for token in _tokens(part):
            closing = token[0] in _NEVER_FIRST
            if line and width(line) + width(token) > (columns if closing else columns - _HANGING):
                kept = line.rstrip(_NEVER_LAST) or line
                lines.append(kept.rstrip())
                line = line[len(kept) :]
            while width(token) > columns:
                head = _head(token, columns)
                lines.append(head)
                token = token[len(head) :]
            line += token
        lines.append(line.rstrip())
    return lines


def indented(text: str, indent: int, first: str = "") -> list[str]:
    """A paragraph with a hanging indent; ``first`` stands in the indent of its first line."""
    lines = wrap(text, WIDTH - indent)
    return [(pad(first, indent) if index == 0 else " " * indent) + line for index, line in enumerate(lines)]


def table(rows: Iterable[Sequence[str]], columns: Sequence[int], right: Sequence[bool] = ()) -> list[str]:
    """Rows whose cells wrap inside their columns, two places apart."""
    printed = []
    for row in rows:
        cells = [wrap(cell, size) for cell, size in zip(row, columns, strict=True)]
        for number in range(max(len(cell) for cell in cells)):
            parts = [
                pad(
                    cell[number] if number < len(cell) else "",
                    size,
                    right=index < len(right) and right[index],
                )
                for index, (cell, size) in enumerate(zip(cells, columns, strict=True))
            ]
            printed.append("  ".join(parts).rstrip())
    return printed


def _tokens(text: str) -> list[str]:
    """Single wide characters, and runs of narrow ones that stay together."""
    tokens: list[str] = []
    run = ""
    for sign in text:
        if width(sign) == 1 and not sign.isspace():
            run += sign
            continue
        if run:
            tokens.append(run)
            run = ""
        tokens.append(sign)
    return [*tokens, run] if run else tokens


def _head(token: str, columns: int) -> str:
    head = ""
    for sign in token:
        if width(head) + width(sign) > columns:
            break
        head += sign
    return head or token[0]
