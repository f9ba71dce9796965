"""One object of each kind that the world of the access matrix does not have, for `test_charges`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from arpent.metier.flux_revenus import PARAMETRES
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Organisation, Personne
from arpent.plateforme.diagnostics.models import (
    Atelier,
    ContributionAtelier,
    ParametreFlux,
    TableAtelier,
)
from arpent.plateforme.documents.models import Charte, GabaritAutorite, PoliceCharte
from arpent.plateforme.echanges.models import CorrespondanceMemorisee
from arpent.plateforme.negociations.credits import noeuds
from arpent.plateforme.negociations.credits.registre import Ecriture, Piece, inscrire
from arpent.plateforme.negociations.models import (
    DonneeRepartition,
    Genre,
)
from arpent.plateforme.notifications.models import ModeleCourriel
from arpent.plateforme.plans.models import (
    CadreJuridique,
    Classement,
    PieceJointe,
    Preinstruction,
)
from arpent.plateforme.reglements.models import (
    AideAnterieure,
    DonneeBeneficiaire,
    PolitiqueSectorielle,
    SitePublic,
)
from arpent.plateforme.subventions.models import VoteCredits
from arpent.plateforme.territoires.models import Canton, VersionPerimetre
from tests import charges
from tests.architecture.monde import Monde

LE = date(2026, 3, 1)


def lignes_de(monde: Monde) -> None:
    """One object of each kind that the world of the matrix does not have."""
    fiche, fichier = monde.a.fiche, ContentFile(b"%PDF-1.4", "piece.pdf")
    fiche.depenses.create(libelle="x", montant=10)
    fiche.demarches_financeurs.create(financeur="etat", genre="demarche")
    fiche.demarches_financeurs.create(financeur="region", genre="piste")
    PieceJointe.objects.create(fiche=fiche, titre="x", fichier=fichier, nom_fichier="piece.pdf", taille=8,
                               type_mime="application/pdf", sha256="0" * 64)  # fmt: skip
    monde.a.demande_appui.temps.create(agent_nom="x", jour=LE, minutes=30, quoi="x")
    CadreJuridique.objects.create(fiche=fiche, convention="cper")
    Classement.objects.create(demarche=monde.a.demarche, niveau="territoire", arrete_le=LE)
    _donnees_de(monde)


def _donnees_de(monde: Monde) -> None:
    """The figures and words of rooms that the matrix leaves empty."""
    demarche, owner = monde.a.demarche, monde.a.fiche.maitre_ouvrage
    dispositif = demarche.processus.dispositif
    AideAnterieure.objects.create(dispositif=dispositif, organisation=owner, libelle="x", annee=24, montant=9)
    DonneeBeneficiaire.objects.create(organisation=owner, code="voirie_km", annee=2025, valeur=9, source="x")
    PolitiqueSectorielle.objects.get_or_create(dispositif=dispositif, code="eau", defaults={"libelle": "x"})
    CorrespondanceMemorisee.objects.create(organisation=owner, signature="0" * 64, entetes=[],
                                           correspondance={}, nom_fichier="x")  # fmt: skip
    ParametreFlux.objects.create(demarche=demarche, code=PARAMETRES[0].code, valeur=1, source="x", depuis=LE)
    voirie = {"territoire": demarche.territoire, "critere": "voirie"}
    DonneeRepartition.objects.get_or_create(**voirie, defaults={"valeur": 9, "unite": "km"})
    SitePublic.objects.create(
        dispositif=dispositif, ouvert_le=timezone.now(), presentation="x", contact="x", editeur="x"
    )
    charte = Charte.objects.create(
        autorite_id=demarche.autorite.pk, entete="x", pied="x", fait_a="x", bloc="x"
    )
    PoliceCharte.objects.create(charte=charte, emploi="titres", famille="x", nom_fichier="x")
    GabaritAutorite.objects.create(autorite_id=demarche.autorite.pk, nom="contrat", numero=1, par_nom="x")
    VersionPerimetre.objects.create(territoire=demarche.territoire, numero=1, debut=LE)
    _gens_de(owner)
    atelier = Atelier.objects.filter(demarche=demarche).first()
    assert atelier is not None
    table, _ = TableAtelier.objects.get_or_create(atelier=atelier, numero=1)
    ContributionAtelier.objects.create(atelier=atelier, table=table, nature="force", texte="x")
    _mouvements_de(monde)
    VoteCredits.objects.create(fonds=dispositif.fonds.get(code="base"), annee=2026, ap=9, cp=9, par_nom="x")
    Preinstruction.objects.create(fiche=monde.a.fiche, reglement="x", verdict="conforme", aide_maximale=9,
                                  constats=[], par_nom="x")  # fmt: skip


def _mouvements_de(monde: Monde) -> None:
    """A line of the territory, and movements whose texts are payloads: nothing changes them afterwards."""
    demarche = monde.a.demarche
    base = demarche.processus.dispositif.fonds.get(code="base")
    territoire = noeuds.noeud_du_territoire(base, demarche)
    ligne = noeuds.ligne_de(territoire, demarche.processus.dispositif.themes.first(), 2026)
    textes = [charges.texte_piege(120, i) for i in range(len(charges.CHARGES))]
    inscrire(
        [
            Ecriture(ligne, Stade.PROPOSE, Genre.PROPOSITION, Decimal(1), 2026, monde.a.fiche.pk,
                     piece=Piece(texte, texte, LE))
            for texte in textes
        ],
        par=None,
    )  # fmt: skip


def _gens_de(organisation: Organisation) -> None:
    """The directory: a person, their mandate, a canton."""
    canton = Canton.objects.create(code="4899", nom="x", departement="48")
    ModeleCourriel.objects.create(code="resume_jour", sujet="x", corps="x")
    personne = Personne.objects.create(nom="x", courriel="x@exemple.fr")
    personne.mandats.create(organisation=organisation, fonction="maire", canton=canton, debut=LE)
