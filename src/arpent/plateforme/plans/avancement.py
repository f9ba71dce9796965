"""Moving a fiche along its cycle, and what people add to it on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.metier.cycles import CYCLE_FICHE, EtatFiche, TransitionRefusee
from arpent.metier.reglement import LIBELLES_VERDICT
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.reglements.fiches import ETAPES

from .actions import ActionRefusee, noter_champs
from .champs import manques
from .conclusions import figer, refaire
from .deliberations import exiger_deliberation
from .destinataires import gens_de_l_autorite, gens_du_porteur
from .droits import PRE_INSTRUIRE, peut_sur_le_theme
from .models import Fiche
from .place import noter_plan
from .preinstruction import preinstruire_fiche

# Gestures that make no sense without saying why.
AVEC_MOTIF = frozenset({"demander_complement", "differer", "refuser"})
ANNONCES = {
    EtatFiche.PROPOSEE: "Une fiche est à pré-instruire",
    EtatFiche.A_COMPLETER: "Un complément est demandé",
    EtatFiche.PRE_INSTRUITE: "Une fiche est pré-instruite",
    EtatFiche.RETENUE: "Une fiche est retenue",
    EtatFiche.DIFFEREE: "Une fiche est différée",
    EtatFiche.REFUSEE: "Une fiche n’est pas retenue",
}


def _exiger_complete(fiche: Fiche, geste: str) -> None:
    """A step is crossed with what the dispositif asks for it; what earlier ones asked was theirs to check."""
    if noms := [str(m) for m in manques(fiche, geste) if m.etape == geste]:
        suite = noms[0] if len(noms) == 1 else f"{', '.join(noms[:-1])} et {noms[-1]}"
        raise ActionRefusee(
            f"Pour {ETAPES[geste]}, il manque : {suite}. Modifiez la fiche, puis recommencez."
        )


def _destinataires(fiche: Fiche, vers: EtatFiche) -> list[int]:
    """Who is told: those who examine when it is proposed, else those who carry the project."""
    return gens_de_l_autorite(fiche) if vers is EtatFiche.PROPOSEE else gens_du_porteur(fiche)


@transaction.atomic
def faire_avancer_fiche(fiche: Fiche, geste: str, *, par: Agent | None, motif: str = "") -> Fiche:
    """Crosses one transition of CYCLE_FICHE. Raises TransitionRefusee or ActionRefusee, in French."""
    fiche = (
        Fiche.objects.select_for_update(of=("self",))
        .select_related(
            "maitre_ouvrage", "demarche__territoire", "demarche__version_processus__processus__autorite"
        )
        .get(pk=fiche.pk)
    )
    avant, motif = fiche.etat, motif.strip()
    transition = CYCLE_FICHE.franchir(geste, avant)
    vers = EtatFiche(transition.vers)
    if geste in AVEC_MOTIF and not motif:
        raise ActionRefusee(
            f"« {transition.libelle} » demande un motif : écrivez-le, il sera lu par le porteur."
        )
    apres: dict[str, object] = {"etat": vers.value}
    exiger_deliberation(fiche, geste, date.today())
    _exiger_complete(fiche, geste)
    if geste == "pre_instruire":
        conclue = figer(fiche, preinstruire_fiche(fiche, date.today()), par)
        apres |= {"verdict": conclue.verdict, "aide_maximale": conclue.aide_maximale}
    fiche.etat = vers.value
    fiche.version += 1
    fiche.save(update_fields=["etat", "version", "modifie_le"])
    consigner(
        geste,
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        motif=motif,
        avant={"etat": avant},
        apres=apres,
    )
    if sujet := ANNONCES.get(vers):
        qui = [pk for pk in _destinataires(fiche, vers) if par is None or pk != par.pk]
        suite = f" : {motif}" if motif else ""
        notifier(
            qui,
            rubrique="fiches",
            sujet=sujet,
            texte=f"{fiche.titre}{suite}"[:300],
            url=fiche.get_absolute_url(),
        )
    noter_plan(fiche.demarche)
    return fiche


def noter_priorites(
    fiche: Fiche, priorites: dict[str, int | None], *, version_lue: int, par: Agent | None
) -> Fiche:
    """Sets one or several of the three priorities (1 = first)."""
    return noter_champs(fiche, priorites, version_lue=version_lue, par=par, geste="prioriser")


def noter_derogation(
    fiche: Fiche, *, taux: Decimal | None, acte: str, le: date | None, version_lue: int, par: Agent | None
) -> Fiche:
    """Records the préfet's act that lowers the owner's minimum share, or removes it (all empty)."""
    if len({taux is None, not acte, le is None}) > 1:
        raise ActionRefusee("Une dérogation se saisit entière : le taux, l’acte du préfet et sa date.")
    valeurs = {"derogation_taux": taux, "derogation_acte": acte, "derogation_le": le}
    return noter_champs(fiche, valeurs, version_lue=version_lue, par=par, geste="noter_derogation")


@transaction.atomic
def noter_accord(fiche: Fiche, montant: Decimal | None, *, par: Agent | None) -> bool:
    """Keeps the aid that an agreement gives to a fiche (None: the agreement is undone); False when known.

    The version does not move: nobody types this on a form.
    """
    avant = fiche.aide_accordee
    if avant == montant:
        return False
    fiche.aide_accordee = montant
    Fiche.objects.filter(pk=fiche.pk).update(aide_accordee=montant)
    consigner(
        "retirer_aide" if montant is None else "accorder_aide",
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        avant={"aide_accordee": avant},
        apres={"aide_accordee": montant},
    )
    return True


@dataclass(frozen=True, slots=True)
class Bilan:
    """What a batch did for one fiche: concluded, or refused with its reason."""

    fiche: Fiche
    fait: bool
    texte: str


def conclure_en_lot(fiches: Sequence[Fiche], *, par: Agent, le: date) -> list[Bilan]:
    """Concludes many fiches, each in its own transaction: a refusal stops none of the others."""
    bilans = []
    for fiche in fiches:
        if not (avis := peut_sur_le_theme(par, PRE_INSTRUIRE, fiche)):
            bilans.append(Bilan(fiche, False, avis.raison))
            continue
        try:
            if fiche.etat == EtatFiche.PROPOSEE.value:
                faire_avancer_fiche(fiche, "pre_instruire", par=par)
                bilans.append(Bilan(fiche, True, "pré-instruction close"))
            else:
                refaire(fiche, par=par, le=le)
                bilans.append(Bilan(fiche, True, "pré-instruction refaite"))
        except (ActionRefusee, TransitionRefusee) as refus:
            bilans.append(Bilan(fiche, False, str(refus)))
    return bilans


def libelle_verdict(verdict: str) -> str:
    """French label of a frozen verdict."""
    return next((libelle for code, libelle in LIBELLES_VERDICT.items() if code.value == verdict), verdict)
