"""Who signs: the authority, the EPCI of the territory, the owners of a retained project."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.territoires.models import Appartenance, Groupement

from .models import Contrat, Partie

_NATURES = {"CC": "cc", "CA": "ca", "CU": "cu", "METRO": "metropole", "MET69": "metropole", "PETR": "petr"}


def _organisation(groupement: Groupement) -> Organisation:
    """The body of a groupement, created when nobody has entered it yet."""
    connue = Organisation.objects.filter(Q(groupement=groupement) | Q(siren=groupement.siren)).first()
    return connue or Organisation.objects.create(
        nom=groupement.nom,
        siren=groupement.siren,
        nature=_NATURES.get(groupement.nature, "syndicat"),
        groupement=groupement,
    )


def attendues(demarche: Demarche, proprietaires: Iterable[Organisation]) -> list[tuple[Organisation, str]]:
    """The parties the contract must have, in the order of the signatures. May create a missing EPCI body."""
    voulues: dict[int, tuple[Organisation, str]] = {
        demarche.autorite.pk: (demarche.autorite, Partie.RolePartie.AUTORITE.value)
    }
    groupements = Groupement.objects.filter(
        compositions__territoire=demarche.territoire_id, compositions__fin__isnull=True
    ).order_by("nom")
    for organisation in map(_organisation, groupements):
        voulues.setdefault(organisation.pk, (organisation, Partie.RolePartie.PORTEUR.value))
    for organisation in sorted(proprietaires, key=lambda o: o.nom):
        voulues.setdefault(organisation.pk, (organisation, Partie.RolePartie.SIGNATAIRE.value))
    return list(voulues.values())


def designation(partie: Partie) -> str:
    """« la communauté de communes X, représentée par Mme Y, présidente » (as read inside a sentence)."""
    qui = ", ".join(x for x in (partie.signataire, partie.qualite, partie.delegation) if x)
    return f"{partie.organisation.nom}, représenté par {qui}" if qui else partie.organisation.nom


def candidates(contrat: Contrat) -> QuerySet[Organisation]:
    """Bodies that may join by hand: those without members of their own, those that share its communes."""
    nature = Organisation.Nature
    seules = {nature.ASSOCIATION, nature.SYNDICAT, nature.PETR, nature.ETAT, nature.AUTRE}
    communes = Appartenance.objects.filter(
        fin__isnull=True,
        groupement__compositions__territoire=contrat.demarche.territoire_id,
        groupement__compositions__fin__isnull=True,
    ).values("commune")
    voisins = Appartenance.objects.filter(fin__isnull=True, commune__in=communes).values("groupement")
    return Organisation.objects.filter(
        Q(groupement__isnull=True, nature__in=seules) | Q(groupement__in=voisins)
    )
