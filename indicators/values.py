"""Reads what officials write as a target or an actual value: ``≥95%``, ``30万元以内``, ``12月底前``, ``零事故``.

:func:`read` answers one :class:`Reading`; :func:`read_all` the figures of a sentence. The text is kept as typed.
What is unsure (a sign misread by a scanner, a list, a bracket that may be a minus) has no number: it carries a
``question`` in Chinese and the ``candidates`` among which a person chooses. Nothing is guessed silently.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from budgets.money import plain

NOT_APPLICABLE = "不适用"
EMPTY = "空"
QUALITATIVE = "定性"

SHOWN = {">=": "≥", "<=": "≤", "=": "＝", ">": "＞", "<": "＜", "≈": "约", "下降": "下降", "增长": "增长"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. Exactly one of number, range, date, ``reason`` and ``question`` is the answer."""

    text: str
    """As typed."""
    operator: str | None = None
    """``>=``, ``<=``, ``=``, ``>``, ``<``, ``≈``, ``下降``, ``增长``, or ``None`` when none is written."""
    number: Decimal | None = None
    """In ``unit``; 亿元 are turned into 万元, 万 and 亿 before other units are multiplied out."""
    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    """Ends of a range (``10-15个``)."""
    date: date | None = None
    month_day: tuple[int, int] | None = None
    """Month and day where the year is not written; :meth:`on` completes it."""
    approximate: bool = False
    """约, 左右, 近: not an exact figure."""
    reason: str | None = None
    """Why there is no number: ``空``, ``不适用`` or ``定性``."""
    question: str = ""
    candidates: tuple[str, ...] = ()
    """Texts to choose from when unsure; each can be read again."""
    label: str = ""
    """Words before the figure."""
    role: str = ""
    """``其中`` for a figure in brackets that belongs to another, ``比较`` for a comparison with another year."""
    trend: str = ""
    """``增长`` or ``下降`` where the figure is a change."""

    @property
    def comparison(self) -> str:
        """Operator as a target means it: without a written one ``=``, for a date ``<=``."""
        if self.low is not None:
            return "range"
        if self.is_date:
            return self.operator or "<="
        return {None: "=", "≈": "=", "下降": ">=", "增长": ">="}.get(self.operator, self.operator)  # type: ignore[return-value]

    @property
    def is_date(self) -> bool:
        return self.date is not None or self.month_day is not None

    @property
    def is_number(self) -> bool:
        return self.number is not None or self.low is not None

    @property
    def unsure(self) -> bool:
        return bool(self.question)

    @property
    def exact(self) -> bool:
        """Whether an actual value states one figure, and not a bound, a range or an approximation."""
        return (
            self.number is not None and self.operator in (None, "=", "增长", "下降") and not self.approximate
        )

    def on(self, year: int | None) -> date | None:
        """The date, with ``year`` where none is written."""
        if self.date is not None or self.month_day is None or year is None:
            return self.date
        month, day = self.month_day
        return date(year, month, min(day, calendar.monthrange(year, month)[1]))

    @property
    def shown(self) -> str:
        """Canonical text; reading it gives the same value again."""
        if self.question or self.reason:
            return self.text
        unit = self.unit or ""
        if self.low is not None and self.high is not None:
            return f"{plain(self.low)}至{plain(self.high)}{unit}"
        if self.is_date:
            return f"{self._day()}{'前' if self.operator == '<=' else ''}"
        sign = SHOWN.get(self.operator or "", "")
        trend = self.trend if self.operator not in ("增长", "下降") else ""
        about = "约" if self.approximate and self.operator != "≈" else ""
        number = "" if self.number is None else plain(self.number)
        return f"{trend}{sign}{about}{number}{unit}"

    def _day(self) -> str:
        if self.date is not None:
            return f"{self.date.year}年{self.date.month}月{self.date.day}日"
        month, day = self.month_day or (0, 0)
        return f"{month}月{day}日"


# ------------------------------------------------------------------ units

