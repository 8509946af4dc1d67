# make run     serve GESS on this machine        make test    all checks and tests, both ways to run
# make check   linters and static checks only    make lock    pin the requirements anew
# make bench   what it costs, as ratios (BENCH="--size 100000 --only S1,S2")
# make faults  servers and processes killed, slowed and cut off, one after the other

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
WORKERS ?= 2
SEED ?= 1

# Without byte code every start takes ten seconds instead of two.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run check test bench faults lock format runtime development
.NOTPARALLEL:

# Accounts with known passwords: only where nobody else reaches them.
ifeq ($(DATABASE_URL)$(filter-out 127.0.0.1,$(HOST)),)
run: export DEMO := $(or $(DEMO),1)
endif
run: runtime
	$(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

check: development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python manage.py check --settings gess.settings.test
	$(BIN)/python manage.py makemigrations --check --dry-run --settings gess.settings.test

# Pages in a browser and whole sites under attack mostly wait: after the rest, the two share the machine.
LATER := --ignore tests/browser --ignore tests/faults/test_faults.py
test: check
	$(BIN)/python -m tests.services install
	$(BIN)/pytest -n $(WORKERS) $(LATER)
	$(BIN)/python -m tests.services run -- $(BIN)/pytest -n $(WORKERS) $(LATER)
	$(BIN)/pytest tests/browser & pages=$$!; trap "kill $$pages" INT TERM; \
	$(BIN)/pytest -s tests/faults/test_faults.py; faults=$$?; wait $$pages && exit $$faults

# All faults, on servers and processes of their own: half an hour. The same seed does the same things again.
faults: development
	$(BIN)/python -m tests.services install
	$(BIN)/python -m tests.faults --seed $(SEED)

bench: development
	$(BIN)/python -m benchmarks $(BENCH)

format: development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

runtime:
	@$(PYTHON) install.py requirements.txt

development:
	@$(PYTHON) install.py requirements-dev.txt

LOCK := $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"
lock: development
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt
