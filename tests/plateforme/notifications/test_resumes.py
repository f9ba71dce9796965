"""When a digest is due, and what a mail says."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from arpent.plateforme.notifications.models import Notification, Rythme
from arpent.plateforme.notifications.resumes import dues, ecrire, raison, rubriques_dues
from arpent.plateforme.notifications.rubriques import RUBRIQUES, Frequence, frequences

F = Frequence
LUNDI, MARDI, SAMEDI = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 7)


def a(jour: date, heure: int) -> datetime:
    return datetime(jour.year, jour.month, jour.day, heure)


@pytest.mark.parametrize(
    ("rythme", "maintenant", "attendues"),
    [
        ({}, a(MARDI, 7), {F.AUSSITOT}),
        ({}, a(MARDI, 8), {F.AUSSITOT, F.QUOTIDIENNE, F.HEBDOMADAIRE}),
        ({"heure": 17}, a(MARDI, 16), {F.AUSSITOT}),
        ({"quotidien_le": MARDI, "hebdomadaire_le": LUNDI}, a(MARDI, 9), {F.AUSSITOT}),
        ({"quotidien_le": LUNDI, "hebdomadaire_le": LUNDI}, a(MARDI, 9), {F.AUSSITOT, F.QUOTIDIENNE}),
        (
            {"quotidien_le": MARDI, "hebdomadaire_le": date(2026, 2, 23)}, a(MARDI, 9),
            {F.AUSSITOT, F.HEBDOMADAIRE},
        ),
        ({"jour": 4, "quotidien_le": MARDI, "hebdomadaire_le": date(2026, 2, 27)}, a(MARDI, 9), {F.AUSSITOT}),
        ({}, a(SAMEDI, 9), {F.AUSSITOT}),
    ],
)  # fmt: skip
def test_l_heure_et_le_jour_choisis_sont_tenus(
    rythme: dict[str, object], maintenant: datetime, attendues: set[F]
):
    assert dues(Rythme(agent_id=1, **rythme), maintenant) == attendues


def test_chaque_rubrique_a_une_frequence_et_un_choix_la_remplace():
    choix = frequences({"fiches": "jamais"})
    assert set(choix) == set(RUBRIQUES)
    assert choix["fiches"] == F.JAMAIS
    assert choix["signature"] == F.AUSSITOT
    assert "fiches" not in rubriques_dues(choix, [F.QUOTIDIENNE, F.HEBDOMADAIRE, F.AUSSITOT])


def test_le_texte_groupe_par_rubrique_et_donne_l_adresse():
    nouvelles = [
        Notification(rubrique="fiches", sujet="Une fiche", texte="École", url="/territoires/a/"),
        Notification(rubrique="signature", sujet="À signer", texte="Contrat"),
    ]
    texte = ecrire(nouvelles)
    assert texte.index("SIGNATURES") < texte.index("FICHES PROJETS")
    assert "http://127.0.0.1:8000/territoires/a/" in texte
    assert raison(F.QUOTIDIENNE, nouvelles).endswith("Signatures ; Fiches projets")
