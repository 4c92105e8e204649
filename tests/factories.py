"""A valid, complete dossier for tests; a test states only what it is about.

``make_dossier()`` is an invented unit, 示例区档案馆, whose figures agree with each other, whose every part is filled in and
about which there is nothing to find. ``make_dossier(spent="264.55", budget="96.24")`` changes just that: the other
figures follow (income balances expenditure, projects add up to 项目支出), so that only the change itself can be found.
Amounts are written in 万元, as people write them.

Nothing here is random: two calls with the same arguments give equal dossiers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from budgets.dossier import Adjustment, Amounts, Line, Money, Project, Table
from budgets.money import from_wan, round_half_up
from budgets.tables import TABLES
from departments.dossier import Profile
from indicators.dossier import Goal, Indicator, Indicators, ProjectSheet, SelfAssessment
from indicators.policy import load_policy
from indicators.scoring.engine import score
from reports.dossier import Attachment, Dossier, Section

DEPARTMENT = "示例区档案馆"
COMPUTED = "computed"
"""Self score as the national policy computes it: a unit that neither lowers nor raises it (98.81 by default)."""
YEAR = 2023
POLICY = "national-2020-10"

BASIC = {"prior_final": "118.00", "initial_budget": "120.00", "full_budget": "124.50", "actual": "122.30"}
PROJECT = {"prior_final": "79.00", "initial_budget": "80.00", "full_budget": "85.50", "actual": "83.70"}
OTHER_INCOME = Decimal("1.00")
OPENING = Decimal("3.00")
FIRST_PROJECT_SHARE = Decimal("0.6")

WanText = str | None


def yuan(wan: str | Decimal | None) -> Decimal | None:
    """元 of an amount written in 万元; ``None`` stays not stated."""
    return None if wan is None else from_wan(Decimal(wan))


def make_line(key: str, label: str = "", **columns: WanText) -> Line:
    """One row, columns in 万元: ``make_line("basic", "基本支出", actual="111.05")``."""
    return Line(key=key, label=label or key, **{name: yuan(value) for name, value in columns.items()})


def make_table(
    table: str, *, total: Mapping[str, WanText] | None = None, **rows: Mapping[str, WanText]
) -> Table:
    """A table by its key in :data:`budgets.tables.TABLES`; rows and stated total in 万元.

    ``make_table("expenditure", basic={"actual": "111.05"}, total={"actual": "264.55"})``
    """
    spec = TABLES[table]
    lines = tuple(make_line(key, spec.label_of(key), **columns) for key, columns in rows.items())
    stated = None if total is None else Amounts(**{name: yuan(value) for name, value in total.items()})
    return Table(rows=lines, stated_total=stated)


def make_indicator(
    name: str,
    target: str | None = "≥95%",
    actual: str | None = "96%",
    weight: str | Decimal | None = "10",
    *,
    level2: str = "数量指标",
    **fields: Any,
) -> Indicator:
    """One third-level indicator; its first-level class follows from the second, its key from the name."""
    fields.setdefault("key", name)
    fields.setdefault("level1", LEVEL1.get(level2, "产出指标"))
    fields.setdefault("evidence", f"{name}统计台账及汇总表")
    stated = None if weight is None else Decimal(weight)
    return Indicator(name=name, target=target, actual=actual, weight=stated, level2=level2, **fields)


LEVEL1 = {
    "数量指标": "产出指标",
    "质量指标": "产出指标",
    "时效指标": "产出指标",
    "成本指标": "产出指标",
    "经济效益指标": "效益指标",
    "社会效益指标": "效益指标",
    "生态效益指标": "效益指标",
    "可持续影响指标": "效益指标",
    "服务对象满意度指标": "满意度指标",
}


def default_indicators() -> tuple[Indicator, ...]:
    """Twelve indicators, 产出 50, 效益 30, 满意度 10; one of them missed, with its reason and measure."""
    return (
        make_indicator(
            "档案数字化加工数量",
            "≥50万页",
            "45万页",
            "10",
            key="digitised",
            deviation_reason="部分民国档案纸张脆化，须先修复再扫描，进度慢于计划",
            improvement="由信息技术股在下一年度6月底前完成剩余5万页的修复和扫描",
        ),
        make_indicator("接收进馆档案数量", "≥3000件", "3120件", "8", key="received"),
        make_indicator("举办档案宣传活动场次", "≥4场", "4场", "6", key="events"),
        make_indicator("数字化成果验收合格率", "≥98%", "99.2%", "8", key="accepted", level2="质量指标"),
        make_indicator("库房温湿度达标率", "≥95%", "97%", "6", key="climate", level2="质量指标"),
        make_indicator("查档申请按时办结率", "≥98%", "98.6%", "6", key="on_time", level2="时效指标"),
        make_indicator(
            "档案数字化单页成本", "≤1.20元/页", "1.12元/页", "6", key="unit_cost", level2="成本指标"
        ),
        make_indicator("查档利用人次", "≥2000人次", "2150人次", "8", key="visits", level2="社会效益指标"),
        make_indicator("民生档案查询服务覆盖率", "≥90%", "92%", "8", key="coverage", level2="社会效益指标"),
        make_indicator("无纸化查档比例", "≥60%", "63%", "6", key="paperless", level2="生态效益指标"),
        make_indicator("馆藏档案数字化率", "≥70%", "72%", "8", key="digital_share", level2="可持续影响指标"),
        make_indicator(
            "服务对象满意度",
            "≥90%",
            "94%",
            "10",
            key="satisfaction",
            level2="服务对象满意度指标",
            evidence="发放问卷200份，收回有效问卷186份，满意和基本满意175份",
        ),
    )


def make_profile(**overrides: Any) -> Profile:
    """The invented unit's profile (部门基本情况)."""
    year = overrides.get("year", YEAR)
    fields: dict[str, Any] = {
        "department": DEPARTMENT,
        "region_code": "430407",
        "region_name": "示例区",
        "city_name": "衡阳市",
        "province_name": "湖南省",
        "year": year,
        "kind": "公益一类事业单位",
        "credit_code": "12430407000000000R",
        "budget_code": "411001",
        "main_department": "中共示例区委办公室",
        "authorized_posts": 12,
        "staff_on_posts": 11,
        "retirees": 5,
        "offices_stated": 4,
        "internal_offices": ("办公室", "接收征集股", "保管利用股", "信息技术股"),
        "duties": (
            "贯彻执行国家档案工作的法律法规和方针政策，拟定本馆工作计划并组织实施。",
            "负责接收、征集和整理区直单位按规定移交的档案资料。",
            "负责馆藏档案的保管、保护和修复，确保档案实体与信息安全。",
            "负责档案查阅利用服务，开展民生档案跨馆查询。",
            "负责馆藏档案数字化和数字档案馆建设。",
        ),
        "duties_stated": 5,
        "contact": "周同志",
        "prepared_by": "周同志",
        "prepared_on": date(year + 1, 3, 15),
        "phone": "0734-8000000",
        "head": "郑同志",
    }
    return Profile(**(fields | overrides))


