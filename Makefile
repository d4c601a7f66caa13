# Peerless: `make run` shows what it does, `make test` checks it. `make` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help deps build run test lint bench bench-peers test-hosts check-compose check-manifests clean

help:
	@echo 'make run    install what is missing, build, run configs/quickstart.yaml, print the table'
	@echo 'make test   install what is missing, build, run every test'
	@echo 'make build  install what is missing, build .build/release/peerless'
	@echo 'make bench  micro-benchmarks of sketching, selection and training'
	@echo 'make bench-peers  beside PyTorch, Gloo and Open MPI; ARGS="step --quick" does less'
	@echo 'make test-hosts  the same job across network namespaces, with cut links'
	@echo 'make check-compose  containers: up, submit, kill a worker, compare, down'
	@echo 'make check-manifests  deploy/ and docker/ against their schemas'
	@echo 'make lint   check the format of the sources'
	@echo 'make clean  remove what was built'

deps:
	@scripts/install-dependencies

build: deps
	swift build -c release --product peerless

run: build
	.build/release/peerless run configs/quickstart.yaml

test: deps
	swift build -c release --build-tests --explicit-target-dependency-import-check error
	swift test -c release --skip-build

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

bench: build
	.build/release/peerless bench sketch
	.build/release/peerless bench topk
	.build/release/peerless bench compute
	.build/release/peerless bench collective

# Needs Python: PyTorch in .venv, Open MPI where it can be had.
ARGS ?= all
bench-peers: build
	@scripts/install-peers
	.venv/bin/python bench/peers.py $(ARGS)

# Needs root and iproute2; skipped with a word where that is not allowed.
test-hosts: build
	@scripts/test-hosts

# Needs a Docker engine and Compose, v1 or v2; skipped with a word where there is none.
check-compose:
	@scripts/check-compose

check-manifests:
	@scripts/check-manifests

clean:
	rm -rf .build
