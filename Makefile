# One command each. `make up` needs nothing but Python ≥ 3.11 and pip.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# Wheels with hashes only: nothing is built, nothing unpinned is run.
PIP_INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:

.PHONY: up install setup prepare hopeit readers test test-failed test-offline check bench soak pins screenshots messages clean

# Set everything up and run it, with the demo fleet when no source is configured.
up: $(VENV)/.installed
	@exec $(PY) manage.py up

# .venv with what runs, and nothing else.
install: $(VENV)/.installed

# .venv with the development requirements.
setup: $(VENV)/.installed-dev

# Three workers for two cores: a third of what tests do is wait. Files stay whole, so that a browser and a Valkey serve
# all of one. tests/conftest.py says in which order.
PYTEST = $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) * 3 // 2)')
# Tests start Python a hundred times: it keeps what it compiles, whatever the environment says.
prepare test test-failed test-offline soak: export PYTHONDONTWRITEBYTECODE =

# Everything, in a real browser, against hopeit.engine from the package index, exports read back by others' readers.
test: setup prepare
	$(PYTEST) -m "not soak"

# What tests need beside .venv. Only apt's packages wait for each other: it lets nobody in meanwhile.
prepare: hopeit readers $(VENV)/.compiled $(VENV)/.browser $(VENV)/.postgres

hopeit: | $(VENV)/bin/python
	@$(PY) -m tests.tools.hopeit_env

readers: | $(VENV)/.postgres
	@$(PY) -m tests.tools.export_readers

# Only what failed last time, one after the other. Each may wait for minutes; three that fail again are enough to know.
test-failed: setup
	$(PY) -m pytest -m "not soak" --last-failed --last-failed-no-failures none --maxfail 3

# Without what needs the package index.
test-offline: setup $(VENV)/.browser $(VENV)/.postgres
	$(PYTEST) -m "not network and not soak"

check: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy collector visualizer manage.py tests bench
	$(VENV)/bin/lint-imports
	$(PY) -m tests.tools.check_pins
	$(PY) manage.py makemigrations --check --dry-run

bench: setup
	$(PY) -m bench

# Kills and faults for longer than anybody waits for a test; SOAK_SEEDS=100 for longer still.
soak: setup $(VENV)/.postgres
	$(PY) -m pytest -m soak
	FOLLOWING_EXAMPLES=500 $(PY) -m pytest tests/integration/test_following_model.py

# Compile the hash-pinned requirements from pyproject.toml.
pins: setup
	$(PY) -m tests.tools.compile_pins

# The pictures of README.md and docs/, made from the running page.
screenshots: setup $(VENV)/.browser
	$(PY) -m tests.tools.screenshots

# A language's texts: `make messages LANGUAGE=de`, before and after translating them. Needs gettext's tools.
messages: setup
	mkdir -p locale
	$(PY) manage.py makemessages --locale $(LANGUAGE) --no-wrap --add-location file --ignore '.venv*' --ignore tests --ignore bench
	$(PY) manage.py makemessages --locale $(LANGUAGE) --no-wrap --add-location file --domain djangojs --ignore '.venv*' --ignore tests --ignore bench
	$(PY) manage.py compilemessages --locale $(LANGUAGE) --ignore '.venv*'

clean:
	rm -rf $(VENV) .venv-hopeit .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Eventscope needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing requirements, once …"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(VENV)/bin/python
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

# Compile the tests once, before all workers do it at the same time. What is wrong with them is theirs to say.
$(VENV)/.compiled: | $(VENV)/.installed-dev
	@-$(PY) -m pytest --collect-only -qqq > /dev/null
	@touch $@

# A browser for the tests: /usr/bin/chromium with its shell, else Playwright's own, else the system's package.
$(VENV)/.browser: | $(VENV)/.installed-dev
	$(PY) -m tests.tools.ensure_browser
	@touch $@

# A PostgreSQL for the tests of history: the system's package.
$(VENV)/.postgres: | $(VENV)/.browser
	$(PY) -m tests.tools.ensure_postgres
	@touch $@
