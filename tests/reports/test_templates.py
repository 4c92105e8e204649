"""Report templates: presets and versions, the page on which a bureau changes one, choosing one for a round."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from departments.models import AuditEntry
from reports import paper
from reports.choices import Status
from reports.documents.model import Heading
from reports.evaluation import evaluate
from reports.models import Round, TemplateVersion
from reports.outline import OutlineError, build_outline, load_outline, outline_names
from reports.outline_services import choose, save_version, suggested_name
from reports.outlines import outline_named, outline_of
from reports.workflow import NotAllowed, Refused
from tests.db import (
    make_department,
    make_region,
    make_report,
    make_round,
    make_submission,
    make_template,
    make_user,
)
from tests.factories import make_dossier

pytestmark = pytest.mark.django_db


def plain(name: str = "hunan-hengyang-2023") -> dict:
    return load_outline(name).model_dump(mode="json")


@pytest.mark.parametrize("name", outline_names())
def test_presets_are_valid_and_survive_json(name):
    outline = load_outline(name)
    assert build_outline(outline.model_dump(mode="json")) == outline
    assert outline.sections and outline.forms


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda data: data["sections"][2].update(title=""), "sections.3.title"),
        (lambda data: data["sections"][2].update(level=7), "sections.3.level"),
        (lambda data: data["sections"][2].update(data=["nonsense"]), "sections.3.data.1"),
        (lambda data: data["sections"][1].update(level=3), "跳了级"),
        (lambda data: data["sections"][1].update(key="overview"), "出现了两次"),
        (lambda data: data["sections"][0].update(required=True), "填写提示"),
        (lambda data: data.update(title="{nonsense}报告"), "nonsense"),
        (lambda data: data.update(colour="red"), "colour"),
        (lambda data: data["forms"][0].update(widths=[1, 2]), "与表格的2列不一致"),
        (
            lambda data: data["forms"][0]["blocks"][3]["columns"][0].update(key="x"),
            "forms.1.blocks.4.columns.1.key",
        ),
        (lambda data: data["forms"].append(data["forms"][0]), "出现了两次"),
    ],
)
def test_a_wrong_template_is_refused_naming_the_key(change, key):
    data = plain()
    change(data)
    with pytest.raises(OutlineError) as refused:
        build_outline(data, "试")
    assert key in str(refused.value)
    assert str(refused.value).startswith("试：键 ")


def test_a_version_is_saved_once_and_never_changed():
    manager, region = make_user("round_manager"), make_region()
    outline = build_outline(plain() | {"name": "own", "label": "本区模板"})
    first = save_version(region=region, by=manager, outline=outline, based_on="x", change="加一节")
    assert (first.title, first.outline.label) == ("own@1", "本区模板")
    with pytest.raises(Refused, match="完全相同"):
        save_version(region=region, by=manager, outline=outline, based_on="x", change="再存")
    other = outline.model_copy(update={"label": "本区模板二"})
    assert save_version(region=region, by=manager, outline=other, based_on="x", change="改名").version == "2"
    assert AuditEntry.objects.filter(event="template-version").count() == 2
    for act in (first.delete, lambda: TemplateVersion.objects.update(label="变")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_only_the_round_manager_saves_and_a_presets_name_is_refused():
    outline = build_outline(plain() | {"name": "own"})
    with pytest.raises(NotAllowed):
        save_version(
            region=make_region(), by=make_user("reviewer"), outline=outline, based_on="x", change="x"
        )
    manager = make_user("round_manager")
    for wrong in ({"outline": load_outline(), "change": "x"}, {"outline": outline, "change": " "}):
        with pytest.raises(Refused):
            save_version(region=make_region(), by=manager, based_on="x", **wrong)
    assert suggested_name("sichuan", make_region()) == "sichuan-430407"
    assert suggested_name("own", make_region()) == "own"


def test_a_round_is_written_by_the_template_it_names():
    report = make_report(dossier=make_dossier())
    sections = [section | {"title": f"甲{section['title']}"} for section in plain()["sections"]]
    row = make_template(region=report.round.region, sections=sections)
    manager = make_user("round_manager")
    choose(round=report.round, by=manager, title=row.title)
    report.refresh_from_db()
    assert outline_of(report.round).full_name == "own@1"
    document = paper.document(report, paper.shown(report))
    heads = [block.text for block in document.body if isinstance(block, Heading)]
    assert heads[0] == "一、甲部门概况"
    assert AuditEntry.objects.filter(event="template-choose").count() == 1
    # What was submitted under it is printed by it, whatever the round names later.
    make_submission(report)
    with pytest.raises(Refused, match="已有1份报送"):
        choose(round=report.round, by=manager, title="sichuan")
    type(report).objects.filter(pk=report.pk).update(status=Status.SUBMITTED)
    report.refresh_from_db()
    Round.objects.filter(pk=report.round_id).update(template="sichuan")
    again = paper.document(report, paper.shown(report))
    assert next(block.text for block in again.body if isinstance(block, Heading)) == "一、甲部门概况"


def test_a_template_without_a_section_does_not_ask_for_it():
    sections = [section for section in plain()["sections"] if section["key"] != "purpose"]
    row = make_template(sections=sections)
    make_round(template=row.title)
    report = make_report(dossier=make_dossier(narrative={"purpose": ""}))
    assert not [item for item in evaluate(report).findings if item.where == "narrative.purpose"]


def test_another_regions_template_is_unknown():
    row = make_template(region=make_region("430408", "邻区"))
    with pytest.raises(OutlineError):
        outline_named(row.title, make_region())
    with pytest.raises(Refused):
        choose(round=make_round(), by=make_user("round_manager"), title=row.title)


# ------------------------------------------------------------------ pages


def typed(client, **changes) -> dict[str, object]:
    """The form as the browser sends it back, with some fields changed."""
    page = client.get(reverse("template-copy"))
    form = page.context["form"]
    data: dict[str, object] = {
        "count": form.count, "label": form.label, "name": form.name, "title": form.title,
        "policy": form.policy, "change": "试改", "do": "save",
    }  # fmt: skip
    for row in form.sections:
        for name in ("order", "key", "level", "title", "prompt"):
            data[f"s-{row.number}-{name}"] = getattr(row, name)
        for name in ("required", "text_first"):
            if getattr(row, name):
                data[f"s-{row.number}-{name}"] = "1"
        data[f"s-{row.number}-data"] = list(row.data)
    for row in form.forms:
        data |= {f"f-{row.kind}-{name}": getattr(row, name) for name in ("order", "title", "note", "like")}
        if row.enabled:
            data[f"f-{row.kind}-on"] = "1"
    return data | changes


@pytest.fixture
def manager(client):
    user = make_user("round_manager")
    client.force_login(user)
    return user


def test_the_form_keeps_the_template(client, manager):
    response = client.post(reverse("template-save"), typed(client, label="本区模板"))
    made = TemplateVersion.objects.get()
    assert response.url == reverse("template", args=[made.pk])
    own, base = made.outline, load_outline()
    assert own.sections == base.sections
    assert [form.model_dump() for form in own.forms] == [form.model_dump() for form in base.forms]


def test_sections_and_forms_are_changed_in_the_form(client, manager):
    changes = {
        "s-18-title": "新的一节", "s-18-level": "1", "s-18-prompt": "写这里", "s-18-order": "5",
        "s-1-drop": "1", "f-base_data-on": "", "f-income_expenditure-order": "1", "f-self_evaluation-like": "sichuan",
    }  # fmt: skip
    client.post(reverse("template-save"), typed(client, **changes))
    own = TemplateVersion.objects.get().outline
    assert (own.sections[0].title, own.sections[0].key) == ("新的一节", "own_1")
    assert own.section("profile") is None
    assert [form.kind for form in own.forms if form.enabled] == [
        "income_expenditure",
        "self_evaluation",
        "project",
    ]
    assert len(next(form for form in own.forms if form.kind == "self_evaluation").widths) == 11


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(client, manager):
    response = client.post(reverse("template-save"), typed(client, **{"s-0-level": "3", "label": "改过"}))
    assert response.status_code == 422
    assert "跳了级" in response.content.decode()
    assert 'value="改过"' in response.content.decode()
    assert not TemplateVersion.objects.exists()


def test_an_unchanged_copy_is_no_version(client, manager):
    response = client.post(reverse("template-save"), typed(client))
    assert response.status_code == 422
    assert "完全相同" in response.text
    assert not TemplateVersion.objects.exists()


def test_all_faults_are_told_at_once_and_at_their_fields(client, manager):
    wrong = {"s-0-level": "3", "change": " ", "name": "大写", "title": "【地区】{city}报告"}
    response = client.post(reverse("template-save"), typed(client, **wrong))
    for words in ("跳了级", "请写明修改说明", "代号："):
        assert words in response.text
    for field in ("change", "name"):
        assert f'id="t-{field}-error"' in response.text
    preset = client.post(reverse("template-save"), typed(client, name="sichuan", change=""))
    assert "系统自带模板的代号" in preset.text
    assert "请写明修改说明" in preset.text


def test_places_in_a_title_are_read_and_typed_in_chinese(client, manager):
    page = client.get(reverse("template-copy"))
    assert "【年度】" in page.context["form"].title
    assert "{year}" not in page.text
    client.post(reverse("template-save"), typed(client, title="【单位名称】【年度】自评"))
    made = TemplateVersion.objects.get()
    assert made.outline.title == "{department}{year}自评"
    assert [form.title for form in made.outline.forms] == [form.title for form in load_outline().forms]
    detail = client.get(reverse("template", args=[made.pk])).text
    assert "【单位名称】【年度】自评" in detail
    assert "{year}" not in detail


def titles(answer):
    return [row.title for row in answer.context["form"].sections]


def test_sections_are_moved_and_inserted_by_buttons_and_nothing_typed_is_lost(client, manager):
    before = titles(client.get(reverse("template-copy")))
    data = typed(client, **{"s-1-title": "改过的标题", "label": ""})
    down = client.post(reverse("template-save"), data | {"do": "down-1"})
    assert down.status_code == 200
    assert titles(down)[:3] == [before[0], before[2], "改过的标题"]
    assert down.context["form"].focus == 2
    assert titles(client.post(reverse("template-save"), data | {"do": "up-1"}))[:2] == [
        "改过的标题",
        before[0],
    ]
    inserted = client.post(reverse("template-save"), data | {"do": "insert-1"})
    assert titles(inserted)[:4] == [before[0], "改过的标题", "", before[2]]
    assert inserted.context["form"].sections[2].number == 2
    for act in ("up-0", "down-99", "insert-x", "up-"):
        assert titles(client.post(reverse("template-save"), data | {"do": act}))[0] == before[0]
    assert not TemplateVersion.objects.exists()


def test_preview_with_the_sample_and_with_a_report(client, manager):
    report = make_report(dossier=make_dossier(), department=make_department("示例区水利局"))
    page = client.post(reverse("template-save"), typed(client, do="preview", **{"s-0-title": "单位概况"}))
    assert "一、单位概况" in page.content.decode() and "样张" in page.content.decode()
    page = client.post(reverse("template-save"), typed(client, **{"do": "preview", "with": report.pk}))
    assert page.content.decode().count("示例区水利局") > 3
    pdf = client.post(reverse("template-save"), typed(client, do="pdf"))
    assert pdf.content.startswith(b"%PDF")
    foreign = make_report(department=make_department("邻区局", region=make_region("430408", "邻区")))
    wrong = client.post(reverse("template-save"), typed(client, **{"do": "preview", "with": foreign.pk}))
    assert wrong.status_code == 404


def test_choosing_on_the_page(client, manager):
    round = make_round()
    response = client.post(reverse("template-choose"), {"round": round.pk, "template": "sichuan"})
    assert response.url == reverse("template-preset", args=["sichuan"])
    round.refresh_from_db()
    assert round.template == "sichuan"
    assert client.get(reverse("templates")).status_code == 200
