# Everything that this repository can do. Needs Python 3.11 or later, make and git; fetches the rest.

COMPANY ?= comm100
PORT ?= 8000
ONLY ?=
ARGS ?=
TROTH_HOME ?= var

.DEFAULT_GOAL := help
# Compiled modules are kept, so that a process does not compile all of them when it starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test lint bench kills chatkills proofs prove-mutations lock stepkills

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

setup: ## install what running needs into .venv
	@sh scripts/setup.sh run

demo: setup ## serve a company's site with generated people (COMPANY=, PORT=)
	@TROTH_HOME=$(TROTH_HOME) .venv/bin/troth demo --company $(COMPANY) --port $(PORT)

test: ## fetch what the tests need and run them (ARGS= for pytest)
	@sh scripts/setup.sh all
	@sh scripts/browser.sh
	@sh scripts/mariadb.sh
	@.venv/bin/pytest $(ARGS)
ifeq ($(ARGS),)
	@TROTH_TEST_ENGINE=postgres .venv/bin/pytest -m "django_db or again"
endif

lint: ## ruff, mypy and the import layers
	@sh scripts/setup.sh all
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: ## measure, and write bench/results/latest.json (ONLY= for one figure)
	@sh scripts/setup.sh all
	@.venv/bin/python -m bench $(ONLY)

kills: ## kill senders 50 times in a campaign to 20,000 people, and count (ARGS=postgres)
	@sh scripts/setup.sh all
	@.venv/bin/python -m bench.kills $(ARGS)

chatkills: ## kill web, live and worker at random while chats go on, five minutes on each database, and count
	@sh scripts/setup.sh all
	@.venv/bin/python -m bench.chat_kills $(ARGS)

stepkills: ## kill backup, restore, rotation and merge at every step on each database, and drill with 1,000
	@sh scripts/setup.sh all
	@TROTH_TESTS_WHOLE=1 .venv/bin/pytest -n1 -q tests/backup/test_kills.py tests/backup/test_kills_of_keys.py tests/backup/test_drill.py

proofs: ## run the proofs of the clauses alone (ARGS="--clauses comm100-05" for some)
	@sh scripts/setup.sh all
	@sh scripts/browser.sh
	@.venv/bin/pytest tests/proofs --proofs test-results/proofs.json $(ARGS)

prove-mutations: ## break features one at a time and show which clauses turn red (ARGS=name for some)
	@sh scripts/setup.sh all
	@sh scripts/browser.sh
	@.venv/bin/python -m bench.mutations $(ARGS)

lock: ## write locks/ anew from pyproject.toml (ARGS=--upgrade for newer versions)
	@sh scripts/lock.sh $(ARGS)
