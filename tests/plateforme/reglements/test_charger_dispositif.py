"""Loading a dispositif from its files: whole, idempotent, and clear when a file is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from arpent.metier.repartition.reserve import lire_reserve
from arpent.plateforme.demarches.models import VersionProcessus
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.reglements.chargement import (
    DispositifInvalide,
    charger_dispositif,
    lister_livres,
)
from arpent.plateforme.reglements.models import Dispositif, VersionReglement

pytestmark = pytest.mark.django_db
LIVRES = {dossier.name: dossier for dossier in lister_livres()}


@pytest.fixture
def lozere(tmp_path: Path) -> Path:
    """A copy of the Lozère book that a test may spoil."""
    return Path(shutil.copytree(LIVRES["lozere"], tmp_path / "lozere"))


def remplacer(dossier: Path, fichier: str, ancien: str, nouveau: str) -> None:
    chemin = dossier / fichier
    texte = chemin.read_text(encoding="utf-8")
    assert ancien in texte
    chemin.write_text(texte.replace(ancien, nouveau, 1), encoding="utf-8")


def test_les_deux_dispositifs_fondateurs_sont_livres():
    assert {"lozere", "nouvelle-aquitaine"} <= set(LIVRES)


@pytest.mark.parametrize("slug", sorted(LIVRES))
def test_chaque_livre_livre_se_charge_avec_et_sans_demonstration(slug: str):
    sans = charger_dispositif(LIVRES[slug], demonstration=False, par=None)
    assert not sans.versions.get().demonstration
    assert not sans.fonds.filter(demonstration=True).exists()
    avec = charger_dispositif(LIVRES[slug], demonstration=True, par=None)
    assert avec.pk == sans.pk
    assert avec.themes.count() >= 3


def test_la_lozere_a_six_themes_et_son_fonds_de_douze_millions():
    dispositif = charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)
    assert dispositif.themes.count() == 6
    assert dispositif.autorite.nom == "Département de la Lozère"
    base = dispositif.fonds.get(code="base")
    assert base.montant == Decimal("12000000")
    assert sum(Decimal(c["poids"]) for c in base.cle_repartition) == 1


def test_la_reserve_de_la_lozere_a_ses_deux_criteres_et_n_a_de_montant_qu_en_demonstration():
    reelle = charger_dispositif(LIVRES["lozere"], demonstration=False, par=None)
    assert reelle.fonds.get(code="reserve").montant is None
    dispositif = charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)
    fonds = dispositif.fonds.get(code="reserve")
    assert (fonds.montant, fonds.demonstration) == (Decimal("400000"), True)
    reserve = lire_reserve(dispositif.parametres["reserve"])
    assert reserve is not None
    assert [c.code for c in reserve.declares] == ["urgence", "imprevisible"]
    assert all(c.source for c in reserve.declares)
    assert all((c.minimum, c.maximum, c.par_porteur, c.par_contrat) == (None,) * 4 for c in reserve.criteres)


@pytest.mark.parametrize(
    ("avant", "apres", "dit"),
    [
        ("  fonds: reserve\n", "  fonds: secours\n", "aucun fonds n’a le code « secours »"),
        ("  fonds: reserve\n", "  fonds: voirie\n", "fonds de réserve « voirie » ne se partage pas"),
        ("    themes: [voirie]\n", "    themes: [routes]\n", "fonds « voirie », thème « routes » inconnu"),
        ("    themes: [voirie]\n", "    themes: voirie\n", "doit être une liste de codes de thèmes"),
        (
            "    libelle: Fonds de rééq",
            "    themes: [voirie]\n    libelle: Fonds de rééq",
            "payé par deux fonds",
        ),
        ("      parmi: [signataire, beneficiaire]", "      parmi: [voisin]", "porteur, parmi : « voisin »"),
        ("genre: aide_reglement", "genre: humeur", "reglement, genre : « humeur »"),
        ("genre: cout, minimum", "genre: theme, parmi: [lune], minimum", "cout, parmi : « lune »"),
    ],
)
def test_une_reserve_mal_ecrite_est_refusee(lozere: Path, avant: str, apres: str, dit: str):
    remplacer(lozere, "dispositif.yaml", avant, apres)
    with pytest.raises(DispositifInvalide, match=dit):
        charger_dispositif(lozere, demonstration=False, par=None)


def test_charger_deux_fois_ne_change_rien():
    charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)
    avant = (VersionReglement.objects.count(), VersionProcessus.objects.count(), Entree.objects.count())
    charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)
    assert (
        VersionReglement.objects.count(),
        VersionProcessus.objects.count(),
        Entree.objects.count(),
    ) == avant


def test_un_reglement_modifie_fait_une_nouvelle_version_et_garde_l_ancienne(lozere: Path):
    dispositif = charger_dispositif(lozere, demonstration=True, par=None)
    ancienne = dispositif.versions.get()
    remplacer(lozere, "reglement.yaml", 'version: "1"', 'version: "2"')
    charger_dispositif(lozere, demonstration=True, par=None)
    assert list(dispositif.versions.order_by("numero").values_list("numero", flat=True)) == [1, 2]
    assert VersionReglement.objects.get(pk=ancienne.pk).contenu == ancienne.contenu
    en_vigueur = VersionReglement.objects.en_vigueur(dispositif, date(2026, 6, 1))
    assert en_vigueur is not None
    assert en_vigueur.numero == 2


def test_un_processus_modifie_fait_une_nouvelle_version(lozere: Path):
    dispositif = charger_dispositif(lozere, demonstration=False, par=None)
    remplacer(lozere, "processus.yaml", "duree_jours: 45", "duree_jours: 50")
    charger_dispositif(lozere, demonstration=False, par=None)
    assert dispositif.processus.versions.count() == 2


ERREURS: list[tuple[str, Callable[[Path], None], str]] = [
    ("fichier manquant", lambda d: (d / "contrat.yaml").unlink(), "lozere/contrat.yaml manque"),
    (
        "YAML illisible",
        lambda d: (d / "processus.yaml").write_text("a: [1", encoding="utf-8") and None,
        "processus.yaml n’est pas lisible",
    ),
    (
        "nature inconnue",
        lambda d: remplacer(d, "dispositif.yaml", "nature: departement", "nature: comte"),
        "« comte » est inconnue",
    ),
    (
        "SIREN faux",
        lambda d: remplacer(d, "dispositif.yaml", "224800011", "224800012"),
        "SIREN « 224800012 »",
    ),
    (
        "poids qui ne font pas 1",
        lambda d: remplacer(d, "dispositif.yaml", 'poids: "0.50"', 'poids: "0.60"'),
        "au lieu de 1",
    ),
    (
        "genre de règle inconnu",
        lambda d: remplacer(d, "reglement.yaml", "genre: plan_equilibre", "genre: plan_desequilibre"),
        "reglement.yaml. Article 5",
    ),
    (
        "lieu du fil inconnu",
        lambda d: remplacer(d, "processus.yaml", "place: bilan", "place: cuisine"),
        "«\u00a0cuisine\u00a0»",
    ),
    (
        "champ de fusion inconnu",
        lambda d: remplacer(
            d, "contrat.yaml", "Le contrat est conclu pour {{ duree_annees }} ans.", "{{ sorcier }}"
        ),
        "« sorcier »",
    ),
    (
        "code en double",
        lambda d: remplacer(
            d, "dispositif.yaml", "code: voirie, libelle: Voirie", "code: cadre-de-vie, libelle: V"
        ),
        "donné deux fois",
    ),
    (
        "geste de la délibération inconnu",
        lambda d: remplacer(d, "dispositif.yaml", "exigee_pour: contractualiser", "exigee_pour: danser"),
        "« danser »",
    ),
    (
        "règlement d’un autre dispositif",
        lambda d: remplacer(d, "reglement.yaml", "dispositif: lozere", "dispositif: ailleurs"),
        "« ailleurs »",
    ),
]


@pytest.mark.parametrize(("gate", "message"), [e[1:] for e in ERREURS], ids=[e[0] for e in ERREURS])
def test_un_fichier_faux_est_refuse_sans_rien_ecrire(
    lozere: Path, gate: Callable[[Path], None], message: str
):
    gate(lozere)
    with pytest.raises(DispositifInvalide) as refus:
        charger_dispositif(lozere, demonstration=True, par=None)
    assert message in str(refus.value)
    assert not Dispositif.objects.exists()


def test_un_montant_saisi_par_l_autorite_n_est_pas_remplace_par_les_fichiers():
    dispositif = charger_dispositif(LIVRES["lozere"], demonstration=False, par=None)
    dispositif.fonds.filter(code="reequilibrage").update(montant=900_000, montant_saisi=True)
    charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)
    assert dispositif.fonds.get(code="reequilibrage").montant == 900_000
    assert dispositif.fonds.get(code="reserve").montant == 400_000
