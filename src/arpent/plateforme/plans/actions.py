"""Writing in the plan d'actions: saving fiches, moving them along their cycle, ranking them, axes.

Each function is one transaction: lock, check, save, journal, state of the place "plan" of the thread. Rights
are asked before, by the page (`droits`); what is checked here holds for pages, commands and imports alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max

from arpent.metier.cycles import EtatFiche
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.reglements.models import PolitiqueSectorielle
from arpent.plateforme.socle.recherche import normaliser
from arpent.plateforme.socle.versions import ConflitDeVersion, Ecart, enregistrer_version

from .evenements import annoncer_le_theme
from .models import DemarcheFinanceur, Fiche, LigneDepense, LigneFinancement
from .place import noter_plan
from .saisies import (
    DemarcheSaisie,
    DepenseSaisie,
    FicheSaisie,
    LigneSaisie,
    cout_et_assiette,
    demarches_de,
    depenses_de,
    lignes_de,
    montant_acquis,
    pour_journal,
)

__all__ = [
    "CHAMPS_REDIGES",
    "ActionRefusee",
    "DemarcheSaisie",
    "DepenseSaisie",
    "FicheSaisie",
    "LigneSaisie",
    "creer_fiches",
    "demarches_de",
    "depenses_de",
    "enregistrer_fiche",
    "lignes_de",
    "montant_acquis",
    "noter_champs",
    "texte_recherche",
]

T = TypeVar("T")
# What a person writes on a fiche. The rest (number, state, priorities, sums) has its own gesture.
CHAMPS_REDIGES = (
    "titre", "description", "maitre_ouvrage", "theme", "axe", "enjeu", "commune", "maturite",
    "nature_depense", "debut_le", "fin_le", "annee", "cout_ht", "cout_ttc", "assiette", "aide_demandee",
    "besoin", "effets", "categorie", "realisation", "maitre_ouvrage_delegue", "contact_nom",
    "contact_fonction", "contact_courriel", "contact_telephone", "adresse", "latitude", "longitude",
    "cadre_strategique", "zonages", "contrats_lies", "criteres", "quantites", "complements", "transition",
    "transition_objectifs", "artificialisation", "immobilier", "travaux", "recettes", "renouvellement_de",
    "apport", "emplois_crees", "emplois_maintenus", "emplois_preuve", "competence", "tva", "commence_le",
)  # fmt: skip
# What the line of the thread counts.
COMPTES = frozenset({"cout_ht", "aide_demandee", "realisation"})
RELATIONS = ("maitre_ouvrage", "maitre_ouvrage_delegue", "theme", "axe", "enjeu", "commune")


class ActionRefusee(ValueError):
    """The gesture cannot be made now; the message is French and says what to do."""


def texte_recherche(fiche: Fiche) -> str:
    """What a person may remember of a fiche: title, text, owner, theme, commune, number in the source."""
    return normaliser(
        fiche.titre,
        fiche.description,
        fiche.besoin,
        fiche.effets,
        fiche.adresse,
        fiche.maitre_ouvrage.nom,
        fiche.theme.libelle if fiche.theme else "",
        fiche.commune.nom if fiche.commune else "",
        fiche.source_identifiant,
    )


def _numero_libre(demarche: Demarche) -> int:
    """Next number; the row of the démarche is locked so that two creations never get the same."""
    Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    last: int | None = Fiche.objects.filter(demarche=demarche).aggregate(n=Max("numero"))["n"]
    return (last or 0) + 1


@dataclass(frozen=True, slots=True)
class Rangees:
    """The rows that go with a fiche; None leaves what is stored as it is."""

    financements: Sequence[LigneSaisie] | None = None
    depenses: Sequence[DepenseSaisie] | None = None
    demarches: Sequence[DemarcheSaisie] | None = None


@transaction.atomic
def enregistrer_fiche(
    fiche: Fiche,
    financements: Sequence[LigneSaisie],
    *,
    par: Agent | None,
    version_lue: int | None = None,
    politiques: Sequence[PolitiqueSectorielle] | None = None,
    depenses: Sequence[DepenseSaisie] | None = None,
    demarches: Sequence[DemarcheSaisie] | None = None,
) -> Fiche:
    """Saves a fiche and its rows, new (no pk) or modified (then `version_lue` is required).

    `politiques`, `depenses` and `demarches` None are left as they are. Where there are expenses, the cost and
    the eligible base are their sums: a different cost is refused (ActionRefusee), never adjusted in silence.
    Raises ConflitDeVersion, with the differing fields and rows, when somebody saved it meanwhile.
    """
    rangees = Rangees(list(financements), depenses, demarches)
    if depenses:
        fiche.cout_ht, fiche.assiette = cout_et_assiette(depenses)
    fiche.montant_acquis = montant_acquis(financements)
    fiche.texte_recherche = texte_recherche(fiche)
    if fiche.pk is None:
        fiche.numero = fiche.numero or _numero_libre(fiche.demarche)
        fiche.save(force_insert=True)
        _ecrire(fiche, rangees)
        fiche.politiques.set(politiques or ())
        apres = _etat_du_journal(fiche, rangees, [str(p) for p in politiques or ()])
        apres = {k: v for k, v in apres.items() if v not in (None, "", [])}
        consigner("creer", sur=fiche, par=par, demarche_id=fiche.demarche_id, apres=apres)
        noter_plan(fiche.demarche)
    else:
        if version_lue is None:
            raise ValueError("version_lue is required to modify a fiche")
        if not COMPTES.isdisjoint(_modifier(fiche, rangees, version_lue, politiques, par)):
            noter_plan(fiche.demarche)
    return fiche


def _ecrire(fiche: Fiche, rangees: Rangees) -> None:
    """Replaces the rows that are given."""
    if rangees.financements is not None:
        fiche.financements.all().delete()
        LigneFinancement.objects.bulk_create(x.en_base(fiche) for x in rangees.financements)
    if rangees.depenses is not None:
        fiche.depenses.all().delete()
        LigneDepense.objects.bulk_create(x.en_base(fiche) for x in rangees.depenses)
    if rangees.demarches is not None:
        fiche.demarches_financeurs.all().delete()
        DemarcheFinanceur.objects.bulk_create(x.en_base(fiche) for x in rangees.demarches)


def _etat_du_journal(fiche: Fiche, rangees: Rangees, politiques: Sequence[str]) -> dict[str, Any]:
    lignes = {
        "financements": rangees.financements or (),
        "depenses": rangees.depenses or (),
        "demarches_financeurs": rangees.demarches or (),
    }
    return pour_journal(fiche, CHAMPS_REDIGES, lignes, politiques)


def _si_change(avant: Sequence[T], voulues: Sequence[T] | None) -> Sequence[T] | None:
    """The rows to write, None when they are what is stored."""
    return None if voulues is None or list(avant) == list(voulues) else voulues


def _verrouiller_lue(fiche: Fiche, version_lue: int) -> Fiche:
    """The stored fiche, locked if it is still at `version_lue`: a stale save must not hold the row.

    What both point to is taken from `fiche`: PostgreSQL takes longer to plan six joins than to read them.
    """
    lues = Fiche.objects.filter(pk=fiche.pk)
    stored = lues.filter(version=version_lue).select_for_update().first() or lues.get()
    for nom in RELATIONS:
        cle = f"{nom}_id"
        if nom in fiche._state.fields_cache and getattr(stored, cle) == getattr(fiche, cle):
            setattr(stored, nom, getattr(fiche, nom))
    return stored


def _modifier(
    fiche: Fiche,
    rangees: Rangees,
    version_lue: int,
    politiques: Sequence[PolitiqueSectorielle] | None,
    par: Agent | None,
) -> set[str]:
    """Saves what differs; the fields that do."""
    stored = _verrouiller_lue(fiche, version_lue)
    old_rows, old_policies = lignes_de(stored), list(stored.politiques.all())
    old_expenses, old_steps = depenses_de(stored), demarches_de(stored)
    if stored.etat == EtatFiche.CONTRACTUALISEE.value:
        raise ActionRefusee("La fiche est inscrite au contrat : demandez un avenant pour la modifier.")
    if stored.fusionnee_dans_id is not None:
        raise ActionRefusee("La fiche a été fusionnée dans une autre : modifiez celle qui reste.")
    if rangees.depenses is None and old_expenses and fiche.cout_ht != stored.cout_ht:
        raise ActionRefusee(
            "Le coût de cette fiche est la somme de ses dépenses : modifiez les lignes de dépense."
        )
    new_policies = old_policies if politiques is None else list(politiques)
    ecrites = Rangees(
        _si_change(old_rows, rangees.financements),
        _si_change(old_expenses, rangees.depenses),
        _si_change(old_steps, rangees.demarches),
    )
    champs = {*CHAMPS_REDIGES, "montant_acquis", "texte_recherche"}
    if stored.version == version_lue:
        champs = _differents(fiche, stored, champs)
    try:
        enregistrer_version(fiche, version_lue, champs)
    except ConflitDeVersion as conflit:
        ecarts = [e for e in conflit.ecarts if e.champ not in {"texte_recherche", "montant_acquis"}]
        for champ, libelle, avant, voulues in (
            ("financements", "Plan de financement", old_rows, ecrites.financements),
            ("depenses", "Dépenses", old_expenses, ecrites.depenses),
            ("demarches_financeurs", "Démarches auprès des financeurs", old_steps, ecrites.demarches),
        ):
            if voulues is not None:
                textes = (" ; ".join(map(str, rows)) or "(vide)" for rows in (avant, voulues))
                ecarts.append(Ecart(champ, libelle, *textes))
        raise ConflitDeVersion(conflit.objet, ecarts) from None
    _ecrire(fiche, ecrites)
    if stored.theme_id != fiche.theme_id:
        annoncer_le_theme(fiche.demarche, par)
    if politiques is not None:
        fiche.politiques.set(politiques)
    avant_tout = Rangees(old_rows, old_expenses, old_steps)
    apres_tout = Rangees(
        old_rows if ecrites.financements is None else ecrites.financements,
        old_expenses if ecrites.depenses is None else ecrites.depenses,
        old_steps if ecrites.demarches is None else ecrites.demarches,
    )
    consigner_modification(
        fiche,
        _etat_du_journal(stored, avant_tout, [str(p) for p in old_policies]),
        _etat_du_journal(fiche, apres_tout, [str(p) for p in new_policies]),
        par=par,
        demarche_id=fiche.demarche_id,
    )
    return champs


def _differents(une: Fiche, autre: Fiche, champs: Iterable[str]) -> set[str]:
    """The fields whose column is not the same in both."""
    colonnes = {f.name: f.attname for f in Fiche._meta.concrete_fields}
    return {c for c in champs if getattr(une, colonnes[c]) != getattr(autre, colonnes[c])}


@transaction.atomic
def creer_fiches(
    demarche: Demarche,
    saisies: Sequence[FicheSaisie],
    *,
    par: Agent | None,
    source: str,
    geste: str = "importer",
) -> list[Fiche]:
    """Creates many fiches at once (import, demonstration): all or none, one journal entry for the lot.

    `champs` may give `numero` and `etat` (by default the next number, and brouillon).
    """
    suivant = _numero_libre(demarche)
    donnes = {s.champs["numero"] for s in saisies if s.champs.get("numero")}
    fiches = []
    for saisie in saisies:
        fiche = Fiche(demarche=demarche, **saisie.champs)
        if not fiche.numero:
            while suivant in donnes:
                suivant += 1
            fiche.numero, suivant = suivant, suivant + 1
        fiche.source = fiche.source or source[:300]
        if saisie.depenses:
            fiche.cout_ht, fiche.assiette = cout_et_assiette(saisie.depenses)
        fiche.montant_acquis = montant_acquis(saisie.financements)
        fiche.texte_recherche = texte_recherche(fiche)
        fiches.append(fiche)
    Fiche.objects.bulk_create(fiches, batch_size=500)
    LigneFinancement.objects.bulk_create(
        (ligne.en_base(f) for f, s in zip(fiches, saisies, strict=True) for ligne in s.financements),
        batch_size=500,
    )
    LigneDepense.objects.bulk_create(
        (depense.en_base(f) for f, s in zip(fiches, saisies, strict=True) for depense in s.depenses),
        batch_size=500,
    )
    liens = Fiche.politiques.through
    liens.objects.bulk_create(
        liens(fiche_id=f.pk, politiquesectorielle_id=p.pk)
        for f, s in zip(fiches, saisies, strict=True)
        for p in s.politiques
    )
    consigner(
        geste,
        sur=demarche,
        par=par,
        demarche_id=demarche.pk,
        libelle=f"plan d’actions : {len(fiches)} fiches ({source})",
        apres={"fiches": len(fiches), "premier": fiches[0].numero, "dernier": fiches[-1].numero}
        if fiches
        else {"fiches": 0},
    )
    noter_plan(demarche)
    return fiches


def _verrouiller(fiche: Fiche) -> Fiche:
    return (
        Fiche.objects.select_for_update(of=("self",))
        .select_related("demarche__territoire", "maitre_ouvrage")
        .get(pk=fiche.pk)
    )


@transaction.atomic
def noter_champs(
    fiche: Fiche, valeurs: dict[str, Any], *, version_lue: int, par: Agent | None, geste: str
) -> Fiche:
    """Saves a few fields that have their own gesture (priorities…); ConflitDeVersion when stale."""
    stored = _verrouiller(fiche)
    avant = {name: getattr(stored, name) for name in valeurs}
    for name, valeur in valeurs.items():
        setattr(stored, name, valeur)
    enregistrer_version(stored, version_lue, valeurs)
    consigner_modification(stored, avant, valeurs, par=par, demarche_id=stored.demarche_id, geste=geste)
    return stored
