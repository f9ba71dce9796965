"""`make audit`, but for what needs the network: no secret in the repository, a licence for each library."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from outils import audit

FIN = date(2026, 12, 1)


def test_le_depot_ne_contient_aucun_secret() -> None:
    assert list(audit.secrets(audit.textes_suivis())) == []


@pytest.mark.parametrize(
    ("texte", "genre"),
    [
        ("-----BEGIN RSA " + "PRIVATE KEY-----\n" + "A" * 64, "clé privée"),
        ("cle = 'AKI" + "AIOSFODNN7EXAMPLE'", "clé d’accès AWS"),
        ("gh" + "p_" + "a1" * 18, "jeton de forge"),
        ("xox" + "b-1234567890-abcdef", "jeton de messagerie"),
        ("pyp" + "i-" + "Ag" * 30, "jeton de registre"),
    ],
)
def test_un_secret_oublie_est_vu_sans_etre_montre(texte: str, genre: str) -> None:
    assert list(audit.secrets([("reglages.py", f"rien\n{texte}\n")])) == [f"reglages.py:2 : {genre}"]


def test_chaque_bibliotheque_a_une_licence_qu_un_logiciel_libre_peut_appeler() -> None:
    lues = audit.licences()
    assert len(lues) > 60
    assert [(nom, dite) for nom, _, dite in lues if not audit.LIBRES.search(dite)] == []


def _exceptions(tmp_path: Path, texte: str) -> Path:
    fichier = tmp_path / "exceptions.toml"
    fichier.write_text(texte, encoding="utf-8")
    return fichier


def test_une_exception_a_une_raison_et_une_fin(tmp_path: Path) -> None:
    une = '[[exception]]\nidentifiant = "PYSEC-1"\npaquet = "x"\nraison = "non appelée"\njusqu_au = '
    assert audit.exceptions(_exceptions(tmp_path, une + "2026-12-01\n"), FIN) == ["PYSEC-1"]
    with pytest.raises(ValueError, match="est passée : décidez"):
        audit.exceptions(_exceptions(tmp_path, une + "2026-11-30\n"), FIN)
    with pytest.raises(ValueError, match="raison"):
        audit.exceptions(_exceptions(tmp_path, une.replace("non appelée", "") + "2026-12-01\n"), FIN)
    assert audit.exceptions(audit.EXCEPTIONS, FIN) == []
