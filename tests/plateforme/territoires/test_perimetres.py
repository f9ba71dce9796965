"""The checks of a perimeter, and its dated versions: nothing is erased, dates only go forward."""

from __future__ import annotations

from datetime import date

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.territoires import controles
from arpent.plateforme.territoires.actions import (
    PerimetreChange,
    PerimetreRefuse,
    enregistrer_version_perimetre,
)
from arpent.plateforme.territoires.controles import Gravite
from arpent.plateforme.territoires.models import Adjacence, Composition, Groupement, Territoire
from arpent.plateforme.territoires.perimetres import (
    communes_sans_epci,
    epci_au,
    ilots,
    perimetre,
    prises,
)
from arpent.plateforme.territoires.versions import versions
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
AVANT, LE, APRES = date(2026, 6, 1), date(2027, 1, 1), date(2028, 1, 1)


def _epci(nom: str, nombre: int = 2, **champs: object) -> Groupement:
    return fabrique.groupement(
        *(fabrique.commune(f"{nom} {n}", **champs) for n in range(nombre)), nom=f"CC {nom}"
    )


def _enregistrer(
    territoire: Territoire, *epci: Groupement, debut: date = LE, version_lue: int = 0, **reste: object
) -> None:
    enregistrer_version_perimetre(
        territoire,
        [g.siren for g in epci],
        debut,
        motif="Délibération du 3 mars",
        version_lue=version_lue,
        par=None,
        **reste,  # type: ignore[arg-type]
    )


def test_une_nouvelle_version_ferme_ouvre_et_laisse_lire_l_ancienne() -> None:
    a, b, c = _epci("A"), _epci("B"), _epci("C")
    territoire = fabrique.territoire(a, b)
    _enregistrer(territoire, b, c)
    assert set(perimetre(territoire, AVANT).epci) == {a.siren, b.siren}
    assert set(perimetre(territoire, LE).epci) == {b.siren, c.siren}
    assert territoire.compositions.count() == 3
    assert territoire.compositions.get(groupement=a).fin == LE
    entree = Entree.objects.get(geste="changer_perimetre")
    assert entree.avant == {"groupements": ["CC A", "CC B"]}
    assert entree.apres == {"groupements": ["CC B", "CC C"], "debut": "2027-01-01"}
    assert entree.motif == "Délibération du 3 mars"


def test_les_versions_disent_ce_qui_entre_ce_qui_sort_et_la_population() -> None:
    a, b, c = _epci("A"), _epci("B", 1), _epci("C", 3)
    territoire = fabrique.territoire(a, b)
    _enregistrer(territoire, b, c)
    premiere, seconde = versions(territoire)
    assert (premiere.debut, premiere.fin, premiere.communes, premiere.population) == (
        date(2017, 1, 1),
        LE,
        3,
        1500,
    )
    assert (seconde.epci, seconde.entres, seconde.sortis) == (("CC B", "CC C"), ("CC C",), ("CC A",))
    assert (seconde.population, seconde.motif) == (2000, "Délibération du 3 mars")
    assert [v.etat(AVANT) for v in (premiere, seconde)] == ["en vigueur", "à venir"]
    assert [v.etat(LE) for v in (premiere, seconde)] == ["passée", "en vigueur"]


def test_une_population_inconnue_n_est_jamais_un_zero() -> None:
    territoire = fabrique.territoire(fabrique.groupement(fabrique.commune(population=None)))
    assert versions(territoire)[0].population is None


def test_de_deux_personnes_une_seule_gagne() -> None:
    a, b, c = _epci("A"), _epci("B"), _epci("C")
    territoire = fabrique.territoire(a)
    _enregistrer(territoire, a, b)
    with pytest.raises(PerimetreChange):
        _enregistrer(territoire, a, c, debut=APRES, version_lue=0)
    assert set(perimetre(territoire, APRES).epci) == {a.siren, b.siren}
    _enregistrer(territoire, a, c, debut=APRES, version_lue=1)
    assert set(perimetre(territoire, APRES).epci) == {a.siren, c.siren}


@pytest.mark.parametrize("debut", [LE, AVANT, date(2017, 1, 1)])
def test_une_date_deja_depassee_par_un_changement_est_refusee(debut: date) -> None:
    a, b = _epci("A"), _epci("B")
    territoire = fabrique.territoire(a)
    _enregistrer(territoire, a, b)
    with pytest.raises(PerimetreRefuse, match="change déjà le 01/01/2027"):
        _enregistrer(territoire, a, debut=debut, version_lue=1)
    assert territoire.versions_perimetre.count() == 1


def test_rien_a_changer_personne_ou_inconnue_est_refuse() -> None:
    a = _epci("A")
    territoire = fabrique.territoire(a)
    with pytest.raises(PerimetreRefuse, match="déjà celui"):
        _enregistrer(territoire, a)
    with pytest.raises(PerimetreRefuse, match="au moins une"):
        _enregistrer(territoire)
    with pytest.raises(PerimetreRefuse, match="inconnue"):
        enregistrer_version_perimetre(territoire, ["999999999"], LE, motif="", version_lue=0, par=None)
    assert not territoire.versions_perimetre.exists()


