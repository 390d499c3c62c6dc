# Every target sets up what it needs: Python 3.11+ with venv, and Java for the Spark tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.PHONY: demo test bench lint format docs clean java tshark postgresql

$(VENV)/.base: requirements/base.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

NOROSHI := PYTHONPATH=src $(BIN)/python -m noroshi

demo: $(VENV)/.base ## run the main job on built-in evidence
	@$(NOROSHI) demo

test: $(VENV)/.dev java tshark postgresql ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile

bench: $(VENV)/.dev ## measure speed and memory
	@for name in sigma ingest indicators lake stix; do $(NOROSHI) bench $$name; done

lint: $(VENV)/.dev ## check style, types and floors
	@$(BIN)/ruff check src tests
	@$(BIN)/ruff format --check src tests
	@$(BIN)/mypy
	@PYTHONPATH=src $(BIN)/lint-imports

format: $(VENV)/.dev ## put the code into the house style
	@$(BIN)/ruff format src tests
	@$(BIN)/ruff check --fix src tests

docs: $(VENV)/.base ## write the reference pages from the code
	@$(NOROSHI) docs

java: ## the Spark tests need a Java; installed from Debian where it is missing
	@command -v java >/dev/null || { apt-get update -qq && apt-get install -y -qq openjdk-17-jre-headless; }

tshark: ## an independent reader of the packet captures that drills write
	@command -v tshark >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tshark; }

postgresql: ## the other database that the knowledge store runs on
	@ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; }

clean:
	rm -rf $(VENV) build dist demo-home demo-evidence
