"""Is the instance alive, ready, and how it fares: three addresses for machines, without a session.

`/sante/` touches nothing. `/sante/pret/` says whether this server can serve: database, migrations, room on
the disk; a round that no longer beats, a bucket that is silent are alerts: the pages are served all the same.
`/mesures/` is for Prometheus.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from . import mesures
from .models import Battement
from .panne import DepotMuet

TOURNEE = "tournee"
SILENCE = timedelta(minutes=5)
"""A round beats each minute."""
PLACE_MINIMALE, PLACE_BASSE = 100 * 1024**2, 0.2
"""Bytes without which nothing is accepted; share of the disk under which one is alerted."""
_migrees: set[bool] = set()


def battre(nom: str, le: datetime) -> None:
    """Notes that this process is alive. One query."""
    Battement.objects.update_or_create(nom=nom, defaults={"le": le})


@require_safe
def vivant(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers. No query."""
    return HttpResponse("vivant\n", content_type="text/plain; charset=utf-8")


@require_safe
def pret(request: HttpRequest) -> HttpResponse:
    """200 when this server can serve, else 503 with what is missing. Two queries, three until it is ready."""
    controles = {"base": _base(), "disque": _disque()}
    alertes: list[str] = []
    if not controles["base"]:
        controles["migrations"] = _migrations()
        alertes = [texte for texte in (_tournee(), _place_basse(), _depot()) if texte]
    manques = {nom: texte for nom, texte in controles.items() if texte}
    corps = {"pret": not manques, "manques": manques, "alertes": alertes}
    reponse = JsonResponse(corps, status=503 if manques else 200, json_dumps_params={"ensure_ascii": False})
    reponse.headers["Cache-Control"] = "no-store"
    if manques:
        reponse.headers["Retry-After"] = "5"
    return reponse


def _base() -> str:
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except Error:
        return "La base de données ne répond pas."
    return ""


def _migrations() -> str:
    """Once up to date, a process stays so: it is asked only until then."""
    from django.db.migrations.executor import MigrationExecutor

    if not _migrees:
        executeur = MigrationExecutor(connection)
        if executeur.migration_plan(executeur.loader.graph.leaf_nodes()):
            return "La base n’est pas à jour : lancez arpent migrer."
        _migrees.add(True)
    return ""


def _disque() -> str:
    libre = shutil.disk_usage(settings.ARPENT_DONNEES).free
    return "" if libre >= PLACE_MINIMALE else f"Il ne reste que {libre // 1024**2} Mo sur le disque."


def _place_basse() -> str:
    usage = shutil.disk_usage(settings.ARPENT_DONNEES)
    part = usage.free / usage.total
    return "" if part >= PLACE_BASSE else f"Le disque est plein à {100 - int(part * 100)} %."


def _tournee() -> str:
    dernier = Battement.objects.filter(nom=TOURNEE).values_list("le", flat=True).first()
    if dernier is None:
        return "La tournée n’a jamais tourné : ni relances ni courriels."
    age = timezone.now() - dernier
    if age <= SILENCE:
        return ""
    return f"La tournée ne bat plus depuis {age // timedelta(minutes=1)} minutes : ni relances ni courriels."


def _depot() -> str:
    """An alert, not a lack: without its bucket a server still serves all that is not a file."""
    repond = getattr(default_storage, "repond", None)
    try:
        if repond is not None:
            repond()
    except DepotMuet:
        return "Le dépôt de fichiers ne répond pas : ni pièces ni documents."
    return ""


@require_safe
def exposition(request: HttpRequest) -> HttpResponse:
    """Prometheus; 404 without the token of ARPENT_MESURES_JETON. Two queries when the database answers."""
    jeton = settings.ARPENT_MESURES_JETON
    if not jeton or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {jeton}"):
        raise Http404
    texte = mesures.en_texte([*_jauges(), *[j for source in SOURCES for j in source()]])
    return HttpResponse(texte, content_type="text/plain; version=0.0.4; charset=utf-8")


def _jauges() -> Iterator[mesures.Jauge]:
    debout = not _base()
    yield mesures.Jauge("arpent_base_repond", "1 quand la base répond.", float(debout))
    usage = shutil.disk_usage(settings.ARPENT_DONNEES)
    yield mesures.Jauge("arpent_disque_libre_octets", "Place libre dans ARPENT_DONNEES.", usage.free)
    yield mesures.Jauge("arpent_disque_octets", "Taille de ce disque.", usage.total)
    if debout and (le := Battement.objects.filter(nom=TOURNEE).values_list("le", flat=True).first()):
        age = (timezone.now() - le).total_seconds()
        yield mesures.Jauge("arpent_tournee_age_secondes", "Temps depuis le dernier battement.", age)


SOURCES: list[mesures.Source] = []
"""Gauges that the rooms above add, each on its own subject (`apps.py` of theirs)."""

# Classified by hand: the door of pages (`acteurs.acces`) lies above this room.
for _vue in (vivant, pret, exposition):
    _vue.droit = "public"  # type: ignore[attr-defined]
