"""Objects of one room each, for the world of the access matrix."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from arpent.metier.processus import ecrire_definition, lire_definition
from arpent.plateforme.acteurs.models import (
    Absence,
    Agent,
    CleAcces,
    DemandeAppui,
    Designation,
    Invitation,
    Organisation,
    Personne,
    RegleConservation,
    SessionOuverte,
    StructureAppui,
)
from arpent.plateforme.acteurs.remarques import Remarque
from arpent.plateforme.contrats.models import (
    Avenant,
    CircuitSignature,
    Contrat,
    FinContrat,
    MouvementAvenant,
    Partie,
    VersionContrat,
    Vote,
)
from arpent.plateforme.contrats.signatures.circuits import ouvrir_circuit
from arpent.plateforme.demarches.conversations.models import Message
from arpent.plateforme.demarches.models import BrouillonProcessus, Demarche, Processus
from arpent.plateforme.demarches.reunions.models import PieceReunion, Reunion
from arpent.plateforme.diagnostics.models import ModeleVulnerabilite
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.echanges.models import Abonnement, ImportElus, Jeton, Livraison
from arpent.plateforme.journal.auteurs import auteur_de
from arpent.plateforme.negociations.models import DemandeReserve, JustificationReserve
from arpent.plateforme.notifications.courriels import mettre_en_file
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import AvisService, Commentaire, DerogationRegle, Fiche
from tests.plateforme import fabrique

LE = date(2026, 3, 1)


def demande_reserve(fiche: Fiche, mot: str, n: int) -> DemandeReserve:
    """A request that was filed and came back, with its answer."""
    demande = DemandeReserve.objects.create(
        demarche=fiche.demarche,
        numero=n,
        fiche=fiche,
        montant_demande=Decimal(1_000),
        etat="a_completer",
        cree_par_nom=f"Agent {mot}",
        deposee_le=datetime(2026, 3, 1, tzinfo=UTC),
    )
    JustificationReserve.objects.create(demande=demande, critere="urgence", texte=f"Urgence {mot}")
    return demande


def acte_emis(fiche: Fiche, mot: str) -> DocumentEmis:
    """An issued letter of award."""
    return emettre(
        f"Lettre {mot}".encode(),
        nom=f"lettre-{mot}.pdf",
        titre=f"Lettre {mot}",
        genre="lettre d’attribution",
        gabarit="lettre_attribution/v1",
        sur=fiche,
        demarche_id=fiche.demarche_id,
        donnees={
            "version": 1,
            "empreinte_des_donnees": "0" * 64,
            "acte": {"aide": "1000.00", "numero_projet": str(fiche.numero)},
        },
        par_id=None,
        par_nom="Arpent",
    )


def rapport(fiche: Fiche, mot: str) -> DocumentEmis:
    """An issued report of the pré-instruction of a fiche."""
    return emettre(
        f"Rapport {mot}".encode(),
        nom=f"preinstruction-{mot}.pdf",
        titre=f"Rapport {mot}",
        genre="rapport de pré-instruction",
        gabarit="rapport/v1",
        sur=fiche,
        demarche_id=fiche.demarche_id,
        donnees={},
        par_id=None,
        par_nom="Arpent",
    )


def vote(partie: Partie, version: VersionContrat, mot: str) -> Vote:
    """A vote adopted, with its signed act."""
    note = Vote(
        partie=partie, version_votee=version, type_assemblee="conseil_municipal", assemblee=f"Conseil {mot}",
        numero=f"V-{mot}", adoptee_le=LE, sens="adoptee", nom_fichier="acte.pdf",
        type_mime="application/pdf",
    )  # fmt: skip
    note.fichier.save("acte.pdf", ContentFile(b"%PDF-1.7 " + mot.encode()), save=False)
    note.save()
    return note


def signature(version: VersionContrat, proprietaire: Partie, mot: str) -> dict[str, Any]:
    """A circuit opened on the version: its place, its prepared file."""
    circuit: CircuitSignature = ouvrir_circuit(
        version.contrat, version.documents.get(format="pdf"), [proprietaire], ordre_impose=False, par=None,
        objet=f"Circuit {mot}",
    )  # fmt: skip
    return {
        "circuit": circuit,
        "emplacement": circuit.emplacements.get(),
        "document_signe": circuit.revision,
    }


def avenant(contrat: Contrat, version: VersionContrat, fiche: Fiche, mot: str) -> dict[str, Any]:
    """The version as signed, an avenant in preparation with a movement and a party that would vote it."""
    VersionContrat.objects.create(
        contrat=contrat, numero=version.numero + 1, etat="signature", gabarit=version.gabarit,
        donnees=version.donnees, empreinte=version.empreinte, total_aides=version.total_aides,
        nombre_projets=version.nombre_projets, par_nom="Arpent",
    )  # fmt: skip
    prepare = Avenant.objects.create(contrat=contrat, objet=f"Objet {mot}", date_effet=LE, cree_par_nom=mot)
    prepare.concernees.add(contrat.parties.get(organisation=fiche.maitre_ouvrage))
    mouvement = MouvementAvenant.objects.create(
        avenant=prepare,
        ordre=1,
        genre="montant",
        fiche=fiche,
        apres={"montant": "1200.00"},
        motif=f"Motif {mot}",
    )
    return {"avenant": prepare, "mouvement_avenant": mouvement}


def fin_de_contrat(version: VersionContrat, auteur: Partie, mot: str) -> FinContrat:
    """An early end noted on the contract, its act kept."""
    fin: FinContrat = FinContrat.objects.create(
        contrat=version.contrat, motif="interet", auteur=auteur, explication=f"Fin {mot}", acte=f"F-{mot}",
        acte_le=LE, notifie_le=LE, effet_le=LE, document=version.documents.get(format="pdf"), par_nom=mot,
    )  # fmt: skip
    return fin


def reunion(demarche: Demarche, mot: str) -> dict[str, Any]:
    """A meeting that was convened, with one of each thing that a meeting holds."""
    convoquee = Reunion.objects.create(
        demarche=demarche, genre="permanence", genre_libelle="Permanence", titre=f"Permanence {mot}",
        etat="convoquee", jour=LE, heure=time(18, 30), lieu=f"Salle {mot}", uid=f"{mot}@arpent",
        cree_par_nom="Essai",
    )  # fmt: skip
    point = convoquee.points.create(ordre=1, titre=f"Point {mot}", notes=f"Notes {mot}")
    piece = PieceReunion(
        reunion=convoquee, titre=f"Document {mot}", nom_fichier="note.pdf", type_mime="application/pdf",
        taille=9, sha256="0" * 64,
    )  # fmt: skip
    piece.fichier.save("note.pdf", ContentFile(b"%PDF-1.7 " + mot.encode()), save=True)
    decision = convoquee.decisions.create(numero=1, texte=f"Décision {mot}", responsable_nom=f"Agent {mot}")
    return {
        "reunion": convoquee,
        "point_reunion": point,
        "piece_reunion": piece,
        "decision_reunion": decision,
        "membre_reunion": convoquee.membres.create(groupe="maires", nom=f"Maire {mot}"),
        "contribution_reunion": convoquee.contributions.create(service=f"Service {mot}", theme="Voirie"),
        "question_reunion": convoquee.questions.create(texte=f"Question {mot}", decision=decision),
        "creneau": convoquee.creneaux.create(debut=time(18, 30)),
        "emis_reunion": emettre(
            f"Convocation {mot}".encode(), nom=f"convocation-{mot}.pdf", titre=f"Convocation {mot}",
            genre="convocation de réunion", gabarit="convocation_reunion/v1", sur=convoquee,
            demarche_id=demarche.pk, donnees={}, par_id=None, par_nom="Arpent",
        ),
    }  # fmt: skip


def decisions(fiche: Fiche, mot: str) -> dict[str, Any]:
    """One avis, support request, correction and override of the fiche."""
    autorite = fiche.demarche.autorite
    structure = StructureAppui.objects.create(autorite=autorite, organisation=autorite, nom=f"Appui de {mot}")
    demande = DemandeAppui.objects.create(
        territoire=fiche.demarche.territoire, autorite=autorite, demarche_id=fiche.demarche_id,
        organisation=fiche.maitre_ouvrage, genre="montage", question=f"Appui {mot}", structure=structure,
        demandee_par_nom=mot, objet_genre="fiche", objet_id=fiche.numero, objet_libelle=f"Fiche {mot}",
    )  # fmt: skip
    return {
        "avis": AvisService.objects.create(
            fiche=fiche, service=f"Service {mot}", question=f"Question {mot}", demande_par_nom=mot,
            echeance_le=LE,
        ),
        "demande_appui": demande,
        "structure_appui": structure,
        "correction": Commentaire.objects.create(
            fiche=fiche, champ="cout_ht", genre="correction", texte=f"Correction {mot}", auteur_nom=mot
        ),
        "derogation_regle": DerogationRegle.objects.create(
            fiche=fiche, regle="regle", article="1", intitule=f"Règle {mot}", motif=mot, par_nom=mot
        ),
    }  # fmt: skip


def message(demarche: Demarche, mot: str) -> Message:
    """A shared message on the territory, with its file."""
    ecrit = Message(demarche=demarche, genre="territoire", objet_id=demarche.pk, texte=f"Parole {mot}")
    return avec_piece(ecrit, mot)


def avec_piece(remarque: Remarque, mot: str) -> Remarque:
    """A remark saved with a file."""
    remarque.auteur_nom, remarque.piece_nom, remarque.piece_mime = "Essai", "note.pdf", "application/pdf"
    remarque.piece.save("note.pdf", ContentFile(b"%PDF-1.7 " + mot.encode()), save=True)
    return remarque


def edition(demarche: Demarche, mot: str) -> DocumentEmis:
    """An archived portrait of the territory."""
    return emettre(
        f"Portrait {mot}".encode(),
        nom=f"portrait-{mot}.pdf",
        titre=f"Portrait {mot}",
        genre="portrait de territoire",
        gabarit="portrait/v1",
        sur=demarche,
        demarche_id=demarche.pk,
        donnees={},
        par_id=None,
        par_nom="",
    )


def brouillon_processus(demarche: Demarche, mot: str) -> BrouillonProcessus:
    """A draft of the process that the démarche follows."""
    version = demarche.version_processus
    return BrouillonProcessus.objects.create(
        processus=version.processus,
        depuis=version,
        definition=ecrire_definition(lire_definition(version.definition)),
        cree_par_nom=mot,
    )


def modele_vulnerabilite(demarche: Demarche, mot: str, n: int) -> ModeleVulnerabilite:
    """A draft of the policy of `demarche`; C, whose policy is A's, gets one of another policy."""
    processus = demarche.version_processus.processus
    if n == 3:
        processus = Processus.objects.create(slug=f"modele-{n}", nom=mot, autorite=processus.autorite)
    definition = {
        "code": "modele",
        "libelle": f"Modèle {mot}",
        "source": "Essai",
        "normalisation": "rang",
        "familles": [{"code": "revenu", "libelle": "Revenu", "poids": 1}],
        "indicateurs": [
            {"code": "rev_med_21", "libelle": "Médiane", "famille": "revenu", "sens": "protege", "poids": 1}
        ],
        "classes": [{"code": "moindre", "libelle": "Moindre"}, {"code": "forte", "libelle": "Forte"}],
        "seuils": {"mode": "quantile", "valeurs": [0.5]},
    }
    return ModeleVulnerabilite.objects.create(
        processus=processus, code="modele", libelle=f"Modèle {mot}", source="Essai", definition=definition
    )


