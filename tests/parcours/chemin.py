"""The walk: who opens which page of the demonstration, from the home page to the review."""

from __future__ import annotations

from dataclasses import dataclass

VITRINE = "gorges-causses-cevennes"
"""The territory of the demonstration that went furthest."""

ACCORD = "coeur-de-lozere"
"""The territory whose maquette is accepted: its contract can be drawn up."""
SIGNE = "randon-margeride"
"""The territory whose contract is in force."""
AU_VOTE = "cevennes-mont-lozere"
"""The territory whose assemblies are voting its contract."""
A_LA_SIGNATURE = "mont-lozere"
"""The territory whose contract is being signed, on paper."""
VOISIN = "gevaudan"
"""A territory still being examined."""

CHEFFE = "Cheffe de projet territorial"
CONSEILLER = "Conseiller départemental"
PRESIDENTE = "Présidente de la communauté de communes"
DIRECTRICE = "Directrice de la communauté de communes"
AGENT_EPCI = "Agent de la communauté de communes"
MAIRE = "Maire Michel"
SECRETAIRE = "Secrétaire de mairie"
MISSION = "Mission d’appui"
INSTRUCTRICE = "Instructrice voirie"
ADMINISTRATEUR = "Administrateur de l’instance"
SECRETAIRE_GENERALE = "Secrétaire générale"
"""Of the commune whose project is in the contract in force, and has no file under way."""

T = f"/territoires/{VITRINE}"
F = f"{T}/plan/fiches/1"
D = f"/territoires/{SIGNE}/realisation/dossiers"


@dataclass(frozen=True, slots=True)
class Halte:
    """One page, as one person."""

    nom: str
    chemin: str
    qui: str | None = CHEFFE


