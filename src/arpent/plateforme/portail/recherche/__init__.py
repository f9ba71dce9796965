"""The global search: every kind of object, within the perimeter of whoever asks."""
