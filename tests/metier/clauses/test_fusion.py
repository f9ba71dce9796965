"""Merging the model: conditions, missing data, no hole left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.clauses import (
    Fusion,
    champs_employes,
    controler_champs,
    fusionner,
    lire_modele,
    paragraphes,
)

BRUT = {
    "titre": "Contrat territorial {{ territoire_nom }}",
    "champs": {
        "date_effet": "Date d’effet",
        "reglement_acte": "Acte du règlement",
        "total_aides": "Total des aides",
    },
    "preambule": "Un préambule.",
    "visas": [
        {"code": "notre", "texte": "Vu la loi NOTRe ;", "condition": None},
        {"code": "acte", "texte": "Vu l’acte {{ reglement_acte }} ;", "condition": "reglement_acte"},
    ],
    "articles": [
        {"code": "objet", "titre": "Objet", "texte": "Aides : {{ total_aides }}.", "condition": None},
        {"code": "reserve", "titre": "Réserve", "texte": "{{ fonds_reserve_montant }}",
         "condition": "fonds_reserve_montant"},
        {"code": "duree", "titre": "Durée", "texte": "À partir du {{ date_effet }}.", "condition": None},
    ],
}  # fmt: skip
MODELE = lire_modele(BRUT)


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
    modele = lire_modele(BRUT | {"titre": "{{ type_contrat }} {{ territoire_nom }}"})
    assert fusionner(modele, {"territoire_nom": "Sud Vienne"}).titre == "Contrat Sud Vienne"


@given(st.text(), st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text()))
def test_ce_qui_n_est_pas_un_champ_ressort_tel_quel(texte: str, champs: dict[str, str]) -> None:
    """A text without a field is only stripped; with fields, all of them are gone or announced."""
    fusion = Fusion(champs, {})
    rendu = fusion.texte(texte)
    if not champs_employes(texte):
        assert rendu == texte.strip()
        assert not fusion.manquants


@given(st.lists(st.from_regex(r"[a-zé]+( [a-zé]+)*", fullmatch=True), max_size=6))
def test_les_paragraphes_se_separent_par_une_ligne_vide(textes: list[str]) -> None:
    assert paragraphes("\r\n\r\n".join(textes)) == tuple(textes)
    assert paragraphes(" \n\n".join(textes)) == tuple(textes)


def test_un_champ_inconnu_ou_mal_ecrit_est_dit() -> None:
    connus = {"date_effet": "Date d’effet"}
    assert controler_champs("Le {{ date_effet }} et {{date_effet}}.", connus) == ""
    assert "« date_fin » n’existe pas. Champs possibles : date_effet" in controler_champs(
        "{{ date_fin }}", connus
    )
    for faux in ("Le {{ date effet }}.", "Le {{ date_effet.", "date_effet }} du", "{{ __class__.mro }}"):
        assert "doubles accolades" in controler_champs(faux, connus)
