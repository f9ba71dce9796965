"""By hand, where LibreOffice is installed: does a recalculation find the stored values again?

    python -m tests.documents.recalcul

The stored values of the formulas are emptied first, so that only a true recalculation can pass.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from openpyxl import load_workbook

from arpent.plateforme.documents.rendu.maquette_xlsx import rendre_maquette_xlsx

from .fabrique import maquette


def without_values(content: bytes) -> bytes:
    """The same workbook, its formulas without any stored value."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(output, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
            target.writestr(name, data)
    return output.getvalue()


def recalculated(content: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "maquette.xlsx")
        source.write_bytes(without_values(content))
        command = ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
        subprocess.run(
            [*command, "--outdir", f"{folder}/out", str(source)], check=True, capture_output=True, timeout=180
        )
        return Path(folder, "out", "maquette.xlsx").read_bytes()


def differences(content: bytes) -> tuple[int, list[str]]:
    """How many formulas were compared, and those whose value differs by more than a tenth of a cent."""
    formulas = load_workbook(io.BytesIO(content))
    stored = load_workbook(io.BytesIO(content), data_only=True)
    again = load_workbook(io.BytesIO(recalculated(content)), data_only=True)
    count, found = 0, []
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            count += 1
            left, right = (book[sheet.title][cell.coordinate].value for book in (stored, again))
            numbers = isinstance(left, int | float) and isinstance(right, int | float)
            if not (abs(left - right) < 0.001 if numbers else (left or "") == (right or "")):
                found.append(f"{sheet.title}!{cell.coordinate} {cell.value} : {left} / {right}")
    return count, found


def main() -> int:
    total = 0
    for number in (0, 1, 12, 60):
        count, found = differences(rendre_maquette_xlsx(maquette(number)))
        print(f"{number} projets : {count} formules, {len(found)} différence(s)")
        print("\n".join(found[:10]))
        total += len(found)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
