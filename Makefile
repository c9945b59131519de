# Two commands matter: `make run` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:

BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
SOURCES := lth tests migrations bench scripts wsgi.py

# Nothing is installed again unless what to install has changed.
.venv/.lth-%: pyproject.toml requirements.lock requirements-dev.lock scripts/bootstrap.sh
	@scripts/bootstrap.sh $*

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' \
	  $(MAKEFILE_LIST)

.PHONY: run
run: .venv/.lth-run ## Serve the demo on http://127.0.0.1:8000 (PORT=…), keeping its data in ./instance
	@$(BIN)/lth run --demo --host $(HOST) --port $(PORT) $(ARGS)

.PHONY: test
test: .venv/.lth-test ## Run all tests (ARGS="-k desk --database sqlite" for some)
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

.PHONY: lint
lint: .venv/.lth-dev ## Check style, layers, templates and translations
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint lth/templates --lint --quiet
	$(BIN)/python scripts/translations.py check

.PHONY: format
format: .venv/.lth-dev ## Put the source into the house style
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

.PHONY: attack
attack: .venv/.lth-test ## Attack the demo as every kind of stranger (minutes); writes docs/attack.md
	@$(BIN)/pytest tests/attack -n auto --dist worksteal --attack long \
	  --attack-report docs/attack.md $(ARGS)

.PHONY: bench
bench: .venv/.lth-test ## Measure pages and acts against a bare Flask page (some minutes)
	@$(BIN)/python -m bench $(ARGS)

.PHONY: faults
faults: .venv/.lth-test ## Break everything once, count what became of the work, write docs/faults.md
	@cd tests && ../$(BIN)/python -m faults $(ARGS)

.PHONY: screenshots
screenshots: .venv/.lth-test ## Make docs/screenshots from the demo (needs Chromium)
	@$(BIN)/python scripts/screenshots.py $(ARGS)

.PHONY: docs
docs: .venv/.lth-test ## Make what is generated in docs/, such as the workflow diagram
	@$(BIN)/python scripts/workflow_doc.py
	@$(BIN)/python scripts/plan_file_docs.py

.PHONY: translations
translations: .venv/.lth-dev ## Bring the English catalogue in step with the source and compile it
	@$(BIN)/python scripts/translations.py update
	@$(BIN)/python scripts/translations.py compile

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: lock
lock: .venv/.lth-dev ## Pin the newest versions that fit, and their hashes, into requirements*.lock
	@$(BIN)/python -m pip install --quiet uv
	@$(LOCK) --upgrade --all-extras --output-file requirements-dev.lock pyproject.toml
	@$(LOCK) --extra prod --extra build --constraint requirements-dev.lock \
	  --output-file requirements.lock pyproject.toml

.PHONY: clean
clean: ## Remove what was made, but for the data in ./instance
	rm -rf .venv dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis messages.pot
	find lth tests bench scripts migrations -name __pycache__ -type d -prune -exec rm -rf {} +
