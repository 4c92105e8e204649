"""The one text reader: a report of the genre as plain text, read into a dossier.

It knows numbering, title words and labels of figures, never a unit. Every value keeps where it was read;
every passage without a place stays under its section; what is unsure is a question. Text whose whole
content became data is not told a second time in the narrative.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from budgets.dossier import Money
from budgets.tables import Column
from departments.dossier import Profile
from indicators.dossier import Goal, Indicator, Indicators
from reports.dossier import Covers, Dossier, Section, Unread
from reports.intake.collected import Collected
from reports.intake.errors import IntakeError
from reports.intake.finance import MoneyReader
from reports.intake.flat_tables import read_flat_tables
from reports.intake.lexicon import LEVEL1_ORDER, PROFILE_PARTS
from reports.intake.matching import merge_targets
from reports.intake.people import ProfileReader
from reports.intake.results import ResultReader, names_class
from reports.intake.sections import PAGE_NUMBER, Block, Paragraph, chain, cut, section_key, without_contents
from reports.intake.wording import decode, fold

LEAST_CHAPTERS = 4
"""A text with fewer of the genre's chapters is an excerpt; sections it lacks were not read."""

RESULTS = "performance"

_YEAR = re.compile(r"(20\d\d)年(?:度)?")
_HAN_YEAR = re.compile(r"二[〇○零0](?P<rest>[〇○零一二三四五六七八九]{2})年")
_TITLE_END = re.compile(r"(?:报告|说明|总结|自评表|公开)(?:[（(][^）)]*[）)])?$")
_ANNEX = re.compile(r"^附(?:件|表)\s*\d{0,2}\s*[：:]?$")
_ANNEX_LEAD = re.compile(r"^附(?:件|表)\s*\d{0,2}(?!\d)[：:]?(?=[\u4e00-\u9fff]{4})")
_YEAR_LINE = re.compile(r"^[（(]?20\d\d年度?[）)]?$")
_GOAL_MARK = re.compile(r"^(?:年度|绩效)?目标(?:\d{1,2}|[一二三四五六七八九十]{1,2})[：:、.．]\s*")
_NOTHING = re.compile(r"^(?:\d[.、．])?(?:暂?无|没有)(?:其他)?(?:需要?说明的?(?:问题|事项|情况))?[。.]?$")
"""«无。» below 其他需要说明的问题."""
_LEAD_IN = re.compile(r"(?:如下|包括|分别是|是|为)?[：:]$")
_ENDS_IN_NUMBER = re.compile(r"[^\d.\s]\D{0,10}?(?P<number>\d[\d,]*\.?\d*)$")
_BEGINS_WITH_NUMBER = re.compile(
    r"(?P<number>[\d,]*\.?\d+)(?P<unit>亿元|万元|元|％|%|人|次|个|户|场|公里|亩|分|份|期|项|件|家|批|条|座|所|处|台|套|天|名|吨|平方米|公顷|册|例|起)"
)
_NUMBERED = re.compile(r"^[（(]?\d{1,2}[）)、.．](?!\d)")
_NUMBER = re.compile(r"\.?\d+(?:,\d{3})*(?:\.\d+)?")
_BUDGET_COLUMNS = (Column.INITIAL_BUDGET, Column.FULL_BUDGET)


def read_text(data: bytes | str) -> Dossier:
    """A report's text as a dossier. Raises :class:`IntakeError` when it is no such report."""
    text = decode(data) if isinstance(data, bytes) else data
    if not text.strip():
        raise IntakeError("文件是空的，没有可以读取的文字")
    return _TextReading(text).dossier()


