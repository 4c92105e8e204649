"""Faces of an official paper (GB/T 9704-2012): which font files, in which order, and what to do with rare characters.

Order of choice, once per process:

1. a file with the name of a **licensed** face (:data:`LICENSED`) in one of the font folders;
2. the **prepared open set** (:data:`PREPARED`) in one of the font folders;
3. any CJK TrueType font installed on the system, with a warning;
4. reportlab's built-in CID font STSong-Light, with a warning (not embedded, the reader's program has to have it).

Font folders, in this order: ``$EVALSITE_FONT_DIR`` (an administrator's), ``$XDG_CACHE_HOME/evalsite/fonts`` or
``~/.cache/evalsite/fonts`` (made by ``make fonts``), ``var/fonts`` of the repository. No Django settings are needed.

A character that the chosen face lacks is drawn with the first other face that has it; one that no face has becomes
``〓`` (the printers' mark for a missing type), so that nothing vanishes silently.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

Role = Literal["title", "song", "fang", "kai", "hei"]
"""Use of a face: 小标宋 title, 宋体 page number, 仿宋 body, 楷体 second heading, 黑体 first heading."""

ROLES: tuple[Role, ...] = ("title", "song", "fang", "kai", "hei")

PREPARED: dict[str, str] = {
    "title": "FandolSong-Bold.ttf",
    "song": "FandolSong-Regular.ttf",
    "fang": "FandolFang-Regular.ttf",
    "kai": "FandolKai-Regular.ttf",
    "hei": "FandolHei-Regular.ttf",
    "fallback": "BabelStoneHan.ttf",
}
"""The open set: file names as ``scripts/prepare_fonts.py`` writes them."""

LICENSED: dict[str, tuple[str, ...]] = {
    "title": ("方正小标宋简体.ttf", "FZXiaoBiaoSong-B05S.ttf", "FZXBSJW.ttf", "小标宋.ttf"),
    "song": ("宋体.ttf", "simsun.ttc", "simsun.ttf"),
    "fang": ("仿宋_GB2312.ttf", "FangSong_GB2312.ttf", "仿宋.ttf", "simfang.ttf"),
    "kai": ("楷体_GB2312.ttf", "KaiTi_GB2312.ttf", "楷体.ttf", "simkai.ttf"),
    "hei": ("黑体.ttf", "simhei.ttf"),
    "fallback": ("simsunb.ttf",),
}
"""Names under which an administrator may drop in licensed faces; upper or lower case does not matter."""

MISSING = "〓"

# Words in the names of installed fonts that say which of them fits a role best.
_LOOKS: dict[str, tuple[str, ...]] = {
    "title": ("xiaobiaosong", "song", "ming", "serif", "sung"),
    "song": ("song", "ming", "serif", "sung"),
    "fang": ("fang", "song", "ming", "serif"),
    "kai": ("kai", "wenkai", "song", "ming"),
    "hei": ("hei", "gothic", "sans", "zenhei"),
}
_INSTALLED_IN = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_SAMPLE = "绩效自评预算"

_lock = threading.Lock()
drawing = threading.RLock()
"""Held while a document is drawn: reportlab's font objects keep a reading position and are shared by all threads."""


@dataclass(slots=True)
class Face:
    """A registered font. ``measure`` gives the advance of a character in 1/1000 of the size."""

    name: str
    has: Callable[[int], bool]
    measure: Callable[[int], float]
    embedded: bool = True


