# Peerless: `make run` shows what it does, `make test` checks it. `make` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help deps build run test fuzz chaos test-hosts check-compose check-manifests lint bench
.PHONY: check-report bench-peers clean

help:
	@echo 'make run    install what is missing, build, run configs/quickstart.yaml, print the table'
	@echo 'make test   install what is missing, build, run every test'
	@echo 'make build  install what is missing, build .build/release/peerless'
	@echo 'make bench  micro-benchmarks of sketching, selection, training, and a database of 10 million rows'
	@echo 'make bench-peers  beside PyTorch, Gloo and Open MPI; ARGS="step --quick" does less'
	@echo 'make fuzz   ten million damaged frames and messages, and hostile files; SEED=2 tries others'
	@echo 'make chaos  kill -9, stops, signals, full disks, locks, jumping clocks in real runs; minutes'
	@echo 'make test-hosts  the same job across network namespaces, with cut links'
	@echo 'make check-compose  containers: up, submit, kill a worker, compare, down'
	@echo 'make check-manifests  deploy/ and docker/ against their schemas'
	@echo 'make check-report  reports of small runs in headless Chromium: phone, desk, paper, light, dark'
	@echo 'make lint   check the format of the sources'
	@echo 'make clean  remove what was built'

deps:
	@scripts/install-dependencies

build: deps
	swift build -c release --product peerless

run: build
	.build/release/peerless run configs/quickstart.yaml

# The dashboard's handlers share Swift's pool of threads with tests that block while they wait for
# processes; in a process of their own they get their turn.
test:
	@scripts/install-dependencies sqlite3
	swift build -c release --build-tests --explicit-target-dependency-import-check error
	swift test -c release --skip-build --skip DashboardTests
	swift test -c release --skip-build --filter DashboardTests

# Findings are kept in .build/fuzz.
SEED ?= 1
fuzz: deps
	swift build -c release --product peerless-fuzz
	@mkdir -p .build/fuzz
	.build/release/peerless-fuzz --seed $(SEED) --count 17000000 --seconds 60 --keep .build/fuzz

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

bench: build
	.build/release/peerless bench sketch
	.build/release/peerless bench topk
	.build/release/peerless bench compute
	.build/release/peerless bench collective
	.build/release/peerless bench store

# Needs Python: PyTorch in .venv, Open MPI where it can be had.
ARGS ?= all
bench-peers: build
	@scripts/install-peers
	.venv/bin/python bench/peers.py $(ARGS)

CHAOS ?= all
chaos: build
	@scripts/chaos $(CHAOS)

# Needs root and iproute2; skipped with a word where that is not allowed.
test-hosts: build
	@scripts/test-hosts

# Needs a Docker engine and Compose, v1 or v2; skipped with a word where there is none.
check-compose:
	@scripts/check-compose

# Needs Chromium, which it installs by apt.
check-report: build
	@scripts/check-report

check-manifests:
	@scripts/check-manifests

clean:
	rm -rf .build
