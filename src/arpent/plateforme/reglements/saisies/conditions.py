"""A condition typed as comparisons in groups: two levels of « et » and « ou », shown in plain French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.datastructures import MultiValueDict

from arpent.metier.reglement.champs import ANCIENS_NOMS, CHAMPS, FAMILLES_DE_CHAMPS, TypeChamp

from .base import (
    ABSENT,
    LIGNES_MAX,
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

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("=", "est"),
    ("!=", "n’est pas"),
    ("parmi", "est parmi"),
    ("<", "moins de"),
    ("<=", "au plus"),
    (">=", "au moins"),
    (">", "plus de"),
    ("connu", "est renseigné"),
    ("inconnu", "n’est pas renseigné"),
)
LIAISONS = (
    ("ou", "Toutes les lignes d’un groupe sont exigées ; un groupe suffit"),
    ("et", "Une ligne par groupe suffit ; tous les groupes sont exigés"),
)
GROUPES = [(str(n), str(n)) for n in range(1, 10)]
Feuille = dict[str, Any]
OUI_NON = (("oui", "oui"), ("non", "non"))


class Posee(NamedTuple):
    """A row as it stands: its field, its comparison, its values."""

    champ: str
    est: str
    valeurs: tuple[str, ...]


def _posees_gardees(brut: Any) -> list[Posee]:
    """The rows of a stored condition, in the order of `SaisieCondition.initiales_guidees`."""
    posees = []
    for feuille in (f for groupe in decomposer(brut)[1] for f in groupe):
        est, valeur = _operation(feuille)
        champ = ecrit(feuille.get("champ"))
        valeurs = valeur.split(",") if est == "parmi" else [valeur]
        posees.append(
            Posee(ANCIENS_NOMS.get(champ, champ), est, tuple(v.strip() for v in valeurs if v.strip()))
        )
    return posees


def options_champs(types: tuple[TypeChamp, ...] | None = None) -> list[tuple[str, str]]:
    """Fields of a project by their French name, families last (their code is typed beside)."""
    noms = [(c.nom, _capitale(c.libelle)) for c in CHAMPS.values() if types is None or c.type in types]
    return [*noms, *((famille, _capitale(libelle)) for famille, libelle in FAMILLES_DE_CHAMPS.items())]


def _capitale(libelle: str) -> str:
    return libelle[:1].upper() + libelle[1:]


def nom_complet(donnees: Mapping[str, Any], nom: str) -> str:
    """« population », or « indicateur.potentiel_fiscal » from the two fields."""
    famille = lu(donnees, nom)
    code = lu(donnees, f"{nom}-code").replace(" ", "_")
    return f"{famille}.{code}" if famille in FAMILLES_DE_CHAMPS and code else famille


def nom_en_champs(nom: str, ecrit_: str) -> dict[str, Any]:
    famille, _, code = ecrit_.partition(".")
    if code and famille in FAMILLES_DE_CHAMPS:
        return {nom: famille, f"{nom}-code": code}
    return {nom: ANCIENS_NOMS.get(ecrit_, ecrit_), f"{nom}-code": ""}


class SaisieCondition(Saisie):
    """Rows « groupe, champ, opération, valeur »."""

    nombre = 2
    vides = 1

    def mesurer(self, brut: Any, donnees: Mapping[str, Any] | None) -> None:
        self.posees = self._posees_envoyees(donnees) if donnees is not None else _posees_gardees(brut)
        presentes = sum(len(g) for g in decomposer(brut)[1]) if brut is not ABSENT else 0
        self.nombre = nombre_de_lignes(self.prefixe, presentes, donnees, self.vides if presentes else 2)

    def _posees_envoyees(self, donnees: Mapping[str, Any]) -> list[Posee]:
        """What the page sent, row by row."""
        posees = []
        for rang in range(LIGNES_MAX):
            nom = self.nom(str(rang))
            brut = donnees.getlist(f"{nom}-valeur") if isinstance(donnees, MultiValueDict) else []
            champ, est = nom_complet(donnees, f"{nom}-champ"), lu(donnees, f"{nom}-est")
            posees.append(Posee(champ, est, tuple(v.strip()[:500] for v in brut if v.strip())))
        return posees

    def _valeur(self, rang: int) -> forms.Field:
        """The value of a row: chosen in a list once its field is known and coded, else typed."""
        posee = self.posees[rang] if rang < len(self.posees) else Posee("", "", ())
        connu = CHAMPS.get(posee.champ)
        options = OUI_NON if connu and connu.type is TypeChamp.BOOLEEN else self.mots.du_champ(posee.champ)
        if not options or posee.est in {"connu", "inconnu"}:
            return texte("Valeur")
        # A code that the dispositif does not know stays as it was written.
        codes = {code for code, _ in options}
        options = (*options, *((v, v) for v in posee.valeurs if v not in codes))
        if posee.est == "parmi" or len(posee.valeurs) > 1:
            return forms.MultipleChoiceField(
                label="Valeur", choices=options, required=False,
                widget=forms.SelectMultiple(attrs={"size": min(len(options), 6)}),
            )  # fmt: skip
        return choix("Valeur", [("", "—"), *options])

    def compteurs(self) -> dict[str, int]:
        return {} if self.en_texte else {self.nom("nombre"): self.nombre}

    def _ligne(self, rang: int) -> dict[str, forms.Field]:
        nom = self.nom(str(rang))
        return {
            f"{nom}-groupe": choix("Groupe", GROUPES),
            f"{nom}-champ": choix("Donnée du projet", [("", "—"), *options_champs()]),
            f"{nom}-champ-code": texte("Code", court=True),
            f"{nom}-est": choix("Comparaison", OPERATIONS),
            f"{nom}-valeur": self._valeur(rang),
        }

    def champs_guides(self) -> dict[str, forms.Field]:
        champs: dict[str, forms.Field] = {
            self.nom("nombre"): champ_nombre(),
            self.nom("liaison"): choix("Comment les lignes se combinent", LIAISONS),
        }
        for rang in range(self.nombre):
            champs |= self._ligne(rang)
        return champs

    def initiales_guidees(self, brut: Any) -> dict[str, Any]:
        liaison, groupes = decomposer(brut)
        initiales: dict[str, Any] = {self.nom("liaison"): liaison}
        rangs = iter(range(self.nombre))
        for numero, groupe in enumerate(groupes, 1):
            for feuille in groupe:
                rang = next(rangs, None)
                if rang is None:
                    return {}
                nom = self.nom(str(rang))
                est, valeur = _operation(feuille)
                initiales |= nom_en_champs(f"{nom}-champ", ecrit(feuille.get("champ")))
                multiple = isinstance(self._valeur(rang), forms.MultipleChoiceField)
                valeurs = [v.strip() for v in valeur.split(",")] if multiple else valeur
                initiales |= {f"{nom}-groupe": str(numero), f"{nom}-est": est, f"{nom}-valeur": valeurs}
        return initiales

    def lire(self, donnees: Mapping[str, Any]) -> Any:
        groupes: dict[str, list[Feuille]] = {}
        for rang in range(self.nombre):
            nom = self.nom(str(rang))
            champ = nom_complet(donnees, f"{nom}-champ")
            if champ:
                est, valeur = lu(donnees, f"{nom}-est"), donnees.get(f"{nom}-valeur")
                if isinstance(valeur, list):
                    est = "parmi" if est == "=" and len(valeur) > 1 else est
                    valeur = ", ".join(valeur)
                feuille = self._feuille(champ, est, str(valeur or "").strip())
                groupes.setdefault(lu(donnees, f"{nom}-groupe") or "1", []).append(feuille)
        ordonnes = [groupes[numero] for numero in sorted(groupes)]
        return composer(lu(donnees, self.nom("liaison")) or "ou", ordonnes) if ordonnes else ABSENT

    def _feuille(self, champ: str, est: str, valeur: str) -> Feuille:
        if est in {"connu", "inconnu"}:
            return {"champ": champ, "renseigne": est == "connu"}
        if est == "parmi":
            codes = [self.mots.code_de(champ, v) for v in valeur.split(",")]
            return {"champ": champ, "parmi": [c for c in codes if c]}
        connu = CHAMPS.get(champ)
        if connu is not None and connu.type is TypeChamp.BOOLEEN:
            return {"champ": champ, "est": est or "=", "valeur": valeur.casefold() in {"oui", "true", "vrai"}}
        return {
            "champ": champ,
            "est": est or "=",
            "valeur": nombre_ou_texte(self.mots.code_de(champ, valeur)),
        }

    def montrer_guidee(self, form: forms.Form) -> Groupe:
        lignes = tuple(tuple(form[nom] for nom in self._ligne(rang)) for rang in range(self.nombre))
        return self.groupe(
            form,
            "reglements/saisies/_condition.html",
            champs=(form[self.nom("nombre")], form[self.nom("liaison")]),
            colonnes=("Groupe", "Donnée du projet", "Code (indicateur, quantité)", "Comparaison", "Valeur"),
            lignes=lignes,
            peut_ajouter=True,
        )


def _operation(feuille: Feuille) -> tuple[str, str]:
    """(operation, value as typed) of a comparison."""
    if "renseigne" in feuille:
        return ("connu" if feuille["renseigne"] is True else "inconnu"), ""
    if "parmi" in feuille:
        codes = feuille["parmi"]
        return "parmi", ", ".join(map(str, codes)) if isinstance(codes, list) else ""
    return ecrit(feuille.get("est")) or "=", ecrit(feuille.get("valeur"))


def composer(liaison: str, groupes: list[list[Feuille]]) -> dict[str, Any]:
    """The tree of the groups: `liaison` is between them, the other one inside."""
    dedans = "et" if liaison == "ou" else "ou"
    noeuds = [g[0] if len(g) == 1 else {dedans: g} for g in groupes]
    return noeuds[0] if len(noeuds) == 1 else {liaison: noeuds}


def decomposer(brut: Any) -> tuple[str, list[list[Feuille]]]:
    """(liaison, groups) of a tree of two levels; no group when it is deeper or is not a tree."""
    for liaison, dedans in (("ou", "et"), ("et", "ou")):
        groupes = _groupes(brut, liaison, dedans)
        if groupes is not None and not (
            liaison == "ou" and len(groupes) > 1 and all(len(g) == 1 for g in groupes)
        ):
            return liaison, groupes
    groupes = _groupes(brut, "ou", "et")
    return "ou", groupes or []


def _groupes(brut: Any, liaison: str, dedans: str) -> list[list[Feuille]] | None:
    branches = brut.get(liaison) if isinstance(brut, dict) and set(brut) == {liaison} else [brut]
    groupes = [_feuilles(branche, dedans) for branche in branches] if isinstance(branches, list) else [None]
    return [g for g in groupes if g] if all(groupes) and len(groupes) <= len(GROUPES) else None


def _feuilles(branche: Any, dedans: str) -> list[Feuille] | None:
    if not isinstance(branche, dict):
        return None
    if set(branche) == {dedans}:
        fils = branche[dedans]
        return fils if isinstance(fils, list) and fils and all(_est_feuille(f) for f in fils) else None
    return [branche] if _est_feuille(branche) else None


def _est_feuille(noeud: Any) -> bool:
    return isinstance(noeud, dict) and "champ" in noeud
