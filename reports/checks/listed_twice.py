"""同一机构列在两处: one body named both among the internal offices and among the subordinate units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

LIST = re.compile(
    r"(?P<what>内设|下设|下属|直属|所属|二级)(?P<kind>[一-龥]{0,14}?)(?:\d+|[一二三四五六七八九十]+)?个?[一-龥]{0,10}?"
    r"(?:，|,)?(?:分别是|分别为|包括|有|为|即)?[：:]?(?P<items>[一-龥（）()\w]{3,}(?:、[一-龥（）()\w]{2,})+)"
)
BODY = re.compile(r"^[一-龥]{2,}(?:中心|大队|支队|支局|分局|服务站|所|站|局|院|馆|校|科|股|室)$")


@check(
    "listed-twice",
    kind="count",
    level=Level.WARNING,
    title="同一机构既列为内设机构又列为直属单位",
)
def listed_twice(rule: Check, context: Context) -> Iterator[Finding]:
    where_listed: dict[str, tuple[str, str]] = {}
    told: set[str] = set()
    for sentence in context.text.printed:
        if sentence.key not in ("profile", "overview", "other"):
            continue
        for match in LIST.finditer(re.sub(r"[（(][^）)]*[）)]", "", sentence.text)):
            for item in re.split(r"、|和(?=[一-龥]{3,}$)", match["items"]):
                name = re.sub(r"^.*[：:]|等$", "", item)
                if not BODY.match(name) or len(name) < 4:
                    continue
                before = where_listed.setdefault(name, (match["what"], sentence.text))
                inside = {before[0], match["what"]} & {"内设"}
                if before[0] == match["what"] or not inside or name in told:
                    continue
                told.add(name)
                yield rule.finding(
                    sentence.where,
                    f"“{name}”既列在{before[0]}机构中，又列在{match['what']}单位中，机构数重复计算",
                    evidence=[
                        Evidence(value=before[1][:80], where=sentence.where),
                        Evidence(value=sentence.excerpt(name), where=sentence.where),
                    ],
                    fix="核对它是内设机构还是直属单位，只列一处",
                )
