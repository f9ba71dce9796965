"""The form of a rule: one way of typing for each described key; the règlement itself checks it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from arpent.metier.reglement import CHAMPS_COMMUNS, ChampRegle, Regle, ReglementInvalide, Sorte
from arpent.metier.reglement.parametres import LignesLegales
from arpent.plateforme.socle.versions import VersionFormMixin

from ..controles import lire_regle
from ..vocabulaires import Vocabulaires
from .baremes import SaisieBareme
from .base import ABSENT, LIGNES_MAX, Groupe, Saisie, champ_nombre, nombre_de_lignes
from .conditions import SaisieCondition
from .simples import SaisieCodes, SaisieSimple, SaisieValeur

_CLASSES: dict[Sorte, type[Saisie]] = {
    Sorte.TAUX: SaisieValeur,
    Sorte.MONTANT: SaisieValeur,
    Sorte.NOMBRE: SaisieValeur,
    Sorte.BAREME_TAUX: SaisieBareme,
    Sorte.BAREME_MONTANT: SaisieBareme,
    Sorte.CODES: SaisieCodes,
    Sorte.CONDITION: SaisieCondition,
}


def saisie_de(champ: ChampRegle, prefixe: str, mots: Vocabulaires) -> Saisie:
    """How that key is typed: a new kind of rule needs nothing here, a new kind of value its class."""
    if champ.sorte is Sorte.BLOCS:
        return SaisieBlocs(champ, prefixe, mots)
    return _CLASSES.get(champ.sorte, SaisieSimple)(champ, prefixe, mots)


class SaisieBlocs(Saisie):
    """A list of blocks, each typed by its own keys; a block left empty is ignored."""

    nombre = 1

    def mesurer(self, brut: Any, donnees: Mapping[str, Any] | None) -> None:
        blocs = brut if isinstance(brut, list) else []
        self.nombre = min(LIGNES_MAX, nombre_de_lignes(self.prefixe, len(blocs), donnees, 1))
        self.blocs: list[list[Saisie]] = []
        for rang in range(self.nombre):
            bloc = blocs[rang] if rang < len(blocs) and isinstance(blocs[rang], dict) else {}
            saisies = [saisie_de(c, self.nom(f"{rang}-{c.cle}"), self.mots) for c in self.champ.champs]
            for saisie in saisies:
                saisie.preparer(bloc.get(saisie.champ.cle, ABSENT), donnees)
            self.blocs.append(saisies)

    def compteurs(self) -> dict[str, int]:
        if self.en_texte:
            return {}
        internes = {nom: n for bloc in self.blocs for s in bloc for nom, n in s.compteurs().items()}
        return {self.nom("nombre"): self.nombre} | internes

    def champs_guides(self) -> dict[str, forms.Field]:
        champs: dict[str, forms.Field] = {self.nom("nombre"): champ_nombre()}
        for bloc in self.blocs:
            for saisie in bloc:
                champs |= saisie.champs()
        return champs

    def initiales_guidees(self, brut: Any) -> dict[str, Any]:
        return {nom: v for bloc in self.blocs for saisie in bloc for nom, v in saisie.initiales().items()}

    def lire(self, donnees: Mapping[str, Any]) -> Any:
        lus = []
        for bloc in self.blocs:
            valeurs = {s.champ.cle: v for s in bloc if (v := s.valeur(donnees)) is not ABSENT}
            if any(v != {"valeur": None} for v in valeurs.values()):
                lus.append(valeurs)
        return lus or ABSENT

    def montrer_guidee(self, form: forms.Form) -> Groupe:
        blocs = tuple(tuple(saisie.montrer(form) for saisie in bloc) for bloc in self.blocs)
        return self.groupe(
            form,
            "reglements/saisies/_blocs.html",
            champs=(form[self.nom("nombre")],),
            blocs=blocs,
            peut_ajouter=True,
        )


class RegleForm(VersionFormMixin, forms.Form):
    """`brute` (constructor) is the rule as stored; `est_a_revoir`: only a new showing is asked."""

    def __init__(
        self,
        donnees: Any = None,
        *,
        classe: type[Regle],
        brute: Mapping[str, Any],
        mots: Vocabulaires,
        version: int,
    ) -> None:
        if donnees is not None:
            donnees = donnees.copy()
        super().__init__(donnees)
        self.fields["version_lue"].initial = version
        self.classe, self.mots = classe, mots
        self._stockee = brute
        self._saisie: dict[str, Any] | None = None
        self.en_plus = {c: v for c, v in brute.items() if c not in self._cles()}
        propres = [saisie_de(c, c.cle, mots) for c in classe.CHAMPS]
        communes = [saisie_de(c, c.cle, mots) for c in CHAMPS_COMMUNS]
        self.saisies = [*propres, *communes]
        self._nombre_propres = len(propres)
        for saisie in self.saisies:
            saisie.preparer(brute.get(saisie.champ.cle, ABSENT), donnees)
            self.fields.update(saisie.champs())
            self.initial.update(saisie.initiales())
            for nom, nombre in saisie.compteurs().items():
                self.initial[nom] = nombre
                if donnees is not None:
                    donnees[nom] = str(nombre)
            if donnees is not None and isinstance(saisie, SaisieBareme) and saisie.toutes:
                saisie.completer(donnees)

    def _cles(self) -> set[str]:
        return {"genre", *(c.cle for c in (*CHAMPS_COMMUNS, *self.classe.CHAMPS))}

    @property
    def est_a_revoir(self) -> bool:
        return any(geste in self.data for geste in ("_ajouter", "_toutes", "_actualiser"))

    @property
    def est_lisible(self) -> bool:
        """Every field could be read, even if the règlement refuses the rule."""
        return self._saisie is not None

    @property
    def propres(self) -> list[Groupe]:
        """The keys of the kind."""
        return [s.montrer(self) for s in self.saisies[: self._nombre_propres]]

    @property
    def communs(self) -> list[Groupe]:
        """Code, title, condition: what every rule may have."""
        return [s.montrer(self) for s in self.saisies[self._nombre_propres :]]

    def brute(self) -> dict[str, Any]:
        """The rule as it will be stored, right or wrong. Call it on a form that is read (`est_lisible`)."""
        assert self._saisie is not None
        return self._saisie

    def _composer(self, donnees: Mapping[str, Any]) -> dict[str, Any]:
        """Keys that no form shows are kept as they were."""
        valeurs = {s.champ.cle: s.valeur(donnees) for s in self.saisies}
        communes = {c.cle for c in CHAMPS_COMMUNS}
        ordre = [*(c for c in valeurs if c in communes), *(c for c in valeurs if c not in communes)]
        lues = {cle: valeurs[cle] for cle in ordre if valeurs[cle] is not ABSENT}
        return {"genre": self.classe.GENRE, **lues, **self.en_plus}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if self.errors:
            return donnees
        self._saisie = self._composer(donnees)
        if not self.est_a_revoir:
            try:
                for demonstration in (False, True):
                    lire_regle(self._saisie, demonstration, self.mots.tous_libelles())
            except ReglementInvalide as erreur:
                self._porter(str(erreur))
        return donnees

    def _porter(self, message: str) -> None:
        """Puts the refusal on the field of the key that it names, else on the whole form."""
        cites = re.findall(r"«\s*([\w.]+)\s*»", message)
        for saisie in self.saisies:
            if saisie.champ.cle in cites or re.match(rf"{saisie.champ.cle}\b", message):
                self.add_error(saisie.premier_champ(), message)
                return
        self.add_error(None, message)

    def phrase(self, demonstration: bool, lignes: LignesLegales) -> str:
        """The rule in French, as typed, else as stored; empty while it cannot be read."""
        libelles = self.mots.tous_libelles()
        brute = self._saisie if self.is_bound else self._stockee
        try:
            return lire_regle(brute or {}, demonstration, libelles).enonce_complet(libelles, lignes)
        except ReglementInvalide:
            return ""