def courrier(mot: str) -> dict[str, Any]:
    """A mail in the queue, and a piece of news of nobody in the matrix."""
    return {
        "courriel": mettre_en_file(
            "quelqu.un@exemple.fr", sujet=f"Courriel {mot}", texte=f"Texte {mot}", cle=mot, raison="essai"
        ),
        "nouvelle": Notification.objects.create(
            destinataire_id=0, rubrique="fiches", sujet=f"Nouvelle {mot}", url="/"
        ),
    }


def du_compte(demarche: Demarche, proprietaire: Organisation, mot: str) -> dict[str, Any]:
    """An open session and a passkey of somebody, an invitation that waits, all of that territory."""
    agent = fabrique.agent("secretaire_mairie", demarche, pour=proprietaire)
    maintenant = timezone.now()
    session = SessionOuverte.objects.create(
        agent=agent, cle=f"cle-{agent.pk}", empreinte="0" * 64, ouverte_le=maintenant, moyen="mot de passe",
        navigateur=f"Navigateur {mot}",
    )  # fmt: skip
    cle = CleAcces.objects.create(
        agent=agent, nom=f"Clé {mot}", identifiant=f"cle-{agent.pk}", donnees=b"", creee_le=maintenant
    )
    invitation = Invitation.objects.create(
        courriel=f"invite{agent.pk}@exemple.fr", nom=f"Personne {mot}", role="secretaire_mairie",
        organisation=proprietaire, territoire=demarche.territoire, debut=LE, nonce="0" * 32,
        envoyee_le=maintenant, expire_le=maintenant + timedelta(days=7), invite_par_nom=f"Chef {mot}",
    )  # fmt: skip
    auteur_de(agent.pk, f"Agent {mot}")
    RegleConservation.objects.create(objet="comptes", duree_mois=12, depuis=LE, saisie_par_nom=f"Agent {mot}")
    return {"session_ouverte": session, "cle_acces": cle, "invitation": invitation} | _programmes(agent, mot)


