"""The fiche of a dispositif as data: what is read, what is refused and how it is said."""

import pytest

from arpent.metier.reglement import ReglementInvalide
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.fiches import champs_communs, lire_modele_fiche
from arpent.plateforme.reglements.livre import lire_livre, lister_livres

MENTION = {"code": "mention", "groupe": "projet", "libelle": "Mention", "genre": "texte"}


def test_un_dispositif_qui_ne_dit_rien_a_la_fiche_commune():
    modele = lire_modele_fiche({})
    assert [g.code for g in modele.groupes][:3] == ["essentiel", "cout", "financement"]
    assert {c.code for c in modele.champs if c.exige == "proposer"} == {
        "titre", "maitre_ouvrage", "theme", "cout_ht",
    }  # fmt: skip


def test_chaque_champ_de_la_fiche_commune_existe_dans_la_base_ou_le_formulaire():
    rangees = {"depenses", "financements", "demarches_financeurs"}
    connus = {f.name for f in Fiche._meta.get_fields()} | rangees
    assert champs_communs() <= connus


@pytest.mark.parametrize("dossier", lister_livres(), ids=lambda d: d.name)
def test_les_dispositifs_livres_ont_leur_fiche(dossier):
    bloc = lire_livre(dossier, demonstration=False).parametres["fiche"]
    modele = lire_modele_fiche(bloc)
    assert modele.cadre.libelle
    assert modele.cadre.axes == ()  # no published title was found
    assert {m.code for m in modele.maturites} == set(Fiche.Maturite.values)


def test_un_champ_se_retire_se_renomme_et_s_exige():
    modele = lire_modele_fiche(
        {"champs": {"tva": {"affiche": False}, "besoin": {"libelle": "Pourquoi", "exige": "retenir"}}}
    )
    codes = {c.code: c for c in modele.champs}
    assert "tva" not in codes
    assert (codes["besoin"].libelle, codes["besoin"].exige) == ("Pourquoi", "retenir")
    assert codes["theme"].exige == "proposer"


def test_un_champ_propre_se_range_dans_son_groupe():
    modele = lire_modele_fiche({"complements": [MENTION | {"exige": "retenir"}]})
    (champ,) = modele.complements
    assert champ.code == "complements__mention"
    assert champ in next(g for g in modele.groupes if g.code == "projet").champs


@pytest.mark.parametrize(
    ("bloc", "message"),
    [({"couleur": "vert"}, "« couleur » est inconnue"),
     ({"champs": {"couleur": {"exige": "proposer"}}}, "« couleur » n’existe pas"),
     ({"champs": {"titre": {"affiche": False}}}, "ne peut pas être retiré"),
     ({"champs": {"besoin": {"exige": "demain"}}}, "l’étape « demain » est inconnue"),
     ({"conditions": {"soleil": "retenir"}}, "la condition « soleil » est inconnue"),
     ({"complements": [MENTION | {"genre": "montant"}]}, "le genre « montant » est inconnu"),
     ({"complements": [MENTION | {"genre": "choix"}]}, "a besoin de sa liste « choix »"),
     ({"complements": [MENTION | {"groupe": "nulle-part"}]}, "« nulle-part », qui n’existe pas"),
     ({"complements": [MENTION, MENTION]}, "dans deux groupes"),
     ({"unites": [{"code": "m2", "libelle": "a"}, {"code": "m2", "libelle": "b"}]}, "donné deux fois"),
     ({"groupes": [{"code": "a", "libelle": "A", "champs": ["titre"]}]}, "doit être dans un groupe"),
     ({"maturites": {"structurant": {"exige": ["soleil"]}}}, "exige « soleil »")],
)  # fmt: skip
def test_un_bloc_faux_est_refuse_et_la_cle_nommee(bloc, message):
    with pytest.raises(ReglementInvalide, match=message):
        lire_modele_fiche(bloc)
