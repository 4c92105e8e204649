"""The forms of a page as a browser would send them: their fields with what stands in them, without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

TOKEN = "csrfmiddlewaretoken"
UNSENT = frozenset({"button", "reset", "image"})
TICKED = frozenset({"checkbox", "radio"})


@dataclass(frozen=True)
class Field:
    """One name of a form."""

    name: str
    kind: str
    """The ``type`` of an ``<input>``, or ``textarea``, ``select``, ``submit``."""
    values: tuple[str, ...] = ()
    """What would be sent as the page stands."""
    choices: tuple[str, ...] = ()
    """What could be chosen, of a list, of boxes and of buttons."""

    @property
    def takes_text(self) -> bool:
        return self.kind in {"text", "textarea", "search", "tel", "email", "url"}


@dataclass(frozen=True)
class Form:
    """One ``<form>``: where it goes, and its fields by name."""

    action: str
    method: str
    multipart: bool
    fields: dict[str, Field] = field(default_factory=dict)

    def data(self) -> dict[str, list[str]]:
        """What would be sent as the page stands, without the token and without a button."""
        sent = self.fields.values()
        return {
            one.name: list(one.values) for one in sent if one.values and one.kind not in ("submit", "file")
        }


def forms_of(html: str, page: str) -> list[Form]:
    """All forms of a page; ``page`` is its address, to which a form without ``action`` goes back."""
    tree = lxml.html.fromstring(html)
    for pattern in tree.iter("template"):  # not sent
        pattern.clear()
    named = {form.get("id"): form for form in tree.iter("form") if form.get("id")}
    held: dict[HtmlElement, list[HtmlElement]] = {form: [] for form in tree.iter("form")}
    for element in tree.iter("input", "select", "textarea", "button"):
        if owner := element.get("form"):
            form = named.get(owner)
        else:
            form = next(element.iterancestors("form"), None)
        if form is not None and element.get("name") and element.get("disabled") is None:
            held[form].append(element)
    return [_form(form, elements, page) for form, elements in held.items()]


def _form(form: HtmlElement, elements: list[HtmlElement], page: str) -> Form:
    fields: dict[str, Field] = {}
    for element in elements:
        found = _field(element)
        if found is None or found.name == TOKEN:
            continue
        if before := fields.get(found.name):
            found = Field(
                found.name,
                before.kind if before.kind != "hidden" else found.kind,
                before.values + found.values,
                before.choices + found.choices,
            )
        fields[found.name] = found
    return Form(
        urlsplit(urljoin(page, form.get("action") or page)).geturl(),
        (form.get("method") or "get").lower(),
        form.get("enctype") == "multipart/form-data",
        fields,
    )


def _field(element: HtmlElement) -> Field | None:
    name, tag = element.get("name"), element.tag
    if tag == "textarea":
        return Field(name, "textarea", ((element.text or "").removeprefix("\n"),))
    if tag == "select":
        options = [
            (option.get("value", option.text or ""), option.get("selected") is not None)
            for option in element.iter("option")
        ]
        chosen = tuple(value for value, is_chosen in options if is_chosen)
        if not chosen and options and element.get("multiple") is None:
            chosen = (options[0][0],)
        return Field(name, "select", chosen, tuple(value for value, _ in options))
    kind = (element.get("type") or ("submit" if tag == "button" else "text")).lower()
    if kind in UNSENT:
        return None
    value = element.get("value", "on" if kind in TICKED else "")
    if kind in TICKED:
        return Field(name, kind, (value,) if element.get("checked") is not None else (), (value,))
    if kind == "submit":
        return Field(name, kind, (), (value,))
    return Field(name, kind, (value,))
