"""The page of the thresholds of the law: read by all, kept up by few, dated, without overlap, journaled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.metier.reglement import LIVRES
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.preinstruction import preinstruire_fiche
from arpent.plateforme.reglements.edition_parametres import LigneRefusee, ajouter_ligne
from arpent.plateforme.reglements.models import Dispositif, ParametreLegal
from arpent.plateforme.reglements.parametres import ecrire_valeur, table_legale
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
URL = "/dispositifs/parametres-legaux/"
LE = date(2026, 1, 1)


@pytest.fixture
def chef(connecte: Connecte) -> Client:
    return connecte(fabrique.agent("chef_de_projet", fabrique.demarche(), nom="Roux", prenom="Anne"))


def ligne(code: str = "participation_minimale", valeur: str | None = "0.05", **champs: Any) -> ParametreLegal:
    defaut: dict[str, Any] = {"depuis": LE, "jusqu_a": None, "source": "loi d’essai"}
    montant = None if valeur is None else Decimal(valeur)
    return ajouter_ligne(ParametreLegal(code=code, valeur=montant, **(defaut | champs)), par=None)


def saisie(**champs: str) -> dict[str, str]:
    defaut = {"valeur": "5", "depuis": "2026-01-01", "jusqu_a": "", "source": "loi d’essai", "note": ""}
    return {**defaut, "version_lue": "1", **champs}


def test_tous_lisent_les_seuils_et_leurs_sources(connecte: Connecte) -> None:
    page = connecte(fabrique.agent("maire", fabrique.demarche())).get(URL).content.decode()
    for attendu in ("CGCT, art. L1111-10, III", "20\u00a0%", "à saisir", "eau potable", "2 mois", "livrée"):
        assert attendu in page, attendu
    assert "Ajouter une ligne" not in page


def test_une_ligne_sans_valeur_est_a_saisir_et_non_en_vigueur(chef: Client) -> None:
    lignes = chef.get(URL).content.decode().split("<tr")[1:]
    assert any("à saisir" in x for x in lignes)
    assert not [x for x in lignes if "à saisir</span>" in x and "en vigueur</span>" in x]
    assert any("en vigueur</span>" in x for x in lignes)


def test_la_page_coute_peu_de_requetes(chef: Client, django_assert_max_num_queries: Any) -> None:
    for annee in range(2015, 2030):
        ligne(depuis=date(annee, 1, 1), jusqu_a=date(annee, 12, 31))
    chef.get(URL)
    with django_assert_max_num_queries(8):
        page = chef.get(URL)
    assert page.content.decode().count("Corriger<") == 15


def test_une_ligne_ajoutee_prime_celle_qui_est_livree_et_le_journal_la_garde(chef: Client) -> None:
    reponse = chef.post(f"{URL}participation_minimale/nouvelle/", saisie(valeur="5 %", jusqu_a="31/12/2027"))
    assert (reponse.status_code, reponse["Location"]) == (302, f"{URL}#participation_minimale")
    seuils = [table_legale().seuil("participation_minimale", le) for le in (LE, date(2028, 1, 1))]
    assert [s and s.valeur for s in seuils] == [Decimal("0.05"), Decimal("0.20")]
    page = chef.get(URL).content.decode()
    assert "saisie par Anne Roux" in page
    assert "<ins>31/12/2027</ins>" in page
    entree = Entree.objects.get(objet_type="reglements.parametrelegal")
    assert (entree.geste, entree.apres["valeur"]) == ("creer", "5\u00a0%")


def test_sans_ligne_saisie_la_table_est_celle_qui_est_livree() -> None:
    assert table_legale() is LIVRES


def test_la_pre_instruction_suit_la_ligne_de_l_instance() -> None:
    demarche = fabrique.demarche()
    publier(demarche.processus.dispositif)
    fiche = fabrique.fiche(demarche, aide_demandee=Decimal("1"))
    fabrique.financement(fiche, "etat", "85000")
    avant = preinstruire_fiche(fiche, LE).resultat
    ligne()
    apres = preinstruire_fiche(fiche, LE).resultat
    assert avant is not None
    assert apres is not None
    assert (avant.aide_maximale, apres.aide_maximale) == (Decimal(0), Decimal("10000"))


@pytest.mark.parametrize(
    ("champs", "extrait"),
    [
        ({"jusqu_a": "2025-12-31"}, "La fin précède le début"),
        ({"source": ""}, "obligatoire"),
        ({"valeur": "120"}, "Un taux va de 0 à 100"),
        ({"valeur": "NaN"}, "Un taux va de 0 à 100"),
        ({"valeur": "vingt"}, "n’est pas un nombre"),
        ({"depuis": "2026-06-01"}, "Une autre ligne vaut déjà ces jours-là : 5\u00a0% depuis le 01/01/2026"),
        ({"depuis": "2025-01-01", "jusqu_a": "2026-01-01"}, "sans date de fin (loi d’essai)"),
    ],
)  # fmt: skip
def test_une_ligne_fausse_ou_qui_en_chevauche_une_autre_est_refusee(
    chef: Client, champs: dict[str, str], extrait: str
) -> None:
    ligne()
    reponse = chef.post(f"{URL}participation_minimale/nouvelle/", saisie(**champs))
    assert reponse.status_code == 400
    assert extrait in reponse.content.decode()
    assert ParametreLegal.objects.count() == 1


def test_deux_lignes_qui_se_suivent_sont_admises() -> None:
    ligne(jusqu_a=date(2026, 6, 30))
    ligne(depuis=date(2026, 7, 1))
    with pytest.raises(LigneRefusee):
        ligne(depuis=date(2026, 6, 30), jusqu_a=date(2026, 6, 30))


@pytest.mark.parametrize(
    ("code", "valeur", "attendu"),
    [
        ("silence_vaut_rejet", "3", "3"), ("silence_vaut_rejet", "2,5", None),
        ("silence_vaut_rejet", "121", None),
        ("convocation_delai_sous_seuil", "3", "3"), ("convocation_delai_sous_seuil", "1,5", None),
        ("seconde_reunion_delai", "366", None), ("convocation_habitants", "3 500", "3500"),
        ("fonds_concours_aide_publique", "0", "0"), ("fonds_concours_aide_publique", "2", None),
        ("fctva", "16,404", "0.16404"), ("fctva", "", ""), ("fctva", "16,40451", None),
    ],
)  # fmt: skip
def test_chaque_valeur_se_saisit_dans_son_unite(
    chef: Client, code: str, valeur: str, attendu: str | None
) -> None:
    reponse = chef.post(f"{URL}{code}/nouvelle/", saisie(valeur=valeur))
    lignes = list(ParametreLegal.objects.values_list("valeur", flat=True))
    if attendu is None:
        assert (reponse.status_code, lignes) == (400, [])
    else:
        assert reponse.status_code == 302
        assert lignes == [Decimal(attendu) if attendu else None]


def test_corriger_puis_terminer_une_ligne(chef: Client) -> None:
    existante = ligne(valeur="0.16404", code="fctva")
    url = f"{URL}lignes/{existante.pk}/"
    assert 'value="16,404"' in chef.get(url).content.decode()
    assert chef.post(url, saisie(valeur="16,404", jusqu_a="2026-12-31")).status_code == 302
    existante.refresh_from_db()
    assert (existante.jusqu_a, existante.version, existante.saisi_par_nom) == (
        date(2026, 12, 31),
        2,
        "Anne Roux",
    )
    entree = Entree.objects.order_by("-numero")[0]
    assert (entree.geste, entree.avant, entree.apres) == (
        "modifier", {"jusqu_a": None}, {"jusqu_a": "2026-12-31"},
    )  # fmt: skip


def test_une_correction_perimee_montre_les_deux_versions(chef: Client) -> None:
    existante = ligne()
    url = f"{URL}lignes/{existante.pk}/"
    chef.post(url, saisie(source="première"))
    reponse = chef.post(url, saisie(source="seconde"))
    assert reponse.status_code == 409
    assert "première" in reponse.content.decode()
    existante.refresh_from_db()
    assert existante.source == "première"


def test_un_parametre_ou_une_ligne_inconnus_n_existent_pas(chef: Client) -> None:
    assert chef.get(f"{URL}inconnu/nouvelle/").status_code == 404
    assert chef.get(f"{URL}lignes/12345/").status_code == 404


@pytest.mark.parametrize("role", ["maire", "instructeur", "sous_prefet", "agent_epci"])
def test_seuls_le_chef_de_projet_et_l_administrateur_ecrivent(connecte: Connecte, role: str) -> None:
    client = connecte(fabrique.agent(role, fabrique.demarche()))
    assert client.get(f"{URL}fctva/nouvelle/").status_code == 403
    assert client.post(f"{URL}fctva/nouvelle/", saisie()).status_code == 403


def test_une_valeur_s_ecrit_dans_son_unite() -> None:
    ecrites = {p.code: ecrire_valeur(p.valeur, p.unite) for p in LIVRES.lignes}
    assert ecrites["commencement_apres_dossier"] == "oui"
    assert ecrites["fctva"] == "à saisir"
    assert ecrites["convocation_habitants"] == "3\u202f500 habitants"
    assert ecrites["convocation_delai"] == "5\u00a0jours francs"
    assert ecrites["convocation_delai_sous_seuil"] == "3\u00a0jours francs"
    assert ecrites["seconde_reunion_delai"] == "3\u00a0jours"


def test_le_reglement_affiche_cite_la_ligne_de_l_instance(chef: Client) -> None:
    dispositif = Dispositif.objects.get()
    publier(dispositif)
    url = f"/dispositifs/{dispositif.slug}/"
    assert "paie au moins 20\u00a0% des financements publics" in chef.get(url).content.decode()
    ligne(valeur="0.05")
    page = chef.get(url).content.decode()
    assert "paie au moins 5\u00a0% des financements publics" in page
    assert "(loi d’essai)" in page
    version = reverse("reglements:version", args=[dispositif.slug, dispositif.versions.get().numero])
    assert "(loi d’essai)" in chef.get(version).content.decode()
