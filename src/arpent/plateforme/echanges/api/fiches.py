"""Writing a fiche: the form of the page, filled by a program. Same checks, same refusals, same action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from pydantic import ConfigDict, Field

from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.actions import ActionRefusee, enregistrer_fiche
from arpent.plateforme.plans.champs import modele_de
from arpent.plateforme.plans.connu import zonages_de
from arpent.plateforme.plans.droits import est_de_son_theme, peut_proposer_pour, peut_rediger
from arpent.plateforme.plans.forms import Saisie
from arpent.plateforme.plans.forms.comparaison import donnees_de
from arpent.plateforme.plans.forms.saisie import PREFIXES
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.versions import ConflitDeVersion

from .lecteur import Porteur
from .problemes import Probleme
from .ressources.base import Cle, Forme, JourDemande
from .ressources.projets import fiches_lues
from .saisie import MONTANT_ECRIT, FinancementEcrit, MontantFacultatif, champ_de, poser, refus


class DepenseEcrite(Forme):
    libelle: str = Field("", max_length=200, pattern=r"^[^\x00]*$")
    montant: str = MONTANT_ECRIT
    nature: str = Field("", max_length=60, pattern=r"^[A-Za-z0-9_-]*$")
    eligible: bool = True


class FicheEcrite(Forme):
    """What may be written on a fiche. A field that is not sent does not move; null empties it."""

    model_config = ConfigDict(extra="forbid", use_enum_values=True)

    titre: str | None = Field(None, min_length=1, max_length=300, pattern=r"^[^\x00]*$")
    maitre_ouvrage: Cle | None = None
    description: str | None = Field(None, max_length=4_000, pattern=r"^[^\x00]*$")
    besoin: str | None = Field(None, max_length=4_000, pattern=r"^[^\x00]*$")
    effets: str | None = Field(None, max_length=4_000, pattern=r"^[^\x00]*$")
    theme: str | None = Field(None, pattern=r"^[a-zA-Z0-9_-]{1,40}$", description="Code du thème.")
    axe: Cle | None = None
    enjeu: Cle | None = None
    commune: str | None = Field(None, pattern=r"^[0-9A-Z]{5}$", description="Code INSEE.")
    categorie: str | None = Field(None, max_length=60, pattern=r"^[^\x00]*$")
    maturite: Fiche.Maturite | None = None
    nature_depense: Fiche.NatureDepense | None = None
    realisation: Fiche.Realisation | None = None
    annee: int | None = Field(None, ge=2000, le=2100)
    debut_le: JourDemande | None = None
    fin_le: JourDemande | None = None
    cout_ht: MontantFacultatif = None
    cout_ttc: MontantFacultatif = None
    assiette: MontantFacultatif = None
    aide_demandee: MontantFacultatif = None
    adresse: str | None = Field(None, max_length=300, pattern=r"^[^\x00]*$")
    financements: list[FinancementEcrit] | None = Field(None, max_length=60)
    depenses: list[DepenseEcrite] | None = Field(None, max_length=60)


class FicheNouvelle(FicheEcrite):
    demarche: Cle
    titre: str = Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$", examples=["Toiture de l’école"])
    maitre_ouvrage: Cle


_RANGEES = ("depenses", "financements")


def _remplir(post: QueryDict, demarche: Demarche, valeurs: Mapping[str, Any]) -> None:
    """Writes what was sent as the form of the page would send it."""
    for nom, valeur in valeurs.items():
        if nom in _RANGEES:
            poser(post, PREFIXES[nom], valeur or [])
        elif nom == "theme" and valeur is not None:
            processus = demarche.version_processus.processus_id
            theme = Theme.objects.filter(dispositif__processus=processus, code=valeur).first()
            if theme is None:
                raise refus("theme", "Ce dispositif n’a pas ce thème : voyez « themes » du dispositif.")
            post["theme"] = str(theme.pk)
        elif nom != "demarche":
            post[nom] = champ_de(nom, valeur)


def _exiger_champs(saisie: Saisie, valeurs: Mapping[str, Any]) -> None:
    """A value sent for a field that this dispositif does not ask is said, not lost."""
    montres = set(saisie.form.fields) | set(_RANGEES) | {"demarche"}
    hors = [nom for nom, valeur in valeurs.items() if valeur not in (None, "") and nom not in montres]
    if hors:
        dit = "Ce dispositif ne demande pas ce champ : retirez-le."
        raise Probleme(422, erreurs=[{"champ": nom, "message": dit} for nom in hors])


def _erreurs(saisie: Saisie) -> list[dict[str, str]]:
    lues = [
        {"champ": "" if nom == "__all__" else nom, "message": str(message)}
        for nom, messages in saisie.form.errors.items()
        for message in messages
    ]
    for nom in _RANGEES:
        formset = getattr(saisie.rangs, nom).formset
        if not formset.is_bound:
            continue
        lues += [{"champ": nom, "message": str(m)} for m in formset.non_form_errors()]
        for rang, erreurs in enumerate(formset.errors):
            lues += [
                {"champ": f"{nom}.{rang}" + ("" if c == "__all__" else f".{c}"), "message": str(m)}
                for c, messages in erreurs.items()
                for m in messages
            ]
    return lues


def _enregistrer(
    lecteur: Porteur, fiche: Fiche, post: QueryDict, valeurs: Mapping[str, Any], version_lue: int | None
) -> Fiche:
    """Checks and saves as the page does. Probleme 422 with the fields, 409 when somebody saved meanwhile."""
    agent = lecteur.agent
    saisie = Saisie(fiche, agent, post, modele_de(fiche.demarche))
    _exiger_champs(saisie, valeurs)
    if not saisie.is_valid():
        raise Probleme(422, erreurs=_erreurs(saisie))
    if not (avis := est_de_son_theme(agent, saisie.form.instance)):
        raise refus("theme", avis.raison)
    politiques = saisie.form.cleaned_data.get("politiques")
    try:
        gardee = enregistrer_fiche(
            saisie.form.save(commit=False),
            saisie.financements_retenus(),
            par=agent,
            version_lue=version_lue,
            politiques=None if politiques is None else list(politiques),
            depenses=saisie.rangs.depenses.saisies(),
            demarches=saisie.rangs.demarches_financeurs.saisies(),
        )
    except ActionRefusee as refuse:
        raise refus("", str(refuse)) from None
    except ConflitDeVersion:
        raise Probleme(409) from None
    consigner(
        "ecrire_par_api", sur=lecteur.jeton, par=agent, demarche_id=gardee.demarche_id,
        apres={"fiche": gardee.numero},
    )  # fmt: skip
    return fiches_lues(lecteur).get(pk=gardee.pk)


def creer(lecteur: Porteur, corps: FicheNouvelle) -> Fiche:
    """A new draft. 404: the démarche is out of reach; 403: who holds the token writes no fiche there."""
    agent = lecteur.agent
    demarche = lecteur.demarches("territoire.voir").avec_contexte().filter(pk=corps.demarche).first()
    if demarche is None:
        raise Probleme(404, "Cette démarche n’existe pas, ou n’est pas dans le périmètre du jeton.")
    if not (avis := peut_sur(agent, "fiche.rediger", demarche)):
        raise Probleme(403, avis.raison)
    les_siennes = peut_proposer_pour(agent, demarche)
    if les_siennes is not None and not les_siennes:
        raise Probleme(403, "Ce compte n’est rattaché à aucun maître d’ouvrage de ce territoire.")
    valeurs = corps.model_dump(exclude_unset=True)
    post = QueryDict(mutable=True)
    post["version_lue"] = "1"
    post.setlist("zonages", list(zonages_de(corps.commune) or ()))
    _remplir(post, demarche, valeurs)
    return _enregistrer(lecteur, Fiche(demarche=demarche), post, valeurs, None)


def modifier(lecteur: Porteur, fiche: Fiche, corps: FicheEcrite) -> Fiche:
    """The fields sent, over what is stored. `fiche`: as read by `fiches_lues`."""
    demarche = lecteur.demarches("plan.voir").avec_contexte().get(pk=fiche.demarche_id)
    lue = fiche.version
    fiche = Fiche.objects.select_related("maitre_ouvrage", "theme", "commune").get(pk=fiche.pk)
    fiche.demarche = demarche
    if not (avis := peut_rediger(lecteur.agent, fiche)):
        raise Probleme(403, avis.raison)
    valeurs = corps.model_dump(exclude_unset=True)
    post = donnees_de(fiche, lecteur.agent, modele_de(demarche))
    _remplir(post, demarche, valeurs)
    return _enregistrer(lecteur, fiche, post, valeurs, lue)
