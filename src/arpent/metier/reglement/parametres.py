"""Legal parameters: dated and sourced, apart from the formulas that use them.

A threshold of the law is never written in a formula. The table is a value handed to the rules: `LIVRES` holds
what the platform ships, and an instance completes it with its own dated lines. When a text moves, a line is
added with its date; past pré-instructions keep the value of their day. A bill that lowers the owner's minimum
share to 5 % for some small communes was before Parliament in 2025; its adoption could not be confirmed, so it
has no line.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from arpent.metier.plan_financement import Seuil


class Unite(StrEnum):
    """How the value of a parameter reads: a rate from 0 to 1, a whole number of months, days, clear days,
    inhabitants or euros, or 1 for yes and 0 for no.
    """

    TAUX = "taux"
    MOIS = "mois"
    JOURS = "jours"
    JOURS_FRANCS = "jours_francs"
    HABITANTS = "habitants"
    EUROS = "euros"
    OUI_NON = "oui_non"


LIBELLES_UNITE: dict[Unite, str] = {
    Unite.TAUX: "taux",
    Unite.MOIS: "nombre de mois",
    Unite.JOURS: "nombre de jours",
    Unite.JOURS_FRANCS: "nombre de jours francs",
    Unite.HABITANTS: "nombre d’habitants",
    Unite.EUROS: "montant en euros",
    Unite.OUI_NON: "oui ou non",
}


@dataclass(frozen=True, slots=True)
class ParametreDate:
    """A value of the law over a period; `jusqu_a` is its last day, None while it is in force.

    `valeur` None: no source was read that gives it, the instance types it in.
    """

    code: str
    libelle: str
    valeur: Decimal | None
    depuis: date
    jusqu_a: date | None
    source: str
    unite: Unite = Unite.TAUX
    note: str = ""

    def vaut(self, le: date) -> bool:
        return self.depuis <= le and (self.jusqu_a is None or le <= self.jusqu_a)

    def chevauche(self, autre: "ParametreDate") -> bool:
        """True when both say something of the same parameter on the same day."""
        if self.code != autre.code:
            return False
        a_temps = self.jusqu_a is None or autre.depuis <= self.jusqu_a
        return a_temps and (autre.jusqu_a is None or self.depuis <= autre.jusqu_a)


LignesLegales = Callable[[str], ParametreDate]
"""Gives the line of a parameter that a sentence quotes. Raises ValueError on an unknown code."""

PARTICIPATION_MINIMALE = "participation_minimale"
PARTICIPATION_CHEF_DE_FILE = "participation_chef_de_file"
PARTICIPATION_CORSE_RESEAUX = "participation_corse_reseaux"
CUMUL_AIDES_ETAT = "cumul_aides_etat"
DETR_TAUX_MINIMAL = "detr_taux_minimal"
FONDS_CONCOURS_PART = "fonds_concours_part"
FONDS_CONCOURS_AIDE_PUBLIQUE = "fonds_concours_aide_publique"
COMMENCEMENT_APRES_DOSSIER = "commencement_apres_dossier"
SILENCE_VAUT_REJET = "silence_vaut_rejet"
FCTVA = "fctva"
DETR_AVANCE = "detr_avance"
DETR_ACOMPTES = "detr_acomptes"
CONVOCATION_HABITANTS = "convocation_habitants"
CONVOCATION_DELAI = "convocation_delai"
CONVOCATION_DELAI_SOUS_SEUIL = "convocation_delai_sous_seuil"
SECONDE_REUNION_DELAI = "seconde_reunion_delai"
RAPPORTS_DEPARTEMENT_DELAI = "rapports_departement_delai"
RAPPORTS_REGION_DELAI = "rapports_region_delai"
CONVENTION_SUBVENTION = "convention_subvention"

# The texts were read in their 2014-2015 wording: the start date is that of a certain application, not of the
# first adoption. To be confirmed against the consolidated code before changing it.
_LECTURE = date(2015, 1, 1)


def _livre(
    code: str, libelle: str, valeur: str | None, source: str, unite: Unite = Unite.TAUX, note: str = ""
) -> ParametreDate:
    montant = None if valeur is None else Decimal(valeur)
    return ParametreDate(code, libelle, montant, _LECTURE, None, source, unite, note)


_DETR = "CGCT, art. R2334-24 à R2334-31"
PARAMETRES: tuple[ParametreDate, ...] = (
    _livre(
        PARTICIPATION_MINIMALE,
        "Participation minimale du maître d’ouvrage public",
        "0.20",
        "CGCT, art. L1111-10, III",
    ),
    _livre(
        PARTICIPATION_CHEF_DE_FILE,
        "Participation minimale du maître d’ouvrage dans une compétence à chef de file",
        "0.30",
        "CGCT, art. L1111-9, I",
    ),
    _livre(
        PARTICIPATION_CORSE_RESEAUX,
        "Participation minimale pour les réseaux des intercommunalités en Corse",
        "0.10",
        "CGCT, art. L1111-10, III",
    ),
    _livre(
        CUMUL_AIDES_ETAT,
        "Cumul maximal des aides publiques directes avec la DETR ou la DSIL",
        "0.80",
        "CGCT, art. R2334-27",
    ),
    _livre(DETR_TAUX_MINIMAL, "Taux minimal de la DETR", "0.20", _DETR),
    _livre(
        FONDS_CONCOURS_PART,
        "Part maximale des fonds de concours dans le reste à financer",
        "0.50",
        "CGCT, art. L5214-16 V, L5216-5 VI et L5215-26",
    ),
    _livre(
        FONDS_CONCOURS_AIDE_PUBLIQUE,
        "Le fonds de concours compte parmi les financements publics de la participation minimale",
        "1",
        "CGCT, art. L1111-10, III",
        Unite.OUI_NON,
        "Lecture à confirmer auprès de la préfecture : aucun texte consulté ne tranche ce point.",
    ),
    _livre(
        COMMENCEMENT_APRES_DOSSIER,
        "Aucun commencement avant le dossier complet (études et acquisitions foncières exceptées)",
        "1",
        _DETR,
        Unite.OUI_NON,
    ),
    _livre(
        SILENCE_VAUT_REJET,
        "Silence de l’administration valant rejet d’une demande financière",
        "2",
        "CRPA, art. L231-4, 3°",
        Unite.MOIS,
    ),
    _livre(
        FCTVA,
        "Taux de compensation du FCTVA",
        None,
        "À saisir avec le texte qui le fixe",
        note="Sans ce taux, un fonds de concours raisonné toutes taxes comprises reste à vérifier.",
    ),
    _livre(DETR_AVANCE, "Avance maximale sur la DETR", "0.30", _DETR),
    _livre(DETR_ACOMPTES, "Avance et acomptes de la DETR, au total", "0.80", _DETR),
    _livre(
        CONVOCATION_HABITANTS,
        "Population à partir de laquelle le délai long de convocation du conseil s’applique",
        "3500",
        "CGCT, art. L2121-12",
        Unite.HABITANTS,
    ),
    _livre(
        CONVOCATION_DELAI,
        "Délai de convocation du conseil à partir de cette population",
        "5",
        "CGCT, art. L2121-12",
        Unite.JOURS_FRANCS,
    ),
    _livre(
        CONVOCATION_DELAI_SOUS_SEUIL,
        "Délai de convocation du conseil au-dessous de cette population",
        "3",
        "CGCT, art. L2121-11",
        Unite.JOURS_FRANCS,
    ),
    _livre(
        SECONDE_REUNION_DELAI,
        "Délai avant la seconde réunion, sans condition de quorum",
        "3",
        "CGCT, art. L2121-17",
        Unite.JOURS,
    ),
    _livre(
        RAPPORTS_DEPARTEMENT_DELAI,
        "Envoi des rapports aux conseillers départementaux avant la réunion",
        "12",
        "CGCT, art. L3121-19",
        Unite.JOURS,
    ),
    _livre(
        RAPPORTS_REGION_DELAI,
        "Envoi des rapports aux conseillers régionaux avant la réunion",
        "12",
        "CGCT, art. L4132-18",
        Unite.JOURS,
    ),
    _livre(
        CONVENTION_SUBVENTION,
        "Subvention annuelle à un organisme privé au-delà de laquelle une convention est obligatoire",
        "23000",
        "décret n° 2001-495 du 6 juin 2001, art. 1er",
        Unite.EUROS,
    ),
)


@dataclass(frozen=True, slots=True)
class ParametresLegaux:
    """A whole table; the first line in force wins. Immutable: what a pré-instruction used is known."""

    lignes: tuple[ParametreDate, ...]

    def au(self, code: str, le: date) -> ParametreDate | None:
        """The line in force at that date, or None; its value may be empty."""
        return next((p for p in self.lignes if p.code == code and p.vaut(le)), None)

    def seuil(self, code: str, le: date) -> Seuil | None:
        """Value and article at that date; None when the law has none known here, or when it waits to be
        typed in.
        """
        ligne = self.au(code, le)
        return None if ligne is None or ligne.valeur is None else Seuil(ligne.valeur, ligne.source)

    def est_vrai(self, code: str, le: date) -> bool:
        """A yes-or-no parameter; an absent or empty one is a no."""
        seuil = self.seuil(code, le)
        return seuil is not None and seuil.valeur == 1

    def completer(self, lignes: Iterable[ParametreDate]) -> "ParametresLegaux":
        """The same table under these lines, which win on the days they cover."""
        return ParametresLegaux((*lignes, *self.lignes))

    def dernier(self, code: str) -> ParametreDate:
        """The line that starts last, to state a rule without a date. Raises ValueError on an unknown code."""
        return max((p for p in self.lignes if p.code == code), key=lambda p: p.depuis)

    def lignes_au(self, le: date) -> LignesLegales:
        """The line of each parameter to state that day: the one in force, else the one that starts last."""
        return lambda code: self.au(code, le) or self.dernier(code)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.code for p in self.lignes))


LIVRES = ParametresLegaux(PARAMETRES)
"""What the platform ships."""

MOTIFS_DEROGATION: dict[str, str] = {
    "patrimoine": "rénovation du patrimoine (protégé ou non)",
    "calamite": "dégâts de calamités publiques",
    "eau_potable": "eau potable",
    "assainissement": "assainissement",
    "dechets": "déchets",
    "incendie_foret": "défense contre l’incendie de forêt",
    "voirie": "voirie communale",
    "ouvrages_art": "ponts et ouvrages d’art",
    "biodiversite": "biodiversité",
}
"""What the préfet may grant a derogation for (CGCT, L1111-10 III), on a motivated request."""
