"""Asking clamd about an uploaded file, where the site has one (``EVALSITE_CLAMD``); without it every file passes.

A scanner that is set up but does not answer stops the upload: a file must not pass because the guard is away.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable

from django.conf import settings

PATIENCE = 20.0
"""Seconds for connection and answer."""
CHUNK = 256 * 1024


class Infected(ValueError):
    """The file is not taken; the message says why in Chinese."""


def scan(chunks: Iterable[bytes]) -> None:
    """Send the content to clamd (INSTREAM). Raises :class:`Infected` when it finds something or does not answer."""
    address = getattr(settings, "CLAMD_ADDRESS", "")
    if not address:
        return
    try:
        answer = _asked(address, chunks)
    except OSError as error:
        raise Infected("病毒扫描服务没有响应，文件没有接收，请稍后再试或联系系统管理员") from error
    if answer.endswith("FOUND"):
        raise Infected("文件被病毒扫描拦下，没有接收")
    if not answer.endswith("OK"):
        raise Infected("病毒扫描没有完成，文件没有接收，请稍后再试或联系系统管理员")


def _asked(address: str, chunks: Iterable[bytes]) -> str:
    with _connected(address) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            for start in range(0, len(chunk), CHUNK):
                part = chunk[start : start + CHUNK]
                connection.sendall(struct.pack("!I", len(part)) + part)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(address: str) -> socket.socket:
    """``/run/clamav/clamd.ctl`` or ``127.0.0.1:3310``."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)
