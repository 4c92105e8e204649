"""Help: every page with the reader's own role first, every link of a step opens, every picture is there and small."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image

from departments.choices import Role
from departments.models import User
from reports.demo.load import ACCOUNTS
from tests.db import make_report, make_user

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).parents[2] / "scripts" / "help_pictures.py"
PAGES = [*(("help-role", role.value) for role in Role), ("help-questions",), ("help-terms",)]
LARGEST = 60 * 1024


def script():
    spec = importlib.util.spec_from_file_location("help_pictures", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up while it is made.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "help_pictures", module)
        spec.loader.exec_module(module)
    return module


def body(page: str) -> str:
    return page.partition('<article class="help-body')[2].partition("</article>")[0]


@pytest.mark.parametrize("role", Role)
def test_every_link_of_a_step_opens_for_the_role(client, role):
    make_report()
    client.force_login(make_user(role))
    text = body(client.get(reverse("help-role", args=[role.value])).text)
    links = set(re.findall(r'href="([^"]+)"', text))
    assert links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_pictures_shown_are_those_of_the_script_and_small(client):
    shown = []
    for name, *arguments in PAGES:
        text = client.get(reverse(name, args=arguments)).text
        shown += re.findall(r'src="[^"]*help/([\w-]+)(?:\.\w+)?\.webp" alt="页面图：[^"]+"', text)
    assert sorted(shown) == sorted(picture.name for picture in script().PICTURES)
    for name in shown:
        path = Path(finders.find(f"help/{name}.webp"))
        assert path.stat().st_size <= LARGEST, name
        with Image.open(path) as image:
            assert image.width == script().WIDTH, name


def test_every_role_has_pictures():
    accounts = {account.username for account in ACCOUNTS}
    assert {picture.account for picture in script().PICTURES} == accounts


@pytest.mark.parametrize("role", Role)
def test_help_begins_with_the_own_role(client, role):
    client.force_login(make_user(role))
    assert reverse("help") in client.get(reverse("home")).text
    page = client.get(reverse("help"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("help-role", args=[role.value])
    assert page.context["roles"][0] == (role.value, role.label, True)
    assert page.text.count("我的角色") == 1


def test_help_is_read_before_signing_in_and_with_a_one_time_password(client):
    assert reverse("help") in client.get(reverse("login")).text
    assert client.get(reverse("help"), follow=True).redirect_chain[-1][0] == reverse("help-questions")
    person = make_user("filler")
    User.objects.filter(pk=person.pk).update(must_change_password=True)
    client.force_login(person)
    assert client.get(reverse("home")).status_code == 302
    assert client.get(reverse("help-role", args=["filler"])).status_code == 200


def test_an_unknown_role_has_no_page(client):
    assert client.get(reverse("help-role", args=["king"])).status_code == 404
