"""Posts every form of the site with what no form should be sent, and looks at what came of it.

:data:`PLACES` says for each address that takes a POST where its form stands and who may send it; the fields are read from the
page. ``tests/test_form_fuzz.py`` sends a few values to each and notices an address without a place,
``tests/soak/test_form_soak.py`` lets Hypothesis search for many minutes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django.utils.encoding import force_str
from django_otp.plugins.otp_totp.models import TOTPDevice

from departments.choices import Role
from departments.models import AuditEntry, BusinessOffice, User
from reports.choices import Status
from reports.models import BulkRun, Publication, Rectification, RectificationState, Report, Round
from reports.places import SECTIONS
from reports.queue import bulk
from tests.db import make_department, make_mark, make_region, make_report, make_submission, make_user
from tests.evidence import pdf, picture
from tests.factories import make_dossier
from tests.forms import Field, Form, forms_of
from tests.test_access import TABLE, World, make_world, route_of

Value = str | bytes
CUT = "cut-here"

# ------------------------------------------------------------------ where the forms are


@dataclass(frozen=True)
class Place:
    """Where the form of a route stands, and who may send it."""

    person: str
    page: str = ""
    """Line of the access table whose page holds the form; empty where no page of the tests' world does."""
    status: Status = Status.DRAFT
    fields: tuple[Field, ...] = ()
    """Fields that are not on the page: of a second step, of a script, or of a page that is not in the world."""
    arguments: tuple[str, ...] | None = None
    """Of the address, where the line of the access table has others."""


def by_hand(person: str, *fields: str | Field, status: Status = Status.DRAFT, **stated: Any) -> Place:
    """A place without a page; a field is written ``name`` (a text) or ``name:kind``."""
    return Place(person, "", status, written(*fields), **stated)


def written(*fields: str | Field) -> tuple[Field, ...]:
    return tuple(
        one if isinstance(one, Field) else Field(one.partition(":")[0], one.partition(":")[2] or "text")
        for one in fields
    )


def fixed(name: str, value: str) -> Field:
    """A hidden field, or a pressed button, with its value."""
    return Field(name, "hidden", (value,), (value,))


STEP_STATUS = {
    "certify": ("head", Status.DRAFT),
    "submit": ("filler", Status.CERTIFIED),
    "unlock": ("filler", Status.CERTIFIED),
    "send_back": ("head", Status.CERTIFIED),
    "recall": ("filler", Status.SUBMITTED),
    "file_nil": ("filler", Status.DRAFT),
    "withdraw_nil": ("filler", Status.SUBMITTED),
    "department_pass": ("main_reviewer", Status.DEPARTMENT_REVIEW),
    "department_return": ("main_reviewer", Status.DEPARTMENT_REVIEW),
    "return": ("reviewer", Status.SUBMITTED),
    "approve": ("reviewer", Status.SUBMITTED),
    "publish": ("manager", Status.APPROVED),
    "withdraw": ("manager", Status.PUBLISHED),
    "reopen": ("manager", Status.APPROVED),
    "cancel": ("manager", Status.DRAFT),
    "restore": ("manager", Status.CANCELLED),
}
"""Who takes a step, and from which state. A step without a line fails the test."""

CONFIRMED_FIELD = fixed("confirm", "1")
ROUND_ACTS = {
    "remind": ("text:textarea", "again:checkbox"),
    "extend": ("until:date", "reason:textarea"),
    "cancel": ("reason:textarea",),
}
BULK_STATUS = {
    "publish": Status.APPROVED,
    "department_pass": Status.DEPARTMENT_REVIEW,
    "department_return": Status.DEPARTMENT_REVIEW,
    "extend": Status.DRAFT,
    "remind": Status.DRAFT,
}


def kind_of(name: str) -> str:
    kinds = {"to": "select", "until": "date"}
    return f"{name}:{kinds.get(name, 'textarea')}"


