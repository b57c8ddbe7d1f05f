# `make help` lists the targets. Downloads come only from the package registries.
PLUGINS := workflow objectifs notifications ypareo documents annuaire coherence
TARGET  := $(or $(CARGO_TARGET_DIR),target)
WASM    := wasm32-unknown-unknown
NPM     := npm --prefix web
SDK     := sdk/js
ENGINE  := --manifest-path host/documents/engine/Cargo.toml --target-dir $(TARGET)
CORES   := $(or $(shell nproc 2>/dev/null),4)

.DEFAULT_GOAL := help
.PHONY: help machine run serve test e2e topology-test bench lint host typeset tests guests plugins pack dist sdk web openapi docs target clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

machine: # What has to be there before anything can be compiled.
	@./scripts/need.sh cc build-essential
	@node -e 'process.exit([20, 22, 24].includes(parseInt(process.versions.node)) ? 0 : 1)' 2>/dev/null || \
	  { echo "Node 20, 22 or 24 is needed; here is: $$(node --version 2>/dev/null || echo none)" >&2; exit 1; }

run: machine ## Set everything up and serve the demo on http://127.0.0.1:3000 (PORT, AFPI_DATA_DIR)
	@$(MAKE) --no-print-directory -j$(CORES) host typeset guests web
	@$(MAKE) --no-print-directory pack
	@exec $(TARGET)/debug/afpi demo

serve: plugins web sdk ## Serve on MariaDB and Redis: DATABASE_URL, REDIS_URL, AFPI_SECRET and AFPI_PUBLIC_URL are required
	cargo build --release -p afpi --features s3
	cargo build --release --locked $(ENGINE)
	@exec $(TARGET)/release/afpi serve

test: machine ## Run every test: both backends, plugins, HTTP, browser; installs what they need where it is missing
	@./scripts/test.sh --needs
	@$(MAKE) --no-print-directory -j$(CORES) tests guests sdk web
	@$(MAKE) --no-print-directory pack
	@./scripts/test.sh

e2e: ## Run the whole browser suite against a running demo (AFPI_E2E_URL, default http://127.0.0.1:3000)
	cd web && npx playwright test

topology-test: typeset plugins web ## Walk the whole topology on this machine: each part is killed, frozen, cut off, restarted (SHORT=1: the main ones, 4 minutes)
	cargo build -p afpi
	@node scripts/topology-test.mjs $(if $(SHORT),--short)

bench: plugins ## Print the figures (release build)
	@./scripts/bench.sh

lint: dist sdk web/node_modules/.installed deploy/lint/node_modules/.installed ## Check the formatting, clippy, that the fuzz targets compile, the web app, alerts, dashboards, compose.yaml and the lock files
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo check --locked --manifest-path fuzz/Cargo.toml
	cargo clippy --locked --manifest-path host/files/s3-test/Cargo.toml --all-targets -- -D warnings
	cargo fmt --manifest-path host/documents/engine/Cargo.toml --check
	cargo clippy --locked $(ENGINE) --all-targets -- -D warnings
	$(NPM) run lint
	npm --prefix $(SDK) exec -- tsc --noEmit -p $(SDK)
	node scripts/monitoring.mjs
	npm --prefix deploy/lint exec -- dclint compose.yaml compose.cluster.yaml -c deploy/lint/dclint.yaml
	node deploy/lint/compose.mjs
	@! git ls-files '*package-lock.json' | xargs grep -l '"resolved": "http' || { echo "a lock file names a registry host"; exit 1; }

openapi: ## Write the API description the web client is generated from
	cargo run -q -p afpi -- openapi > web/openapi.json

docs: ## Write what is made from wit/: the pages in docs/contract, the Rust in sdk/rust, the TypeScript in sdk/js
	AFPI_WRITE_BINDINGS=1 cargo test -q -p afpi-plugin-tool --test contract the_rust_of_the_contract
	cargo run -q -p afpi -- plugin docs
	cargo run -q -p afpi -- plugin types

target: ## The compilation target of the plugins
	@rustup target list --installed 2>/dev/null | grep -qx $(WASM) || rustup target add $(WASM)

# A leading + lets cargo share the cores with other targets.
host: dist sdk
	@echo "== the host: cargo shows which crates it compiles, and how many are left"
	+cargo build -p afpi -p afpi-plugin-tool

# Has a workspace of its own. The target folder is the same, so that the program lies beside `afpi`, and most crates
# that both use are compiled once.
typeset:
	+@./scripts/step.sh "the program that sets documents" cargo build --locked $(ENGINE)

tests: dist sdk
	@echo "== the host and its tests: cargo shows which crates it compiles, and how many are left"
	+cargo test --workspace --no-run
	+@./scripts/step.sh "the program that sets documents, and its tests" cargo test --locked $(ENGINE) --no-run

# In development builds the program finds its embedded files at run time, in folders that must exist when it is
# compiled.
dist:
	@mkdir -p dist/plugins dist/web

guests: target
	+@./scripts/step.sh "the plugins" cargo build --profile guest --target $(WASM) $(PLUGINS:%=-p afpi-plugin-%)

plugins: guests ## Compile the plugins for the sandbox and pack each into dist/plugins/<id>.wasm
	cargo build -p afpi-plugin-tool
	@$(MAKE) --no-print-directory pack

pack:
	@for plugin in $(PLUGINS); do \
	  id=$$(sed -n 's/^id *= *"\(.*\)"/\1/p' plugins/$$plugin/plugin.toml); \
	  $(TARGET)/debug/afpi-plugin-tool pack $(TARGET)/$(WASM)/guest/afpi_plugin_$$plugin.wasm \
	    --manifest plugins/$$plugin/plugin.toml --output dist/plugins/$$id.wasm || exit 1; \
	done

sdk: $(SDK)/node_modules/.built ## Install and compile what plugins in TypeScript are built with

$(SDK)/node_modules/.built: $(SDK)/node_modules/.installed $(shell find $(SDK)/src wit -name '*.ts' -o -name '*.wit') $(SDK)/tsconfig.json $(SDK)/tsconfig.build.json
	@./scripts/step.sh "the SDK for TypeScript" npm --prefix $(SDK) run build
	@touch $@

$(SDK)/node_modules/.installed: $(SDK)/package-lock.json
	@./scripts/step.sh "packages of the SDK for TypeScript" npm --prefix $(SDK) ci --no-audit --no-fund
	@touch $@

web: web/node_modules/.installed ## Build the web application into dist/web
	@./scripts/web.sh

web/node_modules/.installed: web/package-lock.json
	@./scripts/step.sh "packages of the web application" $(NPM) ci --no-audit --no-fund
	@touch $@

deploy/lint/node_modules/.installed: deploy/lint/package-lock.json
	@./scripts/step.sh "linters of deploy/" npm --prefix deploy/lint ci --no-audit --no-fund
	@touch $@

clean: ## Remove what was built
	cargo clean
	rm -rf dist deploy/lint/node_modules web/node_modules web/.angular $(SDK)/node_modules $(SDK)/lib $(SDK)/wit
