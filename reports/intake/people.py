"""Who reports: name, kind, posts, staff, internal offices and duties in the first chapter of a report."""

from __future__ import annotations

import re
from datetime import date

from reports.intake.collected import Collected
from reports.intake.sections import HAN, Block, Paragraph, Passage, mark_depth, section_key
from reports.intake.wording import integer

_COUNT = rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+|[{HAN}百零〇两]+)"
_ORGANISATION = (
    r"(?:委员会办公室|委员会|人民政府|办事处|办公室|管理局|监督局|中心|局|委|办|院|所|站|厅|处|队|馆|部|社|园|校|学校|大学|中学|小学|学院|卫生院|医院|联合会|协会|学会"
    r"|总工会|工会|法院|检察院|红十字会|商会|党校|幼儿园|公司|政府|会|团委|支队|大队|镇|乡|街道)"
)
_NAME_START = r"(?P<name>(?!我|本|该|根据|按照|为|全|单位|部门|一是|主要)(?:(?!位于|地处|坐落)[^，。；：:、“”（()）\s\d]){2,40}?"
_SUBJECT = re.compile(
    rf"^{_NAME_START}{_ORGANISATION})(?:（[^）]*）|\([^)]*\))?(?:，|是|系|为|属|隶属|成立|于20|于19|现有|共有|内设|下设|设有|位于|核定|的?(?:主要)?(?:职责|职能)|编制|机构|人员|部门)"
)
_TITLE_YEAR = re.compile(r"(?:20\d\d|二[〇○零]\S{2})年度?(?:年)?")
_TITLE_KIND = re.compile(
    r"(?:部门)?(?:\(单位\)|（单位）)?(?:机关)?(?:预算)?(?:项目|整体|部门|财政|决算|绩效).*$"
)
_ORGANISATION_END = re.compile(rf"{_ORGANISATION}$")
_REGION = re.compile(
    r"^(?:中共|中国共产党)?(?P<province>[\u4e00-\u9fff]{2,8}?(?:省|自治区))?(?P<city>[\u4e00-\u9fff]{2,6}?(?:市|自治州|地区))?(?P<region>[\u4e00-\u9fff]{1,6}?(?:自治县|县|区|旗|市))(?=[\u4e00-\u9fff])"
)

_KIND_STATED = re.compile(
    r"(?:机构|单位)性质(?:为|是|属于|属|：|:)?"
    r"(?P<kind>[^，。；：]{0,20}?(?:事业单位|行政单位|行政机关|参公单位|企业)(?=单位|人员|机构|部门|内设|主要)|[^，。；：]{2,24})"
)
"""A kind of its own line runs into the next heading where a PDF lost the end of the paragraph."""
_KIND_WORDS = re.compile(
    r"(?:(?<!下)属于|隶属|(?<!下)属|系|是|为)[^，。；]{0,12}?(?P<kind>(?:财政)?(?:全额|差额|定额|自收自支|副科级|正科级|副处级|正处级|股级|科级|处级|参照公务员法管理的?|参公管理的?"
    r"|公益[一二三]类)*(?:拨款|补助|管理)?的?(?:公益[一二三]类)?(?:事业单位|行政机关|行政单位|党政机关|政府工作部门|工作部门|群团组织|群团机关|人民团体))"
)

