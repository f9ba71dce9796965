"""Merging the model: conditions, missing data, no hole left."""

from __future__ import annotations

from arpent.plateforme.contrats.modele import fusionner

from .conftest import MODELE


def test_un_champ_absent_est_annonce_et_liste() -> None:
    texte = fusionner(MODELE, {"territoire_nom": "Gévaudan", "total_aides": "10 €"})
    assert texte.articles[1].paragraphes == ("À partir du [à compléter : date d’effet].",)
    assert texte.manquants == ("Date d’effet",)


def test_un_element_sans_sa_donnee_n_est_pas_ecrit() -> None:
    texte = fusionner(MODELE, {"total_aides": "10 €", "date_effet": "1er mars"})
    assert [a.titre for a in texte.articles] == ["Objet", "Durée"]
    assert [a.numero for a in texte.articles] == ["1", "2"]
    assert texte.visas == ("Vu la loi NOTRe ;",)


def test_une_valeur_n_est_jamais_relue_comme_un_modele() -> None:
    texte = fusionner(MODELE, {"total_aides": "{{ date_effet }}", "date_effet": "1er mars"})
    assert texte.articles[0].paragraphes == ("Aides : {{ date_effet }}.",)


def test_le_preambule_ecrit_remplace_celui_du_modele() -> None:
    texte = fusionner(MODELE, {"territoire_nom": "X"}, "Un.\n\nDeux.")
    assert texte.preambule == ("Un.", "Deux.")


def test_le_titre_n_a_pas_de_trou() -> None:
    modele = MODELE | {"titre": "{{ type_contrat }} {{ territoire_nom }}"}
    assert fusionner(modele, {"territoire_nom": "Sud Vienne"}).titre == "Contrat Sud Vienne"
