"""The acts on deadlines: the arrêté of a lot of lapses (or its draft), that of an extension."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, GenreEcheance
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_echeances import ArreteEcheancesDoc, LigneDecisionDoc
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf_echeances import rendre_arrete_echeances_pdf
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.plans.projets_deliberation import collectivite_de
from arpent.plateforme.reglements.models import Dispositif, VersionReglement

from ..dossiers.actions import qui
from ..models import Dossier, LotCaducite, Prorogation
from .actions import Decision, accorder
from .faits import regles_de, situation_de
from .lecture import LigneCaduque

RECOURS = (
    "Cet acte peut être contesté devant le tribunal administratif dans les deux mois de sa notification "
    "(code de justice administrative, art. R421-1)."
)
_CODE = "le code général des collectivités territoriales"


def _visas(dispositif: Dispositif, le: date) -> tuple[str, ...]:
    """One query."""
    reglement = VersionReglement.objects.en_vigueur(dispositif, le)
    source = regles_de(dispositif).source
    visas = [_CODE, f"le règlement du dispositif « {dispositif.nom} »"]
    if reglement is not None:
        visas[1] += f", {reglement}"
    return (*visas, *([source] if source else []))


def _doc(
    dispositif: Dispositif, le: date, objet: str, lignes: Sequence[LigneDecisionDoc]
) -> ArreteEcheancesDoc:
    """Two queries."""
    autorite = dispositif.autorite
    return ArreteEcheancesDoc(
        autorite=collectivite_de(autorite), objet=objet, etabli_le=le, lignes=tuple(lignes),
        visas=_visas(dispositif, le), recours=RECOURS, charte=charte_doc(autorite.pk, autorite.nom),
        demonstration=regles_de(dispositif).demonstration or any(x.demonstration for x in lignes),
    )  # fmt: skip


def _ligne(dossier: Dossier, motif: str, verse: Decimal, rendu: Decimal) -> LigneDecisionDoc:
    return LigneDecisionDoc(
        dossier=dossier.reference,
        beneficiaire=dossier.maitre_ouvrage.nom,
        territoire=dossier.demarche.territoire.nom,
        projet=dossier.fiche.titre,
        decision=dossier.decision,
        motif=motif,
        montant_attribue=dossier.montant_attribue or ZERO,
        montant_verse=verse,
        montant_rendu=rendu,
        demonstration=dossier.demonstration,
    )


def _avec_articles(doc: ArreteEcheancesDoc, numero: str, pris_le: date | None) -> ArreteEcheancesDoc:
    nombre = len(doc.lignes)
    aides = "L’aide désignée au tableau annexé est caduque" if nombre == 1 else (
        f"Les {nombre} aides désignées au tableau annexé sont caduques"
    )  # fmt: skip
    return replace(
        doc,
        numero=numero,
        pris_le=pris_le,
        considerants=(
            "que les opérations désignées au tableau annexé n’ont pas été déclarées commencées, ou "
            "achevées, dans le délai qui s’attachait à leur aide",
        ),
        articles=(
            f"{aides}. Les sommes déjà versées restent régies par la décision d’attribution.",
            f"La part engagée et non versée, soit {formater_euros(doc.total_rendu)}, revient aux "
            "enveloppes sur lesquelles elle était engagée.",
            "Le présent acte est notifié à chaque bénéficiaire.",
        ),
    )


def projet_de_caducites(dispositif: Dispositif, lignes: Sequence[LigneCaduque], le: date) -> bytes:
    """The draft of the act on these files, kept nowhere. RenduImpossible."""
    dites = [_ligne(x.dossier, x.situation.caducite.explication, x.verse, x.a_rendre) for x in lignes]
    doc = _doc(dispositif, le, "Caducité de subventions d’investissement", dites)
    return rendre_arrete_echeances_pdf(_avec_articles(doc, "", None))


@transaction.atomic
def emettre_caducites(lot: LotCaducite, *, par: Agent | None, le: date) -> DocumentEmis:
    """The act of the lot, kept for good. RenduImpossible."""
    lignes = lot.lignes.select_related(
        "dossier__fiche", "dossier__maitre_ouvrage", "dossier__demarche__territoire"
    ).order_by("pk")
    dites = [_ligne(x.dossier, x.explication, x.montant_verse, x.montant_libere) for x in lignes]
    doc = _doc(lot.dispositif, le, "Caducité de subventions d’investissement", dites)
    doc = _avec_articles(doc, lot.acte, lot.acte_le)
    lot.document = emettre(
        rendre_arrete_echeances_pdf(doc),
        nom=f"arrete-caducite-{lot.pk}.pdf",
        titre=f"Caducités, acte {lot.acte}",
        genre="arrêté de caducité",
        gabarit=doc.gabarit,
        sur=lot,
        demarche_id=None,
        donnees=json.loads(en_json(doc)),
        par_id=par.pk if par else None,
        par_nom=qui(par),
    )
    lot.save(update_fields=["document"])
    return lot.document


def acte_de_prorogation(prorogation: Prorogation, le: date) -> bytes:
    """The act that grants the extension, from what was decided. RenduImpossible."""
    return rendre_arrete_echeances_pdf(_prorogation(prorogation, le))


@transaction.atomic
def accorder_et_emettre(
    prorogation: Prorogation, decision: Decision, *, par: Agent | None, le: date
) -> Prorogation:
    """Grants the extension and keeps its act for good: neither without the other. RenduImpossible."""
    accordee = accorder(prorogation, decision, par=par, le=le)
    doc = _prorogation(accordee, le)
    accordee.document = emettre(
        rendre_arrete_echeances_pdf(doc),
        nom=f"arrete-prorogation-{accordee.dossier.reference}-{accordee.numero}.pdf",
        titre=f"{accordee}, acte {accordee.acte}",
        genre="arrêté de prorogation",
        gabarit=doc.gabarit,
        sur=accordee,
        demarche_id=accordee.dossier.demarche_id,
        donnees=json.loads(en_json(doc)),
        par_id=par.pk if par else None,
        par_nom=qui(par),
    )
    accordee.save(update_fields=["document"])
    return accordee


def _prorogation(prorogation: Prorogation, le: date) -> ArreteEcheancesDoc:
    dossier = prorogation.dossier
    dispositif = dossier.demarche.processus.dispositif
    genre = GenreEcheance(prorogation.genre)
    delai = LIBELLES_ECHEANCE[genre].lower()
    lue = next(e for e in situation_de(dossier, le).echeances if e.genre is genre)
    doc = _doc(dispositif, le, "Prorogation d’une subvention", [_ligne(dossier, lue.calcul, ZERO, ZERO)])
    jusqu_au = f", soit jusqu’au {lue.le:%d/%m/%Y}" if lue.le else ""
    return replace(
        doc,
        numero=prorogation.acte,
        pris_le=prorogation.acte_le,
        considerants=(f"la demande du bénéficiaire : {prorogation.motif.rstrip('. ')}",),
        articles=(
            f"Le délai « {delai} » de l’opération désignée au tableau annexé est prorogé de "
            f"{prorogation.mois_accordes} mois{jusqu_au}.",
            "Les autres dispositions de la décision d’attribution sont inchangées.",
            "Le présent acte est notifié au bénéficiaire.",
        ),
    )
