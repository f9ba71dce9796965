"""What leaves towards people: digests, reminders. Run by the `tournée`."""
