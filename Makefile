# Every check and every job of Busbar, by name. `make help` lists them.
.DEFAULT_GOAL := help
export CGO_ENABLED := 0
GO      ?= go
BUSBAR  := bin/busbar
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME ?= 60s

.PHONY: help deps deps-test build demo test race lint fuzz bench bench-solver check-pypsa docs clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

deps: ## bring HiGHS and the plotting library into .deps/ (needs pip; npm for the plots)
	@sh scripts/deps.sh

deps-test: deps ## what only the tests need: pyarrow, to read the run folder as others do
	@test -d .deps/python/pyarrow || python3 -m pip install -q --target .deps/python pyarrow==22.0.0

build: ## bin/busbar, without network once deps are there
	@mkdir -p bin
	@if [ -f .deps/plot/echarts.min.js ]; then cp .deps/plot/echarts.min.js internal/report/plot/; fi
	$(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BUSBAR) ./cmd/busbar

demo: ## plan the Oudomxay park: representative weeks, then the full year, then its report; needs Go alone
	@sh scripts/deps.sh --plot || echo "demo: goes on; the report will have static pictures"
	@$(MAKE) --no-print-directory build
	@sh scripts/demo.sh $(BUSBAR)

test: deps-test build ## every test (vet, unit, laws, examples, transcripts)
	$(GO) vet ./...
	$(GO) test -timeout 18m ./...

race: ## the concurrent packages under the race detector (needs gcc)
	CGO_ENABLED=1 $(GO) test -race ./solve/... ./internal/study/... ./lp/...

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.1 ./...

fuzz: ## every fuzz target for FUZZTIME each
	@sh scripts/fuzz.sh $(FUZZTIME)

bench: deps build ## the figures of docs/benchmarks.md: against PyPSA, against time
	@sh bench/run.sh

bench-solver: deps build ## the native solver beside HiGHS and Clarabel, phase by phase (BENCH=quick: minutes)
	@sh bench/solvers.sh

check-pypsa: deps build ## every network of the suite through Busbar's export into PyPSA itself (about 1 GB; CASES, NAMES)
	@sh bench/check-pypsa.sh $(BUSBAR) $(NAMES)

docs: ## write the generated pages anew
	$(GO) test ./internal/formulate ./internal/attribute ./internal/system ./internal/run ./internal/source/pypsa ./internal/source/matpower -run 'Doc|Reference|Schema' -update

clean: ## what was built; .deps stays
	rm -rf bin runs
