# Retrace: `make run` makes all results, `make test` tests in minutes what `make run` rests on.
# Each installs what it needs into .venv from the locked requirements first.

# The Python that .venv is made with; where none is given, python3.
PYTHON ?=
CORES ?= all
VENV := .venv
BIN := $(VENV)/bin
# Published under the name that the settings give.
IMAGE ?= $(shell sed -n 's|^container: docker://||p' config/config.yaml)
ENGINE ?= $(or $(shell command -v docker),$(shell command -v podman),docker)
SIF ?= retrace.sif
BUILD ?=
SOURCES := Snakefile workflow/rules/*.smk
LOCKS := requirements-build requirements requirements-dev requirements-slurm
# Options of pytest-cov: counting lines makes the tests a fifth slower.
COVERAGE ?=
# Examples that `make explore` draws begin here.
SEED ?= $(shell od -A n -N 4 -t u4 /dev/urandom | tr -d ' ')

ENVIRONMENT := @sh envs/environment.sh $(VENV) "$(PYTHON)" envs/requirements.txt
# Modules, not the commands beside Python: those name a folder, which may have been moved since.
RUN := $(BIN)/python -m
PYTEST := $(RUN) pytest --numprocesses auto --dist worksteal
# Tests whose numbers come from linear algebra: they hold whatever a processor makes of its sums.
NUMERIC := $(foreach room,matrices estimators sem checks synthetic power robustness assumptions, \
    $(wildcard tests/unit/test_$(room)_*.py tests/unit/test_$(room).py))
LOCK = cd envs && for name in $(LOCKS); do ../$(BIN)/uv pip compile $(1) \
    --quiet --universal --python-version 3.11 --fork-strategy fewest \
    --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
    $$name.in --output-file $$name.txt || exit 1; done && ../$(BIN)/python pin_conda.py

.DEFAULT_GOAL := help
.PHONY: help run unlock test test-long test-system explore lint format image sif lock lock-upgrade \
    clean environment environment-dev environment-slurm

help:  ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-17s %s\n", $$1, $$2}' Makefile

run: environment  ## Make all results with the number of CORES given (all)
	@$(RUN) snakemake --cores $(CORES)

unlock: environment  ## Let go of what a killed run has locked, when no other run is going on
	@$(RUN) snakemake --unlock

test: environment-dev  ## Test everything in minutes, with the same examples at each run
	@$(PYTEST) -m "not long" $(COVERAGE)

# Once more without the workflow's settings, for numbers that must not hang on them.
test-long: environment-dev  ## Run the long tests, twice the examples, and the processor's own linear algebra
	@$(PYTEST) -m "long or hypothesis" --examples-times 2
	@RETRACE_LINEAR_ALGEBRA=machine $(PYTEST) -m "not long and not hypothesis" $(NUMERIC)

explore: environment-dev  ## Try new examples, drawn from SEED (at random), and record in benchmarks what they found
	@$(PYTEST) -m hypothesis --hypothesis-profile explore --hypothesis-seed $(SEED) \
	    --examples-times 5 --record benchmarks/exploration/record.csv

test-system: environment-dev environment-slurm  ## Test on a cluster, in containers, with faults (root, Debian), with options in TESTS
	@$(RUN) pytest tests/system --verbose -rs --durations 0 --capture no \
	    --override-ini tmp_path_retention_policy=failed $(TESTS)

lint: environment-dev  ## Check the style of Python and Snakemake code, and the types of the library
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) snakefmt --check $(SOURCES)
	@$(RUN) snakemake --lint
	@$(RUN) mypy

format: environment-dev  ## Format Python and Snakemake code
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .
	@$(RUN) snakefmt $(SOURCES)

image:  ## Build the container image with ENGINE (docker or podman) as IMAGE, and options in BUILD
	$(ENGINE) build --file envs/Containerfile --tag $(IMAGE) \
	    --build-arg VERSION=$(lastword $(subst :, ,$(IMAGE))) $(BUILD) envs

sif:  ## Build the image for Apptainer as SIF, with options in BUILD
	apptainer build --force --build-arg version=$(lastword $(subst :, ,$(IMAGE))) $(BUILD) \
	    $(SIF) envs/retrace.def

lock: environment-dev  ## Lock the requirements, those of conda too, for Python 3.11 and later: what fits stays
	@$(call LOCK,)

lock-upgrade: environment-dev  ## Lock the newest versions that fit together
	@$(call LOCK,--upgrade)

clean:  ## Remove everything made: results, environment, caches
	rm -rf results .snakemake $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage

environment:
	$(ENVIRONMENT)

environment-dev: environment
	$(ENVIRONMENT) envs/requirements-dev.txt

environment-slurm: environment  ## Add Snakemake's plugin for SLURM to .venv
	$(ENVIRONMENT) envs/requirements-slurm.txt
