"""Where a dossier path is shown to people: section of the workspace, anchor of the field, label in Chinese.

A finding, a reviewer's comment and an explanation all name a place by a path such as
``money.expenditure.project.actual``. Pages, panel and review desk read this one module, so that a link never leads
beside the field. A field's ``name`` in the workspace is its path, and its anchor is ``f-`` and the path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from budgets.tables import COLUMN_LABELS, TABLES, TOTAL, Column
from reports.dossier import Dossier
from reports.outline import OutlineError, load_outline


@dataclass(frozen=True)
class Section:
    """One step of the workspace (填报步骤)."""

    key: str
    title: str
    note: str = ""
    """What belongs here, one sentence under the heading."""


SECTIONS = (
    Section("profile", "单位基本情况", "编制、人员、内设机构和主要职责；名称和机构性质由系统管理员维护。"),
    Section("income", "收入", "金额单位为万元，按部门决算填写；没有发生的填 0，没有数据的留空。"),
    Section(
        "expenditure", "支出与预算执行", "金额单位为万元；全年预算数是调整后的预算数，预算执行率由它计算。"
    ),
    Section(
        "base-data", "基础数据", "《基础数据表》各项，金额单位为万元；没有发生的填 0，各项控制率由系统计算。"
    ),
    Section("projects", "项目资金", "每个项目一行，金额单位为万元；每个项目另有自己的自评表。"),
    Section("goals", "绩效目标", "年度总体目标：年初申报的预期目标和年末的实际完成情况。"),
    Section(
        "indicators",
        "绩效指标",
        "三级指标逐条填写；得分由系统按评分办法计算，可以下调，上调要在自评结果中说明理由。",
    ),
    Section("narrative", "报告正文", "按提纲逐节填写；各节的数字由系统按所填数据生成，这里只写文字。"),
    Section("attachments", "佐证材料", "证明实际完成值的文件，可以对应到指标。"),
    Section("result", "自评结果与核对", "填写自评得分，逐条说明疑点，看看还缺什么。"),
)
PROJECT_SHEET = Section("project", "项目自评表", "本项目自己的目标、指标和自评结果。")

_BY_KEY = {section.key: section for section in SECTIONS} | {PROJECT_SHEET.key: PROJECT_SHEET}

TABLE_SECTIONS = {
    "income_source": "income",
    "income_nature": "income",
    "carryover": "income",
    "expenditure": "expenditure",
    "three_public": "base-data",
    "running_costs": "base-data",
    "project_detail": "base-data",
    "procurement": "base-data",
    "assets": "base-data",
}

PROFILE_LABELS = {
    "department": "单位名称",
    "year": "评价年度",
    "kind": "机构性质",
    "credit_code": "统一社会信用代码",
    "budget_code": "预算单位编码",
    "main_department": "主管部门",
    "authorized_posts": "编制数",
    "staff_on_posts": "在职人数",
    "retirees": "离退休人数",
    "offices_stated": "内设机构数",
    "offices_listed": "内设机构",
    "internal_offices": "内设机构",
    "duties": "主要职责",
    "duties_stated": "主要职责",
    "contact": "联系人",
    "prepared_by": "填表人",
    "prepared_on": "填报日期",
    "phone": "联系电话",
    "head": "单位负责人",
}
MONEY_LABELS = {
    "projects": ("projects", "项目资金"),
    "project_office": ("projects", "项目资金管理机构"),
    "adjustments": ("expenditure", "预算调整"),
    "execution_explanation": ("expenditure", "预算执行偏差说明"),
    "buildings": ("base-data", "楼堂馆所"),
    "frugality": ("base-data", "厉行节约保障措施"),
}
FIELD_LABELS = {
    "name": "名称",
    "text": "内容",
    "amount": "调整金额",
    "cause": "调整原因",
    "document": "文号或依据",
    "explanation": "说明",
    "approved_area": "批复规模",
    "actual_area": "实际规模",
    "planned_investment": "预算投资",
    "actual_investment": "实际投资",
    "prior_final": "上年决算数",
    "initial_budget": "年初预算数",
    "full_budget": "全年预算数",
    "allocated": "下达（到位）资金",
    "spent": "全年执行数",
    "manager_office": "管理机构",
}
GOAL_LABELS = {"expected": "预期目标", "actual": "实际完成情况"}
INDICATOR_LABELS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "target": "年度指标值",
    "actual": "实际完成值",
    "weight": "分值",
    "self_score": "自评得分",
    "not_applicable": "不适用",
    "not_applicable_reason": "不适用原因",
    "formula": "计算方法",
    "core": "核心指标",
    "evidence": "佐证材料和取值方法",
    "deviation_reason": "偏差原因分析",
    "improvement": "改进措施",
}
ASSESSMENT_LABELS = {
    "score": "自评得分",
    "grade": "自评等级",
    "raise_reason": "自评得分高于系统评分的理由",
    "execution_weight": "预算执行率分值",
    "execution_rate": "预算执行率",
    "execution_score": "预算执行率得分",
}
# Values that a text states and the forms do not ask for lead to the field that answers them.
_STAND_INS = {
    "profile.offices_stated": "profile.internal_offices",
    "profile.offices_listed": "profile.internal_offices",
    "profile.duties_stated": "profile.duties",
    "assessment.execution_weight": "assessment.score",
    "assessment.execution_rate": "assessment.score",
    "assessment.execution_score": "assessment.score",
}
_ASIDE = re.compile(r"（[^（）“”]*）(?=·|$)")
_INDEXED = re.compile(r"^(.*?\b(?:goals|adjustments|buildings|internal_offices|duties)\.\d+)(?:\.\w+)?$")


@dataclass(frozen=True)
class Place:
    """A dossier path as people meet it."""

    section: str
    """Key of the workspace's section; ``project`` for a project's own sheet."""
    anchor: str
    """``id`` of the element on the section's page."""
    label: str
    project: str = ""
    """uid of the project whose sheet it is."""

    def url(self, report_pk: int) -> str:
        """Address of the very field in the workspace."""
        return f"{section_url(report_pk, self.section, self.project)}#{self.anchor}"

    @property
    def short(self) -> str:
        """The label without what its form says in brackets behind a table or column, for narrow lists."""
        return _ASIDE.sub("", self.label)

    @property
    def section_title(self) -> str:
        return section(self.section).title


