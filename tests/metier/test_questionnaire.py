"""What an answer may be, what the answers say together, what small numbers hide."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.questionnaire import (
    SEUIL_SECRET,
    Etape,
    Genre,
    Question,
    Questionnaire,
    ReponseInvalide,
    categories_montrables,
    depouiller,
    lire_reponse,
    manquantes,
    taux_de_reponse,
)

D = Decimal
CHOIX = (("a", "Premier"), ("b", "Second"))


def question(genre: Genre, **champs: object) -> Question:
    choix = CHOIX if genre in {Genre.CHOIX, Genre.PLUSIEURS} else ()
    return Question("q", genre, "Question ?", choix=choix, **champs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("genre", "envoye", "lu"),
    [
        (Genre.CHOIX, ["a"], "a"),
        (Genre.CHOIX, [""], None),
        (Genre.CHOIX, [], None),
        (Genre.PLUSIEURS, ["b", "a"], ["a", "b"]),
        (Genre.PLUSIEURS, ["b", "b"], ["b"]),
        (Genre.ECHELLE, ["5"], "5"),
        (Genre.OUI_NON, ["non"], "non"),
        (Genre.TEXTE, ["  Bien.  "], "Bien."),
        (Genre.NOMBRE, ["12,5"], "12.5"),
        (Genre.NOMBRE, ["1 200"], "1200"),
        (Genre.NOMBRE, ["1\u202f200.25"], "1200.25"),
        (Genre.NOMBRE, ["-3"], "-3"),
        (Genre.NOMBRE, ["−3"], "-3"),
        (Genre.NOMBRE, ["0"], "0"),
    ],
)
def test_une_reponse_se_lit(genre: Genre, envoye: list[str], lu: object) -> None:
    assert lire_reponse(question(genre), envoye) == lu


@pytest.mark.parametrize(
    ("genre", "envoye", "dit"),
    [
        (Genre.CHOIX, ["c"], "parmi les réponses"),
        (Genre.PLUSIEURS, ["a", "c"], "parmi les réponses"),
        (Genre.ECHELLE, ["6"], "parmi les réponses"),
        (Genre.OUI_NON, ["peut-être"], "parmi les réponses"),
        (Genre.TEXTE, ["x" * 2_001], "trop long"),
        (Genre.NOMBRE, ["beaucoup"], "Écrivez un nombre"),
        (Genre.NOMBRE, ["9999999999"], "Écrivez un nombre"),
        (Genre.NOMBRE, ["1,234"], "Écrivez un nombre"),
    ],
)
def test_une_reponse_impossible_est_dite(genre: Genre, envoye: list[str], dit: str) -> None:
    with pytest.raises(ReponseInvalide, match=dit):
        lire_reponse(question(genre), envoye)


def test_ce_qui_est_obligatoire_et_manque() -> None:
    exigee, libre = question(Genre.TEXTE, obligatoire=True), question(Genre.TEXTE)
    assert manquantes([exigee, libre], {}) == (exigee,)
    assert manquantes([exigee], {"q": "Oui."}) == ()
    posees = Questionnaire("T", "", (Etape("1", (exigee,)), Etape("2", (libre,))))
    assert posees.questions == (exigee, libre)


def test_un_choix_se_compte_sur_ceux_qui_ont_repondu() -> None:
    lu = depouiller(question(Genre.CHOIX), [{"q": "a"}, {"q": "a"}, {"q": "b"}, {}])
    assert (lu.repondants, lu.sur) == (3, 4)
    assert [(p.libelle, p.nombre, p.sur) for p in lu.parts] == [("Premier", 2, 3), ("Second", 1, 3)]
    assert lu.moyenne is None


def test_plusieurs_choix_font_plus_que_le_tout() -> None:
    lu = depouiller(question(Genre.PLUSIEURS), [{"q": ["a", "b"]}, {"q": ["a"]}])
    assert [p.part for p in lu.parts] == [D(1), D("0.5")]


@pytest.mark.parametrize(
    ("notes", "moyenne", "mediane"),
    [(["1", "5"], D(3), D(3)), (["2", "4", "5"], D(11) / D(3), D(4)), ([], None, None)],
)
def test_une_echelle_a_sa_moyenne_et_sa_mediane(
    notes: list[str], moyenne: D | None, mediane: D | None
) -> None:
    lu = depouiller(question(Genre.ECHELLE), [{"q": n} for n in notes])
    assert (lu.moyenne, lu.mediane) == (moyenne, mediane)
    assert sum(p.nombre for p in lu.parts) == len(notes)
    assert all(p.part is None for p in lu.parts) is not bool(notes)


def test_un_nombre_zero_est_une_reponse() -> None:
    lu = depouiller(question(Genre.NOMBRE), [{"q": "0"}, {"q": "3"}])
    assert (lu.repondants, lu.moyenne) == (2, D("1.5"))


def test_les_textes_perdent_l_ordre_des_reponses() -> None:
    lu = depouiller(question(Genre.TEXTE), [{"q": "Zut"}, {}, {"q": "Ah"}])
    assert lu.textes == ("Ah", "Zut")
    assert lu.repondants == 2


@pytest.mark.parametrize(
    ("effectifs", "montrees"),
    [
        ({"a": 12, "b": 5, "c": 9}, ("a", "b", "c")),
        ({"a": 12, "b": 4, "c": 9}, ("a",)),  # b could be deduced: the smallest shown goes with it
        ({"a": 12, "b": 3, "c": 2}, ("a",)),  # five are hidden together: nothing to deduce
        ({"a": 12, "b": 0, "c": 9}, ("a", "c")),
        ({"a": 4, "b": 4}, ()),
        ({"a": 6, "b": 1}, ()),
        ({}, ()),
    ],
)
def test_un_petit_effectif_ne_se_montre_ni_ne_se_deduit(
    effectifs: dict[str, int], montrees: tuple[str, ...]
) -> None:
    assert categories_montrables(effectifs) == montrees


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), max_size=6))
def test_ce_qui_reste_cache_n_est_jamais_un_petit_nombre_seul(effectifs: dict[str, int]) -> None:
    montrees = categories_montrables(effectifs)
    cachees = [n for nom, n in effectifs.items() if n and nom not in montrees]
    assert all(effectifs[nom] >= SEUIL_SECRET for nom in montrees)
    assert not cachees or not montrees or sum(cachees) >= SEUIL_SECRET


def test_le_taux_de_reponse() -> None:
    assert taux_de_reponse(3, 12) == D("0.25")
    assert taux_de_reponse(0, 0) is None