MONEY = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8}
RATIO = {"%": Decimal(1), "‰": Decimal("0.1")}
FAMILIES: tuple[dict[str, Decimal | int], ...] = (
    dict(MONEY),
    dict(RATIO),
    {"毫米": Decimal("0.001"), "厘米": Decimal("0.01"), "米": 1, "公里": 1000},
    {"平方米": 1, "亩": Decimal(10000) / Decimal(15), "公顷": 10**4, "平方公里": 10**6},
    {"克": Decimal("0.001"), "斤": Decimal("0.5"), "公斤": 1, "吨": 1000},
    {"分钟": 1, "小时": 60, "天": 1440, "周": 10080},
    {"个月": 1, "年": 12},
)
FACTORS = {
    unit: (index, Decimal(factor)) for index, family in enumerate(FAMILIES) for unit, factor in family.items()
}
SYNONYMS = {
    "百分比": "%", "％": "%", "个百分点": "百分点", "千米": "公里", "km": "公里", "KM": "公里", "m": "米",
    "cm": "厘米", "CM": "厘米", "mm": "毫米", "m2": "平方米", "平米": "平方米", "km2": "平方公里",
    "m3": "立方米", "kg": "公斤", "KG": "公斤", "千克": "公斤", "t": "吨", "g": "克", "日": "天", "个小时": "小时",
    "月": "个月", "名": "人", "位": "人", "场次": "场", "个工作日": "工作日", "个百分比": "%",
}  # fmt: skip
COUNTED = """
    人次 人天 人日 人 次 个 项 件 家 户 场 期 篇 份 台 套 辆 起 例 分 条 批
    处 座 栋 间 所 只 头 株 棵 本 册 幅 班 节 课时 学时 宗 笔 村 天 周 年
    工作日 百分点 立方米 千瓦时 千瓦 度 倍 级 名 位 种 类 支 页 张次 面 块 张
    盏 亩 公顷 镇 县 乡 社区 车次 趟
""".split()  # noqa: SIM905
KNOWN = sorted({*FACTORS, *SYNONYMS, *COUNTED}, key=len, reverse=True)
MULTIPLIERS = {"万亿": 10**12, "千万": 10**7, "百万": 10**6, "十万": 10**5, "亿": 10**8, "万": 10**4}


def unit_named(word: str) -> str:
    """The one name of a unit: ``百分比`` is ``%``, ``㎡`` is ``平方米``."""
    return SYNONYMS.get(word, word)


def convert(number: Decimal, unit: str | None, into: str | None) -> Decimal | None:
    """``number`` of ``unit`` in the unit ``into``; ``None`` when the one cannot be turned into the other."""
    if unit == into:
        return number
    if unit is None or into is None:
        return None
    own, other = FACTORS.get(unit), FACTORS.get(into)
    if own is None or other is None or own[0] != other[0]:
        return None
    return number * own[1] / other[1]


# ------------------------------------------------------------------ patterns

PREFIXES = {
    ">=": "大于或等于 大于等于 不得低于 不得少于 不低于 不少于 不小于 未低于 至少 最少 >= => ≥ ≧ ⩾ \uf0b3 >或=",
    "<=": "小于或等于 小于等于 不得超过 不得高于 不超过 不高于 不大于 不多于 未超过 不超 至多 最多 <= =< ≤ ≦ ⩽ \uf0a3",
    "=": "等于 =",
    ">": "大于 高于 超过 多于 >",
    "<": "小于 低于 少于 不足 不到 <",
    "≈": "大约 大概 将近 接近 约 近 ≈ ~",
    "下降": "下降 降低 减少 压减 下降了 降低了 减少了",
    "增长": "增长 增加 提高 提升 上升 增长了 增加了 提高了 提升了 上升了",
}
OPERATOR_OF = {word: operator for operator, words in PREFIXES.items() for word in words.split()}
SUFFIXES = {
    ">=": "及以上 以上 + 起步",
    "<=": "及以下 以下 及以内 以内 之内 内",
    "≈": "左右 上下",
}
SUFFIX_OF = {word: operator for operator, words in SUFFIXES.items() for word in words.split()}
STRICT = {">=": ">", "<=": "<"}


