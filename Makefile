# Each target sets up what it needs, once: stamp files in .venv remember what is done, so a second run starts at once.
# It works on a bare Debian 12 (Python 3.11 and pip, as root) and on any machine with Python 3.11 or newer.

PYTHON ?= python3
BIN := .venv/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip --quiet --quiet --no-input
EXAMPLE := examples/united_against_covid
OUT := build/united_against_covid
DEMO := build/demo
PORT ?= 8000
MEMBERS := TCD IDN LBN

.DEFAULT_GOAL := help
.PHONY: help run example test test-fast check format bench docs pictures walk words lock clean
.SILENT:

help:
	echo "make run        fill the demo (once), print its headline figures, serve it on http://127.0.0.1:8000 (PORT=8001)"
	echo "make example    share out the shipped example, check the proof, explain three members, write the report"
	echo "make test       every test, the examples of README and docs included, on SQLite and on PostgreSQL"
	echo "make test-fast  the same without the slow ones, on SQLite alone"
	echo "make check      formatting, lint, types, layers"
	echo "make format     put the formatting right"
	echo "make bench      measure against peers; writes docs/benchmarks.md"
	echo "make docs       build the documentation into build/docs"
	echo "make words      gather every string to translate into the catalogues of the six languages, and compile them"
	echo "make pictures   draw the pictures of README and docs again"
	echo "make walk       take the walk of docs/walk again, in Chromium, in English and in Arabic, and keep its pictures"
	echo "make lock       pin the newest versions, with hashes"
	echo "make clean      remove what was built (.venv stays; 'make clean-all' removes it too)"

# ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────────────

.venv/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Evenhand needs Python 3.11 or newer; give one with: make PYTHON=python3.11 ..." >&2; exit 1; }
	if [ ! -x $(BIN)/python ] || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		echo "Making .venv with $$($(PYTHON) --version)"; \
		if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
			if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
				echo "This Python cannot make a virtual environment; install the package python3-venv first." >&2; exit 1; \
			fi; \
			echo "Installing python3-venv"; \
			(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv) >/dev/null; \
		fi; \
		$(PYTHON) -m venv --clear .venv; \
	fi
	touch $@

.venv/.pinned: requirements.lock .venv/.made
	echo "Installing what requirements.lock pins (about a minute, once)"
	$(PIP) install --require-hashes --requirement requirements.lock
	touch $@

.venv/.ready: pyproject.toml .venv/.pinned
	echo "Installing evenhand from this folder into .venv"
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

