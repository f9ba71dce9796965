"""Which column is what: the fields of a plan, the words people use for them, and a first guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.socle.recherche import plier

Correspondance = Mapping[str, int]
"""Field code → index of its column (from 0)."""


@dataclass(frozen=True, slots=True)
class Champ:
    """A field of the plan. `synonymes` are folded words; the first is the header of the example file."""

    code: str
    libelle: str
    synonymes: tuple[str, ...]
    obligatoire: bool = False
    financeur: Financeur | None = None


CHAMPS: tuple[Champ, ...] = (
    Champ("numero", "Numéro", ("numero", "n", "no", "num", "n fiche", "numero de fiche", "ref", "reference")),
    Champ(
        "titre", "Intitulé",
        ("intitule", "titre", "projet", "nom du projet", "operation", "intitule du projet",
         "intitule de l operation", "action", "designation", "objet", "libelle"), True,
    ),
    Champ("description", "Description", ("description", "contenu", "descriptif", "presentation")),
    Champ(
        "mo", "Maître d’ouvrage",
        ("maitre d ouvrage", "mo", "maitrise d ouvrage", "porteur", "porteur de projet", "beneficiaire",
         "collectivite", "structure", "commune", "demandeur", "siren", "insee", "code insee"), True,
    ),
    Champ("theme", "Thème", ("theme", "thematique", "domaine", "volet", "categorie", "secteur")),
    Champ("maturite", "Maturité", ("maturite", "stade", "avancement", "type de projet", "etat d avancement")),
    Champ("axe", "Axe", ("axe", "axe strategique", "orientation", "numero d axe")),
    Champ(
        "cout_ht", "Coût HT",
        ("cout ht", "cout total ht", "montant ht", "cout", "cout total", "montant des travaux", "montant",
         "montant total", "depense ht", "cout previsionnel", "cout estimatif", "total ht"), True,
    ),
    Champ("cout_ttc", "Coût TTC", ("cout ttc", "montant ttc", "cout total ttc", "total ttc")),
    Champ(
        "assiette", "Dépense éligible",
        ("depense eligible", "assiette", "assiette eligible", "depense subventionnable", "montant eligible",
         "base eligible", "depenses eligibles"),
    ),
    Champ(
        "aide_demandee", "Aide demandée",
        ("aide demandee", "subvention demandee", "aide sollicitee", "subvention sollicitee",
         "montant demande", "contrat territorial", "aide"),
    ),
    Champ("etat", "État", ("etat", "detr", "dsil", "etat detr", "fonds vert", "fnadt", "detr dsil"),
          financeur=Financeur.ETAT),
    Champ("region", "Région", ("region", "conseil regional", "aide region"), financeur=Financeur.REGION),
    Champ("departement", "Département", ("departement", "conseil departemental", "cd", "aide departement"),
          financeur=Financeur.DEPARTEMENT),
    Champ("epci", "Intercommunalité",
          ("intercommunalite", "epci", "communaute de communes", "cc", "fonds de concours"),
          financeur=Financeur.EPCI),
    Champ("ue", "Union européenne", ("union europeenne", "ue", "europe", "feder", "feader", "leader", "fse"),
          financeur=Financeur.UE),
    Champ("agence_eau", "Agence de l’eau", ("agence de l eau", "agence eau", "aelb", "aeag", "aermc"),
          financeur=Financeur.AGENCE_EAU),
    Champ("autre_public", "Autre financeur public",
          ("autre financeur public", "autres financeurs", "autres", "autre", "autres aides"),
          financeur=Financeur.AUTRE_PUBLIC),
    Champ("prive", "Financeur privé", ("financeur prive", "prive", "mecenat", "dons"),
          financeur=Financeur.PRIVE),
    Champ("autofinancement", "Autofinancement",
          ("autofinancement", "fonds propres", "part communale", "reste a charge", "participation mo"),
          financeur=Financeur.AUTOFINANCEMENT),
    Champ("annee", "Année", ("annee", "annee de programmation", "programmation", "exercice", "millesime")),
    Champ("debut", "Début", ("debut", "date de debut", "debut des travaux", "demarrage")),
    Champ("fin", "Fin", ("fin", "date de fin", "fin des travaux", "achevement", "livraison")),
    Champ("priorite", "Priorité", ("priorite", "rang", "ordre de priorite")),
)  # fmt: skip
PAR_CODE = {champ.code: champ for champ in CHAMPS}
OBLIGATOIRES = tuple(champ for champ in CHAMPS if champ.obligatoire)
_STATUTS = (
    (StatutFinancement.ACQUIS, re.compile(r"\b(acquis|obtenu|accorde|attribue|notifie)")),
    (StatutFinancement.SOLLICITE, re.compile(r"\b(sollicit|demand|depos)")),
)
_UNITES = re.compile(r"\b(en euros?|euros?|eur)\b|€|\([^)]*\)")


def mots(entete: str) -> str:
    """A header reduced to its words: “Coût total (€ HT)” is “cout total ht”."""
    plie = plier(entete)
    garde = " ht" if re.search(r"\bht\b", plie) else ""
    net = " ".join(re.findall(r"[a-z0-9]+", _UNITES.sub(" ", plie)))
    return net if not garde or re.search(r"\bht\b", net) else net + garde


def statut_de(entete: str) -> StatutFinancement:
    """How sure the money of a column is, from the words of its header."""
    plie = plier(entete)
    return next((statut for statut, motif in _STATUTS if motif.search(plie)), StatutFinancement.ENVISAGE)


def _note(champ: Champ, entete: str) -> int:
    """How well a header names a field: the exact synonym first, then a synonym inside the header."""
    for rang, synonyme in enumerate(champ.synonymes):
        if entete == synonyme:
            return 1_000 - rang
    dedans = [len(s) for s in champ.synonymes if len(s) > 2 and re.search(rf"\b{re.escape(s)}\b", entete)]
    return max(dedans, default=0)


def deviner(entetes: Sequence[str]) -> dict[str, int]:
    """The most likely column of each field; a column serves once. Fields not found are left out."""
    notes = [
        (_note(champ, mots(entete)), -ordre, -rang, champ.code, rang)
        for rang, entete in enumerate(entetes)
        for ordre, champ in enumerate(CHAMPS)
    ]
    trouvees: dict[str, int] = {}
    for note, _, _, code, rang in sorted(notes, reverse=True):
        if note and code not in trouvees and rang not in trouvees.values():
            trouvees[code] = rang
    return trouvees
