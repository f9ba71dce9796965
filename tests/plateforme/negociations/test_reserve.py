"""The reserve fund: requests, decisions, and a balance that is that of the ledger and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.metier.repartition.reserve import SoldeReserve
from arpent.plateforme.contrats.models import Contrat, Partie
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.negociations.credits.engagements import Operation, noter_versement
from arpent.plateforme.negociations.credits.registre import CreditRefuse
from arpent.plateforme.negociations.models import DemandeReserve, Mouvement
from arpent.plateforme.negociations.reserve import actions, decisions
from arpent.plateforme.negociations.reserve.actions import CriteresManquants, ReserveRefusee
from arpent.plateforme.negociations.reserve.criteres import constats_de
from arpent.plateforme.negociations.reserve.fonds import racine_connue, reserve_de, solde_de
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Dispositif, Fonds
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.plateforme.negociations.conftest import Monde, poser

pytestmark = pytest.mark.django_db
RESERVE = {
    "criteres": [
        {"code": "urgence", "libelle": "Urgent", "genre": "declare", "exige": "deposer"},
        {"code": "imprevisible", "libelle": "Imprévisible", "genre": "declare", "exige": "deposer"},
        {
            "code": "contrat",
            "libelle": "Contrat en vigueur",
            "genre": "contrat_en_vigueur",
            "exige": "deposer",
        },
        {"code": "porteur", "libelle": "Porteur", "genre": "porteur", "parmi": ["signataire"]},
        {"code": "nombre", "libelle": "Nombre", "genre": "nombre", "par_contrat": 2},
        {"code": "reglement", "libelle": "Règlement", "genre": "aide_reglement"},
        {"code": "solde", "libelle": "Solde", "genre": "solde"},
    ]
}
RAISONS = {"urgence": "Crue du 3 mai", "imprevisible": "Le pont tenait encore à la signature"}
ACTE = date(2026, 11, 16)


@dataclass(frozen=True)
class Lieu:
    """The world, its reserve of 50 000 €, its contract in force."""

    monde: Monde
    fonds: Fonds
    contrat: Contrat

    @property
    def solde(self) -> SoldeReserve:
        solde = solde_de(self.fonds)
        assert solde is not None
        assert solde.dote - solde.libere == solde.reserve + solde.tire + solde.reste
        return solde

    def demande(self, rang: int = 1, montant: str = "20000", jusqu_a: str = "instruite") -> DemandeReserve:
        demande = actions.ouvrir_demande(self.monde.fiches[rang], D(montant), RAISONS, par=None)
        if jusqu_a != "brouillon":
            demande = actions.deposer(demande, par=None)
        if jusqu_a == "instruite":
            demande = actions.instruire(demande, "favorable", "", par=self.monde.chef)
        return demande

    def accordee(self, rang: int = 1, montant: str = "20000") -> DemandeReserve:
        return decisions.accorder(self.demande(rang, montant), D(montant), "Crue", par=self.monde.chef)


def doter(dispositif: Dispositif, montant: str = "50000", **parametres: Any) -> Fonds:
    dispositif.parametres = {"reserve": RESERVE | parametres}
    dispositif.save(update_fields=["parametres"])
    fonds = Fonds.objects.create(
        dispositif=dispositif, code="reserve", libelle="Réserve", montant=D(montant), ordre=9
    )
    negociations.recalculer_enveloppes(dispositif, None)
    return fonds


@pytest.fixture
def lieu(monde: Monde) -> Lieu:
    fonds = doter(monde.dispositif)
    contrat = Contrat.objects.create(demarche=monde.demarche, etat="en_vigueur")
    for fiche in monde.fiches:
        Partie.objects.create(contrat=contrat, organisation=fiche.maitre_ouvrage, role="signataire")
    return Lieu(monde, fonds, contrat)


# --- asking ---------------------------------------------------------------------------------------


def test_une_demande_se_prepare_se_depose_et_avertit_l_autorite(lieu: Lieu) -> None:
    demande = lieu.demande(jusqu_a="brouillon")
    assert (demande.etat, demande.numero, demande.deposee_le) == ("brouillon", 1, None)
    demande = actions.deposer(demande, par=lieu.monde.president)
    assert (demande.etat, demande.deposee_le is None) == ("deposee", False)
    (notification,) = Notification.objects.filter(destinataire_id=lieu.monde.chef.pk)
    assert notification.url == demande.get_absolute_url()
    gestes = Entree.objects.filter(objet_type="negociations.demandereserve").order_by("numero")
    assert list(gestes.values_list("geste", flat=True)) == [
        "ouvrir_demande_reserve", "deposer_demande_reserve",
    ]  # fmt: skip


def test_un_critere_sans_justification_arrete_le_depot_et_se_nomme(lieu: Lieu) -> None:
    fiche = lieu.monde.fiches[1]
    demande = actions.ouvrir_demande(fiche, D(100), {"urgence": "Crue", "inconnu": "x"}, par=None)
    with pytest.raises(CriteresManquants, match="Imprévisible : Le territoire doit dire") as refus:
        actions.deposer(demande, par=None)
    assert refus.value.codes == ["imprevisible"]
    assert set(demande.justifications.values_list("critere", flat=True)) == {"urgence"}


def test_la_reserve_ne_s_ouvre_pas_avant_le_contrat(lieu: Lieu) -> None:
    Contrat.objects.update(etat="signature")
    with pytest.raises(CriteresManquants, match="« à la signature »"):
        lieu.demande(jusqu_a="deposee")
    Partie.objects.all().delete()
    Contrat.objects.all().delete()
    with pytest.raises(CriteresManquants, match="n’est pas préparé"):
        actions.deposer(DemandeReserve.objects.get(), par=None)


def test_un_projet_n_a_qu_une_demande_ouverte(lieu: Lieu) -> None:
    lieu.demande()
    with pytest.raises(ReserveRefusee, match="déjà une demande ouverte"):
        lieu.demande()
    actions.retirer(DemandeReserve.objects.get(), "Autre aide trouvée", par=None)
    assert lieu.demande(jusqu_a="brouillon").numero == 2


@pytest.mark.parametrize("etat", ["brouillon", "contractualisee"])
def test_seule_une_fiche_proposee_hors_contrat_se_presente(lieu: Lieu, etat: str) -> None:
    fiche = lieu.monde.fiches[1]
    Fiche.objects.filter(pk=fiche.pk).update(etat=etat)
    fiche.refresh_from_db()
    with pytest.raises(ReserveRefusee, match="la réserve aide une fiche proposée"):
        actions.ouvrir_demande(fiche, D(100), RAISONS, par=None)


def test_un_projet_que_l_accord_aide_deja_ne_se_presente_pas(lieu: Lieu) -> None:
    fiche = lieu.monde.fiches[1]
    fiche.etat, fiche.aide_accordee = "retenue", D(500)
    fiche.save()
    with pytest.raises(ReserveRefusee, match="donne déjà 500,00"):
        actions.ouvrir_demande(fiche, D(100), RAISONS, par=None)


def test_un_montant_nul_et_un_dispositif_sans_reserve_sont_refuses(lieu: Lieu) -> None:
    with pytest.raises(ReserveRefusee, match="positif"):
        lieu.demande(montant="0")
    lieu.monde.dispositif.parametres = {}
    lieu.monde.dispositif.save()
    with pytest.raises(ReserveRefusee, match="n’a pas de fonds de réserve"):
        lieu.demande()


def test_une_demande_renvoyee_se_modifie_et_se_redepose(lieu: Lieu) -> None:
    demande = lieu.demande(jusqu_a="deposee")
    with pytest.raises(ReserveRefusee, match="ne se modifie plus"):
        actions.modifier_demande(demande, D(1), RAISONS, version_lue=demande.version, par=None)
    demande = actions.demander_complement(demande, "  Joignez le constat  ", par=lieu.monde.chef)
    assert (demande.etat, demande.complement) == ("a_completer", "Joignez le constat")
    dit = Notification.objects.get(destinataire_id=lieu.monde.president.pk)
    assert dit.texte == "Joignez le constat"
    reponses = {"urgence": "Crue du 3 mai, constat joint", "imprevisible": " "}
    version = demande.version
    demande = actions.modifier_demande(demande, D(15_000), reponses, version_lue=version, par=None)
    assert list(demande.justifications.values_list("texte", flat=True)) == ["Crue du 3 mai, constat joint"]
    with pytest.raises(ConflitDeVersion):
        actions.modifier_demande(demande, D(1), {}, version_lue=version, par=None)
    demande = actions.modifier_demande(demande, D(15_000), RAISONS, version_lue=version + 1, par=None)
    demande = actions.deposer(demande, par=None)
    assert (demande.etat, demande.complement, demande.montant_demande) == ("deposee", "", D(15_000))


def test_un_geste_sur_une_demande_qui_a_change_est_refuse(lieu: Lieu) -> None:
    demande = lieu.demande(jusqu_a="deposee")
    lue = DemandeReserve.objects.get()
    actions.instruire(demande, "favorable", "", par=None)
    with pytest.raises(ConflitDeVersion):
        actions.retirer(lue, "", par=None)


def test_un_complement_se_demande_avec_une_question(lieu: Lieu) -> None:
    with pytest.raises(ReserveRefusee, match="Écrivez ce que"):
        actions.demander_complement(lieu.demande(jusqu_a="deposee"), "  ", par=None)


def test_un_avis_qui_n_est_pas_favorable_se_motive(lieu: Lieu) -> None:
    demande = lieu.demande(jusqu_a="deposee")
    with pytest.raises(ReserveRefusee, match="Choisissez un avis"):
        actions.instruire(demande, "tiède", "", par=None)
    with pytest.raises(ReserveRefusee, match="se motive"):
        actions.instruire(demande, "reserve", " ", par=None)
    demande = actions.instruire(demande, "defavorable", "Prévisible depuis 2024", par=lieu.monde.chef)
    assert (demande.avis, demande.avis_par_nom) == ("defavorable", lieu.monde.chef.nom_complet)


# --- deciding -------------------------------------------------------------------------------------


def test_accorder_reserve_le_montant_tirer_l_engage(lieu: Lieu) -> None:
    assert lieu.solde == SoldeReserve(dote=D(50_000), reste=D(50_000))
    demande = lieu.accordee()
    assert lieu.solde == SoldeReserve(dote=D(50_000), reserve=D(20_000), reste=D(30_000))
    assert {c["verdict"] for c in demande.constats} == {"rempli"}
    paire = Mouvement.objects.filter(genre="reserve")
    assert sorted(paire.values_list("montant", flat=True)) == [D(-20_000), D(20_000)]
    assert set(paire.values_list("fiche", flat=True)) == {demande.fiche_id}
    demande = decisions.tirer(demande, "avenant", " Avenant n° 1 ", ACTE, par=lieu.monde.chef)
    assert (demande.etat, demande.tirage) == ("tiree", "Avenant n° 1")
    assert lieu.solde == SoldeReserve(dote=D(50_000), tire=D(20_000), reste=D(30_000))
    engagement = Mouvement.objects.get(stade="engage")
    assert (engagement.acte, engagement.acte_le, engagement.montant) == ("Avenant n° 1", ACTE, D(20_000))


def test_ce_qui_ne_tient_pas_dans_la_reserve_est_refuse_avec_le_reste_exact(lieu: Lieu) -> None:
    lieu.accordee(2, "29999.99")
    demande = lieu.demande(1, "20000.02")
    with pytest.raises(CreditRefuse, match="Il reste 20\u202f000,01\u00a0€ dans la réserve"):
        decisions.accorder(demande, D("20000.02"), "", derogation="Urgence vitale", par=None)
    assert DemandeReserve.objects.get(pk=demande.pk).etat == "instruite"
    assert lieu.solde.reserve == D("29999.99")
    decisions.accorder(demande, D("20000.01"), "", par=None)
    assert lieu.solde.reste == D(0)


def test_on_n_accorde_ni_plus_que_demande_ni_rien(lieu: Lieu) -> None:
    demande = lieu.demande()
    with pytest.raises(ReserveRefusee, match="accordez ce montant au plus"):
        decisions.accorder(demande, D("20000.01"), "", par=None)
    with pytest.raises(CreditRefuse, match="positif"):
        decisions.accorder(demande, D(0), "", par=None)


def test_un_critere_non_rempli_demande_une_derogation_motivee(lieu: Lieu) -> None:
    demande = lieu.demande()
    Partie.objects.all().delete()
    with pytest.raises(CriteresManquants, match=r"Porteur : .* dérogation pour accorder"):
        decisions.accorder(demande, D(20_000), "", par=None)
    demande = decisions.accorder(demande, D(20_000), "", derogation="Signe par avenant", par=None)
    assert demande.derogation == "Signe par avenant"
    assert [c["libelle"] for c in demande.constats if c["verdict"] == "non_rempli"] == ["Porteur"]
    assert Entree.objects.get(geste="accorder_reserve").motif == "Signe par avenant"


def test_une_derogation_ne_leve_ni_le_reglement_ni_la_loi(lieu: Lieu) -> None:
    demande = lieu.demande(0, "20000")
    arretes = [c.critere.code for c in constats_de(demande, reserve_exigee(lieu)) if c.arrete]
    assert arretes == ["reglement"]
    with pytest.raises(CriteresManquants, match="Une dérogation n’y peut rien") as refus:
        decisions.accorder(demande, D(20_000), "", derogation="Tant pis", par=None)
    assert refus.value.codes == ["reglement"]


def reserve_exigee(lieu: Lieu) -> Any:
    return reserve_de(lieu.monde.dispositif)


def test_le_nombre_d_aides_compte_celles_du_contrat(lieu: Lieu) -> None:
    lieu.accordee(0, "100")
    lieu.accordee(1, "100")
    with pytest.raises(CriteresManquants, match="Ce contrat a déjà 2 aides"):
        lieu.accordee(2, "100")


def test_refuser_se_motive_ne_prend_rien_et_avertit(lieu: Lieu) -> None:
    demande = lieu.demande()
    with pytest.raises(ReserveRefusee, match="Un refus se motive"):
        decisions.refuser(demande, "", par=None)
    demande = decisions.refuser(demande, "Prévisible", acte="CP_26_1", acte_le=ACTE, par=lieu.monde.chef)
    assert (demande.etat, demande.acte, demande.montant_accorde) == ("refusee", "CP_26_1", None)
    assert lieu.solde.reste == D(50_000)
    assert Notification.objects.filter(destinataire_id=lieu.monde.president.pk, texte="Prévisible").exists()
    with pytest.raises(TransitionRefusee):
        decisions.accorder(demande, D(1), "", par=None)


def test_le_tirage_nomme_son_acte(lieu: Lieu) -> None:
    demande = lieu.accordee()
    for voie, numero, le, dit in (
        ("parole", "1", ACTE, "Choisissez la voie"),
        ("acte", " ", ACTE, "Écrivez le numéro"),
        ("acte", "1", None, "Donnez la date"),
    ):
        with pytest.raises(ReserveRefusee, match=dit):
            decisions.tirer(demande, voie, numero, le, par=None)
    assert lieu.solde.tire == D(0)


# --- giving back ----------------------------------------------------------------------------------


def test_ce_qui_est_accorde_et_pas_tire_revient_au_fonds(lieu: Lieu) -> None:
    demande = decisions.rendre(lieu.accordee(), "Projet abandonné", par=None)
    assert (demande.etat, demande.montant_libere, demande.montant_en_cours) == ("liberee", D(20_000), D(0))
    assert lieu.solde == SoldeReserve(dote=D(50_000), reste=D(50_000))
    assert lieu.demande(1, "50", "brouillon").numero == 2


def test_ce_qui_est_paye_ne_revient_pas(lieu: Lieu) -> None:
    demande = decisions.tirer(lieu.accordee(), "acte", "CP_26_9", ACTE, par=None)
    noeud = Mouvement.objects.get(stade="engage").enveloppe
    noter_versement(noeud, Operation(D(15_000), demande.fiche, 2026), par=None)
    demande = decisions.rendre(demande, "Travaux moins chers", par=None)
    assert demande.montant_libere == D(5_000)
    assert lieu.solde == SoldeReserve(dote=D(50_000), tire=D(15_000), paye=D(15_000), reste=D(35_000))


def test_tout_est_paye_il_n_y_a_rien_a_rendre(lieu: Lieu) -> None:
    demande = decisions.tirer(lieu.accordee(), "acte", "CP_26_9", ACTE, par=None)
    noeud = Mouvement.objects.get(stade="engage").enveloppe
    noter_versement(noeud, Operation(D(20_000), demande.fiche, 2026), par=None)
    with pytest.raises(ReserveRefusee, match="rien à rendre"):
        decisions.rendre(demande, "Fin", par=None)
    with pytest.raises(ReserveRefusee, match="Écrivez pourquoi"):
        decisions.rendre(demande, " ", par=None)


def test_liberer_la_reserve_en_fin_de_generation(lieu: Lieu) -> None:
    lieu.accordee()
    en_cours = lieu.demande(2, "10")
    dispositif = lieu.monde.dispositif
    with pytest.raises(ReserveRefusee, match="1 demande attend une décision"):
        decisions.liberer_reserve(dispositif, "Fin", "CP_28_1", ACTE, par=None)
    actions.retirer(en_cours, "", par=None)
    for motif, acte in (("", "CP_28_1"), ("Fin", " ")):
        with pytest.raises(ReserveRefusee):
            decisions.liberer_reserve(dispositif, motif, acte, ACTE, par=None)
    mouvement = decisions.liberer_reserve(dispositif, "Fin de génération", "CP_28_1", ACTE, par=None)
    assert (mouvement.montant, mouvement.acte) == (D(-30_000), "CP_28_1")
    assert lieu.solde == SoldeReserve(dote=D(50_000), libere=D(30_000), reserve=D(20_000))
    with pytest.raises(ReserveRefusee, match="rien à libérer"):
        decisions.liberer_reserve(dispositif, "Fin", "CP_28_1", ACTE, par=None)
    negociations.recalculer_enveloppes(dispositif, None)
    assert lieu.solde.reste == D(0)


def test_le_partage_et_la_maquette_ne_touchent_pas_la_reserve(lieu: Lieu) -> None:
    lieu.accordee(1)
    avant = lieu.solde
    poser(lieu.monde, lieu.monde.fiches[1], "5000")
    negociations.recalculer_enveloppes(lieu.monde.dispositif, None)
    assert lieu.solde == avant
    racine = racine_connue(lieu.fonds)
    assert racine is not None
    Fonds.objects.filter(pk=lieu.fonds.pk).update(montant=D(10_000))
    with pytest.raises(negociations.ArbitrageRefuse, match="Réserve"):
        negociations.recalculer_enveloppes(lieu.monde.dispositif, None)


def test_sans_montant_le_fonds_n_a_pas_de_solde(monde: Monde) -> None:
    assert solde_de(None) is None
    fonds = doter(monde.dispositif)
    autre = Fonds.objects.create(dispositif=monde.dispositif, code="vide", libelle="Vide")
    assert solde_de(fonds) == SoldeReserve(dote=D(50_000), reste=D(50_000))
    assert solde_de(autre) is None
