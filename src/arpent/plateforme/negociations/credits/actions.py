"""The lines of an envelope: dividing it, moving money between them, carrying it over, opening a tranche.

Each gesture locks the nodes it touches, checks the rules of `arpent.metier.repartition.soldes` on what it
reads under the lock, writes and journals, in one transaction. CreditRefuse carries the French reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from arpent.metier.argent import ZERO
from arpent.metier.repartition import soldes as regles
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import Enveloppe, Genre, Mouvement, Scenario
from .noeuds import ligne_de, ligne_suivante
from .registre import (
    SANS_PIECE,
    CreditRefuse,
    Piece,
    consigner_mouvement,
    deplacer,
    exiger,
    inscrire,
    soldes_propres,
)
from .suivi import rattacher, suivre_division
from .verrou import verrouiller


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line asked for under an envelope. `reglages`: its fungible part and its opening, as fields."""

    theme: Theme | None
    annee: int | None
    montant: Decimal
    reglages: Mapping[str, Any] = field(default_factory=dict)


def _verrouiller_la_maquette(enveloppe: Enveloppe) -> None:
    """Before the envelopes: nobody writes a proposition while the lines change."""
    courants = Scenario.objects.filter(demarche=enveloppe.demarche_id, est_courant=True)
    courants.select_for_update(of=("self",)).first()


def _rattacher(enveloppe: Enveloppe, par: Agent | None) -> None:
    """New lines take the fiches of their theme and year; those of the whole fund have none."""
    if enveloppe.demarche_id is None:
        return
    rattacher(Demarche.objects.avec_contexte().get(enveloppes=enveloppe), par=par)


def exiger_ligne(parent: Enveloppe, ligne: Ligne) -> None:
    if ligne.montant:
        exiger(regles.refus_montant(ligne.montant))
    if (parent.theme_id and ligne.theme) or (parent.annee and ligne.annee):
        raise CreditRefuse(f"« {parent.libelle} » est déjà une ligne de ce genre : divisez-la autrement.")
    if not ligne.theme and not ligne.annee:
        raise CreditRefuse("Une ligne porte un thème, une année, ou les deux : choisissez-en un.")


@transaction.atomic
def diviser(
    parent: Enveloppe, lignes: Sequence[Ligne], *, par: Agent | None, piece: Piece = SANS_PIECE
) -> list[Enveloppe]:
    """Makes lines by theme or year and gives each its money, out of what the parent has left.

    A line that exists already receives the money on top; the fiches go to their new line.
    """
    _verrouiller_la_maquette(parent)
    parent = verrouiller([parent])[parent.pk]
    if parent.demarche_id is None:
        raise CreditRefuse("Le fonds se partage par sa formule : divisez l’enveloppe d’un territoire.")
    if not lignes:
        raise CreditRefuse("Aucune ligne n’est demandée : donnez un thème ou une année.")
    for ligne in lignes:
        exiger_ligne(parent, ligne)
    total = sum((ligne.montant for ligne in lignes), ZERO)
    exiger(regles.refus_division(soldes_propres(parent), total))
    noeuds = [
        ligne_de(parent, x.theme or parent.theme, x.annee or parent.annee, **x.reglages) for x in lignes
    ]
    for noeud in noeuds:
        if noeud.parent_id != parent.pk:
            raise CreditRefuse(f"La ligne « {noeud.libelle} » existe déjà ailleurs dans cette enveloppe.")
    paires = list(zip(noeuds, lignes, strict=True))
    inscrire([e for n, x in paires for e in deplacer(parent, n, x.montant, Genre.DIVISION, piece)], par=par)
    detail = {n.libelle: f"{x.montant:.2f}" for n, x in paires}
    consigner_mouvement("diviser_enveloppe", parent, total, par, piece, lignes=detail)
    _rattacher(parent, par)
    return noeuds


@transaction.atomic
def regler(
    enveloppe: Enveloppe, limite_fongible: Decimal | None, *, version_lue: int, par: Agent | None
) -> Enveloppe:
    """Sets the part (percent) that may go to another line. ConflitDeVersion."""
    avant, enveloppe.limite_fongible = enveloppe.limite_fongible, limite_fongible
    enregistrer_version(enveloppe, version_lue, ("limite_fongible",))
    consigner_modification(
        enveloppe, {"limite_fongible": avant}, {"limite_fongible": limite_fongible}, par=par,
        demarche_id=enveloppe.demarche_id, geste="regler_enveloppe",
    )  # fmt: skip
    return enveloppe


def deja_vire(enveloppe: Enveloppe) -> Decimal:
    """What left the line by virement, returns aside. One query."""
    sorties = Mouvement.objects.filter(enveloppe=enveloppe, genre=Genre.VIREMENT, montant__lt=0)
    return -sorties.soldes().alloue


