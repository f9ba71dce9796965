"""A fund divided by theme or year above the territories, and the share of a line given to a territory."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from arpent.metier.repartition import soldes as regles
from arpent.metier.repartition.reserve import lire_reserve
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif, Fonds

from ..actions import ArbitrageRefuse, recalculer_enveloppes
from ..models import Enveloppe, Genre, Scenario
from .actions import Ligne, exiger_ligne
from .noeuds import ligne_de, part_de
from .registre import (
    SANS_PIECE,
    CreditRefuse,
    Ecriture,
    Piece,
    consigner_mouvement,
    deplacer,
    exiger,
    inscrire,
    soldes_propres,
)
from .suivi import rattacher, suivre_division
from .verrou import verrouiller


def lignes_du_fonds(fonds: Fonds) -> list[Enveloppe]:
    """The lines of the fund above the territories, in order. One query."""
    noeuds = Enveloppe.objects.filter(fonds=fonds, demarche__isnull=True, parent__isnull=False)
    return list(noeuds.select_related("theme", "fonds").order_by("theme__ordre", "annee", "pk"))


def _verrouiller_le_dispositif(fonds: Fonds) -> Dispositif:
    return Dispositif.objects.select_for_update(of=("self",)).get(pk=fonds.dispositif_id)


@transaction.atomic
def diviser_le_fonds(
    parent: Enveloppe, lignes: Sequence[Ligne], *, par: Agent | None, piece: Piece = SANS_PIECE,
    partager: bool = False,
) -> list[Enveloppe]:  # fmt: skip
    """Makes lines by theme or year at the top of a fund, out of what it has not given yet. CreditRefuse.

    `partager`: the money comes off the shares of the territories, which are computed again.
    """
    fonds = parent.fonds
    dispositif = _verrouiller_le_dispositif(fonds)
    parent = verrouiller([parent])[parent.pk]
    reserve = lire_reserve(dispositif.parametres.get("reserve"))
    if parent.demarche_id is not None:
        raise CreditRefuse("Cette enveloppe est celle d’un territoire : divisez-la sur sa page.")
    if reserve is not None and fonds.code == reserve.fonds:
        raise CreditRefuse("Le fonds de réserve ne se divise pas : il s’accorde demande par demande.")
    if not lignes:
        raise CreditRefuse("Aucune ligne n’est demandée : donnez un thème ou une année.")
    for ligne in lignes:
        exiger_ligne(parent, ligne)
    total = sum((x.montant for x in lignes), Decimal("0.00"))
    repartage = partager and parent.parent_id is None
    if not repartage:
        exiger(regles.refus_division(soldes_propres(parent), total))
    noeuds = [
        ligne_de(parent, x.theme or parent.theme, x.annee or parent.annee, **x.reglages) for x in lignes
    ]
    for noeud in noeuds:
        if noeud.parent_id != parent.pk:
            raise CreditRefuse(f"La ligne « {noeud.libelle} » existe déjà ailleurs dans ce fonds.")
    ecritures = [
        e
        for n, x in zip(noeuds, lignes, strict=True)
        for e in deplacer(parent, n, x.montant, Genre.DIVISION, piece)
    ]
    _ecrire(dispositif, ecritures, par, repartage)
    consigner_mouvement("diviser_fonds", parent, total, par, piece, lignes=[n.libelle for n in noeuds])
    return noeuds


def _ecrire(
    dispositif: Dispositif, ecritures: Sequence[Ecriture], par: Agent | None, repartage: bool
) -> None:
    if not repartage:
        inscrire(ecritures, par=par)
        return
    try:
        recalculer_enveloppes(dispositif, par, ecritures=ecritures)
    except ArbitrageRefuse as refus:
        raise CreditRefuse(str(refus)) from None


@transaction.atomic
def donner_part(
    ligne: Enveloppe, demarche: Demarche, montant: Decimal, *, par: Agent | None, piece: Piece = SANS_PIECE
) -> Enveloppe:
    """Gives a territory its share of a line of the fund; its fiches of that theme go there. CreditRefuse."""
    _verrouiller_le_dispositif(ligne.fonds)
    courants = Scenario.objects.filter(demarche=demarche, est_courant=True)
    courants.select_for_update(of=("self",)).first()
    ligne = verrouiller([ligne])[ligne.pk]
    exiger(regles.refus_montant(montant))
    if ligne.demarche_id is not None or ligne.parent_id is None:
        raise CreditRefuse("Une part se donne sur une ligne du fonds entier : choisissez une de ses lignes.")
    if demarche.processus.dispositif.pk != ligne.fonds.dispositif_id:
        raise CreditRefuse("Ce territoire relève d’un autre dispositif : choisissez-en un de celui-ci.")
    exiger(regles.refus_division(soldes_propres(ligne), montant))
    part = part_de(ligne, demarche)
    if part.parent_id != ligne.pk:
        raise CreditRefuse(
            f"{demarche.territoire.nom} a déjà une ligne « {ligne.libelle} » dans sa propre enveloppe : "
            "rendez-la d’abord."
        )
    inscrire(deplacer(ligne, part, montant, Genre.DIVISION, piece), par=par)
    consigner_mouvement("donner_part", part, montant, par, piece, ligne=ligne.libelle)
    suivre_division(ligne.fonds, demarche)
    rattacher(demarche, par=par)
    return part
