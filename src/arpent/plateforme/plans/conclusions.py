"""Pré-instructions as concluded: what was read, what came out, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from arpent.metier.argent import formater_euros
from arpent.metier.cycles import EtatFiche
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT
from arpent.metier.reglement import LIBELLES_BENEFICIAIRE, LIBELLES_MATURITE, LIBELLES_NATURE, Projet
from arpent.metier.reglement.champs import CHAMPS, champ_projet
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner, en_json

from .actions import ActionRefusee
from .models import Fiche, Preinstruction
from .preinstruction import Examen, constat_en_json, preinstruire_fiche

SANS_REGLEMENT = "Aucun règlement n’est en vigueur pour ce dispositif : l’autorité doit d’abord le publier."
_MONTANTS = frozenset({"cout_ht", "assiette", "aide_demandee"})
_MOTS = {
    "beneficiaire": LIBELLES_BENEFICIAIRE,
    "maturite": LIBELLES_MATURITE,
    "nature_depense": LIBELLES_NATURE,
}
_AUTRES = {
    "financements": "le plan de financement",
    "aides_anterieures": "les aides antérieures",
    "derogation": "la dérogation du préfet",
}


def _lisible(nom: str, valeur: Any) -> Any:
    """A value as it is kept: amounts with their cents, codes by their words, lists of texts."""
    if isinstance(valeur, Decimal):
        return formater_euros(valeur) if nom in _MONTANTS else f"{valeur.normalize():f}"
    if isinstance(valeur, str):
        return _MOTS.get(nom, {}).get(valeur, valeur)
    return en_json(valeur)


def donnees_lues(projet: Projet) -> dict[str, Any]:
    """What the règlement read of a fiche, by name of field; what is not known is left out. JSON-ready."""
    donnees = {nom: _lisible(nom, champ.lire(projet)) for nom, champ in CHAMPS.items()}
    for famille, valeurs in (
        ("indicateur", projet.indicateurs),
        ("quantite", projet.quantites),
        ("depense", projet.depenses or {}),
    ):
        donnees |= {
            f"{famille}.{code}": formater_euros(v) if famille == "depense" else f"{v.normalize():f}"
            for code, v in valeurs.items()
        }
    donnees["financements"] = [
        f"{f.libelle or LIBELLES_FINANCEUR[f.financeur]} : {formater_euros(f.montant)} "
        f"({LIBELLES_STATUT[f.statut].lower()})"
        for f in projet.financements
    ]
    donnees["aides_anterieures"] = [
        f"{a.annee} : {formater_euros(a.montant)}" for a in projet.aides_anterieures or ()
    ]
    if d := projet.derogation:
        donnees["derogation"] = f"{d.taux:.2%} ({d.acte}, {d.date:%d/%m/%Y})"
    return {nom: valeur for nom, valeur in donnees.items() if valeur not in (None, "", [])}


def _libelle(nom: str) -> str:
    champ = champ_projet(nom)
    libelle = champ.libelle if champ else _AUTRES.get(nom, nom)
    return libelle[:1].upper() + libelle[1:]


def lignes_lues(donnees: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """(label, displayed value) of what was kept by `donnees_lues`, in its order."""
    return tuple((_libelle(nom), _ecrit(valeur)) for nom, valeur in donnees.items())


@dataclass(frozen=True, slots=True)
class Evolution:
    """One thing that is no longer as it was when the pré-instruction was concluded."""

    libelle: str
    avant: str
    apres: str


def _ecrit(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return " ; ".join(map(str, valeur)) or "–"
    return "–" if valeur in (None, "") else str(valeur)


def evolutions(conclue: Preinstruction, examen: Examen) -> tuple[Evolution, ...]:
    """What changed between a concluded pré-instruction and the fiche and règlement of today."""
    changes = []
    if conclue.empreinte and conclue.empreinte != examen.empreinte:
        changes.append(Evolution("Le règlement", conclue.reglement, examen.reglement or "aucun en vigueur"))
    if conclue.donnees and examen.projet:
        avant, apres = conclue.donnees, donnees_lues(examen.projet)
        changes += [
            Evolution(_libelle(nom), _ecrit(avant.get(nom)), _ecrit(apres.get(nom)))
            for nom in dict.fromkeys([*avant, *apres])
            if avant.get(nom) != apres.get(nom)
        ]
    if examen.resultat and conclue.aide_maximale != examen.resultat.aide_maximale:
        changes.append(
            Evolution(
                "L’aide maximale possible",
                formater_euros(conclue.aide_maximale),
                formater_euros(examen.resultat.aide_maximale),
            )
        )
    return tuple(changes)


def figer(fiche: Fiche, examen: Examen, par: Agent | None) -> Preinstruction:
    """Keeps a pré-instruction as it stands: version and fingerprint of the règlement, data read, constats."""
    if (resultat := examen.resultat) is None or examen.projet is None:
        raise ActionRefusee(SANS_REGLEMENT)
    return Preinstruction.objects.create(
        fiche=fiche,
        reglement=examen.reglement,
        version_reglement_id=examen.reglement_id,
        empreinte=examen.empreinte,
        verdict=resultat.verdict.value,
        aide_maximale=resultat.aide_maximale,
        plafond_liant=resultat.plafond_liant.intitule if resultat.plafond_liant else "",
        constats=[constat_en_json(c) for c in resultat.constats],
        donnees=donnees_lues(examen.projet),
        par_nom=par.nom_complet if par else "Arpent",
    )


@transaction.atomic
def refaire(fiche: Fiche, *, par: Agent | None, le: date) -> Preinstruction:
    """Concludes again a fiche already examined; the earlier conclusion stays. The state does not change."""
    fiche = Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk)
    if fiche.etat not in {EtatFiche.PRE_INSTRUITE.value, EtatFiche.RETENUE.value, EtatFiche.DIFFEREE.value}:
        raise ActionRefusee(
            f"La pré-instruction se refait sur une fiche pré-instruite, retenue ou différée ; celle-ci est "
            f"« {fiche.get_etat_display()} »."
        )
    conclue = figer(fiche, preinstruire_fiche(fiche, le), par)
    consigner(
        "refaire_pre_instruction", sur=fiche, par=par, demarche_id=fiche.demarche_id,
        apres={"verdict": conclue.verdict, "aide_maximale": conclue.aide_maximale},
    )  # fmt: skip
    return conclue
