"""docs/cases.md and corpus.json: what the rules find in the real reports, generated and compared by test_case_page.py.

``python -m tests.reports.checks.case_page`` writes both; look at the difference before committing it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from indicators.policy import load_policy
from reports.checks import all_checks, run
from reports.findings import LEVEL_LABELS, Finding
from reports.intake.case import read_case
from reports.places import place
from tests.reports.checks.twins import CASES, fixture, seed

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "cases.md"
COUNTS = Path(__file__).with_name("corpus.json")
TEXT = "shigu-rongmeiti-2023.txt"
"""The one report of which the full text is kept."""

NOT_IN_FILE = (
    "the words stand in the published report only, not in the case file; on such words the rule is `{}`"
)

ANSWERS: dict[str, tuple[str | tuple[str, str], ...]] = {
    "guichi-tangxi-2022": (
        ("table-sum", "各行之和89.97万元，本年支出合计0.00万元"),
        ("stated-execution-rate", "应为100.00%"),
        NOT_IN_FILE.format("text-parts-sum"),
        ("unit-mismatch", "≥100百分比"),
    ),
    "hetang-fulian-2022": (
        ("carryover-unstated", "应余14.01万元"),
        ("over-execution", "110.57%，是年初预算数57.28万元的133.31%"),
        NOT_IN_FILE.format("fund-heading"),
    ),
    "kexuecheng-rongmeiti-2021": (
        ("line-score", "应得1.45分，自评2分"),
        ("execution-carryover-gap", "24.00%没有执行"),
        ("low-target", "预算完成率"),
        ("over-achievement", "200.00%"),
        ("missing-target", "三公经费变动率"),
        ("unquantified", "“管理制度健全性”（高/高）"),
    ),
    "langfang-shipin-2019": (
        ("execution-score", "应得8.62分，所写得分为9分"),
        ("line-score", "应得8.62分，自评9分"),
        ("money-as-quantity", "工程资金金额"),
        NOT_IN_FILE.format("goal-without-words"),
        ("class-mismatch", "“安全率”列在经济效益指标"),
        ("unquantified", "学校发展能力"),
    ),
    "nanxian-caizhengju-2020": (
        ("posts-missing", "在职128人，没有写编制数"),
        ("offices-count", "称机构10个，列出9个"),
        "the names of the listed bodies are not in the case file; on the words the rule is `listed-twice`",
        ("missing-grade", "97分"),
    ),
    "qingshen-fagaiju-2023": (
        ("missing-actual", "发放(缴纳)覆盖率"),
        NOT_IN_FILE.format("placeholder-text"),
        ("unexplained-adjustment", "105.42%"),
    ),
    "shigu-rongmeiti-2023": (
        ("over-execution", "274.89%"),
        ("spending-without-budget", "预算0万元而决算153.50万元"),
        ("project-funds", "相差5.20万元"),
        "the case file has no text; found in the text by `foreign-function`",
        ("unknown-office", "综合科"),
        ("unquantified", "没有可衡量的目标值和完成值"),
        "the problems section is not in the case file (found in the text by `full-marks-admitted-faults`); "
        "on the case's figures alone `full-marks-unmeasured`",
        ("missing-target", "没有年度指标值"),
    ),
    "tianshui-youeryuan-2017": (
        NOT_IN_FILE.format("stated-percentage"),
        ("carryover-unstated", "多支出255.12万元"),
    ),
    "tongnan-yuxi-2022": (NOT_IN_FILE.format("foreign-year"),),
    "wuzhou-junxiu-2021": (
        ("grand-total", "相差0.01万元，属四舍五入差"),
        NOT_IN_FILE.format("definition-mixed"),
        ("carryover-unstated", "应有年末结转和结余"),
    ),
    "zhongjiang-shuiliju-2022": (
        ("weight-sum", "分值合计110分"),
        ("section-weight", "产出指标分值合计70分，评分办法规定50分"),
        ("copied-actual", "照抄年度指标值"),
        NOT_IN_FILE.format("goal-copied"),
        ("full-marks-unmeasured", "完成值只有“≥”“以上”而无实测数"),
    ),
    "clean-maoming-fagaiju-2021": (),
    "clean-taojiang-2019": (),
}
"""For each contradiction of a case, in its order: rule and words of the finding, or why the file alone cannot show it."""

TEXT_ANSWERS: tuple[tuple[str, str], ...] = (
    ("over-execution", "274.89%"),
    ("spending-without-budget", "预算0万元而决算153.50万元"),
    ("project-funds", "相差5.20万元"),
    ("foreign-function", "信访"),
    ("unknown-office", "综合科"),
    ("unquantified", "没有可衡量的目标值和完成值"),
    ("full-marks-admitted-faults", "100分"),
    ("missing-target", "没有年度指标值"),
)


def found_in(name: str) -> list[Finding]:
    """Findings of a case, or of the full text."""
    dossier = seed() if name == TEXT else read_case(fixture(f"{name}.json"))
    return run(dossier, policy=load_policy())


def answered(answer: tuple[str, str], findings: list[Finding]) -> list[Finding]:
    code, words = answer
    return [item for item in findings if item.code == code and words in item.message]


def answers_of(name: str) -> tuple[str | tuple[str, str], ...]:
    return TEXT_ANSWERS if name == TEXT else ANSWERS[name]


def contradictions_of(name: str) -> list[dict[str, Any]]:
    case = "shigu-rongmeiti-2023" if name == TEXT else name
    return json.loads((CASES / f"{case}.json").read_text(encoding="utf-8"))["contradictions"]


def counts() -> dict[str, dict[str, int]]:
    """Findings a rule over the corpus: the total, then case by case."""
    by_case = {name: Counter(item.code for item in found_in(name)) for name in (TEXT, *sorted(ANSWERS))}
    total: Counter[str] = sum(by_case.values(), Counter())
    return {"all": dict(sorted(total.items()))} | {
        name: dict(sorted(by_case[name].items())) for name in by_case
    }


def markdown() -> str:
    lines = [
        "# What the rules find in the real reports",
        "",
        "Generated by `python -m tests.reports.checks.case_page` from the rules and `tests/cases/`; a test compares.",
        "First each contradiction that a careful reader noted, with the rule that finds it or the reason why the file alone",
        "cannot show it; then what the rules find beyond, with the words or figures of the report that make it true.",
        "A hint (提示) only informs; it stops nothing and asks no explanation.",
        "",
    ]
    for name in (TEXT, *sorted(ANSWERS)):
        lines += _case(name)
    return "\n".join(lines).rstrip("\n") + "\n"


def _case(name: str) -> list[str]:
    findings = found_in(name)
    told: list[Finding] = []
    lines = [f"## {name}", ""]
    for item, answer in zip(contradictions_of(name), answers_of(name), strict=True):
        if isinstance(answer, str):
            how = f"outside the file: {answer}"
        else:
            hits = answered(answer, findings)
            told += [other for other in findings if other.code == answer[0]]
            how = (
                f"`{answer[0]}` ({LEVEL_LABELS[hits[0].level]}): {hits[0].message}" if hits else "**missed**"
            )
        lines.append(f"- `{item['kind']}` {item['where']}：{item['what']} — {how}")
    beyond = [item for item in findings if item not in told]
    if not findings and not contradictions_of(name):
        lines.append("No contradiction, no finding.")
    if beyond:
        lines += ["", "Beyond:", ""]
        lines += [
            f"- `{item.code}` ({LEVEL_LABELS[item.level]}): {item.message}{_words(item)}" for item in beyond
        ]
    return [*lines, ""]


def _words(finding: Finding) -> str:
    """The report's own words, each with its place."""
    said = [
        f"{place(item.where).label if '.' in item.where else item.where} {item.value}{item.unit}"
        for item in finding.evidence
    ]
    return f" — {'；'.join(said)}" if said else ""


def rules_that_find_something() -> set[str]:
    return set(counts()["all"]) & {item.code for item in all_checks()}


def write() -> None:
    PAGE.write_text(markdown(), encoding="utf-8")
    COUNTS.write_text(json.dumps(counts(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
