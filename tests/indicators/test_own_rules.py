"""An indicator's own rule: validated data, wins over the policy's, and leaves no trace in the JSON where there is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from indicators.dossier import Indicator
from indicators.models import validate_rule
from indicators.policy import PolicyError, Stepped, build_rule
from indicators.scoring import indicator_line
from indicators.scoring.engine import score
from tests.indicators.helpers import PROFILE, indicator, money, policy, sheet

STEPPED = {"kind": "stepped", "side": "above", "every": "1", "points": "0.5", "part_step": "completed"}
PASS_LINE = {"kind": "pass-line", "line": "0.6"}


def test_it_wins_over_the_policys_rule():
    hunan = policy("hunan-overall")
    line = indicator("≤100%", "103%", "5", name="在职人员控制率")
    assert indicator_line(line, hunan).score == Decimal("3.50")
    own = line.model_copy(update={"rule": build_rule({"kind": "yes-no"})})
    assert (indicator_line(own, hunan).score, indicator_line(own, hunan).rule) == (0, "yes-no")


@pytest.mark.parametrize(
    ("actual", "expected"), [("60场", "6.00"), ("59.99场", "0"), ("100场", "10"), ("0场", "0")]
)
def test_a_pass_line_on_both_sides(actual, expected):
    line = indicator("≥100场", actual, "10", rule=build_rule(PASS_LINE))
    assert indicator_line(line, policy()).score == Decimal(expected)


def test_it_counts_in_the_whole_card_and_in_a_projects():
    line = indicator("≥100场", "50场", "90", rule=build_rule(PASS_LINE))
    assert score(PROFILE, money(), sheet(line), policy()).lines[1].score == 0


def test_it_is_in_the_json_only_where_there_is_one():
    plain = indicator()
    assert "rule" not in plain.model_dump(mode="json")
    own = indicator(rule=build_rule(STEPPED))
    stored = own.model_dump(mode="json")
    assert stored["rule"] == {**STEPPED, "limit": None, "unit": "%"}
    assert Indicator.model_validate(stored) == own
    assert isinstance(own.rule, Stepped)


@pytest.mark.parametrize("nothing", [None, {}, ""])
def test_nothing_is_no_rule(nothing):
    assert build_rule(nothing) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": "mood"}, "kind 不是已知的评分方式"),
        ({"kind": "pass-line"}, "键 line：缺少这一项"),
        ({"kind": "pass-line", "line": "1.01"}, "键 line：应不大于1"),
        ({"kind": "yes-no", "lines": 1}, "键 lines：没有这个键"),
    ],
)
def test_a_wrong_rule_is_refused_by_key(data, words):
    with pytest.raises(PolicyError, match=words):
        build_rule(data)
    with pytest.raises(ValidationError, match=words):
        validate_rule(data)
