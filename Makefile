# The few commands a person needs; each is a short script under scripts/. `make help` lists them.

SHELL := /bin/bash
PY := .venv/bin/python
export PORT PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test lint format fonts soak bench reset-demo clean

help: ## this list
	@sed -n 's/^\([a-z-]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: ## set everything up and start the demo on 127.0.0.1:8000 (another port: make run PORT=8001)
	@scripts/run.sh

test: ## set up what the tests need and run all checks, on SQLite and on PostgreSQL
	@scripts/test.sh

lint: ## style, import floors and missing migrations only (seconds)
	@scripts/install.sh requirements-dev.txt
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run

format: ## let ruff format the code and sort the imports
	@scripts/install.sh requirements-dev.txt
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

fonts: ## prepare the fonts of GB/T 9704 (once, about 90 seconds)
	@scripts/install.sh requirements.txt
	$(PY) scripts/prepare_fonts.py

soak: ## load and kill tests of many minutes
	@scripts/soak.sh

bench: ## measure and compare; writes bench/RESULTS.md
	@scripts/install.sh requirements-bench.txt
	$(PY) -m bench

reset-demo: ## forget the demo's database, key and exports
	rm -rf var/demo

clean: ## remove caches and collected files; keeps .venv, the demo and the fonts
	rm -rf var/static var/test .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
