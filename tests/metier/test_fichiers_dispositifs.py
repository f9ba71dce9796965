"""The process and the contract model of each shipped dispositif: complete, closed, without a blank date."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import arpent.dispositifs
from arpent.metier.processus import lire_definition

DOSSIER = Path(arpent.dispositifs.__file__).parent
DISPOSITIFS = sorted(d.name for d in DOSSIER.iterdir() if (d / "contrat.yaml").exists())
PLACES = ["territoire", "diagnostic", "plan", "negociation", "contrat", "realisation", "bilan"]
CLES_ETAPE = {
    "code", "libelle", "mois", "duree_jours", "acteur", "role", "facultative", "parallele", "reunion",
    "place", "conditions",
}  # fmt: skip
ARTICLES_COMMUNS = {
    "objet",
    "duree",
    "diagnostic-enjeux",
    "plan-actions",
    "maquette",
    "attribution",
    "gouvernance",
    "modifications",
    "communication",
    "evaluation",
    "resiliation",
    "litiges",
    "annexes",
}
CHAMP = re.compile(r"{{ (\w+) }}")


def lire(dispositif: str, nom: str) -> dict[str, Any]:
    contenu = yaml.safe_load((DOSSIER / dispositif / nom).read_text(encoding="utf-8"))
    assert isinstance(contenu, dict)
    return contenu


def textes(contrat: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Every text of the model with its condition."""
    toujours = [(contrat[cle], None) for cle in ("titre", "parties", "preambule", "conclusion")]
    return toujours + [(e["texte"], e["condition"]) for e in [*contrat["visas"], *contrat["articles"]]]


def test_les_deux_dispositifs_fondateurs_sont_livres() -> None:
    assert DISPOSITIFS == ["lozere", "nouvelle-aquitaine"]


@pytest.mark.parametrize("dispositif", DISPOSITIFS)
def test_le_processus_passe_par_les_sept_lieux_dans_l_ordre(dispositif: str) -> None:
    processus = lire(dispositif, "processus.yaml")
    assert processus["slug"] == dispositif
    etapes = [e for phase in processus["phases"] for e in phase["etapes"]]
    assert all(set(e) == CLES_ETAPE for e in etapes)
    assert len({e["code"] for e in etapes}) == len(etapes)
    rangs = [PLACES.index(e["place"]) for e in etapes]
    assert rangs == sorted(rangs)
    assert set(rangs) == set(range(len(PLACES)))
    assert all(e["reunion"] in {None, *(r["code"] for r in processus["reunions"])} for e in etapes)
    assert all(e["duree_jours"] > 0 for e in etapes)


def test_le_rendez_vous_de_territoire_se_tient_chaque_annee_dans_cinq_villes_a_nommer() -> None:
    rdv = lire_definition(lire("lozere", "processus.yaml")).reunion("rdv")
    assert rdv is not None
    assert (rdv.echelle, rdv.frequence, rdv.par_an, rdv.villes) == ("ville", "annuelle", 5, ())


def test_les_jalons_de_la_region_vont_du_premier_au_cinquieme_mois() -> None:
    etapes = [e for p in lire("nouvelle-aquitaine", "processus.yaml")["phases"] for e in p["etapes"]]
    mois = [e["mois"] for e in etapes if e["mois"] is not None]
    assert mois == sorted(mois)
    assert set(mois) == {1, 2, 3, 4, 5}
    assert all(e["facultative"] for e in etapes if e["reunion"] == "atelier")


@pytest.mark.parametrize("dispositif", DISPOSITIFS)
def test_le_contrat_n_emploie_que_les_champs_de_sa_liste(dispositif: str) -> None:
    contrat = lire(dispositif, "contrat.yaml")
    for texte, condition in textes(contrat):
        assert set(CHAMP.findall(texte)) <= set(contrat["champs"])
        assert condition is None or condition in contrat["champs"]
        assert CHAMP.sub("", texte).count("{") == 0


@pytest.mark.parametrize("dispositif", DISPOSITIFS)
def test_une_deliberation_ou_une_reunion_datee_n_est_visee_que_si_elle_est_connue(dispositif: str) -> None:
    for visa in lire(dispositif, "contrat.yaml")["visas"]:
        champs = CHAMP.findall(visa["texte"])
        assert (visa["condition"] is None) == (not champs)
        assert visa["condition"] is None or visa["condition"] in champs
        assert visa["texte"].startswith("Vu ")
        assert visa["texte"].rstrip().endswith(";")


@pytest.mark.parametrize("dispositif", DISPOSITIFS)
def test_le_contrat_n_ecrit_aucun_taux_et_ne_laisse_aucun_blanc(dispositif: str) -> None:
    for texte, _ in textes(lire(dispositif, "contrat.yaml")):
        assert "%" not in texte
        assert "en date du" not in texte
        assert "…" not in texte
        assert not re.search(r"[^\s] [:;?!»]|« ", texte)


@pytest.mark.parametrize("dispositif", DISPOSITIFS)
def test_les_articles_attendus_sont_presents_une_fois(dispositif: str) -> None:
    contrat = lire(dispositif, "contrat.yaml")
    codes = [a["code"] for a in contrat["articles"]]
    assert len(codes) == len(set(codes))
    assert set(codes) >= ARTICLES_COMMUNS
    assert [a["contenu"] for a in contrat["annexes"]] == ["diagnostic", "plan", "maquette", "fiches"]
