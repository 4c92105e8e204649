"""Pages of rectification (整改)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reports import services
from reports.file_content import SHOWN
from reports.models import Rectification, RectificationAnswer, Report, SpotCheck, Verdict
from reports.oversight import lists, rectifications
from reports.oversight.forms import AnswerForm, JudgeForm, NoticeForm, WordsForm
from reports.oversight.papers import answer_paper, notice_paper
from reports.oversight.views.sheets import PRINTED
from reports.views.common import attempt, visible_report
from reports.views.downloads import KINDS, printed
from reports.workflow import BUREAU, Refused
from reports.workspace.attachments import ACCEPTED, ACCEPTED_WORDS, FileRefused

PAGE = 50
EMPTY_ITEMS = 3


@login_required
@require_GET
def rectification_list(request: HttpRequest) -> HttpResponse:
    """Notices that the person may read, filtered."""
    asked = {name: request.GET.get(name, "").strip()[:50] for name in ("state", "q", "year")}
    rows = lists.notices(request.user, state=asked["state"], words=asked["q"], year=asked["year"])
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "filtered": any(asked.values()),
        "states": [(value, label) for value, (label, _) in lists.FILTERS.items()],
        "years": lists.years(request.user),
        "kept": kept.urlencode(),
    }
    return render(request, "reports/oversight/rectifications.html", context)


@login_required
@require_GET
def notice_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a notice about a report; ``?check=`` begins it from the result of a spot check."""
    report = _issuable(request, pk)
    check = _check(request, report)
    services.log_reading(report=report, by=request.user)
    return _form_page(request, report, check, NoticeForm(initial={"basis": _basis(report, check)}))


@login_required
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the notice."""
    report = _issuable(request, pk)
    check = _check(request, report)
    form = NoticeForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            notice = rectifications.issue(
                report=report,
                by=request.user,
                basis=data["basis"],
                items=data["items"],
                due=data["due"],
                spot_check=check,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已下发{notice.code}整改通知，单位会收到通知")
            return redirect("rectification", notice.pk)
    return _form_page(request, report, check, form, status=422)


@login_required
@require_GET
def rectification(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice with its answers, and what the person may do."""
    return _page(request, _visible(request, pk))


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's answer."""
    notice = _visible(request, pk)
    if not rectifications.may_answer(request.user, notice):
        raise PermissionDenied
    form = AnswerForm(request.POST, positions=[item.position for item in notice.items.all()])
    if form.is_valid():
        try:
            rectifications.answer(
                notice=notice,
                by=request.user,
                replies=form.replies,
                text=form.cleaned_data["text"],
                uploads=request.FILES.getlist("file"),
            )
        except (Refused, FileRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "整改情况已反馈，财政局会收到通知")
            return redirect("rectification", pk)
    return _page(request, notice, answering=form, status=422)


