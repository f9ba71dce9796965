"""What the conditions of a clause may look at in a contract."""

from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.reglement.champs import ChampProjet, TypeChamp


@dataclass(frozen=True, slots=True)
class FaitsContrat:
    """Values of a contract as they are counted; None when not known yet. Amounts in euros."""

    nombre_projets: int | None = None
    nombre_structurants: int | None = None
    nombre_parties: int | None = None
    nombre_communes: int | None = None
    population_territoire: int | None = None
    duree_annees: int | None = None
    total_aides: Decimal | None = None
    enveloppe: Decimal | None = None
    fonds_reserve: Decimal | None = None
    classe: str | None = None
    type_contrat: str | None = None
    reglement_adopte: bool | None = None
    avec_syndicat: bool | None = None


def _champ(
    nom: str, libelle: str, court: str, type_: TypeChamp, unite: str = "", contraire: str = ""
) -> ChampProjet:
    def lire(faits: FaitsContrat) -> object:
        return getattr(faits, nom)

    return ChampProjet(nom, libelle, court, type_, lire, unite=unite, contraire=contraire)


_N, _M, _C, _B = TypeChamp.NOMBRE, TypeChamp.MONTANT, TypeChamp.CODE, TypeChamp.BOOLEEN
FAITS: dict[str, ChampProjet] = {
    champ.nom: champ
    for champ in (
        _champ("nombre_projets", "le nombre de projets", "contrat", _N, "projets"),
        _champ("nombre_structurants", "le nombre de projets structurants", "contrat", _N,
               "projets structurants"),
        _champ("nombre_parties", "le nombre de parties", "contrat", _N, "parties"),
        _champ("nombre_communes", "le nombre de communes", "territoire", _N, "communes"),
        _champ("population_territoire", "la population du territoire", "territoire", _N, "habitants"),
        _champ("duree_annees", "la durée du contrat", "durée", _N, "ans"),
        _champ("total_aides", "le total des aides", "total des aides", _M),
        _champ("enveloppe", "l’enveloppe du territoire", "enveloppe du territoire", _M),
        _champ("fonds_reserve", "le fonds de réserve", "fonds de réserve", _M),
        _champ("classe", "la classe du territoire", "classe", _C),
        _champ("type_contrat", "le type de contrat", "type de contrat", _C),
        _champ("reglement_adopte", "l’acte qui adopte le règlement", "règlement adopté", _B,
               contraire="règlement sans acte d’adoption"),
        _champ("avec_syndicat", "la présence d’un syndicat", "un syndicat est partie au contrat", _B,
               contraire="aucun syndicat n’est partie au contrat"),
    )
}  # fmt: skip
"""The facts by name, with their words. The sentences are those of the conditions of a règlement."""
