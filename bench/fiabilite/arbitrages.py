"""`python -m bench.fiabilite arbitrages`: twenty people edit one arbitration table through the server.

Each opens the page, then edits a cell every second or so as the script of the page does, half the time on
ten disputed rows, and asks for what the others changed. The journal is then held against what each one saw
and was answered: every acknowledged edit is there once, none that was refused is, each starts from the value
that its author had on screen, and the database holds the last one. Broken otherwise, or on a 500.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..client import Client, Reponse, centile
from ..instance import instance
from ..serveur import arpent
from .outils import arret, dire

OUVRIER = "bench.fiabilite.arbitrages"
CASES = ("montant", "base", "priorite", "motif")
CHAMP = {"base": "assiette"}
DISPUTEES, SUITE = 10, 3.0
_LU = re.compile(r'name="lu-(\d+)" value="([^"]*)"')
_LIGNE = re.compile(r'data-ligne="(\d+)" data-etat="(\w*)" data-lu="([^"]*)"')
_JETON = re.compile(r'name="csrfmiddlewaretoken" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Edition:
    """One edit that was answered: what its author saw, what was asked, whether it was acknowledged."""

    pk: int
    champ: str
    vu: str
    voulu: str
    acquittee: bool


@dataclass(slots=True)
class Personne:
    """What one person has on screen, and what was answered. Values are unique: they name their edit."""

    rang: int
    client: Client
    adresse: str
    hasard: random.Random
    lus: dict[int, str] = field(default_factory=dict)
    editions: list[Edition] = field(default_factory=list)
    durees: list[float] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)
    jeton: str = ""
    revision: str = "0"

    def ouvrir(self) -> None:
        texte = self.client.page(self.adresse).corps.decode()
        self.lus = {int(pk): html.unescape(lu) for pk, lu in _LU.findall(texte)}
        self.jeton = _JETON.findall(texte)[0]
        self.revision = re.findall(r'data-revision="(\d+)"', texte)[0]

    def travailler(self, fin: float, rythme: float) -> None:
        regarde = time.monotonic() + self.hasard.uniform(0, SUITE)
        while time.monotonic() < fin:
            if time.monotonic() > regarde:
                self._suivre()
                regarde = time.monotonic() + SUITE
            self._editer()
            time.sleep(self.hasard.expovariate(1 / rythme))

    def _suivre(self) -> None:
        reponse = self.client.ask("GET", f"{self.adresse}suite/?depuis={self.revision}")
        self.codes[reponse.status] += 1
        if reponse.status == 200:
            self.revision = re.findall(r'data-revision="(\d+)"', reponse.corps.decode())[0]
            self._lire(reponse)

    def _lire(self, reponse: Reponse) -> dict[int, str]:
        lignes = _LIGNE.findall(reponse.corps.decode())
        self.lus |= {int(pk): html.unescape(lu) for pk, _, lu in lignes}
        return {int(pk): etat for pk, etat, _ in lignes}

    def _editer(self) -> None:
        pks = sorted(self.lus)
        pk = self.hasard.choice(pks[:DISPUTEES] if self.hasard.random() < 0.5 else pks)
        case, n, lu = self.hasard.choice(CASES), len(self.editions) + 1, self.lus[pk]
        unique = 200 * self.rang + n
        voulu = f"p{self.rang} n{n}" if case == "motif" else str(unique)
        envoi = {f"lu-{pk}": lu, f"{case}-{pk}": voulu, "csrfmiddlewaretoken": self.jeton}
        reponse = self.client.form(f"{self.adresse}lignes/", envoi)
        self.codes[reponse.status] += 1
        self.durees.append(reponse.secondes)
        etat = self._lire(reponse).get(pk, "") if reponse.status in (200, 409, 422) else ""
        champ = CHAMP.get(case, case)
        self.editions.append(Edition(pk, champ, vu_de(lu)[champ], voulu, etat == "enregistree"))


def vu_de(lu: str) -> dict[str, str]:
    """The cells of the hidden field, by name."""
    _, montant, _, _, assiette, priorite, _, motif = lu.split("/", 7)
    return {"montant": montant, "assiette": assiette, "priorite": priorite, "motif": motif}


def egaux(a: str, b: str) -> bool:
    """The same cell: « 12.00 » is « 12 »; nothing is nothing, whatever wrote it."""
    try:
        return Decimal(a) == Decimal(b)
    except ArithmeticError:
        return (a in ("", "None") and b in ("", "None")) or a == b


def juger(
    editions: list[Edition], ecrites: list[list[Any]], finales: dict[str, dict[str, str]], base: str
) -> list[str]:
    """What is wrong. `ecrites`: journal in its order, [fiche, cell, before, after]; `finales`: the rows of
    the database. An untouched base (`base`) and an untouched priority are stored as nothing.
    """
    fautes = []
    acquittees = {(e.pk, e.champ, e.voulu): e for e in editions if e.acquittee}
    tenues: dict[tuple[int, str], str] = {}
    for pk, champ, avant, apres in ecrites:
        precedente = tenues.get((pk, champ))
        avant = base if champ == "assiette" and avant in ("", "None") else avant
        if precedente is not None and not egaux(precedente, avant):
            fautes.append(f"fiche {pk}, {champ} : « {precedente} » est devenu « {avant} » sans trace")
        trouvees = [cle for cle in acquittees if cle[:2] == (pk, champ) and egaux(cle[2], apres)]
        if len(trouvees) != 1:
            fautes.append(f"fiche {pk}, {champ} : « {apres} » est écrit et n’a pas été acquitté")
        else:
            edition = acquittees.pop(trouvees[0])
            if not egaux(edition.vu, avant):
                fautes.append(
                    f"fiche {pk}, {champ} : « {avant} » écrasé par « {apres} », son auteur voyait "
                    f"« {edition.vu} »"
                )
        tenues[pk, champ] = apres
    fautes += [f"fiche {e.pk}, {e.champ} : « {e.voulu} » acquitté et perdu" for e in acquittees.values()]
    for (pk, champ), valeur in tenues.items():
        if not egaux(finales[str(pk)][champ], valeur):
            fautes.append(
                f"fiche {pk}, {champ} : « {valeur} » attendu, « {finales[str(pk)][champ]} » en base"
            )
    return fautes


# --- child processes ------------------------------------------------------------------------------


def preparer(lignes: int, personnes: int) -> dict[str, Any]:
    from django.conf import settings
    from django.core.management import call_command
    from tests.plateforme import fabrique
    from tests.plateforme.plans.reglement import publier

    from ..seance import seance_de

    call_command("migrate", verbosity=0)
    demarche = fabrique.demarche(slug="banc")
    publier(demarche.processus.dispositif)
    porteurs = [fabrique.organisation("commune") for _ in range(40)]
    for n in range(lignes):
        fabrique.fiche(demarche, numero=n + 1, maitre_ouvrage=porteurs[n % 40])
    agents = [fabrique.agent("chef_de_projet", demarche) for _ in range(personnes)]
    return {
        "adresse": f"/territoires/{demarche.slug}/negociation/",
        "seances": [{settings.SESSION_COOKIE_NAME: seance_de(a)} for a in agents],
    }


def relire() -> dict[str, Any]:
    """The cells written, in the order of the journal, and what the rows hold."""
    from arpent.plateforme.journal.actions import verifier
    from arpent.plateforme.journal.models import Entree
    from arpent.plateforme.negociations.models import Proposition

    lignes = {str(p.pk): p for p in Proposition.objects.filter(scenario__est_courant=True)}
    champs = [*(CHAMP.get(c, c) for c in CASES)]
    ecrites = [
        [lignes[e.objet_id].fiche_id, c, str(e.avant.get(c, "")), str(e.apres[c])]
        for e in Entree.objects.filter(objet_type=Proposition._meta.label_lower).order_by("numero")
        for c in champs
        if c in e.apres
    ]
    finales = {str(p.fiche_id): {c: str(getattr(p, c)) for c in champs} for p in lignes.values()}
    return {"ecrites": ecrites, "finales": finales, "journal": verifier().intacte}


# --- the race -------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite arbitrages", description=__doc__)
    parser.add_argument("--personnes", type=int, default=20)
    parser.add_argument("--lignes", type=int, default=500)
    parser.add_argument("--secondes", type=float, default=60)
    parser.add_argument("--rythme", type=float, default=1.0, help="secondes entre deux cases, en moyenne")
    parser.add_argument("--processus", type=int, default=2)
    options = parser.parse_args(arguments)
    with instance() as lieu:
        decor = lieu.json(OUVRIER, "PREPARER", str(options.lignes), str(options.personnes))
        with arpent(lieu, options.processus) as serveur:
            gens = [
                Personne(rang, Client(serveur.port, dict(seance)), decor["adresse"], random.Random(rang))
                for rang, seance in enumerate(decor["seances"], 1)
            ]
            for personne in gens:
                personne.ouvrir()
            depart, fin = time.monotonic(), time.monotonic() + options.secondes
            fils = [threading.Thread(target=p.travailler, args=(fin, options.rythme)) for p in gens]
            for fil in fils:
                fil.start()
            for fil in fils:
                fil.join()
            duree = time.monotonic() - depart
        lu = lieu.json(OUVRIER, "RELIRE")
    editions = [e for p in gens for e in p.editions]
    durees = [d for p in gens for d in p.durees]
    codes = sum((p.codes for p in gens), Counter())
    fautes = juger(editions, lu["ecrites"], lu["finales"], "100000.00")
    fautes += [f"{n} réponses {code}" for code, n in codes.items() if code not in (200, 204, 409, 422)]
    fautes += [] if lu["journal"] else ["la chaîne du journal est rompue"]
    acquittees = sum(e.acquittee for e in editions)
    dire("arbitrages", {
        "personnes": len(gens), "lignes": options.lignes, "secondes": round(duree, 1),
        "envoyees": len(editions), "acquittees": acquittees, "refusees": len(editions) - acquittees,
        "perdues_ou_ecrasees": len(fautes), "codes": codes, "p50_ms": round(centile(durees, 0.5) * 1000),
        "p95_ms": round(centile(durees, 0.95) * 1000), "pire_ms": round(max(durees) * 1000),
    })  # fmt: skip
    if fautes:
        raise arret("\n".join(fautes[:40]))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings")
    import django

    django.setup()
    ordre, *nombres = sys.argv[1:]
    print(json.dumps(preparer(int(nombres[0]), int(nombres[1])) if ordre == "PREPARER" else relire()))
