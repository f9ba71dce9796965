"""Election day: a new list of elected people, compared with those in office, then applied at once."""
