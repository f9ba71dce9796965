"""The ledger of the envelopes: its gestures, what they refuse, and what holds whatever the sequence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpent.metier.repartition.soldes import Soldes, Stade
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.credits import actions, noeuds, registre
from arpent.plateforme.negociations.credits.actions import Ligne
from arpent.plateforme.negociations.credits.engagements import (
    Operation,
    attribuer,
    liberer,
    noter_reversement,
    noter_versement,
)
from arpent.plateforme.negociations.credits.registre import CreditRefuse, Ecriture, Piece, inscrire
from arpent.plateforme.negociations.credits.verrou import verrouiller
from arpent.plateforme.negociations.models import Enveloppe, Genre, Mouvement
from arpent.plateforme.reglements.models import Fonds, Theme
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


def doter(demarche: Demarche, montant: str = "1000.00") -> Enveloppe:
    """The node of a démarche in a fund of its own, with that money."""
    fonds = Fonds.objects.create(
        dispositif=demarche.processus.dispositif, code="base", libelle="Fonds de base"
    )
    noeud = noeuds.noeud_du_territoire(fonds, demarche)
    assert noeud.parent is not None
    dotation = Ecriture(noeud.parent, Stade.ALLOUE, Genre.DOTATION, D(montant))
    paire = registre.deplacer(noeud.parent, noeud, D(montant), Genre.REPARTITION)
    inscrire([dotation, *paire], par=None)
    return noeud


@pytest.fixture
def enveloppe() -> Enveloppe:
    return doter(fabrique.demarche(slug="gevaudan"))


def _voirie(enveloppe: Enveloppe) -> Theme:
    return enveloppe.fonds.dispositif.themes.get(code="voirie")


def _cadre(enveloppe: Enveloppe) -> Theme:
    return enveloppe.fonds.dispositif.themes.get(code="cadre-de-vie")


def _soldes(enveloppe: Enveloppe) -> Soldes:
    """Of the whole branch."""
    return Mouvement.objects.all().de_la_branche(enveloppe).soldes()


def _lignes(enveloppe: Enveloppe, *montants: str, **reglages: object) -> list[Enveloppe]:
    themes = (_voirie(enveloppe), _cadre(enveloppe))
    demandees = [Ligne(t, None, D(m), reglages) for t, m in zip(themes, montants, strict=False)]
    return actions.diviser(enveloppe, demandees, par=None)


# --- the tree and the register --------------------------------------------------------------------


def test_le_chemin_dit_la_branche_et_la_cle_evite_les_doubles(enveloppe: Enveloppe) -> None:
    assert enveloppe.chemin == f"{enveloppe.parent_id}/{enveloppe.pk}/"
    assert enveloppe.ancetres == [enveloppe.parent_id, enveloppe.pk]
    assert enveloppe.demarche is not None
    assert noeuds.noeud_du_territoire(enveloppe.fonds, enveloppe.demarche) == enveloppe
    assert Enveloppe.objects.count() == 2


def test_un_mouvement_ne_se_modifie_ni_ne_se_supprime(enveloppe: Enveloppe) -> None:
    mouvement = Mouvement.objects.filter(enveloppe=enveloppe).get()
    mouvement.montant = D("2000.00")
    gestes = (
        mouvement.save,
        mouvement.delete,
        Mouvement.objects.all().delete,
        lambda: Mouvement.objects.update(montant=0),
        lambda: Mouvement.objects.bulk_update([mouvement], ["montant"]),
    )
    for geste in gestes:
        with pytest.raises(TypeError, match="mouvement inverse"):
            geste()
    mouvement.refresh_from_db()
    assert mouvement.montant == D("1000.00")


def test_le_registre_refuse_ce_qui_passe_un_plafond_meme_sans_regle(enveloppe: Enveloppe) -> None:
    trop = Ecriture(enveloppe, Stade.ENGAGE, Genre.ATTRIBUTION, D("1000.01"))
    with pytest.raises(CreditRefuse, match="n’aurait plus que"):
        inscrire([trop], par=None)
    with pytest.raises(CreditRefuse, match="plus de payé que d’engagé"):
        inscrire([Ecriture(enveloppe, Stade.PAYE, Genre.VERSEMENT, D("0.01"))], par=None)
    assert inscrire([Ecriture(enveloppe, Stade.PAYE, Genre.VERSEMENT, D("0"))], par=None) == []


def test_le_verrou_prend_la_branche_depuis_la_racine(enveloppe: Enveloppe, django_assert_num_queries) -> None:
    (voirie,) = _lignes(enveloppe, "100")
    with transaction.atomic(), django_assert_num_queries(1):
        pris = verrouiller([voirie, enveloppe])
    assert list(pris) == [enveloppe.parent_id, enveloppe.pk, voirie.pk]


def test_le_verrou_ne_se_prend_pas_hors_d_une_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        verrouiller([])


# --- lines ----------------------------------------------------------------------------------------


def test_diviser_garde_la_somme_de_la_branche(enveloppe: Enveloppe) -> None:
    voirie, cadre = _lignes(enveloppe, "600.00", "300.00")
    assert _soldes(enveloppe).alloue == _soldes(enveloppe.parent).alloue == D("1000.00")
    assert (_soldes(voirie).alloue, _soldes(cadre).alloue) == (D("600.00"), D("300.00"))
    assert registre.soldes_propres(enveloppe).alloue == D("100.00")
    (annee,) = actions.diviser(voirie, [Ligne(None, 2026, D("50"))], par=None)
    assert annee.libelle == "Voirie, 2026"
    assert (annee.theme, annee.annee, annee.profondeur) == (voirie.theme, 2026, 3)
    assert _soldes(voirie).alloue == D("600.00")
    liens = Mouvement.objects.filter(genre=Genre.DIVISION).values_list("lien", flat=True)
    assert len(set(liens)) == 3
    assert Entree.objects.filter(geste="diviser_enveloppe").count() == 2


def test_une_ligne_qui_existe_recoit_le_credit_en_plus(enveloppe: Enveloppe) -> None:
    (premiere,), (seconde,) = _lignes(enveloppe, "600"), _lignes(enveloppe, "100")
    assert premiere == seconde
    assert _soldes(premiere).alloue == D("700.00")


def test_diviser_refuse_en_disant_pourquoi(enveloppe: Enveloppe) -> None:
    with pytest.raises(CreditRefuse, match="il reste 1"):
        _lignes(enveloppe, "600", "400.01")
    voirie, _ = _lignes(enveloppe, "600", "0")
    cas = [
        (enveloppe.parent, Ligne(_voirie(enveloppe), None, D(1)), "par sa formule"),
        (enveloppe, Ligne(None, None, D(1)), "un thème, une année"),
        (enveloppe, Ligne(None, 2026, D("-1")), "positif"),
        (voirie, Ligne(_voirie(enveloppe), None, D(1)), "déjà une ligne de ce genre"),
    ]
    for parent, ligne, raison in cas:
        with pytest.raises(CreditRefuse, match=raison):
            actions.diviser(parent, [ligne], par=None)
    with pytest.raises(CreditRefuse, match="Aucune ligne"):
        actions.diviser(enveloppe, [], par=None)
    actions.diviser(voirie, [Ligne(None, 2026, D(1))], par=None)
    (annee,) = actions.diviser(enveloppe, [Ligne(None, 2026, D(1))], par=None)
    with pytest.raises(CreditRefuse, match="existe déjà ailleurs"):
        actions.diviser(annee, [Ligne(_voirie(enveloppe), None, D(1))], par=None)


def test_un_virement_reste_dans_sa_limite_et_se_lit_des_deux_cotes(enveloppe: Enveloppe) -> None:
    voirie, cadre = _lignes(enveloppe, "400", "400", limite_fongible=D("25"))
    actions.virer(voirie, cadre, D("60"), par=None, piece=Piece("Glissement de terrain", "DM n° 2"))
    actions.virer(voirie, cadre, D("40"), par=None)
    assert (_soldes(voirie).alloue, _soldes(cadre).alloue) == (D("300.00"), D("500.00"))
    assert _soldes(enveloppe).alloue == D("1000.00")
    with pytest.raises(CreditRefuse, match=r"100,00.* déjà virés"):
        actions.virer(voirie, cadre, D("0.01"), par=None)
    premier = Mouvement.objects.filter(genre=Genre.VIREMENT, montant=D("-60")).get()
    assert (premier.motif, premier.acte) == ("Glissement de terrain", "DM n° 2")
    assert Mouvement.objects.filter(lien=premier.lien).soldes() == Soldes()


def test_un_virement_ne_va_ni_au_parent_ni_ailleurs(enveloppe: Enveloppe) -> None:
    (voirie,) = _lignes(enveloppe, "400", limite_fongible=D("100"))
    for cible in (enveloppe, voirie):
        with pytest.raises(CreditRefuse, match="ligne voisine"):
            actions.virer(voirie, cible, D("1"), par=None)


def test_une_ligne_rend_ce_qui_n_est_promis_a_personne(enveloppe: Enveloppe) -> None:
    (voirie,) = _lignes(enveloppe, "400")
    attribuer(voirie, Operation(D("150")), par=None)
    with pytest.raises(CreditRefuse, match="Il reste 250,00"):
        actions.rendre(voirie, D("250.01"), par=None)
    actions.rendre(voirie, D("250"), par=None)
    assert (_soldes(voirie).alloue, _soldes(enveloppe).alloue) == (D("150.00"), D("1000.00"))
    for haute in (enveloppe, enveloppe.parent):
        with pytest.raises(CreditRefuse, match="Seule une ligne"):
            actions.rendre(haute, D("1"), par=None)


def test_la_part_fongible_se_regle_sous_version(enveloppe: Enveloppe) -> None:
    voirie, cadre = _lignes(enveloppe, "400", "100")
    with pytest.raises(CreditRefuse, match="pas fongible"):
        actions.virer(voirie, cadre, D("1"), par=None)
    actions.regler(voirie, D("10"), version_lue=1, par=None)
    with pytest.raises(ConflitDeVersion):
        actions.regler(Enveloppe.objects.get(pk=voirie.pk), D("20"), version_lue=1, par=None)
    actions.virer(voirie, cadre, D("40"), par=None)
    assert Entree.objects.filter(geste="regler_enveloppe").count() == 1


def test_le_report_fait_la_ligne_de_l_annee_suivante(enveloppe: Enveloppe) -> None:
    (voirie,) = _lignes(enveloppe, "500")
    (annee,) = actions.diviser(voirie, [Ligne(None, 2026, D("500"))], par=None)
    attribuer(annee, Operation(D("120")), par=None)
    suivante = actions.reporter(annee, par=None)
    assert (suivante.theme, suivante.annee, suivante.parent) == (voirie.theme, 2027, voirie)
    assert (_soldes(annee).alloue, _soldes(suivante).alloue) == (D("120.00"), D("380.00"))
    with pytest.raises(CreditRefuse, match="positif"):
        actions.reporter(annee, par=None)
    with pytest.raises(CreditRefuse, match="n’a pas d’année"):
        actions.reporter(voirie, D("1"), par=None)


def test_le_report_d_un_theme_sous_une_annee_fait_aussi_l_annee(enveloppe: Enveloppe) -> None:
    (annee,) = actions.diviser(enveloppe, [Ligne(None, 2026, D("500"))], par=None)
    (voirie,) = actions.diviser(annee, [Ligne(_voirie(enveloppe), None, D("200"))], par=None)
    suivante = actions.reporter(voirie, D("80"), par=None)
    assert suivante.parent is not None
    assert (suivante.parent.annee, suivante.parent.parent) == (2027, enveloppe)
    assert _soldes(suivante.parent).alloue == D("80.00")


def test_une_tranche_s_ouvre_par_un_acte_quand_ses_soeurs_sont_engagees(enveloppe: Enveloppe) -> None:
    (premiere,) = actions.diviser(enveloppe, [Ligne(None, 2026, D("500"))], par=None)
    reglages = {"ouverte": False, "ouverture_condition": "revue à mi-parcours", "ouverture_taux": D("50")}
    (tranche,) = actions.diviser(enveloppe, [Ligne(None, 2027, D("300"), reglages)], par=None)
    with pytest.raises(CreditRefuse, match="revue à mi-parcours"):
        attribuer(tranche, Operation(D("10")), par=None)
    with pytest.raises(CreditRefuse, match="s’ouvre quand 50"):
        actions.ouvrir_tranche(tranche, "CP 2027-1", date(2027, 1, 1), par=None)
    attribuer(premiere, Operation(D("250")), par=None)
    with pytest.raises(CreditRefuse, match="par un acte"):
        actions.ouvrir_tranche(tranche, " ", None, par=None)
    actions.ouvrir_tranche(tranche, "CP 2027-1", date(2027, 1, 1), par=None)
    attribuer(tranche, Operation(D("10")), par=None)
    tranche.refresh_from_db()
    assert (tranche.ouverte, tranche.acte) == (True, "CP 2027-1")


# --- commitments and payments ---------------------------------------------------------------------


def test_engager_verser_reverser_liberer_se_suivent(enveloppe: Enveloppe) -> None:
    fiche = fabrique.fiche(enveloppe.demarche)
    attribuer(enveloppe, Operation(D("800"), fiche, 2026), par=None)
    noter_versement(enveloppe, Operation(D("300"), fiche, 2027, Piece(acte="Mandat 12")), par=None)
    with pytest.raises(CreditRefuse, match="versez au plus 500,00"):
        noter_versement(enveloppe, Operation(D("500.01"), fiche, 2027), par=None)
    with pytest.raises(CreditRefuse, match="au plus 500,00"):
        liberer(enveloppe, Operation(D("501"), fiche), par=None)
    noter_reversement(enveloppe, Operation(D("100"), fiche, 2028), par=None)
    with pytest.raises(CreditRefuse, match="200,00"):
        noter_reversement(enveloppe, Operation(D("201"), fiche, 2028), par=None)
    liberer(enveloppe, Operation(D("600"), fiche, 2028), par=None)
    assert _soldes(enveloppe) == Soldes(D("1000.00"), engage=D("200.00"), paye=D("200.00"))
    with pytest.raises(CreditRefuse, match="0,00"):  # nothing was committed without a project
        noter_versement(enveloppe, Operation(D("1"), None, 2027), par=None)
    gestes = Entree.objects.filter(objet_type="negociations.enveloppe").values_list("geste", flat=True)
    assert sorted(gestes) == ["engager_credits", "liberer_credits", "noter_reversement", "noter_versement"]


def test_un_engagement_reste_dans_le_vote_du_projet(enveloppe: Enveloppe) -> None:
    fiche = fabrique.fiche(enveloppe.demarche)
    (voirie,) = _lignes(enveloppe, "500")
    inscrire([Ecriture(voirie, Stade.VOTE, Genre.VOTE, D("300"), 2026, fiche.pk)], par=None)
    attribuer(voirie, Operation(D("200"), fiche), par=None)
    with pytest.raises(CreditRefuse, match="au plus 100,00"):
        attribuer(enveloppe, Operation(D("100.01"), fiche), par=None)
    attribuer(enveloppe, Operation(D("100"), fiche), par=None)


def test_on_n_engage_ni_sur_le_fonds_ni_pour_un_autre_territoire(enveloppe: Enveloppe) -> None:
    assert enveloppe.parent is not None
    with pytest.raises(CreditRefuse, match="d’un territoire"):
        attribuer(enveloppe.parent, Operation(D("1")), par=None)
    with pytest.raises(CreditRefuse, match="autre territoire"):
        attribuer(enveloppe, Operation(D("1"), fabrique.fiche()), par=None)


# --- whatever the sequence ------------------------------------------------------------------------

GESTES = ("diviser", "virer", "rendre", "reporter", "attribuer", "liberer", "verser", "reverser", "annee")
PAS = st.tuples(st.sampled_from(GESTES), st.integers(0, 7), st.integers(0, 7), st.integers(1, 60_000))


def _jouer(enveloppe: Enveloppe, geste: str, i: int, j: int, centimes: int) -> None:
    """One gesture on whichever node; a refusal is an answer."""
    connus = list(Enveloppe.objects.filter(demarche=enveloppe.demarche).order_by("pk"))
    noeud, autre = connus[i % len(connus)], connus[j % len(connus)]
    montant = D(centimes) / 100
    theme = (_voirie(enveloppe), _cadre(enveloppe))[j % 2]
    reglages = {"limite_fongible": D(40)}
    match geste:
        case "diviser":
            actions.diviser(noeud, [Ligne(theme, None, montant, reglages)], par=None)
        case "annee":
            actions.diviser(noeud, [Ligne(None, 2026 + j % 2, montant, reglages)], par=None)
        case "virer":
            actions.virer(noeud, autre, montant, par=None)
        case "rendre":
            actions.rendre(noeud, montant, par=None)
        case "reporter":
            actions.reporter(noeud, montant if j % 2 else None, par=None)
        case "attribuer":
            attribuer(noeud, Operation(montant), par=None)
        case "liberer":
            liberer(noeud, Operation(montant), par=None)
        case "verser":
            noter_versement(noeud, Operation(montant, annee=2026), par=None)
        case _:
            noter_reversement(noeud, Operation(montant, annee=2026), par=None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PAS, min_size=8, max_size=30))
def test_aucune_suite_de_gestes_ne_passe_un_plafond(suite: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        enveloppe = doter(fabrique.demarche())
        for pas in suite:
            try:
                with transaction.atomic():
                    _jouer(enveloppe, *pas)
            except CreditRefuse:
                pass
            propres = Mouvement.objects.sommes("enveloppe")
            assert all(s.tient for s in propres.values()), pas
        noeuds_lus = list(Enveloppe.objects.filter(fonds=enveloppe.fonds))
        for noeud in noeuds_lus:
            branche = [propres.get(n.pk, Soldes()) for n in noeuds_lus if n.chemin.startswith(noeud.chemin)]
            assert _soldes(noeud) == sum(branche, Soldes())
        assert _soldes(enveloppe).alloue == D("1000.00")
        transaction.set_rollback(True)
