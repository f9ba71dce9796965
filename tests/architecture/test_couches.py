"""The house stands: foreign keys point down, migrations are complete, files stay readable."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

RACINE = Path(__file__).resolve().parents[2]
COUCHES = [
    {"config"},
    {"portail", "echanges"},
    {"suivi"},
    {"subventions"},
    {"contrats"},
    {"negociations"},
    {"plans"},
    {"diagnostics", "reglements"},
    {"demarches", "observatoire"},
    {"acteurs"},
    {"territoires"},
    {"documents", "journal", "notifications"},
    {"socle"},
]
RANG = {app: rang for rang, couche in enumerate(COUCHES) for app in couche}


def _relations() -> list[tuple[str, str, str]]:
    rows = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in RANG:
            continue
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model is not None:
                cible = field.related_model._meta.app_label  # type: ignore[union-attr]
                rows.append((model._meta.label, model._meta.app_label, cible))
    return rows


def test_les_cles_etrangeres_descendent() -> None:
    montantes = [
        (label, cible)
        for label, app, cible in _relations()
        if cible in RANG and cible != app and RANG[cible] <= RANG[app]
    ]
    assert montantes == []


def test_le_controle_des_cles_voit_des_relations() -> None:
    assert len(_relations()) > 30


def test_toutes_les_applications_ont_leur_couche() -> None:
    installees = {
        config.label for config in apps.get_app_configs() if config.name.startswith("arpent.plateforme.")
    }
    assert installees == set(RANG) - {"config"}


@pytest.mark.django_db
def test_aucune_migration_ne_manque() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def _sources() -> list[Path]:
    return [
        p
        for dossier in ("src", "tests", "bench")
        for p in (RACINE / dossier).rglob("*.py")
        if "migrations" not in p.parts
    ]


def test_aucun_fichier_ne_se_fait_defiler() -> None:
    longs = {
        str(p.relative_to(RACINE)): n for p in _sources() if (n := len(p.read_text().splitlines())) > 400
    }
    assert longs == {}


def test_les_gabarits_restent_petits() -> None:
    longs = {
        str(p.relative_to(RACINE)): n
        for p in (RACINE / "src").rglob("*.html")
        if (n := len(p.read_text().splitlines())) > 220
    }
    assert longs == {}
