# Two commands for a stranger: `make run` and `make test`. Nothing to install before them but Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What it keeps stays in the environment; it asks nobody.
DENO := DENO_DIR=$(CURDIR)/$(VENV)/deno DENO_NO_UPDATE_CHECK=1 $(BIN)/deno
SCRIPTS := assets/js/main.js assets/alone/trouble.js

.PHONY: run test check format bench pictures lock clean setup setup-dev
.DEFAULT_GOAL := run

run: setup
	@exec $(BIN)/mission-control run

# The scripts' rules, which need no browser. Then two runs: what is quick, on one process more than there are cores; then,
# one by one, what drives a browser or starts the whole product, for it measures time. Tracebacks are Python's own: to show
# a source's lines pytest parses it, and CPython 3.11 may break off at that and take the process and its tests along.
test: setup-dev
	@deploy/browser.sh
	@$(DENO) test --quiet --no-remote --cached-only tests/js
	@$(BIN)/python -m pytest -n auto --dist loadscope --tb=native -m "not browser and not stack"
	@$(BIN)/python -m pytest --tb=native -m "browser or stack"

check: setup-dev
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/hadolint Dockerfile
	@$(DENO) fmt --quiet --check && $(DENO) lint --quiet && $(DENO) check --quiet --no-remote $(SCRIPTS)
	@$(BIN)/python -m pytest -q --no-header tests/architecture/test_migrations.py

format: setup-dev
	@$(DENO) fmt --quiet
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix --unsafe-fixes --select TC,I --quiet . && $(BIN)/ruff check --fix .

bench: setup-dev
	@deploy/browser.sh
	@$(BIN)/python -m bench

# Every page on every screen, by day and by night, with data, empty and cut off, into .pictures; a few of them into
# docs/pictures.
pictures: setup-dev
	@deploy/browser.sh
	@$(BIN)/python -m bench.pictures

setup: $(VENV)/.run
setup-dev: $(VENV)/.dev

$(VENV)/.run: requirements.lock pyproject.toml
	@deploy/setup.sh $(PYTHON) $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	@deploy/setup.sh $(PYTHON) $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/.run

# The locks hold hashes and no index address. Needs uv, only to change a dependency.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" $(LOCKFLAGS) requirements-dev.in -o requirements-dev.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" $(LOCKFLAGS) -c requirements-dev.lock requirements.in -o requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
