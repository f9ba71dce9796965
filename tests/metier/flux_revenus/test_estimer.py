"""Captured income by base, and what it becomes."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.flux_revenus import PARAMETRES, Confiance, Donnees, Grandeur, estimer

from .territoires import COEUR_DE_LOZERE, GEVAUDAN, GRAND_GUERET, PORTES_DE_LA_CREUSE, donnees_de

GROUPES = (
    (GEVAUDAN,),
    (COEUR_DE_LOZERE,),
    (GEVAUDAN, COEUR_DE_LOZERE),
    (GRAND_GUERET, PORTES_DE_LA_CREUSE),
)
OBSERVEES = (
    "population",
    "actifs_occupes",
    "emplois",
    "emplois_productifs",
    "emplois_administration",
    "sortants",
    "retraites",
    "niveau_vie_actifs",
    "niveau_vie_retraites",
    "revenu_disponible",
    "part_prestations",
    "residences_secondaires",
    "nuitees_marchandes",
)


def sans(donnees: Donnees, *noms: str) -> Donnees:
    manquants = {nom: replace(getattr(donnees, nom), valeur=None, bas=None, haut=None) for nom in noms}
    return replace(donnees, **manquants)


def test_les_parts_des_bases_font_exactement_un() -> None:
    for groupe in GROUPES:
        flux = estimer(donnees_de(*groupe))
        assert sum(b.part for b in flux.bases if b.part is not None) == 1


def test_une_base_est_la_somme_de_ses_termes_et_le_total_celle_des_bases() -> None:
    flux = estimer(donnees_de(GEVAUDAN))
    for base in flux.bases:
        connus = [t.montant.central for t in base.termes if t.montant is not None]
        assert base.montant is not None
        assert base.montant.central == sum(connus)
    assert flux.total is not None
    assert flux.total.central == sum(b.montant.central for b in flux.bases if b.montant is not None)


def test_les_parts_nationales_font_un() -> None:
    assert sum(b.part_nationale for b in estimer(donnees_de(GEVAUDAN)).bases) == 1


def test_un_terme_non_estime_dit_ce_qui_manque() -> None:
    terme = next(
        t for t in estimer(donnees_de(GEVAUDAN)).base("residentielle").termes if t.code == "tourisme_marchand"
    )
    assert terme.montant is None
    assert terme.motif == "Non estimé\u00a0: il manque les nuitées marchandes."


def test_les_nuitees_saisies_entrent_dans_la_base_residentielle() -> None:
    donnees = donnees_de(GEVAUDAN)
    avec = replace(donnees, nuitees_marchandes=Grandeur(Decimal(10_000), "Saisie du territoire", "2024"))
    ecart = _central(avec) - _central(donnees)
    assert ecart == Decimal(1_057_000)


def _central(donnees: Donnees) -> Decimal:
    total = estimer(donnees).total
    assert total is not None
    return total.central


def test_la_confiance_d_un_terme_est_celle_de_son_facteur_le_plus_faible() -> None:
    termes = {t.code: t for b in estimer(donnees_de(GEVAUDAN)).bases for t in b.termes}
    assert termes["navetteurs"].confiance is Confiance.D
    assert termes["pensions"].confiance is Confiance.C
    assert Confiance.D.libelle.startswith("Borne")


def test_une_valeur_supposee_est_marquee_et_annoncee() -> None:
    supposes = tuple(replace(p, demonstration=p.code == "pension_par_retraite") for p in PARAMETRES)
    flux = estimer(donnees_de(GEVAUDAN), supposes)
    pensions = next(t for t in flux.base("residentielle").termes if t.code == "pensions")
    assert pensions.demonstration
    assert pensions.confiance is Confiance.D
    assert any("valeur de démonstration" in a for a in flux.avertissements)


def test_un_parametre_vide_ou_absent_retire_son_terme() -> None:
    vides = tuple(replace(p, valeur=None, bas=None, haut=None) for p in PARAMETRES)
    for parametres in ((), vides):
        flux = estimer(donnees_de(GEVAUDAN), parametres)
        assert flux.base("productive").montant is None
        assert flux.base("sociale").part == 1
    assert estimer(donnees_de(GEVAUDAN), ()).redistribution.pour_1000_presents is None


def test_sans_donnees_il_n_y_a_ni_total_ni_zero() -> None:
    flux = estimer(sans(donnees_de(GEVAUDAN), *OBSERVEES))
    assert flux.total is None
    assert flux.par_habitant is None
    assert all(b.montant is None and b.part is None for b in flux.bases)
    assert flux.redistribution.postes_presentiels is None


def test_l_effet_d_echelle_est_toujours_rappele() -> None:
    assert any("taille voisine" in a for a in estimer(donnees_de(GEVAUDAN)).avertissements)


def test_sans_navetteurs_le_biais_est_annonce_et_la_part_locale_au_plus_haut() -> None:
    flux = estimer(donnees_de(GRAND_GUERET, PORTES_DE_LA_CREUSE))
    assert any("sous-estimés" in a for a in flux.avertissements)
    assert flux.base("productive").montant is not None


def test_une_donnee_partielle_est_annoncee() -> None:
    donnees = donnees_de(GEVAUDAN)
    partielle = replace(donnees, retraites=replace(donnees.retraites, couverture=Decimal("0.9")))
    assert any("90,0\u00a0% de la population" in a for a in estimer(partielle).avertissements)


def test_la_redistribution_rapporte_les_postes_presentiels() -> None:
    redistribution = estimer(donnees_de(GEVAUDAN)).redistribution
    assert redistribution.postes_presentiels is not None
    assert redistribution.postes_presentiels.central == 3420
    assert redistribution.par_million_capte == Decimal("25.9")
    assert redistribution.pour_1000_habitants == Decimal("353.3")
    assert redistribution.pour_1000_presents is not None
    assert redistribution.pour_1000_presents < redistribution.pour_1000_habitants


def test_plus_de_navetteurs_c_est_moins_d_emplois_tenus_sur_place() -> None:
    donnees = donnees_de(GEVAUDAN)
    montants = [
        estimer(replace(donnees, sortants=Grandeur(Decimal(n), "Essai", "2024"))).base("productive").montant
        for n in (0, 1000, 3715)
    ]
    centraux = [m.central for m in montants if m is not None]
    assert centraux == sorted(centraux, reverse=True)
    assert centraux[-1] == 0


def _grandeurs() -> st.SearchStrategy[Grandeur]:
    valeurs = st.one_of(st.none(), st.integers(0, 200_000).map(Decimal))
    return valeurs.map(lambda v: Grandeur(v, "Essai", "2024"))


@given(st.fixed_dictionaries({nom: _grandeurs() for nom in OBSERVEES}))
def test_toute_combinaison_de_donnees_donne_des_parts_exactes_et_des_fourchettes_ordonnees(
    grandeurs: dict[str, Any],
) -> None:
    flux = estimer(replace(donnees_de(GEVAUDAN), **grandeurs))
    parts = [b.part for b in flux.bases if b.part is not None]
    assert sum(parts) in (0, 1)
    assert all(p >= 0 for p in parts)
    for base in flux.bases:
        for terme in base.termes:
            assert (terme.montant is None) == bool(terme.motif)
            if terme.montant is not None:
                bas, central, haut = terme.montant.valeurs
                assert 0 <= bas <= central <= haut


@given(st.integers(1, 50))
def test_un_territoire_dix_fois_plus_grand_garde_ses_parts(facteur: int) -> None:
    donnees = donnees_de(COEUR_DE_LOZERE)
    agrandies = {}
    for nom in OBSERVEES:
        grandeur = getattr(donnees, nom)
        if nom.startswith("niveau_vie") or nom == "part_prestations" or grandeur.valeur is None:
            continue
        fois = {
            champ: None if getattr(grandeur, champ) is None else getattr(grandeur, champ) * facteur
            for champ in ("valeur", "bas", "haut")
        }
        agrandies[nom] = replace(grandeur, **fois)
    petit, grand = estimer(donnees), estimer(replace(donnees, **agrandies))
    for avant, apres in zip(petit.bases, grand.bases, strict=True):
        assert avant.part is not None
        assert apres.part is not None
        assert abs(avant.part - apres.part) <= Decimal("0.0002")
