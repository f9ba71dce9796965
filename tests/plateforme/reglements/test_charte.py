"""The charter of an authority: what is refused, what the documents carry, who may set it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.chartes import (
    CharteRefusee,
    PoliceDeposee,
    charte_de,
    charte_doc,
    contraste,
)
from arpent.plateforme.documents.models import Charte, PoliceCharte
from arpent.plateforme.documents.rendu.docx import rendre_contrat_docx
from arpent.plateforme.documents.rendu.pdf import rendre_contrat_pdf
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.reglements.chartes import enregistrer_charte
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.documents.polices import FAMILLE, SERIF, TITRES, les_trois, police
from tests.plateforme import fabrique

VALEURS = {
    "couleur": "#7A1F2B",
    "entete": "Direction des territoires",
    "pied": "4 rue X",
    "fait_a": "Mende",
    "bloc": "",
}


def image(mode: str = "RGBA", taille: tuple[int, int] = (120, 60), format: str = "PNG") -> bytes:
    tampon = io.BytesIO()
    Image.new(mode, taille, (0, 0, 0, 0) if mode == "RGBA" else "red").save(tampon, format)
    return tampon.getvalue()


@pytest.fixture
def dispositif(db: None) -> Dispositif:
    return fabrique.dispositif()


def enregistrer(dispositif: Dispositif, *, lue: int = 0, logo: bytes | None = None, **champs: Any) -> Charte:
    return enregistrer_charte(
        dispositif.autorite, VALEURS | champs, version_lue=lue, image=logo, retirer_logo=False, par=None
    )


def test_sans_charte_les_documents_gardent_leur_habit(dispositif: Dispositif) -> None:
    assert charte_doc(dispositif.autorite.pk, "X") is None


def test_une_charte_s_enregistre_se_journalise_et_se_lit(dispositif: Dispositif) -> None:
    enregistrer(dispositif, logo=image())
    lue = charte_doc(dispositif.autorite.pk, "Département")
    assert lue is not None
    assert (lue.couleur, lue.entete, lue.pied, lue.fait_a) == (
        "#7a1f2b", "Direction des territoires", "4 rue X", "Mende",
    )  # fmt: skip
    assert lue.alternative == "Logo : Département"
    assert "data:image/png;base64," in lue.logo
    assert Entree.objects.filter(geste="modifier_charte").count() == 1


def test_un_logo_transparent_est_pose_sur_du_blanc(dispositif: Dispositif) -> None:
    charte = enregistrer(dispositif, logo=image())
    with charte.logo.open("rb") as flux, Image.open(flux) as pose:
        assert pose.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("champs", "logo", "champ", "mot"),
    [
        ({"couleur": "vert"}, None, "couleur", "#17573c"),
        ({"couleur": "#ffdd00"}, None, "couleur", "trop claire"),
        ({}, b"du texte", "logo", "image lisible"),
        ({}, b"<svg onload=alert(1)>", "logo", "image lisible"),
        ({}, b"\x89PNG\r\n\x1a\nabime", "logo", "image lisible"),
        ({}, b"x" * (2 * 1024**2 + 1), "logo", "2 Mo"),
    ],
)
def test_ce_qui_ne_s_imprime_pas_est_refuse(
    dispositif: Dispositif, champs: dict[str, str], logo: bytes | None, champ: str, mot: str
) -> None:
    with pytest.raises(CharteRefusee, match=mot) as refus:
        enregistrer(dispositif, logo=logo, **champs)
    assert refus.value.champ == champ
    assert not Charte.objects.exists()


def test_un_logo_minuscule_est_refuse(dispositif: Dispositif) -> None:
    with pytest.raises(CharteRefusee, match="trop petit"):
        enregistrer(dispositif, logo=image(taille=(8, 8)))


def test_deux_personnes_la_seconde_est_prevenue(dispositif: Dispositif) -> None:
    enregistrer(dispositif)
    enregistrer(dispositif, lue=1, entete="Autre")
    with pytest.raises(ConflitDeVersion):
        enregistrer(dispositif, lue=1, entete="Trop tard")
    assert charte_de(dispositif.autorite.pk).entete == "Autre"


@given(st.integers(0, 0xFFFFFF))
def test_le_contraste_va_de_un_a_vingt_et_un(code: int) -> None:
    assert 1 <= round(contraste(f"#{code:06x}"), 6) <= 21


def test_le_noir_et_le_blanc_encadrent() -> None:
    assert contraste("#000000") == pytest.approx(21)
    assert contraste("#ffffff") == pytest.approx(1)


def test_le_contrat_porte_la_charte_en_pdf_et_en_word(dispositif: Dispositif) -> None:
    from dataclasses import replace

    import pikepdf

    enregistrer(dispositif, logo=image("RGB"))
    doc: Any = gabarit("contrat/v1").exemple()
    avec = replace(doc, charte=charte_doc(dispositif.autorite.pk, "Département d’essai"))
    sans, porte = rendre_contrat_pdf(doc), rendre_contrat_pdf(avec)
    assert sans != porte
    with pikepdf.open(io.BytesIO(porte)) as pdf, pikepdf.open(io.BytesIO(sans)) as nu:
        assert len(pdf.pages[0].get_images()) == len(nu.pages[0].get_images()) + 1
        assert b"pdfaid:part>2" in pdf.Root.Metadata.read_bytes()
        assert b"pdfuaid:part>1" in pdf.Root.Metadata.read_bytes()
    word = Document(io.BytesIO(rendre_contrat_docx(avec)))
    assert str(word.styles["Heading 1"].font.color.rgb) == "7A1F2B"
    assert len(word.inline_shapes) == 1
    assert "Direction des territoires" in [p.text for p in word.paragraphs[:5]]
    assert "4 rue X" in word.sections[0].footer.paragraphs[0].text


def test_la_page_enregistre_refuse_et_montre_l_exemple(dispositif: Dispositif, client: Client) -> None:
    demarche = fabrique.demarche(dans=dispositif)
    client.force_login(fabrique.agent("chef_de_projet", demarche))
    adresse = reverse("reglements:charte", args=[dispositif.slug])
    assert client.get(adresse).status_code == 200
    saisie = VALEURS | {"version_lue": 0}
    fichier = SimpleUploadedFile("logo.png", image("RGB"))
    assert client.post(adresse, saisie | {"logo_image": fichier}).status_code == 302
    refus = client.post(adresse, saisie | {"version_lue": 1, "couleur": "#ffffff"})
    assert refus.status_code == 422
    assert "trop claire" in refus.content.decode()
    assert client.post(adresse, saisie).status_code == 409
    retrait = saisie | {"version_lue": 1, "retirer_logo": "on"}
    assert client.post(adresse, retrait).status_code == 302
    assert not charte_de(dispositif.autorite.pk).logo
    exemple = reverse("reglements:charte_apercu", args=[dispositif.slug, "docx"])
    assert client.get(exemple).content[:2] == b"PK"
    assert client.get(reverse("reglements:charte_apercu", args=[dispositif.slug, "odt"])).status_code == 404
    client.force_login(fabrique.agent("maire", demarche, pour=fabrique.organisation()))
    assert client.get(adresse).status_code == 403


def deposees(**octets: bytes) -> dict[str, PoliceDeposee]:
    return {emploi: PoliceDeposee(f"{emploi}.ttf", contenu) for emploi, contenu in octets.items()}


def toutes() -> dict[str, PoliceDeposee]:
    texte, gras, titres = les_trois()
    return deposees(texte=texte, texte_gras=gras, titres=titres)


def avec_polices(
    dispositif: Dispositif, polices: dict[str, PoliceDeposee], lue: int = 0, **autres: Any
) -> Charte:
    return enregistrer_charte(
        dispositif.autorite, VALEURS, version_lue=lue, image=None, retirer_logo=False, par=None,
        polices=polices, **autres,
    )  # fmt: skip


def test_les_polices_s_enregistrent_se_journalisent_et_se_lisent(dispositif: Dispositif) -> None:
    avec_polices(dispositif, toutes())
    lue = charte_doc(dispositif.autorite.pk, "X")
    assert lue is not None
    assert (lue.familles("texte"), lue.familles("titres")) == ((FAMILLE,), (TITRES,))
    entree = Entree.objects.get(geste="modifier_charte")
    assert FAMILLE in entree.apres["polices"]["texte_gras"]
    assert entree.avant["polices"] == {}


@pytest.mark.parametrize(
    ("polices", "champ", "mot"),
    [
        (deposees(texte=les_trois()[0]), "police_texte_gras", "version grasse"),
        (deposees(texte_gras=les_trois()[1]), "police_texte", "version normale"),
        (deposees(texte=les_trois()[1], texte_gras=les_trois()[1]), "police_texte", "en gras"),
        (deposees(texte=les_trois()[0], texte_gras=les_trois()[0]), "police_texte_gras", "pas en gras"),
        (
            deposees(texte=police(SERIF, TITRES), texte_gras=les_trois()[1]),
            "police_texte_gras", "pas de la même famille",
        ),
        (deposees(titres=b"du texte"), "police_titres", "pas une police"),
    ],
)  # fmt: skip
def test_des_polices_qui_ne_vont_pas_ensemble_sont_refusees(
    dispositif: Dispositif, polices: dict[str, PoliceDeposee], champ: str, mot: str
) -> None:
    with pytest.raises(CharteRefusee, match=mot) as refus:
        avec_polices(dispositif, polices)
    assert refus.value.champ == champ
    assert not Charte.objects.exists()
    assert not PoliceCharte.objects.exists()


def test_une_police_remplacee_reste_hors_service_et_l_on_revient_aux_notres(dispositif: Dispositif) -> None:
    avec_polices(dispositif, toutes())
    ancienne = PoliceCharte.objects.get(emploi="titres")
    avec_polices(dispositif, deposees(titres=police(SERIF, "Autre Titre")), lue=1)
    ancienne.refresh_from_db()
    assert ancienne.retiree_le is not None
    assert ancienne.fichier.storage.exists(ancienne.fichier.name)
    lue = charte_doc(dispositif.autorite.pk, "X")
    assert lue is not None
    assert lue.familles("titres") == ("Autre Titre",)
    avec_polices(dispositif, {}, lue=2, retirer_les_polices=True)
    nue = charte_doc(dispositif.autorite.pk, "X")
    assert nue is not None
    assert nue.polices == ()
    assert PoliceCharte.objects.count() == 4


def test_un_depot_sans_nouvelle_police_garde_celles_qui_servent(dispositif: Dispositif) -> None:
    avec_polices(dispositif, toutes())
    avec_polices(dispositif, {}, lue=1)
    assert PoliceCharte.objects.filter(retiree_le=None).count() == 3


@pytest.mark.parametrize(
    ("bloc", "attendu"),
    [("  Pour la Présidente\r\n\r\net par délégation  ", "Pour la Présidente\net par délégation"), ("", "")],
)
def test_le_bloc_de_signature_est_range(dispositif: Dispositif, bloc: str, attendu: str) -> None:
    enregistrer(dispositif, bloc=bloc)
    assert charte_de(dispositif.autorite.pk).bloc == attendu


def test_un_bloc_de_cinq_lignes_est_refuse(dispositif: Dispositif) -> None:
    with pytest.raises(CharteRefusee, match="quatre lignes") as refus:
        enregistrer(dispositif, bloc="\n".join("abcde"))
    assert refus.value.champ == "bloc"


def test_la_page_depose_les_polices_et_dit_ce_qui_manque(dispositif: Dispositif, client: Client) -> None:
    demarche = fabrique.demarche(dans=dispositif)
    client.force_login(fabrique.agent("chef_de_projet", demarche))
    adresse = reverse("reglements:charte", args=[dispositif.slug])
    texte, gras, _ = les_trois()
    saisie = VALEURS | {"version_lue": 0, "bloc": "Pour la Présidente"}
    refus = client.post(adresse, saisie | {"police_texte": SimpleUploadedFile("a.ttf", texte)})
    assert refus.status_code == 422
    assert "Ajoutez la version grasse" in refus.content.decode()
    assert "Pour la Présidente" in refus.content.decode()
    envoi = saisie | {
        "police_texte": SimpleUploadedFile("a.ttf", texte),
        "police_texte_gras": SimpleUploadedFile("b.ttf", gras),
    }
    assert client.post(adresse, envoi).status_code == 302
    page = client.get(adresse).content.decode()
    assert f"{FAMILLE} (texte), {FAMILLE} (texte en gras)" in page
    assert "Revenir aux polices" in page
    exemple = client.get(reverse("reglements:charte_apercu", args=[dispositif.slug, "pdf"]))
    assert exemple.content.startswith(b"%PDF-")
    word = client.get(reverse("reglements:charte_apercu", args=[dispositif.slug, "docx"]))
    lu = Document(io.BytesIO(word.content))
    assert lu.styles["Normal"].font.name == FAMILLE
    assert any("Pour la Présidente" in c.text for t in lu.tables for r in t.rows for c in r.cells)
