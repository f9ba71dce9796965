"""Argon2id with a bounded cost: a login must not eat the two cores of a small server."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Borne(Argon2PasswordHasher):
    """About 60 ms and 32 MiB a hash, above the OWASP minimum (19 MiB, t=2, p=1)."""

    time_cost = 3
    memory_cost = 32 * 1024
    parallelism = 1