PLACES: dict[str, Place] = {
    "login": Place("anonymous", "login"),
    "sign-in-code": by_hand("anonymous", "code", "drop:submit"),
    "admin-password": by_hand("filler", "old_password:password"),
    "second-factor-set-up": Place("filler", "second-factor"),
    "second-factor-confirm": Place("filler", "second-factor"),
    "second-factor-codes": Place("filler", "second-factor"),
    "second-factor-off": Place("filler", "second-factor"),
    "logout": Place("filler", "home"),
    "my-account": Place("filler", "my-account"),
    "session-end": Place("filler", "my-account"),
    "sessions-end": Place("filler", "my-account"),
    "account-unlock": by_hand("administrator", "region"),
    "confirm-again": by_hand("manager", "password:password", "drop:submit"),
    "session-keep": by_hand("filler"),
    "sign-in-again": by_hand("anonymous", "username", "password:password", "code:password"),
    "resume": by_hand("filler"),
    "inbox-read-all": Place("filler", "inbox"),
    "notice-read": Place("filler", "home"),
    "banner": Place("administrator", "banner", fields=written("do:submit")),
    "round-open": Place("manager", "round-open"),
    "round-add": Place("manager", "round-add"),
    "round-begin": by_hand("manager"),
    "round-settings": Place("manager", "round-settings"),
    "round-close": Place("manager", "round-close"),
    "round-reopen": Place("manager", "round"),
    **{
        f"round-act:{act}": by_hand(
            "manager", fixed("all", "owed"), "report:checkbox", CONFIRMED_FIELD, *fields
        )
        for act, fields in ROUND_ACTS.items()
    },
    "scan-upload": by_hand("filler", "file:file", status=Status.CERTIFIED),
    "queue-view-save": Place("manager", "queue"),
    "queue-view-default": by_hand("reviewer"),
    "queue-view-delete": by_hand("reviewer"),
    **{
        f"bulk-start:{key}": Place(
            "main_reviewer" if key.startswith("department_") else "manager",
            "queue",
            BULK_STATUS.get(key, Status.SUBMITTED),
            (fixed("act", key), fixed("confirmed", "1"), *written(*map(kind_of, act.fields))),
        )
        for key, act in bulk.ACTS.items()
    },
    "bulk-go-on": Place("reviewer", "bulk-run"),
    "office-add": Place("manager", "office-add"),
    "office": Place("manager", "office"),
    "office-delete": Place("manager", "office"),
    "report-presence": by_hand("reviewer", "section"),
    "report-recheck": Place("manager", "report", Status.APPROVED),
    "password": Place("filler", "password"),
    "account-upload": Place("administrator", "accounts"),
    "account-write": by_hand("administrator", "seen:hidden"),
    "account-reissue": Place("administrator", "accounts"),
    "account-slips": by_hand("administrator", "sealed:hidden"),
    "person-add": Place("administrator", "person-add"),
    "person-change": Place("administrator", "person"),
    "role-give": Place("administrator", "person"),
    "role-take": Place("administrator", "person"),
    "role-requests": Place("security", "role-requests", fields=written("do:submit")),
    "person-off": Place("administrator", "person", fields=written("sure:checkbox")),
    "person-on": Place("administrator", "person"),
    "person-password": Place("administrator", "person"),
    "person-second-factor": Place("administrator", "person"),
    "handover": Place("administrator", "handover", fields=written("sure:checkbox")),
    "unit-add": Place("administrator", "unit-add"),
    "unit": Place("administrator", "unit"),
    "overview-summary-save": Place("manager", "overview-summary"),
    "policy-save": Place("manager", "policy-copy"),
    "policy-choose": by_hand("manager", "round:select", "policy:select"),
    "check-level-change": Place("manager", "check-level"),
    "lexicon-add": Place("manager", "lexicon"),
    "lexicon-retire": Place("manager", "lexicon"),
    "export-new": Place("manager", "export-new"),
    "export-cancel": Place("reviewer", "export"),
    "export-retry": by_hand("reviewer"),
    "targets-import": Place("manager", "targets-import"),
    "targets-import-preview": Place("manager", "targets-import-preview"),
    "template-save": Place("manager", "template-copy"),
    "template-choose": by_hand("manager", "round:select", "template:select"),
    **{
        f"report-step:{step}": by_hand(person, "expected:hidden", "reason:textarea", status=status)
        for step, (person, status) in STEP_STATUS.items()
    },
    "comment-add": Place("manager", "report", Status.DEPARTMENT_REVIEW),
    "comment-answer": Place("filler", "report", Status.RETURNED),
    "comment-resolve": Place("main_reviewer", "report", Status.DEPARTMENT_REVIEW),
    "waiver-add": Place("manager", "report"),
    "waiver-withdraw": by_hand("manager"),
    "review-score": by_hand("reviewer", "score", "reason:textarea", status=Status.SUBMITTED),
    "review-mark-add": Place("manager", "report", Status.SUBMITTED),
    "review-mark-withdraw": Place("manager", "report", Status.SUBMITTED),
    "report-extend": Place("manager", "report"),
    "report-claim": Place("reviewer", "report", Status.SUBMITTED),
    "report-release": Place("reviewer", "report", Status.SUBMITTED, written("next:hidden")),
    "report-assign": Place("manager", "report", Status.SUBMITTED),
    "spot-check-draw": Place("manager", "spot-check-draw-form"),
    "spot-check-record": Place("manager", "spot-check", Status.APPROVED),
    "spot-check-assign": Place("manager", "spot-check", Status.APPROVED),
    "spot-check-withdraw": Place("manager", "spot-check", Status.APPROVED),
    "rectification-issue": Place("manager", "rectification-form", Status.APPROVED),
    "rectification-answer": Place("filler", "rectification", Status.APPROVED),
    "rectification-judge": Place("reviewer", "rectification", Status.APPROVED),
    "rectification-remind": Place("manager", "rectification", Status.APPROVED),
    "rectification-withdraw": Place("manager", "rectification", Status.APPROVED),
    "publication-round-date": Place("manager", "publication"),
    "report-publication-date": Place("manager", "report-publication", Status.APPROVED),
    "report-publication-mark": Place("manager", "report-publication", Status.APPROVED),
    "publication-unmark": Place("manager", "report-publication", Status.APPROVED),
    "classify": Place("manager", "classified"),
    **{
        f"workspace-section:{section.key}": Place(
            "filler", "workspace-section", arguments=("report", section.key), fields=written("quiet:hidden")
        )
        for section in SECTIONS
        if section.key != "attachments"
    },
    "workspace-common-add": Place("filler", "workspace-common"),
    "workspace-approved-fill": Place("filler", "workspace-approved"),
    "workspace-project": Place("filler", "workspace-project"),
    "workspace-import": Place("filler", "workspace-import"),
    "workspace-import-preview": Place("filler", "workspace-import-preview"),
    "workspace-passage-settle": by_hand("filler", "answer:submit"),
    "workspace-attachment-upload": by_hand("filler", "file:file", "indicator:select"),
    "workspace-attachment-delete": by_hand("filler"),
    "api-unknown": by_hand("anonymous"),
}


