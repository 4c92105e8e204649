"""单位名称写错一个字: a name that differs from the unit's own by one character (龙潭镇 for 龙滩镇)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

OWN = re.compile(r"[一-龥]{2,3}(?:镇|乡|街道)(?=人民政府|办事处|$)")
NEIGHBOUR = re.compile(r"交界|毗邻|相邻|接壤|对口|结对|帮扶|协作|考察|学习|调研|交流|支援|援助|赴")
COUNTY = re.compile(r"^.*?(?:省|自治区|市|州|县|区|旗)(?=[一-龥]{2,3}(?:镇|乡|街道))")


@check(
    "misspelt-name",
    kind="foreign-unit",
    level=Level.WARNING,
    title="乡镇、街道名称与本单位只差一个字",
)
def misspelt_name(rule: Check, context: Context) -> Iterator[Finding]:
    own = OWN.search(COUNTY.sub("", context.dossier.profile.department))
    if own is None:
        return
    name = own[0]
    kind = "街道" if name.endswith("街道") else name[-1]
    seen: set[str] = set()
    for sentence in context.text.printed:
        if NEIGHBOUR.search(sentence.text):
            continue
        for at in (match.start() for match in re.finditer(kind, sentence.text)):
            start = at + len(kind) - len(name)
            other = sentence.text[max(start, 0) : at + len(kind)]
            differs = sum(one != two for one, two in zip(other, name, strict=False))
            if len(other) != len(name) or differs != 1 or other in seen:
                continue
            # One character apart in a name of two leaves one that must stand at a clause's head.
            if other[0] != name[0] or not re.match(r"[一-龥]+$", other):
                continue
            seen.add(other)
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{other}”，而本单位是“{name}”，只差一个字",
                evidence=[Evidence(value=sentence.excerpt(other), where=sentence.where)],
                fix="核对名称；确属别的单位的改写为本单位的情况",
            )
