"""The pages of one's account, of invitations and of personal data."""