def with_second_factor(world: World, *, confirmed: bool = True) -> None:
    TOTPDevice.objects.create(user=world.people["filler"], name="手机", confirmed=confirmed)


PREPARE: dict[str, Callable[[World], Any]] = {
    "bulk-go-on": lambda world: BulkRun.objects.update(beat_at=timezone.now() - timedelta(days=1)),
    "second-factor-confirm": lambda world: with_second_factor(world, confirmed=False),
    "second-factor-codes": with_second_factor,
    "second-factor-off": with_second_factor,
    "person-second-factor": with_second_factor,
    "person-on": lambda world: User.objects.filter(pk=world.people["filler"].pk).update(is_active=False),
    "round-reopen": lambda world: Round.objects.filter(pk=world.report.round_id).update(
        closed_at=timezone.now()
    ),
    "report-release": lambda world: Report.objects.filter(pk=world.report.pk).update(
        assigned_to=world.people["reviewer"]
    ),
    "report-step:publish": lambda world: Publication.objects.filter(report=world.report).update(
        withdrawn_at=timezone.now(), withdrawn_reason="更正"
    ),
    "bulk-start:publish": lambda world: Publication.objects.filter(report=world.report).update(
        withdrawn_at=timezone.now(), withdrawn_reason="更正"
    ),
    "rectification-judge": lambda world: Rectification.objects.update(status=RectificationState.ANSWERED),
}
"""What must be so before a form is there at all."""


