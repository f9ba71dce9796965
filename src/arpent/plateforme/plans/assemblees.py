"""The assembly of a body: its name, its rules, the population that sets its delays. No query of its own."""

from __future__ import annotations

from arpent.metier.assemblees import Regime, TypeAssemblee, regime_de
from arpent.plateforme.acteurs.models import Organisation

N, T = Organisation.Nature, TypeAssemblee
_NOMS = {
    N.COMMUNE: "Conseil municipal", N.CC: "Conseil communautaire", N.CA: "Conseil communautaire",
    N.CU: "Conseil communautaire", N.METROPOLE: "Conseil de métropole", N.SYNDICAT: "Comité syndical",
    N.PETR: "Conseil syndical", N.DEPARTEMENT: "Conseil départemental", N.REGION: "Conseil régional",
}  # fmt: skip
_TYPES = {
    N.COMMUNE: T.CONSEIL_MUNICIPAL, N.CC: T.CONSEIL_COMMUNAUTAIRE, N.CA: T.CONSEIL_COMMUNAUTAIRE,
    N.CU: T.CONSEIL_COMMUNAUTAIRE, N.METROPOLE: T.CONSEIL_COMMUNAUTAIRE, N.SYNDICAT: T.COMITE_SYNDICAL,
    N.PETR: T.COMITE_SYNDICAL, N.DEPARTEMENT: T.SEANCE_PLENIERE, N.REGION: T.SEANCE_PLENIERE,
}  # fmt: skip
_PERMANENTES = frozenset({N.DEPARTEMENT, N.REGION})
_SANS_CONTROLE = frozenset({N.ASSOCIATION, N.ETAT, N.AUTRE})


def nom_assemblee(organisation: Organisation) -> str:
    """The usual name of the assembly of a body."""
    assemblee = _NOMS.get(N(organisation.nature), "Assemblée délibérante")
    return f"{assemblee} – {organisation.nom}"[:200]


def types_possibles(organisation: Organisation) -> tuple[TypeAssemblee, ...]:
    """The assemblies of that body that may vote, the usual one first."""
    nature = N(organisation.nature)
    usuelle = _TYPES.get(nature)
    if usuelle is None:
        return (T.AUTRE,)
    permanente = (T.COMMISSION_PERMANENTE,) if nature in _PERMANENTES else ()
    return (usuelle, *permanente, T.AUTRE)


def regime_pour(organisation: Organisation, assemblee: str = "") -> Regime | None:
    """The rules of that assembly, of the usual one when it is not said; None when statutes rule it."""
    choisie = TypeAssemblee(assemblee) if assemblee else types_possibles(organisation)[0]
    return regime_de(choisie, region=N(organisation.nature) == N.REGION)


def habitants_de(organisation: Organisation) -> int | None:
    """Inhabitants of a commune; None for the others. `commune` is loaded."""
    commune = organisation.commune if N(organisation.nature) == N.COMMUNE else None
    return commune.population if commune else None


def sous_controle(organisation: Organisation) -> bool:
    """Whether its acts go through the contrôle de légalité."""
    return N(organisation.nature) not in _SANS_CONTROLE


def delibere(organisation: Organisation) -> bool:
    """Whether an assembly has to approve the contract: everybody but the State, whose préfet signs."""
    return N(organisation.nature) != N.ETAT
