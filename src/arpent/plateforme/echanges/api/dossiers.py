"""Writing a grant file: the form of the page, filled by a program. Same checks, same refusals, same actions.

Its pieces and its filing stay on the screen: a file is sent to the authority by somebody who reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from django.http import QueryDict
from pydantic import ConfigDict, Field

from arpent.metier.cycles.dossier import DEPOSER
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.forms.lignes import LignesFormSet
from arpent.plateforme.socle.versions import ConflitDeVersion
from arpent.plateforme.subventions.dossiers import actions, pieces
from arpent.plateforme.subventions.dossiers.calcul import octroi_de
from arpent.plateforme.subventions.dossiers.droits import peut_deposer_pour, peut_modifier
from arpent.plateforme.subventions.dossiers.forms import DossierForm, plan_initial, plan_saisi
from arpent.plateforme.subventions.models import Dossier

from .lecteur import Porteur
from .perimetres import fiches_visibles
from .problemes import Probleme
from .ressources.base import Cle, Forme, JourDemande
from .ressources.realisation import dossiers_lus
from .saisie import FinancementEcrit, MontantFacultatif, champ_de, poser, refus

_LIGNES = "lignes"


class DossierEcrit(Forme):
    """What may be written on a file. A field that is not sent does not move; null empties it."""

    model_config = ConfigDict(extra="forbid", use_enum_values=True)

    stade: Literal["marches", "devis"] | None = None
    cout_reel_ht: MontantFacultatif = None
    assiette_reelle: MontantFacultatif = None
    montant_demande: MontantFacultatif = None
    debut_le: JourDemande | None = None
    observations: str | None = Field(None, max_length=1_000, pattern=r"^[^\x00]*$")
    financements: list[FinancementEcrit] | None = Field(None, max_length=60)


class DossierNouveau(DossierEcrit):
    fiche: Cle


def creer(lecteur: Porteur, corps: DossierNouveau) -> Dossier:
    """A draft on the line of that fiche, prefilled from the contract, then what was sent.

    404: the fiche is out of reach; 403: who holds the token files nothing for its owner; 422: no line, or a
    file already.
    """
    agent, le = lecteur.agent, date.today()
    fiche = fiches_visibles(lecteur).filter(pk=corps.fiche).first()
    if fiche is None:
        raise Probleme(404, "Cette fiche n’existe pas, ou n’est pas dans le périmètre du jeton.")
    demarche = lecteur.demarches("territoire.voir").avec_contexte().get(pk=fiche.demarche_id)
    if not (avis := peut_sur(agent, DEPOSER, demarche)):
        raise Probleme(403, avis.raison)
    try:
        qui = octroi_de(demarche, fiche.pk, le).beneficiaire
        if qui is not None and not (avis := peut_deposer_pour(agent, demarche, qui.pk, qui.nom)):
            raise Probleme(403, avis.raison)
        dossier = actions.ouvrir_dossier(demarche, fiche.pk, par=agent, le=le)
    except (actions.DossierRefuse, ContratRefuse) as refuse:
        raise refus("fiche", str(refuse)) from None
    pieces.reprendre_de_la_fiche(dossier, par=agent)
    dossier.demarche = demarche
    valeurs = corps.model_dump(exclude_unset=True, exclude={"fiche"})
    return _enregistrer(lecteur, dossier, valeurs)


def modifier(lecteur: Porteur, dossier: Dossier, corps: DossierEcrit) -> Dossier:
    """The fields sent, over what is stored. `dossier`: as read by `dossiers_lus`."""
    dossier = Dossier.objects.avec_contexte().get(pk=dossier.pk)
    return _enregistrer(lecteur, dossier, corps.model_dump(exclude_unset=True))


def _envoi(dossier: Dossier, valeurs: Mapping[str, Any]) -> QueryDict:
    """What the page would send: the values kept, then those of the program."""
    post = QueryDict(mutable=True)
    post["version_lue"] = str(dossier.version)
    for nom in actions.CHAMPS:
        post[nom] = champ_de(nom, getattr(dossier, nom))
    rangees: Sequence[Mapping[str, Any]] = plan_initial(dossier)
    for nom, valeur in valeurs.items():
        if nom == "financements":
            rangees = valeur or []
        else:
            post[nom] = champ_de(nom, valeur)
    poser(post, _LIGNES, rangees)
    return post


def _erreurs(form: DossierForm, jeu: Any) -> list[dict[str, str]]:
    lues = [
        {"champ": "" if nom == "__all__" else nom, "message": str(message)}
        for nom, messages in form.errors.items()
        for message in messages
    ]
    lues += [{"champ": "financements", "message": str(m)} for m in jeu.non_form_errors()]
    for rang, erreurs in enumerate(jeu.errors):
        lues += [
            {"champ": f"financements.{rang}.{c}", "message": str(m)}
            for c, messages in erreurs.items()
            for m in messages
        ]
    return lues


def _enregistrer(lecteur: Porteur, dossier: Dossier, valeurs: Mapping[str, Any]) -> Dossier:
    """Checks and saves as the page does. Probleme 403, 422 with the fields, 409 on a race."""
    agent = lecteur.agent
    if not (avis := peut_modifier(agent, dossier)):
        raise Probleme(403, avis.raison)
    post = _envoi(dossier, valeurs)
    form = DossierForm(post, dossier=dossier, attendus=())
    jeu = LignesFormSet(post, prefix=_LIGNES)
    valides = [form.is_valid(), jeu.is_valid()]
    if not all(valides):
        raise Probleme(422, erreurs=_erreurs(form, jeu))
    try:
        actions.modifier_dossier(
            dossier, form.cleaned_data, plan_saisi(jeu), version_lue=dossier.version, par=agent
        )
    except actions.DossierRefuse as refuse:
        raise refus("", str(refuse)) from None
    except ConflitDeVersion:
        raise Probleme(409) from None
    consigner(
        "ecrire_par_api", sur=lecteur.jeton, par=agent, demarche_id=dossier.demarche_id,
        apres={"dossier": dossier.reference},
    )  # fmt: skip
    return dossiers_lus(lecteur).get(pk=dossier.pk)
