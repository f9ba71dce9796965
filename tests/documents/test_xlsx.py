"""The workbooks: equal to the Decimal rows to the cent, live, and inert to what people type."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from arpent.plateforme.documents.donnees import ColonneDoc, MaquetteDoc, TotalDoc
from arpent.plateforme.documents.rendu.classeur import lettre_de
from arpent.plateforme.documents.rendu.maquette_xlsx import rendre_maquette_xlsx
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from .fabrique import LE_JOUR, maquette

FEUILLES = [
    "Maquette",
    "Financements",
    "Par thème",
    "Par maître d’ouvrage",
    "Par année",
    "Par financeur",
    "Par axe et thème",
    "AP et CP",
    "Lisez-moi",
]
DANGEREUX = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "=cmd|'/C calc'!A0")


def _ouvrir(contenu: bytes, *, valeurs: bool) -> Workbook:
    return load_workbook(io.BytesIO(contenu), data_only=valeurs)


def _cents(valeur: object) -> Decimal:
    assert isinstance(valeur, int | float)
    return Decimal(str(valeur)).quantize(Decimal("0.01"))


def _rangee(feuille: Worksheet, libelle: str, colonne: int = 1) -> int:
    return next(r for r in range(1, feuille.max_row + 1) if feuille.cell(r, colonne).value == libelle)


def test_le_classeur_a_ses_feuilles_figees_et_imprimables() -> None:
    livre = _ouvrir(rendre_maquette_xlsx(maquette()), valeurs=False)
    assert livre.sheetnames == FEUILLES
    feuille = livre["Maquette"]
    assert feuille.freeze_panes == "A9"
    assert feuille.auto_filter.ref == "A8:V20"
    assert (feuille.page_setup.orientation, str(feuille.page_setup.paperSize)) == ("landscape", "8")
    assert feuille.print_title_rows == "$8:$8"


def test_les_totaux_sont_des_formules_dont_la_valeur_est_exacte_au_centime() -> None:
    doc = maquette(12)
    contenu = rendre_maquette_xlsx(doc)
    formules, valeurs = (
        _ouvrir(contenu, valeurs=False)["Maquette"],
        _ouvrir(contenu, valeurs=True)["Maquette"],
    )
    pied = _rangee(valeurs, "Total", 3)
    attendus = {
        "G": doc.cout_total,
        "H": doc.assiette_totale,
        "I": doc.aide_totale,
        "K": doc.autres_aides_totales,
        "L": doc.reste_a_charge_total,
    }
    for colonne, attendu in attendus.items():
        assert formules[f"{colonne}{pied}"].value == f"=SUM(${colonne}$9:${colonne}$20)"
        assert _cents(valeurs[f"{colonne}{pied}"].value) == attendu
    assert formules["D6"].value == '=IF(ISNUMBER(D4),ROUND(D4-D5,2),"")'
    assert _cents(valeurs["D6"].value) == doc.solde


def test_chaque_ligne_porte_ses_montants_et_ses_formules() -> None:
    doc = maquette(5)
    contenu = rendre_maquette_xlsx(doc)
    formules, valeurs = (
        _ouvrir(contenu, valeurs=False)["Maquette"],
        _ouvrir(contenu, valeurs=True)["Maquette"],
    )
    for rang, ligne in enumerate(doc.lignes, start=9):
        assert formules[f"K{rang}"].value == f"=SUMIFS(Financements!$H$2:$H$6,Financements!$A$2:$A$6,A{rang})"
        assert formules[f"L{rang}"].value == f"=ROUND(G{rang}-I{rang}-K{rang},2)"
        assert _cents(valeurs[f"G{rang}"].value) == ligne.cout_ht
        assert _cents(valeurs[f"K{rang}"].value) == ligne.autres_aides
        assert _cents(valeurs[f"L{rang}"].value) == ligne.reste_a_charge


@pytest.mark.parametrize(
    ("feuille", "totaux"),
    [
        ("Par thème", maquette().par_theme),
        ("Par maître d’ouvrage", maquette().par_maitre_ouvrage),
        ("Par année", maquette().par_annee),
        ("Par financeur", maquette().par_financeur),
    ],
)
def test_les_totaux_par_groupe_sont_exacts(feuille: str, totaux: tuple[TotalDoc, ...]) -> None:
    contenu = rendre_maquette_xlsx(maquette())
    formules, valeurs = _ouvrir(contenu, valeurs=False)[feuille], _ouvrir(contenu, valeurs=True)[feuille]
    colonne = 3 if feuille == "Par financeur" else 4
    for rang, total in enumerate(totaux, start=2):
        assert str(valeurs.cell(rang, 1).value) == total.libelle
        assert valeurs.cell(rang, 2).value == total.nombre
        assert formules.cell(rang, colonne).data_type == "f"
        assert _cents(valeurs.cell(rang, colonne).value) == total.montant
    pied = _rangee(valeurs, "Total")
    attendu = maquette().cout_total if feuille == "Par financeur" else maquette().aide_totale
    assert _cents(valeurs.cell(pied, colonne).value) == attendu


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(*(st.decimals(min_value=0, max_value=10**9, places=2) for _ in range(2))),
        min_size=1,
        max_size=8,
    )
)
def test_les_totaux_sont_exacts_quels_que_soient_les_montants(
    montants: list[tuple[Decimal, Decimal]],
) -> None:
    modele = maquette(1).lignes[0]
    lignes = tuple(replace(modele, cout_ht=cout, aide=aide) for cout, aide in montants)
    doc = replace(maquette(1), lignes=lignes)
    feuille = _ouvrir(rendre_maquette_xlsx(doc), valeurs=True)["Maquette"]
    pied = _rangee(feuille, "Total", 3)
    assert _cents(feuille[f"I{pied}"].value) == sum(aide for _, aide in montants)
    assert _cents(feuille["D6"].value) == doc.solde


def test_une_maquette_vide_et_sans_enveloppe_s_ouvre() -> None:
    feuille = _ouvrir(rendre_maquette_xlsx(maquette(0, enveloppe=None)), valeurs=True)["Maquette"]
    assert feuille["D4"].value == "à renseigner"
    assert _cents(feuille["D5"].value) == 0
    assert feuille["D6"].value in ("", None)


def test_les_valeurs_de_demonstration_sont_marquees_et_expliquees() -> None:
    livre = _ouvrir(rendre_maquette_xlsx(maquette(4)), valeurs=True)
    feuille = livre["Maquette"]
    assert "démonstration" in str(feuille["A3"].value)
    assert [feuille[f"V{r}"].value for r in range(9, 13)] == [
        None,
        "Valeur de démonstration",
        None,
        "Valeur de démonstration",
    ]
    assert "Taux d’aide par thème" in [ligne[0].value for ligne in livre["Lisez-moi"].iter_rows()]


def test_aucun_texte_ne_devient_une_formule_dans_la_maquette() -> None:
    modele = maquette(1).lignes[0]
    lignes = tuple(
        replace(
            modele,
            numero=texte,
            titre=texte,
            maitre_ouvrage=texte,
            theme=texte,
            financements=tuple(replace(f, financeur=texte, libelle=texte) for f in modele.financements),
        )
        for texte in (*DANGEREUX, "*", "?", ">5", "<>")
    )
    doc: MaquetteDoc = replace(maquette(1), titre="=1", territoire="@x", lignes=lignes, sources=("=2",))
    contenu = rendre_maquette_xlsx(doc)
    formules, valeurs = _ouvrir(contenu, valeurs=False), _ouvrir(contenu, valeurs=True)
    nos_formules = ("=SUM", "=ROUND(", "=IF(", "=Maquette!", "=$I$", "=COUNT(", "=B")
    for feuille in formules:
        for rangee in feuille.iter_rows():
            for cellule in rangee:
                if cellule.data_type == "f":
                    assert str(cellule.value).startswith(nos_formules)
    assert valeurs["Maquette"]["C9"].value == "=1+1"
    assert formules["Maquette"]["C9"].data_type == "s"


def test_une_liste_est_exportee_telle_qu_elle_est_montree() -> None:
    colonnes = (
        ColonneDoc("titre", "Projet"),
        ColonneDoc("cout", "Coût HT", "montant"),
        ColonneDoc("rang", "Rang", "entier"),
        ColonneDoc("le", "Délibérée le", "date"),
        ColonneDoc("taux", "Taux", "taux"),
    )
    lignes = [
        {
            "titre": "Crèche",
            "cout": Decimal("692000.10"),
            "rang": 1,
            "le": date(2026, 3, 2),
            "taux": Decimal("0.2"),
        },
        {"titre": "Voirie", "cout": Decimal("0.05"), "rang": 2, "le": None, "taux": None},
    ]
    totaux = {"cout": Decimal("692000.15")}
    contenu = rendre_tableau_xlsx(
        "Fiches", colonnes, lignes, totaux, ("Valeurs de démonstration",), etabli_le=LE_JOUR
    )
    feuille = _ouvrir(contenu, valeurs=True)["Liste"]
    rangees = [[cellule.value for cellule in rangee] for rangee in feuille.iter_rows()]
    assert rangees[0][0] == "Fiches"
    assert rangees[2][0] == "Valeurs de démonstration"
    assert rangees[4] == ["Projet", "Coût HT", "Rang", "Délibérée le", "Taux"]
    assert rangees[5] == ["Crèche", 692000.10, 1, datetime(2026, 3, 2), 0.2]
    assert rangees[6] == ["Voirie", 0.05, 2, None, None]
    assert _cents(rangees[7][1]) == totaux["cout"]
    assert _ouvrir(contenu, valeurs=False)["Liste"]["B8"].value == "=SUBTOTAL(109,B6:B7)"
    assert feuille.freeze_panes == "A6"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(DANGEREUX))
def test_aucune_cellule_de_liste_n_est_relue_comme_une_formule(texte: str, debut: str) -> None:
    contenu = rendre_tableau_xlsx(
        debut + texte, (ColonneDoc("a", debut),), [{"a": debut + texte}, {"a": texte}], etabli_le=LE_JOUR
    )
    feuille = _ouvrir(contenu, valeurs=False)["Liste"]
    assert {cellule.data_type for rangee in feuille.iter_rows() for cellule in rangee} <= {"s", "n"}


def test_une_liste_vide_s_exporte() -> None:
    contenu = rendre_tableau_xlsx("Rien", (ColonneDoc("a", "A"),), [], {"a": Decimal(0)}, etabli_le=LE_JOUR)
    assert _ouvrir(contenu, valeurs=True)["Liste"].max_row == 4


def test_les_memes_donnees_donnent_les_memes_octets() -> None:
    assert rendre_maquette_xlsx(maquette()) == rendre_maquette_xlsx(maquette())


def test_les_colonnes_ont_le_nom_que_leur_donne_le_tableur() -> None:
    assert [lettre_de(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
