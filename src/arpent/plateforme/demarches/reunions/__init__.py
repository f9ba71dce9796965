"""The meetings of a démarche: who is called, what is on the agenda, who came, what was decided, the minutes."""
