# Every command a developer or CI needs. Each target sets up what it uses; `make help` lists them.

STACK ?= dev
FRAMEWORK ?= cis
BASE ?= main
HEAD ?= .
PYTEST_ARGS ?=

# The first Python that is new enough; say PYTHON=/path/to/python3.11 to choose another.
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
endif
BIN := .venv/bin

# What would make Python ignore or not write warm bytecode (four times slower starts), or import from elsewhere.
unexport PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONOPTIMIZE PYTHONPATH PYTHONHOME VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help preview bundle policies compliance diff record test check lint types format generate bench conformance live live-smoke demo demo-down live-cache clean python runtime tools

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

EXAMPLE = $(wildcard examples/Pulumi.$(STACK).yaml)

preview: runtime  ## plan and judge a stack or an example offline: no account, no credentials, no CLI (STACK=dev)
	@$(BIN)/python -m preview --stack $(STACK) $(if $(EXAMPLE),--config-file $(EXAMPLE)) --policy-pack policies

bundle: runtime  ## write what a site without internet needs for a stack of own servers (STACK=... BUNDLE_URL=file:///srv/infraplatform)
	@$(BIN)/python -m tools.bundle --stack $(STACK) $(if $(EXAMPLE),--config-file $(EXAMPLE)) $(if $(BUNDLE_URL),--url $(BUNDLE_URL))

policies: runtime  ## list the policy pack's rules with their severities and the controls they serve
	@$(BIN)/python -m policies catalogue

compliance: runtime  ## what a stack's plan shows of a framework's controls (STACK=dev FRAMEWORK=isms-p)
	@$(BIN)/python -m policies report --stack $(STACK) --framework $(FRAMEWORK)

diff: runtime  ## what the working tree changes in each stack, and whether it may (BASE=main HEAD=.)
	@$(BIN)/python -m preview diff $(BASE) $(HEAD) --policy-pack policies

record: tools  ## record every stack's plan as this version makes it, at a release (AGAIN=1: the version is not out yet)
	@$(BIN)/python -m tests.recorded $(if $(AGAIN),--again)

test: tools  ## run the tests (PYTEST_ARGS="tests/preview -k secret")
	@$(BIN)/python -m pytest --numprocesses=auto $(PYTEST_ARGS)

check: lint types test  ## what CI runs: linters, types, tests

lint: tools  ## lint, and check the format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: tools  ## check types strictly, SDKs included
	@$(BIN)/pyrefly check

format: tools  ## format, and fix what the linter can
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

generate: tools  ## write anew what is made from the sources: docs/settings.md, its JSON schema, docs/changes.md, docs/policies.md
	@$(BIN)/python -m components.settings
	@$(BIN)/python -m tests.stacks.changes_page
	@$(BIN)/python -m policies.documents

bench: tools  ## measure the preview against its floor; prints ratios, never fails on time
	@$(BIN)/python -m bench

conformance: tools  ## compare the preview with the engine itself (builds it from its Go module, once)
	@$(BIN)/python -m tests.conformance.build
	@$(BIN)/python -m pytest --numprocesses=auto tests/conformance $(PYTEST_ARGS)

live: live-cache  ## make clusters of systemd containers by the real engine and binaries (root, Linux, Go)
	@$(BIN)/python -m pytest -n 0 -m live -s tests/live $(PYTEST_ARGS)

live-smoke: live-cache  ## the same with one control plane and one worker only
	@$(BIN)/python -m pytest -n 0 -m live -s tests/live/test_one_and_one.py $(PYTEST_ARGS)

demo: live-cache  ## make a small cluster of systemd containers here, leave it running, say how to use it
	@$(BIN)/python -m tests.live.demo up

demo-down: tools  ## remove that cluster
	@$(BIN)/python -m tests.live.demo down

live-cache: tools
	@$(BIN)/python -m tests.live.build
	@$(BIN)/python -m tests.live.cache

clean:  ## remove what the commands made, the environment too
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime: python
	@"$(PYTHON)" tools/venv.py

tools: python
	@"$(PYTHON)" tools/venv.py --dev

python:
	@test -n "$(PYTHON)" || { \
		echo "Python 3.11 or newer is needed, and none of python3, python3.13, python3.12, python3.11 is:" >&2; \
		echo "install one, or say where it is: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
