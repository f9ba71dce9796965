"""What of the table is shown, and under which headings: the filter and the groups kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from arpent.metier.argent import ZERO, formater_nombre

from ..imputations import Ouverts
from ..passerelle import SANS_THEME, LigneArbitrage
from ..tableaux import DECISIONS, Rangee, ecrire, rangee_de

GROUPES: dict[str, tuple[str, Callable[[LigneArbitrage], str]]] = {
    "theme": ("Thème", lambda x: x.ligne.theme or SANS_THEME),
    "porteur": ("Maître d’ouvrage", lambda x: x.ligne.maitre_ouvrage),
    "axe": ("Axe", lambda x: x.ligne.axe or "Sans axe"),
    "annee": ("Année", lambda x: str(x.ligne.annee or "Sans année")),
    "fonds": ("Fonds", lambda x: x.imputation.fonds.libelle if x.imputation else "Sans fonds"),
}


@dataclass(frozen=True, slots=True)
class Filtre:
    """What the reader asked to see. An unknown value shows nothing rather than everything."""

    theme: str = ""
    porteur: str = ""
    decision: str = ""
    q: str = ""
    grouper: str = ""

    @property
    def est_actif(self) -> bool:
        return bool(self.theme or self.porteur or self.decision or self.q)

    def garde(self, x: LigneArbitrage) -> bool:
        ligne = x.ligne
        texte = f"{ligne.numero} {ligne.titre} {ligne.maitre_ouvrage} {ligne.theme}".casefold()
        return (
            self.theme in ("", ligne.theme)
            and self.porteur in ("", ligne.maitre_ouvrage)
            and self.decision in ("", ligne.decision)
            and all(mot in texte for mot in self.q.casefold().split())
        )


def lire_filtre(requete: Mapping[str, str]) -> Filtre:
    valeurs = {nom: str(requete.get(nom, "")).replace("\x00", "")[:200] for nom in Filtre.__slots__}
    if valeurs["grouper"] not in GROUPES:
        valeurs["grouper"] = ""
    return Filtre(**valeurs)


@dataclass(frozen=True, slots=True)
class Groupe:
    """Rows under one heading, with their subtotals. One group without a heading when nothing is grouped."""

    titre: str
    rangees: tuple[Rangee, ...]
    cout: str
    demande: str
    propose: str


def grouper(lignes: Sequence[LigneArbitrage], rangees: Mapping[str, Rangee], par: str) -> list[Groupe]:
    """Groups in alphabetical order, the rows of each in the order given."""
    cle = GROUPES[par][1] if par else (lambda _: "")
    paquets: dict[str, list[LigneArbitrage]] = {}
    for x in lignes:
        paquets.setdefault(cle(x), []).append(x)
    return [
        Groupe(
            titre,
            tuple(rangees[str(x.fiche.pk)] for x in paquet),
            ecrire(sum((x.ligne.cout_ht for x in paquet), ZERO)),
            ecrire(sum((x.ligne.aide_demandee for x in paquet), ZERO)),
            formater_nombre(sum((x.ligne.aide_comptee for x in paquet), ZERO), 2),
        )
        for titre, paquet in sorted(paquets.items())
    ]


@dataclass(frozen=True, slots=True)
class Choix:
    """One list of the filter."""

    nom: str
    libelle: str
    tous: str
    options: tuple[tuple[str, str], ...]
    valeur: str


def choix_du_filtre(
    lignes: Sequence[LigneArbitrage], filtre: Filtre, *, avec_fonds: bool = False
) -> list[Choix]:
    """`avec_fonds`: the territory has several funds, one may group by fund."""

    def valeurs(noms: set[str]) -> tuple[tuple[str, str], ...]:
        return tuple((nom, nom) for nom in sorted(noms))

    groupes = tuple(
        (code, libelle) for code, (libelle, _) in GROUPES.items() if avec_fonds or code != "fonds"
    )
    porteurs = valeurs({x.ligne.maitre_ouvrage for x in lignes})
    return [
        Choix("theme", "Thème", "Tous", valeurs({x.ligne.theme for x in lignes}), filtre.theme),
        Choix("porteur", "Maître d’ouvrage", "Tous", porteurs, filtre.porteur),
        Choix("decision", "Décision", "Toutes", DECISIONS, filtre.decision),
        Choix("grouper", "Grouper par", "Rien", groupes, filtre.grouper),
    ]


def rangees_de(lignes: Sequence[LigneArbitrage], slug: str, ouverts: Ouverts) -> dict[str, Rangee]:
    """Rows by fiche pk, as text."""
    return {str(x.fiche.pk): rangee_de(x, slug, ouverts) for x in lignes}
