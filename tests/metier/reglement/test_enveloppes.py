"""Rules that look at an envelope: what is left, fungibility, reserved share, tranches."""

from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.reglement import Enveloppe, ReglementInvalide, Verdict, lire_reglement
from tests.metier.reglement.fabrique import constat, donnees, enonce, simple

COMMUNALE = Enveloppe("communale", "Projets communaux", D("100000.00"), D("90000.00"), D("70000.00"), 1)
TERRITORIALE = Enveloppe("territoriale", "Projets territoriaux", D("50000.00"), D("10000.00"))
DEUX = (COMMUNALE, TERRITORIALE)
DISPONIBLE: dict[str, Any] = {"genre": "enveloppe_disponible", "enveloppe": "communale"}
FONGIBLE = {**DISPONIBLE, "communicantes": ["territoriale"]}
PRIORITAIRE = {"champ": "criteres", "parmi": ["prioritaire"]}
QUOTA: dict[str, Any] = {
    "genre": "quota_enveloppe", "enveloppe": "communale", "part": "75 %", "prioritaires": PRIORITAIRE,
}  # fmt: skip
TRANCHES: dict[str, Any] = {
    "genre": "tranches_enveloppe",
    "enveloppe": "communale",
    "tranches": [{"libelle": "2023-2025", "part": "50 %"}, {"libelle": "2026-2028", "part": "50 %"}],
}


@pytest.mark.parametrize(
    ("regle", "plafond", "calcul"),
    [
        (DISPONIBLE, "10000.00", "Disponible, Projets communaux : 10 000,00 €"),
        (FONGIBLE, "50000.00", "Disponible, Projets communaux : 10 000,00 € ; Projets territoriaux : "
         "40 000,00 € ; en tout 50 000,00 €"),
        ({**FONGIBLE, "part_fongible": "33,33 %"}, "23332.00",
         "Disponible, Projets communaux : 10 000,00 € ; Projets territoriaux : 33,33 % × 40 000,00 € = "
         "13 332,00 € ; en tout 23 332,00 €"),
    ],
)  # fmt: skip
def test_l_aide_tient_dans_les_enveloppes_qui_communiquent(
    regle: dict[str, Any], plafond: str, calcul: str
) -> None:
    obtenu = constat(regle, enveloppes=DEUX)
    assert (obtenu.plafond, simple(obtenu.calcul)) == (D(plafond), calcul)


def test_une_enveloppe_trop_engagee_ne_donne_rien() -> None:
    depassee = Enveloppe("communale", "Projets communaux", D("100.00"), D("100.01"))
    assert constat(DISPONIBLE, enveloppes=(depassee,)).plafond == 0


@pytest.mark.parametrize(
    ("enveloppe", "champs", "plafond"),
    [
        (COMMUNALE, {}, "5000.00"),
        (Enveloppe("communale", "C", D("100.01"), D("0.00")), {}, "25.00"),
        (Enveloppe("communale", "C", D("100.00"), D("90.00"), D("50.00")), {}, "0.00"),
        (COMMUNALE, {"criteres": ("prioritaire",)}, None),
    ],
)
def test_la_part_reservee_ne_laisse_que_le_reste_aux_autres_projets(
    enveloppe: Enveloppe, champs: dict[str, Any], plafond: str | None
) -> None:
    obtenu = constat(QUOTA, enveloppes=(enveloppe,), **champs)
    assert obtenu.plafond == (None if plafond is None else D(plafond))


@pytest.mark.parametrize(
    ("ouvertes", "engagee", "plafond", "extrait"),
    [
        (0, "0.00", "0.00", "aucune tranche libérée : 0 % × 100 000,00 €"),
        (1, "20000.00", "30000.00", "2023-2025 : 50 % × 100 000,00 € = 50 000,00 € ; − 20 000,00 € engagés"),
        (1, "60000.00", "0.00", "donc aucune aide possible"),
        (2, "60000.00", "40000.00", "2023-2025, 2026-2028 : 100 % × 100 000,00 €"),
    ],
)
def test_seules_les_tranches_liberees_comptent(
    ouvertes: int, engagee: str, plafond: str, extrait: str
) -> None:
    enveloppe = Enveloppe("communale", "C", D("100000.00"), D(engagee), tranches_ouvertes=ouvertes)
    obtenu = constat(TRANCHES, enveloppes=(enveloppe,))
    assert obtenu.plafond == D(plafond)
    assert extrait in simple(obtenu.calcul)


