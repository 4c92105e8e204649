"""名词解释用错: a kind of income or expenditure explained with the standard explanation of another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.words import Term, terms
from reports.findings import Evidence, Finding, Level

HEAD = re.compile(r"(?:^|[。；：:、.．）)\d]|[（(])$")
REACH = 90
"""Characters after a term in which its explanation is looked for."""


@check(
    "definition-mixed",
    kind="definition",
    level=Level.WARNING,
    title="收入、支出的名词解释用了别的名词的定义",
    source="部门决算公开说明的名词解释",
    version=2,
)
def definition_mixed(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    known = {name: term for term in terms() for name in (term.name, *term.aliases)}
    names = re.compile("|".join(sorted(map(re.escape, known), key=len, reverse=True)))
    for paragraph in context.text.paragraphs:
        # «1.基本支出：指…» may have been read as a heading with its text.
        text = f"{paragraph.title}：{paragraph.text}" if paragraph.text.startswith("指") else paragraph.text
        # A term is explained at the head of its clause; in the middle it is only spoken of.
        hits = [hit for hit in names.finditer(text) if HEAD.search(text[: hit.start()])]
        for number, hit in enumerate(hits):
            term = known[hit[0]]
            if term.name in seen:
                continue
            end = hits[number + 1].start() if number + 1 < len(hits) else len(text)
            words = text[hit.end() : min(end, hit.end() + REACH)]
            other = _other(term, words)
            if other is None:
                continue
            seen.add(term.name)
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”解释“{term.name}”时写“{other[1]}”，这是“{other[0].name}”的定义",
                evidence=[Evidence(value=hit[0] + words, where=paragraph.where)],
                fix=f"改用“{term.name}”的定义，或核对这笔资金应列入哪一项",
            )


def _other(term: Term, words: str) -> tuple[Term, str] | None:
    """The term whose marks stand here while none of the term's own do."""
    if any(mark in words for mark in term.marks):
        return None
    for other in terms():
        mark = next((mark for mark in other.marks if mark in words), "")
        if other is not term and mark:
            return other, mark
    return None
