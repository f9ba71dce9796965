"""Files kept with a fiche: read by their content, served within the perimeter, withdrawn and never erased."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import PieceJointe
from arpent.plateforme.socle.fichiers import FichierRefuse, lire_fichier
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%contenu\n%%EOF\n"
URL = "/territoires/gevaudan/plan/fiches/3/pieces/"


@pytest.fixture(autouse=True)
def depot(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def fiche(demarche):
    return fabrique.fiche(demarche, numero=3)


@pytest.fixture
def maire(demarche, fiche, connecte):
    return connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))


def image(genre="JPEG", taille=(40, 30), **options):
    sortie = io.BytesIO()
    Image.new("RGB", taille, "green").save(sortie, genre, **options)
    return sortie.getvalue()


def classeur(*noms, **contenus):
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for nom in noms:
            archive.writestr(nom, b"x")
        for nom, contenu in contenus.items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()


def envoyer(client, contenu, nom="devis.pdf", nature="devis", titre="Devis du maçon"):
    fichier = SimpleUploadedFile(nom, contenu)
    return client.post(URL, {"fichier": fichier, "nature": nature, "titre": titre}, follow=True)


def test_un_devis_se_joint_se_lit_et_se_retire(fiche, maire):
    assert "Devis du maçon" in envoyer(maire, PDF).content.decode()
    piece = PieceJointe.objects.get()
    assert (piece.type_mime, piece.nom_fichier, piece.taille) == ("application/pdf", "devis.pdf", len(PDF))
    reponse = maire.get(f"{URL}{piece.pk}/")
    assert b"".join(reponse.streaming_content) == PDF
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    maire.post(f"{URL}{piece.pk}/retirer/")
    assert maire.get(f"{URL}{piece.pk}/").status_code == 404
    assert "Devis du maçon</a>" not in maire.get(fiche.get_absolute_url()).content.decode()
    piece.refresh_from_db()
    assert piece.retiree_le is not None
    assert piece.fichier.storage.exists(piece.fichier.name)
    assert [e.geste for e in Entree.objects.all()[:2]] == ["retirer_piece", "deposer_piece"]


def test_une_photo_perd_sa_position_et_s_affiche_avec_son_texte(fiche, maire):
    exif = Image.Exif()
    exif[0x010E] = "Chez Mme Roux"
    exif[0x8825] = {1: "N", 2: (44.0, 31.0, 0.0)}
    brute = image(exif=exif)
    assert b"Chez Mme Roux" in brute
    page = envoyer(maire, brute, "IMG_0001.JPG", "photo", "La toiture, côté cour").content.decode()
    assert 'alt="La toiture, côté cour"' in page
    piece = PieceJointe.objects.get()
    reponse = maire.get(f"{URL}{piece.pk}/?voir")
    servie = b"".join(reponse.streaming_content)
    assert b"Chez Mme Roux" not in servie
    assert not Image.open(io.BytesIO(servie)).getexif()
    assert reponse.headers["Content-Type"] == "image/jpeg"
    assert reponse.headers["Content-Disposition"].startswith("inline")


def test_une_grande_photo_est_reduite():
    lue = lire_fichier(image("PNG", (5_000, 100)))
    assert Image.open(io.BytesIO(lue.contenu)).size == (2_400, 48)


@pytest.mark.parametrize(
    ("contenu", "nom", "nature", "message"),
    [(b"<html><script>alert(1)</script></html>", "devis.pdf", "devis", "pas accepté"),
     (b"MZ\x90\x00", "devis.pdf", "devis", "pas accepté"),
     (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.png", "photo", "pas accepté"),
     (b"\xff\xd8\xff\xe0" + b"\x00" * 40, "photo.jpg", "photo", "accept"),
     (b"PK\x03\x04tronque", "devis.docx", "devis", "abîmé"),
     (PDF, "photo.jpg", "photo", "Une photo est une image"),
     (b"", "devis.pdf", "devis", "vide"),
     (classeur("[Content_Types].xml", "word/a.xml", "word/vbaProject.bin"), "a.docx", "devis", "macro"),
     (classeur("au-hasard.txt"), "devis.docx", "devis", "pas accepté")],
)  # fmt: skip
def test_un_fichier_qui_n_est_pas_ce_qu_il_dit_est_refuse(fiche, maire, contenu, nom, nature, message):
    reponse = envoyer(maire, contenu, nom, nature)
    page = reponse.content.decode()
    assert reponse.status_code == 400
    assert message in page
    assert 'value="Devis du maçon"' in page
    assert not PieceJointe.objects.exists()


@pytest.mark.parametrize(
    ("contenu", "extension"),
    [(classeur("[Content_Types].xml", "word/document.xml"), "docx"),
     (classeur("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
     (classeur(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
     (image("WEBP"), "webp"), (PDF, "pdf")],
)  # fmt: skip
def test_les_types_du_metier_sont_reconnus(contenu, extension):
    assert lire_fichier(contenu).extension == extension


def test_un_fichier_trop_lourd_est_refuse(fiche, maire, settings):
    settings.ARPENT_TAILLE_MAX_FICHIER = 1024**2
    assert "dépasse 1\xa0Mo" in envoyer(maire, PDF + b"x" * 1024**2).content.decode().replace(
        "dépasse 1 Mo", "dépasse 1\xa0Mo"
    )
    assert not PieceJointe.objects.exists()


def test_le_meme_fichier_n_est_pas_joint_deux_fois(fiche, maire):
    envoyer(maire, PDF)
    assert "déjà joint" in envoyer(maire, PDF).content.decode()
    assert PieceJointe.objects.count() == 1


def test_la_piece_d_une_fiche_cachee_n_existe_pas(demarche, fiche, maire, connecte):
    envoyer(maire, PDF)
    piece = PieceJointe.objects.get()
    ailleurs = connecte(fabrique.agent("agent_epci", fabrique.demarche()))
    assert ailleurs.get(f"{URL}{piece.pk}/").status_code == 404
    voisin = connecte(fabrique.agent("maire", demarche))
    assert voisin.get(f"{URL}{piece.pk}/").status_code == 200
    assert voisin.post(f"{URL}{piece.pk}/retirer/").status_code == 403
    fabrique.fiche(demarche, numero=4)
    assert voisin.get(f"/territoires/gevaudan/plan/fiches/4/pieces/{piece.pk}/").status_code == 404
    fiche.etat = "brouillon"
    fiche.save()
    assert voisin.get(f"{URL}{piece.pk}/").status_code == 404


def test_une_image_demesuree_est_refusee_avant_d_etre_lue(monkeypatch):
    monkeypatch.setattr("arpent.plateforme.socle.fichiers.PIXELS_MAX", 1_000)
    with pytest.raises(FichierRefuse, match="trop grande"):
        lire_fichier(image(taille=(200, 200)))


@pytest.mark.parametrize(("genre", "admise"), [("JPEG", True), ("PNG", False), ("WEBP", False)])
def test_une_image_qui_se_lit_en_entier_est_bornee_plus_bas(monkeypatch, genre, admise):
    monkeypatch.setattr("arpent.plateforme.socle.fichiers.PIXELS_MAX_EN_MEMOIRE", 1_000)
    contenu = image(genre, taille=(200, 200))
    if admise:
        assert lire_fichier(contenu).type_mime == "image/jpeg"
        contenu = image(genre, taille=(200, 200), progressive=True)
    with pytest.raises(FichierRefuse, match="trop grande"):
        lire_fichier(contenu)


def test_une_image_aux_passes_innombrables_est_refusee_avant_d_etre_lue():
    """Each pass of a JPEG is a whole decoding: a small file would hold the server for hours."""
    saine = image(taille=(200, 200), progressive=True)
    passe = saine[saine.rindex(b"\xff\xda") : -2]
    assert lire_fichier(saine).extension == "jpg"
    with pytest.raises(FichierRefuse, match="anormale"):
        lire_fichier(saine[:-2] + passe * 60 + saine[-2:])