class _TextReading:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        text = without_contents(text)
        self.root = cut(text)
        self.text = text
        self.keys = {section_key(block) for block in self.root.walk() if block.key}
        if not self.keys:
            raise IntakeError("没有读出报告的章节，请确认文件是部门整体支出绩效自评报告的文字")
        self.collected = Collected()
        self.title = self._title()
        self.year = self._year(text)
        self.money = MoneyReader(self.collected, self.year)
        self.profile = ProfileReader(self.collected, self.root)
        self.results = ResultReader(self.collected, self.root)

    def dossier(self) -> Dossier:
        self.profile.read(self.title)
        self.money.read(self.root)
        self.results.read()
        read_flat_tables(self.text, self.collected, self.results.lines)
        lines = merge_targets(self.results.lines, self.results.targets, self.collected)
        goals = self._goals()
        self._ask_about_broken_numbers()
        self._drop_lead_ins()
        narrative = self._narrative()
        self._unplaced_sections()
        self._paragraphs()
        return self._with_lost_lines(self._whole(goals, lines, narrative))

    def _whole(
        self, goals: tuple[Goal, ...], lines: tuple[Indicator, ...], narrative: tuple[Section, ...]
    ) -> Dossier:
        indicators = Indicators(goals=goals, indicators=lines, assessment=self.results.result.assessment())
        return Dossier(
            title=self.title,
            document_kind=self._kind(),
            profile=self._profile(),
            money=self._money(),
            indicators=indicators,
            narrative=narrative,
            coverage=self._coverage(),
            origins=tuple(self.collected.origins),
            unread=tuple(_once(self.collected.unread)),
        )

    def _with_lost_lines(self, dossier: Dossier) -> Dossier:
        """The dossier, and as unread every line with a number that went nowhere (a heading without text, say)."""
        told = set(_numbers("\n".join(_strings(dossier.model_dump(mode="json")))))
        lost = []
        for line in self.text.splitlines():
            words = _NUMBERED.sub("", fold(line).strip())
            if PAGE_NUMBER.match(words):
                continue
            if any(number not in told for number in _numbers(words)):
                lost.append(Unread(source="全文", words=words))
        return dossier.model_copy(update={"unread": tuple(_once([*dossier.unread, *lost]))})

    def _ask_about_broken_numbers(self) -> None:
        """A number that ends one line and begins the next, where the lines were not joined: neither half is sure."""
        paragraphs = (paragraph.text for block in self.root.walk() for paragraph in block.paragraphs)
        kept = set(_numbers("\n".join(paragraphs)))
        lines = [fold(line).strip() for line in self.text.splitlines() if line.strip()]
        for above, below in pairwise(lines):
            end, begin = _ENDS_IN_NUMBER.search(above), _BEGINS_WITH_NUMBER.match(below)
            if end is None or begin is None or kept.issuperset(_numbers(end["number"] + begin["number"])):
                continue
            whole = f"{end['number']}{begin['number']}{begin['unit']}"
            self.collected.ask(
                "全文",
                f"{end.group()}\n{begin.group()}",
                f"数字在换行处断开，可能是“{whole}”，两行没有连起来读，请核对",
            )

    # -------------------------------------------------------------- title and year

    def _title(self) -> str:
        """The line before the first section that names the paper, joined when it runs over two lines."""
        lines: list[str] = []
        for paragraph in self.root.paragraphs:
            if _ANNEX.match(paragraph.text):
                continue
            if re.search(r"[：:。]", paragraph.text) or (lines and len(paragraph.text) > 40):
                lines = []
                continue
            lines.append(paragraph.text)
            whole = _ANNEX_LEAD.sub("", "".join(lines))
            if _TITLE_END.search(whole):
                at = self.root.paragraphs.index(paragraph) + 1
                for below in self.root.paragraphs[at : at + 1]:
                    if _YEAR_LINE.match(below.text):
                        lines.append(below.text)
                for one in self.root.paragraphs[: at + 1]:
                    if one.text in lines:
                        _use(one)
                return _ANNEX_LEAD.sub("", "".join(lines))
        return ""

    def _year(self, text: str) -> int:
        """Year of the title, else the one that the text speaks of most as 年度."""
        for source in (self.title, re.sub(r"\s", "", text)):
            source = _HAN_YEAR.sub(lambda match: f"20{_han_digits(match['rest'])}年", source)
            years = Counter(int(year) for year in re.findall(r"(20\d\d)年度", source)) or Counter(
                int(year) for year in _YEAR.findall(source)
            )
            if years:
                year, _ = years.most_common(1)[0]
                where = "标题" if source == self.title else "全文"
                self.collected.put("profile.year", year, where, f"{year}年度")
                if where == "全文":
                    self.collected.ask(
                        where, f"{year}年度", f"标题没有写年度，按正文出现最多的{year}年度读取，请确认"
                    )
                return year
        raise IntakeError("没有读出报告的年度，请确认文件是某一年度的绩效自评报告")

    def _kind(self) -> str:
        name = self.collected.get("profile.department")
        kind = _HAN_YEAR.sub("", re.sub(r"20\d\d年度?", "", self.title)).replace("关于", "")
        if isinstance(name, str):
            kind = kind.replace(name, "")
        kind = re.sub(r"[（(][）)]", "", kind).strip("的 ")
        found = re.search(r"(?:部门|单位|项目|整体|财政|决算).*$", kind)
        return (found.group() if found else kind) or Dossier.model_fields["document_kind"].default

    # -------------------------------------------------------------- parts

    def _profile(self) -> Profile:
        prefix = "profile."
        values = {
            where.removeprefix(prefix): value
            for where, value in self.collected.values.items()
            if where.startswith(prefix)
        }
        return Profile.model_validate({"department": "", **values, "year": self.year})

    def _money(self) -> Money:
        return Money(
            **self.collected.tables(),
            projects=tuple(self.money.project_money.projects.values()),
            adjustments=tuple(self.money.adjustments),
            project_office=str(self.collected.get("money.project_office") or ""),
        )

    def _goals(self) -> tuple[Goal, ...]:
        """总体绩效目标: one goal a numbered item, else the section as one."""
        blocks = [block for block in self.root.walk() if block.key == "goals_overall"]
        if not blocks:
            blocks = [block for block in self.root.walk() if block.key == "goals" and not block.children]
        goals = []
        for block in blocks:
            items = [one for one in block.paragraphs if one.mark or _GOAL_MARK.match(one.text)]
            texts = items or [paragraph for paragraph in block.paragraphs if paragraph.text]
            if not texts:
                continue
            merged = (
                [_GOAL_MARK.sub("", item.text) for item in texts]
                if items
                else ["\n".join(item.text for item in texts)]
            )
            for text in merged:
                self.collected.saw(f"goals.{len(goals)}.expected", block.place, text)
                goals.append(Goal(expected=text))
            for paragraph in texts:
                _use(paragraph)
        return tuple(goals)

    def _drop_lead_ins(self) -> None:
        """«…情况如下：» without the list that followed it says nothing."""
        for block in self.root.walk():
            for index, paragraph in enumerate(block.paragraphs[:-1]):
                last = paragraph.passages[-1] if paragraph.passages else None
                following = block.paragraphs[index + 1]
                if (
                    last
                    and not last.used
                    and following.mark
                    and not following.rest
                    and _LEAD_IN.search(last.text)
                ):
                    last.used = True

    # -------------------------------------------------------------- narrative

    def _narrative(self) -> tuple[Section, ...]:
        """What is left to tell, by section; a heading with nothing below it is an empty section.

        A chapter of results that became data completely keeps its words: an empty one would look unwritten.
        """
        blocks = [(key, block) for block in self.root.walk() if (key := section_key(block)) and block.parent]
        texts: dict[str, list[str]] = {}
        for key, block in blocks:
            own = [paragraph.rest for paragraph in block.paragraphs if paragraph.rest]
            if own or not (block.paragraphs or block.children):
                texts.setdefault(key, []).extend(self._told(key, block, own))
        results = [block for key, block in blocks if key == RESULTS]
        if results and not any(texts.get(RESULTS, [])):
            texts[RESULTS] = [f"{p.mark}{p.text}" for block in results for p in block.paragraphs]
        titles: dict[str, str] = {}
        for key, block in blocks:
            titles.setdefault(key, block.title)
        order = list(titles)
        return tuple(
            Section(key=key, title=titles[key], text="\n".join(texts[key])) for key in order if key in texts
        )

    def _told(self, key: str, block: Block, own: list[str]) -> list[str]:
        """Paragraphs of one section; a heading that the outline does not know stays with its paragraphs."""
        if own:
            self.collected.saw(f"narrative.{key}", block.place, own[0][:60])
        headed = own and block.key is None and not names_class(block.title)
        return [f"{block.mark}{block.title}", *own] if headed else own

    def _unplaced_sections(self) -> None:
        """Sections that the outline does not know, and text before the first one."""
        for block in self.root.walk():
            if block.parent is not None and section_key(block) is not None:
                continue
            for paragraph in block.paragraphs:
                if paragraph.rest and not _NOTHING.match(paragraph.rest):
                    self.collected.leave(block.place, paragraph.rest)

    def _paragraphs(self) -> None:
        """Every paragraph as it stands, also what became data: rules on words look at the whole text."""
        for block in self.root.walk():
            if block.parent is None:
                continue
            key = section_key(block) or "other"
            for paragraph in block.paragraphs:
                if paragraph.text:
                    self.collected.saw(f"paragraph.{key}", chain(block), f"{paragraph.mark}{paragraph.text}")

    # -------------------------------------------------------------- coverage

    def _coverage(self) -> frozenset[Covers]:
        """Parts whose section was found and either read or truly without the matter."""
        has = self.collected.has
        spoken = self.money.mentioned
        performance = "performance" in self.keys
        profile = "profile" in self.keys or any(
            block.key == "overview" and block.paragraphs for block in self.root.walk()
        )
        funds = bool(self.keys & {"funds", "funds_allocation", "finance"})
        goals = bool(self.keys & {"goals", "goals_overall", "goals_detail"})
        offices = any(
            f"profile.{name}" in self.collected.values for name in ("offices_stated", "internal_offices")
        )
        duties = any(f"profile.{name}" in self.collected.values for name in ("duties", "duties_stated"))
        score = "assessment.score" in self.collected.values or "assessment.grade" in self.collected.values
        whole = is_whole(key for key in self.keys if key)
        found = {
            Covers.PROFILE: profile,
            Covers.OFFICES: offices or (profile and whole and not self.profile.offices_mentioned()),
            Covers.DUTIES: duties or (profile and whole and not self.profile.duties_mentioned()),
            Covers.INCOME: has("income_source")
            or has("income_nature")
            or ("finance" in self.keys and "income" not in spoken),
            Covers.EXPENDITURE: has("expenditure", [Column.ACTUAL])
            or ("finance" in self.keys and "expenditure" not in spoken),
            Covers.BUDGET: has("expenditure", _BUDGET_COLUMNS)
            or (funds and "budget" not in spoken and whole),
            Covers.CARRYOVER: has("carryover"),
            Covers.BASE_DATA: has("three_public"),
            Covers.PROJECTS: bool(self.money.project_money.projects) or "project_use" in self.keys,
            Covers.GOALS: goals,
            Covers.INDICATORS: performance,
            Covers.TARGETS: self.results.states_targets() or (goals and performance),
            Covers.WEIGHTS: performance,
            Covers.SELF_SCORE: score or (performance and not self.results.result.score_mentioned()),
            Covers.NARRATIVE: whole,
        }
        return frozenset(part for part, covered in found.items() if covered)


