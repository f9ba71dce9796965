"""Drafting: what changes an article, what is refused, remarks and proposals, added parties."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.contrats import actions, redaction
from arpent.plateforme.contrats.assemblage import assembler
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import ArticleRedige, Contrat, Partie, RemarqueArticle
from arpent.plateforme.contrats.parties_ajoutees import ajouter_partie, retirer_partie
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

from .conftest import MODELE, deliberer, voter

LE = date(2026, 3, 1)


@pytest.fixture
def brouillon(accord: Monde, contrat: Contrat) -> Contrat:
    """A contract whose model has a locked article, an optional one and one with variants."""
    articles: list[dict[str, Any]] = [dict(a) for a in MODELE["articles"]]  # type: ignore[attr-defined]
    articles[0]["verrouille"] = True
    articles[1] = {
        "code": "suivi", "titre": "Suivi", "texte": "Une réunion par an.", "obligatoire": False,
        "variantes": [{"code": "serre", "libelle": "suivi serré", "texte": "Deux réunions par an."}],
    }  # fmt: skip
    accord.dispositif.modele_contrat = MODELE | {"articles": articles}
    accord.dispositif.save()
    return contrat


def lire(contrat: Contrat) -> dict[str, str]:
    """Text of each article by code."""
    texte = assembler(contrat.demarche, LE).texte
    return {a.code: " ".join(a.paragraphes).replace("\N{NO-BREAK SPACE}", " ") for a in texte.articles}


def rediger(contrat: Contrat, code: str, *, lue: int = 0, **valeurs: Any) -> ArticleRedige:
    return redaction.enregistrer_article(contrat, code, valeurs, version_lue=lue, par=None)


def test_un_article_se_reecrit_et_revient_au_modele(brouillon: Contrat, accord: Monde) -> None:
    redige = redaction.enregistrer_article(
        brouillon, "duree", {"texte": "Dès le {{ date_effet }}."}, version_lue=0, par=accord.chef
    )
    assert lire(brouillon)["duree"] == "Dès le 1er mars 2026."
    assert Entree.objects.filter(geste="rediger_article").count() == 1
    redaction.supprimer_article(brouillon, "duree", version_lue=redige.version, par=accord.chef)
    assert lire(brouillon)["duree"] == "À partir du 1er mars 2026."


def test_le_texte_du_modele_n_est_pas_une_reecriture(brouillon: Contrat) -> None:
    redige = rediger(brouillon, "duree", texte="À partir du {{ date_effet }}.\r\n", titre="Durée")
    assert (redige.texte, redige.titre) == ("", "")
    redige = rediger(brouillon, "suivi", texte="Deux réunions par an.")
    assert (redige.texte, redige.variante) == ("", "serre")
    assert lire(brouillon)["suivi"] == "Deux réunions par an."


@pytest.mark.parametrize(
    ("code", "valeurs", "champ", "mot"),
    [
        ("objet", {"texte": "Autre."}, "texte", "verrouillé"),
        ("duree", {"retire": True, "motif": "x"}, "retire", "obligatoire"),
        ("suivi", {"retire": True}, "motif", "Dites pourquoi"),
        ("suivi", {"variante": "autre"}, "variante", "n’existe pas"),
        ("duree", {"texte": "Le {{ date_fin }}."}, "texte", "« date_fin »"),
        ("duree", {"texte": "a" * 30_001}, "texte", "découpez"),
        ("ajout-1", {"titre": "Eau"}, "texte", "son texte"),
        ("ajout-1", {"titre": "Eau", "texte": "x", "apres": "parti"}, "apres", "dans la liste"),
    ],
)
def test_ce_qui_est_refuse_dit_pourquoi(
    brouillon: Contrat, code: str, valeurs: dict[str, Any], champ: str, mot: str
) -> None:
    with pytest.raises(redaction.ArticleRefuse, match=mot) as refus:
        rediger(brouillon, code, **valeurs)
    assert refus.value.champ == champ
    assert not ArticleRedige.objects.exists()


def test_un_article_inconnu_ou_un_contrat_au_vote_ne_se_redigent_pas(brouillon: Contrat) -> None:
    with pytest.raises(ContratRefuse, match="plus dans le modèle"):
        rediger(brouillon, "parti", texte="x")
    actions.faire_avancer(brouillon, "soumettre_au_vote", par=None)
    with pytest.raises(ContratRefuse, match="reprenez la rédaction"):
        rediger(brouillon, "duree", texte="x")


def test_deux_redacteurs_le_second_choisit(brouillon: Contrat) -> None:
    premier = rediger(brouillon, "duree", texte="Premier.")
    with pytest.raises(ConflitDeVersion):
        rediger(brouillon, "duree", texte="Second.")
    rediger(brouillon, "duree", lue=premier.version, texte="Ensuite.")
    with pytest.raises(ConflitDeVersion):
        rediger(brouillon, "duree", lue=premier.version, texte="Trop tard.")
    assert lire(brouillon)["duree"] == "Ensuite."


def test_un_article_retire_sort_du_contrat_et_tout_se_renumerote(brouillon: Contrat) -> None:
    rediger(brouillon, "suivi", retire=True, motif="Un seul signataire.")
    assert [a.titre for a in assembler(brouillon.demarche, LE).texte.articles] == ["Objet", "Durée"]


def test_un_article_ajoute_se_place_se_deplace_et_se_supprime(brouillon: Contrat, accord: Monde) -> None:
    eau = redaction.ajouter_article(
        brouillon, {"titre": "Eau", "texte": "L’eau.", "apres": "objet"}, par=accord.chef
    )
    air = redaction.ajouter_article(
        brouillon, {"titre": "Air", "texte": "L’air.", "apres": eau.code}, par=accord.chef
    )
    titres = [a.titre for a in assembler(brouillon.demarche, LE).texte.articles]
    assert titres == ["Objet", "Eau", "Air", "Suivi", "Durée"]
    redaction.supprimer_article(brouillon, eau.code, version_lue=eau.version, par=accord.chef)
    air.refresh_from_db()
    assert air.apres == "objet"
    assert [a.titre for a in assembler(brouillon.demarche, LE).texte.articles][:2] == ["Objet", "Air"]


def test_recrire_un_article_rend_les_votes_caducs(
    brouillon: Contrat, accord: Monde, sans_fichiers: None
) -> None:
    actions.faire_avancer(brouillon, "soumettre_au_vote", par=None)
    deliberer(brouillon)
    actions.faire_avancer(brouillon, "reprendre_redaction", par=None)
    rediger(brouillon, "duree", texte="Pour toujours.")
    actions.faire_avancer(brouillon, "soumettre_au_vote", par=None)
    actions.generer(brouillon, accord.chef)
    partie = brouillon.parties.first()
    assert partie is not None
    (vote,) = partie.votes.all()
    assert any("Durée" in e for e in vote.ecarts)


def test_un_texte_qui_nomme_un_autre_dispositif_ne_part_pas_au_vote(brouillon: Contrat) -> None:
    fabrique.dispositif(nom="Contrat de ruralité")
    rediger(brouillon, "duree", texte="Comme le contrat de ruralité, dès le {{ date_effet }}.")
    with pytest.raises(ContratRefuse, match=r"L’article 3 \(Durée\) nomme « Contrat de ruralité »"):
        actions.faire_avancer(brouillon, "soumettre_au_vote", par=None)


def test_une_remarque_se_partage_se_repond_et_se_regle(brouillon: Contrat, accord: Monde) -> None:
    remarque = redaction.remarquer(brouillon, "duree", "Trop court.", par=accord.president)
    assert (
        Notification.objects.filter(destinataire_id=accord.chef.pk, texte__contains="Trop court").count() == 1
    )
    redaction.remarquer(brouillon, "duree", "Vu.", par=accord.chef, reponse_a=remarque)
    redaction.regler_remarque(remarque, resolu=True, par=accord.chef)
    with pytest.raises(ContratRefuse, match="déjà réglée"):
        redaction.regler_remarque(remarque, resolu=True, par=accord.chef)
    with pytest.raises(redaction.ArticleRefuse, match="Écrivez"):
        redaction.remarquer(brouillon, "duree", "  ", par=accord.chef)


def test_une_remarque_entre_nous_n_est_pas_lue_d_en_face(brouillon: Contrat, accord: Monde) -> None:
    redaction.remarquer(brouillon, "duree", "Ne cédons pas.", par=accord.chef, portee="interne")
    assert RemarqueArticle.objects.visibles_par(accord.chef).count() == 1
    assert RemarqueArticle.objects.visibles_par(accord.president).count() == 0
    assert not Notification.objects.filter(
        texte__contains="Ne cédons pas", destinataire_id=accord.president.pk
    ).exists()
    assert "Ne cédons pas" not in str(list(Entree.objects.values_list("apres", flat=True)))


def test_une_redaction_proposee_se_reprend_d_un_geste(brouillon: Contrat, accord: Monde) -> None:
    remarque = redaction.remarquer(
        brouillon, "duree", "Plus clair.", par=accord.president, proposition="Le {{ date_effet }}."
    )
    with pytest.raises(redaction.ArticleRefuse, match="« fin »"):
        redaction.remarquer(brouillon, "duree", "x", par=accord.president, proposition="{{ fin }}")
    redaction.reprendre_proposition(remarque, version_lue=0, par=accord.chef)
    remarque.refresh_from_db()
    assert remarque.reprise_le is not None
    assert remarque.resolu_le is not None
    assert lire(brouillon)["duree"] == "Le 1er mars 2026."
    with pytest.raises(ConflitDeVersion):
        redaction.reprendre_proposition(remarque, version_lue=0, par=accord.chef)


def test_une_partie_ajoutee_reste_jusqu_a_son_retrait(brouillon: Contrat, accord: Monde) -> None:
    petr = fabrique.organisation(nom="PETR d’essai", nature="petr")
    valeurs = {"organisation": petr, "role": "porteur", "signataire": "Mme A", "delegation": "par délégation"}
    partie = ajouter_partie(brouillon, valeurs, par=accord.chef)
    actions.completer_parties(brouillon, par=accord.chef)
    assert brouillon.parties.filter(pk=partie.pk).exists()
    assert "Mme A, par délégation" in str(assembler(brouillon.demarche, LE).champs["parties"])
    with pytest.raises(ContratRefuse, match="déjà partie"):
        ajouter_partie(brouillon, valeurs, par=accord.chef)
    with pytest.raises(ContratRefuse, match="une autorité"):
        ajouter_partie(brouillon, valeurs | {"role": "autorite"}, par=accord.chef)
    d_office = brouillon.parties.exclude(pk=partie.pk).first()
    assert d_office is not None
    with pytest.raises(ContratRefuse, match="mettez à jour la liste"):
        retirer_partie(d_office, par=accord.chef)
    retirer_partie(partie, par=accord.chef)
    assert not Partie.objects.filter(pk=partie.pk).exists()


def test_une_partie_qui_a_vote_ne_se_retire_pas(brouillon: Contrat, accord: Monde) -> None:
    petr = fabrique.organisation(nom="PETR d’essai", nature="petr")
    partie = ajouter_partie(brouillon, {"organisation": petr, "role": "porteur"}, par=accord.chef)
    voter(partie, attendue_le=date(2026, 3, 3))
    with pytest.raises(ContratRefuse, match="reste partie"):
        retirer_partie(partie, par=accord.chef)


# --- pages ----------------------------------------------------------------------------------------


def adresse(nom: str, contrat: Contrat, *args: Any) -> str:
    return reverse(f"contrats:{nom}", args=[contrat.demarche.slug, *args])


def test_la_page_de_redaction_dit_les_ecarts_en_peu_de_requetes(
    brouillon: Contrat, accord: Monde, client: Client, django_assert_max_num_queries: Any
) -> None:
    rediger(brouillon, "suivi", retire=True, motif="Sans objet ici.")
    rediger(brouillon, "duree", texte="Réécrit.")
    for n in range(5):
        redaction.remarquer(brouillon, "duree", f"Remarque {n}.", par=accord.president)
        redaction.ajouter_article(brouillon, {"titre": f"Ajout {n}", "texte": "x"}, par=accord.chef)
    client.force_login(accord.chef)
    with django_assert_max_num_queries(32):
        page = client.get(adresse("redaction", brouillon)).content.decode()
    for mot in ("Sans objet ici.", "réécrit", "retiré", "verrouillé", "5 remarques ouvertes", "Ajout 4"):
        assert mot in page


def test_l_article_se_redige_dans_la_page_et_garde_la_saisie_refusee(
    brouillon: Contrat, accord: Monde, client: Client
) -> None:
    client.force_login(accord.chef)
    page = client.get(adresse("article", brouillon, "duree")).content.decode()
    assert "À partir du 1er\N{NO-BREAK SPACE}mars 2026." in page
    saisie = {"version_lue": 0, "titre": "Durée", "texte": "Jusqu’au {{ jamais }}.", "motif": ""}
    refuse = client.post(adresse("article_rediger", brouillon, "duree"), saisie)
    assert refuse.status_code == 422
    assert "Jusqu’au {{ jamais }}." in refuse.content.decode()
    assert "« jamais »" in refuse.content.decode()
    saisie["texte"] = "Jusqu’au bout."
    assert client.post(adresse("article_rediger", brouillon, "duree"), saisie).status_code == 302
    page = client.get(adresse("article", brouillon, "duree")).content.decode()
    assert "<del>" in page
    assert "<ins>" in page
    assert client.post(adresse("article_rediger", brouillon, "duree"), saisie).status_code == 409


def test_laisser_le_texte_montre_et_choisir_une_variante_prend_celle_ci(
    brouillon: Contrat, accord: Monde, client: Client
) -> None:
    client.force_login(accord.chef)
    saisie = {"version_lue": 0, "titre": "Suivi", "texte": "Une réunion par an.", "variante": "serre"}
    assert client.post(adresse("article_rediger", brouillon, "suivi"), saisie).status_code == 302
    assert lire(brouillon)["suivi"] == "Deux réunions par an."


def test_le_territoire_commente_et_ne_redige_pas(brouillon: Contrat, accord: Monde, client: Client) -> None:
    client.force_login(accord.president)
    page = client.get(adresse("article", brouillon, "duree")).content.decode()
    assert "Enregistrer l’article" not in page
    assert client.post(adresse("article_rediger", brouillon, "duree"), {}).status_code == 403
    ecrire = adresse("remarque_ecrire", brouillon, "duree")
    assert client.post(ecrire, {"texte": "", "portee": "partagee"}).status_code == 422
    saisie = {"texte": "Plus court ?", "portee": "partagee", "proposition": "Court."}
    assert client.post(ecrire, saisie).status_code == 302
    (remarque,) = RemarqueArticle.objects.all()
    assert client.post(adresse("remarque_reprendre", brouillon, remarque.pk)).status_code == 403
    client.force_login(accord.chef)
    page = client.get(adresse("article", brouillon, "duree")).content.decode()
    assert "Reprendre cette rédaction" in page
    client.post(adresse("remarque_reprendre", brouillon, remarque.pk), {"version_lue": 0})
    assert lire(brouillon)["duree"] == "Court."
    client.post(adresse("remarque_etat", brouillon, remarque.pk), {"resolu": "0"})
    remarque.refresh_from_db()
    assert remarque.resolu_le is None
    client.force_login(accord.maire)
    etat = adresse("remarque_etat", brouillon, remarque.pk)
    assert client.post(etat, {"resolu": "1"}).status_code == 403
    client.force_login(accord.president)
    assert client.post(etat, {"resolu": "1"}).status_code == 302


def test_les_gestes_de_la_page_article_et_parties(brouillon: Contrat, accord: Monde, client: Client) -> None:
    client.force_login(accord.chef)
    ajouter = adresse("article_ajouter", brouillon)
    assert client.get(ajouter).status_code == 200
    assert client.post(ajouter, {"version_lue": 0, "titre": "", "texte": ""}).status_code == 422
    assert client.post(ajouter, {"version_lue": 0, "titre": "Eau", "texte": "L’eau."}).status_code == 302
    assert client.get(adresse("article", brouillon, "ajout-1")).status_code == 200
    client.post(adresse("article_supprimer", brouillon, "ajout-1"), {"version_lue": 1})
    assert client.get(adresse("article", brouillon, "ajout-1")).status_code == 404
    petr = fabrique.organisation(nom="PETR d’essai", nature="petr")
    saisie = {"organisation": petr.pk, "role": "porteur", "signataire": "", "qualite": "", "delegation": ""}
    assert client.get(adresse("partie_ajouter", brouillon)).status_code == 200
    assert client.post(adresse("partie_ajouter", brouillon), saisie).status_code == 302
    partie = brouillon.parties.get(organisation=petr)
    client.post(adresse("partie_retirer", brouillon, partie.pk))
    assert not brouillon.parties.filter(pk=partie.pk).exists()


def test_on_ne_mentionne_pas_entre_nous_qui_est_d_en_face(brouillon: Contrat, accord: Monde) -> None:
    texte = f"Qu’en dit @{accord.president.nom_complet} ?"
    with pytest.raises(redaction.ArticleRefuse, match="ne lira pas ce message") as refus:
        redaction.remarquer(brouillon, "duree", texte, par=accord.chef, portee="interne")
    assert refus.value.champ == "texte"
    partagee = redaction.remarquer(brouillon, "duree", texte, par=accord.chef)
    assert list(partagee.mentions.all()) == [accord.president]
    sujets = Notification.objects.filter(destinataire_id=accord.president.pk).values_list("sujet", flat=True)
    assert [s for s in sujets if s.endswith("vous mentionne")]
