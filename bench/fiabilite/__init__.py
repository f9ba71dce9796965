"""Reliability at full scale: one module a chapter, each prints JSON and fails when a line is broken."""