def is_whole(keys: Iterable[str]) -> bool:
    """Whether these sections are enough of the genre's chapters to be a whole report and no excerpt."""
    found = set(keys)
    return sum(key in found or bool(_child_of(key) & found) for key in LEVEL1_ORDER) >= LEAST_CHAPTERS


def _child_of(key: str) -> set[str]:
    """Sections that stand for a chapter when its own heading is missing."""
    return {
        "overview": {"profile", *PROFILE_PARTS},
        "goals": {"goals_overall", "goals_stage", "goals_detail"},
        "funds": {"funds_management", "funds_allocation", "project_use", "project_management"},
        "evaluation": {"purpose", "process"},
    }.get(key, set())


def _use(paragraph: Paragraph) -> None:
    for passage in paragraph.passages:
        passage.used = True


def _numbers(text: str) -> Iterator[str]:
    """Numbers of a text as they are compared: without commas and needless zeros."""
    for match in _NUMBER.findall(fold(text)):
        number = match.replace(",", "").lstrip("0")
        yield (number.rstrip("0").rstrip(".") if "." in number else number) or "0"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif value is not None:
        yield str(value)


def _once(items: list[Unread]) -> list[Unread]:
    return list(dict.fromkeys(items))


def _han_digits(text: str) -> str:
    return "".join(
        str("〇一二三四五六七八九".index(sign.replace("○", "〇").replace("零", "〇"))) for sign in text
    )
