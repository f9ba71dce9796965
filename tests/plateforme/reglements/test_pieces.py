"""The pieces that a dispositif expects: read whole, or refused by name."""

import pytest

from arpent.metier.reglement.lecteur import ReglementInvalide
from arpent.plateforme.reglements.livre import lire_livre, lister_livres
from arpent.plateforme.reglements.pieces import lire_pieces


def piece(**champs):
    return {"code": "devis", "libelle": "Devis", "nature": "devis", "etape": "proposer"} | champs


def test_un_dispositif_sans_liste_n_attend_aucune_piece():
    assert lire_pieces({}) == ()


def test_les_pieces_sont_rangees_par_etape():
    lues = lire_pieces(
        {"pieces": [piece(etape="dossier"), piece(code="photo", nature="photo", etape="proposer")]}
    )
    assert [p.code for p in lues] == ["photo", "devis"]


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ([piece(nature="tableau")], "nature « tableau »"),
        ([piece(etape="voter")], "étape « voter »"),
        ([piece(themes=["plage"])], "thème « plage »"),
        ([piece(couleur="rouge")], "couleur"),
        ([piece(), piece(nature="plan")], "donnée deux fois"),
        ([piece(), piece(code="autre-devis")], "même nature"),
    ],
)
def test_une_liste_fautive_est_refusee_par_son_nom(pieces, message):
    with pytest.raises(ReglementInvalide, match=message):
        lire_pieces({"pieces": pieces}, ["voirie"])


def test_deux_themes_peuvent_attendre_chacun_leur_etude():
    lues = lire_pieces({"pieces": [piece(themes=["voirie"]), piece(code="b", themes=["eau"])]})
    assert lues[0].concerne("voirie")
    assert not lues[1].concerne("voirie")


@pytest.mark.parametrize("dossier", lister_livres(), ids=lambda d: d.name)
def test_chaque_dispositif_livre_dit_ses_pieces(dossier):
    livre = lire_livre(dossier, demonstration=False)
    lues = lire_pieces(livre.parametres["fiche"])
    assert len(lues) >= 4
    assert all(p.demonstration or p.source for p in lues)