_COUNTER = r"\s*(?:个|名|人)"
_POSTS = re.compile(
    rf"(?:单位|机关|人员|核定|定编|现有|总|全额|共有)*编制(?:人员)?(?:总?数|人数|总额|员额)?(?:共|为|有|是|：|:|合计|核定|共计)*{_COUNT}{_COUNTER}"
)
_POSTS_BY_KIND = re.compile(
    rf"(?P<kind>行政|参公|参照公务员法管理|事业|全额事业|差额事业|工勤|机关工勤|后勤服务|政法专项)(?:人员)?编制(?:数|人数)?(?:为|共|有|：|:)*{_COUNT}{_COUNTER}"
)
_STAFF = re.compile(
    rf"(?:现|年末|目前|截至[^，。；]{{0,12}}|单位|实际|实有|现有|当年)*(?:在编在职|在职在编|在编|在职|在岗|实有)(?:在编|在职)?(?:工作人员|人员|人数|职工|教职工|教职员工|教师|民警|干警|员工|干部职工|干部|干部人数)?(?:总数|数|共|为|有|是|：|:|共计)*{_COUNT}{_COUNTER}"
)
_STAFF_WITH_POSTS = re.compile(
    rf"(?:在编在职|在职在编|在编)(?:在职)?(?:工作人员|人员|人数|职工|教职工|教职员工|教师|民警|干警|员工|干部职工|干部)?(?:总数|数|共|为|有|是|：|:|共计)*{_COUNT}{_COUNTER}"
)
_WITHOUT_POSTS = re.compile(r"编外|非在编|合同制|聘用|临聘|临时|劳务派遣|购买服务|外聘|雇员")
_STAFF_BY_KIND = re.compile(rf"(?:行政|参公|事业|工勤|机关工勤)(?:在职)?人员{_COUNT}{_COUNTER}")
_STAFF_BEFORE = re.compile(r"(?:实有|在职|在岗|现有)[^。；]{0,16}?\d+(?:人|名|个)[，,]?其中[：:]?$")
"""«实有61人，其中行政编制21人»: the people on posts of that kind, and not the posts."""
_RETIRED_ALL = re.compile(
    rf"(?:离退休|离、退休|离（退）休|离\(退\)休)(?:人员|人数|老干部|干部职工|干部|教职员工|教职工|职工|教师|民警|干警)?(?:总数|数|共|为|有|是|：|:)*{_COUNT}{_COUNTER}"
)
_RETIRED_PART = re.compile(
    rf"(?P<kind>离休|(?<!离)(?<!离、)退休)(?:人员|人数|老干部|干部|教职工|职工|教师|民警|干警)?(?:数|共|为|有|是|：|:)*{_COUNT}{_COUNTER}"
)
_NONE_RETIRED = re.compile(r"(?:无|没有)(?:离退休|退休)人员")

_OFFICE_WORD = r"(?:机构|职能机构|综合机构|股室|科室|处室|职能科室|职能股室|业务科室|科|股|室|部门|处|部)"
_OFFICES = re.compile(
    rf"(?:内设|下设|设有|设置|设立|设|下辖)(?:机构|(?:职能|业务)?(?:科室|股室|处室|部门))?(?:有|为|共|包括)?(?:{_COUNT}\s*个?)?(?:内设)?{_OFFICE_WORD}?(?P<join>，?(?:分别)?(?:为|是|有|即|包括)?[：:]?|，?[（(])(?P<list>[^。；]*)"
)
_OFFICES_COUNTED_AFTER = re.compile(
    rf"(?:等|共|计)?{_COUNT}\s*个?(?:内设机构|职能部门|工作机构|办公室|{_OFFICE_WORD})"
)
_OFFICE_NAME = re.compile(
    r"^[\u4e00-\u9fffA-Za-z（）()]{1,18}(?:股|科|室|处|部|办|中心|组|队|站|所|委|团|办公室|大厅|窗口|股室)(?:[（(][^）)]*[）)])?$"
)
_OFFICES_MENTIONED = re.compile(r"内设|股室|科室|机构设置|处室")

_DUTIES_LEAD = re.compile(
    r"(?:主要)?(?:工作)?(?:职责|职能)(?:任务)?(?:是|为|有|包括|如下|：|:)|职责如下|职能如下"
)
_DUTIES_STATED = re.compile(rf"{_COUNT}(?:项|条)(?:主要)?(?:工作)?(?:职责|职能)")
_SUBJECT_OF_DUTIES = re.compile(r"^[^。；：:]{2,40}，(?:主要|具体)?(?=负责|承担|履行)")
_INLINE_MARK = re.compile(
    rf"(?:^|(?<=[。；;：:]))(?:[（(](?:\d{{1,2}}|[{HAN}]{{1,3}})[）)]|\d{{1,2}}[、.．](?!\d)|[{HAN}]是|①|②|③|④|⑤|⑥|⑦|⑧|⑨|⑩)"
)
_DATE = re.compile(
    r"^(?:(?:填[表报]|报告|编制)(?:日期|时间)[：:]\s*)?(?P<year>20\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日$"
)

