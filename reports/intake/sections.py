"""A plain text cut into numbered sections: hard line breaks joined, headings told from list items.

The reader sees only typography: numbering (``一、`` ``（一）`` ``1、`` ``（1）``), lengths of lines, final
marks, and the title words of :mod:`reports.intake.lexicon`. A number inside a line or at the beginning of a
broken line is no numbering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reports.intake.lexicon import chapter_key, title_key
from reports.intake.wording import continues_number, fold, integer, join, tidy, width

HAN = "一二三四五六七八九十"
MARKS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?P<mark>第(?P<number>[{HAN}]{{1,3}})(?:部分|章|节)[、.．：: ]?)"),
    re.compile(rf"(?P<mark>(?P<number>[{HAN}]{{1,3}})[、.．])"),
    re.compile(rf"(?P<mark>[（(](?P<number>[{HAN}]{{1,3}})[）)][、.．]?)"),
    re.compile(r"(?P<mark>(?P<number>\d{1,2})[、.．](?!\d))"),
    re.compile(r"(?P<mark>[（(](?P<number>\d{1,2})[）)][、.．]?|(?P<bare>\d{1,2})[）)][、.．]?)"),
    re.compile(r"(?P<mark>(?P<number>[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]))"),
)
"""Numbering by depth; two depths never share a sign."""
SPOKEN = re.compile(rf"(?P<mark>[{HAN}]是(?:要)?|第[{HAN}]，|首先，|其次，|再次，|最后，)")
"""Numbering inside running text; it begins a paragraph, never a section."""

FINAL = re.compile(r"[。！？!?；;：:…][”’）)》]?$|[。！？][”’]$|”$")
SENTENCE_END = re.compile(r"(?<=[。！？!?])(?![”’）)》])|(?<=[。！？!?][”’）)》])")
PAGE_NUMBER = re.compile(
    r"^(?:[-—–－·]\s*\d{1,3}\s*[-—–－·]|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3})$"
)
_CONTENTS = re.compile(r"^目录[：:]?$")
ENTRY = re.compile(r"(?:[.．·…—_-]{3,}|…|\t| {2,}|\u3000)\s*[（(]?\d{1,3}[）)]?$")
"""A title, what leads to the right margin, and a page number."""
STARTS_INSIDE = re.compile(r"^(?:万元|亿元|元|%|％|[，。；：、！？）》”’)])")
DATE_LINE = re.compile(r"^20\d\d年\d{1,2}月(?:\d{1,2}日)?$")
TITLE_ENDING = re.compile(
    r"(?:情况|分析|目的|过程|概况|职责|职能|设置|构成|指标|目标|方面|效益|措施|问题|建议|依据|程序|方法|结论|原因|评价|成效)$"
)

TITLE_OF_PAPER = re.compile(r"(?:报告|说明|总结|自评表)$")
ROW_OF_FIGURES = re.compile(r"\d[\d,]*(?:\.\d+)? \d")
"""Two numbers side by side: a row of a table and no heading."""
ROW_OF_TITLES = re.compile(r"(?:分值|权重|满分).*得分|指标.*(?:分值|权重)")
"""Titles of columns, side by side."""

LONGEST_TITLE = 32
LEAST_WIDTH = 36
"""Columns of a full line in a text with hard breaks, at least (18 characters)."""
INDENT = 4
"""Columns of a paragraph's first indent."""
WIDEST_PAGE = 110
"""Columns that a printed line has at most."""
LISTS = frozenset({"problems", "measures", "purpose", "process"})
"""Chapters without sections below them: a number there begins an item."""
BELOW = {"performance": frozenset({"performance", "problems", "measures"})}
"""What may stand as a section of its own below a chapter; where nothing is said, everything."""
ACCOUNTS = re.compile(
    r"^(?:部门|单位|本?年度?|资金|预算|决算|财务|总体|经费|整体|财政拨款|的|和|及|“?三公”?)*(?:收支|收入支出|收入|支出|三公”?经费|公用经费|[、和及])+"
    r"(?:预算|决算|执行)*(?:总体)?(?:情况|概况)(?:说明)?$"
)
"""A section on the accounts, wherever it stands."""


