"""Each kind of rule is described: its keys are exactly those that are read, with French labels."""

from typing import Any

import pytest

from arpent.metier.reglement import (
    CATALOGUE,
    CHAMPS_COMMUNS,
    GENRES,
    LIBELLES_FAMILLE,
    ChampRegle,
    Famille,
    Regle,
    ReglementInvalide,
    Sorte,
    lire_reglement,
)
from arpent.metier.reglement.bareme import Bareme, Parametre
from arpent.metier.reglement.description import CODES_FERMES
from tests.metier.reglement.fabrique import donnees, simple

par_genre = pytest.mark.parametrize("classe", CATALOGUE, ids=lambda classe: classe.GENRE)

EXEMPLES: dict[Sorte, Any] = {
    Sorte.TAUX: "30 %",
    Sorte.MONTANT: "15 000 €",
    Sorte.NOMBRE: "0,94",
    Sorte.BAREME_TAUX: {"par": "theme", "valeurs": {"voirie": "30 %"}},
    Sorte.BAREME_MONTANT: "15 000 €",
    Sorte.ENTIER: 2,
    Sorte.BOOLEEN: True,
    Sorte.CONDITION: {"champ": "population", "est": "<", "valeur": 500},
    Sorte.PARAMETRE_LEGAL: "participation_minimale",
    Sorte.DATE: "2026-06-30",
}


def exemple(champ: ChampRegle) -> Any:
    """A right value for the key, as written in a file."""
    fermes = CODES_FERMES.get(champ.vocabulaire) if champ.vocabulaire else None
    code = next(iter(fermes)) if fermes else f"code-{champ.cle}"
    match champ.sorte:
        case Sorte.CODES:
            return [code]
        case Sorte.TEXTE:
            return code
        case Sorte.CHOIX:
            return champ.options[0][0]
        case Sorte.BLOCS:
            return [{interne.cle: exemple(interne) for interne in champ.champs}]
        case _:
            return EXEMPLES[champ.sorte]


# A key that excludes another one of its kind, tested in the file of that kind.
EXCLUSIVES = {("coefficient", "indicateur")}


def regle_complete(classe: type[Regle]) -> dict[str, Any]:
    """A rule with all its keys."""
    champs = [c for c in classe.CHAMPS if (classe.GENRE, c.cle) not in EXCLUSIVES]
    return {"genre": classe.GENRE, **{champ.cle: exemple(champ) for champ in champs}}


@par_genre
def test_la_lecture_accepte_toutes_les_cles_decrites(classe: type[Regle]) -> None:
    communs = {champ.cle: exemple(champ) for champ in CHAMPS_COMMUNS}
    [regle] = lire_reglement(donnees({**regle_complete(classe), **communs})).regles
    assert isinstance(regle, classe)
    lues = {champ.cle: getattr(regle, champ.cle) for champ in classe.CHAMPS}
    assert all(lues[cle] not in (None, "", ()) for cle in lues if (classe.GENRE, cle) not in EXCLUSIVES)


@par_genre
def test_la_lecture_refuse_toute_autre_cle_et_nomme_les_cles_decrites(classe: type[Regle]) -> None:
    with pytest.raises(ReglementInvalide) as refus:
        lire_reglement(donnees({**regle_complete(classe), "inconnue": 1}))
    attendues = sorted({"genre", *(c.cle for c in (*CHAMPS_COMMUNS, *classe.CHAMPS))})
    assert f"clé inconnue « inconnue ». Clés attendues : {', '.join(attendues)}." in simple(str(refus.value))


@par_genre
def test_la_lecture_refuse_l_absence_d_une_cle_obligatoire(classe: type[Regle]) -> None:
    for champ in classe.CHAMPS:
        if champ.obligatoire:
            incomplete = {cle: v for cle, v in regle_complete(classe).items() if cle != champ.cle}
            with pytest.raises(ReglementInvalide, match=champ.cle):
                lire_reglement(donnees(incomplete))


@par_genre
def test_un_genre_se_presente_en_francais(classe: type[Regle]) -> None:
    assert classe.INTITULE
    assert classe.DESCRIPTION.endswith(".")
    assert "\n" not in classe.DESCRIPTION
    assert isinstance(classe.FAMILLE, Famille)
    assert len({champ.cle for champ in classe.CHAMPS}) == len(classe.CHAMPS)
    for champ in classe.CHAMPS:
        assert champ.libelle[0].isupper()
        assert (champ.sorte is Sorte.CHOIX) == bool(champ.options)
        assert (champ.sorte is Sorte.BLOCS) == bool(champ.champs)


@par_genre
def test_les_valeurs_d_une_regle_sont_celles_de_ses_cles(classe: type[Regle]) -> None:
    [regle] = lire_reglement(donnees(regle_complete(classe))).regles
    lues = [getattr(regle, champ.cle) for champ in classe.CHAMPS]
    blocs = [bloc for v in lues if isinstance(v, tuple) for bloc in v if isinstance(bloc, dict)]
    lues += [valeur for bloc in blocs for valeur in bloc.values()]
    assert len(regle.parametres()) == sum(isinstance(v, Parametre | Bareme) for v in lues)


def test_chaque_genre_a_son_code_et_chaque_famille_un_libelle() -> None:
    assert len(GENRES) == len(CATALOGUE)
    assert set(LIBELLES_FAMILLE) == set(Famille)


def test_un_code_hors_d_une_liste_fermee_est_refuse() -> None:
    regle = {"genre": "beneficiaire_eligible", "natures": ["comune"]}
    with pytest.raises(ReglementInvalide, match=r"code inconnu.*comune"):
        lire_reglement(donnees(regle))
