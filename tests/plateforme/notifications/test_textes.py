"""The authority's words in the mails: a closed list of fields, never evaluated."""

from __future__ import annotations

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.textes import TEXTES, TexteRefuse, champs_de, rediger, remplir, verifier
from arpent.plateforme.portail.courrier.modeles import ecrire_modele, revenir_au_texte_livre
from arpent.plateforme.socle.versions import ConflitDeVersion

VALEURS = {"prenom": "Claire", "nombre": "2 nouvelles", "nouvelles": "- {prenom}", "sujet": "x"}


@pytest.mark.parametrize("code", TEXTES)
def test_les_textes_livres_sont_valides(code: str):
    verifier(code, TEXTES[code].sujet, TEXTES[code].corps)


@pytest.mark.parametrize("code", TEXTES)
def test_l_exemple_remplit_chaque_champ_et_chaque_exige_existe(code: str):
    texte = TEXTES[code]
    assert texte.exige <= set(texte.champs)
    assert not champs_de(remplir(texte.sujet, texte.exemple) + remplir(texte.corps, texte.exemple))


@pytest.mark.django_db
def test_un_champ_vide_ne_laisse_pas_de_paragraphe_vide():
    valeurs = TEXTES["reunion_convocation"].exemple | {"avis": "", "page": ""}
    _, corps = rediger("reunion_convocation", **valeurs)
    assert "Chirac\n\nLa convocation est jointe" in corps
    assert corps.endswith("votre agenda.")


@pytest.mark.django_db
def test_l_invitation_prend_les_mots_de_l_autorite_mais_garde_son_lien():
    with pytest.raises(TexteRefuse, match=r"doit contenir \{lien\}"):
        verifier("invitation", "Bienvenue", "Bonjour {nom}")
    ecrire_modele("invitation", sujet="Bienvenue {nom}", corps="Par ici : {lien}", version_lue=1, par=None)
    assert rediger("invitation", nom="Jeanne", lien="https://x") == (
        "Bienvenue Jeanne",
        "Par ici : https://x",
    )


@pytest.mark.parametrize(
    ("sujet", "corps", "dit"),
    [
        ("a", "{nouvelles} {inconnu}", "n’existe pas"),
        ("{0}", "{nouvelles}", "n’existe pas"),
        ("a", "Bonjour {prenom}", "doit contenir {nouvelles}"),
        ("a\nb", "{nouvelles}", "une ligne"),
    ],
)
def test_un_texte_fautif_est_refuse_et_dit_pourquoi(sujet: str, corps: str, dit: str):
    with pytest.raises(TexteRefuse, match=dit):
        verifier("resume_jour", sujet, corps)


def test_ce_qui_est_mis_dans_un_champ_n_est_pas_relu():
    assert remplir("{nouvelles}", VALEURS) == "- {prenom}"


@pytest.mark.django_db
def test_le_texte_de_l_autorite_remplace_le_texte_livre_puis_s_en_va():
    ecrire_modele("resume_jour", sujet="Bonjour", corps="Voici : {nouvelles}", version_lue=1, par=None)
    assert rediger("resume_jour", **VALEURS) == ("Bonjour", "Voici : - {prenom}")
    assert revenir_au_texte_livre("resume_jour", par=None)
    assert not revenir_au_texte_livre("resume_jour", par=None)
    assert rediger("resume_jour", **VALEURS)[0] == "Arpent : 2 nouvelles pour vous"
    assert [e.geste for e in Entree.objects.order_by("numero")] == [
        "ecrire_modele_courriel",
        "revenir_courriel_livre",
    ]


@pytest.mark.django_db
def test_une_modification_perimee_est_refusee():
    ecrire_modele("aussitot", sujet="a", corps="{nouvelles}", version_lue=1, par=None)
    with pytest.raises(ConflitDeVersion):
        ecrire_modele("aussitot", sujet="b", corps="{nouvelles}", version_lue=1, par=None)
