"""Nothing that is not public comes out anywhere: a dossier full of canaries, published, and every public answer searched."""

from __future__ import annotations

import io
import subprocess
import zipfile
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from departments.models import Department
from indicators.dossier import SelfAssessment
from reports import workflow
from reports.choices import Status
from reports.dossier import Attachment, Explanation, Origin, Unread
from reports.models import Comment, Publication, Report, Submission, Waiver
from reports.publication import services
from reports.workflow import Step
from tests.db import make_department, make_report, make_submission, make_user
from tests.factories import make_dossier, make_indicator

pytestmark = pytest.mark.django_db

SECRETS = {
    "head": "金丝雀甲",
    "contact": "金丝雀乙",
    "preparer": "金丝雀丙",
    "phone": "0734-8765432",
    "budget code": "987654321",
    "evidence": "佐证金丝雀台账",
    "attachment": "附件金丝雀.pdf",
    "explanation": "说明金丝雀",
    "comment": "意见金丝雀",
    "answer": "答复金丝雀",
    "waiver": "豁免金丝雀",
    "raise reason": "提分金丝雀",
    "reviewed reason": "复核金丝雀",
    "reviewed score": "71.37",
    "computed score": "98.81",
    "origin": "来源金丝雀",
    "unread": "未读金丝雀",
    "withheld section": "敏感金丝雀正文",
    "withheld project": "敏感金丝雀项目",
    "withheld amount": "7654321",
    "withheld amount as shown": "765.43",
    "withheld indicator": "敏感金丝雀指标",
    "mark reason": "标记金丝雀理由",
    "mobile in a text": "13912345678",
    "identity number in a text": "430407198501011234",
    "mail in a text": "canary@example.gov.cn",
    "filler": "填报员金丝雀",
    "manager": "经办金丝雀",
}


def canary_dossier():
    dossier = make_dossier()
    profile = dossier.profile.model_copy(
        update={
            "head": SECRETS["head"],
            "contact": SECRETS["contact"],
            "prepared_by": SECRETS["preparer"],
            "phone": SECRETS["phone"],
            "budget_code": SECRETS["budget code"],
        }
    )
    secret = make_indicator(SECRETS["withheld indicator"], "≥765.43%", "765.43%", None, evidence="")
    lines = tuple(
        one.model_copy(update={"evidence": SECRETS["evidence"]}) for one in dossier.indicators.indicators
    )
    first, *others = dossier.money.projects
    first = first.model_copy(update={"name": SECRETS["withheld project"], "spent": Decimal("7654321.09")})
    said = (
        f"由{SECRETS['contact']}负责，电话{SECRETS['phone']}、{SECRETS['mobile in a text']}，"
        f"证件{SECRETS['identity number in a text']}，邮箱{SECRETS['mail in a text']}。"
    )
    narrative = tuple(
        section.model_copy(
            update={
                "text": SECRETS["withheld section"] if section.key == "problems" else f"{section.text}{said}"
            }
        )
        for section in dossier.narrative
    )
    return dossier.model_copy(
        update={
            "profile": profile,
            "money": dossier.money.model_copy(update={"projects": (first, *others)}),
            "indicators": dossier.indicators.model_copy(
                update={
                    "indicators": (*lines, secret),
                    "projects": (),
                    "assessment": SelfAssessment(
                        score=Decimal("88.5"), grade="良", raise_reason=SECRETS["raise reason"]
                    ),
                }
            ),
            "narrative": narrative,
            "attachments": (Attachment(name=SECRETS["attachment"], sha256="a" * 64, size=1),),
            "explanations": (Explanation(finding="x", text=SECRETS["explanation"]),),
            "origins": (Origin(where="x", source=SECRETS["origin"], words=SECRETS["origin"]),),
            "unread": (Unread(source="x", words=SECRETS["unread"]),),
        }
    )


def published() -> Publication:
    """The canary report, published through the workflow by a manager whose name is one too."""
    unit = make_department(credit_code="12430407000000000R")
    report = make_report(department=unit, dossier=make_dossier())
    filler = make_user("filler", department=unit, name=SECRETS["filler"])
    manager = make_user("round_manager", name=SECRETS["manager"])
    first = make_submission(report, by=filler)
    dossier = canary_dossier()
    Submission.objects.create(
        report=report, number=2, dossier_json=dossier.canonical_json(), sha256=dossier.sha256(),
        scorecard=first.scorecard | {"self_score": "88.5", "self_grade": "良", "score": "98.81", "reasons": ["98.81"],
            "lines": []},
        findings=[], policy=first.policy, template=first.template, submitted_by=filler,
    )  # fmt: skip
    Comment.objects.create(report=report, text=SECRETS["comment"], author=manager, answer=SECRETS["answer"])
    Waiver.objects.create(report=report, code="x", reason=SECRETS["waiver"], by=manager)
    Report.objects.filter(pk=report.pk).update(
        status=Status.APPROVED,
        reviewed_score=Decimal(SECRETS["reviewed score"]),
        reviewed_reason=SECRETS["reviewed reason"],
    )
    report = Report.objects.with_context().get(pk=report.pk)
    first_project = dossier.money.projects[0].key
    for where in (
        "narrative.problems",
        f"money.projects.{first_project}",
        f"indicators.{SECRETS['withheld indicator']}",
    ):
        services.mark(report=report, by=manager, where=where, reason=SECRETS["mark reason"])
    workflow.apply(report, Step.PUBLISH, by=manager)
    return Publication.objects.get(report=report)


