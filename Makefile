# `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help run setup test check format bench load faults lock clean
MAKEFLAGS += --no-print-directory
PORT ?= 8000
unexport PYTHONDONTWRITEBYTECODE # else each command and server that a test starts compiles the whole program anew

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install, make the demo company on first run, serve on 127.0.0.1 (PORT=8000)
	@scripts/setup run
	@.venv/bin/plumb demo --if-empty
	@exec .venv/bin/plumb serve --port $(PORT)

setup: ## create .venv and install what development needs; again costs nothing
	@scripts/setup dev

test: setup ## every test: SQLite, PostgreSQL, a real browser
	@scripts/debian-packages test
	@scripts/test

check: setup ## format, lint, types, layers, generated files, guards
	@scripts/check

format: setup ## put code and templates into the house's form
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix-only --quiet .

bench: setup ## GOALS.md's figures on both databases, beside raw SQL (RECORDS=10000,100000 SEARCHED=100000 DOCUMENTS=20000; empty leaves one out; ONLY=api)
	@scripts/debian-packages test
	@scripts/with-postgres --durable .venv/bin/python -m bench.run

load: setup ## two servers on PostgreSQL, 50 mixed requests a second, ten minutes: no error, nothing lost (LASTS=600)
	@scripts/debian-packages test
	@scripts/with-postgres --durable .venv/bin/python -m bench.load $(or $(LASTS),600)

faults: setup ## power cuts and kill -9 (root): nothing acknowledged may be lost
	@scripts/debian-packages faults
	@.venv/bin/python -m faults.run

lock: ## resolve the dependencies of pyproject.toml anew into the hashed locks
	@scripts/lock

clean: ## remove what can be made again; never var/, which holds records
	@rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
