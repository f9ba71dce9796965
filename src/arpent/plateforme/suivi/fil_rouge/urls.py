from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/fil-rouge"
urlpatterns = [
    path(f"{_ICI}/", views.fil_rouge, name="fil_rouge"),
    path(f"{_ICI}.pdf", views.fil_rouge_pdf, name="fil_rouge_pdf"),
    path(f"{_ICI}/enjeux/<int:pk>/", views.enjeu, name="fil_rouge_enjeu"),
    path(f"{_ICI}/enjeux/<int:pk>.pdf", views.enjeu_pdf, name="fil_rouge_enjeu_pdf"),
    path(f"{_ICI}/projets/<int:numero>/", views.projet, name="fil_rouge_projet"),
    path(f"{_ICI}/projets/<int:numero>.pdf", views.projet_pdf, name="fil_rouge_projet_pdf"),
]
