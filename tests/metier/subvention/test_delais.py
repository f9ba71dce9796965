"""Completeness, silence and start of the work: what the law counts, to the day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.plan_financement import Seuil
from arpent.metier.subvention import (
    Arret,
    Attendu,
    Debut,
    EtatPiece,
    PieceLue,
    ReglesDossier,
    commencement_possible,
    examiner_completude,
    lire_regles_dossier,
    silence_de,
)

SILENCE = Seuil(Decimal(2), "CRPA, art. L231-4, 3°")
LOI = Seuil(Decimal(1), "CGCT, art. R2334-24")
DEPOT = date(2026, 3, 1)


def le_silence(*arrets: Arret, jour: date = date(2026, 3, 10)) -> date:
    silence = silence_de(DEPOT, arrets, SILENCE, jour)
    assert silence is not None
    return silence.le


def test_le_silence_de_deux_mois_vaut_rejet() -> None:
    silence = silence_de(DEPOT, [], SILENCE, date(2026, 4, 28))
    assert silence is not None
    assert (silence.le, silence.jours_restants(date(2026, 4, 28))) == (date(2026, 5, 1), 3)
    assert silence.calcul == "01/03/2026 + 2 mois = 01/05/2026"


@pytest.mark.parametrize(
    ("arrets", "fin"),
    [
        # thirty days given, answered on the tenth: ten days more
        ([Arret(date(2026, 3, 10), date(2026, 4, 9), date(2026, 3, 20))], date(2026, 5, 11)),
        # not answered: the time given, whole
        ([Arret(date(2026, 3, 10), date(2026, 4, 9))], date(2026, 5, 31)),
        # answered late: the time given and no more
        ([Arret(date(2026, 3, 10), date(2026, 4, 9), date(2026, 4, 20))], date(2026, 5, 31)),
        # two asks that overlap are counted once
        (
            [
                Arret(date(2026, 3, 10), date(2026, 3, 20)),
                Arret(date(2026, 3, 15), date(2026, 3, 25)),
            ],
            date(2026, 5, 16),
        ),
        # an ask wholly within another one adds nothing
        (
            [
                Arret(date(2026, 3, 10), date(2026, 3, 30)),
                Arret(date(2026, 3, 12), date(2026, 3, 20)),
            ],
            date(2026, 5, 21),
        ),
        # asked once the rejection is born: nothing
        ([Arret(date(2026, 6, 1), date(2026, 7, 1))], date(2026, 5, 1)),
    ],
)
def test_une_piece_demandee_suspend_le_delai(arrets: list[Arret], fin: date) -> None:
    assert le_silence(*arrets) == fin


def test_la_suspension_en_cours_se_dit() -> None:
    silence = silence_de(DEPOT, [Arret(date(2026, 3, 10), date(2026, 4, 9))], SILENCE, date(2026, 3, 15))
    assert silence is not None
    assert silence.suspendu
    assert "L114-5" in silence.article
    assert silence_de(None, [], SILENCE, DEPOT) is None
    assert silence_de(DEPOT, [], None, DEPOT) is None


@pytest.mark.parametrize(
    ("debut", "loi", "complet", "autorise", "commence", "depuis", "regulier"),
    [
        (None, LOI, None, None, None, None, None),
        (None, LOI, date(2026, 4, 1), None, None, date(2026, 4, 1), None),
        (None, LOI, date(2026, 4, 1), None, date(2026, 3, 15), date(2026, 4, 1), False),
        (None, LOI, date(2026, 4, 1), date(2026, 3, 10), date(2026, 3, 15), date(2026, 3, 10), True),
        (None, LOI, None, None, date(2026, 3, 15), None, False),
        (Debut.DEPOT, LOI, None, None, date(2026, 3, 1), DEPOT, True),
        (Debut.LIBRE, LOI, None, None, date(2026, 1, 1), None, True),
        (None, None, None, None, None, None, None),
    ],
)
def test_les_travaux_ne_commencent_pas_avant_le_dossier_complet(
    debut: Debut | None,
    loi: Seuil | None,
    complet: date | None,
    autorise: date | None,
    commence: date | None,
    depuis: date | None,
    regulier: bool | None,
) -> None:
    lu = commencement_possible(
        ReglesDossier(debut), loi, depose_le=DEPOT, complet_le=complet, autorise_le=autorise,
        debut_le=commence,
    )  # fmt: skip
    assert (lu.depuis, lu.regulier) == (depuis, regulier)
    assert lu.phrase.endswith((".", ")."))
    assert lu.libre is (debut is Debut.LIBRE or (debut is None and loi is None))


ATTENDUS = (
    Attendu("devis", "Devis", stades=("devis",)),
    Attendu("marches", "Marchés", stades=("marches",)),
    Attendu("etude", "Étude", themes=("eau",)),
    Attendu("rib", "RIB"),
)


def test_les_pieces_dependent_du_theme_et_du_stade() -> None:
    def codes(theme: str, stade: str) -> list[str]:
        return [a.code for a, _, _ in examiner_completude(ATTENDUS, theme, stade, []).etats]

    assert codes("voirie", "devis") == ["devis", "rib"]
    assert codes("eau", "marches") == ["marches", "etude", "rib"]
    assert codes("voirie", "") == ["devis", "marches", "rib"]


def test_une_piece_refusee_se_remplace() -> None:
    refusee = PieceLue("devis", EtatPiece.REFUSEE, "illisible")
    lue = examiner_completude(ATTENDUS, "voirie", "devis", [refusee, PieceLue("rib", EtatPiece.ACCEPTEE)])
    assert [(m.champ, m.quoi_faire) for m in lue.a_fournir] == [
        ("piece_devis", "Le fichier a été refusé : illisible")
    ]
    assert (lue.recues, lue.est_complet) == (1, False)
    remplacee = examiner_completude(
        ATTENDUS, "voirie", "devis", [refusee, PieceLue("devis", EtatPiece.RECUE)]
    )
    assert [a.code for a in remplacee.a_examiner] == ["devis"]
    assert [m.champ for m in remplacee.a_fournir] == ["piece_rib"]


def test_la_cle_dossier_se_lit() -> None:
    lue = lire_regles_dossier({"debut": "depot", "reponse_jours": 15, "demonstration": True})
    assert lue == ReglesDossier(Debut.DEPOT, 15, "", True)
    assert lire_regles_dossier(None) == ReglesDossier()
    assert lire_regles_dossier({"source": "Règlement, art. 4"}) == ReglesDossier(source="Règlement, art. 4")


@pytest.mark.parametrize(
    ("bloc", "mot"),
    [
        ([], "écrivez des clés"),
        ({"delai": 1}, "« delai » inconnue"),
        ({"debut": "jamais"}, "« jamais » est inconnu"),
        ({"reponse_jours": 0}, "de 1 à 366"),
        ({"reponse_jours": True}, "de 1 à 366"),
    ],
)
def test_une_cle_dossier_fausse_est_refusee(bloc: object, mot: str) -> None:
    with pytest.raises(ValueError, match=mot):
        lire_regles_dossier(bloc)  # type: ignore[arg-type]
