"""“80户，户均6500元，共48万元”: an amount for each person, household or 亩, worked out from amount and number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import plain, round_half_up
from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import NUMBER, Figure, decimal, figures
from reports.findings import Evidence, Finding, Level

EACH = re.compile(
    r"(?P<name>(?:平均)?每(?P<every>人次|人|户|家|亩|个|辆|名|件|例|场|期|公里|车)|人均|户均|亩均|生均|车均|单车|件均|场均)"
    rf"(?P<what>[一-龥“”]{{0,9}}?)(?:为|约|达|：)?(?P<number>{NUMBER})(?P<unit>万元|元)(?!以|[/／每])"
)
OTHER = re.compile(
    r"收入|产值|标准|增收|增加|减少|提高|降低|节约|节支|[年月日天次]|消费|接待|不超|最[高低]|预算|定额|投保|保费"
)
"""What is told for each of these is no share of an amount in the text."""
COUNTED = {
    "人均": ("人", "名", "人次"),
    "生均": ("人", "名"),
    "户均": ("户",),
    "亩均": ("亩",),
    "车均": ("辆", "台"),
    "单车": ("辆", "台"),
    "件均": ("件",),
    "场均": ("场", "场次"),
}
EVERY = {"人": ("人", "名", "人次"), "人次": ("人次",), "车": ("辆", "台"), "名": ("人", "名")}
YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
SCALE = {"万": Decimal(10_000), "千": Decimal(1000)}
SLACK = Decimal("0.02")
"""2 %: rounding of the amount to 0.01 万元 and of the share to whole 元."""
OWN = re.compile(r"(?:公用|基本|人员|三公|机关运行|运转|办公)[”\"]?(?:经费|支出|费用)")


@check(
    "each-amount",
    kind="ratio",
    level=Level.WARNING,
    title="文字里写的人均、户均、亩均等数与金额、数量算出的不一致",
)
def each_amount(rule: Check, context: Context) -> Iterator[Finding]:
    for sentence in context.text.sentences_once:
        if "均" not in sentence.text and "每" not in sentence.text and "单车" not in sentence.text:
            continue
        known = figures(sentence.text)
        for match in EACH.finditer(sentence.text):
            if (
                OTHER.search(match["what"])
                or "接待" in sentence.text[max(0, match.start() - 20) : match.start()]
            ):
                continue
            found = _wrong(match, known, sentence.text, context)
            if found is None:
                continue
            amount, count, mean = found
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写“{match[0]}”，而金额{amount}、数量{count}，{match['name']}应为{mean}{match['unit']}",
                evidence=[
                    Evidence(value=sentence.excerpt(match[0], 40), where=sentence.where),
                    Evidence(value=mean, unit=match["unit"], where="计算"),
                ],
                fix="核对金额、数量和平均数",
            )


def _wrong(
    match: re.Match[str], known: tuple[Figure, ...], text: str, context: Context
) -> tuple[str, str, str] | None:
    """Amount, number and their quotient where no amount and number of the sentence give what is told."""
    stated = decimal(match["number"]) * YUAN[match["unit"]]
    units = (
        EVERY.get(match["every"], (match["every"],))
        if match["every"]
        else COUNTED[match["name"].removeprefix("平均")]
    )
    amounts = [item for item in known if item.unit in YUAN and not match.start() <= item.start < match.end()]
    counts = [item for item in known if item.unit.lstrip("万千") in units]
    numbers = [(str(item), _size(item)) for item in counts]
    if not numbers and match["name"] == "人均" and OWN.search(match["what"]):
        numbers = _heads(context)
    pairs = [
        (item, shown, item.number * YUAN[item.unit] / number)
        for item in amounts
        for shown, number in numbers
        if number
    ]
    if not pairs or any(abs(mean - stated) <= max(stated, mean) * SLACK for _, _, mean in pairs):
        return None
    before = [pair for pair in pairs if pair[0].end <= match.start()]
    if not before:
        return None
    item, shown, mean = before[-1]
    # Far off, the two belong to different things.
    if not stated / 4 <= mean <= stated * 4:
        return None
    return str(item), shown, plain(round_half_up(mean / YUAN[match["unit"]]))


def _size(item: Figure) -> Decimal:
    return item.number * SCALE.get(item.unit[0], Decimal(1))


def _heads(context: Context) -> list[tuple[str, Decimal]]:
    """The unit's own heads, as they may be counted."""
    profile = context.dossier.profile
    staff, posts, retired = profile.staff_on_posts, profile.authorized_posts, profile.retirees
    heads = [staff, posts, (staff or 0) + (retired or 0) if staff and retired else None]
    named = [(f"{head}人", Decimal(head)) for head in heads if head]
    return named[::-1] if staff is None else [*named[1:], named[0]]
