# Everything a newcomer needs: `make demo` and `make test`. The rest is for those who stay.
# Each target sets up .venv by itself and installs only when the pinned requirements have changed.

PYTHON := .venv/bin/python
KILLS  ?= 40
# How many test processes run side by side; on two cores three are quicker, because many tests wait. A file stays in
# one of them, so that what it starts, it starts once.
JOBS   ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types check standards crash bench browser pin clean runtime dev

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: runtime ## Play a survivor and a staff member on one page; PORT=9000 moves it
	@$(PYTHON) -m bot demo

test: lint types check ## Everything that must hold before a commit
	@$(PYTHON) -m pytest -n $(JOBS) --dist loadfile -m "not browser"

lint: dev ## Style and layout, as ruff sees them
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check

format: dev ## Lay the code out, and repair what ruff can repair
	@.venv/bin/ruff check --fix --exit-zero
	@.venv/bin/ruff format

types: dev ## mypy, strict, on bot/
	@.venv/bin/mypy

check: runtime ## Read the flows and their translations, and report every mistake at once
	@$(PYTHON) -m bot check
	@$(PYTHON) -m bot test-flows --floor 100

standards: dev ## Write docs/STANDARDS.md anew: each outside criterion, met or not, and what shows it
	@$(PYTHON) -m tests.standards

crash: dev ## Kill the running bot again and again; KILLS=200 for a campaign
	@$(PYTHON) -m tests.crash --kills $(KILLS)

bench: dev ## Measure against a plain echo bot, side by side
	@$(PYTHON) -m bench

browser: dev ## Only the tests in a real browser
	@$(PYTHON) -m pytest -m browser

pin: ## Write both requirements files anew from pyproject.toml
	@sh .ci/pin

clean: ## Remove .venv and caches; databases and keys stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	@find bot tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

runtime:
	@sh .ci/setup requirements.txt

dev:
	@sh .ci/setup requirements-dev.txt
