"""What an avenant does to the money before it is proposed: envelope, years, themes, owners, inhabitants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO, arrondir, etaler

from .comparaison import Comparaison, TotalCompare, comparer
from .consolidation import Consolide, appliquer
from .etat import EtatContractuel
from .mouvements import Mouvement


@dataclass(frozen=True, slots=True)
class EffetAnnee:
    """Commitments (AP) and payments (CP) of a year, in euros; `annee` None: lines without a year."""

    annee: int | None
    ap_avant: Decimal
    ap_apres: Decimal
    cp_avant: Decimal
    cp_apres: Decimal


@dataclass(frozen=True, slots=True)
class EffetHabitant:
    """Euros of aid per inhabitant of an owner, to the cent."""

    nom: str
    habitants: int
    avant: Decimal
    apres: Decimal


@dataclass(frozen=True, slots=True)
class Effets:
    """Before and after. `refus`: the movements that do not apply, in French."""

    comparaison: Comparaison
    enveloppe: Decimal | None
    sur_enveloppe_avant: Decimal
    sur_enveloppe_apres: Decimal
    annees: tuple[EffetAnnee, ...]
    habitants: tuple[EffetHabitant, ...] = ()
    refus: tuple[str, ...] = ()

    @property
    def solde_avant(self) -> Decimal | None:
        return None if self.enveloppe is None else self.enveloppe - self.sur_enveloppe_avant

    @property
    def solde_apres(self) -> Decimal | None:
        """Negative when the envelope would be exceeded."""
        return None if self.enveloppe is None else self.enveloppe - self.sur_enveloppe_apres

    @property
    def depasse(self) -> bool:
        """The avenant makes the envelope exceeded, or more so."""
        avant, apres = self.solde_avant, self.solde_apres
        return apres is not None and avant is not None and apres < 0 and apres < avant

    @property
    def themes_changes(self) -> tuple[TotalCompare, ...]:
        return tuple(t for t in self.comparaison.par_theme if _change(t))

    @property
    def maitres_ouvrage_changes(self) -> tuple[TotalCompare, ...]:
        return tuple(t for t in self.comparaison.par_maitre_ouvrage if _change(t))


def effets(
    etat: EtatContractuel,
    mouvements: Sequence[Mouvement],
    parts: Sequence[Decimal],
    habitants: Mapping[str, int] | None = None,
    connu: Consolide | None = None,
) -> Effets:
    """`parts`: shares of an aid paid from its year on, together 1; `habitants` by owner's name."""
    apres, refus = appliquer(etat, mouvements, connu)
    comparaison = comparer(etat, apres)
    changes = [t for t in comparaison.par_maitre_ouvrage if _change(t)]
    return Effets(
        comparaison,
        etat.enveloppe,
        etat.aides_sur_enveloppe,
        apres.aides_sur_enveloppe,
        _annees(etat, apres, parts),
        tuple(
            EffetHabitant(t.libelle, n, arrondir(t.aide_avant / n), arrondir(t.aide_apres / n))
            for t in changes
            if (n := (habitants or {}).get(t.libelle))
        ),
        tuple(refus),
    )


def _change(t: TotalCompare) -> bool:
    return bool(t.ecart) or t.nombre_avant != t.nombre_apres


def _echeancier(
    etat: EtatContractuel, parts: Sequence[Decimal]
) -> tuple[dict[int | None, Decimal], dict[int | None, Decimal]]:
    ap: dict[int | None, Decimal] = {}
    cp: dict[int | None, Decimal] = {}
    for ligne in etat.lignes:
        ap[ligne.annee] = ap.get(ligne.annee, ZERO) + ligne.aide
        if ligne.annee is None:
            cp[None] = cp.get(None, ZERO) + ligne.aide
            continue
        for rang, montant in enumerate(etaler(ligne.aide, parts)):
            annee = ligne.annee + rang
            cp[annee] = cp.get(annee, ZERO) + montant
    return ap, cp


def _annees(
    avant: EtatContractuel, apres: EtatContractuel, parts: Sequence[Decimal]
) -> tuple[EffetAnnee, ...]:
    """Every year of either state; the column of payments adds up to that of commitments."""
    (ap0, cp0), (ap1, cp1) = _echeancier(avant, parts), _echeancier(apres, parts)
    annees = sorted({*ap0, *cp0, *ap1, *cp1}, key=lambda a: (a is None, a or 0))
    return tuple(
        EffetAnnee(a, ap0.get(a, ZERO), ap1.get(a, ZERO), cp0.get(a, ZERO), cp1.get(a, ZERO)) for a in annees
    )