def takes_post(route: Callable[..., Any]) -> bool:
    """Whether a view answers a POST: what its decorators name, else what its class has."""
    view: Any = route
    while view is not None:
        if "request_method_list" in view.__code__.co_freevars:
            position = view.__code__.co_freevars.index("request_method_list")
            return "POST" in view.__closure__[position].cell_contents
        if shown := getattr(view, "view_class", None):
            return hasattr(shown, "post")
        view = getattr(view, "__wrapped__", None)
    return True


def routes_that_take_post(resolver: URLResolver | None = None) -> Iterator[str]:
    """Names of all addresses that answer a POST, without the technical administration's."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if takes_post(pattern.callback):
                yield pattern.name or str(pattern.pattern)
        elif pattern.namespace not in (
            "admin",
            "api",
        ):  # the interface for programs is only read; it has its own fuzz test
            yield from routes_that_take_post(pattern)


# ------------------------------------------------------------------ what is sent

HUGE = "长" * 100_000
BLANK = ("", " \t\r\n　")
TEXTS: tuple[Value, ...] = (
    *BLANK,
    HUGE,
    "a\x00b",
    "\x07\x1b[31m\x7f\x85\u2028",
    "\ud83d",
    b"\xff\xfe\xe4\xb8",
    "１２３．４５％",
    "<script>alert(1)</script>\"'&{{7*7}}{% now 'Y' %}",
    "' OR 1=1 --",
    "../../../etc/passwd",
    "=HYPERLINK(1)",
    "\u202efdp.exe",
    "𬭎" * 300,
)
NUMBERS: tuple[Value, ...] = (
    "-1",
    "NaN",
    "Infinity",
    "1e999",
    "-1e308",
    "9" * 400,
    "9223372036854775808",
    "2147483648",
    "0",
    "１２",
    "٣",
    "1.23456789012345678901234567890",
    "1,2,3",
    "0x10",
    "²",
    "1_0",
)
DATES: tuple[Value, ...] = (
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
    "99999-12-31",
    "2023-02-30",
    "2月30日",
    "２０２４－０５－０１",
    "2024-05-01T25:61",
    "9999-12-31 23:59",
    "0001-01-01 00:00",
)
IDS: tuple[Value, ...] = ("-1", "0", "abc", "1,2", "9" * 30, "１", "²", "None", "[]", "\x00", "")
GOOD = {"number": "1", "date": "2024-05-01", "datetime-local": "2099-05-01T10:00", "email": "a@example.com"}


@dataclass(frozen=True)
class File:
    name: str
    content: bytes
    kind: str = "application/octet-stream"


FILES = (
    File("台账.pdf", b"", "application/pdf"),
    File("台账.pdf", b"PK\x03\x04 not a PDF", "application/pdf"),
    File("决算.xlsx", b"\x00" * 1000),
    File("决算.xlsx", pdf()),
    File("名单.xlsx", b"PK\x05\x06" + b"\x00" * 18),
    File("报告.docx", b"PK\x03\x04" + b"\xff" * 60),
    File("报告.txt", b"\xff\xfe\x00\xd8"),
    File("图.png", picture()[:60], "image/png"),
    File("a\x00b\r\nX: y.pdf", pdf(), "text/html"),
    File("长" * 300 + ".pdf", pdf()),
    File("", pdf()),
    File("台账.pdf", pdf(), "application/pdf"),
)


def hostile(field: Field, foreign: Sequence[str]) -> list[Value]:
    """What to try in a field, what goes against its kind first."""
    if field.kind in ("select", "radio", "checkbox", "hidden", "submit"):
        return [*IDS, *foreign, "unknown", *field.choices, *TEXTS, *NUMBERS]
    words = field.name.lower()
    if field.kind.startswith("date") or re.search(r"date|until|due|opens|deadline|since|starts|ends", words):
        return [*DATES, *TEXTS, *NUMBERS]
    if field.kind == "number" or re.search(
        r"score|points|weight|amount|actual|budget|final|version|year|posts|staff|rate", words
    ):
        return [*NUMBERS, *TEXTS]
    return [*TEXTS, *NUMBERS, *DATES]


def usual(field: Field) -> list[Value | File]:
    """What a person would send: as the page stands, blanks filled in."""
    if field.kind == "file":
        return [FILES[-1]]
    if any(field.values):
        return list(field.values)
    if field.kind in ("select", "radio", "checkbox", "submit", "hidden"):
        return [next((one for one in field.choices if one), "1")]
    return [GOOD.get(field.kind, "核对口径") if field.kind != "password" else "Wrong-pass-77"]


def body(sent: Iterable[tuple[str, Value | File]], *, multipart: bool) -> tuple[bytes, str]:
    """The request's body and its type, as bytes that no well-behaved client would let through."""
    if not multipart:
        pairs = [f"{quote_plus(name)}={quote_plus(raw(value))}" for name, value in sent]
        return "&".join(pairs).encode(), "application/x-www-form-urlencoded"
    parts = []
    for name, value in sent:
        head = f'--{CUT}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, File):
            head += f'; filename="{value.name}"\r\nContent-Type: {value.kind}'
            content = value.content
        else:
            content = raw(value)
        parts.append(raw(f"{head}\r\n\r\n") + content + b"\r\n")
    return b"".join(parts) + f"--{CUT}--\r\n".encode(), f"multipart/form-data; boundary={CUT}"


