"""The repository itself: nothing that a newcomer would trip on."""

import re
import subprocess
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
HOTES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "deb." + "debian",
    "github" + "usercontent",
)
CHEMINS = ("/wo" + "rk/", "/ro" + "ot/")
BINAIRES = {".gz", ".png", ".docx", ".xlsx", ".pdf", ".ttf", ".zip"}


def _suivis() -> list[Path]:
    sortie = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=RACINE, capture_output=True, check=False,
    )  # fmt: skip
    noms = [n for n in sortie.stdout.decode().split("\0") if n] or [
        str(p.relative_to(RACINE)) for p in (RACINE / "src").rglob("*") if p.is_file()
    ]
    return [RACINE / n for n in noms if (RACINE / n).is_file()]


def _textes() -> list[tuple[str, str]]:
    return [
        (str(p.relative_to(RACINE)), p.read_text(errors="replace"))
        for p in _suivis()
        if p.suffix not in BINAIRES
    ]


def test_aucun_hote_de_registre_ni_chemin_de_machine() -> None:
    fautifs = [(nom, mot) for nom, texte in _textes() for mot in HOTES + CHEMINS if mot in texte]
    assert fautifs == []


def test_rien_n_est_laisse_ouvert_dans_le_code() -> None:
    motif = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + r"Error")
    fautifs = [
        nom
        for nom, texte in _textes()
        if nom.endswith((".py", ".html", ".js", ".css")) and motif.search(texte)
    ]
    assert fautifs == []


def test_aucun_fichier_tiers_n_est_depose() -> None:
    tiers = [n for n, _ in _textes() if re.search(r"\.min\.(js|css)$|node_modules/|/vendor/", n)]
    assert tiers == []


def test_les_dependances_sont_verrouillees_par_empreinte() -> None:
    for nom in ("run", "s3", "dev", "audit"):
        lignes = (RACINE / "requirements" / f"{nom}.txt").read_text()
        paquets = re.findall(r"^[a-z0-9._-]+(?:\[[^]]+\])?==", lignes, re.M)
        assert len(paquets) > 20
        assert lignes.count("--hash=sha256:") >= len(paquets)


def test_aucun_flottant_ou_l_on_compte_l_argent() -> None:
    metier = RACINE / "src" / "arpent" / "metier"
    for dossier in ("argent.py", "plan_financement", "reglement", "repartition"):
        cible = metier / dossier
        for p in [cible] if cible.is_file() else cible.rglob("*.py"):
            assert "float(" not in p.read_text(), p


def test_la_licence_et_le_code_public_sont_declares() -> None:
    assert "EUPL-1.2" in (RACINE / "pyproject.toml").read_text()
    assert "EUROPEAN UNION PUBLIC LICENCE" in (RACINE / "LICENSE").read_text().upper()
    assert "license: EUPL-1.2" in (RACINE / "publiccode.yml").read_text()
