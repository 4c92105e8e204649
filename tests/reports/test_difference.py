"""Two submissions side by side: which fields differ, as people call them, on the page and as a file."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from reports.difference import Version, changes, document
from reports.documents import to_docx, to_html, to_pdf, to_xlsx
from reports.models import Report, Submission
from tests.db import make_report, make_submission, make_user
from tests.factories import make_dossier
from tests.reports.documents.papers import HOSTILE, text_of


def compared(before, after):
    first, second = Version("第1次报送", before), Version("第2次报送", after)
    return changes(first, second), document(first, second)


def test_equal_dossiers_have_no_difference():
    found, paper = compared(make_dossier(), make_dossier())
    assert found == []
    assert "完全相同" in paper.body[0].text


def test_fields_are_called_by_their_places():
    after = make_dossier(
        spent="190.00", profile={"staff_on_posts": 9}, narrative={"problems": "另一个问题。"}
    )
    found, _ = compared(make_dossier(), after)
    shown = {change.place.label: (change.before, change.after) for change in found}
    assert shown["基本情况·在职人数"] == ("11", "9")
    assert ("206.00万元", "190.00万元") in shown.values()
    assert any("问题" in label for label in shown)
    assert all(change.place.label != "整份报告" for change in found)


def test_a_row_that_came_or_went_is_listed():
    whole = make_dossier()
    rows = whole.indicators.indicators
    fewer = whole.model_copy(
        update={"indicators": whole.indicators.model_copy(update={"indicators": rows[1:]})}
    )
    gone, paper = compared(whole, fewer)
    assert any(change.before == rows[0].name and not change.after for change in gone)
    assert rows[0].name in text_of(to_pdf(paper))
    came, _ = compared(fewer, whole)
    assert len(came) == len(gone)


def test_of_a_long_text_only_the_changed_paragraphs_are_shown():
    lines = [f"第{number}件事情办理完毕，资料齐全。" for number in range(20)]
    other = [*lines[:7], "这一段改过了。", *lines[8:]]
    found, _ = compared(
        make_dossier(narrative={"process": "\n".join(lines)}),
        make_dossier(narrative={"process": "\n".join(other)}),
    )
    assert [(one.before, one.after) for one in found] == [(f"第8段：{lines[7]}", "第8段：这一段改过了。")]


def test_every_printer_takes_it_and_hostile_words_too():
    _, paper = compared(
        make_dossier(), make_dossier(spent="1", narrative={"problems": HOSTILE, "process": ""})
    )
    assert to_pdf(paper) and to_docx(paper) and to_xlsx(paper)
    assert "<b>粗" not in to_html(paper)


def test_scores_are_compared(db):
    report = make_report(dossier=make_dossier())
    first = make_submission(report)
    card = first.scorecard | {"self_score": "90", "self_grade": "良"}
    from indicators.scoring.scorecard import Scorecard

    one, two = (Scorecard.model_validate(item) for item in (first.scorecard, card))
    paper = document(Version("甲", first.dossier, one), Version("乙", first.dossier, two))
    table = paper.body[1]
    assert table.title == "得分和等级"
    assert [cell.text for cell in table.rows[1].cells][0::2] == ["自评得分", "90"]


# ------------------------------------------------------------------ pages


@pytest.fixture
def report(db):
    report = make_report(dossier=make_dossier())
    first = make_submission(report)
    dossier = make_dossier(profile={"staff_on_posts": 9})
    Submission.objects.create(
        report=report, number=2, dossier_json=dossier.canonical_json(), sha256=dossier.sha256(),
        scorecard=first.scorecard, findings=[], policy=first.policy, template=first.template,
        submitted_by=first.submitted_by,
    )  # fmt: skip
    return report


def test_the_page_and_its_files(report, client):
    client.force_login(make_user("filler", department=report.department))
    text = client.get(reverse("report-difference", args=[report.pk])).content.decode()
    assert "在职人数" in text and "第2次报送" in text
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = client.get(
            reverse("report-difference-download", args=[report.pk, kind]), {"before": 1, "after": 2}
        )
        assert answer.content.startswith(start)
    assert (
        reverse("report-difference", args=[report.pk])
        in client.get(reverse("report", args=[report.pk])).content.decode()
    )


@pytest.mark.parametrize("query", [{"before": "7"}, {"after": "x"}, {"before": "99999999999"}])
def test_unknown_versions_are_not_found(query, report, client):
    client.force_login(make_user("auditor"))
    assert client.get(reverse("report-difference", args=[report.pk]), query).status_code == 404


def test_with_one_submission_there_is_nothing_to_compare(client, db):
    report = make_report(dossier=make_dossier())
    make_submission(report)
    client.force_login(make_user("auditor"))
    page = client.get(reverse("report-difference", args=[report.pk]))
    assert page.status_code == 200 and "不到两次" in page.content.decode()


def test_amounts_keep_their_cents():
    after = make_dossier(money={"frugality": "改了"})
    assert Decimal("206") == make_dossier().money.spent / 10000
    found, _ = compared(make_dossier(), after)
    assert [one.place.label for one in found] == ["厉行节约保障措施"]


def test_amounts_and_counts_say_by_how_much_they_moved():
    after = make_dossier(spent="216.30", profile={"staff_on_posts": 12})
    found, paper = compared(make_dossier(), after)
    moved = {change.place.label: change.moved for change in found}
    assert moved["基本情况·在职人数"] == "+1（+9.1%）"
    assert "+10.30万元（+5.0%）" in moved.values()
    heads = [[cell.text for cell in block.rows[0].cells] for block in paper.body[1:]]
    assert ["位置", "第1次报送", "第2次报送", "增减"] in heads


def test_a_code_is_shown_in_the_words_of_the_form():
    cause = {"adjustments": [{"amount": "10000", "cause": "supplement", "explanation": "新增任务"}]}
    found, _ = compared(make_dossier(), make_dossier(money=cause))
    assert "部门申请追加" in {change.after for change in found}


def test_rows_are_compared_with_the_row_of_the_same_name():
    """An indicator put in front of the others is one new row, not a change of all of them."""
    whole = make_dossier()
    rows = whole.indicators.indicators
    turned = whole.model_copy(
        update={"indicators": whole.indicators.model_copy(update={"indicators": (*rows[1:], rows[0])})}
    )
    found, _ = compared(whole, turned)
    assert found == []
    fewer = whole.model_copy(
        update={"indicators": whole.indicators.model_copy(update={"indicators": rows[1:]})}
    )
    came, _ = compared(fewer, whole)
    assert {change.before for change in came} == {""}
    assert all(rows[0].name in change.place.label for change in came)


def test_the_approved_report_of_last_year_can_be_compared(report, client):
    last = make_report(
        department=report.department,
        year=report.year - 1,
        dossier=make_dossier(spent="100", profile={"year": report.year - 1}),
        status="approved",
    )
    make_submission(last)
    client.force_login(make_user("filler", department=report.department))
    page = reverse("report-difference", args=[report.pk])
    text = client.get(page, {"before": "last-year", "after": "1"}).content.decode()
    assert f"{last.year}年度审核通过的报告" in text and "增减" in text
    assert "（+0.0%）" not in text  # a year is no figure that grows
    assert client.get(page, {"after": "last-year"}).status_code == 404
    answer = client.get(
        reverse("report-difference-download", args=[report.pk, "pdf"]), {"before": "last-year"}
    )
    assert "与上年对照" in text_of(answer.content).replace("\n", "")
    Report.objects.filter(pk=last.pk).update(status="returned")
    assert client.get(page, {"before": "last-year"}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_submissions(
    report, client, django_assert_max_num_queries
):
    make_submission(report)
    make_submission(report)
    client.force_login(make_user("auditor"))
    client.get(reverse("report-difference", args=[report.pk]))
    with django_assert_max_num_queries(14):
        client.get(reverse("report-difference", args=[report.pk]))
