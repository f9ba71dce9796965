"""Writing in the plan d'actions: saving fiches, moving them along their cycle, ranking them, axes.

Each function is one transaction: lock, check, save, journal, state of the place "plan" of the thread. Rights
are asked before, by the page (`droits`); what is checked here holds for pages, commands and imports alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import Max

from arpent.metier.argent import ZERO, arrondir, formater_euros
from arpent.metier.cycles import EtatFiche
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT, Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.reglements.models import PolitiqueSectorielle
from arpent.plateforme.socle.recherche import normaliser
from arpent.plateforme.socle.versions import ConflitDeVersion, Ecart, enregistrer_version

from .models import Fiche, LigneFinancement
from .place import noter_plan

# What a person writes on a fiche. The rest (number, state, priorities, sums) has its own gesture.
CHAMPS_REDIGES = (
    "titre", "description", "maitre_ouvrage", "theme", "axe", "enjeu", "commune", "maturite",
    "nature_depense", "debut_le", "fin_le", "annee", "cout_ht", "cout_ttc", "assiette", "aide_demandee",
)  # fmt: skip


class ActionRefusee(ValueError):
    """The gesture cannot be made now; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """One row of a financing plan as typed, imported or loaded."""

    financeur: Financeur
    montant: Decimal
    statut: StatutFinancement = StatutFinancement.ENVISAGE
    libelle: str = ""
    le: date | None = None
    demonstration: bool = False

    def __str__(self) -> str:
        qui = self.libelle or LIBELLES_FINANCEUR[self.financeur]
        return f"{qui} : {formater_euros(self.montant)} ({LIBELLES_STATUT[self.statut].lower()})"


@dataclass(frozen=True, slots=True)
class FicheSaisie:
    """A whole fiche to create: model fields, financing rows, sector policies."""

    champs: dict[str, Any]
    financements: tuple[LigneSaisie, ...] = ()
    politiques: tuple[PolitiqueSectorielle, ...] = field(default=())


def montant_acquis(lignes: Iterable[LigneSaisie]) -> Decimal:
    """Money already granted by others than the owner."""
    return sum(
        (
            ligne.montant
            for ligne in lignes
            if ligne.statut is StatutFinancement.ACQUIS and ligne.financeur is not Financeur.AUTOFINANCEMENT
        ),
        ZERO,
    )


def texte_recherche(fiche: Fiche) -> str:
    """What a person may remember of a fiche: title, text, owner, theme, commune, number in the source."""
    return normaliser(
        fiche.titre,
        fiche.description,
        fiche.maitre_ouvrage.nom,
        fiche.theme.libelle if fiche.theme else "",
        fiche.commune.nom if fiche.commune else "",
        fiche.source_identifiant,
    )


def lignes_de(fiche: Fiche) -> list[LigneSaisie]:
    """The stored rows of the plan, as values."""
    return [
        LigneSaisie(
            Financeur(row.financeur),
            row.montant,
            StatutFinancement(row.statut),
            row.libelle,
            row.le,
            row.demonstration,
        )
        for row in fiche.financements.all()
    ]


def _en_base(fiche: Fiche, ligne: LigneSaisie) -> LigneFinancement:
    return LigneFinancement(
        fiche=fiche,
        financeur=ligne.financeur.value,
        libelle=ligne.libelle,
        montant=ligne.montant,
        statut=ligne.statut.value,
        le=ligne.le,
        demonstration=ligne.demonstration,
    )


def _pour_journal(fiche: Fiche, lignes: Sequence[LigneSaisie], politiques: Sequence[str]) -> dict[str, Any]:
    """The fiche as the journal keeps it: what a person would read, not numbers of rows."""
    valeurs: dict[str, Any] = {}
    for champ in CHAMPS_REDIGES:
        valeur = getattr(fiche, champ)
        match valeur:
            case models.Model():
                valeurs[champ] = str(valeur)
            case Decimal():  # 1000 and 1000.00 are the same amount
                valeurs[champ] = arrondir(valeur)
            case _:
                valeurs[champ] = valeur
    return valeurs | {"financements": [str(ligne) for ligne in lignes], "politiques": sorted(politiques)}


