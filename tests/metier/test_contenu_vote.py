"""What has changed in a contract since it was voted."""

from dataclasses import replace
from decimal import Decimal

import pytest

from arpent.metier.contenu_vote import ContenuVote, ProjetVote, ecarts

ECOLE = ProjetVote("3", "École", "Chirac", Decimal(100_000), Decimal(20_000))
VOTE = ContenuVote(
    parties=("Département", "Chirac"),
    preambule="Un préambule.",
    articles=(("Objet", "Aides."), ("Durée", "Trois ans.")),
    projets=(ECOLE,),
    enveloppe=Decimal(50_000),
)


def test_le_meme_contrat_garde_ses_votes():
    assert ecarts(VOTE, replace(VOTE)) == ()


def test_un_article_renumerote_n_a_pas_change():
    assert ecarts(VOTE, replace(VOTE, articles=tuple(reversed(VOTE.articles)))) == ()


@pytest.mark.parametrize(
    ("change", "ligne"),
    [
        ({"parties": ("Département", "Chirac", "Ispagnac")}, "Partie ajoutée : Ispagnac"),
        ({"parties": ("Département",)}, "Partie retirée : Chirac"),
        ({"preambule": "Un autre."}, "Préambule modifié"),
        ({"articles": (*VOTE.articles, ("Litiges", "Tribunal."))}, "Article ajouté : Litiges"),
        ({"articles": VOTE.articles[:1]}, "Article retiré : Durée"),
        ({"articles": (("Objet", "Aides."), ("Durée", "Deux ans."))}, "Article modifié : Durée"),
        ({"articles": (*VOTE.articles, ("Durée", "Et plus."))}, "Article modifié : Durée"),
        (
            {"projets": (ECOLE, ProjetVote("4", "Pont", "Chirac", aide=Decimal(1_000)))},
            "Projet 4 « Pont » ajouté : aide de 1\u202f000,00\u00a0€",
        ),
        ({"projets": ()}, "Projet 3 « École » retiré : aide de 20\u202f000,00\u00a0€"),
        (
            {"projets": (replace(ECOLE, aide=Decimal(25_000)),)},
            "Projet 3 « École », aide : 25\u202f000,00\u00a0€ au lieu de 20\u202f000,00\u00a0€",
        ),
        (
            {"projets": (replace(ECOLE, cout=None),)},
            "Projet 3 « École », coût hors taxes : – au lieu de 100\u202f000,00\u00a0€",
        ),
        (
            {"projets": (replace(ECOLE, maitre_ouvrage="Ispagnac"),)},
            "Projet 3 « École » : maître d’ouvrage « Ispagnac » au lieu de « Chirac »",
        ),
        (
            {"projets": (replace(ECOLE, titre="Groupe scolaire"),)},
            "Projet 3 « Groupe scolaire » : titre « Groupe scolaire » au lieu de « École »",
        ),
        (
            {"enveloppe": Decimal(60_000)},
            "Enveloppe : 60\u202f000,00\u00a0€ au lieu de 50\u202f000,00\u00a0€",
        ),
    ],
)
def test_chaque_changement_se_lit_sur_une_ligne(change, ligne):
    assert ecarts(VOTE, replace(VOTE, **change)) == (ligne,)
