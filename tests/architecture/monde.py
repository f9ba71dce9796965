"""The world of the access matrix: three démarches, one agent per role, one object of each kind in each.

`A` is where the agents of the columns act. `B` belongs to another authority, `C` to the same authority but to
another territory. Everything that belongs to B or C carries the word SECRET: it must never reach A's agents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.plateforme.acteurs.models import (
    Agent,
    Habilitation,
    Organisation,
)
from arpent.plateforme.acteurs.roles import ROLES, Portee
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.models import (
    ArticleRedige,
    RemarqueArticle,
)
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import (
    Atelier,
    ConstatTerritorial,
    Echange,
    Enjeu,
    Preuve,
)
from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.negociations.credits.noeuds import noeud_du_territoire
from arpent.plateforme.negociations.models import (
    Accord,
    EnsembleScenarios,
    PositionTour,
    Scenario,
    Tour,
)
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import (
    Axe,
    Commentaire,
    Deliberation,
    Fiche,
    VueEnregistree,
)
from arpent.plateforme.plans.pieces import deposer_piece
from arpent.plateforme.reglements.models import (
    BrouillonReglement,
    Dispositif,
    Fonds,
    ParametreLegal,
    VersionReglement,
)
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.recherche import normaliser
from arpent.plateforme.territoires.models import Contour
from tests.architecture.dossiers import dossier
from tests.architecture.lot import Lot, Passage
from tests.architecture.objets import (
    LE,
    acte_emis,
    avec_piece,
    avenant,
    brouillon_processus,
    courrier,
    decisions,
    demande_reserve,
    du_compte,
    edition,
    fin_de_contrat,
    gens,
    message,
    modele_vulnerabilite,
    rapport,
    reunion,
    signature,
    vote,
)
from tests.architecture.objets_suivi import rendez_vous, suivi
from tests.architecture.versements import versements
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import MODELE

CHERCHE = "zorglubie"
SECRET = "Interdite"
ANONYME = "anonyme"
AUTRE_AUTORITE = "autre_autorite"
AUTRE_TERRITOIRE = "autre_territoire"
TERMINEE = "habilitation_terminee"
AILLEURS = (AUTRE_AUTORITE, AUTRE_TERRITOIRE, TERMINEE)
COLONNES = (ANONYME, *ROLES, *AILLEURS)
REGLEMENT = {
    "dispositif": "matrice",
    "version": "1",
    "intitule": "Règlement de la matrice",
    "en_vigueur_le": "2020-01-01",
    "financeur": "departement",
    "articles": [
        {
            "numero": "1",
            "titre": "Participation",
            "prose": "Le maître d’ouvrage paie sa part.",
            "regles": [{"genre": "participation_minimale"}],
        }
    ],
}

CRITERES_RESERVE = [
    {"code": "urgence", "libelle": "Le projet est urgent", "genre": "declare", "exige": "deposer"},
    {"code": "solde", "libelle": "La réserve y suffit", "genre": "solde"},
]


@dataclass(frozen=True)
class Monde:
    """`agents` by column (None: nobody logged in)."""

    a: Lot
    b: Lot
    c: Lot
    demonstration: Agent
    parametre_legal: ParametreLegal
    agents: dict[str, Agent | None] = field(default_factory=dict)


def _dispositif(autorite: Organisation | None = None) -> Dispositif:
    dispositif = fabrique.dispositif(
        autorite, modele_contrat=MODELE, parametres={"reserve": {"criteres": CRITERES_RESERVE}}
    )
    Fonds.objects.create(
        dispositif=dispositif, code="reserve", libelle="Réserve", montant=Decimal("5000"), ordre=9
    )
    Fonds.objects.create(
        dispositif=dispositif,
        code="base",
        libelle="Enveloppe de base",
        montant=Decimal("100000"),
        cle_repartition=[{"critere": "forfait", "poids": "0.50"}, {"critere": "voirie", "poids": "0.50"}],
    )
    VersionReglement.objects.create(
        dispositif=dispositif,
        numero=1,
        intitule="Règlement de la matrice",
        en_vigueur_le=date(2020, 1, 1),
        contenu=REGLEMENT,
        empreinte="matrice",
    )
    return dispositif


def _fiche(demarche: Demarche, mot: str, **champs: Any) -> Fiche:
    titre = f"Projet {mot}"
    return fabrique.fiche(demarche, titre=titre, texte_recherche=normaliser(titre), **champs)


def _carre(n: int) -> dict[str, Any]:
    points = [[3.0 + n, 44.0], [3.1 + n, 44.0], [3.1 + n, 44.1], [3.0 + n, 44.1], [3.0 + n, 44.0]]
    return {"type": "Polygon", "coordinates": [points]}


def _tours(demarche: Demarche, fiche: Fiche, mot: str) -> None:
    """An offer, its answer and an agreement, all readable on the page of the rounds."""
    for numero, camp in ((1, "autorite"), (2, "territoire")):
        tour = Tour.objects.create(
            demarche=demarche,
            numero=numero,
            camp=camp,
            message=f"Message {mot}",
            total=Decimal(1_000 * numero),
        )
        PositionTour.objects.create(
            tour=tour, fiche=fiche, montant=tour.total, decision="retenue", motif=f"Motif {mot}"
        )
    Accord.objects.create(demarche=demarche, tour=tour, lignes=[], empreinte="0" * 64, acte=f"Acte {mot}")


def _lot(slug: str, dispositif: Dispositif, mot: str, n: int) -> Lot:
    ailleurs = {"departement": "33", "region": "75"} if n == 2 else {}
    commune = fabrique.commune(f"Commune {mot}", longitude=3.0 + n, latitude=44.0, **ailleurs)
    Contour.objects.create(commune=commune, geometrie=_carre(n))
    groupement = fabrique.groupement(commune, nom=f"CC {mot}")
    demarche = fabrique.demarche(
        fabrique.territoire(groupement, nom=f"Territoire {mot}"), dispositif, slug=slug
    )
    proprietaire = fabrique.organisation("commune", f"Mairie {mot}", commune=commune)
    fiche = _fiche(demarche, mot, maitre_ouvrage=proprietaire, numero=n * 10 + 1)
    fabrique.financement(fiche, "etat", "30000")
    brouillon = _fiche(demarche, f"{mot} en brouillon", etat="brouillon", numero=n * 10 + 2)
    scenario = negociations.scenario_courant(demarche)
    negociations.proposer(scenario, fiche, Decimal("1000"), 2026, "retenue", version_lue=0, par=None, le=LE)
    _tours(demarche, fiche, mot)
    contrat = contrats.contrat_de(demarche)
    valeurs = {"reference": f"CT {mot}", "date_effet": LE, "preambule": f"Préambule {mot}"}
    contrats.enregistrer_contrat(contrat, valeurs, version_lue=contrat.version, par=None)
    version = contrats.generer(contrat, None, LE)
    constat = ConstatTerritorial.objects.create(demarche=demarche, nature="force", texte=f"Constat {mot}")
    entree = consigner(
        "modifier", sur=fiche, par=None, demarche_id=demarche.pk, apres={"titre": f"Journal {mot}"}
    )
    brouillon_reglement = BrouillonReglement.objects.create(
        dispositif=dispositif, intitule=f"Brouillon {mot}", contenu=REGLEMENT, cree_par_nom="Essai"
    )
    depose = dossier(fiche, mot, n)
    lot = Lot(
        demarche=demarche,
        dispositif=dispositif,
        proprietaire=proprietaire,
        fiche=fiche,
        brouillon=brouillon,
        axe=Axe.objects.create(demarche=demarche, numero=n, libelle=f"Axe {mot}"),
        deliberation=Deliberation.objects.create(
            fiche=fiche, numero=f"D-{mot}", adoptee_le=LE, assemblee=f"Conseil {mot}"
        ),
        **decisions(fiche, mot),
        **du_compte(demarche, proprietaire, mot),
        **signature(version, contrat.parties.get(organisation=proprietaire), mot),
        enveloppe=noeud_du_territoire(dispositif.fonds.get(code="base"), demarche),
        demande_reserve=demande_reserve(fiche, mot, n),
        **depose,
        **versements(depose["dossier"], mot),
        scenario=Scenario.objects.create(
            demarche=demarche, nom=f"Scénario {mot}", est_courant=False, partage=True
        ),
        ensemble=EnsembleScenarios.objects.create(dispositif=dispositif, nom=f"Ensemble {mot}"),
        atelier=Atelier.objects.create(
            demarche=demarche,
            titre=f"Atelier {mot}",
            tenu_le=LE,
            code=f"MATRK{n}",
            etat="ouvert" if n == 1 else "preparation",
        ),
        constat=constat,
        preuve=Preuve.objects.create(constat=constat, genre="parole", texte=f"Parole {mot}"),
        echange=Echange.objects.create(constat=constat, auteur_nom="Essai", texte=f"Message {mot}"),
        enjeu=Enjeu.objects.create(demarche=demarche, libelle=f"Enjeu {mot}"),
        contrat=contrat,
        partie=contrat.parties.get(organisation=proprietaire),
        version_contrat=version,
        **avenant(contrat, version, fiche, mot),
        fin=fin_de_contrat(version, contrat.parties.get(organisation=proprietaire), mot),
        vote=vote(contrat.parties.get(organisation=proprietaire), version, mot),
        article_redige=ArticleRedige.objects.create(
            contrat=contrat, code="ajout-1", ajoute=True, titre=f"Ajout {mot}", texte=f"Texte {mot}"
        ),
        remarque_article=avec_piece(
            RemarqueArticle(contrat=contrat, article="objet", texte=f"Remarque {mot}"), mot
        ),
        document=version.documents.get(format="pdf"),
        edition=edition(demarche, mot),
        rapport=rapport(fiche, mot),
        acte_emis=acte_emis(fiche, mot),
        importation=ImportPlan.objects.create(
            demarche=demarche,
            agent_id=0,
            nom_fichier=f"{mot}.xlsx",
            sha256="0" * 64,
            entetes=["Intitulé", "Maître d’ouvrage", "Coût HT"],
            lignes=[[f"Projet {mot}", proprietaire.nom, "1000"]],
        ),
        modele_vulnerabilite=modele_vulnerabilite(demarche, mot, n),
        brouillon_reglement=brouillon_reglement,
        processus=demarche.processus,
        brouillon_processus=brouillon_processus(demarche, mot),
        entree_reglement=consigner("ouvrir_brouillon", sur=brouillon_reglement, par=None),
        vue=VueEnregistree.objects.create(
            agent=fabrique.agent("agent_epci", demarche),
            liste=VueEnregistree.Liste.PLAN,
            demarche=demarche,
            nom=f"Vue {mot}",
            requete="etat=proposee",
            partagee=True,
        ),
        message=message(demarche, mot),
        commentaire=avec_piece(Commentaire(fiche=fiche, texte=f"Remarque {mot}"), mot),
        piece=deposer_piece(
            fiche,
            Envoi("devis.pdf", b"%PDF-1.7 " + mot.encode()),
            nature="devis",
            titre=f"Devis {mot}",
            par=None,
        ),
        passage=Passage(entree.numero),
        **courrier(mot),
        **gens(demarche, proprietaire, mot),
        **reunion(demarche, mot),
        **suivi(fiche, mot),
        **rendez_vous(demarche, mot),
    )
    return lot


def _agents(a: Lot, b: Lot, c: Lot) -> dict[str, Agent | None]:
    agents: dict[str, Agent | None] = {ANONYME: None}
    syndicat = fabrique.organisation("syndicat", "Syndicat de A")
    for code, role in ROLES.items():
        pour = None
        if role.portee is Portee.ORGANISATION:
            pour = syndicat if code == "president_syndicat" else a.proprietaire
        agents[code] = fabrique.agent(code, a.demarche, pour=pour)
    agents[AUTRE_AUTORITE] = fabrique.agent("chef_de_projet", b.demarche)
    agents[AUTRE_TERRITOIRE] = fabrique.agent("president_epci", c.demarche)
    termine = fabrique.agent("chef_de_projet", a.demarche)
    Habilitation.objects.filter(agent=termine).update(fin=date(2021, 1, 1))
    agents[TERMINEE] = termine
    return agents


def batir() -> Monde:
    """Fills an empty database. Uses no fixture, so that the generator builds the same one."""
    commun = _dispositif()
    autre = _dispositif(fabrique.organisation("region", "Région d’ailleurs"))
    mot = f"{CHERCHE.capitalize()} {SECRET}"
    a = _lot("ici", commun, "Gentiane", 1)
    b = _lot("ailleurs", autre, f"{mot} B", 2)
    c = _lot("voisin", commun, f"{mot} C", 3)
    agents = _agents(a, b, c)
    for code, agent in agents.items():
        if agent is not None and code not in AILLEURS:
            Notification.objects.create(destinataire_id=agent.pk, sujet="Une fiche est proposée", url="/")
    secret = agents[AUTRE_AUTORITE]
    assert secret is not None
    Notification.objects.create(destinataire_id=secret.pk, sujet=f"Nouvelle {mot}", url="/")
    demonstration = fabrique.agent("maire", a.demarche, est_demonstration=True)
    parametre = ParametreLegal.objects.create(code="fctva", depuis=LE, source="Essai")
    return Monde(a, b, c, demonstration, parametre, agents)
