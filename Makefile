# Two commands matter: `make run` opens the builder, `make test` runs the tests. Each sets up what it
# needs first: a Python 3.11 or newer and make are all that has to be there.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check front browser clean

PORT ?= 8501
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .venv-tools
FRONT := ui/canvas/frontend

# No Python is ever downloaded: the system's is used.
export UV_PYTHON_DOWNLOADS := never

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' | expand -t 12

run: $(VENV)/.run-is-set-up ## open the builder: make run, make run PORT=8600, make run ARGS=--open
	@$(BIN)/nodeloom --port $(PORT) $(ARGS)

test: $(VENV)/.test-is-set-up browser ## run the tests: make test, make test ARGS="tests/ui -x"
	@$(BIN)/pytest $(ARGS)

check: $(VENV)/.test-is-set-up ## lint, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

front: ## rebuild the canvas and run its tests; needs Node
	@command -v npm >/dev/null || { echo "Node is not installed. It is needed only to change the canvas: its build is part of the repository."; exit 2; }
	cd $(FRONT) && npm ci --no-audit --no-fund && npm run check && npm test && npm run build

clean: ## remove what was set up here; your workflows and runs stay
	rm -rf $(VENV) $(TOOLS)

# A Chromium for the browser tests: the one there is, Debian's as root, else Playwright's own.
browser: $(VENV)/.test-is-set-up
	@$(HAS_BROWSER) || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -q \
	  && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends chromium fonts-dejavu-core; } \
	  || $(BIN)/playwright install chromium \
	  || printf '\n*** No Chromium could be had: THE BROWSER TESTS ARE SKIPPED.\n*** Install one (Debian: apt-get install chromium) and run make test again.\n\n'

HAS_BROWSER = $(BIN)/python -c 'import sys; from tests.e2e.chromium import installed; sys.exit(not installed())'

# The stamps are newer than the lock file once its packages are installed.
$(VENV)/.run-is-set-up: uv.lock pyproject.toml Makefile
	@$(FIND_PYTHON); $(FIND_UV); echo "Installing what Nodeloom needs (1 GB, once)." >&2; \
	"$$uv" sync --frozen --inexact --no-group dev --python "$$python"
	@touch $@

$(VENV)/.test-is-set-up: uv.lock pyproject.toml Makefile
	@$(FIND_PYTHON); $(FIND_UV); "$$uv" sync --frozen --python "$$python"
	@touch $@ $(VENV)/.run-is-set-up

define FIND_PYTHON
python=; for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$(command -v "$$each"); break; fi; \
done; \
if [ -z "$$python" ]; then echo "No Python 3.11 or newer was found. Install one (Debian: apt-get install python3 python3-venv) and try again." >&2; exit 2; fi
endef

# uv: the one there is, else from pip into a folder of its own. Debian leaves venv out of Python: then
# pip alone will do, or, as root, its package.
define FIND_UV
uv=; for each in uv $(TOOLS)/bin/uv; do \
  if "$$each" --version >/dev/null 2>&1; then uv=$$each; break; fi; \
done; \
if [ -z "$$uv" ]; then \
  echo "Installing uv, which installs the rest." >&2; rm -rf $(TOOLS); \
  { "$$python" -m venv $(TOOLS) 2>/dev/null && $(TOOLS)/bin/python -m pip install -q uv; } \
  || { rm -rf $(TOOLS); "$$python" -m pip install -q --target $(TOOLS) uv; } \
  || { rm -rf $(TOOLS); [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -q >&2 && apt-get install -yq python3-venv >&2 \
       && "$$python" -m venv $(TOOLS) && $(TOOLS)/bin/python -m pip install -q uv; } \
  || { echo "uv could not be installed. Install python3-venv (Debian: apt-get install python3-venv) or uv itself, and try again." >&2; exit 2; }; \
  echo '*' > $(TOOLS)/.gitignore; uv=$(TOOLS)/bin/uv; \
fi
endef
