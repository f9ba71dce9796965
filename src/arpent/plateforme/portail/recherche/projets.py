"""Fiches projets and the acts about them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.contrats.models import Vote
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.plans.models import Deliberation, Fiche
from arpent.plateforme.socle.recherche import chercher
from arpent.plateforme.socle.templatetags.formats import date_fr

from .pieces import Demande, Trouve, classer

LUES, ACTES_LUS = 400, 500
"""Latest fiches that hold the words, read first: enough for whoever sees a large part of them."""


def _trouvees(demande: Demande, *, candidates: int = 40) -> list[Fiche]:
    """The fiches that hold the words, the best first. One query; two when the words are common and the
    perimeter narrow."""
    visibles = Fiche.objects.visibles_par(demande.agent).only(
        "numero", "titre", "etat", "demarche__slug", "demarche__territoire__nom", "maitre_ouvrage__nom"
    )
    visibles = visibles.select_related("demarche__territoire", "maitre_ouvrage").order_by("-pk")
    etroit = all(
        h.definition.portee in {Portee.TERRITOIRE, Portee.ORGANISATION}
        for h in demande.agent.habilitations_en_cours
    )
    trouvees: list[Fiche] = []
    if not etroit:
        trouvees = list(chercher(visibles, demande.texte, limite=LUES)[:candidates])
    if len(trouvees) <= demande.limite:
        trouvees = list(chercher(visibles, demande.texte)[:candidates])
    return classer(demande, trouvees, lambda f: f.titre)


def fiches(demande: Demande) -> Sequence[Trouve]:
    """Two queries at most."""
    return [
        Trouve(
            f.titre,
            f"n°\u00a0{f.numero}, {f.maitre_ouvrage.nom}, {f.demarche.territoire.nom}, "
            f"{f.get_etat_display().lower()}",
            f.get_absolute_url(),
        )
        for f in _trouvees(demande)[: demande.limite + 1]
    ]


def toutes_les_fiches(demande: Demande) -> str:
    return f"{reverse('plans:fiches')}?{urlencode({'q': demande.texte})}"


def actes(demande: Demande) -> Sequence[Trouve]:
    """Délibérations on fiches and votes of contracts, by number. Three queries."""
    trouves = [*_deliberations(demande), *_votes(demande)]
    return trouves[: demande.limite + 1]


def _deliberations(demande: Demande) -> list[Trouve]:
    lignes = list(
        Deliberation.objects.filter(numero__icontains=demande.texte)
        .select_related("fiche__demarche")
        .defer("fiche__texte_recherche", "fiche__description", "plan_adopte")
        .order_by("-pk")[:ACTES_LUS]
    )
    # The few that bear the number first, then whether they are seen: the other way round reads every fiche.
    visibles = Fiche.objects.visibles_par(demande.agent).filter(pk__in={d.fiche_id for d in lignes})
    vues = set(visibles.order_by().values_list("pk", flat=True))
    return [
        Trouve(f"Délibération {d}", d.fiche.titre, f"{d.fiche.get_absolute_url()}#actes")
        for d in lignes
        if d.fiche_id in vues
    ]


def _votes(demande: Demande) -> list[Trouve]:
    lisibles = {d.pk: d for d in demande.demarches if peut_sur(demande.agent, "contrat.voir", d)}
    lignes = (
        Vote.objects.filter(~Q(numero=""), numero__icontains=demande.texte)
        .filter(partie__contrat__demarche__in=lisibles)
        .select_related("partie__contrat", "partie__organisation", "avenant")
        .order_by("-pk")[: demande.limite + 1]
    )
    trouves = []
    for vote in lignes:
        demarche = lisibles[vote.partie.contrat.demarche_id]
        quand = f" du {date_fr(vote.adoptee_le)}" if vote.adoptee_le else ""
        quoi = str(vote.avenant) if vote.avenant else "le contrat"
        trouves.append(
            Trouve(
                f"Vote {vote.numero}{quand}",
                f"{vote.partie.organisation.nom}, sur {quoi}, {demarche.territoire.nom}",
                f"{reverse('contrats:contrat', args=[demarche.slug])}#votes",
            )
        )
    return trouves
