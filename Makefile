# `make` alone lists what there is. PYTHON=, PORT= and DATA= may be given to the verbs that say so.

PYTHON  ?= python3
WORKERS ?= logical
VENV    := .venv
PY      := $(VENV)/bin/python
INSTALL := $(PY) -m pip install --quiet --quiet --disable-pip-version-check --no-input --require-hashes

.DEFAULT_GOAL := help
.PHONY: help demo run install test check lint types contracts audit format docs pictures coverage image-steps bench crash lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# PORT and DATA reach the program as settings only when they are given: otherwise .env and the defaults speak.
ifdef PORT
demo: export STEPPINGSTONE_HTTP_PORT := $(PORT)
endif
ifdef DATA
demo: export STEPPINGSTONE_DATA_DIR := $(DATA)
endif
demo: $(VENV)/.runtime ## start the demo page; PORT=8765, DATA=its folder
	@exec $(PY) -m bot demo

run: $(VENV)/.runtime ## run the bot on every platform that has a token
	@exec $(PY) -m bot run

install: $(VENV)/.dev ## everything needed to change and check the code, into .venv

test: $(VENV)/.dev ## all tests; WORKERS=how many at once, ARGS=for pytest
	$(PY) -m pytest -n $(WORKERS) $(ARGS)

check: lint types contracts audit test ## all that a change must pass

lint: $(VENV)/.dev ## ruff: rules and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/.dev ## mypy, strict
	$(PY) -m mypy

contracts: $(VENV)/.dev ## import-linter: who may import whom
	$(VENV)/bin/lint-imports --no-logo

audit: $(VENV)/.dev ## known vulnerabilities of the pinned dependencies (needs the network; says so without)
	$(PY) .ci/audit.py

format: $(VENV)/.dev ## write the code as ruff would
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .

docs: $(VENV)/.dev ## write the pages that are made from the code
	PYTHONPATH=. $(PY) .ci/docs.py

coverage: $(VENV)/.dev ## all tests, and the branches that none of them takes
	$(PY) -m pytest -n $(WORKERS) --cov --cov-report=term-missing:skip-covered $(ARGS)

image-steps: $(VENV)/.dev ## what the Dockerfile does, done without Docker (needs the network)
	STEPPINGSTONE_TEST_IMAGE=whole $(PY) -m pytest -q tests/deploy/test_image.py $(ARGS)

pictures: $(VENV)/.dev ## take docs/pictures again, with Chromium; ARGS=names of screens
	$(PY) -m tests.platforms.web.seen.pictures $(ARGS)

bench: $(VENV)/.dev ## how fast it is, beside bare bots; ARGS="--rounds 3 --only discord"
	$(PY) -m tests.benchmarks $(ARGS)

crash: $(VENV)/.dev ## nothing comes twice or gets lost, though processes are killed; ARGS="--only kills --deliveries 2000"
	$(PY) -m tests.crash $(ARGS)

LOCK := compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header
lock: $(VENV)/.dev ## choose the newest dependencies again and write them down with their hashes
	$(PY) -m uv pip $(LOCK) requirements/runtime.in --output-file requirements/runtime.txt
	$(PY) -m uv pip $(LOCK) requirements/dev.in --constraints requirements/runtime.txt --output-file requirements/dev.txt

clean: ## remove .venv and what tools left behind; the demo's data stays
	rm -rf $(VENV) .coverage htmlcov .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find bot cogs db tests .ci -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says that an install was finished, so that a second start installs nothing and needs no network.
$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/.made
	@echo "Installing what the bot needs into $(VENV), this once: some seconds."
	@$(INSTALL) -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/runtime.txt | $(VENV)/.made
	@echo "Installing what the checks need into $(VENV), this once: about a minute."
	@$(INSTALL) -r $<
	@touch $@ $(VENV)/.runtime

$(VENV)/.made:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no '$(PYTHON)' here. Install Python 3.11 or newer, or name yours: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Steppingstone needs Python 3.11 or newer, and '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1). Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' comes without venv. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear $(VENV)
	@touch $@
