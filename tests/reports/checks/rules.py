"""For each rule: the smallest dossiers that fail, and their nearest neighbours that pass.

``FAILS`` holds (code, dossier, [(level, where), …]); ``PASSES`` holds (code, dossier). Both sides of a boundary stand in
neighbouring lines. Dossiers are built when the module is read; nothing in them is random.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from budgets.dossier import Adjustment, Project
from indicators.approved import Approved, ApprovedLine
from indicators.dossier import Goal, ProjectSheet
from reports.checks.support.around import LEAST_UNITS, Copied, District
from reports.dossier import EVERYTHING, Covers, Dossier, Explanation, Origin, Unread
from reports.outline import Outline, OutlineSection
from tests.factories import make_dossier
from tests.reports.checks.build import EXCERPT, d, form, ind, spending, t, yuan

Found = list[tuple[str, str]]
FAILS: list[tuple[str, Dossier, Found, dict[str, Any]]] = []
PASSES: list[tuple[str, Dossier, dict[str, Any]]] = []


def fails(code: str, dossier: Dossier, *found: tuple[str, str], **context: Any) -> None:
    FAILS.append((code, dossier, list(found), context))


def passes(code: str, dossier: Dossier, **context: Any) -> None:
    PASSES.append((code, dossier, context))


def err(where: str) -> tuple[str, str]:
    return ("error", where)


def warn(where: str) -> tuple[str, str]:
    return ("warning", where)


def hint(where: str) -> tuple[str, str]:
    return ("hint", where)


def project(key: str = "p", **amounts: str) -> Project:
    office = amounts.pop("manager_office", "")
    return Project(
        key=key, name="专项", manager_office=office, **{name: yuan(value) for name, value in amounts.items()}
    )


def a(**columns: str) -> dict[str, str]:
    return columns


# ------------------------------------------------------------------ sums and balances

TOTAL_ACTUAL = "money.expenditure.total.actual"
for total, expected in (("3.00", ()), ("2.98", (hint(TOTAL_ACTUAL),)), ("2.97", (err(TOTAL_ACTUAL),))):
    both = d(money=t("expenditure", a(actual=total), basic=a(actual="1"), project=a(actual="2")))
    if expected:
        fails("table-sum", both, *expected)
    else:
        passes("table-sum", both)
ONE_ROW = t("expenditure", a(actual="3"), basic=a(actual="1"))
passes("table-sum", d(money=ONE_ROW))  # the other row was not read
fails("table-sum", form(money=ONE_ROW), err(TOTAL_ACTUAL))  # the other row was left blank
fails("table-sum", d(money=t("expenditure", a(actual="0"), basic=a(actual="1"))), err(TOTAL_ACTUAL))
passes("table-sum", d(money=t("running_costs", a(actual="9"), office=a(actual="1"))))

fails(
    "parts-over-total",
    d(money=t("running_costs", a(actual="1.00"), office=a(actual="1.01"))),
    err("money.running_costs.total.actual"),
)
passes("parts-over-total", d(money=t("running_costs", a(actual="1.00"), office=a(actual="1.00"))))
fails(
    "parts-over-total",
    d(money=t("running_costs", a(actual="1"), office=a(actual="0.51"), meeting_training=a(actual="0.51"))),
    hint("money.running_costs.total.actual"),
)
fails(
    "parts-over-total",
    d(money=t("expenditure", project=a(actual="1")) | t("project_detail", business=a(actual="2"))),
    err("money.expenditure.project.actual"),
)
passes(
    "parts-over-total",
    d(money=t("expenditure", project=a(actual="2")) | t("project_detail", business=a(actual="1"))),
)


def account(income: str, spent: str, **carry: str) -> Dossier:
    rows = {key: a(actual=value) for key, value in carry.items()}
    return d(money=t("income_source", a(actual=income)) | spending(None, spent) | t("carryover", **rows))


CLOSING, OPENING = "money.carryover.closing.actual", "money.carryover.opening.actual"
fails("carryover-balance", account("10", "8", opening="1", closing="2"), err(CLOSING))
fails("carryover-balance", account("10", "9", opening="1", closing="2.04"), hint(CLOSING))
fails("carryover-balance", account("10", "9", opening="1", closing="2.05"), err(CLOSING))
passes("carryover-balance", account("10", "9", opening="1", closing="2"))
passes("carryover-balance", account("10", "9.5", opening="1", used_surplus="0.5", closing="2"))
passes("carryover-balance", account("10", "8", closing="1"))
fails("carryover-unstated", account("10", "8"), warn(CLOSING))
fails("carryover-unstated", account("8", "10"), warn(OPENING))
fails("carryover-unstated", account("10", "8", opening="1"), warn(CLOSING))
fails("carryover-unstated", account("10", "8", closing="0"), warn(CLOSING))
passes("carryover-unstated", account("10", "10"))
passes("carryover-unstated", account("10.02", "10"))
passes("carryover-unstated", account("8", "10", opening="2", closing="0"))


def grand(stated: str) -> Dossier:
    carry = t("carryover", opening=a(actual="1"))
    table = carry["carryover"]
    row = table.rows[0].model_copy(update={"key": "row-1", "label": "收入总计", "actual": yuan(stated)})
    carry["carryover"] = table.model_copy(update={"rows": (*table.rows, row)})
    return d(money=t("income_source", a(actual="10")) | spending(None, "9") | carry)


fails("grand-total", grand("11.02"), hint("money.carryover.row-1.actual"))
fails("grand-total", grand("11.03"), err("money.carryover.row-1.actual"))
passes("grand-total", grand("11.00"))

NATURE = "money.income_nature.total.full_budget"
fails("nature-totals", d(money=t("income_nature", a(full_budget="9")) | spending("8", None)), warn(NATURE))
fails("nature-totals", d(money=t("income_nature", a(full_budget="8.01")) | spending("8", None)), hint(NATURE))
passes("nature-totals", d(money=t("income_nature", a(full_budget="8")) | spending("8", None)))
passes(
    "nature-totals",
    d(money=t("income_nature", a(actual="9")) | t("income_source", a(actual="9")) | spending(None, "8")),
)


def funded(line: str, *projects: Project, complete: bool = False, **more: Any) -> Dossier:
    make = form if complete else d
    return make(money=t("expenditure", project=a(actual=line)) | {"projects": projects} | more)


LINE = "money.expenditure.project.actual"
fails("project-funds", funded("153.50", project(allocated="148.30")), warn(LINE))
fails("project-funds", funded("10", project(spent="10.02")), warn(LINE))
passes("project-funds", funded("10", project(spent="10.01")))
fails("project-funds", funded("10", project(spent="8")), warn(LINE))
passes("project-funds", funded("10", project(spent="7.99")))  # a selection, no complete list
fails("project-funds", funded("10", project(spent="7.99"), complete=True), warn(LINE))
passes("project-funds", funded("10", project(allocated="12")))  # arrived, not yet spent
passes("project-funds", funded("10", project(spent="9"), **t("project_detail", business=a(actual="10"))))
fails(
    "project-funds",
    d(money=t("expenditure", project=a(full_budget="0")) | {"projects": (project(full_budget="5"),)}),
    warn("money.expenditure.project.full_budget"),
)


def adjusted(full: str, change: str | None) -> Dossier:
    return d(money=spending(full, None, "10") | {"adjustments": (Adjustment(amount=yuan(change)),)})


FULL = "money.expenditure.total.full_budget"
fails("adjustment-sum", adjusted("13", "2"), warn(FULL))
fails("adjustment-sum", adjusted("12.03", "2"), warn(FULL))
passes("adjustment-sum", adjusted("12.02", "2"))
passes("adjustment-sum", adjusted("12", "2"))
passes("adjustment-sum", adjusted("13", None))

# ------------------------------------------------------------------ budget and execution

fails("over-execution", d(money=spending("96.24", "264.55")), warn(TOTAL_ACTUAL))
fails("over-execution", d(money=spending("10", "10.02")), warn(TOTAL_ACTUAL))
passes("over-execution", d(money=spending("10", "10.01")))
passes("over-execution", d(money=spending("0", "10")))
fails(
    "over-execution",
    d(money=spending("10", "12") | {"execution_explanation": "年中追加专项，预算数未调整"}),
    hint(TOTAL_ACTUAL),
)
fails("over-execution", d(money=spending("10", "12") | {"execution_explanation": "无"}), warn(TOTAL_ACTUAL))
BASIC = "money.expenditure.basic.actual"
ROW = t("expenditure", a(full_budget="30", actual="30"), basic=a(full_budget="10", actual="10.02"))
fails("row-over-budget", d(money=ROW), warn(BASIC))
ROW_AND_TOTAL = t("expenditure", a(full_budget="10", actual="12"), basic=a(full_budget="10", actual="12"))
fails("row-over-budget", d(money=ROW_AND_TOTAL), hint(BASIC))
passes("row-over-budget", d(money=t("expenditure", basic=a(full_budget="10", actual="10.01"))))
fails(
    "spending-without-budget",
    d(money=t("expenditure", project=a(full_budget="0", actual="153.50"))),
    warn(LINE),
)
passes("spending-without-budget", d(money=t("expenditure", project=a(full_budget="0", actual="0"))))
passes("spending-without-budget", d(money=t("expenditure", project=a(actual="153.50"))))
fails("under-execution", d(money=spending("100", "89.99")), warn(TOTAL_ACTUAL))
passes("under-execution", d(money=spending("100", "90")))
passes("under-execution", d(money=spending("100", "80") | {"execution_explanation": "尾款按合同次年支付"}))
passes(
    "under-execution", d(money=spending("100", "80"), rows=[ind("工程资金金额", deviation_reason="尾款未付")])
)
passes("under-execution", d(money=spending("100", "80"), text={"x": "预算执行率80%，主要是项目招标较晚。"}))
fails("budget-set-to-actual", d(money=spending("12.01", "12.01", "10")), warn(FULL))
passes("budget-set-to-actual", d(money=spending("12.00", "12.00", "10")))
passes("budget-set-to-actual", d(money=spending("20.01", "20", "10")))
passes(
    "budget-set-to-actual",
    d(
        money=spending("20", "20", "10")
        | {"adjustments": (Adjustment(amount=yuan("10"), document="某财预〔2023〕1号"),)}
    ),
)
fails("unexplained-adjustment", d(money=spending("10.51", None, "10")), warn(FULL))
passes("unexplained-adjustment", d(money=spending("10.50", None, "10")))
passes("unexplained-adjustment", adjusted("12", "2"))
passes("unexplained-adjustment", d(money=spending("12", None, "10"), text={"x": "年中追加2万元用于抢修。"}))
OVER_INITIAL = t("expenditure", project=a(initial_budget="10", actual="15.01"))
fails("spending-over-initial", d(money=OVER_INITIAL), warn(LINE))
passes("spending-over-initial", d(money=t("expenditure", project=a(initial_budget="10", actual="15"))))
passes("spending-over-initial", d(money=OVER_INITIAL | {"execution_explanation": "上级追加专项"}))
fails(
    "control-over-budget",
    d(money=t("three_public", a(full_budget="1", actual="1.02"))),
    warn("money.three_public.total.actual"),
)
passes("control-over-budget", d(money=t("three_public", a(full_budget="1", actual="1.01"))))
passes("control-over-budget", d(money=t("three_public", a(full_budget="44.52", actual="22.62"))))
fails(
    "project-over-funds",
    d(money={"projects": (project(allocated="1", spent="1.02"),)}),
    warn("money.projects.p.spent"),
)
passes("project-over-funds", d(money={"projects": (project(allocated="1", spent="1.01"),)}))
RATE = "assessment.execution_rate"
fails("stated-execution-rate", d(money=spending("100", "86"), claim={"execution_rate": "90%"}), warn(RATE))
passes("stated-execution-rate", d(money=spending("43.2", "37.24"), claim={"execution_rate": "86%"}))
fails(
    "stated-execution-rate", d(money=spending("43.2", "37.24"), claim={"execution_rate": "86.3%"}), warn(RATE)
)
passes("stated-execution-rate", d(money=spending("100", "120"), claim={"execution_rate": "100%"}))
ZERO_TOTAL = t("expenditure", a(full_budget="0", actual="0"), basic=a(full_budget="9", actual="9"))
fails("stated-execution-rate", d(money=ZERO_TOTAL, claim={"execution_rate": "0"}), warn(RATE))
POINTS = "assessment.execution_score"
for points, wrong in (("9", True), ("8.6", False), ("8.62", False), ("8.68", True)):
    claimed = d(
        money=spending("43.2", "37.24"),
        claim={"execution_weight": 10, "execution_rate": "86.2%", "execution_score": points},
    )
    fails("execution-score", claimed, warn(POINTS)) if wrong else passes("execution-score", claimed)
STAFF = ind("在职人员控制率", "≤100%", "63.64%")
PEOPLE = {"authorized_posts": 11, "staff_on_posts": 7}
passes("common-indicator-differs", d(profile=PEOPLE, rows=[STAFF]))
fails(
    "common-indicator-differs",
    d(profile=PEOPLE, rows=[ind("在职人员控制率", "≤100%", "70%")]),
    warn("indicators.i1.actual"),
)
passes("common-indicator-differs", d(rows=[STAFF]))
LEFT = [ind("结转结余率", "≤2%", "0")]
fails("execution-carryover-gap", d(claim={"execution_rate": "76%"}, rows=LEFT), warn("indicators.i1.actual"))
passes("execution-carryover-gap", d(claim={"execution_rate": "95%"}, rows=LEFT))
fails("execution-carryover-gap", d(claim={"execution_rate": "94%"}, rows=LEFT), warn("indicators.i1.actual"))
passes("execution-carryover-gap", d(claim={"execution_rate": "76%"}, rows=[ind("结转结余率", "≤30%", "24%")]))

# ------------------------------------------------------------------ people

fails(
    "staff-over-posts",
    d(profile={"authorized_posts": 46, "staff_on_posts": 50}),
    warn("profile.staff_on_posts"),
)
passes("staff-over-posts", d(profile={"authorized_posts": 3, "staff_on_posts": 3, "retirees": 94}))
fails(
    "staff-over-posts",
    d(profile={"authorized_posts": 0, "staff_on_posts": 1}),
    warn("profile.staff_on_posts"),
)
fails("posts-missing", d(profile={"staff_on_posts": 5}), warn("profile.authorized_posts"))
passes("posts-missing", d(profile={"staff_on_posts": 5, "authorized_posts": 5}))
passes("posts-missing", form(profile={"staff_on_posts": 5}))
OFFICES = "profile.internal_offices"
fails("offices-count", d(profile={"offices_stated": 3, "internal_offices": ("甲股", "乙股")}), warn(OFFICES))
passes("offices-count", d(profile={"offices_stated": 2, "internal_offices": ("甲股", "乙股")}))
passes("offices-count", d(profile={"offices_stated": 17}))
fails("duties-count", d(profile={"duties_stated": 2, "duties": ("甲",)}), warn("profile.duties"))
passes("duties-count", d(profile={"duties_stated": 1, "duties": ("甲",)}))
fails("duplicate-office", d(profile={"internal_offices": ("甲股", "甲股")}), warn(OFFICES))
passes("duplicate-office", d(profile={"internal_offices": ("甲股", "乙股")}))

# ------------------------------------------------------------------ completeness

TARGET, ACTUAL = "indicators.i1.target", "indicators.i1.actual"
fails("missing-target", d(rows=[ind(target=None)]), err(TARGET))
fails("missing-target", d(rows=[ind(target=" ")]), err(TARGET))
passes("missing-target", d(rows=[ind(target=None)], coverage=EXCERPT - {Covers.TARGETS}))
passes("missing-target", d(rows=[ind(target=None, not_applicable=True)]))
passes("missing-target", d(rows=[ind()]))
fails("missing-actual", d(rows=[ind(actual=None)]), err(ACTUAL))
passes("missing-actual", d(rows=[ind(actual="0")]))
WORDS_ONLY = [ind(key=key, target=None, actual=None, level2="社会效益指标") for key in ("a", "b")]
fails("missing-actual", d(rows=WORDS_ONLY), err("indicators.a.actual"))
fails("missing-actual", form(rows=WORDS_ONLY), err("indicators.a.actual"), err("indicators.b.actual"))
NAME_ONLY = ind(target=None, actual=None)
passes("missing-actual", d(rows=[NAME_ONLY], coverage=EXCERPT - {Covers.TARGETS}))
fails("missing-weight", d(rows=[ind()]), err("indicators.i1.weight"))
passes("missing-weight", d(rows=[ind(weight="0")]))
fails("missing-weight", d(rows=[ind(key="a"), ind(key="b"), ind(key="c")]), err("indicators"))
fails(
    "missing-weight",
    form(rows=[ind(key="a"), ind(key="b")]),
    err("indicators.a.weight"),
    err("indicators.b.weight"),
)
fails(
    "missing-weight",
    d(rows=[ind(key="a", weight="10"), ind(key="b"), ind(key="c")]),
    err("indicators.b.weight"),
    err("indicators.c.weight"),
)
passes("missing-weight", d(rows=[ind()], coverage=EXCERPT - {Covers.WEIGHTS}))
fails("missing-total-score", form(rows=[ind()]), err("assessment.score"))
passes("missing-total-score", form(rows=[ind()], claim={"score": 90}))
passes("missing-total-score", make_dossier(self_score=None))
fails("missing-grade", d(claim={"score": 97}), warn("assessment.grade"))
passes("missing-grade", d(claim={"score": 97, "grade": "优"}))
passes("missing-grade", d(claim={"score": 97}, document_kind="部门整体自评表"))
passes("missing-grade", form(claim={"score": 97}))
fails("missing-goals", d(), err("goals"))
fails("missing-goals", d(goals=[Goal(expected="无", actual="")]), err("goals.0.expected"))
fails("missing-goals", form(goals=[Goal(expected="完成接收", actual="")]), err("goals.0.actual"))
passes("missing-goals", d(goals=[Goal(expected="完成接收", actual="")]))
passes("missing-goals", d(coverage=EXCERPT - {Covers.GOALS}))
fails("missing-sections", d(text={"problems": " "}), err("narrative.problems"))
passes("missing-sections", d(text={"problems": "库房面积不够。"}))
passes("missing-sections", d(text={"profile": ""}))
INITIAL = "money.expenditure.total.initial_budget"
ROWS_STATED = t("expenditure", basic=a(full_budget="1"), project=a(full_budget="0"))
fails("missing-budget", form(money=ROWS_STATED), err(INITIAL))
passes("missing-budget", d(money=spending("1", "1")))
passes("missing-budget", make_dossier())
NO_PROJECT = t("expenditure", basic=a(initial_budget="1", full_budget="1"))
fails(
    "missing-budget",
    form(money=NO_PROJECT),
    err("money.expenditure.project.full_budget"),
    err("money.expenditure.project.initial_budget"),
)
fails(
    "missing-execution", form(money=t("income_source", a(actual="1"))), err("money.expenditure.total.actual")
)
passes("missing-execution", make_dossier())
PROFILE = {
    "authorized_posts": 1,
    "staff_on_posts": 1,
    "internal_offices": (),
    "duties": (),
    "prepared_by": "甲",
}
fails("missing-profile", form(profile=PROFILE), err("profile.phone"))
passes("missing-profile", form(profile=PROFILE | {"phone": "0"}))
passes("missing-profile", d())
fails(
    "missing-base-data",
    form(money=t("running_costs", a(actual="0"))),
    hint("money.three_public.total.actual"),
)
passes("missing-base-data", form(money=t("running_costs", a(actual="0")) | t("three_public", a(actual="0"))))
OUTPUT, EFFECT = ind(level2="数量指标"), ind(level2="社会效益指标")
fails("missing-indicator-class", form(rows=[OUTPUT, EFFECT]), warn("indicators"))
passes("missing-indicator-class", form(rows=[OUTPUT, EFFECT, ind(level2="满意度指标")]))
REASON = "indicators.i1.deviation_reason"
fails("missing-reason", form(rows=[ind(actual="3场")]), warn(REASON))
fails("missing-reason", form(rows=[ind(weight="5", own="4")]), warn(REASON))
passes("missing-reason", form(rows=[ind(actual="3场", deviation_reason="场馆维修")]))
passes("missing-reason", form(rows=[ind(actual="4场")]))
fails("empty-reason", d(rows=[ind(actual="3场", deviation_reason="无")]), warn(REASON))
fails("empty-reason", d(rows=[ind(actual="4场", deviation_reason="0")]), hint(REASON))
passes("empty-reason", d(rows=[ind(actual="4场", deviation_reason="无")]))
passes("empty-reason", d(rows=[ind(actual="3场", deviation_reason="场馆维修")]))
fails("placeholder-text", d(text={"problems": "一是××不够；"}), warn("narrative.problems"))
fails("placeholder-text", d(text={"measures": "（200字以内）"}), warn("narrative.measures"))
fails("placeholder-text", d(rows=[ind(evidence="待补充")]), warn("indicators.i1.evidence"))
passes("placeholder-text", d(text={"problems": "×光机和XML文件各一，共200字。"}))
fails(
    "placeholder-text",
    d(explanations=(Explanation(finding="x", text="此处填写说明"),)),
    warn("explanations"),
)

# ------------------------------------------------------------------ weights and scores

fails("weight-sum", d(rows=[ind(weight="91")]), err("indicators"))
passes("weight-sum", d(rows=[ind(weight="90")]))
passes("weight-sum", d(rows=[ind(weight="70")], coverage=EXCERPT - {Covers.PROFILE}))  # the rest was not seen
fails("weight-sum", d(rows=[ind(weight="70")]), err("indicators"))
fails("weight-sum", form(rows=[ind(weight="89.99")]), err("indicators"))
passes("weight-sum", form(rows=[ind(weight="90")]))
passes("weight-sum", form(rows=[ind(weight="80"), ind()]))  # missing-weight speaks
SPLIT = [
    ind(weight="50", level2="数量指标"),
    ind(weight="30", level2="社会效益指标", key="i2"),
    ind(weight="10", level2="满意度指标", key="i3"),
]
passes("section-weight", form(rows=SPLIT))
SHIFTED = [
    SPLIT[0].model_copy(update={"weight": Decimal(60)}),
    SPLIT[1].model_copy(update={"weight": Decimal(20)}),
    SPLIT[2],
]
fails("section-weight", form(rows=SHIFTED), warn("indicators"))
passes("section-weight", d(rows=SHIFTED))
OWN = "indicators.i1.self_score"
fails("score-over-weight", d(rows=[ind(weight="5", own="5.01")]), err(OWN))
passes("score-over-weight", d(rows=[ind(weight="5", own="5")]))
fails("score-over-weight", d(claim={"score": "100.01"}), err("assessment.score"))
passes("score-over-weight", d(claim={"score": "100"}))
BOUGHT = {"name": "政府采购执行率", "target": "100%", "actual": "72.74%", "weight": "2"}
fails("line-score", d(rows=[ind(**BOUGHT, own="2")]), warn(OWN))
fails("line-score", d(rows=[ind(**BOUGHT, own="1.51")]), warn(OWN))
passes("line-score", d(rows=[ind(**BOUGHT, own="1.50")]))
passes("line-score", d(rows=[ind(**BOUGHT, own="1")]))
passes("line-score", d(rows=[ind("财政供养人员控制率", "100%", "92%", "2", "2")]))
PAIR = [ind(weight="5", own="4"), ind(weight="5", own="5", key="i2")]
SCORE = "assessment.score"
fails("score-sum", d(rows=PAIR, claim={"score": "99.03"}), err(SCORE))
passes("score-sum", d(rows=PAIR, claim={"score": "99.02"}))
fails("score-sum", d(rows=PAIR, claim={"score": "8.97"}), warn(SCORE))
passes("score-sum", d(rows=PAIR, claim={"score": "8.98"}))
passes("score-sum", d(rows=PAIR))
fails("self-score-raised", make_dossier(self_score="99"), err(SCORE))
RAISED = make_dossier(self_score="99")
RAISED = RAISED.model_copy(
    update={
        "indicators": RAISED.indicators.model_copy(
            update={
                "assessment": RAISED.indicators.assessment.model_copy(update={"raise_reason": "省级表彰加分"})
            }
        )
    }
)
fails("self-score-raised", RAISED, warn(SCORE))
passes("self-score-raised", make_dossier())
passes("self-score-raised", make_dossier(self_score="90"))
GRADE = "assessment.grade"
fails("grade-mismatch", d(claim={"score": "89.99", "grade": "优"}), err(GRADE))
passes("grade-mismatch", d(claim={"score": "90", "grade": "优秀"}))
fails("grade-mismatch", d(claim={"score": "90", "grade": "良"}), err(GRADE))
passes("grade-mismatch", d(claim={"score": "90"}))
passes("grade-mismatch", d(claim={"grade": "优"}))
fails("marks-withheld", d(rows=[ind(weight="5", own="4")]), hint(OWN))
passes("marks-withheld", d(rows=[ind(weight="5", own="4", deviation_reason="资料不全")]))
passes("marks-withheld", d(rows=[ind(weight="5", own="5")]))

# ------------------------------------------------------------------ indicators

FULL_MARKS = {"score": 100}
fails("full-marks-unmeasured", d(rows=[ind(actual=None)], claim=FULL_MARKS), warn(SCORE))
fails("full-marks-unmeasured", d(rows=[ind(actual="≥4场")], claim=FULL_MARKS), warn(SCORE))
passes("full-marks-unmeasured", d(rows=[ind(actual=None)], claim={"score": "99.99"}))
passes("full-marks-unmeasured", d(rows=[ind()], claim=FULL_MARKS))
ADMITS = {"problems": "绩效自评指标不够具体。"}
fails("full-marks-admitted-faults", d(text=ADMITS, claim=FULL_MARKS), warn("narrative.problems"))
passes("full-marks-admitted-faults", d(text=ADMITS, claim={"score": "99.99"}))
passes("full-marks-admitted-faults", d(text={"problems": "没有。"}, claim=FULL_MARKS))
passes("full-marks-admitted-faults", d(text={"problems": "未发现不足。"}, claim=FULL_MARKS))
NO_VALUES = {"name": "提升影响力", "target": None, "actual": None}
fails("unquantified", d(rows=[ind(**NO_VALUES, level2="社会效益指标")]), warn(ACTUAL))
fails("unquantified", d(rows=[ind(**NO_VALUES, level2="成本指标")]), warn(ACTUAL))
passes("unquantified", d(rows=[ind(**NO_VALUES, level2="数量指标")]))
passes("unquantified", d(rows=[ind("提升影响力", "≥3篇", "4篇", level2="社会效益指标")]))
WORDS = {"name": "管理制度健全性", "target": "高", "actual": "高", "weight": "3"}
fails("unquantified", d(rows=[ind(**WORDS, own="3")]), warn("indicators"))
passes("unquantified", d(rows=[ind(**WORDS, own="2.5")]))
passes("unquantified", d(rows=[ind(**WORDS, own="3", evidence="制度汇编")]))
fails("unquantified", d(rows=[ind("学校发展能力", "100", "100", level2="社会效益指标")]), warn(ACTUAL))
passes("unquantified", d(rows=[ind("毕业生就业率", "100", "100", level2="社会效益指标")]))
fails("copied-actual", d(rows=[ind("水标尺", "≥266米", "≥266米")]), warn(ACTUAL))
fails("copied-actual", d(rows=[ind("满意度", "≥95%", "98%以上")]), hint(ACTUAL))
passes("copied-actual", d(rows=[ind("水标尺", "≥266米", "266米")]))
fails("unit-mismatch", d(rows=[ind(target="≥4场", actual="4人")]), warn(ACTUAL))
fails("unit-mismatch", d(rows=[ind(target="≥100百分比", actual="100")]), warn(ACTUAL))
passes("unit-mismatch", d(rows=[ind(target="≥50个", actual="50")]))
passes("unit-mismatch", d(rows=[ind(target="≤2%", actual="0")]))
passes("unit-mismatch", d(rows=[ind(target="≤90万元", actual="899740元")]))
fails("over-achievement", d(rows=[ind(target="≥100篇", actual="131篇")]), warn(ACTUAL))
passes("over-achievement", d(rows=[ind(target="≥100篇", actual="130篇")]))
passes("over-achievement", d(rows=[ind(target="≥6次", actual="12次", deviation_reason="上级新增培训任务")]))
passes("over-achievement", d(rows=[ind("成本", "≤10万元", "3万元")]))
fails("rate-over-hundred", d(rows=[ind("服务对象满意度", "≥90%", "101%")]), warn(ACTUAL))
passes("rate-over-hundred", d(rows=[ind("服务对象满意度", "≥90%", "100%")]))
passes("rate-over-hundred", d(rows=[ind("任务完成率", "≥90%", "120%")]))
fails("low-target", d(rows=[ind("预算完成率", "70%", "76%")]), warn(TARGET))
fails("low-target", d(rows=[ind("预算完成率", "≥89%", "89%")]), warn(TARGET))
passes("low-target", d(rows=[ind("预算完成率", "≥90%", "92%")]))
LAST_YEAR = d(rows=[ind(target="≥4场", actual="10场")], profile={"year": 2022})
fails("low-target", d(rows=[ind(target="≥7场", actual="8场")]), warn(TARGET), prior=LAST_YEAR)
passes("low-target", d(rows=[ind(target="≥8场", actual="8场")]), prior=LAST_YEAR)
GROWN = d(rows=[ind("旅游收入增长率", "≥5%", "9%")], profile={"year": 2022})
passes("low-target", d(rows=[ind("旅游收入增长率", "≥5%", "6%")]), prior=GROWN)
KIND = "indicators.i1.level2"
fails("money-as-quantity", d(rows=[ind("工程资金金额", "43.2", "37.24")]), warn(KIND))
fails("money-as-quantity", d(rows=[ind("发放补助", "30万元", "30万元")]), warn(KIND))
passes("money-as-quantity", d(rows=[ind("资金支持项目数量", "≥3个", "3个")]))
passes("money-as-quantity", d(rows=[ind("工程资金金额", "43.2", "37.24", level2="成本指标")]))
fails("class-mismatch", d(rows=[ind("安全率", "100", "100", level2="经济效益指标")]), warn(KIND))
fails("class-mismatch", d(rows=[ind("在职人员控制率", "≤100%", "90%")]), hint(KIND))
passes("class-mismatch", d(rows=[ind("在职人员控制率", None, None)]))
passes("class-mismatch", d(rows=[ind("安全生产减少损失", "10万元", "10万元", level2="经济效益指标")]))
fails("target-direction", d(rows=[ind("单位成本", "≥3元", "3元", level2="成本指标")]), warn(TARGET))
passes("target-direction", d(rows=[ind("单位成本", "≤3元", "3元", level2="成本指标")]))
passes("target-direction", d(rows=[ind("成本节约率", "≥3%", "3%", level2="成本指标")]))
fails("target-direction", d(rows=[ind("群众满意度", "≤95%", "90%", level2="满意度指标")]), warn(TARGET))
TWICE = [ind(key="i1"), ind(key="i2", level2="社会效益指标")]
fails("duplicate-indicator", d(rows=TWICE), warn("indicators.i2.name"))
passes("duplicate-indicator", d(rows=[ind(key="i1"), ind("接收档案件数", key="i2")]))
SYSTEMS = [
    ind("管理制度健全性", key="i1", level2="预算管理"),
    ind("管理制度健全性", key="i2", level2="资产管理"),
]
passes("duplicate-indicator", d(rows=SYSTEMS))
fails("late-deadline", d(rows=[ind(target="2024年1月31日前", actual="2023年12月")]), warn(TARGET))
passes("late-deadline", d(rows=[ind(target="2023年12月31日前", actual="2023年12月")]))
fails("reason-direction", d(rows=[ind(actual="3场", deviation_reason="超额完成任务")]), warn(REASON))
fails("reason-direction", d(rows=[ind(actual="6场", deviation_reason="疫情影响未完成")]), warn(REASON))
passes("reason-direction", d(rows=[ind(actual="3场", deviation_reason="场馆维修，未完成")]))
passes("reason-direction", d(rows=[ind(actual="4场", deviation_reason="未完成")]))
fails(
    "reason-direction",
    d(money=spending("10", "12") | {"execution_explanation": "厉行节约形成结余"}),
    warn("money.execution_explanation"),
)
OTHER_GROUP = ind("社会公众满意度", "服务对象满意度≥95%", "98%", level2="满意度指标")
passes("satisfaction-groups", d(rows=[OTHER_GROUP]))  # 服务对象 names nobody in particular
fails(
    "satisfaction-groups",
    d(rows=[ind("学生满意度", "家长满意度≥95%", "98%", level2="满意度指标")]),
    hint(TARGET),
)
fails(
    "goal-copied",
    d(goals=[Goal(expected="完成馆藏档案数字化加工五十万页", actual="完成馆藏档案数字化加工五十万页。")]),
    warn("goals.0.actual"),
)
passes(
    "goal-copied",
    d(
        goals=[
            Goal(expected="完成馆藏档案数字化加工五十万页", actual="扫描45万页，验收合格率99%，其余转入下年")
        ]
    ),
)
fails("goal-without-words", d(goals=[Goal(expected="43.2", actual="完成改造")]), warn("goals.0.expected"))
passes("goal-without-words", d(goals=[Goal(expected="完成改造43.2万元", actual="完成改造")]))

# ------------------------------------------------------------------ text

DUTIES = {"duties": ("保管档案",)}
PETITION = {"problems": "信访部门任务繁重，难以满足信访工作要求。"}
fails("foreign-function", d(profile=DUTIES, text=PETITION), warn("narrative.problems"))
passes("foreign-function", d(profile={"duties": ("办理群众信访",)}, text=PETITION))
passes("foreign-function", d(profile={"department": "示例区信访局"} | DUTIES, text=PETITION))
passes("foreign-function", d(text=PETITION))  # nothing is known of what the unit does
passes("foreign-function", d(profile=DUTIES, text={"problems": "配合做好信访工作。"}))
passes("foreign-function", d(profile=DUTIES, text={"problems": "信访工作多，信访任务重。"}))  # every unit's
fails(
    "foreign-function",
    d(profile=DUTIES, text={"problems": "市容市貌业务多，环卫保洁任务重。"}),
    warn("narrative.problems"),
)
passes("foreign-function", d(profile=DUTIES, text={"problems": "市容市貌业务多。"}))
passes(
    "foreign-function",
    d(profile=DUTIES, text={"measures": "加强与公安部门、信访部门的协作，税务部门要求的按时办。"}),
)
passes("foreign-function", d(profile=DUTIES, text={"process": "信访部门派人参加座谈。"}))
REGION = ("示例区信访局", "示例区财政局", "示例区档案馆")
PLACE = {"region_name": "示例区"}
for words in ("示例区信访局人手不足", "一是编制少，信访局人手不足"):
    fails(
        "other-unit-name",
        d(profile=PLACE, text={"problems": words}),
        warn("narrative.problems"),
        region_departments=REGION,
    )
for words in ("示例区档案馆人手不足", "与信访局协作不够", "财政局要求的资料报送不及时"):
    passes("other-unit-name", d(profile=PLACE, text={"problems": words}), region_departments=REGION)
passes("other-unit-name", d(profile=PLACE, text={"problems": "信访局人手不足"}))
fails("self-reference", d(text={"problems": "我局人手不足"}), warn("narrative.problems"))
passes("self-reference", d(text={"problems": "我馆人手不足"}))
passes("self-reference", d(text={"problems": "我区、我单位人手不足"}))
HAS = {"internal_offices": ("办公室", "保管股")}
fails("unknown-office", d(profile=HAS, money={"project_office": "综合科"}), warn("money.project_office"))
passes("unknown-office", d(profile=HAS, money={"project_office": "办公室"}))
passes("unknown-office", d(money={"project_office": "综合科"}))
fails(
    "unknown-office",
    d(profile=HAS, text={"project_management": "专项经费由综合科统一管理"}),
    warn("narrative.project_management"),
)
passes("unknown-office", d(profile=HAS, text={"x": "由区财政局国库股审核，由保管股负责，由各股室实施"}))
fails(
    "unknown-office",
    d(profile=HAS, money={"projects": (project(manager_office="财务科"),)}),
    warn("money.projects.p.manager_office"),
)
SPENT = t("expenditure", project=a(actual="153.50"))
fails("narrative-amount", d(money=SPENT, text={"x": "项目支出135.50万元"}), warn("narrative.x"))
passes("narrative-amount", d(money=SPENT, text={"x": "项目支出为 153.5\n万元"}))
passes("narrative-amount", d(money=SPENT, text={"x": "上年项目支出100万元，其中项目支出用于会议3万元"}))
passes("narrative-amount", d(text={"x": "项目支出135.50万元"}))
for words in (
    "其中：项目支出135.50万元",
    "2023年我局项目支出合计135.50万元",
    "基本支出100万元，项目支出135.50万元",
):
    fails("narrative-amount", d(money=SPENT, text={"x": words}), warn("narrative.x"))
for words in (
    "国土绿化项目支出462.00万元",
    "用于湿地保护的项目支出17万元，森林防火能力建设项目支出10.32万元",
):
    passes("narrative-amount", d(money=SPENT, text={"x": words}))
for words in (
    "一般公共预算财政拨款项目支出100万元",
    "2022年项目支出100万元",
    "年初预算安排项目支出100万元",
    "项目支出预算100万元",
):
    passes("narrative-amount", d(money=SPENT, text={"x": words}))
fails("foreign-year", d(text={"performance": "2022年末实有60人"}), warn("narrative.performance"))
passes("foreign-year", d(text={"performance": "2023年末实有60人"}))
passes("foreign-year", d(text={"performance": "比2022年末增加3人，按《2022年度通知》执行"}))
passes("foreign-year", d(text={"performance": "成立于1958年，2024年底前完工"}))
passes("foreign-year", d(text={"performance": "荣获2022年度先进单位"}))
fails("title-year", d(title="2022年度自评报告"), warn("title"))
passes("title-year", d(title="2023年度自评报告"))
passes("title-year", d(title="自评报告"))
fails("list-count", d(text={"x": "内设3个股室为：甲股、乙股"}), warn("narrative.x"))
passes("list-count", d(text={"x": "内设2个股室为：甲股、乙股"}))
passes("list-count", d(text={"x": "内设2个股室，分别为：甲股（含人事、财务）、乙股"}))
passes("list-count", d(text={"x": "下辖10个单位：甲站、乙站等"}))
LAST_TEXT = d(
    text={"problems": "一是档案库房面积不足，二是数字化进度滞后，三是人员年龄偏大，四是经费保障不够充分。"},
    profile={"year": 2022},
)
fails(
    "copied-from-last-year",
    LAST_TEXT.model_copy(update={"profile": d().profile}),
    warn("narrative.problems"),
    prior=LAST_TEXT,
)
passes(
    "copied-from-last-year",
    d(
        text={
            "problems": "一是新馆搬迁占用了三个月，二是修复人员调出两名，三是采购流标一次，四是网络改造延后到十二月才完成。"
        }
    ),
    prior=LAST_TEXT,
)
passes("copied-from-last-year", LAST_TEXT)
fails("project-words", d(text={"problems": "本项目资金到位晚"}), warn("narrative.problems"))
passes("project-words", d(text={"problems": "本项目资金到位晚"}, money={"projects": (project(),)}))
passes("project-words", d(text={"problems": "资金到位晚"}))
DONE = "支出1741.75万元，完成年初预算的100%，决算数大于预算数55.93万元"
fails("stated-percentage", d(text={"x": DONE}), warn("narrative.x"))
passes("stated-percentage", d(text={"x": DONE.replace("100%", "103.32%")}))
passes("stated-percentage", d(text={"x": "完成年初预算的100%"}))
fails("narrative-score", d(text={"x": "自评得分95分"}, claim={"score": "96"}), warn("narrative.x"))
passes("narrative-score", d(text={"x": "自评得分96分"}, claim={"score": "96"}))
passes("narrative-score", d(text={"x": "自评得分95分"}))

fails("narrative-headcount", d(profile=PEOPLE, text={"x": "单位编制数12个"}), warn("narrative.x"))
fails("narrative-headcount", d(profile=PEOPLE, text={"x": "在职人员9人"}), warn("narrative.x"))
passes("narrative-headcount", d(profile=PEOPLE, text={"x": "编制数11个，实际在编人员7人，离退休人员0人"}))
passes(
    "narrative-headcount", d(profile=PEOPLE, text={"x": "其中行政编制5名、事业编制6名，组织在职人员3人培训"})
)
passes("narrative-headcount", d(text={"x": "单位编制数12个"}))

# ------------------------------------------------------------------ last year

PRIOR = d(money=t("carryover", closing=a(actual="3")) | spending(None, "100"), profile={"year": 2022})
fails("opening-vs-prior", d(money=t("carryover", opening=a(actual="3.02"))), warn(OPENING), prior=PRIOR)
passes("opening-vs-prior", d(money=t("carryover", opening=a(actual="3.01"))), prior=PRIOR)
passes("opening-vs-prior", d(money=t("carryover", opening=a(actual="9"))))
fails(
    "prior-column",
    d(money=t("expenditure", a(prior_final="99"))),
    warn("money.expenditure.total.prior_final"),
    prior=PRIOR,
)
passes("prior-column", d(money=t("expenditure", a(prior_final="100"))), prior=PRIOR)
fails("year-jump", d(money=spending(None, "150.01")), hint(TOTAL_ACTUAL), prior=PRIOR)
passes("year-jump", d(money=spending(None, "150")), prior=PRIOR)
passes("year-jump", d(money=spending(None, "150.01")))

# ------------------------------------------------------------------ a project's own sheet

SHEET = ProjectSheet(project="p", indicators=(ind(target=None),), goals=(Goal(expected="甲", actual="乙"),))
WITH_SHEET = d(money={"projects": (project(),)})
WITH_SHEET = WITH_SHEET.model_copy(
    update={"indicators": WITH_SHEET.indicators.model_copy(update={"projects": (SHEET,)})}
)
fails("missing-target", WITH_SHEET, err("project_sheets.p.indicators.i1.target"))
passes(
    "missing-target",
    WITH_SHEET.model_copy(update={"coverage": EVERYTHING - {Covers.PROJECT_SHEETS}}),
)


# ------------------------------------------------------------------ words as printed

PROFILE_TEXT, FINANCE = "narrative.profile", "narrative.finance"


def printed(key: str, titles: str, text: str, **fields: Any) -> Dossier:
    """A dossier that a reader made of a text: every paragraph stands among its origins."""
    return d(origins=(Origin(where=f"paragraph.{key}", source=titles, words=text),), **fields)


fails("offices-count", d(profile={"offices_stated": 10, "offices_listed": 9}), warn(OFFICES))
passes("offices-count", d(profile={"offices_stated": 9, "offices_listed": 9}))
passes("offices-count", d(profile={"offices_listed": 9}))

for actual, expected in (("2021年末", (warn(PROFILE_TEXT),)), ("2022年末", ())):
    both = printed("profile", "人员情况", f"截至{actual}，实有人数60人。", profile={"year": 2022})
    if expected:
        fails("foreign-year", both, *expected)
    else:
        passes("foreign-year", both)

OWN = "业务活动及其辅助活动取得的收入"
fails(
    "definition-mixed",
    printed("finance", "收入情况", f"2.上级补助收入8.38万元。是指事业单位开展{OWN}。"),
    warn(FINANCE),
)
passes("definition-mixed", printed("finance", "收入情况", f"3.事业收入8.38万元。是指事业单位开展专业{OWN}。"))
passes(
    "definition-mixed",
    printed("finance", "收入情况", "2.上级补助收入：从主管部门和上级单位取得的非财政补助收入。"),
)
passes("definition-mixed", printed("finance", "收入情况", f"本年没有上级补助收入，开展{OWN}也没有。"))
passes("definition-mixed", d(text={"finance": "2.上级补助收入8.38万元。"}))

GENERAL = "一般公共预算支出情况"
fails(
    "fund-heading",
    printed("finance", f"{GENERAL}\n基本支出情况", "预算收入69.06万元，其他资金21.31万元。"),
    warn(FINANCE),
)
passes("fund-heading", printed("finance", f"{GENERAL}\n基本支出情况", "预算收入69.06万元，其他资金0万元。"))
passes(
    "fund-heading", printed("finance", f"{GENERAL}\n基本支出情况", "支出69.06万元（不含其他资金21.31万元）。")
)
passes("fund-heading", printed("finance", "部门整体支出情况", "预算收入69.06万元，其他资金21.31万元。"))
passes(
    "fund-heading", printed("finance", f"{GENERAL}\n政府性基金预算支出情况", "政府性基金预算支出21.31万元。")
)
passes("fund-heading", printed("finance", "一般公共预算和政府性基金支出", "政府性基金支出21.31万元。"))

DONE_GOAL = "goals.0.actual"
for total, expected in (("89.97", (warn(DONE_GOAL),)), ("89.98", ()), ("89.99", ()), ("60.00", ())):
    both = d(goals=[Goal(expected="付清", actual=f"分三次支付30万元、30万元、29.99万元，合计{total}万元。")])
    if expected:
        fails("text-parts-sum", both, *expected)
    else:
        passes("text-parts-sum", both)
fails(
    "text-parts-sum",
    d(text={"project_use": "合计89.97万元，其中甲30万元、乙30万元、丙29.99万元。"}),
    warn("narrative.project_use"),
)
passes(
    "text-parts-sum", d(text={"project_use": "合计支出89.97万元，甲30万元、乙30万元、丙29.99万元未列全。"})
)
passes(
    "text-parts-sum", d(text={"project_use": "甲30万元，比上年增加30万元，结余29.99万元，合计89.97万元。"})
)

HEADS = "现有编制人员205人，其中行政113人、离休2人、退休75人、事业10人、工勤5人。"
fails("posts-with-retirees", printed("profile", "人员编制", HEADS), warn("profile.authorized_posts"))
passes("posts-with-retirees", printed("profile", "人员编制", HEADS.replace("205", "206")))
passes(
    "posts-with-retirees", printed("profile", "人员编制", "编制128人，其中行政113人、事业15人；离退休77人。")
)
passes("posts-with-retirees", printed("profile", "人员编制", "编制130人，在职128人，退休77人。"))

BODIES = "内设股室：办公室、预算股、国库支付中心。直属事业单位：{}、投资评审中心。"
fails("listed-twice", printed("profile", "机构设置", BODIES.format("国库支付中心")), warn(PROFILE_TEXT))
passes("listed-twice", printed("profile", "机构设置", BODIES.format("会计核算中心")))

LIST = {"problems": "1.人手不足。\n2.宣传不够。\n3.进度滞后。"}
fails("fewer-measures", d(text=LIST | {"measures": "1.补充人员。\n2.加强宣传。"}), hint("narrative.measures"))
passes("fewer-measures", d(text=LIST | {"measures": "1.补充人员。\n2.加强宣传。\n3.加快进度。"}))
passes("fewer-measures", d(text=LIST | {"measures": "针对上述问题，补充人员，加强宣传。"}))
passes("fewer-measures", d(text={"problems": "人手不足。", "measures": "1.补充人员。"}))

scored = ind(key="a", weight="10", own="10")
fails("missing-line-score", d(rows=[scored, ind(key="b", weight="10")]), warn("indicators.b.self_score"))
passes("missing-line-score", d(rows=[scored, ind(key="b", weight="10", own="0")]))
passes("missing-line-score", d(rows=[scored, ind(key="b", weight="10", actual=None)]))
passes("missing-line-score", d(rows=[ind(key="b", weight="10")]))
passes("missing-line-score", form(rows=[scored, ind(key="b", weight="10")]))

CLAIM = {"execution_weight": 10, "execution_score": 10}
fails("missing-rate", d(claim=CLAIM), warn("assessment.execution_score"))
passes("missing-rate", d(claim=CLAIM | {"execution_rate": "100%"}))
passes("missing-rate", d(claim=CLAIM, money=spending("10", "10")))
passes("missing-rate", d(claim={"execution_weight": 10}))

praise = {"level2": "质量指标", "weight": "3", "own": "3"}
fails(
    "unquantified",
    d(rows=[ind("制度", "高", "高", key="a", **praise), ind("安全", "好", "好", key="b", **praise)]),
    warn("indicators"),
)
fails(
    "unquantified",
    d(rows=[ind("制度", "严格执行规定", "达成预期指标", **praise)]),
    hint(ACTUAL),
)
passes("unquantified", d(rows=[ind("制度", "高", "高", evidence="制度汇编", **praise)]))
passes("unquantified", d(rows=[ind("制度", "高", "高", level2="质量指标", weight="3", own="2")]))
fails(
    "unit-mismatch",
    d(rows=[ind("合格率", "≥100百分比", "100", level2="质量指标")]),
    warn("indicators.i1.actual"),
)
passes("unit-mismatch", d(rows=[ind("合格率", "≥100百分比", "100百分比", level2="质量指标")]))


# ------------------------------------------------------------------ beside the district and last year

SHARED = "一年来我们坚持把各项工作落到实处，取得了较好的成绩，得到了群众的好评。"
COPY = Copied(
    section="problems", text=SHARED, other="示例区水利局", other_title="存在的主要问题", other_text=SHARED
)
fails(
    "copied-passage", d(text={"problems": SHARED + "没有别的。"}), warn("narrative.problems"), copies=(COPY,)
)
passes("copied-passage", d(text={"problems": "今年人手不足，宣传不够。"}), copies=(COPY,))
passes("copied-passage", d(text={"measures": SHARED}), copies=(COPY,))
passes("copied-passage", d(text={"problems": SHARED}))

USUAL = District(per_head={"running_costs": (yuan("2"),) * LEAST_UNITS})
RUNNING = "money.running_costs.total.actual"
for amount, expected in (("60.01", (hint(RUNNING),)), ("60", ())):
    both = d(money=t("running_costs", a(actual=amount)), profile={"staff_on_posts": 10})
    if expected:
        fails("per-head-outlier", both, *expected, district=USUAL)
    else:
        passes("per-head-outlier", both, district=USUAL)
costly = d(money=t("running_costs", a(actual="90")), profile={"staff_on_posts": 10})
passes("per-head-outlier", costly)
passes(
    "per-head-outlier",
    costly,
    district=District(per_head={"running_costs": (yuan("2"),) * (LEAST_UNITS - 1)}),
)
passes("per-head-outlier", d(money=t("running_costs", a(actual="90"))), district=USUAL)

liked = d(rows=[ind("群众满意度", "≥90%", "100%", level2="服务对象满意度指标")])
fails(
    "satisfaction-everywhere",
    liked,
    hint("indicators.i1.actual"),
    district=District({}, satisfied=8, surveyed=10),
)
passes("satisfaction-everywhere", liked, district=District({}, satisfied=7, surveyed=10))
passes("satisfaction-everywhere", liked, district=District({}, satisfied=7, surveyed=7))
passes(
    "satisfaction-everywhere",
    d(rows=[ind("群众满意度", "≥90%", "99%", level2="服务对象满意度指标")]),
    district=District({}, satisfied=10, surveyed=10),
)

last = d(profile={"year": 2022}, rows=[ind(target="≥5场", weight="10")])
fails("target-lowered", d(rows=[ind(target="≥4场", weight="10")]), hint("indicators.i1.target"), prior=last)
passes("target-lowered", d(rows=[ind(target="≥5场", weight="10")]), prior=last)
fails("target-lowered", d(rows=[ind(target="≥5场", weight="15")]), hint("indicators.i1.target"), prior=last)
passes("target-lowered", d(rows=[ind(target="≥5场", weight="14")]), prior=last)
passes("target-lowered", d(rows=[ind("别的活动", target="≥4场", weight="10")]), prior=last)
passes("target-lowered", d(rows=[ind(target="≥4场", weight="10")]))
cost = d(profile={"year": 2022}, rows=[ind("成本", target="≤5万元", level2="成本指标")])
fails(
    "target-lowered",
    d(rows=[ind("成本", target="≤6万元", level2="成本指标")]),
    hint("indicators.i1.target"),
    prior=cost,
)
passes("target-lowered", d(rows=[ind("成本", target="≤4万元", level2="成本指标")]), prior=cost)

ONE_SECTION = Outline(
    name="x",
    version="1",
    label="x",
    title="x",
    policy="x",
    sections=(
        OutlineSection(key="results_use", level=1, title="结果应用", prompt="写怎样应用。", required=True),
    ),
)
fails("missing-sections", form(), err("narrative.results_use"), outline=ONE_SECTION)
passes("missing-sections", form(text={"results_use": "与下年预算挂钩，已在网站公开。"}), outline=ONE_SECTION)


# ------------------------------------------------------------------ variations of the real cases

PUBLIC_TOTAL = "money.three_public.total.actual"
named = {"abroad": a(actual="0"), "reception": a(actual="5.10"), "vehicle_running": a(actual="6.90")}
fails("table-sum", d(money=t("three_public", a(actual="12.50"), **named)), warn(PUBLIC_TOTAL))
passes("table-sum", d(money=t("three_public", a(actual="12.00"), **named)))
passes("table-sum", d(money=t("three_public", a(actual="12.50"), reception=a(actual="5.10"))))
fails(
    "table-sum",
    d(money=t("expenditure", a(actual="100"), basic=a(actual="80"), project=a(actual="15"))),
    warn(TOTAL_ACTUAL),
)
passes(
    "table-sum",
    d(
        money=t(
            "expenditure",
            a(actual="150"),
            basic=a(actual="100"),
            project=a(actual="50"),
            row_1=a(actual="80"),
            row_2=a(actual="20"),
        )
    ),
)

NINETY = [ind(weight="80", own="80")]
fails(
    "weight-sum",
    d(rows=NINETY, claim={"score": "90", "execution_weight": 10, "execution_score": 10}),
    err("indicators"),
)
EXCERPTED = EXCERPT - {Covers.PROFILE}
passes(
    "weight-sum",
    d(
        rows=NINETY,
        claim={"score": "97.6", "execution_weight": 10, "execution_score": 10},
        coverage=EXCERPTED,
    ),
)

for text in ("1O0次", "l2次", "10O次", "10..5次"):
    fails("garbled-digit", d(rows=[ind(actual=text)]), warn(ACTUAL))
for text in ("100次", "5G基站10个", "H5页面12个", "PM2.5浓度35", "AI课程8门", "1,000次"):
    passes("garbled-digit", d(rows=[ind(actual=text)]))
passes("garbled-digit", d(rows=[ind(target=None, actual=None)]))

fails("amount-unit", d(money=spending("100", "1000000")), warn(TOTAL_ACTUAL))
fails("amount-unit", d(money=spending("100", "300000")), warn(TOTAL_ACTUAL))
passes("amount-unit", d(money=spending("100", "299999")))
passes("amount-unit", d(money=spending("100", "0")))
passes("amount-unit", d(money=spending(None, "1000000")))


# ------------------------------------------------------------------ the targets approved with the budget


def approved(*lines: tuple[str, str, str | None], level2: str = "数量指标") -> dict[str, Approved]:
    """The approved set: name, target and weight of each line."""
    return {
        "approved": Approved(
            indicators=tuple(
                ApprovedLine(level2=level2, name=name, target=target, weight=weight)
                for name, target, weight in lines
            )
        )
    }


SAME = "宣传活动场次"
TARGET, WEIGHT = "indicators.i1.target", "indicators.i1.weight"
for now, then, level in (
    ("≥4场", "≥5场", "warning"),
    ("≥5场", "≥5场", ""),
    ("≥6场", "≥5场", "hint"),
    ("5场以上", "≥5场", ""),
    ("５场", "≥ 5 场", ""),
    ("≤5场", "≥5场", "warning"),
    (">5场", "≥5场", "warning"),
    ("≥5次", "≥5场", "warning"),
    ("≥50000人", "≥5万人", ""),
    ("≥49999人", "≥5万人", "warning"),
    ("3-5场", "3～5场", ""),
    ("3-4场", "3-5场", "warning"),
    ("2023年11月底前", "2023年11月30日前", ""),
    ("2023年12月前", "2023年11月前", "warning"),
    ("明显提升", "明显提升。", ""),
    ("有所提升", "明显提升", "warning"),
    ("按计划开展", "≥5场", "warning"),
    (None, "≥5场", ""),
    ("≥4场", "", ""),
):
    one = d(rows=[ind(SAME, target=now)])
    if level:
        fails("target-differs-from-approved", one, (level, TARGET), **approved((SAME, then, None)))
    else:
        passes("target-differs-from-approved", one, **approved((SAME, then, None)))
lower = d(rows=[ind("运行成本", target="≤6万元", level2="成本指标")])
fails(
    "target-differs-from-approved",
    lower,
    warn(TARGET),
    **approved(("运行成本", "≤5万元", None), level2="成本指标"),
)
fails(
    "target-differs-from-approved",
    lower,
    hint(TARGET),
    **approved(("运行成本", "≤7万元", None), level2="成本指标"),
)
passes("target-differs-from-approved", d(rows=[ind(SAME, target="≥4场")]))  # nothing was approved
passes("target-differs-from-approved", d(rows=[ind(SAME, target="≥4场")]), **approved())
passes(
    "target-differs-from-approved", d(rows=[ind("别的活动", target="≥4场")]), **approved((SAME, "≥5场", None))
)
passes(
    "target-differs-from-approved",
    d(rows=[ind(SAME, target="≥4场", not_applicable=True)]),
    **approved((SAME, "≥5场", None)),
)
fails(
    "target-differs-from-approved",
    d(rows=[ind("宣传 活动（场次）", target="≥4场")]),
    warn(TARGET),
    **approved((SAME, "≥5场", None)),
)
twice = d(rows=[ind("完成率", target="≥90%", level2="质量指标"), ind("完成率", target="≥80%", key="i2")])
passes(
    "target-differs-from-approved",
    twice,
    approved=Approved(
        indicators=(
            ApprovedLine(level2="数量", name="完成率", target="≥80%"),
            ApprovedLine(level2="质量", name="完成率", target="≥90%"),
        )
    ),
)
passes(
    "target-lowered", d(rows=[ind(target="≥4场", weight="10")]), prior=last, **approved((SAME, "≥4场", "10"))
)
passes(
    "target-lowered", d(rows=[ind(target="≥5场", weight="15")]), prior=last, **approved((SAME, "≥5场", "15"))
)
fails(
    "target-lowered",
    d(rows=[ind(target="≥4场", weight="10")]),
    hint(TARGET),
    prior=last,
    **approved((SAME, "≥5场", "10")),
)

for now, then, found_one in (
    ("10", "10", False),
    ("10.00", "10", False),
    ("10.01", "10", True),
    ("9.99", "10", True),
    (None, "10", False),
    ("10", None, False),
):
    one = d(rows=[ind(SAME, weight=now)])
    if found_one:
        fails("weight-differs-from-approved", one, warn(WEIGHT), **approved((SAME, "≥4场", then)))
    else:
        passes("weight-differs-from-approved", one, **approved((SAME, "≥4场", then)))
passes("weight-differs-from-approved", d(rows=[ind(SAME, weight="5")]))
SCALED = approved((SAME, "≥4场", "50"), ("材料份数", "≥4份", "50"))


def weighed(one: str, other: str) -> Dossier:
    return d(rows=[ind(SAME, weight=one), ind("材料份数", "≥4份", "4份", weight=other, key="i2")])


passes("weight-differs-from-approved", weighed("45", "45"), **SCALED)  # 10 points are the execution rate's
passes("weight-differs-from-approved", weighed("45.5", "44.5"), **SCALED)
fails(
    "weight-differs-from-approved",
    weighed("45.51", "44.49"),
    warn(WEIGHT),
    warn("indicators.i2.weight"),
    **SCALED,
)
fails(
    "weight-differs-from-approved", weighed("45", "44"), warn(WEIGHT), warn("indicators.i2.weight"), **SCALED
)

fails(
    "approved-indicator-missing",
    d(rows=[ind("材料份数")]),
    warn("indicators"),
    **approved((SAME, "≥4场", "10")),
)
passes(
    "approved-indicator-missing",
    d(rows=[ind(SAME), ind("材料份数", key="i2")]),
    **approved((SAME, "≥4场", "10")),
)
passes(
    "approved-indicator-missing", d(rows=[ind(SAME, not_applicable=True)]), **approved((SAME, "≥4场", "10"))
)
passes("approved-indicator-missing", d(rows=[ind("材料份数")]))
passes(
    "approved-indicator-missing", form(), **approved((SAME, "≥4场", "10"))
)  # an empty table is another rule's
fails(
    "approved-indicator-missing",
    d(rows=[ind("宣传活动次数")]),
    warn("indicators.i1.name"),
    **approved((SAME, "≥4场", "10")),
)

fails(
    "indicator-not-approved",
    d(rows=[ind(SAME), ind("材料份数", key="i2")]),
    warn("indicators.i2.name"),
    **approved((SAME, "≥4场", "10")),
)
passes("indicator-not-approved", d(rows=[ind(SAME)]), **approved((SAME, "≥4场", "10")))
passes("indicator-not-approved", d(rows=[ind("宣传活动次数")]), **approved((SAME, "≥4场", "10")))  # renamed
passes("indicator-not-approved", d(rows=[ind("材料份数")]))
passes("indicator-not-approved", d(rows=[ind("材料份数")]), approved=Approved(goals=("开展宣传",)))

# ------------------------------------------------------------------ every pattern of a placeholder, past the first look

for words in (
    "××", "✕╳", "X X", "ｘｘ", "（200字以内）", "(限300字)", "（100字左右）", "500字以内", "待补充", "待 填写", "待完善后填",
    "此处填写", "请填写", "请在此处", "（填写要求）", "(简述情况)", "（写明原因）", "（简要说明）", "填表说明",
    "_ _ _", "TODO", "TBD", "lorem",
):  # fmt: skip
    fails("placeholder-text", d(text={"problems": f"甲{words}乙"}), warn("narrative.problems"))

NEGATIVE = "money.income_source.fiscal.actual"
fails("negative-amount", d(money=t("income_source", fiscal=a(actual="-0.01"))), warn(NEGATIVE))
passes("negative-amount", d(money=t("income_source", fiscal=a(actual="0"))))
passes("negative-amount", d(money=t("carryover", closing=a(actual="-1"))))

# ------------------------------------------------------------------ figures told in sentences


def says(code: str, wrong: str, *right: str, **more: Any) -> None:
    """A passage of the text that fails, and its neighbours that pass."""
    level = more.pop("level", warn)
    key = more.pop("key", "x")
    fails(code, d(text={key: wrong}, **more), level(f"narrative.{key}"))
    for words in right:
        passes(code, d(text={key: words}, **more))


says(
    "stated-completion",
    "造林面积目标值5000亩，实际完成4630亩，完成率95.6%",
    "造林面积目标值5000亩，实际完成4630亩，完成率92.6%",
    "造林面积目标值5000亩，实际完成4630亩，完成率93%",
    "造林面积目标值5000亩，实际完成5630亩，完成率100%",  # what was exceeded, told as 100 %
    "造林面积目标值5000亩，完成率95.6%",
    "投诉目标5件，实际4件，完成率95.6%",  # where less is better, the formula is not sure
    "年初计划支出100万元，实际支出90万元，完成率95.6%",  # rates of money have their own rules
    "甲地5000亩，乙地4630亩，完成率95.6%",
)
says(
    "stated-completion",
    "新增就业860人，完成目标任务800人的106.5%",
    "新增就业860人，完成目标任务800人的107.5%",
    "新增就业860人，完成目标任务800人的107%",
)
says(
    "stated-change",
    "支出6.21万元，比上年减少1.29万元，下降18.2%",
    "支出6.21万元，比上年减少1.29万元，下降17.2%",
    "支出6.21万元，其中接待费1万元，比上年减少1.29万元，下降17.2%",
    "支出比上年减少1.29万元，下降18.2%",
    "支出1.29万元，比上年增加1.29万元，增长100%",  # nothing before: no share of nothing
)
says(
    "stated-share",
    "总支出200万元，其中：基本支出120万元，占61%；项目支出80万元，占40%",
    "总支出200万元，其中：基本支出120万元，占60%；项目支出80万元，占40%",
    "支出200万元，其中：基本支出120万元，占年初预算150万元的80%",
    "基本支出120万元，占61%",
)
says(
    "stated-share",
    "收入合计200万元，其中财政拨款收入120万元，其他收入80万元，财政拨款收入占总收入的比重为61%",
    "收入合计200万元，其中财政拨款收入120万元，其他收入80万元，财政拨款收入占总收入的比重为60%",
    "财政拨款收入占总收入的比重为61%",
)
says(
    "survey-rate",
    "发放问卷200份，收回192份，其中满意186份，满意度98.5%",
    "发放问卷200份，收回192份，其中满意186份，满意度96.9%",
    "发放问卷200份，收回192份，其中满意186份，满意度93%",  # of those handed out
    "发放问卷200份，收回192份，其中满意180份，基本满意6份，满意度96.88%",
    "发放问卷200份，收回192份，满意度98.5%",
    "调查200人，不满意4人，满意度98%",
)
says(
    "survey-rate",
    "发放2000份，回收1,968份，满意1,850份，满意率达到97.8%",
    "发放2000份，回收1,968份，满意1,850份，满意率达到94%",
)
says("survey-rate", "发放问卷200份，收回201份，群众满意", "发放问卷200份，收回200份，群众满意")
says(
    "text-score-sum",
    "投入15分得15分，过程25分得24分，产出30分得30分，效益30分得29分，合计得99分",
    "投入15分得15分，过程25分得24分，产出30分得30分，效益30分得29分，合计得98分",
    "投入15分得15分，过程25分得24分，合计得99分",  # not all parts are told
    "自评得分96.5分。其中：预算执行10分，得9.81分；产出50分，得49.19分；效益30分，得28.5分；满意度10分，得9分",
)
fails(
    "text-score-sum",
    d(text={"x": "投入50分得50分，产出50分得48分"}, claim={"score": Decimal(99)}),
    warn("narrative.x"),
)
passes("text-score-sum", d(text={"x": "投入50分得50分，产出50分得48分"}, claim={"score": Decimal(98)}))
says(
    "claimed-outcome",
    "药占比目标≤30%，实际31.2%，完成目标",
    "药占比目标≤30%，实际30%，完成目标",
    "药占比目标≤30%，实际31.2%，没有完成目标",
    "设备采购目标12台，实际完成12台，超额完成任务",
    "投诉目标2件，实际3件，完成目标",  # less is better, no sign says so
    "计划12月完工，实际10月完成，完成目标",  # earlier is better
    "目标12台，实际完成9台，因流标未购3台",
)
says("claimed-outcome", "采购目标12台，实际完成12台，未完成目标", "采购目标12台，实际完成11台，未完成目标")
says(
    "claimed-outcome", "目标15公里，实际完成12公里，目标全面完成", "目标15公里，实际完成15公里，目标全面完成"
)
says(
    "text-full-marks",
    "满意度目标95%，实际92.8%，得10分（满分10分）",
    "满意度目标95%，实际95%，得10分（满分10分）",
    "满意度目标95%，实际92.8%，得9分（满分10分）",
    "满意度目标95%，实际92.8%，得10分",
)
says("text-full-marks", "满意度目标≥95%，实际92.8%，得满分", "满意度目标≥90%，实际92.8%，得满分")
says(
    "text-partition",
    "总支出200万元，其中：基本支出120万元，项目支出81万元",
    "总支出200万元，其中：基本支出120万元，项目支出80万元",
    "总支出200.00万元，其中：基本支出120.01万元，项目支出80.01万元",  # rounding of the parts
    "总支出200万元，其中：基本支出120万元",
    "总支出200万元，其中：基本支出120万元，项目支出70万元，其他支出10万元",
    "总支出200万元。基本支出120万元，项目支出81万元",
    "支出总计200万元，其中：基本支出120万元，项目支出70万元；年末结转和结余10万元",
    "支出合计200万元，其中：基本支出120万元，项目支出80万元；年末结转和结余10万元",
)
says(
    "text-partition",
    "总收入200万元，其中：财政拨款收入150万元，其他收入60万元",
    "总收入200万元，其中：财政拨款收入150万元，其他收入40万元",  # income of other kinds may be left out
    "总收入200万元，其中：财政拨款收入200万元，一般公共预算150万元，政府性基金50万元",  # parts of a part
)
passes(
    "text-partition",  # the tables hold the same figures: the rule on tables tells it
    d(
        text={"x": "总支出200万元，其中：基本支出120万元，项目支出81万元"},
        money=t("expenditure", a(actual="200"), basic=a(actual="120"), project=a(actual="81")),
    ),
)
says(
    "text-partition",
    "基本支出200万元，其中：工资福利支出150万元，商品和服务支出30万元，对个人和家庭的补助22万元",
    "基本支出200万元，其中：工资福利支出150万元，商品和服务支出30万元，对个人和家庭的补助20万元",
    "基本支出200万元，其中：工资福利支出150万元，商品和服务支出30万元",
)
says(
    "economic-classes",
    "1.基本支出。按经济分类：工资福利支出150万元，商品和服务支出30万元，对个人和家庭的补助22万元",
    "1.基本支出。按经济分类：工资福利支出150万元，商品和服务支出30万元，对个人和家庭的补助20万元",
    "1.基本支出。按经济分类：工资福利支出150万元，商品和服务支出30万元",
    "2.项目支出。按经济分类：工资福利支出150万元，商品和服务支出30万元，对个人和家庭的补助22万元",
    "基本支出210万元，工资福利支出150万元，商品和服务支出30万元，对个人和家庭的补助22万元",  # its own total is told
    money=t("expenditure", a(actual="200"), basic=a(actual="200")),
)
says(
    "headcount-parts",
    "编制人数86人，其中行政编制28人，事业编制56人",
    "编制人数86人，其中行政编制28人，事业编制58人",
    "编制人数86人，其中行政编制28人",
    "年末在职51人（行政23人、事业28人），退休19人",
    "编制86人，退休28人，在职56人",
    "在职61人，其中检察官21人、检察辅助人员28人、司法行政人员12人；书记员18人；退休33人",
    "在职58人，其中行政20人，事业30人，临聘8人",  # others go on with them
)
says(
    "headcount-parts",
    "编制人数86人，其中事业编制87人，工勤编制1人",
    "编制人数86人，其中事业编制80人，工勤编制1人",
)
says(
    "numbering-gap",
    "1.宣传方针。\n2.组织活动。\n4.完成其他任务。",
    "1.宣传方针。\n2.组织活动。\n3.完成其他任务。",
    "1.宣传方针。\n2.组织活动。\n1.完成其他任务。",
    "1.宣传方针。\n2.组织活动。\n9.完成其他任务。",  # another list
    "1.宣传方针。\n2.5万元的活动。",
    level=hint,
)
says(
    "foreign-year",
    "项目全部于2022年12月底前完成",
    "项目全部于2023年12月底前完成",
    "项目全部于2022年12月底前开工",
    "项目于2022年12月完成招标",
    key="performance",
)
says(
    "foreign-year", "确保2022年各项任务完成", "确保2024年各项任务完成", "2022年各项任务已完成", key="measures"
)
fails(
    "foreign-year",
    d(origins=[Origin(where="paragraph.other", source="2022年工作计划", words="继续推进")]),
    warn("narrative.other"),
)
passes(
    "foreign-year", d(origins=[Origin(where="paragraph.other", source="2024年工作计划", words="继续推进")])
)
says(
    "list-count",
    "共实施项目4个：绿化项目支出46.2万元，防火项目支出21万元，湿地项目支出31万元",
    "共实施项目3个：绿化项目支出46.2万元，防火项目支出21万元，湿地项目支出31万元",
    "共实施项目4个：绿化项目支出46.2万元，防火项目支出21万元，湿地项目支出31万元等",
    "共实施项目3个：绿化项目预算46.2万元，实际支出46万元；防火项目预算21万元，实际支出20万元",
    "共实施项目3个，绿化项目支出46.2万元，防火项目支出21万元，湿地项目支出31万元，合计98.2万元",
)
says(
    "stated-control-rate",
    "在职人员控制率98.75%",
    "在职人员控制率105.33%",
    "在职人员控制率105%",
    "在职79人，其中在编74人，编制75名，在职人员控制率98.67%",  # without those outside the posts
    profile={"authorized_posts": 75, "staff_on_posts": 79},
)
passes("stated-control-rate", d(text={"x": "在职人员控制率98.75%"}, profile={"authorized_posts": 75}))
says(
    "text-execution-rate",
    "实际支出265万元，预算执行率95%",
    "实际支出265万元，预算执行率92.98%",
    "年初预算250万元，实际支出265万元，预算执行率106%",  # against the first budget, as the paragraph shows
    "其中人员经费预算执行率95%",
    money=spending("285", "265"),
)
passes("text-execution-rate", d(text={"x": "预算执行率95%"}, money=spending(None, "265")))
passes("text-execution-rate", d(text={"x": "预算执行率100%"}, money=spending("265", "285")))
passes(
    "text-execution-rate",  # the table holds it: the other rule tells it
    d(text={"x": "预算执行率95%"}, money=spending("285", "265"), claim={"execution_rate": "95%"}),
)
says(
    "reception-per-head",
    "公务接待35批次，280人次，人均接待费650元，公务接待费支出8.2万元",
    "公务接待35批次，280人次，人均接待费293元，公务接待费支出8.2万元",
    "公务接待35批次，280人次，人均接待费650元，公务接待费预算18.2万元，公务接待费支出8.2万元",
    "人均接待费650元，公务接待费支出8.2万元",
)
fails("title-without-year", d(title="部门整体支出绩效自评报告"), hint("title"))
passes("title-without-year", d(title="2023年度部门整体支出绩效自评报告"))
passes("title-without-year", d(title="二〇二三年度部门整体支出绩效自评报告"))
passes("title-without-year", d(title=""))

# ------------------------------------------------------------------ sentences that contradict themselves or each other

for wrong, right in (
    ("经费增加1.20万元，下降5.10%", "经费增加1.20万元，增长5.10%"),
    ("支出较上年1402.50万元减少47.38万元，增长3.38%", "收入增加47.38万元，支出下降3.38%"),
    ("与上年持平，较上年下降8.30%", "与上年基本持平，较上年下降0.30%"),
    ("接待费与上年持平，下降0%", "接待费与上年持平，用车费较上年下降8.30%"),
    ("入园率由88%提高到85%", "入园率由88%提高到91%"),
    ("排名由2022年的60家增加到52家", "排名由第9名提升到第3名"),
    (
        "预算2.80万元，实际支出3.05万元，比预算减少0.25万元",
        "预算3.05万元，实际支出2.80万元，比预算减少0.25万元",
    ),
    (
        "“三公”经费预算较上年下降。2023年“三公”经费预算28.00万元，上年预算26.00万元",
        "“三公”经费预算较上年下降。2023年“三公”经费预算26.00万元，上年预算28.00万元",
    ),
    (
        "“三公”经费预算较上年下降。2023年“三公”经费预算28.00万元，上年预算26.00万元",
        "会议费较上年下降。2023年“三公”经费预算28.00万元，上年预算26.00万元",
    ),
):
    if "下降0%" not in right and "，下降0%" not in wrong:
        says("change-direction", wrong, right)
    else:
        passes("change-direction", d(text={"x": wrong}))
        passes("change-direction", d(text={"x": right}))
says(
    "from-to-change",
    "占比由上年的60%提高到75%，提高了25个百分点",
    "占比由上年的60%提高到75%，提高了15个百分点",
    "占比由上年的60%提高到75%，提高15%",  # points called per cent
    "占比由上年的60%提高到75%，提高25%",
    "占比由上年的60%提高到75%",
)
says(
    "from-to-change",
    "事故由上年的48起下降到42起，下降15%",
    "事故由上年的48起下降到42起，下降12.5%",
    "事故由上年的0起增加到2起，增长15%",
)
says(
    "stated-change",
    "支出2.16万元，较2022年的2.70万元减少0.54万元，下降25%",
    "支出2.16万元，较2022年的2.70万元减少0.54万元，下降20%",
)
says(
    "each-amount",
    "无障碍改造48.00万元，改造80户，户均6500元",
    "无障碍改造48.00万元，改造80户，户均6000元",
    "无障碍改造48.00万元，户均6500元",
    "救助65户，户均增收6500元，投入48万元",
    "发放补贴48.00万元，惠及80户，每户每月补贴600元",
    "适配46.20万元，适配420人次，户均1100元",
    "每亩补贴125元，支出6525万元，补贴面积52.2万亩",
)
says(
    "each-amount",
    "公用经费93.60万元，人均公用经费3.12万元",
    "公用经费93.60万元，人均公用经费3.02万元",
    "公用经费93.60万元，人均公用经费2.93万元",  # by posts
    "业务费93.60万元，人均业务费3.12万元",  # of whom is not told
    profile={"authorized_posts": 32, "staff_on_posts": 31},
)
says(
    "spent-rate",
    "其中污水项目预算68.00万元，实际支出51.00万元，执行率80%",
    "其中污水项目预算68.00万元，实际支出51.00万元，执行率75%",
    "其中污水项目实际支出51.00万元，执行率80%",
    "甲项目预算60万元，乙项目预算68.00万元，实际支出51.00万元，执行率85%",
)
says(
    "spent-rate",
    "采购预算45万元，实际采购金额42.80万元，节约率5.89%",
    "采购预算45万元，实际采购金额42.80万元，节约率4.89%",
)
for words, more, found_one in (
    ("预算调整率26.28%。", "预算调整率为16.28%。", True),
    ("预算调整率26.28%。", "预算调整率为26.3%。", False),
    ("预算调整率26.28%。", "2022年预算调整率为16.28%。", False),
    ("预算调整率26.28%。", "预算调整率目标值不超过10%。", False),
    ("预算调整率26.28%。", "结转结余率为16.28%。", False),
):
    both = d(text={"x": words, "problems": more})
    if found_one:
        fails("rate-told-twice", both, warn("narrative.problems"))
    else:
        passes("rate-told-twice", both)
for claim, other, found_one in (
    ("各项指标均达到预期目标", "信访化解目标≥90%，实际82%", True),
    ("各项指标均达到预期目标", "信访化解目标≥80%，实际82%", False),
    ("本年度绩效目标未出现偏差", "个别项目未能按期完成", True),
    ("以上指标全部完成", "信访工作难度大，未达到预期目标", True),
    ("以上指标全部完成，没有未完成指标", "经费不足", False),
    ("完成各项任务", "信访工作难度大，未达到预期目标", False),
    ("所有项目于2023年12月31日前完工", "有1座桥未能按期完工", True),
    ("项目按时完工率100%", "剩余部分顺延至2024年3月完工", True),
    ("项目按时完工率95%", "剩余部分顺延至2024年3月完工", False),
    ("项目按时完工率100%", "如果未能按期完工，扣2分", False),
):
    both = d(text={"x": claim, "problems": other})
    if found_one:
        fails("all-met-claim", both, warn("narrative.x"))
    else:
        passes("all-met-claim", both)
fails(
    "all-met-claim",
    d(text={"x": "各项指标均已完成"}, rows=[ind(target="≥5场", actual="4场")]),
    warn("narrative.x"),
)
says(
    "late-event",
    "填报日期：2024年3月5日\n\n我单位在2024年8月按要求开展了公开",
    "填报日期：2024年9月5日\n\n我单位在2024年8月按要求开展了公开",
    "填报日期：2024年3月5日\n\n我单位将在2024年8月公开，完成后报告",
    "我单位在2024年8月按要求开展了公开",
)
says(
    "vehicles-over-posts",
    "车辆编制3辆，实有车辆4辆",
    "车辆编制4辆，实有车辆4辆",
    "车辆编制3辆",
)
says(
    "vehicles-over-posts",
    "公务用车购置费0万元，公务用车购置1辆",
    "公务用车购置费0万元，公务用车购置0辆",
    "公务用车购置费18万元，公务用车购置1辆",
)
says(
    "items-total",
    "甲预算200万元，支出196万元；乙预算120万元，支出113万元。以上2个项目预算合计330万元，支出合计309万元",
    "甲预算200万元，支出196万元；乙预算120万元，支出113万元。以上2个项目预算合计320万元，支出合计309万元",
    "甲预算200万元，支出196万元。以上2个项目预算合计330万元",
    "甲预算200万元；乙支出120万元。以上2个项目预算合计330万元",
)
says(
    "text-full-marks",
    "履职效果（60分）。办结率目标≥95%，实际98%，得30分；化解率目标≥90%，实际82%，得30分，小计60分",
    "履职效果（60分）。办结率目标≥95%，实际98%，得30分；化解率目标≥90%，实际82%，得27分，小计57分",
)
says("foreign-year", "本报告数据以2022年度部门决算为准", "本报告数据以2023年度部门决算为准")
says("placeholder-text", "（没有需要说明的，如没有则填“无”）", "没有需要说明的", key="problems")
says("placeholder-text", "1、加强培训。2、……", "1、加强培训……取得成效。2、改进", key="measures")
passes("narrative-score", d(text={"x": "管理效率50分，自评得分48分"}, claim={"score": Decimal(97)}))
passes(
    "over-achievement",
    d(rows=[ind(target="≥4场", actual="8场", evidence="因上级部署增加场次")]),
)
passes(
    "narrative-amount",
    d(
        text={"x": "以上4个项目支出合计449.42万元"},
        money=t("expenditure", a(actual="1035.62"), basic=a(actual="586.2"), project=a(actual="449.42")),
    ),
)
passes(
    "stated-percentage", d(text={"x": "经费预算26万元。接待费支出5.85万元，完成预算的73.13%，预算8.00万元"})
)
passes(
    "foreign-year",
    d(
        origins=[
            Origin(
                where="paragraph.performance",
                source="上年度自评结果应用情况",
                words="2022年度绩效评价得分94分，已全部整改到位",
            )
        ]
    ),
)

says(
    "surplus-stated",
    "当年收支结余371.40万元",
    "当年收支结余271.40万元",
    "当年结余371.40万元",
    money=t("income_source", a(actual="1271.40")) | spending(None, "1000"),
)
passes("surplus-stated", d(text={"x": "当年收支结余371.40万元"}, money=spending(None, "1000")))
says(
    "text-unit",
    "“三公”经费决算86.5元，其中公务用车83.20万元、公务接待费3.30万元",
    "“三公”经费决算86.5万元，其中公务用车83.20万元、公务接待费3.30万元",
    "“三公”经费决算865000元，其中公务用车83.20万元、公务接待费3.30万元",
    "补贴86.5元，其中公务用车83.20万元、公务接待费3.40万元",
)
says(
    "text-parts-exceed",
    "清扫面积86万平方米，其中机械清扫52万平方米，人工清扫38万平方米",
    "清扫面积90万平方米，其中机械清扫52万平方米，人工清扫38万平方米",
    "清扫面积96万平方米，其中机械清扫52万平方米，人工清扫38万平方米",  # not all parts are told
    "示范村8个，其中省级以上示范村5个，国家级示范村4个",
    "在职48人，其中检察官30人，助理20人",  # staff is another rule's
    "问卷285份，其中满意200份，基本满意100份",
)
says(
    "headcount-parts",
    "年末在职干警48人，其中员额检察官14人，检察辅助人员18人，司法行政人员14人，工勤人员3人",
    "年末在职干警48人，其中员额检察官14人，检察辅助人员18人，司法行政人员13人，工勤人员3人",
    "在职人员48人，其中行政20人（含工勤2人），事业28人",
    "在职教职工150人，其中专任教师140人，高级教师20人",
)
says(
    "text-partition",
    "总投资7800万元，其中中央资金4680万元，省级资金2340万元，区级资金680万元",
    "总投资7800万元，其中中央资金4680万元，省级资金2340万元，区级资金780万元",
    "总投资7800万元，其中中央资金4680万元",
)
for words, found_one in (
    ("江北区将积极培育社会组织", True),
    ("根据《江北县财政局关于开展自评的通知》", True),
    ("示例区将积极培育社会组织", False),
    ("我区将积极培育社会组织", False),
    ("开发区将积极培育社会组织", False),
    ("赴江北区考察，江北区将积极支持", False),
    ("江北区的做法值得借鉴", False),
):
    one = d(text={"measures": words})
    if found_one:
        fails("foreign-region", one, warn("narrative.measures"))
    else:
        passes("foreign-region", one)
passes("foreign-region", d(text={"measures": "江北区将积极培育社会组织"}, profile={"department": "市图书馆"}))
SCHOOL = {
    "department": "示例县第二中学",
    "duties": ("贯彻教育方针，实施高中教育。", "承担全县不动产登记管理工作。"),
}
fails("foreign-duty", d(profile=SCHOOL), warn("profile.duties"))
passes("foreign-duty", d(profile=SCHOOL | {"duties": ("贯彻教育方针。", "做好学校食堂管理工作。")}))
passes("foreign-duty", d(profile=SCHOOL | {"department": "示例县自然资源局"}))
ARCHIVE_DUTIES = {"department": "示例区档案馆", "duties": ("保管档案。", "提供利用。")}
says(
    "foreign-function",
    "卫生健康服务能力有待提升，基层医务人员紧缺",
    "档案信息化水平有待提升",
    key="problems",
    profile=ARCHIVE_DUTIES,
)
passes(
    "foreign-function",
    d(
        text={"problems": "基层医务人员紧缺"},
        profile={"department": "示例镇人民政府", "duties": ("社会管理。", "经济。")},
    ),
)


def scored(*lines: str, told: str = "97.5") -> Dossier:
    """A report with a table of chapters in its text."""
    words = [Origin(where="paragraph.performance", source="评价结果", words=line) for line in lines]
    return d(origins=words, claim={"score": Decimal(told)})


SCORE_HEAD = "一级指标 分值 得分"
fails(
    "chapter-score-sum",
    scored(SCORE_HEAD, "产出50 49", "效益50 48.5", "合计100 98.5"),
    warn("narrative.performance"),
)
fails(
    "chapter-score-sum",
    scored(SCORE_HEAD, "产出50 49", "效益50 48.5", "合计100 97.5", told="98.5"),
    warn("narrative.performance"),
)
passes("chapter-score-sum", scored(SCORE_HEAD, "产出50 49", "效益50 48.5", "合计100 97.5"))
passes("chapter-score-sum", scored(SCORE_HEAD, "产出50 49", "效益50 48"))
passes("chapter-score-sum", scored("产出50 49", "效益50 48.5", "合计100 98.5"))
fails(
    "chapter-weight-sum",
    scored(SCORE_HEAD, "1 产出50 49", "2 效益45 45", "合计100 94"),
    warn("narrative.performance"),
)
passes("chapter-weight-sum", scored(SCORE_HEAD, "1 产出50 49", "2 效益50 45", "合计100 94"))
fails("chapter-over-weight", scored(SCORE_HEAD, "产出30 31", "效益70 60"), err("narrative.performance"))
passes("chapter-over-weight", scored(SCORE_HEAD, "产出30 30", "效益70 60"))
says(
    "claimed-outcome",
    "未完成的绩效目标。\n\n（1）公厕目标值20座，完成值22座",
    "未完成的绩效目标。\n\n（1）公厕目标值20座，完成值19座",
    "完成的绩效目标。\n\n（1）公厕目标值20座，完成值22座",
)


def elsewhere(told: str) -> Dossier:
    """A value whose target stands in another chapter."""
    return d(
        rows=[ind("满意度", target="≥95%", actual="92%")],
        origins=[
            Origin(where="indicators.i1.actual", source="完成情况", words=told),
            Origin(where="indicators.i1.target", source="目标", words="满意度达到95%以上"),
        ],
    )


fails("claimed-outcome", elsewhere("满意度92%，超额完成年初目标"), warn("indicators.i1.actual"))
passes("claimed-outcome", elsewhere("满意度92%，未完成年初目标"))
passes("claimed-outcome", elsewhere("满意度92%"))
fails(
    "project-over-funds",
    d(money={"projects": (project(initial_budget="30", spent="40"),)}),
    warn("money.projects.p.spent"),
)
passes(
    "project-over-funds", d(money={"projects": (project(initial_budget="30", full_budget="45", spent="40"),)})
)
MANY_BLANK = [ind(f"活动{number}", target=None, key=f"i{number}") for number in range(1, 4)]
fails("missing-target", d(rows=MANY_BLANK), err("indicators.i1.target"))
fails(
    "missing-target",
    form(rows=MANY_BLANK[:3]),
    *(err(f"indicators.i{number}.target") for number in (1, 2, 3)),
)
says(
    "claimed-outcome",
    "入住率68%，年度目标70%，已完成年度目标",
    "入住率72%，年度目标70%，已完成年度目标",
    "入住率68%，年度目标70%，未完成年度目标",
    "入住率68%，年度目标70%",
)
says("foreign-year", "加快建设，确保2022年底前完工", "加快建设，确保2024年底前完工", key="measures")
says(
    "all-met-claim",
    "上述各项绩效目标均已超额完成\n\n2条街巷未完成",
    "上述各项绩效目标均已超额完成\n\n2条街巷已完成",
)
says(
    "headcount-parts",
    "实有57人，其中行政17人、事业41人",
    "实有57人，其中行政17人、事业40人",
    "落实57人，其中行政17人、事业41人",
)
OFFICES = {"internal_offices": ("综合部", "工程部", "财务部")}
says(
    "unknown-office",
    "财务部负责核算，工程科负责项目管理",
    "财务部负责核算，工程部负责项目管理",
    "财务部负责核算，财政局国库科负责支付",
    profile=OFFICES,
)
says("foreign-function", "教师队伍年龄结构老化", "干部队伍年龄结构老化", key="problems")
passes("foreign-function", d(text={"problems": "教师队伍年龄结构老化", "performance": "义务教育巩固率99%"}))
fails(
    "chapter-over-weight",
    d(
        unread=[
            Unread(
                source="表1第1行第1格",
                words="序号\u3000一级指标\u3000分值\u3000得分\n1\u3000产出\u300030\u300031\n2\u3000效益\u300070\u300060",
            )
        ]
    ),
    err("assessment.score"),
)
fails(
    "placeholder-text",
    d(unread=[Unread(source="第9段\u3000七 其他情况", words="（说明其他情况，如没有则填“无”）")]),
    warn("narrative"),
)
says(
    "other-body",
    "区妇联将进一步优化项目管理",
    "区档案馆将进一步优化项目管理",
    "区财政局将进一步完善办法",
    "与区妇联加强协作",
    key="measures",
)
says(
    "other-body",
    "县残联将继续做好服务",
    "县文广局将继续做好服务",
    key="measures",
    profile={"department": "示例县文化广电旅游局"},
)
says(
    "late-event",
    "2024年5月10日，我馆召开会议审议通过本报告",
    "2024年3月10日，我馆召开会议审议通过本报告",
    "2024年5月10日前，我馆将召开会议",
    profile={"prepared_on": date(2024, 4, 20)},
)
passes(
    "unexplained-adjustment",
    d(
        text={"problems": "预算调整幅度较大，调整率为20.21%。主要原因是上级下达专项资金较多。"},
        money=spending("120.21", "119", initial="100"),
    ),
)
says(
    "foreign-function",
    "经费不足，企业入驻率低",
    "办学经费不足",
    key="problems",
    profile={"department": "示例区第一小学"},
)
passes(
    "carryover-unstated",
    d(
        text={"x": "当年收支结余2.00万元"},
        money=t("income_source", a(actual="10")) | spending(None, "8"),
    ),
)
says(
    "all-met-claim",
    "本年度绩效目标均已全面完成\n\n2条街巷未完成",
    "本年度绩效目标较好完成\n\n2条街巷未完成",
)
says(
    "change-direction",
    "与上年持平，较上年减少0.2万元",
    "与年初预算持平，较上年减少0.2万元",
    "与上年持平，比年初预算减少0.2万元",
)
passes("other-body", d(text={"measures": "市农业农村局将加强指导"}))
says(
    "change-reason",
    "支出比上年增加0.80万元，增长5.97%，增加原因是压减了公务用车运行费",
    "支出比上年减少0.80万元，下降5.97%，减少原因是压减了公务用车运行费",
    "支出比上年增加0.80万元，增长5.97%，增加原因是车辆老化",
    "支出比上年增加0.80万元，主要原因是上年压减了支出",
)
says(
    "change-reason",
    "支出比上年减少0.80万元，主要原因是人员增加",
    "支出比上年增加0.80万元，主要原因是人员增加",
)
says(
    "late-but-on-time",
    "完成时间2023年12月31日前，实际完成时间2024年3月15日，按期完成",
    "完成时间2023年12月31日前，实际完成时间2023年12月31日，按期完成",
    "完成时间2023年12月31日前，实际完成时间2024年3月15日，因雨延期",
    "完成时间2023年12月底前，实际完成时间2023年12月，按期完成",
)
says(
    "headcount-parts",
    "离退休人员88人，其中：行政退休12人、事业退休77人",
    "离退休人员88人，其中：行政退休12人、事业退休76人",
)
says(
    "stated-completion",
    "新建供水管网≥50公里，实际完成55公里，完成率120%",
    "新建供水管网≥50公里，实际完成55公里，完成率110%",
)
passes("late-event", d(text={"x": "项目完成时间2023年12月31日前，实际于2024年3月15日完成"}))
for day, found_one in ((date(2023, 11, 30), True), (date(2023, 12, 1), False), (date(2024, 3, 5), False)):
    dated = d(profile={"prepared_on": day})
    if found_one:
        fails("early-date", dated, warn("profile.prepared_on"))
    else:
        passes("early-date", dated)
passes("early-date", d())
says(
    "text-count-sum",
    "举办主体班12期，培训680人次；专题班8期，培训1120人次，合计培训21期1800人次",
    "举办主体班12期，培训680人次；专题班8期，培训1120人次，合计培训20期1800人次",
    "举办主体班12期，专题班8期，合计培训60期",  # of other things
    "目标12期，专题班8期，合计培训21期",
    "主体班12期，合计培训13期",
    "支出12万元，另支出8万元，合计21万元",  # money is another rule's
)
HEADED = "一般公共预算支出情况"
fails(
    "fund-heading",
    d(
        origins=[
            Origin(
                where="paragraph.finance",
                source=HEADED,
                words="2023年一般公共预算支出712.60万元，其中其他资金收入安排支出35.00万元",
            )
        ]
    ),
    warn("narrative.finance"),
)
# ------------------------------------------------------------------ the width of marks, turned percentages, the added money

says(
    "stated-percentage",
    "支出年初预算为7,900.00万元,支出决算为8,611.00万元,完成年初预算的91.74%",  # divided the wrong way round
    "支出年初预算为7,900.00万元,支出决算为8,611.00万元,完成年初预算的109.00%",
)
SOURCES = spending("110", "110", "100")
passes("unexplained-adjustment", d(money=SOURCES, text={"x": "年中追加10.00万元用于古籍修复"}))
says(
    "malformed-number",
    "会议费预算3..20万元",
    "会议费预算3.20万元，收入合计1,234.50万元，第1.2.3节",
)
says("malformed-number", "项目支出1,01.50万元", "项目支出1,101.50万元")
says("malformed-number", "项目支出1O1.50万元", "项目支出101.50万元，O型血液采集30万元")
says(
    "shifted-point",
    "本年支出1406.37万元。一般公共预算支出140.637万元",
    "本年支出1406.37万元。一般公共预算支出1406.37万元",
    "本年支出1500万元。项目支出150万元",  # round figures are alike by chance
)
says("impossible-date", "2023年2月30日前全面完成", "2023年2月28日前全面完成，2024年2月29日验收")
says("impossible-date", "2023年13月完成", "2023年12月完成")
says(
    "unlike-comparison",
    "公务接待费决算与2022年年初预算数5.00万元相比下降26.80%",
    "公务接待费决算与2023年年初预算数5.00万元相比下降26.80%",
    "公务接待费决算与2022年决算数5.00万元相比下降26.80%",
    "2023年预算与2022年年初预算数5.00万元相比下降26.80%",
)
says(
    "unlike-comparison",
    "培训费决算数1.60万元，与会议费预算数相比下降50.00%",
    "培训费决算数1.60万元，与上年培训费相比下降50.00%",
)
says(
    "unlike-comparison",
    "公务用车费12万元，与区教育局公务用车费相比多3.10万元，同比增长20.53%",
    "公务用车费12万元，与上年相比多3.10万元，同比增长20.53%",
)
says(
    "reception-outlier",
    "公务接待费3.66万元，接待6批次18人次",
    "公务接待费1.80万元，接待6批次18人次",  # 1000 元 a head
    "公务接待费0元，接待0批次0人次",
)
says("reception-outlier", "公务接待费0.36万元，接待7批次、5人次", "公务接待费0.36万元，接待5批次、7人次")
says(
    "told-reason",
    "康复项目执行率偏低，主要原因是需求大幅增加",
    "康复项目执行率偏低，主要原因是资金年底追加、未支付",
    "康复项目执行率偏低，主要原因是验收推迟",
    "康复项目执行率偏低，主要原因是上级年末追加资金",
    "康复项目执行率偏低，主要原因是年中预算大幅增加",
)
says(
    "told-reason",
    "决算数大于年初预算数的主要原因是厉行节约",
    "决算数大于年初预算数的主要原因是年中追加",
)
says(
    "change-gap",
    "收入总计8,934.12万元。与上年决算数8,120.44万元相比，各增加713.68万元",
    "收入总计8,934.12万元。与上年决算数8,120.44万元相比，各增加813.68万元",
    "收入总计8,934.12万元。与上年决算数8,120.44万元相比，各增加813.67万元",  # rounded
    "决算数8,934.12万元，结余7.85万元。比上年决算数8,120.44万元增加813.68万元",
    "决算数8,934.12万元，结余7.85万元。比上年决算数8,120.44万元增加800万元",  # of what is open
)
says(
    "share-apart",
    "农林水支出50万元，占50.00%；社会保障支出30万元，占30.00%；住房保障支出20万元，占10.00%",
    "农林水支出50万元，占50.00%；社会保障支出30万元，占30.00%；住房保障支出20万元，占20.00%",
    "农林水支出50万元，占25.00%；社会保障支出30万元，占15.00%；住房保障支出20万元，占10.00%",  # not all parts
)
says(
    "repeated-sentence", "公务用车主要用于执法办案。公务用车主要用于执法办案。", "公务用车主要用于执法办案。"
)
says("blank-initial", "年初预算数为 元，全年预算数386.00万元", "年初预算数为380.00万元，全年预算数386.00万元")
says("blank-rate", "全年执行86.00万元，执行率为 %", "全年执行86.00万元，执行率为96.50%")
OTHERS = "收入10万元，支出10万元，结余0万元。"
says(
    "implausible-unit",
    f"{OTHERS}机关运行经费支出38.50元",
    f"{OTHERS}机关运行经费支出38.50万元",
    f"{OTHERS}机关运行经费支出385000元",
    "机关运行经费支出38.50元",
)
says(
    "text-without-budget",
    "年初预算0万元，支出决算310.00万元",
    "年初预算0万元，支出决算310.00万元，主要原因是上级追加",
    "年初预算0万元，支出决算0万元",
)
TOWN = {"department": "乌江县龙滩镇人民政府"}
fails("misspelt-name", d(profile=TOWN, text={"x": "龙潭镇党委高度重视"}), warn("narrative.x"))
passes("misspelt-name", d(profile=TOWN, text={"x": "龙滩镇党委高度重视，各乡镇、石门镇配合"}))
passes("misspelt-name", d(profile=TOWN, text={"x": "与龙潭镇交界处的公路已修通"}))
TWICE = "人居环境整治作为一号工程，建立乡村两级联动机制定期调度"
fails(
    "repeated-passage",
    d(text={"overview": f"全乡把{TWICE}", "problems": f"全乡把{TWICE}"}),
    warn("narrative.problems"),
)
passes("repeated-passage", d(text={"overview": f"全乡把{TWICE}", "problems": "支付进度偏慢"}))

# ------------------------------------------------------------------ signs, low targets, classes

fails("target-direction", d(rows=[ind("苗木成活率", "≤90%", "94%")]), warn("indicators.i1.target"))
passes("target-direction", d(rows=[ind("苗木成活率", "≥90%", "94%"), ind("差错完成率", "≤1%", key="i2")]))
fails(
    "target-direction",
    d(rows=[ind("项目办结时限", "≥15个工作日", "11个工作日")]),
    warn("indicators.i1.target"),
)
passes(
    "line-score", d(rows=[ind("苗木成活率", "≤90%", "94%", "10", "10")])
)  # the sign is wrong, not the points
fails("low-target", d(rows=[ind("群众满意度", "≥60%", "92%")]), warn("indicators.i1.target"))
passes("low-target", d(rows=[ind("群众满意度", "≥70%", "92%")]))
passes("low-target", d(rows=[ind("群众满意度", "≥69%", "88%")]))
OWN_YEAR = "2021年度我局工作运转正常"
says("foreign-year", OWN_YEAR, "2023年度我局工作运转正常", "2021年度我局获得表彰", key="annex")
SHEET_KIND = "部门整体支出绩效自评表"
fails(
    "missing-rate",
    d(money=spending("100", "90"), claim={"execution_weight": 10}, document_kind=SHEET_KIND),
    warn("assessment.execution_score"),
)
passes("missing-rate", d(money=spending("100", "90"), document_kind=SHEET_KIND))
says(
    "definition-mixed",
    "年末结转和结余：指以前年度尚未完成、结转到本年仍按原规定用途继续使用的资金",
    "年末结转和结余：指本年度或以前年度预算安排、需要延迟到以后年度按有关规定继续使用的资金",
    "年初结转和结余：指以前年度尚未完成、结转到本年仍按原规定用途继续使用的资金",
)
