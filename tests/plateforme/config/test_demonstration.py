"""The walk from the console on the demonstration (SQLite), loaded for real; what a bare instance says."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from arpent.plateforme.contrats.models import CircuitSignature, Contrat
from arpent.plateforme.negociations.models import DemandeReserve
from arpent.plateforme.negociations.reserve.fonds import fonds_de, reserve_de, solde_de
from arpent.plateforme.reglements.models import Dispositif

from .conftest import Console, console_sur

VITRINE, SIGNE = "gorges-causses-cevennes", "randon-margeride"
AU_VOTE, SUR_PAPIER = "cevennes-mont-lozere", "mont-lozere"
FAMILLES_AU_MOINS, INDICATEURS_AU_MOINS = 6, 25


def test_relancer_la_demonstration_ne_change_rien(
    demonstration: Console, repertoire_demonstration: Path
) -> None:
    avant = demonstration("territoires", "lister", "--json").json
    encore = console_sur(repertoire_demonstration)("demo", "--sans-serveur")
    assert encore.code == 0, encore.erreur
    assert "déjà chargée" in encore.sortie
    assert demonstration("territoires", "lister", "--json").json == avant
    assert len([t for t in avant if t["dispositif"] == "lozere"]) == 10
    assert len([t for t in avant if t["dispositif"] == "nouvelle-aquitaine"]) >= 4


def test_le_diagnostic_porte_ses_sources(demonstration: Console) -> None:
    diagnostic = demonstration("diagnostic", VITRINE, "--json").json
    indicateurs = [x for famille in diagnostic["familles"] for x in famille["indicateurs"]]
    assert len(diagnostic["familles"]) >= FAMILLES_AU_MOINS
    assert len([x for x in indicateurs if x["valeur"] is not None]) >= INDICATEURS_AU_MOINS
    assert all(x["source"] and x["millesime"] for x in indicateurs)
    assert diagnostic["flux_de_revenus"]
    assert diagnostic["constats"]
    assert diagnostic["enjeux"]


def test_chaque_regle_de_la_pre_instruction_cite_son_article(demonstration: Console) -> None:
    fiches = demonstration("plan", "preinstruire", "--territoire", VITRINE, "--json").json
    assert len(fiches) > 10
    constats = [c for fiche in fiches for c in fiche["constats"]]
    assert all(c["article"] and c["explication"] for c in constats)
    assert any("L1111-10" in c["article"] + c["source"] for c in constats)
    for fiche in fiches:
        plafonds = [Decimal(c["plafond"]) for c in fiche["constats"] if c["plafond"] is not None]
        assert Decimal(fiche["aide_maximale"]) <= min(plafonds, default=Decimal(fiche["cout_ht"]))


def test_les_totaux_de_la_maquette_tombent_au_centime(demonstration: Console) -> None:
    maquette = demonstration("maquette", "--territoire", VITRINE, "--json").json
    propose, enveloppe = Decimal(maquette["total_propose"]), Decimal(maquette["enveloppe"])
    assert enveloppe - propose == Decimal(maquette["solde"])
    partage = maquette["enveloppe_detail"]
    principal = sum(Decimal(p["montant"]) for p in partage["detail"])
    assert principal + sum(Decimal(f["montant"]) for f in partage["autres_fonds"]) == enveloppe
    assert [f["fonds"] for f in partage["autres_fonds"]] == ["voirie"]
    assert sum(Decimal(x["aide_comptee"]) for x in maquette["projets"]) == propose > 0
    for coupe in ("par_theme", "par_maitre_ouvrage", "par_annee"):
        assert sum(Decimal(t["propose"]) for t in maquette[coupe]) == propose


def test_les_enveloppes_se_partagent_le_fonds_au_centime(demonstration: Console) -> None:
    territoires = demonstration("territoires", "lister", "--json").json
    slugs = [t["slug"] for t in territoires if t["dispositif"] == "lozere"][:3]
    forfaits = set()
    for slug in slugs:
        detail = demonstration("maquette", "--territoire", slug, "--json").json["enveloppe_detail"]["detail"]
        forfaits |= {part["montant"] for part in detail if part["critere"] == "forfait"}
    assert forfaits == {"600000.00"}


def test_le_contrat_s_ecrit_en_trois_fichiers(demonstration: Console, tmp_path: Path) -> None:
    dossier = tmp_path / "contrat à voter"
    ecrit = demonstration("contrat", "generer", "--territoire", VITRINE, "--sortie", dossier)
    assert ecrit.code == 0, ecrit.erreur
    assert sorted(p.name for p in dossier.iterdir()) == ["contrat.docx", "contrat.pdf", "maquette.xlsx"]
    assert (dossier / "contrat.pdf").read_bytes().startswith(b"%PDF-")
    for nom in ("contrat.docx", "maquette.xlsx"):
        with zipfile.ZipFile(dossier / nom) as archive:
            assert archive.testzip() is None
            assert "[Content_Types].xml" in archive.namelist()


def test_un_dossier_ou_l_on_ne_peut_pas_ecrire_est_refuse(demonstration: Console, tmp_path: Path) -> None:
    (tmp_path / "occupe").write_text("un fichier")
    refus = demonstration("contrat", "generer", "--territoire", VITRINE, "--sortie", tmp_path / "occupe")
    refus.exiger_un_refus("impossible d’écrire", "occupe")


def test_le_siren_d_un_epci_designe_son_territoire(demonstration: Console) -> None:
    territoires = {t["slug"]: t for t in demonstration("territoires", "lister", "--json").json}
    (siren,) = territoires[VITRINE]["sirens"]
    assert demonstration("maquette", "--territoire", siren, "--json").json["territoire"]["slug"] == VITRINE


def test_la_reserve_montre_un_tirage_un_accord_un_refus_et_un_brouillon(demonstration: Console) -> None:
    contrat = Contrat.objects.get(demarche__slug=SIGNE)
    assert contrat.etat == "en_vigueur"
    assert contrat.demarche.fiches.filter(etat="contractualisee").exists()
    demandes = {d.etat: d for d in DemandeReserve.objects.filter(demarche__slug=SIGNE)}
    assert set(demandes) == {"tiree", "accordee", "refusee", "brouillon"}
    assert demandes["refusee"].decision_motif
    dispositif = Dispositif.objects.get(slug="lozere")
    solde = solde_de(fonds_de(dispositif, reserve_de(dispositif)))
    assert solde is not None
    accorde = demandes["accordee"].montant_en_cours
    assert (solde.tire, solde.reserve) == (demandes["tiree"].montant_en_cours, accorde)
    assert solde.dote == solde.reste + solde.tire + solde.reserve
    assert demonstration("journal", "verifier", "--json").code == 0


def test_deux_aides_attribuees_n_attendent_que_leurs_blancs(demonstration: Console, tmp_path: Path) -> None:
    dossier = ("--territoire", SIGNE, "--dossier", tmp_path)
    refus = demonstration("subvention", "actes", *dossier, "--emettre", "--genre", "lettre")
    assert refus.code == 1
    assert refus.sortie.count("il reste à compléter") == 2
    assert not list(tmp_path.iterdir())


def test_les_votes_se_lisent_par_la_commande(demonstration: Console) -> None:
    votes = demonstration("contrat", "votes", "--territoire", AU_VOTE, "--json").json
    assert {v["etat"] for v in votes} >= {"executoire", "transmise", "irreguliere", "convoquee"}
    assert all(v["demonstration"] for v in votes if v["adoptee_le"])
    (irregulier,) = (v for v in votes if v["etat"] == "irreguliere")
    assert "Le quorum n’est pas atteint" in irregulier["bloque_la_signature"]
    signes = demonstration("contrat", "votes", "--territoire", SIGNE, "--json").json
    assert {v["etat"] for v in signes} == {"executoire"}
    dit = demonstration("contrat", "votes", "--territoire", AU_VOTE)
    assert dit.code == 0
    assert "bloque : Le quorum" in dit.sortie
    refus = demonstration("contrat", "votes", "--territoire", "gevaudan")
    refus.exiger_un_refus("n’est pas encore préparé")


def test_un_contrat_est_signe_electroniquement_un_autre_sur_papier(
    demonstration: Console, repertoire_demonstration: Path
) -> None:
    (signe,) = demonstration("contrat", "signatures", "--territoire", SIGNE, "--json").json
    assert signe["etat"] == "complet"
    assert {(p["canal"], p["etat"]) for p in signe["signatures"]} == {("electronique", "recueillie")}
    circuits = CircuitSignature.objects.select_related("revision").filter(contrat__demarche__slug=SIGNE)
    circuit = circuits.get(avenant__isnull=True)
    fichier = repertoire_demonstration / "fichiers" / str(circuit.revision.fichier.name)
    verifie = demonstration("contrat", "verifier", fichier, "--json")
    assert verifie.code == 0
    assert verifie.json["emis_ici"]
    assert [s["reconnu"] and s["demonstration"] for s in verifie.json["signatures"]] == [True] * 4
    (papier,) = demonstration("contrat", "signatures", "--territoire", SUR_PAPIER, "--json").json
    attendue, *recueillies = papier["signatures"]
    assert (attendue["canal"], attendue["etat"]) == ("electronique", "attendue")
    assert {(p["canal"], p["etat"]) for p in recueillies} == {("papier", "recueillie")}


def test_l_avenant_en_vigueur_est_signe_par_le_circuit(
    demonstration: Console, repertoire_demonstration: Path
) -> None:
    (signe,) = demonstration("contrat", "signatures", "--territoire", SIGNE, "--avenant", 1, "--json").json
    assert signe["etat"] == "complet"
    assert [p["canal"] for p in signe["signatures"]] == ["electronique"]
    circuit = CircuitSignature.objects.select_related("revision", "avenant").get(avenant__numero=1)
    assert circuit.avenant is not None
    assert (circuit.avenant.etat, circuit.avenant.acte) == ("en_vigueur", "DEMO-ACTE-01")
    fichier = repertoire_demonstration / "fichiers" / str(circuit.revision.fichier.name)
    verifie = demonstration("contrat", "verifier", fichier, "--json")
    assert (verifie.code, len(verifie.json["signatures"])) == (0, 1)


def test_le_journal_de_la_demonstration_est_intact(demonstration: Console) -> None:
    journal = demonstration("journal", "verifier", "--json")
    assert journal.code == 0
    assert journal.json["entrees"] > 100


def test_une_base_pas_encore_preparee_dit_quoi_lancer(instance: Console) -> None:
    instance("territoires", "lister").exiger_un_refus("arpent init")
    instance("serve").exiger_un_refus("arpent init")


@pytest.mark.parametrize(
    ("variables", "mots"),
    [
        ({"DATABASE_URL": "mystere://ici"}, ("DATABASE_URL", "postgres://")),
        ({"DATABASE_URL": "postgres://a@127.0.0.1:1/b"}, ("ne répond pas", "DATABASE_URL")),
        ({"ARPENT_DONNEES": "/dev/null/ailleurs"}, ("ne peut pas être écrit", "ARPENT_DONNEES")),
    ],
    ids=["adresse", "serveur", "répertoire"],
)
def test_un_reglage_faux_est_explique(
    instance: Console, variables: dict[str, str], mots: tuple[str, ...]
) -> None:
    instance("territoires", "lister", **variables).exiger_un_refus(*mots)
