"""What the pages of the equity print: each grouping with its finding, what it was, and the measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import arrondir, formater_euros, formater_taux
from arpent.metier.repartition import Inegalites
from arpent.metier.scenarios.equite import (
    ENTRE,
    Axe,
    Groupe,
    Lecture,
    Rapprochement,
    Regroupement,
    constat,
    ecrire_euros,
    lecture_inegalites,
    rapprocher,
    regrouper,
)

from .etats import Etat
from .lieux import Lieux

TITRES = {
    Axe.COMMUNE: "Par commune",
    Axe.EPCI: "Par intercommunalité",
    Axe.TERRITOIRE: "Par territoire",
    Axe.CLASSE: "Par classe de vulnérabilité",
    Axe.TAILLE: "Par taille du maître d’ouvrage",
    Axe.THEME: "Par thème",
}
COLONNES = {
    Axe.COMMUNE: "Commune", Axe.EPCI: "Intercommunalité", Axe.TERRITOIRE: "Territoire", Axe.CLASSE: "Classe",
    Axe.TAILLE: "Taille", Axe.THEME: "Thème",
}  # fmt: skip
DU_TERRITOIRE = (Axe.COMMUNE, Axe.EPCI, Axe.CLASSE, Axe.TAILLE, Axe.THEME)
DU_DISPOSITIF = (Axe.TERRITOIRE, Axe.CLASSE, Axe.TAILLE, Axe.THEME)
LECTURES = {
    Lecture.TRAVAUX: "comptés à part",
    Lecture.HABITANT: "répartis à l’habitant",
}


@dataclass(frozen=True, slots=True)
class Ligne:
    """One row: the group, its shares, and what it was (None: nothing is compared)."""

    groupe: Groupe
    avant: Groupe | None
    part_euros: Decimal | None
    part_habitants: Decimal | None
    part_avant: Decimal | None = None

    @property
    def montant_avant(self) -> Decimal | None:
        return self.avant.montant if self.avant else None

    @property
    def par_habitant_avant(self) -> Decimal | None:
        return self.avant.par_habitant if self.avant else None

    @property
    def parts_ecrites(self) -> tuple[str | None, str]:
        """Share of the euros before (None: nothing is compared) and now."""
        ici = formater_taux(self.part_euros)
        return (formater_taux(self.part_avant) if self.avant else None), ici


@dataclass(frozen=True, slots=True)
class Section:
    """One grouping."""

    axe: Axe
    regroupement: Regroupement
    avant: Regroupement | None
    lignes: tuple[Ligne, ...]

    @property
    def titre(self) -> str:
        return TITRES[self.axe]

    @property
    def legende(self) -> str:
        return f"Aides rapportées aux habitants, {self.titre[0].lower()}{self.titre[1:]}"

    @property
    def colonne(self) -> str:
        return COLONNES[self.axe]

    @property
    def constat(self) -> str:
        return constat(self.regroupement)

    @property
    def est_seule(self) -> bool:
        """All the euros are in one EPCI or one class: the table would say the total again."""
        return self.axe in (Axe.EPCI, Axe.CLASSE) and len(self.lignes) == 1

    @property
    def classe_tableau(self) -> str:
        """The long list of the communes scrolls on a phone, the others become cards."""
        return "large serre" if self.axe is Axe.COMMUNE else "fiches serre"

    @property
    def ensemble(self) -> Ligne:
        """The foot of the table: what the groups and what is apart make together."""
        r, a = self.regroupement, self.avant
        gens = None if r.inconnues else r.habitants
        ici = Groupe("", "Ensemble", r.projets, r.total, gens)
        la = None if a is None else Groupe("", "Ensemble", a.projets, a.total, gens)
        tout = Decimal(1)
        return Ligne(ici, la, tout if r.total else None, None, tout if a and a.total else None)

    @property
    def a_des_habitants(self) -> bool:
        """A theme is for everybody: it has no inhabitants of its own."""
        return self.axe is not Axe.THEME


@dataclass(frozen=True, slots=True)
class Equite:
    """The whole page, section by section; `seuls`: the groupings of one group, only named."""

    apres: Etat
    avant: Etat | None
    lecture: Lecture
    sections: tuple[Section, ...]
    seuls: tuple[Section, ...]
    sans_classe: bool

    @property
    def compare(self) -> Etat | None:
        """What each cell is beside; None also when nothing is known of it."""
        return self.avant if self.avant and self.avant.existe else None

    @property
    def principale(self) -> Section:
        """Communes of a territory, territories of a dispositif: where the gap is measured."""
        return self.sections[0]

    @property
    def total(self) -> Decimal:
        return self.principale.regroupement.total

    @property
    def total_avant(self) -> Decimal | None:
        return self.principale.avant.total if self.principale.avant else None

    @property
    def par_habitant(self) -> Decimal | None:
        return _par_habitant(self.principale.regroupement)

    @property
    def par_habitant_avant(self) -> Decimal | None:
        return _par_habitant(self.principale.avant) if self.principale.avant else None

    @property
    def mesure(self) -> Inegalites | None:
        return self.principale.regroupement.inegalites

    @property
    def mesure_avant(self) -> Inegalites | None:
        return self.principale.avant.inegalites if self.principale.avant else None

    @property
    def mesure_dite(self) -> str:
        return self.mesure.dire(ENTRE[self.principale.axe]) if self.mesure else ""

    @property
    def mouvement(self) -> str:
        return lecture_inegalites(self.mesure_avant, self.mesure)

    @property
    def inconnues(self) -> tuple[str, ...]:
        return self.principale.regroupement.inconnues

    @property
    def titre(self) -> str:
        """The finding of the page."""
        if not self.total:
            return "Aucune aide n’est encore proposée"
        if self.par_habitant is None:
            return f"{formater_euros(self.total, centimes=False)} d’aides"
        return f"Les aides font {ecrire_euros(self.par_habitant)} par habitant"


def _par_habitant(r: Regroupement) -> Decimal | None:
    """All the aids, those apart included, over everybody; None when one population is unknown."""
    return arrondir(r.total / r.habitants) if r.habitants and not r.inconnues else None


def lire(axes: Sequence[Axe], lieux: Lieux, apres: Etat, avant: Etat | None, lecture: Lecture) -> Equite:
    """No query. The class is left out when the dispositif has no model that can be applied."""
    noms = {**lieux.classes, **lieux.noms}
    gardes = [axe for axe in axes if axe is not Axe.CLASSE or lieux.classes]
    ancien = avant if avant and avant.existe else None
    sections = [_section(axe, lieux, apres, ancien, lecture, noms) for axe in gardes]
    principale, *autres = sections
    montrees = (principale, *(s for s in autres if not s.est_seule))
    seuls = tuple(s for s in autres if s.est_seule)
    return Equite(apres, avant, lecture, montrees, seuls, len(gardes) < len(axes))


def _section(
    axe: Axe, lieux: Lieux, apres: Etat, avant: Etat | None, lecture: Lecture, noms: Mapping[str, str]
) -> Section:
    r = regrouper(axe, apres.aides, lieux.communes, lecture, noms)
    ancien = None if avant is None else regrouper(axe, avant.aides, lieux.communes, lecture, noms)
    return Section(axe, r, ancien, tuple(_ligne(x, r, ancien) for x in rapprocher(r, ancien)))


def _ligne(x: Rapprochement, r: Regroupement, ancien: Regroupement | None) -> Ligne:
    avant = ancien.part_euros(x.avant) if ancien and x.avant else None
    return Ligne(x.groupe, x.avant, r.part_euros(x.groupe), r.part_habitants(x.groupe), avant)
