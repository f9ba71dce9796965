"""The assemblies that vote a contract, and the articles that rule each of them.

Sources: CGCT L2121-17 and L2121-20 (conseil municipal; by reference the intercommunalités and syndicats),
L3121-14 to L3121-16 (conseil départemental), L3121-14-1 (its commission permanente), L4132-13 and L4132-13-1
(conseil régional and its commission permanente), L5211-1 (how the intercommunalités follow the communes). An
article that was not read is left empty: the check is made, it cites nothing.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class TypeAssemblee(StrEnum):
    """Which assembly votes."""

    CONSEIL_MUNICIPAL = "conseil_municipal"
    CONSEIL_COMMUNAUTAIRE = "conseil_communautaire"
    COMITE_SYNDICAL = "comite_syndical"
    SEANCE_PLENIERE = "seance_pleniere"
    COMMISSION_PERMANENTE = "commission_permanente"
    AUTRE = "autre"


T = TypeAssemblee
LIBELLES_ASSEMBLEE: dict[TypeAssemblee, str] = {
    T.CONSEIL_MUNICIPAL: "Conseil municipal",
    T.CONSEIL_COMMUNAUTAIRE: "Conseil communautaire",
    T.COMITE_SYNDICAL: "Comité syndical",
    T.SEANCE_PLENIERE: "Séance plénière",
    T.COMMISSION_PERMANENTE: "Commission permanente",
    T.AUTRE: "Autre organe",
}


class Delai(StrEnum):
    """What the law counts before the meeting: the convocation, or the reports sent to the members."""

    CONVOCATION = "convocation"
    RAPPORTS = "rapports"
    AUCUN = "aucun"


@dataclass(frozen=True, slots=True)
class Regime:
    """How an assembly deliberates: where each rule is written, and whether proxies count in the quorum.

    `parametre`: code of the legal parameter that holds the delay of the reports. `renvoi`: the article that
    makes the rules of the communes hold for another body.
    """

    quorum: str
    majorite: str
    partage: str
    pouvoirs: str
    representes_au_quorum: bool = False
    delai: Delai = Delai.AUCUN
    parametre: str = ""
    renvoi: str = ""


MUNICIPAL = Regime(
    "CGCT, art. L2121-17",
    "CGCT, art. L2121-20",
    "CGCT, art. L2121-20",
    "CGCT, art. L2121-20",
    delai=Delai.CONVOCATION,
)
COMMUNAUTAIRE = replace(MUNICIPAL, renvoi="L5211-1")
DEPARTEMENT = Regime(
    "CGCT, art. L3121-14",
    "CGCT, art. L3121-14",
    "CGCT, art. L3121-15",
    "CGCT, art. L3121-16",
    delai=Delai.RAPPORTS,
    parametre="rapports_departement_delai",
)
PERMANENTE_DEPARTEMENT = Regime(
    "CGCT, art. L3121-14-1", "CGCT, art. L3121-14", "", "CGCT, art. L3121-16", representes_au_quorum=True
)
REGION = Regime(
    "CGCT, art. L4132-13",
    "CGCT, art. L4132-13",
    "",
    "",
    delai=Delai.RAPPORTS,
    parametre="rapports_region_delai",
)
PERMANENTE_REGION = Regime(
    "CGCT, art. L4132-13-1", "CGCT, art. L4132-13-1", "", "", representes_au_quorum=True
)

_REGIMES: dict[tuple[TypeAssemblee, bool], Regime] = {
    (T.CONSEIL_MUNICIPAL, False): MUNICIPAL,
    (T.CONSEIL_COMMUNAUTAIRE, False): COMMUNAUTAIRE,
    (T.COMITE_SYNDICAL, False): MUNICIPAL,
    (T.SEANCE_PLENIERE, False): DEPARTEMENT,
    (T.COMMISSION_PERMANENTE, False): PERMANENTE_DEPARTEMENT,
    (T.SEANCE_PLENIERE, True): REGION,
    (T.COMMISSION_PERMANENTE, True): PERMANENTE_REGION,
}


def regime_de(assemblee: TypeAssemblee, *, region: bool = False) -> Regime | None:
    """The rules of an assembly; None when its own statutes rule it. `region`: that of a conseil régional."""
    return _REGIMES.get((assemblee, region))