def public_addresses(publication: Publication) -> list[str]:
    at = publication.get_absolute_url()
    year = ["430407", str(publication.year)]
    return [
        reverse("public-list"),
        f"{reverse('public-list')}?q=金丝雀",
        reverse("public-data"),
        reverse("public-terms"),
        reverse("public-api"),
        at,
        f"{at}report.pdf",
        f"{at}report.json",
        f"{at}tables.csv",
        reverse("public-data-csv", args=year),
        reverse("public-data-json", args=year),
        reverse("public-data-zip", args=year),
        reverse("sitemap"),
        reverse("sitemap-part", args=["reports"]),
        reverse("api:regions"),
        reverse("api:years"),
        reverse("api:reports"),
        reverse("api:report", args=[*year, publication.unit_code]),
        reverse("verify", args=[publication.submission.sha256[:16]]),
    ]


def text_of(response, tmp_path) -> str:
    """Everything an answer says: of a PDF its text and its metadata."""
    data = response.getvalue()
    if response["Content-Type"] == "application/zip":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            data = b"".join(packed.read(name) + name.encode() for name in packed.namelist())
    if response["Content-Type"] != "application/pdf":
        headers = " ".join(f"{name}: {value}" for name, value in response.items())
        return data.decode() + headers
    path = tmp_path / "public.pdf"
    path.write_bytes(data)
    said = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    about = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True)
    return "".join(said.stdout.split()) + about.stdout


def test_no_canary_gets_out(tmp_path):
    publication = published()
    client = Client()
    for address in public_addresses(publication):
        response = client.get(address)
        assert response.status_code == 200, address
        text = text_of(response, tmp_path)
        told = [name for name, secret in SECRETS.items() if secret in text]
        assert told == [], (address, told)
        assert not response.cookies, address
    assert "金丝雀" not in publication.search_text
    pdf = client.get(f"{publication.get_absolute_url()}report.pdf")
    paper = text_of(pdf, tmp_path)
    assert "本部分不予公开" in paper
    assert "信息公开版" in paper
    page = client.get(publication.get_absolute_url()).content.decode()
    assert "本部分不予公开" in page
    assert "88.5" in page
    assert "［电话略］" in page


def test_a_withheld_name_elsewhere_stops_publishing():
    publication = published()
    report = Report.objects.with_context().get(pk=publication.report_id)
    manager = make_user("round_manager")
    workflow.apply(report, Step.WITHDRAW, by=manager, reason="更正")
    dossier = canary_dossier()
    leaking = dossier.model_copy(
        update={
            "narrative": (
                *dossier.narrative[1:],
                dossier.narrative[0].model_copy(update={"text": f"实施了{SECRETS['withheld project']}。"}),
            )
        }
    )
    last = Submission.objects.get(report=report, number=2)
    Submission.objects.create(
        report=report, number=3, dossier_json=leaking.canonical_json(), sha256=leaking.sha256(),
        scorecard=last.scorecard, findings=[], policy=last.policy, template=last.template,
        submitted_by=last.submitted_by,
    )  # fmt: skip
    report.refresh_from_db()
    with pytest.raises(workflow.WorkflowRefused, match="还出现在"):
        workflow.apply(report, Step.PUBLISH, by=manager)


def test_a_classified_unit_is_nowhere(tmp_path):
    publication = published()
    administrator = make_user("administrator")
    unit = Department.objects.get(pk=publication.department_id)
    services.classify(department=unit, by=administrator, classified=True, reason="承担涉密任务")
    publication.refresh_from_db()
    assert publication.withdrawn_at is not None
    assert Report.objects.get(pk=publication.report_id).status == Status.APPROVED
    client = Client()
    for address in public_addresses(publication):
        response = client.get(address)
        text = text_of(response, tmp_path)
        assert unit.name not in text, address
        assert "承担涉密任务" not in text
        if publication.unit_code in address:
            assert response.status_code == 410, address
    report = Report.objects.with_context().get(pk=publication.report_id)
    with pytest.raises(workflow.WorkflowRefused, match="涉密"):
        workflow.apply(report, Step.PUBLISH, by=make_user("round_manager"))
