"""Helps for the workspace's tests: the page's form as a browser would send it, without a browser."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from departments.models import User
from reports.models import Report
from reports.workspace.rows import ROWS


class _Form(HTMLParser):
    """Collects the fields of ``<form id="fill">``, as submitting it would (patterns in ``<template>`` are not sent)."""

    def __init__(self) -> None:
        super().__init__()
        self.data: list[tuple[str, str]] = []
        self.inside = self.in_template = False
        self.textarea = self.select = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == "fill"
        if tag == "template":
            self.in_template = True
        if not self.inside or self.in_template or "form" in found:
            return
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "input" and name and not name.startswith("delete:") and "disabled" not in found:
            if found.get("type") != "checkbox" or "checked" in found:
                self.data.append((name, value or ("on" if found.get("type") == "checkbox" else "")))
        elif tag == "textarea":
            self.textarea, self.text = name, ""
        elif tag == "select":
            self.select = name
            self.data.append((name, ""))
        elif tag == "option" and self.select and "selected" in found:
            self.data[-1] = (self.select, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.in_template = False
        elif tag == "form":
            self.inside = False
        elif tag == "textarea" and self.textarea:
            self.data.append((self.textarea, self.text.removeprefix("\n")))
            self.textarea = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data


def form_of(html: str) -> dict[str, Any]:
    """What the browser would send of the page's form; names sent several times become lists."""
    parser = _Form()
    parser.feed(html)
    data: dict[str, Any] = {}
    for name, value in parser.data:
        if name.startswith(ROWS):
            data.setdefault(name, []).append(value)
        else:
            data[name] = value
    return data


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(report: Report, section: str) -> str:
    return reverse("workspace-section", args=[report.pk, section])


class Page:
    """One section opened by one person: read its form, change some fields, send it."""

    def __init__(self, user: User, report: Report, section: str, url: str = "") -> None:
        self.client, self.url = client_of(user), url or address(report, section)
        self.open()

    def open(self) -> Page:
        self.response = self.client.get(self.url)
        assert self.response.status_code == 200, self.response.status_code
        self.html = self.response.content.decode()
        self.data = form_of(self.html)
        return self

    def rows(self, prefix: str) -> list[str]:
        """Names of the filled rows; the last one is the empty row for browsers without scripts."""
        return self.data[f"{ROWS}{prefix}"][:-1]

    def blank_row(self, prefix: str) -> str:
        return self.data[f"{ROWS}{prefix}"][-1]

    def send(self, changes: dict[str, Any] | None = None, *, htmx: bool = False) -> Any:
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(self.url, self.data | (changes or {}), headers=headers)
