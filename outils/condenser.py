"""`python -m outils.condenser`: one migration for each app, that stands for all those it has.

Written from the models as they are, with what no model says (`AJOUTS`, `RECHERCHES`); the migrations it
replaces stay, for the instances that are somewhere among them. `tests/plateforme/config/test_condensees.py`
compares both ways.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import django

AJOUTS = {
    "journal": ("0002_ajout_seul.poser", "0003_sceaux.poser"),
    "contrats": (
        "0006_signature.poser", "0008_signature_des_avenants.retirer", "0008_signature_des_avenants.poser",
    ),
}  # fmt: skip
"""App → the functions of its migrations that write what no model says (triggers), in order."""
RECHERCHES = {"plans": "plans_fiche"}
"""App → the table whose text is indexed."""


def main() -> None:
    django.setup()
    from django.utils import translation

    translation.deactivate_all()  # a label of a library is written in its own words, as `makemigrations` does
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.graph import MigrationGraph
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter

    from arpent.plateforme.socle.migrations_condensees import CreerTables

    disque = MigrationLoader(None, ignore_no_migrations=True)
    notres = {a.label: a for a in apps.get_app_configs() if a.name.startswith("arpent.")}
    avant = ProjectState()
    apres = ProjectState.from_apps(apps)
    for cle, modele in apres.models.items():
        if cle[0] not in notres:
            avant.add_model(modele)
    changes = MigrationAutodetector(avant, apres, MigrationQuestioner(specified_apps=set(notres))).changes(
        graph=MigrationGraph()
    )
    noms = {}
    for label in changes:
        siennes = sorted(nom for app, nom in disque.disk_migrations if app == label)
        siennes = [nom for nom in siennes if "_squashed_" not in nom]
        seule = siennes[0] if len(siennes) == 1 else ""
        noms[label] = (seule or f"0001_squashed_{siennes[-1][:4]}", siennes)
    for label, migrations in changes.items():
        if len(migrations) > 1:
            raise SystemExit(f"{label}: {[m.name for m in migrations]}")
        (migration,) = migrations
        nom, siennes = noms[label]
        if len(siennes) == 1:
            continue
        migration.name, migration.replaces = nom, [(label, n) for n in siennes]
        migration.operations = [CreerTables(migration.operations)]
        migration.initial = True
        migration.dependencies = sorted(
            {(app, noms[app][0] if app in noms else n) for app, n in migration.dependencies}, key=str
        )
        dossier = Path(import_module(f"{notres[label].name}.migrations").__file__ or "").parent
        texte = MigrationWriter(migration, include_header=False).as_string()
        (dossier / f"{nom}.py").write_text(_avec_ajouts(label, texte), encoding="utf-8")
        print(
            f"{label}/{nom}: {len(siennes)} migrations, {len(migration.operations[0].operations)} opérations"
        )


def _avec_ajouts(label: str, texte: str) -> str:
    """What the tables need and no model says."""
    ordres, tete = "", ""
    ajouts = [ajout.rpartition(".") for ajout in AJOUTS.get(label, ())]
    if ajouts:
        noms = {module: f"m{module[:4]}" for module, _, _ in ajouts}
        tete = "from importlib import import_module\n\n"
        lues = "".join(
            f"{nom} = import_module('arpent.plateforme.{label}.migrations.{module}')\n"
            for module, nom in noms.items()
        )
        ordres = "".join(
            f"        migrations.RunPython({noms[module]}.{fonction}, migrations.RunPython.noop),\n"
            for module, _, fonction in ajouts
        )
        texte = re.sub(r"\n\n\nclass Migration", f"\n\n{lues}\n\nclass Migration", texte, count=1)
    if label in RECHERCHES:
        tete = "from arpent.plateforme.socle.recherche import InstallerRecherche\n"
        ordres = f"        InstallerRecherche('{RECHERCHES[label]}'),\n"
    return tete + re.sub(r"\n    \]\n*$", f"\n{ordres}    ]\n", texte).lstrip("\n")


if __name__ == "__main__":
    main()
