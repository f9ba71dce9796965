"""What the bench measures, and how: pages in turn with the floor, so that a noisy moment hits them all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from . import serveur
from .client import Client, centile, debit
from .instance import BancEnPanne, Instance
from .pages import COURRIEL, DEMARCHE, MOT_DE_PASSE, PageMesuree

TOURS = 100
CHAUFFE = 3
CLIENTS = 8
SECONDES_DE_DEBIT = 4.0
CONNEXIONS = 7


@dataclass(frozen=True, slots=True)
class MesurePage:
    """One page at one size. Times in milliseconds."""

    code: str
    p50: float
    p95: float
    octets: int = 0
    octets_gzip: int = 0
    sql: int = 0


@dataclass(slots=True)
class MesureTaille:
    """Everything measured with `taille` fiches in the base. Memory in MB, times in milliseconds."""

    taille: int
    plancher: MesurePage
    pages: list[MesurePage] = field(default_factory=list)
    pret: float = 0.0
    pret_cpu: float = 0.0
    pret_plancher: float = 0.0
    memoire: float = 0.0
    connexion: float = 0.0

    def ratio(self, page: MesurePage) -> float:
        return page.p50 / self.plancher.p50


def _time_pages(
    ours: Client, floor: Client, pages: Sequence[PageMesuree], rounds: int
) -> tuple[dict[str, list[float]], dict[str, tuple[int, int]]]:
    """Times in ms by page code ("plancher" for the floor), and bytes (raw, gzip)."""
    targets = [("plancher", floor, "/", 1)] + [(p.code, ours, p.chemin, p.un_tour_sur) for p in pages]
    weights = {}
    for code, client, path, _ in targets * CHAUFFE:
        reponse = client.page(path)
        weights[code] = (len(reponse.corps), reponse.octets_gzip)
    times: dict[str, list[float]] = {code: [] for code, *_ in targets}
    for turn in range(rounds):
        for code, client, path, one_in in targets:
            if turn % one_in == 0:
                times[code].append(client.page(path).secondes * 1000)
    return times, weights


def _login_time(port: int) -> float:
    """Median time of the POST of the login form, in ms; one new session each."""
    times = []
    for _ in range(CONNEXIONS):
        client = Client(port)
        token = client.page("/connexion/").champ("csrfmiddlewaretoken")
        fields = {"csrfmiddlewaretoken": token, "username": COURRIEL, "password": MOT_DE_PASSE}
        reponse = client.form("/connexion/", fields)
        assert reponse.status == 302, "La connexion du banc a été refusée."
        times.append(reponse.secondes * 1000)
    return median(times)


@dataclass(frozen=True, slots=True)
class Seances:
    """Cookies of somebody logged in, in our instance and in the floor."""

    nous: dict[str, str]
    plancher: dict[str, str]


def semer(instance: Instance, taille: int) -> Seances:
    """Fills both bases up to `taille`."""
    nous = instance.json("bench.semis", str(taille))
    return Seances(nous, {"sessionid": instance.run("bench.plancher", str(taille)).strip().splitlines()[-1]})


def mesurer_taille(
    instance: Instance, taille: int, seances: Seances, pages: Sequence[PageMesuree], tours: int
) -> MesureTaille:
    """Measures both instances as they are filled, with one worker each."""
    sql = instance.json("bench.requetes", json.dumps(seances.nous), *(p.code for p in pages))
    with serveur.arpent(instance) as nous, serveur.plancher(instance) as plancher:
        times, weights = _time_pages(
            Client(nous.port, dict(seances.nous)), Client(plancher.port, dict(seances.plancher)), pages, tours
        )
        measured = {
            code: MesurePage(code, median(t), centile(t, 0.95), *weights[code], sql.get(code, 3))
            for code, t in times.items()
        }
        return MesureTaille(
            taille,
            measured.pop("plancher"),
            list(measured.values()),
            pret=nous.pret,
            pret_cpu=nous.cpu,
            pret_plancher=plancher.pret,
            connexion=_login_time(nous.port),
            memoire=max(nous.pss()),
        )


def mesurer_debit(instance: Instance, seances: Seances) -> dict[str, float]:
    """Pages a second for eight people on the list, two workers, ours then the floor."""
    with serveur.arpent(instance, processus=2) as nous:
        ours = debit(nous.port, seances.nous, "/fiches/", CLIENTS, SECONDES_DE_DEBIT)
    with serveur.plancher(instance, processus=2) as plancher:
        floor = debit(plancher.port, seances.plancher, "/", CLIENTS, SECONDES_DE_DEBIT)
    return {"debit_liste": ours, "debit_plancher": floor}


def mesurer_travaux(instance: Instance, seances: Seances) -> dict[str, float]:
    """The long jobs: contract as PDF; a workbook of 10,000 rows sent, read, checked and previewed."""
    contrat = instance.json("bench.travaux", "contrat")
    examens = instance.json("bench.travaux", "preinstruction")
    classeur = instance.dossier / "plan.xlsx"
    instance.run("bench.travaux", "classeur", str(classeur))
    adresse = f"/territoires/{DEMARCHE}/plan/importer/"
    with serveur.arpent(instance) as nous:
        client = Client(nous.port, dict(seances.nous))
        page = client.page(adresse)
        champs = {nom: page.champ(nom) for nom in ("csrfmiddlewaretoken", "_soumission")}
        avant = nous.travail()
        envoi = client.upload(adresse, champs, "fichier", "plan.xlsx", classeur.read_bytes())
        if envoi.status != 302:
            raise BancEnPanne(f"l’import a répondu {envoi.status} : {envoi.corps.decode()[-2000:]}")
        apercu = client.page(envoi.lieu)
        memoire, travail = max(nous.pss()), nous.travail() - avant
    return {
        "contrat_pdf": contrat["secondes"],
        "contrat_cpu": contrat["cpu"],
        "contrat_pages": contrat["pages"],
        "contrat_memoire": contrat["memoire"],
        **examens,
        "import_envoi": envoi.secondes,
        "import_apercu": apercu.secondes,
        "import_10000": envoi.secondes + apercu.secondes,
        "import_cpu": travail,
        "import_memoire": memoire,
        **instance.json("bench.travaux", "solveur"),
        **instance.json("bench.travaux", "sale"),
    }
