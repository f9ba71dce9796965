"""Static finder of the typefaces: the OFL fonts come from their Python packages, not from the repository."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import font_source_sans_pro
import font_source_serif_pro
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIXE = "polices"
# Only the weights the style sheets use: a face that is not listed is neither served nor collected.
FICHIERS: dict[str, str] = {
    "SourceSansPro-Regular.ttf": font_source_sans_pro.font_directory,
    "SourceSansPro-It.ttf": font_source_sans_pro.font_directory,
    "SourceSansPro-Semibold.ttf": font_source_sans_pro.font_directory,
    "SourceSansPro-Bold.ttf": font_source_sans_pro.font_directory,
    "SourceSerifPro-Regular.ttf": font_source_serif_pro.font_directory,
    "SourceSerifPro-Semibold.ttf": font_source_serif_pro.font_directory,
    "SourceSerifPro-Bold.ttf": font_source_serif_pro.font_directory,
}


class PolicesFinder(BaseFinder):
    """Serves `polices/<face>.ttf` from the installed font packages."""

    def find(self, path: str, find_all: bool = False, all: bool = False) -> Any:
        """Absolute path of the face, or the empty answer Django expects (`[]`) when it is not ours."""
        prefixe, _, nom = path.replace("\\", "/").partition("/")
        if prefixe != PREFIXE or nom not in FICHIERS:
            return []
        chemin = str(Path(FICHIERS[nom]) / nom)
        return [chemin] if find_all or all else chemin

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Pairs (name, storage) for collectstatic."""
        for nom, dossier in FICHIERS.items():
            storage = FileSystemStorage(location=dossier)
            storage.prefix = PREFIXE  # type: ignore[attr-defined]  # read by collectstatic
            yield nom, storage