# What programs read of the catalogues follows what people edit; a build makes it too (hatch_build.py).
CATALOGUES := $(wildcard src/evenhand/web/languages/*/LC_MESSAGES/django.po)
WORDS := $(CATALOGUES:.po=.mo)

%.mo: %.po | .venv/.ready
	$(BIN)/python -m evenhand.web.languages.compiling $<

# The tests start servers of their own from Debian's programs; Debian's own server is neither made nor started.
.venv/.postgres: .venv/.made
	if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
		if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
			echo "The tests on PostgreSQL need its programs (initdb, postgres); install the package postgresql first." >&2; \
			echo "Without it, all tests on SQLite: $(BIN)/python -m pytest" >&2; exit 1; \
		fi; \
		echo "Installing PostgreSQL's programs for the tests"; \
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql-common && \
			sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf && \
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql) >/dev/null; \
	fi
	touch $@

# Pages are tried in Debian's own Chromium, with letters for all six languages, and papers are read back by poppler.
.venv/.browser: .venv/.made
	if ! command -v chromium >/dev/null || ! command -v pdftotext >/dev/null; then \
		if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
			echo "The tests of pages need Chromium and poppler; install chromium, poppler-utils, fonts-noto-core, fonts-noto-cjk." >&2; \
			echo "Without them, all other tests: $(BIN)/python -m pytest" >&2; exit 1; \
		fi; \
		echo "Installing Chromium and fonts for the tests of pages"; \
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium poppler-utils fonts-noto-core fonts-noto-cjk) >/dev/null; \
	fi
	touch $@

.venv/.bench: requirements-bench.lock .venv/.ready
	echo "Installing the peers that the benchmarks measure against"
	$(PIP) install --require-hashes --requirement requirements-bench.lock
	touch $@

# Records are matched on a Spark of the tests' own: a master and two workers on this machine. Half a gigabyte, for the tests alone.
.venv/.spark: requirements-spark.lock .venv/.ready
	if ! command -v java >/dev/null; then \
		if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
			echo "The tests on Spark need Java 17 (openjdk-17-jre-headless); without it they are skipped." >&2; \
		else \
			echo "Installing Java for the tests on Spark"; \
			(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openjdk-17-jre-headless) >/dev/null; \
		fi; \
	fi
	echo "Installing Spark for the tests (about two minutes, once)"
	$(PIP) install --require-hashes --requirement requirements-spark.lock
	touch $@

# ── the main job ─────────────────────────────────────────────────────────────────────────────────────────────────────

run: .venv/.ready $(WORDS)
	mkdir -p build
	$(BIN)/evenhand demo $(DEMO)
	echo
	EVENHAND_DATA=$(DEMO) exec $(BIN)/evenhand serve --port $(PORT)

example: .venv/.ready
	mkdir -p $(OUT)
	echo "1. Sharing out $(EXAMPLE)"
	$(BIN)/evenhand allocate $(EXAMPLE)/needs.csv $(EXAMPLE)/lots.csv --groups $(EXAMPLE)/groups.csv \
		--date 2021-06-01 --out $(OUT)/plan
	echo
	echo "2. Checking the proof, with arithmetic alone"
	$(BIN)/evenhand check $(OUT)/plan
	echo
	echo "3. Explaining three members"
	$(BIN)/evenhand explain $(OUT)/plan $(MEMBERS)
	echo
	echo "4. Writing the report"
	$(BIN)/evenhand report $(OUT)/plan --output $(OUT)/report.html $(MEMBERS:%=--explain %)
	echo
	echo "Open $(OUT)/report.html in a browser. The plan, its certificate and its inputs are in $(OUT)/plan."

# ── checks and tests ─────────────────────────────────────────────────────────────────────────────────────────────────

# Tests that measure how long people wait run with nothing beside them, after the others. Every part runs, whatever failed before.
TESTS := $(BIN)/python -m pytest --quiet
test: .venv/.ready $(WORDS) .venv/.postgres .venv/.browser .venv/.spark
	failed=; \
	$(TESTS) --numprocesses 2 -m "not alone" || failed=yes; \
	echo "Alone: what measures how long people wait"; \
	$(TESTS) -m alone tests || failed=yes; \
	echo "The tests that meet a database, again on PostgreSQL"; \
	$(TESTS) --numprocesses 2 --database postgresql -m "databases and not alone" tests || failed=yes; \
	$(TESTS) --database postgresql -m "databases and alone" tests || failed=yes; \
	test -z "$$failed" || { echo "Some tests failed; their names stand at the end of each part above." >&2; exit 1; }

test-fast: .venv/.ready $(WORDS)
	$(TESTS) --numprocesses 2 -m "not slow"

check: .venv/.ready
	echo "Formatting (ruff format)" && $(BIN)/ruff format --check --quiet --output-format concise .
	echo "Lint (ruff check)" && $(BIN)/ruff check --quiet --output-format concise .
	echo "Types (mypy --strict)" && $(BIN)/mypy --strict --no-error-summary
	echo "Layers (lint-imports)" && $(BIN)/lint-imports --no-logo
	echo "All checks passed."

format: .venv/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.bench
	$(BIN)/python -m bench

docs: .venv/.ready
	echo "Building the documentation"
	$(BIN)/sphinx-build -W --keep-going --quiet --builder html docs build/docs
	echo "Documentation: build/docs/index.html"

words: .venv/.ready
	$(BIN)/python -m evenhand.web.languages.extracting

pictures: .venv/.ready
	$(BIN)/python docs/images/draw.py

walk: .venv/.ready $(WORDS) .venv/.browser
	$(BIN)/python docs/walk/draw.py

# ── upkeep ───────────────────────────────────────────────────────────────────────────────────────────────────────────

COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: .venv/.made
	$(PIP) install uv
	$(COMPILE) pyproject.toml --extra server --extra people --group dev --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra spark --constraints requirements.lock --output-file requirements-spark.lock
	$(COMPILE) pyproject.toml --extra bench --constraints requirements.lock --output-file requirements-bench.lock
	echo "Pinned: requirements.lock, requirements-spark.lock, requirements-bench.lock"

clean:
	rm -rf build dist .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: clean-all
clean-all: clean
	rm -rf .venv
