# Thin on purpose: what is longer than a few lines lives in scripts/ or in xtask/.

# Tools that the distribution does not have are kept here, shared by all clones.
export TOOLS_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/realms
export PATH := $(TOOLS_DIR)/bin:$(HOME)/.cargo/bin:$(PATH)

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test check bench dev fmt gen web clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: ## Set up what is missing, build, and start Realms on http://127.0.0.1:8080
	@scripts/setup
	@scripts/web
	@exec scripts/run

test: ## Set up what is missing and run every test; ends with `N passed, N failed`
	@scripts/setup --test
	@scripts/web
	@cargo xtask test

check: ## Format, lints, crate graph, who names a dialect, licences, generated files, web lint and types
	@scripts/setup
	@scripts/web
	@scripts/check

bench: ## Measure Realms beside a minimal pass-through; prints ratios
	@scripts/setup
	@scripts/web
	@cargo run --release --package realms-bench
	@cargo run --release --package realms-bench -- --business --only call

dev: ## Server and web app with rebuild on change, on http://127.0.0.1:5173
	@scripts/setup
	@scripts/web
	@exec scripts/dev

fmt: ## Format the Rust and the web sources
	@cargo fmt --all
	@cargo fmt --manifest-path fuzz/Cargo.toml
	@cd web && npm run --silent format

gen: ## Write the generated files anew
	@scripts/web
	@cargo xtask gen

web: ## Build the web app when its inputs have changed
	@scripts/setup
	@scripts/web

clean: ## Remove what was built; data stays
	@cargo clean
	@rm -rf web/dist web/dist-e2e web/node_modules web/test-results
