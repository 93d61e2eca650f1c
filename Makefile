# The one door to everything that is done with this repository. `make help` lists it.

.DEFAULT_GOAL := help
# A build that failed half-way must not count as the newest one.
.DELETE_ON_ERROR:
.PHONY: help run test bench openapi check format contract spa spa-packages oidc-provider postgres clean

# Everything that the SPA is built from; folders too, so that a deleted file counts as a change.
SPA_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -print 2>/dev/null)
SPA_PACKAGES := frontend/node_modules/.package-lock.json
# Whom the tests sign in with.
OIDC_PROVIDER := scripts/oidc_provider/node_modules/.package-lock.json
SPA := frontend/dist/index.html

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'What there is to know about each is in README.md and CONTRIBUTING.md.'

# The release profile: it is the binary that one would install, with the speed that one is to judge it by.
# That costs minutes once; afterwards cargo and make build only what changed.
run: ## Build what is missing and start Reeve on SQLite in var/ (make run ARGS="--config FILE"; any REEVE_* variable counts)
	@scripts/check_tools
	@$(MAKE) --no-print-directory $(SPA)
	@mkdir -p var
	@echo 'Building the server (the first time takes minutes) ...'
	@REEVE_DATABASE_URL="$${REEVE_DATABASE_URL:-sqlite://var/reeve.db}" REEVE_SPA_DIR="$${REEVE_SPA_DIR:-frontend/dist}" \
		cargo run --locked --release --package reeve --bin reeve -- serve $(ARGS)

test: ## Run every test, on both databases and in a real browser (make test STEPS="lint backend" for some)
	@scripts/test $(STEPS)

check: ## The quick half of the tests: formatting, lints and types
	@scripts/test format lint scripts spa-check

# A PostgreSQL that keeps what it acknowledges, as one that holds data does.
bench: ## Measure the release build on both databases against bare limits (make bench ARGS="--only reads --database sqlite")
	@scripts/check_tools
	@echo 'Building the server and the bench (the first time takes minutes) ...'
	cargo build --locked --release --package reeve --package reeve-bench
	REEVE_TEST_POSTGRES_DURABLE=1 scripts/with_postgres target/release/reeve-bench $(ARGS)

openapi: ## Write openapi/openapi.json from the code, and the SPA's types from it
	cargo run --locked --package reeve --bin reeve -- openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json
	@$(MAKE) --no-print-directory $(SPA_PACKAGES)
	npm --prefix frontend run generate

format: ## Format the Rust and the TypeScript code
	cargo fmt --all
	@$(MAKE) --no-print-directory $(SPA_PACKAGES)
	npm --prefix frontend run format

contract: ## Hold the running server to openapi/openapi.json on SQLite (make contract ARGS="--seconds 600 --seed 7")
	cargo build --locked --package reeve --bin reeve
	scripts/contract_check $(ARGS)

postgres: ## A shell in which REEVE_TEST_POSTGRES_URL names a temporary PostgreSQL server
	@scripts/with_postgres $${SHELL:-bash} || true

spa: $(SPA) ## Build the SPA into frontend/dist
spa-packages: $(SPA_PACKAGES)

oidc-provider: $(OIDC_PROVIDER)

# Install scripts are never run: none of the packages needs one, and a stolen package would use it first.
$(SPA_PACKAGES): frontend/package.json frontend/package-lock.json
	@scripts/check_tools
	npm ci --prefix frontend --ignore-scripts --no-audit --no-fund
	@touch $@

$(OIDC_PROVIDER): scripts/oidc_provider/package.json scripts/oidc_provider/package-lock.json
	@scripts/check_tools
	npm ci --prefix scripts/oidc_provider --ignore-scripts --no-audit --no-fund
	@touch $@

$(SPA): $(SPA_PACKAGES) $(SPA_SOURCES)
	npm --prefix frontend run build
	@touch $@

clean: ## Delete everything that was built or installed here (var/, the data, stays)
	cargo clean
	rm -rf frontend/node_modules frontend/dist .venv