def section(key: str) -> Section:
    """The section of that key. Raises :class:`KeyError`."""
    return _BY_KEY[key]


def section_url(report_pk: int, key: str, project: str = "") -> str:
    """Address of a section of a report's workspace."""
    if key == PROJECT_SHEET.key:
        try:
            return reverse("workspace-project", args=[report_pk, UUID(project)])
        except ValueError:
            key = "projects"
    return reverse("workspace-section", args=[report_pk, key])


def anchor(where: str) -> str:
    """``id`` of the element that a path names: the field's own, or the row's for a path that counts rows."""
    where = _STAND_INS.get(where, where)
    if where.startswith("explanations."):
        return f"f-{where}"
    indexed = _INDEXED.match(where)
    return f"f-{indexed.group(1) if indexed else where}"


def place(where: str, dossier: Dossier | None = None) -> Place:
    """Section, anchor and label of a path. Never raises: an unknown path leads to the page of results.

    With the dossier, rows are called by their names (指标“节目播出率”), without it by their kind.
    """
    parts = [part for part in where.split(".") if part]
    match parts:
        case ["profile", ("duties" | "internal_offices") as kind, number, *_] if number.isdecimal():
            return _made("profile", where, PROFILE_LABELS[kind], f"第{int(number) + 1}条")
        case ["profile", *rest]:
            return _made("profile", where, "基本情况", PROFILE_LABELS.get(rest[0]) if rest else "")
        case ["money", table, *rest] if table in TABLES:
            return _table(where, table, rest, dossier)
        case ["money", "projects", uid, *rest]:
            name = _project_name(uid, dossier)
            return _made("projects", where, f"项目“{name}”" if name else "项目资金", _field(rest))
        case ["money", kind, *rest] if kind in MONEY_LABELS:
            key, label = MONEY_LABELS[kind]
            return _made(key, where, label, *_row(rest, FIELD_LABELS))
        case ["goals", *rest]:
            return _made("goals", where, "年度总体目标", *_row(rest, GOAL_LABELS))
        case ["indicators", *rest]:
            return _indicator(where, rest, dossier.indicators.indicators if dossier else ())
        case ["assessment", *rest]:
            return _made("result", where, "自评结果", ASSESSMENT_LABELS.get(rest[0]) if rest else "")
        case ["narrative", *rest]:
            return _made("narrative", where, "正文", _heading(rest[0], dossier) if rest else "")
        case ["attachments", *_]:
            return _made("attachments", where, "佐证材料")
        case ["project_sheets", uid, *rest]:
            return _sheet(where, uid, rest, dossier)
        case ["explanations", *_]:
            about = where.partition("@")[2]
            return _made("result", where, "情况说明", place(about, dossier).label if about else "")
    return Place(section="result", anchor="findings", label="整份报告")


