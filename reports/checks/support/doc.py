"""docs/checks.md from the registry.

``python -m reports.checks.support.doc`` writes it, and a test keeps it current.
"""

from __future__ import annotations

from pathlib import Path

from reports.checks.registry import Check, all_checks
from reports.dossier import EVERYTHING
from reports.findings import LEVEL_LABELS

PATH = Path(__file__).resolve().parents[3] / "docs" / "checks.md"

HEAD = """\
# Checks (核对规则)

Generated from the registry by `python -m reports.checks.support.doc`; do not edit by hand.

Each rule is one file in `reports/checks/`, a pure function of the frozen dossier.

- 错误 stops certification, 疑点 must be explained by the unit, 提示 informs.
- A region may change a rule's level or switch it off. What a rule itself grades lower (a rounding difference,
  a deviation already explained) is never raised by that.
- A rule whose input is not stated stays silent, and a rule is skipped where the source does not contain the
  parts it needs.
- The lexicon of government functions and all word lists are data in `reports/checks/data/`; a region adds words to the
  lexicon in the database (职能词库), with a reason, and retires them.

"""


def markdown() -> str:
    """The page: one table for each kind of finding."""
    checks = all_checks()
    kinds: dict[str, list[Check]] = {}
    for item in checks:
        kinds.setdefault(item.kind, []).append(item)
    lines = [HEAD + f"{len(checks)} rules.", ""]
    for kind in sorted(kinds):
        lines += [f"## {kind}", "", "| code | level | 查什么 | 依据 | needs |", "|---|---|---|---|---|"]
        lines += [_row(item) for item in kinds[kind]]
        lines.append("")
    return "\n".join(lines)


def _row(item: Check) -> str:
    if item.needs == EVERYTHING:
        needs = "whole form"
    else:
        needs = ", ".join(sorted(part.value for part in item.needs)) or "—"
    cells = (f"`{item.code}`", LEVEL_LABELS[item.level], item.title, item.source, needs)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    PATH.write_text(markdown(), encoding="utf-8")