VIDE = {"valeur": None}


@pytest.mark.parametrize(
    ("regle", "champs", "extrait"),
    [
        (DISPONIBLE, {}, "l’enveloppe « communale »"),
        (DISPONIBLE, {"enveloppes": ()}, "l’enveloppe « communale »"),
        (FONGIBLE, {"enveloppes": (COMMUNALE,)}, "l’enveloppe « territoriale »"),
        ({**FONGIBLE, "part_fongible": VIDE}, {"enveloppes": DEUX}, "La part fongible n’est pas renseignée"),
        (QUOTA, {}, "l’enveloppe « communale »"),
        ({**QUOTA, "part": VIDE}, {"enveloppes": DEUX}, "La part réservée n’est pas renseignée"),
        ({**QUOTA, "prioritaires": {"champ": "zonages", "parmi": ["frr"]}}, {}, "les zonages"),
        (TRANCHES, {}, "les tranches libérées de l’enveloppe « communale »"),
        (TRANCHES, {"enveloppes": (Enveloppe("communale", "C", D("1.00")),)}, "les tranches libérées"),
        (
            {**TRANCHES, "tranches": [{"libelle": "Une", "part": VIDE}]},
            {"enveloppes": DEUX},
            "La part de la tranche « Une » n’est pas renseignée : l’autorité doit la saisir",
        ),
    ],
)
def test_ce_qu_on_ignore_de_l_enveloppe_est_a_verifier(
    regle: dict[str, Any], champs: dict[str, Any], extrait: str
) -> None:
    obtenu = constat(regle, **champs)
    assert (obtenu.verdict, obtenu.plafond) == (Verdict.A_VERIFIER, None)
    assert extrait in simple(obtenu.explication)


def test_les_tranches_ne_font_pas_plus_que_l_enveloppe() -> None:
    trop = {**TRANCHES, "tranches": [{"libelle": "Une", "part": "60 %"}, {"libelle": "Deux", "part": "41 %"}]}
    with pytest.raises(ReglementInvalide, match="101"):
        lire_reglement(donnees(trop))


@pytest.mark.parametrize(
    ("regle", "phrase"),
    [
        (DISPONIBLE, "L’aide est prise sur l’enveloppe « communale »."),
        ({**FONGIBLE, "part_fongible": "10 %"},
         "L’aide est prise sur l’enveloppe « communale », fongible avec « territoriale » dans la limite "
         "de 10 %."),
        (QUOTA, "Part de l’enveloppe « communale » réservée aux opérations prioritaires (critère "
         "« prioritaire ») : 75 %."),
        (TRANCHES, "Tranches de l’enveloppe « communale » : 2023-2025 : 50 % ; 2026-2028 : 50 %."),
    ],
)  # fmt: skip
def test_les_regles_d_enveloppe_s_enoncent(regle: dict[str, Any], phrase: str) -> None:
    assert enonce(regle) == phrase


@pytest.mark.parametrize("regle", [DISPONIBLE, QUOTA, TRANCHES])
def test_une_enveloppe_qui_ne_paie_pas_le_projet_ne_le_borne_pas(regle: dict[str, Any]) -> None:
    ailleurs = constat(regle, enveloppes=DEUX, payeur="territoriale")
    assert (ailleurs.verdict, ailleurs.plafond) == (Verdict.SANS_OBJET, None)
    assert ailleurs.explication == "Le projet est payé par « Projets territoriaux », non par cette enveloppe."
    ici = constat(regle, enveloppes=DEUX)
    for payeur in ("communale", "inconnue"):
        assert constat(regle, enveloppes=DEUX, payeur=payeur) == ici


def test_une_enveloppe_fongible_avec_celle_qui_paie_compte_encore() -> None:
    assert constat(FONGIBLE, enveloppes=DEUX, payeur="territoriale").plafond == D("50000.00")
