"""The REST API v1: what another program reads and writes, with the rights of the person it acts for."""
