"""The text of an avenant, drafted from its movements: French sentences, one a movement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from arpent.metier.argent import ZERO, formater_euros

from .consolidation import appliquer
from .etat import EtatContractuel, LigneContrat
from .mouvements import Genre, Mouvement

_MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip


def en_toutes_lettres(le: date | None) -> str:
    """« 1er janvier 2027 »; « une date à préciser » when it is not known."""
    if le is None:
        return "une date à préciser"
    return f"{'1er' if le.day == 1 else le.day}\u00a0{_MOIS[le.month - 1]} {le.year}"


def phrases(etat: EtatContractuel, mouvements: Sequence[Mouvement]) -> tuple[str, ...]:
    """One sentence a movement, each read on the contract as the ones before it leave it."""
    textes = []
    for mouvement in mouvements:
        textes.append(phrase(etat, mouvement))
        etat = appliquer(etat, [mouvement])[0]
    return tuple(textes)


def phrase(etat: EtatContractuel, m: Mouvement) -> str:
    """« L’aide au projet 12 « … » est portée de 40 000,00 € à 55 000,00 €. »"""
    ligne = etat.ligne(m.cle)
    nom = ligne.nom if ligne else "projet absent du contrat"
    match m.genre:
        case Genre.AJOUT:
            assert m.ligne is not None
            return f"Le {m.ligne.nom} entre au contrat : {_entrant(m.ligne)}."
        case Genre.RESERVE:
            assert m.ligne is not None
            return (
                f"Le {m.ligne.nom} entre au contrat : {_entrant(m.ligne)}. Cette aide est prise sur le fonds "
                "de réserve."
            )
        case Genre.RETRAIT:
            return f"Le {nom} est retiré du contrat{_aide_rendue(ligne)}."
        case Genre.REMPLACEMENT:
            assert m.ligne is not None
            return (
                f"Le {nom} est retiré du contrat{_aide_rendue(ligne)} ; le {m.ligne.nom} le remplace : "
                f"{_entrant(m.ligne)}."
            )
        case Genre.MONTANT:
            verbe = "portée" if ligne is None or (m.montant or 0) > ligne.aide else "ramenée"
            ancien = formater_euros(ligne.aide if ligne else None)
            return f"L’aide au {nom} est {verbe} de {ancien} à {formater_euros(m.montant)}."
        case Genre.MAITRE_OUVRAGE:
            ancien = f", à la place de {ligne.maitre_ouvrage}" if ligne else ""
            return f"Le {nom} est porté par {m.maitre_ouvrage}{ancien}."
        case Genre.ANNEE:
            ancien = f"{ligne.annee}" if ligne and ligne.annee else "une année à préciser"
            verbe = "reporté" if _recule(ligne, m) else "inscrit"
            return f"Le {nom}, inscrit en {ancien}, est {verbe} en {m.annee}."
        case Genre.FONGIBILITE:
            autre = etat.ligne(m.vers)
            vers = autre.nom if autre else "projet absent du contrat"
            somme = m.montant or ZERO
            donne, recoit = (ligne.aide - somme if ligne else None), (autre.aide + somme if autre else None)
            return (
                f"Une somme de {formater_euros(somme)} passe du {nom} au {vers}. Les aides deviennent "
                f"{formater_euros(donne)} et {formater_euros(recoit)}."
            )
        case Genre.PERIMETRE:
            return f"{m.partie} {'cesse d’être' if m.sort else 'devient'} partie au contrat."
        case Genre.DUREE:
            return (
                f"La fin du contrat, fixée au {en_toutes_lettres(etat.date_fin)}, est portée au "
                f"{en_toutes_lettres(m.date_fin)}."
            )
        case Genre.TEXTE:
            article = etat.article(m.article)
            numero = f" {article.numero}" if article else ""
            return f"L’article{numero} « {m.article} » est remplacé par le texte suivant : « {m.texte} »"


def _entrant(ligne: LigneContrat) -> str:
    annee = f", inscrite en {ligne.annee}" if ligne.annee else ""
    porteur = f" portée par {ligne.maitre_ouvrage}," if ligne.maitre_ouvrage else ""
    return f"opération{porteur} aide de {formater_euros(ligne.aide)}{annee}"


def _aide_rendue(ligne: LigneContrat | None) -> str:
    return f", et son aide de {formater_euros(ligne.aide)} avec lui" if ligne else ""


def _recule(ligne: LigneContrat | None, m: Mouvement) -> bool:
    return bool(ligne and ligne.annee and m.annee and m.annee > ligne.annee)
