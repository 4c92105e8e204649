"""deploy/nginx.conf in front of two app processes: static files, limits, headers, and whose address is believed."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from scripts.with_postgres import free_port
from tests.db import PASSWORD
from tests.soak.load import ROOT, Site, site

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(
        not shutil.which("nginx"), reason="nginx is not installed (Debian: apt-get install nginx)"
    ),
]
NAME = "evalsite.test"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
MEGABYTE = 1024 * 1024
PEOPLE = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
import django
django.setup()
from tests.db import make_department, make_report, make_user
unit = make_department()
report = make_report(department=unit)
make_user("filler", department=unit, username="filler")
print(report.pk)
"""
ATTEMPTS = """
import os, json
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evalsite.settings")
import django
django.setup()
from axes.models import AccessAttempt
print(json.dumps(sorted(AccessAttempt.objects.values_list("username", "ip_address"))))
"""


@dataclass
class Page:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Browser:
    """Keeps cookies; speaks TLS to nginx from an address of the loopback network."""

    port: int
    address: str = "127.0.0.1"
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Page:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=context, timeout=60, source_address=(self.address, 0)
        )
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {"Host": NAME, "Referer": f"https://{NAME}{path}"}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{key}={item.value}" for key, item in self.cookies.items())
        try:
            connection.request(method, path, body=body, headers=given)
            answer = connection.getresponse()
            for value in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(value)
            return Page(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def post(self, path: str, **fields: str) -> Page:
        token = TOKEN.search(self.ask("GET", path).text)[1]
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        return self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded")


@dataclass
class Front:
    """nginx with its two app processes."""

    site: Site
    http: int
    https: int
    report: int


@pytest.fixture(scope="module")
def front(tmp_path_factory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    with site(
        folder,
        f"sqlite:///{folder / 'db.sqlite3'}",
        EVALSITE_ENV="production",
        EVALSITE_BEHIND_PROXY="1",
        ALLOWED_HOSTS=f"{NAME},127.0.0.1",
    ) as made:
        made.python("manage.py", "collectstatic", "--noinput", "-v0")
        report = int(made.python("-c", PEOPLE))
        made.serve()
        made.serve()
        http_port, https_port = free_port(), free_port()
        nginx = _nginx(folder, http_port, https_port, made.ports)
        try:
            yield Front(made, http_port, https_port, report)
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)


def _nginx(folder: Path, http_port: int, https_port: int, ports: list[int]) -> subprocess.Popen:
    """nginx as the distribution has it, with the shipped file in its ``http`` block; only the words in CAPITALS change."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for word, value in {
        "WEB_PORT_1": ports[0],
        "WEB_PORT_2": ports[1],
        "HTTPS_PORT": https_port,
        "HTTP_PORT": http_port,
        "SITE_NAME": NAME,
        "CERTIFICATE_FILE": certificate,
        "KEY_FILE": key,
        "STATIC_FOLDER": settings.STATIC_ROOT,
        "EVALSITE_FOLDER": ROOT,
    }.items():
        assert word in text
        text = text.replace(word, str(value))
    (folder / "evalsite.conf").write_text(text)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    # Started by root it would read as www-data, which may not enter root's temporary folder.
    user = "user root; " if os.geteuid() == 0 else ""
    main.write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;\n"
        "events {}\n"
        f"http {{ include /etc/nginx/mime.types; access_log {folder}/access.log; {temporary}\n"
        f"include {folder}/evalsite.conf; }}\n"
    )
    subprocess.run(["nginx", "-t", "-c", str(main)], check=True, capture_output=True)
    process = subprocess.Popen(["nginx", "-c", str(main)])
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", https_port), timeout=1).close()
            return process
        except OSError:
            assert process.poll() is None and time.monotonic() < end, (folder / "error.log").read_text()
            time.sleep(0.1)


def test_static_files_come_from_nginx_and_are_kept(front):
    files = json.loads((Path(settings.STATIC_ROOT) / "staticfiles.json").read_text())["paths"]
    page = Browser(front.https).ask("GET", f"/static/{files['css/site.css']}", Accept_Encoding="gzip")
    assert page.status == 200
    assert page.headers["content-type"] == "text/css"
    assert page.headers["content-encoding"] == "gzip"
    assert page.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "x-request-id" not in page.headers
    assert Browser(front.https).ask("GET", "/static/../manage.py").status in (400, 404)


def test_http_leads_to_https(front):
    connection = http.client.HTTPConnection("127.0.0.1", front.http, timeout=20)
    connection.request("GET", "/queue/?all=1", headers={"Host": NAME})
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.getheader("Location") == f"https://{NAME}/queue/?all=1"


def test_headers_of_a_page_and_an_id_that_nobody_can_choose(front):
    page = Browser(front.https).ask("GET", "/login/", X_Request_ID="chosen-by-the-caller")
    assert page.status == 200
    assert re.fullmatch(r"[0-9a-f]{32}", page.headers["x-request-id"])
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert "nginx/" not in page.headers["server"]


def test_the_address_is_the_connections_own_whatever_the_caller_claims(front):
    """The lock-out counts by it: a claimed address must neither lock others out nor get round the lock."""
    for address in ("127.0.0.9", "127.0.0.10"):
        browser = Browser(front.https, address)
        token = TOKEN.search(browser.ask("GET", "/login/").text)[1]
        body = urlencode({"csrfmiddlewaretoken": token, "username": "filler", "password": "Wrong-pass-77"})
        page = browser.ask(
            "POST",
            "/login/",
            body.encode(),
            Content_Type="application/x-www-form-urlencoded",
            X_Forwarded_For="203.0.113.5",
        )
        assert page.status in (200, 422)
    assert json.loads(front.site.python("-c", ATTEMPTS)) == [
        ["filler", "127.0.0.10"],
        ["filler", "127.0.0.9"],
    ]


def test_figures_are_not_for_everybody(front):
    assert Browser(front.https, "127.0.0.1").ask("GET", "/metrics").status == 200
    assert Browser(front.https, "127.0.0.9").ask("GET", "/metrics").status == 403


def test_an_upload_beyond_the_limit_is_refused_in_chinese_and_one_below_it_by_the_page(front):
    assert 3 * settings.ATTACHMENT_MAX_BYTES < 64 * MEGABYTE
    page = Browser(front.https).ask("POST", "/login/", b"x" * (65 * MEGABYTE))
    assert page.status == 413
    assert "文件太大" in page.text

    browser = Browser(front.https)
    assert browser.post("/login/", username="filler", password=PASSWORD).status == 302
    address = f"/reports/{front.report}/fill/attachments/"
    token = TOKEN.search(browser.ask("GET", address).text)[1]
    file = b"%PDF-1.4\n" + b"0" * (21 * MEGABYTE)
    body = (
        (
            f'--cut\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        + file
        + b"\r\n--cut--\r\n"
    )
    sent = browser.ask("POST", f"{address}upload/", body, Content_Type="multipart/form-data; boundary=cut")
    assert sent.status == 302
    assert "20" in (text := browser.ask("GET", address).text) and "MB" in text


def test_one_process_is_enough_and_none_is_said_in_chinese(front):
    """The last test: it stops the app processes."""
    first, second = front.site.processes
    first.terminate()
    first.wait(timeout=20)
    assert [Browser(front.https).ask("GET", "/login/").status for _ in range(6)] == [200] * 6
    second.terminate()
    second.wait(timeout=20)
    page = Browser(front.https).ask("GET", "/login/")
    assert page.status == 502
    assert "系统暂时无法访问" in page.text
