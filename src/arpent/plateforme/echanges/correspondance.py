"""Which column is what: the fields of a plan, the words people use for them, and a first guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.socle.recherche import plier

Correspondance = Mapping[int, str]
"""Index of a column (from 0) → field code. Several columns may feed one funder (DETR and DSIL: the State)."""


@dataclass(frozen=True, slots=True)
class Champ:
    """A field of the plan. `synonymes` are folded words; the first is the header of the example file."""

    code: str
    libelle: str
    synonymes: tuple[str, ...]
    obligatoire: bool = False
    financeur: Financeur | None = None


CHAMPS: tuple[Champ, ...] = (
    Champ("numero", "Numéro",
          ("numero", "n", "no", "num", "n fiche", "no fiche", "numero de fiche", "id", "ref", "reference")),
    Champ(
        "titre", "Intitulé",
        ("intitule", "titre", "projet", "nom du projet", "operation", "intitule du projet",
         "intitule de l operation", "action", "designation", "objet", "libelle", "nature des travaux",
         "nature du projet", "intitule de l action"), True,
    ),
    Champ("description", "Description",
          ("description", "contenu", "descriptif", "presentation", "description du projet", "observations",
           "commentaires", "precisions")),
    Champ(
        "mo", "Maître d’ouvrage",
        ("maitre d ouvrage", "mo", "moa", "maitrise d ouvrage", "porteur", "porteur de projet",
         "beneficiaire", "collectivite", "structure", "commune", "demandeur", "siren", "insee",
         "code insee"), True,
    ),
    Champ(
        "siret", "SIRET du maître d’ouvrage",
        ("siret", "n siret", "numero siret", "siret mo", "siret du maitre d ouvrage",
         "siren du maitre d ouvrage", "siren mo"),
    ),
    Champ("theme", "Thème", ("theme", "thematique", "domaine", "volet", "categorie", "secteur")),
    Champ("maturite", "Maturité", ("maturite", "stade", "avancement", "type de projet", "etat d avancement")),
    Champ("axe", "Axe", ("axe", "axe strategique", "orientation", "numero d axe")),
    Champ(
        "cout_ht", "Coût HT",
        ("cout ht", "cout total ht", "montant ht", "cout", "cout total", "montant des travaux", "montant",
         "montant total", "depense ht", "cout previsionnel", "cout estimatif", "total ht",
         "cout du projet", "budget", "estimation"), True,
    ),
    Champ("cout_ttc", "Coût TTC", ("cout ttc", "montant ttc", "cout total ttc", "total ttc", "ttc")),
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
    Champ("etat", "État", ("etat", "detr", "dsil", "etat detr", "fonds vert", "fnadt", "dpv"),
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
          ("autre financeur public", "autres financeurs", "autres", "autre", "autres aides",
           "autres subventions", "autres cofinancements", "ademe", "caf"),
          financeur=Financeur.AUTRE_PUBLIC),
    Champ("prive", "Financeur privé", ("financeur prive", "prive", "mecenat", "dons"),
          financeur=Financeur.PRIVE),
    Champ("autofinancement", "Autofinancement",
          ("autofinancement", "fonds propres", "part communale", "reste a charge", "participation mo"),
          financeur=Financeur.AUTOFINANCEMENT),
    Champ("annee", "Année",
          ("annee", "annee de programmation", "annee de realisation", "programmation", "exercice",
           "millesime")),
    Champ("debut", "Début",
          ("debut", "date de debut", "debut des travaux", "demarrage", "date de demarrage", "commencement")),
    Champ("fin", "Fin",
          ("fin", "date de fin", "fin des travaux", "achevement", "livraison", "date d achevement")),
    Champ("priorite", "Priorité", ("priorite", "rang", "ordre de priorite")),
)  # fmt: skip
PAR_CODE = {champ.code: champ for champ in CHAMPS}
OBLIGATOIRES = tuple(champ for champ in CHAMPS if champ.obligatoire)
MONTANTS = frozenset(c.code for c in CHAMPS if c.financeur) | {
    "cout_ht", "cout_ttc", "assiette", "aide_demandee",
}  # fmt: skip
_STATUTS = (
    (StatutFinancement.ACQUIS, re.compile(r"\b(acquis|obtenu|accorde|attribue|notifie)")),
    (StatutFinancement.SOLLICITE, re.compile(r"\b(sollicit|demand|depos)")),
)
_MILLIERS = re.compile(r"\bk ?(€|euros?\b|eur\b)|\bmilliers\b")
_MILLIONS = re.compile(r"\bm ?(€|euros?\b|eur\b)|\bmillions\b")
_UNITES = re.compile(r"\b(?:en )?(?:(?:milliers|millions)(?: d.euros?)?|[km]?euros?|[km]?eur)\b|\b[km] ?€|€")
_CHIFFRES = re.compile(r"[0-9]")
_TTC = re.compile(r"\bttc\b")


def mots(entete: str) -> str:
    """A header reduced to its words: “Coût total (€ HT)” is “cout total ht”."""
    return " ".join(re.findall(r"[a-z0-9]+", _UNITES.sub(" ", plier(entete).replace("’", "'"))))


def statut_de(entete: str) -> StatutFinancement:
    """How sure the money of a column is, from the words of its header."""
    plie = plier(entete)
    return next((statut for statut, motif in _STATUTS if motif.search(plie)), StatutFinancement.ENVISAGE)


def unite_de(entete: str) -> Decimal:
    """What one unit of the column is worth in euros: 1, 1 000 (“k€”) or 1 000 000 (“M€”)."""
    plie = plier(entete)
    if _MILLIERS.search(plie):
        return Decimal(1_000)
    return Decimal(1_000_000) if _MILLIONS.search(plie) else Decimal(1)


def lettre(rang: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    nom = ""
    rang += 1
    while rang:
        rang, reste = divmod(rang - 1, 26)
        nom = chr(65 + reste) + nom
    return nom


def nom_de_colonne(entetes: Sequence[str], rang: int) -> str:
    """The header, or the letter of a column that has none."""
    return entetes[rang] or f"colonne {lettre(rang)}"


def _note(champ: Champ, entete: str) -> int:
    """How well a header names a field: the exact synonym first, then the longest synonym inside it."""
    if champ.code == "cout_ht" and _TTC.search(entete):
        return 0
    for rang, synonyme in enumerate(champ.synonymes):
        if entete == synonyme:
            return 1_000 - rang
    dedans = [len(s) for s in champ.synonymes if len(s) > 2 and re.search(rf"\b{re.escape(s)}\b", entete)]
    return max(dedans, default=0)


def _illisible(lignes: Sequence[Sequence[str]], rang: int) -> bool:
    """True when a column that should hold amounts holds words only (“État”: the state of a fiche)."""
    echantillon = [ligne[rang] for ligne in lignes[:50] if rang < len(ligne) and ligne[rang]]
    return bool(echantillon) and not any(_CHIFFRES.search(valeur) for valeur in echantillon)


def deviner(entetes: Sequence[str], lignes: Sequence[Sequence[str]] = ()) -> dict[int, str]:
    """The most likely field of each column; a field serves once, except the funders.

    With a few `lignes`, a column of words is never taken for amounts.
    """
    notes = [
        (_note(champ, mots(entete)), -ordre, -rang)
        for rang, entete in enumerate(entetes)
        for ordre, champ in enumerate(CHAMPS)
    ]
    trouvees: dict[int, str] = {}
    for note, ordre, oppose in sorted(notes, reverse=True):
        champ, rang = CHAMPS[-ordre], -oppose
        if not note or rang in trouvees:
            continue
        if champ.code in trouvees.values() and champ.financeur is None:
            continue
        if champ.code in MONTANTS and _illisible(lignes, rang):
            continue
        trouvees[rang] = champ.code
    if "mo" not in trouvees.values():  # the number of the owner names it as well
        trouvees = {rang: "mo" if code == "siret" else code for rang, code in trouvees.items()}
    return dict(sorted(trouvees.items()))
