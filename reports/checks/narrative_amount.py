"""文字与表格的数字不同: an amount named in the text that no column of its row holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from budgets.money import AmountError, parse_wan, wan
from budgets.tables import TOTAL, Column
from reports.checks.registry import Check, Context, check
from reports.checks.support.amounts import money_fact, money_path
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

LABELS = {
    "财政拨款收入": ("income_source", "fiscal"),
    "上级补助收入": ("income_source", "superior"),
    "事业收入": ("income_source", "undertaking"),
    "其他收入": ("income_source", "other"),
    "本年收入": ("income_source", TOTAL),
    "收入合计": ("income_source", TOTAL),
    "基本支出": ("expenditure", "basic"),
    "项目支出": ("expenditure", "project"),
    "本年支出": ("expenditure", TOTAL),
    "支出合计": ("expenditure", TOTAL),
    "年初结转和结余": ("carryover", "opening"),
    "年末结转和结余": ("carryover", "closing"),
    "公务用车购置费": ("three_public", "vehicle_purchase"),
    "公务接待费": ("three_public", "reception"),
    "公务用车运行维护费": ("three_public", "vehicle_running"),
}
STATED = re.compile(
    rf"(?P<label>{'|'.join(sorted(LABELS, key=len, reverse=True))})"
    r"(?:合计|总计|决算数?|预算数?|执行数?|数|实际|共|为|计|：|:|总额|全年|完成){0,3}"
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>万元|亿元|元)"
)
COMPARED = re.compile(r"(?:比|较)(?:上年|去年|年初|预算)|增加|减少|增长|下降|其中用于|上年|去年")
PART = re.compile(r"拨款|一般公共预算|政府性基金|国有资本|专户|单位资金|[、和及]$")
"""The amount is that of one source of money only."""
OF_ALL = re.compile(
    r"(?:^|[，。、：:（()）“”]|其中|\d(?:万?元|亿元|%))(?:其中|其|本年度?|全年|当年|年度|20\d\d年度?|我?(?:单位|部门|局|中心|院|校|馆|街道|镇|乡)|部门|整体|总|全部|共"
    r"|合计|完成|实际|发生|安排|下达|批复|决算|预算|年初|调整后|执行数?|收到|取得|实现|支出|收入|和|及|与|是|为|的|：)*$"
)
"""Words before a label that leave it the whole unit's: «国土绿化项目支出» is the spending of one project."""
OF_SOME = re.compile(
    r"(?:以上|上述|这|该|其)(?:\d+|[一二两三四五六七八九十]+)?(?:个|项|类)"
    r"|[一二两三四五六七八九十\d]+[个项](?:专项|重点|主要)*(?:项目|资金|经费)[^。]{0,20}$"
)
"""The amount is that of some projects told before."""
YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


@check(
    "narrative-amount",
    kind="digit",
    level=Level.WARNING,
    title="文字里的金额与表中数字不一致",
    source="核对惯例：报告文字与附表一致",
    needs=(Covers.NARRATIVE,),
)
def narrative_amount(rule: Check, context: Context) -> Iterator[Finding]:
    seen: set[tuple[str, Decimal]] = set()
    for sentence in context.text.sentences:
        for match in STATED.finditer(sentence.text):
            before = sentence.text[max(0, match.start() - 12) : match.start()]
            if COMPARED.search(before) or PART.search(before) or _another_year(context, sentence.text):
                continue
            told = sentence.text[: match.start()]
            if not OF_ALL.search(told) or OF_SOME.search(told):
                continue
            try:
                stated = parse_wan(match["number"] + match["unit"])
            except AmountError:
                continue
            table, row = LABELS[match["label"]]
            known = _known(context, table, row)
            said = before + match[0]
            if "年初" in said and str(Column.INITIAL_BUDGET) not in known:
                continue
            if "预算" in said and not set(known) & {Column.INITIAL_BUDGET, Column.FULL_BUDGET}:
                continue
            if not known or any(_same(stated, amount) for amount in known.values()):
                continue
            if (match["label"], stated) in seen:
                continue
            seen.add((match["label"], stated))
            column, nearest = min(known.items(), key=lambda pair: abs(pair[1] - stated))
            yield rule.finding(
                sentence.where,
                f"“{sentence.title}”写{match['label']}{match['number']}{match['unit']}，"
                f"表中为{wan(nearest)}万元",
                evidence=[
                    Evidence(value=match["number"], unit=match["unit"], where=sentence.where),
                    money_fact(nearest, money_path(table, row, column)),
                ],
                fix="以部门决算为准，改正文字或表中的数字",
            )


def _known(context: Context, table: str, row: str) -> dict[str, Decimal]:
    lines = context.dossier.money.table(table)
    found = {}
    for column in Column:
        amount = lines.amount(row, column)
        if amount is not None:
            found[str(column)] = amount
    return found


def _another_year(context: Context, text: str) -> bool:
    return any(int(year) != context.dossier.year for year in YEAR.findall(text))


def _same(stated: Decimal, known: Decimal) -> bool:
    """Whether both show the same amount in 万元 with two places (a text may round further)."""
    return abs(stated - known) <= 50 or abs(stated - known) <= abs(known) * Decimal("0.0005")
