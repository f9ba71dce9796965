"""A stale save is refused, with what is saved and what was sent."""

from datetime import date

import pytest

from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


def test_la_premiere_sauvegarde_gagne_la_seconde_est_refusee() -> None:
    enjeu = Enjeu.objects.create(demarche=fabrique.demarche(), libelle="Accueillir")
    a, b = Enjeu.objects.get(pk=enjeu.pk), Enjeu.objects.get(pk=enjeu.pk)
    a.libelle, b.libelle = "Accueillir des actifs", "Accueillir des familles"
    enregistrer_version(a, 1, ["libelle"])
    with pytest.raises(ConflitDeVersion) as refus:
        enregistrer_version(b, 1, ["libelle"])
    (ecart,) = refus.value.ecarts
    assert (ecart.libelle, ecart.en_base, ecart.propose) == (
        "Libellé",
        "Accueillir des actifs",
        "Accueillir des familles",
    )
    assert Enjeu.objects.get(pk=enjeu.pk).libelle == "Accueillir des actifs"


def test_la_version_grandit_a_chaque_sauvegarde() -> None:
    enjeu = Enjeu.objects.create(demarche=fabrique.demarche(), libelle="Un", priorite=1)
    for attendue in (2, 3, 4):
        enregistrer_version(enjeu, attendue - 1, ["priorite"])
        assert Enjeu.objects.get(pk=enjeu.pk).version == attendue


def test_les_ecarts_disent_les_champs_vides_et_les_dates() -> None:
    demarche = fabrique.demarche()
    demarche.ouverte_le = date(2027, 2, 3)
    with pytest.raises(ConflitDeVersion) as refus:
        enregistrer_version(demarche, 99, ["ouverte_le", "slug"])
    (ecart,) = refus.value.ecarts
    assert ecart.propose == "3 février 2027"
