# make demo   installs into .venv, indexes seeds/, serves the page on http://127.0.0.1:8080
# make test   runs every test
# make test-opensearch  runs the tests that need a real cluster, which it starts: needs Maven and a JDK
# make lint   runs ruff, mypy and import-linter
# make docs   builds the manual as a site, in build/site
# make bench  measures speed in a few minutes, and says how to measure large archives
# make clean  removes everything that these made

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8080
WORKERS ?= auto

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test test-opensearch lint docs bench clean

help:
	@sed -n 's/^# //p' Makefile

demo: $(VENV)/.installed
	@SEARCHAPP_STARTED_AS="make demo" $(BIN)/searchapp index seeds --index index --prune
	@SEARCHAPP_STARTED_AS="make demo" $(BIN)/searchapp serve --index index --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8

test-opensearch: $(VENV)/.installed-test
	$(BIN)/python tests/opensearch/run.py -n 2

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy --strict searchapp
	$(BIN)/lint-imports --no-logo --no-cache

docs: $(VENV)/.installed-docs
	@rm -rf build/manual build/site
	$(BIN)/searchapp help --write build/manual
	$(BIN)/zensical build --strict --config-file mkdocs.yml
	$(BIN)/searchapp help --write build/site/man --form man
	@echo "The site is in build/site, and pages for man in build/site/man"

bench: $(VENV)/.installed-bench
	$(BIN)/python tests/benchmarks/search.py
	$(BIN)/python tests/benchmarks/search.py --relevance
	$(BIN)/python tests/benchmarks/disagreements.py
	$(BIN)/python tests/benchmarks/budget.py
	$(BIN)/python tests/benchmarks/snippets.py
	$(BIN)/python tests/benchmarks/serving.py
	$(BIN)/python tests/benchmarks/indexing.py --runs 1
	$(BIN)/python tests/benchmarks/recognition.py
	$(BIN)/python tests/benchmarks/crashes.py --kills 20
	$(BIN)/python tests/benchmarks/crashes.py --runs 5
	$(BIN)/python tests/benchmarks/clients.py
	$(BIN)/python tests/benchmarks/first_page.py
	$(BIN)/python tests/benchmarks/crashes.py --commands 20
	$(BIN)/python tests/benchmarks/crashes.py --corrections 50
	$(BIN)/python tests/benchmarks/crashes.py --calls --power --most 1
	@echo "These were the small forms. The large ones, the first two of which take 5 and 25 minutes:"
	@echo "  $(BIN)/python tests/benchmarks/search.py --times 10"
	@echo "  $(BIN)/python tests/benchmarks/search.py --times 1,10,40"
	@echo "  $(BIN)/python tests/benchmarks/indexing.py"
	@echo "  $(BIN)/python tests/benchmarks/crashes.py --kills 200"
	@echo "  $(BIN)/python tests/benchmarks/crashes.py --runs 200"
	@echo "  $(BIN)/python tests/benchmarks/clients.py --interrupts 300 --commits 5000 --seconds 60"
	@echo "  $(BIN)/python tests/benchmarks/crashes.py --commands 1000"
	@echo "  $(BIN)/python tests/benchmarks/crashes.py --corrections 2000"
	@echo "  $(BIN)/python tests/benchmarks/crashes.py --calls --power"

clean:
	rm -rf $(VENV) .venv-newest build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find index -mindepth 1 ! -name .gitignore -delete
	rm -f searchapp/compiled/_native.*.so
	find . -name __pycache__ -prune -exec rm -rf {} +

# Stamps: a step is done again only when what it depends on has changed.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Searchapp needs Python 3.11 or newer; name one with: make demo PYTHON=python3.12" >&2; exit 1; }
	@echo "Creating $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian this needs: apt install python3-venv" >&2; exit 1; }
	@touch $@

# The helper in C is built with the package; without a compiler the package installs all the same.
HELPER := $(wildcard searchapp/compiled/source/*)

$(VENV)/.installed: $(VENV)/.created setup.py $(HELPER)
	@echo "Installing into $(VENV) ..."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.created setup.py $(HELPER)
	@echo "Installing into $(VENV), with what the tests need ..."
	@$(PIP) install --editable '.[test]'
	@touch $(VENV)/.installed $@

$(VENV)/.installed-docs: $(VENV)/.created setup.py $(HELPER)
	@echo "Installing into $(VENV), with what the site needs ..."
	@$(PIP) install --editable '.[docs]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-test
	@echo "Installing into $(VENV), with what the benchmarks need ..."
	@$(PIP) install --editable '.[test,bench]'
	@touch $@
