"""Territories, communes, contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse

from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.territoires.models import Appartenance
from arpent.plateforme.territoires.perimetres import appartenances_en_cours

from .pieces import Demande, Trouve


def _nommees(demande: Demande) -> list[Demarche]:
    """The démarches that the words name. No query."""
    return [
        d
        for d in demande.demarches
        if demande.repond(d.territoire.nom, d.territoire.porteur, d.generation, d.autorite.nom)
    ]


def territoires(demande: Demande) -> Sequence[Trouve]:
    """No query."""
    return [
        Trouve(d.territoire.nom, f"{d.autorite.nom}, {d.generation}", d.get_absolute_url())
        for d in _nommees(demande)[: demande.limite + 1]
    ]


def communes(demande: Demande) -> Sequence[Trouve]:
    """The communes of the territories one sees. One query."""
    par_territoire = {d.territoire_id: d for d in demande.demarches}
    lignes = (
        Appartenance.objects.filter(
            appartenances_en_cours(date.today()),
            groupement__compositions__territoire__in=list(par_territoire),
        )
        .order_by("commune__nom")
        .values_list("commune__nom", "groupement__compositions__territoire_id")
        .distinct()
    )
    trouvees = []
    for nom, territoire_id in lignes:
        if (demarche := par_territoire.get(territoire_id)) and demande.repond(nom):
            trouvees.append(Trouve(nom, f"dans {demarche.territoire.nom}", demarche.get_absolute_url()))
            if len(trouvees) > demande.limite:
                break
    return trouvees


def contrats(demande: Demande) -> Sequence[Trouve]:
    """Contracts by reference or territory, avenants by object or number. Two queries."""
    lisibles = {d.pk: d for d in demande.demarches if peut_sur(demande.agent, "contrat.voir", d)}
    nommees = {d.pk for d in _nommees(demande)} & set(lisibles)
    reference = Q(reference__icontains=demande.texte) | Q(demarche__in=nommees)
    contrats = Contrat.objects.filter(reference, demarche__in=lisibles).order_by("-pk")[: demande.limite + 1]
    trouves = [
        Trouve(
            f"Contrat {c.reference}".strip(),
            f"{lisibles[c.demarche_id].territoire.nom}, {c.get_etat_display().lower()}",
            reverse("contrats:contrat", args=[lisibles[c.demarche_id].slug]),
        )
        for c in contrats
    ]
    avenants = Avenant.objects.filter(contrat__demarche__in=lisibles).select_related("contrat")
    for avenant in avenants.order_by("-pk"):
        demarche = lisibles[avenant.contrat.demarche_id]
        if demande.repond(avenant.objet, f"avenant {avenant.numero or ''}", demarche.territoire.nom):
            url = reverse("contrats:avenant", args=[demarche.slug, avenant.pk])
            trouves.append(Trouve(f"{avenant} : {avenant.objet}", demarche.territoire.nom, url))
    return trouves[: demande.limite + 1]