@login_required
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the answer or ask again."""
    notice = _visible(request, pk)
    if not rectifications.may_judge(request.user, notice):
        raise PermissionDenied
    form = JudgeForm(request.POST)
    if form.is_valid():
        try:
            rectifications.judge(notice=notice, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            accepted = form.cleaned_data["verdict"] == Verdict.ACCEPTED
            messages.success(request, "已销号" if accepted else "已要求继续整改，单位会收到通知")
            return redirect("rectification", pk)
    return _page(request, notice, judging=form, status=422)


@login_required
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the notice to the unit's mind."""
    notice = _visible(request, pk)
    return _act(
        request,
        notice,
        lambda: rectifications.remind(notice=notice, by=request.user),
        "已催办，单位会收到通知",
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the notice back."""
    notice = _visible(request, pk)
    if not rectifications.may_judge(request.user, notice):
        raise PermissionDenied
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, notice, withdrawing=form, status=422)
    return _act(
        request,
        notice,
        lambda: rectifications.withdraw(notice=notice, by=request.user, **form.cleaned_data),
        "已撤回整改通知",
    )


@login_required
@require_GET
def download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The notice as PDF or Word; ``?answer=1`` gives the unit's first answer. Logged as an export."""
    notice = _visible(request, pk)
    if kind not in PRINTED:
        raise Http404
    number, unit = request.GET.get("answer"), notice.report.department.name
    if number is None:
        document, words = notice_paper(notice), f"{notice.code}整改通知"
    else:
        if not (number.isascii() and number.isdecimal() and len(number) < 6):
            raise Http404
        found = get_object_or_404(_answers(notice), number=int(number))
        found.notice = notice
        document, words = answer_paper(found), f"{notice.code}第{found.number}次整改反馈"
    made = printed(document, kind, f"{unit}_{words}")
    services.log_export(report=notice.report, by=request.user, kind=KINDS[kind].label, version=words)
    return made


# ------------------------------------------------------------------ common


def _visible(request: HttpRequest, pk: int) -> Rectification:
    rows = Rectification.objects.visible_to(request.user).with_context()
    return get_object_or_404(rows.select_related("spot_check", "round"), pk=pk)


def _answers(notice: Rectification):
    return (
        RectificationAnswer.objects.filter(notice=notice)
        .select_related("by", "verdict_by")
        .prefetch_related("files", "replies__item")
    )


def _issuable(request: HttpRequest, pk: int) -> Report:
    report = visible_report(request, pk)
    if not services.holds(request.user, report, *BUREAU):
        raise PermissionDenied
    return report


def _check(request: HttpRequest, report: Report) -> SpotCheck | None:
    text = request.GET.get("check") or request.POST.get("check") or ""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    rows = SpotCheck.objects.visible_to(request.user).exclude(recorded_at=None)
    return get_object_or_404(rows, pk=int(text), report=report)


def _basis(report: Report, check: SpotCheck | None) -> str:
    """A first wording of the basis, to be changed."""
    unit = f"你单位{report.year}年度部门整体支出绩效自评报告"
    if check is None:
        return f"我局在审核{unit}时，发现以下问题需要整改。"
    return f"我局对{unit}进行了抽查复核，结论为“{check.get_conclusion_display()}”，发现以下问题需要整改。"


def _form_page(
    request: HttpRequest, report: Report, check: SpotCheck | None, form: NoticeForm, status: int = 200
) -> HttpResponse:
    typed = form.typed_items if form.is_bound else []
    begun = (
        [(0, line.strip(), "", "") for line in check.findings.splitlines() if line.strip()] if check else []
    )
    rows = typed or begun[: rectifications.MOST_ITEMS]
    rows = [*rows, *[(0, "", "", "")] * (EMPTY_ITEMS if not rows else 1)][: rectifications.MOST_ITEMS]
    context = {
        "report": report,
        "check": check,
        "form": form,
        "rows": [(number, *row[1:]) for number, row in enumerate(rows, 1)],
        "most": rectifications.MOST_ITEMS,
        "today": timezone.localdate(),
    }
    return render(request, "reports/oversight/notice_form.html", context, status=status)


def _page(
    request: HttpRequest,
    notice: Rectification,
    *,
    answering: AnswerForm | None = None,
    judging: JudgeForm | None = None,
    withdrawing: WordsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    services.log_reading(report=notice.report, by=user)
    answers = list(_answers(notice))
    items = list(notice.items.all())
    waiting = notice.status == "waiting"
    may_answer = waiting and rectifications.may_answer(user, notice)
    last = {reply.item_id: reply.text for reply in answers[-1].replies.all()} if answers else {}
    fields = []
    for item in items:
        name = f"reply-{item.position}"
        bound = answering.is_bound if answering else False
        fields.append(
            (
                item,
                answering.data.get(name, "") if bound else last.get(item.pk, ""),
                answering.errors.get(name, []) if bound else [],
            )
        )
    may_judge = rectifications.may_judge(user, notice)
    context = {
        "notice": notice,
        "report": notice.report,
        "items": items,
        "answers": answers,
        "viewable": SHOWN,
        "may_answer": may_answer,
        "fields": fields,
        "answering": answering,
        "judging": judging,
        "withdrawing": withdrawing,
        "may_judge": may_judge and notice.status == "answered",
        "may_remind": may_judge and waiting,
        "may_withdraw": may_judge and notice.status in ("waiting", "answered"),
        "accepted": ACCEPTED,
        "accepted_words": ACCEPTED_WORDS,
        "most_files": rectifications.MOST_FILES,
        "today": timezone.localdate(),
    }
    return render(request, "reports/oversight/rectification.html", context, status=status)


def _act(request: HttpRequest, notice: Rectification, doing: Callable[[], Any], done: str) -> HttpResponse:
    attempt(request, doing, done)
    return redirect("rectification", notice.pk)
