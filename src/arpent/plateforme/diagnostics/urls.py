"""One list of addresses per part of the diagnostic."""

from .ateliers.urls import urlpatterns as ateliers
from .constats.urls import urlpatterns as constats
from .editions.urls import urlpatterns as editions
from .flux.urls import urlpatterns as flux
from .perimetres.urls import urlpatterns as perimetres
from .portraits.urls import urlpatterns as portraits
from .synthese.urls import urlpatterns as synthese
from .vulnerabilites.urls import urlpatterns as vulnerabilites

app_name = "diagnostics"
urlpatterns = [
    *synthese,
    *portraits,
    *flux,
    *vulnerabilites,
    *perimetres,
    *constats,
    *ateliers,
    *editions,
]
