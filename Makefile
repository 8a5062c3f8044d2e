# make demo   sets up, compiles this project, applies it to the local engine, runs it, shows the result
# make test   sets up, lints, type-checks and tests
# make help   the rest
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help install demo test fuzz soak lint lock clean

# Says a command as a user would type it, then does it.
SHOW = @printf '\n$$ %s\n' '$(1)'; PATH="$(abspath $(BIN)):$$PATH" $(1)

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(READY)  ## a virtual environment in .venv, everything in it locked

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
	  { echo "neve needs Python 3.11, 3.12 or 3.13; say which with: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) (about a minute, once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)  ## compile this project, apply it to the local engine, run it, show the result
	$(call SHOW,neve compile)
	$(call SHOW,neve graph)
	$(call SHOW,neve seed)
	$(call SHOW,neve apply)
	$(call SHOW,neve run daily_training --wait)
	$(call SHOW,neve metrics)
	@printf '%s\n' '' 'What to try next (the command is $(BIN)/neve):' \
	  '  neve run daily_training --as-of 2024-03-09           train on other days' \
	  '  neve run daily_training --config min_accuracy=0.9999 take the other branch' \
	  '  neve run daily_training --config min_training_rows=1000000; neve why daily_training' \
	  '  edit models/transactions.sql; neve compile; git diff deploy/; neve apply' \
	  '  neve engine connection                               connect with any Snowflake client' \
	  '  neve engine stop'

lint: $(READY)  ## ruff, mypy strict, the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint  ## lint, then every test
	$(BIN)/pytest -q -n 2 --dist loadscope

fuzz: $(READY)  ## 100,000 broken files and 20,000 broken statements (make fuzz FUZZ="compiler --start 500")
	cd tests && $(abspath $(BIN))/python -m fuzz $(FUZZ)

soak: $(READY)  ## what takes half an hour: 2,000 random graphs, engines killed at any moment
	$(BIN)/pytest -q $(wildcard tests/soak/soak_*.py)

lock:  ## requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --all-extras --group dev pyproject.toml -o requirements.lock

clean:  ## all that can be made again
	rm -rf $(VENV) .neve .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
