"""What is told of the contract to the assembly that votes it, from the frozen data of the version voted."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import cast

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import ContratDoc, DiagnosticDoc, IndicateurDoc, MaquetteDoc
from arpent.plateforme.documents.donnees_seance import (
    ArticlePresenteDoc,
    ChiffrePresenteDoc,
    ContratPresenteDoc,
    EtapeDoc,
    PresentationDoc,
    ProjetPresenteDoc,
    RolePartieDoc,
)
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.documents.serie import depuis_json
from arpent.plateforme.plans.assemblees import sous_controle
from arpent.plateforme.reglements.parametres import table_legale

from .champs import date_fin, duree_figee
from .convocations import reunion_doc
from .exigences import ContratRefuse
from .lecture_votes import VotePartie, delai_avant
from .models import VersionContrat, Vote
from .projets_deliberation import collectivite_qui_vote, version_soumise, vote_a_tenir

CHIFFRES = ("Population municipale", "Croissance annuelle de la population", "Part des 65 ans et plus")
"""The indicators shown first, by their name in the diagnostic; others take the place of those it lacks."""
NOMBRE_DE_CHIFFRES = 3
PHRASE_MAXIMALE = 260
_FIN_DE_PHRASE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀÉÈÊÎÔ«])")


def presentation_doc(lu: VotePartie, demarche: Demarche, le: date) -> PresentationDoc:
    """The contract told to one assembly. Four queries. ContratRefuse while no version was issued."""
    partie, organisation, contrat = lu.partie, lu.partie.organisation, lu.partie.contrat
    vote = vote_a_tenir(lu)
    version = version_soumise(vote, contrat)
    effet = contrat.date_effet
    fin = date_fin(effet, duree_figee(version.duree_annees, contrat))
    delai = delai_avant(vote, organisation, le, table_legale())
    controle = sous_controle(organisation)
    return PresentationDoc(
        contrat=contrat_presente(version, effet, fin),
        collectivite=collectivite_qui_vote(organisation, vote),
        role=cast(RolePartieDoc, partie.role),
        etabli_le=le,
        reunion=reunion_doc(vote),
        calendrier=tuple(calendrier(vote, lu.a_envoyer_le, effet, fin, controle=controle)),
        signataire=", ".join(x for x in (partie.signataire, partie.qualite) if x),
        regle_note=f"Note adressée avec la convocation ({delai.article})."
        if delai and delai.note_due
        else "",
    )


def relire(version: VersionContrat) -> ContratDoc:
    """The frozen document of a version. ContratRefuse when this release cannot read it any more."""
    try:
        return depuis_json(ContratDoc, json.dumps(version.donnees))
    except ValueError:
        raise ContratRefuse(
            f"Les données figées de la version {version.numero} ne se relisent plus : émettez une nouvelle "
            "version du contrat, puis préparez les documents de la séance."
        ) from None


def contrat_presente(version: VersionContrat, effet: date | None, fin: date | None) -> ContratPresenteDoc:
    """The version in what councillors need. ContratRefuse without a maquette: no figure would be right."""
    doc = relire(version)
    maquette = doc.maquette
    if maquette is None:
        raise ContratRefuse(
            f"La version {version.numero} n’a pas de maquette financière : émettez une nouvelle version."
        )
    return ContratPresenteDoc(
        titre=doc.titre,
        version=str(version.numero),
        autorite=doc.autorite,
        territoire=doc.territoire,
        dispositif=doc.dispositif,
        parties=tuple(p.nom for p in doc.parties),
        projets=_projets(maquette),
        financeurs=maquette.par_financeur,
        articles=tuple(
            ArticlePresenteDoc(a.numero, a.titre, premiere_phrase(a.paragraphes)) for a in doc.articles
        ),
        annexes=_annexes(doc),
        enjeux=tuple(e.titre for e in doc.diagnostic.enjeux) if doc.diagnostic else (),
        axes=tuple(dict.fromkeys(f.axe for f in doc.fiches if f.axe)),
        chiffres=_chiffres(doc.diagnostic),
        reference=doc.reference,
        enveloppe=maquette.enveloppe,
        date_effet=effet,
        date_fin=fin,
        demonstration=bool(doc.mentions_demonstration) or maquette.a_des_valeurs_de_demonstration,
        charte=doc.charte,
    )


def _projets(maquette: MaquetteDoc) -> tuple[ProjetPresenteDoc, ...]:
    lus = [
        ProjetPresenteDoc(
            x.numero, x.titre, x.maitre_ouvrage, x.theme, x.annee, x.cout_ht, x.aide, x.autres_aides
        )
        for x in maquette.lignes
    ]
    return tuple(sorted(lus, key=lambda p: (len(p.numero), p.numero)))


def _annexes(doc: ContratDoc) -> tuple[str, ...]:
    """In the order of the document itself."""
    return (
        *(("Annexe 1. Synthèse du diagnostic",) if doc.diagnostic else ()),
        "Annexe 2. Plan d’actions",
        "Annexe 3. Maquette financière",
        "Annexe 4. Fiches projets",
    )


def premiere_phrase(paragraphes: tuple[str, ...]) -> str:
    """The first sentence of an article, cut at a word when it is very long; « … » says it was cut."""
    texte = " ".join(paragraphes[0].split()) if paragraphes else ""
    phrase = _FIN_DE_PHRASE.split(texte, maxsplit=1)[0]
    if len(phrase) <= PHRASE_MAXIMALE:
        return phrase
    return phrase[:PHRASE_MAXIMALE].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _chiffres(diagnostic: DiagnosticDoc | None) -> tuple[ChiffrePresenteDoc, ...]:
    lus = [i for i in diagnostic.indicateurs if i.valeur] if diagnostic else []
    rangs = {libelle: n for n, libelle in enumerate(CHIFFRES)}
    choisis = sorted(lus, key=lambda i: rangs.get(i.libelle, len(rangs)))[:NOMBRE_DE_CHIFFRES]
    return tuple(_chiffre(i) for i in choisis) if len(choisis) == NOMBRE_DE_CHIFFRES else ()


def _chiffre(i: IndicateurDoc) -> ChiffrePresenteDoc:
    reperes = (("Département", i.departement), ("France", i.france))
    return ChiffrePresenteDoc(
        i.libelle,
        i.valeur,
        " ; ".join(f"{nom} : {valeur}" for nom, valeur in reperes if valeur),
        ", ".join(x for x in (i.source, i.millesime) if x),
    )


def calendrier(
    vote: Vote,
    limite: date | None,
    effet: date | None,
    fin: date | None,
    *,
    controle: bool,
    acte: str = "du contrat",
) -> list[EtapeDoc]:
    """What comes before the vote and after it. A day that is not known is a condition, never made up.

    `acte`: « de l’avenant » when the contract itself is not what is voted.
    """
    etapes = []
    if vote.convoquee_le:
        etapes.append(EtapeDoc(jour(vote.convoquee_le), "Convocation envoyée"))
    elif limite:
        etapes.append(EtapeDoc(f"{jour(limite)} au plus tard", "Envoi de la convocation"))
    seance = vote.adoptee_le or vote.attendue_le
    etapes.append(EtapeDoc(jour(seance) if seance else "Date à fixer", "Vote de l’assemblée"))
    if controle:
        etapes.append(
            EtapeDoc("Après le vote", "Transmission au préfet et publication : l’acte devient exécutoire")
        )
    etapes.append(EtapeDoc("Quand chaque partie a délibéré", f"Signature {acte}"))
    etapes.append(EtapeDoc(jour(effet) if effet else "Date à fixer", f"Prise d’effet {acte}"))
    if fin:
        etapes.append(EtapeDoc(jour(fin), "Fin du contrat"))
    return etapes
