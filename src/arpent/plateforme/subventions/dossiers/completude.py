"""What a file still lacks before it is filed or acknowledged. No query: the pieces are handed in."""

from __future__ import annotations

from collections.abc import Sequence

from arpent.metier.argent import formater_euros
from arpent.metier.subvention import Completude, EtatPiece, Manque, PieceLue, examiner_completude

from ..models import Dossier, PieceDossier
from .regles import attendus_de

_ETATS = {
    PieceDossier.Etat.RECUE: EtatPiece.RECUE,
    PieceDossier.Etat.ACCEPTEE: EtatPiece.ACCEPTEE,
    PieceDossier.Etat.REFUSEE: EtatPiece.REFUSEE,
}


def completude_de(dossier: Dossier, pieces: Sequence[PieceDossier]) -> Completude:
    """Each expected piece with its state. No query: the pieces are handed in."""
    lues = [
        PieceLue(p.code, _ETATS[PieceDossier.Etat(p.etat)], p.motif)
        for p in pieces
        if p.code and p.etat != PieceDossier.Etat.RETIREE
    ]
    theme = dossier.fiche.theme.code if dossier.fiche.theme else ""
    attendus = attendus_de(dossier.demarche.processus.dispositif)
    return examiner_completude(attendus, theme, dossier.stade, lues)


def manques_de(dossier: Dossier, pieces: Sequence[PieceDossier]) -> list[Manque]:
    """What stops the deposit, in the order of the form. No query."""
    manques = []
    if not dossier.stade:
        manques.append(Manque("stade", "Stade du projet", "Dites : marchés ou devis."))
    if not dossier.cout_reel_ht:
        manques.append(Manque("cout_reel_ht", "Coût réel", "Écrivez le coût HT des marchés ou des devis."))
    if not dossier.assiette_reelle:
        manques.append(
            Manque("assiette_reelle", "Dépense éligible réelle", "Écrivez la part éligible de ce coût.")
        )
    elif dossier.cout_reel_ht and dossier.assiette_reelle > dossier.cout_reel_ht:
        manques.append(
            Manque(
                "assiette_reelle",
                "Dépense éligible réelle",
                f"Elle ne dépasse pas le coût ({formater_euros(dossier.cout_reel_ht)}) : corrigez l’une ou "
                "l’autre.",
            )
        )
    if not dossier.montant_demande:
        manques.append(Manque("montant_demande", "Aide demandée", "Écrivez le montant demandé à l’autorité."))
    elif dossier.montant_demande > dossier.montant_contractualise:
        manques.append(
            Manque(
                "montant_demande",
                "Aide demandée",
                f"Le contrat inscrit {formater_euros(dossier.montant_contractualise)} : demandez-les au "
                "plus, ou demandez un avenant à l’autorité.",
            )
        )
    return manques + list(completude_de(dossier, pieces).a_fournir)
