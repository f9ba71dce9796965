"""A règlement as a file: bounded reading with its lines, exact writing, errors that say where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.plateforme.reglements.controles import controler
from arpent.plateforme.reglements.fichiers import (
    PROFONDEUR_MAX,
    TAILLE_MAX,
    FichierIllisible,
    ecrire_fichier,
    ecrire_texte,
    lire_fichier,
    lire_texte,
)
from arpent.plateforme.reglements.livre import RACINE, lister_livres

BOMBE = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
REGLEMENTS = sorted(
    [d / "reglement.yaml" for d in lister_livres()]
    + [c for c in (RACINE / "exemples").glob("*.yaml") if "." not in c.stem]
)
REFUS = [
    ("liste ouverte", b"a: [1", "Ligne 2"),
    ("boucle", b"a: &x [*x]", "renvois"),
    ("bombe", BOMBE.encode(), "renvois"),
    ("trop profond", b"[" * (PROFONDEUR_MAX + 1), "trop profond"),
    ("trop de valeurs", b"a: [" + b"1," * 41_000 + b"]", "trop long"),
    ("objet", b"a: !!python/object/apply:os.system [ls]", "Ligne 1"),
    ("objet simple", b"a: !inconnu ls", "Ligne 1"),
    ("cle double", b"a: 1\nb: 2\na: 3", "Ligne 3"),
    ("cle fusion", b"a: {<<: {b: 1}}", "Ligne 1"),
    ("cle complexe", b"? [a]\n: 1", "un mot"),
    ("vide", b"", "vide"),
    ("pas une table", b"- 1", "table de cl"),
    ("date impossible", b"a: 2026-13-45", "Ligne 1"),
    ("commande", b"a: \x07", "Ligne 1"),
    ("latin 1", "é".encode("latin-1"), "UTF-8"),
    ("trop lourd", b"a" * (TAILLE_MAX + 1), "ko"),
]


@pytest.mark.parametrize(("octets", "message"), [r[1:] for r in REFUS], ids=[r[0] for r in REFUS])
def test_un_fichier_qui_n_est_pas_un_reglement_est_refuse_en_une_phrase(octets: bytes, message: str):
    with pytest.raises(FichierIllisible, match=message):
        lire_fichier(octets)


TEXTES = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t:#-'\"{}[]&*!|>%@`\xa0\u2028"),
    max_size=30,
)
VALEURS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXTES,
    lambda v: st.lists(v, max_size=4) | st.dictionaries(TEXTES, v, max_size=4),
    max_leaves=12,
)


@given(VALEURS)
def test_ecrire_puis_relire_redonne_la_meme_chose(valeur: object):
    assert lire_texte(ecrire_texte([valeur]))[0] == [valeur]


@pytest.mark.parametrize("chemin", REGLEMENTS, ids=lambda c: f"{c.parent.name}-{c.stem}")
def test_chaque_reglement_livre_se_lit_sans_erreur_et_fait_l_aller_retour(chemin: Path):
    lu = lire_fichier(chemin.read_bytes())
    for demonstration in (False, True):
        assert controler(lu.contenu, demonstration, lu).anomalies == ()
    assert lire_fichier(ecrire_fichier(lu.contenu).encode()).contenu == lu.contenu


SOURCE = (RACINE / "lozere" / "reglement.yaml").read_text(encoding="utf-8")
FAUTES = [
    ("genre: plan_equilibre", "genre: plan_penche", "genre", "valeur inconnue « plan_penche »"),
    (
        "natures: [investissement]",
        "natures: [investisement]",
        "natures.1",
        "valeur inconnue « investisement »",
    ),
    ("natures: [investissement]", "natures: []", "natures", "la liste est vide"),
    ("titre: Délibération", "titre: ''", "titre", "le texte est vide"),
    ("titre: Délibération", "titles: Délibération", "", "il manque la clé « titre »"),
    ("financeur: departement", "financeur: comte", "financeur", "valeur inconnue « comte »"),
    ('en_vigueur_le: "2026-01-01"', "en_vigueur_le: demain", "en_vigueur_le", "2026-01-01"),
    ("par: theme", "par: couleur", "taux", ""),
    ('numero: "3"', 'numero: "2"', "numero", "deux articles portent le numéro 2"),
    ("genre: cumul_aides", "genre: participation_minimale", "code", "deux règles portent le code"),
]


@pytest.mark.parametrize(("ancien", "nouveau", "cle", "message"), FAUTES, ids=[f[1] for f in FAUTES])
def test_chaque_faute_est_dite_avec_sa_ligne_et_sa_cle(ancien: str, nouveau: str, cle: str, message: str):
    assert ancien in SOURCE
    texte = SOURCE.replace(ancien, nouveau, 1)
    lu = lire_fichier(texte.encode())
    anomalies = controler(lu.contenu, True, lu).anomalies
    voulue = next(a for a in anomalies if message in a.message and a.cle.startswith(cle))
    fautive = texte[: SOURCE.index(ancien)].count("\n") + 1
    assert voulue.ligne is not None
    assert abs(voulue.ligne - fautive) <= 3
    assert str(voulue).startswith(f"Ligne {voulue.ligne}, ")
