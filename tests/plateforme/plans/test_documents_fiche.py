"""What one takes away from a fiche: PDF, draft délibération, pieces, report; and what is kept of it."""

import hashlib
import io
from decimal import Decimal

import pytest
from docx import Document
from PIL import Image

from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.texte import euros
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.models import (
    Deliberation,
    DemarcheFinanceur,
    DerogationRegle,
    LigneDepense,
    PieceJointe,
)
from arpent.plateforme.plans.sorties import completes, fiches_doc
from arpent.plateforme.reglements.pieces import NATURES
from arpent.plateforme.territoires.models import Contour
from tests.documents.hostiles import HOSTILES
from tests.documents.verification import faults
from tests.plateforme import fabrique
from tests.plateforme.plans.garnie import LE, dit, garnie, joindre, lire, ouverte, serre

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche():
    return ouverte()


# --- the fiche ------------------------------------------------------------------------------------


def test_la_fiche_se_telecharge_avec_tout_ce_qu_elle_dit(demarche, connecte):
    fiche = garnie(demarche)
    reponse = lire(fiche, connecte, "fiche.pdf")
    assert reponse.status_code == 200
    assert reponse["Content-Disposition"] == 'attachment; filename="fiche-gevaudan-4.pdf"'
    assert faults(reponse.content) == []
    texte = dit(reponse)
    for attendu in (
        "École de Chirac", "Commune de Chirac", "Elle remplace les préfabriqués.", "Jeanne Martin",
        "Gros œuvre",
        "du 1er mars 2027 au 30 juin 2028", "DETR 2026", "30 000,50 €", "20 000,00 €",
        "Département de la Lozère",
        "Il manque 9 999,50 €", "LEADER, Le GAL", "Aucune délibération", "Refusés", "999,00 €",
    ):  # fmt: skip
        assert serre(attendu) in texte, attendu


def test_la_fiche_montre_la_photo_et_la_carte(demarche):
    fiche = garnie(demarche, latitude=Decimal("44.05"), longitude=Decimal("3.05"))
    tampon = io.BytesIO()
    Image.new("RGB", (300, 200), "#336699").save(tampon, "PNG")
    joindre(fiche, "photo", "Retirée", tampon.getvalue(), retiree_le="2026-01-01T00:00Z")
    joindre(fiche, "photo", "Illisible", b"abime")
    joindre(fiche, "photo", "La cour", tampon.getvalue())
    carre = [[[3.0, 44.0], [3.1, 44.0], [3.1, 44.1], [3.0, 44.1], [3.0, 44.0]]]
    membre = demarche.territoire.groupements.get().membres.order_by("pk")[0]
    Contour.objects.create(commune=membre, geometrie={"type": "Polygon", "coordinates": carre})
    doc = fiches_doc(demarche, completes(demarche.fiches.all(), demarche), LE, seule=True)
    (une,) = doc.fiches
    assert une.photo is not None
    assert une.photo.alternative == "La cour"
    assert une.carte is not None
    assert "le point marque le projet" in une.carte.alternative
    assert "<circle" in une.carte.svg


def test_sans_contour_ni_photo_la_fiche_n_a_pas_d_image(demarche):
    garnie(demarche)
    (une,) = fiches_doc(demarche, completes(demarche.fiches.all(), demarche), LE, seule=True).fiches
    assert une.carte is None
    assert une.photo is None


def test_soixante_textes_hostiles_saisis_sur_la_fiche_restent_des_textes(demarche, connecte):
    """Every free text of a fiche, its rows and what goes with it, read back in the PDF and in Word."""
    textes = [x.replace("\0", "")[:140] for x in HOSTILES]
    tout = "\n".join(textes)
    fiche = garnie(demarche, titre=tout[:300].replace("\n", " "), description=tout, besoin=tout, effets=tout)
    fiche.adresse = fiche.contact_nom = fiche.contact_fonction = textes[30]
    fiche.transition_objectifs = fiche.renouvellement_de = fiche.emplois_preuve = textes[40]
    fiche.quantites, fiche.complements = {textes[0]: textes[1]}, {textes[2]: textes[3]}
    fiche.criteres = fiche.zonages = fiche.contrats_lies = textes
    fiche.save()
    for texte in textes:
        LigneDepense.objects.create(fiche=fiche, libelle=texte, nature=texte[:60], montant=1)
        DemarcheFinanceur.objects.create(
            fiche=fiche, financeur="ue", dispositif=texte, interlocuteur=texte, precision=texte, suite=texte
        )
    Deliberation.objects.create(fiche=fiche, numero=textes[5], assemblee=textes[30], adoptee_le=LE)
    DerogationRegle.objects.create(
        fiche=fiche, regle="r", article=textes[30], intitule=textes[40], motif=tout, par_nom=textes[31]
    )
    for suite in ("fiche.pdf", "deliberation.pdf", "pieces.pdf", "pre-instruction.pdf"):
        reponse = lire(fiche, connecte, suite)
        assert reponse.status_code == 200, suite
        assert faults(reponse.content) == [], suite
    texte = dit(lire(fiche, connecte, "fiche.pdf"))
    assert '#import"/etc/passwd"' in texte
    assert "<script>alert(1)</script>" in texte
    word = lire(fiche, connecte, "deliberation.docx")
    paragraphes = "\n".join(p.text for p in Document(io.BytesIO(word.content)).paragraphs)
    assert "{{ ''.__class__.__mro__ }}" in paragraphes
    page = lire(fiche, connecte, "").content.decode()
    assert "<script>alert(1)" not in page


