"""Ten thousand random cells go out and come back: the same values, whatever they hold."""

import random
import unicodedata
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from bench.fiabilite import cellules

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.echanges.lecture import ouvrir
from arpent.plateforme.echanges.retour.actions import exporter
from arpent.plateforme.echanges.retour.colonnes import COLONNES, choix_de, textes_de
from arpent.plateforme.echanges.retour.comparaison import comparer_au_plan
from arpent.plateforme.echanges.retour.lecture import comparer
from arpent.plateforme.plans.models import Fiche, LigneFinancement
from tests.plateforme import fabrique
from tests.plateforme.echanges.tableur import Classeur

pytestmark = pytest.mark.django_db
FICHES = 500
_MORCEAUX = (
    "=1+1", "+33 4 66", "-", "@moi", "\t", "\n", "'", '"', "école", unicodedata.normalize("NFD", "école"),
    "😀", "👩‍🌾", "<b>&amp;</b>", "_x000D_", "_x0041_", "0012", "1e5", "31/12/2026", "  ", "\u00a0", "\u202f",
    "=HYPERLINK(\"http://x\")", "#REF!", "VRAI", "%s", "{{ x }}", "œuvre", "中文", "عربي", ";", "\u2028",
)  # fmt: skip


def _texte(hasard, longueur=300):
    return "".join(hasard.choice(_MORCEAUX) for _ in range(hasard.randint(0, 9)))[:longueur]


def _montant(hasard):
    return Decimal(hasard.choice([0, 1, 99, hasard.randint(0, 99_999_999_999)])) / 100


def _jour(hasard):
    return date(2020, 1, 1) + timedelta(days=hasard.randint(0, 20_000))


def remplir(demarche, hasard):
    """Fiches whose every cell is drawn at random, straight into the database."""
    theme = [None, *demarche.processus.dispositif.themes.all()]
    mairie = fabrique.organisation("commune", "=Mairie de l’Œuvre")
    fiches = Fiche.objects.bulk_create(
        Fiche(
            demarche=demarche,
            numero=n,
            titre=_texte(hasard),
            description=_texte(hasard),
            besoin=_texte(hasard),
            effets=_texte(hasard),
            adresse=_texte(hasard),
            contact_nom=_texte(hasard, 150),
            contact_telephone=_texte(hasard, 30),
            maitre_ouvrage=mairie,
            theme=hasard.choice(theme),
            maturite=hasard.choice(Fiche.Maturite.values),
            debut_le=(debut := hasard.choice([None, _jour(hasard)])),
            fin_le=debut and debut + timedelta(days=hasard.randint(0, 900)),
            annee=hasard.choice([None, hasard.randint(2000, 2100)]),
            cout_ht=_montant(hasard),
            cout_ttc=hasard.choice([None, _montant(hasard)]),
            assiette=hasard.choice([None, _montant(hasard)]),
            aide_demandee=_montant(hasard),
        )
        for n in range(1, FICHES + 1)
    )
    LigneFinancement.objects.bulk_create(
        LigneFinancement(
            fiche=fiche,
            financeur=hasard.choice(["etat", "region", "prive"]),
            libelle=_texte(hasard, 150),
            montant=_montant(hasard),
            statut=hasard.choice(["acquis", "envisage", "refuse"]),
            le=hasard.choice([None, _jour(hasard)]),
        )
        for fiche in fiches
        for _ in range(hasard.randint(0, 3))
    )


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def chef(demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


def _relire(contenu, demarche, tmp_path):
    chemin = tmp_path / "plan.xlsx"
    chemin.write_bytes(contenu)
    return comparer(ouvrir(chemin).retour, demarche.slug)


@pytest.mark.parametrize("graine", [1, 2, 3])
def test_dix_mille_cellules_reviennent_identiques(demarche, chef, tmp_path, graine):
    remplir(demarche, random.Random(graine))
    contenu = exporter(demarche, chef)
    ecarts = _relire(contenu, demarche, tmp_path)
    assert ecarts.lues * len(COLONNES) >= 7_500
    assert (ecarts.cellules, ecarts.plans, ecarts.nouvelles, ecarts.absentes) == ([], [], [], [])
    assert ecarts.rejets == []
    # What stands in the visible cells is what the base holds, not only what the hidden sheet remembers.
    classeur, choix = Classeur(contenu), choix_de(demarche)
    for fiche in Fiche.objects.select_related("maitre_ouvrage", "theme"):
        for code, texte in textes_de(fiche, choix).items():
            lu = classeur.lire(fiche.numero, code)
            attendu = getattr(fiche, code)
            match attendu:
                case Decimal():
                    assert Decimal(repr(lu)).quantize(Decimal("0.01")) == attendu
                case date():
                    assert lu == attendu
                case _:
                    assert (str(int(lu)) if isinstance(lu, float) else lu) == texte


def test_aucune_cellule_n_est_une_formule_sauf_les_totaux(demarche, chef):
    remplir(demarche, random.Random(4))
    livre = openpyxl.load_workbook(BytesIO(exporter(demarche, chef)))
    for feuille in livre:
        for row in feuille.iter_rows():
            for cellule in row:
                if cellule.data_type == "f":
                    assert str(cellule.value).startswith(("=SUMIFS(Financements!", "=ROUND("))


def test_chaque_valeur_posee_dans_le_tableur_entre_telle_quelle(demarche, chef, tmp_path):
    hasard = random.Random(5)
    remplir(demarche, hasard)
    classeur = Classeur(exporter(demarche, chef))
    poses = {}
    for fiche in Fiche.objects.order_by("numero")[:200]:
        texte = _texte(hasard, 2_000).strip()
        classeur.poser(fiche.numero, "description", texte)
        montant = _montant(hasard)
        classeur.poser(fiche.numero, "cout_ttc", float(montant))
        poses[fiche.pk] = (texte, montant)
    chemin = classeur.enregistrer(tmp_path / "plan.xlsx")
    bilan = comparer_au_plan(demarche, asdict(comparer(ouvrir(chemin).retour, demarche.slug)), None)
    valeurs = {f.fiche.pk: {c.code: c.valeur for c in f.changements} for f in bilan.changees}
    for pk, (texte, montant) in poses.items():
        fiche = Fiche.objects.get(pk=pk)
        lues = valeurs.get(pk, {})
        assert lues.get("description", fiche.description.strip()) == texte
        assert lues.get("cout_ttc", fiche.cout_ttc) == montant


def test_mille_cellules_hostiles_de_chaque_format_se_relisent_sans_formule(monkeypatch):
    """The lists as XLSX, ODS and CSV; at full scale and through LibreOffice: `bench.fiabilite cellules`."""
    monkeypatch.setattr(cellules.shutil, "which", lambda _: None)
    mesures = list(cellules.eprouver(1_000, 7))
    assert [m["format"] for m in mesures] == ["xlsx", "ods", "csv"]
    for mesure in mesures:
        assert mesure["lignes_relues"] == mesure["lignes_ecrites"] == 100
        assert (mesure["formules"], mesure["exemples"]) == (0, [])


def test_un_texte_plus_long_qu_une_cellule_reste_dans_arpent(demarche, chef, tmp_path):
    fabrique.fiche(demarche, numero=1, description="é" * 40_000)
    ecarts = _relire(exporter(demarche, chef), demarche, tmp_path)
    assert ecarts.cellules == []