def make_money(
    *, spent: str | None = None, budget: str | None = None, initial: str | None = None, **overrides: Any
) -> Money:
    """Consistent figures around 全年执行数, 全年预算数 and 年初预算数 (万元); ``overrides`` replace whole fields of Money."""
    wished = {"actual": spent, "full_budget": budget, "initial_budget": initial}
    basic = {name: Decimal(value) for name, value in BASIC.items()}
    project = {name: Decimal(value) for name, value in PROJECT.items()}
    for name, value in wished.items():
        if value is not None:
            basic[name] = min(basic[name], Decimal(value))
            project[name] = Decimal(value) - basic[name]
    whole = {name: basic[name] + project[name] for name in basic}
    other = {name: min(OTHER_INCOME, amount) for name, amount in whole.items()}
    fiscal = {name: whole[name] - other[name] for name in whole}
    zero = dict.fromkeys(whole, Decimal(0))
    first = {name: round_half_up(amount * FIRST_PROJECT_SHARE) for name, amount in project.items()}
    second = {name: project[name] - first[name] for name in project}
    fields: dict[str, Any] = {
        "income_source": make_table(
            "income_source",
            total=texts(whole),
            fiscal=texts(fiscal),
            superior=texts(zero),
            undertaking=texts(zero),
            operating=texts(zero),
            affiliated=texts(zero),
            other=texts(other),
        ),
        "income_nature": make_table(
            "income_nature",
            total=texts(whole),
            general=texts(fiscal),
            fund=texts(zero),
            special_account=texts(zero),
            other=texts(other),
        ),
        "expenditure": make_table(
            "expenditure",
            total=texts(whole),
            basic=texts(basic),
            project=texts(project),
            to_superior=texts(zero),
            operating=texts(zero),
            to_affiliated=texts(zero),
        ),
        "carryover": make_table(
            "carryover",
            opening=texts({"prior_final": OPENING, "actual": OPENING}),
            used_surplus={"prior_final": "0", "actual": "0"},
            surplus_allocation={"prior_final": "0", "actual": "0"},
            closing=texts({"prior_final": OPENING, "actual": OPENING}),
        ),
        "three_public": make_table(
            "three_public",
            total=columns("2.60", "2.50", "2.50", "2.30"),
            vehicle_purchase=columns("0", "0", "0", "0"),
            vehicle_running=columns("1.80", "1.80", "1.80", "1.70"),
            abroad=columns("0", "0", "0", "0"),
            reception=columns("0.80", "0.70", "0.70", "0.60"),
        ),
        "running_costs": make_table(
            "running_costs",
            total=columns("18.40", "18.00", "18.00", "17.60"),
            office=columns("5.20", "5.00", "5.00", "4.90"),
            utilities_travel=columns("7.60", "7.50", "7.50", "7.30"),
            meeting_training=columns("1.60", "1.50", "1.50", "1.40"),
        ),
        "project_detail": make_table("project_detail", business=texts(first), operation=texts(second)),
        "procurement": make_table("procurement", procurement=columns("26.00", "30.00", "30.00", "28.50")),
        "assets": make_table(
            "assets",
            in_use={"prior_final": "470.00", "actual": "485.00"},
            owned={"prior_final": "490.00", "actual": "500.00"},
        ),
        "projects": (
            make_project("digitisation", "馆藏档案数字化加工专项经费", first),
            make_project("storage", "档案库房运行维护专项经费", second),
        ),
        "adjustments": make_adjustments(whole["full_budget"] - whole["initial_budget"]),
        "buildings": (),
        "frugality": "严格执行公务接待和公务用车管理办法，会议和培训一律在馆内举办，办公设备超过使用年限仍能使用的继续使用。",
        "project_office": "办公室",
    }
    return Money(**(fields | overrides))


