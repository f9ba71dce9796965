"""The class of a territory under the model of its dispositif, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import formater_nombre
from arpent.metier.vulnerabilite import (
    MEMBRES,
    Echelle,
    Modele,
    ModeleInvalide,
    NoteComposee,
    Notes,
    Pourquoi,
    Raison,
    composer,
    expliquer,
    noter,
)
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.territoires.models import Commune
from arpent.plateforme.territoires.perimetres import Perimetre

from .bibliotheque import Politique, politique
from .valeurs import POPULATIONS, Valeurs, comparables, lire_valeurs, noms_des_epci, table_de

CHARGER = "« arpent observatoire charger FICHIER »"


class ModeleInapplicable(Exception):
    """No class can be computed; the French message says what to do."""


@dataclass(frozen=True, slots=True)
class Apport:
    """What one indicator brings to the score: `valeur` only when the territory has a single member.

    `ecart`: to the mean of the compared territories, positive towards vulnerability.
    """

    libelle: str
    famille: str
    source: str
    valeur: str
    poids: float
    apport: float
    ecart: float


@dataclass(frozen=True, slots=True)
class MembreNote:
    code: str
    nom: str
    classe: str
    score: float | None
    rang: int | None
    population: float


@dataclass(frozen=True, slots=True)
class Vulnerabilite:
    """The result and its reasons. `comparaison` says between which places the scores were computed."""

    modele: Modele
    composee: NoteComposee
    rang: int | None
    sur: int
    comparaison: str
    apports: tuple[Apport, ...]
    membres: tuple[MembreNote, ...]
    types_contrat: Mapping[str, str]
    notes: Notes
    valeurs: Valeurs
    populations: Mapping[str, float]
    pourquoi: Pourquoi
    compares: tuple[str, ...]
    avertissements: tuple[str, ...]

    @property
    def type_contrat(self) -> str | None:
        return self.composee.type_contrat

    @property
    def libelle_type(self) -> str:
        code = self.type_contrat or ""
        return self.types_contrat.get(code, code)


def evaluer(demarche: Demarche, magasin: Magasin, ici: Perimetre, departement: str) -> Vulnerabilite | None:
    """None when the dispositif has no model, or none that can be applied here. Two or three queries."""
    return evaluer_perimetre(politique(demarche), demarche.autorite, magasin, ici, departement)


def evaluer_perimetre(
    dit: Politique, autorite: Organisation, magasin: Magasin, ici: Perimetre, departement: str
) -> Vulnerabilite | None:
    """The same for any perimeter (a draft one) under the policy of an authority."""
    try:
        return examiner(dit, autorite, magasin, ici, departement)
    except ModeleInapplicable:
        return None


def examiner(
    dit: Politique,
    autorite: Organisation,
    magasin: Magasin,
    ici: Perimetre,
    departement: str,
    modele: Modele | None = None,
) -> Vulnerabilite:
    """Under the model in force, or under `modele`. Raises ModeleInapplicable with what to do."""
    modele = modele or dit.applique
    if modele is None:
        raise ModeleInapplicable(
            "Aucun modèle de vulnérabilité n’est en vigueur pour ce dispositif : copiez-en un et adaptez-le."
        )
    compares, comparaison = comparables(modele, autorite, magasin, departement)
    membres = ici.epci if modele.echelle is Echelle.EPCI else ici.communes
    valeurs, notes = calculer(magasin, modele, list(dict.fromkeys([*compares, *membres])))
    table, colonne = table_de(magasin, modele.echelle), POPULATIONS[modele.echelle]
    populations = {m: p for m in membres if (p := table.valeur(m, colonne))}
    if not populations:
        raise ModeleInapplicable(
            f"Aucune des {MEMBRES[modele.echelle]} de ce territoire n’a de population connue de "
            "l’observatoire : vérifiez son périmètre."
        )
    composee = composer(notes, populations)
    pourquoi = expliquer(notes, composee, populations)
    noms = noms_des_membres(modele, list(populations))
    seul = composee.membres[0] if len(composee.membres) == 1 else None
    return Vulnerabilite(
        modele=modele,
        composee=composee,
        rang=seul.rang if seul else None,
        sur=sum(n.score is not None for n in notes.notes),
        comparaison=comparaison,
        apports=_apports(modele, pourquoi.raisons, len(composee.membres) == 1),
        membres=tuple(
            MembreNote(
                m.territoire,
                noms.get(m.territoire, m.territoire),
                m.classe.libelle if m.classe else "non classée",
                m.score,
                m.rang,
                populations[m.territoire],
            )
            for m in composee.membres
        ),
        types_contrat=dit.types_contrat,
        notes=notes,
        valeurs=valeurs,
        populations=populations,
        pourquoi=pourquoi,
        compares=tuple(compares),
        avertissements=_avertissements(modele, valeurs),
    )


def calculer(magasin: Magasin, modele: Modele, codes: Sequence[str]) -> tuple[Valeurs, Notes]:
    """Values and notes of the places. Raises ModeleInapplicable when nothing can be scored."""
    valeurs = lire_valeurs(magasin, modele, codes)
    try:
        notes = noter(modele, valeurs)
    except ModeleInvalide as erreur:
        raise ModeleInapplicable(str(erreur)) from None
    if all(n.score is None for n in notes.notes):
        raise ModeleInapplicable(_sans_donnees(modele, valeurs))
    return valeurs, notes


def _absents(modele: Modele, valeurs: Valeurs) -> list[str]:
    """Codes of the indicators that count and that no place has."""
    connus = {code for ligne in valeurs.values() for code, v in ligne.items() if v is not None}
    return [i.code for i in modele.indicateurs if i.poids and i.code not in connus]


def _sans_donnees(modele: Modele, valeurs: Valeurs) -> str:
    absents = [i for i in modele.indicateurs if i.code in _absents(modele, valeurs)]
    if not absents:
        return "Trop de valeurs manquent pour classer un seul territoire avec ce modèle."
    noms = ", ".join(f"« {i.libelle} »" for i in absents)
    fichiers = list(dict.fromkeys(i.fichier for i in absents if i.fichier))
    quoi = " et ".join(fichiers) or "les fichiers qui les apportent"
    return f"Aucun territoire comparé n’a de valeur pour {noms} : chargez {quoi} ({CHARGER})."


def _avertissements(modele: Modele, valeurs: Valeurs) -> tuple[str, ...]:
    absents = set(_absents(modele, valeurs))
    return tuple(
        f"« {i.libelle} » n’a de valeur nulle part : son poids va aux autres indicateurs."
        + (f" Chargez {i.fichier} ({CHARGER})." if i.fichier else "")
        for i in modele.indicateurs
        if i.code in absents
    )


def noms_des_membres(modele: Modele, codes: Sequence[str]) -> Mapping[str, str]:
    """Names of places; one query for communes."""
    if modele.echelle is Echelle.EPCI:
        return noms_des_epci()
    return dict(Commune.objects.filter(pk__in=codes).values_list("code", "nom"))


def ecrire_valeur(valeur: float | None) -> str:
    if valeur is None:
        return "non disponible"
    return formater_nombre(Decimal(repr(valeur)), 0 if abs(valeur) >= 1000 else 1 if abs(valeur) >= 2 else 2)


def _apports(modele: Modele, raisons: Sequence[Raison], seul: bool) -> tuple[Apport, ...]:
    """The reasons written, the heaviest towards vulnerability first."""
    familles = {f.code: f.libelle for f in modele.familles}
    return tuple(
        Apport(
            libelle=r.indicateur.libelle,
            famille=familles[r.indicateur.famille],
            source=r.indicateur.source,
            valeur=ecrire_valeur(r.valeur) if seul else "",
            poids=r.poids,
            apport=r.apport,
            ecart=r.ecart,
        )
        for r in raisons
    )
