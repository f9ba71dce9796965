"""The calendar of a process, its diagram, what changes from one to another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given

import arpent.dispositifs
from arpent.metier.processus import (
    Condition,
    Definition,
    Echelle,
    EtapeModele,
    Frequence,
    Phase,
    TypeReunion,
    comparer,
    diagramme,
    lire_definition,
    planifier,
)
from arpent.metier.processus.comparaison import dire
from arpent.metier.processus.diagramme import rangs

from .test_lecture import definitions

LE = date(2026, 1, 15)
DOSSIER = Path(arpent.dispositifs.__file__).parent


def livre(nom: str) -> Definition:
    return lire_definition(yaml.safe_load((DOSSIER / nom / "processus.yaml").read_text("utf-8")))


def test_une_etape_jalonnee_finit_a_la_fin_de_son_mois_ou_de_ses_jours() -> None:
    copil, diagnostic = planifier(
        [EtapeModele("a", "A", mois=1, duree_jours=1), EtapeModele("b", "B", mois=1, duree_jours=90)], LE
    )
    assert (copil.debut, copil.fin) == (LE, date(2026, 2, 15))
    assert (diagnostic.debut, diagnostic.fin) == (LE, date(2026, 4, 15))


def test_une_etape_sans_mois_suit_les_precedentes_ou_les_accompagne() -> None:
    a, b, c = planifier(
        [
            EtapeModele("a", "A", duree_jours=30),
            EtapeModele("b", "B", duree_jours=10, parallele=True),
            EtapeModele("c", "C"),
        ],
        LE,
    )
    assert (a.debut, a.fin) == (LE, date(2026, 2, 14))
    assert (b.debut, b.fin) == (LE, date(2026, 1, 25))
    assert (c.debut, c.fin) == (date(2026, 2, 14), date(2026, 2, 14))


def test_une_etape_dont_le_territoire_se_passe_ne_retient_personne() -> None:
    etapes = [EtapeModele("a", "A", duree_jours=30, facultative=True), EtapeModele("b", "B", duree_jours=5)]
    a, b = planifier(etapes, LE, {"a"})
    assert (a.debut, a.fin) == (None, None)
    assert b.debut == LE


def test_la_region_finit_au_cinquieme_mois_et_le_departement_a_la_signature() -> None:
    region = {p.etape.code: p for p in planifier(livre("nouvelle-aquitaine").etapes, date(2026, 1, 1))}
    assert region["copil-finalisation"].fin == date(2026, 6, 1)
    assert region["diagnostic-partage"].fin == date(2026, 4, 1)
    lozere = {p.etape.code: p for p in planifier(livre("lozere").etapes, date(2026, 1, 1))}
    assert lozere["signature"].fin == date(2027, 3, 12)


@given(definitions())
def test_aucune_etape_ne_finit_avant_d_avoir_commence(definition: Definition) -> None:
    for prevue in planifier(definition.etapes, LE):
        assert prevue.debut is not None
        assert prevue.fin is not None
        assert LE <= prevue.debut <= prevue.fin


@given(definitions())
def test_un_processus_ne_differe_pas_de_lui_meme_et_chaque_etape_a_son_rang(definition: Definition) -> None:
    assert comparer(definition, definition) == ()
    assert tuple(e for rang in rangs(definition.etapes) for e in rang) == definition.etapes


def test_le_schema_montre_les_phases_les_etapes_et_ce_qui_est_facultatif() -> None:
    texte = diagramme(livre("nouvelle-aquitaine"))
    assert texte.startswith("flowchart TD\n")
    assert 'subgraph p_diagnostic_enjeux["Diagnostic et enjeux"]' in texte
    assert "Mois 1 · Région et territoire de projet" in texte
    assert "e_deliberations --> e_signature" in texte
    assert "class e_atelier_regards_croises,e_atelier_choix_operations facultative" in texte
    simple = Definition((Phase("p", 'Dite "libre"', (EtapeModele("a", "A"),)),))
    assert "classDef" not in diagramme(simple)
    assert "Dite &quot;libre&quot;" in diagramme(simple)


def test_les_etapes_du_meme_mois_ou_dites_paralleles_sont_cote_a_cote() -> None:
    etapes = (
        EtapeModele("a", "A", mois=1),
        EtapeModele("b", "B", mois=1),
        EtapeModele("c", "C"),
        EtapeModele("d", "D", parallele=True),
        EtapeModele("e", "E", mois=2),
    )
    assert [[e.code for e in rang] for rang in rangs(etapes)] == [["a", "b"], ["c", "d"], ["e"]]


def test_ce_qui_change_est_dit_en_clair() -> None:
    copil = TypeReunion("copil", "COPIL", Echelle.TERRITOIRE, ("maires",), Frequence.UNE_FOIS)
    avant = Definition(
        (
            Phase("p", "Phase", (EtapeModele("a", "A"), EtapeModele("b", "B", place="plan"))),
            Phase("q", "Suite", (EtapeModele("c", "C"),)),
        ),
        (copil,),
    )
    apres = Definition(
        (
            Phase(
                "p",
                "Première phase",
                (
                    EtapeModele(
                        "b", "B", place="contrat", facultative=True, conditions=(Condition("accord_conclu"),)
                    ),
                    EtapeModele("a", "A", duree_jours=5),
                    EtapeModele("d", "D"),
                ),
            ),
        ),
        (TypeReunion("copil", "COPIL", Echelle.VILLE, ("maires", "services"), Frequence.UNE_FOIS),),
    )
    dits = {(e.genre, e.quoi, e.libelle, e.champ, e.avant, e.apres) for e in comparer(avant, apres)}
    assert ("ajout", "étape", "D", "", "", "") in dits
    assert ("retrait", "étape", "C", "", "", "") in dits
    assert ("retrait", "phase", "Suite", "", "", "") in dits
    assert ("changement", "étape", "A", "durée en jours", "(vide)", "5") in dits
    assert ("changement", "étape", "B", "facultative", "non", "oui") in dits
    assert ("changement", "étape", "B", "lieu du fil", "Plan d’actions", "Contrat") in dits
    assert ("changement", "étape", "B", "conditions", "(vide)", "l’accord est conclu sur la maquette") in dits
    assert ("changement", "phase", "Première phase", "libellé", "Phase", "Première phase") in dits
    assert ("changement", "réunion", "COPIL", "échelle", "un territoire", "une ville de rendez-vous") in dits
    assert (
        "changement", "réunion", "COPIL", "composition", "maires", "maires\u00a0; services de l’autorité",
    ) in dits  # fmt: skip
    assert ("changement", "ordre", "Ordre des étapes", "ordre", "a, b", "b, a") in dits


@pytest.mark.parametrize(("valeur", "dit"), [(None, "(vide)"), (True, "oui"), (12, "12")])
def test_une_valeur_se_dit(valeur: object, dit: str) -> None:
    assert dire(valeur) == dit
