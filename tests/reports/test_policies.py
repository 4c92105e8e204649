"""A bureau's policies: copied, changed in a form, tried on submissions, saved as versions, chosen for a round."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from departments.models import AuditEntry
from indicators.choices import LEVELS
from indicators.models import PolicyVersion
from indicators.policy import load_policy, policy_names
from reports import policies, policy_services, workflow
from reports.models import Report, Round, Submission
from reports.policies import policy_of, try_out
from reports.policy_form import PolicyForm
from reports.workflow import NotAllowed, Refused, Step
from tests.db import make_department, make_policy, make_region, make_report, make_round, make_user
from tests.factories import make_dossier

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def typed(base: str = "national-2020-10", **changes: str | None) -> dict[str, str]:
    """What the browser sends for an unchanged copy, with some fields changed; ``None`` leaves a box unticked."""
    form = PolicyForm(base=load_policy(base), suggested_name="own")
    data = {}
    for name in form.fields:
        value = form[name].value()
        if value is True:
            data[name] = "on"
        elif value not in (None, False):
            data[name] = str(value)
    data["change"] = "按新办法"
    return {name: value for name, value in (data | changes).items() if value is not None}


def policy_from(base: str = "national-2020-10", **changes: str | None):
    form = PolicyForm(typed(base, **changes), base=load_policy(base), suggested_name="own")
    assert form.is_valid(), form.faults
    return form.policy


def faults(base: str = "national-2020-10", **changes: str | None) -> list[tuple[str, str]]:
    form = PolicyForm(typed(base, **changes), base=load_policy(base), suggested_name="own")
    assert not form.is_valid()
    assert form.policy is None
    return [(anchor, text) for anchor, _, text in form.faults]


# ------------------------------------------------------------------ the form


@pytest.mark.parametrize("name", policy_names())
def test_an_unchanged_copy_is_the_same_policy(name):
    before, after = load_policy(name), policy_from(name)
    assert after.model_dump(exclude={"name"}) == before.model_dump(exclude={"name"})


def test_what_is_typed_becomes_the_policy_and_is_marked_as_the_bureaus_own():
    made = policy_from(
        **{
            "section-0": "４５",
            "execution_weight": "15",
            "grade-1-at_least": "85",
            "step": "0.1",
            "over_budget": "cap",
            "over_threshold": "120%",
            "over_consequence": "fixed",
            "over_points": "2",
            "cap-0-rate": "60",
            "cap-0-most": "69",
            "deduction-0-share": "80",
            "deduction-6-label": "数据不实",
            "deduction-6-share": "100",
            "grade_drops": "90、80、70",
        }
    )
    assert (made.sections[0].weight, made.execution.weight, made.execution.over_budget) == (45, 15, "cap")
    assert [grade.at_least for grade in made.grades] == [90, 85, 60, 0]
    assert str(made.over_achievement.threshold) == "1.2"
    assert [(str(cap.rate_below), cap.at_most) for cap in made.caps] == [("0.6", 69)]
    assert made.review.deductions[-1].model_dump(mode="json") == {
        "key": "own-1",
        "label": "数据不实",
        "share": "1",
    }
    assert [str(item) for item in made.review.grade_drop_factors] == ["0.9", "0.8", "0.7"]
    marks = {item.key: item.mark for item in made.evidence}
    assert marks["sections"] == marks["grades"] == marks["review.deductions"] == "bureau"
    assert marks["equal_above"] == "house"


@pytest.mark.parametrize(
    ("changes", "anchor", "words"),
    [
        ({"section-0": "45"}, "", "预算执行率与各类指标的分值合计95分，与总分100分不一致"),
        ({"section-0": "四十"}, "policy-section-0", "不是数字"),
        ({"grade-1-at_least": "95"}, "", "grades 应按分数线从高到低排列"),
        ({"grade-3-at_least": "10"}, "", "grades 最后一个等次的 at_least 应为0"),
        ({"grade-0-at_least": ""}, "policy-grade-0-at_least", "必填"),
        ({"over_threshold": "100"}, "policy-over_threshold", "应大于1"),
        ({"over_consequence": "fixed"}, "policy-over_points", "points 应大于0"),
        ({"cap-0-rate": "60"}, "", "键 caps.0.at_most"),
        ({"deduction-0-share": "101"}, "", "键 review.deductions.0.share：应不大于1"),
        ({"deduction-6-share": "30"}, "", "键 review.deductions.6.label：不能为空"),
        ({"grade_drops": "九十"}, "policy-grade_drops", "应为数字"),
        ({"name": "本区办法"}, "policy-name", "格式应为"),
        ({"advanced": "rules = ="}, "policy-advanced", "不是有效的TOML：第1行"),
        ({"advanced": "sections = []"}, "policy-advanced", "键 sections：这里只能写"),
        ({"advanced": ""}, "policy-advanced", "键 qualitative：缺少这一项"),
    ],
)
def test_a_fault_is_named_where_it_is(changes, anchor, words):
    found = faults(**changes)
    assert any(place == anchor and words in text for place, text in found), found


def test_a_fault_in_an_advanced_rule_names_its_key():
    text = typed("hunan-overall")["advanced"].replace("every = 1", "every = 0", 1)
    assert ("policy-advanced", "键 rules.0.rule.every：应大于0") in faults("hunan-overall", advanced=text)
    text = typed("hunan-overall")["advanced"].replace('kind = "stepped"', 'kind = "mood"', 1)
    assert ("policy-advanced", "键 rules.0.rule：kind 不是已知的评分方式") in faults(
        "hunan-overall", advanced=text
    )


# ------------------------------------------------------------------ saving


def save(by=None, **changes: str):
    return policy_services.save_version(
        region=make_region(),
        by=by or make_user("round_manager"),
        policy=policy_from(**changes),
        based_on="national-2020-10@1",
        change="按新办法",
    )


def test_versions_count_up_and_leave_one_entry_each():
    first, second = save(name="own", step="0.1"), save(name="own", step="1")
    assert [first.title, second.title] == ["own@1", "own@2"]
    assert (first.policy.step, second.policy.step) == ("0.1", "1")
    assert second.policy.title == "own@2"
    entry = AuditEntry.objects.filter(event="policy-version").first()
    assert entry.sentence.endswith(
        "制定评分办法“国家通用（财预〔2020〕10号）”第2版（复制自national-2020-10@1），说明：按新办法"
    )
    assert AuditEntry.objects.filter(event="policy-version").count() == 2


def test_the_same_content_is_not_saved_twice():
    save(name="own", step="0.1")
    with pytest.raises(Refused, match="完全相同"):
        save(name="own", step="0.1")
    assert PolicyVersion.objects.count() == 1


def test_a_presets_name_is_taken():
    with pytest.raises(Refused, match="系统自带办法的代号"):
        save(name="hunan-overall")


@pytest.mark.parametrize(
    "role", ["filler", "unit_head", "main_reviewer", "reviewer", "administrator", "auditor", None]
)
def test_only_the_round_manager_saves_and_chooses(role):
    by = make_user(role)
    with pytest.raises(NotAllowed):
        save(by, name="own")
    with pytest.raises(NotAllowed):
        policy_services.choose(round=make_round(), by=by, title="hunan-overall")


def test_another_regions_manager_does_not():
    far = make_user("round_manager", region=make_region("430408", "邻区"))
    with pytest.raises(NotAllowed):
        save(far, name="own")


@pytest.mark.parametrize("write", ["update", "delete"])
def test_a_version_is_never_changed(write):
    row = make_policy()
    rows = PolicyVersion.objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(label="另一个") if write == "update" else rows.delete()


def test_a_version_exists_once():
    make_policy()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_policy()


# ------------------------------------------------------------------ choosing and trying


def submitted(name: str = "示例区档案馆", year: int = 2023, **fields) -> Report:
    department = make_department(name)
    report = make_report(
        department=department, year=year, dossier=make_dossier(department=name, year=year, **fields)
    )
    head = make_user("unit_head", department=department)
    workflow.apply(report, Step.CERTIFY, by=head)
    return workflow.apply(report, Step.SUBMIT, by=head).report


def another(like: Report) -> Report:
    """A further submitted report with the content of one that went through the workflow."""
    department = make_department(f"示例区第{Report.objects.count() + 1}单位")
    report = make_report(department=department, status="submitted")
    source = Submission.objects.get(report=like)
    Submission.objects.create(
        report=report,
        number=1,
        dossier_json=source.dossier_json,
        sha256=source.sha256,
        scorecard=source.scorecard,
        findings=source.findings,
        policy=source.policy,
        template=source.template,
        submitted_by=source.submitted_by,
    )
    return report


def test_a_round_without_submissions_takes_another_policy_and_its_lists_follow():
    report = make_report(dossier=make_dossier())
    row = make_policy(grades=[{"name": "好", "at_least": "90"}, {"name": "差", "at_least": "0"}])
    policy_services.choose(round=report.round, by=make_user("round_manager"), title=row.title)
    report.refresh_from_db()
    assert policy_of(report.round).title == "own@1"
    assert report.shown_grade == "好"
    entry = AuditEntry.objects.get(event="policy-choose")
    assert "（own@1），此前为national-2020-10" in entry.sentence
    policy_services.choose(round=report.round, by=make_user("round_manager"), title=row.title)
    assert AuditEntry.objects.filter(event="policy-choose").count() == 1


def test_a_round_with_submissions_keeps_its_policy():
    report, row = submitted(), make_policy()
    with pytest.raises(Refused, match="已有1份报送"):
        policy_services.choose(round=report.round, by=make_user("round_manager"), title=row.title)
    assert Round.objects.get().policy == "national-2020-10"


def test_a_certified_report_must_be_unlocked_first():
    report = make_report(dossier=make_dossier())
    workflow.apply(report, Step.CERTIFY, by=make_user("unit_head", department=report.department))
    with pytest.raises(Refused, match="1份报告已经负责人确认"):
        policy_services.choose(round=report.round, by=make_user("round_manager"), title="hunan-overall")


def test_an_unknown_policy_is_refused():
    with pytest.raises(Refused, match="没有名为“own@9”"):
        policy_services.choose(round=make_round(), by=make_user("round_manager"), title="own@9")


def test_a_trial_tells_whose_score_and_grade_would_change_and_writes_nothing():
    report = submitted()
    another(report)
    before = Submission.objects.get(report=report).scorecard["score"]
    strict = policy_from(**{"grade-0-at_least": "99.5", "step": "1"})
    trial = try_out(strict, report.round)
    assert (len(trial.rows), trial.score_count, trial.grade_count) == (2, 0, 2) or trial.score_count == 2
    assert {name: (old, new) for name, old, new in trial.grades}["优"] == (2, 0)
    assert Submission.objects.get(report=report).scorecard["score"] == before
    same = try_out(policy_from(), report.round)
    assert (same.changed, same.score_count, same.grade_count) == ([], 0, 0)


def test_a_trial_costs_the_same_queries_with_1_and_with_3_reports(django_assert_num_queries):
    first = submitted()
    for count in (1, 3):
        while Report.objects.count() < count:
            another(first)
        with django_assert_num_queries(1):
            try_out(load_policy("hunan-overall"), first.round)


# ------------------------------------------------------------------ the pages


def test_the_manager_copies_tries_saves_and_chooses(client):
    submitted(year=2022)
    coming = make_round(2023)
    client.force_login(make_user("round_manager"))
    assert "复制修改" in client.get(reverse("policies")).content.decode()
    address = reverse("policy-save") + "?of=national-2020-10"
    page = client.get(reverse("policy-copy") + "?of=national-2020-10").content.decode()
    assert "保存为新版本" in page
    data = typed(**{"grade-0-at_least": "99.5"}, label="本区2023年办法")
    trial = client.post(address, data | {"do": "try"}).content.decode()
    assert "试算结果：2022年度 1 份报送" in trial
    assert "优 → 良" in trial
    assert not PolicyVersion.objects.exists()
    answer = client.post(address, data | {"do": "save"}, follow=True)
    assert "已保存“本区2023年办法”第1版，可以在下面选用" in answer.content.decode()
    row = PolicyVersion.objects.get()
    assert f"用于{coming.year}年度自评" in answer.content.decode()
    client.post(reverse("policy-choose"), {"round": coming.pk, "policy": row.title})
    coming.refresh_from_db()
    assert coming.policy == row.title


def test_where_every_round_has_submissions_the_next_step_is_a_new_round(client):
    submitted()
    client.force_login(make_user("round_manager"))
    address = reverse("policy-save") + "?of=national-2020-10"
    data = typed(**{"grade-0-at_least": "99.5"}) | {"do": "save"}
    answer = client.post(address, data, follow=True).content.decode()
    assert "布置新年度的自评任务时可以选用" in answer


def test_a_wrong_form_comes_back_with_what_was_typed(client):
    client.force_login(make_user("round_manager"))
    answer = client.post(reverse("policy-save"), typed(**{"section-0": "45"}) | {"do": "save"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "分值合计95分" in page
    assert 'value="45"' in page


def test_without_a_reason_nothing_is_saved(client):
    client.force_login(make_user("round_manager"))
    answer = client.post(reverse("policy-save"), typed(change="") | {"do": "save"})
    assert "请写明修改说明" in answer.content.decode()
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize("name", policy_names())
def test_a_unit_reads_every_policy_with_its_scale_of_deductions(name, client):
    client.force_login(make_user("filler"))
    page = client.get(reverse("policy-preset", args=[name])).content.decode()
    assert "复核扣分标准" in page
    assert "没有佐证材料" in page
    assert "复制修改" not in page


def test_a_unit_reads_its_regions_versions_and_no_other(client):
    own = make_policy(review={"deductions": [{"key": "x", "label": "数据不实", "share": "1"}]})
    far = make_policy(region=make_region("430408", "邻区"))
    client.force_login(make_user("filler"))
    assert "数据不实" in client.get(reverse("policy", args=[own.pk])).content.decode()
    assert client.get(reverse("policy", args=[far.pk])).status_code == 404


def test_an_unchanged_copy_is_refused():
    base = load_policy("national-2020-10")
    with pytest.raises(Refused, match="完全相同，没有保存"):
        policy_services.save_version(
            region=make_region(),
            by=make_user("round_manager"),
            policy=policy_from(label=base.label),
            based_on=base.title,
            change="试行",
            base=base,
        )


def test_all_that_is_wrong_is_told_at_once():
    base = load_policy("national-2020-10")
    wrong = typed(
        "national-2020-10", name="hunan-overall", change=" ", execution_weight="很多", **{"section-0": "99"}
    )
    form = PolicyForm(wrong, base=base, suggested_name="own", saving=True)
    assert not form.is_valid()
    assert {"name", "change", "execution_weight"} <= set(form.errors)
    assert form.policy is None
    assert any("合计" in text or "总分" in text for _, _, text in form.faults)


def test_classes_to_pick_from_are_the_policys():
    usual = dict(policies.classes_of(load_policy("hunan-overall")))
    assert usual == {name: list(names) for name, names in LEVELS.items()}
    cost = dict(policies.classes_of(load_policy("cost-first-2021-101")))
    assert set(cost) == {section.name for section in load_policy("cost-first-2021-101").sections}
    assert all(names for names in cost.values())


def test_a_policy_is_shown_in_words_and_its_raw_text_to_its_keepers_only(client):
    address = reverse("policy-preset", args=["national-2020-10"])
    client.force_login(make_user("filler"))
    page = client.get(address).content.decode()
    for words in ("数量、质量、时效、成本", "分值 × 完成值 ÷ 指标值", "90分（含）以上", "没有佐证材料"):
        assert words in page
    for raw in ("national-2020-10", "unscorable_until_explained", "[[sections]]"):
        assert raw not in page.replace(address, "")
    for role in ("administrator", "round_manager"):
        client.force_login(make_user(role))
        assert "[[sections]]" in client.get(address).content.decode(), role


def test_a_copy_names_what_it_was_copied_from_by_its_title(client):
    row = make_policy()
    client.force_login(make_user("filler"))
    page = client.get(reverse("policy", args=[row.pk])).content.decode()
    assert load_policy().label in page
    assert row.based_on not in page
