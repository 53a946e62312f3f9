# Parley: `make run` sets up all it needs and starts everything, `make test` passes every test.
# Running a target again does only what has changed since.

SHELL := /bin/sh
APP := .venv
RASA := .venv-rasa
PY := $(APP)/bin/python
# Tests that need nothing share the cores, a file each; those with servers run one after another.
QUICK := $(PY) -m pytest -q -n auto --dist loadfile
WITH_MORE := rasa or weights or browser or services
ROOMS := actions channels cli console core insight jobs language mail qa speech store benchmarks examples
export RASA_TELEMETRY_ENABLED = false
export DO_NOT_TRACK = 1
export HF_HUB_DISABLE_TELEMETRY = 1

.PHONY: help run stop test check quick app tests mono rasa models encoder train pins clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: app rasa models train ## set up, train the bot, start everything, print the addresses
	@$(APP)/bin/parley run

stop: ## end what `make run` started
	@if [ -x $(APP)/bin/parley ]; then $(APP)/bin/parley stop; fi

test: app tests rasa models train ## set up, run every test, say what ran
	@setup/debian.sh
	@$(QUICK)
	@$(PY) -m pytest -q -m "$(WITH_MORE)"

check: app tests rasa ## format, lint, types, quick tests
	@$(APP)/bin/ruff format --check .
	@$(APP)/bin/ruff check .
	@$(APP)/bin/mypy $(ROOMS) tests
	@$(RASA)/bin/python -m mypy --config-file bot/mypy.ini -p bot
	@$(QUICK)

app: ## the environment of our own code, Python 3.11
	@setup/environment.sh $(APP) 3.11 requirements/app.txt
	@[ $(APP)/.parley -nt pyproject.toml ] || { \
		$(PY) -m pip install --quiet --no-deps --no-build-isolation -e . && touch $(APP)/.parley; }

tests: app ## what the tests need besides
	@setup/environment.sh $(APP) 3.11 requirements/test.txt

mono: app ## pyannote and torch, for mono calls with community-1; all others do without
	@setup/environment.sh $(APP) 3.11 requirements/mono.txt

rasa: ## the environment of Rasa, Python 3.10
	@setup/environment.sh $(RASA) 3.10 requirements/rasa.txt

models: app ## the weights: all, or with LIGHT=1 all but those that tell voices apart
	@$(if $(LIGHT),$(APP)/bin/parley models pull encoder && $(APP)/bin/parley models pull asr,$(APP)/bin/parley models pull)

train: rasa encoder models/parley.tar.gz ## train the bot unless nothing has changed

encoder: app ## the weights of the sentence encoder alone
	@$(APP)/bin/parley models pull encoder

models/parley.tar.gz: config.yml domain.yml language/encoder.py language/first_layers.py $(shell find data bot -name '*.yml' -o -name '*.py' 2>/dev/null)
	@umask 077 && mkdir -p var/log
	@echo "Training the bot ..."
	@$(RASA)/bin/python -m rasa train --fixed-model-name parley > var/log/train.log 2>&1 \
		|| { tail -n 30 var/log/train.log; echo "Training failed; all of it: var/log/train.log"; exit 1; }
	@touch $@

pins: ## resolve requirements/*.in anew into full pins
	@cd requirements && ../$(PY) pin.py app.in > app.new && mv app.new app.txt
	@cd requirements && ../$(PY) pin.py test.in --without app.txt > test.new && mv test.new test.txt
	@cd requirements && ../$(PY) pin.py mono.in --without app.txt > mono.new && mv mono.new mono.txt
	@cd requirements && ../$(RASA)/bin/python pin.py rasa.in > rasa.new && mv rasa.new rasa.txt

clean: stop ## remove environments, caches and trained models; keeps var, which holds your data
	@rm -rf $(APP) $(RASA) models/* .mypy_cache .ruff_cache .pytest_cache .hypothesis .rasa *.egg-info
	@git checkout -q -- models/README.md 2>/dev/null || true