def raw(value: Value | File) -> bytes:
    if isinstance(value, File):
        return raw(value.name)
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


# ------------------------------------------------------------------ the district and its neighbours


@dataclass
class District:
    """The access test's world, another unit and another region in it, and everything as it stood."""

    world: World
    foreign: tuple[str, ...]
    """Keys of the neighbours' rows, to be sent where one's own are expected."""
    neighbours: dict[str, set[Any]]
    """By table: keys of the rows of the other region."""
    rows: dict[str, dict[Any, tuple]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    pages: dict[tuple[str, ...], list[Form]] = field(default_factory=dict)

    def client(self, person: str) -> Client:
        """The person, who has just signed in: once for all, because every post is taken back."""
        client = Client(raise_request_exception=True)
        if person in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client

    def sign_in(self) -> None:
        for person, user in self.world.people.items():
            if user:
                client = Client()
                client.force_login(user)
                self.sessions[person] = client.cookies[settings.SESSION_COOKIE_NAME].value


TABLES = {
    model._meta.db_table: model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy
}
UNWATCHED = frozenset({"django_session", "django_tasks_database_dbtaskresult"})
"""Sessions hold what was typed; tasks are queued by acts that have an entry themselves."""
WRITES = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)


def all_rows(table: str) -> dict[Any, tuple]:
    """By key: what stands in the row, in the order of the model's columns."""
    meta = TABLES[table]._meta
    names = ", ".join(connection.ops.quote_name(one.column) for one in (meta.pk, *meta.local_concrete_fields))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def make_district() -> District:
    """Everything that stands behind the places, made in the running transaction."""
    world = make_world()
    before = {table: set(all_rows(table)) for table in TABLES}
    region = make_region("430409", "远区")
    unit = make_department("远区档案馆", region=region)
    report = make_report(department=unit, dossier=make_dossier(department="远区档案馆"))
    people = [make_user(Role.FILLER, department=unit), make_user(Role.ROUND_MANAGER, region=region)]
    office = BusinessOffice.objects.create(region=region, name="农业股")
    make_mark(report, by=people[1])
    neighbours = {table: set(all_rows(table)) - before[table] for table in TABLES}
    other = make_report(department=make_department("示例区水利局"), dossier=make_dossier())
    approved = make_report(department=make_department("示例区统计局"), dossier=make_dossier())
    make_submission(approved)
    Report.objects.filter(pk=approved.pk).update(status=Status.APPROVED)
    foreign = (region, unit, report, report.profile, report.round, *people, office, other, other.department)
    keys = tuple(dict.fromkeys(str(row.pk) for row in foreign))
    made = District(world, keys, neighbours)
    made.sign_in()
    made.rows = {table: all_rows(table) for table in TABLES}
    return made


# ------------------------------------------------------------------ sending


@dataclass
class Target:
    """A place made ready: its address and its fields."""

    place: str
    address: str
    form: Form

    @property
    def multipart(self) -> bool:
        return self.form.multipart or any(one.kind == "file" for one in self.form.fields.values())


def page_address(world: World, line: str, arguments: tuple[str, ...] | None = None) -> str:
    stated = TABLE[line].arguments if arguments is None else arguments
    return reverse(route_of(line), args=[world.values.get(item, item) for item in stated if item != "none"])


def line_of(place: str) -> str:
    """The line of the access table that has the place's arguments."""
    route = place.partition(":")[0]
    return place if place in TABLE else next(line for line in TABLE if route_of(line) == route)


def target_of(district: District, place: str) -> Target:
    """The form of a place, read from its page with the report in the place's state."""
    stated, route = PLACES[place], place.partition(":")[0]
    added = {one.name: one for one in stated.fields}
    if not stated.page:
        arguments = stated.arguments
        if route in ("report-step", "round-act"):
            arguments = (route.partition("-")[0], place.partition(":")[2])
        address = page_address(district.world, line_of(place), arguments)
        return Target(place, address, Form(address, "post", False, added))
    address = page_address(district.world, stated.page, stated.arguments)
    key = (address, stated.person, stated.status, place if place in PREPARE else "")
    if key not in district.pages:
        with ready(district, place):
            answer = district.client(stated.person).get(address)
            assert answer.status_code in (200, 422), f"{place}: {address} answers {answer.status_code}"
        district.pages[key] = forms_of(answer.content.decode(), address)
    found = [one for one in district.pages[key] if goes_to(one.action, route, address)]
    assert found, f"{place}: no form on {address}"
    form = max(found, key=lambda one: len(one.fields))
    return Target(place, form.action, Form(form.action, "post", form.multipart, form.fields | added))


def goes_to(action: str, route: str, page: str) -> bool:
    try:
        return resolve(urlsplit(action or page).path).view_name == route
    except Resolver404:
        return False


@contextmanager
def ready(district: District, place: str) -> Iterator[dict[str, dict[Any, tuple]]]:
    """The report in the place's state, and all rows as they stand; whatever happens meanwhile is taken back."""
    with transaction.atomic():
        Report.objects.filter(pk=district.world.report.pk).update(status=PLACES[place].status)
        if place in PREPARE:
            PREPARE[place](district.world)
        yield {table: all_rows(table) for table in TABLES} if place in PREPARE else district.rows
        transaction.set_rollback(True)


Sent = list[tuple[str, Value | File]]