@dataclass
class Passage:
    """One sentence. ``used``: everything in it has become data, so that it need not be told again."""

    text: str
    used: bool = False


@dataclass
class Paragraph:
    """Text between two breaks, with the number before it when it is an item of a list."""

    mark: str
    passages: list[Passage]

    @property
    def text(self) -> str:
        return "".join(passage.text for passage in self.passages)

    @property
    def rest(self) -> str:
        """What has not become data, with its number."""
        left = "".join(passage.text for passage in self.passages if not passage.used)
        return f"{self.mark}{left}" if left else ""


@dataclass
class Block:
    """A section with its paragraphs and the sections below it."""

    mark: str = ""
    title: str = ""
    depth: int = -1
    key: str | None = None
    parent: Block | None = None
    paragraphs: list[Paragraph] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Numbers from the chapter down: ``四（一）1``."""
        own = self.mark.rstrip("、.．：: ").replace("(", "（").replace(")", "）")
        return (self.parent.path if self.parent else "") + own

    @property
    def place(self) -> str:
        """Where a reader of the paper finds it: ``四（一）1 项目资金使用情况分析``."""
        return f"{self.path} {self.title}".strip() or "正文开头"

    def walk(self) -> Iterator[Block]:
        """This section and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def passages(self) -> Iterator[Passage]:
        """Sentences of this section alone."""
        return (passage for paragraph in self.paragraphs for passage in paragraph.passages)


@dataclass(frozen=True)
class _Line:
    text: str
    indented: bool
    after_blank: bool


@dataclass
class _Piece:
    """A logical paragraph while it is put together."""

    depth: int | None
    mark: str
    text: str
    lines: int = 1


# ------------------------------------------------------------------ lines to paragraphs


