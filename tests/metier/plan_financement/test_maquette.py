"""The maquette: every total, exact to the cent."""

from dataclasses import replace
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.plan_financement import Caisse, Financeur, LigneMaquette, Maquette, Total


def ligne(numero: int, propose: str = "0.00", **autres: object) -> LigneMaquette:
    valeurs: dict[str, object] = {
        "identifiant": str(numero), "numero": numero, "titre": f"Projet {numero}", "maitre_ouvrage": "Mende",
        "theme": "voirie", "axe": "1", "maturite": "structurant", "annee": 2026, "cout_ht": D("100000.00"),
        "assiette": D("90000.00"), "aide_demandee": D("30000.00"), "aide_proposee": D(propose),
        "financements": {},
    }  # fmt: skip
    return LigneMaquette(**(valeurs | autres))  # type: ignore[arg-type]


MAQUETTE = Maquette(
    (
        ligne(1, "20000.00", financements={Financeur.ETAT: D("50000.00")}),
        ligne(2, "10000.00", theme="cadre-de-vie", maitre_ouvrage="Langogne", annee=None),
        ligne(3, "5000.00", decision="differee", annee=2025, financements={Financeur.ETAT: D("7000.00")}),
        ligne(4, "0.01", maitre_ouvrage="Langogne", annee=2025, aide_demandee=D("0.00"), priorite=1),
    ),
    enveloppe=D("40000.00"),
    financeur=Financeur.DEPARTEMENT,
)


def test_une_ligne_non_retenue_rend_son_aide_a_l_enveloppe() -> None:
    assert MAQUETTE.total_propose == D("30000.01")
    assert MAQUETTE.solde == D("9999.99")
    assert MAQUETTE.consommation == D("30000.01") / D("40000.00")


def test_les_couts_et_les_demandes_comptent_toutes_les_lignes() -> None:
    assert MAQUETTE.total_cout == D("400000.00")
    assert MAQUETTE.total_demande == D("90000.00")


def test_les_themes_viennent_dans_l_ordre_des_lignes() -> None:
    assert MAQUETTE.par_theme() == (
        Total("voirie", 3, D("300000.00"), D("60000.00"), D("20000.01")),
        Total("cadre-de-vie", 1, D("100000.00"), D("30000.00"), D("10000.00")),
    )


def test_les_maitres_d_ouvrage_viennent_dans_l_ordre_alphabetique() -> None:
    assert [total.cle for total in MAQUETTE.par_maitre_ouvrage()] == ["Langogne", "Mende"]


def test_les_annees_se_suivent_et_les_lignes_non_datees_ferment_la_marche() -> None:
    assert [(total.cle, total.nombre) for total in MAQUETTE.par_annee()] == [
        ("2025", 2),
        ("2026", 1),
        ("", 1),
    ]


def test_l_autorite_figure_parmi_les_financeurs() -> None:
    assert MAQUETTE.par_financeur() == (
        Total("etat", 2, D("200000.00"), D("57000.00"), D("50000.00")),
        Total("departement", 4, D("400000.00"), D("90000.00"), D("30000.01")),
    )


def test_une_maquette_sans_enveloppe_n_a_ni_solde_ni_consommation() -> None:
    vide = Maquette(())
    assert (vide.solde, vide.consommation, vide.total_propose) == (None, None, 0)
    assert vide.par_financeur() == ()
    assert Maquette((), D("0.00")).consommation is None


LIGNES = st.lists(
    st.builds(
        lambda n, theme, mo, annee, propose, decision: ligne(
            n, f"{D(propose).scaleb(-2)}", theme=theme, maitre_ouvrage=mo, annee=annee, decision=decision
        ),
        st.integers(1, 99),
        st.sampled_from(["voirie", "cadre-de-vie", ""]),
        st.sampled_from(["Mende", "Langogne", "Cubières"]),
        st.sampled_from([None, 2025, 2026]),
        st.integers(0, 10**8),
        st.sampled_from(["retenue", "differee", "refusee"]),
    ),
    max_size=15,
)


@given(LIGNES)
def test_chaque_tableau_somme_au_total_de_la_maquette(lignes: list[LigneMaquette]) -> None:
    maquette = Maquette(tuple(lignes), D("1000.00"))
    for totaux in (maquette.par_theme(), maquette.par_maitre_ouvrage(), maquette.par_annee()):
        assert sum(total.nombre for total in totaux) == len(lignes)
        assert sum((total.propose for total in totaux), D(0)) == maquette.total_propose
        assert sum((total.demande for total in totaux), D(0)) == maquette.total_demande
        assert sum((total.cout for total in totaux), D(0)) == maquette.total_cout
    assert maquette.solde is not None
    assert maquette.solde + maquette.total_propose == D("1000.00")


def test_chaque_fonds_dit_son_reste_et_lequel_depasse() -> None:
    maquette = Maquette(
        (
            ligne(1, "100.00", fonds="base"),
            ligne(2, "50.01", fonds="voirie"),
            ligne(3, "9.00", fonds="voirie", decision="differee"),
        ),
        D("1050.00"),
        caisses=(
            Caisse("base", "Base", D("1000.00")),
            Caisse("voirie", "Voirie", D("50.00")),
            Caisse("ferme", "Fermé", None),
        ),
    )
    assert [(c.code, c.propose, c.nombre, c.solde) for c in maquette.par_fonds()] == [
        ("base", D("100.00"), 1, D("900.00")),
        ("voirie", D("50.01"), 1, D("-0.01")),
    ]
    assert [c.code for c in maquette.caisses_depassees] == ["voirie"]
    ouvert = Maquette((ligne(1, "1.00", fonds="ferme"),), caisses=(Caisse("ferme", "Fermé", None),))
    assert [(c.code, c.solde) for c in ouvert.par_fonds()] == [("ferme", None)]
    assert ouvert.caisses_depassees == ()


@given(LIGNES, st.lists(st.sampled_from(["base", "voirie"]), min_size=15, max_size=15))
def test_les_fonds_somment_au_total_de_la_maquette(lignes: list[LigneMaquette], codes: list[str]) -> None:
    imputees = tuple(replace(x, fonds=code) for x, code in zip(lignes, codes, strict=False))
    maquette = Maquette(
        imputees, D(1000), caisses=(Caisse("base", "Base", D(600)), Caisse("voirie", "Voirie", D(400)))
    )
    assert sum((c.propose for c in maquette.par_fonds()), D(0)) == maquette.total_propose
    assert sum((c.solde or D(0) for c in maquette.par_fonds()), D(0)) == maquette.solde


def test_un_financeur_qui_n_apporte_rien_n_est_pas_compte() -> None:
    nuls = {Financeur.REGION: D("0.00"), Financeur.EPCI: D("1000.00")}
    maquette = replace(MAQUETTE, lignes=(ligne(1, financements=nuls),), financeur=None)
    assert maquette.par_financeur() == (Total(Financeur.EPCI, 1, D("100000.00"), D("1000.00"), D("1000.00")),)
