"""What each line of a list names in the directory: the body, the canton. What is not found is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from arpent.metier.election import Elu, Siege, plier_nom
from arpent.plateforme.acteurs.models import Agent, Mandat, Organisation
from arpent.plateforme.demarches.perimetre import organisations_visibles
from arpent.plateforme.territoires.models import Canton

from ..annuaire import reduire
from .colonnes import LigneElue

F = Mandat.Fonction
SEPARATEUR = 10
"""A line of the register may hold two seats: the number of an `Elu` is that of its line × 10 + its rank."""


@dataclass(frozen=True, slots=True)
class NonReconnue:
    """A line whose body or canton is not found, and what to do."""

    ligne: LigneElue
    raison: str


@dataclass(slots=True)
class Reperes:
    """The bodies in the perimeter and the cantons of their départements, by code and by name."""

    par_code: dict[str, Organisation] = field(default_factory=dict)
    par_nom: dict[str, list[Organisation]] = field(default_factory=dict)
    cantons: dict[str, Canton] = field(default_factory=dict)
    cantons_par_nom: dict[tuple[str, str], Canton] = field(default_factory=dict)
    departements: frozenset[str] = frozenset()

    @classmethod
    def lire(cls, agent: Agent) -> Reperes:
        """Two queries."""
        reperes = cls()
        codes = set()
        for organisation in organisations_visibles(agent).select_related("commune"):
            for code in (organisation.siren, organisation.commune_id, organisation.groupement_id):
                if code:
                    reperes.par_code[code] = organisation
            noms = {reduire(organisation.nom)}
            if organisation.commune:
                noms.add(reduire(organisation.commune.nom))
                codes.add(organisation.commune.departement)
            for nom in noms:
                reperes.par_nom.setdefault(nom, []).append(organisation)
        reperes.departements = frozenset(codes)
        for canton in Canton.objects.filter(departement__in=codes):
            reperes.cantons[canton.code] = canton
            reperes.cantons_par_nom[canton.departement, plier_nom(canton.nom)] = canton
        return reperes


def _commune(ligne: LigneElue, reperes: Reperes) -> Organisation | None:
    code = ligne.commune.upper()
    if code.isdigit() and len(code) <= 3 and ligne.departement:
        code = f"{ligne.departement.zfill(2)}{code.zfill(3)}"[:5]
    return reperes.par_code.get(code.zfill(5))


def _nommee(texte: str, reperes: Reperes) -> Organisation | str:
    code = re.sub(r"\s", "", texte).upper()
    if trouvee := reperes.par_code.get(code) or reperes.par_code.get(code[:9] if len(code) == 14 else ""):
        return trouvee
    memes = reperes.par_nom.get(reduire(texte), [])
    if len(memes) == 1:
        return memes[0]
    if memes:
        return f"« {texte} » désigne plusieurs structures : écrivez son SIREN."
    return f"« {texte} » n’est pas une structure de votre périmètre : vérifiez le nom, ou écrivez son SIREN."


def _corps(ligne: LigneElue, fonction: str, reperes: Reperes, assemblee: Organisation) -> Organisation | str:
    """The body of a line, or why it is not found."""
    if fonction in {F.CONSEILLER_DEPARTEMENTAL, F.CONSEILLER_REGIONAL} and not ligne.structure:
        return assemblee
    if ligne.canton and not ligne.siren:  # the president of a list of departmental councillors
        return assemblee
    if ligne.siren:
        return reperes.par_code.get(ligne.siren) or (
            f"Le SIREN {ligne.siren} ({ligne.structure}) n’est celui d’aucune structure de votre périmètre."
        )
    if ligne.commune and (trouvee := _commune(ligne, reperes)):
        return trouvee
    if not ligne.structure:
        return "La ligne ne dit pas de quelle structure il s’agit."
    return _nommee(ligne.structure, reperes)


def _canton(ligne: LigneElue, reperes: Reperes) -> Canton | str | None:
    """The canton of a departmental councillor; « Mende-1 » is in the pseudo-canton « Mende »."""
    if not (ligne.canton or ligne.canton_nom):
        return None
    departements = [ligne.departement.zfill(2)] if ligne.departement else sorted(reperes.departements)
    for departement in departements:
        code = ligne.canton if len(ligne.canton) > 2 else f"{departement}{ligne.canton.zfill(2)}"
        if code in reperes.cantons:
            return reperes.cantons[code]
        entier = plier_nom(ligne.canton_nom)
        for nom in (entier, re.sub(r" \d+$", "", entier)):
            if trouve := reperes.cantons_par_nom.get((departement, nom)):
                return trouve
    dit = ligne.canton_nom or ligne.canton
    return f"Le canton « {dit} » n’est pas connu ici : vérifiez son nom ou son code."


def _hors_perimetre(ligne: LigneElue, reperes: Reperes) -> bool:
    """A line of another département: a national list has thousands of them."""
    code = ligne.departement.zfill(2) if ligne.departement else ""
    return bool(code) and bool(reperes.departements) and code not in reperes.departements


@dataclass(frozen=True, slots=True)
class Reconnues:
    """Lines by fate; `par_numero`: the line of each `Elu`."""

    elus: tuple[Elu, ...]
    non_reconnues: tuple[NonReconnue, ...]
    hors_perimetre: int
    par_numero: dict[int, LigneElue]
    organisations: dict[int, Organisation]


def reconnaitre(lignes: Iterable[LigneElue], reperes: Reperes, assemblee: Organisation) -> Reconnues:
    """No query. `assemblee`: the body of the departmental (or regional) councillors of the list."""
    elus: list[Elu] = []
    inconnues: list[NonReconnue] = []
    par_numero: dict[int, LigneElue] = {}
    corps: dict[int, Organisation] = {}
    hors = 0
    for ligne in lignes:
        if _hors_perimetre(ligne, reperes):
            hors += 1
            continue
        if raison := _ranger(ligne, reperes, assemblee, elus, par_numero, corps):
            inconnues.append(NonReconnue(ligne, raison))
    return Reconnues(tuple(elus), tuple(inconnues), hors, par_numero, corps)


def _ranger(
    ligne: LigneElue, reperes: Reperes, assemblee: Organisation, elus: list[Elu],
    par_numero: dict[int, LigneElue], corps: dict[int, Organisation],
) -> str:  # fmt: skip
    """Adds the seats of a line; returns why none was, in one French sentence."""
    if not ligne.fonctions:
        dite = f"« {ligne.fonction_lue} »" if ligne.fonction_lue else "(vide)"
        return f"La fonction {dite} n’est pas reconnue : écrivez maire, conseiller départemental…"
    canton = _canton(ligne, reperes) if F.CONSEILLER_DEPARTEMENTAL in ligne.fonctions else None
    if isinstance(canton, str):
        return canton
    trouves: list[Elu] = []
    for rang, fonction in enumerate(ligne.fonctions):
        organisation = _corps(ligne, fonction, reperes, assemblee)
        if isinstance(organisation, str):
            return organisation
        corps[organisation.pk] = organisation
        ici = canton.code if canton and fonction == F.CONSEILLER_DEPARTEMENTAL else ""
        siege = Siege(str(fonction), organisation.pk, ici)
        trouves.append(Elu(ligne.numero * SEPARATEUR + rang, ligne.nom, ligne.prenom, siege, ligne.civilite))
    elus += trouves
    par_numero |= {e.numero: ligne for e in trouves}
    return ""


def departements_de(reperes: Reperes) -> Sequence[str]:
    return sorted(reperes.departements)
