"""clamd is asked where it is configured; what it finds, and its silence, stop the upload."""

from __future__ import annotations

import socket
import struct
import threading

import pytest

from reports.virus_scan import Infected, scan


@pytest.fixture
def clamd(settings):
    """A clamd that finds whatever contains ``EICAR``."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD_ADDRESS = f"127.0.0.1:{server.getsockname()[1]}"
    heard: list[bytes] = []

    def serve() -> None:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(size)
            heard.append(content)
            connection.sendall(b"stream: Eicar FOUND\0" if b"EICAR" in content else b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield heard
    server.close()
    thread.join(5)


def test_a_clean_file_is_sent_whole(clamd):
    scan([b"a" * 300_000, b"b"])
    assert clamd == [b"a" * 300_000 + b"b"]


def test_an_infected_file_is_refused(clamd):
    with pytest.raises(Infected, match="拦下"):
        scan([b"EICAR"])


def test_a_scanner_that_does_not_answer_stops_the_upload(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings.CLAMD_ADDRESS = f"127.0.0.1:{port}"
    with pytest.raises(Infected, match="没有响应"):
        scan([b"x"])


def test_without_a_scanner_every_file_passes(settings):
    settings.CLAMD_ADDRESS = ""
    scan([b"EICAR"])
