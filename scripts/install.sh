#!/usr/bin/env bash
# Creates .venv and installs one requirements file into it: install.sh requirements-dev.txt
# For the smaller make targets (lint, soak, bench); run.sh and test.sh call the same function.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
install_requirements "${1:-requirements.txt}"
