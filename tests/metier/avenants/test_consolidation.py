"""The contract at a date: what each act brings, takes out and changes; what cannot apply; no lost euro."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.avenants import (
    Acte,
    EtatContractuel,
    Genre,
    Mouvement,
    appliquer,
    comparer,
    conflits,
    consolider,
)

from .fabrique import etats, ligne, mouvements_sur, petit

JOUR = date(2026, 6, 1)


def acte(numero: int, *mouvements: Mouvement, effet: date = JOUR) -> Acte:
    return Acte(f"avenant-{numero}", f"Avenant n° {numero}", effet, mouvements, numero)


def montant(cle: str, aide: str) -> Mouvement:
    return Mouvement(Genre.MONTANT, cle=cle, montant=Decimal(aide))


def test_chaque_ligne_dit_l_acte_qui_l_a_apportee_et_ceux_qui_l_ont_changee() -> None:
    lu = consolider(
        petit(),
        [
            acte(2, montant("9", "7000.00"), effet=date(2026, 9, 1)),
            acte(1, Mouvement(Genre.AJOUT, ligne=ligne("9", "6000.00")), montant("1", "45000.00")),
        ],
    )
    assert lu.refus == ()
    assert lu.appliques == ("avenant-1", "avenant-2")
    assert lu.traces["1"].origine == "base"
    (changement,) = lu.traces["1"].changements
    assert (changement.acte, changement.ancien, changement.nouveau) == (
        "avenant-1", Decimal("40000.00"), Decimal("45000.00"),
    )  # fmt: skip
    assert lu.traces["9"].origine == "avenant-1"
    assert [c.acte for c in lu.traces["9"].changements] == ["avenant-2"]
    assert lu.etat.total_aides == Decimal("67000.00")


def test_avant_sa_date_d_effet_un_acte_n_existe_pas() -> None:
    actes = [acte(1, montant("1", "1.00"))]
    assert consolider(petit(), actes, JOUR - timedelta(days=1)).etat == petit()
    assert consolider(petit(), actes, JOUR).etat.ligne("1").aide == Decimal("1.00")  # type: ignore[union-attr]


def test_un_acte_sur_une_ligne_retiree_nomme_celui_qui_l_a_retiree_et_ne_change_rien() -> None:
    lu = consolider(
        petit(),
        [
            acte(1, Mouvement(Genre.RETRAIT, cle="1")),
            acte(2, montant("2", "11000.00"), montant("1", "50000.00"), effet=date(2026, 9, 1)),
        ],
    )
    (refus,) = lu.refus
    assert refus.acte == "avenant-2"
    assert "« Projet 1 » a déjà été retiré du contrat par l’avenant n°\u00a01" in refus.raison
    assert lu.etat.ligne("2") == petit().ligne("2")
    assert [x.cle for x in lu.sorties] == ["1"]
    assert lu.traces["1"].sortie == "avenant-1"


@pytest.mark.parametrize(
    ("mouvement", "raison"),
    [
        (montant("1", "40000.00"), "déjà de"),
        (montant("1", "0.00"), "doit être positive"),
        (Mouvement(Genre.RETRAIT, cle="99"), "n’est pas au contrat"),
        (Mouvement(Genre.AJOUT, ligne=ligne("1")), "déjà au contrat"),
        (Mouvement(Genre.AJOUT, ligne=ligne("9", "0.00")), "doit être positive"),
        (Mouvement(Genre.ANNEE, cle="1", annee=2026), "déjà inscrit"),
        (Mouvement(Genre.MAITRE_OUVRAGE, cle="1", maitre_ouvrage="Mende"), "déjà porté"),
        (Mouvement(Genre.FONGIBILITE, cle="3", vers="1", montant=Decimal(5000)), "ne peut pas donner"),
        (Mouvement(Genre.FONGIBILITE, cle="1", vers="1", montant=Decimal(5)), "deux projets différents"),
        (Mouvement(Genre.PERIMETRE, partie="Mende"), "déjà partie"),
        (Mouvement(Genre.PERIMETRE, partie="Mende", sort=True), "porte encore"),
        (Mouvement(Genre.PERIMETRE, partie="Aumont", sort=True), "n’est pas partie"),
        (Mouvement(Genre.DUREE, date_fin=date(2028, 12, 31)), "prend déjà fin"),
        (Mouvement(Genre.DUREE, date_fin=date(2025, 1, 1)), "doit suivre sa date d’effet"),
        (Mouvement(Genre.TEXTE, article="Absent", texte="x"), "n’a pas d’article"),
        (Mouvement(Genre.TEXTE, article="Objet", texte="Trois projets."), "déjà ce texte"),
    ],
)
def test_ce_qui_ne_s_applique_pas_est_dit(mouvement: Mouvement, raison: str) -> None:
    apres, raisons = appliquer(petit(), [mouvement])
    assert apres == petit()
    assert len(raisons) == 1
    assert raison in raisons[0]


def test_un_genre_ne_touche_que_ses_champs() -> None:
    with pytest.raises(ValueError, match="ne touche pas à « annee »"):
        Mouvement(Genre.MONTANT, cle="1", montant=Decimal(1), annee=2027)
    with pytest.raises(ValueError, match="demande « ligne »"):
        Mouvement(Genre.AJOUT)


def test_une_partie_entre_la_duree_change_un_article_est_remplace() -> None:
    lu = consolider(
        petit(),
        [
            acte(
                1,
                Mouvement(Genre.PERIMETRE, partie="Aumont"),
                Mouvement(Genre.DUREE, date_fin=date(2029, 12, 31)),
                Mouvement(Genre.TEXTE, article="Suivi", texte="Deux comités."),
            )
        ],
    )
    assert lu.etat.parties[-1] == "Aumont"
    assert lu.etat.date_fin == date(2029, 12, 31)
    assert [a.texte for a in lu.etat.articles] == ["Trois projets.", "Deux comités."]
    assert [c.champ for c in lu.generaux] == ["partie", "date_fin", "article Suivi"]


# --- properties -----------------------------------------------------------------------------------


@given(st.data())
def test_consolider_puis_comparer_rend_les_mouvements(data: st.DataObject) -> None:
    base = data.draw(etats())
    faits = data.draw(mouvements_sur(base, [x.cle for x in base.lignes], "n"))
    lu = consolider(base, [acte(1, *faits)])
    assert lu.refus == ()
    vu = comparer(base, lu.etat)
    entres = {m.ligne for m in faits if m.ligne}
    assert set(vu.entrees) == entres
    assert {x.cle for x in vu.sorties} == {cle for m in faits for cle in m.sorties}
    attendus = {m.cle: m for m in faits if m.genre in {Genre.MONTANT, Genre.ANNEE, Genre.MAITRE_OUVRAGE}}
    assert {c.apres.cle for c in vu.changees} == set(attendus)
    for change in vu.changees:
        m = attendus[change.apres.cle]
        (champ,) = change.champs
        voulu = {"aide": m.montant, "annee": m.annee, "maitre_ouvrage": m.maitre_ouvrage}[champ]
        assert getattr(change.apres, champ) == voulu


@given(st.data())
def test_les_totaux_se_tiennent_au_centime(data: st.DataObject) -> None:
    base = data.draw(etats())
    faits = data.draw(mouvements_sur(base, [x.cle for x in base.lignes], "n"))
    apres = consolider(base, [acte(1, *faits)]).etat
    vu = comparer(base, apres)
    entrees, sorties = sum(x.aide for x in vu.entrees), sum(x.aide for x in vu.sorties)
    changees = sum(c.apres.aide - c.avant.aide for c in vu.changees)
    assert base.total_aides + entrees - sorties + changees == apres.total_aides
    for groupes in (vu.par_theme, vu.par_maitre_ouvrage, vu.par_annee):
        assert sum(g.aide_avant for g in groupes) == base.total_aides
        assert sum(g.aide_apres for g in groupes) == apres.total_aides
        assert sum(g.nombre_apres for g in groupes) == len(apres.lignes)


@given(st.data())
def test_l_ordre_de_deux_avenants_sans_conflit_ne_compte_pas(data: st.DataObject) -> None:
    base = data.draw(etats())
    cles = [x.cle for x in base.lignes]
    coupe = data.draw(st.integers(0, len(cles)))
    a = data.draw(mouvements_sur(base, cles[:coupe], "a"))
    b = data.draw(mouvements_sur(base, cles[coupe:], "b"))
    assert [c for c in conflits(a, b, base) if c.genre != "enveloppe"] == []
    ab = consolider(base, [acte(1, *a), acte(2, *b)])
    ba = consolider(base, [acte(2, *a), acte(1, *b)])
    assert ab.refus == ba.refus == ()
    assert _en_ensemble(ab.etat) == _en_ensemble(ba.etat)


def _en_ensemble(etat: EtatContractuel) -> tuple[object, ...]:
    return frozenset(etat.lignes), frozenset(etat.parties), etat.articles, etat.date_fin


@given(st.data())
def test_une_date_avant_tout_effet_rend_la_base(data: st.DataObject) -> None:
    base = data.draw(etats())
    faits = data.draw(mouvements_sur(base, [x.cle for x in base.lignes], "n"))
    avant = JOUR - timedelta(days=data.draw(st.integers(1, 400)))
    lu = consolider(base, [acte(1, *faits)], avant)
    assert lu.etat == base
    assert comparer(base, lu.etat).identiques


@given(etats(), st.data())
def test_la_fongibilite_ne_cree_ni_ne_perd_un_centime(base: EtatContractuel, data: st.DataObject) -> None:
    donneurs = [x for x in base.lignes if x.aide > Decimal("0.01")]
    if len(base.lignes) < 2 or not donneurs:
        return
    donneur = data.draw(st.sampled_from(donneurs))
    receveur = data.draw(st.sampled_from([x for x in base.lignes if x.cle != donneur.cle]))
    somme = Decimal(data.draw(st.integers(1, int(donneur.aide * 100) - 1))) / 100
    m = Mouvement(Genre.FONGIBILITE, cle=donneur.cle, vers=receveur.cle, montant=somme)
    apres, raisons = appliquer(base, [m])
    assert raisons == []
    assert apres.total_aides == base.total_aides
