"""The fields of a fiche as its dispositif asks for them: what is shown, what is missing for which step."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.fiches import CONDITIONS, ETAPES, ModeleFiche, lire_modele_fiche
from arpent.plateforme.reglements.models import Dispositif

from .equilibre import Equilibre, equilibre_de
from .lot import en_financements
from .models import Fiche, PieceJointe

COMPLEMENTS = "complements__"
_RETENU = "_modele_fiche"
_MONTANTS = frozenset({"cout_ht", "aide_demandee"})
# Anchor of the form where a condition is met; by default the field's own.
_ANCRES = {
    "depenses": "depenses",
    "financements": "financements",
    "plan_equilibre": "financements",
    "demarches_financeurs": "demarches_financeurs",
    "calendrier": "id_debut_le",
    "point": "id_latitude",
}
_HORS_FORMULAIRE = {"deliberation": "actes", "photo": "pieces"}


@dataclass(frozen=True, slots=True)
class Manque:
    """Something a step asks for and that the fiche does not say yet.

    `ancre`: where it is written in the form, or on the page of the fiche when `sur_la_fiche`.
    """

    champ: str
    libelle: str
    etape: str
    ancre: str
    sur_la_fiche: bool = False

    def __str__(self) -> str:
        return self.libelle


@dataclass(frozen=True, slots=True)
class Joints:
    """What goes with a fiche and is not a column of it."""

    equilibre: Equilibre
    politiques: int = 0
    depenses: int = 0
    financements: int = 0
    demarches_financeurs: int = 0
    deliberations: int = 0
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Promotion:
    """A class of maturity, what it means, and what the fiche lacks to be in it."""

    code: str
    libelle: str
    definition: str
    source: str
    manques: tuple[Manque, ...]


@lru_cache(maxsize=64)
def _lu(bloc: str) -> ModeleFiche:
    return lire_modele_fiche(json.loads(bloc))


def retenir_modele(demarche: Demarche, parametres: dict[str, Any] | None) -> ModeleFiche:
    """Keeps on `demarche`, for this request, the fiche that its dispositif describes."""
    modele = _lu(json.dumps((parametres or {}).get("fiche") or {}, sort_keys=True))
    vars(demarche)[_RETENU] = modele
    return modele


def modele_de(demarche: Demarche) -> ModeleFiche:
    """The fiche of the dispositif of that démarche. One query, none when it was kept."""
    retenu: ModeleFiche | None = vars(demarche).get(_RETENU)
    if retenu is not None:
        return retenu
    parametres: dict[str, Any] | None = (
        Dispositif.objects.filter(processus=demarche.version_processus.processus_id)
        .values_list("parametres", flat=True)
        .first()
    )
    return retenir_modele(demarche, parametres)


def joints_de(fiche: Fiche) -> Joints:
    """Read from the database, or from what was prefetched. At most six queries."""
    financements = en_financements(fiche.financements.all())
    return Joints(
        equilibre=equilibre_de(fiche, financements),
        politiques=len(fiche.politiques.all()),
        depenses=len(fiche.depenses.all()),
        financements=len(financements),
        demarches_financeurs=len(fiche.demarches_financeurs.all()),
        deliberations=sum(1 for d in fiche.deliberations.all() if d.adoptee_le),
        photos=sum(
            1 for p in fiche.pieces.all() if p.nature == PieceJointe.Nature.PHOTO and p.retiree_le is None
        ),
    )


def libelle(nom: str, modele: ModeleFiche) -> str:
    """What people call a field or a condition."""
    for champ in modele.champs:
        if champ.code == nom and champ.libelle:
            return champ.libelle
    if nom in CONDITIONS:
        return CONDITIONS[nom]
    if nom == "demarches_financeurs":
        return "démarches auprès des financeurs"
    try:
        return str(Fiche._meta.get_field(nom).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return nom.removeprefix(COMPLEMENTS).replace("_", " ")


def est_rempli(fiche: Fiche, nom: str, joints: Joints) -> bool:
    """Whether the fiche answers that field or condition."""
    match nom:
        case "plan_equilibre":
            return joints.equilibre.est_atteint
        case "calendrier":
            return bool(fiche.debut_le and fiche.fin_le)
        case "point":
            return fiche.latitude is not None and fiche.longitude is not None
        case "deliberation":
            return joints.deliberations > 0
        case "photo":
            return joints.photos > 0
        case (
            "cout_ht" | "aide_demandee" | "politiques" | "depenses" | "financements" | "demarches_financeurs"
        ):
            return bool(getattr(fiche if nom in _MONTANTS else joints, nom))
        case "quantites":
            return any(fiche.quantites.values())
    if nom.startswith(COMPLEMENTS):
        return fiche.complements.get(nom.removeprefix(COMPLEMENTS)) not in (None, "", [])
    champ = Fiche._meta.get_field(nom)
    valeur = getattr(fiche, champ.attname if isinstance(champ, models.ForeignKey) else nom)
    return valeur not in (None, "", [], {})


def exigences(modele: ModeleFiche) -> dict[str, list[str]]:
    """By step, the fields and conditions it asks for (earlier steps not repeated)."""
    par_etape: dict[str, list[str]] = {etape: [] for etape in ETAPES}
    for champ in modele.champs:
        if champ.exige:
            par_etape[champ.exige].append(champ.code)
    for condition, etape in modele.conditions.items():
        par_etape[etape].append(condition)
    return par_etape


def _manque(nom: str, etape: str, modele: ModeleFiche) -> Manque:
    ailleurs = nom in _HORS_FORMULAIRE
    ancre = _HORS_FORMULAIRE[nom] if ailleurs else _ANCRES.get(nom, f"id_{nom}")
    return Manque(nom, libelle(nom, modele), etape, ancre, ailleurs)


def _non_remplis(
    fiche: Fiche, noms: Iterable[str], etape: str, modele: ModeleFiche, joints: Joints
) -> list[Manque]:
    return [_manque(nom, etape, modele) for nom in noms if not est_rempli(fiche, nom, joints)]


def manques(
    fiche: Fiche, etape: str, *, modele: ModeleFiche | None = None, joints: Joints | None = None
) -> list[Manque]:
    """What the fiche lacks for `etape` (a code of ETAPES), what earlier steps ask for included.

    Empty for a gesture that asks for nothing. Seven queries at most when nothing is given.
    """
    if etape not in ETAPES:
        return []
    modele = modele or modele_de(fiche.demarche)
    joints = joints or joints_de(fiche)
    trouves = []
    for passee, noms in exigences(modele).items():
        trouves += _non_remplis(fiche, noms, passee, modele, joints)
        if passee == etape:
            break
    return trouves


def promotions(fiche: Fiche, modele: ModeleFiche, joints: Joints) -> list[Promotion]:
    """The classes of maturity of the dispositif, the most mature first, with what each still asks for."""
    libelles = dict(Fiche.Maturite.choices)
    return [
        Promotion(
            m.code,
            libelles.get(m.code, m.code),
            m.definition,
            m.source,
            tuple(_non_remplis(fiche, m.exige, "", modele, joints)),
        )
        for m in modele.maturites
    ]


def completude(fiche: Fiche, modele: ModeleFiche, joints: Joints) -> tuple[int, int]:
    """(filled, asked for) over all that the dispositif ever asks for."""
    demandes = [nom for noms in exigences(modele).values() for nom in noms]
    return sum(est_rempli(fiche, nom, joints) for nom in demandes), len(demandes)
