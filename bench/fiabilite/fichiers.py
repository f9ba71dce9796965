"""`python -m bench.fiabilite fichiers`: spoiled and harmful files through the import and attachment pages.

Each process stands for a worker: it sends its share of mutated files, a quarter of each genre, through the
real pages, and the first one the bombs too. Broken: a process that dies, an answer that costs more than five
seconds of processor (its reading included; the clock is shown, other work may fill it), an answer that is
neither a refusal with its reason nor a page that opens, memory not back within 20 MB. The bombs are made by
a process of their own: one of them takes 400 MB to write.
"""

from __future__ import annotations

import argparse
import collections
import gc
import itertools
import json
import logging
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .outils import arret, base_neuve, dire, lancer, lire

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")
OUVRIER = "bench.fiabilite.fichiers"
DELAI, RETOUR_MO, CHAUFFE = 5.0, 20.0, 80


def _memoire() -> float:
    """MB held by this process now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


def _processeur() -> float:
    enfants = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + enfants.ru_utime + enfants.ru_stime


class Envoyeur:
    """Sends, times and judges; keeps what was wrong."""

    def __init__(self, rang: int) -> None:
        from django.test import Client
        from tests.plateforme.concurrence.formulaires import decor
        from tests.plateforme.concurrence.ouvrier import ouvrir_une_seance

        self.lieu = decor(f"fichiers-{rang}")
        self.client = Client(raise_request_exception=False)
        self.client.cookies["arpent"] = ouvrir_une_seance(self.lieu.agent.pk)
        self.comptes: collections.Counter[str] = collections.Counter()
        self.fautes: list[str] = []
        self.couts: list[float] = []
        self.horloge = 0.0
        self._fiches = itertools.count(1)
        self._renouveler()

    def _renouveler(self) -> None:
        """Another fiche before the one in use is full of attachments."""
        from tests.plateforme import fabrique

        numero = 500_000 + next(self._fiches)
        self.fiche = fabrique.fiche(self.lieu.demarche, numero=numero).get_absolute_url()

    def envoyer(self, genre: str, nom: str, octets: bytes, quoi: str) -> None:
        from tests.plateforme.echanges import mutants

        if genre == "piece" and self.comptes[genre] % 50 == 49:
            self._renouveler()
        debut, depuis = time.monotonic(), _processeur()
        reponse = mutants.envoyer(self.client, self.lieu.plan, self.fiche, genre, nom, octets)
        cout, horloge = _processeur() - depuis, time.monotonic() - debut
        faute = mutants.juger(self.client, reponse)
        if not faute and cout > DELAI:
            faute = f"{cout:.1f} s de processeur"
        if faute:
            self.fautes.append(f"{quoi} : {faute}")
        self.comptes[genre] += 1
        self.comptes["lus" if reponse.status_code == 302 else "refusés"] += 1
        self.couts.append(cout)
        self.horloge = max(self.horloge, horloge)


def fabriquer_les_bombes(dossier: Path) -> list[tuple[str, str, str, str]]:
    """Writes them; gives (genre of upload, what it is, name to send, file). Those of the reader and of the
    official files go as a plan and as an attachment, pictures as attachments.
    """
    from tests.plateforme.echanges import bombes
    from tests.plateforme.observatoire.chargeurs.mutations import BOMBES

    faites: list[tuple[str, str, str, str]] = []

    def garder(quoi: str, nom: str, genres: tuple[str, ...], octets: bytes) -> None:
        fichier = dossier / str(len(faites))
        fichier.write_bytes(octets)
        faites.extend((genre, quoi, nom, str(fichier)) for genre in genres)

    for quoi, (nom, faire) in BOMBES.items():
        garder(quoi, nom.replace(".zip", ".xlsx"), ("plan", "piece"), faire())
    for fabrique in bombes.TOUTES:
        octets = fabrique(dossier / f"{fabrique.__name__}.xlsx").read_bytes()
        garder(fabrique.__name__, "plan.xlsx", ("plan", "piece"), octets)
    for quoi, octets in bombes.images():
        garder(quoi, "photo.jpg", ("piece",), octets)
    return faites


def _bombes(envoyeur: Envoyeur) -> None:
    with tempfile.TemporaryDirectory() as dossier:
        faites = lire(lancer(dict(os.environ), "BOMBES", dossier, module=OUVRIER))["faites"]
        for genre, quoi, nom, fichier in faites:
            envoyeur.envoyer(genre, nom, Path(fichier).read_bytes(), f"bombe « {quoi} » ({genre})")
        envoyeur.comptes["bombes"] += len({fichier for _, _, _, fichier in faites})


def eprouver(rang: int, nombre: int, secondes: float, graine: int) -> dict[str, Any]:
    from tests.plateforme.echanges import mutants

    from arpent.plateforme.config.memoire import rendre_les_grands_blocs

    rendre_les_grands_blocs()
    envoyeur = Envoyeur(rang)
    sains = mutants.originaux(envoyeur.lieu.demarche, envoyeur.lieu.agent)
    par_genre = {
        g: mutants.mutants(f, nombre, graine + 1_000 * rang + i) for i, (g, f) in enumerate(sains.items())
    }
    commence, avant = time.monotonic(), 0.0
    for n in range(nombre):
        if secondes and time.monotonic() - commence > secondes:
            break
        if n == CHAUFFE:  # what Django and the templates keep for good is not a leak
            avant = _memoire()
        genre = mutants.GENRES[n % len(mutants.GENRES)]
        envoyeur.envoyer(genre, *next(par_genre[genre]), f"mutant {rang}/{n} ({genre})")
    if rang == 0:
        _bombes(envoyeur)
    apres = _memoire()
    if avant and apres - avant > RETOUR_MO:
        envoyeur.fautes.append(f"processus {rang} : {apres - avant:.0f} Mo gardés")
    return {
        "comptes": envoyeur.comptes, "fautes": envoyeur.fautes, "couts": envoyeur.couts,
        "horloge": envoyeur.horloge, "gardes": apres - avant if avant else 0.0,
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite fichiers", description=__doc__)
    parser.add_argument("--fichiers", type=int, default=400, help="en tout (10 000 pour la cible)")
    parser.add_argument("--processus", type=int, default=2)
    parser.add_argument("--secondes", type=float, default=0, help="durée au plus (0 : sans)")
    parser.add_argument("--graine", type=int, default=0)
    options = parser.parse_args(arguments)
    with base_neuve() as environnement:
        lire(lancer(environnement, "BASE", module=OUVRIER))
        part = str(-(-options.fichiers // options.processus))
        ouvriers = [
            lancer(
                environnement,
                "OUVRIER",
                str(rang),
                part,
                str(options.secondes),
                str(options.graine),
                module=OUVRIER,
            )
            for rang in range(options.processus)
        ]
        rendus = [lire(ouvrier) for ouvrier in ouvriers]
    comptes: collections.Counter[str] = collections.Counter()
    for rendu in rendus:
        comptes.update(rendu["comptes"])
    couts = sorted(c for rendu in rendus for c in rendu["couts"])
    fautes = [f for rendu in rendus for f in rendu["fautes"]]
    mesure = {
        "envois": len(couts), "morts": 0, "fautes": len(fautes), "comptes": comptes,
        "p50_processeur_ms": round(couts[len(couts) // 2] * 1000), "pire_processeur_s": round(couts[-1], 2),
        "pire_horloge_s": round(max(r["horloge"] for r in rendus), 2),
        "memoire_gardee_mo": round(max(r["gardes"] for r in rendus), 1),
    }  # fmt: skip
    dire("fichiers", mesure)
    if fautes:
        raise arret("\n".join(fautes[:40]))
    return 0


if __name__ == "__main__":
    import django

    logging.disable(logging.WARNING)  # each refusal is one
    django.setup()
    if sys.argv[1] == "BASE":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print("{}")
    elif sys.argv[1] == "BOMBES":
        print(json.dumps({"faites": fabriquer_les_bombes(Path(sys.argv[2]))}))
    else:
        print(json.dumps(eprouver(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))))
