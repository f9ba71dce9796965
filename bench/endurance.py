"""`python -m bench.endurance`: an hour of mixed work on a served instance; what grows is a slope (line 22).

`--minutes 2` for a try; 1440 once before a version. Several people read the pages of the bench, write remarks
and ask for a document, at `--rythme` requests a second in all. Each worker is measured every few seconds:
memory (PSS), open files, threads. A worker is renewed after five thousand requests, so the slope is that of
each worker against its own mean, the first minute of its life left out. Broken (code 1): an error; beyond
five minutes, a worker that gains more than 1 MB an hour or any open file or thread, a p99 at the end above
1.1 times that of the beginning.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import serveur
from .client import Client, centile
from .instance import BancEnPanne, Instance, instance
from .mesures import semer
from .pages import COURRIEL, DEMARCHE, MOT_DE_PASSE, PAGES

FICHE = f"/territoires/{DEMARCHE}/plan/fiches/1/"
DOCUMENT = f"{FICHE}documents/fiche.pdf"
PAS = 5.0
"""Seconds between two samples."""
JEUNESSE = 60.0
"""Seconds of a worker's life that are not counted: it is still loading what it uses."""
ECRIRE, COMPOSER = 0.10, 0.02
"""Share of the requests that write, that ask for a document."""
MEMOIRE_MAX, P99_MAX = 1.0, 1.1
"""Megabytes an hour; last p99 over first p99."""
ASSEZ = 300.0
"""Seconds under which a slope is shown, not judged: noise weighs more than growth."""


@dataclass(frozen=True, slots=True)
class Releve:
    """One process at one moment, `age` seconds after it was first seen."""

    pid: int
    age: float
    memoire: float
    fichiers: int
    fils: int


@dataclass(slots=True)
class Journal:
    """What happened: (moment, milliseconds, kind) of each answer, the errors, the samples."""

    reponses: list[tuple[float, float, str]] = field(default_factory=list)
    erreurs: list[str] = field(default_factory=list)
    releves: dict[str, list[Releve]] = field(default_factory=lambda: defaultdict(list))


def pente(points: Sequence[tuple[int, float, float]]) -> float:
    """Growth an hour of y, from (group, x seconds, y): least squares around the mean of each group."""
    groupes: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for groupe, x, y in points:
        groupes[groupe].append((x, y))
    haut = bas = 0.0
    for serie in groupes.values():
        mx, my = (sum(p[i] for p in serie) / len(serie) for i in (0, 1))
        haut += sum((x - mx) * (y - my) for x, y in serie)
        bas += sum((x - mx) ** 2 for x, _ in serie)
    return 3600 * haut / bas if bas else 0.0


def _relever(pid: int, debut: dict[int, float]) -> tuple[str, Releve] | None:
    """Which process it is, and its sample; None: it has ended meanwhile."""
    try:
        nom = "tournee" if b"tournee" in Path(f"/proc/{pid}/cmdline").read_bytes() else "web"
        statut = Path(f"/proc/{pid}/status").read_text()
        fils = int(statut.partition("Threads:")[2].split()[0])
        fichiers = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        memoire = serveur.pss_de(pid)
    except (OSError, IndexError):
        return None
    age = time.monotonic() - debut.setdefault(pid, time.monotonic())
    return nom, Releve(pid, age, memoire, fichiers, fils)


def _observer(pid: int, journal: Journal, fin: float) -> None:
    debut: dict[int, float] = {}
    while time.monotonic() < fin:
        for enfant in serveur.enfants_de(pid):
            if (lu := _relever(enfant, debut)) is not None:
                journal.releves[lu[0]].append(lu[1])
        time.sleep(PAS)


def _ecrire(client: Client) -> Any:
    """A remark on a fiche, as its page sends it."""
    page = client.page(FICHE)
    champs = {"csrfmiddlewaretoken": page.champ("csrfmiddlewaretoken"), "_soumission": secrets.token_hex(12)}
    return client.form(f"{FICHE}commentaires/", champs | {"texte": "Endurance", "portee": "partagee"})


def _travailler(port: int, cookies: dict[str, str], rythme: float, journal: Journal, fin: float) -> None:
    """One person: a request, then what is left of the time of that request. Late, it does not catch up."""
    client, alea = Client(port, dict(cookies)), random.Random(threading.get_ident())
    while (commence := time.monotonic()) < fin:
        tirage = alea.random()
        try:
            if tirage < ECRIRE:
                genre, reponse, attendu = "écriture", _ecrire(client), 302
            elif tirage < ECRIRE + COMPOSER:
                genre, reponse, attendu = "document", client.ask("GET", DOCUMENT), 200
            else:
                genre, attendu = "page", 200
                reponse = client.ask("GET", alea.choice(PAGES).chemin)
        except (BancEnPanne, OSError) as erreur:
            journal.erreurs.append(str(erreur))
        else:
            journal.reponses.append((commence, reponse.secondes * 1000, genre))
            if reponse.lieu.startswith("/connexion/"):
                journal.erreurs.append("la séance est tombée")
                client.cookies = _connecter(port)
            elif reponse.status != attendu:
                journal.erreurs.append(f"{genre} : {reponse.status}")
        time.sleep(max(0.0, 1 / rythme - (time.monotonic() - commence)))