def columns(
    prior_final: WanText, initial_budget: WanText, full_budget: WanText, actual: WanText
) -> dict[str, WanText]:
    """The four amounts of a row in the order of the form, in 万元."""
    return {
        "prior_final": prior_final,
        "initial_budget": initial_budget,
        "full_budget": full_budget,
        "actual": actual,
    }


def texts(amounts: Mapping[str, Decimal]) -> dict[str, WanText]:
    """Amounts in 万元 as :func:`make_table` takes them."""
    return {name: str(amount) for name, amount in amounts.items()}


def make_project(key: str, name: str, amounts: Mapping[str, Decimal]) -> Project:
    """A project whose money (万元) arrived in full and was managed by the unit's own 办公室."""
    return Project(
        key=key,
        name=name,
        prior_final=yuan(amounts.get("prior_final")),
        initial_budget=yuan(amounts.get("initial_budget")),
        full_budget=yuan(amounts.get("full_budget")),
        allocated=yuan(amounts.get("actual")),
        spent=yuan(amounts.get("actual")),
        manager_office="办公室",
    )


def make_adjustments(difference: Decimal) -> tuple[Adjustment, ...]:
    """The adjustments (万元) that lead from 年初预算数 to 全年预算数; none when both are equal."""
    if difference == 0:
        return ()
    return (
        Adjustment(
            amount=yuan(difference),
            cause="policy",
            document="示例区财预〔2023〕18号",
            explanation="按国家统一政策调整工资标准，并下达档案保护专项资金。",
        ),
    )


