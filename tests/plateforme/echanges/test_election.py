"""Election day: a list is read, shown, applied; nothing is left to somebody who is no longer there."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from arpent.plateforme.acteurs.models import Absence, Designation, Habilitation, Mandat, Personne
from arpent.plateforme.echanges.election import actions
from arpent.plateforme.echanges.election.colonnes import date_lue, fonctions_de, lire_lignes
from arpent.plateforme.echanges.etats import ImportRefuse
from arpent.plateforme.echanges.lecture import FichierIllisible
from arpent.plateforme.echanges.models import ImportElus
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import AvisService
from arpent.plateforme.territoires.models import Canton
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
LE = date(2026, 3, 22)
MAIRES = (
    "Code du département;Libellé du département;Code de la commune;Libellé de la commune;Nom de l'élu;"
    "Prénom de l'élu;Code sexe;Date de naissance;Libellé de la catégorie socio-professionnelle;"
    "Date de début du mandat;Date de début de la fonction"
)


@pytest.fixture
def monde(demarche):
    """Chirac and Marvejols, their mayors in office; the mayor of Chirac has an account."""
    chirac, marvejols = demarche.territoire.groupements.get().membres.order_by("nom")
    m = SimpleNamespace(
        demarche=demarche, chirac=chirac.organisation, marvejols=marvejols.organisation,
        codes=(chirac.code, marvejols.code), chef=fabrique.agent("chef_de_projet", demarche),
    )  # fmt: skip
    m.compte = fabrique.agent("maire", demarche, pour=m.chirac, nom="Roux", prenom="Paul")
    m.roux = Personne.objects.create(nom="Roux", prenom="Paul", civilite="m", agent=m.compte)
    m.vidal = Personne.objects.create(nom="Vidal", prenom="Élise", civilite="mme")
    m.mandat = m.roux.mandats.create(organisation=m.chirac, fonction="maire", debut=date(2020, 5, 25))
    m.vidal.mandats.create(organisation=m.marvejols, fonction="maire", debut=date(2020, 5, 25))
    return m


def liste(tmp_path: Path, *lignes: str, entetes: str = MAIRES, nom: str = "maires.csv") -> Path:
    chemin = tmp_path / nom
    chemin.write_text("\n".join([entetes, *lignes]), encoding="utf-8")
    return chemin


def maire(code: str, nom: str, prenom: str, sexe: str = "F", departement: str = "48") -> str:
    return f"{departement};Lozère;{code};Commune;{nom};{prenom};{sexe};01/02/1970;Cadre;15/03/2026;22/03/2026"


def lue(monde: Any, chemin: Path, **options: Any) -> ImportElus:
    d = {"autorite": monde.demarche.autorite, "le": LE, "complete": True, "par": monde.chef}
    return actions.recevoir(chemin, chemin.name, **(d | options))


def pons(monde: Any, tmp_path: Path) -> ImportElus:
    """Mme Pons is elected in Chirac; Mme Vidal stays in Marvejols."""
    lignes = (maire(monde.codes[0], "PONS", "Jeanne"), maire(monde.codes[1], "VIDAL", "Elise"))
    return lue(monde, liste(tmp_path, *lignes))


def appliquer(monde: Any, lecture: ImportElus, **options: Any) -> ImportElus:
    return actions.appliquer(lecture, par=monde.chef, vu_par=monde.chef, **options)


def test_l_apercu_dit_qui_part_qui_arrive_qui_reste(monde, tmp_path):
    vu = actions.apercevoir(pons(monde, tmp_path), monde.chef)
    assert [d.mandat.pk for d in vu.departs] == [monde.mandat.pk]
    assert [v.ligne.nom for v in vu.venues] == ["PONS"]
    assert [p.nom for p, _ in vu.comparaison.restent] == ["Vidal"]
    assert vu.fermeture == date(2026, 3, 21)
    assert Mandat.objects.count() == 2


def test_rien_de_prive_n_est_garde(monde, tmp_path):
    assert "1970" not in str(pons(monde, tmp_path).lignes)
    assert "Cadre" not in str(pons(monde, tmp_path).lignes)


def test_appliquer_clot_la_veille_et_ouvre_le_jour(monde, tmp_path):
    appliquer(monde, pons(monde, tmp_path))
    monde.mandat.refresh_from_db()
    assert monde.mandat.fin == date(2026, 3, 21)
    assert "élection" in monde.mandat.motif_fin
    neuf = Mandat.objects.get(organisation=monde.chirac, fin=None)
    assert (neuf.personne.nom, neuf.personne.prenom, neuf.debut) == ("Pons", "Jeanne", LE)
    assert Mandat.objects.filter(organisation=monde.marvejols, fin=None).count() == 1


def test_l_acces_de_qui_part_se_ferme_et_lui_seul(monde, tmp_path):
    appliquer(monde, pons(monde, tmp_path))
    assert Habilitation.objects.get(agent=monde.compte).fin == date(2026, 3, 21)
    assert Habilitation.objects.get(agent=monde.chef).fin is None


def test_rien_ne_reste_a_qui_part(monde, tmp_path):
    fiche = fabrique.fiche(monde.demarche, maitre_ouvrage=monde.chirac, contact_nom="M. Paul ROUX")
    avis = AvisService.objects.create(
        fiche=fiche, service="Mairie", agent=monde.compte, question="?", demande_par_nom="x", echeance_le=LE
    )
    adjointe = fabrique.agent("secretaire_mairie", monde.demarche, pour=monde.chirac)
    Absence.objects.create(
        agent=adjointe, suppleant=monde.compte, debut=LE - timedelta(5), fin=LE + timedelta(400)
    )
    Designation.objects.create(
        organisation=monde.chirac, agent=monde.compte, fonction="signataire", debut=date(2025, 1, 1)
    )
    lecture = pons(monde, tmp_path)
    genres = [c.genre for c in actions.apercevoir(lecture, monde.chef).departs[0].charges]
    assert sorted(genres) == ["accès", "avis", "délégation", "fiche", "suppléance"]
    appliquer(monde, lecture)
    fiche.refresh_from_db()
    avis.refresh_from_db()
    assert (fiche.contact_nom, fiche.contact_fonction) == ("Jeanne Pons", "maire")
    assert avis.agent is None
    assert Absence.objects.get().fin == LE - timedelta(1)
    assert Designation.objects.get().fin is not None
    assert not actions.apercevoir_charges(monde.roux, monde.chirac, "maire", LE)


def test_la_meme_liste_deux_fois_ne_change_rien(monde, tmp_path):
    appliquer(monde, pons(monde, tmp_path))
    avant = list(Mandat.objects.values_list("pk", "fin"))
    autre = pons(monde, tmp_path)
    vu = actions.apercevoir(autre, monde.chef)
    assert not vu.change
    appliquer(monde, autre)
    assert list(Mandat.objects.values_list("pk", "fin")) == avant


def test_une_liste_deja_appliquee_est_refusee(monde, tmp_path):
    lecture = appliquer(monde, pons(monde, tmp_path))
    with pytest.raises(ImportRefuse, match="déjà appliqué"):
        appliquer(monde, lecture)


def test_un_annuaire_qui_a_change_depuis_l_apercu_est_relu(monde, tmp_path):
    lecture = pons(monde, tmp_path)
    empreinte = actions.apercevoir(lecture, monde.chef).empreinte
    fabrique.fiche(monde.demarche, maitre_ouvrage=monde.chirac, contact_nom="Paul Roux")
    with pytest.raises(ImportRefuse, match="a changé"):
        appliquer(monde, lecture, empreinte=empreinte)
    assert Mandat.objects.count() == 2


def test_une_commune_inconnue_est_dite_et_les_autres_departements_comptes(monde, tmp_path):
    Canton.objects.create(code="4801", nom="Peyre", departement="48")
    lignes = (maire("48999", "NULLE", "Part"), maire("01001", "AILLEURS", "Anne", departement="01"))
    vu = actions.apercevoir(lue(monde, liste(tmp_path, *lignes)), monde.chef)
    assert [n.ligne.nom for n in vu.reconnues.non_reconnues] == ["NULLE"]
    assert not vu.change


def test_un_homonyme_n_est_reuni_que_si_on_le_dit(monde, tmp_path):
    connue = Personne.objects.create(nom="PONS", prenom="Jeanne")
    lecture = pons(monde, tmp_path)
    venue = actions.apercevoir(lecture, monde.chef).venues[0]
    assert venue.homonymes == (connue,)
    appliquer(monde, lecture, memes={venue.elu.numero: connue.pk})
    assert Mandat.objects.get(organisation=monde.chirac, fin=None).personne == connue


def test_le_journal_dit_tout(monde, tmp_path):
    appliquer(monde, pons(monde, tmp_path))
    gestes = set(Entree.objects.values_list("geste", flat=True))
    assert {"appliquer_election", "clore_mandat", "ouvrir_mandat", "clore_habilitation"} <= gestes


def test_une_liste_incomplete_ne_fait_partir_que_des_sieges_uniques(monde, tmp_path):
    epci = fabrique.organisation("cc", "CC du Gévaudan", siren="200069102")
    epci.groupement = monde.demarche.territoire.groupements.get()
    epci.save()
    monde.roux.mandats.create(organisation=epci, fonction="conseiller_communautaire", debut=date(2020, 5, 25))
    chemin = liste(
        tmp_path, "CC du Gévaudan;conseillère communautaire;Madame;Bel;Zoé",
        entetes="Structure;Fonction;Civilité;Nom;Prénom",
    )  # fmt: skip
    assert actions.apercevoir(lue(monde, chemin, complete=False), monde.chef).departs == ()
    assert len(actions.apercevoir(lue(monde, chemin), monde.chef).departs) == 1


def test_les_conseillers_departementaux_vont_a_leur_canton(monde, tmp_path):
    Canton.objects.create(code="4899", nom="Mende", departement="48")
    entetes = (
        "Code du département;Code du canton;Libellé du canton;Nom de l'élu;Prénom de l'élu;Code sexe;"
        "Libellé de la fonction"
    )
    ligne = "48;09;Mende-1;BEL;Zoé;F;Présidente du conseil départemental"
    vu = actions.apercevoir(lue(monde, liste(tmp_path, ligne, entetes=entetes)), monde.chef)
    assert [(v.elu.siege.fonction, v.elu.siege.canton) for v in vu.venues] == [
        ("conseiller_departemental", "4899"),
        ("president", ""),
    ]
    assert {v.organisation for v in vu.venues} == {monde.demarche.autorite}


def test_un_fichier_sans_nom_est_refuse(monde, tmp_path):
    with pytest.raises(FichierIllisible, match="« Nom » et « Prénom »"):
        lue(monde, liste(tmp_path, "a;b", entetes="x;y"))


def test_un_fichier_d_un_autre_departement_est_refuse(monde, tmp_path):
    with pytest.raises(FichierIllisible, match="aucune ligne de vos départements"):
        lue(monde, liste(tmp_path, maire("01001", "AILLEURS", "Anne", departement="01")))


@pytest.mark.parametrize(
    ("texte", "liste_", "codes"),
    [
        ("", "maire", ("maire",)),
        ("Maire", "conseiller_municipal", ("maire",)),
        ("2ème adjoint au Maire", "conseiller_municipal", ("adjoint",)),
        ("", "conseiller_municipal", ("conseiller_municipal",)),
        ("1er vice-président du conseil communautaire", "conseiller_communautaire",
         ("conseiller_communautaire", "vice_president")),
        ("Présidente", "", ("president",)),
        ("conseillère départementale", "", ("conseiller_departemental",)),
        ("jardinier", "", ()),
    ],
)  # fmt: skip
def test_une_fonction_se_lit(texte, liste_, codes):
    assert fonctions_de(texte, liste_) == codes


@pytest.mark.parametrize(
    ("texte", "iso"),
    [("22/03/2026", "2026-03-22"), ("2026-03-22 00:00", "2026-03-22"), ("31/02/2026", ""), ("mars", "")],
)
def test_une_date_se_lit(texte, iso):
    assert date_lue(texte) == iso


def test_le_numero_d_une_ligne_est_celui_du_fichier():
    lues = lire_lignes(["Nom", "Prénom", "Structure"], [3, 7], [["", "x", "y"], ["Roux", "Paul", "Chirac"]])
    assert [x.numero for x in lues] == [7]