_COVER = {
    "department": r"(?:(?:填报|预算|评价)?单位|(?:预算)?部门(?:[（(]单位[）)])?)(?:名称)?(?:[（(][盖公]章.)?",
    "budget_code": r"(?:预算)?(?:单位)?编码",
    "contact": r"联系人",
    "phone": r"(?:联系|联络)电话",
    "prepared_by": r"填[表报]人",
    "head": r"(?:单位|部门)?负责人(?:[（(]签[字章][）)])?",
    "main_department": r"主管部门",
}
_SEAL = re.compile(r"[（(](?:公章|盖章|加盖公章|章)[）)]$")
_COVER_LABELS = "|".join(words for words in _COVER.values())
_COVER_ITEM = re.compile(
    rf"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]{{2}}))(?P<label>{_COVER_LABELS})[：:]\s*"
    rf"(?P<value>(?!(?:万|亿|千)?元|人民币)[^，。；：:]{{1,100}}?)(?=$|(?:{_COVER_LABELS}|日期|报告日期|填[表报]日期)[：:])"
)

_BLANK_FORM = re.compile(r"[（(][^）)]{0,6}[章字名][）)]|[年月日\s_：:]")
"""Place for seal, signature and date that nobody filled in."""


def region_of(department: str) -> dict[str, str]:
    """Region, city and province that a unit's name begins with, by the fields of a profile."""
    match = _REGION.match(department)
    groups = {"region_name": "region", "city_name": "city", "province_name": "province"}
    return {field: match[group] for field, group in groups.items() if match and match[group]}


