"""What an instance is made of, and what is known against it: `make audit`, before each version.

1. known vulnerabilities of the locked versions (pip-audit; needs the network, and says so when it cannot);
2. dangerous calls in our own code (bandit, high severity);
3. secrets left in the repository;
4. dist/arpent.cdx.json, the bill of materials (CycloneDX), and dist/licences.csv.

The tools live in an environment of their own (`requirements/audit.txt`), out of that of the developers.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[1]
OUTILS = RACINE / ".venv-audit" / "bin"
VERROUS = ("s3", "dev")
"""`s3` is all that an instance may hold; `dev`, what the developers add to it."""
EXCEPTIONS = RACINE / "outils" / "exceptions_audit.toml"
BINAIRES = {".gz", ".png", ".docx", ".xlsx", ".pdf", ".ttf", ".zip", ".p12", ".parquet", ".woff2"}
SECRETS = (
    ("clé privée", re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}")),
    ("clé d’accès AWS", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("jeton de forge", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20})\b")),
    ("jeton de messagerie", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("jeton de registre", re.compile(r"\bpypi-[A-Za-z0-9_-]{50,}")),
)
LIBRES = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Zlib|zlib|HPND|CMU|Unlicense|CC0|OFL|"
    r"Open Font|LGPL|Lesser General|0BSD|Public Domain|EUPL",
)
"""Families that a work under EUPL-1.2 may call as a library."""


def exceptions(fichier: Path, le: date) -> list[str]:
    """Identifiers accepted that day. ValueError: one has no reason, or its day has passed."""
    lues: list[dict[str, Any]] = tomllib.loads(fichier.read_text(encoding="utf-8")).get("exception", [])
    for lue in lues:
        if not lue.get("raison") or not lue.get("paquet"):
            raise ValueError(f"L’exception {lue.get('identifiant')} n’a pas de raison ou de paquet.")
        if lue["jusqu_au"] < le:
            raise ValueError(f"L’exception {lue['identifiant']} ({lue['paquet']}) est passée : décidez.")
    return [str(lue["identifiant"]) for lue in lues]


def secrets(textes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What looks like a secret: file, line, kind; never the secret."""
    for nom, texte in textes:
        for genre, motif in SECRETS:
            for trouve in motif.finditer(texte):
                yield f"{nom}:{texte.count(chr(10), 0, trouve.start()) + 1} : {genre}"


def textes_suivis() -> Iterator[tuple[str, str]]:
    """Name and text of each file of the repository, those not yet added included."""
    commande = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    sortie = subprocess.run(commande, cwd=RACINE, capture_output=True, check=True).stdout
    for nom in filter(None, sortie.decode().split("\0")):
        fichier = RACINE / nom
        if fichier.is_file() and fichier.suffix not in BINAIRES:
            yield nom, fichier.read_text(encoding="utf-8", errors="replace")


def verrouilles(verrou: str) -> dict[str, str]:
    """Package → version of a lock file; packages of other systems included."""
    texte = (RACINE / "requirements" / f"{verrou}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]+\])?==([^\s;]+)", texte, re.M))


def licence_de(paquet: str) -> str | None:
    """What the package declares; empty: nothing. None: it is not for this system."""
    try:
        lu = metadata(paquet)
    except PackageNotFoundError:
        return None
    if expression := lu.get("License-Expression"):
        return expression
    classees = [c.rpartition(" :: ")[2] for c in lu.get_all("Classifier") or () if c.startswith("License ::")]
    precises = [c for c in classees if c != "OSI Approved"]
    return " ; ".join(precises) or next(iter((lu.get("License") or "").strip().splitlines()), "")


def licences() -> list[tuple[str, str, str]]:
    """Package, version, licence of all that an instance may hold."""
    tous = ((nom, version, licence_de(nom)) for nom, version in sorted(verrouilles("s3").items()))
    return [(nom, version, licence) for nom, version, licence in tous if licence is not None]


# --- the four steps -------------------------------------------------------------------------------


def _vulnerabilites() -> str:
    try:
        ignorees = exceptions(EXCEPTIONS, date.today())
    except ValueError as erreur:
        return str(erreur)
    for verrou in VERROUS:
        commande = [str(OUTILS / "pip-audit"), "--strict", "--require-hashes", "--disable-pip"]
        commande += ["--progress-spinner", "off", "-r", f"requirements/{verrou}.txt"]
        commande += [f"--ignore-vuln={i}" for i in ignorees]
        fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
        if fait.returncode:
            return f"requirements/{verrou}.txt\n{(fait.stdout + fait.stderr).strip()}"
    return ""


def _code() -> str:
    commande = [str(OUTILS / "bandit"), "-q", "-lll", "-r", "src", "outils", "deploy"]
    fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
    return (fait.stdout + fait.stderr).strip() if fait.returncode else ""


def _secrets() -> str:
    return "\n".join(secrets(textes_suivis()))


def _nomenclature() -> str:
    dist = RACINE / "dist"
    dist.mkdir(exist_ok=True)
    commande = [str(OUTILS / "cyclonedx-py"), "requirements", "requirements/s3.txt"]
    commande += ["--pyproject", "pyproject.toml", "--output-reproducible", "--of", "JSON"]
    commande += ["--output-file", str(dist / "arpent.cdx.json")]
    fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
    if fait.returncode:
        return fait.stderr.strip()
    lues = licences()
    with (dist / "licences.csv").open("w", encoding="utf-8", newline="") as flux:
        csv.writer(flux, delimiter=";").writerows([("paquet", "version", "licence"), *lues])
    return "\n".join(f"{nom} : licence « {dite} » à lire" for nom, _, dite in lues if not LIBRES.search(dite))


ETAPES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Vulnérabilités connues des versions verrouillées", _vulnerabilites),
    ("Appels dangereux dans le code (gravité haute)", _code),
    ("Secrets dans le dépôt", _secrets),
    ("Nomenclature et licences, dans dist/", _nomenclature),
)


def main() -> int:
    """All the steps, whatever the first ones find; 1 when one of them found something."""
    fautes = 0
    for libelle, faire in ETAPES:
        trouve = faire()
        print(f"{libelle} : {'rien à signaler' if not trouve else 'à traiter'}", flush=True)
        if trouve:
            fautes += 1
            print("  " + trouve.replace("\n", "\n  "))
    return 1 if fautes else 0


if __name__ == "__main__":
    sys.exit(main())
