"""The documents of a fiche projet: standards, amounts, blanks that are named, texts that stay texts."""

from __future__ import annotations

import io
import re
import resource
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pikepdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from arpent.metier.argent import en_lettres
from arpent.plateforme.documents.donnees_fiche import DepenseDoc, FichesDoc, PiecesDoc, SeanceDoc, TexteDoc
from arpent.plateforme.documents.donnees_rapport import RapportDoc
from arpent.plateforme.documents.rendu.docx import rendre_deliberation_docx
from arpent.plateforme.documents.rendu.fabrique_deliberation import GABARIT, fabriquer
from arpent.plateforme.documents.rendu.pdf_fiche import (
    rendre_deliberation_pdf,
    rendre_fiches_pdf,
    rendre_pieces_pdf,
    rendre_rapport_pdf,
)
from arpent.plateforme.documents.rendu.photo import COTE, photo
from arpent.plateforme.documents.rendu.polices import dessinable
from arpent.plateforme.documents.rendu.texte import euros, propre

from .fabrique_fiche import (
    EMPREINTE,
    SEANCE,
    deliberation,
    examen,
    fiche_projet,
    fiches,
    pieces,
    rapport,
)
from .hostiles import HOSTILES, partout
from .verification import faults, pages, titles


def _squeeze(texte: str) -> str:
    return re.sub(r"[\s\u200b]", "", texte)


def _dit(contenu: bytes) -> str:
    return "".join(pages(contenu))


def _word(contenu: bytes) -> str:
    doc = Document(io.BytesIO(contenu))
    cellules = (c.text for t in doc.tables for r in t.rows for c in r.cells)
    return "\n".join([*(p.text for p in doc.paragraphs), *cellules])


# --- the fiche ------------------------------------------------------------------------------------


def test_une_fiche_est_archivable_accessible_et_tient_en_trois_pages() -> None:
    contenu = rendre_fiches_pdf(fiches())
    assert faults(contenu) == []
    assert 1 <= len(pages(contenu)) <= 3


def test_une_fiche_ordinaire_tient_sur_une_page() -> None:
    ordinaire = fiche_projet(
        2,
        titre="Amélioration de l’assainissement du bourg, première tranche",
        textes=(TexteDoc("Le projet", "Réseau séparatif et station. " * 6),),
        depenses=tuple(DepenseDoc(x, x, Decimal("24125.00")) for x in ("Travaux", "Maîtrise d’œuvre")),
        refuses=(),
        contacts=(),
    )
    assert len(pages(rendre_fiches_pdf(replace(fiches(), fiches=(ordinaire,))))) == 1


@pytest.mark.parametrize("nombre", [19, 20, 21, 22, 23])
def test_le_total_d_un_long_tableau_n_ouvre_jamais_une_page(nombre: int) -> None:
    depenses = tuple(DepenseDoc(f"Lot numéro {n:03d}", "Travaux", Decimal(1)) for n in range(1, nombre + 1))
    contenu = rendre_fiches_pdf(replace(fiches(), fiches=(fiche_projet(2, depenses=depenses),)))
    lues = [_squeeze(page) for page in pages(contenu)]
    (fin,) = [page for page in lues if f"Total{nombre},00€" in page]
    assert f"Lotnuméro{nombre:03d}" in fin
    assert faults(contenu) == []


def test_la_fiche_dit_chacun_de_ses_champs_et_de_ses_montants() -> None:
    doc = fiches()
    (fiche,) = doc.fiches
    texte = _dit(rendre_fiches_pdf(doc))
    attendus = [fiche.titre, fiche.maitre_ouvrage, fiche.lieu, fiche.etat]
    attendus += [x for r in fiche.reperes for x in (r.cle, r.valeur)]
    attendus += [x for t in fiche.textes for x in (t.titre, t.texte)]
    attendus += [euros(x.montant) for x in (*fiche.plan, *fiche.depenses, *fiche.refuses)]
    attendus += [euros(fiche.total_plan), euros(fiche.cout_ttc), euros(fiche.total_depenses), "2026-12"]
    assert fiche.examen is not None
    attendus += [euros(fiche.examen.aide_maximale), fiche.examen.plafond_liant]
    assert [x for x in attendus if _squeeze(x) not in texte] == []


