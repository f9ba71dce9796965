"""Is this server ready? Code 0 when `/sante/pret/` says so: the health check of a container.

The probe gives a name of ARPENT_HOTES, as anybody else must.
"""

import http.client
import os
import sys


def main() -> int:
    hote = os.environ.get("ARPENT_HOTES", "127.0.0.1").split(",")[0]
    lien = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("ARPENT_PORT", "8000")), timeout=4)
    try:
        lien.request("GET", "/sante/pret/", headers={"Host": hote})
        reponse = lien.getresponse()
        print(reponse.status, reponse.read().decode(errors="replace"))
    except OSError as erreur:
        print(erreur)
        return 1
    return 0 if reponse.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
