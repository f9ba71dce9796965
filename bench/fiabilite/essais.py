"""`python -m bench.fiabilite essais`: ten thousand wrong passwords, and the time of an answer (line 13).

One account tried from as many addresses, then as many accounts from one address: how many tries were really
checked (20 and 100 in an hour). Then `--mesures` wrong passwords for an account that exists and as many for
one that does not, shuffled, through the login page, and the same for a lost password: Welch's t on the two
means, of the clock and of the processor (less noise: a smaller difference shows). Broken when more tries are
checked, or when p < 0.05 both times it is measured. `--essais 0`: the times alone.
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from .outils import arret, base_neuve, dire

COMPTE, INCONNU = "agent@exemple.fr", "personne@exemple.fr"
MOT_DE_PASSE = "mot-de-passe-solide"
UNE = 255 * 65_536
"""An address that the first case does not use."""
HORLOGES = {"temps": time.perf_counter, "processeur": time.process_time}
CHAUFFE = 20
"""Answers of each kind before the first that is measured."""


def main(arguments: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m bench.fiabilite essais", description=__doc__)
    options.add_argument("--essais", type=int, default=10_000)
    options.add_argument("--mesures", type=int, default=2_000)
    lu = options.parse_args(arguments)
    with base_neuve() as environnement:
        os.environ.update(environnement | {"DJANGO_SETTINGS_MODULE": "arpent.plateforme.config.settings"})
        _preparer()
        return _mesurer(lu.essais, lu.mesures)


def _preparer() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    logging.disable(logging.WARNING)
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    from arpent.plateforme.acteurs.models import Agent

    Agent.objects.creer(COMPTE, MOT_DE_PASSE, nom="Agent")


def _mesurer(essais: int, mesures: int) -> int:
    statuts = {
        "un compte, autant d’adresses": Counter(_entrer(COMPTE, n) for n in range(essais)),
        "autant de comptes, une adresse": Counter(_entrer(f"p{n}@exemple.fr", UNE) for n in range(essais)),
    }
    for cas, compte in statuts.items():
        dire("essais", {"cas": cas, "essais": essais, "verifies": compte[200], "refuses": compte[429]})
    _sans_borne()
    fautes = [cas for cas, borne in zip(statuts, (20, 100), strict=True) if statuts[cas][200] > borne]
    for page, demander in (("connexion", _entrer), ("mot de passe perdu", _perdre)):
        dites = _ecarts(page, demander, mesures)
        if dites and dites & _ecarts(page, demander, mesures):
            fautes.append(page)
    if fautes:
        raise arret(f"Rompu : {', '.join(fautes)}")
    return 0


def _entrer(courriel: str, adresse: int) -> int:
    return _envoyer("/connexion/", {"username": courriel, "password": "faux"}, adresse)


def _perdre(courriel: str, adresse: int) -> int:
    return _envoyer("/mot-de-passe/perdu/", {"courriel": courriel}, adresse)


def _envoyer(page: str, donnees: dict[str, str], adresse: int) -> int:
    from django.test import Client

    ip = f"10.{adresse // 65536}.{adresse // 256 % 256}.{adresse % 256}"
    return int(Client(REMOTE_ADDR=ip).post(page, donnees).status_code)


def _sans_borne() -> None:
    """The limits are measured: what follows is the time of the work itself."""
    from arpent.plateforme.acteurs.comptes import essais

    essais.PAR_COMPTE = essais.PAR_ADRESSE = essais.COURRIELS = 10**9


def _ecarts(page: str, demander: Callable[[str, int], int], mesures: int) -> set[str]:
    """The clocks, out of two, on which a known account answers in another time than an unknown one."""
    ordre = [COMPTE, INCONNU] * mesures
    random.shuffle(ordre)
    durees: dict[str, dict[str, list[float]]] = {h: {COMPTE: [], INCONNU: []} for h in HORLOGES}
    for n, courriel in enumerate([COMPTE, INCONNU] * CHAUFFE + ordre):
        debuts = [lire() for lire in HORLOGES.values()]
        demander(courriel, n)
        if n >= 2 * CHAUFFE:
            for (horloge, lire), debut in zip(HORLOGES.items(), debuts, strict=True):
                durees[horloge][courriel].append((lire() - debut) * 1_000)
        _oublier()
    return {horloge for horloge, lues in durees.items() if _comparer(page, horloge, lues) < 0.05}


def _comparer(page: str, horloge: str, lues: dict[str, list[float]]) -> float:
    p = _welch(*lues.values())
    figures: dict[str, Any] = {"page": page, "horloge": horloge, "mesures": len(lues[COMPTE])}
    for nom, loi in (("moyenne_ms", statistics.fmean), ("mediane_ms", statistics.median)):
        figures[nom] = {courriel: round(loi(v), 3) for courriel, v in lues.items()}
    dire("essais", figures | {"p": round(p, 3)})
    return p


def _oublier() -> None:
    from arpent.plateforme.acteurs.models import Essai

    Essai.objects.all().delete()


def _welch(a: list[float], b: list[float]) -> float:
    """Two-sided p of Welch's t, the normal law being enough beyond a hundred measures."""
    ecart = math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))
    return math.erfc(abs(statistics.fmean(a) - statistics.fmean(b)) / ecart / math.sqrt(2))
