"""The timeline of a file: what was done, what comes next, in dates."""

from __future__ import annotations

from arpent.metier.argent import formater_euros
from arpent.metier.cycles import EtatDossier
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.socle.pieces import Etape, EtatEtape

from ..models import Dossier

PUCES = {
    EtatDossier.BROUILLON: "neutre",
    EtatDossier.DEPOSE: "info",
    EtatDossier.A_COMPLETER: "alerte",
    EtatDossier.COMPLET: "info",
    EtatDossier.PROPOSE: "info",
    EtatDossier.VOTE: "ok",
    EtatDossier.NOTIFIE: "ok",
    EtatDossier.SOLDE: "ok",
    EtatDossier.CADUC: "non",
    EtatDossier.REJETE: "non",
    EtatDossier.RETIRE: "neutre",
}


def puce_de(dossier: Dossier) -> str:
    return PUCES[EtatDossier(dossier.etat)]


def etapes(dossier: Dossier) -> list[Etape]:
    """From the deposit to the end, in order. No query."""
    d = dossier
    lues = [
        ("Déposé", d.depose_le, d.montant_demande and f"{formater_euros(d.montant_demande)} demandés"),
        ("Reconnu complet", d.complet_le, d.instruit_par_nom if d.complet_le else ""),
        ("Aide proposée", d.propose_le, d.montant_propose and formater_euros(d.montant_propose)),
        ("Aide votée", d.vote_le, d.decision and f"{formater_euros(d.montant_attribue)}, {d.decision}"),
        ("Aide notifiée", d.notifie_le, ""),
        ("Travaux achevés", d.acheve_le, ""),
    ]
    fini = d.etat in {EtatDossier.REJETE, EtatDossier.RETIRE, EtatDossier.CADUC}
    posees: list[Etape] = []
    en_cours = not fini
    for libelle, le, detail in lues:
        etat: EtatEtape = "fait" if le else "a_venir"
        if not le and fini:
            continue
        if not le and en_cours:
            etat, en_cours = "en_cours", False
        posees.append(Etape(libelle, etat, jour(le) if le else "", str(detail or "")))
    if fini and d.clos_le:
        posees.append(Etape(d.get_etat_display(), "fait", jour(d.clos_le), d.fin_motif))
    return posees