HALTES = (
    Halte("connexion", "/connexion/", None),
    Halte("accueil", "/"),
    Halte("accueil-maire", "/", MAIRE),
    Halte("territoires", "/territoires/"),
    Halte("recherche", "/recherche/?q=florac"),
    Halte("territoire", f"{T}/"),
    Halte("diagnostic", f"{T}/diagnostic/"),
    Halte("portrait", f"{T}/diagnostic/portrait/"),
    Halte("indicateur", f"{T}/diagnostic/portrait/part_65_plus/"),
    Halte("flux", f"{T}/diagnostic/flux/"),
    Halte("vulnerabilite", f"{T}/diagnostic/vulnerabilite/"),
    Halte("constats", f"{T}/diagnostic/constats/"),
    Halte("constat", "/territoires/haut-allier-margeride/diagnostic/constats/1/"),
    Halte("ateliers", f"{T}/diagnostic/ateliers/"),
    Halte("documents", f"{T}/diagnostic/documents/"),
    Halte("perimetre", "/perimetres/brouillon/?epci=200069151&epci=200069136"),
    Halte("perimetre-versions", f"{T}/perimetre/"),
    Halte("jumeaux", f"{T}/diagnostic/portrait/jumeaux/"),
    Halte("vulnerabilite-modeles", f"{T}/diagnostic/vulnerabilite/modeles/"),
    Halte("vulnerabilite-sensibilite", f"{T}/diagnostic/vulnerabilite/sensibilite/"),
    Halte("atelier", f"{T}/diagnostic/ateliers/1/"),
    Halte("telephone", "/a/", None),
    Halte("constat-nouveau", f"{T}/diagnostic/constats/nouveau/"),
    Halte("plan", f"{T}/plan/"),
    Halte("fiches", "/fiches/"),
    Halte("fiche", f"{T}/plan/fiches/1/"),
    Halte("fiche-nouvelle", f"{T}/plan/fiches/nouvelle/"),
    Halte("fiche-modifier", f"{T}/plan/fiches/1/modifier/"),
    Halte("fiche-secretaire", "/territoires/haut-allier-margeride/plan/fiches/1/", SECRETAIRE),
    Halte("cadre", f"{F}/cadre/"),
    Halte("cofinancement", f"{F}/cofinancement/"),
    Halte("cofinancement-plan", f"{F}/cofinancement/?part=200000"),
    Halte("fiche-documents", f"{F}/documents/"),
    Halte("fiche-fusionner", f"/territoires/{VOISIN}/plan/fiches/1/fusionner/", ADMINISTRATEUR),
    Halte("fiche-proposee", f"/territoires/{VOISIN}/plan/fiches/5/"),
    Halte("plan-documents", f"{T}/plan/documents/"),
    Halte("priorites", f"{T}/plan/priorites/"),
    Halte("deliberations", f"{T}/plan/deliberations/"),
    Halte("deliberation-nouvelle", f"{F}/deliberations/"),
    Halte("avis", f"{T}/plan/avis/"),
    Halte("avis-demander", f"{F}/avis/demander/"),
    Halte("avis-rendre", f"{T}/plan/fiches/2/avis/2/", INSTRUCTRICE),
    Halte("appui", "/appui/", MISSION),
    Halte("appui-demander", f"{T}/appui/demander/"),
    Halte("corrections", f"{F}/corrections/"),
    Halte("preinstruction", f"{T}/plan/preinstruction/?etat=pre_instruite"),
    Halte("preinstruction-dispositif", "/dispositifs/lozere/preinstruction/"),
    Halte("derogations", "/dispositifs/lozere/derogations/"),
    Halte("comparaison", "/dispositifs/lozere/reglement/comparaison/"),
    Halte("version", "/dispositifs/lozere/versions/1/"),
    Halte("brouillon-ouvrir", "/dispositifs/lozere/reglement/brouillons/nouveau/"),
    Halte("parametres-legaux", "/dispositifs/parametres-legaux/", ADMINISTRATEUR),
    Halte(
        "parametre-legal", "/dispositifs/parametres-legaux/participation_minimale/nouvelle/", ADMINISTRATEUR
    ),
    Halte("plan-kanban", f"/territoires/{VOISIN}/plan/maturite/"),
    Halte("plan-carte", f"/territoires/{VOISIN}/plan/carte/"),
    Halte("fusion", f"/territoires/{VOISIN}/plan/fiches/1/fusionner/?avec=5", ADMINISTRATEUR),
    Halte("fiche-entiere", f"{F}/?tout=1"),
    Halte("fiche-actes", f"{F}/volets/actes/"),
    Halte("fiche-echanges", f"{F}/volets/echanges/?champ=titre"),
    Halte("appui-demande", f"{T}/appui/1/", MISSION),
    Halte("plan-colonnes", f"{T}/plan/?financeur=etat&col=titre&col=cout"),
    Halte("importer", f"{T}/plan/importer/"),
    Halte("maquette", f"{T}/negociation/"),
    Halte("maquette-projetee", f"{T}/negociation/?projection=1&grouper=theme"),
    Halte("maquette-presidente", f"{T}/negociation/", PRESIDENTE),
    Halte("maquette-complete", f"{T}/negociation/maquette/"),
    Halte("scenarios", f"{T}/negociation/scenarios/"),
    Halte("scenario-chercher", f"{T}/negociation/scenarios/rechercher/"),
    Halte("tours", f"/territoires/{ACCORD}/negociation/tours/"),
    Halte(
        "simulation", "/dispositifs/lozere/enveloppes/?rang_critere=voirie&rang_nombre=3&poids_forfait=100"
    ),
    Halte("credits", f"/territoires/{ACCORD}/negociation/credits/"),
    Halte("credits-presidente", f"{T}/negociation/credits/", PRESIDENTE),
    Halte("credits-mouvements", f"/territoires/{ACCORD}/negociation/credits/mouvements/"),
    Halte("credits-dispositif", "/dispositifs/lozere/credits/"),
    Halte("enveloppe", f"{T}/negociation/enveloppe/"),
    Halte("equite", f"{T}/negociation/equite/?avec=generation"),
    Halte("equite-presidente", f"{T}/negociation/equite/?lecture=habitant", PRESIDENTE),
    Halte("equite-dispositif", "/dispositifs/lozere/equite/?avec=offre"),
    Halte("contrat", f"{T}/contrat/"),
    Halte("contrat-prepare", f"/territoires/{ACCORD}/contrat/"),
    Halte("contrat-au-vote", f"/territoires/{AU_VOTE}/contrat/"),
    Halte("votes-attendus", "/votes/"),
    Halte("signatures-attendues", "/signatures/"),
    Halte("signatures-a-donner", "/signatures/", PRESIDENTE),
    Halte("fin-du-contrat", f"/territoires/{SIGNE}/contrat/fin/"),
    Halte("gabarits", "/dispositifs/lozere/gabarits/"),
    Halte("contrat-a-la-signature", f"/territoires/{A_LA_SIGNATURE}/contrat/"),
    Halte("circuit-de-signature", f"/territoires/{A_LA_SIGNATURE}/contrat/circuits/3/"),
    Halte("verifier", "/verifier/"),
    Halte("contrat-en-vigueur", f"/territoires/{SIGNE}/contrat/", DIRECTRICE),
    Halte("reserve", f"/territoires/{SIGNE}/reserve/", DIRECTRICE),
    Halte("reserve-demande", f"/territoires/{SIGNE}/reserve/3/", DIRECTRICE),
    Halte("reserve-dispositif", "/dispositifs/lozere/reserve/"),
    Halte("versements", "/versements/", INSTRUCTRICE),
    Halte("versements-dossier", f"/territoires/{SIGNE}/realisation/dossiers/2024-1/versements/"),
    Halte("versement", f"/territoires/{SIGNE}/realisation/dossiers/2024-1/versements/3/"),
    Halte("echeances-dispositif", "/dispositifs/lozere/echeances/"),
    Halte("caducites", "/dispositifs/lozere/echeances/caducites/"),
    Halte("ap-cp", "/dispositifs/lozere/ap-cp/"),
    Halte("export-financier", "/dispositifs/lozere/finances/1/"),
    Halte("ensembles", "/dispositifs/lozere/scenarios/"),
    Halte("sites-publics", "/public/", None),
    Halte("site-public", "/public/lozere/", None),
    Halte("site-public-projets", "/public/lozere/projets/", None),
    Halte("site-public-contrat", f"/public/lozere/contrats/{SIGNE}/", None),
    Halte("site-public-projet", f"/public/lozere/contrats/{SIGNE}/projets/1/", None),
    Halte("site-public-reglage", "/dispositifs/lozere/site-public/"),
    Halte("realisation", f"{T}/realisation/"),
    Halte("realisation-chaine", f"/territoires/{SIGNE}/realisation/", INSTRUCTRICE),
    Halte("dossiers", "/dossiers/", INSTRUCTRICE),
    Halte("dossier-notifie", f"{D}/2026-1/", INSTRUCTRICE),
    Halte("dossier-depose", f"{D}/2026-6/", INSTRUCTRICE),
    Halte(
        "dossier-demande",
        f"{D}/2026-6/demandes/nouvelle/",
        INSTRUCTRICE,
    ),
    Halte(
        "dossier-proposition",
        f"{D}/2026-4/gestes/proposer/",
        INSTRUCTRICE,
    ),
    Halte(
        "dossier-formulaire",
        f"{D}/2026-7/modifier/?manques=1",
        DIRECTRICE,
    ),
    Halte("rapports", "/dossiers/rapports/", INSTRUCTRICE),
    Halte("rapport", "/dossiers/rapports/2/", INSTRUCTRICE),
    Halte("rapport-vote", "/dossiers/rapports/2/vote/", INSTRUCTRICE),
    Halte("avancement", f"/territoires/{SIGNE}/realisation/avancement/"),
    Halte("avancement-retards", f"/territoires/{SIGNE}/realisation/avancement/?voir=retards", DIRECTRICE),
    Halte("bilan", f"{T}/bilan/"),
    Halte("bilan-signe", f"/territoires/{SIGNE}/bilan/", DIRECTRICE),
    Halte("evaluation", f"/territoires/{SIGNE}/bilan/evaluation/", DIRECTRICE),
    Halte("evaluation-questions", f"/territoires/{SIGNE}/bilan/evaluation/questions/"),
    Halte("evaluation-question", f"/territoires/{SIGNE}/bilan/evaluation/question/efficacite/", DIRECTRICE),
    Halte("questionnaires", f"/territoires/{SIGNE}/bilan/evaluation/questionnaires/"),
    Halte("questionnaire-envoyer", f"/territoires/{SIGNE}/bilan/evaluation/questionnaires/lancer/"),
    Halte("questionnaire", f"/territoires/{SIGNE}/bilan/evaluation/questionnaires/1/", DIRECTRICE),
    Halte("evaluation-jumeaux", f"/territoires/{SIGNE}/bilan/evaluation/jumeaux/", DIRECTRICE),
    Halte("evaluation-generations", f"/territoires/{SIGNE}/bilan/evaluation/generations/", DIRECTRICE),
    Halte("evaluation-rapport", f"/territoires/{SIGNE}/bilan/evaluation/rapport/"),
    Halte("evaluation-section", f"/territoires/{SIGNE}/bilan/evaluation/rapport/final/limites/", DIRECTRICE),
    Halte("cloture", f"/territoires/{SIGNE}/bilan/cloture/"),
    Halte("indicateur-suivi", f"/territoires/{SIGNE}/bilan/indicateurs/1/"),
    Halte("indicateur-nouveau", f"/territoires/{SIGNE}/bilan/indicateurs/nouveau/"),
    Halte("rendez-vous", f"/territoires/{SIGNE}/rendez-vous/"),
    Halte("rendez-vous-preparer", f"/territoires/{SIGNE}/rendez-vous/5/"),
    Halte("rendez-vous-decider", f"/territoires/{SIGNE}/rendez-vous/5/a-regler/3/decider/"),
    Halte("rendez-vous-avenant", f"/territoires/{SIGNE}/rendez-vous/5/a-regler/3/avenant/"),
    Halte("fil-rouge", f"/territoires/{SIGNE}/fil-rouge/", DIRECTRICE),
    Halte("fil-rouge-retour", f"/territoires/{SIGNE}/fil-rouge/?sens=retour"),
    Halte("journal", f"{T}/journal/"),
    Halte("journal-verification", "/journal/verification/"),
    Halte("dispositifs", "/dispositifs/"),
    Halte("dispositif", "/dispositifs/lozere/"),
    Halte("accessibilite", "/accessibilite/", None),
    Halte("composants", "/composants/"),
)

