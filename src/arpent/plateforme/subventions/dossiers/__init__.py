"""The grant files: prepared, filed, examined, carried to the commission, awarded, notified."""
