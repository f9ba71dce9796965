# Arpent. Two commands for a newcomer: `make demo` and `make test`.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
export ARPENT_DONNEES ?= donnees
# A process starts in half the time when its modules are compiled already, whatever the environment asks.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test couverture mutation test-postgresql test-parcours verifier lint types architecture audit bench wheel captures verrous propre

help: ## this list
	@grep -E '^[a-z.-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 18

.venv: .venv/.pret ## the environment alone

.venv/.pret: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Arpent demande Python 3.11 ou plus récent. Installez-le, ou indiquez-le : make PYTHON=python3.12 demo"; exit 2; }
	@echo "Environnement : création de .venv…"
	@$(PYTHON) -m venv .venv || { \
	  echo "Le module venv manque. Sur Debian ou Ubuntu : sudo apt install python3-venv"; exit 2; }
	@echo "Environnement : installation des dépendances verrouillées (une à deux minutes la première fois)…"
	@{ $(BIN)/python -m pip install --quiet --disable-pip-version-check uv && \
	  $(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/dev.txt; } 2>/dev/null || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt || { \
	  echo "L’installation des dépendances a échoué. Vérifiez l’accès au réseau (mandataire, certificats), puis relancez."; exit 2; }
	@printf '%s\n' "$(CURDIR)/src" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/arpent-src.pth"
	@printf '#!/bin/sh\nexec "%s" -m arpent "$$@"\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/arpent && chmod +x $(BIN)/arpent
	@touch $@

demo: .venv/.pret ## sets everything up, loads the real demo territories, serves on http://127.0.0.1:8000
	@$(BIN)/arpent demo

test: .venv/.pret ## everything that needs neither a service nor a browser
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=src $(BIN)/lint-imports
	@env -u ARPENT_DONNEES $(BIN)/pytest tests --ignore=tests/parcours -n auto --dist loadfile --no-loadscope-reorder -m "not concurrence"
	@env -u ARPENT_DONNEES $(BIN)/pytest tests/plateforme -m concurrence

couverture: .venv/.pret ## every branch of money, rules and rights is tested (the list: pyproject.toml)
	@$(BIN)/pytest tests/metier/test_argent.py tests/metier/test_convocations.py tests/metier/test_deliberation.py tests/metier/test_fin_contrat.py tests/metier/test_votes.py \
	  tests/metier/test_contenu_vote.py tests/metier/test_classements.py tests/metier/test_cloture.py tests/metier/test_generations.py tests/metier/subvention tests/metier/test_election.py tests/metier/test_siren.py tests/metier/test_versements.py tests/metier/test_echeances_dossier.py tests/metier/apcp tests/metier/clauses tests/metier/plan_financement tests/metier/processus \
	  tests/metier/reglement tests/metier/repartition tests/metier/scenarios/test_equite.py \
	  $(wildcard tests/plateforme/*/test_droits.py tests/plateforme/*/*/test_droits.py tests/plateforme/*/test_acces.py) tests/plateforme/demarches/reunions \
	  tests/plateforme/acteurs/test_roles.py tests/plateforme/acteurs/test_attributions.py tests/plateforme/acteurs/comptes -n auto --cov --cov-report=term-missing

mutation: .venv/.pret ## how many faults put in money and rules are caught (hours; MUTANTS= narrows it)
	@rm -rf mutants && $(BIN)/mutmut run $(MUTANTS) && $(BIN)/mutmut results

# Minutes of cryptography and of damaged files, where the database plays no part.
SANS_BASE = --ignore=tests/plateforme/contrats/test_signature_electronique.py --ignore=tests/plateforme/contrats/test_signature_horodatee.py \
  --ignore=tests/plateforme/echanges/test_fichiers_abimes.py --ignore=tests/plateforme/echanges/test_lecture.py

test-postgresql: .venv/.pret ## all that touches a database, on PostgreSQL (DATABASE_URL says where); of the matrix of rights, the gestures and what one perimeter must not see of another
	@$(BIN)/pytest tests/plateforme tests/architecture/test_matrice.py --ignore=tests/plateforme/config/test_demonstration.py $(SANS_BASE) --avec-base --create-db -n auto --dist loadfile --no-loadscope-reorder -m "not concurrence"
	@$(BIN)/pytest tests/plateforme --create-db -m concurrence

test-parcours: .venv/.pret ## the browser journeys (Debian's Chromium); SEULEMENT=--last-failed
	@DJANGO_ALLOW_ASYNC_UNSAFE=1 $(BIN)/pytest tests/parcours -n 2 --dist loadfile $(SEULEMENT)

lint: .venv/.pret ## style, and rewrites what can be
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

types: .venv/.pret ## mypy strict
	@$(BIN)/mypy

architecture: .venv/.pret ## import contracts
	@PYTHONPATH=src $(BIN)/lint-imports

audit: .venv/.pret ## known vulnerabilities, dangerous calls, secrets, bill of materials and licences (needs the network)
	@test -x .venv-audit/bin/pip-audit -a .venv-audit -nt requirements/audit.txt || { rm -rf .venv-audit; $(PYTHON) -m venv .venv-audit && \
	  $(BIN)/python -m uv pip sync --quiet --python .venv-audit/bin/python --require-hashes requirements/audit.txt && touch .venv-audit; }
	@$(BIN)/python -m outils.audit

bench: .venv/.pret ## speed and memory, as ratios to a bare Django page measured in the same run
	@$(BIN)/python -m bench

wheel: .venv/.pret ## dist/arpent-*.whl, static files included
	@rm -rf dist build
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist

captures: .venv/.pret ## screenshots of the walk in donnees/captures
	@DJANGO_ALLOW_ASYNC_UNSAFE=1 $(BIN)/python -m tests.parcours.captures

verrous: ## re-makes the hashed requirement files from requirements/*.in
	@for f in run s3 dev audit; do $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	  --no-emit-index-url --no-header requirements/$$f.in -o requirements/$$f.txt; done

propre: ## removes what was built, never your data
	@rm -rf .venv .venv-audit dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