@dataclass(slots=True)
class Typeface:
    """A role's face followed by those that stand in for its missing characters."""

    role: Role
    faces: tuple[Face, ...]
    _known: dict[str, tuple[str, str, float]] = field(default_factory=dict)

    def look_up(self, char: str) -> tuple[str, str, float]:
        """Font name, the character to draw (or its substitute) and its width as a part of the size."""
        found = self._known.get(char)
        if found is None:
            found = self._known[char] = self._find(char)
        return found

    def width(self, char: str) -> float:
        """Advance of one character at size 1."""
        return self.look_up(char)[2]

    def has(self, char: str) -> bool:
        """Is there a glyph for this very character in any face?"""
        return any(face.has(ord(char)) for face in self.faces)

    def runs(self, text: str) -> Iterator[tuple[str, str]]:
        """The text in pieces of one font each: ``(font name, text)``."""
        name, piece = "", []
        for char in text:
            font, drawn, _ = self.look_up(char)
            if font != name and piece:
                yield name, "".join(piece)
                piece = []
            name = font
            piece.append(drawn)
        if piece:
            yield name, "".join(piece)

    def _find(self, char: str) -> tuple[str, str, float]:
        for candidate in (char, unicodedata.normalize("NFKC", char), MISSING, "?"):
            if len(candidate) != 1:
                continue
            for face in self.faces:
                if face.has(ord(candidate)):
                    return face.name, candidate, face.measure(ord(candidate)) / 1000
        return self.faces[0].name, "?", 0.5


@dataclass(frozen=True, slots=True)
class FontSet:
    """The faces of this process."""

    typefaces: dict[Role, Typeface]
    source: Literal["official", "installed", "built-in"]
    files: dict[str, Path]

    def __getitem__(self, role: Role) -> Typeface:
        return self.typefaces[role]


def fonts() -> FontSet:
    """The registered faces; chosen and registered by the first call, the same ever after."""
    with _lock:
        return _chosen()


@cache
def _chosen() -> FontSet:
    _mend_reportlab()
    return _register()


def missing_characters(text: str, role: Role = "fang") -> list[str]:
    """Characters of the text that no face can draw, for start-up checks and tests."""
    typeface = fonts()[role]
    return sorted({char for char in text if not char.isspace() and not typeface.has(char)})


def font_folders() -> list[Path]:
    """Folders that are searched, best first; they need not exist."""
    folders = []
    if chosen := os.environ.get("EVALSITE_FONT_DIR"):
        folders.append(Path(chosen).expanduser())
    if cache := os.environ.get("XDG_CACHE_HOME"):
        folders.append(Path(cache) / "evalsite" / "fonts")
    elif home := os.environ.get("HOME"):
        folders.append(Path(home) / ".cache" / "evalsite" / "fonts")
    folders.append(Path(__file__).resolve().parents[2] / "var" / "fonts")
    return folders


def official_files(folders: Iterable[Path] | None = None) -> dict[str, Path]:
    """Role → file of the licensed or the prepared set; only what is there. A licensed file wins in any folder."""
    listed: list[dict[str, Path]] = []
    for folder in font_folders() if folders is None else folders:
        try:
            listed.append(
                {entry.name.lower(): entry for entry in sorted(folder.iterdir()) if entry.is_file()}
            )
        except OSError:
            continue
    found: dict[str, Path] = {}
    for role in PREPARED:
        for name in (*LICENSED[role], PREPARED[role]):
            place = next((names[name.lower()] for names in listed if name.lower() in names), None)
            if place is not None:
                found[role] = place
                break
    return found


def installed_files() -> list[Path]:
    """TrueType files of the system that may hold Chinese, in a fixed order."""
    try:
        answer = subprocess.run(
            ["fc-list", ":lang=zh-cn", "file"],  # noqa: S607  fontconfig lies elsewhere on each system
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        ).stdout
        paths = {Path(line.split(":")[0].strip()) for line in answer.splitlines() if line.strip()}
    except (OSError, subprocess.SubprocessError):
        paths = set()
    if not paths:
        for folder in _INSTALLED_IN:
            paths.update(path for path in Path(folder).expanduser().rglob("*") if path.is_file())
    return sorted(path for path in paths if path.suffix.lower() in (".ttf", ".ttc"))


