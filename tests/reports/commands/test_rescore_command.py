"""``manage.py rescore``: the stored policy gives the stored result to the cent; another one is compared with it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from departments import locks
from reports import workflow
from reports.models import Round, Submission
from reports.policies import differences, policy_of, recompute
from reports.workflow import Step
from tests.db import make_department, make_policy, make_region, make_report, make_round, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def submitted(name: str = "示例区档案馆", **fields):
    department = make_department(name)
    report = make_report(department=department, dossier=make_dossier(department=name, **fields))
    head = make_user("unit_head", department=department)
    workflow.apply(report, Step.CERTIFY, by=head)
    return workflow.apply(report, Step.SUBMIT, by=head).report


def run(*args: str) -> str:
    out = StringIO()
    call_command("rescore", *args, stdout=out)
    return out.getvalue()


def test_an_unchanged_policy_gives_the_same_result_to_the_cent():
    report = submitted()
    submission = Submission.objects.get(report=report)
    again = recompute(submission)
    assert again.model_dump(mode="json") == submission.scorecard
    assert "共1份报送：结果一致1份，有差异0份，等次变化0份" in run("--round", "2023")


def test_another_policy_is_compared_and_is_no_failure():
    submitted()
    row = make_policy(grades=[{"name": "优", "at_least": "99.5"}, {"name": "差", "at_least": "0"}])
    text = run("--round", "2023", "--policy", row.title)
    assert "示例区档案馆 第1次报送（等次变化）" in text
    assert "（优） → " in text
    assert "（差）" in text
    assert "有差异1份，等次变化1份" in text


def test_a_changed_result_under_the_same_policy_fails():
    report = submitted()
    locks.uninstall(connection)  # nothing but a broken database can do this
    submission = Submission.objects.get(report=report)
    submission.scorecard["lines"][1]["score"] = "0.01"
    submission.scorecard["score"] = "59.99"
    Submission.objects.filter(pk=submission.pk).update(scorecard=submission.scorecard)
    locks.install(connection)
    with pytest.raises(SystemExit) as stopped:
        run("--round", "2023")
    assert stopped.value.code == 1


def test_a_policy_that_cannot_be_read_is_a_fault():
    report = submitted()
    locks.uninstall(connection)
    Submission.objects.filter(report=report).update(policy={"name": "x"})
    locks.install(connection)
    with pytest.raises(SystemExit):
        run("--round", "2023")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--round", "1999"), "没有1999年度的自评任务"),
        (("--round", "2023", "--region", "430408"), "没有430408的2023年度"),
        (("--round", "2023", "--policy", "nothing"), "没有名为“nothing”的评分办法"),
        (("--round", "2023", "--policy", "nothing@1"), "本区县没有名为“nothing@1”的评分办法"),
    ],
)
def test_what_does_not_exist_is_said(arguments, words):
    make_round()
    with pytest.raises(CommandError, match=words) as stopped:
        run(*arguments)
    assert stopped.value.returncode == 2


def test_a_rounds_policy_is_a_preset_or_a_version_of_its_region():
    row = make_policy(step="0.1")
    round = make_round(policy=row.title)
    assert (policy_of(round).title, policy_of(round).step) == ("own@1", "0.1")
    assert policy_of(Round(policy="hunan-overall", region=round.region)).name == "hunan-overall"


def test_another_regions_version_is_not_found():
    row = make_policy()
    far = Round(policy=row.title, region=make_region("430408", "邻区"))
    with pytest.raises(ValueError, match="本区县没有名为“own@1”"):
        policy_of(far)


def test_each_submission_keeps_the_version_it_was_scored_by():
    row = make_policy(step="0.1")
    make_round(policy=row.title)
    report = submitted()
    submission = Submission.objects.get(report=report)
    assert submission.scorecard["policy"] == "own@1"
    assert submission.policy["step"] == "0.1"
    assert differences(recompute(submission), recompute(submission)) == []
