"""`python -m bench.fiabilite migrations`: eight people edit a fiche while its table is migrated (line 21).

A first run without migration gives the normal p95; in the second one a column, a column with its default and
an index are added and taken away again and again through `config.migrer`. `--lignes`: how many fiches there
are. The longest of each order that took its lock at once says how long it held it. Broken: an edit ends in
error, or the p95 is twice the normal one. On PostgreSQL (DATABASE_URL, an empty database); SQLite has one
writer and is measured for the record.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from .outils import RACINE, arret, base_neuve, dire, lancer, lire

MIGRER = """
import json, sys, time, django
django.setup()
from django.db import connection
from arpent.plateforme.config.migrer import migrer

def ordre(sql):
    def faire():
        with connection.cursor() as curseur:
            curseur.execute(sql)
    return faire

ORDRES = (
    ("colonne", "ALTER TABLE plans_fiche ADD COLUMN banc integer"),
    ("colonne retirée", "ALTER TABLE plans_fiche DROP COLUMN banc"),
    ("colonne avec défaut", "ALTER TABLE plans_fiche ADD COLUMN banc integer NOT NULL DEFAULT 0"),
    ("colonne retirée", "ALTER TABLE plans_fiche DROP COLUMN banc"),
    ("index", "CREATE INDEX banc_titre ON plans_fiche (titre)"),
    ("index retiré", "DROP INDEX banc_titre"),
)
fin, durees, essais, nombre = time.monotonic() + float(sys.argv[1]), {}, 0, 0
while time.monotonic() < fin:
    for genre, sql in ORDRES:
        debut = time.monotonic()
        faits = migrer(faire=ordre(sql), pause=0.2)
        essais, nombre = essais + faits, nombre + 1
        if faits == 1:  # the wait of a try that gave up is not a lock
            durees[genre] = max(durees.get(genre, 0), round(time.monotonic() - debut, 2))
        time.sleep(0.2)
print(json.dumps({"migrations": nombre, "essais": essais, "plus_longue_s": durees}))
"""
REMPLIR = """
import json, sys, django
django.setup()
from django.db import connection
from arpent.plateforme.plans.models import Fiche

modele, lignes = Fiche.objects.get(titre="À plusieurs"), int(sys.argv[1])
noms = [c.column for c in Fiche._meta.concrete_fields if not c.primary_key]
autres = {"numero": "1000000 + serie.n", "titre": "'Autre projet'"}
lues = ", ".join(autres.get(nom, nom) for nom in noms)
serie = "WITH RECURSIVE serie(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM serie WHERE n < %s)"
insere = f"INSERT INTO plans_fiche ({', '.join(noms)}) "
choisit = f" SELECT {lues} FROM plans_fiche, serie WHERE plans_fiche.id = %s"
with connection.cursor() as curseur:
    curseur.execute(f"{insere}{serie}{choisit}", [lignes, modele.pk])
    curseur.execute("ANALYZE")
print(json.dumps({"lignes": Fiche.objects.count()}))
"""


def _centile(durees: list[float], part: float) -> float:
    return sorted(durees)[int(len(durees) * part)] * 1000 if durees else 0.0


def _ecrire(environnement: dict[str, str], clients: int, secondes: int) -> list[float]:
    ouvriers = [lancer(environnement, "REDIGER", "100000", str(secondes), "0.05") for _ in range(clients)]
    return [duree for ouvrier in ouvriers for duree in lire(ouvrier)["durees"]]


def _executer(environnement: dict[str, str], programme: str, nombre: int) -> subprocess.Popen[str]:
    reglages = {"DJANGO_SETTINGS_MODULE": "arpent.plateforme.config.settings_tests"}
    return subprocess.Popen(
        [sys.executable, "-c", programme, str(nombre)],
        cwd=RACINE, env=environnement | reglages, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite migrations", description=__doc__)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--secondes", type=int, default=20)
    parser.add_argument("--lignes", type=int, default=0, help="fiches de plus (1 000 000 pour la cible)")
    options = parser.parse_args(arguments)
    with base_neuve() as environnement:
        lire(lancer(environnement, "PREPARER"))
        lignes = 1
        if options.lignes:
            lignes = lire(_executer(environnement, REMPLIR, options.lignes))["lignes"]
        normal = _ecrire(environnement, options.clients, options.secondes)
        migre = _executer(environnement, MIGRER, options.secondes + 5)
        pendant = _ecrire(environnement, options.clients, options.secondes)
        fait = lire(migre)
    mesure = {
        "lignes": lignes,
        "clients": options.clients,
        "ecritures": [len(normal), len(pendant)],
        "p95_ms": [round(_centile(normal, 0.95), 1), round(_centile(pendant, 0.95), 1)],
        "p100_ms": [round(_centile(normal, 0.9999), 1), round(_centile(pendant, 0.9999), 1)],
    }
    dire("migrations", mesure | fait)
    if not pendant or _centile(pendant, 0.95) > 2 * _centile(normal, 0.95):
        raise arret("Les écritures ont attendu plus du double pendant la migration.")
    return 0