class ProfileReader:
    """Reads the first chapter, the cover and the title."""

    def __init__(self, collected: Collected, root: Block) -> None:
        self.collected = collected
        self.root = root
        self.blocks = [block for block in root.walk() if section_key(block) in ("profile", "overview")]
        self.duties_asked = False

    def read(self, title: str) -> None:
        """Everything; what is stated first wins."""
        self._cover()
        self._name(title)
        self._signature()
        for block in self.blocks:
            for passage in block.passages():
                self._facts(passage, block)
        for block in self.blocks:
            self._offices(block)
        self._duties()
        self._region()

    # -------------------------------------------------------------- names

    def _cover(self) -> None:
        """Lines like «单位名称：…» on the cover or at the end, the date and the signature."""
        last = [
            paragraph
            for block in self.root.walk()
            if block.parent
            for paragraph in block.paragraphs[-4:]
            if not paragraph.mark
        ]
        for paragraph in [*self.root.paragraphs, *last]:
            for match in _COVER_ITEM.finditer(paragraph.text):
                self._cover_item(match, paragraph)
            date_line = _DATE.match(paragraph.text)
            if date_line and "profile.prepared_on" not in self.collected.values:
                self._date(date_line, paragraph)

    def _cover_item(self, match: re.Match[str], paragraph: Paragraph) -> None:
        name = next(name for name, words in _COVER.items() if re.fullmatch(words, match["label"]))
        if not _BLANK_FORM.sub("", match["value"]):
            return
        if match["value"].strip() and f"profile.{name}" not in self.collected.values:
            value = _SEAL.sub("", match["value"].strip()) if name == "department" else match["value"].strip()
            self.collected.put(f"profile.{name}", value, "封面或落款", match.group())
            _use(paragraph)

    def _date(self, match: re.Match[str], paragraph: Paragraph) -> None:
        try:
            day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            self.collected.ask("封面或落款", paragraph.text, "日期不存在，请确认")
            return
        self.collected.put("profile.prepared_on", day, "封面或落款", paragraph.text)
        _use(paragraph)

    def _name(self, title: str) -> None:
        if "profile.department" in self.collected.values:
            return
        name = _TITLE_KIND.sub("", _TITLE_YEAR.sub("", title)).strip("关于的 （）()")
        for block in self.blocks:
            for passage in block.passages():
                match = _SUBJECT.match(passage.text)
                if match and not name.endswith(match["name"]):
                    self.collected.put("profile.department", match["name"], block.place, match["name"])
                    return
                if match:
                    break
        if len(name) >= 3 and _ORGANISATION_END.search(name):
            self.collected.put("profile.department", name, "标题", title)
            return
        self._name_from_signature()

    def _name_from_signature(self) -> None:
        last = list(self.root.walk())[-1]
        for paragraph in reversed(last.paragraphs[-3:]):
            if (
                4 <= len(paragraph.text) <= 40
                and _ORGANISATION_END.search(paragraph.text)
                and "，" not in paragraph.text
            ):
                self.collected.put("profile.department", paragraph.text, "落款", paragraph.text)
                _use(paragraph)
                return
        self.collected.ask("全文", "", "没有读出单位名称，请填写")

    def _signature(self) -> None:
        """The unit's own name under the text is no passage of its last section."""
        name = self.collected.get("profile.department")
        for block in self.root.walk():
            for paragraph in block.paragraphs[-3:]:
                if paragraph.text == name:
                    _use(paragraph)

    def _region(self) -> None:
        name = str(self.collected.get("profile.department") or "")
        for field, value in region_of(name).items():
            self.collected.put(f"profile.{field}", value, "单位名称", name)

    # -------------------------------------------------------------- facts

    def _facts(self, passage: Passage, block: Block) -> None:
        found = [
            *self._kind(passage, block),
            *self._posts(passage, block),
            *self._staff(passage, block),
            *self._retirees(passage, block),
            *self._number("duties_stated", _DUTIES_STATED, passage, block),
        ]
        name = self.collected.get("profile.department")
        if found and _says_no_more(passage.text, [*found, str(name)]):
            passage.used = True

    def _kind(self, passage: Passage, block: Block) -> list[str]:
        """机构性质: as stated, else the most exact of the words that describe the unit."""
        if "profile.kind" in self.collected.values and not _KIND_STATED.search(passage.text):
            return []
        found = list(_KIND_WORDS.finditer(passage.text))
        exact = [match for match in found if not match["kind"].endswith("工作部门")]
        match = _KIND_STATED.search(passage.text) or next(iter([*exact, *found]), None)
        if match is None:
            return []
        kept = self.collected.put("profile.kind", match["kind"], block.place, match.group())
        return [match.group()] if kept else []

    def _number(self, name: str, pattern: re.Pattern[str], passage: Passage, block: Block) -> list[str]:
        match = pattern.search(passage.text)
        if match is None:
            return []
        number = integer(match["number"])
        if number is None:
            self.collected.ask(block.place, match.group(), "数字没有读懂，请确认")
            return []
        kept = self.collected.put(f"profile.{name}", number, block.place, match.group())
        return [match.group()] if kept else []

    def _staff(self, passage: Passage, block: Block) -> list[str]:
        """在职人数: those on posts where others are counted with them (在岗512人，其中在编388人，编外124人)."""
        exact = _STAFF_WITH_POSTS.search(passage.text) if _WITHOUT_POSTS.search(passage.text) else None
        parts = list(_STAFF_BY_KIND.finditer(passage.text))
        if (
            not exact
            and len(parts) > 1
            and not _STAFF.search(passage.text)
            and re.search(r"实有|在职|现有", passage.text)
        ):
            words = "，".join(part.group() for part in parts)
            number = sum(integer(part["number"]) or 0 for part in parts)
            kept = self.collected.put("profile.staff_on_posts", number, block.place, words)
            return [part.group() for part in parts] if kept else []
        return self._number("staff_on_posts", _STAFF_WITH_POSTS if exact else _STAFF, passage, block)

    def _posts(self, passage: Passage, block: Block) -> list[str]:
        text = re.sub(r"[（(][^（）()]*[）)]", "", passage.text)
        parts = list(_POSTS_BY_KIND.finditer(text))
        without = text
        for part in reversed(parts):
            without = without[: part.start()] + "，" + without[part.end() :]
        if parts and _STAFF_BEFORE.search(text[: parts[0].start()]):
            return []
        whole = _POSTS.search(without)
        if whole and parts:
            self._ask_about_posts(whole, parts, block)
        if whole or not parts:
            return self._number("authorized_posts", _POSTS, Passage(without), block) + [
                part.group() for part in parts
            ]
        numbers = [integer(part["number"]) or 0 for part in parts]
        words = "，".join(part.group() for part in parts)
        kept = self.collected.put("profile.authorized_posts", sum(numbers), block.place, words)
        return [part.group() for part in parts] if kept else []

    def _ask_about_posts(self, whole: re.Match[str], parts: list[re.Match[str]], block: Block) -> None:
        """Kinds of posts that do not add up to the posts have no place of their own and are asked about."""
        total, numbers = integer(whole["number"]), [integer(part["number"]) or 0 for part in parts]
        if total is not None and len(parts) > 1 and sum(numbers) != total:
            words = "，".join([whole.group(), *(part.group() for part in parts)])
            self.collected.ask(
                block.place, words, f"各类编制合计{sum(numbers)}，与编制总数{total}不同，已按总数读取，请确认"
            )

    def _retirees(self, passage: Passage, block: Block) -> list[str]:
        if match := _RETIRED_ALL.search(passage.text):
            self._number("retirees", _RETIRED_ALL, passage, block)
            return [match.group()]
        if match := _NONE_RETIRED.search(passage.text):
            self.collected.put("profile.retirees", 0, block.place, match.group())
            return [match.group()]
        parts = list(_RETIRED_PART.finditer(passage.text))
        if not parts:
            return []
        numbers = [integer(part["number"]) or 0 for part in parts]
        words = "，".join(part.group() for part in parts)
        self.collected.put("profile.retirees", sum(numbers), block.place, words)
        return [part.group() for part in parts]

    # -------------------------------------------------------------- offices

    def _offices(self, block: Block) -> None:
        for passage in block.passages():
            for match in _OFFICES.finditer(passage.text):
                if self._office_list(match, passage, block):
                    return

    def _office_list(self, match: re.Match[str], passage: Passage, block: Block) -> bool:
        number = integer(match["number"]) if match["number"] else None
        words = match["list"]
        if match["join"].endswith(("（", "(")) or words.startswith(("（", "(")):
            words = _bracketed(words.lstrip("（("))
        after = _OFFICES_COUNTED_AFTER.search(words)
        if number is None and after:
            number = integer(after["number"])
        names = _office_names(words[: after.start()] if after else words)
        complete = "等" not in words or (
            after is not None and number is not None and number - len(names) <= 1
        )
        if number is None and not names:
            return False
        if number is not None:
            self.collected.put("profile.offices_stated", number, block.place, match.group().rstrip("，"))
        if names and complete:
            self.collected.put("profile.internal_offices", tuple(names), block.place, match.group())
        elif names:
            self.collected.leave(block.place, match.group())
        if (
            names
            and complete
            and _says_no_more(
                passage.text,
                [_as_far_as(match.group(), names[-1], after), str(self.collected.get("profile.department"))],
            )
        ):
            passage.used = True
        return True

    # -------------------------------------------------------------- duties

    def _duties(self) -> None:
        for block in self.blocks:
            if block.key == "duties" and self._duty_list(block, block.paragraphs, lead=None):
                return
            for index, paragraph in enumerate(block.paragraphs):
                lead = next(
                    (one for one in reversed(paragraph.passages) if _DUTIES_LEAD.search(one.text)), None
                )
                if lead is None:
                    continue
                following = block.paragraphs[index + 1 :]
                if self._inline(block, paragraph, lead) or self._duty_list(block, following, lead):
                    return

    def _duty_list(self, block: Block, paragraphs: list[Paragraph], lead: Passage | None) -> bool:
        """The numbered paragraphs behind the words 主要职责, as far as the numbering goes on."""
        items: list[Paragraph] = []
        above = next(
            (
                index
                for index, one in enumerate(paragraphs)
                if one.mark and mark_depth(one.mark) <= block.depth
            ),
            len(paragraphs),
        )
        paragraphs = paragraphs[:above]
        for paragraph in paragraphs:
            if not paragraph.mark:
                if items:
                    break
                leads = lead is None and _DUTIES_LEAD.search(paragraph.text)
                if leads and self._inline(block, paragraph, paragraph.passages[-1]):
                    return True
                continue
            items.append(paragraph)
        if not items:
            return lead is None and self._plain_duties(block, paragraphs)
        self.collected.put(
            "profile.duties",
            tuple(item.text for item in items),
            block.place,
            f"{items[0].mark}{items[0].text}",
        )
        for item in items:
            _use(item)
        if (
            lead is not None
            and re.search(r"(?:是|为|如下|有|包括)?[：:]$", lead.text)
            and len(lead.text) <= 24
        ):
            lead.used = True
        return True

    def _plain_duties(self, block: Block, paragraphs: list[Paragraph]) -> bool:
        """A section 主要职责 without numbers: one duty a paragraph."""
        texts = [
            paragraph.text
            for paragraph in paragraphs
            if paragraph.text and not paragraph.text.endswith(("：", ":"))
        ]
        if not texts:
            return False
        duties = _parts(_SUBJECT_OF_DUTIES.sub("", texts[0])) if len(texts) == 1 else texts
        self.collected.put("profile.duties", tuple(duties), block.place, texts[0])
        for paragraph in paragraphs:
            _use(paragraph)
        return True

    def _inline(self, block: Block, paragraph: Paragraph, lead: Passage) -> bool:
        """Duties in the same paragraph: «主要职责是：（一）…；（二）…» or «…是：负责…；负责…»."""
        start = paragraph.passages.index(lead)
        text = "".join(passage.text for passage in paragraph.passages[start:])
        match = _DUTIES_LEAD.search(text)
        rest = text[match.end() :].lstrip("：:，") if match else ""
        duties = _parts(rest)
        if len(duties) < 2:
            return False
        self.collected.put("profile.duties", tuple(duties), block.place, text)
        for passage in paragraph.passages[start:]:
            passage.used = True
        return True

    # -------------------------------------------------------------- what the text speaks of

    def speaks_of(self, words: re.Pattern[str]) -> bool:
        """Whether the chapter mentions a matter that was not read."""
        return any(
            words.search(block.title) or words.search(p.text)
            for block in self.blocks
            for p in block.paragraphs
        )

    def offices_mentioned(self) -> bool:
        return self.speaks_of(_OFFICES_MENTIONED)

    def duties_mentioned(self) -> bool:
        return self.speaks_of(re.compile(r"职责|职能"))


