# `make demo` and `make test` need nothing but make, Python 3.10–3.12 and a package index; both set up .venv first.
VENV   := .venv
PY     := $(VENV)/bin/python
PYTEST := $(PY) -m pytest

.PHONY: demo test test-vm test-vm-browser check lint fmt bench quality train-meshnet train-voicemouth lock clean help
.DEFAULT_GOAL := help

help:
	@echo "make demo    see it: a shipped performer drives a shipped avatar for 10 s; no camera needed"
	@echo "make test    everything CI runs"
	@echo "make test-vm on real v4l2loopback, vivid and systemd, in a virtual machine (root; NO_VM=1: not)"
	@echo "make test-vm-browser   the same for Chromium on that camera; an image of its own"
	@echo "make check   the inner loop: lint, types, fast tests (under 2 minutes)"
	@echo "make fmt     format and fix what can be fixed"
	@echo "make bench   measure this machine"
	@echo "make quality how good the engines' pictures are (needs ../shared/data)"
	@echo "make train-meshnet MAKEHUMAN=… PORTRAITS=… PYTHON=…   see engines/meshnet/recipe/README.md"
	@echo "make train-voicemouth PYTHON=…   see engines/voicemouth/recipe/README.md"
	@echo "make lock    resolve requirements/*.txt anew"

demo: $(VENV)/.run
	$(VENV)/bin/avatard demo --out demo

test: $(VENV)/.dev lint
	$(PYTEST) -m "not vm" --cov --cov-report=term:skip-covered --cov-fail-under=90
	$(VENV)/bin/avatard bench --profile ci --sink null --seconds 8 --no-start --json out/bench.json
	$(PY) benchmarks/readme_table.py --check
	bash tests/vm/run.sh

test-vm: $(VENV)/.dev
	bash tests/vm/run.sh

test-vm-browser: $(VENV)/.dev
	bash tests/vm/run.sh browser

check: $(VENV)/.dev lint
	$(PYTEST) -m "not slow and not browser and not audio"

# As Windows and macOS type-check it: what is for Linux alone is unreachable there.
ELSEWHERE := --no-warn-unreachable --cache-dir .mypy_cache
lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	$(VENV)/bin/mypy --platform win32 $(ELSEWHERE)/win32 avatard
	$(VENV)/bin/mypy --platform darwin $(ELSEWHERE)/darwin avatard

fmt: $(VENV)/.dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(VENV)/.run
	$(VENV)/bin/avatard bench

quality: $(VENV)/.dev
	$(PY) benchmarks/quality.py

# Resumable: data that are there are kept, training goes on from its checkpoint.
RECIPE  := engines/meshnet/recipe
WORK    ?= /tmp/meshnet
PYTHON  ?= python3
MINUTES ?= 120
train-meshnet:
	$(PYTHON) $(RECIPE)/make_data.py --makehuman $(MAKEHUMAN) --out $(WORK)/held --seeds 100000:100010
	$(PYTHON) $(RECIPE)/make_data.py --makehuman $(MAKEHUMAN) --out $(WORK)/data --seeds 0:132
	$(PYTHON) $(RECIPE)/make_data.py --makehuman $(MAKEHUMAN) --portraits $(PORTRAITS) --out $(WORK)/data --seeds 1000:1112
	$(PYTHON) $(RECIPE)/train.py --data $(WORK)/data --held $(WORK)/held --out $(WORK)/run --minutes $(MINUTES)
	$(PYTHON) $(RECIPE)/ship.py --run $(WORK)/run --data $(WORK)/data --held $(WORK)/held

HEARS := engines/voicemouth/recipe
train-voicemouth:
	$(PYTHON) $(HEARS)/make_data.py --out $(WORK)/voices-held --held
	$(PYTHON) $(HEARS)/make_data.py --out $(WORK)/voices
	$(PYTHON) $(HEARS)/train.py --data $(WORK)/voices --held $(WORK)/voices-held --out $(WORK)/voicemouth
	$(PYTHON) $(HEARS)/ship.py --run $(WORK)/voicemouth

$(VENV)/bin/python:
	bash requirements/system.sh
	bash requirements/venv.sh $(VENV) || { rm -rf $(VENV); exit 1; }

# --no-deps: the locks are complete, and leave out jax, which mediapipe names but FaceMesh never imports.
$(VENV)/.run: $(VENV)/bin/python requirements/run.txt pyproject.toml
	$(PY) -m pip install --quiet --no-deps --require-hashes -r requirements/run.txt
	$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt requirements/system.sh
	bash requirements/system.sh test
	$(PY) -m pip install --quiet --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

lock: $(VENV)/bin/python
	$(PY) -m pip install --quiet uv
	$(VENV)/bin/uv pip compile pyproject.toml --universal --python-version 3.10 --override requirements/overrides.txt \
	  --group build --no-emit-index-url --generate-hashes --quiet --output-file requirements/run.txt
	$(VENV)/bin/uv pip compile pyproject.toml --universal --python-version 3.10 --override requirements/overrides.txt \
	  --group build --group dev --no-emit-index-url --generate-hashes --quiet --output-file requirements/dev.txt \
	  --constraint requirements/run.txt

clean:
	rm -rf $(VENV) .vm demo build dist
