# The two commands to know: `make demo` and `make test`. Each does its own set-up; all that is
# needed is Python 3.11 or newer, make and a package registry.

# What the environments are made with, how many tests run at once, and which ones.
PYTHON  ?= python3
WORKERS ?= 2
TESTS   ?= tests
DIR     ?= ../shared/corpus

# The folder of Lambda's Python: a real one, which is what a shim of pyenv's tells of.
RUNTIME_BIN = $(or \
	$(shell PYENV_VERSION=$$(pyenv latest 3.13 2>/dev/null) python3.13 -c $(WHERE) 2>/dev/null), \
	$(dir $(shell $(UV) python find --managed-python --no-python-downloads 3.13 2>/dev/null)), \
	$(error Python 3.13, which Lambda runs, is not here. Install it (`uv python install 3.13` does), or name its folder: make RUNTIME_BIN=/.../bin))
WHERE := 'import sys; print(sys.base_prefix + "/bin")'

RUN := .venv/bin/python
UV  := .venv/bin/uv
SAM := SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam

DEV       := .venv/.ready
RUNTIME   := .venv-3.13/.ready
SAM_CLI   := .venv-sam/.ready
MINISTACK := .venv-ministack/.ready
MEASURED  := $(addprefix out/bench/,stamping.json worker.json imports.json)
OFFICIAL  := .venv-official/.ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: corpus help demo test test-3.13 serve bench bench-stamping growth capacity load faults mutants check lint template build locks openapi format lock upgrade clean setup

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9.-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- What it does -------------------------------------------------------------------------------

demo: $(DEV) ## buy, pay, stamp, verify and refund, all on this machine
	@$(RUN) -m tests.demo

test: $(DEV) $(MINISTACK) $(OFFICIAL) ## every test; TESTS=tests/unit for some of them
	$(RUN) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

test-3.13: $(RUNTIME) $(MINISTACK) $(OFFICIAL) ## every test, on the Python that Lambda runs
	.venv-3.13/bin/python -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

serve: $(DEV) ## the whole stamp office, on a port of this machine (GATEWAY=xendit: the other one)
	@$(RUN) -m tests.local --gateway $(or $(GATEWAY),midtrans)

bench: $(DEV) $(MINISTACK) ## what a call, an import and a stamp cost
	$(RUN) -m tests.benchmarks

bench-stamping: $(DEV) ## the stamping engine beside the limit and its peers
	$(RUN) -m tests.benchmarks.stamping

growth: $(DEV) $(MINISTACK) ## what an operation asks of AWS while 1,000 to 100,000 e-meterai are stored
	@$(RUN) -m tests.growth

capacity: $(DEV) | $(MEASURED) ## simulate 2024 at full size; EXPECT=750: what so many stamps a second need
	@$(RUN) -m tests.capacity $(if $(EXPECT),--expect $(EXPECT))

# Processor times of this machine, that the simulation reckons with; kept until `make clean`.
out/bench/stamping.json: | $(DEV)
	$(RUN) -m tests.benchmarks.stamping --rounds 3

out/bench/worker.json out/bench/imports.json: out/bench/%.json: | $(DEV)
	$(RUN) -m tests.benchmarks.$*

load: $(DEV) $(MINISTACK) ## thousands of buyers on this machine, with crashes and throttling; out/load.json
	@$(RUN) -m tests.load

corpus: $(DEV) ## stamp and judge every PDF in a folder: make corpus DIR=...
	@$(RUN) -m tests.corpus "$(DIR)"

faults: $(DEV) ## a fault at every call, pairs of them, random scenarios, interleavings; QUICK=1 in seconds
	$(RUN) -m tests.faults --workers $(WORKERS) $(if $(QUICK),--quick)

mutants: $(DEV) ## do the tests bite? mutation testing of domain/ and steps/; out/mutants.json
	$(RUN) -m tests.mutants --workers $(WORKERS)

# --- What keeps it right --------------------------------------------------------------------------

check: lint template build locks ## lint, types, template, packages, locks, openapi.json
	$(RUN) -m tests.openapi --check

template: $(DEV) $(SAM_CLI)
	.venv/bin/cfn-lint template.yaml
	$(SAM) validate --lint --region ap-southeast-3

locks: $(DEV)
	$(RUN) tests/tools/lock.py --check

lint: $(DEV) ## what the code alone can tell: ruff and mypy
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

# Built on this machine for this machine: the wheels are Lambda's only where it is x86_64 Linux.
# Lambda's Python must stand first on PATH, itself and not a shim.
build: $(SAM_CLI) ## the packages that are deployed, in .aws-sam/build
	PATH="$(RUNTIME_BIN):$$PATH" $(SAM) build --cached

openapi: $(DEV) ## write openapi.json again
	$(RUN) -m tests.openapi

format: $(DEV) ## format the code, and mend what the linter can
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

lock: $(DEV) ## compile pyproject.toml into the locked requirement files
	$(RUN) tests/tools/lock.py

upgrade: $(DEV) ## the same, with the newest versions as of the date in tests/tools/lock.py
	$(RUN) tests/tools/lock.py --upgrade

clean: ## remove all that was set up or built
	rm -rf .venv .venv-3.13 .venv-sam .venv-ministack .venv-official .aws-sam out
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache

# --- Set-up ---------------------------------------------------------------------------------------

setup: $(DEV) $(SAM_CLI) $(MINISTACK) $(OFFICIAL) ## every environment; the other targets ask for what they need

# `.ready` is written last: an interrupted set-up goes on where it stopped, a finished one is not
# repeated until its lock changes.

# uv, from the machine or else from the registry, fills the first environment, and the locked uv
# in it fills the others. The .pth file lets Python find the layers' packages.
$(DEV): requirements.txt tests/tools/requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.13 ...")'
	@$(RUN) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@command -v uv >/dev/null || $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/tools/requirements-uv.txt
	PATH="$$PATH:.venv/bin" uv pip sync --quiet --require-hashes --python $(RUN) requirements.txt
	@$(call write_pth,$(RUN))
	@touch $@

$(RUNTIME): requirements.txt | $(DEV)
	$(UV) venv --quiet --allow-existing --python "$(RUNTIME_BIN)/python3.13" .venv-3.13
	$(UV) pip sync --quiet --require-hashes --python .venv-3.13/bin/python requirements.txt
	@$(call write_pth,.venv-3.13/bin/python)
	@touch $@

.venv-%/.ready: tests/tools/requirements-%.txt | $(DEV)
	$(UV) venv --quiet --allow-existing --python $(RUN) .venv-$*
	$(UV) pip sync --quiet --require-hashes --python .venv-$*/bin/python $<
	@touch $@

define write_pth
printf '../../../../layers/%s\n' meterai artwork/python cli \
	> "$$($(1) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/meterai.pth"
endef
