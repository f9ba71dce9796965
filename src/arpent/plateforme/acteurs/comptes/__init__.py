"""Accounts: sessions, invitations, second factor, passkeys, personal data of the people who log in."""
