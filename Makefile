# pkl: build, test, measure. `make help` lists the targets.

GO       ?= go
FUZZTIME ?= 10s
# For one package: on a machine that does other work the live tests take some minutes.
PATIENCE ?= 30m
# Go refuses to build where git does not trust the folder, unless told to leave git alone.
VCS      := $(shell git status >/dev/null 2>&1 && echo auto || echo false)
# What the tests compare with, and what the race detector needs.
DEBIAN   := tshark wireshark-common tcpdump python3-scapy python3-dpkt gcc libc6-dev lua5.1 \
            iproute2 iptables iputils-ping iperf3 curl libnetfilter-queue-dev procps ethtool dnsmasq-base strace \
            netsniff-ng

.PHONY: help build test check unit race fuzz laws bench deps clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

build: ## the static program ./pkl
	CGO_ENABLED=0 $(GO) build -buildvcs=$(VCS) -trimpath -ldflags '-s -w' -o pkl ./cmd/pkl

test: build check race unit ## everything CI checks; installs nothing
	@echo 'make test: ok'

check: ## gofmt, vet, staticcheck, builds for other systems
	@echo '== gofmt, vet, staticcheck, builds for other systems'
	@files=$$(gofmt -l .); \
	if [ -n "$$files" ]; then echo "not gofmt-ed:"; echo "$$files"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	cd bench && $(GO) vet ./...
	@for os in darwin freebsd windows; do \
	  echo "GOOS=$$os $(GO) build ./cmd/pkl"; \
	  GOOS=$$os CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/pkl || exit 1; \
	done

# The race detector needs a C compiler; without one this part is left out, aloud.
# The live tests run the program as it is shipped, so it would find nothing there,
# and those of great size are of one goroutine each.
race: ## tests under the race detector, shortened, without allocation budgets, great sizes and live tests
	@echo '== tests under the race detector'
	@if command -v gcc >/dev/null || command -v clang >/dev/null; then \
	  CGO_ENABLED=1 $(GO) test -race -short -timeout $(PATIENCE) -skip 'Alloc|^Test(Live|Big|Many)' ./...; \
	elif [ "$$CI" = true ]; then \
	  echo 'no C compiler: the race detector cannot run'; exit 1; \
	else \
	  echo 'SKIPPED: no C compiler, so no race detector (make deps installs one)'; \
	fi

unit: ## unit tests, script tests, fuzz seeds; then what was skipped, and why
	@echo '== tests'
	cd bench && $(GO) test ./...
	$(GO) run ./internal/skips -timeout $(PATIENCE) ./...

fuzz: ## each fuzz target for FUZZTIME
	@set -e; for pkg in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "== $$pkg $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; \
	done

laws: ## the laws of the engine with values drawn anew, ten times as many
	$(GO) test -count=1 -run Law ./core -rapid.checks 1000 -rapid.seed 0

bench: ## side by side with other programs; needs about 1 GB in bench/out, and root for what is live
	cd bench && $(GO) run ./cmd
	@[ "$$(uname)" != Linux ] || { cd bench && $(GO) run ./intercept && $(GO) run ./sockets; }

deps: ## Debian packages that the tests compare with
	@missing=; for p in $(DEBIAN); do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "installing$$missing"; \
	$$sudo apt-get update -q && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing

clean: ## what building and measuring made
	rm -rf pkl bench/out
