"""The seal of each day: made once, covers every entry, tells when all the journal was written again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from arpent.plateforme.config import commande
from arpent.plateforme.documents.signature.horodatage import HorodatageImpossible, horodater, lire_jeton
from arpent.plateforme.journal import actions, sceaux
from arpent.plateforme.journal.models import Entree, Sceau
from tests.plateforme import fabrique, horodateur
from tests.plateforme.horodateur import Horodateur

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
LUNDI = date(2026, 11, 2)


@pytest.fixture(scope="module")
def tsa() -> Iterator[Horodateur]:
    with horodateur.servir() as serveur:
        yield serveur


def _ecrire(monkeypatch: pytest.MonkeyPatch, *instants: datetime) -> list[Entree]:
    commune = fabrique.commune("Ispagnac")
    faites = []
    for rang, instant in enumerate(instants):
        monkeypatch.setattr(actions.timezone, "now", lambda instant=instant: instant)
        faites.append(actions.consigner("modifier", sur=commune, par=None, motif=f"geste {rang}"))
    monkeypatch.undo()
    return faites


def _a(jour: date, heure: int) -> datetime:
    return datetime(jour.year, jour.month, jour.day, heure, tzinfo=PARIS)


@pytest.fixture
def semaine(monkeypatch: pytest.MonkeyPatch) -> list[Entree]:
    """Two entries on Monday, one just after midnight in Paris (still Monday in UTC), none then one Friday."""
    apres_minuit = datetime(2026, 11, 3, 0, 30, tzinfo=PARIS)
    return _ecrire(monkeypatch, _a(LUNDI, 9), _a(LUNDI, 23), apres_minuit, _a(LUNDI + timedelta(days=4), 10))


def _comme_un_administrateur(sql: str, *parametres: object) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for nom in (
                "journal_pas_de_update",
                "journal_pas_de_delete",
                "sceau_pas_de_update",
                "sceau_pas_de_delete",
            ):
                cursor.execute(f"DROP TRIGGER IF EXISTS {nom}")
        else:
            cursor.execute("ALTER TABLE journal_entree DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE journal_sceau DISABLE TRIGGER USER")
        cursor.execute(sql, list(parametres))


def _tout_reecrire() -> None:
    """The journal written again from its first entry, with fingerprints that hold."""
    precedente = actions.GENESE
    for entree in Entree.objects.order_by("numero"):
        entree.empreinte_precedente = precedente
        if entree.numero == 1:
            entree.motif = "un autre geste"
        precedente = actions.empreinte(entree)
        _comme_un_administrateur(
            "UPDATE journal_entree SET motif = %s, empreinte_precedente = %s, empreinte = %s "
            "WHERE numero = %s",
            entree.motif, entree.empreinte_precedente, precedente, entree.numero,
        )  # fmt: skip


def _verifier(exportes: dict[str, str] | None = None) -> list[sceaux.Ecart]:
    return sceaux.verifier_les_sceaux(actions.verifier(), lire_jeton, exportes)[1]


def test_chaque_jour_fini_a_son_sceau(semaine: list[Entree]) -> None:
    faits = sceaux.sceller(date(2026, 11, 20))
    assert [(s.jour, s.premiere, s.derniere) for s in faits] == [
        (date(2026, 11, 2), 1, 2), (date(2026, 11, 3), 3, 3), (date(2026, 11, 6), 4, 4),
    ]  # fmt: skip
    assert faits[0].racine_precedente == actions.GENESE
    assert [s.racine_precedente for s in faits[1:]] == [s.racine for s in faits[:-1]]
    assert sceaux.sceller(date(2026, 11, 20)) == []
    assert _verifier() == []


def test_le_jour_demande_borne_les_sceaux(semaine: list[Entree]) -> None:
    assert [s.jour for s in sceaux.sceller(date(2026, 11, 3))] == [date(2026, 11, 2), date(2026, 11, 3)]
    assert [s.jour for s in sceaux.sceller(date(2026, 11, 6))] == [date(2026, 11, 6)]


def test_aujourd_hui_ne_se_scelle_pas(semaine: list[Entree]) -> None:
    with pytest.raises(sceaux.SceauRefuse, match="jusqu’à hier"):
        sceaux.sceller(timezone.localdate())
    assert not Sceau.objects.exists()


def test_une_horloge_reculee_ne_laisse_aucune_entree_dehors(monkeypatch: pytest.MonkeyPatch) -> None:
    _ecrire(monkeypatch, _a(LUNDI, 9), _a(LUNDI + timedelta(days=1), 9), _a(LUNDI, 22), _a(LUNDI, 23))
    faits = sceaux.sceller(date(2026, 11, 20))
    assert [(s.premiere, s.derniere) for s in faits] == [(1, 4)]
    _ecrire(monkeypatch, _a(LUNDI, 8))
    assert [(s.jour, s.premiere, s.derniere) for s in sceaux.sceller(date(2026, 11, 20))] == [
        (LUNDI + timedelta(days=1), 5, 5)
    ]
    assert _verifier() == []


def test_un_sceau_ne_se_modifie_ni_ne_se_supprime(semaine: list[Entree]) -> None:
    sceaux.sceller(date(2026, 11, 20))
    for ordre in (
        "UPDATE journal_sceau SET racine = 'a'",
        "UPDATE journal_sceau SET derniere = 9",
        "DELETE FROM journal_sceau",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ordre)
    assert _verifier() == []


@pytest.mark.parametrize(
    ("ordre", "raison"),
    [
        ("UPDATE journal_sceau SET derniere_empreinte = 'a' WHERE premiere = 3", "le sceau a été modifié"),
        ("UPDATE journal_sceau SET racine = 'a' WHERE premiere = 3", "le sceau a été modifié"),
        ("DELETE FROM journal_sceau WHERE premiere = 1", "le lien avec le sceau précédent est rompu"),
    ],
)
def test_un_sceau_touche_est_nomme(semaine: list[Entree], ordre: str, raison: str) -> None:
    sceaux.sceller(date(2026, 11, 20))
    _comme_un_administrateur(ordre)
    assert (date(2026, 11, 3), raison) in [(e.jour, e.raison) for e in _verifier()]


def test_un_journal_entierement_reecrit_ne_trompe_pas_les_sceaux(semaine: list[Entree]) -> None:
    sceaux.sceller(date(2026, 11, 20))
    _tout_reecrire()
    assert actions.verifier().intacte
    assert {e.raison for e in _verifier()} == {"le journal n’est plus celui qui a été scellé"}


def test_des_sceaux_reecrits_avec_lui_ne_trompent_pas_ceux_gardes_ailleurs(semaine: list[Entree]) -> None:
    gardes = {
        f"journal-{s.jour}.json": json.dumps(sceaux.en_clair(s)) for s in sceaux.sceller(date(2026, 11, 20))
    }
    assert _verifier(gardes) == []
    _tout_reecrire()
    _comme_un_administrateur("DELETE FROM journal_sceau WHERE 1 = 1")
    sceaux.sceller(date(2026, 11, 3))
    assert _verifier() == []
    assert [(e.jour, e.raison) for e in _verifier(gardes)] == [
        (date(2026, 11, 2), "le journal a été réécrit : sa racine n’est pas celle du sceau gardé ailleurs"),
        (date(2026, 11, 3), "le journal a été réécrit : sa racine n’est pas celle du sceau gardé ailleurs"),
        (date(2026, 11, 6), "le sceau gardé ailleurs n’existe plus ici"),
    ]


def test_un_fichier_qui_n_est_pas_un_sceau_est_nomme(semaine: list[Entree]) -> None:
    garde = sceaux.en_clair(sceaux.sceller(date(2026, 11, 20))[0])
    for texte in ("", "[]", "{}", json.dumps(garde | {"jeton": "???"})):
        with pytest.raises(sceaux.SceauRefuse, match=r"a\.json : ce fichier n’est pas un sceau"):
            _verifier({"a.json": texte})
    with pytest.raises(sceaux.SceauRefuse, match="n’est pas celle de son contenu"):
        _verifier({"a.json": json.dumps(garde | {"derniere": 7})})


# --- time-stamps ----------------------------------------------------------------------------------


def test_un_tiers_horodate_chaque_sceau(semaine: list[Entree], tsa: Horodateur, tmp_path: Path) -> None:
    sceaux.sceller(date(2026, 11, 20))
    assert len(sceaux.horodater_les_sceaux(lambda contenu: horodater(contenu, tsa.adresse))) == 3
    assert sceaux.horodater_les_sceaux(lambda contenu: horodater(contenu, tsa.adresse)) == []
    assert _verifier() == []
    premier = Sceau.objects.earliest("jour")
    inconnu = lire_jeton(bytes(premier.jeton), sceaux.contenu_de(premier), tmp_path)
    assert (inconnu.autorite, inconnu.reconnu) == ("Horloge d’essai", False)
    tsa.installer(tmp_path)
    connu = lire_jeton(bytes(premier.jeton), sceaux.contenu_de(premier), tmp_path)
    assert connu.reconnu
    assert abs(connu.le - timezone.now()) < timedelta(minutes=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        Sceau.objects.update(jeton=b"autre")


def test_un_jeton_d_un_autre_contenu_ou_abime_est_refuse(semaine: list[Entree], tsa: Horodateur) -> None:
    premier, deuxieme, _ = sceaux.sceller(date(2026, 11, 20))
    jeton = horodater(sceaux.contenu_de(premier), tsa.adresse)
    with pytest.raises(HorodatageImpossible, match="ne porte pas sur ce contenu"):
        lire_jeton(jeton, sceaux.contenu_de(deuxieme))
    for octet in range(0, len(jeton), 7):
        abime = jeton[:octet] + bytes([jeton[octet] ^ 0x41]) + jeton[octet + 1 :]
        try:
            lu = lire_jeton(abime, sceaux.contenu_de(premier))
        except HorodatageImpossible:
            continue
        assert not lu.reconnu
        assert lu.le == lire_jeton(jeton, sceaux.contenu_de(premier)).le
    Sceau.objects.filter(jour=premier.jour).update(jeton=horodater(b"autre chose", tsa.adresse))
    assert [(e.jour, "ne porte pas" in e.raison) for e in _verifier()] == [(premier.jour, True)]


def test_un_serveur_en_panne_laisse_les_sceaux_sans_jeton(semaine: list[Entree], tsa: Horodateur) -> None:
    sceaux.sceller(date(2026, 11, 20))
    tsa.en_panne = True
    try:
        with pytest.raises(HorodatageImpossible, match="ARPENT_HORODATAGE"):
            sceaux.horodater_les_sceaux(lambda contenu: horodater(contenu, tsa.adresse))
    finally:
        tsa.en_panne = False
    assert Sceau.objects.filter(jeton=b"").count() == 3


# --- the command ----------------------------------------------------------------------------------


def _arpent(*arguments: str) -> int:
    return commande.main(list(arguments))


def test_la_commande_scelle_exporte_et_verifie(
    semaine: list[Entree],
    tsa: Horodateur,
    tmp_path: Path,
    settings: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.ARPENT_HORODATAGE = tsa.adresse  # type: ignore[attr-defined]
    dossier = tmp_path / "sceaux"
    assert _arpent("journal", "sceller", "--jusqu-au", "2026-11-20", "--sortie", str(dossier)) == 0
    assert sorted(f.name for f in dossier.iterdir()) == [
        "journal-2026-11-02.json", "journal-2026-11-03.json", "journal-2026-11-06.json",
    ]  # fmt: skip
    assert json.loads((dossier / "journal-2026-11-02.json").read_text())["jeton"]
    capsys.readouterr()
    assert _arpent("journal", "verifier", "--sceaux", str(dossier), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "intact": True, "entrees": 4, "rupture": None, "raison": "", "sceaux": 3, "ecarts": [],
    }  # fmt: skip
    _tout_reecrire()
    assert _arpent("journal", "verifier", "--sceaux", str(dossier)) == 1
    assert "Sceau du 02/11/2026 : le journal n’est plus celui" in capsys.readouterr().out


def test_la_commande_garde_le_fichier_qui_dit_autre_chose(
    semaine: list[Entree], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "journal-2026-11-02.json"
    fichier.write_text("{}")
    assert _arpent("journal", "sceller", "--jusqu-au", "2026-11-20", "--sortie", str(tmp_path), "--json") == 1
    sortie = json.loads(capsys.readouterr().out)
    assert sortie["ecrits"] == 2
    assert "garde une autre racine" in sortie["anomalies"][0]
    assert fichier.read_text() == "{}"


def test_la_commande_dit_ce_qui_ne_va_pas(
    semaine: list[Entree],
    tsa: Horodateur,
    tmp_path: Path,
    settings: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _arpent("journal", "verifier", "--sceaux", str(tmp_path / "absent")) == 2
    assert "ne contient aucun sceau lisible" in capsys.readouterr().err
    assert _arpent("journal", "sceller", "--jusqu-au", timezone.localdate().isoformat()) == 2
    assert "jusqu’à hier" in capsys.readouterr().err
    (tmp_path / "fichier").write_text("")
    assert (
        _arpent("journal", "sceller", "--jusqu-au", "2026-11-20", "--sortie", str(tmp_path / "fichier")) == 2
    )
    assert "choisissez un autre dossier" in capsys.readouterr().err
    settings.ARPENT_HORODATAGE = tsa.adresse  # type: ignore[attr-defined]
    tsa.en_panne = True
    try:
        assert _arpent("journal", "sceller", "--jusqu-au", "2026-11-20") == 1
    finally:
        tsa.en_panne = False
    assert "ils attendent leur jeton" in capsys.readouterr().out
