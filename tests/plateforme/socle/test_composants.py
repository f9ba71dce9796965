"""Components: what they write, what they refuse, and the catalogue that shows them all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory

from arpent.plateforme.plans.filtres import Choix
from arpent.plateforme.socle.catalogue import FAMILLES, FormulaireDeDemonstration
from arpent.plateforme.socle.finders import FICHIERS
from arpent.plateforme.socle.graphiques import Barre, Figure, barres_horizontales
from arpent.plateforme.socle.pieces import Etape, Onglet, Part


def rendre(code: str, chemin: str = "/", **contexte: Any) -> str:
    """The text a template gives, as on a page of the site."""
    contexte["request"] = RequestFactory().get(chemin)
    return Template("{% load composants formats %}" + code).render(Context(contexte))


def test_un_bouton_avec_adresse_est_un_lien() -> None:
    html = rendre('{% bouton "Exporter" url=u icone="telecharger" %}', u="/x?a=1&b=2")
    assert html.startswith('<a class="bouton secondaire" href="/x?a=1&amp;b=2"><svg')


def test_un_bouton_sans_adresse_envoie_le_formulaire() -> None:
    html = rendre('{% bouton "Envoyer" genre="principal" nom="geste" valeur="offrir" hx_post="/p" %}')
    attendu = '<button class="bouton principal" type="submit" name="geste" value="offrir" hx-post="/p">'
    assert html == attendu + "Envoyer</button>"


def test_un_bouton_desactive_le_dit() -> None:
    assert " disabled>" in rendre('{% bouton "Envoyée" desactive=True %}')


@pytest.mark.parametrize(
    "code",
    ['{% bouton "x" genre="rouge" %}', '{% etat "vert" "x" %}', '{% alerte "rouge" %}x{% endalerte %}'],
)
def test_un_genre_inconnu_est_refuse(code: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="unknown kind"):
        rendre(code)


def test_un_etat_a_une_icone_et_des_mots() -> None:
    html = rendre('{% etat "non" libelle %}', libelle="<b>refus</b>")
    assert html.startswith('<span class="etat non"><svg class="icone"')
    assert "&lt;b&gt;refus" in html


def test_le_contenu_d_une_carte_n_est_pas_echappe_deux_fois() -> None:
    html = rendre('{% carte titre=t niveau=3 id="c" %}<p>{{ t }}</p>{% endcarte %}', t="Eau & voirie")
    assert html == (
        '<section class="carte" id="c"><h3 class="carte-titre">Eau &amp; voirie</h3>'
        "<p>Eau &amp; voirie</p></section>"
    )


def test_une_alerte_urgente_est_annoncee() -> None:
    assert 'role="alert"' in rendre('{% alerte "refus" urgente=True %}x{% endalerte %}')
    assert "role=" not in rendre('{% alerte "info" %}x{% endalerte %}')


def test_le_titre_de_la_page_perd_ses_blancs() -> None:
    assert (
        rendre("{% texte_seul as t %}\n  Bonjour\n {{ n }} {% endtexte_seul %}[{{ t }}]", n="<")
        == "[Bonjour &lt;]"
    )


def test_la_jauge_dit_ce_qui_reste() -> None:
    html = rendre(
        '{% jauge "Base" total parts %}', total=Decimal(1000), parts=[Part("accordé", Decimal("250.50"))]
    )
    assert "250,50\u00a0€" in html
    assert "reste <strong>749,50\u00a0€" in html
    assert 'width="25.05%"' in html


def test_la_jauge_dit_le_depassement_et_marque_le_total() -> None:
    html = rendre('{% jauge "Base" 100 plein=80 propose=45 %}')
    assert 'class="jauge depassee"' in html
    assert "dépassement <strong>25\u00a0€" in html
    assert 'x1="80.00%"' in html


def test_une_jauge_d_enveloppe_nulle_se_dessine() -> None:
    assert "reste <strong>0\u00a0€" in rendre('{% jauge "Base" 0 plein=0 %}')


def test_une_jauge_peut_compter_autre_chose_que_des_euros() -> None:
    assert "reste <strong>3\u00a0fiches" in rendre('{% jauge "Fiches" 41 plein=38 unite="fiches" %}')


def test_l_evolution_montre_l_ancien_puis_le_nouveau() -> None:
    html = rendre("{% evolution a b %}", a=Decimal(138_400), b=Decimal(124_000))
    assert re.search(r"<del>.*avant.*138\u202f400,00.*</del> <ins>.*maintenant.*124\u202f000,00", html)


@pytest.mark.parametrize("ancien", [Decimal(5), None])
def test_sans_changement_l_evolution_n_ecrit_qu_une_valeur(ancien: Decimal | None) -> None:
    assert "<del>" not in rendre("{% evolution a b %}", a=ancien, b=Decimal(5))


def test_la_source_ne_montre_que_ce_qu_elle_sait() -> None:
    html = rendre('{% source "INSEE" annee=2022 %}')
    assert "<dt>Année</dt><dd>2022</dd><dt>Source</dt><dd>INSEE</dd>" in html
    assert "Unité</dt>" not in html


def test_une_valeur_de_demonstration_porte_son_nom() -> None:
    assert "valeur de démonstration\u00a0: taux" in rendre('{% valeur_demo "taux" %}')


def test_l_ariane_finit_sur_la_page_courante() -> None:
    html = rendre('{% ariane "Territoires" "/t/" "Gévaudan" %}')
    assert '<li><a href="/t/">Territoires</a></li><li aria-current="page">Gévaudan</li>' in html


def test_l_onglet_courant_est_marque_et_compte() -> None:
    html = rendre("{% onglets o %}", o=[Onglet("À négocier", "/a", True, 12), Onglet("Retenues", "/b")])
    assert html.count('aria-current="page"') == 1
    assert '<span class="compteur">12</span>' in html


def test_l_etape_en_cours_est_marquee_et_dite() -> None:
    html = rendre(
        "{% etapes e %}", e=[Etape("COPIL", "fait", "12 mars"), Etape("Atelier", "en_cours", url="/x")]
    )
    assert html.count('aria-current="step"') == 1
    assert "Fait : </span>COPIL" in html
    assert 'En cours : </span><a href="/x">Atelier' in html


def test_un_chiffre_peut_mener_a_son_detail() -> None:
    html = rendre('{% chiffre "38" "fiches" detail="sur 41" source="2026" url="/f" genre="action" %}')
    assert '<div class="chiffre action"><p class="chiffre-valeur">38</p>' in html
    assert '<a href="/f">fiches</a>' in html


def test_un_etat_vide_propose_quoi_faire() -> None:
    html = rendre('{% etat_vide "Aucune fiche" "Importez le plan." url="/i" action="Importer" %}')
    assert '<a class="bouton principal" href="/i">Importer</a>' in html


def test_le_bouton_de_dialogue_ouvre_le_bon_dialogue() -> None:
    html = rendre('{% bouton_dialogue "Voter" "d" %}{% dialogue "d" "Sûr ?" %}<p>Oui</p>{% enddialogue %}')
    assert 'popovertarget="d" aria-haspopup="dialog">Voter' in html
    assert '<dialog class="dialogue" popover id="d" aria-labelledby="d-titre">' in html


def test_un_tableau_large_defile_au_clavier() -> None:
    html = rendre('{% tableau "Les fiches" classe="large" id="t" %}<tbody></tbody>{% endtableau %}')
    assert (
        '<div class="tableau large" role="region" tabindex="0" aria-label="Les fiches"><table id="t">' in html
    )
    assert 'tabindex="0"' not in rendre('{% tableau "x" %}{% endtableau %}')


def test_l_entete_trie_garde_les_filtres_et_oublie_la_page() -> None:
    html = rendre('{% entete_tri "Coût" "cout" classe="n" %}', "/?theme=voirie&page=3")
    assert 'aria-sort="none"><a href="?theme=voirie&amp;tri=cout">' in html


@pytest.mark.parametrize(
    ("actuel", "sens", "suivant"), [("cout", "ascending", "-cout"), ("-cout", "descending", "cout")]
)
def test_l_entete_triee_dit_son_sens_et_propose_l_inverse(actuel: str, sens: str, suivant: str) -> None:
    html = rendre('{% entete_tri "Coût" "cout" %}', f"/?tri={actuel}")
    assert f'aria-sort="{sens}"><a href="?tri={suivant}">' in html


def test_la_requete_modifiee_garde_le_reste() -> None:
    assert rendre("{% requete_avec page=2 q=None as u %}{{ u|safe }}", "/?q=eau&tri=a") == "?tri=a&page=2"


def test_la_pagination_garde_les_filtres_et_marque_la_page() -> None:
    html = rendre("{% pagination p %}", "/?theme=voirie", p=Paginator(range(240), 20).page(5))
    assert re.findall(r"page=(\d+)", html) == ["4", "1", "4", "5", "6", "12", "6"]
    assert html.count("theme=voirie&amp;page") == 7
    assert re.search(r'page=5" aria-current="page"', html)


def test_une_seule_page_n_a_pas_de_pagination() -> None:
    assert rendre("{% pagination p %}", p=Paginator(range(3), 20).page(1)).strip() == ""


def test_un_champ_lie_son_aide_et_ses_erreurs() -> None:
    formulaire = FormulaireDeDemonstration({"cout": "douze"}, auto_id="f_%s")
    html = rendre('{% champ f.cout unite="€" %}', f=formulaire)
    assert 'aria-describedby="f_cout_helptext f_cout_error"' in html
    assert 'id="f_cout_helptext"' in html
    assert 'id="f_cout_error"' in html
    assert 'aria-invalid="true"' in html


def test_un_champ_facultatif_n_est_pas_marque_obligatoire() -> None:
    formulaire = FormulaireDeDemonstration()
    assert "requis" in rendre("{% champ f.intitule %}", f=formulaire)
    assert "requis" not in rendre("{% champ f.debut %}", f=formulaire)


def test_des_boutons_radio_sont_groupes_sous_une_legende() -> None:
    html = rendre("{% champ f.maturite %}", f=FormulaireDeDemonstration())
    assert "<fieldset" in html
    assert "<legend>Maturité" in html


def test_une_case_a_cocher_precede_son_nom() -> None:
    html = rendre("{% champ f.deliberation %}", f=FormulaireDeDemonstration())
    assert html.index('type="checkbox"') < html.index("La délibération")


def test_le_resume_des_erreurs_mene_a_chaque_champ() -> None:
    html = rendre("{% resume_erreurs f %}", f=FormulaireDeDemonstration({"cout": "douze"}))
    assert "4 corrections sont nécessaires" in html
    assert '<a href="#id_cout">Coût total hors taxes</a>' in html


def test_un_formulaire_non_envoye_n_a_pas_de_resume() -> None:
    assert rendre("{% resume_erreurs f %}", f=FormulaireDeDemonstration()).strip() == ""


def test_le_resume_lit_aussi_les_lignes_repetees() -> None:
    lignes = forms.formset_factory(FormulaireDeDemonstration, min_num=2, validate_min=True)
    envoi = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-cout": "douze"}
    html = rendre("{% resume_erreurs f %}", f=lignes(envoi))
    assert "#id_form-0-cout" in html
    assert "5 corrections" in html


def test_chaque_ouverture_du_formulaire_a_sa_cle_de_soumission() -> None:
    cles = {
        re.search(r'name="_soumission" value="([\w-]{16,})"', rendre("{% soumission %}")) for _ in range(2)
    }
    assert len({cle[1] for cle in cles if cle}) == 2


@pytest.mark.parametrize(
    ("code", "attendu"),
    [
        ("{{ x|euros }}", "1\u202f204\u202f630,50\u00a0€"),
        ("{{ x|euros_courts }}", "1\u202f204\u202f631\u00a0€"),
        ("{{ x|entier }}", "1\u202f204\u202f631"),
        ("{{ x|nombre:1 }}", "1\u202f204\u202f630,5"),
        ("{{ t|pourcent }}", "17,9\u00a0%"),
        ("{{ t|pourcent:0 }}", "18\u00a0%"),
        ("{{ rien|euros }}{{ rien|pourcent }}{{ rien|nombre }}{{ rien|entier }}{{ rien|date_fr }}", "–––––"),
        ("{{ j|date_fr }}", "12 mars 2026"),
        ('{{ j|date_fr:"courte" }}', "12/03/2026"),
        ("{{ p|date_fr }}", "1er avril 2026"),
        ('{{ h|date_fr:"heure" }}', "12 mars 2026 à 15 h 05"),
        ("{% montant x centimes=False %}", '<span class="montant">1\u202f204\u202f631\u00a0€</span>'),
    ],
)
def test_nombres_et_dates_s_ecrivent_en_francais(code: str, attendu: str) -> None:
    valeurs = {
        "x": Decimal("1204630.50"),
        "t": 0.179,
        "rien": None,
        "j": date(2026, 3, 12),
        "p": date(2026, 4, 1),
        "h": datetime(2026, 3, 12, 14, 5, tzinfo=UTC),
    }
    assert rendre(code, **valeurs) == attendu


def test_une_figure_a_son_tableau_et_ses_telechargements_si_on_les_donne() -> None:
    html = rendre('{% figure f source="INSEE" url_csv="/d.csv" %}', f=_figure())
    assert "<figcaption" in html
    assert '<th scope="row">a</th><td class="n">1</td>' in html
    assert 'href="/d.csv"' in html
    assert "(SVG)" not in html


def _figure() -> Figure:
    return barres_horizontales("Un constat", [Barre("a", 1)])


@pytest.mark.parametrize("nom", FICHIERS)
def test_chaque_police_est_servie_depuis_son_paquet(nom: str) -> None:
    chemin = finders.find(f"polices/{nom}")
    assert isinstance(chemin, str)
    with open(chemin, "rb") as police:
        assert police.read(4) == b"\x00\x01\x00\x00"


@pytest.mark.parametrize(
    "chemin", ["polices/Inconnue.ttf", "polices/../secret", "autre/SourceSansPro-Bold.ttf"]
)
def test_un_fichier_hors_liste_n_est_pas_servi(chemin: str) -> None:
    assert not finders.find(chemin)


def test_le_catalogue_montre_chaque_famille_et_son_code(client: Client, settings: Any) -> None:
    settings.ARPENT_COMPOSANTS = True
    page = client.get("/composants/?theme=sombre").content.decode()
    for ancre, titre, _ in FAMILLES:
        assert f'<h2 id="{ancre}">{titre}</h2>' in page
    assert '<html lang="fr" data-theme="sombre">' in page
    assert "{% bouton &quot;Envoyer l’offre&quot;" in page
    assert page.count("<h1") == 1
    assert 'style="' not in page


def test_le_catalogue_est_absent_hors_developpement(client: Client, settings: Any) -> None:
    settings.ARPENT_COMPOSANTS = False
    assert client.get("/composants/").status_code == 404
    assert client.get("/composants/contours.json").status_code == 404


def test_la_carte_du_catalogue_a_ses_contours(client: Client, settings: Any) -> None:
    settings.ARPENT_COMPOSANTS = True
    lieux = client.get("/composants/contours.json").json()["features"]
    assert {lieu["properties"]["role"] for lieu in lieux} == {"membre", "voisin"}
    assert all(0 <= lieu["properties"]["classe"] <= 4 for lieu in lieux)


def test_une_liste_de_choix_marque_le_sien_et_echappe_ses_textes() -> None:
    choix = [Choix("a&b", "Eau <potable>", False), Choix("voirie", "Voirie", True)]
    html = rendre('{% filtre_choix "theme" "Thème" choix tous="toutes" etroit=True %}', choix=choix)
    assert html == (
        '<p class="champ etroit"><label for="f-theme">Thème</label><select id="f-theme" name="theme">'
        '<option value="">toutes</option><option value="a&amp;b">Eau &lt;potable&gt;</option>'
        '<option value="voirie" selected>Voirie</option></select></p>'
    )
