# The two commands to know are `make demo` and `make test`. Each sets up what it needs: Python 3.11
# or newer (with its venv module), make and a package registry are enough.

# PYTHON is any Python from 3.11 on: it installs uv, which finds or downloads the others.
# WORKERS is how many tests run at once, TESTS which.
PYTHON  ?= python3
WORKERS ?= 2
TESTS   ?= tests
DIR     ?= tests/fixtures/documents
GATEWAY ?= midtrans
PORT    ?= 8000

# RUNTIME is Lambda's Python, on which everything runs; OLDEST runs the unit tests as well.
RUNTIME := 3.13
OLDEST  := 3.11
# A shim of pyenv runs only the version that is selected.
pyenv = PYENV_VERSION=$$(pyenv latest $(1) 2>/dev/null)

# What is compiled is kept, also where the environment says not to: it is imported by many processes.
export PYTHONDONTWRITEBYTECODE :=

RUN := .venv/bin/python
UV  := .venv-uv/bin/uv
SAM := SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam

UV_ENV     := .venv-uv/.ready
DEV        := .venv/.ready
OLDEST_ENV := .venv-$(OLDEST)/.ready
SAM_CLI    := .venv-sam/.ready
CHECKOV    := .venv-checkov/.ready
MINISTACK  := .venv-ministack/.ready
OFFICIAL   := .venv-official/.ready
# The processor times that the simulation of capacity reads.
MEASURED   := $(addprefix out/bench/,stamping.json worker.json imports.json)

# QUICK=1 runs a study at a size of seconds.
QUICKLY = $(if $(QUICK),--quick)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test test-oldest faults fuzz mutants corpus pages commands \
	bench bench-stamping bench-verify growth capacity load \
	check lint template build locks openapi format lock upgrade setup clean

help: ## this list
	@awk -F ':.*## ' '/^#[^#]*---/ { gsub(/^# --- | -+$$/, ""); printf "\n%s\n", $$0 } \
		/^[a-z0-9.-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- Run it -------------------------------------------------------------------------------------

demo: $(DEV) ## buy, pay, stamp, verify and refund on this machine
	@$(RUN) -m tests.demo

serve: $(DEV) ## the whole system on ports of this machine; GATEWAY=xendit, PORT=8000, EMPTY=1
	@$(RUN) -m tests.local --gateway $(GATEWAY) --port $(PORT) $(if $(EMPTY),--empty)

# --- Test it ------------------------------------------------------------------------------------

test: $(DEV) $(MINISTACK) $(OFFICIAL) ## every test; TESTS=tests/unit for some of them
	$(RUN) -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

# Without the closed loops: they are arithmetic, half a minute of it, and `make test` runs them.
test-oldest: $(OLDEST_ENV) ## the unit tests, on the oldest Python for development
	.venv-$(OLDEST)/bin/python -m pytest -n $(WORKERS) --dist loadgroup tests/unit \
		--ignore=tests/unit/domain/test_admission_in_a_surge.py

faults: $(DEV) ## a fault at every call, pairs, random scenarios, interleavings; 10 min, QUICK=1: 10 s
	$(RUN) -m tests.faults --workers $(WORKERS) $(QUICKLY)

fuzz: $(DEV) ## generated tests with random examples, twenty times as many; TESTS=tests/unit
	$(RUN) -m pytest -n $(WORKERS) -m hypothesis --hypothesis-profile=fuzz $(TESTS)

mutants: $(DEV) ## mutation testing of domain/ and steps/
	$(RUN) -m tests.mutants --workers $(WORKERS)

corpus: $(DEV) ## stamp every PDF of a folder and check each stamp with other tools; DIR=...
	@$(RUN) -m tests.corpus "$(DIR)"

pages: $(DEV) ## judge the pages in a browser, and picture each state in out/pages; QUICK=1
	@$(RUN) -m tests.pages $(QUICKLY)

commands: $(DEV) $(MINISTACK) ## every command of this list, each at a size of seconds
	@$(RUN) -m tests.tools.commands

# --- Measure it ---------------------------------------------------------------------------------

bench: $(DEV) $(MINISTACK) ## what a call, an import and a stamp cost; QUICK=1: 30 s
	$(RUN) -m tests.benchmarks $(QUICKLY)

bench-stamping: $(DEV) ## a stamp, beside the limit and pyHanko; QUICK=1: 10 s
	$(RUN) -m tests.benchmarks.stamping $(QUICKLY)

bench-verify: $(DEV) ## a verification, beside one hash, pyHanko and pdfsig; QUICK=1: 15 s
	$(RUN) -m tests.benchmarks.verification $(QUICKLY)

