"""The thread: stored links only, both ways, a broken link says what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.diagnostics.models import ConstatTerritorial, Enjeu
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.suivi.evaluation import actions
from arpent.plateforme.suivi.fil_rouge import views
from arpent.plateforme.suivi.fil_rouge.document import doc_de
from arpent.plateforme.suivi.fil_rouge.lecture import Fil, fil_de_l_enjeu, fil_du_projet, lire
from arpent.plateforme.suivi.models import IndicateurSuivi
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
URL = "/territoires/gevaudan/fil-rouge"
LE = date(2026, 6, 10)


@pytest.fixture
def enjeu(retenus: Monde) -> Enjeu:
    """A whole thread: figure, finding, enjeu, axis, project, euros, result."""
    enjeu = Enjeu.objects.create(demarche=retenus.demarche, libelle="Se loger", priorite=1)
    constat = ConstatTerritorial.objects.create(
        demarche=retenus.demarche, nature="faiblesse", texte="Le bâti se vide", valeur_citee="12,4 %",
        millesime_cite="2022",
    )  # fmt: skip
    enjeu.constats.add(constat)
    axe = Axe.objects.create(demarche=retenus.demarche, numero=1, libelle="Vivre ici")
    axe.enjeux.add(enjeu)
    Fiche.objects.filter(pk=retenus.fiches[0].pk).update(axe=axe, titre="Six logements")
    indicateur = actions.ecrire_indicateur(
        IndicateurSuivi(
            demarche=retenus.demarche, enjeu=enjeu, libelle="Vacance", unite="%", reference=Decimal(12),
            reference_annee=2022, cible=Decimal(10), cible_annee=2028,
        ),
        par=None,
    )  # fmt: skip
    actions.noter_valeur(indicateur, Decimal(11), le=LE, source="INSEE", par=None)
    return enjeu


def fil(retenus: Monde, enjeu: Enjeu) -> Fil:
    return fil_de_l_enjeu(lire(retenus.demarche, LE), enjeu)


def titres(lu: Fil, code: str) -> list[str]:
    return [m.titre for e in lu.etages if e.code == code for m in e.mailles]


def test_un_fil_entier_va_du_chiffre_au_resultat(retenus: Monde, enjeu: Enjeu) -> None:
    lu = fil(retenus, enjeu)
    assert [e.code for e in lu.etages] == [
        "chiffre",
        "constat",
        "enjeu",
        "axe",
        "projet",
        "euros",
        "resultat",
    ]
    assert titres(lu, "chiffre") == ["12,4 %"]
    assert titres(lu, "constat") == ["Le bâti se vide"]
    assert titres(lu, "axe") == ["1. Vivre ici"]
    assert titres(lu, "projet") == ["Six logements"]
    assert "10\u202f000\u00a0€" in titres(lu, "euros")
    assert titres(lu, "resultat") == ["Vacance : 11\u00a0%, pour une cible de 10\u00a0%"]
    assert lu.entier


def test_la_page_se_lit_a_l_endroit_et_a_rebours(retenus: Monde, enjeu: Enjeu, connecte: Connecte) -> None:
    client = connecte(retenus.maire)
    page = client.get(f"{URL}/").content.decode()
    assert page.index("Le bâti se vide") < page.index("Six logements") < page.index("Vacance : 11")
    page = client.get(f"{URL}/?sens=retour").content.decode()
    assert page.index("Vacance : 11") < page.index("Six logements") < page.index("Le bâti se vide")
    assert "1 enjeu, 1 fil entier" in page


def test_depuis_un_projet_on_relit_le_constat_qui_le_justifie(
    retenus: Monde, enjeu: Enjeu, connecte: Connecte
) -> None:
    client = connecte(retenus.maire)
    page = client.get(f"{URL}/projets/1/").content.decode()
    assert "Le bâti se vide" in page
    assert "12,4 %" in page
    assert client.get(f"{URL}/enjeux/{enjeu.pk}/").status_code == 200
    assert client.get(f"{URL}/projets/3/").status_code == 404
    assert client.get(f"{URL}/enjeux/987654/").status_code == 404


def _sans_chiffre(e: Enjeu) -> None:
    e.constats.update(valeur_citee="")


def _sans_constat(e: Enjeu) -> None:
    e.constats.clear()


def _sans_projet(e: Enjeu) -> None:
    Fiche.objects.filter(demarche=e.demarche_id).update(axe=None)


def _sans_axe(e: Enjeu) -> None:
    _sans_projet(e)
    e.axes.clear()


def _sans_mesure(e: Enjeu) -> None:
    e.indicateurs.get().valeurs.all().delete()


def _sans_indicateur(e: Enjeu) -> None:
    e.indicateurs.all().delete()


@pytest.mark.parametrize(
    ("couper", "manque"),
    [
        (_sans_chiffre, "Aucun chiffre ne montre « Le bâti se vide »."),
        (_sans_constat, "Aucun constat ne montre cet enjeu."),
        (_sans_axe, "Aucun axe ne répond à cet enjeu."),
        (_sans_projet, "Aucun projet retenu ne sert cet enjeu."),
        (_sans_mesure, "« Vacance » n’est pas encore mesuré."),
        (_sans_indicateur, "Aucun indicateur ne dit ce que l’on fait change."),
    ],
)
def test_un_maillon_qui_manque_dit_quoi_faire(
    retenus: Monde, enjeu: Enjeu, connecte: Connecte, couper: Callable[[Enjeu], None], manque: str
) -> None:
    couper(enjeu)
    enjeu.refresh_from_db()
    lu = fil(retenus, enjeu)
    rupture = next(r for r in lu.ruptures if r.manque == manque)
    assert rupture.faire
    assert connecte(retenus.chef).get(rupture.url).status_code == 200
    assert manque in connecte(retenus.maire).get(f"{URL}/").content.decode()


def test_un_projet_hors_du_fil_est_montre(retenus: Monde, enjeu: Enjeu, connecte: Connecte) -> None:
    pelote = lire(retenus.demarche, LE)
    ligne = next(x for x in pelote.projets if x.fiche.numero == 2)
    manques = [r.manque for r in fil_du_projet(pelote, ligne).ruptures]
    assert "Ce projet n’est relié à aucun enjeu." in manques
    assert "Ce projet n’est dans aucun axe." in manques
    ConstatTerritorial.objects.create(demarche=retenus.demarche, nature="force", texte="Une gare")
    page = connecte(retenus.maire).get(f"{URL}/").content.decode()
    assert "1 projet hors du fil" in page
    assert "Une gare" in page


def test_les_aides_d_un_projet_a_deux_enjeux_sont_partagees(retenus: Monde, enjeu: Enjeu) -> None:
    autre = Enjeu.objects.create(demarche=retenus.demarche, libelle="Se déplacer", priorite=2)
    Axe.objects.get().enjeux.add(autre)
    lu = fil(retenus, autre)
    assert "5\u202f000\u00a0€" in titres(lu, "euros")


def test_le_document_dit_la_meme_chose(
    retenus: Monde, enjeu: Enjeu, connecte: Connecte, monkeypatch: pytest.MonkeyPatch
) -> None:
    pelote = lire(retenus.demarche, LE)
    doc = doc_de(retenus.demarche, [fil_de_l_enjeu(pelote, enjeu)], LE, retour=True)
    assert [e.titre for e in doc.fils[0].etages][-1] == "Les chiffres"
    monkeypatch.setattr(views, "en_pdf", lambda *_, **__: b"%PDF-1.7")
    client = connecte(retenus.maire)
    for suite in (".pdf", f"/enjeux/{enjeu.pk}.pdf", "/projets/1.pdf?sens=retour"):
        reponse = client.get(f"{URL}{suite}")
        assert reponse.headers["Content-Type"] == "application/pdf"


def test_un_pdf_impossible_le_dit(
    retenus: Monde, enjeu: Enjeu, connecte: Connecte, monkeypatch: pytest.MonkeyPatch
) -> None:
    def echouer(*_: object, **__: object) -> bytes:
        raise views.RenduImpossible("Le PDF ne peut pas être fait.")

    monkeypatch.setattr(views, "en_pdf", echouer)
    page = connecte(retenus.maire).get(f"{URL}.pdf", follow=True).content.decode()
    assert "Le PDF ne peut pas être fait." in page


def test_sans_enjeu_la_page_dit_par_ou_commencer(monde: Monde, connecte: Connecte) -> None:
    assert "Aucun enjeu n’est écrit" in connecte(monde.maire).get(f"{URL}/").content.decode()
    assert connecte(fabrique.agent("maire", monde.voisine)).get(f"{URL}/").status_code == 404


def test_les_requetes_ne_dependent_pas_de_ce_que_porte_le_fil(
    retenus: Monde, enjeu: Enjeu, connecte: Connecte, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = connecte(retenus.chef)
    client.get(f"{URL}/")
    with django_assert_max_num_queries(21):
        client.get(f"{URL}/")
