"""并列的占比: of amounts told one after another with their shares, one share does not fit the sum that the others fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import percent, rate
from reports.checks.registry import Check, Context, check
from reports.checks.support.statements import NUMBER, decimal, figures
from reports.checks.support.values import read_percentage
from reports.findings import Evidence, Finding, Level

SHARE = re.compile(
    rf"(?P<amount>{NUMBER})万元[，（]?占(?P<whole>[一-龥“”]{{0,14}}?)的?(?:比重|比例)?(?:为)?(?P<rate>{NUMBER}%)"
)


@check(
    "share-apart",
    kind="ratio",
    level=Level.WARNING,
    title="并列各项的占比中有一项与其余不合",
)
def share_apart(rule: Check, context: Context) -> Iterator[Finding]:
    for paragraph in context.text.paragraphs_once:
        groups: dict[str, list[re.Match[str]]] = {}
        for match in SHARE.finditer(paragraph.text):
            groups.setdefault(match["whole"], []).append(match)
        for shares in groups.values():
            total = sum((decimal(one["amount"]) for one in shares), Decimal(0))
            odd = [one for one in shares if not _fits(one, total)]
            # Two that fit show that these are all the parts. Where the total stands beside them, stated-share tells it.
            beside = any(item.number == total for item in figures(paragraph.text))
            if len(odd) != 1 or len(shares) < 3 or beside:
                continue
            exact = percent(rate(decimal(odd[0]["amount"]), total))
            yield rule.finding(
                paragraph.where,
                f"“{paragraph.title}”写“{odd[0][0]}”，各项合计{total}万元，占比应为{exact}",
                evidence=[Evidence(value=odd[0][0], where=paragraph.where)],
                fix="核对金额和占比",
            )


def _fits(share: re.Match[str], total: Decimal) -> bool:
    stated, exact = read_percentage(share["rate"]), rate(decimal(share["amount"]), total)
    return stated is None or exact is None or stated.agrees(exact)