def _numero_libre(demarche: Demarche) -> int:
    """Next number; the row of the démarche is locked so that two creations never get the same."""
    Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    last: int | None = Fiche.objects.filter(demarche=demarche).aggregate(n=Max("numero"))["n"]
    return (last or 0) + 1


@transaction.atomic
def enregistrer_fiche(
    fiche: Fiche,
    financements: Sequence[LigneSaisie],
    *,
    par: Agent | None,
    version_lue: int | None = None,
    politiques: Sequence[PolitiqueSectorielle] | None = None,
) -> Fiche:
    """Saves a fiche and its financing rows, new (no pk) or modified (then `version_lue` is required).

    `politiques` None leaves them as they are. Raises ConflitDeVersion, with the differing fields and plans,
    when somebody saved it meanwhile.
    """
    lignes = list(financements)
    fiche.montant_acquis = montant_acquis(lignes)
    fiche.texte_recherche = texte_recherche(fiche)
    if fiche.pk is None:
        fiche.numero = fiche.numero or _numero_libre(fiche.demarche)
        fiche.save(force_insert=True)
        LigneFinancement.objects.bulk_create(_en_base(fiche, ligne) for ligne in lignes)
        fiche.politiques.set(politiques or ())
        noms = [str(p) for p in politiques or ()]
        apres = {k: v for k, v in _pour_journal(fiche, lignes, noms).items() if v not in (None, "", [])}
        consigner("creer", sur=fiche, par=par, demarche_id=fiche.demarche_id, apres=apres)
    else:
        if version_lue is None:
            raise ValueError("version_lue is required to modify a fiche")
        _modifier(fiche, lignes, version_lue, politiques, par)
    noter_plan(fiche.demarche)
    return fiche


def _modifier(
    fiche: Fiche,
    lignes: list[LigneSaisie],
    version_lue: int,
    politiques: Sequence[PolitiqueSectorielle] | None,
    par: Agent | None,
) -> None:
    stored = (
        Fiche.objects.select_for_update(of=("self",))
        .select_related("maitre_ouvrage", "theme", "axe", "enjeu", "commune")
        .get(pk=fiche.pk)
    )
    old_rows, old_policies = lignes_de(stored), list(stored.politiques.all())
    if stored.etat == EtatFiche.CONTRACTUALISEE.value:
        raise ActionRefusee("La fiche est inscrite au contrat : demandez un avenant pour la modifier.")
    new_policies = old_policies if politiques is None else list(politiques)
    try:
        enregistrer_version(fiche, version_lue, [*CHAMPS_REDIGES, "montant_acquis", "texte_recherche"])
    except ConflitDeVersion as conflit:
        ecarts = [e for e in conflit.ecarts if e.champ not in {"texte_recherche", "montant_acquis"}]
        if old_rows != lignes:
            plans = (" ; ".join(map(str, rows)) or "(vide)" for rows in (old_rows, lignes))
            ecarts.append(Ecart("financements", "Plan de financement", *plans))
        raise ConflitDeVersion(conflit.objet, ecarts) from None
    if old_rows != lignes:
        fiche.financements.all().delete()
        LigneFinancement.objects.bulk_create(_en_base(fiche, ligne) for ligne in lignes)
    if politiques is not None:
        fiche.politiques.set(politiques)
    consigner_modification(
        fiche,
        _pour_journal(stored, old_rows, [str(p) for p in old_policies]),
        _pour_journal(fiche, lignes, [str(p) for p in new_policies]),
        par=par,
        demarche_id=fiche.demarche_id,
    )


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
        fiche.montant_acquis = montant_acquis(saisie.financements)
        fiche.texte_recherche = texte_recherche(fiche)
        fiches.append(fiche)
    Fiche.objects.bulk_create(fiches, batch_size=500)
    LigneFinancement.objects.bulk_create(
        (_en_base(f, ligne) for f, s in zip(fiches, saisies, strict=True) for ligne in s.financements),
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
