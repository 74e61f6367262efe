# Everything that one does with Tenir's sources. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Test processes at once; two of them share a core well, since many wait for a browser or a server.
JOBS ?= $(shell nproc)
DEMO := $(CURDIR)/var/demo

# A stamp bears the fingerprint of what it installed: a changed lock installs again, anything else does not.
fingerprint = $(shell cat $(1) pyproject.toml 2>/dev/null | sha256sum | cut -c1-16)
RUN_LOCKS := requirements/build.txt requirements/run.txt
TEST_LOCKS := requirements/build.txt requirements/test.txt
RUN_STAMP := $(VENV)/installed-run-$(call fingerprint,$(RUN_LOCKS))
TEST_STAMP := $(VENV)/installed-test-$(call fingerprint,$(TEST_LOCKS))
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help
help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | while IFS=$$'\t' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

# --- Run -----------------------------------------------------------------------------------------------------

.PHONY: run
run: $(RUN_STAMP) words ## a living demonstration desk on http://localhost:8000, in var/demo
	@mkdir -p $(DEMO)
	@exec env -u TENIR_SECRET_KEY -u TENIR_SECRET_KEY_FILE -u TENIR_DATABASE_FILE TENIR_CONFIG=/dev/null TENIR_DATABASE=sqlite TENIR_DATA_DIR=$(DEMO) $(BIN)/tenir demo $(DEMO_OPTIONS)

.PHONY: demo
demo: DEMO_OPTIONS := --fresh
demo: run ## throw the demonstration away and begin a new one

.PHONY: words
words: $(RUN_STAMP) ## compile the French
	@$(BIN)/python -m tenir.install.words

# --- Check ---------------------------------------------------------------------------------------------------

.PHONY: test
test: packages $(TEST_STAMP) ## every check: lint, types, floors, words, tests on SQLite and on PostgreSQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src tests conftest.py
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tenir.install.words
	$(BIN)/python -m tenir.install.words --check
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_OPTIONS)
	TENIR_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n $(JOBS) --database-only $(PYTEST_OPTIONS)

.PHONY: packages
packages:
	@tests/servers/install-debian-packages

.PHONY: fmt
fmt: $(TEST_STAMP) ## format the code and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: packages $(TEST_STAMP) words ## measure, each figure beside its bare limit
	$(BIN)/python -m bench

.PHONY: shots
shots: packages $(TEST_STAMP) words ## photograph every main screen into shots/
	$(BIN)/python -m tests.shots

# --- Keep ----------------------------------------------------------------------------------------------------

.PHONY: lock
lock: $(TEST_STAMP) ## resolve the requirements again and write their hashes
	$(PIP) uv
	$(BIN)/uv pip compile $(LOCK) -o requirements/run.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --extra test -c requirements/run.txt -o requirements/test.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) -c requirements/test.txt -o requirements/build.txt requirements/build.in
LOCK := --quiet --upgrade --generate-hashes --no-header --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links

.PHONY: clean
clean: ## remove everything that can be made again (the demonstration too, never a real desk)
	rm -rf $(VENV) var/demo shots dist build bench/results .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests -name '*.mo' -delete
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- The virtual environment -----------------------------------------------------------------------------------

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is missing. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) -V). Another one: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): | $(BIN)/python
	@echo "Installing what Tenir needs into $(VENV) (once) …"
	@$(PIP) --require-hashes $(addprefix -r ,$(RUN_LOCKS))
	@$(PIP) --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/installed-run-* && touch $@

$(TEST_STAMP): | $(RUN_STAMP)
	@echo "Installing what the checks need into $(VENV) (once) …"
	@$(PIP) --require-hashes $(addprefix -r ,$(TEST_LOCKS))
	@rm -f $(VENV)/installed-test-* && touch $@
