#!/usr/bin/env python3
"""Prepares the fonts of GB/T 9704 (公文格式) once, in a cache folder outside the repository.

Why: an official document is set in 小标宋, 仿宋, 楷体 and 黑体. The licensed families may not be given
away, and the free ones (Fandol, GPL with font exception) come as CFF outlines, which the PDF library
cannot embed. So Debian's package is downloaded and unpacked (TeX itself is never installed), the five
faces are converted to TrueType, and BabelStone Han is laid beside them for the rare characters that
Fandol lacks (犇 喆 翀 赟 ...). No right of administration is needed and nothing on the system changes.

The folder: $EVALSITE_FONT_DIR, else $XDG_CACHE_HOME/evalsite/fonts, else ~/.cache/evalsite/fonts, else
var/fonts in the repository. `manifest.json` lists each file with its SHA-256 and is written after every
finished font, so an interrupted run goes on where it stopped and is never taken for a complete one.

Takes about 90 seconds on two cores the first time and a fraction of a second afterwards. Only the standard
library is used here; the converter lives in an environment of its own that is thrown away.

Exit code: 0 complete, 1 not complete (with --optional: 0 and a warning, a substitute font is used then).
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "scripts" / "requirements-fonts.txt"
RECIPE = "1"  # raise it when the way of making the fonts changes: every cache is then made anew
AT_ONCE = 2  # a conversion keeps one core busy for about 25 seconds

FANDOL = "texlive-lang-chinese"
BABELSTONE = "fonts-babelstone-han"
# file in the cache -> (use in the document, Debian package, file in the package)
FONTS = {
    "BabelStoneHan.ttf": ("rare characters", BABELSTONE, "BabelStoneHan.ttf"),
    "FandolSong-Bold.ttf": ("title, 小标宋", FANDOL, "FandolSong-Bold.otf"),
    "FandolFang-Regular.ttf": ("body, 仿宋", FANDOL, "FandolFang-Regular.otf"),
    "FandolKai-Regular.ttf": ("second-level headings, 楷体", FANDOL, "FandolKai-Regular.otf"),
    "FandolHei-Regular.ttf": ("first-level headings, 黑体", FANDOL, "FandolHei-Regular.otf"),
    "FandolSong-Regular.ttf": ("page numbers, 宋体", FANDOL, "FandolSong-Regular.otf"),
}


class CannotPrepare(Exception):
    """Something from outside is missing (network, package, converter); the message says what."""


def say(message: str) -> None:
    print(f"fonts: {message}", flush=True)


# ---------------------------------------------------------------- the cache folder


def choose_folder() -> Path:
    """The first candidate that can be written to; the one set by hand is never replaced silently."""
    if chosen := os.environ.get("EVALSITE_FONT_DIR"):
        return Path(chosen).expanduser().absolute()
    caches = []
    if cache := os.environ.get("XDG_CACHE_HOME"):
        caches.append(Path(cache))
    if home := os.environ.get("HOME"):
        caches.append(Path(home) / ".cache")
    for cache in caches:
        folder = cache / "evalsite" / "fonts"
        if folder.is_absolute() and can_write(folder):
            return folder
    return ROOT / "var" / "fonts"


def can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


@contextmanager
def only_one(folder: Path):
    """Two commands started together share one preparation: the second waits and finds it done."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another command is preparing them; waiting")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# ---------------------------------------------------------------- the manifest


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, dict]:
    """The fonts that are there, unchanged, and made by the present recipe."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["recipe"] != RECIPE:
            return {}
        return {
            name: entry
            for name, entry in manifest["fonts"].items()
            if name in FONTS and (folder / name).is_file() and sha256(folder / name) == entry["sha256"]
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_manifest(folder: Path, fonts: dict[str, dict]) -> None:
    content = {"recipe": RECIPE, "complete": set(fonts) == set(FONTS), "fonts": dict(sorted(fonts.items()))}
    temporary = folder / "manifest.json.new"
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    temporary.replace(folder / "manifest.json")


def has_truetype_outlines(path: Path) -> bool:
    """Whether the file is a TrueType font with glyph outlines, the only kind that can be embedded."""
    with path.open("rb") as file:
        header = file.read(12)
        if len(header) < 12 or header[:4] != b"\x00\x01\x00\x00":
            return False
        tables = [file.read(16)[:4] for _ in range(struct.unpack(">H", header[4:6])[0])]
    return {b"glyf", b"loca", b"cmap"} <= set(tables)


# ---------------------------------------------------------------- downloading and converting


def run(command: list[str], failure: str, **options) -> str:
    """Runs one quiet command; its own words are shown only when it fails."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **options,
        )
    except FileNotFoundError as problem:
        raise CannotPrepare(f"{failure}: {problem.filename} is not on this machine") from problem
    if done.returncode:
        raise CannotPrepare(f"{failure}: {' '.join(done.stdout.split()[-60:])}")
    return done.stdout


