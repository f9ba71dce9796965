"""What an import would do, line by line."""

from decimal import Decimal

import pytest

from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.echanges.apercu import verifier
from arpent.plateforme.echanges.correspondance import deviner
from arpent.plateforme.echanges.lecture import FichierIllisible, LigneLue, Tableau
from arpent.plateforme.plans.models import Axe, Fiche
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
ENTETES = (
    "Numéro", "Intitulé", "Maître d’ouvrage", "Thème", "Maturité", "Axe", "Coût HT", "Assiette", "Aide demandée",
    "État (acquis)", "Département", "Autofinancement", "Année", "Début", "Fin", "Priorité",
)  # fmt: skip
BONNE = {
    "Intitulé": "École", "Maître d’ouvrage": "Mairie de Chirac", "Coût HT": "100 000,00 €", "Thème": "voirie",
    "Maturité": "Structurant", "Aide demandée": "20000", "État (acquis)": "40 000", "Autofinancement": "40000",
    "Année": "2027", "Début": "01/03/2027", "Fin": "2027-09-30", "Priorité": "1",
}  # fmt: skip


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
        ("Intitulé", "", "vide"), ("Intitulé", "x" * 301, "300"), ("Maître d’ouvrage", "", "vide"),
        ("Maître d’ouvrage", "Paris", "n’est pas une structure connue"), ("Maître d’ouvrage", "999999999", "connue"),
        ("Thème", "Culture", "inconnu"), ("Maturité", "bof", "inconnue"), ("Axe", "9", "n’existe pas"),
        ("Coût HT", "", "vide"), ("Coût HT", "-10", "négatif"), ("Coût HT", "mille", "pas un montant"),
        ("Coût HT", "1.234", "ambigu"), ("Coût HT", "2000000000", "milliard"), ("Coût HT", "#REF!", "Excel"),
        ("Assiette", "100000,01", "dépasse"), ("Aide demandée", "200000", "dépasse"),
        ("Année", "1899", "hors"), ("Année", "bientôt", "date"), ("Début", "31/02/2027", "date"),
        ("Fin", "01/01/2027", "précède"), ("Numéro", "a12", "numéro"), ("Numéro", "0", "numéro"),
        ("Priorité", "haute", "rang"), ("Début", "0000", "date"),
    ],
)  # fmt: skip
def test_une_ligne_fausse_dit_sa_colonne_sa_cause_et_que_faire(demarche, colonne, valeur, cause):
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
    existante = fabrique.fiche(
        demarche, numero=5, titre="Déjà là", maitre_ouvrage=fabrique.organisation("cc", "CC du Lot")
    )
    apercu = apercu_de(
        demarche,
        BONNE | {"Numéro": "5"},
        BONNE | {"Numéro": "6"},
        BONNE | {"Numéro": "6", "Intitulé": "Autre"},
        BONNE | {"Intitulé": "ECOLE"},
        BONNE | {"Intitulé": "déjà là", "Maître d’ouvrage": "Communauté de communes du Lot"},
    )  # fmt: skip
    assert existante.numero == 5
    assert [v.ligne for v in apercu.valides] == [3]
    causes = {r.ligne: r.cause for r in apercu.rejets}
    assert "déjà dans le plan" in causes[2]
    assert "ligne 3" in causes[4]
    assert "ligne 3" in causes[5]
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


@pytest.mark.parametrize("mo", ["CHIRAC", "Commune de Chirac", "214 800 492", "chirac"])
def test_une_structure_se_nomme_de_plusieurs_facons(demarche, mo):
    assert len(apercu_de(demarche, BONNE | {"Maître d’ouvrage": mo}).valides) == 1


def test_un_nom_porte_par_deux_structures_est_refuse(demarche):
    fabrique.organisation("syndicat", "Chirac", groupement=demarche.territoire.groupements.get())
    apercu = apercu_de(demarche, BONNE)
    assert "plusieurs structures" in apercu.rejets[0].cause


def test_l_axe_se_dit_par_son_numero_ou_son_nom(demarche):
    axe = Axe.objects.create(demarche=demarche, numero=2, libelle="Vivre ici")
    for texte in ("2", "vivre ici", "2. Vivre ici"):
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
