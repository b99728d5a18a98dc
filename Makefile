# Retrace: `make run` makes all results, `make test` runs the whole test suite.
# Each installs what it needs into .venv from the locked requirements first.

PYTHON ?= python3
CORES ?= all
VENV := .venv
BIN := $(VENV)/bin
# Published under the name that the settings give.
IMAGE ?= $(shell sed -n 's|^container: docker://||p' config/config.yaml)
ENGINE ?= $(or $(shell command -v docker),$(shell command -v podman),docker)
SIF ?= retrace.sif
BUILD ?=
SOURCES := Snakefile workflow/rules/*.smk

.DEFAULT_GOAL := help
.PHONY: help run unlock test test-system image sif lint format lock clean

help:  ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.runtime  ## Make all results with the number of CORES given (all)
	@$(BIN)/python -m snakemake --cores $(CORES)

unlock: $(VENV)/.runtime  ## Let go of what a killed run has locked, when no other run is going on
	@$(BIN)/python -m snakemake --unlock

test: $(VENV)/.development  ## Run the whole test suite
	@$(BIN)/pytest --numprocesses auto --cov --cov-report term:skip-covered

test-system: $(VENV)/.development $(VENV)/.slurm  ## Test on a cluster, in containers, with faults (root, Debian), with options in TESTS
	@$(BIN)/pytest tests/system --verbose -rs --durations 0 --capture no \
	    --override-ini tmp_path_retention_policy=failed $(TESTS)

lint: $(VENV)/.development  ## Check the style of Python and Snakemake code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/snakefmt --check $(SOURCES)
	@$(BIN)/snakemake --lint

format: $(VENV)/.development  ## Format Python and Snakemake code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/snakefmt $(SOURCES)

image:  ## Build the container image with ENGINE (docker or podman) as IMAGE, and options in BUILD
	$(ENGINE) build --file envs/Containerfile --tag $(IMAGE) \
	    --build-arg VERSION=$(lastword $(subst :, ,$(IMAGE))) $(BUILD) envs

sif:  ## Build the image for Apptainer as SIF, with options in BUILD
	apptainer build --force --build-arg version=$(lastword $(subst :, ,$(IMAGE))) $(BUILD) \
	    $(SIF) envs/retrace.def

lock:  ## Lock the requirements anew, with hashes, for Python 3.11 to 3.13
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	@for name in requirements requirements-dev requirements-slurm; do (cd envs && ../$(VENV)-lock/bin/uv pip compile \
	    --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest \
	    --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
	    $$name.in --output-file $$name.txt) || exit 1; done
	@rm -rf $(VENV)-lock

clean:  ## Remove everything made: results, environment, caches
	rm -rf results .snakemake $(VENV) .pytest_cache .ruff_cache .hypothesis .coverage

# Bytecode is compiled at installation whatever the environment says: without it every job starts
# three times as slowly.
$(VENV)/.runtime: envs/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Retrace needs Python 3.11 to 3.13, this is %d.%d; choose one with make PYTHON=python3.12" % sys.version_info[:2])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked requirements into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --compile --require-hashes -r $<
	@touch $@

$(VENV)/.development: envs/requirements-dev.txt $(VENV)/.runtime
	@$(BIN)/pip install --quiet --disable-pip-version-check --compile --require-hashes -r $<
	@touch $@

$(VENV)/.slurm: envs/requirements-slurm.txt $(VENV)/.runtime
	@$(BIN)/pip install --quiet --disable-pip-version-check --compile --require-hashes -r $<
	@touch $@
