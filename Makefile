# Requires Python 3.11 or newer (with its venv module) and make. Everything else comes from
# requirements-dev.lock, which is requirements.lock (of production) and the development tools.
# `make help` lists the targets.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
LOCK := requirements-dev.lock
DOCS := .venv/docs
DOCS_LOCK := requirements-docs.lock
CLUSTER := .venv/cluster
CLUSTER_LOCK := requirements-cluster.lock

# Without cached bytecode, which some machines disable, every start takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo cabinet e2e serve test check schema docs fuzz bench load simulate payments faults cluster cover year lock dist sbom audit

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## Run the cabinet with a demo supplier, on this machine only (RESET=1 starts over)
	@exec $(BIN)/lk demo $(if $(RESET),--reset)

CABINET := examples/cabinet

cabinet: $(READY) $(CABINET)/dist/index.html ## Run the demo with the example frontend at / (needs Node.js 20.19 or newer)
	@exec $(BIN)/lk demo --frontend $(CABINET)/dist $(if $(RESET),--reset)

e2e: $(READY) $(CABINET)/dist/index.html ## Test the supplier's manual in the example frontend (needs Node.js and Chromium)
	@cd $(CABINET) && npm run --silent e2e

serve: $(READY) ## Run the production server, configured by LK_… variables (see `lk settings`)
	@exec $(BIN)/lk serve

test: $(READY) ## Run all tests, on a temporary PostgreSQL
	@$(BIN)/pytest -q -n logical --maxprocesses 8 --dist worksteal

check: $(READY) ## Check format, lint, types, imports, the exported schema and the migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/lk schema check
	$(BIN)/lk schema changes >/dev/null
	$(BIN)/lk migrate check

schema: $(READY) ## Write schema.graphql and the client settings in examples/client
	@$(BIN)/lk schema write
	@for kind in apollo graphcache refusals; do $(BIN)/lk schema client $$kind > examples/client/$$kind.ts; done

docs: $(READY) $(DOCS)/ready ## Build the documentation site into .docs/site
	@$(BIN)/python -m docs.generator .docs/pages
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict
	@echo "Open .docs/site/index.html."

fuzz: $(READY) ## Run all property tests and the server's fuzz tests longer (EXAMPLES=4000)
	@EXAMPLES=$(or $(EXAMPLES),4000) $(BIN)/pytest -q -m "fuzz or hypothesis" -n logical --maxprocesses 8

simulate: $(READY) ## Run the payment simulation longer (SEEDS=1000 KILLS=100, SEED=first)
	@SEEDS=$(or $(SEEDS),200) KILLS=$(or $(KILLS),20) SEED=$(SEED) $(BIN)/pytest -q -n logical --maxprocesses 8 \
	    tests/payments/test_simulation.py tests/payments/test_restarted_server.py

payments: $(READY) ## Play seeds of the payment simulation, continuing after the last run (SEEDS=100000, SEEDS=500..900, ARGS="--jobs 2")
	@exec $(BIN)/python -m tests.payments.run $(or $(SEEDS),1000) $(ARGS)

year: $(READY) ## Play a supplier's year against a model of it (SEEDS=20, SEEDS=5..9, ARGS=--events)
	@exec $(BIN)/python -m tests.year.run $(SEEDS) $(ARGS)

faults: $(READY) ## Kill, restart and break everything under load (KILLS=1000 RESTARTS=100 OUTAGES=1 SEED=… ARGS=--help)
	@exec $(BIN)/python -m benchmarks.faults $(if $(KILLS),--kills $(KILLS)) \
	    $(if $(RESTARTS),--restarts $(RESTARTS)) $(if $(OUTAGES),--outages $(OUTAGES)) \
	    $(if $(SEED),--seed $(SEED)) $(ARGS)

