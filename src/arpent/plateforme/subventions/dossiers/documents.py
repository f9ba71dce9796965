"""The papers of a file and of a report: from the rows to the documents, issued with their fingerprint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from arpent.metier.argent import ZERO
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_dossier import (
    AccuseDossierDoc,
    IndividualisationDoc,
    RapportCommissionDoc,
)
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf_dossier import rendre_accuse_pdf, rendre_rapport_commission_pdf
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.plans.projets_deliberation import collectivite_de

from ..models import Dossier, LigneRapport, PieceDossier, RapportCommission
from .calcul import commencement_du, silence_du

ACCUSE, RAPPORT = "accusé de dossier complet", "rapport à la commission"
FORMATS = ("pdf", "docx")


def documents_de(dossier: Dossier) -> list[DocumentEmis]:
    """What was issued of the file, the latest first. One query."""
    return list(
        DocumentEmis.objects.filter(objet_type=dossier._meta.label_lower, objet_id=str(dossier.pk)).defer(
            "donnees"
        )
    )


def accuse_doc(dossier: Dossier, par: Agent | None, le: date) -> AccuseDossierDoc:
    """Six queries. The file has its dates."""
    demarche = dossier.demarche
    contrat = Contrat.objects.get(demarche=demarche)
    commencement = commencement_du(dossier, le)
    silence = silence_du(dossier, dossier.demandes.all(), le)
    pieces = dossier.pieces.filter(etat=PieceDossier.Etat.ACCEPTEE)
    return AccuseDossierDoc(
        autorite=collectivite_de(demarche.autorite),
        beneficiaire=collectivite_de(dossier.maitre_ouvrage),
        territoire=demarche.territoire.nom,
        dispositif=demarche.processus.dispositif.nom,
        contrat=f"{contrat}{f', référence {contrat.reference}' if contrat.reference else ''}",
        reference=dossier.reference,
        numero_projet=str(dossier.fiche.numero),
        titre_projet=dossier.fiche.titre,
        etabli_le=le,
        depose_le=dossier.depose_le or le,
        complet_le=dossier.complet_le or le,
        stade=dossier.get_stade_display(),
        cout_ht=dossier.cout_reel_ht or ZERO,
        assiette=dossier.assiette_reelle or ZERO,
        aide_demandee=dossier.montant_demande or ZERO,
        aide_du_contrat=dossier.montant_contractualise,
        pieces=tuple(dict.fromkeys(p.libelle for p in pieces)),
        commencement=commencement.phrase,
        commencement_article=commencement.article,
        silence_le=silence.le if silence else None,
        silence_article=silence.article if silence else "",
        silence_calcul=silence.calcul if silence else "",
        instruit_par=par.nom_complet if par else "",
        demonstration=dossier.demonstration,
        charte=charte_doc(demarche.autorite.pk, demarche.autorite.nom),
    )


def emettre_accuse(dossier: Dossier, *, par: Agent | None, le: date) -> list[DocumentEmis]:
    """The acknowledgement, issued for good. RenduImpossible."""
    doc = accuse_doc(dossier, par, le)
    return [
        emettre(
            rendre_accuse_pdf(doc),
            nom=f"accuse-{dossier.demarche.slug}-{dossier.reference}.pdf",
            titre=f"Accusé de dossier complet, dossier {dossier.reference}",
            genre=ACCUSE, gabarit=doc.gabarit, sur=dossier, demarche_id=dossier.demarche_id,
            donnees={"accuse": json.loads(en_json(doc))}, par_id=par.pk if par else None,
            par_nom=par.nom_complet if par else "Arpent",
        )
    ]  # fmt: skip


# --- the report -----------------------------------------------------------------------------------


def rapport_doc(rapport: RapportCommission, le: date) -> RapportCommissionDoc:
    """Two queries; `rapport.autorite` is loaded."""
    lignes = list(lignes_de(rapport))
    vote = ""
    if rapport.pour is not None:
        vote = f"{rapport.pour} voix pour, {rapport.contre or 0} contre"
        if rapport.abstentions:
            vote += f", {rapport.abstentions} abstention{'s' if rapport.abstentions > 1 else ''}"
    return RapportCommissionDoc(
        autorite=collectivite_de(rapport.autorite),
        numero=rapport.numero,
        objet=rapport.objet,
        assemblee=rapport.assemblee,
        etabli_le=le,
        lignes=tuple(_individualisation(x) for x in lignes),
        seance_le=rapport.seance_le,
        deliberation=rapport.deliberation_numero,
        deliberation_le=rapport.deliberation_le,
        vote=vote,
        visas=tuple(_visas(lignes)),
        charte=charte_doc(rapport.autorite_id, rapport.autorite.nom),
    )


def lignes_de(rapport: RapportCommission) -> Iterator[LigneRapport]:
    """With all that is printed, by fund then beneficiary. One query."""
    lues = rapport.lignes.select_related(
        "dossier__fiche__theme", "dossier__maitre_ouvrage", "dossier__fonds",
        "dossier__demarche__territoire", "dossier__demarche__version_processus__processus__autorite",
        "dossier__demarche__version_processus__processus__dispositif",
    ).defer("dossier__demarche__version_processus__definition")  # fmt: skip
    yield from lues.order_by("dossier__fonds__ordre", "dossier__maitre_ouvrage__nom", "pk")


def _visas(lignes: list[LigneRapport]) -> Iterator[str]:
    yield "le code général des collectivités territoriales ;"
    for nom in dict.fromkeys(x.dossier.demarche.processus.dispositif.nom for x in lignes):
        yield f"le règlement « {nom} » ;"
    territoires = dict.fromkeys(x.dossier.demarche.territoire.nom for x in lignes)
    if territoires:
        pluriel = "s" if len(territoires) > 1 else ""
        yield f"le{pluriel} contrat{pluriel} en vigueur : {', '.join(territoires)} ;"


def _individualisation(ligne: LigneRapport) -> IndividualisationDoc:
    d = ligne.dossier
    return IndividualisationDoc(
        dossier=d.reference,
        beneficiaire=d.maitre_ouvrage.nom,
        territoire=d.demarche.territoire.nom,
        projet=d.fiche.titre,
        cout_ht=ligne.cout_ht,
        assiette=ligne.assiette,
        taux=ligne.taux,
        montant=ligne.montant,
        aide_du_contrat=d.montant_contractualise,
        fonds=d.fonds.libelle if d.fonds else "",
        annee=d.annee_programmation,
        motif=d.motif_proposition,
        sens=ligne.get_sens_display(),
        montant_vote=ligne.montant_vote,
        demonstration=d.demonstration,
    )


def rendre_rapport(rapport: RapportCommission, format: str, le: date) -> bytes:
    """The report of the moment, kept nowhere. RenduImpossible."""
    doc = rapport_doc(rapport, le)
    if format == "docx":
        return gabarit_word(rapport.autorite_id, "rapport_commission").rendre(doc)
    return rendre_rapport_commission_pdf(doc)


def emettre_rapport(rapport: RapportCommission, *, par: Agent | None, le: date) -> list[DocumentEmis]:
    """The report as it goes on the agenda: PDF and Word, frozen. RenduImpossible."""
    doc = rapport_doc(rapport, le)
    word = gabarit_word(rapport.autorite_id, "rapport_commission")
    donnees = {"rapport": json.loads(en_json(doc))}
    contenus = {"pdf": rendre_rapport_commission_pdf(doc), "docx": word.rendre(doc)}
    return [
        emettre(
            contenu, nom=f"rapport-{rapport.pk}.{format}", titre=f"{rapport}, {rapport.objet}", genre=RAPPORT,
            gabarit=(format == "docx" and word.code) or doc.gabarit, sur=rapport, demarche_id=None,
            donnees=donnees, par_id=par.pk if par else None, par_nom=par.nom_complet if par else "Arpent",
        )
        for format, contenu in contenus.items()
    ]  # fmt: skip


def documents_du_rapport(rapport: RapportCommission) -> list[DocumentEmis]:
    """One query."""
    return list(
        DocumentEmis.objects.filter(objet_type=rapport._meta.label_lower, objet_id=str(rapport.pk)).defer(
            "donnees"
        )
    )