@pytest.mark.parametrize(
    ("cout", "phrase"),
    [
        ("48250.37", "Total, égal au coût HT"),
        ("48260.37", "Il manque 10,00 €"),
        ("48250.36", "dépassent le coût du projet de 0,01 €"),
    ],
)
def test_l_ecart_du_plan_est_dit_au_centime(cout: str, phrase: str) -> None:
    texte = _dit(rendre_fiches_pdf(fiches(1, cout_ht=Decimal(cout))))
    assert _squeeze(phrase) in texte


def test_une_fiche_presque_vide_se_compose_et_dit_ce_qui_manque() -> None:
    vide = fiche_projet(
        1, lieu="", reperes=(), textes=(), cout_ht=None, cout_ttc=None, assiette=None, aide_demandee=None,
        depenses=(), plan=(), refuses=(), contacts=(), examen=None, actes=(), carte=None, source="",
        demonstration=False,
    )  # fmt: skip
    contenu = rendre_fiches_pdf(replace(fiches(), fiches=(vide,)))
    assert faults(contenu) == []
    assert "Aucunfinancementn’estencorenoté" in _dit(contenu)
    assert "Aucunedélibérationn’estnotée" in _dit(contenu)


def test_le_recueil_a_un_sommaire_et_une_fiche_par_page() -> None:
    contenu = rendre_fiches_pdf(fiches(5))
    assert faults(contenu) == []
    assert [titre for _, titre in titles(contenu)] == [f.titre for f in fiches(5).fiches]
    assert _squeeze(euros(fiches(5).cout_total)) in pages(contenu)[0]


def test_un_recueil_vide_le_dit() -> None:
    contenu = rendre_fiches_pdf(replace(fiches(2), fiches=()))
    assert faults(contenu) == []
    assert "Aucuneficheprojetnerépond" in _dit(contenu)


