"""The shipped examples: 27 published patterns, each a règlement that reads, with worked cases that hold."""

from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.argent import lire_montant
from arpent.metier.reglement import Verdict, lire_reglement, preinstruire
from arpent.metier.repartition import Cle, repartir_enveloppe
from tests.metier.reglement.cas import (
    DISPOSITIFS,
    EXEMPLES,
    Cas,
    fichiers,
    jour,
    lire_yaml,
    projet,
    reglements,
    tous_les_cas,
)
from tests.metier.reglement.fabrique import simple

par_exemple = pytest.mark.parametrize("nom", reglements())


@pytest.mark.parametrize("cas", list(tous_les_cas()), ids=str)
def test_le_cas_donne_l_aide_et_l_article_attendus(cas: Cas) -> None:
    attendu = cas.donnees
    lu = lire_reglement(cas.reglement, attendu.get("demonstration", False))
    obtenu = preinstruire(projet(attendu["projet"]), lu, jour(attendu, lu.en_vigueur_le))
    liant = obtenu.plafond_liant
    assert obtenu.aide_maximale == lire_montant(attendu["aide"])
    assert (liant.article if liant else None) == attendu["article"]
    if "verdict" in attendu:
        assert obtenu.verdict == Verdict(attendu["verdict"])
    if "explication" in attendu:
        textes = simple(" | ".join(f"{c.explication} {c.calcul}" for c in obtenu.constats))
        assert simple(attendu["explication"]) in textes


@par_exemple
def test_un_exemple_dit_sa_source_et_ce_qui_n_est_pas_trouve(nom: str) -> None:
    texte = (EXEMPLES / f"{nom}.yaml").read_text(encoding="utf-8")
    tete = texte[: texte.index("dispositif:")]
    assert "http" in tete
    assert "# Publié :" in tete
    lu = lire_reglement(lire_yaml(EXEMPLES / f"{nom}.yaml"))
    vides = [p for regle in lu.regles for p in regle.parametres() if p.valeur is None]
    assert all(parametre.source for parametre in vides)
    assert not vides or "non trouvé" in tete.casefold()


@par_exemple
def test_un_exemple_a_plusieurs_cas(nom: str) -> None:
    assert len(lire_yaml(EXEMPLES / f"{nom}.cas.yaml")["cas"]) >= 2


@par_exemple
def test_chaque_regle_d_un_exemple_s_enonce(nom: str) -> None:
    lu = lire_reglement(lire_yaml(EXEMPLES / f"{nom}.yaml"))
    for regle in lu.regles:
        assert regle.enonce_complet(lu.libelles).endswith(".")


def test_les_vingt_sept_modeles_publies_ont_chacun_un_exemple() -> None:
    assert {nom[:2] for nom in reglements()} == {f"{rang:02}" for rang in range(1, 28)}


@pytest.mark.parametrize("nom", fichiers(".fonds.yaml"))
def test_un_fonds_a_une_source_et_une_cle_vide_ou_complete(nom: str) -> None:
    for fonds in lire_yaml(EXEMPLES / f"{nom}.fonds.yaml")["fonds"]:
        assert fonds["source"].startswith("http")
        assert fonds["montant"] > 0
        assert not fonds["cle"] or sum(D(cle["poids"]) for cle in fonds["cle"]) == 1


def test_les_sous_lignes_de_la_brenne_font_le_total_publie() -> None:
    lu = lire_yaml(EXEMPLES / "14-centre-val-de-loire-sous-lignes.fonds.yaml")
    assert sum(fonds["montant"] for fonds in lu["fonds"]) == 6_220_200


LOZERE = lire_yaml(EXEMPLES / "28-lozere.cas.yaml")["repartitions"]


@pytest.mark.parametrize("cas", LOZERE, ids=[cas["nom"] for cas in LOZERE])
def test_la_cle_publiee_de_la_lozere_partage_l_enveloppe(cas: dict[str, Any]) -> None:
    dispositif = lire_yaml(DISPOSITIFS / "lozere" / "dispositif.yaml")
    [fonds] = [f for f in dispositif["fonds"] if f["code"] == cas["fonds"]]
    cles = [
        Cle(c["critere"], c["critere"], D(c["poids"]), _valeurs(cas["valeurs"].get(c["critere"])))
        for c in fonds["cle"]
    ]
    obtenu = repartir_enveloppe(D(fonds["montant"]), cles, list(cas["parts"]))
    assert {t: part.total for t, part in obtenu.parts.items()} == {
        t: lire_montant(texte) for t, texte in cas["parts"].items()
    }


def _valeurs(table: dict[str, str] | None) -> dict[str, D | None] | None:
    """None for the flat share: each territory counts for one."""
    return None if table is None else {t: D(valeur) for t, valeur in table.items()}
