# make run    serve the page (PORT=7861 make run for another port)
# make test   every test, with a real browser
# make lint   ruff and pyright
# make setup  what the others need: .venv with the pinned packages, on Debian also packages.txt

PYTHON ?= python3
# Another index for torch alone, for example https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
VENV := .venv
BIN := $(VENV)/bin
TORCH := $(shell grep '^torch==' requirements.txt)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: run test lint setup setup-dev browser

run: setup
	$(BIN)/python app.py

test: setup-dev browser
	$(BIN)/python -m pytest

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

setup: $(VENV)/.installed $(VENV)/.system

setup-dev: setup $(VENV)/.installed-dev

# Where Python comes without ensurepip (Debian), the pip outside fills the environment.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kinetalk needs Python 3.11 or newer; name one with: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(PIP) -r requirements-dev.txt
	@touch $@

# Only MP4 and GIF export need these, so their absence is said and not fatal.
$(VENV)/.system: packages.txt | $(BIN)/python
	@missing=$$(for p in $$(cat packages.txt); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -z "$$missing" ]; then touch $@; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; then touch $@; \
	else echo "MP4 and GIF export need these Debian packages:" $$missing; fi

# The end-to-end test drives a Chromium: the system's, or the one that playwright fetches.
browser: setup-dev
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } || \
	$(BIN)/playwright install chromium
