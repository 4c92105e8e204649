"""What the overview page shows: each chart with the sentence that it proves and the table that it was drawn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from budgets.money import percent, plain, rate, wan
from reports.overview import charts
from reports.overview.figures import POINTS, Divided, Overview

SHOWN_DEPARTMENTS = 12
"""Main departments with a bar of their own; the rest share one. The table has all."""
SHOWN_RULES = 10
WORTH_A_LOOK = frozenset({"rate-half", "rate-low", "rate-over", "gap-higher", "gap-highest"})


@dataclass(frozen=True)
class Entry:
    """One figure of a table, with the address of the reports behind it."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a chart's table."""

    label: str
    entries: tuple[Entry, ...]
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A chart, what it says, and its table."""

    key: str
    title: str
    sentence: str
    picture: SafeString
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    foot: Line | None = None
    note: str = ""
    wide: bool = field(default=False)


def panels(data: Overview) -> list[Panel]:
    """The charts of the page, in its order; one without data is left out."""
    made = [_progress(data), _grades(data)]
    if data.points:
        made.append(_scores(data))
    made += [_bands(data, "gap"), _bands(data, "rate"), _bands(data, "targets")]
    if data.rules:
        made.append(_rules(data))
    if len(data.history) > 1:
        made.append(_history(data))
    return made


def list_address(data: Overview) -> Callable[..., str]:
    """Address of the list of units behind a figure."""

    def address(**narrowed: object) -> str:
        return f"{reverse('overview-ranking')}?{urlencode({'round': data.round.pk, **narrowed})}"

    return address


def _entry(count: int, url: str) -> Entry:
    return Entry(str(count), url if count else "")


def _progress(data: Overview) -> Panel:
    to_list = list_address(data)
    rows = data.main_departments
    shown = len(rows) if len(rows) == SHOWN_DEPARTMENTS + 1 else SHOWN_DEPARTMENTS
    drawn = [(row.name, (row.done, row.reviewing, row.open, row.late)) for row in rows[:shown]]
    rest = rows[shown:]
    if rest:
        pooled = tuple(
            sum(values)
            for values in zip(*((row.done, row.reviewing, row.open, row.late) for row in rest), strict=True)
        )
        drawn.append((f"其余{len(rest)}个主管部门", pooled))
    division = data.divided["progress"]
    keys = [row.part.key for row in division.rows]
    names = [row.part.label for row in division.rows]
    return Panel(
        key="progress",
        title="报送和审核进度",
        sentence=f"应报{data.due}份，已报送{data.sent}份，未报送{data.owed}份"
        + (f"，其中逾期{data.late}份。" if data.late else "，没有逾期的。"),
        picture=charts.as_source(
            charts.stacked(
                [name for name, _ in drawn],
                [(name, [values[place] for _, values in drawn]) for place, name in enumerate(names)],
            )
        ),
        head=("主管部门", *names, "合计", "平均自评得分", "预算执行率"),
        lines=tuple(
            Line(
                row.name,
                (
                    *(
                        _entry(count, to_list(main=row.pk, show=key))
                        for key, count in zip(
                            keys, (row.done, row.reviewing, row.open, row.late), strict=True
                        )
                    ),
                    _entry(row.due, to_list(main=row.pk)),
                    Entry(_points(row.mean)),
                    Entry(percent(row.rate, "—")),
                ),
            )
            for row in rows
        ),
        foot=Line(
            "合计",
            (
                *(_entry(row.count, to_list(show=row.part.key)) for row in division.rows),
                _entry(division.total, to_list()),
                Entry(_points(data.self_score)),
                Entry(percent(data.rate, "—")),
            ),
        ),
        wide=True,
    )


def _grades(data: Overview) -> Panel:
    to_list = list_address(data)
    ways = [data.divided[key] for key in ("self", "system", "reviewed")]
    names = data.grade_names
    best = ways[0].rows[0].count
    share = f"，占{percent(rate(best, data.sent))}" if data.sent else ""
    labels = [*names, "没有等级", "未报送"]
    return Panel(
        key="grades",
        title="等级分布",
        sentence=f"已报送{data.sent}份，自评为“{names[0]}”的{best}份{share}。",
        picture=charts.as_source(
            charts.grouped_bars(
                names,
                [
                    (name, [row.count for row in way.rows[: len(names)]])
                    for name, way in zip(("自评等级", "系统评分等级", "复核得分等级"), ways, strict=True)
                ],
            )
        ),
        head=("等级", "自评等级", "系统评分等级", "复核得分等级"),
        lines=tuple(
            Line(
                label,
                tuple(_entry(way.rows[place].count, to_list(show=way.rows[place].part.key)) for way in ways),
            )
            for place, label in enumerate(labels)
        ),
        foot=Line("合计", tuple(_entry(way.total, to_list()) for way in ways)),
        note="“没有等级”指系统无法评分或财政部门还没有复核；不在图中。",
    )


def _scores(data: Overview) -> Panel:
    to_list = list_address(data)
    higher = sum(1 for _, score, own in data.points if own > score)
    means = [
        ("自评得分", data.self_score, "self"),
        ("系统评分", data.score, "system"),
        ("复核得分", data.reviewed, "reviewed"),
    ]
    cut = f"只画出相差最大的{POINTS}份。" if len(data.points) >= POINTS else ""
    return Panel(
        key="scores",
        title="自评、系统和复核得分",
        sentence=f"平均自评得分{_points(data.self_score)}分，平均系统评分{_points(data.score)}分；"
        f"图中虚线以上的{higher}份自评高于系统评分。",
        picture=charts.as_source(charts.scatter(data.points)),
        head=("得分", "平均分", "排名"),
        lines=tuple(
            Line(name, (Entry(_points(mean)), Entry("查看", to_list(by=by)))) for name, mean, by in means
        ),
        note=f"一个点代表一份报告。{cut}复核改变了自评得分的{data.changed_by_review}份，共复核{data.reviewed_count}份。",
    )


SENTENCES: dict[str, Callable[[Overview, Divided], str]] = {
    "gap": lambda data, way: (
        f"{way.count('gap-same')}份相差不超过1分，"
        f"{way.count('gap-higher') + way.count('gap-highest')}份自评高出5分以上。"
    ),
    "rate": lambda data, way: (
        f"已报送单位总体预算执行率{percent(data.rate)}；{way.count('rate-over')}份超过100%，"
        f"{way.count('rate-half') + way.count('rate-low')}份低于80%。"
    ),
    "targets": lambda data, way: (
        f"{data.targets}项可判断的指标完成{data.targets_met}项"
        f"（{percent(rate(data.targets_met, data.targets), '—')}），{way.count('targets-all')}份全部完成。"
    ),
}


def _bands(data: Overview, key: str) -> Panel:
    to_list = list_address(data)
    way = data.divided[key]
    drawn = [row for row in way.rows if row.part.key != "unsent"]
    return Panel(
        key=key,
        title=way.division.title,
        sentence=SENTENCES[key](data, way),
        picture=charts.as_source(
            charts.bars(
                [row.part.label for row in drawn],
                [row.count for row in drawn],
                [row.part.key in WORTH_A_LOOK for row in drawn],
            )
        ),
        head=(way.division.title, "报告数", "占应报"),
        lines=tuple(
            Line(
                row.part.label,
                (
                    _entry(row.count, to_list(show=row.part.key)),
                    Entry(percent(rate(row.count, way.total), "—")),
                ),
            )
            for row in way.rows
        ),
        foot=Line("合计", (_entry(way.total, to_list()), Entry("100.00%" if way.total else "—"))),
    )


def _rules(data: Overview) -> Panel:
    firing = [rule for rule in data.rules if rule.findings]
    shown = firing[:SHOWN_RULES]
    address = reverse("overview-problems")
    return Panel(
        key="rules",
        title="触发最多的核对规则",
        sentence=f"{len(firing)}条规则在已报送的报告中共发现{sum(rule.findings for rule in firing)}处问题。",
        picture=charts.as_source(
            charts.ranked_bars([rule.title for rule in shown], [rule.reports for rule in shown])
        ),
        head=("规则", "报告数", "发现", "错误", "疑点", "提示", "豁免"),
        lines=tuple(
            Line(
                rule.title,
                tuple(
                    Entry(str(count))
                    for count in (
                        rule.reports,
                        rule.findings,
                        rule.errors,
                        rule.warnings,
                        rule.hints,
                        rule.waived,
                    )
                ),
                url=f"{address}?round={data.round.pk}&rule={rule.code}",
            )
            for rule in data.rules
        ),
        note=f"图中为涉及报告最多的{len(shown)}条；每份报告取最近一次报送。",
    )


def _history(data: Overview) -> Panel:
    years = data.history
    return Panel(
        key="history",
        title="历年情况",
        sentence=_trend(data),
        picture=charts.as_source(
            charts.lines(
                [f"{year.year}年度" for year in years],
                [
                    ("平均自评得分", [year.self_score for year in years]),
                    ("平均系统评分", [year.score for year in years]),
                ],
            )
        ),
        head=(
            "年度",
            "应报",
            "已报送",
            *data.grade_names,
            "平均自评得分",
            "平均系统评分",
            "平均复核得分",
            "全年预算数（万元）",
            "全年执行数（万元）",
            "预算执行率",
        ),
        lines=tuple(
            Line(
                f"{year.year}年度",
                (
                    Entry(str(year.due)),
                    Entry(str(year.sent)),
                    *(Entry(str(count)) for count in year.grades),
                    Entry(_points(year.self_score)),
                    Entry(_points(year.score)),
                    Entry(_points(year.reviewed)),
                    Entry(wan(year.budget, "—")),
                    Entry(wan(year.spent, "—")),
                    Entry(percent(year.rate, "—")),
                ),
                url=f"{reverse('overview')}?round={year.round}",
            )
            for year in years
        ),
        wide=True,
    )


def _trend(data: Overview) -> str:
    before, now = data.history[-2:]
    if before.self_score is None or now.self_score is None:
        return f"共{len(data.history)}个年度。"
    change = now.self_score - before.self_score
    word = "持平" if not change else f"{'上升' if change > 0 else '下降'}{plain(abs(change))}分"
    return f"平均自评得分{_points(now.self_score)}分，比{before.year}年度{word}。"


def _points(score: Decimal | None) -> str:
    return "—" if score is None else f"{score:.2f}"


def figures_of(data: Overview) -> Iterator[tuple[str, str, str]]:
    """The tiles at the top: label, figure, address."""
    to_list = list_address(data)
    progress = data.divided["progress"]
    yield "应报", str(data.due), to_list()
    if data.nil:
        yield "其中零报告", str(data.nil), ""
    yield "已报送", str(data.sent), to_list(by="final")
    yield "已审核", str(progress.count("done")), to_list(show="done")
    yield "未报送", str(data.owed), to_list(show="unsent")
    yield "其中逾期", str(data.late), to_list(show="late")
    yield "延期", str(data.extended), ""
    yield "平均自评得分", _points(data.self_score), to_list(by="self")
    yield "预算执行率", percent(data.rate, "—"), to_list(by="rate")
    if data.cancelled:
        yield "已取消（不计入）", str(data.cancelled), to_list(status="cancelled")