def _as_far_as(words: str, name: str, counted: re.Match[str] | None) -> str:
    """Words of a list up to its last name and the count behind it; what follows was not read."""
    end = words.rfind(name) + len(name)
    rest = counted.group() if counted else ""
    at = words.find(rest, end) if rest else -1
    return words[: at + len(rest)] if at >= 0 else words[:end]


def _parts(text: str) -> list[str]:
    """Items of an enumeration inside a paragraph, numbers taken off; without numbers cut at semicolons."""
    cuts = [(match.start(), match.end()) for match in _INLINE_MARK.finditer(text)]
    if len(cuts) > 1:
        ends = [start for start, _ in cuts[1:]] + [len(text)]
        return [text[begin:end].strip() for (_, begin), end in zip(cuts, ends, strict=True)]
    return [part.strip() for part in re.split(r"[；;]", text) if part.strip("。 ")]


def _bracketed(words: str) -> str:
    """What stands before the bracket that closes the one opened in front of the words."""
    depth = 1
    for at, sign in enumerate(words):
        depth += (sign in "（(") - (sign in "）)")
        if depth == 0:
            return words[:at]
    return words


def _office_names(words: str) -> list[str]:
    """Names in a list of offices; nothing when one of them is no office (then the words are other words)."""
    inner = words.strip("：:，。 ")
    while (
        inner
        and (inner[0] in "（(" or inner[-1] in "）)")
        and inner.count("（") + inner.count("(") != inner.count("）") + inner.count(")")
    ):
        inner = inner[1:] if inner[0] in "（(" else inner[:-1]
    inner = re.sub(r"等(?:\d+个)?(?:股室|科室|机构|部门)?$", "", inner)
    names = [
        name.strip() for name in re.split(r"[、，,]|以及|(?<=[科股室处部办])(?:和|及)", inner) if name.strip()
    ]
    good: list[str] = []
    for name in names:
        if not _OFFICE_NAME.match(name):
            return good if len(good) >= 2 else []
        good.append(name)
    return good


def _use(paragraph: Paragraph) -> None:
    for passage in paragraph.passages:
        passage.used = True


_FILLING = re.compile(
    r"[，。；：:;、（()）,“”\s]|我?本?(?:单位|部门|中心|机关|局)|人员构成情况|人员(?:情况|构成)|构成情况|机构性质|情况|其中|现有|共有|如下|为|是|有|共|的|属于?|系|截至|年末|核定|20\d\d年度?"
)


def _says_no_more(sentence: str, taken: list[str]) -> bool:
    """Whether nothing of weight is left of a sentence without the words that became data."""
    left = sentence
    for words in taken:
        left = left.replace(words, "")
    return len(_FILLING.sub("", left)) <= 2
