"""Writing, validating, reopening the answer to a question: version, journal, in one transaction."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from arpent.metier.cycles import CYCLE_REPONSE_EVALUATION, EtatReponseEvaluation, TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import ReponseEvaluation, VersionReponseEvaluation
from .cadre import cadre_de, figer

TEXTE_MAX = 20_000
_CHAMPS = ("texte", "etat", "redigee_par_nom", "redigee_le", "validee_par_nom", "validee_le")


class ReponseRefusee(ValueError):
    """What was sent has no effect; the French message says why and what to do."""


def _verrouiller(demarche: Demarche, code: str) -> ReponseEvaluation:
    """The answer, locked; born with the first gesture, which freezes the frame."""
    if code not in {q.code for q in cadre_de(demarche).questions}:
        raise ReponseRefusee("Cette question n’est pas de l’évaluation de ce territoire.")
    figer(demarche)
    ReponseEvaluation.objects.get_or_create(demarche=demarche, code=code)
    reponse = ReponseEvaluation.objects.select_for_update(of=("self",)).get(demarche=demarche, code=code)
    reponse.demarche = demarche
    return reponse


def _franchir(reponse: ReponseEvaluation, geste: str) -> str:
    try:
        return CYCLE_REPONSE_EVALUATION.franchir(geste, reponse.etat).vers.value
    except TransitionRefusee as refus:
        raise ReponseRefusee(str(refus)) from refus


@transaction.atomic
def ecrire_reponse(
    demarche: Demarche,
    code: str,
    texte: str,
    *,
    version_lue: int,
    par: Agent | None,
    demonstration: bool = False,
) -> ReponseEvaluation:
    """A new version of the text. ConflitDeVersion when someone wrote it meanwhile; ReponseRefusee."""
    texte = texte.strip()
    if not texte:
        raise ReponseRefusee("Écrivez la réponse avant de l’enregistrer.")
    if len(texte) > TEXTE_MAX:
        raise ReponseRefusee(f"La réponse est trop longue : {TEXTE_MAX} caractères au plus.")
    reponse = _verrouiller(demarche, code)
    vers, avant = _franchir(reponse, "rediger_reponse_evaluation"), reponse.texte
    nom = par.nom_complet if par else "Arpent"
    reponse.texte, reponse.etat = texte, vers
    reponse.redigee_par_nom, reponse.redigee_le = nom, timezone.now()
    reponse.demonstration = demonstration
    enregistrer_version(reponse, version_lue, (*_CHAMPS, "demonstration"))
    if texte != avant:
        numero = reponse.versions.count() + 1
        VersionReponseEvaluation.objects.create(
            reponse=reponse, numero=numero, texte=texte, ecrite_par_nom=nom
        )
    consigner(
        "rediger_reponse_evaluation", sur=reponse, par=par, demarche_id=demarche.pk,
        avant={"texte": avant}, apres={"texte": texte},
    )  # fmt: skip
    return reponse


@transaction.atomic
def changer_etat(demarche: Demarche, code: str, geste: str, *, par: Agent | None) -> ReponseEvaluation:
    """Validates or reopens. ReponseRefusee names the gestures that are open."""
    if geste == "rediger_reponse_evaluation":
        raise ReponseRefusee("Écrivez la réponse pour l’enregistrer.")
    reponse = _verrouiller(demarche, code)
    avant, reponse.etat = reponse.etat, _franchir(reponse, geste)
    valide = reponse.etat == EtatReponseEvaluation.VALIDEE
    reponse.validee_par_nom = (par.nom_complet if par else "Arpent") if valide else ""
    reponse.validee_le = timezone.now() if valide else None
    enregistrer_version(reponse, reponse.version, _CHAMPS)
    consigner(
        geste, sur=reponse, par=par, demarche_id=demarche.pk,
        avant={"etat": avant}, apres={"etat": reponse.etat},
    )  # fmt: skip
    return reponse
