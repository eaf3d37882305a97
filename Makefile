# `make demo` and `make test` do their own set-up. ARGS reach the program (make demo ARGS=--json),
# PYTHON names another interpreter (make setup PYTHON=python3.12).

SHELL := /bin/sh
.SHELLFLAGS := -euc
.ONESHELL:

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

.PHONY: setup demo test lint types docs status-svg bench bench-sandbox bench-exam bench-precision bench-share bench-kills bench-soak bench-cluster bench-cluster-night gpu clean rustc

setup: .venv/ready

demo: .venv/ready
	@.venv/bin/sleepy demo $(ARGS)

# A file of tests a worker at a time: many share what is costly to make. Three workers for two cores: tests of daemons and
# of limits mostly wait. One thread for torch: on small tensors two are no quicker, and more than twice as slow on a busy machine.
test: .venv/ready-dev
	@OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1} .venv/bin/pytest -q -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: .venv/ready-dev
	@.venv/bin/ruff check
	.venv/bin/ruff format --check

types: .venv/ready-dev
	@.venv/bin/mypy

# docs/commands.md and docs/settings.md, from the program's own help; the tests compare them.
docs: .venv/ready-dev
	@.venv/bin/python -m sleepy.daemon.cli.reference docs

# docs/status.svg, the screen of a made-up home with some days and nights behind it.
status-svg: .venv/ready-dev
	@TZ=UTC .venv/bin/python -m tests.daemon.lived docs/status.svg

# Measurements, never tests; ARGS='--rounds 5 --data DIR --write' measures longer, on people's cases, into RESULTS.md.
bench: bench-sandbox bench-exam bench-share

bench-sandbox: .venv/ready-dev
	@OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.sandbox $(ARGS)

bench-exam: .venv/ready-dev
	@OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.exam $(ARGS)

bench-precision: .venv/ready-dev
	@OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.precision $(ARGS)

# On a machine with a GPU: checks it and measures it, in under 8 minutes. Elsewhere it says that there is none.
gpu: .venv/ready-dev
	@.venv/bin/python -m benchmarks.gpu $(ARGS)

bench-kills: .venv/ready-dev
	@OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.kills $(ARGS)

bench-soak: .venv/ready-dev
	@OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.soak $(ARGS)

# Verdicts by the nodes of a Ray cluster on this machine.
bench-cluster: .venv/ready-dev
	@OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.cluster $(ARGS)

# A day and a whole night on this machine, on three nodes, and on three of which one after the other is lost.
bench-cluster-night: .venv/ready-dev
	@OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.cluster_night $(ARGS)

bench-share: .venv/ready-bench
	@OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.share $(ARGS)

clean:
	@rm -rf .venv build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find benchmarks daemon koans memory migrations sandbox src tests -name __pycache__ -prune -exec rm -rf {} +

.venv/ready: pyproject.toml requirements.lock | rustc
	$(call install,.)

.venv/ready-dev: pyproject.toml requirements.lock | rustc
	$(call install,.[dev])
	touch .venv/ready

.venv/ready-bench: .venv/ready-dev
	$(call install,.[bench])

# Where the program will look, in its order. The rustup proxy can be there and have no toolchain, so each is asked.
rustc:
	@for rustc in "$${RUSTC-}" rustc "$${HOME-}/.cargo/bin/rustc"; do
		if "$$rustc" --version >/dev/null 2>&1; then exit 0; fi
	done
	echo "sleepy needs rustc, and none works in RUSTC, PATH or ~/.cargo/bin: install Rust with rustup, or set RUSTC" >&2
	exit 78

# Installs $(1) at the pinned versions. .venv/unfinished stays behind when this is interrupted, and then the
# next time begins afresh; a .venv without it is kept and brought up to date. The lock on this file lets a
# second make wait. torch goes first and alone, by its exact version, so that a CPU wheel at hand is preferred.
define install
	@exec 9<Makefile
	flock 9 2>/dev/null || true
	if [ -e .venv/unfinished ] || ! .venv/bin/python -c '$(NEW_ENOUGH)' 2>/dev/null; then
		found=
		for python in $(PYTHON); do
			if "$$python" -c 'import ensurepip, venv; $(NEW_ENOUGH)' 2>/dev/null; then found=$$python; break; fi
		done
		if [ -z "$$found" ]; then
			echo "sleepy needs Python 3.11 or newer with venv (tried: $(PYTHON)): install it, or run make PYTHON=its-path" >&2
			exit 78
		fi
		rm -rf .venv
		mkdir .venv
		touch .venv/unfinished
		"$$found" -m venv .venv
	fi
	touch .venv/unfinished
	.venv/bin/pip install -c requirements.lock "$$(grep '^torch==' requirements.lock)"
	echo "Installing the rest ..."
	.venv/bin/pip install -q -c requirements.lock -e '$(1)'
	rm .venv/unfinished
	touch $@
endef