def test_un_document_se_rend_en_requetes_constantes(demarche, connecte, django_assert_max_num_queries):
    fiche = garnie(demarche)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    url = f"{fiche.get_absolute_url()}documents/"
    client.get(f"{url}fiche.pdf")
    for rang in range(12):
        fabrique.financement(fiche, "region", "100")
        LigneDepense.objects.create(fiche=fiche, libelle=str(rang), montant=1)
        Deliberation.objects.create(fiche=fiche, numero=str(rang), adoptee_le=LE, assemblee="C")
    for suite, requetes in (
        ("", 25),
        ("fiche.pdf", 40),
        ("deliberation.docx", 25),
        ("pre-instruction.pdf", 35),
    ):
        with django_assert_max_num_queries(requetes):
            assert client.get(url + suite).status_code == 200


# --- the pieces -----------------------------------------------------------------------------------


def test_les_pieces_attendues_se_comptent_selon_le_theme_et_l_etape(demarche, connecte):
    fiche = garnie(demarche)
    joindre(fiche, "photo")
    joindre(fiche, "courrier", "Lettre de la Région")
    Deliberation.objects.create(fiche=fiche, numero="2026-4", adoptee_le=LE, assemblee="Conseil")
    page = lire(fiche, connecte, "").content.decode()
    assert "1 pièce manque à ce projet" in page
    assert "Étude d’urbanisme" not in page
    texte = dit(lire(fiche, connecte, "pieces.pdf"))
    for attendu in (
        "La cour, déposée le", "Manquante", "À joindre plus tard", "Acte n° 2026-4 du 1er juin 2026 noté",
        "Lettre de la Région",
    ):  # fmt: skip
        assert serre(attendu) in texte, attendu


def test_les_natures_de_pieces_du_dispositif_sont_celles_des_fichiers():
    assert set(PieceJointe.Nature.values) == NATURES


# --- the report -----------------------------------------------------------------------------------


def test_le_rapport_du_jour_ne_garde_rien_et_dit_qu_il_n_est_pas_conclu(demarche, connecte):
    fiche = garnie(demarche)
    texte = dit(lire(fiche, connecte, "pre-instruction.pdf"))
    for attendu in ("Taux d’intervention", "30 % × 100 000,00 €", "n’est pas conclue", "Règlement d’essai"):
        assert serre(attendu) in texte, attendu
    assert not DocumentEmis.objects.filter(genre="rapport de pré-instruction").exists()


def test_le_rapport_d_une_pre_instruction_conclue_reste_celui_de_la_conclusion(demarche, connecte):
    fiche = garnie(demarche)
    chef = fabrique.agent("chef_de_projet", demarche, nom="Roux", prenom="Anne")
    faire_avancer_fiche(fiche, "pre_instruire", par=chef)
    fiche.refresh_from_db()
    fiche.cout_ht = fiche.assiette = Decimal("50000")
    fiche.save()
    texte = dit(lire(fiche, connecte, "pre-instruction.pdf"))
    for attendu in (
        "parAnneRoux",
        "30%×100000,00€",
        "Depuis,ontchangé:lecoûtHT(100000,00€→50000,00€)",
        "CoûtHT100000,00€",
    ):
        assert attendu in texte, attendu