def _en_taux(pourcentage: Decimal | None) -> Decimal | None:
    return None if pourcentage is None else pourcentage / 100


@transaction.atomic
def virer(
    source: Enveloppe, cible: Enveloppe, montant: Decimal, *, par: Agent | None, piece: Piece = SANS_PIECE
) -> None:
    """Moves money between two lines of one envelope, inside the limit of the one it leaves."""
    verrouillees = verrouiller([source, cible])
    source, cible = verrouillees[source.pk], verrouillees[cible.pk]
    exiger(regles.refus_montant(montant))
    voisines = source.demarche_id == cible.demarche_id and bool(source.theme_id or source.annee)
    exiger(
        regles.refus_virement(
            montant,
            soldes_propres(source),
            deja_vire=deja_vire(source),
            limite=_en_taux(source.limite_fongible),
            meme_niveau=voisines and source.pk != cible.pk and source.parent_id == cible.parent_id,
        )
    )
    inscrire(deplacer(source, cible, montant, Genre.VIREMENT, piece), par=par)
    consigner_mouvement("virer_credits", source, montant, par, piece, vers=cible.libelle)


@transaction.atomic
def rendre(enveloppe: Enveloppe, montant: Decimal, *, par: Agent | None, piece: Piece = SANS_PIECE) -> None:
    """Gives money of a line that is promised to nobody back to the envelope it was taken from."""
    connues = verrouiller([enveloppe])
    enveloppe = connues[enveloppe.pk]
    parent = connues.get(enveloppe.parent_id or 0)
    if parent is None or not (enveloppe.theme_id or enveloppe.annee):
        raise CreditRefuse("Seule une ligne rend son crédit : l’enveloppe d’un territoire vient du partage.")
    exiger(regles.refus_montant(montant))
    exiger(regles.refus_depart(montant, soldes_propres(enveloppe)))
    inscrire(deplacer(enveloppe, parent, montant, Genre.DIVISION, piece), par=par)
    consigner_mouvement("rendre_credits", enveloppe, montant, par, piece, vers=parent.libelle)
    if enveloppe.demarche is not None and parent.demarche_id is None:
        suivre_division(enveloppe.fonds, enveloppe.demarche)


@transaction.atomic
def reporter(
    enveloppe: Enveloppe, montant: Decimal | None = None, *, par: Agent | None, piece: Piece = SANS_PIECE
) -> Enveloppe:
    """Carries what is not committed of a year (all of it without `montant`) to the next year of the line."""
    _verrouiller_la_maquette(enveloppe)
    enveloppe = verrouiller([enveloppe])[enveloppe.pk]
    soldes = soldes_propres(enveloppe)
    montant = soldes.reste_a_engager if montant is None else montant
    exiger(regles.refus_report(montant, soldes, annee=enveloppe.annee, vers=(enveloppe.annee or 0) + 1))
    exiger(regles.refus_montant(montant))
    cible = ligne_suivante(enveloppe, (enveloppe.annee or 0) + 1)
    inscrire(deplacer(enveloppe, cible, montant, Genre.REPORT, piece), par=par)
    consigner_mouvement("reporter_credits", enveloppe, montant, par, piece, vers=cible.libelle)
    _rattacher(enveloppe, par)
    return cible


# --- tranches -------------------------------------------------------------------------------------


def tranche_de(enveloppe: Enveloppe) -> regles.Tranche:
    return regles.Tranche(
        enveloppe.libelle, enveloppe.ouverte, enveloppe.ouverture_condition,
        _en_taux(enveloppe.ouverture_taux),
    )  # fmt: skip


@transaction.atomic
def ouvrir_tranche(enveloppe: Enveloppe, acte: str, acte_le: date | None, *, par: Agent | None) -> Enveloppe:
    """Lets the money of a gated line be committed, by an act, once its sisters are used enough."""
    enveloppe = verrouiller([enveloppe])[enveloppe.pk]
    soeurs = Enveloppe.objects.filter(parent=enveloppe.parent_id).exclude(pk=enveloppe.pk)
    sommes = [Mouvement.objects.all().de_la_branche(soeur).soldes() for soeur in soeurs]
    exiger(regles.refus_ouverture(tranche_de(enveloppe), regles.somme(sommes)))
    if not (acte := " ".join(acte.split())):
        raise CreditRefuse("Une tranche s’ouvre par un acte : écrivez sa référence.")
    enveloppe.ouverte, enveloppe.acte, enveloppe.acte_le = True, acte[:120], acte_le
    enregistrer_version(enveloppe, enveloppe.version, ("ouverte", "acte", "acte_le"))
    consigner(
        "ouvrir_tranche", sur=enveloppe, par=par, demarche_id=enveloppe.demarche_id,
        avant={"ouverte": False}, apres={"ouverte": True, "acte": enveloppe.acte, "acte_le": acte_le},
    )  # fmt: skip
    return enveloppe
