"""A chart of the diagnostic as a file: its table (CSV), its drawing (SVG), its image (PNG)."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from arpent.plateforme.socle.graphiques.base import Figure
from arpent.plateforme.socle.images import ImageImpossible, png

TYPES = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml; charset=utf-8", "png": "image/png"}


def fichier_de_figure(figure: Figure | None, extension: str, nom: str, source: str = "") -> HttpResponse:
    """The file, `nom` being its name without extension. 404 when there is no such chart or format."""
    if figure is None or extension not in TYPES:
        raise Http404("Ce graphique n’existe pas, ou il n’a pas de données sur ce territoire.")
    contenu: str | bytes
    if extension == "csv":
        contenu = f"\ufeff{figure.csv()}"
    else:
        contenu = figure.svg_complet(source=source)
    if extension == "png":
        try:
            contenu = png(str(contenu))
        except ImageImpossible as refus:
            return HttpResponse(str(refus), status=503, content_type="text/plain; charset=utf-8")
    reponse = HttpResponse(contenu, content_type=TYPES[extension])
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.{extension}"'
    reponse["Cache-Control"] = "private, max-age=300"
    return reponse
