"""The acts that award an aid, from the contract in force: letter, arrêté, convention; one, or all of them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from arpent.metier.argent import formater_euros
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.contrats.lecture_votes import vote_vierge
from arpent.plateforme.contrats.projets_deliberation import visas_generaux
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees import VisaDoc
from arpent.plateforme.documents.donnees_attribution import AttributionDoc, DecisionDoc, GenreActe
from arpent.plateforme.documents.donnees_charte import CharteDoc
from arpent.plateforme.documents.donnees_fiche import CollectiviteDoc
from arpent.plateforme.documents.gabarits_autorite import GabaritWord, gabarit_word
from arpent.plateforme.documents.rendu.pdf_attribution import rendre_attribution_pdf
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.plans.projets_deliberation import collectivite_de

from .attribution import Cadre, Engagement, Octroi
from .models import Dossier

GENRES: dict[str, tuple[GenreActe, str, str]] = {
    "lettre": ("lettre", "Lettre", "Lettres"),
    "arrete": ("arrete", "Arrêté", "Arrêtés"),
    "convention": ("convention", "Convention", "Conventions"),
}
"""By the word of the addresses: the kind, its name, its plural."""
FORMATS = ("docx", "pdf")
FICHIERS = tuple(f"{genre}.{format}" for genre in GENRES for format in FORMATS)
_EPOQUE = (1980, 1, 1, 0, 0, 0)
_CODE = "le code général des collectivités territoriales, notamment son article "


def charte_du(cadre: Cadre) -> CharteDoc | None:
    """The charter of the authority. One query."""
    return charte_doc(cadre.autorite.pk, cadre.autorite.nom)


def acte_doc(
    cadre: Cadre, octroi: Octroi, genre: GenreActe, le: date, charte: CharteDoc | None
) -> AttributionDoc:
    """One act of one project. No query."""
    ligne, partie, modalites = octroi.ligne, cadre.partie, cadre.modalites
    engage = cadre.engagements.get(octroi.fiche.pk, Engagement()) if octroi.fiche else Engagement()
    dossier = cadre.dossiers.get(octroi.fiche.pk) if octroi.fiche else None
    theme = octroi.fiche.theme.code if octroi.fiche and octroi.fiche.theme else ""
    pieces = [p for p in cadre.pieces if p.concerne(theme)]
    return AttributionDoc(
        genre=genre,
        gabarit=f"{genre}_attribution/v1",
        autorite=collectivite_de(cadre.autorite),
        beneficiaire=_beneficiaire(octroi),
        territoire=cadre.demarche.territoire.nom,
        dispositif=cadre.demarche.processus.dispositif.nom,
        titre_contrat=cadre.titre,
        etabli_le=le,
        numero_projet=ligne.numero,
        titre_projet=ligne.titre,
        aide=_aide(octroi, dossier),
        reference=cadre.contrat.reference,
        date_effet=cadre.contrat.date_effet,
        avenant=octroi.acte_qui_fixe,
        cout_ht=(dossier.cout_reel_ht if dossier else None) or ligne.cout_ht or None,
        assiette=(dossier.assiette_reelle if dossier else None) or octroi.assiette,
        dossier=dossier.reference if dossier else "",
        dossier_recu_le=dossier.depose_le if dossier else None,
        annee=ligne.annee,
        fonds=ligne.fonds,
        signataire=partie.signataire if partie else "",
        qualite=partie.qualite if partie else "",
        contrat_approuve=DecisionDoc(partie.deliberation_numero, partie.deliberation_le)
        if partie
        else DecisionDoc(),
        decision=DecisionDoc(dossier.decision, dossier.vote_le)
        if dossier
        else DecisionDoc(engage.acte, engage.acte_le),
        visas=tuple(VisaDoc(x) for x in _visas(cadre, octroi)),
        article_versement=_article(cadre, "attribution"),
        article_communication=_article(cadre, "communication"),
        versement=modalites.versement,
        pieces=modalites.pieces,
        pieces_dossier=tuple(p.libelle for p in pieces),
        delais=modalites.delais,
        prive=octroi.prive,
        investissement=octroi.investissement,
        convention=_constat(octroi),
        transmission="CGCT, art. L3131-1" if cadre.autorite.nature == Organisation.Nature.DEPARTEMENT else "",
        rappels=tuple(_rappels(octroi, engage, genre, _aide(octroi, dossier))),
        demonstration=_demonstration(cadre, octroi, engage, any(p.demonstration for p in pieces)),
        charte=charte,
    )


def _aide(octroi: Octroi, dossier: Dossier | None) -> Decimal:
    """What was voted on the grant file; without one, the line of the contract."""
    attribue = dossier.montant_attribue if dossier else None
    return octroi.ligne.aide if attribue is None else attribue


def _beneficiaire(octroi: Octroi) -> CollectiviteDoc:
    if octroi.beneficiaire is not None:
        return collectivite_de(octroi.beneficiaire)
    return CollectiviteDoc(
        octroi.ligne.maitre_ouvrage, "organe délibérant", "la structure", "le représentant légal"
    )


def _constat(octroi: Octroi) -> str:
    """What the law says of a convention; empty for a public body, that nobody wonders about."""
    due = octroi.convention
    if octroi.prive is False:
        return ""
    calcul = f" {due.calcul}." if due.calcul else ""
    return f"{due.explication}{calcul} ({due.article})"


def _article(cadre: Cadre, mot: str) -> str:
    """The first article of the signed contract whose title says that word."""
    trouve = next((t for t in cadre.articles if mot in t.lower()), None)
    if trouve is None:
        return ""
    return f"l’article {cadre.articles[trouve]} du contrat, « {trouve} »"


def _visas(cadre: Cadre, octroi: Octroi) -> Iterator[str]:
    if cadre.partie is not None:
        vote = cadre.vote or vote_vierge(cadre.partie)
        yield from visas_generaux(cadre.autorite, vote, cadre.reglement, cadre.demarche)
    if octroi.prive is False and octroi.investissement:
        yield f"{_CODE}L1111-10 sur la participation minimale du maître d’ouvrage"
    if octroi.prive:
        yield f"{_CODE}L1611-4"
        yield f"la {octroi.convention.article}"


def _rappels(octroi: Octroi, engage: Engagement, genre: GenreActe, aide: Decimal) -> Iterator[str]:
    if not engage.acte:
        yield (
            "L’inscription au contrat ne vaut pas attribution : prenez d’abord la décision d’attribution, "
            "puis notez-en l’acte avec l’engagement des crédits."
        )
    if engage.montant and engage.montant != aide:
        yield (
            f"Crédits engagés : {formater_euros(engage.montant)} ; aide du contrat : "
            f"{formater_euros(aide)}. Vérifiez lequel des deux montants est attribué."
        )
    if octroi.beneficiaire is None:
        yield "Le bénéficiaire n’est pas dans l’annuaire : vérifiez son nom, son SIREN et sa nature."
    if genre == "convention" and octroi.convention.requise:
        yield (
            "Publiez les données essentielles de la convention dans les trois mois de sa signature (décret "
            "n° 2017-779 du 5 mai 2017)."
        )


def _demonstration(cadre: Cadre, octroi: Octroi, engage: Engagement, pieces: bool) -> bool:
    vote = cadre.vote is not None and cadre.vote.demonstration
    return any((octroi.demonstration, engage.demonstration, vote, pieces, cadre.modalites.demonstration))


def word_du(cadre: Cadre, genre: GenreActe) -> GabaritWord:
    """The Word template of these acts. One query. RenduImpossible."""
    return gabarit_word(cadre.autorite.pk, f"{genre}_attribution")


def rendre(doc: AttributionDoc, format: str, word: GabaritWord) -> bytes:
    """RenduImpossible."""
    return word.rendre(doc) if format == "docx" else rendre_attribution_pdf(doc)


def nom_de_fichier(octroi: Octroi, fichier: str) -> str:
    """« 07-salle-des-fetes-lettre.pdf »; the number first, so that a folder reads like the contract."""
    numero = f"{int(octroi.ligne.numero):02d}" if octroi.ligne.numero.isdigit() else octroi.ligne.numero
    return f"{numero}-{slugify(octroi.ligne.titre)[:50] or 'projet'}-{fichier}"


def tous_les_actes(
    cadre: Cadre, octrois: Sequence[Octroi], genres: Sequence[str], le: date
) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Name, bytes and slip of each file, one at a time. One query, and one by genre. RenduImpossible."""
    charte = charte_du(cadre)
    words = {code: word_du(cadre, GENRES[code][0]) for code in genres}
    for octroi in octrois:
        for code in genres:
            doc = acte_doc(cadre, octroi, GENRES[code][0], le, charte)
            for format in FORMATS:
                contenu = rendre(doc, format, words[code])
                nom = nom_de_fichier(octroi, f"{code}.{format}")
                yield nom, contenu, _bordereau(nom, contenu, doc, words[code])


