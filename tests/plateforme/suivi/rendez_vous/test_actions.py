"""The questions of a pack: found once, ordered, withdrawn, decided as a task or as an avenant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.avenants import Genre
from arpent.plateforme.contrats.avenants.lecture import AvenantRefuse
from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.demarches.reunions.actions import ReunionRefusee
from arpent.plateforme.demarches.reunions.lecture import decisions_sur
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision, QuestionReunion
from arpent.plateforme.negociations.models import PartEnveloppe
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.portail.suivi_personnel.echeances import echeances
from arpent.plateforme.suivi.models import QuestionRendezVous
from arpent.plateforme.suivi.rendez_vous import actions
from arpent.plateforme.suivi.rendez_vous.actions import AvenantDemande
from arpent.plateforme.suivi.rendez_vous.questions import du_dossier, questions_de
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

from .conftest import LE, fixer

BIENTOT = date(2026, 7, 15)


def textes(reunion: Reunion) -> list[str]:
    return [x.question.texte for x in du_dossier(questions_de(reunion))]


def test_relever_deux_fois_n_ajoute_rien(a_deux: Reunion, retenus: Monde) -> None:
    PartEnveloppe.objects.create(
        demarche=retenus.demarche, fonds=retenus.dispositif.fonds.get(), critere="forfait",
        montant=Decimal("40000.00"),
    )  # fmt: skip
    assert actions.relever(a_deux, par=retenus.chef) > 1
    origines = set(a_deux.questions.values_list("origine", flat=True))
    assert {"Projet bloqué", "Reste de l’enveloppe"} <= origines
    assert actions.relever(a_deux, par=retenus.chef) == 0


def test_un_projet_du_voisin_n_est_pas_celui_qui_porte_le_meme_numero_ici(
    a_deux: Reunion, voisin: Fiche, retenus: Monde
) -> None:
    ailleurs = QuestionReunion.objects.create(
        reunion=a_deux, texte="Et la halle ?", objet_genre="fiche", objet_id=1, objet_demarche=retenus.voisine
    )
    (lue,) = [x for x in questions_de(a_deux) if x.question.pk == ailleurs.pk]
    assert lue.adresse == f"/territoires/{retenus.voisine.slug}/plan/fiches/1/"
    decision = Decision(
        reunion=a_deux, texte="Voter", objet_genre="fiche", objet_id=1, objet_demarche=retenus.voisine
    )
    actions.decider_une_tache(ailleurs, decision, par=retenus.chef)
    assert decisions_sur("fiche", 1).de(retenus.voisine).get() == decision
    assert not decisions_sur("fiche", 1).de(retenus.demarche).exists()


def test_ordonner_retirer_remettre(rdv: Reunion, retenus: Monde) -> None:
    une, _, trois = (QuestionReunion.objects.create(reunion=rdv, texte=t) for t in ("une", "deux", "trois"))
    actions.deplacer(trois, "monter", par=retenus.chef)
    assert textes(rdv) == ["une", "trois", "deux"]
    actions.deplacer(une, "descendre", par=retenus.chef)
    assert textes(rdv) == ["trois", "une", "deux"]
    actions.deplacer(une, "retirer", par=retenus.chef)
    assert textes(rdv) == ["trois", "deux"]
    retiree = QuestionRendezVous.objects.get(question=une)
    assert retiree.retiree_par_nom == retenus.chef.nom_complet
    actions.deplacer(une, "remettre", par=retenus.chef)
    assert textes(rdv) == ["trois", "deux", "une"]
    neuve = QuestionReunion.objects.create(reunion=rdv, texte="quatre")
    assert textes(rdv)[-1] == "quatre"
    for question, geste in ((trois, "monter"), (neuve, "descendre"), (une, "remettre"), (une, "danser")):
        with pytest.raises(ReunionRefusee):
            actions.deplacer(question, geste, par=retenus.chef)
    neuve.delete()
    neuve.reunion = rdv
    with pytest.raises(ReunionRefusee, match="n’est plus"):
        actions.deplacer(neuve, "monter", par=retenus.chef)


def test_une_tache_attend_son_porteur_et_repond_a_la_question(
    question: QuestionReunion, late: Fiche, retenus: Monde
) -> None:
    maire = retenus.maire
    organisation = maire.habilitations_en_cours[0].organisation
    decision = Decision(
        reunion=question.reunion, texte="Relancer le marché.", organisation=organisation, echeance=BIENTOT,
        objet_genre="fiche", objet_id=late.numero,
    )  # fmt: skip
    actions.decider_une_tache(question, decision, par=retenus.chef)
    question.refresh_from_db()
    assert (question.decision, question.reponse) == (decision, "Relancer le marché.")
    assert question.close_le is not None
    assert decisions_sur("fiche", late.numero).de(retenus.demarche).get() == decision
    attendues = echeances(maire, [retenus.demarche], LE, jours=60)
    assert ("Relancer le marché.", BIENTOT) in {(e.libelle, e.jour) for e in attendues}
    with pytest.raises(ReunionRefusee, match="déjà sa décision"):
        actions.decider_une_tache(question, Decision(texte="Encore"), par=retenus.chef)


def test_une_tache_d_un_rendez_vous_partage_attend_le_porteur_du_voisin(
    a_deux: Reunion, voisin: Fiche, retenus: Monde
) -> None:
    question = QuestionReunion.objects.create(reunion=a_deux, texte="?", objet_demarche=retenus.voisine)
    maire = fabrique.agent("maire", retenus.voisine)
    decision = Decision(
        texte="Délibérer.", organisation=maire.habilitations_en_cours[0].organisation, echeance=BIENTOT,
        objet_demarche=retenus.voisine,
    )  # fmt: skip
    actions.decider_une_tache(question, decision, par=retenus.chef)
    for agent in (maire, fabrique.agent("president_epci", retenus.voisine)):
        attendues = echeances(agent, [retenus.voisine], LE, jours=60)
        assert [e.libelle for e in attendues if e.genre == "Décision"] == ["Délibérer."]
    autre = fabrique.agent("maire", retenus.voisine)
    assert not [e for e in echeances(autre, [retenus.voisine], LE, jours=60) if e.genre == "Décision"]


@pytest.mark.parametrize("etat", ["preparee", "validee", "envoyee", "annulee"])
def test_hors_de_la_reunion_rien_ne_se_decide(retenus: Monde, late: Fiche, etat: str) -> None:
    reunion = fixer(retenus, etat=etat)
    question = QuestionReunion.objects.create(reunion=reunion, texte="?")
    with pytest.raises(ReunionRefusee):
        actions.decider_une_tache(question, Decision(texte="Non"), par=retenus.chef)
    assert not Decision.objects.exists()


@pytest.fixture
def sur_contrat(accord: Monde, en_vigueur: Contrat) -> tuple[QuestionReunion, Contrat]:
    reunion = fixer(accord)
    question = QuestionReunion.objects.create(reunion=reunion, texte="Décaler d’un an ?")
    return question, en_vigueur


def demande(fiches: list[Fiche], genre: Genre = Genre.ANNEE, **reste: object) -> AvenantDemande:
    defaut: dict[str, object] = {"annee": 2027} if genre is Genre.ANNEE else {}
    return AvenantDemande("Décaler.", "L’entreprise a fermé.", genre, fiches, **(defaut | reste))  # type: ignore[arg-type]


def test_un_avenant_s_ouvre_avec_ses_lignes_et_sa_raison(
    accord: Monde, sur_contrat: tuple[QuestionReunion, Contrat]
) -> None:
    question, contrat = sur_contrat
    avenant = actions.decider_un_avenant(question, contrat, demande(accord.fiches[:2]), par=accord.chef)
    assert (avenant.etat, avenant.objet) == ("preparation", "Décaler.")
    mouvements = list(avenant.mouvements.order_by("ordre"))
    assert [m.fiche_id for m in mouvements] == [f.pk for f in accord.fiches[:2]]
    assert {(m.genre, m.apres["annee"], m.motif) for m in mouvements} == {
        ("annee", 2027, "L’entreprise a fermé.")
    }
    question.refresh_from_db()
    place = QuestionRendezVous.objects.get(question=question)
    assert place.avenant == avenant
    assert question.decision is not None
    assert (question.decision.objet_genre, question.decision.objet_id) == ("avenant", avenant.pk)
    assert question.decision.organisation == contrat.demarche.autorite


@pytest.mark.parametrize("genre", [Genre.RETRAIT, Genre.MONTANT])
def test_retirer_ou_changer_un_montant(
    accord: Monde, sur_contrat: tuple[QuestionReunion, Contrat], genre: Genre
) -> None:
    question, contrat = sur_contrat
    montant = Decimal("1234.56") if genre is Genre.MONTANT else None
    voulu = demande(accord.fiches[:1], genre, montant=montant)
    avenant = actions.decider_un_avenant(question, contrat, voulu, par=accord.chef)
    assert avenant.mouvements.get().genre == genre


def test_un_avenant_impossible_ne_laisse_rien(
    accord: Monde, sur_contrat: tuple[QuestionReunion, Contrat]
) -> None:
    question, contrat = sur_contrat
    with pytest.raises(AvenantRefuse):
        actions.decider_un_avenant(question, contrat, demande(accord.fiches[2:3]), par=accord.chef)
    assert not Avenant.objects.exists()
    assert not Decision.objects.exists()
    question.refresh_from_db()
    assert question.decision is None
