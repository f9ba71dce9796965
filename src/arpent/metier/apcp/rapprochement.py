"""Which file each line of a finance export is about; what is not certain is left to a human."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from arpent.metier.argent import formater_euros

FENETRE_JOURS = 45
"""Days around a payment waiting within which a line without a number may be that one (working value)."""


class Nature(StrEnum):
    """What the line of the export is."""

    ENGAGEMENT = "engagement"
    PAIEMENT = "paiement"


class Sort(StrEnum):
    """What becomes of a line."""

    RAPPROCHEE = "rapprochee"
    A_REGLER = "a_regler"
    DEJA = "deja"
    REPETEE = "repetee"


LIBELLES_SORT: dict[StrEnum, str] = {
    Sort.RAPPROCHEE: "rapprochée",
    Sort.A_REGLER: "à régler",
    Sort.DEJA: "déjà appliquée",
    Sort.REPETEE: "répétée",
}


@dataclass(frozen=True, slots=True)
class LigneExport:
    """One line of the export; `numero`: its line in the file. Empty texts: the column is not there."""

    numero: int
    nature: Nature
    montant: Decimal
    le: date
    exercice: int
    engagement: str = ""
    siret: str = ""
    mandat: str = ""

    @property
    def cle(self) -> str:
        """What makes it the same line from one export to the next."""
        if self.mandat:
            return f"{self.nature}/{self.exercice}/{_plier(self.mandat)}/{_plier(self.engagement)}"
        return (
            f"{self.nature}/{self.exercice}//{_plier(self.engagement)}/{_chiffres(self.siret)}/"
            f"{self.le.isoformat()}/{self.montant}"
        )


@dataclass(frozen=True, slots=True)
class Versement:
    """A payment waiting: certified, asked for or planned."""

    le: date
    montant: Decimal


@dataclass(frozen=True, slots=True)
class DossierConnu:
    """A file that a line may be about. `a_engager`, `a_payer`: what is left at each stage."""

    cle: int
    nom: str
    engagements: frozenset[str]
    siret: str
    a_engager: Decimal
    a_payer: Decimal
    attendus: tuple[Versement, ...] = ()

    def reste(self, nature: Nature) -> Decimal:
        return self.a_payer if nature is Nature.PAIEMENT else self.a_engager


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """`cle`: the file found, None for a human, who chooses among `candidats` (may be empty)."""

    ligne: LigneExport
    sort: Sort
    raison: str
    cle: int | None = None
    candidats: tuple[int, ...] = ()


def rapprocher(
    lignes: Iterable[LigneExport],
    dossiers: Sequence[DossierConnu],
    *,
    deja: frozenset[str] = frozenset(),
    fenetre: int = FENETRE_JOURS,
) -> tuple[Rapprochement, ...]:
    """One answer a line, in the order of the file. `deja`: keys already applied.

    What a line takes of a file is no longer there for the next ones.
    """
    vues: dict[str, int] = {}
    restes = {(d.cle, n): d.reste(n) for d in dossiers for n in Nature}
    rendus = []
    for ligne in lignes:
        if ligne.cle in deja:
            rendu = Rapprochement(ligne, Sort.DEJA, "Cette ligne est déjà appliquée : rien n’est refait.")
        elif ligne.cle in vues:
            rendu = _repetee(ligne, vues[ligne.cle], dossiers)
        else:
            rendu = _reconnaitre(ligne, dossiers, restes, fenetre)
        vues.setdefault(ligne.cle, ligne.numero)
        if rendu.cle is not None:
            restes[rendu.cle, ligne.nature] -= ligne.montant
        rendus.append(rendu)
    return tuple(rendus)


def _repetee(ligne: LigneExport, premiere: int, dossiers: Sequence[DossierConnu]) -> Rapprochement:
    if ligne.mandat:
        return Rapprochement(
            ligne, Sort.REPETEE, f"Même numéro de pièce que la ligne {premiere} : comptée une fois."
        )
    texte = (
        f"Identique à la ligne {premiere} et sans numéro de mandat : dites si c’est un second versement ou "
        "la même ligne."
    )
    return Rapprochement(ligne, Sort.A_REGLER, texte, candidats=_du_tiers(ligne, dossiers))


def _reconnaitre(
    ligne: LigneExport,
    dossiers: Sequence[DossierConnu],
    restes: dict[tuple[int, Nature], Decimal],
    fenetre: int,
) -> Rapprochement:
    trouves, raison = _par_engagement(ligne, dossiers)
    if not trouves:
        trouves, raison = _par_montant(ligne, dossiers, fenetre)
    if len(trouves) != 1:
        candidats = tuple(d.cle for d in trouves) or _du_tiers(ligne, dossiers)
        return Rapprochement(ligne, Sort.A_REGLER, raison, candidats=candidats)
    (dossier,) = trouves
    if ligne.engagement and ligne.siret and not _meme_tiers(ligne.siret, dossier.siret):
        texte = (
            f"Le SIRET de la ligne n’est pas celui du bénéficiaire de « {dossier.nom} » : vérifiez lequel "
            "est juste."
        )
        return Rapprochement(ligne, Sort.A_REGLER, texte, candidats=(dossier.cle,))
    reste = restes[dossier.cle, ligne.nature]
    if ligne.montant > reste:
        quoi = "payer" if ligne.nature is Nature.PAIEMENT else "engager"
        texte = (
            f"{formater_euros(ligne.montant)} dans l’export, {formater_euros(reste)} restent à {quoi} sur "
            f"« {dossier.nom} »."
        )
        return Rapprochement(ligne, Sort.A_REGLER, texte, candidats=(dossier.cle,))
    return Rapprochement(ligne, Sort.RAPPROCHEE, raison, cle=dossier.cle)


def _par_engagement(ligne: LigneExport, dossiers: Sequence[DossierConnu]) -> tuple[list[DossierConnu], str]:
    numero = _plier(ligne.engagement)
    if not numero:
        return [], ""
    trouves = [d for d in dossiers if numero in {_plier(x) for x in d.engagements}]
    if len(trouves) > 1:
        return trouves, f"{len(trouves)} dossiers portent l’engagement {ligne.engagement} : choisissez."
    return trouves, f"Numéro d’engagement {ligne.engagement}."


def _par_montant(
    ligne: LigneExport, dossiers: Sequence[DossierConnu], fenetre: int
) -> tuple[list[DossierConnu], str]:
    if not _chiffres(ligne.siret):
        return [], "Ni numéro d’engagement connu, ni SIRET : choisissez le dossier."
    trouves = [
        d
        for d in dossiers
        if _meme_tiers(ligne.siret, d.siret)
        and any(v.montant == ligne.montant and abs((v.le - ligne.le).days) <= fenetre for v in d.attendus)
    ]
    if len(trouves) > 1:
        return trouves, f"{len(trouves)} dossiers de ce bénéficiaire attendent ce montant : choisissez."
    if trouves:
        return trouves, f"Même SIRET, même montant, à moins de {fenetre} jours."
    return (
        [],
        "Aucun dossier n’a ce numéro d’engagement, ni ce SIRET avec ce montant : choisissez le dossier.",
    )


def _du_tiers(ligne: LigneExport, dossiers: Sequence[DossierConnu]) -> tuple[int, ...]:
    return tuple(d.cle for d in dossiers if _meme_tiers(ligne.siret, d.siret))


def _meme_tiers(un: str, autre: str) -> bool:
    """Same SIRET; same SIREN when either has only that."""
    a, b = _chiffres(un), _chiffres(autre)
    if len(a) < 9 or len(b) < 9:
        return False
    return a == b if len(a) == len(b) == 14 else a[:9] == b[:9]


def _plier(texte: str) -> str:
    """« 2026 E-00 12 » and « 2026e-0012 » are the same number; leading zeros do not count."""
    return re.sub(r"\s", "", texte).lower().lstrip("0")


def _chiffres(texte: str) -> str:
    return re.sub(r"\D", "", texte)
