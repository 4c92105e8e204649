"""The summary report of a round (汇总分析报告): seven chapters and their annexes as one :class:`ReportDocument`.

Pure: figures and rows in, document out. Every sentence states a figure of the round; the bureau's own words stand where
they belong, and where they are still missing the place is marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.money import percent, plain, rate, wan
from reports.choices import Status
from reports.documents.compose import mark
from reports.documents.forms import cells
from reports.documents.model import (
    Annex,
    Block,
    Cell,
    Cover,
    Enclosures,
    Heading,
    Paragraph,
    ReportDocument,
    Row,
    Signature,
    Table,
)
from reports.documents.plaintext import paragraphs
from reports.documents.wording import chinese_date
from reports.models import RoundSummary
from reports.overview.figures import Overview
from reports.overview.kinds import Group, grouped
from reports.overview.slices import LARGE_GAP
from reports.overview.table import SHEET, UnitRow, summary_table

ENDS = 10
"""Units named at the top and at the bottom of the ranking."""
NAMED = 30
"""Units named in a sentence; of more, the sentence gives the number of the rest."""
PROMPTS = {
    "basics": "此处由财政局补写组织情况：布置、培训、工作要求等。",
    "problems": "",
    "reviews": "此处由财政局补写抽查复核、重点评价和整改情况。",
    "advice": "此处由财政局补写下一步工作建议。",
}


@dataclass(frozen=True)
class Reviewing:
    """What the review of the round left in the log."""

    returns: int = 0
    returned_reports: int = 0
    comments: int = 0
    answered: int = 0
    waivers: int = 0
    drawn: int = 0
    """Reports drawn for a spot check, and how those that are finished came out."""
    concluded: tuple[tuple[str, int], ...] = ()
    rectifications: int = 0
    rectified: int = 0


@dataclass(frozen=True)
class Material:
    """Everything that the summary report is made of."""

    data: Overview
    rows: Sequence[UnitRow]
    late: Sequence[str] = ()
    examples: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """By rule: (unit, first sentence of the finding)."""
    reviewing: Reviewing = Reviewing()
    words: RoundSummary = field(default_factory=RoundSummary)

    @property
    def bureau(self) -> str:
        return f"{self.data.round.region.name}财政局"

    @property
    def title(self) -> str:
        return f"{self.data.round.region.name}{self.data.round.year}年度部门整体支出绩效自评汇总分析报告"

    @property
    def ranked(self) -> list[UnitRow]:
        """Delivered rows by 最终得分, highest first; equal ones in the order of the table."""
        stated = [row for row in self.rows if row.final is not None]
        return sorted(stated, key=lambda row: -row.final)


def compose_summary(material: Material) -> ReportDocument:
    """The whole paper."""
    data, words = material.data, material.words
    annexes = _annexes(material)
    date = chinese_date(words.dated) if words.dated else ""
    return ReportDocument(
        title=material.title,
        author=material.bureau,
        subject=f"{data.round.year}年度部门整体支出绩效自评汇总",
        cover=Cover(
            title=material.title,
            lines=(("编制单位", material.bureau), ("评价年度", f"{data.round.year}年度")),
            date=date,
        ),
        body=(
            *_body(material),
            Enclosures(items=tuple((f"{number}.", one.title) for number, one in enumerate(annexes, 1))),
            Signature(lines=(material.bureau, date or "　　年　月　日")),
        ),
        annexes=annexes,
    )


def compose_table(material: Material) -> ReportDocument:
    """The summary table alone, for the workbook."""
    annex = _table(material, "")
    return ReportDocument(title=annex.title, author=material.bureau, annexes=(annex,))


def _table(material: Material, annex_mark: str) -> Annex:
    data, words = material.data, material.words
    return summary_table(
        material.rows,
        data.grade_names,
        title=f"{data.round.region.name}{data.round.year}年度部门整体支出绩效自评汇总表",
        bureau=material.bureau,
        prepared_by=words.prepared_by,
        dated=chinese_date(words.dated) if words.dated else "",
        mark=annex_mark,
    )


# ------------------------------------------------------------------ chapters


def _body(material: Material) -> Iterator[Block]:
    chapters = (
        ("基本情况", _basics),
        ("自评结果", _results),
        ("预算执行情况", _execution),
        ("绩效目标完成情况", _targets),
        ("存在的问题", _problems),
        ("审核和抽查情况", _reviews),
        ("下一步工作建议", _advice),
    )
    for number, (title, writes) in enumerate(chapters, 1):
        yield Heading(level=1, text=f"{mark(1, number)}{title}")
        yield from writes(material)


def _said(text: str) -> Paragraph:
    return Paragraph(text=text, origin="generated")


def _own(material: Material, key: str) -> Iterator[Paragraph]:
    """The bureau's words of a chapter, or the mark of where they are still missing."""
    text = getattr(material.words, key)
    if text.strip():
        yield from (Paragraph(text=line) for line in paragraphs(text))
    elif PROMPTS[key]:
        yield Paragraph(text=f"（{PROMPTS[key]}）", origin="prompt")


