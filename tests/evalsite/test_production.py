"""What production refuses to start with. Each case is a fresh interpreter: settings are read once a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from departments.models import User
from evalsite.startup import refuse_demo_data

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "EVALSITE_ENV": "production",
    "SECRET_KEY": "k" * 30 + "0123456789-abcdefghij-XYZ",
    "ALLOWED_HOSTS": "pingjia.example.test",
}


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    # The browser tests of the same process set a variable that production rightly complains of.
    ours = {*GOOD, "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    clean = {key: value for key, value in os.environ.items() if key not in ours}
    return subprocess.run(
        [sys.executable, "manage.py", *(arguments or ("check",))],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"DEBUG": "1"}, "DEBUG"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"EVALSITE_ENV": "prod"}, "EVALSITE_ENV"),
    ],
)
def test_a_careless_production_start_is_refused(change, says):
    refused = start(**(GOOD | change))
    assert refused.returncode != 0
    assert says in refused.stderr


def test_a_careful_production_passes_the_deployment_check():
    passed = start("check", "--deploy", "--fail-level", "WARNING", **GOOD)
    assert passed.returncode == 0, passed.stderr


def test_a_key_that_begins_with_a_dollar_sign_is_a_key():
    passed = start(**(GOOD | {"SECRET_KEY": "$" + GOOD["SECRET_KEY"]}))
    assert passed.returncode == 0, passed.stderr


@pytest.mark.django_db
def test_production_refuses_demo_accounts(settings):
    User.objects.create(username="filler", name="演示", is_demo=True)
    refuse_demo_data()
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured):
        refuse_demo_data()


def test_demo_data_is_refused_outside_the_demo():
    refused = start("load_demo", EVALSITE_ENV="development")
    assert refused.returncode != 0
    assert "演示环境" in refused.stderr
