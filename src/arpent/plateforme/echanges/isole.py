"""Reads an uploaded table in a process of its own, with limits: whatever is in the file, the server lives.

Run as a script: `python -I isole.py FILE xlsx|ods|csv [CODES OF DÉPARTEMENTS]`. Prints one JSON object:
{"feuilles": [{"nom", "entetes": […], "numeros": [line in the file…], "lignes": [[cell, …], …]}, …],
"masquees": [name, …]}, the sheet that looks most like a plan first; or {"retour": {first cell: rows}} for a
workbook that Arpent made to come back; or {"refus": "message in French"}.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    # Last on the path: nothing beside this script can stand for a module of Python.
    sys.path.append(str(Path(__file__).resolve().parent))
    import_module("lecteur.principal").main()
