"""The meetings of a démarche: who is called, the agenda, who came, what was decided, the minutes."""
