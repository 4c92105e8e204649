"""10 自评结果与核对: the unit's score and its answers to warnings."""

from __future__ import annotations

from collections.abc import Iterable

from reports.findings import Finding, Level
from reports.models import Explanation
from reports.workspace.fields import TextField
from reports.workspace.forms.indicators import assessment_part
from reports.workspace.rows import KeyedTextsPart, Part


def parts(findings: Iterable[Finding], kept: Iterable[str] = ()) -> list[Part]:
    """Assessment, and one answer for each warning.

    ``kept`` are findings named by a posted form: a warning that went away meanwhile does not lose its answer.
    """
    warnings = {finding.key: finding for finding in findings if finding.level is Level.WARNING}
    fields = {
        key: TextField(label="情况说明", rows=2, max_length=5000)
        for key in dict.fromkeys((*warnings, *kept))
        if len(key) <= LONGEST_KEY
    }
    return [
        assessment_part(),
        KeyedTextsPart(
            "explanations",
            Explanation,
            key="finding",
            fields=fields,
            made=lambda key: {"message": warnings[key].message if key in warnings else ""},
        ),
    ]


LONGEST_KEY = 200
