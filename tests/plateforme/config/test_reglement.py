"""`arpent reglement …` : checked, exported, brought in, compared."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from arpent.metier.reglement import schema_json
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.actions import ouvrir_brouillon
from arpent.plateforme.reglements.livre import RACINE
from arpent.plateforme.reglements.models import Dispositif, VersionReglement
from tests.plateforme import fabrique

from .conftest import Console

pytestmark = pytest.mark.django_db
LOZERE = RACINE / "lozere" / "reglement.yaml"


def version(dispositif: Dispositif, numero: int, taux: Any) -> None:
    regles = [{"genre": "taux_intervention", "taux": taux}]
    contenu = {
        "dispositif": dispositif.slug,
        "version": str(numero),
        "intitule": "Règlement",
        "en_vigueur_le": "2020-01-01",
        "financeur": "departement",
        "articles": [{"numero": "1", "titre": "Taux", "prose": "L’aide.", "regles": regles}],
    }
    VersionReglement.objects.create(
        dispositif=dispositif, numero=numero, intitule="Règlement", contenu=contenu,
        en_vigueur_le="2020-01-01", empreinte=str(numero),
    )  # fmt: skip


@pytest.fixture
def demarche() -> Demarche:
    demarche = fabrique.demarche()
    dispositif = demarche.processus.dispositif
    version(dispositif, 1, "30 %")
    version(dispositif, 2, {"valeur": None})
    version(dispositif, 3, "20 %")
    fabrique.fiche(demarche, titre="=2+3", annee=2019)
    fabrique.fiche(demarche, titre="Rue du Pont", annee=2020)
    return demarche


def test_un_fichier_juste_est_dit_lisible_et_coherent(arpent: Console) -> None:
    rendu = arpent("reglement", "verifier", str(LOZERE))
    assert rendu.code == 0
    assert "lisible et cohérent ; 9 valeurs non publiées" in rendu.sortie


def test_un_fichier_faux_dit_chaque_ligne_et_rend_1(arpent: Console, tmp_path: Path) -> None:
    faux = tmp_path / "faux.yaml"
    texte = LOZERE.read_text(encoding="utf-8").replace("natures: [investissement]", "natures: [travaux]")
    faux.write_text(texte.replace("financeur: departement", "financeur: comte"), encoding="utf-8")
    rendu = arpent("reglement", "verifier", str(faux))
    assert rendu.code == 1
    assert "article 3, règle « nature_depense », clé « natures.1 »" in rendu.sortie
    assert "en-tête du règlement, clé « financeur »" in rendu.sortie
    bilan = json.loads(arpent("reglement", "verifier", str(faux), "--json").sortie)
    assert (bilan["valide"], len(bilan["erreurs"])) == (False, 2)
    assert bilan["erreurs"][0]["ligne"] == texte[: texte.index("financeur:")].count("\n") + 1


@pytest.mark.parametrize(
    ("arguments", "mots"),
    [
        (("verifier", "absent.yaml"), ("fichier introuvable",)),
        (("exporter", "--dispositif", "atlantide"), ("« atlantide » inconnu",)),
        (("comparer", "--dispositif", "atlantide", "--avant", "1", "--apres", "2"), ("inconnu",)),
        (("importer", str(LOZERE), "--dispositif", "atlantide", "--par", "x@y.fr"), ("inconnu",)),
    ],
)
def test_une_mauvaise_saisie_est_expliquee(
    arpent: Console, arguments: tuple[str, ...], mots: tuple[str, ...]
) -> None:
    arpent("reglement", *arguments).exiger_un_refus(*mots)


def test_un_fichier_qui_n_est_pas_du_texte_est_refuse(arpent: Console, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [1", encoding="utf-8")
    arpent("reglement", "verifier", str(tmp_path / "a.yaml")).exiger_un_refus("Ligne 2")
    arpent("reglement", "verifier", str(tmp_path)).exiger_un_refus("ne se lit pas")


def test_le_schema_est_celui_que_l_on_publie(arpent: Console) -> None:
    assert json.loads(arpent("reglement", "schema").sortie) == schema_json()


def test_une_version_exportee_s_importe_en_brouillon(
    arpent: Console, demarche: Demarche, tmp_path: Path
) -> None:
    dispositif = demarche.processus.dispositif
    fichier = tmp_path / "reglement.yaml"
    fichier.write_text(
        arpent("reglement", "exporter", "--dispositif", dispositif.slug).sortie, encoding="utf-8"
    )
    cheffe = fabrique.agent("chef_de_projet", demarche)
    maire = fabrique.agent("maire", demarche)
    commande = ("reglement", "importer", str(fichier), "--dispositif", dispositif.slug, "--par")
    arpent(*commande, "inconnu@exemple.fr").exiger_un_refus("aucun agent")
    arpent(*commande, maire.courriel).exiger_un_refus("chef de projet territorial")
    assert arpent(*commande, cheffe.courriel).code == 0
    brouillon = dispositif.brouillons.get()
    assert brouillon.contenu == dispositif.versions.get(numero=3).contenu
    fichier.write_text(fichier.read_text(encoding="utf-8").replace("titre:", "titres:"), encoding="utf-8")
    arpent(*commande, cheffe.courriel).exiger_un_refus("il manque la clé « titre »")


def comparer(arpent: Console, demarche: Demarche, *options: str, apres: str = "3") -> str:
    slug = demarche.processus.dispositif.slug
    return arpent(
        "reglement", "comparer", "--dispositif", slug, "--avant", "1", "--apres", apres, *options
    ).sortie


def test_la_comparaison_se_lit_en_clair_en_json_et_en_csv(arpent: Console, demarche: Demarche) -> None:
    assert "0 y gagnent, 2 y perdent" in comparer(arpent, demarche)
    bilan = json.loads(comparer(arpent, demarche, "--json"))
    assert (bilan["total"]["avant"], bilan["total"]["apres"]) == ("60000.00", "40000.00")
    assert [f["difference"] for f in bilan["fiches"]] == ["-10000.00", "-10000.00"]
    lignes = list(csv.DictReader(io.StringIO(comparer(arpent, demarche, "--csv")), delimiter=";"))
    assert [x["titre"] for x in lignes] == ["'=2+3", "Rue du Pont"]
    assert lignes[0]["difference"] == "-10000.00"


def test_la_comparaison_se_limite_a_une_annee_et_dit_ce_qui_est_inconnu(
    arpent: Console, demarche: Demarche
) -> None:
    bilan = json.loads(comparer(arpent, demarche, "--json", "--annee", "2019", apres="2"))
    assert (bilan["total"]["fiches"], bilan["total"]["a_verifier"]) == (1, 1)
    assert bilan["fiches"][0]["apres"] is None
    assert Fiche.objects.count() == 2
    assert "--csv" not in comparer(arpent, demarche, "--annee", "1999", "--csv")


def test_une_version_se_compare_a_un_brouillon(arpent: Console, demarche: Demarche) -> None:
    dispositif = demarche.processus.dispositif
    contenu = dispositif.versions.get(numero=3).contenu
    cheffe = fabrique.agent("chef_de_projet", demarche)
    brouillon = ouvrir_brouillon(dispositif, "Essai à 20 %", contenu, par=cheffe)
    bilan = json.loads(comparer(arpent, demarche, "--json", apres=f"brouillon:{brouillon.pk}"))
    assert (bilan["total"]["avant"], bilan["total"]["apres"]) == ("60000.00", "40000.00")
    assert "Essai à 20 %" in bilan["apres"]


@pytest.mark.parametrize(
    ("apres", "mots"),
    [
        ("brouillon:99999", "brouillon 99999 inconnu"),
        ("brouillon:", "écrivez un numéro de version, ou brouillon:ID"),
        ("autre:1", "écrivez un numéro de version, ou brouillon:ID"),
        ("trois", "écrivez un numéro de version, ou brouillon:ID"),
        ("9", "version 9 inconnue"),
    ],
)
def test_un_texte_a_comparer_inconnu_est_explique(
    arpent: Console, demarche: Demarche, apres: str, mots: str
) -> None:
    slug = demarche.processus.dispositif.slug
    arpent("reglement", "comparer", "--dispositif", slug, "--avant", "1", "--apres", apres).exiger_un_refus(
        mots
    )


def test_un_brouillon_qui_ne_se_lit_pas_encore_le_dit(arpent: Console, demarche: Demarche) -> None:
    dispositif = demarche.processus.dispositif
    contenu = {**dispositif.versions.get(numero=3).contenu, "financeur": "comte"}
    cheffe = fabrique.agent("chef_de_projet", demarche)
    brouillon = ouvrir_brouillon(dispositif, "Inachevé", contenu, par=cheffe)
    commande = ("reglement", "comparer", "--dispositif", dispositif.slug, "--avant", "1", "--apres")
    arpent(*commande, f"brouillon:{brouillon.pk}").exiger_un_refus("ne peut pas encore être comparé")
