"""Copied text (雷同文字): sentences that two reports have nearly in the same words.

Pure functions of ``(id, section, sentences)``. :func:`find_copies` compares all reports of a round by MinHash and
locality-sensitive hashing (datasketch), so that its time grows with the number of sentences and not with the pairs of
reports; every candidate is then verified on the real shingles. :func:`copies_of` compares one report with the others
and needs no hashing. Years, figures and names of the units do not count as differences: whoever copies changes them.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

SHINGLE = 4
"""Characters of a shingle: shorter ones are shared by all Chinese prose."""
SHORTEST = 18
"""Sentences of fewer characters are set phrases (资金使用合规)."""
ALIKE = 0.72
"""Jaccard similarity of the shingles from which two sentences are the same one."""
PERMUTATIONS = 48
PARAMS = (12, 4)
"""Bands and rows: a sentence at 0.72 becomes a candidate with 98 %, one at 0.3 with 9 %."""
LEAST_COPIED = 60
"""Characters that a section must share with one other report to be worth a look."""
COMMON = 0.2
"""A sentence in more than a fifth of all reports is the notice's or the template's own wording."""
LEAST_COMMON = 6

_NOT_WORDS = re.compile(r"[^一-龥A-Za-z]+")


@dataclass(frozen=True)
class Text:
    """What one report says in one section."""

    report: Hashable
    section: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Copy:
    """A passage of one section that another report has nearly word for word."""

    report: Hashable
    section: str
    text: str
    other: Hashable
    other_section: str
    other_text: str

    @property
    def length(self) -> int:
        return len(self.text)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a section, line breaks and blanks taken out, with their final mark."""
    whole = re.sub(r"[ \t\u3000]+|(?<![。；;！？!?])\s*\n\s*", "", text)
    return tuple(part.strip() for part in re.split(r"(?<=[。；;！？!?])|\n", whole) if part.strip())


def bare(sentence: str, names: Iterable[str] = ()) -> str:
    """A sentence as it is compared: words only, without the unit's names."""
    for name in names:
        if len(name) > 1:
            sentence = sentence.replace(name, "")
    return _NOT_WORDS.sub("", sentence)


def shingles(words: str) -> frozenset[str]:
    return frozenset(words[start : start + SHINGLE] for start in range(len(words) - SHINGLE + 1))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard similarity."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def _hash(shingle: str) -> int:
    return zlib.crc32(shingle.encode())


@dataclass(frozen=True)
class _Spoken:
    """Where a sentence stands."""

    report: Hashable
    section: str
    position: int
    text: str


def find_copies(
    texts: Iterable[Text], names: Mapping[Hashable, Sequence[str]] | None = None
) -> dict[Hashable, list[Copy]]:
    """Copied passages by report, both ways. ``names`` are each report's own names, which do not count as words."""
    spoken = _spoken(texts, names or {})
    reports = {where.report for places in spoken.values() for where in places}
    limit = max(LEAST_COMMON, int(len(reports) * COMMON))
    groups = _groups(spoken, limit)
    pairs: dict[tuple[Hashable, str, Hashable], list[tuple[_Spoken, _Spoken]]] = defaultdict(list)
    for words, near in groups:
        everywhere = [place for one in near for place in spoken[one]]
        if len({place.report for place in everywhere}) > limit:
            continue
        for mine in spoken[words]:
            for theirs in everywhere:
                if theirs.report != mine.report:
                    pairs[mine.report, mine.section, theirs.report].append((mine, theirs))
    return _passages(pairs)


def _spoken(texts: Iterable[Text], names: Mapping[Hashable, Sequence[str]]) -> dict[str, list[_Spoken]]:
    """Every distinct sentence with where it stands; short ones are left out."""
    found: dict[str, list[_Spoken]] = defaultdict(list)
    for text in texts:
        own = names.get(text.report, ())
        for position, sentence in enumerate(text.sentences):
            words = bare(sentence, own)
            if len(words) >= SHORTEST:
                found[words].append(_Spoken(text.report, text.section, position, sentence))
    return found