def _sub(number: int, title: str) -> Heading:
    return Heading(level=2, text=f"{mark(2, number)}{title}")


def _basics(material: Material) -> Iterator[Block]:
    data = material.data
    yield from _own(material, "basics")
    states = "、".join(
        f"{status.label}{count}个"
        for status, count in data.by_state.items()
        if count and status is not Status.CANCELLED
    )
    share = percent(rate(data.sent, data.due), "—")
    cancelled = f"（另有{data.cancelled}个单位的报告已取消，不计入）" if data.cancelled else ""
    yield _said(
        f"{data.round.year}年度全区应开展部门整体支出绩效自评的单位{data.due}个{cancelled}，涉及主管部门"
        f"{len(data.main_departments)}个；截止日期为{chinese_date(data.round.deadline)}。"
        f"已报送{data.sent}个，报送率{share}；未报送{data.owed}个。"
        + (f"按状态分：{states}。" if states else "")
    )
    if data.nil:
        yield _said(f"其中申报零报告的单位{data.nil}个，零报告不评分。")
    if data.extended:
        yield _said(f"经批准延期报送的单位{data.extended}个。")
    if material.late:
        yield _said(f"逾期未报送的单位{data.late}个：{_names(material.late)}。")
    yield _said(
        f"自评按“{data.policy.label}”评分，等级分为{'、'.join(data.grade_names)}。"
        "本报告的数据取自各单位最近一次报送的自评报告。"
    )


