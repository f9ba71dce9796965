"""Paying an awarded aid: requests, certification, payment, withholdings, repayments, balance."""
