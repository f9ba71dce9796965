"""Signing and checking PDF files. Everything that knows pyHanko is in this package.

Its libraries are imported inside the functions: one second and 40 MB that a process which signs nothing
never pays.
"""
