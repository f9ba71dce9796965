"""A fund divided above the territories: the tree, the sums, the share-out of what is left."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpent.metier.repartition.soldes import Soldes
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.credits.actions import Ligne, diviser, rendre, reporter, virer
from arpent.plateforme.negociations.credits.division import diviser_le_fonds, donner_part, lignes_du_fonds
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer
from arpent.plateforme.negociations.credits.noeuds import racine_de
from arpent.plateforme.negociations.credits.registre import CreditRefuse
from arpent.plateforme.negociations.models import Enveloppe, Mouvement, PartEnveloppe
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Fonds, Theme

from .conftest import Monde, poser

Connecte = Callable[[object], Client]


@pytest.fixture
def base(monde: Monde) -> Fonds:
    """The fund of the world: 75 000 of its 100 000 shared, a key waits for its values."""
    actions.recalculer_enveloppes(monde.dispositif, None)
    return Fonds.objects.get(code="base")


def themes(monde: Monde) -> tuple[Theme, Theme]:
    un, deux = monde.dispositif.themes.order_by("ordre")[:2]
    return un, deux


def branche(noeud: Enveloppe) -> Soldes:
    return Mouvement.objects.all().de_la_branche(noeud).soldes()


def ligne(base: Fonds, theme: Theme, montant: str = "20000", annee: int | None = None, **reste) -> Enveloppe:
    (noeud,) = diviser_le_fonds(
        racine_de(base), [Ligne(theme, annee, D(montant), reste.pop("reglages", {}))], par=None, **reste
    )
    return noeud


def test_le_fonds_se_divise_et_chaque_somme_remonte(monde: Monde, base: Fonds) -> None:
    voirie, _ = themes(monde)
    noeud = ligne(base, voirie)
    part = donner_part(noeud, monde.demarche, D("12000.01"), par=monde.chef)
    assert (noeud.demarche_id, part.parent_id, part.demarche_id) == (None, noeud.pk, monde.demarche.pk)
    assert branche(part).alloue == D("12000.01")
    assert branche(noeud).alloue == D(20000)
    assert branche(racine_de(base)).alloue == D(100_000)
    cles = list(Enveloppe.objects.values_list("cle", flat=True))
    assert len(cles) == len(set(cles))
    maquette = actions.maquette_de(actions.scenario_courant(monde.demarche))
    assert maquette.enveloppe == D(37500) + D("12000.01")


def test_les_projets_du_theme_vont_a_la_part_du_territoire(monde: Monde, base: Fonds) -> None:
    voirie, cadre = themes(monde)
    un, deux, _ = monde.fiches
    for fiche, theme in ((un, voirie), (deux, cadre)):
        Fiche.objects.filter(pk=fiche.pk).update(theme=theme)
        fiche.refresh_from_db()
    poser(monde, un, "900")
    poser(monde, deux, "50")
    part = donner_part(ligne(base, voirie), monde.demarche, D(5000), par=None)
    assert branche(part).propose == D(900)
    du_territoire = Enveloppe.objects.get(demarche=monde.demarche, theme=None, annee=None)
    assert branche(du_territoire).propose == D(50)
    assert branche(racine_de(base)).propose == D(950)
    attribuer(part, Operation(D(5000)), par=None)
    with pytest.raises(CreditRefuse, match="Il reste 0,00"):
        attribuer(part, Operation(D("0.01")), par=None)


def test_le_partage_ne_porte_que_sur_le_reste(monde: Monde, base: Fonds) -> None:
    voirie, _ = themes(monde)
    with pytest.raises(CreditRefuse, match="il reste 25\u202f000,00"):
        ligne(base, voirie, "25000.01")
    ligne(base, voirie, "40000", partager=True)
    parts = PartEnveloppe.objects.filter(demarche=monde.demarche)
    assert sum(parts.values_list("montant", flat=True)) == D(22_500)
    avant = Mouvement.objects.count()
    actions.recalculer_enveloppes(monde.dispositif, None)
    assert Mouvement.objects.count() == avant
    assert branche(racine_de(base)).alloue == D(100_000)


def test_un_repartage_ne_prend_pas_ce_qu_un_territoire_a_engage(monde: Monde, base: Fonds) -> None:
    voirie, _ = themes(monde)
    noeud = Enveloppe.objects.get(demarche=monde.demarche)
    attribuer(noeud, Operation(D(37_000)), par=None)
    with pytest.raises(CreditRefuse, match="Le partage ne peut pas changer ainsi"):
        ligne(base, voirie, "40000", partager=True)
    assert lignes_du_fonds(base) == []


def test_une_part_survit_au_partage_et_se_rend(monde: Monde, base: Fonds) -> None:
    voirie, _ = themes(monde)
    noeud = ligne(base, voirie)
    part = donner_part(noeud, monde.demarche, D(8000), par=None)
    actions.recalculer_enveloppes(monde.dispositif, None)
    assert branche(part).alloue == D(8000)
    rendre(part, D(3000), par=None)
    assert PartEnveloppe.objects.get(demarche=monde.demarche, critere="division").montant == D(5000)
    rendre(part, D(5000), par=None)
    assert not PartEnveloppe.objects.filter(critere="division").exists()
    rendre(noeud, D(20000), par=None)
    assert branche(noeud).alloue == D(0)
    assert branche(racine_de(base)).alloue == D(100_000)


def test_virer_et_reporter_tiennent_au_dessus_des_territoires(monde: Monde, base: Fonds) -> None:
    voirie, cadre = themes(monde)
    une = ligne(base, voirie, "10000", reglages={"limite_fongible": D(20)})
    autre = ligne(base, cadre, "1000")
    virer(une, autre, D(2000), par=None)
    with pytest.raises(CreditRefuse, match="fongibilité"):
        virer(une, autre, D("0.01"), par=None)
    territoire = Enveloppe.objects.get(demarche=monde.demarche)
    with pytest.raises(CreditRefuse, match="ligne voisine"):
        virer(une, territoire, D(1), par=None)
    annuelle = ligne(base, cadre, "500", annee=2026)
    part = donner_part(annuelle, monde.demarche, D(300), par=None)
    suivante = reporter(part, par=None)
    assert suivante.parent is not None
    assert (suivante.annee, suivante.parent.annee, suivante.demarche) == (2027, 2027, monde.demarche)
    reporter(annuelle, D(200), par=None)
    assert branche(suivante.parent).alloue == D(500)


def test_un_territoire_n_a_qu_une_ligne_par_theme(monde: Monde, base: Fonds) -> None:
    voirie, _ = themes(monde)
    territoire = Enveloppe.objects.get(demarche=monde.demarche)
    diviser(territoire, [Ligne(voirie, None, D(100))], par=None)
    with pytest.raises(CreditRefuse, match="a déjà une ligne"):
        donner_part(ligne(base, voirie), monde.demarche, D(10), par=None)


def test_ce_qui_ne_se_divise_pas_dit_pourquoi(monde: Monde, base: Fonds) -> None:
    voirie, _ = themes(monde)
    territoire = Enveloppe.objects.get(demarche=monde.demarche)
    with pytest.raises(CreditRefuse, match="divisez-la sur sa page"):
        diviser_le_fonds(territoire, [Ligne(voirie, None, D(1))], par=None)
    with pytest.raises(CreditRefuse, match="Aucune ligne"):
        diviser_le_fonds(racine_de(base), [], par=None)
    with pytest.raises(CreditRefuse, match="choisissez une de ses lignes"):
        donner_part(racine_de(base), monde.demarche, D(1), par=None)
    monde.dispositif.parametres["reserve"] = {"fonds": "base", "criteres": []}
    monde.dispositif.save(update_fields=["parametres"])
    with pytest.raises(CreditRefuse, match="réserve ne se divise pas"):
        ligne(base, voirie)


def test_les_pages_font_la_ligne_puis_la_part(monde: Monde, base: Fonds, connecte: Connecte) -> None:
    voirie, _ = themes(monde)
    client = connecte(monde.chef)

    def url(geste: str) -> str:
        return reverse(f"negociations:credits_fonds_{geste}", args=[monde.dispositif.slug, "base"])

    trop = client.post(url("diviser"), {"theme": voirie.pk, "montant": "99 000"})
    assert trop.status_code == 422
    assert "99 000" in trop.content.decode()
    assert client.post(url("diviser"), {"theme": voirie.pk, "montant": "9 000"}).status_code == 302
    (noeud,) = lignes_du_fonds(base)
    envoi = {"ligne": noeud.pk, "demarche": monde.demarche.pk, "montant": "4 000"}
    page = client.post(url("parts"), envoi, follow=True).content.decode()
    assert f"{noeud.libelle}, {monde.demarche.territoire.nom}" in page
    for geste in ("diviser", "parts", "rendre", "virer", "reporter"):
        assert client.get(url(geste)).status_code == 200
        assert connecte(monde.president).get(url(geste)).status_code == 403
    fonds = client.get(reverse("negociations:credits_dotation", args=[monde.dispositif.slug, "base"]))
    assert url("parts") in fonds.content.decode()
    territoire = client.get(reverse("negociations:credits", args=[monde.demarche.slug])).content.decode()
    assert noeud.libelle in territoire


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["diviser", "repartager", "donner", "rendre", "recalculer"]),
                  st.integers(1, 3_000_000), st.integers(0, 1)),
        max_size=8,
    )
)  # fmt: skip
def test_quoi_qu_on_fasse_le_fonds_garde_son_montant(monde: Monde, gestes: list) -> None:
    actions.recalculer_enveloppes(monde.dispositif, None)
    base = Fonds.objects.get(code="base")
    for geste, centimes, rang in gestes:
        montant, lignes = D(centimes).scaleb(-2), lignes_du_fonds(base)
        try:
            if geste in ("diviser", "repartager"):
                ligne(base, themes(monde)[rang], str(montant), partager=geste == "repartager")
            elif geste == "donner" and lignes:
                donner_part(lignes[-1], (monde.demarche, monde.voisine)[rang], montant, par=None)
            elif geste == "rendre" and lignes:
                rendre(lignes[0], montant, par=None)
            else:
                actions.recalculer_enveloppes(monde.dispositif, None)
        except CreditRefuse:
            continue
    assert branche(racine_de(base)).alloue == D(100_000)
    for noeud in Enveloppe.objects.all():
        assert Mouvement.objects.filter(enveloppe=noeud).soldes().tient
    for demarche in (monde.demarche, monde.voisine):
        parts = PartEnveloppe.objects.filter(demarche=demarche).values_list("montant", flat=True)
        alloue = Mouvement.objects.filter(enveloppe__demarche=demarche).soldes().alloue
        assert sum(parts, D(0)) == alloue