def _results(material: Material) -> Iterator[Block]:
    data = material.data
    if not data.sent:
        yield _said("还没有单位报送自评报告。")
        return
    yield _sub(1, "得分和等级")
    way = data.divided["self"]
    grades = "，".join(
        f"“{row.part.label}”{row.count}个（{percent(rate(row.count, data.sent))}）"
        for row in way.rows[: len(data.grade_names)]
    )
    missing = way.rows[len(data.grade_names)].count
    yield _said(
        f"已报送的{data.sent}个单位中，自评等级为{grades}{f'，没有等级的{missing}个' if missing else ''}。"
        f"平均自评得分{_points(data.self_score)}分，平均系统评分{_points(data.score)}分"
        + (
            f"，经复核的{data.reviewed_count}个单位平均复核得分{_points(data.reviewed)}分。"
            if data.reviewed_count
            else "。"
        )
    )
    yield _grade_table(data)
    yield _sub(2, "自评得分与系统评分、复核得分的差异")
    gap = data.divided["gap"]
    yield _said(
        f"自评得分与系统评分相差不超过1分的{gap.count('gap-same')}个；自评高出1分至5分的{gap.count('gap-high')}个，"
        f"高出5分至10分的{gap.count('gap-higher')}个，高出{LARGE_GAP}分以上的{gap.count('gap-highest')}个；"
        f"自评低于系统评分1分以上的{gap.count('gap-low') + gap.count('gap-lower')}个；"
        f"系统无法评分的{gap.count('gap-none')}个。"
    )
    yield _said(
        f"财政部门已复核{data.reviewed_count}个单位，其中{data.changed_by_review}个的复核得分与自评得分不同。"
        if data.reviewed_count
        else "财政部门还没有填写复核得分。"
    )
    yield _sub(3, "排名")
    ranked = material.ranked
    ends = min(ENDS, max(1, len(ranked) // 2))
    yield _said(f"按最终得分（有复核得分的用复核得分）排列，前{ends}名和后{ends}名如下，全部名次见附件1。")
    yield _ranking_table(ranked, ends)


def _grade_table(data: Overview) -> Table:
    ways = [data.divided[key] for key in ("self", "system", "reviewed")]
    labels = [*data.grade_names, "没有等级或没有复核", "未报送"]
    return Table(
        title="等级分布表",
        widths=(4, 3, 3, 3),
        header_rows=1,
        unit="单位：个",
        rows=(
            _head("等级", "自评等级", "系统评分等级", "复核得分等级"),
            *(
                Row(cells=(cells.label(label), *(cells.count(way.rows[place].count) for way in ways)))
                for place, label in enumerate(labels)
            ),
            Row(cells=(cells.head("合计"), *(cells.count(way.total) for way in ways))),
        ),
    )


def _ranking_table(ranked: Sequence[UnitRow], ends: int) -> Table:
    places = list(enumerate(ranked, 1))
    chosen = places[:ends] + [item for item in places[-ends:] if item not in places[:ends]]
    return Table(
        title="最终得分排名（前列和后列）",
        widths=(2, 8, 7, 3, 3, 3),
        header_rows=1,
        unit="单位：分",
        rows=(
            _head("序位", "单位", "主管部门", "自评得分", "系统评分", "最终得分"),
            *(
                Row(
                    cells=(
                        cells.count(place),
                        Cell(text=row.name, align="left"),
                        Cell(text=row.main or "—", align="left"),
                        cells.score(row.self_score),
                        cells.score(row.score),
                        cells.score(row.final),
                    )
                )
                for place, row in chosen
            ),
        ),
    )


def _execution(material: Material) -> Iterator[Block]:
    data, way = material.data, material.data.divided["rate"]
    if data.budget is None and data.spent is None:
        yield _said("已报送的报告没有填写全年预算数和全年执行数。")
        return
    yield _said(
        f"已报送单位全年预算数合计{wan(data.budget)}万元，全年执行数合计{wan(data.spent)}万元，"
        f"总体预算执行率{percent(data.rate)}。"
    )
    bands = "，".join(f"{row.part.label}的{row.count}个" for row in way.rows if row.part.key != "unsent")
    yield _said(f"按预算执行率分：{bands}。")
    over = [row for row in material.rows if (found := rate(row.spent, row.budget)) is not None and found > 1]
    low = [
        row
        for row in material.rows
        if (found := rate(row.spent, row.budget)) is not None and found < Decimal("0.8")
    ]
    if over:
        yield _said(
            f"执行率超过100%的单位：{_rated(sorted(over, key=lambda row: -row.spent / row.budget))}。"
        )
    if low:
        yield _said(f"执行率低于80%的单位：{_rated(sorted(low, key=lambda row: row.spent / row.budget))}。")


def _rated(rows: Sequence[UnitRow]) -> str:
    return _names([f"{row.name}（{percent(rate(row.spent, row.budget))}）" for row in rows])


def _targets(material: Material) -> Iterator[Block]:
    data, way = material.data, material.data.divided["targets"]
    if not data.targets:
        yield _said("已报送的报告没有可判断是否完成的绩效指标。")
        return
    yield _said(
        f"各单位共设置可判断是否完成的绩效指标{data.targets}项，完成{data.targets_met}项，"
        f"完成率{percent(rate(data.targets_met, data.targets))}。"
    )
    bands = "，".join(f"{row.part.label}的{row.count}个" for row in way.rows if row.part.key != "unsent")
    yield _said(f"按单位分：指标{bands}。")
    few = [row for row in material.rows if row.targets and (row.met or 0) * 10 < row.targets * 7]
    if few:
        few.sort(key=lambda row: (row.met or 0) / row.targets)
        listed = [f"{row.name}（{row.met}/{row.targets}）" for row in few]
        yield _said(f"完成不到70%的单位：{_names(listed)}。")


def _problems(material: Material) -> Iterator[Block]:
    groups = [group for group in grouped(material.data.rules) if group.findings]
    if groups:
        findings = sum(group.findings for group in groups)
        yield _said(
            f"系统按核对规则在各单位最近一次报送的报告中共发现问题{findings}处（不含已豁免的），分为"
            f"{'、'.join(f'{group.title}{group.findings}处' for group in groups)}。全部问题分类见附件3。"
        )
    else:
        yield _said("系统按核对规则没有在已报送的报告中发现问题。")
    for number, group in enumerate(groups, 1):
        yield _sub(number, group.title)
        yield from _group(material, group)
    yield from _own(material, "problems")


def _group(material: Material, group: Group) -> Iterator[Block]:
    kinds = sorted(group.kinds, key=lambda kind: -kind.findings)
    for place, kind in enumerate((kind for kind in kinds if kind.findings), 1):
        rules = [rule for rule in kind.rules if rule.findings]
        examples = [text for rule in rules for text in material.examples.get(rule.code, ())][:2]
        shown = "；".join(f"{unit}：{_trimmed(message)}" for unit, message in examples)
        told = "；".join(f"{rule.title}，涉及{rule.reports}个单位{rule.findings}处" for rule in rules[:3])
        yield _said(
            f"{mark(3, place)}{kind.label}（{kind.findings}处）。{told}。{f'例如，{shown}。' if shown else ''}"
        )


def _trimmed(message: str) -> str:
    text = " ".join(message.split()).rstrip("。；")
    return text if len(text) <= 120 else f"{text[:119]}…"


def _reviews(material: Material) -> Iterator[Block]:
    data, found = material.data, material.reviewing
    progress = data.divided["progress"]
    yield _said(
        f"截至本报告形成时，已审核{progress.count('done')}个，正在审核{progress.count('reviewing')}个。"
        f"审核中共退回修改{found.returns}次，涉及{found.returned_reports}个单位；提出审核意见{found.comments}条，"
        f"单位已答复{found.answered}条；经批准豁免核对规则{found.waivers}项。"
    )
    yield _said(_spot_checks(found))
    for group in data.unusual:
        if group.count:
            yield _said(f"{group.part.label}的单位{group.count}个：{_units(group)}。")
    yield from _own(material, "reviews")


def _spot_checks(found: Reviewing) -> str:
    if not found.drawn:
        return "本年度还没有抽取报告进行抽查复核。"
    finished = sum(count for _, count in found.concluded)
    text = f"抽取{found.drawn}份报告进行抽查复核，已有结论{finished}份"
    if named := "、".join(f"{label}{count}份" for label, count in found.concluded if count):
        text += f"（{named}）"
    if found.rectifications:
        text += f"；下发整改通知{found.rectifications}份，已办结{found.rectified}份"
    return f"{text}。"


def _units(group: object) -> str:
    names = [report.department.name for report in group.examples]
    rest = group.count - len(names)
    return "、".join(names) + (f"等，其余{rest}个见系统“总览”" if rest > 0 else "")


def _advice(material: Material) -> Iterator[Block]:
    data = material.data
    counts = {group.part.key: group.count for group in data.unusual}
    facts = []
    if data.owed:
        late = f"，其中逾期的{data.late}个限期报送" if data.late else ""
        facts.append(f"督促未报送的{data.owed}个单位尽快完成自评并报送{late}。")
    if returned := data.by_state[Status.RETURNED]:
        facts.append(f"跟踪已退回的{returned}个单位按审核意见修改后重新报送。")
    if count := counts.get("unusual-gap"):
        facts.append(f"对自评得分比系统评分高{LARGE_GAP}分以上的{count}个单位优先安排抽查复核。")
    if count := counts.get("unusual-over"):
        facts.append(f"核实预算执行率超过100%的{count}个单位的全年预算数口径和追加手续。")
    if count := counts.get("unusual-under"):
        facts.append(f"核实预算执行率低于80%的{count}个单位的原因，作为安排下一年度预算时的参考。")
    if count := counts.get("unusual-satisfied"):
        facts.append(f"要求满意度全部填100%的{count}个单位补充问卷份数、时间和统计结果。")
    kinds = sorted(
        (kind for group in grouped(data.rules) for kind in group.kinds if kind.findings),
        key=lambda kind: -kind.findings,
    )
    if kinds:
        named = "、".join(f"“{kind.label}”" for kind in kinds[:3])
        facts.append(f"布置下一年度自评时，针对{named}等最集中的问题进行讲解和示范。")
    for number, fact in enumerate(facts, 1):
        yield _said(f"{mark(3, number)}{fact}")
    yield from _own(material, "advice")


# ------------------------------------------------------------------ annexes


def _annexes(material: Material) -> tuple[Annex, ...]:
    data = material.data
    return (
        _table(material, "附件1"),
        Annex(
            mark="附件2",
            title="各主管部门报送和审核进度表",
            sheet="进度表",
            landscape=False,
            blocks=(_progress_table(data),),
        ),
        Annex(
            mark="附件3",
            title="问题分类汇总表",
            sheet="问题分类汇总表",
            landscape=False,
            blocks=(_problem_table(data),),
        ),
    )


def _progress_table(data: Overview) -> Table:
    progress = data.divided["progress"]
    return Table(
        widths=(8, 2.4, 2.4, 2.4, 2.4, 2.4, 3.4, 3.4),
        header_rows=1,
        unit="单位：个、分",
        rows=(
            _head(
                "主管部门", *(row.part.label for row in progress.rows), "合计", "平均自评得分", "预算执行率"
            ),
            *(
                Row(
                    cells=(
                        Cell(text=row.name, align="left"),
                        *(
                            cells.count(count)
                            for count in (row.done, row.reviewing, row.open, row.late, row.due)
                        ),
                        cells.score(row.mean),
                        cells.label(percent(row.rate, "")),
                    )
                )
                for row in data.main_departments
            ),
            Row(
                cells=(
                    cells.head("合计"),
                    *(cells.count(row.count) for row in progress.rows),
                    cells.count(progress.total),
                    cells.score(data.self_score),
                    cells.label(percent(data.rate, "")),
                )
            ),
        ),
    )


def _problem_table(data: Overview) -> Table:
    groups = grouped(data.rules)
    rows = [(group, kind, rule) for group in groups for kind in group.kinds for rule in kind.rules]
    return Table(
        widths=(4, 4, 9, 2, 2, 2),
        header_rows=1,
        rows=(
            _head("问题大类", "问题类型", "核对规则", "涉及单位", "发现", "豁免"),
            *(
                Row(
                    cells=(
                        cells.label(group.title),
                        cells.label(kind.label),
                        Cell(text=rule.title, align="left"),
                        cells.count(rule.reports),
                        cells.count(rule.findings),
                        cells.count(rule.waived),
                    )
                )
                for group, kind, rule in rows
            ),
            Row(
                cells=(
                    cells.head("合计", colspan=4),
                    cells.count(sum(rule.findings for _, _, rule in rows)),
                    cells.count(sum(rule.waived for _, _, rule in rows)),
                )
            ),
        ),
    )


def _head(*names: str) -> Row:
    return Row(cells=tuple(cells.head(name) for name in names))


def _names(names: Sequence[str]) -> str:
    rest = len(names) - NAMED
    return "、".join(names[:NAMED]) + (f"等，其余{rest}个见附件1" if rest > 0 else "")


def _points(score: Decimal | None) -> str:
    return "—" if score is None else plain(score)


__all__ = ["SHEET", "Material", "Reviewing", "compose_summary", "compose_table"]
