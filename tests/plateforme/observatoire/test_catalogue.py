"""The catalogue: what it holds, what it refuses and how it says it."""

from collections import Counter

import numpy as np
import pytest
import yaml

from arpent.extraits import lecture
from arpent.plateforme.observatoire.catalogue import (
    CHEMIN,
    CatalogueInvalide,
    Croissance,
    Publie,
    Rapport,
    catalogue,
    lire,
)
from arpent.plateforme.observatoire.expressions import ExpressionInvalide, evaluer, noms_de

INDICATEURS = catalogue().indicateurs


def attend_un_fichier(quoi) -> bool:
    """Its main figure waits for an official file, or is only given commune by commune."""
    return any(":" in c or "{aa}" in c for c in quoi.colonnes) or quoi.source == catalogue().sources["dgf"]


def test_le_catalogue_a_au_moins_90_indicateurs_en_dix_familles():
    assert len(INDICATEURS) >= 90
    familles = Counter(i.famille for i in INDICATEURS.values())
    assert set(familles) == set(catalogue().familles)
    assert len(familles) >= 10
    assert min(familles.values()) >= 4


def test_chaque_indicateur_a_une_definition_en_une_phrase():
    for code, quoi in INDICATEURS.items():
        assert quoi.definition[0].isupper(), code
        assert quoi.definition.endswith("."), code
        assert len(quoi.definition) >= 15, code


def test_au_moins_80_indicateurs_ont_une_valeur_pour_chaque_epci_de_lozere(magasin):
    for ligne in lecture.lignes("lozere/epci"):
        siren = ligne["siren"]
        communes = magasin.communes_de(siren)
        lues = [magasin.valeurs(communes, [siren], code) for code in INDICATEURS]
        assert sum(v.valeur is not None for v in lues) >= 80, siren
        assert all(v.note for v in lues if v.valeur is None), siren


def test_un_indicateur_qui_attend_un_fichier_dit_lequel(magasin):
    communes = magasin.communes_de("244800470")
    for code, quoi in INDICATEURS.items():
        if attend_un_fichier(quoi):
            lu = magasin.valeurs(communes, ["244800470"], code)
            assert lu.valeur is None
            assert lu.note.startswith("Non disponible : chargez "), code
            assert lu.couverture == 0


def test_chaque_colonne_du_catalogue_existe_dans_le_magasin(magasin):
    for code, quoi in INDICATEURS.items():
        regle = quoi.calcul
        if attend_un_fichier(quoi):
            continue
        if isinstance(regle, Publie):
            connues = {**magasin.epci.colonnes, **magasin.communes.colonnes}
            assert regle.colonne in connues, code
            assert regle.base is None or regle.base in magasin.communes.colonnes, code
            assert regle.communes is None or regle.communes in magasin.communes.colonnes, code
            continue
        table = magasin.epci if regle.niveau == "epci" else magasin.communes
        assert all(n in table.colonnes for c in quoi.colonnes for n in noms_de(c)), code


def test_chaque_evolution_lit_des_colonnes_qui_existent(magasin):
    for code, quoi in INDICATEURS.items():
        if quoi.evolution is None:
            continue
        e = quoi.evolution
        publiees = [n for n in (e.colonne, e.ecart) if n]
        niveau = isinstance(quoi.calcul, Rapport | Croissance) and quoi.calcul.niveau == "epci"
        table = magasin.epci if niveau else magasin.communes
        assert all(n in magasin.epci.colonnes for n in publiees), code
        assert all(n in table.colonnes for n in (e.numerateur, e.denominateur, e.base) if n), code


def recalcules(magasin, communes):
    """The indicators recomputed from the communes that have a complete value on these."""
    for code, quoi in INDICATEURS.items():
        if not isinstance(quoi.calcul, Publie) and quoi.calcul.niveau == "communes":
            lu = magasin.valeurs(communes, [], code)
            if lu.valeur is not None and lu.couverture >= 0.9:
                yield quoi, lu.valeur


