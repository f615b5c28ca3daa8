# Two commands do everything, from a bare clone with only Python (3.11 or newer) and make:
#   make demo   runs both quadratic experiments and shows tables and pictures
#   make test   lints and tests
# The environment lives in .venv and is made once; PYTHON=/path/to/python chooses the interpreter.

.DEFAULT_GOAL := help
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
INSTALLED := .venv/installed
DEMO_SEEDS ?= 2

.PHONY: help demo test lint clean

help:
	@echo "make demo    run both quadratic experiments; tables here, pictures in demo/"
	@echo "make test    lint (ruff, mypy) and run the tests with coverage"
	@echo "make lint    only lint"
	@echo "make clean   remove the environment and what the commands wrote"

# Reinstalled only when pyproject.toml changes.
$(INSTALLED): pyproject.toml
	@test -n "$(PYTHON)" || { echo "fitnet needs Python 3.11 or newer; none was found. Name one: make test PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "$(PYTHON) could not make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	@echo "Installing fitnet and its tools into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(INSTALLED)
	@$(BIN)/fitnet quadratic train --roots largest --seeds $(DEMO_SEEDS) --out demo/largest
	@$(BIN)/fitnet quadratic train --roots all --seeds $(DEMO_SEEDS) --out demo/all

lint: $(INSTALLED)
	$(BIN)/ruff check src tests conftest.py
	$(BIN)/ruff format --check src tests conftest.py
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest --cov --cov-report=term

clean:
	rm -rf .venv demo .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
