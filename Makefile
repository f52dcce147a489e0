# Needs python3.11 or newer (with its venv module) and make; everything else comes from
# requirements.lock. `make help` lists what there is.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
LOCK := requirements.lock

# without cached bytecode (some machines forbid it) every start takes twice as long
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo serve test check fuzz bench simulate cover

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## The whole cabinet with a demo supplier, on this machine only (RESET=1 starts over)
	@exec $(BIN)/lk demo $(if $(RESET),--reset)

serve: $(READY) ## The server for customers, by LK_… settings (see `lk settings`)
	@exec $(BIN)/lk serve

test: $(READY) ## All tests, on a PostgreSQL of their own
	@$(BIN)/pytest -q -n logical --maxprocesses 8 --dist worksteal

check: $(READY) ## Format, lint, types, imports, the exported schema, the migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/lk schema check
	$(BIN)/lk migrate check

fuzz: $(READY) ## The property tests, longer (EXAMPLES=4000)
	@EXAMPLES=$(or $(EXAMPLES),4000) $(BIN)/pytest -q -m fuzz -n logical --maxprocesses 8

simulate: $(READY) ## Payments in a world that goes wrong, more of it (SEEDS=1000 KILLS=100, SEED=first)
	@SEEDS=$(or $(SEEDS),200) KILLS=$(or $(KILLS),20) SEED=$(SEED) $(BIN)/pytest -q -n logical --maxprocesses 8 \
	    tests/payments/test_simulation.py tests/payments/test_restarted_server.py

cover: $(READY) ## Which branches of payments the tests leave out
	@$(BIN)/coverage run --branch --source=src/lk_graphql/payments,src/lk_graphql/ports/acquiring \
	    -m pytest -q tests/payments tests/backoffice/test_staff_payments.py tests/ports/test_acquiring.py tests/ports/test_acquirer_outages.py
	@$(BIN)/coverage report --skip-covered --show-missing

bench: $(READY) ## What an answer costs, against the limit and against peers (ARGS=--quick, ARGS=--memory)
	@exec $(BIN)/python -m benchmarks $(ARGS)

# pip takes a minute for what uv does in seconds: pip brings uv, uv brings the rest, and both check
# the lock's hashes. Where only pip knows the way to the packages (a mirror), pip brings them all.
$(READY): $(LOCK) pyproject.toml
	@echo "Preparing $(VENV) from $(LOCK), once: up to a minute."
	@$(BIN)/uv --version >/dev/null 2>&1 || { $(FIND_PYTHON); "$$python" -m venv --clear $(VENV); \
	    sed -n '/^uv==/,/[^\\]$$/p' $(LOCK) > $(VENV)/uv.lock; \
	    $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(VENV)/uv.lock; }
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python $(LOCK) \
	    || { $(BIN)/python -m ensurepip && $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(LOCK); }
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --offline --python $(BIN)/python -e .
	@touch $@

define FIND_PYTHON
for python in python3 python3.14 python3.13 python3.12 python3.11 none; do \
    [ $$python = none ] && { echo "Python 3.11 or newer is needed." >&2; exit 1; }; \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
done
endef