cluster: $(READY) $(CLUSTER)/ready ## Break each part of a cluster with failover under load (ROUNDS=20 SEED=… ARGS=--help; root)
	@exec $(BIN)/python -m benchmarks.cluster $(if $(ROUNDS),--rounds $(ROUNDS)) \
	    $(if $(SEED),--seed $(SEED)) $(ARGS)

cover: $(READY) ## List the branches of payments that no test covers
	@$(BIN)/coverage run --branch --source=src/lk_graphql/payments,src/lk_graphql/ports/acquiring \
	    -m pytest -q tests/payments tests/backoffice/test_staff_payments.py tests/ports/test_acquiring.py tests/ports/test_acquirer_outages.py
	@$(BIN)/coverage report --skip-covered --show-missing

bench: $(READY) ## Measure the cost of responses against a lower bound and peers (ARGS=--quick, --memory)
	@exec $(BIN)/python -m benchmarks $(ARGS)

load: $(READY) ## Measure the responses at 1, 3 and 10 times the capacity (ARGS=--proxy: behind HAProxy)
	@exec $(BIN)/python -m benchmarks.overload $(ARGS)

lock: $(READY) ## Write both lock files from pyproject.toml; ARGS=--upgrade uses the newest versions
	$(COMPILE) --extra demo --group dev --output-file $(LOCK) $(ARGS)
	$(COMPILE) --constraint $(LOCK) --output-file requirements.lock $(ARGS)

dist: $(READY) ## Build the wheel and the sdist into dist/
	$(BIN)/hatchling build --target wheel --target sdist

sbom: $(READY) ## Print production's components as CycloneDX (elsewhere: `lk sbom`)
	@$(BIN)/lk sbom

audit: $(READY) ## Look up known vulnerabilities of the locked packages, if a database is reachable
	@$(BIN)/python .ci/audit.py requirements.lock $(LOCK)

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header pyproject.toml

$(CABINET)/dist/index.html: schema.graphql $(CABINET)/package-lock.json $(shell find $(CABINET)/src $(CABINET)/public $(CABINET)/*.ts $(CABINET)/index.html -type f -not -path '*/generated/*')
	@command -v npm >/dev/null || { echo "The example frontend is built with Node.js 20.19 or newer and npm: https://nodejs.org" >&2; exit 1; }
	cd $(CABINET) && npm ci --no-audit --no-fund --loglevel=error --fetch-timeout=60000 && npm run build

# pip installs uv, and uv installs the rest, which takes seconds instead of a minute. Both check the
# hashes of the lock file. If only pip is configured for the package index (a mirror), pip installs
# everything.
$(READY): $(LOCK) pyproject.toml
	@echo "Preparing $(VENV) from $(LOCK), once: up to a minute."
	@$(BIN)/uv --version >/dev/null 2>&1 || { $(FIND_PYTHON); "$$python" -m venv --clear $(VENV); \
	    sed -n '/^uv==/,/[^\\]$$/p' $(LOCK) > $(VENV)/uv.lock; \
	    $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(VENV)/uv.lock; }
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python $(LOCK) \
	    || { $(BIN)/python -m ensurepip && $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $(LOCK); }
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --offline --python $(BIN)/python -e .
	@touch $@

# The site's packages have a separate environment, which only `make docs` needs. Its lock file comes
# from `uv pip compile --universal --generate-hashes --no-header --no-annotate --group docs`.
$(DOCS)/ready: $(DOCS_LOCK) $(READY)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(DOCS)
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(DOCS)/bin/python $(DOCS_LOCK)
	@touch $@

# Patroni has a separate environment too. Its lock file comes from the same command with
# `--group cluster`.
$(CLUSTER)/ready: $(CLUSTER_LOCK) $(READY)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CLUSTER)
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(CLUSTER)/bin/python $(CLUSTER_LOCK)
	@touch $@

define FIND_PYTHON
for python in python3 python3.14 python3.13 python3.12 python3.11 none; do \
    [ $$python = none ] && { echo "Python 3.11 or newer is needed." >&2; exit 1; }; \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
done
endef
