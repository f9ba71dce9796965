"""The balance of a closed contract as a document, frozen the day it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from arpent.metier.argent import formater_euros
from arpent.metier.cloture import BilanCloture, PointOuvert
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_evaluation import RapportEvaluationDoc, SectionDoc, TableauDoc


def _euros(*montants: object) -> tuple[str, ...]:
    return tuple(formater_euros(m) for m in montants)  # type: ignore[arg-type]


def _note(bilan: BilanCloture) -> str:
    dit = "Voté = payé + restant dû + rendu, au centime."
    if bilan.hors_vote:
        dit = (
            f"{formater_euros(bilan.hors_vote)} sont engagés sans vote au grand livre : payé + restant dû + "
            "rendu dépassent le voté d’autant."
        )
    return f"{dit} Ce qui est engagé reste dû au bénéficiaire : la clôture n’en reprend rien."


def bilan_doc(
    contrat: Contrat,
    bilan: BilanCloture,
    ouverts: Sequence[PointOuvert],
    *,
    motif: str,
    par_nom: str,
    le: date,
    demonstration: bool,
) -> RapportEvaluationDoc:
    """One query: the charter."""
    demarche = contrat.demarche
    autorite = demarche.autorite
    argent = SectionDoc(
        "Le bilan",
        (
            f"Voté : {formater_euros(bilan.vote)}. Payé : {formater_euros(bilan.paye)}. "
            f"Engagé et restant dû : {formater_euros(bilan.reste_du)}. "
            f"Rendu à l’enveloppe : {formater_euros(bilan.rendu)}.",
        ),
        tableaux=(
            TableauDoc(
                "Projet par projet, en euros",
                ("Projet", "Voté", "Engagé", "Payé", "Restant dû", "Rendu"),
                tuple(
                    (x.projet, *_euros(x.vote, x.engage, x.paye, x.reste_du, x.rendu)) for x in bilan.lignes
                ),
                droite=(1, 2, 3, 4, 5),
                pied=(
                    "Total",
                    *_euros(bilan.vote, bilan.engage, bilan.paye, bilan.reste_du, bilan.rendu),
                ),
            ),
        ),
        note=_note(bilan),
    )
    reste = SectionDoc(
        "Ce qui reste ouvert",
        (f"Motif de la clôture : {motif}",) if motif else ("Rien ne reste ouvert.",),
        tableaux=(
            TableauDoc(
                "",
                ("Point", "Quoi", "Montant"),
                tuple(
                    (p.libelle, p.quoi, formater_euros(p.montant) if p.montant is not None else "")
                    for p in ouverts
                ),
                droite=(2,),
            ),
        ),
    )
    return RapportEvaluationDoc(
        autorite=autorite.nom,
        territoire=demarche.territoire.nom,
        generation=demarche.generation,
        nature="Bilan de clôture",
        titre=f"Bilan de clôture du contrat, {demarche.territoire.nom}",
        etabli_le=le,
        sections=(argent, reste),
        reference=contrat.reference,
        etabli_par=par_nom,
        demonstration=demonstration,
        charte=charte_doc(autorite.pk, autorite.nom),
    )
