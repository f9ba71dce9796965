"""The generated form of a rule: whatever a règlement may hold goes through it and comes out the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpent.metier.reglement import CATALOGUE, CHAMPS_COMMUNS, GENRES, ChampRegle, ReglementInvalide, Sorte
from arpent.metier.reglement.champs import CHAMPS, TypeChamp
from arpent.metier.reglement.conditions import OPERATEURS
from arpent.metier.reglement.description import CODES_FERMES
from arpent.metier.reglement.parametres import PARAMETRES
from arpent.plateforme.reglements.contenu import ordonner
from arpent.plateforme.reglements.controles import lire_regle
from arpent.plateforme.reglements.fichiers import ecrire_texte, lire_fichier, lire_texte
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.reglements.saisies import RegleForm
from arpent.plateforme.reglements.saisies.baremes import trous
from arpent.plateforme.reglements.saisies.base import equivalents
from arpent.plateforme.reglements.vocabulaires import Vocabulaires
from tests.plateforme import fabrique
from tests.plateforme.reglements.test_fichiers import REGLEMENTS

pytestmark = pytest.mark.django_db
CODES = st.sampled_from(["voirie", "cadre-de-vie", "a", "zone_1", "A"])
TEXTES = (
    st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12).map(str.strip).filter(bool)
)
TAUX = st.integers(0, 100).map(lambda n: f"{n} %")
MONTANTS = st.integers(0, 10**6).map(lambda n: f"{n} €")
NOMBRES = st.sampled_from(["0,94", "1", "2,5"])


def valeurs(chiffres: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    detail = st.fixed_dictionaries(
        {"valeur": st.none() | chiffres}, optional={"valeur_demonstration": chiffres, "source": TEXTES}
    )
    return chiffres | detail


def feuilles() -> st.SearchStrategy[dict[str, Any]]:
    def de(nom: str) -> st.SearchStrategy[dict[str, Any]]:
        champ = CHAMPS[nom]
        renseigne = st.fixed_dictionaries({"champ": st.just(nom), "renseigne": st.booleans()})
        fermes = CODES_FERMES.get(champ.vocabulaire) if champ.vocabulaire else None
        codes = st.sampled_from(sorted(fermes)) if fermes else CODES
        if champ.type in (TypeChamp.CODE, TypeChamp.CODES):
            liste = st.lists(codes, min_size=1, max_size=3, unique=True)
            return renseigne | st.fixed_dictionaries({"champ": st.just(nom), "parmi": liste})
        operateurs = st.sampled_from(sorted(OPERATEURS))
        valeur: st.SearchStrategy[Any] = st.integers(0, 5000)
        if champ.type is TypeChamp.BOOLEEN:
            valeur, operateurs = st.booleans(), st.sampled_from(["=", "!="])
        elif champ.type is TypeChamp.DATE:
            valeur = st.just("2026-05-01")
        return renseigne | st.fixed_dictionaries({"champ": st.just(nom), "est": operateurs, "valeur": valeur})

    return st.sampled_from(sorted(CHAMPS)).flatmap(de)


CONDITIONS = st.recursive(
    feuilles(),
    lambda fils: st.one_of(
        st.lists(fils, min_size=2, max_size=3).map(lambda x: {"et": x}),
        st.lists(fils, min_size=2, max_size=3).map(lambda x: {"ou": x}),
        fils.map(lambda x: {"non": x}),
    ),
    max_leaves=6,
)


def baremes(chiffres: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    detail = st.fixed_dictionaries({"valeur": st.none() | chiffres}, optional={"source": TEXTES})
    table = st.fixed_dictionaries(
        {
            "par": st.sampled_from(["theme", "categorie", "classe_vulnerabilite"]),
            "valeurs": st.dictionaries(CODES, valeurs(chiffres), min_size=1, max_size=4),
        }
    )
    seuils = st.lists(st.integers(1, 9000), min_size=1, max_size=4, unique=True).map(sorted)
    tranches = st.builds(
        _tranches, st.sampled_from(["population", "cout_ht", "indicateur.pf"]), seuils, detail
    )
    cas = st.builds(lambda si, un, autre: {"lignes": [{"si": si, **un}, autre]}, CONDITIONS, detail, detail)
    return valeurs(chiffres) | table | tranches | cas


def _tranches(par: str, seuils: list[int], valeur: dict[str, Any]) -> dict[str, Any]:
    bornes: list[dict[str, Any]] = [{"moins_de": seuils[0]}]
    bornes += [{"a_partir_de": a, "moins_de": b} for a, b in pairwise(seuils)]
    return {"par": par, "tranches": [b | valeur for b in [*bornes, {"a_partir_de": seuils[-1]}]]}


def valeur_de(champ: ChampRegle) -> st.SearchStrategy[Any]:
    fermes = CODES_FERMES.get(champ.vocabulaire) if champ.vocabulaire else None
    codes = st.sampled_from(sorted(fermes)) if fermes else CODES
    match champ.sorte:
        case Sorte.TAUX:
            return valeurs(TAUX)
        case Sorte.MONTANT:
            return valeurs(MONTANTS)
        case Sorte.NOMBRE:
            return valeurs(NOMBRES)
        case Sorte.BAREME_TAUX:
            return baremes(TAUX)
        case Sorte.BAREME_MONTANT:
            return baremes(MONTANTS)
        case Sorte.ENTIER:
            return st.integers(0, 9999)
        case Sorte.BOOLEEN:
            return st.booleans()
        case Sorte.CODES:
            return st.lists(codes, min_size=1, max_size=3, unique=True)
        case Sorte.CHOIX:
            return st.sampled_from([code for code, _ in champ.options])
        case Sorte.PARAMETRE_LEGAL:
            return st.sampled_from(sorted({p.code for p in PARAMETRES}))
        case Sorte.DATE:
            return st.just("2026-05-01")
        case Sorte.CONDITION:
            return CONDITIONS
        case Sorte.BLOCS:
            return st.lists(
                st.fixed_dictionaries({c.cle: valeur_de(c) for c in champ.champs}), min_size=1, max_size=2
            )
        case _:
            return codes if fermes else TEXTES


def regles() -> st.SearchStrategy[dict[str, Any]]:
    def de(genre: str) -> st.SearchStrategy[dict[str, Any]]:
        exiges = {c.cle: valeur_de(c) for c in GENRES[genre].CHAMPS if c.obligatoire}
        libres = [c for c in (*CHAMPS_COMMUNS, *GENRES[genre].CHAMPS) if not c.obligatoire]
        return st.fixed_dictionaries(
            {"genre": st.just(genre), **exiges}, optional={c.cle: valeur_de(c) for c in libres}
        )

    return st.sampled_from([c.GENRE for c in CATALOGUE]).flatmap(de)


def remplir(form: RegleForm) -> QueryDict:
    """What a browser sends back when nothing is touched."""
    envoi = QueryDict(mutable=True)
    for nom, champ in form.fields.items():
        valeur = form.initial.get(nom, champ.initial)
        if isinstance(valeur, list):
            envoi.setlist(nom, valeur)
        elif valeur is True:
            envoi[nom] = "on"
        elif valeur is not None and valeur is not False:
            envoi[nom] = str(valeur)
        elif not isinstance(champ, forms.MultipleChoiceField | forms.BooleanField):
            envoi[nom] = ""
    return envoi


@pytest.fixture
def mots() -> Vocabulaires:
    return Vocabulaires(fabrique.dispositif(), {})


def aller_retour(brute: dict[str, Any], mots: Vocabulaires) -> dict[str, Any]:
    classe = GENRES[brute["genre"]]
    montre = RegleForm(classe=classe, brute=brute, mots=mots, version=1)
    envoye = RegleForm(remplir(montre), classe=classe, brute=brute, mots=mots, version=1)
    envoye.is_valid()
    assert envoye.est_lisible, envoye.errors
    return envoye.brute()


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(brute=regles())
def test_toute_regle_passe_par_son_formulaire_et_par_son_fichier_sans_changer(
    mots: Vocabulaires, brute: dict[str, Any]
):
    revenue = aller_retour(brute, mots)
    assert equivalents(revenue, brute)
    relue = lire_texte(ecrire_texte(ordonner(revenue)))[0]
    assert relue == revenue
    try:
        avant = lire_regle(brute)
    except ReglementInvalide:
        return
    apres = lire_regle(relue)
    assert apres.enonce_complet({}) == avant.enonce_complet({})
    assert apres.parametres() == avant.parametres()


@pytest.mark.parametrize("chemin", REGLEMENTS, ids=lambda c: f"{c.parent.name}-{c.stem}")
def test_chaque_regle_livree_passe_par_son_formulaire_sans_changer(chemin: Path, mots: Vocabulaires):
    for article in lire_fichier(chemin.read_bytes()).contenu["articles"]:
        for brute in article.get("regles") or []:
            assert equivalents(aller_retour(brute, mots), brute)


@pytest.mark.parametrize(
    ("tranches", "mot"),
    [
        ([{"moins_de": 500}, {"a_partir_de": 500}], ""),
        ([{"jusqu_a": 500}, {"plus_de": 500}], ""),
        ([{"moins_de": 500}, {"a_partir_de": 600}], "vide ou se recouvrent"),
        ([{"moins_de": 500}, {"plus_de": 500}], "aucune tranche"),
        ([{"jusqu_a": 500}, {"a_partir_de": 500}], "deux tranches"),
        ([{"a_partir_de": 1}, {"a_partir_de": 500}], "pas de limite commune"),
        ([{"moins_de": 500}], ""),
    ],
)
def test_les_tranches_qui_se_suivent_mal_sont_dites(tranches: list[dict[str, Any]], mot: str):
    dit = trous(tranches)
    assert mot in dit
    assert bool(mot) is bool(dit)


def test_un_nom_tape_devient_son_code(mots: Vocabulaires):
    assert mots.code_de("theme", "Cadre de vie") == "cadre-de-vie"
    assert mots.code_de("beneficiaire", "communauté de communes") == "cc"
    assert mots.code_de("population", "500") == "500"


def test_les_codes_du_dispositif_apportent_leur_nom_au_reglement(mots: Vocabulaires):
    assert mots.libelles_de({"genre": "theme_eligible", "themes": ["voirie"]}) == {"voirie": "Voirie"}


def test_une_cle_inconnue_du_formulaire_est_gardee(mots: Vocabulaires):
    brute = {"genre": "plafond_aide", "montant": "15 000 €", "note_du_vote": "amendement 3"}
    assert aller_retour(brute, mots)["note_du_vote"] == "amendement 3"


def test_un_dispositif_sans_classe_n_en_propose_pas():
    dispositif: Dispositif = fabrique.dispositif(
        modele_vulnerabilite={"modeles": [{"classes": [{"code": "A"}]}]}
    )
    assert ("A", "A") in Vocabulaires(dispositif, {}).du_champ("classe")


EXIGE = {"genre": "condition_requise"}


def saisir_condition(mots: Vocabulaires, **ligne: str | list[str]) -> RegleForm:
    """The form of a condition whose first row was sent so."""
    classe = GENRES["condition_requise"]
    envoi = remplir(RegleForm(classe=classe, brute=EXIGE, mots=mots, version=1))
    for nom, valeur in ligne.items():
        envoi.setlist(f"exige-0-{nom}", valeur if isinstance(valeur, list) else [valeur])
    form = RegleForm(envoi, classe=classe, brute=EXIGE, mots=mots, version=1)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("champ", "attendus"),
    [
        ("theme", {"voirie": "Voirie", "cadre-de-vie": "Cadre de vie"}),
        ("beneficiaire", {"commune": "commune"}),
        ("deliberation", {"oui": "oui", "non": "non"}),
    ],
)
def test_une_donnee_codee_se_choisit_dans_la_liste_de_ses_codes(
    mots: Vocabulaires, champ: str, attendus: dict[str, str]
):
    valeur = saisir_condition(mots, champ=champ, est="=").fields["exige-0-valeur"]
    assert isinstance(valeur, forms.ChoiceField)
    assert attendus.items() <= dict(valeur.choices).items()
    libre = saisir_condition(mots, champ="population", est="<").fields["exige-0-valeur"]
    assert not isinstance(libre, forms.ChoiceField)
    connue = saisir_condition(mots, champ=champ, est="connu").fields["exige-0-valeur"]
    assert not isinstance(connue, forms.ChoiceField)


def test_plusieurs_codes_se_choisissent_ensemble(mots: Vocabulaires):
    for est in ("parmi", "="):
        form = saisir_condition(mots, champ="theme", est=est, valeur=["voirie", "cadre-de-vie"])
        assert isinstance(form.fields["exige-0-valeur"], forms.MultipleChoiceField)
        assert form.brute()["exige"] == {"champ": "theme", "parmi": ["voirie", "cadre-de-vie"]}


def test_un_code_inconnu_du_dispositif_reste_celui_qui_est_ecrit(mots: Vocabulaires):
    form = saisir_condition(mots, champ="theme", est="=", valeur="ancien-theme")
    assert ("ancien-theme", "ancien-theme") in form.fields["exige-0-valeur"].choices
    assert form.brute()["exige"] == {"champ": "theme", "est": "=", "valeur": "ancien-theme"}