def _bordereau(nom: str, contenu: bytes, doc: AttributionDoc, word: GabaritWord) -> dict[str, Any]:
    return {
        "fichier": nom,
        "gabarit": (nom.endswith(".docx") and word.code) or doc.gabarit,
        "sha256": hashlib.sha256(contenu).hexdigest(),
        "projet": doc.numero_projet,
        "beneficiaire": doc.beneficiaire.nom,
        "aide": str(doc.aide),
        "a_completer": list(doc.a_completer),
        "constat": doc.convention,
        "donnees": json.loads(en_json(doc)),
    }


def archive(cadre: Cadre, octrois: Sequence[Octroi], genres: Sequence[str], le: date) -> bytes:
    """The files in one zip with `bordereau.json`: template version, SHA-256 and data of each."""
    tampon, lignes = io.BytesIO(), []
    with zipfile.ZipFile(tampon, "w") as zip_:
        for nom, contenu, ligne in tous_les_actes(cadre, octrois, genres, le):
            _poser(zip_, nom, contenu)
            lignes.append(ligne)
        _poser(zip_, "bordereau.json", json.dumps(lignes, ensure_ascii=False, indent=1).encode())
    return tampon.getvalue()


def _poser(zip_: zipfile.ZipFile, nom: str, contenu: bytes) -> None:
    entree = zipfile.ZipInfo(nom, _EPOQUE)
    entree.compress_type = zipfile.ZIP_DEFLATED
    zip_.writestr(entree, contenu)
