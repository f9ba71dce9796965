"""Returns for correction: what is asked on which field, what the owner answers, what remains."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier

from .actions import ActionRefusee
from .avancement import faire_avancer_fiche
from .models import Commentaire, Fiche

# Fields one may ask to correct, as the form names them. Empty: the fiche as a whole.
CHAMPS = {
    "": "La fiche dans son ensemble",
    "titre": "Intitulé",
    "description": "Description",
    "besoin": "Besoin et objectifs",
    "effets": "Effets attendus",
    "maitre_ouvrage": "Maître d’ouvrage",
    "commune": "Commune du projet",
    "theme": "Thème",
    "politiques": "Politiques sectorielles",
    "axe": "Axe",
    "enjeu": "Enjeu",
    "maturite": "Maturité",
    "nature_depense": "Nature de la dépense",
    "categorie": "Catégorie d’opération",
    "debut_le": "Début des travaux",
    "fin_le": "Fin des travaux",
    "annee": "Année de programmation",
    "cout_ht": "Coût total HT",
    "cout_ttc": "Coût total TTC",
    "assiette": "Dépense éligible",
    "aide_demandee": "Aide demandée",
    "depenses": "Dépenses",
    "financements": "Plan de financement",
    "pieces": "Pièces jointes",
    "deliberation": "Délibération",
}


@transaction.atomic
def demander_corrections(fiche: Fiche, demandes: Mapping[str, str], *, motif: str, par: Agent) -> Fiche:
    """Sends the fiche back with, for each field, what is asked. One gesture, one notification."""
    demandes = {champ: texte.strip() for champ, texte in demandes.items() if texte.strip()}
    if inconnus := set(demandes) - set(CHAMPS):
        raise ActionRefusee(f"Ce champ n’existe pas sur une fiche : {', '.join(sorted(inconnus))}.")
    if not demandes and not motif.strip():
        raise ActionRefusee("Dites ce qui est à corriger : au moins un champ, ou un motif général.")
    dits = [f"{CHAMPS[champ]} : {texte}" if champ else texte for champ, texte in demandes.items()]
    avancee = faire_avancer_fiche(
        fiche, "demander_complement", par=par, motif="\n".join([motif.strip(), *dits]).strip()
    )
    Commentaire.objects.bulk_create(
        Commentaire(
            fiche=fiche,
            champ=champ,
            genre=Commentaire.Genre.CORRECTION,
            portee=Commentaire.Portee.PARTAGEE,
            texte=texte,
            auteur=par,
            auteur_nom=par.nom_complet,
        )
        for champ, texte in demandes.items()
    )
    return avancee


@transaction.atomic
def repondre_correction(correction: Commentaire, *, texte: str, fait: bool, par: Agent) -> Commentaire:
    """The owner answers, says that it is done, or both. Done twice, it changes nothing."""
    correction = (
        Commentaire.objects.select_for_update(of=("self",))
        .select_related("fiche__demarche__version_processus__processus__autorite")
        .get(pk=correction.pk)
    )
    texte = texte.strip()
    if correction.resolu_le is not None:
        raise ActionRefusee(f"Cette correction est déjà faite (par {correction.resolu_par_nom}).")
    if not texte and not fait:
        raise ActionRefusee("Écrivez une réponse, ou cochez « C’est corrigé ».")
    fiche = correction.fiche
    if texte:
        Commentaire.objects.create(
            fiche=fiche,
            champ=correction.champ,
            genre=Commentaire.Genre.REMARQUE,
            portee=correction.portee,
            reponse_a=correction,
            texte=texte,
            auteur=par,
            auteur_nom=par.nom_complet,
        )
    if fait:
        correction.resolu_le, correction.resolu_par_nom = timezone.now(), par.nom_complet
        correction.save(update_fields=["resolu_le", "resolu_par_nom"])
    consigner(
        "repondre_correction",
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        apres={"correction": CHAMPS.get(correction.champ, correction.champ), "reponse": texte, "fait": fait},
    )
    if correction.auteur_id and correction.auteur_id != par.pk:
        notifier(
            [correction.auteur_id],
            rubrique="fiches",
            sujet="Une correction est faite" if fait else "Une réponse à votre demande",
            texte=f"{fiche.titre} : {CHAMPS.get(correction.champ, '')} {texte}"[:300],
            url=f"{fiche.get_absolute_url()}#corrections",
        )
    return correction


def corrections_ouvertes(fiche: Fiche) -> list[Commentaire]:
    """What remains to be corrected, oldest first. Two queries."""
    return list(
        fiche.commentaires.filter(genre=Commentaire.Genre.CORRECTION, resolu_le__isnull=True)
        .prefetch_related("reponses")
        .order_by("pk")
    )
