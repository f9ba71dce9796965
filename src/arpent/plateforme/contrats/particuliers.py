"""The contract of one signatory: the text, its own projects, its own maquette.

Some authorities sign one contract per body of a territory instead of one for all (Lozère signed about two
hundred for its first generation). It is drawn from the same drafting, never typed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from arpent.metier.clauses import composer, fusionner
from arpent.plateforme.documents.donnees import ContratDoc
from arpent.plateforme.documents.gabarits_autorite import GabaritWord, gabarit_word
from arpent.plateforme.documents.rendu.pdf import rendre_contrat_pdf

from .assemblage import Assemblage, choix_de, contrat_doc
from .champs import champs_et_faits
from .exigences import ContratRefuse
from .models import Partie

RENDUS: dict[str, Callable[[ContratDoc, GabaritWord], bytes]] = {
    "pdf": lambda doc, _: rendre_contrat_pdf(doc),
    "docx": lambda doc, word: word.rendre(doc),
}


def signataires(assemblage: Assemblage) -> list[Partie]:
    """The parties that own a project of the contract, in the order of the signatures. No query."""
    proprietaires = {x.fiche.maitre_ouvrage_id for x in assemblage.matiere.inscrites}
    return [
        p
        for p in assemblage.matiere.parties
        if p.organisation_id in proprietaires and p.role != Partie.RolePartie.AUTORITE
    ]


def restreindre(assemblage: Assemblage, partie: Partie) -> Assemblage:
    """The same contract for that party alone: the authority and it, its projects. About six queries."""
    ensemble = assemblage.matiere
    matiere = replace(
        ensemble,
        parties=[p for p in ensemble.parties if p.role == Partie.RolePartie.AUTORITE or p.pk == partie.pk],
        inscrites=[x for x in ensemble.inscrites if x.fiche.maitre_ouvrage_id == partie.organisation_id],
    )
    champs, faits = champs_et_faits(matiere)
    choix = choix_de(matiere.contrat)
    return replace(
        assemblage,
        matiere=matiere,
        lignes=[x for x in assemblage.lignes if x.fiche.maitre_ouvrage_id == partie.organisation_id],
        parts=(),
        texte=fusionner(assemblage.modele, champs, matiere.contrat.preambule, faits=faits, choix=choix),
        clauses=composer(assemblage.modele, champs, faits, choix),
        champs=champs,
    )


def particulier_doc(assemblage: Assemblage, partie: Partie, *, version: str) -> ContratDoc:
    """The document. ContratRefuse when the party has no project in the contract."""
    rangs = {p.pk: n for n, p in enumerate(signataires(assemblage), 1)}
    if partie.pk not in rangs:
        raise ContratRefuse(
            f"{partie.organisation.nom} n’a aucun projet inscrit : elle n’a pas de contrat particulier."
        )
    doc = contrat_doc(restreindre(assemblage, partie), version=version)
    reference = assemblage.matiere.contrat.reference
    return replace(
        doc,
        titre=f"{doc.titre}, {partie.organisation.nom}",
        reference=f"{reference}/{rangs[partie.pk]:02d}" if reference else "",
    )


def word_de(assemblage: Assemblage) -> GabaritWord:
    """The Word template of these contracts. One query. RenduImpossible."""
    return gabarit_word(assemblage.matiere.dispositif.autorite_id, "contrat")


def nom_de_fichier(rang: int, partie: Partie, format: str) -> str:
    """ASCII, sorted by rank: « 03-mairie-de-x.pdf »."""
    return f"{rang:02d}-{slugify(partie.organisation.nom)[:60] or 'partie'}.{format}"


@dataclass(frozen=True, slots=True)
class Compose:
    """The contract of one party, drawn: `fichiers` by format."""

    rang: int
    partie: Partie
    doc: ContratDoc
    fichiers: dict[str, bytes]


def composer_chacun(
    assemblage: Assemblage, parties: Iterable[Partie], formats: Iterable[str], *, version: str
) -> Iterator[Compose]:
    """One party at a time; a PDF, compiled in its own process, is awaited while the next party is drawn.

    At most two contracts are held at once. RenduImpossible (French).
    """
    word, rangs = word_de(assemblage), {p.pk: n for n, p in enumerate(signataires(assemblage), 1)}
    ailleurs = [f for f in formats if f == "pdf"]
    ici = [f for f in formats if f != "pdf"]
    avant: tuple[Partie, ContratDoc, dict[str, bytes], list[tuple[str, Future[bytes]]]] | None = None

    def finir(partie: Partie, doc: ContratDoc, faits: dict[str, bytes], dus: Any) -> Compose:
        return Compose(rangs[partie.pk], partie, doc, faits | {f: du.result() for f, du in dus})

    with ThreadPoolExecutor(1) as fil:
        for partie in parties:
            doc = particulier_doc(assemblage, partie, version=version)
            dus = [(f, fil.submit(RENDUS[f], doc, word)) for f in ailleurs]
            if avant:
                yield finir(*avant)
            avant = (partie, doc, {f: RENDUS[f](doc, word) for f in ici}, dus)
        if avant:
            yield finir(*avant)


def ecrire_particuliers(assemblage: Assemblage, dossier: Path, formats: tuple[str, ...]) -> Iterator[Path]:
    """Writes one file per signatory and format, one at a time. RenduImpossible (French)."""
    for x in composer_chacun(assemblage, signataires(assemblage), formats, version="de travail"):
        for format in formats:
            chemin = dossier / nom_de_fichier(x.rang, x.partie, format)
            chemin.write_bytes(x.fichiers[format])
            yield chemin