def _made(key: str, where: str, *labels: str | None) -> Place:
    return Place(section=key, anchor=anchor(where), label="·".join(label for label in labels if label))


def _table(where: str, table: str, rest: list[str], dossier: Dossier | None) -> Place:
    spec = TABLES[table]
    row = rest[0] if rest else ""
    label = spec.label_of(row)
    if row and not label and dossier:
        line = dossier.money.table(table).row(row)
        label = line.label if line else ""
    if row == TOTAL and not label:
        label = "合计"
    column = rest[1] if len(rest) > 1 else ""
    shown = COLUMN_LABELS[Column(column)] if column in set(Column) else ""
    return _made(TABLE_SECTIONS[table], where, spec.label, label, shown)


def _indicator(where: str, rest: list[str], indicators: tuple) -> Place:
    name = next((item.name for item in indicators if rest and item.key == rest[0]), "")
    label = f"指标“{name}”" if name else "绩效指标"
    return _made("indicators", where, label, INDICATOR_LABELS.get(rest[1]) if len(rest) > 1 else "")


def _sheet(where: str, uid: str, rest: list[str], dossier: Dossier | None) -> Place:
    name = _project_name(uid, dossier)
    sheet = (
        next((item for item in dossier.indicators.projects if item.project == uid), None) if dossier else None
    )
    inner = (
        _indicator(where, rest[1:], sheet.indicators if sheet else ())
        if rest[:1] == ["indicators"]
        else place(".".join(rest))
        if rest
        else None
    )
    label = f"项目“{name}”自评表" if name else "项目自评表"
    return Place(
        section=PROJECT_SHEET.key,
        anchor=_sheet_anchor(uid, rest) if rest else "main",
        label=f"{label}·{inner.label}" if inner else label,
        project=uid,
    )


def _sheet_anchor(uid: str, rest: list[str]) -> str:
    return f"f-project_sheets.{uid}.{anchor('.'.join(rest)).removeprefix('f-')}"


def _project_name(uid: str, dossier: Dossier | None) -> str:
    if dossier is None:
        return ""
    return next((project.name for project in dossier.money.projects if project.key == uid), "")


def _field(rest: list[str]) -> str:
    return FIELD_LABELS.get(rest[0], "") if rest else ""


def _row(rest: list[str], labels: dict[str, str]) -> list[str]:
    """``["0", "expected"]`` → 第1条, 预期目标; rows known by uid are not counted."""
    words = [f"第{int(part) + 1}条" if part.isdecimal() else labels.get(part, "") for part in rest]
    return [word for word in words if word]


def _heading(key: str, dossier: Dossier | None) -> str:
    if dossier is not None:
        titles = {item.key: item.title for item in dossier.narrative}
    else:
        try:
            titles = {item.key: item.title for item in load_outline().sections}
        except OutlineError:
            titles = {}
    return f"“{titles[key]}”" if key in titles else ""
