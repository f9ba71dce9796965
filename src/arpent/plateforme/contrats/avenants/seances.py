"""Every paper of the meeting that votes an avenant, by the name of its file, from the version voted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import cast

from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_seance import ConvocationDoc, RolePartieDoc
from arpent.plateforme.documents.donnees_seance_avenant import PresentationAvenantDoc
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.rendu.docx import DocumentWord
from arpent.plateforme.documents.rendu.pdf_fiche import rendre_approbation_avenant_pdf
from arpent.plateforme.documents.rendu.pdf_seance import rendre_convocation_pdf, rendre_note_avenant_pdf
from arpent.plateforme.documents.rendu.pptx_seance_avenant import rendre_presentation_avenant_pptx
from arpent.plateforme.plans.assemblees import sous_controle
from arpent.plateforme.reglements.parametres import table_legale

from ..convocations import convoquer, reunion_doc
from ..lecture_votes import VotePartie, delai_avant
from ..models import Avenant
from ..presentations import calendrier
from ..projets_deliberation import collectivite_qui_vote
from .projets_deliberation import approbation_avenant_doc, avenant_vote

Fabrique = Callable[[VotePartie, Avenant, date], bytes]


def convocation_avenant_doc(lu: VotePartie, avenant: Avenant, le: date) -> ConvocationDoc:
    """The letter of one party for that avenant. Four queries. AvenantRefuse while it was never proposed."""
    vote, version, doc = avenant_vote(lu, avenant)
    return convoquer(
        lu,
        vote,
        avenant.contrat.demarche,
        le,
        titre=f"{doc.titre} au {doc.contrat}",
        version=version.numero,
        piece=f"la version {version.numero} de l’avenant",
        demonstration=doc.demonstration or bool(doc.mentions),
    )


def presentation_avenant_doc(lu: VotePartie, avenant: Avenant, le: date) -> PresentationAvenantDoc:
    """The avenant told to one assembly. Four queries. AvenantRefuse while it was never proposed."""
    partie, organisation, autorite = lu.partie, lu.partie.organisation, avenant.contrat.demarche.autorite
    vote, _, doc = avenant_vote(lu, avenant)
    delai = delai_avant(vote, organisation, le, table_legale())
    return PresentationAvenantDoc(
        avenant=doc,
        collectivite=collectivite_qui_vote(organisation, vote),
        role=cast(RolePartieDoc, partie.role),
        etabli_le=le,
        reunion=reunion_doc(vote),
        calendrier=tuple(
            calendrier(
                vote,
                lu.a_envoyer_le,
                doc.date_effet,
                None,
                controle=sous_controle(organisation),
                acte="de l’avenant",
            )
        ),
        signataire=", ".join(x for x in (partie.signataire, partie.qualite) if x),
        regle_note=f"Note adressée avec la convocation ({delai.article})."
        if delai and delai.note_due
        else "",
        demonstration=doc.demonstration or bool(doc.mentions) or vote.demonstration,
        charte=charte_doc(autorite.pk, autorite.nom),
    )


def _word(avenant: Avenant, nom: str, doc: DocumentWord) -> bytes:
    return gabarit_word(avenant.contrat.demarche.autorite.pk, nom).rendre(doc)


FICHIERS: dict[str, Fabrique] = {
    "convocation.docx": lambda lu, a, le: _word(a, "convocation", convocation_avenant_doc(lu, a, le)),
    "convocation.pdf": lambda lu, a, le: rendre_convocation_pdf(convocation_avenant_doc(lu, a, le)),
    "note-de-synthese.docx": lambda lu, a, le: _word(a, "note_avenant", presentation_avenant_doc(lu, a, le)),
    "note-de-synthese.pdf": lambda lu, a, le: rendre_note_avenant_pdf(presentation_avenant_doc(lu, a, le)),
    "deliberation.docx": lambda lu, a, le: _word(
        a, "approbation_avenant", approbation_avenant_doc(lu, a, le)
    ),
    "deliberation.pdf": lambda lu, a, le: rendre_approbation_avenant_pdf(approbation_avenant_doc(lu, a, le)),
    "presentation.pptx": lambda lu, a, le: rendre_presentation_avenant_pptx(
        presentation_avenant_doc(lu, a, le)
    ),
}
"""AvenantRefuse while it was never proposed; RenduImpossible."""


def ecrire_seance_avenant(lu: VotePartie, avenant: Avenant, le: date, dossier: Path) -> Iterator[Path]:
    """Writes them all in a folder, one at a time. AvenantRefuse, RenduImpossible, OSError."""
    for nom, fabriquer in FICHIERS.items():
        chemin = dossier / nom
        chemin.write_bytes(fabriquer(lu, avenant, le))
        yield chemin
