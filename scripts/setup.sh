# Functions shared by run.sh and test.sh (sourced, not run): everything a bare Debian machine lacks.
#
# Why a file of its own: both commands must be able to start from nothing and to start again at once,
# so each function looks first and does only what is missing.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV="$ROOT/.venv"

say() { printf '==> %s\n' "$*"; }
die() { printf 'ERROR: %s\n' "$*" >&2; exit 1; }

# install_packages PACKAGE...   with apt, as root or through sudo.
install_packages() {
    local as_root=()
    command -v apt-get >/dev/null || die "please install with your system's package manager: $*"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "not root and no sudo; please have an administrator run: apt-get install $*"
        as_root=(sudo)
    fi
    say "installing Debian packages: $*"
    "${as_root[@]}" apt-get update -q >/dev/null || say "apt-get update had problems; going on with the lists there are"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null \
        || die "apt-get could not install: $*"
}

# find_python   prints a Python >= 3.11 that really starts; PYTHON=... in the environment comes first.
find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3 python3.12 python3.13 /usr/bin/python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    die "Python 3.11 or newer is needed (Debian: apt-get install python3)"
}

# install_requirements FILE   into .venv; a second call with unchanged files costs nothing.
install_requirements() {
    local wanted=$1 python stamp hash
    python=$(find_python)
    # Two commands started at the same time must not build the same environment: the second one waits.
    exec 9>"$ROOT/.venv.lock"
    flock 9

    # pip's own start line breaks when the folder was moved or its Python is gone: then build anew.
    if ! "$VENV/bin/pip" --version >/dev/null 2>&1; then
        "$python" -c 'import venv, ensurepip' 2>/dev/null \
            || install_packages "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
        say "creating .venv"
        "$python" -m venv --clear "$VENV"
    fi

    stamp="$VENV/.installed-$wanted"
    hash=$(cd "$ROOT" && { "$VENV/bin/python" --version; cat requirements.txt "$wanted"; } | sha256sum)
    if [ "$(cat "$stamp" 2>/dev/null)" != "$hash" ]; then
        say "installing Python packages ($wanted)"
        rm -f "$stamp"
        "$VENV/bin/pip" install --quiet --disable-pip-version-check -r "$ROOT/$wanted" \
            || die "pip could not install $wanted; the message above says why"
        printf '%s\n' "$hash" >"$stamp"
    fi
    exec 9>&-
}

# clean_environment   forgets settings of the caller's shell, so that nobody's own database is touched.
clean_environment() {
    unset DATABASE_URL SECRET_KEY DEBUG ALLOWED_HOSTS EVALSITE_ENV
    export DJANGO_SETTINGS_MODULE=evalsite.settings
    export PYTHONUNBUFFERED=1
}
