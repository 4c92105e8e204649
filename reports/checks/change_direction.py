"""增减方向自相矛盾: “增加1.2万元，下降5.1%”, “与上年持平，较上年下降8%”, “由60%提高到55%”, “支出超过预算，比预算减少”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import DOWNS, NUMBER, UNIT, UPS, decimal, figures
from reports.findings import Evidence, Finding, Level

BOTH_WAYS = re.compile(
    rf"(?P<way>{UPS}|{DOWNS})了?(?:约)?{NUMBER}(?:{UNIT})[，,（(]?(?:同比|比例|幅度|约|又)?(?P<other>{UPS}|{DOWNS})了?(?:约)?{NUMBER}%"
)
LEVEL = re.compile(
    rf"(?P<of>[与和同](?:上年|去年|20\d\d年|年初预算|预算)[^，,。；;]{{0,6}})?(?<!基本)持平[，,]"
    rf"(?:同比|[比较与](?P<base>上年|去年|上一年|20\d\d年|预算|年初)(?:同期|度|数|预算|决算|相比)*)?(?:{UPS}|{DOWNS})了?"
    rf"(?P<gap>{NUMBER})(?:{UNIT})"
)
FROM_TO = re.compile(
    rf"[由从](?:上年|去年|年初|20\d\d年)?(?:度|末|底|同期)*的?(?P<before>{NUMBER})(?P<unit>{UNIT})(?P<way>{UPS}|{DOWNS})(?:到了?|至|为)(?:20\d\d年(?:度|末|底)?的?|今年的?|本年的?)?"
    rf"(?P<after>{NUMBER})(?P<same>{UNIT})"
)
BUDGETED = re.compile(
    rf"预算(?:数|安排)?(?:为|：)?(?P<budget>{NUMBER})(?P<unit>万元|元)[，,；;][^。；;]{{0,40}}?(?:支出|决算|执行)数?(?:为|：|共|合计)?(?P<spent>{NUMBER})(?P<same>万元|元)"
    rf"[^。；;\d]{{0,12}}[比较](?:年初|全年)?预算数?(?P<way>{UPS}|{DOWNS}|节约|节省|超支)"
)
YEARS = re.compile(
    rf"(?P<now>{NUMBER})(?P<unit>万元|元|%)[，,（(](?:而)?(?:上年|去年)(?:同期|度)?(?:的)?(?:预算|决算|支出|执行)?数?(?:为|是|：)?(?P<before>{NUMBER})(?P<same>万元|元|%)"
)
CLAIM = re.compile(
    rf"[比较](?:上年|去年)(?:同期|度)?(?:有所|略有|相比)?(?P<way>{UPS}|{DOWNS})(?!\d|了|约|到|至|为|率|的)"
)
MORE = re.compile(f"{UPS}|超支")


@check(
    "change-direction",
    kind="direction",
    level=Level.WARNING,
    title="文字里写的增减方向与数字相反，或前后相反",
)
def change_direction(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for paragraph in context.text.paragraphs_once:
        if not any(word in paragraph.text for word in ("增", "减", "升", "降", "提高", "持平", "超支", "节")):
            continue
        for words, why in _contradictions(paragraph.text):
            if words in seen:
                continue
            seen.add(words)
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写“{words}”，{why}",
                evidence=[Evidence(value=words, where=paragraph.where)],
                fix="核对本年数、对比数和增减方向",
            )


def _contradictions(text: str) -> Iterator[tuple[str, str]]:
    """The words, and what contradicts in them."""
    for match in BOTH_WAYS.finditer(text):
        if _up(match["way"]) is not _up(match["other"]):
            yield match[0], f"先写“{match['way']}”又写“{match['other']}”，前后相反"
    for match in LEVEL.finditer(text):
        other = (
            match["of"]
            and match["base"]
            and ("预算" in match["of"]) is not (match["base"] in ("预算", "年初"))
        )
        if decimal(match["gap"]) and not other:
            yield match[0], "既写持平又写有增减，前后相反"
    for match in FROM_TO.finditer(text):
        before, after = decimal(match["before"]), decimal(match["after"])
        if match["unit"] == match["same"] and before != after and (after > before) is not _up(match["way"]):
            yield match[0], f"数字是{'增加' if after > before else '减少'}的，与“{match['way']}”相反"
    for match in BUDGETED.finditer(text):
        budget, spent = decimal(match["budget"]), decimal(match["spent"])
        if match["unit"] == match["same"] and budget != spent and (spent > budget) is not _up(match["way"]):
            which = "大于" if spent > budget else "小于"
            yield (
                match[0],
                f"支出{spent}{match['unit']}{which}预算{budget}{match['unit']}，与“{match['way']}”相反",
            )
    yield from _against_last_year(text)


def _against_last_year(text: str) -> Iterator[tuple[str, str]]:
    """«较上年下降。本年28万元，上年26万元»: one claim and one pair of years in a paragraph."""
    claims, pairs = list(CLAIM.finditer(text)), list(YEARS.finditer(text))
    if len(claims) != 1 or len(pairs) != 1:
        return
    claim, pair = claims[0], pairs[0]
    now, before = decimal(pair["now"]), decimal(pair["before"])
    if pair["unit"] != pair["same"] or now == before or (now > before) is _up(claim["way"]):
        return
    if abs(pair.start() - claim.end()) > 40 or not _same_matter(text, claim.start(), pair.start()):
        return
    yield claim[0], f"而本年{now}{pair['unit']}、上年{before}{pair['unit']}，方向相反"


def _same_matter(text: str, claim: int, pair: int) -> bool:
    """Whether the amount bears the name that stands before the claim."""
    named = next((item.label for item in figures(text) if item.start == pair), "")
    core = re.sub(r"^.*?年度?|支出|预算|决算|数|为|[“”]", "", named)[-4:]
    return bool(core) and core in re.sub(r"[“”]", "", text[max(0, claim - 16) : claim])


def _up(way: str) -> bool:
    return bool(MORE.fullmatch(way))
