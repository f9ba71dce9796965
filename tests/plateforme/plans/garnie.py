"""A fiche with everything in it, and how its documents are asked for and read."""

from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile

from arpent.plateforme.plans.models import DemarcheFinanceur, LigneDepense, PieceJointe
from tests.documents.verification import pages
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

LE = date(2026, 6, 1)
PIECES = [
    {"code": "photo", "libelle": "Photo du site", "nature": "photo", "etape": "proposer"},
    {"code": "plan", "libelle": "Plan de situation", "nature": "plan", "etape": "pre_instruire",
     "demonstration": True},
    {"code": "acte", "libelle": "Délibération", "nature": "deliberation", "etape": "retenir"},
    {"code": "devis", "libelle": "Devis ou marchés", "nature": "devis", "etape": "dossier"},
    {"code": "etude", "libelle": "Étude d’urbanisme", "nature": "etude", "etape": "proposer",
     "themes": ["cadre-de-vie"]},
]  # fmt: skip


def ouverte():
    """A démarche whose dispositif has a règlement and a list of pieces."""
    dispositif = fabrique.dispositif(parametres={"fiche": {"pieces": PIECES}})
    publier(dispositif)
    return fabrique.demarche(dans=dispositif, slug="gevaudan")


def garnie(demarche, **champs):
    commune = fabrique.commune("Chirac", population=4_000)
    owner = fabrique.organisation("commune", "Commune de Chirac", commune=commune)
    valeurs = {
        "titre": "École de Chirac",
        "description": "Une école de quatre classes.\nElle remplace les préfabriqués.",
        "besoin": "Les enfants sont accueillis dans des locaux provisoires.",
        "contact_nom": "Jeanne Martin",
        "debut_le": date(2027, 3, 1),
        "fin_le": date(2028, 6, 30),
        "numero": 4,
        "commune": commune,
        "maitre_ouvrage": owner,
    }
    fiche = fabrique.fiche(demarche, **(valeurs | champs))
    ligne = fabrique.financement(fiche, "etat", "30000.50")
    ligne.libelle = "DETR 2026"
    ligne.save()
    fabrique.financement(fiche, "region", "999", "refuse")
    fabrique.financement(fiche, "autofinancement", "40000", "envisage")
    LigneDepense.objects.create(fiche=fiche, libelle="Gros œuvre", nature="travaux", montant=Decimal("90000"))
    DemarcheFinanceur.objects.create(
        fiche=fiche, genre="demarche", financeur="ue", dispositif="LEADER", interlocuteur="Le GAL"
    )
    return fiche


def joindre(fiche, nature, titre="La cour", contenu=b"x", **champs):
    piece = PieceJointe(
        fiche=fiche, nature=nature, titre=titre, nom_fichier="f", type_mime="image/png", taille=1,
        sha256="0" * 64, deposee_par_nom="Jeanne Martin", **champs,
    )  # fmt: skip
    piece.fichier.save("f", ContentFile(contenu), save=True)
    return piece


def lire(fiche, connecte, suite):
    """As the mairie that owns it."""
    agent = fabrique.agent("secretaire_mairie", fiche.demarche, pour=fiche.maitre_ouvrage)
    return connecte(agent).get(f"{fiche.get_absolute_url()}documents/{suite}")


def dit(reponse):
    return "".join(pages(reponse.content))


def serre(texte):
    return "".join(texte.split())