def _connecter(port: int) -> dict[str, str]:
    client = Client(port)
    jeton = client.page("/connexion/").champ("csrfmiddlewaretoken")
    saisie = {"csrfmiddlewaretoken": jeton, "username": COURRIEL, "password": MOT_DE_PASSE}
    if client.form("/connexion/", saisie).status != 302:
        raise BancEnPanne("La connexion du banc a été refusée.")
    return client.cookies


def _pentes(releves: list[Releve]) -> dict[str, Any]:
    murs = [r for r in releves if r.age >= JEUNESSE]
    if not murs:
        return {"releves": 0}
    dernier = max(releves, key=lambda r: r.age)
    return {
        "releves": len(murs),
        "processus": len({r.pid for r in murs}),
        "memoire_mo_par_heure": round(pente([(r.pid, r.age, r.memoire) for r in murs]), 2),
        "fichiers_par_heure": round(pente([(r.pid, r.age, float(r.fichiers)) for r in murs]), 2),
        "fils_par_heure": round(pente([(r.pid, r.age, float(r.fils)) for r in murs]), 2),
        "memoire_mo_max": round(max(r.memoire for r in releves), 1),
        "fichiers_max": max(r.fichiers for r in releves),
        "fils_max": max(r.fils for r in releves),
        "age_max_s": round(dernier.age),
    }


def rendre_compte(journal: Journal, debut: float, secondes: float) -> tuple[dict[str, Any], list[str]]:
    """The figures, and the lines that are broken."""
    sixieme = secondes / 6
    premieres = [ms for t, ms, _ in journal.reponses if t - debut < sixieme]
    dernieres = [ms for t, ms, _ in journal.reponses if t - debut >= secondes - sixieme]
    p99 = [round(centile(lot, 0.99), 1) if lot else 0.0 for lot in (premieres, dernieres)]
    par_genre: dict[str, list[float]] = defaultdict(list)
    for _, ms, genre in journal.reponses:
        par_genre[genre].append(ms)
    figures: dict[str, Any] = {
        "minutes": round(secondes / 60, 1),
        "reponses": len(journal.reponses),
        "par_seconde": round(len(journal.reponses) / secondes, 1),
        "erreurs": len(journal.erreurs),
        "p50_p99_ms": {g: [round(centile(m, q), 1) for q in (0.5, 0.99)] for g, m in par_genre.items()},
        "p99_ms_debut_fin": p99,
        "processus": {nom: _pentes(releves) for nom, releves in journal.releves.items()},
    }
    fautes = [f"{len(journal.erreurs)} erreurs : {journal.erreurs[:3]}"] if journal.erreurs else []
    if secondes >= ASSEZ:
        if p99[1] > P99_MAX * p99[0]:
            fautes.append(f"le p99 passe de {p99[0]} à {p99[1]} ms")
        for nom, lu in figures["processus"].items():
            if lu.get("memoire_mo_par_heure", 0) > MEMOIRE_MAX:
                fautes.append(f"{nom} : {lu['memoire_mo_par_heure']} Mo par heure")
            if max(lu.get("fichiers_par_heure", 0), lu.get("fils_par_heure", 0)) > 1:
                fautes.append(f"{nom} : des fichiers ou des fils s’accumulent")
    return figures, fautes


def _mesurer(
    banc: Instance, secondes: float, rythme: float, clients: int
) -> tuple[dict[str, Any], list[str]]:
    with serveur.arpent(banc, processus=2) as nous:
        cookies = _connecter(nous.port)
        journal, debut = Journal(), time.monotonic()
        fin = debut + secondes
        fils = [threading.Thread(target=_observer, args=(nous.pid, journal, fin))]
        reste = (nous.port, cookies, rythme / clients, journal, fin)
        fils += [threading.Thread(target=_travailler, args=reste) for _ in range(clients)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
    return rendre_compte(journal, debut, secondes)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.endurance", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rythme", type=float, default=20, help="demandes par seconde, en tout (20)")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--fiches", type=int, default=10_000)
    options = parser.parse_args()
    with instance() as banc:
        semer(banc, options.fiches)
        figures, fautes = _mesurer(banc, options.minutes * 60, options.rythme, options.clients)
        print(json.dumps({"base": banc.moteur} | figures, ensure_ascii=False, indent=1))
    for faute in fautes:
        print(f"Rompu : {faute}", file=sys.stderr)
    return 1 if fautes else 0


if __name__ == "__main__":
    raise SystemExit(main())
