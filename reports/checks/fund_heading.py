"""标题与资金口径不符: money that is no 一般公共预算 told under a heading that speaks of nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.findings import Evidence, Finding, Level

HEADING = re.compile(r"一般公共预算|政府性基金|国有资本经营|社会保险基金")
FUNDS = {
    "一般公共预算": re.compile(
        r"(?P<other>其他资金|其他收入|事业收入|经营收入|上级补助收入|单位资金|自有资金|自筹资金|非财政拨款|财政专户(?:管理)?资金"
        r"|政府性基金(?:预算)?(?:财政)?(?:拨款)?(?:收入|支出)?)(?:用于[^，。；\d]{0,20})?(?:收入|安排|列支|的|支出)*(?:为|共|合计|：)?(?P<amount>\d[\d,]*(?:\.\d+)?)(?:万元|元)"
    ),
    "政府性基金": re.compile(
        r"(?P<other>其他资金|事业收入|经营收入|单位资金|自有资金|一般公共预算(?:财政)?(?:拨款)?(?:收入|支出|项目支出|基本支出)?)(?:用于[^，。；\d]{0,20})?(?:为|共|合计|：)?"
        r"(?P<amount>\d[\d,]*(?:\.\d+)?)(?:万元|元)"
    ),
}
APART = re.compile(r"不含|不包括|不包含|另有|另外|除外|未列入|此外")


@check(
    "fund-heading",
    kind="mislabel",
    level=Level.WARNING,
    title="“一般公共预算支出”等标题下并入了别的资金",
    source="部门决算公开表式：一般公共预算、政府性基金、其他资金分别列报",
    version=2,
)
def fund_heading(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for paragraph in context.text.paragraphs:
        heading = next((title for title in reversed(paragraph.titles) if HEADING.search(title)), "")
        funds = set(HEADING.findall(heading))
        if len(funds) != 1 or re.search(r"及其他|和其他|其他资金", heading):
            continue
        pattern = FUNDS.get(funds.pop())
        for sentence in paragraph.sentences if pattern else ():
            for match in pattern.finditer(sentence.text):
                known = (heading, match["other"])
                if (
                    not float(match["amount"].replace(",", ""))
                    or APART.search(sentence.text)
                    or known in seen
                ):
                    continue
                seen.add(known)
                yield rule.finding(
                    paragraph.where,
                    f"标题是“{heading}”，下面却把“{match['other']}”{match['amount']}万元并在一起写，口径不清",
                    evidence=[
                        Evidence(value=heading, where=paragraph.where),
                        Evidence(value=sentence.excerpt(match[0]), where=paragraph.where),
                    ],
                    fix="按资金来源分开写，或把标题改为“部门整体支出情况”",
                )
