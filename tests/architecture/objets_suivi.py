"""Objects of the follow-up, for the world of the access matrix."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.models import (
    ClotureContrat,
    DestinataireQuestionnaire,
    DossierRendezVous,
    IndicateurSuivi,
    JalonProjet,
    PhotoChantier,
    PointBloquant,
    QuestionRendezVous,
    ReponseQuestionnaire,
    SuiviProjet,
    ValeurSuivie,
)
from arpent.plateforme.suivi.questionnaires.actions import Invite, Qualite, lancer_campagne
from arpent.plateforme.suivi.questions.actions import ecrire_reponse
from arpent.plateforme.suivi.rapport.actions import GENRE_DOCUMENT, ecrire_section

LE = date(2026, 3, 1)


def suivi(fiche: Fiche, mot: str) -> dict[str, Any]:
    """A project with its milestone, its photo, what blocks it."""
    tenu = SuiviProjet.objects.create(fiche=fiche, point_le=LE, point_par_nom=f"Agent {mot}")
    jalon = JalonProjet.objects.create(suivi=tenu, ordre=1, libelle=f"Jalon {mot}", poids=10)
    photo = PhotoChantier(
        fiche=fiche, jalon=jalon, description=f"Photo {mot}", prise_le=LE, nom_fichier="photo.png",
        type_mime="image/png", taille=9, sha256="0" * 64, deposee_par_nom=f"Agent {mot}",
    )  # fmt: skip
    indicateur = IndicateurSuivi.objects.create(
        demarche=fiche.demarche, fiche=fiche, libelle=f"Indicateur {mot}", source=mot
    )
    valeur = ValeurSuivie.objects.create(
        indicateur=indicateur, le=LE, valeur=1, source=f"Source {mot}", saisie_par_nom=f"Agent {mot}"
    )
    photo.fichier.save("photo.png", ContentFile(b"\x89PNG " + mot.encode()), save=True)
    ecrire_reponse(fiche.demarche, "impact", f"Réponse {mot}", version_lue=1, par=None)
    campagne = lancer_campagne(
        fiche.demarche, [Invite(fiche.maitre_ouvrage_id, Qualite.MAITRE_OUVRAGE, "questionnaire@exemple.fr")],
        titre=f"Questionnaire {mot}", cloture_le=LE + timedelta(days=30), le=LE, par=None,
    )  # fmt: skip
    invitation = campagne.invitations.get()
    DestinataireQuestionnaire.objects.update(contact_nom=f"Agent {mot}")
    ReponseQuestionnaire.objects.create(
        invitation=invitation, reponses={"a_changer": f"Avis {mot}"}, terminee_le=timezone.now()
    )
    ecrire_section(fiche.demarche, "final", "limites", f"Limites {mot}", version_lue=1, par=None)
    rapport = emettre(
        b"%PDF-1.7 " + mot.encode(), nom="rapport.pdf", titre=f"Rapport {mot}", genre=GENRE_DOCUMENT,
        gabarit="rapport_evaluation/v1", sur=fiche.demarche, demarche_id=fiche.demarche_id, donnees={},
        par_id=None, par_nom=f"Agent {mot}",
    )  # fmt: skip
    ClotureContrat.objects.create(
        contrat=Contrat.objects.get(demarche=fiche.demarche), accorde=1, vote=1, engage=1, paye=1, rendu=0,
        reste_du=0, ouverts=1, motif=f"Motif {mot}", document=rapport, par_nom=f"Agent {mot}", clos_le=LE,
    )  # fmt: skip
    return {
        "rapport_evaluation": rapport,
        "campagne_questionnaire": campagne,
        "invitation_questionnaire": invitation,
        "indicateur_suivi": indicateur,
        "valeur_suivie": valeur,
        "photo_chantier": photo,
        "point_bloquant": PointBloquant.objects.create(
            fiche=fiche, texte=f"Blocage {mot}", responsable=fiche.maitre_ouvrage, echeance=LE, ouvert_le=LE,
            ouvert_par_nom=f"Agent {mot}",
        ),
    }  # fmt: skip


def rendez_vous(demarche: Demarche, mot: str) -> dict[str, Any]:
    """A Rendez-vous de Territoire that was convened, a question to settle, a pack already made."""
    reunion = Reunion.objects.create(
        demarche=demarche, genre="rdv", genre_libelle="Rendez-vous de Territoire", titre=f"Rendez-vous {mot}",
        etat="convoquee", jour=LE, lieu=f"Salle {mot}", uid=f"rdv-{mot}@arpent", cree_par_nom="Essai",
    )  # fmt: skip
    emis = {
        champ: emettre(
            f"{champ} {mot}".encode(), nom=f"{champ}-{mot}.{extension}", titre=f"{champ} {mot}",
            genre=f"{champ} du rendez-vous", gabarit="livret_rendez_vous/v1", sur=reunion,
            demarche_id=demarche.pk, donnees={}, par_id=None, par_nom="Arpent",
        )
        for champ, extension in (("diapositives", "pptx"), ("livret", "pdf"), ("tableau", "xlsx"))
    }  # fmt: skip
    return {
        "rendez_vous": reunion,
        "question_rendez_vous": QuestionRendezVous.objects.create(
            question=reunion.questions.create(texte=f"À régler {mot}"), rang=1
        ),
        "dossier_rendez_vous": DossierRendezVous.objects.create(
            reunion=reunion, empreinte="0" * 64, genere_par_nom=f"Agent {mot}", **emis
        ),
    }
