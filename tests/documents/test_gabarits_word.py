"""The Word template that an authority sends: read apart, its marks checked, its mandatory fields shown."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Fichier
from docx.shared import Mm
from PIL import Image

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.gabarits_word import controle, isole
from arpent.plateforme.documents.gabarits_word.champs import BOUCLES_MAX
from arpent.plateforme.documents.gabarits_word.exigences import (
    CHARTE_D_EXEMPLE,
    Exigences,
    exemples,
    exigences,
)
from arpent.plateforme.documents.gabarits_word.isole import composer_a_part, controler_a_part
from arpent.plateforme.documents.gabarits_word.paquet import OUVERT_MAX, TAILLE_MAX, GabaritRefuse
from arpent.plateforme.documents.rendu.composition import Piece
from arpent.plateforme.documents.rendu.docx import preparer, rendre_docx
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.photo import logo

AVENANT = exigences()["avenant"]


def livre(nom: str = "avenant") -> bytes:
    chemin = gabarit(exigences()[nom].code).docx
    assert chemin is not None
    return chemin.read_bytes()


def pieces(nom: str = "avenant") -> list[Piece]:
    return [preparer(doc) for doc in exemples(gabarit(exigences()[nom].code).exemple())]


def enregistrer(doc: Fichier) -> bytes:
    tampon = io.BytesIO()
    doc.save(tampon)
    return tampon.getvalue()


def avec(*textes: str, nom: str = "avenant") -> bytes:
    """The shipped template with paragraphs added at its end."""
    doc = Document(io.BytesIO(livre(nom)))
    for texte in textes:
        doc.add_paragraph(texte)
    return enregistrer(doc)


def sans(balise: str, par: str = "", nom: str = "avenant") -> bytes:
    """The shipped template with a mark replaced."""
    doc = Document(io.BytesIO(livre(nom)))
    for p in doc.paragraphs:
        if balise in p.text:
            p.text = p.text.replace(balise, par)
    return enregistrer(doc)


def paquet(change: Callable[[dict[str, bytes]], None], contenu: bytes | None = None) -> bytes:
    """The shipped file with the entries of its container changed."""
    with zipfile.ZipFile(io.BytesIO(contenu or livre())) as source:
        entrees = {n: source.read(n) for n in source.namelist()}
    change(entrees)
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as cible:
        for nom, brut in entrees.items():
            cible.writestr(nom, brut)
    return tampon.getvalue()


def controler(contenu: bytes, attendu: Exigences = AVENANT) -> None:
    controle.controler(contenu, pieces(attendu.nom), attendu.obligatoires)


@pytest.mark.parametrize("nom", sorted(exigences()))
def test_chaque_gabarit_livre_passe_son_propre_controle(nom: str) -> None:
    controler(livre(nom), exigences()[nom])


def test_un_gabarit_remanie_se_depose_et_se_remplit_a_part() -> None:
    modele = avec("Le conseil départemental, {{ autorite | upper }}, remercie {{ territoire }}.")
    controler_a_part(modele, pieces(), AVENANT.obligatoires)
    piece = pieces()[0]
    texte = "\n".join(p.text for p in Document(io.BytesIO(composer_a_part(modele, piece))).paragraphs)
    assert f"{piece.vue['autorite'].upper()}, remercie {piece.vue['territoire']}." in texte
    assert composer_a_part(modele, piece) == composer_a_part(modele, piece)


def test_le_gabarit_livre_rendu_a_part_donne_les_memes_octets() -> None:
    doc: Any = gabarit("avenant/v1").exemple()
    assert rendre_docx(doc, livre()) == rendre_docx(doc)


@pytest.mark.parametrize(
    ("texte", "mot"),
    [
        ("{{ titrre }}", "« titrre » n’existe pas dans ce document. .*vouliez-vous « titre »"),
        ("{{ logotype.pied }}", "« logotype » n’existe pas"),
        ("{{ charte.pied }}", "entourez le champ d’une condition"),
        ("{% for p in parties %}{{ p.siren }}{% endfor %}", "« parties.siren » n’existe pas"),
        ("{{ parties.nom }}", "« parties » est une liste"),
        ("{{ parties }}", "contient plusieurs champs"),
        ("{% for x in titre %}{{ x }}{% endfor %}", "n’est pas une liste"),
        ("{% if inconnu %}x{% endif %}", "« inconnu » n’existe pas"),
        ("{{ titre | safe }}", "filtre « safe »"),
        ("{{ titre | attr('x') }}", "filtre « attr »"),
        ("{{ parties | join(inconnu) }}", "« inconnu » n’existe pas"),
        ("{% if titre", "mal écrite"),
        ("{% if titre %}jamais fermée", "mal écrite"),
        ("{% endfor %}", "mal écrite"),
    ],
)
def test_une_balise_qui_n_est_pas_des_donnees_est_refusee(texte: str, mot: str) -> None:
    with pytest.raises(GabaritRefuse, match=mot):
        controler(avec(texte))


@pytest.mark.parametrize(
    "texte",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ titre.__class__ }}",
        "{{ titre['__class__'] }}",
        "{{ titre.format(1) }}",
        "{{ self }}",
        "{{ cycler('a') }}",
        "{{ lipsum.__globals__ }}",
        "{% include 'contrat.docx' %}",
        "{% import 'os' as os %}",
        "{% from 'os' import path %}",
        "{% extends 'x' %}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% autoescape false %}{{ titre }}{% endautoescape %}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for p in parties recursive %}{{ loop(p) }}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 99999999 }}",
    ],
)
def test_une_balise_qui_ferait_autre_chose_est_refusee(texte: str) -> None:
    with pytest.raises(GabaritRefuse):
        controler(avec(texte))
    doc = Document(io.BytesIO(livre()))
    doc.sections[0].footer.paragraphs[0].add_run(texte)
    with pytest.raises(GabaritRefuse):
        controler(enregistrer(doc))
    doc = Document(io.BytesIO(livre()))
    doc.core_properties.title = texte
    with pytest.raises(GabaritRefuse):
        controler(enregistrer(doc))


def test_l_attaque_est_aussi_arretee_au_rendu() -> None:
    with pytest.raises(RenduImpossible, match="gabarit de votre collectivité"):
        composer_a_part(avec("{{ ''.__class__ }}"), pieces()[0])


def test_les_boucles_ne_s_emboitent_pas_sans_fin() -> None:
    def emboiter(n: int) -> str:
        return "{% for p in parties %}" * n + "x" + "{% endfor %}" * n

    controler(avec(emboiter(BOUCLES_MAX)))
    with pytest.raises(GabaritRefuse, match="quatre au plus"):
        controler(avec(emboiter(BOUCLES_MAX + 1)))


@pytest.mark.parametrize("chemin", ["chapeau", "effet", "titre"])
def test_un_champ_obligatoire_absent_est_nomme(chemin: str) -> None:
    with pytest.raises(GabaritRefuse, match=f"Il manque {AVENANT.obligatoires[chemin]}.*{chemin}"):
        controler(sans(f"{{{{ {chemin} }}}}"))


def test_un_champ_d_une_boucle_est_exige_aussi() -> None:
    with pytest.raises(GabaritRefuse, match=r"le titre des articles.*titre.*dans la boucle sur articles"):
        controler(sans("{{ a.titre }}", "sans titre", nom="contrat"), exigences()["contrat"])


@pytest.mark.parametrize(
    "cache", ["{% if demonstration %}{{ chapeau }}{% endif %}", "{% if false %}{{ chapeau }}{% endif %}"]
)
def test_un_champ_obligatoire_ne_se_cache_pas_dans_une_condition(cache: str) -> None:
    with pytest.raises(GabaritRefuse, match="ne s’affiche pas toujours"):
        controler(sans("{{ chapeau }}", cache))


def test_un_bloc_qui_peut_manquer_doit_etre_sous_condition() -> None:
    """An annex may be absent from a contract: the template that forgets it would fail that day."""
    with pytest.raises(GabaritRefuse, match="quand une donnée manque"):
        controler(avec("{{ maquette.solde }}", nom="contrat"), exigences()["contrat"])
    controler(avec("{% if maquette %}{{ maquette.solde }}{% endif %}", nom="contrat"), exigences()["contrat"])


def test_une_condition_a_cheval_sur_deux_elements_est_refusee() -> None:
    doc = Document(io.BytesIO(livre()))
    doc.add_paragraph("{% if lignes %}avant")
    doc.add_table(1, 1).cell(0, 0).text = "dans{% endif %} la case"
    with pytest.raises(GabaritRefuse, match="commence dans un paragraphe"):
        controler(enregistrer(doc))


@pytest.mark.parametrize("texte", ["{{p titre }}", "{{r titre }}"])
def test_une_balise_hors_du_texte_est_refusee(texte: str) -> None:
    with pytest.raises(GabaritRefuse, match="hors du texte"):
        controler(avec(texte))


def _macro(entrees: dict[str, bytes]) -> None:
    entrees["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"


def _docm(entrees: dict[str, bytes]) -> None:
    types = entrees["[Content_Types].xml"]
    entrees["[Content_Types].xml"] = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )


def _lien(genre: str) -> Callable[[dict[str, bytes]], None]:
    def change(entrees: dict[str, bytes]) -> None:
        nom = "word/_rels/document.xml.rels"
        lien = f'<Relationship Id="rIdX" Type="x/{genre}" Target="file:///c:/x" TargetMode="External"/>'
        entrees[nom] = entrees[nom].replace(b"</Relationships>", f"{lien}</Relationships>".encode())

    return change


def _objet(entrees: dict[str, bytes]) -> None:
    entrees["word/embeddings/objet.xlsx"] = b"PK"


def _bombe(entrees: dict[str, bytes]) -> None:
    entrees["word/media/bombe.xml"] = b"0" * (OUVERT_MAX + 1)


def _entites(entrees: dict[str, bytes]) -> None:
    entrees["word/footnotes.xml"] = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    )


def _champ_word(entrees: dict[str, bytes]) -> None:
    entrees["word/document.xml"] = entrees["word/document.xml"].replace(
        b"</w:body>",
        b'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE</w:instrText></w:r>'
        b"<w:r><w:instrText>AUTO c:\\cmd.exe</w:instrText></w:r></w:p></w:body>",
    )


@pytest.mark.parametrize(
    ("change", "mot"),
    [
        (_macro, "macro"),
        (_docm, "macros"),
        (_lien("hyperlink"), "lien hypertexte"),
        (_lien("attachedTemplate"), "modèle Word attaché"),
        (_lien("image"), "image liée"),
        (_lien("oleObject"), "lien vers un autre fichier"),
        (_objet, "objet incorporé"),
        (_bombe, "trop lourd"),
        (_entites, "pas un document Word lisible"),
        (_champ_word, "DDEAUTO"),
    ],
)
def test_un_document_qui_agit_ou_qui_explose_est_refuse(
    change: Callable[[dict[str, bytes]], None], mot: str
) -> None:
    with pytest.raises(GabaritRefuse, match=mot):
        controler_a_part(paquet(change), pieces(), AVENANT.obligatoires)


@pytest.mark.parametrize(
    ("contenu", "mot"),
    [
        (b"", "pas un document Word lisible"),
        (b"du texte", "pas un document Word lisible"),
        (b"\xd0\xcf\x11\xe0ancien", "ancien document .doc"),
        (b"PK\x03\x04tronque", "pas un document Word lisible"),
        (livre()[:4000], "pas un document Word lisible"),
        (b"PK" + b"0" * TAILLE_MAX, "10 Mo"),
    ],
)
def test_ce_qui_n_est_pas_un_document_word_est_refuse(contenu: bytes, mot: str) -> None:
    with pytest.raises(GabaritRefuse, match=mot):
        controler_a_part(contenu, pieces(), AVENANT.obligatoires)


def test_une_bombe_qui_ment_sur_sa_taille_est_arretee() -> None:
    """The declared size is false: what is read is bounded all the same."""
    contenu = bytearray(paquet(_bombe))
    vraie, fausse = (OUVERT_MAX + 1).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert contenu.count(vraie) >= 1
    with pytest.raises(GabaritRefuse):
        controler(bytes(contenu.replace(vraie, fausse)))


def test_une_archive_sans_document_est_refusee() -> None:
    def vider(entrees: dict[str, bytes]) -> None:
        del entrees["word/document.xml"]

    with pytest.raises(GabaritRefuse, match="pas un document Word"):
        controler(paquet(vider))


def test_un_atelier_qui_depasse_son_temps_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isole, "SECONDES", 0.01)
    with pytest.raises(GabaritRefuse, match="a été arrêtée"):
        controler_a_part(livre(), pieces(), AVENANT.obligatoires)
    with pytest.raises(RenduImpossible, match="ne se remplit plus"):
        composer_a_part(livre(), pieces()[0])


def test_un_gabarit_qui_a_son_image_garde_sa_tete() -> None:
    """The charter adds its logo to a template without a picture only; its colour always."""
    rouge = io.BytesIO()
    Image.new("RGB", (120, 60), "red").save(rouge, "PNG")
    charte = replace(CHARTE_D_EXEMPLE, couleur="#7a1f2b", logo=logo(rouge.getvalue()).svg)
    piece = replace(pieces("contrat")[0], charte=charte)
    doc = Document(io.BytesIO(livre("contrat")))
    doc.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(rouge.getvalue()), height=Mm(9))
    modeles = (enregistrer(doc), livre("contrat"))
    porte, nu = (Document(io.BytesIO(composer_a_part(m, piece))) for m in modeles)
    assert (len(porte.inline_shapes), len(nu.inline_shapes)) == (0, 1)
    for rendu in (porte, nu):
        assert str(rendu.styles["Heading 1"].font.color.rgb) == "7A1F2B"
    assert charte.entete not in [p.text for p in porte.paragraphs[:4]]
    assert charte.entete in [p.text for p in nu.paragraphs[:4]]


def test_un_gabarit_tout_en_tableau_accepte_la_charte() -> None:
    vide = Document()
    vide.add_table(1, 1).cell(0, 0).text = "{{ titre }}"
    piece = replace(pieces()[0], charte=CHARTE_D_EXEMPLE)
    rendu = Document(io.BytesIO(composer_a_part(enregistrer(vide), piece)))
    assert rendu.tables[0].cell(0, 0).text == piece.vue["titre"]


def test_ce_que_les_gens_ecrivent_reste_du_texte() -> None:
    piece = replace(pieces()[0], vue=pieces()[0].vue | {"objet": "{{ ''.__class__ }} <w:p/> {% if x %}"})
    texte = "\n".join(p.text for p in Document(io.BytesIO(composer_a_part(livre(), piece))).paragraphs)
    assert "{{ ''.__class__ }} <w:p/> {% if x %}" in texte