def _any(words: list[str] | dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]\d)|\d+(?:\.\d+)?|\.\d+)"
_TIMES = "|".join(MULTIPLIERS)
_NAMED = _any(KNOWN)
_NO_UNIT = f"{_any(SUFFIX_OF)}|{_any(OPERATOR_OF)}|至|到|和|及|与|前|后|且|其中|完成|达"
_ENDS = f"$|[,。;:、()]|{_any(SUFFIX_OF)}"
UNIT = (
    rf"(?:(?:{_TIMES})?(?:{_NAMED})(?:[/每](?:{_NAMED}|[一-龥]{{1,3}}(?=$|[·/,。;:、()]))(?:[·/](?:{_NAMED}))?)?"
    rf"|(?:{_TIMES})?(?!{_TIMES}|{_NO_UNIT})(?:[一-龥]{{1,4}}?|[A-Za-z]{{1,4}}?)(?={_ENDS})"
    rf"|(?:{_TIMES}))"
)
FIGURE = re.compile(
    rf"(?P<prefix>(?:{_any(OPERATOR_OF)})*)(?P<sign>(?<![\dA-Za-z%])[-−])?"
    rf"(?<![\dA-Za-z.第])(?P<number>{NUMBER})(?P<unit>{UNIT})?"
    rf"(?:(?:-|~|—|–|至|到)(?P<number2>-?{NUMBER})(?P<unit2>{UNIT})?)?"
    rf"(?P<suffix>{_any(SUFFIX_OF)})?(?P<strict>不含)?"
    # 5A级 and the like are names, not figures; and a number is never cut in two to fit.
    rf"(?(unit)|(?![A-Za-z\d]))"
)
PREFIX_WORD = re.compile(_any(OPERATOR_OF))

