"""Open data: contracts, projects, SCDL files valid against the official schemas, what is missing said."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import frictionless
import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.echanges.donnees_ouvertes import etablissements, scdl
from arpent.plateforme.echanges.donnees_ouvertes.dictionnaire import CONTRATS, PROJETS
from arpent.plateforme.echanges.donnees_ouvertes.jeux import FICHIERS, JEUX, SCHEMAS
from arpent.plateforme.echanges.donnees_ouvertes.lecture import lire, sirets
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import accord, contrat, en_vigueur, monde, sans_fichiers, sans_pdf
from tests.plateforme.subventions.test_attribution import engager

__all__ = ["accord", "contrat", "en_vigueur", "monde", "sans_fichiers", "sans_pdf"]
pytestmark = pytest.mark.django_db
LE = date(2026, 12, 1)


def luhn(debut: str) -> str:
    """Fourteen digits that begin so and whose key is right."""
    return next(
        f"{debut:0<12}{n:02d}" for n in range(100) if etablissements.cle_de_luhn(f"{debut:0<12}{n:02d}")
    )


def _siret(organisation: Organisation, n: int) -> None:
    etablissements.noter_siret(organisation, luhn(organisation.siren or f"9{n:08d}"), par=None)


def _tous_les_sirets() -> None:
    for n, organisation in enumerate(Organisation.objects.all(), 1):
        _siret(organisation, n)


def _ecrire(dossier: Path, nom: str) -> Path:
    chemin = dossier / nom
    chemin.write_bytes(FICHIERS[nom].faire(LE))
    return chemin


def _valider(chemin: Path, schema: str) -> list[str]:
    """What the referee says of the file, against the official schema."""
    lu = json.loads((SCHEMAS / schema).read_text(encoding="utf-8"))
    rapport = frictionless.Resource(
        path=chemin.name, basepath=str(chemin.parent), schema=frictionless.Schema.from_descriptor(lu),
        encoding="utf-8",
    ).validate()  # fmt: skip
    return [str(e) for tache in rapport.tasks for e in tache.errors]


def test_les_contrats_signes_et_leurs_projets_sont_publies(en_vigueur: Contrat) -> None:
    lues = lire(LE)
    assert [c.territoire for c in lues.contrats] == [en_vigueur.demarche.territoire.nom]
    assert lues.contrats[0].nombre_projets == len(lues.projets) > 0
    assert lues.contrats[0].total_aides == sum(p.aide for p in lues.projets)


def test_un_contrat_qui_n_est_pas_signe_n_est_pas_publie(contrat: Contrat) -> None:
    assert lire(LE).contrats == []


@pytest.mark.parametrize(("nom", "colonnes"), [("contrats.csv", CONTRATS), ("projets.csv", PROJETS)])
def test_le_csv_suit_son_dictionnaire(en_vigueur: Contrat, nom: str, colonnes: Any) -> None:
    lignes = list(csv.DictReader(io.StringIO(FICHIERS[nom].faire(LE).decode())))
    assert lignes
    assert list(lignes[0]) == [c.nom for c in colonnes]


def test_le_geojson_pose_chaque_projet(en_vigueur: Contrat) -> None:
    lu = json.loads(FICHIERS["projets.geojson"].faire(LE))
    assert lu["type"] == "FeatureCollection"
    assert len(lu["features"]) == len(lire(LE).projets)
    assert {f["geometry"] and f["geometry"]["type"] for f in lu["features"]} <= {None, "Point"}


def test_le_parquet_garde_les_types(en_vigueur: Contrat) -> None:
    import polars as pl

    lu = pl.read_parquet(io.BytesIO(FICHIERS["projets.parquet"].faire(LE)))
    assert lu.schema["beneficiaire_siren"] == pl.String
    assert lu.schema["aide"] == pl.Decimal(14, 2)
    assert lu["aide"].to_list() == [p.aide for p in lire(LE).projets]


def test_le_fichier_des_subventions_est_valide(en_vigueur: Contrat, accord: Any, tmp_path: Path) -> None:
    """Hostile words included: what is written is valid, whatever was typed."""
    _tous_les_sirets()
    engager(accord.fiches[0], "9999.99", "CP-26-118")
    engager(accord.fiches[1], "1000.00", "=CMD()\n; CP")
    chemin = _ecrire(tmp_path, "subventions.csv")
    assert _valider(chemin, "subventions-2.1.1.json") == []
    lignes = list(csv.DictReader(io.StringIO(chemin.read_text(encoding="utf-8"))))
    assert [x["montant"] for x in lignes] == ["9999.99", "1000.00"]
    assert all(len(x["idBeneficiaire"]) == 14 for x in lignes)
    assert not lignes[1]["referenceDecision"].startswith("=")


def test_sans_siret_la_ligne_attend_et_c_est_dit(en_vigueur: Contrat, accord: Any) -> None:
    engager(accord.fiches[0], "9999.99", "CP-26-118")
    lignes, ecartees = scdl.subventions(lire(LE).attributions, sirets())
    assert lignes == []
    (ecartee,) = ecartees
    assert any("SIRET" in m for m in ecartee.manques)
    assert len(ecartee.organisations) == 2


def test_le_delai_de_trois_mois_est_tenu_ou_dit(en_vigueur: Contrat, accord: Any) -> None:
    engager(accord.fiches[0], "9999.99", "CP-26-118")
    (ecartee,) = scdl.subventions(lire(LE).attributions, {})[1]
    obligee = scdl.Ecartee(ecartee.attribution, ("x",), (), date(2026, 9, 1), True)
    assert obligee.est_en_retard(date(2026, 9, 2))
    assert not obligee.est_en_retard(date(2026, 9, 1))
    assert obligee.approche(date(2026, 8, 15))
    assert not obligee.approche(date(2026, 7, 1))
    libre = scdl.Ecartee(ecartee.attribution, ("x",), (), date(2026, 9, 1), False)
    assert not libre.est_en_retard(date(2026, 9, 2) + timedelta(days=400))


def test_le_fichier_des_deliberations_est_valide(en_vigueur: Contrat, tmp_path: Path) -> None:
    _tous_les_sirets()
    chemin = _ecrire(tmp_path, "deliberations.csv")
    assert _valider(chemin, "deliberations-2.1.5.json") == []
    assert len(chemin.read_text(encoding="utf-8").splitlines()) > 1


@pytest.mark.parametrize(
    ("siret", "mot"),
    [
        ("123", "quatorze chiffres"),
        ("73282932000075", "clé de contrôle"),
        ("7.99E+13", "quatorze chiffres"),
    ],
)
def test_un_siret_faux_est_refuse(siret: str, mot: str) -> None:
    with pytest.raises(etablissements.SiretRefuse, match=mot):
        etablissements.noter_siret(fabrique.organisation(), siret, par=None)


def test_le_siret_commence_par_le_siren_et_n_est_qu_a_une_structure() -> None:
    une, autre = fabrique.organisation(siren="732829320"), fabrique.organisation()
    assert etablissements.noter_siret(une, "732 829 320 00074", par=None).siret == "73282932000074"
    with pytest.raises(etablissements.SiretRefuse, match="autre structure"):
        etablissements.noter_siret(autre, "73282932000074", par=None)
    with pytest.raises(etablissements.SiretRefuse, match="commence par son SIREN"):
        etablissements.noter_siret(une, luhn("999999998"), par=None)


# --- pages and command ------------------------------------------------------------------------------


def test_tout_se_telecharge_sans_compte(en_vigueur: Contrat, client: Client) -> None:
    page = client.get("/donnees/").content.decode()
    for nom, fichier in FICHIERS.items():
        assert nom in page
        reponse = client.get(f"/donnees/{nom}")
        assert reponse.status_code == 200
        assert reponse.headers["Content-Type"].startswith(fichier.mime)
    for jeu in JEUX:
        if jeu.schema:
            assert client.get(f"/donnees/schemas/{jeu.schema}").json()["fields"]
    assert client.get("/donnees/secret.csv").status_code == 404
    assert client.get("/donnees/schemas/SOURCES.md").status_code == 404
    assert "SIRET manquants" not in page


def test_le_catalogue_decrit_chaque_fichier(client: Client) -> None:
    lu = client.get("/donnees/catalogue.jsonld").json()
    assert lu["@type"] == "dcat:Catalog"
    lies = {
        d["dcat:downloadURL"]["@id"].rpartition("/")[2]
        for j in lu["dcat:dataset"]
        for d in j["dcat:distribution"]
    }
    assert lies == set(FICHIERS)


def test_l_instance_qui_n_ouvre_pas_ne_montre_rien(client: Client, connecte: Any, settings: Any) -> None:
    settings.ARPENT_DONNEES_OUVERTES = False
    for chemin in ("", "contrats.csv", "catalogue.jsonld", "dictionnaire.csv"):
        assert client.get(f"/donnees/{chemin}").status_code == 404
    chef = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert "pas encore publiques" in chef.get("/donnees/").content.decode()


def test_le_chef_de_projet_complete_les_siret(en_vigueur: Contrat, accord: Any, connecte: Any) -> None:
    engager(accord.fiches[0], "9999.99", "CP-26-118")
    chef = connecte(fabrique.agent("chef_de_projet", en_vigueur.demarche))
    page = chef.get("/donnees/")
    assert "SIRET manquants" in page.content.decode()
    manquante = page.context["sans_siret"][0]
    chef.post(f"/donnees/siret/{manquante.pk}/", {"siret": "123"})
    assert manquante.pk not in sirets()
    chef.post(f"/donnees/siret/{manquante.pk}/", {"siret": luhn(manquante.siren or "912345678")})
    assert manquante.pk in sirets()
    ailleurs = fabrique.organisation()
    assert chef.post(f"/donnees/siret/{ailleurs.pk}/", {"siret": "x"}).status_code == 404


def test_la_commande_ecrit_tout(en_vigueur: Contrat, tmp_path: Path, capsys: Any) -> None:
    assert main(["donnees", "exporter", str(tmp_path / "ouvertes"), "--json"]) == 0
    lu = json.loads(capsys.readouterr().out)
    assert lu["en_retard"] == 0
    ecrits = {Path(f).name for f in lu["fichiers"]}
    assert set(FICHIERS) < ecrits
    assert {"catalogue.jsonld", "dictionnaire.csv", "subventions-2.1.1.json"} <= ecrits
    assert main(["donnees", "exporter", "/proc/nulle-part"]) == 2
