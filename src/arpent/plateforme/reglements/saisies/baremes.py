"""A scale typed as one value, a table by code, tiers of a number, or cases; and lists of blocks."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from django import forms

from arpent.metier.reglement import ChampRegle, Sorte
from arpent.metier.reglement.champs import ANCIENS_NOMS, FAMILLES_DE_CHAMPS, TypeChamp, champ_projet

from .base import (
    ABSENT,
    Groupe,
    Saisie,
    champ_nombre,
    choix,
    ecrit,
    lu,
    nombre_de_lignes,
    nombre_ou_texte,
    texte,
)
from .conditions import SaisieCondition, nom_complet, nom_en_champs, options_champs
from .simples import abreger, champs_valeur, valeur_en_champs, valeur_lue

_NUMERIQUES = (TypeChamp.NOMBRE, TypeChamp.MONTANT)
# How the two bounds of a tier are written: (code, words, key of the lower one, key of the upper one).
BORNES: tuple[tuple[str, str, str, str], ...] = (
    ("[[", "de (inclus) à (exclu)", "a_partir_de", "moins_de"),
    ("]]", "de (exclu) à (inclus)", "plus_de", "jusqu_a"),
    ("[]", "de (inclus) à (inclus)", "a_partir_de", "jusqu_a"),
    ("][", "de (exclu) à (exclu)", "plus_de", "moins_de"),
)
_CLES = {code: (basse, haute) for code, _, basse, haute in BORNES}


class SaisieBareme(Saisie):
    """`par` chooses the shape: nothing, a code, a number, or « lignes » for cases."""

    par = ""
    nombre = 3
    toutes = False

    @property
    def _sorte(self) -> Sorte:
        return Sorte.TAUX if self.champ.sorte is Sorte.BAREME_TAUX else Sorte.MONTANT

    def mesurer(self, brut: Any, donnees: Mapping[str, Any] | None) -> None:
        if donnees is not None:
            self.par = nom_complet(donnees, self.nom("par"))
            self.toutes = lu(donnees, "_toutes") == self.prefixe
            self.nombre = nombre_de_lignes(self.prefixe, 0, donnees, 3)
        else:
            self.par, presentes = _forme(brut)
            self.nombre = nombre_de_lignes(self.prefixe, presentes, None, 1 if presentes else 3)
        if self.toutes:
            self.nombre = max(self.nombre, len(self.mots.du_champ(self.par)) + 1)
        self.cas = [self._cas(rang) for rang in range(self.nombre)] if self.par == "lignes" else []
        lignes = brut.get("lignes") if isinstance(brut, dict) else None
        for rang, cas in enumerate(self.cas):
            ligne = lignes[rang] if isinstance(lignes, list) and rang < len(lignes) else None
            cas.mesurer(ligne.get("si", ABSENT) if isinstance(ligne, dict) else ABSENT, donnees)

    def compteurs(self) -> dict[str, int]:
        if self.en_texte:
            return {}
        des_cas = {nom: n for cas in self.cas for nom, n in cas.compteurs().items()}
        return {self.nom("nombre"): self.nombre} | des_cas

    def _cas(self, rang: int) -> SaisieCondition:
        champ = ChampRegle("si", f"Cas n° {rang + 1}", Sorte.CONDITION, aide="Vide : tous les autres cas.")
        condition = SaisieCondition(champ, self.nom(f"{rang}-si"), self.mots)
        condition.vides = 1
        return condition

    @property
    def forme(self) -> str:
        if self.par in {"", "lignes"}:
            return self.par
        champ = champ_projet(self.par)
        numerique = champ is not None and champ.type in _NUMERIQUES
        return "tranches" if numerique or self.par in FAMILLES_DE_CHAMPS else "valeurs"

    def champs_guides(self) -> dict[str, forms.Field]:
        types = (TypeChamp.CODE, *_NUMERIQUES)
        formes = [("", "rien : une seule valeur"), *options_champs(types), ("lignes", "plusieurs cas")]
        champs: dict[str, forms.Field] = {
            self.nom("par"): choix("La valeur dépend de", formes),
            self.nom("par-code"): texte(
                "Code", "Pour un indicateur, une quantité ou une dépense seulement.", court=True
            ),
            self.nom("nombre"): champ_nombre(),
        }
        if not self.forme:
            return champs | champs_valeur(self.nom("v"), self.champ.libelle, self._sorte)
        for rang in range(self.nombre):
            champs |= self._ligne(rang)
        return champs

    def _ligne(self, rang: int) -> dict[str, forms.Field]:
        nom = self.nom(str(rang))
        valeur = champs_valeur(f"{nom}-v", "Valeur", self._sorte)
        match self.forme:
            case "valeurs":
                return {f"{nom}-code": self._code(rang), **valeur}
            case "tranches":
                return {
                    f"{nom}-de": texte("De", court=True, decimal=True),
                    f"{nom}-a": texte("À", court=True, decimal=True),
                    f"{nom}-bornes": choix("Bornes", [(code, mots) for code, mots, _, _ in BORNES]),
                    **valeur,
                }
            case _:
                return {**self.cas[rang].champs_guides(), **valeur}

    def _code(self, rang: int) -> forms.Field:
        options = list(self.mots.du_champ(self.par))
        if not options:
            return texte("Code", court=True)
        presents = list(self.brut.get("valeurs") or ()) if isinstance(self.brut, dict) else []
        options += [(c, self.mots.nommer(c)) for c in map(str, presents) if c not in dict(options)]
        return choix("Code", [("", "—"), *options])

    def initiales_guidees(self, brut: Any) -> dict[str, Any]:
        initiales = nom_en_champs(self.nom("par"), self.par)
        if not self.forme:
            return initiales | valeur_en_champs(self.nom("v"), brut)
        for rang, (tete, valeur) in enumerate(_lignes(brut)[: self.nombre]):
            nom = self.nom(str(rang))
            initiales |= valeur_en_champs(f"{nom}-v", valeur)
            if self.forme == "lignes":
                initiales |= self.cas[rang].initiales_guidees(tete) if tete is not None else {}
            elif self.forme == "valeurs":
                initiales[f"{nom}-code"] = ecrit(tete)
            else:
                initiales |= _bornes_en_champs(nom, tete if isinstance(tete, dict) else {})
        return initiales

    def completer(self, donnees: dict[str, Any]) -> None:
        """« Une ligne par code »: the codes that have no row yet take the blank ones."""
        noms = [self.nom(f"{rang}-code") for rang in range(self.nombre)]
        pris = {lu(donnees, nom) for nom in noms}
        absents = [code for code, _ in self.mots.du_champ(self.par) if code not in pris]
        libres = [nom for nom in noms if not lu(donnees, nom)]
        donnees.update(zip(libres, absents, strict=False))

    def lire(self, donnees: Mapping[str, Any]) -> Any:
        if not self.forme:
            valeur = valeur_lue(donnees, self.nom("v"), self._sorte)
            vide = len(valeur) == 1 and valeur["valeur"] is None
            return ABSENT if vide and not self.champ.obligatoire else abreger(valeur)
        lues = [ligne for rang in range(self.nombre) if (ligne := self._lire_ligne(donnees, rang))]
        if self.forme == "lignes":
            return {"lignes": [dict(tete) | valeur for tete, valeur in lues]} if lues else ABSENT
        if not lues:
            return {"par": self.par} if lu(donnees, self.nom("par")) else ABSENT
        if self.forme == "tranches":
            return {"par": self.par, "tranches": [dict(tete) | valeur for tete, valeur in lues]}
        return {"par": self.par, "valeurs": {tete["code"]: abreger(valeur) for tete, valeur in lues}}

    def _lire_ligne(
        self, donnees: Mapping[str, Any], rang: int
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """(what opens the row, its value); None for a blank row."""
        nom = self.nom(str(rang))
        valeur = valeur_lue(donnees, f"{nom}-v", self._sorte)
        tete: dict[str, Any] = {}
        if self.forme == "lignes":
            si = self.cas[rang].lire(donnees)
            tete = {} if si is ABSENT else {"si": si}
        elif self.forme == "valeurs":
            code = self.mots.code_de(self.par, lu(donnees, f"{nom}-code"))
            return ({"code": code}, valeur) if code else None
        else:
            basse, haute = _CLES.get(lu(donnees, f"{nom}-bornes"), _CLES["[["])
            for cle, suite in ((basse, "de"), (haute, "a")):
                if saisi := lu(donnees, f"{nom}-{suite}"):
                    tete[cle] = nombre_ou_texte(saisi)
        vide = not tete and len(valeur) == 1 and valeur["valeur"] is None
        return None if vide else (tete, valeur)

    def montrer_guidee(self, form: forms.Form) -> Groupe:
        entete = tuple(form[self.nom(suite)] for suite in ("nombre", "par", "par-code"))
        if not self.forme:
            valeurs = tuple(form[nom] for nom in champs_valeur(self.nom("v"), "", self._sorte))
            return self.groupe(form, "reglements/saisies/_bareme.html", champs=(*entete, *valeurs))
        if self.forme == "lignes":
            blocs = tuple((self._bloc(form, rang),) for rang in range(self.nombre))
            return self.groupe(
                form, "reglements/saisies/_cas.html", champs=entete, blocs=blocs, peut_ajouter=True
            )
        lignes = tuple(tuple(form[nom] for nom in self._ligne(rang)) for rang in range(self.nombre))
        colonnes = tuple(str(c.label) for c in lignes[0]) if lignes else ()
        return self.groupe(
            form,
            "reglements/saisies/_bareme.html",
            champs=entete,
            colonnes=colonnes,
            lignes=lignes,
            remarque=self._trous(form),
            peut_ajouter=True,
            peut_completer=self.forme == "valeurs" and bool(self.mots.du_champ(self.par)),
        )

    def _bloc(self, form: forms.Form, rang: int) -> Groupe:
        """One case: its condition, then its value."""
        condition = self.cas[rang].montrer_guidee(form)
        valeurs = tuple(form[nom] for nom in champs_valeur(self.nom(f"{rang}-v"), "", self._sorte))
        return Groupe(
            "reglements/saisies/_un_cas.html", condition.cle, condition.libelle, condition.aide, False,
            champs=(*condition.champs, *valeurs), colonnes=condition.colonnes, lignes=condition.lignes,
            peut_ajouter=True,
        )  # fmt: skip

    def _trous(self, form: forms.Form) -> str:
        """Gaps and overlaps of the tiers, as soon as they are typed."""
        if self.forme != "tranches":
            return ""
        donnees = {nom: form[nom].value() for nom in self.champs_guides()}
        lues = [ligne[0] for rang in range(self.nombre) if (ligne := self._lire_ligne(donnees, rang))]
        return trous(lues)


def _forme(brut: Any) -> tuple[str, int]:
    """(what the scale depends on, number of its rows)."""
    if not isinstance(brut, dict):
        return "", 0
    if "lignes" in brut:
        return "lignes", len(_lignes(brut))
    par = ecrit(brut.get("par"))
    return ANCIENS_NOMS.get(par, par), len(_lignes(brut))


def _lignes(brut: Any) -> list[tuple[Any, Any]]:
    """(condition, code or bounds ; value) of each row of a scale."""
    if not isinstance(brut, dict):
        return []
    if isinstance(valeurs := brut.get("valeurs"), dict):
        return list(valeurs.items())
    lignes = brut.get("lignes") if "lignes" in brut else brut.get("tranches")
    tables = [x for x in lignes if isinstance(x, dict)] if isinstance(lignes, list) else []
    return [(x.get("si") if "lignes" in brut else x, x) for x in tables]


def _bornes_en_champs(nom: str, tranche: dict[str, Any]) -> dict[str, Any]:
    code = next(
        (c for c, (basse, haute) in _CLES.items() if set(tranche) & {*_BORNES} <= {basse, haute}), "[["
    )
    basse, haute = _CLES[code]
    return {
        f"{nom}-bornes": code,
        f"{nom}-de": ecrit(tranche.get(basse)),
        f"{nom}-a": ecrit(tranche.get(haute)),
    }


_BORNES = {cle for paire in _CLES.values() for cle in paire}


def trous(tranches: list[dict[str, Any]]) -> str:
    """The first gap or overlap between tiers that follow each other; empty when there is none."""
    for avant, apres in pairwise(tranches):
        haut = avant.get("moins_de", avant.get("jusqu_a"))
        bas = apres.get("a_partir_de", apres.get("plus_de"))
        if haut is None or bas is None:
            return "Deux tranches qui se suivent n’ont pas de limite commune : l’une couvre l’autre."
        if ecrit(haut) != ecrit(bas):
            return f"Entre {haut} et {bas}, les tranches laissent un vide ou se recouvrent."
        if ("moins_de" in avant) is ("plus_de" in apres):
            quoi = "aucune tranche" if "moins_de" in avant else "deux tranches"
            return f"La valeur {haut} tombe dans {quoi} : incluez-la d’un seul côté."
    return ""