def without_contents(text: str) -> str:
    """The text without its table of contents (目录): entries with a page number, or with titles that come again."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if not _CONTENTS.match(tidy(fold(line))):
            continue
        end = index + 1
        while end < len(lines) and _is_entry(lines, end):
            end += 1
        if any(line.strip() for line in lines[index + 1 : end]):
            return "\n".join([*lines[:index], *lines[end:]])
    return text


def _is_entry(lines: list[str], index: int) -> bool:
    """Whether a line is blank or an entry of the contents."""
    line = fold(lines[index]).strip()
    if not line or PAGE_NUMBER.match(line) or ENTRY.search(line):
        return True
    if index + 1 < len(lines) and ENTRY.search(fold(lines[index + 1]).strip()) and not FINAL.search(line):
        return True  # an entry of two lines
    title = re.sub(r"\s", "", line)
    return len(title) <= LONGEST_TITLE + 10 and any(
        re.sub(r"\s", "", fold(other)).startswith(title) for other in lines[index + 1 :]
    )


def _lines(text: str) -> list[_Line]:
    """Lines with text, page numbers left out."""
    found: list[_Line] = []
    blank = True
    for raw in fold(text).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n"):
        line = tidy(raw)
        if not line or PAGE_NUMBER.match(line):
            blank = blank or not line
            continue
        found.append(_Line(line, bool(re.match(r"[ \t]{2}|[\u3000\t]", raw)), blank))
        blank = False
    return found


def _marked(line: str) -> tuple[int, str, str] | None:
    """Depth, number and rest of a line that begins with a number."""
    for depth, pattern in enumerate(MARKS):
        match = pattern.match(line)
        if match:
            return depth, match["mark"], line[match.end() :].strip()
    return None


def _value(mark: str) -> int:
    signs = re.sub(rf"[^\d{HAN}]", "", mark)
    return integer(signs) or (ord(mark[0]) - ord("①") + 1 if "①" <= mark[:1] <= "⑳" else 0)


class _Joiner:
    """Decides for each line whether it goes on with the one before."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = lines
        widths = sorted(width(line.text) for line in lines)
        self.full = widths[int(len(widths) * 0.85)] if widths else 0
        self.edge = self._edge(widths)
        self.wrapped = self._is_wrapped()
        blanks = sum(line.after_blank for line in lines)
        self.blank_means_break = blanks < len(lines) * 0.6
        indents = sum(line.indented for line in lines)
        self.indent_means_break = indents < len(lines) * 0.6
        self.last: dict[int, int] = {}

    def _is_wrapped(self) -> bool:
        """Whether the text has hard breaks inside its sentences; lines of a few words are titles and short answers."""
        if self.full < LEAST_WIDTH:
            return False
        running = [
            index
            for index, line in enumerate(self.lines[:-1])
            if not FINAL.search(line.text)
            and width(line.text) > self.full * 0.7
            and _marked(self.lines[index + 1].text) is None
        ]
        return len(running) > max(2, len(self.lines) * 0.2)

    def _edge(self, widths: list[int]) -> int:
        """Where lines are cut off; 0 where no two of the widest end inside a sentence."""
        widest = widths[-1] if widths else 0
        cut_off = [
            line
            for line in self.lines
            if width(line.text) >= widest - INDENT - 3 and not FINAL.search(line.text)
        ]
        return widest if len(cut_off) >= 2 and widest <= WIDEST_PAGE else 0

    def pieces(self) -> list[_Piece]:
        """All logical paragraphs."""
        done: list[_Piece] = []
        previous: _Line | None = None
        for line in self.lines:
            marked = self._accepted(line, previous)
            if marked:
                depth, mark, rest = marked
                self._count(depth, mark)
                done.append(_Piece(depth, mark, rest))
            elif done and previous and not self._begins(line, previous, done[-1]):
                done[-1].text = join(done[-1].text, line.text)
                done[-1].lines += 1
            else:
                done.append(_Piece(None, "", line.text))
            previous = line
        return done

    def _accepted(self, line: _Line, previous: _Line | None) -> tuple[int, str, str] | None:
        """The number of a line, unless it is the rest of a broken one."""
        marked = _marked(line.text)
        if marked is None or previous is None or not self.wrapped or self._is_short(previous):
            return marked
        depth, mark, _ = marked
        value = _value(mark)
        expected = value in (1, self.last.get(depth, 0) + 1)
        return marked if expected or FINAL.search(previous.text) else None

    def _count(self, depth: int, mark: str) -> None:
        self.last[depth] = _value(mark)
        for deeper in [key for key in self.last if key > depth]:
            del self.last[deeper]

    def _is_short(self, line: _Line) -> bool:
        return width(line.text) < self.full - 6

    def _begins(self, line: _Line, previous: _Line, piece: _Piece) -> bool:
        """Whether an unnumbered line begins a paragraph of its own."""
        if STARTS_INSIDE.match(line.text):
            return False
        if DATE_LINE.match(line.text):
            return True
        final = bool(FINAL.search(previous.text))
        if not self.wrapped:
            cut_off = self.edge and width(previous.text) >= self.edge - INDENT - 3
            return final or not cut_off or _looks_like_title(piece)
        if final and len(line.text) <= LONGEST_TITLE // 2 and _is_plain(line.text) and title_key(line.text):
            return True
        if (
            previous.text[-1].isdigit()
            and line.text[0].isdigit()
            and continues_number(previous.text, line.text)
        ):
            return False
        if SPOKEN.match(line.text) and final:
            return True
        if _looks_like_title(piece) and self._is_short(previous):
            return True
        if final and (self._is_short(previous) or (self.indent_means_break and line.indented)):
            return True
        return self.blank_means_break and line.after_blank and (final or self._is_short(previous))


def _is_plain(text: str) -> bool:
    """No mark inside, as in a heading of its own line."""
    return not re.search(r"[，。；：:！？]", text)


def _looks_like_title(piece: _Piece) -> bool:
    """A short text without marks inside, as headings are."""
    body = piece.text.rstrip("。：: ")
    if not body or len(body) > 40 or re.search(r"[，。；！？]", body):
        return False
    if piece.depth is None:
        return bool(re.search(r"(?:报告|说明|自评表)$", body)) or (
            len(body) <= 16 and title_key(body) is not None
        )
    return piece.depth <= 2 or title_key(body) is not None or bool(TITLE_ENDING.search(body))


# ------------------------------------------------------------------ paragraphs to sections

Heading = tuple[str, str]
"""Title, and text that stands behind it in the same paragraph."""


