"""The signature of an issued document by each party: certificate, consent, paper or external parapheur."""
