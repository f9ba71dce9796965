"""What the assembly voted for a fund and an exercise, as it is entered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.reglements.models import Fonds
from arpent.plateforme.socle.versions import enregistrer_version

from ..dossiers.actions import qui
from ..models import VoteCredits


class VoteRefuse(ValueError):
    """The entry is not possible; the message is French and says what to do."""


@transaction.atomic
def saisir_vote(
    fonds: Fonds,
    annee: int,
    *,
    ap: Decimal | None,
    cp: Decimal | None,
    acte: str,
    acte_le: date | None,
    version_lue: int,
    par: Agent | None,
    demonstration: bool = False,
) -> VoteCredits:
    """Enters or corrects the vote of that exercise. VoteRefuse, ConflitDeVersion.

    `version_lue`: 0 for an exercise that had no vote when the form was shown.
    """
    if ap is None and cp is None:
        raise VoteRefuse("Écrivez au moins un montant : l’AP votée ou les CP votés.")
    if not 2000 <= annee <= 2100:
        raise VoteRefuse("L’exercice est une année à quatre chiffres.")
    Fonds.objects.select_for_update().get(pk=fonds.pk)
    champs = {"ap": ap, "cp": cp, "acte": acte.strip()[:120], "acte_le": acte_le, "par_nom": qui(par)}
    vote = VoteCredits.objects.filter(fonds=fonds, annee=annee).first()
    if vote is None:
        vote = VoteCredits.objects.create(fonds=fonds, annee=annee, demonstration=demonstration, **champs)
        avant: dict[str, object] = {}
    else:
        avant = {"ap": vote.ap, "cp": vote.cp, "acte": vote.acte}
        for nom, valeur in champs.items():
            setattr(vote, nom, valeur)
        vote.demonstration = demonstration
        enregistrer_version(vote, version_lue, (*champs, "demonstration"))
    consigner(
        "saisir_vote_credits", sur=vote, par=par, demarche_id=None, avant=avant,
        apres={"fonds": fonds.libelle, "annee": annee, "ap": ap, "cp": cp, "acte": vote.acte},
    )  # fmt: skip
    return vote
