"""Variants, locked articles, added ones, their order; what a text may not name."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.clauses import (
    FAITS,
    PAR_DEFAUT,
    Choix,
    FaitsContrat,
    ModeleContratInvalide,
    Origine,
    composer,
    fusionner,
    lire_modele,
    nommer_ailleurs,
)

GRAND = {"champ": "nombre_projets", "est": ">", "valeur": 40}
BRUT: dict[str, Any] = {
    "champs": {"date_effet": "Date d’effet"},
    "articles": [
        {"code": "objet", "titre": "Objet", "texte": "Objet.", "verrouille": True},
        {
            "code": "suivi", "titre": "Suivi", "texte": "Une réunion par an.", "obligatoire": False,
            "variantes": [
                {"code": "serre", "libelle": "suivi serré", "texte": "Deux réunions.", "condition": GRAND},
                {"code": "libre", "libelle": "suivi libre", "texte": "À la demande."},
            ],
        },
        {"code": "syndicat", "titre": "Syndicat", "texte": "Le syndicat adhère.",
         "condition": {"champ": "avec_syndicat", "valeur": True}},
    ],
}  # fmt: skip
MODELE = lire_modele(BRUT, strict=True)
PETIT, GROS = FaitsContrat(nombre_projets=12, avec_syndicat=False), FaitsContrat(nombre_projets=41)


def origines(faits: FaitsContrat, *choix: Choix) -> dict[str, Origine]:
    return {c.code: c.origine for c in composer(MODELE, {}, faits, choix)}


def textes(faits: FaitsContrat, *choix: Choix) -> dict[str, str]:
    return {a.code: " ".join(a.paragraphes) for a in fusionner(MODELE, {}, faits=faits, choix=choix).articles}


def test_les_faits_proposent_une_variante_et_le_redacteur_en_choisit_une_autre() -> None:
    assert textes(PETIT)["suivi"] == "Une réunion par an."
    assert textes(GROS)["suivi"] == "Deux réunions."
    assert textes(GROS, Choix("suivi", variante=PAR_DEFAUT))["suivi"] == "Une réunion par an."
    assert textes(PETIT, Choix("suivi", variante="libre"))["suivi"] == "À la demande."
    assert textes(PETIT, Choix("suivi", variante="libre", texte="À nous."))["suivi"] == "À nous."
    assert origines(GROS)["suivi"] is Origine.VARIANTE
    assert origines(PETIT, Choix("suivi", titre="Suivi annuel"))["suivi"] is Origine.REECRIT


def test_une_variante_disparue_du_modele_rend_celle_des_faits() -> None:
    assert textes(GROS, Choix("suivi", variante="ancienne"))["suivi"] == "Deux réunions."


def test_un_article_verrouille_ne_bouge_pas_meme_si_un_choix_le_dit() -> None:
    choix = Choix("objet", texte="Autre.", retire=True, variante="x")
    assert textes(PETIT, choix)["objet"] == "Objet."
    assert origines(PETIT, choix)["objet"] is Origine.MODELE


def test_un_article_obligatoire_se_reecrit_mais_ne_se_retire_pas() -> None:
    faits = FaitsContrat(avec_syndicat=True)
    assert origines(faits, Choix("syndicat", retire=True))["syndicat"] is Origine.MODELE
    assert origines(faits, Choix("suivi", retire=True))["suivi"] is Origine.RETIRE
    assert "suivi" not in textes(faits, Choix("suivi", retire=True))


def test_une_condition_inconnue_ne_garde_pas_l_article() -> None:
    assert origines(FaitsContrat())["syndicat"] is Origine.SANS_OBJET
    assert origines(PETIT)["syndicat"] is Origine.SANS_OBJET
    assert MODELE.articles[2].garde.enonce({}) == "un syndicat est partie au contrat"
    assert MODELE.articles[1].variantes[0].garde.enonce({}) == "contrat\N{NO-BREAK SPACE}: plus de 40 projets"


def test_les_articles_ajoutes_suivent_celui_qu_ils_nomment_et_tout_se_renumerote() -> None:
    ajouts = [
        Choix("ajout-1", titre="Eau", texte="L’eau.", ajoute=True, apres="objet"),
        Choix("ajout-2", titre="Air", texte="L’air.", ajoute=True, apres="objet"),
        Choix("ajout-3", titre="Feu", texte="Le feu.", ajoute=True, apres="ajout-1"),
        Choix("ajout-4", titre="Fin", texte="La fin.", ajoute=True, apres="parti"),
    ]
    texte = fusionner(MODELE, {}, faits=PETIT, choix=ajouts)
    assert [a.titre for a in texte.articles] == ["Objet", "Eau", "Feu", "Air", "Suivi", "Fin"]
    assert [a.numero for a in texte.articles] == ["1", "2", "3", "4", "5", "6"]


@given(st.lists(st.sampled_from(["", "objet", "suivi", "syndicat", "ajout-0", "ajout-1"]), max_size=8))
def test_aucun_article_ajoute_ne_se_perd(places: list[str]) -> None:
    ajouts = [
        Choix(f"ajout-{n}", titre=f"T{n}", texte=f"Texte {n}.", ajoute=True, apres=apres)
        for n, apres in enumerate(places)
    ]
    clauses = composer(MODELE, {}, PETIT, ajouts)
    assert sorted(c.code for c in clauses) == sorted(
        [*(a.code for a in ajouts), "objet", "suivi", "syndicat"]
    )
    assert [c.code for c in clauses if c.modele] == ["objet", "suivi", "syndicat"]


@pytest.mark.parametrize(
    ("article", "mot"),
    [
        ({"code": "a", "titre": "A", "texte": "{{ inconnu }}"}, "« inconnu » n’existe pas"),
        ({"code": "a", "titre": "A", "texte": "x", "condition": "inconnu"}, "« inconnu »"),
        ({"code": "a", "titre": "A", "texte": "x", "condition": {"champ": "age", "valeur": 1}}, "« age »"),
        ({"code": "a", "titre": "A"}, "texte"),
        ({"code": "a b", "titre": "A", "texte": "x"}, "code"),
        ({"code": "objet", "titre": "A", "texte": "x"}, "deux fois"),
        ({"code": "a", "titre": "A", "texte": "x",
          "variantes": [{"code": "v", "texte": "y"}]}, "libelle"),
        ({"code": "a", "titre": "A", "texte": "x",
          "variantes": [{"code": "modele", "libelle": "m", "texte": "y"}]}, "« modele »"),
        ({"code": "a", "titre": "A", "texte": "x",
          "variantes": [{"code": "v", "libelle": "m", "texte": "y"}] * 2}, "deux fois"),
    ],
)  # fmt: skip
def test_un_modele_faux_est_refuse_en_nommant_l_article(article: dict[str, Any], mot: str) -> None:
    with pytest.raises(ModeleContratInvalide, match=re.escape(mot)):
        lire_modele(BRUT | {"articles": [*BRUT["articles"], article]}, strict=True)


def test_un_texte_qui_nomme_un_autre_dispositif_est_dit() -> None:
    brut = BRUT | {"visas": [{"code": "v", "texte": "Vu le contrat de ruralité ;"}]}
    texte = fusionner(lire_modele(brut), {}, "Au titre des Contrats territoriaux.", faits=PETIT)
    noms = ["Contrat de ruralité", "Contrats territoriaux", "Court"]
    assert nommer_ailleurs(texte, noms, "Contrats territoriaux 2025") == (
        "Le visa 1 nomme « Contrat de ruralité », qui n’est pas le dispositif de ce contrat",
    )
    assert nommer_ailleurs(texte, noms[1:], "Autre politique") == (
        "Le préambule nomme « Contrats territoriaux », qui n’est pas le dispositif de ce contrat",
    )


def test_chaque_fait_se_dit_en_francais() -> None:
    for nom, champ in FAITS.items():
        valeur: object = {"nombre": 3, "montant": "1 000 €", "code": "a", "booleen": True}[champ.type.value]
        cle = "parmi" if champ.type.value == "code" else "valeur"
        brut = {"champ": nom, cle: [valeur] if cle == "parmi" else valeur}
        article = {"code": "a", "titre": "A", "texte": "x", "condition": brut}
        garde = lire_modele({"articles": [article]}).articles[0].garde
        assert garde.enonce({})
        assert garde.tient({}, FaitsContrat()) is False
    assert FaitsContrat(enveloppe=Decimal("1.00")).enveloppe == Decimal("1.00")


def test_un_champ_qui_garde_un_article_se_nomme() -> None:
    article = {"code": "a", "titre": "A", "texte": "x", "condition": "date_effet"}
    (lu,) = lire_modele({"articles": [article]}).articles
    assert lu.garde.enonce({"date_effet": "Date d’effet"}) == "« Date d’effet » est connu"
    assert lire_modele(BRUT).articles[0].garde.enonce({}) == ""


def test_le_preambule_aussi_est_controle() -> None:
    with pytest.raises(ModeleContratInvalide, match="preambule"):
        lire_modele(BRUT | {"preambule": "Le {{ jamais }}."}, strict=True)


def test_un_article_se_retrouve_par_son_code() -> None:
    trouve = MODELE.article("suivi")
    assert trouve is not None
    assert trouve.titre == "Suivi"
    assert MODELE.article("absent") is None


def test_l_origine_d_un_article_se_dit_avec_sa_variante() -> None:
    dits = {c.code: c.libelle_origine for c in composer(MODELE, {}, GROS, [])}
    assert dits == {"objet": "modèle", "suivi": "variante « suivi serré »", "syndicat": "sans objet"}


def test_un_champ_manquant_deux_fois_n_est_liste_qu_une() -> None:
    brut = {"articles": [{"code": "a", "titre": "{{ date }}", "texte": "{{ date }} et {{ date }}"}]}
    assert fusionner(lire_modele(brut), {}).manquants == ("date",)
