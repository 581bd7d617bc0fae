# The commands of this project. `make run` and `make test` need nothing but Python 3.11+ and this folder.
#
# TORCH is the build of PyTorch that is installed. The pin keeps machines without a GPU from downloading the CUDA build
# where a CPU build is at hand; with a GPU, choose your CUDA build: make setup TORCH="torch==2.13.0+cu130".

PYTHON ?= python3
TORCH ?= torch==2.13.0
BIN := .venv/bin

.PHONY: help setup dev run test lint format messages benchmark reference clean

help:  ## List the targets.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready  ## Create .venv, install faqbot with the compact model's weights, build the model.

.venv/.ready: pyproject.toml
	@echo "[1/4] Creating the environment in .venv"
	$(PYTHON) -m venv .venv
	@echo "[2/4] Installing PyTorch ($(TORCH)); this takes a minute"
	$(BIN)/pip install --quiet --progress-bar on "$(TORCH)"
	@echo "[3/4] Installing faqbot and what it needs; this takes a minute or two"
	$(BIN)/pip install --quiet --progress-bar on -e ".[compact]"
	@echo "[4/4] Building the compact model"
	$(BIN)/faqbot model build
	@touch $@

dev: .venv/.dev  ## Set up, plus what the tests and linters need.

.venv/.dev: .venv/.ready
	@echo "Installing the tools of the tests"
	$(BIN)/pip install --quiet --progress-bar on -e ".[channels,compact,postgres,dev]"
	@touch $@

run: setup  ## Set up if needed, then serve on port 7860.
	$(BIN)/faqbot serve

test: dev  ## Set up if needed, then run all tests.
	sh tests/browser/get_browser.sh $(BIN)
	$(BIN)/python -m pytest

lint: dev  ## Style, types, import rules, Dockerfile.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

format: dev  ## Put the code into the house style.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: dev  ## Bring the catalogues of messages up to date, compile them, list what has no Chinese.
	$(BIN)/python -m translation

.venv/.benchmark: .venv/.dev
	@echo "Installing what is measured against"
	$(BIN)/pip install --quiet --progress-bar on -e ".[benchmark]"
	@touch $@

benchmark: .venv/.benchmark  ## Measure speed against rivals, at small sizes.
	$(BIN)/python -m benchmarks

reference: dev  ## Write docs/reference/ from the program: settings, routes, commands, errors.
	$(BIN)/python -m docs.reference.generate

clean:  ## Remove the environment and caches; the data stays.
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
