"""The codes a rule may name: those of the dispositif, of the closed lists, and those already used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from arpent.metier.reglement import nommer
from arpent.metier.reglement.champs import CHAMPS
from arpent.metier.reglement.description import CODES_FERMES, Vocabulaire

from .models import Dispositif

Options = tuple[tuple[str, str], ...]
_CRITERES = {champ.nom: champ.vocabulaire for champ in CHAMPS.values() if champ.vocabulaire is not None} | {
    "classe_vulnerabilite": Vocabulaire.CLASSES,
    "beneficiaire_nature": Vocabulaire.NATURES_BENEFICIAIRE,
}


class Vocabulaires:
    """Two queries at most (themes, sector policies), made when the object is built."""

    def __init__(self, dispositif: Dispositif, contenu: Mapping[str, Any]) -> None:
        libelles = contenu.get("libelles")
        self.libelles: dict[str, str] = (
            {str(c): str(v) for c, v in libelles.items()} if isinstance(libelles, dict) else {}
        )
        connus: dict[Vocabulaire, dict[str, str]] = {v: dict(codes) for v, codes in CODES_FERMES.items()}
        connus[Vocabulaire.THEMES] = {t.code: t.libelle for t in dispositif.themes.all()}
        connus[Vocabulaire.SECTEURS] = {p.code: p.libelle for p in dispositif.politiques.all()}
        connus[Vocabulaire.CLASSES] = dict(_classes(dispositif.modele_vulnerabilite))
        for cle in (Vocabulaire.CRITERES, Vocabulaire.CATEGORIES, Vocabulaire.ZONAGES):
            connus[cle] = dict(_rubriques(dispositif.parametres.get(f"{cle.value}_reglement")))
        self._connus = connus

    def options(self, vocabulaire: Vocabulaire | None) -> Options:
        """(code, label) pairs; empty when the codes are the authority's own and none is known."""
        codes = self._connus.get(vocabulaire, {}) if vocabulaire else {}
        return tuple((code, self.libelles.get(code) or libelle) for code, libelle in codes.items())

    def est_ferme(self, vocabulaire: Vocabulaire | None) -> bool:
        """True when the codes are ticked or chosen in a list, False when they are typed."""
        return bool(self.options(vocabulaire))

    def nommer(self, code: str) -> str:
        return self.tous_libelles().get(code) or nommer(code, self.libelles)

    def tous_libelles(self) -> dict[str, str]:
        """Labels of every known code, those of the règlement first."""
        connus = {code: libelle for codes in self._connus.values() for code, libelle in codes.items()}
        return connus | self.libelles

    def libelles_de(self, brute: Any) -> dict[str, str]:
        """Labels to keep in the règlement for the codes that a rule names, when the dispositif knows them."""
        du_dispositif = {
            code: libelle
            for vocabulaire, codes in self._connus.items()
            if vocabulaire not in CODES_FERMES
            for code, libelle in codes.items()
        }
        nommes = set(_textes(brute))
        return {c: v for c, v in du_dispositif.items() if c in nommes and c not in self.libelles}

    def codes_par_champ(self) -> list[tuple[str, Options]]:
        """For the help of a condition: the field in words, and the codes one may write."""
        return [
            (champ.nom_court, options)
            for champ in CHAMPS.values()
            if champ.vocabulaire and (options := self.options(champ.vocabulaire))
        ]

    def code_de(self, champ: str, ecrit: str) -> str:
        """The code typed, or the code whose label was typed."""
        ecrit = ecrit.strip()
        for code, libelle in self.options(_CRITERES.get(champ)):
            if ecrit.casefold() in {code.casefold(), libelle.casefold()}:
                return code
        return ecrit

    def du_champ(self, champ: str) -> Options:
        return self.options(_CRITERES.get(champ))


def _rubriques(blocs: Any) -> Iterator[tuple[str, str]]:
    for bloc in blocs if isinstance(blocs, list) else []:
        if isinstance(bloc, dict) and bloc.get("code"):
            yield str(bloc["code"]), str(bloc.get("libelle") or bloc["code"])


def _classes(modele: Any) -> Iterator[tuple[str, str]]:
    for un in modele.get("modeles", []) if isinstance(modele, dict) else []:
        yield from _rubriques(un.get("classes") if isinstance(un, dict) else None)


def _textes(noeud: Any) -> Iterator[str]:
    """Every text found in a rule, keys included: a table of values is keyed by codes."""
    if isinstance(noeud, str):
        yield noeud
    elif isinstance(noeud, dict):
        for cle, fils in noeud.items():
            yield str(cle)
            yield from _textes(fils)
    elif isinstance(noeud, list):
        for fils in noeud:
            yield from _textes(fils)
