# Every module, found by its go.mod; tools/ only pins programs and has no packages.
MODULES := $(sort $(dir $(shell find . -name go.mod -not -path './tools/*' -not -path '*/testdata/*')))
# cmd/carewire has no replace, so that it can be installed by version: go.work ties it to the tree until the first release.
ALONE := $(filter-out ./cmd/carewire/,$(MODULES))
BIN := $(CURDIR)/.bin
# The local toolchain only: a build must not fetch another one.
export GOTOOLCHAIN ?= local

.PHONY: test alone vet tidy fmt lint tools bench fuzz cover conformance torture

# test runs every module with the race detector, shuffled. Stores without a server say so and are skipped.
test:
	@go test -race -shuffle=on work

# alone is test for each module by itself, as its users build it.
alone:
	@set -e; for m in $(ALONE); do echo "== $$m"; (cd $$m && GOWORK=off go test ./...); done

vet:
	@go vet work

tidy:
	@set -e; for m in $(ALONE) ./tools/; do (cd $$m && GOWORK=off go mod tidy -diff); done

fmt:
	@out=$$(gofmt -l .); test -z "$$out" || { echo "gofmt -w:"; echo "$$out"; exit 1; }

tools:
	@GOWORK=off GOBIN=$(BIN) go -C tools install tool

lint: tools
	@$(BIN)/golangci-lint run $$(go list -m -f '{{.Dir}}/...')

# bench prints the figures of docs/benchmarks.md: times, allocations, and ratios to a baseline in the same run.
bench:
	@go test -run='^$$' -bench=. -benchmem work

# fuzz runs every fuzz target for FUZZTIME.
FUZZTIME ?= 20s
fuzz:
	@scripts/fuzz.sh $(FUZZTIME)

# conformance runs the kits of the storage contract on every store, over private servers; a skipped case fails it.
conformance:
	@scripts/conformance.sh

# torture kills the server and every process of a sending system at random, ROUNDS times, and counts what went wrong.
ROUNDS ?= 100
torture:
	@scripts/services.sh install
	@CAREWIRE_REQUIRE_SERVERS=1 CAREWIRE_TORTURE_ROUNDS=$(ROUNDS) \
		go test -count=1 -timeout 60m -v -run '^TestTorture$$' ./store/pgstore/internal/torture