R = f"{T}/reunions"
HALTES_DE_LA_DEMARCHE = (
    Halte("nouvelles", "/mes-nouvelles/?lues=1"),
    Halte("nouvelles-reglages", "/mes-nouvelles/reglages/"),
    Halte("courriels", "/courriels/", ADMINISTRATEUR),
    Halte("courriels-textes", "/courriels/textes/", ADMINISTRATEUR),
    Halte("courriel-texte", "/courriels/textes/resume_jour/", ADMINISTRATEUR),
    Halte("echeances", "/mes-echeances/?jours=90"),
    Halte("depuis-ma-visite", "/depuis-ma-visite/"),
    Halte("a-relancer", "/a-relancer/"),
    Halte("recherche-corrigee", "/recherche/?q=assainisement"),
    Halte("conversations", "/mes-conversations/"),
    Halte("appui-charge", "/appui/charge/"),
    Halte("appui-structures", "/appui/structures/"),
    Halte("appui-structure-nouvelle", "/appui/structures/nouvelle/"),
    Halte("appui-secretaire", "/appui/", SECRETAIRE),
    Halte("processus", "/processus/lozere/"),
    Halte("processus-lancer", "/processus/lozere/lancer/"),
    Halte("etape", f"{T}/etapes/lancement/"),
    Halte("demarche-version", f"{T}/processus/"),
    Halte("pilotage", "/dispositifs/lozere/pilotage/"),
    Halte("pilotage-calendrier", "/dispositifs/lozere/pilotage/calendrier/"),
    Halte("reunions-toutes", "/reunions/"),
    Halte("mon-agenda", "/reunions/mon-agenda/"),
    Halte("reunions", f"{R}/"),
    Halte("reunion", f"{R}/2/"),
    Halte("reunion-nouvelle", f"{R}/nouvelle/"),
    Halte("reunion-modifier", f"{R}/3/modifier/"),
    Halte("reunion-participants", f"{R}/3/participants/"),
    Halte("reunion-ordre-du-jour", f"{R}/3/ordre-du-jour/"),
    Halte("reunion-point", f"{R}/points/9/"),
    Halte("reunion-seance", f"{R}/2/seance/"),
    Halte("reunion-compte-rendu", f"{R}/1/compte-rendu/"),
    Halte("reunion-contributions", f"{R}/4/contributions/"),
    Halte("reunion-creneaux", f"{R}/3/creneaux/"),
    Halte("reunion-questions", f"{R}/3/questions/"),
    Halte("reunion-decision", f"{R}/decisions/1/"),
    Halte("reunion-a-faire", f"{R}/a-faire/"),
    Halte("organisations", "/organisations/"),
    Halte("organisation", "/organisations/3110/"),
    Halte("organisation-nouvelle", "/organisations/nouvelle/"),
    Halte("personne", "/personnes/1/"),
    Halte("personne-nouvelle", "/personnes/nouvelle/"),
    Halte("mandat-ajouter", "/personnes/1/mandats/ajouter/"),
    Halte("mandat-clore", "/mandats/1/clore/"),
    Halte("habilitations", "/habilitations/"),
    Halte("habilitation-donner", "/habilitations/donner/"),
    Halte("absences", "/absences/"),
    Halte("interlocuteurs", f"{T}/interlocuteurs/", MAIRE),
    Halte("election", "/election/"),
    Halte("mon-compte", "/compte/"),
    Halte("mes-donnees", "/compte/donnees/"),
    Halte("jetons", "/compte/jetons/"),
    Halte("evenements", "/compte/evenements/"),
    Halte("api", "/api/v1/doc/", None),
    Halte("donnees-ouvertes", "/donnees/"),
    Halte("invitations", "/invitations/"),
    Halte("invitation-nouvelle", "/invitations/nouvelle/"),
    Halte("mot-de-passe-perdu", "/mot-de-passe/perdu/", None),
    Halte("donnees-personnelles", "/donnees-personnelles/", None),
    Halte("conservation", "/donnees-personnelles/conservation/", ADMINISTRATEUR),
)
"""The démarche and its people: meetings, directory, accounts, support, news."""
