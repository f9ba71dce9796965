"""The class of a territory under the model of its dispositif, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from arpent.extraits import lecture as extraits
from arpent.metier.argent import formater_nombre
from arpent.metier.vulnerabilite import Modele, Note, NoteComposee, Notes, composer, lire_modeles, noter
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche, Processus
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.territoires.perimetres import Perimetre


@dataclass(frozen=True, slots=True)
class Apport:
    """What one indicator brings to the score: `valeur` only when the territory is a single EPCI."""

    libelle: str
    famille: str
    source: str
    valeur: str
    poids: float
    apport: float


@dataclass(frozen=True, slots=True)
class MembreNote:
    nom: str
    classe: str
    score: float | None
    rang: int | None


@dataclass(frozen=True, slots=True)
class Vulnerabilite:
    """The result and its reasons. `comparaison` says between which EPCI the scores were computed."""

    modele: Modele
    composee: NoteComposee
    rang: int | None
    sur: int
    comparaison: str
    apports: tuple[Apport, ...]
    membres: tuple[MembreNote, ...]
    types_contrat: Mapping[str, str]

    @property
    def type_contrat(self) -> str | None:
        return self.composee.type_contrat


def evaluer(demarche: Demarche, magasin: Magasin, ici: Perimetre, departement: str) -> Vulnerabilite | None:
    """None when the dispositif has no model, or none with weights and thresholds. One query."""
    donnees, parametres = (
        Processus.objects.filter(pk=demarche.version_processus.processus_id)
        .values_list("dispositif__modele_vulnerabilite", "dispositif__parametres")
        .get()
    )
    types = {t["code"]: t["libelle"] for t in (parametres or {}).get("types_contrat", [])}
    modele = next((m for m in lire_modeles(donnees) if m.est_applicable), None) if donnees else None
    if modele is None:
        return None
    compares, comparaison = _comparables(demarche.autorite, magasin, departement)
    sirens = list(dict.fromkeys([*compares, *ici.epci]))
    notes = noter(modele, {s: _valeurs(magasin, modele, s) for s in sirens})
    populations = {s: p for s in ici.epci if (p := magasin.epci.valeur(s, "P23_POP"))}
    if not populations:
        return None
    return _presenter(notes, composer(notes, populations), populations, comparaison, types)


def _valeurs(magasin: Magasin, modele: Modele, siren: str) -> dict[str, float | None]:
    return {i.code: magasin.epci.valeur(siren, i.code) for i in modele.indicateurs}


def _comparables(autorite: Organisation, magasin: Magasin, departement: str) -> tuple[list[str], str]:
    """The EPCI of the Région, or those that touch the Département."""
    if autorite.nature == Organisation.Nature.REGION:
        region = magasin.manifeste["regions"].get(departement, "")
        sirens = [x["siren"] for x in _epci() if x["region_principale"] == region]
        ou = "de la région"
    else:
        sirens = [x["siren"] for x in _epci() if departement in x["departements"].split()]
        ou = "présentes dans le département"
    connus = [s for s in sirens if s in magasin.epci.rangs]
    return connus, f"les {len(connus)} intercommunalités {ou}"


@cache
def _epci() -> tuple[extraits.Ligne, ...]:
    return tuple(extraits.lignes("france/epci"))


def _presenter(
    notes: Notes,
    composee: NoteComposee,
    populations: dict[str, float],
    comparaison: str,
    types_contrat: Mapping[str, str],
) -> Vulnerabilite:
    seul = composee.membres[0] if len(composee.membres) == 1 else None
    noms = {x["siren"]: x["nom"] for x in _epci()}
    return Vulnerabilite(
        modele=notes.modele,
        composee=composee,
        rang=seul.rang if seul else None,
        sur=sum(n.score is not None for n in notes.notes),
        comparaison=comparaison,
        apports=_apports(notes.modele, composee.membres, populations),
        membres=tuple(
            MembreNote(
                noms.get(m.territoire, m.territoire),
                m.classe.libelle if m.classe else "non classée",
                m.score,
                m.rang,
            )
            for m in composee.membres
        ),
        types_contrat=types_contrat,
    )


def _ecrire(valeur: float | None) -> str:
    if valeur is None:
        return "non disponible"
    return formater_nombre(Decimal(repr(valeur)), 0 if abs(valeur) >= 1000 else 1)


def _apports(modele: Modele, membres: Sequence[Note], populations: dict[str, float]) -> tuple[Apport, ...]:
    """Contributions of the members weighted by population, the heaviest first."""
    notes = [m for m in membres if m.score is not None]
    total = math.fsum(populations[m.territoire] for m in notes)
    familles = {f.code: f.libelle for f in modele.familles}
    apports = []
    for rang, indicateur in enumerate(modele.indicateurs):
        lues = [(m.contributions[rang], populations[m.territoire] / total) for m in notes]
        apports.append(
            Apport(
                libelle=indicateur.libelle,
                famille=familles[indicateur.famille],
                source=indicateur.source,
                valeur=_ecrire(lues[0][0].valeur) if len(membres) == 1 and lues else "",
                poids=math.fsum(c.poids * part for c, part in lues),
                apport=math.fsum(c.apport * part for c, part in lues),
            )
        )
    return tuple(sorted(apports, key=lambda a: -a.apport))