def _register() -> FontSet:
    files = official_files()
    loaded: dict[str, Face] = {}
    for role, path in files.items():
        face = _load(f"Evalsite-{role}", path)
        if face is not None:
            loaded[role] = face
    absent = [role for role in ROLES if role not in loaded]
    if not absent:
        return _compose(loaded, "official", files)
    substitutes = _installed_faces(absent)
    if substitutes:
        _warn(
            "the official font set is not complete (missing: "
            + ", ".join(PREPARED[role] for role in absent)
            + "); "
            "an installed CJK font is used. Run `make fonts`, or set EVALSITE_FONT_DIR"
        )
        loaded.update(substitutes)
        return _compose(loaded, "installed", files)
    if loaded:
        _warn("the official font set is not complete; its other faces stand in. Run `make fonts`")
        first = next(loaded[role] for role in ("fang", "song", *PREPARED) if role in loaded)
        loaded.update(dict.fromkeys(absent, first))
        return _compose(loaded, "official", files)
    _warn(
        "no Chinese TrueType font found; the built-in font STSong-Light is used, which is not embedded in the PDF "
        "and lacks rare characters. Run `make fonts`, or set EVALSITE_FONT_DIR"
    )
    built_in = _built_in()
    return _compose(dict.fromkeys(ROLES, built_in), "built-in", {})


def _compose(
    loaded: dict[str, Face], source: Literal["official", "installed", "built-in"], files: dict[str, Path]
) -> FontSet:
    typefaces: dict[Role, Typeface] = {}
    for role in ROLES:
        order = (role, "fallback", "song", "fang", "hei", "kai", "title")
        faces = {loaded[name].name: loaded[name] for name in order if name in loaded}
        typefaces[role] = Typeface(role, tuple(faces.values()))
    return FontSet(typefaces, source, files)


def _installed_faces(absent: list[Role]) -> dict[str, Face]:
    """The best installed face per role, and one with many characters as the fallback."""
    usable: dict[Path, Face] = {}
    for path in installed_files():
        face = _load(f"Evalsite-{path.stem}", path)
        if face is not None and all(face.has(ord(char)) for char in _SAMPLE):
            usable[path] = face
        if len(usable) >= 8:
            break
    if not usable:
        return {}
    found: dict[str, Face] = {}
    for role in absent:
        looks = _LOOKS[role]

        def rank(path: Path, looks: tuple[str, ...] = looks) -> tuple[int, str]:
            name = path.name.lower()
            return next((place for place, word in enumerate(looks) if word in name), len(looks)), name

        found[role] = usable[min(usable, key=rank)]
    rare = "〇䶮㛃𬭎𫖯"
    widest = max(usable, key=lambda path: (sum(usable[path].has(ord(char)) for char in rare), path.name))
    found["fallback"] = usable[widest]
    return found


def _load(name: str, path: Path) -> Face | None:
    """Register one TrueType file; ``None`` when it has no glyf outlines or cannot be read."""
    try:
        font = ttfonts.TTFont(name, str(path), shapable=False)
    except (ttfonts.TTFError, OSError, ValueError, IndexError, KeyError):
        return None
    pdfmetrics.registerFont(font)
    face = font.face
    # Subsetting reads the same tables again for every document.
    face.get_table = cache(face.get_table)
    glyphs = face.charToGlyph
    return Face(name, glyphs.__contains__, face.getCharWidth)


def _built_in() -> Face:
    font = UnicodeCIDFont("STSong-Light")
    pdfmetrics.registerFont(font)

    def has(code: int) -> bool:
        try:
            chr(code).encode("gbk")
        except UnicodeEncodeError:
            return False
        return code < 0x10000

    return Face(font.fontName, has, lambda code: font.stringWidth(chr(code), 1000), embedded=False)


def _warn(message: str) -> None:
    print(f"evalsite: {message}.", file=sys.stderr)


def _mend_reportlab() -> None:
    ttfonts.makeToUnicodeCMap = to_unicode_map
    # Streams as bytes, not as letters: a quarter smaller and quicker.
    rl_config.useA85 = 0


def to_unicode_map(fontname: str, subset: list[int]) -> str:
    """Replacement of reportlab's function: its own writes characters above U+FFFF as five hexadecimal digits.

    Such a character (𬭎) is printed, but cannot be copied or searched. The map wants UTF-16BE, and at most 100 entries
    in a block (Adobe Technical Note 5014).
    """
    entries = [
        f"<{place:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>"
        for place, code in enumerate(subset)
        if code and not 0xD800 <= code <= 0xDFFF
    ]
    blocks: list[str] = []
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({fontname})",
            f"/Ordering ({fontname})",
            "/Supplement 0",
            ">> def",
            f"/CMapName /{fontname} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )
