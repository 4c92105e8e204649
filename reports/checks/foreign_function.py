"""别的单位的话: another government function's words where the unit speaks of itself (text copied from another report).

Other functions may be mentioned anywhere, and units work with other departments (与公安部门协作). So only the sections on
the unit's own work, problems and measures are read. A function as the subject of a clause (信访部门工作繁重) is a
finding; a function as work (信访工作) only where the problems section keeps coming back to it and it is no task that
every unit shares. What the unit's own description explains is never one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.checks.registry import Check, Context, check
from reports.checks.support.text import Sentence
from reports.checks.support.words import Function, clause_subject
from reports.dossier import Covers
from reports.findings import Evidence, Finding, Level

SECTIONS = ("problems", "measures", "performance")
BODY = ("部门", "系统", "机构", "单位", "战线", "行业")
GENERAL = re.compile(
    r"[镇乡]|街道|人民政府|政府办|委办公室|管委会|财政局|残疾人联合会|妇女联合会|团委|共青团|关工委"
)
"""Units that work with all functions."""
SINGLE = re.compile(r"(?:小学|中学|学校|幼儿园|学院|医院|卫生院|图书馆|文化馆|博物馆|人民法院|人民检察院)$")
"""Units whose name says all that they do: another function is never theirs."""
WORK = ("工作", "业务", "事业", "任务")


@check(
    "foreign-function",
    kind="foreign-unit",
    level=Level.WARNING,
    title="写的是别的单位的职能（疑似照搬其他单位的报告）",
    source="核对惯例：单位名称、职责、内设机构、目标都没有提到的职能",
    needs=(Covers.NARRATIVE,),
)
def foreign_function(rule: Check, context: Context) -> Iterator[Finding]:
    identity = context.text.identity
    # Without duties or goals little is known of what the unit does: then only words speak that stand nowhere else.
    unknown = not context.dossier.profile.duties and not context.dossier.indicators.goals
    spoken = "".join(text for key, _, text in context.text.sections if key in SECTIONS)
    if not spoken:
        return
    name = context.dossier.profile.department
    single = bool(SINGLE.search(name))
    elsewhere = "".join(text for key, _, text in context.text.sections if key not in ("problems", "measures"))
    for function in context.lexicon:
        known = (*function.words, *function.people)
        if not any(word in spoken for word in known) or function.belongs_to(identity):
            continue
        hits = [
            (sentence, passage)
            for sentence in context.text.in_sections(*SECTIONS)
            for passage in passages(sentence, function)
        ]
        telling = (*function.people, *(function.words if single and not function.shared else ()))
        own = [] if GENERAL.search(name) else list(_own(context, telling))
        if function.belongs_to(elsewhere) or any(word in elsewhere for word in telling):
            own = []
        if unknown and not single:
            hits = []
        if unknown and not own:
            continue
        strong = bool(own) or any(is_subject(sentence, passage) for sentence, passage in hits)
        hits += own
        repeated = sum(sentence.key == "problems" for sentence, _ in hits) > 1
        if not strong and (function.shared or not repeated):
            continue
        sentence = hits[0][0]
        words = list(dict.fromkeys(passage for _, passage in hits))
        yield rule.finding(
            sentence.where,
            f"“{sentence.title}”写的是{'、'.join(f'“{word}”' for word in words)}，"
            "而本单位的名称、职责、内设机构和目标都没有这项职能，疑似照搬其他单位的报告",
            evidence=[Evidence(value=hit.excerpt(passage), where=hit.where) for hit, passage in hits[:4]],
            fix="改写为本单位自己的情况",
        )


def _own(context: Context, words: tuple[str, ...]) -> Iterator[tuple[Sentence, str]]:
    """Words that only such a unit says of its own problems and plans."""
    for sentence in context.text.in_sections("problems", "measures"):
        for word in words:
            if word in sentence.text:
                yield sentence, word


def passages(sentence: Sentence, function: Function) -> Iterator[str]:
    """Words of the function with what makes them a body or its work (信访部门, 信访工作)."""
    for word in function.words:
        for ending in (*BODY, *WORK):
            if word + ending in sentence.text:
                yield word + ending
            elif word.endswith(ending) and word in sentence.text:
                yield word


def is_subject(sentence: Sentence, passage: str) -> bool:
    """Whether a body of that function is what a clause is about, not somebody to work with."""
    if not passage.endswith(BODY):
        return False
    before, _, after = sentence.text.partition(passage)
    return clause_subject(before) and not after.startswith(("、", "和", "及", "等", "要求", "规定"))
