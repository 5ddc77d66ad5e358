# Regiowijzer. Needs make and Python 3.11-3.13; everything else is fetched into this folder.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo chat telegram-demo train check evaluate examples screenshots bench bench-desk \
  bench-growth capacity test lint audit fuzz chaos uv-ready app dev

# The first suitable interpreter, by its real path (python3 may be a version manager's shim).
SUITABLE := import sys; v = sys.version_info[:2]; \
  print(getattr(sys, "_base_executable", "") or sys.executable) if (3, 11) <= v <= (3, 13) else sys.exit(1)
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
  "$$p" -c '$(SUITABLE)' 2>/dev/null && break; done)

export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1
export UV_CACHE_DIR := $(CURDIR)/.cache/uv
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_INSTALL_DIR := $(CURDIR)/.uv/python
export UV_LINK_MODE := hardlink
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
export MYPY_CACHE_DIR := $(CURDIR)/.cache/mypy
export RUFF_CACHE_DIR := $(CURDIR)/.cache/ruff
unexport VIRTUAL_ENV PYTHONHOME
# Set but empty, these would mean: trust no certificate.
ifeq ($(SSL_CERT_FILE),)
unexport SSL_CERT_FILE
endif
ifeq ($(SSL_CERT_DIR),)
unexport SSL_CERT_DIR
endif

UV = "$$('$(PYTHON)' tools/bootstrap_uv.py </dev/null)"
RUN = $(UV) run --no-sync --python '$(PYTHON)'

help: ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

demo: app ## install what is needed, and serve chat and desk with examples
	@$(RUN) regiowijzer demo

chat: app ## chat in the terminal
	@$(RUN) regiowijzer chat

telegram-demo: dev ## the Telegram bot against a local stand-in for Telegram
	@$(RUN) python -m tests.telegram_demo

train: app ## train the language model
	@$(RUN) regiowijzer train

check: app ## check the knowledge files
	@$(RUN) regiowijzer check

evaluate: app ## measure understanding on the test sentences
	@$(RUN) regiowijzer evaluate --compare
	@$(RUN) python -m tools.evaluate_groups
	@$(RUN) python -m tools.evaluate_privacy

examples: dev ## play the example conversations of docs/voorbeelden
	@$(RUN) python -m tools.examples

screenshots: dev ## pictures of every page in docs/schermen (needs Chromium)
	@$(RUN) python -m tests.browser.screenshots

bench: dev ## Regiowijzer and Rasa's own server side by side (RASA310=python for the latter)
	@$(RUN) python -m tools.bench $(or $(ARGS),--keep)

bench-desk: dev ## measure the desk with 500, 50,000 and 500,000 reports
	@$(RUN) python -m tools.bench_desk $(ARGS)

bench-growth: dev ## measure messages with 1,000 topics, and one conversation of 500 messages
	@$(RUN) python -m tools.bench_growth $(ARGS)

capacity: dev ## simulate how many workers a morning peak needs
	@$(RUN) python -m tools.capacity $(ARGS)

test: dev ## run the tests
	@$(RUN) pytest

lint: dev ## ruff and mypy
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy

fuzz: dev ## a million inputs for the parsers, 20,000 messages in random conversations
	@$(RUN) python -m tools.fuzz

audit: dev ## look up known vulnerabilities of the libraries
	@$(UV) export --frozen --no-emit-project --all-extras -q -o .cache/locked.txt </dev/null
	@$(RUN) python -m tools.audit .cache/locked.txt

chaos: dev ## kill the service during 200 conversations, and count what came of them
	@$(RUN) python -m tests.chaos $(ARGS)

# Not for typing: install uv and the libraries (app), and the developers' tools as well (dev).
uv-ready:
	@test -n '$(PYTHON)' || { echo 'No Python 3.11-3.13 found: install one (Debian: apt install python3) and try again.' >&2; exit 1; }
	@'$(PYTHON)' tools/bootstrap_uv.py </dev/null >/dev/null

app: uv-ready
	@$(UV) sync --locked --inexact --no-dev --python '$(PYTHON)' </dev/null

dev: uv-ready
	@$(UV) sync --locked --inexact --python '$(PYTHON)' </dev/null
