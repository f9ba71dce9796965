"""What an import would do, line by line."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.echanges import valeurs
from arpent.plateforme.echanges.annuaire import reduire
from arpent.plateforme.echanges.apercu import verifier
from arpent.plateforme.echanges.correspondance import deviner
from arpent.plateforme.echanges.lecture import FichierIllisible, LigneLue, Tableau
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.territoires.models import Appartenance
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
ENTETES = (
    "Numéro",
    "Intitulé",
    "Maître d’ouvrage",
    "Thème",
    "Maturité",
    "Axe",
    "Coût HT",
    "Assiette",
    "Aide demandée",
    "État (acquis)",
    "Département",
    "Autofinancement",
    "Année",
    "Début",
    "Fin",
    "Priorité",
)
BONNE = {
    "Intitulé": "École",
    "Maître d’ouvrage": "Mairie de Chirac",
    "Coût HT": "100 000,00 €",
    "Thème": "voirie",
    "Maturité": "Structurant",
    "Aide demandée": "20000",
    "État (acquis)": "40 000",
    "Autofinancement": "40000",
    "Année": "2027",
    "Début": "01/03/2027",
    "Fin": "2027-09-30",
    "Priorité": "1",
}


@pytest.fixture
def demarche():
    commune = fabrique.commune("Chirac")
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(commune)))
    fabrique.organisation("commune", "Chirac", commune=commune, siren="214800492")
    return demarche


def apercu_de(demarche, *lignes):
    rows = tuple(
        LigneLue(n, tuple(ligne.get(e, "") for e in ENTETES)) for n, ligne in enumerate(lignes, start=2)
    )
    return verifier(demarche, Tableau(ENTETES, rows, "plan.xlsx"), deviner(ENTETES))


def test_une_bonne_ligne_devient_une_fiche_et_ses_financements(demarche):
    apercu = apercu_de(demarche, BONNE)
    assert (apercu.rejets, apercu.avertissements) == ((), ())
    (valide,) = apercu.valides
    champs = valide.saisie.champs
    assert champs["maitre_ouvrage"].nom == "Chirac"
    assert (champs["cout_ht"], champs["annee"], champs["maturite"]) == (
        Decimal("100000.00"),
        2027,
        "structurant",
    )
    assert [(f.financeur, f.montant, f.statut) for f in valide.saisie.financements] == [
        (Financeur.ETAT, Decimal("40000.00"), StatutFinancement.ACQUIS),
        (Financeur.AUTOFINANCEMENT, Decimal("40000.00"), StatutFinancement.ENVISAGE),
    ]


@pytest.mark.parametrize(
    ("colonne", "valeur", "cause"),
    [
        ("Intitulé", "", "manque"),
        ("Intitulé", "x" * 301, "300"),
        ("Maître d’ouvrage", "", "manque"),
        ("Maître d’ouvrage", "Paris", "n’est pas une structure"),
        ("Maître d’ouvrage", "999999999", "Aucune structure"),
        ("Maître d’ouvrage", "48000", "Aucune structure"),
        ("Thème", "Culture", "n’est pas un thème"),
        ("Maturité", "bof", "n’est pas une maturité"),
        ("Maturité", "prêt à démarrer", "n’est pas une maturité"),
        ("Axe", "9", "n’est pas un axe"),
        ("Coût HT", "", "manque"),
        ("Coût HT", "-", "manque"),
        ("Coût HT", "-10", "négatif"),
        ("Coût HT", "mille", "pas un montant"),
        ("Coût HT", "1.234", "ambigu"),
        ("Coût HT", "2000000000", "milliard"),
        ("Coût HT", "#ERREUR", "en erreur dans le tableur"),
        ("État (acquis)", "#ERREUR", "en erreur"),
        ("État (acquis)", "-5", "négatif"),
        ("Assiette", "100000,01", "dépasse"),
        ("Aide demandée", "200000", "dépasse"),
        ("Année", "1899", "année"),
        ("Année", "bientôt", "année"),
        ("Année", "2026-2027", "année"),
        ("Début", "31/02/2027", "date"),
        ("Fin", "01/01/2027", "précède"),
        ("Numéro", "x" * 41, "40 caractères"),
        ("Priorité", "haute", "rang"),
        ("Priorité", "0", "rang"),
        ("Début", "0000", "date"),
        ("Début", "13/2027", "date"),
    ],
)
def test_une_ligne_fausse_dit_sa_colonne_sa_cause_et_que_faire(demarche, colonne, valeur, cause):
    Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre au pays")
    apercu = apercu_de(demarche, BONNE | {colonne: valeur})
    assert apercu.valides == ()
    rejet = apercu.rejets[0]
    assert (rejet.ligne, rejet.colonne) == (2, colonne)
    assert cause in rejet.cause
    assert rejet.conseil


def test_toutes_les_erreurs_d_une_ligne_sont_dites_ensemble(demarche):
    apercu = apercu_de(demarche, BONNE | {"Coût HT": "x", "Thème": "y", "Année": "z"})
    assert {r.colonne for r in apercu.rejets} == {"Coût HT", "Thème", "Année"}
    assert apercu.lignes_rejetees == 1


def test_les_doublons_du_fichier_et_du_plan_sont_rejetes(demarche):
    fabrique.fiche(
        demarche, numero=5, titre="Déjà là", maitre_ouvrage=fabrique.organisation("cc", "CC du Lot")
    )
    apercu = apercu_de(
        demarche,
        BONNE | {"Numéro": "5"},
        BONNE | {"Numéro": "6"},
        BONNE | {"Numéro": "6", "Intitulé": "Autre"},
        BONNE | {"Intitulé": "ECOLE"},
        BONNE | {"Intitulé": "déjà là", "Maître d’ouvrage": "Communauté de communes du Lot"},
    )
    assert [v.ligne for v in apercu.valides] == [3]
    causes = {r.ligne: r.cause for r in apercu.rejets}
    assert "déjà celui de la fiche n° 5 du plan" in causes[2]
    assert "ligne 3" in causes[4]
    assert "à la ligne 3 du fichier" in causes[5]
    assert "fiche n° 5" in causes[6]


def test_un_plan_qui_ne_somme_pas_est_accepte_et_signale(demarche):
    apercu = apercu_de(demarche, BONNE | {"Autofinancement": "39 999,99"})
    assert len(apercu.valides) == 1
    assert "il manque 0,01" in apercu.avertissements[0].cause


def test_la_colonne_de_l_autorite_est_l_aide_demandee(demarche):
    apercu = apercu_de(demarche, BONNE | {"Aide demandée": "", "Département": "20000"})
    assert apercu.valides[0].saisie.champs["aide_demandee"] == Decimal("20000.00")
    assert apercu.avertissements == ()
    deux = apercu_de(demarche, BONNE | {"Département": "15000"})
    assert deux.valides[0].saisie.champs["aide_demandee"] == Decimal("20000.00")
    assert "diffère" in deux.avertissements[0].cause


@pytest.mark.parametrize(
    "mo",
    [
        "CHIRAC",
        "Commune de Chirac",
        "mairie de Chirac",
        "Ville de CHIRAC (48)",
        "214 800 492",
        "21480049200015",
    ],
)
def test_une_structure_se_nomme_de_plusieurs_facons(demarche, mo):
    assert len(apercu_de(demarche, BONNE | {"Maître d’ouvrage": mo}).valides) == 1


def test_un_nom_porte_par_deux_structures_est_refuse(demarche):
    fabrique.organisation("syndicat", "Chirac", groupement=demarche.territoire.groupements.get())
    apercu = apercu_de(demarche, BONNE)
    assert "plusieurs structures" in apercu.rejets[0].cause


def test_l_axe_se_dit_par_son_numero_ou_son_nom(demarche):
    axe = Axe.objects.create(demarche=demarche, numero=2, libelle="Vivre ici")
    for texte in ("2", "Axe 2", "vivre ici", "2. Vivre ici", "Axe n° 2 – Vivre ici"):
        assert apercu_de(demarche, BONNE | {"Axe": texte}).valides[0].saisie.champs["axe"] == axe


def test_une_colonne_necessaire_absente_arrete_tout(demarche):
    tableau = Tableau(("Intitulé", "Couleur"), (LigneLue(2, ("École", "bleu")),))
    with pytest.raises(FichierIllisible, match="Maître d’ouvrage, Coût HT"):
        verifier(demarche, tableau, deviner(tableau.entetes))


def test_verifier_n_ecrit_rien_et_tient_en_six_requetes(demarche, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        apercu = apercu_de(demarche, *(BONNE | {"Intitulé": f"Projet {i}"} for i in range(200)))
    assert len(apercu.valides) == 200
    assert Fiche.objects.count() == 0


def test_le_code_insee_designe_la_commune_meme_sans_son_zero(demarche):
    commune = fabrique.commune("Ambérieu", code="01004", departement="01")
    fabrique.organisation("commune", "Commune d’Ambérieu", commune=commune)
    fabrique.groupement(commune, nature="SI")
    groupement = demarche.territoire.groupements.get()
    Appartenance.objects.create(commune=commune, groupement=groupement, debut=date(2020, 1, 1))
    for code in ("01004", "1004"):
        apercu = apercu_de(demarche, BONNE | {"Maître d’ouvrage": code})
        assert apercu.valides[0].saisie.champs["maitre_ouvrage"].nom == "Commune d’Ambérieu"


def test_une_commune_d_ailleurs_n_est_pas_un_maitre_d_ouvrage(demarche):
    ailleurs = fabrique.commune("Nulle-Part")
    fabrique.organisation("commune", "Commune de Nulle-Part", commune=ailleurs)
    (rejet,) = apercu_de(demarche, BONNE | {"Maître d’ouvrage": "Nulle-Part"}).rejets
    assert "n’est pas une structure de ce territoire" in rejet.cause


def test_un_nom_mal_ecrit_recoit_les_noms_proches(demarche):
    (rejet,) = apercu_de(demarche, BONNE | {"Maître d’ouvrage": "Mairie de Chirrac"}).rejets
    assert (rejet.valeur, rejet.conseil.replace("\xa0", " ")) == (
        "Mairie de Chirrac",
        "Voulez-vous dire « Chirac » ?",
    )


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("Commune de Mende", "mende"),
        ("MENDE", "mende"),
        ("mairie de Mende", "mende"),
        ("Le Malzieu-Ville", "malzieu ville"),
        ("Commune du Malzieu-Ville", "malzieu ville"),
        ("St-Alban", "saint alban"),
        ("Commune d’Ispagnac", "ispagnac"),
        ("Communauté de communes du Gévaudan", "cc gevaudan"),
        ("CC du Gévaudan", "cc gevaudan"),
    ],
)
def test_un_nom_se_reduit_a_ce_qui_distingue_une_structure(ecrit, attendu):
    assert reduire(ecrit) == attendu


@pytest.mark.parametrize(
    ("ecrit", "debut", "fin"),
    [
        ("2027-03-15", "2027-03-15", "2027-03-15"),
        ("15/03/2027", "2027-03-15", "2027-03-15"),
        ("03/2027", "2027-03-01", "2027-03-31"),
        ("mars 2027", "2027-03-01", "2027-03-31"),
        ("Févr. 2028", "2028-02-01", "2028-02-29"),
        ("1er juin 2027", "2027-06-01", "2027-06-01"),
        ("T2 2027", "2027-04-01", "2027-06-30"),
        ("2e semestre 2027", "2027-07-01", "2027-12-31"),
        ("2027", "2027-01-01", "2027-12-31"),
    ],
)
def test_une_date_approchee_donne_son_premier_ou_son_dernier_jour(ecrit, debut, fin):
    assert valeurs.jour(ecrit) == date.fromisoformat(debut)
    assert valeurs.jour(ecrit, fin=True) == date.fromisoformat(fin)


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("structurant", "structurant"),
        ("Projet structurant", "structurant"),
        ("A", "amorcage_a"),
        ("(b)", "amorcage_b"),
        ("Amorçage A", "amorcage_a"),
        ("en amorçage (B) : contenu à préciser", "amorcage_b"),
        ("", None),
        ("–", None),
    ],
)
def test_la_maturite_se_lit_comme_on_l_ecrit(ecrit, attendu):
    assert valeurs.maturite(ecrit) == attendu


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("12", (12, "")),
        ("Fiche n° 12", (12, "")),
        ("2.1", (None, "2.1")),
        ("V12", (None, "V12")),
        ("", (None, "")),
    ],
)
def test_un_numero_qui_n_est_pas_un_nombre_est_garde_comme_identifiant(ecrit, attendu):
    assert valeurs.numero(ecrit) == attendu


def test_plusieurs_colonnes_nourrissent_le_meme_financeur(demarche):
    entetes = (
        "Intitulé",
        "Maître d’ouvrage",
        "Coût HT",
        "DETR acquise",
        "DSIL",
        "Fonds propres",
        "Contrat territorial",
    )
    ligne = LigneLue(2, ("École", "Chirac", "1000", "300", "200", "400", "100"))
    apercu = verifier(demarche, Tableau(entetes, (ligne,)), deviner(entetes))
    assert apercu.avertissements == ()
    financements = apercu.valides[0].saisie.financements
    assert [(f.financeur.value, f.libelle, str(f.montant), f.statut.value) for f in financements] == [
        ("etat", "DETR acquise", "300.00", "acquis"),
        ("etat", "DSIL", "200.00", "envisage"),
        ("autofinancement", "Fonds propres", "400.00", "envisage"),
    ]


def test_une_colonne_en_milliers_d_euros_est_multipliee_et_le_dit(demarche):
    entetes = ("Intitulé", "Maître d’ouvrage", "Coût HT (k€)")
    apercu = verifier(
        demarche, Tableau(entetes, (LigneLue(2, ("École", "Chirac", "12,5")),)), deviner(entetes)
    )
    assert apercu.valides[0].saisie.champs["cout_ht"] == Decimal("12500.00")
    assert "en milliers d’euros" in apercu.notes[0]


def test_les_totaux_et_les_intertitres_sont_laisses_de_cote(demarche):
    apercu = apercu_de(
        demarche,
        {"Intitulé": "AXE 1 – Vivre au pays"},
        BONNE,
        {"Intitulé": "TOTAL", "Coût HT": "100000", "Aide demandée": "20000"},
        {"Numéro": "Sous-total", "Coût HT": "100000"},
    )
    assert ([v.ligne for v in apercu.valides], apercu.rejets) == ([3], ())
    assert [a.ligne for a in apercu.avertissements] == [2, 4, 5]


def test_un_projet_reduit_a_son_intitule_n_est_pas_un_intertitre(demarche):
    apercu = apercu_de(demarche, {"Intitulé": "Réfection du pont"})
    assert {r.colonne for r in apercu.rejets} == {"Maître d’ouvrage", "Coût HT"}


def test_un_cout_minuscule_ou_nul_est_signale_sans_etre_rejete(demarche):
    sans = BONNE | {"Aide demandée": "", "État (acquis)": "", "Autofinancement": ""}
    apercu = apercu_de(demarche, sans | {"Coût HT": "0"}, sans | {"Coût HT": "85", "Intitulé": "Pont"})
    assert len(apercu.valides) == 2
    assert ["nul" in a.cause or "85" in a.cause for a in apercu.avertissements] == [True, True]


def test_sans_axe_dans_le_plan_la_colonne_est_ignoree_et_c_est_dit(demarche):
    apercu = apercu_de(demarche, BONNE | {"Axe": "1. Vivre"})
    assert apercu.valides[0].saisie.champs["axe"] is None
    assert any("pas encore d’axe" in note for note in apercu.notes)


def test_un_nom_incomplet_recoit_le_nom_entier(demarche):
    (commune,) = demarche.territoire.groupements.get().membres.all()
    Organisation.objects.filter(commune=commune).update(nom="Commune de Chirac - Sud Mont Lozère")
    commune.nom = "Chirac - Sud Mont Lozère"
    commune.save()
    (rejet,) = apercu_de(demarche, BONNE).rejets
    assert "Commune de Chirac - Sud Mont Lozère" in rejet.conseil


def test_dix_mille_structures_inconnues_sont_toutes_rejetees(demarche):
    rows = tuple(LigneLue(n, (f"Projet {n}", f"Inconnue {n}", "5")) for n in range(10_000))
    entetes = ("Intitulé", "Maître d’ouvrage", "Coût HT")
    apercu = verifier(demarche, Tableau(entetes, rows), deviner(entetes))
    assert apercu.lignes_rejetees == 10_000
