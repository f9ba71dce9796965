"""Making fiches out of fiches: a copy, a merge, tranches; and moving one to another class of maturity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, partager
from arpent.metier.cycles import EtatFiche
from arpent.metier.plan_financement import StatutFinancement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.reglements.models import PolitiqueSectorielle
from arpent.plateforme.socle.versions import enregistrer_version

from .actions import CHAMPS_REDIGES, ActionRefusee, enregistrer_fiche, noter_champs
from .champs import joints_de, modele_de, promotions
from .evenements import annoncer_la_refonte
from .models import Fiche
from .place import noter_plan
from .saisies import DemarcheSaisie, DepenseSaisie, LigneSaisie, depenses_de, lignes_de

TRANCHES_MAX = 12
_FIXES = frozenset({EtatFiche.BROUILLON.value, EtatFiche.A_COMPLETER.value, EtatFiche.PROPOSEE.value})


def _copie(fiche: Fiche, titre: str) -> Fiche:
    valeurs = {nom: getattr(fiche, nom) for nom in CHAMPS_REDIGES} | {"titre": titre[:300]}
    return Fiche(demarche=fiche.demarche, demonstration=fiche.demonstration, **valeurs)


@transaction.atomic
def dupliquer_fiche(fiche: Fiche, *, par: Agent | None) -> Fiche:
    """A new draft with the same answers. The financings are only envisaged, the démarches start again."""
    lignes = [
        LigneSaisie(
            x.financeur, x.montant, StatutFinancement.ENVISAGE, x.libelle, None, x.demonstration
        )
        for x in lignes_de(fiche)
    ]  # fmt: skip
    copie = enregistrer_fiche(
        _copie(fiche, f"{fiche.titre} (copie)"),
        lignes,
        par=par,
        politiques=list(fiche.politiques.all()),
        depenses=depenses_de(fiche),
    )
    consigner(
        "dupliquer",
        sur=copie,
        par=par,
        demarche_id=copie.demarche_id,
        apres={"copie_de": f"fiche n° {fiche.numero}"},
    )
    return copie


@dataclass(frozen=True, slots=True)
class Fusion:
    """What remains of two fiches: the surviving one as chosen, with its rows."""

    fiche: Fiche
    financements: Sequence[LigneSaisie]
    depenses: Sequence[DepenseSaisie] | None
    demarches: Sequence[DemarcheSaisie] | None
    politiques: Sequence[PolitiqueSectorielle] | None


def _exiger_libre(fiche: Fiche) -> None:
    if fiche.etat not in _FIXES:
        raise ActionRefusee(
            f"La fiche n° {fiche.numero} est « {fiche.get_etat_display()} » : elle ne se fusionne ni ne se "
            "découpe plus."
        )
    if fiche.fusionnee_dans_id is not None:
        raise ActionRefusee(f"La fiche n° {fiche.numero} a déjà été fusionnée dans une autre.")
    if fiche.tranche_de_id is not None or fiche.tranches.exists():
        raise ActionRefusee(f"La fiche n° {fiche.numero} est découpée en tranches : elle ne se fusionne pas.")


@transaction.atomic
def fusionner_fiches(
    fusion: Fusion, absorbee: Fiche, *, version_lue: int, version_absorbee: int, par: Agent | None
) -> Fiche:
    """Saves the survivor as chosen; the other stays readable, counts no more and points to the survivor."""
    reste = fusion.fiche
    if reste.pk == absorbee.pk or reste.demarche_id != absorbee.demarche_id:
        raise ActionRefusee("Choisissez une autre fiche du même plan d’actions.")
    rows = Fiche.objects.select_for_update(of=("self",)).filter(pk__in=[reste.pk, absorbee.pk])
    for stored in rows.order_by("pk"):
        _exiger_libre(stored)
    enregistrer_fiche(
        reste,
        fusion.financements,
        par=par,
        version_lue=version_lue,
        politiques=fusion.politiques,
        depenses=fusion.depenses,
        demarches=fusion.demarches,
    )
    if absorbee.demonstration:  # an invented figure stays told as such
        Fiche.objects.filter(pk=reste.pk).update(demonstration=True)
    absorbee.fusionnee_dans = reste
    enregistrer_version(absorbee, version_absorbee, ["fusionnee_dans"])
    for sur, apres in (
        (reste, {"fusion_avec": f"fiche n° {absorbee.numero}"}),
        (absorbee, {"fusionnee_dans": f"fiche n° {reste.numero}"}),
    ):
        consigner("fusionner", sur=sur, par=par, demarche_id=reste.demarche_id, apres=apres)
    noter_plan(reste.demarche)
    annoncer_la_refonte(reste.demarche, par)
    return reste


def _parts(montant: Decimal | None, poids: dict[str, Decimal]) -> dict[str, Decimal | None]:
    if montant is None:
        return dict.fromkeys(poids)
    return dict(partager(montant, poids))


@transaction.atomic
def decouper_en_tranches(
    fiche: Fiche, poids: Sequence[Decimal], *, version_lue: int, par: Agent | None
) -> list[Fiche]:
    """Splits an operation: one new fiche a tranche, amounts in proportion to `poids`, to the cent.

    The whole stays readable and counts no more; the tranches sum up to it exactly, amount by amount.
    """
    if not 2 <= len(poids) <= TRANCHES_MAX or any(p <= 0 for p in poids):
        raise ActionRefusee(f"Donnez de 2 à {TRANCHES_MAX} tranches, chacune avec une part positive.")
    entiere = Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk)
    _exiger_libre(entiere)
    enregistrer_version(fiche, version_lue, [])  # the amounts shared are those that were shown
    cles = {f"{rang:02d}": part for rang, part in enumerate(poids, start=1)}
    montants = {
        nom: _parts(getattr(fiche, nom), cles) for nom in ("cout_ht", "cout_ttc", "assiette", "aide_demandee")
    }
    lignes = [(x, partager(x.montant, cles)) for x in lignes_de(fiche)]
    depenses = [(x, partager(x.montant, cles)) for x in depenses_de(fiche)]
    politiques, tranches = list(fiche.politiques.all()), []
    for rang, cle in enumerate(cles, start=1):
        neuve = _copie(fiche, f"{fiche.titre} – tranche {rang}")
        for nom, parts in montants.items():
            setattr(neuve, nom, parts[cle])
        neuve.tranche_de, neuve.tranche, neuve.etat = fiche, rang, fiche.etat
        tranches.append(
            enregistrer_fiche(
                neuve,
                [
                    LigneSaisie(x.financeur, p[cle], x.statut, x.libelle, x.le, x.demonstration)
                    for x, p in lignes
                    if p[cle]
                ],
                par=par,
                politiques=politiques,
                depenses=[
                    DepenseSaisie(x.libelle, p[cle], x.nature, x.eligible) for x, p in depenses if p[cle]
                ],
            )
        )
    _verifier_la_somme(fiche, tranches)
    consigner(
        "decouper",
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        apres={"tranches": [f"fiche n° {t.numero} : {t.cout_ht:.2f} €" for t in tranches]},
    )
    noter_plan(fiche.demarche)
    annoncer_la_refonte(fiche.demarche, par)
    return tranches


def _verifier_la_somme(fiche: Fiche, tranches: Sequence[Fiche]) -> None:
    """Tranches make the whole, to the cent: a difference is a fault of ours, nothing is saved."""
    for nom in ("cout_ht", "aide_demandee", "montant_acquis"):
        total = sum((getattr(t, nom) for t in tranches), ZERO)
        if total != getattr(fiche, nom):
            raise AssertionError(f"tranches of fiche {fiche.pk}: {nom} sums to {total}")


@transaction.atomic
def classer_maturite(fiche: Fiche, maturite: str, *, version_lue: int, par: Agent | None) -> Fiche:
    """Moves a fiche to another class of maturity; refused with what is missing to be in it."""
    if maturite == fiche.maturite:
        raise ActionRefusee(f"La fiche est déjà « {fiche.get_maturite_display()} ».")
    classes = promotions(fiche, modele_de(fiche.demarche), joints_de(fiche))
    voulue = next((p for p in classes if p.code == maturite), None)
    if voulue is None:
        raise ActionRefusee("Cette classe de maturité n’existe pas dans le dispositif.")
    if voulue.manques:
        manque = ", ".join(str(m) for m in voulue.manques)
        raise ActionRefusee(f"Pour être « {voulue.libelle} », il manque : {manque}.")
    return noter_champs(
        fiche, {"maturite": maturite}, version_lue=version_lue, par=par, geste="classer_maturite"
    )
