#!/usr/bin/env bash
# `make soak`: installs what the load and kill tests need on a bare Debian machine, then runs them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$ROOT"

missing=()
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx)
[ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"

install_requirements requirements-dev.txt
clean_environment
"$VENV/bin/python" -m pytest tests -m soak -x -s -o faulthandler_timeout=3600
# What a form is sent meets other limits there (NUL bytes, widths of columns).
exec "$VENV/bin/python" scripts/with_postgres.py -- \
    "$VENV/bin/python" -m pytest tests/soak/test_form_soak.py -m soak -x -o faulthandler_timeout=3600
