"""The maquette as files: database, screen, workbook and PDF say the same cents."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from arpent.metier.argent import ZERO, formater_nombre
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.groupes_maquette import aides_publiques, axes_de, echeances_de
from arpent.plateforme.documents.rendu import maquette_xlsx
from arpent.plateforme.documents.rendu.maquette_xlsx import rendre_maquette_ods, rendre_maquette_xlsx
from arpent.plateforme.documents.rendu.pdf import rendre_maquette_pdf
from arpent.plateforme.negociations import tableaux
from arpent.plateforme.negociations.actions import scenario_courant
from arpent.plateforme.negociations.imputations import Ouverts
from arpent.plateforme.negociations.models import Camp, Proposition, Scenario
from arpent.plateforme.negociations.passerelle import lignes_de, maquette_des
from arpent.plateforme.negociations.scenarios import actions
from arpent.plateforme.negociations.sorties import echeancier_de, maquette_du_jour
from arpent.plateforme.plans.models import Axe, Fiche
from tests.documents.verification import faults, pages
from tests.plateforme import fabrique

from .conftest import Monde, poser

LE = date(2026, 6, 1)
DECISIONS = ("retenue", "retenue", "retenue", "refusee")


def batir(nombre: int) -> Scenario:
    """So many fiches with awkward cents, several funders, one refused in four."""
    demarche = fabrique.demarche(slug="gevaudan")
    scenario = scenario_courant(demarche)
    axes = [Axe.objects.create(demarche=demarche, numero=n, libelle=f"Axe {n}") for n in (1, 2)]
    for rang in range(1, nombre + 1):
        cout = Decimal("12345.67") * rang
        fiche = fabrique.fiche(
            demarche, numero=rang, titre=f"Projet {rang}", cout_ht=cout, cout_ttc=cout + 1,
            assiette=cout - Decimal("0.11"), axe=axes[rang % 2] if rang % 3 else None,
        )  # fmt: skip
        fabrique.financement(fiche, "etat", f"{100 * rang}.37")
        if rang % 2:
            fabrique.financement(fiche, "region", f"{10 * rang}.05")
        if rang % 5 == 0:
            fabrique.financement(fiche, "prive", "33.33")
        Proposition.objects.create(
            scenario=scenario, fiche=fiche, montant=Decimal(f"{777 * rang}.{rang % 100:02d}"),
            annee=(2026, 2027, None)[rang % 3], decision=DECISIONS[rang % 4],
        )  # fmt: skip
    return Scenario.objects.get(pk=scenario.pk)


def cents(valeur: object) -> Decimal:
    assert isinstance(valeur, int | float)
    return Decimal(str(valeur)).quantize(Decimal("0.01"))


def rangee(feuille: Worksheet, libelle: str, colonne: int) -> int:
    return next(r for r in range(1, feuille.max_row + 1) if feuille.cell(r, colonne).value == libelle)


def somme(feuille: Worksheet, formule: str) -> Decimal:
    """What « =SUM($G$9:$G$20) » is, from the cells themselves."""
    trouve = re.fullmatch(r"=SUM\((\$\w+\$\d+:\$\w+\$\d+)\)", formule)
    assert trouve, formule
    cellules = (c.value for ligne in feuille[trouve[1].replace("$", "")] for c in ligne)
    return sum((cents(x) for x in cellules if x is not None), ZERO)


@pytest.mark.django_db
@pytest.mark.parametrize("nombre", [0, 1, 12, 60])
def test_la_base_l_ecran_le_classeur_et_le_pdf_disent_le_meme_centime(nombre: int) -> None:
    scenario = batir(nombre)
    demarche = Demarche.objects.avec_contexte().get(pk=scenario.demarche_id)
    scenario.demarche = demarche
    retenues = Proposition.objects.filter(scenario=scenario, decision="retenue")
    aide = retenues.aggregate(x=Sum("montant", default=ZERO))["x"]
    cout = Fiche.objects.filter(demarche=demarche).aggregate(x=Sum("cout_ht", default=ZERO))["x"]

    lignes = lignes_de(scenario, LE)
    bilan = tableaux.bilan_de(maquette_des(lignes, Ouverts(), demarche.processus.dispositif))
    assert bilan.propose == aide
    assert bilan.cout == tableaux.ecrire(cout)
    assert bilan.total_propose == formater_nombre(aide, 2)

    doc = maquette_du_jour(scenario, LE)
    contenu = rendre_maquette_xlsx(doc)
    valeurs = load_workbook(io.BytesIO(contenu), data_only=True)
    formules = load_workbook(io.BytesIO(contenu))["Maquette"]
    feuille = valeurs["Maquette"]
    pied = rangee(feuille, "Total", 3)
    for lettre, attendu in (("G", cout), ("I", aide), ("L", doc.reste_a_charge_total)):
        assert cents(feuille[f"{lettre}{pied}"].value) == attendu
        assert somme(feuille, str(formules[f"{lettre}{pied}"].value)) == attendu
    for rang in range(9, 9 + nombre):
        g, i, k, reste = (cents(feuille[f"{c}{rang}"].value) for c in "GIKL")
        assert reste == g - i - k
    axes = valeurs["Par axe et thème"]
    assert cents(axes.cell(rangee(axes, "Total", 1), 6).value) == aide
    echeancier = valeurs["AP et CP"]
    dernier = rangee(echeancier, "Total", 1)
    totaux = [cents(c.value) for c in echeancier[dernier][1:] if c.value is not None]
    assert totaux[0] == sum(totaux[1:], ZERO) == aide

    texte = re.sub(r"\s", "", "".join(pages(rendre_maquette_pdf(doc))))
    for montant in (cout, aide) if nombre else (aide,):
        assert re.sub(r"\s", "", formater_nombre(montant, 2)) + "€" in texte
    for x in doc.lignes:
        assert re.sub(r"\s", "", formater_nombre(x.aide, 2)) + "€" in texte


@pytest.mark.django_db
def test_les_sous_totaux_et_les_paiements_ne_perdent_pas_un_centime() -> None:
    doc = maquette_du_jour(batir(13), LE)
    axes = axes_de(doc)
    assert len(axes) == 3
    assert axes[-1].total.libelle == "Sans axe"
    assert sum((a.total.aide for a in axes), ZERO) == doc.aide_totale
    assert sum((t.aide for a in axes for t in a.themes), ZERO) == doc.aide_totale
    for e in echeances_de(doc):
        assert e.annee is None or sum((cp for _, cp in e.cp), ZERO) == e.ap
    ligne = next(x for x in doc.lignes if x.numero == "5")
    assert aides_publiques(ligne) == ligne.aide + Decimal("500.37") + Decimal("50.05")
    assert ligne.autres_aides == Decimal("500.37") + Decimal("50.05") + Decimal("33.33")


@pytest.mark.django_db
def test_le_pdf_est_archivable_en_a3_et_en_a4() -> None:
    doc = maquette_du_jour(batir(12), LE)
    for papier in ("a3", "a4"):
        assert faults(rendre_maquette_pdf(doc, papier)) == []


def test_les_decisions_du_classeur_sont_celles_de_la_page() -> None:
    assert tuple(libelle for _, libelle in tableaux.DECISIONS) == maquette_xlsx.DECISIONS


@pytest.mark.parametrize(
    ("cle", "attendu"),
    [
        (["0.4", "0.6"], "Essai"),
        ([0.25, 0.75], "Essai"),
        (["0.4", "0.4"], ""),
        (["-1", "2"], ""),
        (["x"], ""),
        (None, ""),
    ],
)
def test_l_echeancier_vient_du_dispositif_s_il_est_complet(db: None, cle: object, attendu: str) -> None:
    dispositif = fabrique.dispositif(nom="Essai", parametres={"echeancier": cle})
    parts, source = echeancier_de(dispositif)
    assert source == attendu
    assert sum(parts) == 1


def url(monde: Monde, nom: str) -> str:
    return reverse(f"negociations:{nom}", args=[monde.demarche.slug])


def test_la_maquette_se_telecharge_en_trois_formats(connecte, monde: Monde) -> None:
    poser(monde, monde.fiches[0], "10000")
    client = connecte(monde.president)
    for nom, debut in (("maquette_xlsx", b"PK"), ("maquette_ods", b"PK"), ("maquette_pdf", b"%PDF")):
        reponse = client.get(url(monde, nom))
        assert reponse.status_code == 200
        assert reponse.content.startswith(debut)
        assert "maquette-gevaudan." in reponse["Content-Disposition"]


def test_un_scenario_se_telecharge_par_ceux_qui_le_voient(connecte, monde: Monde) -> None:
    poser(monde, monde.fiches[0], "10000")
    copie = actions.copier(scenario_courant(monde.demarche), "Essai", Camp.AUTORITE, par=monde.chef)
    adresse = f"{url(monde, 'maquette_xlsx')}?scenario={copie.pk}"
    livre = load_workbook(io.BytesIO(connecte(monde.chef).get(adresse).content))
    assert "scénario « Essai »" in str(livre["Maquette"]["A1"].value)
    assert connecte(monde.president).get(adresse).status_code == 404
    assert connecte(monde.chef).get(f"{url(monde, 'maquette_xlsx')}?scenario=abc").status_code == 404


def test_le_classeur_libreoffice_a_les_memes_feuilles(monde: Monde) -> None:
    import zipfile

    poser(monde, monde.fiches[0], "10000")
    doc = maquette_du_jour(scenario_courant(monde.demarche), LE)
    contenu = rendre_maquette_ods(doc)
    noms = load_workbook(io.BytesIO(rendre_maquette_xlsx(doc))).sheetnames
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        xml = archive.read("content.xml").decode()
    assert re.findall(r'<table:table table:name="([^"]+)"', xml) == noms
    assert 'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"' in xml
    assert 'table:formula="of:=ROUND([.G9]-[.I9]-[.K9];2)"' in xml


def test_le_classeur_libreoffice_controle_la_saisie_comme_celui_d_excel(monde: Monde) -> None:
    import zipfile

    doc = maquette_du_jour(scenario_courant(monde.demarche), LE)
    with zipfile.ZipFile(io.BytesIO(rendre_maquette_ods(doc))) as archive:
        xml = archive.read("content.xml").decode()
    excel = load_workbook(io.BytesIO(rendre_maquette_xlsx(doc)))["Maquette"].data_validations.dataValidation
    cellules = sum(1 + d.max_row - d.min_row for regle in excel for d in regle.sqref.ranges)
    assert cellules == 2 * len(doc.lignes) == xml.count("table:content-validation-name=")
    assert xml.index("<table:content-validations>") < xml.index("<table:table ")
    assert "of:cell-content-is-decimal-number() and cell-content()&gt;=0" in xml
    assert (
        "of:cell-content-is-in-list(&quot;Retenue&quot;;&quot;Différée (amorçage)&quot;;&quot;Refusée&quot;)"
        in xml
        or 'of:cell-content-is-in-list("Retenue";"Différée (amorçage)";"Refusée")' in xml
    )
    assert "Choisissez une décision de la liste." in xml
