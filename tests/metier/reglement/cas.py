"""Worked cases of `dispositifs/exemples/*.cas.yaml`, as values.

A case gives `projet` (the fields of `metier.reglement.champs`, amounts as people write them), the largest aid
expected (`aide`), the article of the binding cap (`article`, null: none), and maybe the `verdict`, an extract
of one explanation or arithmetic (`explication`), the day (`le`) and `demonstration`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D
from importlib.resources import files
from typing import Any

import yaml

from arpent.metier.argent import lire_montant
from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import AideAnterieure, CadreJuridique, Enveloppe, Poste, Projet

DISPOSITIFS = files("arpent.dispositifs")
EXEMPLES = DISPOSITIFS / "exemples"


@dataclass(frozen=True, slots=True)
class Cas:
    """One worked case, and the règlement it is about."""

    fichier: str
    reglement: Mapping[str, Any]
    donnees: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.fichier} : {self.donnees['nom']}"


def lire_yaml(chemin: Any) -> dict[str, Any]:
    lu: dict[str, Any] = yaml.safe_load(chemin.read_text(encoding="utf-8"))
    return lu


def fichiers(suffixe: str) -> list[str]:
    """Names of the example files that end so, without the suffix."""
    return sorted(f.name.removesuffix(suffixe) for f in EXEMPLES.iterdir() if f.name.endswith(suffixe))


def reglements() -> list[str]:
    """The example règlements, by name."""
    return [nom for nom in fichiers(".yaml") if not nom.endswith((".cas", ".fonds"))]


def tous_les_cas() -> Iterator[Cas]:
    for nom in fichiers(".cas.yaml"):
        lu = lire_yaml(EXEMPLES / f"{nom}.cas.yaml")
        livre = lu.get("reglement")
        chemin = DISPOSITIFS / livre / "reglement.yaml" if livre else EXEMPLES / f"{nom}.yaml"
        yield from (Cas(nom, lire_yaml(chemin), donnees) for donnees in lu["cas"])


def projet(donnees: Mapping[str, Any]) -> Projet:
    """The project of a case: a commune's structuring investment, with no aid asked, unless said otherwise."""
    reste = dict(donnees)
    cout = lire_montant(reste.pop("cout_ht"))
    lu = Projet(
        titre="Cas",
        theme=reste.pop("theme", ""),
        maturite=reste.pop("maturite", "structurant"),
        nature_depense=reste.pop("nature_depense", "investissement"),
        beneficiaire_nature=reste.pop("beneficiaire", "commune"),
        beneficiaire_population=reste.pop("population", 1000),
        cout_ht=cout,
        assiette=_montant(reste.pop("assiette", None)),
        aide_demandee=_montant(reste.pop("aide_demandee", None)) or D("0.00"),
        financements=tuple(_financement(f) for f in reste.pop("financements", [])),
        classe_vulnerabilite=reste.pop("classe", None),
        a_deliberation=reste.pop("deliberation", False),
        derogation=None,
        categorie=reste.pop("categorie", ""),
        territoire=reste.pop("territoire", ""),
        listes=_codes(reste.pop("listes", None)),
        criteres=tuple(reste.pop("criteres", [])),
        pieces=_codes(reste.pop("pieces", None)),
        indicateurs=_nombres(reste.pop("indicateurs", {})),
        depenses=_montants(reste.pop("depenses", None)),
        quantites=_nombres(reste.pop("quantites", {})),
        annee=reste.pop("annee", None),
        engage_le=reste.pop("engage_le", None),
        rang=reste.pop("rang", None),
        au_programme=reste.pop("au_programme", None),
        aides_anterieures=_liste(reste.pop("anterieures", None), _anterieure),
        enveloppes=_liste(reste.pop("enveloppes", None), _enveloppe),
        poste=_poste(reste.pop("poste", None)),
        en_contrat=reste.pop("en_contrat", False),
        commence_le=reste.pop("commence_le", None),
        cadre=CadreJuridique(chef_de_file=reste.pop("chef_de_file", None)),
    )
    assert not reste, f"clé inconnue dans un cas : {', '.join(reste)}"
    return lu


def jour(cas: Mapping[str, Any], defaut: date) -> date:
    lu: date = cas.get("le", defaut)
    return lu


def _montant(texte: Any) -> D | None:
    return None if texte is None else lire_montant(str(texte))


def _nombre(texte: Any) -> D:
    return D(str(texte).replace(",", "."))


def _nombres(table: Mapping[str, Any]) -> dict[str, D]:
    return {code: _nombre(valeur) for code, valeur in table.items()}


def _montants(table: Mapping[str, Any] | None) -> dict[str, D] | None:
    return None if table is None else {code: lire_montant(valeur) for code, valeur in table.items()}


def _codes(liste: list[str] | None) -> tuple[str, ...] | None:
    return None if liste is None else tuple(liste)


def _liste(blocs: list[dict[str, Any]] | None, lire: Any) -> Any:
    return None if blocs is None else tuple(lire(dict(bloc)) for bloc in blocs)


def _financement(bloc: Mapping[str, Any]) -> Financement:
    financeur = Financeur(bloc["financeur"])
    statut = StatutFinancement(bloc.get("statut", "acquis"))
    libelle = bloc.get("libelle", financeur.value)
    return Financement(financeur, libelle, lire_montant(bloc["montant"]), statut)


def _anterieure(bloc: dict[str, Any]) -> AideAnterieure:
    montants = {cle: lire_montant(bloc.pop(cle)) for cle in ("montant", "assiette") if cle in bloc}
    return AideAnterieure(**montants, **bloc)


def _enveloppe(bloc: dict[str, Any]) -> Enveloppe:
    cles = ("ouverte", "engagee", "engagee_prioritaire")
    montants = {cle: lire_montant(bloc.pop(cle)) for cle in cles if cle in bloc}
    return Enveloppe(**montants, **bloc)


def _poste(bloc: dict[str, Any] | None) -> Poste | None:
    if bloc is None:
        return None
    reste = dict(bloc)
    return Poste(reste.pop("type"), _nombre(reste.pop("quotite", "1")), **reste)
