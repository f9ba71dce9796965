"""The lists as files: exactly what the page shows, every page of it, in the format of one's spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from arpent.metier.argent import formater_nombre
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.rendu.csv_liste import rendre_tableau_csv
from arpent.plateforme.documents.rendu.ods import MIME as ODS
from arpent.plateforme.documents.rendu.ods import rendre_tableau_ods
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from ..colonnes import Colonne, colonnes_choisies, lignes_export, pour_export
from ..complements import completer, sommes_de
from ..filtres import TRIS_GENERAUX, Filtre, lire_filtre
from ..listes import LigneListe, demarches_lisibles, fiches_du_plan, fiches_visibles, page_de, totaux_de
from ..models import Fiche
from ..tableaux import toutes_les_sommes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIMES = {"xlsx": XLSX, "ods": ODS, "csv": "text/csv; charset=utf-8"}
EXPORT_MAX = 20_000


def _mentions(filtre: Filtre, fiches: Sequence[LigneListe], nombre: int) -> list[str]:
    mentions = ["Liste filtrée : elle ne contient pas toutes les fiches."] if filtre.est_actif else []
    if any(f.demonstration for f in fiches):
        mentions.append("Certaines fiches contiennent des valeurs de démonstration.")
    if nombre > EXPORT_MAX:
        mentions.append(
            f"Liste limitée aux {formater_nombre(EXPORT_MAX)} premières fiches ; les totaux portent sur "
            "toutes."
        )
    return mentions


def _contenu(
    genre: str,
    titre: str,
    fiches: Sequence[LigneListe],
    colonnes: Sequence[Colonne],
    sommes: Mapping[str, Decimal],
    mentions: Sequence[str],
    auteur: str,
) -> bytes:
    entetes, lignes = pour_export(colonnes), lignes_export(fiches, colonnes)
    if genre == "csv":  # nothing but the table: a line above it would be taken for the headers
        return rendre_tableau_csv(entetes, lignes, sommes)
    rendre = rendre_tableau_ods if genre == "ods" else rendre_tableau_xlsx
    return rendre(titre, entetes, lignes, sommes, mentions, etabli_le=date.today(), auteur=auteur)


def _exporter(
    request: HttpRequest,
    genre: str,
    titre: str,
    visibles: QuerySet[Fiche],
    filtre: Filtre,
    ordre: tuple[str, str],
    colonnes: Sequence[Colonne],
) -> HttpResponse:
    codes = [c.code for c in colonnes]
    rows = completer(page_de(visibles, ordre, 1, EXPORT_MAX), codes)
    totaux = totaux_de(visibles)
    sommes = toutes_les_sommes(totaux, sommes_de(visibles, codes))
    auteur = cast(Agent, request.user).nom_complet
    mentions = _mentions(filtre, rows, totaux.nombre)
    contenu = _contenu(genre, titre, rows, colonnes, sommes, mentions, auteur)
    response = HttpResponse(contenu, content_type=MIMES[genre])
    nom = f"fiches-{date.today():%Y-%m-%d}.{genre}"
    response.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return response


@page_demarche("plan.voir")
def plan_export(request: HttpRequest, demarche: Demarche, genre: str) -> HttpResponse:
    """The plan as shown (filters, sort, columns, totals), every page, as a spreadsheet or a CSV file."""
    filtre = lire_filtre(request.GET)
    visibles = fiches_du_plan(demarche, cast(Agent, request.user), filtre)
    colonnes = colonnes_choisies(filtre.colonnes, general=False)
    titre = f"Plan d’actions – {demarche.territoire.nom}"
    return _exporter(request, genre, titre, visibles, filtre, filtre.ordre(), colonnes)


@page("plan.voir")
def fiches_export(request: HttpRequest, genre: str) -> HttpResponse:
    """The general list the same way, up to EXPORT_MAX rows (said in the file beyond)."""
    filtre = lire_filtre(request.GET)
    agent = cast(Agent, request.user)
    visibles = fiches_visibles(agent, demarches_lisibles(agent), filtre)
    colonnes = colonnes_choisies(filtre.colonnes, general=True)
    ordre = filtre.ordre(TRIS_GENERAUX, "-pk")
    return _exporter(request, genre, "Fiches projets", visibles, filtre, ordre, colonnes)
