# Each target makes what it needs from scratch: Python 3.11+ and pip are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# by a path rather than an import hook: no warning, and type checkers see the package
EDITABLE := --config-settings editable_mode=compat --editable

.PHONY: demo test check docs dist clean

demo: $(STAMP)
	$(BIN)/linkage demo --report report.html

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.docs
	$(BIN)/python -m sphinx --builder html --fail-on-warning --keep-going --quiet docs build/site
	@echo "build/site/index.html"

$(VENV)/.docs: $(STAMP)
	$(BIN)/python -m pip install --quiet $(EDITABLE) '.[docs]'
	touch $@

dist: $(STAMP)
	$(BIN)/python -m pip install --quiet build twine
	rm -rf dist
	LINKAGE_PURE=1 $(BIN)/python -m build
	$(BIN)/python -m twine check --strict dist/*

$(STAMP): pyproject.toml setup.py $(wildcard linkage/kernels/*.py)
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "biblinkage needs Python 3.11 or later, found " + sys.version.split()[0] + "; try make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(EDITABLE) '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist *.egg-info report.html
