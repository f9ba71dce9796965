"""Telling other programs what happens: events read in the journal, signed, sent, tried again."""