def download(packages: list[str], work: Path) -> dict[str, Path]:
    """Unpacks Debian packages below `work` without installing them; gives each one's folder.

    apt keeps its lists in `work` as well: this way no rights are needed, and it also works in a fresh
    container, where the system's own lists are empty.
    """
    state, target = work / "apt", work / "packages"
    for folder in (state / "lists" / "partial", state / "cache" / "archives" / "partial", target):
        folder.mkdir(parents=True)
    if os.geteuid() == 0:
        # As root, apt downloads as the user _apt, who must be able to write there.
        work.chmod(0o755)
        for folder in (target, state / "lists" / "partial", state / "cache" / "archives" / "partial"):
            with suppress(LookupError):  # no such user: then apt does not change to it either
                shutil.chown(folder, "_apt")
    apt = ["apt-get", "-q", "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30"]
    apt += ["-o", f"Dir::State::lists={state / 'lists'}", "-o", f"Dir::Cache={state / 'cache'}"]
    run([*apt, "update"], "the list of Debian packages could not be read", cwd=target)
    run([*apt, "download", *packages], "Debian packages could not be downloaded", cwd=target)

    unpacked = {}
    for package in packages:
        archive = next(target.glob(f"{package}_*.deb"))
        unpacked[package] = work / "unpacked" / package
        unpacked[package].mkdir(parents=True)
        run(["dpkg-deb", "-x", str(archive), str(unpacked[package])], f"{archive.name} could not be unpacked")
        unpacked[package].joinpath("version").write_text(archive.name.split("_")[1].replace("%3a", ":"))
        archive.unlink()
    return unpacked


def install_converter(work: Path) -> Path:
    say("installing the converter")
    environment = work / "converter"
    run([sys.executable, "-m", "venv", str(environment)], "the converter's environment could not be made")
    pip = [str(environment / "bin" / "pip"), "--disable-pip-version-check"]
    run([*pip, "install", "--quiet", "-r", str(REQUIREMENTS)], "the converter could not be installed")
    return environment / "bin" / "otf2ttf"


def make(name: str, folder: Path, unpacked: Path, converter: Path | None) -> dict:
    """Makes one font and moves it into the cache in one step; gives its entry for the manifest."""
    use, package, wanted = FONTS[name]
    source = next(unpacked.rglob(wanted), None)
    if source is None:
        raise CannotPrepare(f"{wanted} is not in Debian's package {package}")
    temporary = folder / f"{name}.new"
    temporary.unlink(missing_ok=True)
    if converter:
        command = [str(converter), "--overwrite", "-o", str(temporary), str(source)]
        # A fixed time stamp inside the font: the same fonts on every machine, hence the same documents.
        run(command, f"{wanted} could not be converted", env=os.environ | {"SOURCE_DATE_EPOCH": "1672531200"})
    else:
        shutil.copyfile(source, temporary)
    if not has_truetype_outlines(temporary):
        temporary.unlink()
        raise CannotPrepare(f"{name} is not a TrueType font after the conversion")
    entry = {
        "use": use,
        "sha256": sha256(temporary),
        "bytes": temporary.stat().st_size,
        "source": f"{package} {unpacked.joinpath('version').read_text()}",
    }
    temporary.replace(folder / name)
    return entry


def prepare(folder: Path) -> None:
    """Makes whatever the cache lacks."""
    if not can_write(folder):
        raise CannotPrepare(f"the folder {folder} cannot be written to")
    with only_one(folder):
        ready = read_manifest(folder)
        missing = [name for name in FONTS if name not in ready]
        if not missing:
            say(f"complete in {folder}")
            return
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="evalsite-fonts-") as temporary:
            work = Path(temporary)
            packages = sorted({FONTS[name][1] for name in missing})
            say(f"downloading {' and '.join(packages)} (about 60 MB in all)")
            unpacked = download(packages, work)

            converted = [name for name in missing if FONTS[name][2].endswith(".otf")]
            for name in missing:
                if name not in converted:  # first what needs no converter: it helps even if the rest fails
                    ready[name] = make(name, folder, unpacked[FONTS[name][1]], None)
                    write_manifest(folder, ready)
            if converted:
                converter = install_converter(work)
                say(f"converting {len(converted)} font(s), {AT_ONCE} at a time; this is done only once")
                convert(converted, ready, folder, unpacked[FANDOL], converter)
        say(f"complete in {folder} after {time.monotonic() - started:.0f} s")


def convert(names: list[str], ready: dict[str, dict], folder: Path, unpacked: Path, converter: Path) -> None:
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        jobs = {pool.submit(make, name, folder, unpacked, converter): name for name in names}
        try:
            for count, job in enumerate(as_completed(jobs), start=1):
                ready[jobs[job]] = job.result()
                write_manifest(folder, ready)
                seconds = time.monotonic() - started
                say(f"[{count}/{len(names)}] {jobs[job]} ({FONTS[jobs[job]][0]}), {seconds:.0f} s")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--optional", action="store_true", help="a failure is only a warning")
    options = parser.parse_args()
    folder = choose_folder()
    try:
        prepare(folder)
    except (CannotPrepare, OSError) as problem:
        print(
            f"WARNING: the official fonts are not prepared ({problem}). "
            "Documents are set in a substitute font until `make fonts` succeeds.",
            file=sys.stderr,
        )
        return 0 if options.optional else 1
    except KeyboardInterrupt:
        say("stopped; the next run goes on from here")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
