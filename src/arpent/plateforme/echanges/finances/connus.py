"""Our awarded files, as the reconciliation reads them."""

from __future__ import annotations

from decimal import Decimal

from arpent.metier.apcp import DossierConnu, Versement
from arpent.metier.argent import ZERO
from arpent.metier.cycles import EtatVersement
from arpent.metier.cycles.dossier import DECIDES
from arpent.plateforme.negociations.sorties import echeancier_de
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.subventions.models import DemandeVersement, Dossier
from arpent.plateforme.subventions.versements.compte import aide_du, prevus_de, regles_de

from ..models import ImportFinances


def dossiers_du(dispositif: Dispositif) -> list[Dossier]:
    """Awarded files with their payments. Five queries."""
    de_lui = Dossier.objects.filter(
        demarche__version_processus__processus__dispositif=dispositif, etat__in=DECIDES
    )
    return list(
        de_lui.avec_contexte()
        .prefetch_related("versements__retenues", "reversements", "numeros_engagement")
        .order_by("demarche__territoire__nom", "annee", "numero")
    )


def connus_de(dispositif: Dispositif, nature: str) -> list[DossierConnu]:
    """What each file waits for: payments, or the commitment of its award."""
    regles, parts = regles_de(dispositif), echeancier_de(dispositif)[0]
    connus = []
    for dossier in dossiers_du(dispositif):
        demandes = list(dossier.versements.all())
        aide = aide_du(dossier, demandes, list(dossier.reversements.all()))
        numeros = list(dossier.numeros_engagement.all())
        engage = sum((n.montant or ZERO for n in numeros), ZERO)
        if nature == ImportFinances.Nature.PAIEMENT:
            attendus = [x for d in demandes if (x := _attendu(d))]
            attendus += [Versement(p.le, p.montant) for p in prevus_de(dossier, aide.verse, regles, parts)]
        else:
            attendus = [Versement(dossier.vote_le, aide.montant - engage)] if dossier.vote_le else []
        connus.append(
            DossierConnu(
                cle=dossier.pk, nom=f"{dossier.reference}, {dossier.fiche.titre}",
                engagements=frozenset(n.numero for n in numeros),
                siret=dossier.maitre_ouvrage.siren,
                a_engager=aide.montant - engage, a_payer=aide.montant - aide.verse, attendus=tuple(attendus),
            )
        )  # fmt: skip
    return connus


def a_payer(demande: DemandeVersement) -> Decimal | None:
    """The net amount of a certified request; None for another."""
    if demande.etat != EtatVersement.CERTIFIEE.value or demande.montant_certifie is None:
        return None
    return demande.montant_certifie - demande.montant_retenu


def _attendu(demande: DemandeVersement) -> Versement | None:
    net, le = a_payer(demande), demande.certifie_le
    return None if net is None or le is None else Versement(le, net)