MONTH = r"(?:1[0-2]|0?[1-9])"
DAY = r"(?:3[01]|[12]\d|0?[1-9])"
DATE = re.compile(
    r"(?<![\d.])(?P<upto>截至|截止|于|在)?(?:"
    # 2023-12-31, 2023.12.31: only with the year in front
    rf"(?P<year0>(?:19|20)\d\d)[-./](?P<month0>{MONTH})[-./](?P<day0>{DAY})(?!\d)日?"
    r"|(?:(?P<year>(?:19|20)\d\d)年度?|(?P<thisyear>本年度?|当年|年(?=[底末内前])))?(?:"
    rf"(?:{MONTH}月?(?:[-~—–]|至)(?={MONTH}月))?(?P<month>{MONTH})月份?"
    rf"(?:(?P<day>{DAY})[日号]|(?P<part>[底末]|[上中下]旬))?"
    r"|第?(?P<quarter>[一二三四1-4])季度(?P<qpart>[底末])?"
    r"|(?P<half>上半年|下半年)"
    r"|(?P<yearend>年?[底末]|年?内|年?(?=前))"
    r"))(?P<before>之前|以前|前|内|止|之内|以内)?"
)
PLACEHOLDERS = frozenset(
    {"/", "\\", "-", "--", "---", "—", "——", "–", "_", "无", "不适用", "n/a", "na", "N/A", "NA", "〇"}
)
UNFILLED = re.compile(r"^(?:[×xX*＊□_]{1,}|待填写?|待定|未填|暂无数据|\.{2,})$")
ZERO = re.compile(
    r"^(?:全年|年度|本年度?|实现|确保)*(?:(?P<zero>零)|无|不发生|不出现|未发生|没有发生|未出现|未收到)(?:一起|任何|重大|较大|安全|责任|生产|质量|有责|违规|群众){0,3}"
    r"(?P<what>事故|投诉|差错|发生|违规|违纪|上访|伤亡|舆情|案件|事件|失误|拖欠|欠款|缺陷|污染|死亡)$"
)
LOST = re.compile(r"(?:^|(?<=[^\d.\s:：]))\s+(?P<unit>%|‰|万元|亿元|元)(?![一-龥])")
CHINESE = re.compile(
    rf"^(?P<label>[一-龥]{{0,8}}?)(?P<prefix>(?:{_any(OPERATOR_OF)})?)"
    rf"(?P<number>[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?)"
    rf"(?P<unit>(?:{'|'.join(map(re.escape, MULTIPLIERS))})?(?:{_any(KNOWN)}))(?P<suffix>{_any(SUFFIX_OF)})?$"
)
PERCENT_WORDS = re.compile(
    r"百分之([零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?|\d+(?:\.\d+)?)"
)
COMPARED = re.compile(r"(?:比|较|同比|环比)(?:上年|去年|上一年|往年|年初|同期)?[一-龥]{0,6}$|同比|环比")
DIGITS = {**{sign: value for value, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}


def chinese_number(text: str) -> Decimal | None:
    """``九十五`` → 95, ``一百二十`` → 120, ``九十五点五`` → 95.5; ``None`` when it is no number."""
    whole, _, fraction = text.partition("点")
    total, digit, last = 0, None, 0
    for sign in whole:
        if sign in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[sign]
            continue
        factor = {"十": 10, "百": 100, "千": 1000}.get(sign)
        if factor is None or (last and factor >= last):
            return None
        total += (1 if digit is None else digit) * factor
        digit, last = None, factor
    value = Decimal(total + (digit or 0))
    if fraction:
        if any(sign not in DIGITS for sign in fraction):
            return None
        value += Decimal("0." + "".join(str(DIGITS[sign]) for sign in fraction))
    return value


# ------------------------------------------------------------------ folding


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Half-width text without blanks, except those between two figures, which separate them."""
    folded = _half_width(text)
    folded = re.sub(r"(?<=[\d.%‰])\s+(?=[\d.])", "\x00", folded)
    folded = re.sub(r"\s+", "", folded).replace("\x00", " ")
    folded = re.sub(r"\((?:含|包含|含本数|包括)\)", "", folded)
    return re.sub(r"\((?:不含|不包含|不含本数)\)(以上|以下|以内)?", r"\1不含", folded)


def _half_width(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    for old, new in (("−", "-"), ("\u200b", ""), ("\ufeff", ""), ("，", ","), ("。", "。"), ("～", "~")):
        folded = folded.replace(old, new)
    return PERCENT_WORDS.sub(_percent_word, folded)


def _percent_word(match: re.Match[str]) -> str:
    written = match[1]
    number = Decimal(written) if written[0].isdigit() else chinese_number(written)
    return match[0] if number is None else f"{plain(number)}%"


# ------------------------------------------------------------------ reading


@lru_cache(maxsize=65536)
def read(text: str | None, *, extracted: bool = False) -> Reading:
    """The one value that a cell states.

    ``extracted`` is for text taken out of a scanned or converted document: there a bare figure that begins with 2
    may be a misread ≥, and is asked about.
    """
    if text is None or not text.strip():
        return Reading(text or "", reason=EMPTY)
    folded = fold(text)
    if folded in PLACEHOLDERS:
        return Reading(text, reason=NOT_APPLICABLE)
    if UNFILLED.match(folded):
        return Reading(text, reason=EMPTY)
    doubt = _misread(text, folded, extracted)
    if doubt is not None:
        return doubt
    readings = _figures(text)
    if not readings:
        return Reading(text, reason=QUALITATIVE)
    main = [reading for reading in readings if not reading.role] or readings[:1]
    first = main[0]
    if len(main) > 1 and any(_value(other) != _value(first) for other in main[1:]):
        numbers = tuple(dict.fromkeys(replace(item, label="").shown for item in main if not item.question))
        return Reading(text, question="有多个数值，请确认以哪一个为准", candidates=numbers)
    return replace(first, text=text)


@lru_cache(maxsize=16384)
def read_all(text: str | None) -> tuple[Reading, ...]:
    """All figures and dates of a sentence, in their order; one reading without a number when there is none."""
    if text is None or not text.strip() or fold(text) in PLACEHOLDERS or UNFILLED.match(fold(text)):
        return (read(text),)
    doubt = _misread(text, fold(text), False)
    if doubt is not None:
        return (doubt,)
    return _figures(text) or (Reading(text, reason=QUALITATIVE),)


def _value(reading: Reading) -> tuple[object, ...]:
    return (
        reading.number,
        reading.unit,
        reading.low,
        reading.high,
        reading.date,
        reading.month_day,
        reading.reason,
    )


SIGN_LOST = re.compile(r"^(?P<sign>[WwZzVv?\ufffd□〉〈》《二一])(?:=)?(?P<rest>\d[\d.,]*.*)$")
SIGN_SAYS = {
    "W": ("≤", ""), "w": ("≤", ""), "V": ("≤", "≥"), "v": ("≤", "≥"), "Z": ("≥", ""), "z": ("≥", ""),
    "?": ("≥", "≤"), "\ufffd": ("≥", "≤"), "□": ("≥", "≤"), "〉": ("＞", "≥"), "》": ("＞", "≥"), "〈": ("＜", "≤"),
    "《": ("＜", "≤"), "二": ("＝", ""), "一": ("-", ""),
}  # fmt: skip


def _misread(text: str, folded: str, extracted: bool) -> Reading | None:
    """A question where a sign or a digit was probably lost on the way; ``None`` where the text looks sound."""

    def ask(sentence: str, *candidates: str) -> Reading:
        return Reading(text, question=sentence, candidates=tuple(dict.fromkeys(candidates)))

    written = f"“{text.strip()}”"
    if lost := SIGN_LOST.match(folded):
        signs = SIGN_SAYS[lost["sign"]]
        return ask(f"{written}开头的符号可能读错了，请确认", *(sign + lost["rest"] for sign in signs))
    if match := re.match(r"^(\D*)(\d{1,3}(?: \d{3})+)(\.\d+)?(\D*)$", folded):
        return ask(
            f"{written}中的空格是千位分隔还是两个数，请确认",
            "".join(part or "" for part in match.groups()).replace(" ", ""),
        )
    if match := re.match(r"^2 (\d[\d.]*\D*)$", folded):
        return ask(f"{written}开头的“2”可能是“≥”，请确认", f"≥{match[1]}", match[1])
    if match := re.match(r"^2(100|[1-9]\d(?:\.\d+)?)%$", folded):
        return ask(f"{written}开头的“2”可能是“≥”，请确认", f"≥{match[1]}%", f"{folded}")
    if extracted and (match := re.match(r"^2([1-9][\d.,]*[^\d年月]*)$", folded)):
        return ask(f"{written}开头的“2”可能是“≥”，请确认", f"≥{match[1]}", folded)
    if match := re.match(r"^[▲△](\d.*)$", folded):
        return ask(f"{written}是否表示负数，请确认", f"-{match[1]}", match[1])
    if match := re.match(r"^\((\d[\d.,]*[%‰]?[一-龥]{0,2})\)$", folded):
        return ask(f"{written}是否表示负数，请确认", f"-{match[1]}", match[1])
    head = rf"^(?P<prefix>(?:{_any(OPERATOR_OF)})?)"
    if match := re.match(
        head + r"(?P<rest>(?=[\d]*[OoIl])[\dOoIl]+(?:\.[\dOoIl]+)?(?:[%‰]|[一-龥].*)?)$", folded
    ):
        mended = match["rest"].translate(str.maketrans("OoIl", "0011"))
        return ask(f"{written}中的字母可能是数字，请确认", match["prefix"] + mended)
    if match := re.match(r"^[第到](?P<rest>[\dOo]+\D*)$", folded):
        rest = match["rest"].translate(str.maketrans("Oo", "00"))
        return ask(f"{written}前面可能漏了字或数字，请确认", rest, f"≥{rest}")
    if match := re.match(head + r"(?P<rest>\.\d+\D*)$", folded):
        return ask(f"{written}小数点前可能漏了数字，请确认", f"{match['prefix']}0{match['rest']}")
    if match := re.match(head + r"(?P<rest>0+(?P<tail>\d.*|0\D*))$", folded):
        zeros = match["rest"]
        if re.match(r"^0\d", zeros) and not DATE.match(folded):
            trimmed = re.sub(r"^0+(?=\d)", "", zeros)
            return ask(
                f"{written}前面可能漏了数字，请确认",
                f"{match['prefix']}{trimmed}",
                f"{match['prefix']}1{zeros}",
            )
    if match := re.match(rf"^(?:{_any(OPERATOR_OF)})(?P<unit>[%‰]|万元|元)?$", folded):
        if folded in ("近", "约"):
            return None
        symbols = re.match(r"^[><=≥≤≧≦~≈]", folded)
        if symbols or match["unit"]:
            return Reading(
                text, reason=EMPTY, unit=match["unit"], question=f"{written}只有符号没有数字，请补充"
            )
    return None


def _figures(text: str) -> tuple[Reading, ...]:
    folded = fold(text)
    if zero := ZERO.match(folded):
        return (Reading(text, "=", Decimal(0), "起", label=zero["what"]),)
    if not any(sign.isdigit() for sign in folded):
        return _lost_numbers(text) or _chinese(text, folded) or _date_words(text, folded)
    # 1000余人次 and 100多人 are about a thousand and about a hundred.
    folded = re.sub(r"(\d[\d.,]*[万亿]?)[余多](?=[一-龥%])", r"约\1", folded)
    found: list[tuple[int, int, Reading]] = []
    masked = folded
    for match in DATE.finditer(folded):
        reading = _date(text, match)
        if reading is None:
            continue
        found.append((match.start(), match.end(), reading))
        masked = masked[: match.start()] + "。" * (match.end() - match.start()) + masked[match.end() :]
    masked = re.sub(r"(?:19|20)\d\d年度?", lambda year: "。" * len(year[0]), masked)
    written: list[tuple[re.Match[str], Reading]] = []
    start = 0
    for match in FIGURE.finditer(masked):
        label = masked[start : match.start()].strip(",。;:、() ")
        written.append((match, _figure(text, masked, match, label)))
        start = match.end()
    for index, (match, reading) in enumerate(written):
        if reading.unit is None and reading.number is not None and index + 1 < len(written):
            following, other = written[index + 1]
            between = masked[match.end() : following.start()]
            if re.fullmatch(r"[,、和及与/ ]", between) and other.number is not None and following["unit"]:
                reading = _figure(text, masked, match, reading.label, following["unit"])
        found.append((match.start(), match.end(), reading))
    found.sort(key=lambda item: item[0])
    return _roles(masked, found) if found else _lost_numbers(text)


def _roles(masked: str, found: list[tuple[int, int, Reading]]) -> tuple[Reading, ...]:
    inside = [masked.count("(", 0, start) > masked.count(")", 0, start) for start, _, _ in found]
    readings = []
    for index, (start, _, reading) in enumerate(found):
        role = ""
        if inside[index] and not all(inside):
            role = "其中"
        elif index and COMPARED.search(masked[found[index - 1][1] : start] + (reading.trend or "")):
            role = "比较"
        readings.append(replace(reading, role=role) if role else reading)
    return tuple(readings)


def _figure(text: str, masked: str, match: re.Match[str], label: str, unit: str | None = None) -> Reading:
    written = unit or match["unit"] or None
    number = Decimal(match["number"].replace(",", ""))
    if match["sign"]:
        number = -number
    number, named = _scaled(number, written)
    if match["number2"]:
        return _range(text, match, label, number, named)
    operators = [OPERATOR_OF[word[0]] for word in PREFIX_WORD.finditer(match["prefix"])]
    trend = next((operator for operator in operators if operator in ("增长", "下降")), "")
    approximate = "≈" in operators
    signs = [operator for operator in operators if operator not in ("增长", "下降", "≈")]
    if match["suffix"]:
        ending = SUFFIX_OF[match["suffix"]]
        if ending == "≈":
            approximate = True
        elif signs and signs[0][0] != ending[0]:
            question = "前面的符号与后面的“" + match["suffix"] + "”方向相反，请确认"
            shown = f"{plain(number)}{named or ''}"
            return Reading(text, question=question, candidates=(f"≥{shown}", f"≤{shown}"), label=label)
        elif not signs:
            signs = [STRICT[ending] if match["strict"] else ending]
    if len(set(signs)) > 1:
        shown = f"{plain(number)}{named or ''}"
        return Reading(
            text,
            question="有两个不同的比较符号，请确认",
            candidates=tuple(SHOWN[sign] + shown for sign in dict.fromkeys(signs)),
            label=label,
        )
    operator = signs[0] if signs else trend or ("≈" if approximate else None)
    return Reading(
        text,
        operator,
        number,
        named,
        approximate=approximate,
        label=_clean_label(label),
        trend=trend,
    )


def _range(text: str, match: re.Match[str], label: str, low: Decimal, unit: str | None) -> Reading:
    high, named = _scaled(Decimal(match["number2"].replace(",", "")), match["unit2"])
    if unit is None and named is not None:
        low, unit = _scaled(Decimal(match["number"].replace(",", "")), match["unit2"])
        if match["sign"]:
            low = -low
    elif named is not None and named != unit:
        turned = convert(high, named, unit)
        if turned is None:
            return Reading(text, question="区间两端的单位不同，请确认", candidates=(), label=label)
        high = turned
    if low > high:
        shown = f"{plain(high)}至{plain(low)}{unit or ''}"
        return Reading(text, question="区间的下限大于上限，请确认", candidates=(shown,), label=label)
    if low == high:
        return Reading(text, "=", low, unit, label=_clean_label(label))
    return Reading(text, unit=unit, low=low, high=high, label=_clean_label(label))


def _clean_label(label: str) -> str:
    label = re.split(r"[,。;、()]", label)[-1].strip(" :")
    return label.removeprefix("其中").strip(" :")


def _scaled(number: Decimal, unit: str | None) -> tuple[Decimal, str | None]:
    """Number and name of its unit, with 亿元 turned into 万元 and 万 or 亿 multiplied out."""
    if unit is None:
        return number, None
    if unit in ("亿元", "千万元", "百万元"):
        return number * MONEY[unit] / MONEY["万元"], "万元"
    if unit in KNOWN:
        return number, unit_named(unit)
    for word, factor in sorted(MULTIPLIERS.items(), key=lambda item: -len(item[0])):
        if unit.startswith(word):
            rest = unit.removeprefix(word)
            if rest == "元":
                return number * factor / MONEY["万元"], "万元"
            return number * factor, unit_named(rest) or None
    head, slash, tail = unit.partition("/")
    return number, f"{unit_named(head)}{slash}{tail}"


def _chinese(text: str, folded: str) -> tuple[Reading, ...]:
    match = CHINESE.match(folded)
    if match is None:
        return ()
    number = chinese_number(match["number"])
    # 一级, 公益一类, 第一批 are ranks and names.
    if (
        number is None
        or match["unit"] in ("级", "类", "种", "度", "面")
        or match["label"].endswith(("第", "同", "统", "专"))
    ):
        return ()
    number, unit = _scaled(number, match["unit"])
    operator = OPERATOR_OF.get(match["prefix"] or "") or SUFFIX_OF.get(match["suffix"] or "")
    trend = operator if operator in ("增长", "下降") else ""
    return (
        Reading(
            text,
            operator,
            number,
            unit,
            approximate=operator == "≈",
            label=_clean_label(match["label"]),
            trend=trend,
        ),
    )


def _lost_numbers(text: str) -> tuple[Reading, ...]:
    """Units whose number is missing (``占 %，比上年减少 万元``)."""
    half = re.sub(r"(?<=[\d.])\s+", "", _half_width(text))
    return tuple(Reading(text, unit=match["unit"], reason=EMPTY) for match in LOST.finditer(half))


MONTH_END = {"上旬": 10, "中旬": 20}
QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}


def _date_words(text: str, folded: str) -> tuple[Reading, ...]:
    found = [reading for match in DATE.finditer(folded) if (reading := _date(text, match)) is not None]
    return tuple(found)


def _date(text: str, match: re.Match[str]) -> Reading | None:
    written_year = match["year0"] or match["year"]
    year = int(written_year) if written_year else None
    before = match["before"] or ""
    approximate = False
    if match["month"] or match["month0"]:
        month = int(match["month"] or match["month0"])
        last = calendar.monthrange(year or 2024, month)[1]
        if match["day"] or match["day0"]:
            day = int(match["day"] or match["day0"])
            if day > last:
                return Reading(text, question=f"{month}月没有{day}日，请确认日期")
        elif match["part"] in MONTH_END:
            day = MONTH_END[match["part"]]
        else:
            day, approximate = last, not match["part"]
            if before in ("前", "之前", "以前") and not match["part"]:
                return _before_month(text, year, month)
    elif match["quarter"]:
        month = QUARTERS[match["quarter"]]
        day, approximate = calendar.monthrange(2024, month)[1], not match["qpart"]
    elif match["half"]:
        month, day, approximate = (6, 30, True) if match["half"] == "上半年" else (12, 31, True)
    else:
        if not (year or match["thisyear"] or (match["yearend"] or "").startswith("年")):
            return None
        if not match["yearend"] and not before:
            return None
        month, day = 12, 31
        if not match["yearend"] and before not in ("内", "之内", "以内", "止"):
            return None
    operator = "<=" if before or match["upto"] in ("截至", "截止") else None
    if match["yearend"] and match["yearend"].endswith("内"):
        operator = "<="
    if year is None:
        return Reading(text, operator, month_day=(month, day), approximate=approximate and operator is None)
    return Reading(text, operator, date=date(year, month, day), approximate=approximate and operator is None)


def _before_month(text: str, year: int | None, month: int) -> Reading:
    """``12月前`` may mean before its first or before its last day: asked, not guessed."""
    lead = f"{year}年" if year else ""
    earlier = month - 1 or 12
    if month == 1:
        lead_before = f"{year - 1}年" if year else "上年"
    else:
        lead_before = lead
    first = f"{lead_before}{earlier}月{calendar.monthrange(year or 2023, earlier)[1]}日前"
    return Reading(
        text,
        question=f"“{text.strip()}”是指{month}月开始之前还是{month}月底前，请确认",
        candidates=(f"{lead}{month}月底前", first),
    )
