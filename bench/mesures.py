"""What the bench measures, and how: pages in turn with the floor, so that a noisy moment hits them all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from . import serveur
from .client import Client, centile, debit
from .instance import Instance
from .pages import COURRIEL, MOT_DE_PASSE, PageMesuree

TOURS = 100
CHAUFFE = 5
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
    memoire: float = 0.0
    connexion: float = 0.0

    def ratio(self, page: MesurePage) -> float:
        return page.p50 / self.plancher.p50


def _time_pages(
    ours: Client, floor: Client, pages: Sequence[PageMesuree], rounds: int
) -> tuple[dict[str, list[float]], dict[str, tuple[int, int]]]:
    """Times in ms by page code ("plancher" for the floor), and bytes (raw, gzip)."""
    targets = [("plancher", floor, "/")] + [(p.code, ours, p.chemin) for p in pages]
    weights = {}
    for code, client, path in targets * CHAUFFE:
        reponse = client.page(path)
        weights[code] = (len(reponse.corps), reponse.octets_gzip)
    times: dict[str, list[float]] = {code: [] for code, _, _ in targets}
    for _ in range(rounds):
        for code, client, path in targets:
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


def mesurer_taille(instance: Instance, taille: int, pages: Sequence[PageMesuree], tours: int) -> MesureTaille:
    """Fills both bases up to `taille`, then measures with one worker each."""
    cookies = instance.json("bench.semis", str(taille))
    floor_cookies = {"sessionid": instance.run("bench.plancher", str(taille)).strip().splitlines()[-1]}
    sql = instance.json("bench.requetes", json.dumps(cookies), *(p.code for p in pages))
    with serveur.arpent(instance) as nous, serveur.plancher(instance) as plancher:
        times, weights = _time_pages(
            Client(nous.port, dict(cookies)), Client(plancher.port, floor_cookies), pages, tours
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
            connexion=_login_time(nous.port),
            memoire=max(nous.pss()),
        )


def mesurer_debit(instance: Instance) -> dict[str, float]:
    """Pages a second for eight people on the list, two workers, ours then the floor."""
    cookies = instance.json("bench.semis", "0")
    floor_cookies = {"sessionid": instance.run("bench.plancher", "0").strip().splitlines()[-1]}
    with serveur.arpent(instance, processus=2) as nous:
        ours = debit(nous.port, cookies, "/fiches/", CLIENTS, SECONDES_DE_DEBIT)
    with serveur.plancher(instance, processus=2) as plancher:
        floor = debit(plancher.port, floor_cookies, "/", CLIENTS, SECONDES_DE_DEBIT)
    return {"liste": ours, "plancher": floor}