def make_project_sheet(project: str, name: str) -> ProjectSheet:
    """A project's own 项目支出绩效自评表: four indicators, weights 90."""
    if project == "digitisation":
        return ProjectSheet(
            project=project,
            goals=(Goal(expected=f"完成{name}年度任务。", actual="完成45万页扫描，验收合格率99.2%。"),),
            indicators=(
                make_indicator(
                    "项目扫描页数",
                    "≥50万页",
                    "45万页",
                    "30",
                    key="digitisation_pages",
                    deviation_reason="部分档案须先修复再扫描",
                    improvement="由信息技术股在下一年度6月底前完成剩余页数",
                ),
                make_indicator(
                    "项目验收合格率", "≥98%", "99.2%", "20", key="digitisation_pass", level2="质量指标"
                ),
                make_indicator(
                    "可在线查阅档案占比",
                    "≥70%",
                    "72%",
                    "30",
                    key="digitisation_online",
                    level2="社会效益指标",
                ),
                make_indicator(
                    "查档人员满意度",
                    "≥90%",
                    "94%",
                    "10",
                    key="digitisation_liked",
                    level2="服务对象满意度指标",
                ),
            ),
        )
    return ProjectSheet(
        project=project,
        goals=(Goal(expected=f"完成{name}年度任务。", actual="库房设备全年正常运行，温湿度达标率97%。"),),
        indicators=(
            make_indicator("库房设备巡检次数", "≥12次", "12次", "30", key="storage_visits"),
            make_indicator("设备故障修复率", "≥95%", "98%", "20", key="storage_repairs", level2="质量指标"),
            make_indicator(
                "库房安全运行天数", "≥365天", "365天", "30", key="storage_safe", level2="社会效益指标"
            ),
            make_indicator(
                "档案使用部门满意度", "≥90%", "93%", "10", key="storage_liked", level2="服务对象满意度指标"
            ),
        ),
    )


def default_goals() -> tuple[Goal, ...]:
    return (
        Goal(
            expected="完成馆藏档案数字化加工50万页，接收进馆档案3000件以上。",
            actual="完成数字化加工45万页，接收进馆档案3120件，剩余5万页转入下一年度完成。",
        ),
        Goal(
            expected="为群众提供便捷的查档服务，服务对象满意度达到90%以上。",
            actual="全年接待查档2150人次，服务对象满意度94%。",
        ),
    )


def default_narrative(year: int) -> dict[str, str]:
    """A text for every section of the Hengyang 2023 outline in which the unit writes."""
    return {
        "profile": "本馆为独立核算单位，没有下属单位。",
        "goals_overall": "上述目标随年度部门预算一并批复，年度中间没有调整。",
        "goals_stage": "上半年完成数字化加工22万页、接收档案1650件；下半年完成数字化加工23万页、接收档案1470件，"
        "举办宣传活动4场。",
        "goals_detail": "年度指标值依据馆藏修复计划、往年接收数量和设备加工能力确定。",
        "finance": "各项收入、支出与部门决算报表一致。",
        "funds_management": "一是编制综合预算，全部收入和支出纳入年度预算。\n"
        "二是按月核对预算执行进度，重点支出先审批后支付。\n"
        "三是公用经费按定额标准编制，公务接待、公务用车支出逐笔公开。",
        "funds_allocation": "年度预算按批复及时分解到各股室，支付进度与工作进度相符。",
        "project_use": "专项经费全部用于批复的用途，没有截留和挪用。",
        "project_management": "执行本馆《专项经费管理办法》，实行事前申报、事中检查、事后验收。",
        "purpose": "全面了解本馆预算资金的使用效果，找出管理中的薄弱环节，为下一年度编制预算提供依据。",
        "process": f"{year + 1}年1月成立由馆长任组长、各股室负责人为成员的评价小组；"
        "2月各股室提供台账、验收单和调查问卷，评价小组逐项核对；3月形成自评结论。",
        "performance": f"{year}年本馆较好地完成了年度任务，十二项指标中有十一项达到目标，数字化加工数量没有达到年度指标值。",
        "problems": "1.档案数字化加工数量没有达到年度指标值，计划50万页，完成45万页，原因是对馆藏民国档案的修复工作量估计不足。",
        "measures": f"1.针对档案数字化加工数量不足的问题，由信息技术股会同保管利用股先行完成待扫描档案的修复评估，"
        f"{year + 1}年6月底前完成剩余5万页的扫描，今后编制计划时单列修复工作量。",
    }


