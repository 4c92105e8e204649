"""Registry, runner and page of the rules."""

from __future__ import annotations

import dataclasses
import pkgutil

import pytest

import reports.checks
from indicators.policy import load_policy
from indicators.scoring import score
from reports.checks import all_checks
from reports.checks.registry import Check, Context, check, run_checks
from reports.checks.support.doc import PATH, markdown
from reports.dossier import Covers
from reports.findings import Finding, Level
from tests.factories import make_dossier
from tests.reports.checks.build import CODES, d, ind, spending

POLICY = load_policy()


def context(dossier) -> Context:
    return Context(dossier, score(dossier.profile, dossier.money, dossier.indicators, POLICY), POLICY)


OVER = d(money=spending("96.24", "264.55"))


def test_every_module_registers_the_rule_of_its_name():
    modules = {item.name for item in pkgutil.iter_modules(reports.checks.__path__) if not item.ispkg}
    assert modules - {"registry"} == {code.replace("-", "_") for code in CODES}


def test_the_page_is_current():
    assert PATH.read_text(encoding="utf-8") == markdown()


@pytest.mark.parametrize("item", all_checks(), ids=lambda item: item.code)
def test_every_rule_says_what_it_looks_for(item):
    assert item.title
    assert item.source
    assert item.level is not Level.OFF


def broken(_context):
    raise ValueError("boom")
    yield


def test_a_raising_rule_is_one_fault_and_the_others_go_on(caplog):
    fault = dataclasses.replace(CODES["table-sum"], code="broken", title="坏的规则", rule=broken)
    found = run_checks(context(OVER), checks=[fault, CODES["over-execution"]])
    assert [(item.kind, item.code) for item in found] == [
        ("ratio", "over-execution"),
        ("rule-fault", "broken"),
    ]
    assert "规则未能执行：坏的规则" in found[1].message
    assert "boom" in caplog.text


def test_a_rule_that_raises_half_way_gives_only_the_fault():
    def half(_context):
        yield Finding(kind="sum", code="x", level=Level.ERROR, where="", message="一")
        raise ValueError

    fault = dataclasses.replace(CODES["table-sum"], rule=half)
    assert [item.kind for item in run_checks(context(OVER), checks=[fault])] == ["rule-fault"]


@pytest.mark.parametrize("level", [Level.ERROR, Level.HINT])
def test_a_level_may_be_overridden(level):
    found = run_checks(context(OVER), levels={"over-execution": level}, checks=[CODES["over-execution"]])
    assert [item.level for item in found] == [level]


def test_a_rule_may_be_switched_off():
    assert (
        run_checks(context(OVER), levels={"over-execution": Level.OFF}, checks=[CODES["over-execution"]])
        == []
    )


def test_what_a_rule_grades_lower_is_not_raised():
    rounding = d(money=spending("10", "12") | {"execution_explanation": "年中追加未列入预算数"})
    found = run_checks(
        context(rounding), levels={"over-execution": Level.ERROR}, checks=[CODES["over-execution"]]
    )
    assert [item.level for item in found] == [Level.HINT]


def test_a_rule_is_skipped_where_its_part_was_not_read():
    blank = d(rows=[ind(target=None)], coverage=frozenset({Covers.INDICATORS}))
    assert run_checks(context(blank), checks=[CODES["missing-target"]]) == []


def test_findings_stand_errors_first_and_equal_dossiers_give_equal_findings():
    dossier = d(rows=[ind(target=None, actual=None)], money=spending("96.24", "264.55"))
    found = run_checks(context(dossier))
    order = [Level.ERROR, Level.WARNING, Level.HINT]
    assert [order.index(item.level) for item in found] == sorted(order.index(item.level) for item in found)
    assert found == run_checks(context(dossier))
    assert len({item.key for item in found}) == len(found)


def test_a_wrong_kind_and_a_code_used_twice_are_refused():
    with pytest.raises(ValueError, match="unknown kind"):
        check("new-rule", kind="no-such-kind", level=Level.HINT, title="x")(lambda rule, context: iter(()))
    with pytest.raises(ValueError, match="registered twice"):
        check("table-sum", kind="sum", level=Level.HINT, title="x")(lambda rule, context: iter(()))
    assert "new-rule" not in {item.code for item in all_checks()}


def test_rules_do_not_change_the_dossier():
    dossier = make_dossier()
    before = dossier.sha256()
    run_checks(context(dossier))
    assert dossier.sha256() == before


def test_a_check_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        CODES["table-sum"].level = Level.HINT  # type: ignore[misc]
    assert isinstance(CODES["table-sum"], Check)
