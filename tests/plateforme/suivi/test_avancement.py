"""The progress of a project: two minutes on a phone, milestones, photos, what blocks; then the territory."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.models import Accord
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.suivi.avancement import actions
from arpent.plateforme.suivi.avancement.actions import JalonSaisi, SuiviRefuse
from arpent.plateforme.suivi.avancement.lecture import avancement_de
from arpent.plateforme.suivi.models import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
RACINE = "/territoires/gevaudan/realisation/"
URL = f"{RACINE}projets/1/avancement/"
LE = date(2026, 6, 10)
JOUR = timedelta(days=1)


@pytest.fixture(autouse=True)
def depot(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fiche(accord: Monde) -> Fiche:
    """The first project, retained, works from January to December."""
    Fiche.objects.filter(pk__in=[f.pk for f in accord.fiches[:2]]).update(etat="retenue")
    fiche = accord.fiches[0]
    fiche.refresh_from_db()
    fiche.debut_le, fiche.fin_le = date(2026, 1, 1), date(2026, 12, 31)
    fiche.save()
    fiche.demarche = accord.demarche
    return fiche


@pytest.fixture
def owner(fiche: Fiche) -> Agent:
    return fabrique.agent("maire", fiche.demarche, pour=fiche.maitre_ouvrage)


@pytest.fixture
def suivi(fiche: Fiche) -> SuiviProjet:
    return actions.poser_jalons(fiche, par=None)


def image(position: bool = False) -> bytes:
    sortie = io.BytesIO()
    photo = Image.new("RGB", (3_000, 40), "green")
    exif = photo.getexif()
    if position:
        exif[0x010E] = "Chantier de la halle"
        exif.get_ifd(0x8825)[1] = "N"
    photo.save(sortie, "JPEG", exif=exif)
    return sortie.getvalue()


def libelles(suivi: SuiviProjet) -> list[str]:
    return [j.libelle for j in suivi.jalons.all()]


def test_les_jalons_types_se_calent_sur_les_travaux(fiche: Fiche, owner: Agent, connecte: Connecte) -> None:
    page = connecte(owner).post(f"{URL}jalons/types/", follow=True).content.decode()
    jalons = list(SuiviProjet.objects.get(fiche=fiche).jalons.all())
    assert jalons[0].libelle == "Études et autorisations"
    assert jalons[-1].prevu_le == fiche.fin_le
    assert sum(j.poids for j in jalons) == 100
    assert "Faire le point" in page


def test_poser_deux_fois_est_refuse(suivi: SuiviProjet, owner: Agent, connecte: Connecte) -> None:
    page = connecte(owner).post(f"{URL}jalons/types/", follow=True).content.decode()
    assert "a déjà des jalons" in page


def test_un_dispositif_declare_ses_jalons(fiche: Fiche) -> None:
    dispositif = fiche.demarche.processus.dispositif
    dispositif.parametres = {
        "suivi": {"jalons": {"investissement": [{"libelle": "Halle livrée", "poids": 1}]}}
    }
    assert libelles(actions.poser_jalons(fiche, par=None)) == ["Halle livrée"]


def test_le_maire_fait_le_point_avec_une_photo(
    fiche: Fiche, suivi: SuiviProjet, owner: Agent, connecte: Connecte
) -> None:
    client, premier = connecte(owner), suivi.jalons.first()
    assert premier is not None
    page = client.get(f"{URL}point/").content.decode()
    assert "Études et autorisations" in page
    reponse = client.post(f"{URL}point/", {
        "franchis": [premier.pk], "le": "2026-06-10",
        "photo": SimpleUploadedFile("IMG_1.jpg", image(position=True)), "description": "Le toit est posé",
    })  # fmt: skip
    assert reponse.status_code == 302
    premier.refresh_from_db()
    assert premier.atteint_le == LE
    photo = PhotoChantier.objects.get()
    assert (photo.jalon, photo.prise_le, photo.deposee_par_nom) == (premier, LE, owner.nom_complet)
    with Image.open(photo.fichier) as gardee:
        assert not dict(gardee.getexif())
        assert max(gardee.size) <= 2_400
    page = client.get(URL).content.decode()
    assert 'alt="Le toit est posé"' in page
    assert "Fait à 15\u00a0%" in page
    assert client.get(f"{URL}photos/{photo.pk}/").headers["Content-Type"] == "image/jpeg"
    assert Entree.objects.filter(geste="faire_le_point").exists()


def test_rien_de_nouveau_est_un_signe_de_vie(
    fiche: Fiche, suivi: SuiviProjet, owner: Agent, connecte: Connecte
) -> None:
    assert connecte(owner).post(f"{URL}point/", {"le": "2026-06-10"}).status_code == 302
    suivi.refresh_from_db()
    assert (suivi.point_le, suivi.point_par_nom, suivi.version) == (LE, owner.nom_complet, 2)


@pytest.mark.parametrize(
    ("envoi", "dit"),
    [
        ({"le": "2099-01-01"}, "pas encore passé"),
        ({"le": ""}, "Dites quel jour."),
        ({"le": "2026-06-10", "photo": "oui"}, "Dites ce que montre la photo."),
        ({"le": "2026-06-10", "description": "Le toit"}, "Choisissez la photo"),
        ({"le": "2026-06-10", "blocage": "Le terrain est inondé"}, "Dites qui doit le lever."),
        ({"le": "2026-06-10", "franchis": "987654"}, "Ce jalon a changé"),
    ],
)
def test_un_refus_garde_ce_qui_etait_ecrit(
    suivi: SuiviProjet, owner: Agent, connecte: Connecte, envoi: dict[str, Any], dit: str
) -> None:
    if "photo" in envoi:
        envoi = envoi | {"photo": SimpleUploadedFile("p.jpg", image())}
    reponse = connecte(owner).post(f"{URL}point/", envoi)
    assert reponse.status_code == 422
    texte = reponse.content.decode()
    assert dit in texte
    assert envoi.get("blocage", "") in texte
    assert not PhotoChantier.objects.exists()


def test_un_pdf_n_est_pas_une_photo_et_rien_n_est_garde(
    suivi: SuiviProjet, owner: Agent, connecte: Connecte
) -> None:
    jalon = suivi.jalons.first()
    assert jalon is not None
    reponse = connecte(owner).post(f"{URL}point/", {
        "franchis": [jalon.pk], "le": "2026-06-10", "description": "Le toit",
        "photo": SimpleUploadedFile("toit.pdf", b"%PDF-1.7 toit"),
    })  # fmt: skip
    assert reponse.status_code == 422
    assert "Une photo est une image" in reponse.content.decode()
    assert not JalonProjet.objects.filter(atteint_le__isnull=False).exists()


def test_ce_qui_bloque_previent_qui_doit_le_lever(
    fiche: Fiche, suivi: SuiviProjet, owner: Agent, accord: Monde, connecte: Connecte
) -> None:
    Notification.objects.all().delete()
    reponse = connecte(owner).post(f"{URL}point/", {
        "le": "2026-06-10", "blocage": "Permis de construire attendu", "echeance": "2026-07-01",
        "responsable": accord.demarche.autorite.pk,
    })  # fmt: skip
    assert reponse.status_code == 302
    point = PointBloquant.objects.get()
    assert (point.responsable, point.echeance) == (accord.demarche.autorite, date(2026, 7, 1))
    nouvelle = Notification.objects.get(destinataire_id=accord.chef.pk)
    assert nouvelle.url == f"{URL}#blocages"
    assert not Notification.objects.filter(destinataire_id=owner.pk).exists()


@pytest.fixture
def bloquant(fiche: Fiche) -> PointBloquant:
    return actions.signaler_blocage(
        fiche, "Sol pollué", responsable=fiche.maitre_ouvrage, echeance=LE, le=LE, par=None
    )


def test_un_point_se_leve_avec_un_mot(
    suivi: SuiviProjet, bloquant: PointBloquant, owner: Agent, connecte: Connecte
) -> None:
    client, adresse = connecte(owner), f"{URL}bloquants/{bloquant.pk}/lever/"
    reponse = client.post(adresse, {"version_lue": 1, "mot": " "})
    assert reponse.status_code == 422
    assert "Dites en un mot comment" in reponse.content.decode()
    assert client.post(adresse, {"version_lue": 9, "mot": "Terres évacuées"}).status_code == 409
    assert client.post(adresse, {"version_lue": 1, "mot": "Terres évacuées"}).status_code == 302
    bloquant.refresh_from_db()
    assert (bloquant.mot, bloquant.clos_par_nom) == ("Terres évacuées", owner.nom_complet)
    assert "Terres évacuées" in client.get(URL).content.decode()
    assert client.post(adresse, {"version_lue": 2, "mot": "Encore"}).status_code == 422


def ligne(n: int, **champs: str) -> dict[str, str]:
    return {f"jalons-{n}-{nom}": valeur for nom, valeur in champs.items()}


GESTION = {"jalons-INITIAL_FORMS": "0", "version_lue": "1"}


def test_les_jalons_s_ecrivent_se_renomment_et_s_enlevent(
    fiche: Fiche, owner: Agent, connecte: Connecte
) -> None:
    client = connecte(owner)
    envoi = GESTION | {"jalons-TOTAL_FORMS": "2"}
    envoi |= ligne(0, libelle="Études", poids="40", prevu_le="2026-03-01", atteint_le="2026-02-01")
    envoi |= ligne(1, libelle="Travaux", poids="60", prevu_le="2026-09-01")
    assert client.post(f"{URL}jalons/", envoi).status_code == 302
    suivi = SuiviProjet.objects.get(fiche=fiche)
    etudes, travaux = suivi.jalons.all()
    assert (etudes.poids, etudes.atteint_le, travaux.ordre) == (40, date(2026, 2, 1), 2)
    envoi = GESTION | {"jalons-TOTAL_FORMS": "2", "jalons-INITIAL_FORMS": "2", "version_lue": "2"}
    envoi |= ligne(0, pk=str(etudes.pk), libelle="", poids="40")
    envoi |= ligne(1, pk=str(travaux.pk), libelle="Gros œuvre", poids="60")
    assert client.post(f"{URL}jalons/", envoi).status_code == 302
    assert libelles(suivi) == ["Gros œuvre"]
    assert client.post(f"{URL}jalons/", envoi).status_code == 409


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"libelle": "Études", "poids": ""}, "Donnez un poids"),
        ({"libelle": "Études", "poids": "0"}, "Le poids va de 1 à 100."),
        ({"libelle": "", "prevu_le": "2026-01-01"}, "Nommez ce jalon"),
        ({"libelle": "Études", "poids": "5", "atteint_le": "2099-01-01"}, "pas encore passé"),
    ],
)
def test_un_jalon_mal_ecrit_est_dit(
    fiche: Fiche, owner: Agent, connecte: Connecte, champs: dict[str, str], dit: str
) -> None:
    reponse = connecte(owner).post(
        f"{URL}jalons/", GESTION | {"jalons-TOTAL_FORMS": "1"} | ligne(0, **champs)
    )
    assert reponse.status_code == 422
    assert dit in reponse.content.decode()


def test_trop_de_jalons_est_refuse(fiche: Fiche) -> None:
    saisis = [JalonSaisi(None, f"Jalon {n}", 1, None, None) for n in range(13)]
    with pytest.raises(SuiviRefuse, match="12 jalons au plus"):
        actions.ecrire_jalons(fiche, saisis, version_lue=1, par=None)


def test_une_photo_sans_texte_deux_fois_ou_de_trop_est_refusee(
    fiche: Fiche, monkeypatch: pytest.MonkeyPatch
) -> None:
    from arpent.plateforme.socle.envois import Envoi

    envoi = Envoi("p.jpg", image())
    with pytest.raises(SuiviRefuse, match="ce que montre la photo"):
        actions.deposer_photo(fiche, envoi, description=" ", prise_le=LE, par=None)
    photo = actions.deposer_photo(fiche, envoi, description="Toit", prise_le=LE, par=None)
    with pytest.raises(SuiviRefuse, match="déjà dans le suivi"):
        actions.deposer_photo(fiche, envoi, description="Toit", prise_le=LE, par=None)
    actions.retirer_photo(photo, par=None)
    with pytest.raises(SuiviRefuse, match="déjà retirée"):
        actions.retirer_photo(photo, par=None)
    monkeypatch.setattr(actions, "PHOTOS_MAX", 0)
    with pytest.raises(SuiviRefuse, match="retirez-en une"):
        actions.deposer_photo(fiche, envoi, description="Toit", prise_le=LE, par=None)
    with pytest.raises(SuiviRefuse, match="vide"):
        actions.deposer_photo(fiche, Envoi("p.jpg", b""), description="Toit", prise_le=LE, par=None)


def test_une_photo_retiree_n_est_plus_servie(fiche: Fiche, owner: Agent, connecte: Connecte) -> None:
    from arpent.plateforme.socle.envois import Envoi

    photo = actions.deposer_photo(fiche, Envoi("p.jpg", image()), description="Toit", prise_le=LE, par=None)
    client = connecte(owner)
    assert client.post(f"{URL}photos/{photo.pk}/retirer/").status_code == 302
    assert client.get(f"{URL}photos/{photo.pk}/").status_code == 404


def test_un_autre_maire_lit_sans_ecrire(
    suivi: SuiviProjet, bloquant: PointBloquant, accord: Monde, connecte: Connecte
) -> None:
    client = connecte(accord.maire)
    page = client.get(URL).content.decode()
    assert "Sol pollué" in page
    assert "Ce point est levé" not in page
    assert client.get(f"{URL}point/").status_code == 403


def test_un_projet_qui_n_est_pas_retenu_ne_se_suit_pas(accord: Monde, connecte: Connecte) -> None:
    client = connecte(accord.chef)
    page = client.get(f"{RACINE}projets/3/avancement/").content.decode()
    assert "une fois le projet retenu" in page
    for geste in ("jalons/types/", "jalons/", "point/"):
        reponse = client.post(f"{RACINE}projets/3/avancement/{geste}", follow=True)
        assert reponse.redirect_chain == [(f"{RACINE}projets/3/avancement/", 302)]
    assert not SuiviProjet.objects.exists()


def test_hors_du_perimetre_rien_n_existe(suivi: SuiviProjet, accord: Monde, connecte: Connecte) -> None:
    ailleurs = connecte(fabrique.agent("maire", accord.voisine))
    assert {ailleurs.get(a).status_code for a in (URL, f"{URL}point/", f"{RACINE}avancement/")} == {404}


def test_le_territoire_monte_par_le_cout_et_par_axe(
    fiche: Fiche, suivi: SuiviProjet, accord: Monde, connecte: Connecte
) -> None:
    axe = Axe.objects.create(demarche=accord.demarche, numero=1, libelle="Vivre ici")
    Fiche.objects.filter(pk=fiche.pk).update(axe=axe, cout_ht=Decimal(300_000))
    actions.faire_le_point(fiche, franchis=[suivi.jalons.all()[0].pk], le=LE, par=None)
    lu = avancement_de(accord.demarche, LE)
    assert (lu.ensemble.nombre, lu.sans_jalons, lu.acheves) == (2, 1, 0)
    assert (lu.ensemble.taux.fait, lu.ensemble.taux.total) == (Decimal(45_000), Decimal(400_000))
    assert [(x.axe, x.ensemble.taux.valeur) for x in lu.axes] == [(axe, Decimal("0.15")), (None, Decimal(0))]
    page = connecte(accord.chef).get(f"{RACINE}avancement/").content.decode()
    assert "Vivre ici" in page
    assert "Jalons à écrire" in page


def test_les_retards_vont_du_plus_long_au_plus_court(
    fiche: Fiche, suivi: SuiviProjet, bloquant: PointBloquant, accord: Monde, connecte: Connecte
) -> None:
    autre = accord.fiches[1]
    Fiche.objects.filter(pk=autre.pk).update(debut_le=date(2020, 1, 1), fin_le=date(2020, 12, 31))
    autre.refresh_from_db()
    autre.demarche = accord.demarche
    actions.poser_jalons(autre, par=None)
    JalonProjet.objects.filter(suivi=suivi).update(prevu_le=date.today() - JOUR)
    lu = avancement_de(accord.demarche, date.today())
    assert [x.fiche.numero for x in lu.en_retard] == [2, 1]
    page = connecte(accord.chef).get(f"{RACINE}avancement/?voir=retards").content.decode()
    assert "En retard, du plus long au plus court" in page
    assert "Sol pollué" in page


def test_sans_projet_retenu_la_page_dit_quand(monde: Monde, connecte: Connecte) -> None:
    page = connecte(monde.chef).get(f"{RACINE}avancement/").content.decode()
    assert "Rien à suivre pour l’instant" in page
    assert not Accord.objects.exists()


def test_les_requetes_ne_dependent_pas_des_projets(
    suivi: SuiviProjet,
    bloquant: PointBloquant,
    accord: Monde,
    connecte: Connecte,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    client = connecte(accord.chef)
    client.get(f"{RACINE}avancement/")
    with django_assert_max_num_queries(10):
        client.get(f"{RACINE}avancement/")
    with django_assert_max_num_queries(13):
        client.get(URL)
