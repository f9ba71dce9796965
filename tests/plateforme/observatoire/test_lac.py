"""Official files over the extracts: values, secrecy, mergers, provenance, indicators that wait for them."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire import catalogue as module
from arpent.plateforme.observatoire import chargement, lac
from arpent.plateforme.observatoire.catalogue import Indicateur, Rapport
from arpent.plateforme.observatoire.lac import Provenance
from arpent.plateforme.observatoire.magasin import ouvrir
from arpent.plateforme.observatoire.valeurs_epci import valeurs_epci

SIREN = "244800470"
COMMUNES_48 = [x["code_insee"] for x in lecture.lignes("lozere/communes")]


@pytest.fixture(autouse=True)
def lozere_seule(monkeypatch):
    monkeypatch.setattr(lecture, "PERIMETRES", ("lozere",))


def deposer(donnees: Path, jeu: str, millesime: str, niveau: str, geographie: int, **colonnes) -> None:
    parquet = donnees / f"{jeu}.parquet"
    table = pl.DataFrame(colonnes)
    table.write_parquet(parquet)
    provenance = Provenance(
        jeu, f"Titre {jeu}", "Insee", "Licence Ouverte 2.0", "", millesime, geographie, niveau, f"{jeu}.zip",
        f"sha-{jeu}-{millesime}-{niveau}", 1, table.height, tuple(table.columns),
    )  # fmt: skip
    lac.deposer(donnees, provenance, parquet)


def construit(donnees: Path):
    chargement.construire(donnees)
    return ouvrir(donnees)


def test_le_recensement_officiel_remplace_les_chiffres_des_porteurs(tmp_path, magasin):
    deposer(
        tmp_path, "rp", "2022-population", "communes", 2025, code=COMMUNES_48,
        P22_POP=[100.0] * len(COMMUNES_48), P22_POP0014=[25.0] * len(COMMUNES_48),
        P22_POP7589=[8.0] * len(COMMUNES_48), P22_POP90P=[2.0] * len(COMMUNES_48),
    )  # fmt: skip
    m = construit(tmp_path)
    communes = m.communes_de(SIREN)
    assert m.valeurs(communes, [SIREN], "part_moins_15").valeur == pytest.approx(25.0)
    lu = m.valeurs(communes, [SIREN], "part_75_plus")
    assert lu.valeur == pytest.approx(10.0)
    assert "rp.zip" in lu.source
    (premiere, *_) = m.provenance("part_75_plus")
    assert (premiere.officiel, premiere.fichier, premiere.millesime) == (True, "rp.zip", "2022-population")
    assert premiere.sha256 == "sha-rp-2022-population-communes"
    # the sum of the communes also replaces the published value of the EPCI, and the comparisons
    assert m.epci.valeur(SIREN, "dmv_75p_pct_22") == pytest.approx(10.0)
    quoi = module.indicateur("part_75_plus")
    assert m.comparaison("dep:48", quoi) == pytest.approx(10.0)
    # what the file does not hold keeps its source
    autre = m.valeurs(communes, [SIREN], "part_65_79")
    assert autre.source == "Insee, recensement de la population"


def test_sans_fichier_officiel_la_provenance_est_l_extrait(magasin):
    sources = magasin.provenance("part_75_plus")
    assert {s.fichier for s in sources} >= {"lozere/rp2022.csv"}
    assert not any(s.officiel for s in sources)
    assert all(len(s.sha256) == 64 for s in sources)
    assert {s.fichier for s in magasin.provenance("niveau_vie_median")} == {"france/indicateurs_epci.csv.gz"}


def test_un_taux_publie_se_recalcule_sur_tout_perimetre_une_fois_le_fichier_charge(tmp_path):
    chomeurs = [float(i % 7) for i in range(len(COMMUNES_48))]
    deposer(
        tmp_path, "rp", "2022-emploi", "communes", 2025, code=COMMUNES_48,
        P22_CHOM1564=chomeurs, P22_ACT1564=[50.0] * len(COMMUNES_48),
    )  # fmt: skip
    m = construit(tmp_path)
    morceau = list(m.communes_de(SIREN))[:5]
    attendu = sum(chomeurs[COMMUNES_48.index(c)] for c in morceau) / (50 * 5) * 100
    lu = m.valeurs(morceau, [], "taux_chomage")
    assert lu.valeur == pytest.approx(attendu)
    assert lu.couverture == 1
    quoi = module.indicateur("taux_chomage")
    entier = m.valeurs(m.communes_de(SIREN), [SIREN], "taux_chomage").valeur
    assert m.comparaison(f"epci:{SIREN}", quoi) == pytest.approx(entier)
    assert valeurs_epci(m).valeur(SIREN, quoi) == pytest.approx(entier)


def test_un_fichier_plus_ancien_ne_remplace_pas_un_chiffre_publie_plus_recent(tmp_path, magasin):
    communes = magasin.communes_de(SIREN)
    avant = magasin.valeurs(communes, [SIREN], "residences_secondaires")
    nombre = len(COMMUNES_48)
    deposer(
        tmp_path, "rp", "2019-logement", "communes", 2022, code=COMMUNES_48,
        P19_LOG=[100.0] * nombre, P19_RSECOCC=[50.0] * nombre, P19_RP=[40.0] * nombre,
        P19_LOGVAC=[10.0] * nombre,
    )  # fmt: skip
    apres = construit(tmp_path).valeurs(communes, [SIREN], "residences_secondaires")
    assert (apres.valeur, apres.millesime) == (avant.valeur, avant.millesime)


def test_un_secret_officiel_n_est_ni_zero_ni_repris_d_un_autre_fichier(tmp_path):
    communes = COMMUNES_48
    cache = "48140"
    deposer(
        tmp_path, "filosofi", "2021", "communes", 2024, code=communes,
        NBMENFISC21=[None if c == cache else 50.0 for c in communes],
        NBMENFISC21__secret=[c == cache for c in communes],
    )  # fmt: skip
    m = construit(tmp_path)
    assert m.valeurs([cache], [], "menages_fiscaux").valeur is None
    lu = m.valeurs([cache, "48095"], [], "menages_fiscaux")
    assert lu.part_secrete > 0
    assert lu.secret
    assert "secret statistique" in lu.note


def test_un_indicateur_qui_refuse_le_secret_ne_donne_rien(magasin):
    communes = magasin.communes_de("244800405")
    lu = magasin.valeurs(communes, ["244800405"], "menages_imposes")
    assert lu.valeur is None
    assert lu.part_secrete > 0
    assert "secret statistique" in lu.note


def test_le_secret_et_le_manque_sont_distingues(magasin):
    quoi = magasin.valeurs(["48095", "48055"], [], "menages_imposes")
    assert 0 < quoi.part_secrete < 1
    manque = magasin.valeurs(["48095", "99999"], [], "population")
    assert (manque.part_secrete, manque.secret) == (0, False)


def test_un_nouvel_indicateur_est_une_entree_sans_code(tmp_path, monkeypatch):
    deposer(
        tmp_path, "rp", "2022-logement", "communes", 2025, code=COMMUNES_48,
        P22_RP=[40.0] * len(COMMUNES_48), P22_RP_ACHTOT=[30.0] * len(COMMUNES_48),
    )  # fmt: skip
    avant = module.catalogue()
    neuf = replace(
        avant.indicateurs["trajets_voiture"], code="neuf",
        calcul=Rapport("rp:P{aa}_RP - rp:P{aa}_RP_ACHTOT", "rp:P{aa}_RP", 100),
    )  # fmt: skip
    assert isinstance(neuf, Indicateur)
    complet = replace(avant, indicateurs=avant.indicateurs | {"neuf": neuf})
    for ou in (
        "catalogue.catalogue", "magasin.catalogue", "fabrique.catalogue", "presentation.catalogue",
        "provenance.catalogue", "chargement.catalogue",
    ):  # fmt: skip
        monkeypatch.setattr(f"arpent.plateforme.observatoire.{ou}", lambda: complet)
    m = construit(tmp_path)
    lu = m.valeurs(m.communes_de(SIREN), [SIREN], "neuf")
    assert lu.valeur == pytest.approx(25.0)
    assert lu.millesime == "2022"
    assert m.provenance("neuf")[0].fichier == "rp.zip"


def test_le_dernier_millesime_charge_est_lu(tmp_path):
    for aa, valeur in ((21, 40.0), (22, 60.0)):
        colonnes = {f"P{aa}_POPH": [valeur] * len(COMMUNES_48), f"P{aa}_POPF": [40.0] * len(COMMUNES_48)}
        deposer(tmp_path, "rp", f"20{aa}-population", "communes", 2025, code=COMMUNES_48, **colonnes)
    m = construit(tmp_path)
    lu = m.valeurs(m.communes_de(SIREN), [SIREN], "part_hommes")
    assert (lu.valeur, lu.millesime) == (pytest.approx(60.0), "2022")


def test_un_fichier_d_une_ancienne_geographie_est_converti(tmp_path):
    """Six communes of 2016 are Mont Lozère et Goulet: their counts are summed, their rate is missing."""
    anciennes = ["48014", "48023", "48027", "48040", "48093", "48164", "48095"]
    deposer(
        tmp_path, "dgf", "2016", "communes", 2016, code=anciennes, POPULATION_DGF=[10.0] * 7,
        POTENTIEL_FISCAL=[5000.0] * 7, EFFORT_FISCAL=[1.1] * 7,
    )  # fmt: skip
    m = construit(tmp_path)
    assert m.communes.valeur("48027", "potentiel_fiscal") == 30_000
    assert m.communes.valeur("48027", "effort_fiscal") is None
    assert m.communes.valeur("48095", "effort_fiscal") == pytest.approx(1.1)
    assert m.valeurs(["48027"], [], "potentiel_fiscal").valeur == pytest.approx(500)
    assert m.valeurs(["48095"], [], "effort_fiscal").valeur == pytest.approx(1.1)


def test_la_matrice_des_trajets_donne_les_sortants_et_les_entrants(tmp_path):
    deposer(
        tmp_path, "mobilites", "2022", "flux", 2025, origine=["48095", "48095", "48080", "48095"],
        destination=["48095", "48080", "48095", "99999"], actifs=[60.0, 30.0, 20.0, 10.0],
    )  # fmt: skip
    m = construit(tmp_path)
    assert m.valeurs(["48095"], [], "navetteurs_sortants").valeur == pytest.approx(40.0)
    assert m.valeurs(["48095"], [], "navetteurs_entrants").valeur == pytest.approx(25.0)
    assert m.valeurs(["48009"], [], "navetteurs_sortants").valeur is None


def test_un_fichier_publie_par_epci_donne_sa_valeur(tmp_path):
    deposer(
        tmp_path, "filosofi", "2021", "epci", 2024, code=[SIREN], MED21=[31_000.0], PPEN21=[33.5],
        PACT21=[None],
    )  # fmt: skip
    m = construit(tmp_path)
    communes = m.communes_de(SIREN)
    assert m.valeurs(communes, [SIREN], "niveau_vie_median").valeur == 31_000
    assert m.valeurs(communes, [SIREN], "part_pensions").valeur == 33.5
    assert m.valeurs(communes, [SIREN], "part_activite").valeur is None
    assert m.provenance("part_pensions")[0].officiel


def test_les_mouvements_et_la_composition_du_lac_priment(tmp_path):
    deposer(
        tmp_path, "appartenance", "2015", "membres", 2015, epci=["248000001"] * 2, code=["48061", "48186"]
    )
    m = construit(tmp_path)
    assert m.composition(2016).annee == 2015
    assert m.composition(2016)["248000001"] == ("48061", "48186")
    lu = m.valeurs(m.composition(2016)["248000001"], [], "population", geographie=2015)
    assert lu.valeur == m.valeurs(["48061"], [], "population").valeur


def test_un_depot_rend_le_magasin_perime(tmp_path):
    chargement.construire(tmp_path)
    assert chargement.etat(tmp_path).a_jour
    deposer(tmp_path, "dgf", "2024", "communes", 2024, code=["48095"], EFFORT_FISCAL=[1.2])
    assert not chargement.etat(tmp_path).a_jour
    chargement.construire(tmp_path)
    assert chargement.etat(tmp_path).a_jour


def test_des_communes_nouvelles_dans_le_lac_entrent_dans_le_magasin(tmp_path):
    deposer(tmp_path, "dgf", "2024", "communes", 2025, code=["01001", "48095"], EFFORT_FISCAL=[1.2, 1.0])
    m = construit(tmp_path)
    assert m.communes.valeur("01001", "effort_fiscal") == 1.2
    assert m.communes.valeur("01001", "population_2023") == 860
    assert np.isnan(m.communes.extrait("bpe_pharmacie", m.communes.rangs_de(["01001"]))[0])


def test_sans_lac_polars_n_est_pas_importe(tmp_path):
    code = (
        "import sys, django; django.setup()\n"
        "from pathlib import Path\n"
        "from arpent.plateforme.observatoire.chargement import construire\n"
        "from arpent.plateforme.observatoire.magasin import ouvrir\n"
        "construire(Path(sys.argv[1])); ouvrir(Path(sys.argv[1])).valeurs([], [], 'population')\n"
        "assert 'polars' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=120)
