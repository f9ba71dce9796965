"""AP/CP: what is voted, committed, paid and expected by fund and year."""
