"""Writes docs/cycles.md from the tables of the life cycles: `python outils/cycles.py`."""

from pathlib import Path

from arpent.metier.cycles import CYCLES, Cycle

CIBLE = Path(__file__).resolve().parents[1] / "docs" / "cycles.md"
ENTETE = """# Cycles de vie

Cette page est écrite par `python outils/cycles.py` d’après les tables de `src/arpent/metier/cycles/` ;
un test vérifie qu’elle leur est égale. Un geste qui n’y figure pas est refusé, et le refus nomme les gestes
possibles. Le droit demandé par chaque geste est celui d’un rôle (`src/arpent/plateforme/acteurs/roles.py`),
sur son périmètre.
"""


def _section(cycle: Cycle) -> str:
    gestes = [
        f"| {t.libelle} | `{t.geste}` | {', '.join(cycle.libelle(e) for e in sorted(t.depuis))} "
        f"| {cycle.libelle(t.vers)} | `{t.droit}` |"
        for t in cycle.transitions
    ]
    return "\n".join(
        [
            f"## {cycle.nom[0].upper()}{cycle.nom[1:]}",
            "",
            "```mermaid",
            cycle.diagramme().rstrip(),
            "```",
            "",
            "| geste | nom dans le code | depuis | vers | droit |",
            "|---|---|---|---|---|",
            *gestes,
            "",
        ]
    )


def page() -> str:
    """The whole page, a pure function of the tables."""
    return "\n".join([ENTETE, *(_section(cycle) for cycle in CYCLES)])


if __name__ == "__main__":
    CIBLE.write_text(page(), encoding="utf-8")