def _groups(spoken: Mapping[str, list[_Spoken]], limit: int) -> Iterable[tuple[str, list[str]]]:
    """Each distinct sentence with those that are nearly the same, itself included."""
    from datasketch import MinHash, MinHashLSH  # numpy and scipy are loaded only where they are needed

    keys = list(spoken)
    sets = [shingles(words) for words in keys]
    index = MinHashLSH(num_perm=PERMUTATIONS, params=PARAMS)
    hashes = MinHash.bulk(
        ([_hash(one) for one in found] for found in sets), num_perm=PERMUTATIONS, hashfunc=_same
    )
    for number, made in enumerate(hashes):
        index.insert(number, made, check_duplication=False)
    near: list[list[int]] = [[number] for number in range(len(keys))]
    for number, made in enumerate(hashes):
        candidates = index.query(made)
        # Sentences of one mould in half the district cost no comparison each with each.
        if len(candidates) > limit * 20:
            continue
        for other in candidates:
            if other > number and alike(sets[number], sets[other]) >= ALIKE:
                near[number].append(other)
                near[other].append(number)
    for number, others in enumerate(near):
        yield keys[number], [keys[other] for other in others]


def _same(value: int) -> int:
    return value


def copies_of(
    report: Hashable, texts: Iterable[Text], names: Mapping[Hashable, Sequence[str]] | None = None
) -> list[Copy]:
    """Passages of one report that others have as well. Linear in the others' text."""
    spoken = _spoken(texts, names or {})
    own = {words: places for words, places in spoken.items() if any(one.report == report for one in places)}
    sets = {words: shingles(words) for words in own}
    index: dict[str, list[str]] = defaultdict(list)
    for words, found in sets.items():
        for one in found:
            index[one].append(words)
    reports = {where.report for places in spoken.values() for where in places}
    limit = max(LEAST_COMMON, int(len(reports) * COMMON))
    near: dict[str, list[str]] = defaultdict(list)
    for words in spoken:
        found = shingles(words)
        hits = Counter(mine for one in found for mine in index.get(one, ()))
        for mine, shared in hits.items():
            if shared / (len(found) + len(sets[mine]) - shared) >= ALIKE:
                near[mine].append(words)
    pairs: dict[tuple[Hashable, str, Hashable], list[tuple[_Spoken, _Spoken]]] = defaultdict(list)
    for mine, others in near.items():
        everywhere = [place for words in others for place in spoken[words]]
        if len({place.report for place in everywhere}) > limit:
            continue
        for place in own[mine]:
            if place.report != report:
                continue
            for theirs in everywhere:
                if theirs.report != report:
                    pairs[report, place.section, theirs.report].append((place, theirs))
    return _passages(pairs).get(report, [])


def _passages(
    pairs: Mapping[tuple[Hashable, str, Hashable], list[tuple[_Spoken, _Spoken]]],
) -> dict[Hashable, list[Copy]]:
    """Pairs of sentences put together by section, where they are long enough to be more than chance."""
    found: dict[Hashable, list[Copy]] = defaultdict(list)
    for (report, section, other), matched in pairs.items():
        matched.sort(key=lambda pair: (pair[0].position, pair[1].section, pair[1].position))
        once: dict[int, tuple[_Spoken, _Spoken]] = {}
        for mine, theirs in matched:
            once.setdefault(mine.position, (mine, theirs))
        ordered = [once[position] for position in sorted(once)]
        text = "".join(mine.text for mine, _ in ordered)
        if len(text) < LEAST_COPIED:
            continue
        found[report].append(
            Copy(
                report=report,
                section=section,
                text=text,
                other=other,
                other_section=ordered[0][1].section,
                other_text="".join(dict.fromkeys(theirs.text for _, theirs in ordered)),
            )
        )
    for copies in found.values():
        copies.sort(key=lambda copy: (copy.section, -copy.length, str(copy.other)))
    return dict(found)
