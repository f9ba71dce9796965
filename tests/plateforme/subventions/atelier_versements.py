"""An awarded file with its credits committed, for the tests of payments, deadlines and AP/CP."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.negociations.credits import noeuds
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer
from arpent.plateforme.negociations.credits.registre import Ecriture, Piece, inscrire
from arpent.plateforme.negociations.models import Enveloppe, Genre, Mouvement
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.subventions.models import DemandeVersement, Dossier
from arpent.plateforme.subventions.versements import actions
from arpent.plateforme.subventions.versements.actions import Certification
from tests.plateforme import fabrique

D = Decimal
VOTE_LE, LE = date(2026, 2, 2), date(2026, 6, 1)
REGLES = {
    "avance_taux": "0.30", "acomptes_taux": "0.80", "acompte_minimum": 1000,
    "pieces": {"solde": ["Certificat d’achèvement"]}, "source": "Règlement d’essai, art. 12",
}  # fmt: skip
DELAIS = {
    "commencement_mois": 24, "commencement_prorogation_mois": 12, "achevement_mois": 48,
    "achevement_prorogation_mois": 24, "solde_mois": 6,
}  # fmt: skip


def regler(dispositif: Any, **blocs: Any) -> None:
    """The policy says how aids are paid, and when they lapse."""
    dispositif.parametres |= {"versements": REGLES, "echeances": DELAIS} | blocs
    dispositif.save()


def enveloppe_de(fiche: Fiche, montant: str = "100000") -> Enveloppe:
    """The node of the territory, with money."""
    fonds = fiche.demarche.processus.dispositif.fonds.get(code="base")
    noeud = noeuds.noeud_du_territoire(fonds, fiche.demarche)
    if not Mouvement.objects.filter(enveloppe=noeud, stade=Stade.ALLOUE).exists():
        inscrire([Ecriture(noeud, Stade.ALLOUE, Genre.REPARTITION, D(montant))], par=None)
    return noeud


def dossier_notifie(fiche: Fiche, aide: str = "20000", **champs: Any) -> Dossier:
    """An aid of 20 000 € on 50 000 € of eligible expense, voted on 2 February 2026, committed, notified."""
    noeud = enveloppe_de(fiche)
    if D(aide):
        attribuer(noeud, Operation(D(aide), fiche, 2026, Piece("Essai", "CP_26_12", VOTE_LE)), par=None)
    numero = Dossier.objects.filter(demarche=fiche.demarche).count() + 1
    valeurs: dict[str, Any] = {
        "annee": 2026, "numero": numero, "ligne": str(fiche.pk), "maitre_ouvrage": fiche.maitre_ouvrage,
        "etat": "notifie", "fonds": noeud.fonds, "annee_programmation": 2026,
        "cout_prevu_ht": D("100000"), "assiette_prevue": D("50000"), "montant_contractualise": D(aide),
        "cout_reel_ht": D("100000"), "assiette_reelle": D("50000"), "montant_attribue": D(aide),
        "depose_le": date(2026, 1, 10), "vote_le": VOTE_LE, "notifie_le": VOTE_LE, "decision": "CP_26_12",
        "cree_par_nom": "Essai",
    }  # fmt: skip
    return Dossier.objects.create(demarche=fiche.demarche, fiche=fiche, **(valeurs | champs))


def secretaire(dossier: Dossier) -> Agent:
    """Who files for the owner."""
    return fabrique.agent("secretaire_mairie", dossier.demarche, pour=dossier.maitre_ouvrage)


def ouvrir(dossier: Dossier, genre: str, montant: str, depenses: str | None = None) -> DemandeVersement:
    valeurs = {"genre": genre, "montant_demande": D(montant), "depenses": depenses and D(depenses)}
    return actions.ouvrir_demande(dossier, valeurs, par=None)


def deposer(dossier: Dossier, genre: str, montant: str, depenses: str | None = None) -> DemandeVersement:
    return actions.deposer(ouvrir(dossier, genre, montant, depenses), par=None, le=LE)


def certifier(
    dossier: Dossier, genre: str, montant: str, depenses: str | None = None, **lu: Any
) -> DemandeVersement:
    demande = deposer(dossier, genre, montant, depenses)
    certification = Certification(D(montant), depenses and D(depenses), **lu)  # type: ignore[arg-type]
    return actions.certifier(demande, certification, par=None, le=LE)


def payer(
    dossier: Dossier, genre: str, montant: str, depenses: str | None = None, **lu: Any
) -> DemandeVersement:
    demande = certifier(dossier, genre, montant, depenses, **lu)
    return actions.payer(demande, f"M-{demande.numero}", LE, par=None, le=LE)


def paye(dossier: Dossier) -> Decimal:
    return Mouvement.objects.filter(fiche=dossier.fiche).soldes().paye


def engage(dossier: Dossier) -> Decimal:
    return Mouvement.objects.filter(fiche=dossier.fiche).soldes().engage
