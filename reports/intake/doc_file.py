"""Old Word files (.doc): turned into .docx by LibreOffice where it is installed, else a sentence what to do."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from reports.intake.errors import IntakeError

PATIENCE = 60
"""Seconds."""


def converted(data: bytes) -> bytes:
    """The same document as .docx. Raises :class:`IntakeError`."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise IntakeError("旧版 Word 文件（.doc）不能直接读取，请用 Word 或 WPS 打开，另存为 .docx 后再上传")
    with tempfile.TemporaryDirectory(prefix="evalsite-doc-") as folder:
        source = Path(folder) / "report.doc"
        source.write_bytes(data)
        command = [
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--norestore",
            "--convert-to",
            "docx",
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603
            return (Path(folder) / "report.docx").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise IntakeError(
                "旧版 Word 文件（.doc）转换失败，请用 Word 或 WPS 打开，另存为 .docx 后再上传"
            ) from error