def send(district: District, target: Target, sent: Sent) -> list[str]:
    """Post it as the place's person and take it back; what is wrong with the answer or with what it changed."""
    place = PLACES[target.place]
    written_to: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := WRITES.match(sql):
            written_to.add(found[1])
        return execute(sql, params, many, context)

    content, kind = body(sent, multipart=target.multipart)
    with ready(district, target.place) as before:
        client = district.client(place.person)
        try:
            with connection.execute_wrapper(watch):
                answer = client.generic("POST", target.address, content, kind)
                page = b"".join(answer)  # a file is read, too
            wrong = answer_complaints(client, answer, page, target, sent)
        except Exception as error:
            return [f"{type(error).__name__}: {str(error)[:300]}"]
        wrong += change_complaints(district, before, written_to - UNWATCHED)
    return wrong


def answer_complaints(
    client: Client, answer: HttpResponse, page: bytes, target: Target, sent: Sent
) -> list[str]:
    """A refused form is shown again with a Chinese sentence and what was typed."""
    if answer.status_code >= 500 or answer.status_code == 405:
        return [f"answered {answer.status_code}"]
    html = page.decode(errors="replace")
    if answer.status_code >= 400 and answer["Content-Type"].startswith("text/html") and not is_chinese(html):
        return [f"answered {answer.status_code} in another language"]
    if answer.status_code == 302:
        return refusal_complaints(client, answer, target, sent)
    if answer.status_code != 422 or "text/html" not in answer["Content-Type"]:
        return [] if answer.status_code in ANSWERS else [f"answered {answer.status_code}"]
    wrong = [] if says_why(html) else ["refused without a Chinese sentence"]
    return wrong + lost(html, target, sent)


def refusal_complaints(client: Client, answer: HttpResponse, target: Target, sent: Sent) -> list[str]:
    """Refused by a sentence on the next page: the form there holds what was typed, if the form is there."""
    queued = getattr(answer.wsgi_request, "_messages", ())
    told = [one for one in getattr(queued, "_queued_messages", ()) if one.level >= messages.ERROR]
    if not told:
        return []
    if not all(is_chinese(str(one)) for one in told):
        return [f"refused in another language: {told[0]}"]
    if not texts_of(target, sent):
        return []
    page = client.get(answer["Location"])
    if page.status_code != 200:
        return [] if page.status_code in (302, 404) else [f"leads to {page.status_code}"]
    html = page.content.decode()
    route = target.place.partition(":")[0]
    forms = [one for one in forms_of(clean(html), answer["Location"]) if goes_to(one.action, route, "")]
    path = urlsplit(target.address).path
    there = {name for one in forms if urlsplit(one.action).path == path for name in one.fields}
    return lost(html, target, [(name, value) for name, value in sent if name in there])


ANSWERS = frozenset({200, 204, 400, 403, 404, 409, 413, 422, 429})
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def clean(text: str) -> str:
    """Without what a parser drops."""
    return CONTROL.sub("", text)


def same(text: str) -> str:
    return " ".join(clean(text).split())


def is_chinese(text: str) -> bool:
    return CHINESE.search(text) is not None


SAID = re.compile(
    r'<[^>]*(?:class="[^"]*(?:invalid-feedback|errorlist|alert-error|alert-warning|form-error|text-danger)[^"]*"|role="alert")[^>]*>'
    r"(?P<text>.{0,400})",
    re.DOTALL,
)


def says_why(html: str) -> bool:
    return any(is_chinese(re.sub(r"<[^>]*>", "", found["text"])) for found in SAID.finditer(html))


def lost(html: str, target: Target, sent: Sent) -> list[str]:
    """Names of the texts that were typed and are not shown again."""
    typed = texts_of(target, sent)
    shown: dict[str, set[str]] = {}
    for form in forms_of(clean(html), target.address) if typed else ():
        for one in form.fields.values():
            shown.setdefault(numberless(one.name), set()).update(same(value) for value in one.values)
    added = {one.name for one in PLACES[target.place].fields}
    return [
        f"typed into {name} and lost: {text[:40]!r}"
        for name, text in typed.items()
        if (numberless(name) in shown or name not in added) and text not in shown.get(numberless(name), ())
    ]