def _travail() -> float:
    """Processor time of this process and of the compilers it started: a busy machine does not change it."""
    usages = (resource.getrusage(qui) for qui in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@pytest.mark.parametrize(("nombre", "secondes"), [(1, 1), (60, 5)])
def test_une_fiche_se_compose_en_une_seconde_et_soixante_en_cinq(nombre: int, secondes: int) -> None:
    debut = _travail()
    rendre_fiches_pdf(fiches(nombre))
    assert _travail() - debut < secondes


def test_une_photo_est_reduite_redressee_et_sans_memoire_de_l_appareil() -> None:
    tampon = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Marque secrète"
    Image.new("RGB", (4000, 2000), "#336699").save(tampon, "JPEG", exif=exif)
    image = photo(tampon.getvalue(), "Le site")
    assert image is not None
    assert image.rapport == 2
    assert f'height="{COTE}"' in image.svg
    assert "Marque" not in image.svg
    contenu = rendre_fiches_pdf(fiches(1, photo=image))
    assert faults(contenu) == []
    assert b"Marque" not in contenu


@pytest.mark.parametrize("octets", [b"", b"<svg/>", b"GIF89a", b"\xff\xd8\xff\xe0 abime"])
def test_un_fichier_qui_n_est_pas_une_photo_est_laisse_de_cote(octets: bytes) -> None:
    assert photo(octets, "x") is None


# --- the délibération -----------------------------------------------------------------------------


def test_le_projet_de_deliberation_dit_son_plan_et_l_aide_en_lettres() -> None:
    doc = deliberation()
    contenu = rendre_deliberation_pdf(doc)
    assert faults(contenu) == []
    assert doc.aide_demandee is not None
    attendus = [doc.titre_projet, "Vu le règlement", "autorise le maire à signer", euros(doc.total_plan)]
    attendus += [euros(x.montant) for x in doc.plan] + [en_lettres(doc.aide_demandee), "conseil municipal"]
    pdf, word = _dit(contenu), _squeeze(_word(rendre_deliberation_docx(doc)))
    assert [x for x in attendus if _squeeze(x) not in pdf] == []
    assert [x for x in attendus if _squeeze(x) not in word] == []


def test_chaque_blanc_est_marque_dans_le_texte_et_liste() -> None:
    doc = deliberation(cout_ht=None, aide_demandee=None, calendrier="", expose=())
    assert {"la date de la séance", "le résultat du vote", "le calendrier", "le coût du projet"} <= set(
        doc.a_completer
    )
    for texte in (_dit(rendre_deliberation_pdf(doc)), _squeeze(_word(rendre_deliberation_docx(doc)))):
        assert "……" not in texte
        assert texte.count("àcompléter:") >= 6
        for quoi in ("datedelaséance", "montantdel’aide", "calendrier", "coûthorstaxes"):
            assert f"àcompléter:{quoi}" in texte


def test_une_seance_connue_ne_laisse_que_le_secretaire_a_nommer() -> None:
    doc = deliberation(seance=SEANCE)
    assert doc.a_completer == ("le nom du secrétaire de séance",)
    texte = _dit(rendre_deliberation_pdf(doc))
    assert "Séancedu12juin2026" in texte
    assert "2026-31" in texte


def test_un_vote_sans_voix_contre_n_est_pas_un_blanc() -> None:
    sans = replace(SEANCE, contre=0, abstentions=0)
    assert "le résultat du vote" not in deliberation(seance=sans).a_completer
    assert "le résultat du vote" in deliberation(seance=SeanceDoc(pour=9)).a_completer


def test_un_plan_qui_ne_somme_pas_reste_tel_quel_et_se_lit_dans_l_acte() -> None:
    doc = deliberation(cout_ht=Decimal("96600.74"))
    for texte in (_dit(rendre_deliberation_pdf(doc)), _squeeze(_word(rendre_deliberation_docx(doc)))):
        assert _squeeze(f"Il manque {euros(Decimal(100))}") in texte
        assert _squeeze(euros(doc.total_plan)) in texte
        assert "sousréservedeleverl’écart" in texte


def test_le_modele_word_livre_est_celui_que_fabrique_le_script() -> None:
    assert GABARIT.read_bytes() == fabriquer()


def test_le_word_porte_le_tableau_du_plan_en_francais_et_sans_balise() -> None:
    contenu = rendre_deliberation_docx(deliberation())
    doc = Document(io.BytesIO(contenu))
    assert doc.core_properties.language == "fr-FR"
    entetes = [[c.text for c in t.rows[0].cells] for t in doc.tables]
    assert ["Financeur", "Dispositif ou précision", "Statut", "Montant", "Part"] in entetes
    assert all(t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in doc.tables)  # type: ignore[union-attr]
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        xml = archive.read("word/document.xml").decode()
    assert "{{" not in xml
    assert "{%" not in xml


# --- the pieces and the report --------------------------------------------------------------------


def test_la_liste_des_pieces_dit_ce_qui_est_donne_et_ce_qui_manque() -> None:
    contenu = rendre_pieces_pdf(pieces())
    assert faults(contenu) == []
    texte = _dit(contenu)
    for attendu in ("Donnée", "Manquante", "À joindre plus tard", "n° 2026-12 du 1er mars 2026"):
        assert _squeeze(attendu) in texte
    assert "n’apasencorepubliédelistedepièces" in _dit(rendre_pieces_pdf(pieces(pieces=())))


def test_le_rapport_d_une_fiche_dit_chaque_regle_son_calcul_et_qui_l_a_ecartee() -> None:
    doc = rapport()
    (un,) = doc.examens
    contenu = rendre_rapport_pdf(doc)
    assert faults(contenu) == []
    texte = _dit(contenu)
    attendus = [x for c in un.constats for x in (c.libelle, c.article, c.explication, c.calcul, c.verdict)]
    attendus += [euros(c.plafond) for c in un.constats if c.plafond is not None]
    attendus += [x for e in un.entrees for x in (e.cle, e.valeur)]
    attendus += ["Anne Roux", "L’acte est arrivé.", un.reglement, EMPREINTE, "20 mai 2026"]
    assert [x for x in attendus if _squeeze(x) not in texte] == []


def test_le_rapport_du_plan_additionne_par_theme_puis_montre_chaque_fiche() -> None:
    doc = rapport(12)
    contenu = rendre_rapport_pdf(doc)
    assert faults(contenu) == []
    texte = _dit(contenu)
    attendus = [x.theme for x in doc.par_theme] + [euros(x.aide_maximale) for x in doc.par_theme]
    attendus += [euros(doc.ensemble.cout_ht), euros(doc.ensemble.aide_demandee)]
    attendus += [x.titre for x in doc.examens]
    assert [x for x in attendus if _squeeze(x) not in texte] == []
    assert sum(x.nombre for x in doc.par_theme) == 12
    assert sum(x.aide_maximale for x in doc.par_theme) == doc.ensemble.aide_maximale
    assert len(pages(contenu)) <= 8


def test_sans_reglement_le_rapport_le_dit() -> None:
    sans = examen(1, verdict=None, constats=(), derogations=(), entrees=(), reglement="", empreinte="")
    for entier in (True, False):
        doc = replace(rapport(), examens=(sans,), plan_entier=entier)
        contenu = rendre_rapport_pdf(doc)
        assert faults(contenu) == []
        assert "Aucunrèglementenvigueur" in _dit(contenu)


# --- hostile texts --------------------------------------------------------------------------------


@cache
def _hostile() -> tuple[FichesDoc, RapportDoc, PiecesDoc]:
    """Each hostile text in every field of a fiche, of an examination, of a piece."""
    livret = replace(fiches(2), fiches=tuple(partout(fiche_projet(1), x) for x in HOSTILES))
    rapport_ = replace(rapport(2), examens=tuple(partout(examen(1), x) for x in HOSTILES))
    liste = tuple(partout(p, x) for x in HOSTILES for p in pieces().pieces)
    return livret, rapport_, replace(pieces(), pieces=liste, autres=HOSTILES)


def _visible(texte: str) -> str:
    return _squeeze(dessinable(propre(texte)))


def _inerte(contenu: bytes, textes: tuple[str, ...]) -> None:
    assert faults(contenu) == []
    dit = _dit(contenu)
    assert [x[:40] for x in textes if _visible(x)[:150] not in dit] == []
    with pikepdf.open(io.BytesIO(contenu)) as pdf:
        actions = [x for x in pdf.objects if isinstance(x, pikepdf.Dictionary) and "/URI" in x]
        assert actions == []
        assert "/OpenAction" not in pdf.Root


def test_soixante_textes_hostiles_restent_des_textes_dans_les_fiches_et_les_rapports() -> None:
    assert len(HOSTILES) == 60
    livret, rapport_, liste = _hostile()
    _inerte(rendre_fiches_pdf(livret), HOSTILES)
    _inerte(rendre_rapport_pdf(rapport_), HOSTILES)
    seul = replace(rapport_, examens=rapport_.examens[:1], plan_entier=False)
    _inerte(rendre_rapport_pdf(seul), HOSTILES[:1])
    _inerte(rendre_pieces_pdf(liste), HOSTILES)


@pytest.mark.parametrize("rang", range(0, 60, 10))
def test_soixante_textes_hostiles_restent_des_textes_dans_la_deliberation(rang: int) -> None:
    """Ten of them among the paragraphs and the rows, one in every field."""
    dix = HOSTILES[rang : rang + 10]
    doc = partout(deliberation(), HOSTILES[rang])
    doc = replace(
        doc,
        visas=tuple(replace(doc.visas[0], texte=x) for x in dix),
        expose=dix,
        plan=tuple(replace(doc.plan[0], financeur=x, libelle=x, statut=x) for x in dix),
        rappels=dix,
    )
    _inerte(rendre_deliberation_pdf(doc), dix)
    contenu = rendre_deliberation_docx(doc)
    dit = _squeeze(_word(contenu))
    # docxtpl writes “{{” where one typed “{_{”, once everything is rendered: other signs, still a text.
    attendus = [_squeeze(propre(x)).replace("{_{", "{{").replace("}_}", "}}") for x in dix]
    assert [x[:40] for x in attendus if x not in dit] == []
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        liens = b"".join(archive.read(n) for n in archive.namelist() if n.endswith(".rels"))
    assert b"External" not in liens


def test_le_word_surligne_les_blancs_et_eux_seuls() -> None:
    doc = Document(io.BytesIO(rendre_deliberation_docx(deliberation(calendrier=""))))
    runs = [r for p in doc.paragraphs for r in p.runs]
    runs += [r for t in doc.tables for c in t._cells for p in c.paragraphs for r in p.runs]
    surlignes = {r.text for r in runs if r.font.highlight_color is not None}
    assert surlignes == {
        "«\u00a0à compléter\u00a0»",
        "«\u00a0à compléter : calendrier\u00a0»",
        "«\u00a0à compléter : date de la séance\u00a0»",
        "«\u00a0à compléter : numéro\u00a0»",
    }
