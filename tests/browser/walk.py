"""Every page that the access table lists, as each role gets it: a new route is walked without anybody adding it here."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from reports.models import Report
from tests.test_access import PEOPLE, TABLE, World, address

PAGE_CODES = {"200", "422"}
REFUSALS = {"403", "404"}
LOOKS = 2
"""So many differing forms of one page are looked at: as the first person gets it, and the next who gets it otherwise."""
ONE_TIME = re.compile(r'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"| aria-current="page"')
HEADER = re.compile(r'<header class="site-header">.*?</header>', re.DOTALL)


@dataclass(frozen=True)
class Stop:
    """One page to look at: the line of the table, who looks, the address, and which form of the page (1 is the first)."""

    line: str
    person: str
    url: str
    look: int


@dataclass
class Seen:
    """What was looked at already; the same page under the same menu is not looked at again for another role."""

    headers: set[str] = field(default_factory=set)
    rests: set[str] = field(default_factory=set)

    def is_new(self, response: HttpResponse) -> bool:
        html = ONE_TIME.sub("", response.content.decode())
        header = HEADER.search(html)
        keys = (
            _digest(header.group() if header else ""),
            _digest(HEADER.sub("", html)),
        )
        known = keys[0] in self.headers and keys[1] in self.rests
        self.headers.add(keys[0])
        self.rests.add(keys[1])
        return not known


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def cookies(client: Client, base: str) -> list[dict[str, str]]:
    """The client's session for a browser's context; nothing for who is not signed in."""
    session = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return [{"name": session.key, "value": session.value, "url": base}] if session else []


def stops(world: World, wanted: Callable[[str], bool]) -> Iterator[Stop]:
    """Pages of the wanted GET lines (and one refusal of each kind), downloads left out by what they are."""
    seen, refused, looks = Seen(), set(), Counter()
    for line, route in TABLE.items():
        if route.method != "get" or not wanted(line):
            continue
        Report.objects.filter(pk=world.report.pk).update(status=route.status)
        url = address(world, line)
        for person, code in zip(PEOPLE, route.codes.split(), strict=True):
            if code not in PAGE_CODES and (code not in REFUSALS or (code, person == "anonymous") in refused):
                continue
            if looks[line] == LOOKS:
                break
            response = world.client(person).get(url)
            if not response.get("Content-Type", "").startswith("text/html") or response.streaming:
                continue
            if code in REFUSALS:
                refused.add((code, person == "anonymous"))
            if seen.is_new(response):
                looks[line] += 1
                yield Stop(line, person, url, looks[line])