def numberless(name: str) -> str:
    """Rows are numbered anew when their order changes."""
    return re.sub(r"\d+", "#", name)


def texts_of(target: Target, sent: Sent) -> dict[str, str]:
    """What a person could have typed of it. Nobody can type into hidden fields: where those are wrong, nothing is owed."""
    last, fields = dict(sent), target.form.fields
    for one in fields.values():
        if one.kind == "hidden" and any(one.values) and last.get(one.name) not in one.values:
            return {}
    words = {
        name: same(force_str(raw(value), errors="replace"))
        for name, value in last.items()
        if name in fields and fields[name].kind in TYPED and name not in SECRET and not name.endswith(REMADE)
    }
    return {name: text for name, text in words.items() if text}


TYPED = frozenset({"text", "textarea", "tel", "email", "search", "date", "number", "datetime-local"})
SECRET = frozenset({"code"})
"""A code that was used or is wrong is typed anew."""
REMADE = "-order"
"""The template's page numbers its rows anew, 10, 20, 30, whatever stood there."""


def change_complaints(
    district: District, rows: dict[str, dict[Any, tuple]], written_to: set[str]
) -> list[str]:
    """Nothing of the neighbours changed, and what changed is in the log."""
    changed, wrong = set(), []
    for table in written_to & TABLES.keys():
        before, now = rows[table], all_rows(table)
        keys = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        if table == Report._meta.db_table:  # its state was set for the place
            keys.discard(district.world.report.pk)
        if keys:
            changed.add(table)
        if keys & district.neighbours[table]:
            wrong.append(f"changed another region's {table}")
        wrong += [
            f"{table} now names a row of another region"
            for key in keys & now.keys()
            if names_neighbour(district, table, now[key])
        ]
    if changed - UNLOGGED and AuditEntry._meta.db_table not in changed:
        wrong.append(f"changed without an entry in the log: {sorted(changed - UNLOGGED)}")
    return wrong


def names_neighbour(district: District, table: str, row: tuple) -> bool:
    fields = TABLES[table]._meta.local_concrete_fields
    return any(
        one.is_relation and value in district.neighbours.get(one.remote_field.model._meta.db_table, ())
        for one, value in zip(fields, row, strict=True)
        if value is not None
    )


UNLOGGED = frozenset(
    {
        "axes_accessattempt",  # the lock-out counts by it
        "departments_signin",  # when somebody was last seen
        "otp_totp_totpdevice",  # shown first, in use and logged when it is confirmed
        "reports_bulkrow",  # each report has its own entry when its turn comes
        "reports_bulkrun",
        "reports_notice",  # read or not
        "reports_presence",
        "reports_copiedpassage",  # worked out anew from the texts
        "reports_savedview",
    }
)
"""What a person keeps for himself, and what only leads to an act that has an entry."""


def describe(target: Target, sent: Sent) -> str:
    shown = [(name, f"{str(value)[:60]}…" if len(str(value)) > 60 else value) for name, value in sent]
    return f"{target.place} {target.address} {shown[:30]}"


def variants(target: Target, foreign: Sequence[str], turns: int) -> Iterator[Sent]:
    """A few posts, the same ones every time: nothing at all; each field in turn against its kind, some of them twice."""
    fields = list(target.form.fields.values())
    yield []
    if not fields:
        return
    for turn in range(turns):
        sent: Sent = []
        for position, one in enumerate(fields):
            if turn % 2:
                sent += [(one.name, value) for value in usual(one)][: position % 2]
            if one.kind == "file":
                sent.append((one.name, FILES[(turn * 5 + position) % len(FILES)]))
            # In every second post one field alone is wrong, so that it is not passed over for another's sake.
            elif turn % 2 == 0 or position == (turn // 2) % len(fields):
                pool = hostile(one, foreign)
                sent.append((one.name, pool[(turn * 3 + position * 7) % len(pool)]))
            else:
                sent += [(one.name, value) for value in usual(one)]
        yield sent