SECTION_TITLES = {
    "profile": "部门基本情况",
    "goals_overall": "总体绩效目标",
    "goals_stage": "阶段性绩效目标",
    "goals_detail": "绩效目标情况",
    "finance": "部门整体支出情况",
    "funds_management": "整体支出资金管理情况分析",
    "funds_allocation": "整体支出资金安排落实与投入情况分析",
    "project_use": "项目资金使用情况分析",
    "project_management": "项目资金管理情况分析",
    "purpose": "绩效评价目的",
    "process": "绩效评价工作过程",
    "performance": "部门整体支出绩效评价",
    "problems": "存在的主要问题",
    "measures": "改进措施和有关建议",
}


def make_narrative(year: int = YEAR, **texts_by_key: str) -> tuple[Section, ...]:
    """The default texts with some replaced: ``make_narrative(problems="……")``; an empty text leaves one blank."""
    chosen = default_narrative(year) | texts_by_key
    return tuple(
        Section(key=key, title=SECTION_TITLES.get(key, key), text=text) for key, text in chosen.items()
    )


def computed_score(profile: Profile, money: Money, indicators: Indicators) -> str | None:
    """系统评分 by the national policy; ``None`` where it is not computable."""
    card = score(profile, money, indicators, load_policy(POLICY))
    return None if card.score is None else str(card.score)


def make_dossier(
    *,
    spent: str | None = None,
    budget: str | None = None,
    initial: str | None = None,
    year: int = YEAR,
    department: str = DEPARTMENT,
    self_score: str | None = COMPUTED,
    self_grade: str = "优",
    profile: Profile | Mapping[str, Any] | None = None,
    money: Money | Mapping[str, Any] | None = None,
    goals: Sequence[Goal] | None = None,
    indicators: Indicators | Sequence[Indicator] | None = None,
    narrative: Sequence[Section] | Mapping[str, str] | None = None,
    **overrides: Any,
) -> Dossier:
    """A valid, complete, finding-free dossier; see the module's docstring.

    ``spent``, ``budget``, ``initial`` are 全年执行数, 全年预算数, 年初预算数 in 万元. ``profile``, ``money`` and ``narrative``
    take a whole part, or a mapping of the fields (sections) to replace; ``indicators`` takes the whole part or just the
    rows of the department's table. ``overrides`` are further fields of :class:`~reports.dossier.Dossier`.
    """
    if not isinstance(profile, Profile):
        profile = make_profile(**({"year": year, "department": department} | dict(profile or {})))
    if not isinstance(money, Money):
        money = make_money(spent=spent, budget=budget, initial=initial, **dict(money or {}))
    if not isinstance(indicators, Indicators):
        indicators = Indicators(
            goals=tuple(default_goals() if goals is None else goals),
            indicators=tuple(default_indicators() if indicators is None else indicators),
            projects=tuple(
                make_project_sheet(project.key, project.name)
                for project in money.projects
                if project.key in ("digitisation", "storage")
            ),
        )
        stated = computed_score(profile, money, indicators) if self_score == COMPUTED else self_score
        assessment = SelfAssessment(
            score=None if stated is None else Decimal(stated), grade="" if stated is None else self_grade
        )
        indicators = indicators.model_copy(update={"assessment": assessment})
    if narrative is None or isinstance(narrative, Mapping):
        narrative = make_narrative(profile.year, **dict(narrative or {}))
    fields: dict[str, Any] = {
        "title": f"{profile.year}年度部门整体支出绩效自评报告",
        "attachments": (
            Attachment(name="数字化加工验收单.pdf", sha256="0" * 64, size=20480, indicator="digitised"),
            Attachment(
                name="查档满意度调查汇总表.xlsx", sha256="1" * 64, size=10240, indicator="satisfaction"
            ),
        ),
    }
    return Dossier(
        profile=profile,
        money=money,
        indicators=indicators,
        narrative=tuple(narrative),
        **(fields | overrides),
    )


dossier = make_dossier
"""Short name for a call in place; ``make_dossier`` where ``dossier`` is the variable."""


def empty_dossier(*, year: int = YEAR, department: str = DEPARTMENT, **overrides: Any) -> Dossier:
    """A form just opened: the department and the year, and nothing stated."""
    return Dossier(profile=Profile(department=department, year=year), **overrides)
