"""The people of the load tests: each with a browser's patience and a note of what was acknowledged."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.reports.workspace.pages import form_of

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds that a person waits for an answer."""
CELLS = re.compile(
    r"money\.expenditure\.(basic|personnel|public|project)\.(initial_budget|full_budget|actual)$"
)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
STAMP = re.compile(r'name="expected" value="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """One request and what came back; ``status`` 0 is a connection that broke."""

    kind: str
    started: float
    ended: float
    status: int
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return 200 <= self.status < 400

    @property
    def seconds(self) -> float:
        return self.ended - self.started


class Person(threading.Thread):
    """Somebody at a browser until ``leave`` is set. Each request has a connection of its own and
    goes to the next of the web servers, as behind a balancer without sticky sessions."""

    def __init__(
        self, ports: list[int], cookies: dict[str, str], pause: float, leave: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self.ports, self.cookies, self.pause, self.leave = itertools.cycle(ports), dict(cookies), pause, leave
        self.answers: list[Answer] = []
        self.fault = ""
        self.ready = threading.Event()
        """Set once the person is at work."""

    def run(self) -> None:
        try:
            self.leave.wait(random.uniform(0, self.pause))
            self.work()
        except Exception as error:
            self.fault = f"{type(error).__name__}: {error}"

    def work(self) -> None:
        raise NotImplementedError

    def ask(self, kind: str, path: str, data: dict[str, Any] | None = None, **headers: str) -> Answer:
        """One request; its answer is noted."""
        started = time.monotonic()
        connection = http.client.HTTPConnection(HOST, next(self.ports), timeout=PATIENCE)
        headers |= {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Connection": "close",
        }
        try:
            if data is None:
                connection.request("GET", path, headers=headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", path, urlencode(data, doseq=True), headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            answer = Answer(kind, started, time.monotonic(), 0, repr(error))
        else:
            for name, value in response.getheaders():
                if name == "Set-Cookie":
                    self.cookies |= {key: item.value for key, item in SimpleCookie(value).items()}
            answer = Answer(
                kind, started, time.monotonic(), response.status, text, dict(response.getheaders())
            )
        finally:
            connection.close()
        self.answers.append(answer)
        return answer

    def insist(self, kind: str, path: str) -> Answer | None:
        """A page, asked for again until it comes; ``None`` when it is time to leave."""
        while not self.leave.is_set():
            answer = self.ask(kind, path)
            if answer.good:
                return answer
            self.leave.wait(1)
        return None


class Saver(Person):
    """Types into one section, a cell at a time; the page saves by itself and, after a failure, tries again.

    ``most`` is the number of saves after which the person is done; 0 goes on until it is time to leave.
    """

    def __init__(
        self, ports: list[int], stated: dict[str, Any], pause: float, leave: threading.Event, most: int = 0
    ) -> None:
        super().__init__(ports, stated["cookies"], pause, leave)
        self.most = most
        self.report, self.url = stated["report"], stated["url"]
        self.acknowledged: dict[str, str] = {}
        self.unanswered: dict[str, list[str]] = {}
        self.version = 0

    def work(self) -> None:
        page = self.insist("open section", self.url)
        if page is None:
            return
        data = form_of(page.text)
        cells = sorted(name for name in data if CELLS.match(name))
        self.ready.set()
        number = 0
        while not self.leave.is_set() and (not self.most or number < self.most):
            cell, typed = cells[number % len(cells)], f"{1000 + number}.{self.report % 100:02}"
            number += 1
            data[cell] = typed
            while not self.leave.is_set() and not self.save(data, cell, typed):
                self.leave.wait(1)
            self.leave.wait(max(0.0, self.pause - self.answers[-1].seconds))

    def save(self, data: dict[str, Any], cell: str, typed: str) -> bool:
        """Whether it was acknowledged."""
        answer = self.ask("save", self.url, data, **{"HX-Request": "true"})
        told = json.loads(answer.headers.get("HX-Trigger", "{}")).get("workspace:answer", {})
        if told.get("state") == "saved":
            self.version = data["version"] = told["version"]
            self.acknowledged[cell] = typed
            self.unanswered.pop(cell, None)
            return True
        self.unanswered.setdefault(cell, []).append(typed)
        if answer.good:
            raise AssertionError(f"not saved: {told or answer.text[:300]}")
        return False

    def told(self) -> dict[str, Any]:
        """For the checker."""
        return {
            "report": self.report,
            "version": self.version,
            "acknowledged": self.acknowledged,
            "unanswered": self.unanswered,
        }


class Reviewer(Person):
    """Looks at the queue, opens a report, approves it, takes the next one."""

    def __init__(
        self, ports: list[int], stated: dict[str, Any], pause: float, leave: threading.Event
    ) -> None:
        super().__init__(ports, stated["cookies"], pause, leave)
        self.queue, self.waiting = stated["queue"], stated["waiting"]
        self.approved: list[int] = []

    def work(self) -> None:
        self.ready.set()
        for item in self.waiting:
            if self.insist("queue", self.queue) is None:
                return
            page = self.insist("open report", item["url"])
            if page is None:
                return
            if (stamp := STAMP.search(page.text)) and item["step"] in page.text:
                data = {"csrfmiddlewaretoken": TOKEN.search(page.text)[1], "expected": stamp[1]}
                if self.ask("approve", item["step"], data).good:
                    self.approved.append(item["report"])
            self.leave.wait(self.pause)
