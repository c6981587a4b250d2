# Every module, found by its go.mod; tools/ only pins programs and has no packages.
MODULES := $(sort $(dir $(shell find . -name go.mod -not -path './tools/*' -not -path '*/testdata/*')))
# cmd/carewire has no replace, so that it can be installed by version: go.work ties it to the tree until the first release.
ALONE := $(filter-out ./cmd/carewire/,$(MODULES))
BIN := $(CURDIR)/.bin
# The local toolchain only: a build must not fetch another one.
export GOTOOLCHAIN ?= local

.PHONY: test alone vet tidy fmt lint tools bench fuzz cover

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