growth: $(DEV) $(MINISTACK) ## what an operation asks of AWS with 1,000 to 100,000 e-meterai stored; QUICK=1
	@$(RUN) -m tests.growth $(QUICKLY)

capacity: $(DEV) | $(if $(QUICK),,$(MEASURED)) ## simulate the peaks at full size; EXPECT=750: what 750 stamps a second need; QUICK=1
	@$(RUN) -m tests.capacity $(if $(EXPECT),--expect $(EXPECT)) $(QUICKLY)

load: $(DEV) $(MINISTACK) ## 2,000 buyers on this machine, with crashes and throttling; QUICK=1: 60 of them
	@$(RUN) -m tests.load $(QUICKLY)

out/bench/stamping.json: | $(DEV)
	$(RUN) -m tests.benchmarks.stamping --rounds 3

out/bench/worker.json out/bench/imports.json: out/bench/%.json: | $(DEV)
	$(RUN) -m tests.benchmarks.$*

# --- Check and build it -------------------------------------------------------------------------

check: lint template build locks ## lint, types, template, packages, locks, openapi.json
	$(RUN) -m tests.openapi --check

lint: $(DEV) ## ruff and mypy
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

template: $(DEV) $(SAM_CLI) $(CHECKOV) ## validate template.yaml, and judge what SAM makes of it
	.venv/bin/cfn-lint template.yaml
	$(SAM) validate --lint --region ap-southeast-3
	$(RUN) -m tests.integration.deployment.transformed out/transformed.json
	.venv-checkov/bin/python tests/tools/judge_template.py out/transformed.json

# Built on this machine for this machine: the wheels are Lambda's only where it is x86_64 Linux.
# Lambda's Python must come first on PATH, itself and not a shim of pyenv.
build: $(DEV) $(SAM_CLI) ## the packages that are deployed, in .aws-sam/build
	PATH="$$($(RUN) -c 'import sys; print(sys.base_prefix + "/bin")'):$$PATH" $(SAM) build --cached

locks: $(DEV) ## are the locked requirement files those of pyproject.toml?
	$(RUN) tests/tools/lock.py --check

openapi: $(DEV) ## write openapi.json
	$(RUN) -m tests.openapi

format: $(DEV) ## format the code, and fix what the linter can
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

lock: $(DEV) ## compile pyproject.toml into the locked requirement files
	$(RUN) tests/tools/lock.py

upgrade: $(DEV) ## the same, with the newest versions as of the date in tests/tools/lock.py
	$(RUN) tests/tools/lock.py --upgrade

# --- Set it up ----------------------------------------------------------------------------------

setup: $(DEV) $(SAM_CLI) $(CHECKOV) $(MINISTACK) $(OFFICIAL) ## every environment; other targets make what they need

clean: ## remove all environments, packages and results
	rm -rf .venv .venv-$(OLDEST) .venv-uv .venv-sam .venv-checkov .venv-ministack .venv-official
	rm -rf .aws-sam out .hypothesis .mypy_cache .pytest_cache .ruff_cache

# `.ready` is written last: an interrupted set-up continues where it stopped, and a finished one is
# not repeated until its lock changes.

# The locked uv makes all environments. It finds the Pythons they need, or else downloads them.
$(UV_ENV): tests/tools/requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.13 ...")'
	@$(PYTHON) -m venv --clear .venv-uv
	@.venv-uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# The .pth file lets Python find the packages of the layers.
$(DEV): requirements.txt | $(UV_ENV)
	$(call pyenv,$(RUNTIME)) $(UV) venv --quiet --clear --python $(RUNTIME) .venv
	$(UV) pip sync --quiet --require-hashes --python $(RUN) $<
	@$(call write_pth,$(RUN))
	@touch $@

$(OLDEST_ENV): requirements.txt | $(UV_ENV)
	$(call pyenv,$(OLDEST)) $(UV) venv --quiet --clear --python $(OLDEST) .venv-$(OLDEST)
	$(UV) pip sync --quiet --require-hashes --python .venv-$(OLDEST)/bin/python $<
	@$(call write_pth,.venv-$(OLDEST)/bin/python)
	@touch $@

.venv-%/.ready: tests/tools/requirements-%.txt | $(DEV)
	$(UV) venv --quiet --clear --python $(RUN) .venv-$*
	$(UV) pip sync --quiet --require-hashes --python .venv-$*/bin/python $<
	@touch $@

define write_pth
printf '../../../../layers/%s\n' meterai artwork/python cli \
	> "$$($(1) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/meterai.pth"
endef