def _programmes(agent: Agent, mot: str) -> dict[str, Any]:
    """A token, a subscription and one of its deliveries."""
    abonnement = Abonnement.objects.create(
        agent=agent,
        nom=f"SIG {mot}",
        adresse="https://sig.exemple.fr/",
        secret="x",
        evenements="fiche.proposee",
    )  # fmt: skip
    return {
        "jeton_api": Jeton.objects.create(
            agent=agent, nom=f"Tableau {mot}", empreinte=f"{mot:0<64}"[:64], debut="arp_abcd",
            portees="lecture", fin=date(2099, 1, 1),
        ),
        "abonnement_api": abonnement,
        "livraison_api": Livraison.objects.create(
            abonnement=abonnement, entree=1, evenement="fiche.proposee", corps="{}",
            prochain_essai_le=timezone.now(),
        ),
    }  # fmt: skip


def gens(demarche: Demarche, proprietaire: Organisation, mot: str) -> dict[str, Any]:
    """Somebody of the body with a mandate, an access, an absence, a designation; a list of elected people."""
    personne = Personne.objects.create(nom=f"Personne {mot}", courriel="personne@exemple.fr")
    adjointe = fabrique.agent("secretaire_mairie", demarche, pour=proprietaire, nom=f"Agent {mot}")
    collegue = fabrique.agent("secretaire_mairie", demarche, pour=proprietaire, nom=f"Collègue {mot}")
    return {
        "personne": personne,
        "mandat": personne.mandats.create(organisation=proprietaire, fonction="maire", debut=LE),
        "habilitation": adjointe.habilitations.get(),
        "absence": Absence.objects.create(
            agent=adjointe, suppleant=collegue, debut=LE, fin=date(2100, 1, 1), message=mot
        ),
        "designation": Designation.objects.create(
            organisation=proprietaire, agent=adjointe, fonction="redacteur", debut=LE
        ),
        "liste_elus": ImportElus.objects.create(
            autorite=demarche.autorite, agent_id=0, nom_fichier=f"{mot}.csv", sha256="0" * 64, le=LE,
            lignes=[{"numero": 2, "nom": f"Élue {mot}", "prenom": "Anne", "fonctions": ["maire"],
                     "structure": proprietaire.nom}],
        ),
    }  # fmt: skip
