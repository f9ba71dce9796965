"""What is known already of a project's place and owner, with its source: nobody has to type it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from arpent.extraits import lecture
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.diagnostics.vulnerabilites.classe import classe_de
from arpent.plateforme.reglements.fiches import ModeleFiche
from arpent.plateforme.territoires.models import Groupement
from arpent.plateforme.territoires.perimetres import en_cours

from .models import Fiche

SOURCE_ZONAGES = "ANCT, Insee, DGCL (zonages de politiques publiques)"
SOURCE_BANATIC = "DGCL, BANATIC 2026"
ZONAGES = {
    "frr": "France ruralités revitalisation (FRR)",
    "frr_plus": "France ruralités revitalisation plus (FRR+)",
    "qpv": "Quartier prioritaire de la politique de la ville (QPV)",
    "acv": "Action cœur de ville (ACV)",
    "pvd": "Petites villes de demain (PVD)",
    "va": "Villages d’avenir (VA)",
    "ort": "Opération de revitalisation de territoire (ORT)",
}
_FRR = {"FRR socle": "frr", "FRR+": "frr_plus"}


@dataclass(frozen=True, slots=True)
class Fait:
    """One thing known, as it is shown. `attention`: something to look at, not an error."""

    libelle: str
    valeur: str
    source: str
    attention: bool = False


@cache
def _zonages() -> Mapping[str, tuple[str, ...]]:
    return {
        ligne["code_insee"]: _lire(ligne) for ligne in lecture.lignes_des_perimetres("zonages_politiques")
    }


def _lire(ligne: Mapping[str, str]) -> tuple[str, ...]:
    codes = [_FRR[ligne["frr_2025"]]] if ligne.get("frr_2025") in _FRR else []
    codes += [code for code in ("acv", "pvd", "ort") if ligne.get(code) == "1"]
    if (ligne.get("nb_qpv_2024") or "0") not in {"", "0"}:
        codes.append("qpv")
    return tuple(codes)


@cache
def _competences() -> Mapping[str, frozenset[str]]:
    """By SIREN of a groupement, the codes it holds. Only the perimeter of Lozère is published with us."""
    tenues: dict[str, set[str]] = {}
    for ligne in lecture.lignes("lozere/banatic_2026_competences"):
        tenues.setdefault(ligne["siren"], set()).add(ligne["code_competence_2025"])
    return {siren: frozenset(codes) for siren, codes in tenues.items()}


def zonages_de(code_insee: str | None) -> tuple[str, ...] | None:
    """Codes of the zonings of a commune; None when the commune is not in our files."""
    return _zonages().get(code_insee) if code_insee else None


def competence(fiche: Fiche, modele: ModeleFiche) -> Fait | None:
    """Who holds the competence of the theme, when BANATIC says something of it. One query for a commune.

    It is information: a body may act by delegation, and the theme may be wider than the competence.
    """
    codes = modele.competences_banatic.get(fiche.theme.code, ()) if fiche.theme else ()
    mo: Organisation | None = fiche.maitre_ouvrage if fiche.maitre_ouvrage_id else None
    if not codes or mo is None:
        return None
    if mo.groupement_id:
        tenues = _competences().get(mo.groupement_id)
        if tenues is None:
            return None
        if tenues & set(codes):
            return Fait("Compétence", f"{mo.nom} exerce la compétence de ce thème.", SOURCE_BANATIC)
        texte = f"{mo.nom} n’exerce pas la compétence de ce thème : vérifiez qui doit porter le projet."
        return Fait("Compétence", texte, SOURCE_BANATIC, attention=True)
    if not mo.commune_id:
        return None
    titulaires = [s for s, tenues in _competences().items() if tenues & set(codes)]
    exercent = Groupement.objects.filter(
        en_cours(date.today(), "appartenances__"),
        siren__in=titulaires,
        appartenances__commune=mo.commune_id,
    ).order_by("nom")
    if not (noms := list(exercent.values_list("nom", flat=True).distinct())):
        return None
    texte = f"{' et '.join(noms)} exerce une compétence de ce thème : vérifiez qui doit porter le projet."
    return Fait("Compétence", texte, SOURCE_BANATIC, attention=True)


def faits(fiche: Fiche, modele: ModeleFiche) -> list[Fait]:
    """What is known and need not be typed. Relations are loaded: two queries, rarely seven."""
    trouves = []
    if fiche.maitre_ouvrage_id and fiche.maitre_ouvrage.siren:
        trouves.append(Fait("SIREN du maître d’ouvrage", fiche.maitre_ouvrage.siren, "DGCL, BANATIC et COG"))
    if fiche.commune is not None and fiche.commune.population is not None:
        trouves.append(
            Fait(
                "Population de la commune",
                f"{fiche.commune.population} habitants",
                "Insee, population municipale 2023",
            )
        )
    connus = zonages_de(fiche.commune_id)
    if connus is not None:
        noms = " ; ".join(ZONAGES[c] for c in connus) or "aucun"
        trouves.append(Fait("Zonages de la commune", noms, SOURCE_ZONAGES))
    if classe := classe_de(fiche.demarche_id):
        note = " (modèle de démonstration)" if classe.demonstration else ""
        trouves.append(Fait("Vulnérabilité du territoire", classe.libelle + note, "calcul du dispositif"))
    if fait := competence(fiche, modele):
        trouves.append(fait)
    return trouves
