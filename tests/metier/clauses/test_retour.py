"""A contract back from Word: three texts compared, merge fields put back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.clauses.retour import (
    ArticleEcrit,
    EtatRetour,
    comparer_retour,
    net,
    remettre_champs,
)

E = EtatRetour
ENVOYES = [
    ArticleEcrit("Objet", "L’objet.", "1"),
    ArticleEcrit("Durée", "Trois ans.\n\nPuis rien.", "2"),
    ArticleEcrit("Fin", "C’est fini.", "3"),
]
ACTUELS = [ArticleEcrit(a.titre, a.texte, a.numero, f"code-{a.numero}") for a in ENVOYES]


def etats(revenus: list[ArticleEcrit], actuels: list[ArticleEcrit] = ACTUELS) -> list[tuple[str, EtatRetour]]:
    return [(r.titre, r.etat) for r in comparer_retour(ENVOYES, revenus, actuels)]


def test_un_document_revenu_tel_quel_ne_propose_rien() -> None:
    revenus = [ArticleEcrit(a.titre, a.texte.replace(" ", "\u00a0"), a.numero) for a in ENVOYES]
    assert {e for _, e in etats(revenus)} == {E.INCHANGE}


def test_modifie_ajoute_absent_renumerote() -> None:
    revenus = [
        ArticleEcrit("Préalable", "Nouveau.", "1"),
        ArticleEcrit("Objet", "L’objet, revu.", "2"),
        ArticleEcrit("Durée du contrat", "Trois ans.\n\nPuis rien.", "9"),
    ]
    assert etats(revenus) == [
        ("Préalable", E.AJOUTE), ("Objet", E.MODIFIE), ("Durée du contrat", E.AJOUTE), ("Durée", E.ABSENT),
        ("Fin", E.ABSENT),
    ]  # fmt: skip


def test_un_titre_change_se_retrouve_par_son_numero() -> None:
    (revenu, *_) = comparer_retour(ENVOYES, [ArticleEcrit("But", "L’objet.", "1")], ACTUELS)
    assert (revenu.etat, revenu.titre, revenu.titre_propose, revenu.code) == (
        E.MODIFIE, "Objet", "But", "code-1",
    )  # fmt: skip


def test_change_des_deux_cotes_est_un_conflit_sauf_si_c_est_le_meme_texte() -> None:
    actuels = [ArticleEcrit("Objet", "L’objet d’ici.", "1", "code-1"), *ACTUELS[1:]]
    assert etats([ArticleEcrit("Objet", "L’objet de là-bas.", "1")], actuels)[0][1] is E.CONFLIT
    assert etats([ArticleEcrit("Objet", "L’objet d’ici.", "1")], actuels)[0][1] is E.INCHANGE
    assert etats([ArticleEcrit("Objet", "L’objet.", "1")], actuels)[0][1] is E.INCHANGE


@given(st.permutations(ENVOYES))
def test_l_ordre_du_document_n_importe_pas(revenus: list[ArticleEcrit]) -> None:
    assert {e for _, e in etats(revenus)} == {E.INCHANGE}


@given(st.lists(st.sampled_from(ENVOYES), max_size=6))
def test_chaque_article_envoye_est_dit_une_fois(revenus: list[ArticleEcrit]) -> None:
    rendus = comparer_retour(ENVOYES, revenus, ACTUELS)
    assert len(rendus) == len(revenus) + len(ENVOYES) - len({a.titre for a in revenus})
    assert sum(r.etat is not E.AJOUTE for r in rendus) == len(ENVOYES)


def test_les_champs_se_remettent_la_ou_leur_valeur_est_restee() -> None:
    champs = {
        "date_effet": "1er\u00a0mars 2026",
        "duree": "3",
        "total": "10\u202f000,00\u00a0€",
        "vide": None,
    }
    brut = "Dès le {{ date_effet }}, pour {{ duree }} ans et {{ total }} {{ vide }}."
    assert remettre_champs("À compter du 1er mars 2026, 3 ans, 10 000,00 €.", brut, champs) == (
        "À compter du {{ date_effet }}, 3 ans, {{ total }}."
    )
    assert remettre_champs("Dès le 2 avril 2026.", brut, champs) == "Dès le 2 avril 2026."
    assert remettre_champs("1er mars 2026", "Sans champ.", champs) == "1er mars 2026"


@given(st.text())
def test_un_texte_net_reste_net(texte: str) -> None:
    assert net(net(texte)) == net(texte)
