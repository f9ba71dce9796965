"""Rewriting a section, taking the drafted text back, producing the report: journal in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_evaluation import RapportEvaluationDoc, SectionDoc
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_evaluation import rendre_rapport_evaluation_pdf
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import SectionRapport
from .matiere import Matiere, rassembler
from .sections import PAR_CODE, SECTIONS, paragraphes

GENRE_DOCUMENT = "rapport d’évaluation"
TEXTE_MAX = 20_000
Genre = SectionRapport.Genre
NATURES = {Genre.MI_PARCOURS: "Évaluation à mi-parcours", Genre.FINAL: "Évaluation finale"}


class RapportRefuse(ValueError):
    """What was sent has no effect; the French message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SectionLue:
    """A section as it will be printed. `reecrite`: whose text replaces the drafted one."""

    code: str
    doc: SectionDoc
    propose: SectionDoc
    reecrite: SectionRapport | None


def sections_de(m: Matiere, genre: str) -> list[SectionLue]:
    """In the order of the report. One query."""
    ecrites = {
        s.code: s for s in SectionRapport.objects.filter(demarche=m.demarche, genre=genre).order_by("pk")
    }
    return [_lire(g.code, g.rediger(m), ecrites) for g in SECTIONS]


def _lire(code: str, propose: SectionDoc, ecrites: Mapping[str, SectionRapport]) -> SectionLue:
    ecrite = ecrites.get(code)
    if ecrite is None:
        return SectionLue(code, propose, propose, None)
    doc = replace(propose, paragraphes=tuple(paragraphes(ecrite.texte)), points=())
    return SectionLue(code, doc, propose, ecrite)


def texte_propose(section: SectionDoc) -> str:
    """As one would type it: a blank line between two paragraphs."""
    return "\n\n".join((*section.paragraphes, *section.points))


@transaction.atomic
def ecrire_section(
    demarche: Demarche, genre: str, code: str, texte: str, *, version_lue: int, par: Agent | None
) -> SectionRapport:
    """The text of a section, its tables left to the data. ConflitDeVersion; RapportRefuse."""
    if code not in PAR_CODE or genre not in Genre.values:
        raise RapportRefuse("Cette partie n’est pas du rapport.")
    texte = texte.strip()
    if not texte:
        raise RapportRefuse("Écrivez le texte, ou reprenez celui qui est proposé.")
    if len(texte) > TEXTE_MAX:
        raise RapportRefuse(f"Le texte est trop long : {TEXTE_MAX} caractères au plus.")
    nom = par.nom_complet if par else "Arpent"
    section, neuve = SectionRapport.objects.get_or_create(
        demarche=demarche, genre=genre, code=code, defaults={"texte": texte, "ecrite_par_nom": nom}
    )
    avant = "" if neuve else section.texte
    section.texte, section.ecrite_par_nom = texte, nom
    # a new row counts one version too: two people who both began from the drafted text meet here
    enregistrer_version(section, version_lue, ("texte", "ecrite_par_nom"))
    consigner(
        "ecrire_section_rapport", sur=section, par=par, demarche_id=demarche.pk,
        avant={"texte": avant}, apres={"texte": texte},
    )  # fmt: skip
    return section


@transaction.atomic
def reprendre_section(demarche: Demarche, genre: str, code: str, *, par: Agent | None) -> None:
    """The drafted text again; what was written stays in the journal."""
    section = SectionRapport.objects.filter(demarche=demarche, genre=genre, code=code).first()
    if section is None:
        raise RapportRefuse("Cette partie suit déjà les données.")
    consigner(
        "reprendre_section_rapport", sur=section, par=par, demarche_id=demarche.pk,
        avant={"texte": section.texte},
    )  # fmt: skip
    section.delete()


def rapport_doc(demarche: Demarche, genre: str, le: date, par: Agent | None) -> RapportEvaluationDoc:
    """Everything read and drafted, nothing written. One query for the charter."""
    m = rassembler(demarche, le)
    nature = NATURES[Genre(genre)]
    etat = m.questions.etat
    exemples = (
        any(x.projet.fiche.demonstration for x in etat.lignes)
        or any(x.indicateur.demonstration for x in m.questions.evaluation.lignes)
        or (m.campagne is not None and m.campagne.campagne.demonstration)
        or any(x.reponse is not None and x.reponse.demonstration for x in m.questions.lignes)
    )
    return RapportEvaluationDoc(
        autorite=demarche.autorite.nom,
        territoire=demarche.territoire.nom,
        generation=demarche.generation,
        nature=nature,
        titre=f"{nature} du contrat, {demarche.territoire.nom}",
        etabli_le=le,
        sections=tuple(s.doc for s in sections_de(m, genre)),
        reference=m.contrat.reference if m.contrat else "",
        etabli_par=par.nom_complet if par else "",
        demonstration=exemples,
        charte=charte_doc(demarche.autorite.pk, demarche.autorite.nom),
    )


def produire_rapport(demarche: Demarche, genre: str, *, le: date, par: Agent | None) -> list[DocumentEmis]:
    """The PDF and the Word file of the day, archived with their fingerprints. RapportRefuse."""
    if genre not in Genre.values:
        raise RapportRefuse("Choisissez l’évaluation à mi-parcours ou l’évaluation finale.")
    doc = rapport_doc(demarche, genre, le, par)
    try:
        word = gabarit_word(demarche.autorite.pk, "rapport_evaluation")
        fichiers = {
            "pdf": rendre_rapport_evaluation_pdf(doc),
            "docx": word.rendre(doc),
        }
    except RenduImpossible as refus:
        raise RapportRefuse(str(refus)) from refus
    return _archiver(demarche, doc, fichiers, {"docx": word.code}, genre, par)


@transaction.atomic
def _archiver(
    demarche: Demarche,
    doc: RapportEvaluationDoc,
    fichiers: Mapping[str, bytes],
    gabarits: Mapping[str, str],
    genre: str,
    par: Agent | None,
) -> list[DocumentEmis]:
    marque = empreinte_des_donnees(doc)
    figees = {"empreinte_des_donnees": marque, "rapport": json.loads(en_json(doc)), "genre": genre}
    emis = [
        emettre(
            contenu, nom=f"rapport-evaluation-{demarche.slug}-{doc.etabli_le.isoformat()}.{suffixe}",
            titre=doc.titre, genre=GENRE_DOCUMENT, gabarit=gabarits.get(suffixe) or doc.gabarit, sur=demarche,
            demarche_id=demarche.pk, donnees=figees, par_id=par.pk if par else None,
            par_nom=par.nom_complet if par else "Arpent",
        )
        for suffixe, contenu in fichiers.items()
    ]  # fmt: skip
    consigner(
        "produire_rapport_evaluation", sur=demarche, par=par, demarche_id=demarche.pk,
        apres={"nature": doc.nature, "empreinte": marque},
    )  # fmt: skip
    return emis
