# The commands of this project. `make run` and `make test` need nothing but Python 3.11+ and this folder.
#
# Every version comes from dependencies/*.txt, with hashes; `make lock` renews them.
#
# TORCH is the build of PyTorch that is installed. Its release stands in dependencies/torch.txt without a hash, since it has
# several builds: a machine without a GPU takes the CPU build where one is at hand; with a GPU, choose your CUDA build:
# make setup TORCH="torch==2.13.0+cu130". What a CUDA build needs beside the lock, it names by exact version itself.

PYTHON ?= python3
TORCH ?= $(shell cat dependencies/torch.txt)
BIN := .venv/bin
LOCKED := $(BIN)/pip install --quiet --progress-bar on --no-deps --require-hashes --only-binary :all:

.PHONY: help setup dev run test fuzz test-newest coverage lint audit format messages reference lock licences sbom benchmark clean

help:  ## List the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: .venv/.ready  ## Create .venv, install faqbot with the compact model's weights, build the model.

# Made anew when a lock changes, so that nothing of an older one is left in it; and when another build of PyTorch is asked
# for than the one that is installed.
ifneq ($(origin TORCH),file)
ifneq ($(shell cat .venv/.locked 2>/dev/null),$(TORCH))
.PHONY: .venv/.locked
endif
endif
.venv/.locked: dependencies/build.txt dependencies/run.txt dependencies/torch.txt
	@echo "[1/4] Creating the environment in .venv"
	$(PYTHON) -m venv --clear .venv
	@echo "[2/4] Installing what faqbot needs, as locked; this takes a minute or two"
	$(LOCKED) -r dependencies/build.txt -r dependencies/run.txt
	@echo "[3/4] Installing PyTorch ($(TORCH)); this takes a minute"
	$(BIN)/pip install --quiet --progress-bar on "$(TORCH)"
	@echo "$(TORCH)" > $@

.venv/.ready: .venv/.locked pyproject.toml
	@echo "[4/4] Installing faqbot and building the compact model"
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/faqbot model build
	@touch $@

dev: .venv/.dev  ## Set up, plus what the tests and linters need.

.venv/.dev: .venv/.ready dependencies/dev.txt
	@echo "Installing the tools of the tests, as locked"
	$(LOCKED) -r dependencies/dev.txt
	@touch $@

run: setup  ## Set up if needed, then serve on port 7860.
	$(BIN)/faqbot serve

test: dev  ## Set up if needed, then run all tests; ARGS goes to pytest.
	sh tests/browser/get_browser.sh $(BIN)
	$(BIN)/python -m pytest $(ARGS)

fuzz: dev  ## Send made-up requests to every door; ARGS="--cases 15000 --key admin" says how many, and whose.
	$(BIN)/python -m tests.fuzz $(ARGS)

# Two processes, whatever the machine has: each loads the model, and many tests use every core already.
coverage:  ## Run all tests and measure which branches they take; fails below the floor in pyproject.toml.
	$(MAKE) test ARGS="-n 2 --cov --cov-report=term"

# Without the lock, in an environment of its own: the newest release of everything that pyproject.toml allows. PyTorch
# stays at its own. ARGS narrows what is run: make test-newest ARGS="tests/unit tests/rules".
test-newest: dev  ## Run the tests with every dependency at its newest allowed version.
	$(PYTHON) -m venv --clear .venv/newest
	.venv/newest/bin/pip install --quiet --progress-bar on --upgrade --upgrade-strategy eager "$(TORCH)" -e ".[channels,compact,postgres,dev]"
	.venv/newest/bin/python -m pytest $(ARGS)

lint: dev  ## Style, types, import rules, dependencies, Dockerfile.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m dependencies.agreement
	$(BIN)/hadolint Dockerfile

# Its own environment: the tool is no part of what it looks at. PyTorch is locked without hashes, so it is asked about alone.
AUDIT := .venv/audit/bin/pip-audit --strict --disable-pip --no-deps --progress-spinner off
audit: .venv/.locked  ## Look up known vulnerabilities of every locked dependency; needs the network.
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/pip install --quiet --upgrade pip-audit
	$(AUDIT) -r dependencies/build.txt -r dependencies/run.txt -r dependencies/dev.txt -r dependencies/benchmark.txt
	$(AUDIT) -r dependencies/torch.txt

format: dev  ## Put the code into the house style.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: dev  ## Bring the catalogues of messages up to date, compile them, list what has no Chinese.
	$(BIN)/python -m translation

lock: dev  ## Renew every locked version and say what moved; with KEEP=1 only what pyproject.toml makes necessary.
	$(BIN)/python -m dependencies.lock $(if $(KEEP),--keep)

licences: dev  ## Write docs/licences.md, the licence of every package that faqbot runs with.
	$(BIN)/python -m dependencies.licences

sbom: dev  ## Write dist/faqbot.cdx.json, the bill of materials (CycloneDX) of what faqbot runs with.
	$(BIN)/python -m dependencies.sbom

.venv/.benchmark: .venv/.dev dependencies/benchmark.txt
	@echo "Installing what is measured against, as locked"
	$(LOCKED) -r dependencies/benchmark.txt
	@touch $@

benchmark: .venv/.benchmark  ## Measure speed against rivals, at small sizes.
	$(BIN)/python -m benchmarks

reference: dev  ## Write docs/reference/ from the program: settings, routes, commands, errors.
	$(BIN)/python -m docs.reference.generate

clean:  ## Remove the environment and caches; the data stays.
	rm -rf .venv .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