def test_une_intercommunalite_ne_quitte_un_territoire_que_si_on_le_confirme() -> None:
    a, b, c = _epci("A"), _epci("B"), _epci("C")
    depart, arrivee = fabrique.territoire(a, b, nom="Départ"), fabrique.territoire(c, nom="Arrivée")
    autres = {depart.pk: None}
    with pytest.raises(PerimetreRefuse, match="CC B"):
        _enregistrer(arrivee, b, c, autres=autres)
    assert set(perimetre(arrivee, LE).epci) == {c.siren}
    _enregistrer(arrivee, b, c, autres=autres, transferer=True)
    assert perimetre(depart, LE).epci == (a.siren,)
    assert set(perimetre(depart, AVANT).epci) == {a.siren, b.siren}
    assert depart.versions_perimetre.get().motif == "Départ vers « Arrivée »"
    assert not Composition.objects.filter(groupement=b, fin=None).exclude(territoire=arrivee).exists()


def test_un_refus_n_ecrit_rien_nulle_part() -> None:
    """The other territory already changes later: the whole gesture is given up."""
    a, b, c = _epci("A"), _epci("B"), _epci("C")
    depart, arrivee = fabrique.territoire(a, b), fabrique.territoire(c)
    _enregistrer(depart, b, debut=APRES)
    with pytest.raises(PerimetreRefuse, match="change déjà le 01/01/2028"):
        _enregistrer(arrivee, b, c, autres={depart.pk: None}, transferer=True)
    assert not arrivee.versions_perimetre.exists()
    assert perimetre(arrivee, LE).epci == (c.siren,)


def test_les_epci_d_un_departement_viennent_entiers() -> None:
    limite = fabrique.groupement(
        fabrique.commune("Ici"), fabrique.commune("Là-bas", code="30001", departement="30"), nom="CC Limite"
    )
    fabrique.groupement(fabrique.commune("Loin", code="33001", departement="33"), nom="CC Loin")
    fabrique.groupement(fabrique.commune("Eau"), nom="Syndicat", nature="SIVU")
    (lu,) = epci_au(LE, ["48"])
    assert (lu.siren, [c.nom for c in lu.communes], lu.population) == (limite.siren, ["Ici", "Là-bas"], 1000)
    assert [c.nom for c in communes_sans_epci(LE, ["48"])] == ["Eau"]


def test_une_ile_est_nommee() -> None:
    a, b, c = _epci("A"), _epci("B"), _epci("Île")
    codes = [m.code for g in (a, b, c) for m in g.membres.order_by("code")]
    for x, y in ((0, 1), (1, 2), (2, 3), (4, 5)):
        Adjacence.objects.create(commune_a_id=codes[x], commune_b_id=codes[y], longueur_m=10)
    choisis = list(epci_au(LE, ["48"]))
    parties = ilots(codes)
    assert [len(p) for p in parties] == [4, 2]
    dit = controles.controle_continuite(choisis, parties)
    assert (dit.gravite, dit.intitule) == (
        Gravite.RESERVE,
        "Le territoire est en 2 morceaux : CC Île ne touche pas le reste",
    )
    assert controles.controle_continuite(choisis, parties[:1]).gravite is Gravite.BON


def test_une_prise_a_venir_est_dite_avec_sa_date() -> None:
    a, b = _epci("A"), _epci("B")
    territoire = fabrique.territoire(a, nom="Voisin")
    _enregistrer(territoire, a, b, debut=APRES)
    dit = controles.controle_unicite(epci_au(LE, ["48"]), prises(LE, [territoire.pk]), LE)
    assert dit.gravite is Gravite.BLOCAGE
    assert dit.intitule == "2 intercommunalités sont déjà dans un autre territoire"
    assert "CC A dans « Voisin » et CC B dans « Voisin » à partir du 01/01/2028" in dit.detail


def test_le_plancher_de_population_est_celui_du_dispositif_ou_n_est_pas_invente() -> None:
    _epci("A")
    choisis = epci_au(LE, ["48"])
    assert "seuil de population non saisi" in controles.controle_population(choisis, None).intitule
    refus = controles.controle_population(choisis, 5000)
    assert (refus.gravite, refus.intitule) == (
        Gravite.BLOCAGE,
        "1\u202f000 habitants : il en manque 4\u202f000",
    )
    assert controles.controle_population(choisis, 1000).gravite is Gravite.BON


def test_plusieurs_departements_sont_nommes_et_ceux_hors_du_ressort_aussi() -> None:
    fabrique.groupement(
        fabrique.commune("Ici"), fabrique.commune("Là-bas", code="30001", departement="30"), nom="CC Limite"
    )
    dit = controles.controle_departements(
        epci_au(LE, ["48"]), ["48"], {"30": "Gard", "48": "Lozère"}.__getitem__
    )
    assert dit.gravite is Gravite.RESERVE
    assert dit.intitule == (
        "Le territoire s’étend sur 2 départements : Gard (1 commune) et Lozère (1 commune)"
    )
    assert dit.detail.startswith("Hors du ressort de l’autorité : Gard.")


def test_ce_qui_reste_dehors_est_nomme() -> None:
    a, b = _epci("A"), _epci("B")
    fabrique.commune("Seule")
    candidats = epci_au(LE, ["48"])
    choisis = [e for e in candidats if e.siren == a.siren]
    dit = controles.controle_restes(choisis, candidats, (), communes_sans_epci(LE, ["48"]), ["48"])
    assert dit.intitule == "3 communes resteraient hors de tout territoire"
    assert dit.detail == f"{b.nom} (B 0 et B 1) ; sans intercommunalité : Seule."