def test_une_regle_ecartee_se_lit_avec_son_nom_son_motif_et_son_retrait(demarche, connecte):
    fiche = garnie(demarche)
    DerogationRegle.objects.create(
        fiche=fiche, regle="taux", article="2", intitule="Taux d’intervention", motif="Projet pilote",
        par_nom="Anne Roux", plafond=Decimal("42000"), levee_le="2026-05-02T10:00Z",
        levee_par_nom="Paul Blanc", levee_motif="Erreur",
    )  # fmt: skip
    texte = dit(lire(fiche, connecte, "pre-instruction.pdf"))
    for attendu in ("parAnneRoux", "Projetpilote", serre(euros(Decimal(42000))), "parPaulBlanc:Erreur"):
        assert attendu in texte, attendu


def test_emettre_garde_le_rapport_avec_son_empreinte_et_le_note_au_journal(demarche, connecte):
    fiche = garnie(demarche)
    client = connecte(fabrique.agent("instructeur", demarche, nom="Roux", prenom="Anne"))
    url = f"{fiche.get_absolute_url()}documents/"
    assert client.post(f"{url}emettre/").status_code == 302
    emis = DocumentEmis.objects.get(genre="rapport de pré-instruction")
    fichier = client.get(f"/territoires/gevaudan/plan/rapports/{emis.pk}/")
    assert hashlib.sha256(fichier.content).hexdigest() == emis.sha256
    assert (emis.gabarit, emis.emis_par_nom) == ("rapport/v1", "Anne Roux")
    assert emis.donnees["rapport"]["examens"][0]["empreinte"]
    entree = Entree.objects.filter(geste="emettre_rapport").get()
    assert entree.apres["empreinte"] == emis.sha256
    assert emis.sha256[:16] in client.get(url).content.decode()


def test_un_rapport_emis_ne_change_plus_avec_la_fiche(demarche, connecte):
    fiche = garnie(demarche)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    client.post(f"{fiche.get_absolute_url()}documents/emettre/")
    emis = DocumentEmis.objects.get(genre="rapport de pré-instruction")
    avant = client.get(f"/territoires/gevaudan/plan/rapports/{emis.pk}/").content
    fiche.cout_ht = Decimal(1)
    fiche.save()
    assert client.get(f"/territoires/gevaudan/plan/rapports/{emis.pk}/").content == avant


def test_le_rapport_d_une_fiche_cachee_n_existe_pas(demarche, connecte):
    fiche = garnie(demarche)
    connecte(fabrique.agent("chef_de_projet", demarche)).post(f"{fiche.get_absolute_url()}documents/emettre/")
    emis = DocumentEmis.objects.get(genre="rapport de pré-instruction")
    fiche.etat = "brouillon"
    fiche.save()
    autre = connecte(fabrique.agent("maire", demarche))
    assert autre.get(f"/territoires/gevaudan/plan/rapports/{emis.pk}/").status_code == 404
    assert autre.get(f"{fiche.get_absolute_url()}documents/fiche.pdf").status_code == 404


def test_une_mairie_ne_peut_pas_emettre(demarche, connecte):
    fiche = garnie(demarche)
    client = connecte(fabrique.agent("secretaire_mairie", demarche, pour=fiche.maitre_ouvrage))
    assert client.post(f"{fiche.get_absolute_url()}documents/emettre/").status_code == 403
    page = client.get(f"{fiche.get_absolute_url()}documents/").content.decode()
    assert "Émettre et garder" not in page


def test_un_gabarit_qui_refuse_ramene_a_la_page_avec_un_message(demarche, connecte, monkeypatch):
    from arpent.plateforme.documents.rendu import pdf

    fiche = garnie(demarche)
    monkeypatch.setattr(pdf, "NORMES", ("norme-inconnue",))
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    for suite in ("fiche.pdf", "deliberation.pdf", "pieces.pdf", "pre-instruction.pdf"):
        page = client.get(f"{fiche.get_absolute_url()}documents/{suite}", follow=True)
        assert "Le PDF n’a pas été produit" in page.content.decode(), suite
    assert client.post(f"{fiche.get_absolute_url()}documents/emettre/").status_code == 302
    assert not DocumentEmis.objects.filter(genre="rapport de pré-instruction").exists()


def test_la_page_de_la_fiche_mene_aux_documents(demarche, connecte):
    fiche = garnie(demarche)
    page = (
        connecte(fabrique.agent("chef_de_projet", demarche))
        .get(f"{fiche.get_absolute_url()}volets/actes/")
        .content.decode()
    )
    assert f"{fiche.get_absolute_url()}documents/fiche.pdf" in page
