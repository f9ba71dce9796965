"""Whom the aids reach: a small example worked by hand, and what holds whatever the aids."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.repartition import Inegalites
from arpent.metier.scenarios.equite import (
    Aide,
    Axe,
    Lecture,
    Lieu,
    Regroupement,
    bande,
    constat,
    lecture_inegalites,
    rapprocher,
    regrouper,
)
from arpent.metier.scenarios.equite.mots import rapport_en_mots

# Two EPCI: the first of 100 + 300 inhabitants, the second of 1 600. Total 2 000.
LIEUX = (
    Lieu("48001", "Albaret", 100, "E1", "T1", "forte"),
    Lieu("48002", "Bassurels", 300, "E1", "T1", "forte"),
    Lieu("48003", "Chanac", 1_600, "E2", "T1", "faible"),
)
TOUS = tuple(lieu.code for lieu in LIEUX)
NOMS = {"forte": "Forte", "faible": "Faible", "E1": "CC Une", "E2": "CC Deux", "T1": "Pays"}
# 10 000 + 16 000 located, 4 000 for E1, 2 000 for everybody: 32 000.
AIDES = (
    Aide(D("10000.00"), "48001", ("48001", "48002"), "Eau", "48001", "T1"),
    Aide(D("16000.00"), "48003", ("48003",), "Culture", "48003", "T1"),
    Aide(D("4000.00"), "", ("48001", "48002"), "Eau", "", "T1"),
    Aide(D("2000.00"), "", TOUS, "", "", "T1"),
)


def lu(r: Regroupement) -> dict[str, tuple[int, str, str]]:
    return {g.libelle: (g.projets, f"{g.montant:.2f}", f"{g.par_habitant}") for g in (*r.groupes, *r.a_part)}


def dit(texte: str) -> str:
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def test_les_projets_de_travaux_vont_a_leur_commune_les_autres_a_part() -> None:
    r = regrouper(Axe.COMMUNE, AIDES, LIEUX)
    assert lu(r) == {
        "Albaret": (1, "10000.00", "100.00"),
        "Chanac": (1, "16000.00", "10.00"),
        "Bassurels": (0, "0.00", "0.00"),
        "Projets intercommunaux": (2, "6000.00", "None"),
    }
    assert (r.total, r.projets, r.habitants, r.sans_aide) == (D("32000.00"), 4, 2_000, 1)
    assert r.moyenne == D("13.00")  # 26 000 / 2 000
    assert dit(constat(r)) == (
        "Albaret reçoit 100 € par habitant, 7,7 fois la moyenne ; une commune ne reçoit rien."
    )


def test_repartis_a_l_habitant_ils_donnent_a_chacun_sa_part() -> None:
    r = regrouper(Axe.COMMUNE, AIDES, LIEUX, Lecture.HABITANT)
    # 4 000 over 400 inhabitants: 10 each; 2 000 over 2 000: 1 each.
    assert lu(r) == {
        "Albaret": (1, "11100.00", "111.00"),
        "Chanac": (1, "17600.00", "11.00"),
        "Bassurels": (0, "3300.00", "11.00"),
        "Projets intercommunaux": (2, "0.00", "None"),
    }
    assert r.moyenne == D("16.00")
    assert r.part_habitants(r.groupes[0]) == D("0.05")
    assert r.part_euros(r.groupes[0]) == D("11100") / 32_000
    # p = 0.05, 0.15, 0.8 and y = 111, 11, 11: Gini = 0.05 × 0.95 × 100 / 16.
    assert r.inegalites is not None
    assert r.inegalites.gini == D("0.296875")
    assert "entre communes" in r.inegalites.dire("communes")


def test_une_intercommunalite_garde_ses_projets_et_se_recalcule_de_ses_communes() -> None:
    r = regrouper(Axe.EPCI, AIDES, LIEUX, noms=NOMS)
    assert lu(r) == {
        "CC Une": (2, "14000.00", "35.00"),
        "CC Deux": (1, "16000.00", "10.00"),
        "Projets intercommunaux": (1, "2000.00", "None"),
    }
    assert dit(constat(r)) == "CC Une reçoit 35 € par habitant, 2,3 fois la moyenne ; CC Deux, 10 €."


def test_les_classes_suivent_leur_ordre() -> None:
    r = regrouper(Axe.CLASSE, AIDES, LIEUX, noms=NOMS)
    assert [g.libelle for g in r.groupes] == ["Forte", "Faible"]
    assert dit(constat(r)) == (
        "La classe « Forte » reçoit 35 € par habitant, 2,3 fois la moyenne ; la classe « Faible », 10 €."
    )
    r = regrouper(Axe.CLASSE, AIDES[:1], [Lieu("48001", "Albaret", 100), LIEUX[2]], noms=NOMS)
    assert dit(constat(r)).startswith("Les communes non classées reçoivent 100 € par habitant, 17 fois la")


def test_un_territoire_porte_toutes_ses_aides_meme_sans_commune_connue() -> None:
    r = regrouper(Axe.TERRITOIRE, [*AIDES, Aide(D("50.00"), territoire="T9")], LIEUX, noms=NOMS)
    assert lu(r) == {"Pays": (4, "32000.00", "16.00"), "T9": (1, "50.00", "None")}
    assert constat(r) == "Pays reçoit 16\u00a0€ par habitant."


def test_la_taille_est_celle_de_la_commune_qui_porte_le_projet() -> None:
    r = regrouper(Axe.TAILLE, AIDES, LIEUX)
    assert [(g.libelle, g.montant, g.habitants) for g in r.groupes] == [
        ("Communes de moins de 200 habitants", D("10000.00"), 100),
        ("Communes de 200 à 499 habitants", D("0.00"), 300),
        ("Communes de 1\u202f000 à 1\u202f999 habitants", D("16000.00"), 1_600),
    ]
    assert [(g.libelle, g.projets) for g in r.a_part] == [
        ("Intercommunalités, syndicats et autres maîtres d’ouvrage", 2)
    ]
    assert dit(constat(r)) == (
        "Les communes de moins de 200 habitants reçoivent 100 € par habitant, 7,7 fois la moyenne ; "
        "les communes de 200 à 499 habitants, 0 €."
    )


@pytest.mark.parametrize(
    ("habitants", "libelle"),
    [
        (0, "Communes de moins de 200 habitants"),
        (199, "Communes de moins de 200 habitants"),
        (200, "Communes de 200 à 499 habitants"),
        (999, "Communes de 500 à 999 habitants"),
        (4_999, "Communes de 2 000 à 4 999 habitants"),
        (5_000, "Communes de 5 000 habitants et plus"),
        (None, "Communes dont la population est inconnue"),
    ],
)
def test_les_bandes(habitants: int | None, libelle: str) -> None:
    assert dit(bande(habitants)) == libelle


def test_un_theme_est_pour_tous_les_habitants() -> None:
    r = regrouper(Axe.THEME, AIDES, LIEUX)
    assert lu(r) == {
        "Culture": (1, "16000.00", "8.00"),
        "Eau": (2, "14000.00", "7.00"),
        "Sans thème": (1, "2000.00", "1.00"),
    }
    assert (r.habitants, r.moyenne, r.inegalites) == (2_000, D("16.00"), None)
    assert r.part_habitants(r.groupes[0]) is None
    assert dit(constat(r)) == "Le thème « Culture » reçoit 50 % des aides, 8,00 € par habitant."
    sans = regrouper(Axe.THEME, AIDES[3:], [Lieu("48001", "Albaret", None)])
    assert dit(constat(sans)) == "Les projets sans thème reçoivent 100 % des aides."
    assert regrouper(Axe.THEME, [], LIEUX).habitants == 0


def test_une_population_inconnue_n_est_jamais_zero() -> None:
    lieux = (*LIEUX[:2], Lieu("48003", "Chanac", None, "E2", "T1"), Lieu("48004", "Drigas", 50, "E2", "T1"))
    r = regrouper(Axe.EPCI, AIDES, lieux, Lecture.HABITANT, NOMS)
    deux = next(g for g in r.groupes if g.cle == "E2")
    assert (deux.montant, deux.habitants, deux.par_habitant) == (D("16000.00"), None, None)
    assert r.part_habitants(deux) is None
    assert r.inconnues == ("Chanac",)
    assert r.moyenne == D("35.00")  # of the groups whose inhabitants are known
    # Nobody knows what Chanac would take of the project of all: it stays apart whole.
    assert [(g.libelle, g.montant) for g in r.a_part] == [("Projets intercommunaux", D("2000.00"))]


def test_des_communes_sans_habitant_ne_recoivent_pas_de_part() -> None:
    vides = [Lieu("55039", "Beaumont", 0), Lieu("55050", "Bezonvaux", 0)]
    r = regrouper(Axe.COMMUNE, [Aide(D("9.00"), perimetre=("55039", "55050"))], vides, Lecture.HABITANT)
    assert (r.a_part[0].montant, r.moyenne, r.part_habitants(r.groupes[0])) == (D("9.00"), None, None)
    assert constat(r) == "Les euros par habitant ne se calculent pas : aucune population n’est connue."


def test_les_travaux_hors_du_perimetre_sont_a_part() -> None:
    aides = [Aide(D("5.00"), "12001", ("48001",), porteur="12001")]
    for axe in (Axe.COMMUNE, Axe.TAILLE):
        [g] = regrouper(axe, aides, LIEUX).a_part
        assert (g.libelle, g.montant) == ("Projets situés hors du périmètre", D("5.00"))
    assert constat(regrouper(Axe.COMMUNE, aides, LIEUX)) == (
        "Toutes les aides sont comptées à part : projets situés hors du périmètre."
    )


def test_une_commune_sans_intercommunalite_se_dit() -> None:
    [g] = regrouper(Axe.EPCI, AIDES[:1], [Lieu("48001", "Albaret", 100)]).groupes
    assert g.libelle == "Communes sans intercommunalité"


def test_les_constats_des_cas_simples() -> None:
    assert constat(regrouper(Axe.COMMUNE, [], LIEUX)) == "Aucune aide n’est encore proposée."
    egales = [Aide(D("100.00"), "48001"), Aide(D("300.00"), "48002"), Aide(D("1600.00"), "48003")]
    assert dit(constat(regrouper(Axe.COMMUNE, egales, LIEUX))) == (
        "Toutes les communes reçoivent 1,00 € par habitant."
    )
    par_territoire = [Lieu("1", "a", 10, territoire="A"), Lieu("2", "b", 10, territoire="B")]
    deux = [Aide(D("100.00"), territoire="A"), Aide(D("100.00"), territoire="B")]
    assert "Tous les territoires reçoivent" in constat(regrouper(Axe.TERRITOIRE, deux, par_territoire))
    un = constat(regrouper(Axe.TERRITOIRE, deux[:1], par_territoire))
    assert dit(un) == "A reçoit 10 € par habitant, deux fois la moyenne ; un territoire ne reçoit rien."
    seule = dit(constat(regrouper(Axe.COMMUNE, AIDES[1:2], LIEUX)))
    assert seule.endswith("2 communes sur 3 ne reçoivent rien.")


@pytest.mark.parametrize(
    ("valeur", "mots"),
    [("102", "à peu près la moyenne"), ("295", "trois fois la moyenne"), ("160", "1,6 fois la moyenne"),
     ("1234", "12 fois la moyenne")],
)  # fmt: skip
def test_le_rapport_a_la_moyenne_se_dit(valeur: str, mots: str) -> None:
    assert rapport_en_mots(D(valeur), D(100)) == mots


def test_deux_etats_se_rapprochent_groupe_par_groupe() -> None:
    avant, apres = regrouper(Axe.THEME, AIDES[:3], LIEUX), regrouper(Axe.THEME, AIDES[1:2], LIEUX)
    lignes = rapprocher(apres, avant)
    assert [(x.groupe.libelle, x.avant and x.avant.montant, x.groupe.montant) for x in lignes] == [
        ("Culture", D("16000.00"), D("16000.00")),
        ("Eau", D("14000.00"), D("0.00")),
    ]
    assert [x.avant for x in rapprocher(apres, None)] == [None]
    # What is set apart on one side only is compared to nothing.
    [*_, part] = rapprocher(regrouper(Axe.COMMUNE, AIDES, LIEUX), regrouper(Axe.COMMUNE, AIDES[:2], LIEUX))
    assert part.avant is not None
    assert (part.groupe.montant, part.avant.montant) == (D("6000.00"), D("0.00"))


def test_l_ecart_entre_deux_etats_se_dit() -> None:
    def mesure(gini: str) -> Inegalites:
        return Inegalites(D(gini), D(0), D(0), D(0), D(1))

    assert lecture_inegalites(None, mesure("0.1")) == ""
    assert "aussi dispersés" in lecture_inegalites(mesure("0.1"), mesure("0.1"))
    assert "se rapprochent : l’indice de Gini passe de 0,200 à 0,100" in lecture_inegalites(
        mesure("0.2"), mesure("0.1")
    )
    attendu = "Les euros par habitant s’écartent : l’indice de Gini passe de 0,100 à 0,200."
    assert lecture_inegalites(mesure("0.1"), mesure("0.2")) == attendu


CODES = st.sampled_from(["48001", "48002", "48003", "99999", ""])
UNE_AIDE = st.builds(
    Aide,
    montant=st.integers(1, 10**9).map(lambda c: D(c) / 100),
    commune=CODES,
    perimetre=st.lists(st.sampled_from([*TOUS, "99999"]), unique=True).map(tuple),
    theme=st.sampled_from(["Eau", "Culture", ""]),
    porteur=CODES,
    territoire=st.sampled_from(["T1", "T2", ""]),
)


@given(
    aides=st.lists(UNE_AIDE, max_size=12),
    habitants=st.lists(st.one_of(st.none(), st.integers(0, 5_000)), min_size=3, max_size=3),
    axe=st.sampled_from(Axe),
    lecture=st.sampled_from(Lecture),
)
def test_les_groupes_font_le_total_au_centime(
    aides: list[Aide], habitants: list[int | None], axe: Axe, lecture: Lecture
) -> None:
    lieux = [
        Lieu(x.code, x.nom, n, x.epci, x.territoire, x.classe) for x, n in zip(LIEUX, habitants, strict=True)
    ]
    r = regrouper(axe, aides, lieux, lecture, NOMS)
    assert r.total == sum((a.montant for a in aides), D(0))
    assert r.projets == len(aides)
    assert constat(r).endswith(".")
    for ligne in rapprocher(r, r):
        assert ligne.avant == ligne.groupe