def test_les_totaux_de_lozere_sont_la_somme_de_ses_communes(magasin):
    communes = [x["code_insee"] for x in lecture.lignes("lozere/communes") if x["departement"] == "48"]
    compares = 0
    for quoi, attendu in recalcules(magasin, communes):
        assert magasin.comparaison("dep:48", quoi) == pytest.approx(attendu, rel=1e-4, abs=1e-9), quoi.code
        compares += 1
    assert compares >= 70


def refus(modifier) -> str:
    brut = yaml.safe_load(CHEMIN.read_text(encoding="utf-8"))
    brut["indicateurs"] = brut["indicateurs"][:3]
    modifier(brut)
    with pytest.raises(CatalogueInvalide) as erreur:
        lire(yaml.safe_dump(brut, allow_unicode=True))
    return str(erreur.value)


@pytest.mark.parametrize(
    ("champs", "attendus"),
    [
        ({"famille": "inconnue"}, ["« famille »", "« inconnue »"]),
        ({"source": "inconnue"}, ["« source »"]),
        ({"sens": "haut"}, ["« sens »", "« haut »", "plus, moins, neutre"]),
        ({"secret": "ignorer"}, ["« secret »", "partiel, refus"]),
        ({"decimales": "deux"}, ["« decimales »", "nombre entier"]),
        ({"millesime": 2022}, ["« millesime »", "entre guillemets"]),
        ({"definition": ""}, ["« definition »", "un texte"]),
        ({"couleur": "vert"}, ["champ inconnu « couleur »"]),
        ({"croissance": {}}, ["un seul calcul"]),
        ({"somme": {"numerateur": "a +"}}, ["« somme.numerateur »", "incomplet"]),
        ({"somme": {"numerateur": "a", "facteur": "cent"}}, ["« somme.facteur »", "un nombre"]),
        ({"somme": {"denominateur": "b"}}, ["« somme »", "manque le champ « numerateur »"]),
        ({"somme": "a"}, ["« somme »", "accolades"]),
    ],
)
def test_une_entree_mal_ecrite_est_refusee_avec_son_nom_et_son_champ(champs, attendus):
    message = refus(lambda brut: brut["indicateurs"][0].update(champs))
    assert "« population »" in message
    assert all(a in message for a in attendus), message


def test_une_valeur_publiee_sans_base_doit_dire_pourquoi():
    def modifier(brut):
        brut["indicateurs"][0].pop("somme")
        brut["indicateurs"][0].pop("evolution", None)
        brut["indicateurs"][0]["publie"] = {"colonne": "rev_med_21"}

    assert "doit dire sa « regle »" in refus(modifier)


def test_un_doublon_une_partie_absente_et_un_texte_illisible_sont_refuses():
    assert "deux fois" in refus(lambda b: b["indicateurs"].append(b["indicateurs"][0]))
    assert "manque la partie « familles »" in refus(lambda b: b.pop("familles"))
    assert "partie inconnue « autre »" in refus(lambda b: b.update(autre=1))
    assert "n° 1 : il manque le champ « code »" in refus(lambda b: b["indicateurs"][0].pop("code"))
    with pytest.raises(CatalogueInvalide, match="ligne"):
        lire("indicateurs: [")


def test_une_expression_se_calcule_et_garde_les_trous():
    colonnes = {"a": np.array([1.0, np.nan, 4.0]), "rp:B": np.array([2.0, 2.0, 0.0])}
    valeur = evaluer("100 * (a + 1) / rp:B - 2", colonnes.__getitem__)
    np.testing.assert_array_equal(valeur, [98.0, np.nan, np.nan])


@pytest.mark.parametrize("texte", ["", "a +", "(a", "a b", "a ; b", "__import__('os')", "a ** 2", "1a"])
def test_une_expression_mal_ecrite_est_refusee(texte):
    with pytest.raises(ExpressionInvalide):
        noms_de(texte)
