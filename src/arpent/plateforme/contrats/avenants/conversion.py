"""From the rows of an avenant, or its frozen JSON, to the movements that the calculations read, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.avenants import CHAMPS, Genre, LigneContrat, Mouvement
from arpent.plateforme.plans.models import Fiche

from ..models import MouvementAvenant

SANS_THEME = "Sans thème"


def ligne_de_fiche(
    fiche: Fiche, montant: Decimal, annee: int | None, *, fonds: str = "", reserve: bool = False
) -> LigneContrat:
    """The line that a fiche would be. No query when its owner, theme and axis are read."""
    return LigneContrat(
        cle=str(fiche.pk),
        numero=str(fiche.numero),
        titre=fiche.titre,
        maitre_ouvrage=fiche.maitre_ouvrage.nom,
        maitre_ouvrage_id=fiche.maitre_ouvrage_id,
        aide=montant,
        cout_ht=fiche.cout_ht,
        annee=annee,
        theme=fiche.theme.libelle if fiche.theme else SANS_THEME,
        axe=str(fiche.axe) if fiche.axe else "",
        fonds=fonds,
        maturite=fiche.get_maturite_display().partition(" : ")[0],
        hors_enveloppe=reserve,
    )


def mouvement_de(row: MouvementAvenant) -> Mouvement:
    """The movement of a row whose fiches and organisation are read. ValueError when it is incomplete."""
    genre, apres = Genre(row.genre), row.apres
    champs = CHAMPS[genre]
    valeurs: dict[str, Any] = {}
    if "cle" in champs and row.fiche_id:
        valeurs["cle"] = str(row.fiche_id)
    if "vers" in champs and row.entrante_id:
        valeurs["vers"] = str(row.entrante_id)
    if "ligne" in champs and row.entrante is not None:
        valeurs["ligne"] = ligne_de_fiche(
            row.entrante,
            Decimal(apres.get("montant") or 0),
            apres.get("annee"),
            fonds=str(apres.get("fonds") or ""),
            reserve=genre is Genre.RESERVE,
        )
    if "montant" in champs:
        valeurs["montant"] = Decimal(apres.get("montant") or 0)
    if "annee" in champs:
        valeurs["annee"] = apres.get("annee")
    if genre is Genre.MAITRE_OUVRAGE and row.organisation is not None:
        valeurs["maitre_ouvrage"] = row.organisation.nom
        valeurs["maitre_ouvrage_id"] = row.organisation_id
    if genre is Genre.PERIMETRE and row.organisation is not None:
        valeurs["partie"], valeurs["sort"] = row.organisation.nom, bool(apres.get("sort"))
    if "date_fin" in champs and apres.get("date_fin"):
        valeurs["date_fin"] = date.fromisoformat(str(apres["date_fin"]))
    if "article" in champs:
        valeurs["article"], valeurs["texte"] = str(apres.get("article", "")), str(apres.get("texte", ""))
    return Mouvement(genre=genre, motif=row.motif, **valeurs)


# --- frozen ---------------------------------------------------------------------------------------


def _ecrire(valeur: Any) -> Any:
    if isinstance(valeur, Decimal):
        return str(valeur)
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def en_json(m: Mouvement) -> dict[str, Any]:
    """Plain values, empty ones left out: amounts as text, days in ISO 8601."""
    valeurs = {nom: getattr(m, nom) for nom in m.__dataclass_fields__}
    ligne = valeurs.pop("ligne")
    ecrites = {nom: _ecrire(v) for nom, v in valeurs.items() if v not in ("", None, False)}
    if ligne is not None:
        champs = {nom: getattr(ligne, nom) for nom in ligne.__dataclass_fields__}
        ecrites["ligne"] = {nom: _ecrire(v) for nom, v in champs.items()}
    return ecrites | {"genre": m.genre.value}


def depuis_json(brut: Mapping[str, Any]) -> Mouvement:
    """What `en_json` wrote."""
    valeurs = dict(brut)
    valeurs["genre"] = Genre(valeurs["genre"])
    if "montant" in valeurs:
        valeurs["montant"] = Decimal(valeurs["montant"])
    if "date_fin" in valeurs:
        valeurs["date_fin"] = date.fromisoformat(valeurs["date_fin"])
    if ligne := valeurs.pop("ligne", None):
        montants = {"aide": Decimal(ligne["aide"]), "cout_ht": Decimal(ligne["cout_ht"])}
        valeurs["ligne"] = LigneContrat(**(dict(ligne) | montants))
    return Mouvement(**valeurs)
