#!/usr/bin/env bash
# `make test`: installs what the tests need on a bare Debian machine, then runs every check.
#
# Why: "it was not tested because the tool was missing" must not happen. The browser, PostgreSQL,
# poppler and the fonts are installed when they are missing, and a tool that cannot be had is a failure.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$ROOT"

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
# Without a Chinese font the browser draws boxes, and a test of the layout sees the wrong widths.
compgen -G "/usr/share/fonts/opentype/noto/NotoSansCJK*" >/dev/null || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"

install_requirements requirements-dev.txt
clean_environment
# Said aloud, because a developer's .env would fill in what is not set.
export EVALSITE_ENV=development
export DATABASE_URL="sqlite:///$ROOT/var/test/db.sqlite3"

exec "$VENV/bin/python" scripts/run_checks.py