def _heading(piece: _Piece, following: _Piece | None) -> Heading | None:
    """A paragraph that is a heading; ``None`` for running text and for an item of a list."""
    if piece.depth is None:
        return _unnumbered_heading(piece)
    if ROW_OF_FIGURES.search(piece.text):
        return None
    first = re.split(r"[。：:]", piece.text, maxsplit=1)
    title, rest = first[0].strip(), (first[1].strip() if len(first) > 1 else "")
    if not title or len(title) > LONGEST_TITLE or re.search(r"[，；,;]", title):
        return None
    opens = following is not None and (following.depth is None or following.depth > piece.depth)
    known = title_key(title) is not None or bool(
        chapter_key(title) and TITLE_ENDING.search(title) and piece.depth <= 2
    )
    if piece.depth <= 2:
        return (title, rest) if known or not (rest or FINAL.search(piece.text)) else None
    ends = bool(TITLE_ENDING.search(title))
    if known and ends and (rest or opens or following is None or following.depth < piece.depth):
        return title, rest
    return (title, "") if ends and opens and not FINAL.search(piece.text) else None


def _unnumbered_heading(piece: _Piece) -> Heading | None:
    """A line of its own that is nothing but a known title."""
    title = piece.text
    if (
        piece.lines > 1
        or ROW_OF_FIGURES.search(title)
        or ROW_OF_TITLES.search(title)
        or len(title) > LONGEST_TITLE // 2
        or re.search(r"[，。；：:,;]", title)
        or TITLE_OF_PAPER.search(title)
    ):
        return None
    return (title, "") if title_key(title) else None


def _key(title: str, parent: Block) -> str | None:
    """Section of the outline; a chapter of findings or results keeps what stands below it for itself."""
    key = chapter_key(title)
    chapter: Block | None = parent
    while chapter is not None and chapter.key is None:
        chapter = chapter.parent
    allowed = None if chapter is None else BELOW.get(chapter.key or "")
    if allowed is None or key in allowed or (key == "finance" and ACCOUNTS.match(title)):
        return key
    return None


def _sentences(text: str) -> list[Passage]:
    return [Passage(part) for part in SENTENCE_END.split(text) if part]


def _parent(current: Block, depth: int) -> Block:
    """The section under which one of that depth stands."""
    while current.parent is not None and current.depth >= depth:
        current = current.parent
    return current


def _inside_list(block: Block) -> bool:
    """Whether numbered paragraphs of this section are items: problems, measures and the like are lists."""
    inner: Block | None = block
    while inner is not None:
        if inner.key in LISTS:
            return True
        inner = inner.parent
    return False


def _is_half(block: Block, title: str) -> bool:
    """«（一）存在问题» and «（二）改进措施» below a chapter that names both are sections of their own."""
    joint = block.key == "measures" and re.search(r"问题|结论|评价|自评", block.title)
    return bool(joint) and title_key(title) in ("problems", "measures", "performance")


def mark_depth(mark: str) -> int:
    """How deep a number of this form stands; deeper than all for none."""
    return next((depth for depth, pattern in enumerate(MARKS) if pattern.match(mark)), len(MARKS))


def cut(text: str) -> Block:
    """The whole text as a tree; the root holds what stands before the first section."""
    root = Block()
    current = root
    pieces = _Joiner(_lines(text)).pieces()
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        heading = _heading(piece, following)
        parent = _parent(current, 1 if piece.depth is None else piece.depth)
        half = heading is not None and _is_half(parent, heading[0])
        if heading is None or (_inside_list(parent) and not half):
            current.paragraphs.append(Paragraph(piece.mark, _sentences(piece.text)))
            continue
        title, rest = heading
        current = Block(
            piece.mark, title, 1 if piece.depth is None else piece.depth, _key(title, parent), parent
        )
        parent.children.append(current)
        if rest:
            current.paragraphs.append(Paragraph("", _sentences(rest)))
    return root


def section_key(block: Block | None) -> str | None:
    """Key of a section, or of the nearest known one above it."""
    while block is not None and block.key is None:
        block = block.parent
    if block is None:
        return None
    return "profile" if block.key in ("duties", "offices", "staff") else block.key


def chain(block: Block) -> str:
    """Titles from the chapter down, one a line."""
    above = chain(block.parent) if block.parent is not None and block.parent.parent is not None else ""
    return f"{above}\n{block.title}".strip()
