"""Words that a region adds to the lexicon of government functions: added, retired, used by the rule at once, tried out."""

from __future__ import annotations

import pytest
from django.urls import reverse

from departments.models import AuditEntry
from reports.checks.support.words import functions, lexicon
from reports.evaluation import evaluate
from reports.lexicon_services import add_word, retire_word
from reports.lexicons import hear, lexicon_of
from reports.models import LexiconWord, NarrativeSection
from reports.workflow import NotAllowed, Refused
from tests.db import make_region, make_report, make_user
from tests.factories import make_dossier
from tests.reports.checks.build import Goal, d, levels

TEXT = "人工增雨部门作业人员不足。"


@pytest.fixture
def manager(db):
    make_region()
    return make_user("round_manager")


def put(manager, **changes):
    wanted = {"function": "气象", "kind": "word", "word": "人工增雨", "reason": "本区有防雹站"} | changes
    return add_word(region=make_region(), by=manager, **wanted)


def test_words_join_the_shipped_function_or_make_their_own():
    found = {
        item.name: item for item in lexicon((("信访", "word", "来访登记"), ("气象台", "owner", "气象站")))
    }
    shipped = {item.name: item for item in functions()}
    assert found["信访"].words == (*shipped["信访"].words, "来访登记")
    assert found["信访"].shared
    assert found["气象台"].owners == ("气象站",)
    assert len(found) == len(shipped) + 1


def test_the_analysis_is_kept_and_changes_with_the_words():
    assert lexicon(()) is lexicon(())
    assert lexicon((("甲", "word", "乙乙"),)) is not lexicon(())


def test_the_rule_uses_the_regions_words():
    dossier = d(goals=[Goal(expected="保管档案")], text={"problems": TEXT})
    assert levels("foreign-function", dossier) == []
    own = lexicon((("增雨", "word", "人工增雨"),))
    assert levels("foreign-function", dossier, lexicon=own) == [("warning", "narrative.problems")]
    owned = lexicon((("增雨", "word", "人工增雨"), ("增雨", "owner", "档案馆")))
    assert levels("foreign-function", dossier, lexicon=owned) == []


@pytest.mark.django_db
def test_a_word_counts_from_the_next_check_until_it_is_retired(manager):
    report = make_report(dossier=make_dossier())
    NarrativeSection.objects.update_or_create(profile=report.profile, key="problems", defaults={"text": TEXT})

    def found() -> bool:
        return any(one.code == "foreign-function" for one in evaluate(report).findings)

    assert not found()
    word = put(manager, function="增雨")
    assert found()
    retire_word(word=word, by=manager, reason="误报")
    assert not found()
    sentences = AuditEntry.objects.filter(event="lexicon").order_by("pk").values_list("sentence", flat=True)
    assert [text.partition("，")[0] for text in sentences] == [
        "绩效股某在职能词库“增雨”中增加职能用语“人工增雨”",
        "绩效股某停用职能词库“增雨”的职能用语“人工增雨”",
    ]


@pytest.mark.django_db
def test_another_region_does_not_have_it(manager):
    put(manager, function="增雨")
    assert lexicon_of(make_region("430408", "邻区")) == lexicon(())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"word": "雨"}, "2到20个字"),
        ({"word": "人工，增雨"}, "不带标点"),
        ({"word": "长" * 21}, "2到20个字"),
        ({"function": " "}, "职能名称"),
        ({"function": "长" * 31}, "职能名称"),
        ({"kind": "x"}, "类别"),
        ({"reason": " "}, "理由"),
        ({"reason": "长" * 301}, "现有301个字"),
        ({"function": "信访", "word": "上访"}, "系统词库"),
    ],
)
def test_what_is_not_a_word(manager, changes, words):
    with pytest.raises(Refused, match=words):
        put(manager, **changes)
    assert not LexiconWord.objects.exists()


@pytest.mark.django_db
def test_a_word_twice_and_again_after_it_was_retired(manager):
    word = put(manager)
    with pytest.raises(Refused, match="已经增加过"):
        put(manager)
    retire_word(word=word, by=manager, reason="误报")
    with pytest.raises(Refused, match="已经停用"):
        retire_word(word=word, by=manager, reason="误报")
    put(manager)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["reviewer", "auditor", "administrator", "filler"])
def test_only_the_round_manager_changes_it(manager, role):
    with pytest.raises(NotAllowed):
        put(make_user(role))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "unit", "result"),
    [
        (TEXT, "", "会列为疑点"),
        (TEXT, "示例区增雨办", "不提示"),
        ("开展人工增雨工作。", "", "只提到一次"),
        ("开展人工增雨工作。人工增雨工作滞后。", "", "多次写"),
    ],
)
def test_a_sentence_is_tried(manager, text, unit, result):
    put(manager, function="增雨")
    put(manager, function="增雨", kind="owner", word="增雨办")
    found = {one.function: one.result for one in hear(text, make_region(), unit)}
    assert result in found["增雨"]


@pytest.mark.django_db
def test_the_page_adds_tries_and_retires(client, manager):
    client.force_login(manager)
    done = client.post(
        reverse("lexicon-add"),
        {"function": "增雨", "kind": "word", "word": "人工增雨", "reason": "本区有防雹站"},
        follow=True,
    )
    assert "已在“增雨”中增加“人工增雨”" in done.text
    tried = client.get(reverse("lexicon"), {"text": TEXT})
    assert "会列为疑点" in tried.text
    assert "最多 500 个字，现有 501 个字" in client.get(reverse("lexicon"), {"text": "长" * 501}).text
    word = LexiconWord.objects.get()
    refused = client.post(reverse("lexicon-retire", args=[word.pk]), {"reason": "长" * 301})
    assert refused.status_code == 422
    assert "长" * 301 in refused.text
    assert (
        "已停用“人工增雨”"
        in client.post(reverse("lexicon-retire", args=[word.pk]), {"reason": "误报"}, follow=True).text
    )


@pytest.mark.django_db
def test_what_was_typed_stays_when_it_is_refused(client, manager):
    client.force_login(manager)
    answer = client.post(
        reverse("lexicon-add"), {"function": "增雨", "kind": "owner", "word": "雨", "reason": "我的理由"}
    )
    assert answer.status_code == 422
    assert 'value="我的理由"' in answer.text
    assert '<option value="owner" selected>' in answer.text
