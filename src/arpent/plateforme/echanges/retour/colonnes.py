"""The columns of the workbook that comes back, and the one text that stands for each value.

A value is compared as a text (`en_texte`), the same when it goes out, when it comes back and when it is read
in the plan of today: three texts are enough to tell who changed what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db import models

from arpent.metier.argent import arrondir
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.plans.actions import CHAMPS_REDIGES, LigneSaisie
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.plans.structures import communes_du_territoire, structures_du_territoire
from arpent.plateforme.reglements.models import Theme

Genre = Literal["texte", "montant", "entier", "date", "choix"]
TEXTE_MAX = 32_000  # a cell holds 32,767 characters
TROP_LONG = "(texte trop long pour un tableur : modifiez-le sur la fiche)"
_CONTROLES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udfff]")
_SAUTS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class ColonneRetour:
    """One column of the sheet of fiches. `code` is the field of the model."""

    code: str
    libelle: str
    genre: Genre = "texte"
    largeur: int = 14
    obligatoire: bool = False
    longueur: int = 0


_TOUTES: tuple[ColonneRetour, ...] = (
    ColonneRetour("titre", "Intitulé", largeur=46, obligatoire=True, longueur=300),
    ColonneRetour("description", "Description", largeur=46),
    ColonneRetour("maitre_ouvrage", "Maître d’ouvrage", "choix", 32, obligatoire=True),
    ColonneRetour("commune", "Commune du projet", "choix", 22),
    ColonneRetour("theme", "Thème", "choix", 26),
    ColonneRetour("axe", "Axe", "choix", 30),
    ColonneRetour("enjeu", "Enjeu", "choix", 30),
    ColonneRetour("maturite", "Maturité", "choix", 22, obligatoire=True),
    ColonneRetour("realisation", "Réalisation", "choix", 14, obligatoire=True),
    ColonneRetour("nature_depense", "Nature de la dépense", "choix", 18, obligatoire=True),
    ColonneRetour("besoin", "Besoin et objectifs", largeur=40),
    ColonneRetour("effets", "Effets attendus", largeur=40),
    ColonneRetour("adresse", "Adresse du projet", largeur=30, longueur=300),
    ColonneRetour("contact_nom", "Personne à joindre", largeur=24, longueur=150),
    ColonneRetour("contact_telephone", "Téléphone", largeur=16, longueur=30),
    ColonneRetour("debut_le", "Début des travaux", "date"),
    ColonneRetour("fin_le", "Fin des travaux", "date"),
    ColonneRetour("annee", "Année", "entier", 9),
    ColonneRetour("cout_ht", "Coût HT", "montant", 17, obligatoire=True),
    ColonneRetour("cout_ttc", "Coût TTC", "montant", 17),
    ColonneRetour("assiette", "Dépense éligible", "montant", 17),
    ColonneRetour("aide_demandee", "Aide demandée", "montant", 17, obligatoire=True),
)
# The three ranks of a fiche → who gives each of them. They have their own gesture, and their own rights.
RANGS = {
    "priorite_maitre_ouvrage": "il revient à qui rédige la fiche",
    "priorite_territoire": "il revient au territoire et au chef de projet",
    "priorite_autorite": "il revient à l’autorité",
}
COLONNES = (
    *(c for c in _TOUTES if c.code in CHAMPS_REDIGES),
    ColonneRetour("priorite_maitre_ouvrage", "Rang du maître d’ouvrage", "entier", 11),
    ColonneRetour("priorite_territoire", "Rang du territoire", "entier", 11),
    ColonneRetour("priorite_autorite", "Rang de l’autorité", "entier", 11),
)
PAR_CODE = {c.code: c for c in COLONNES}
FINANCEMENTS = "financements"
LIBELLES = {c.code: c.libelle for c in COLONNES} | {FINANCEMENTS: "Plan de financement"}


def texte_propre(texte: str) -> str:
    """A text as a cell can hold it: one kind of newline, nothing invisible but tabs."""
    return _CONTROLES.sub("", _SAUTS.sub("\n", texte))


def en_texte(valeur: Any) -> str:
    """The one text of a value that is not a choice: "" for nothing, cents, ISO day."""
    match valeur:
        case None:
            return ""
        case Decimal():
            return f"{arrondir(valeur):f}"
        case date():
            return valeur.isoformat()
        case str():
            propre = texte_propre(valeur)
            return propre if len(propre) <= TEXTE_MAX else TROP_LONG
        case _:
            return str(valeur)


# --- choices --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Choix:
    """The values one column may take: label ↔ object. Two things of one name are told apart by `detail`."""

    libelles: dict[Any, str] = field(default_factory=dict)
    objets: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def de(
        cls,
        objets: Iterable[Any],
        libelle: Callable[[Any], str],
        detail: Callable[[Any], str] = lambda objet: f"n° {objet.pk}",
    ) -> Choix:
        choix = cls()
        for objet in objets:
            texte = " ".join(texte_propre(libelle(objet)).split())
            if not texte or texte in choix.objets:
                texte = f"{texte} ({detail(objet)})".strip()
            choix.libelles[_cle(objet)], choix.objets[texte] = texte, objet
        return choix

    def texte(self, objet: Any) -> str:
        """The label of a value; of one that is no longer offered, its own name."""
        if objet is None or objet == "":
            return ""
        return self.libelles.get(_cle(objet), str(objet))


def _cle(objet: Any) -> Any:
    return objet.pk if isinstance(objet, models.Model) else objet


def _de_codes(codes: Iterable[tuple[str, Any]]) -> Choix:
    libelles = {code: str(libelle) for code, libelle in codes}
    return Choix(libelles, {libelle: code for code, libelle in libelles.items()})


def choix_de(demarche: Demarche) -> dict[str, Choix]:
    """What each column of choice offers on that démarche. Five queries."""
    themes = Theme.objects.filter(dispositif__processus=demarche.version_processus.processus_id)
    structures = structures_du_territoire(demarche).order_by("nom", "pk")
    return {
        "maitre_ouvrage": Choix.de(structures, lambda o: o.nom, lambda o: o.siren or f"n° {o.pk}"),
        "commune": Choix.de(
            communes_du_territoire(demarche).order_by("nom", "pk"), lambda c: c.nom, lambda c: c.code
        ),
        "theme": Choix.de(themes.order_by("ordre", "pk"), lambda t: t.libelle),
        "axe": Choix.de(Axe.objects.filter(demarche=demarche).order_by("numero"), str),
        "enjeu": Choix.de(
            Enjeu.objects.filter(demarche=demarche).order_by("priorite", "pk"), lambda e: e.libelle
        ),
        "maturite": _de_codes(Fiche.Maturite.choices),
        "realisation": _de_codes(Fiche.Realisation.choices),
        "nature_depense": _de_codes(Fiche.NatureDepense.choices),
        "financeur": _de_codes((f.value, libelle) for f, libelle in LIBELLES_FINANCEUR.items()),
        "statut": _de_codes((s.value, libelle) for s, libelle in LIBELLES_STATUT.items()),
    }


def textes_de(fiche: Fiche, choix: Mapping[str, Choix]) -> dict[str, str]:
    """Every cell of a fiche, as text. No query when its relations are loaded."""
    return {
        c.code: (
            choix[c.code].texte(getattr(fiche, c.code))
            if c.genre == "choix"
            else en_texte(getattr(fiche, c.code))
        )
        for c in COLONNES
    }


CellulesLigne = tuple[str, str, str, str, str]
"""One row of a plan, as texts: funder, detail, status, day, amount."""


def textes_du_plan(lignes: Iterable[LigneSaisie], choix: Mapping[str, Choix]) -> list[CellulesLigne]:
    """The rows of a financing plan, as texts, in their order."""
    return [
        (
            choix["financeur"].texte(x.financeur.value),
            en_texte(x.libelle),
            choix["statut"].texte(x.statut.value),
            en_texte(x.le),
            en_texte(x.montant),
        )
        for x in lignes
    ]
