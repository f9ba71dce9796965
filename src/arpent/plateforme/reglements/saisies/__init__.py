"""The form of a rule, generated from the description of its keys."""

from .formulaire import RegleForm

__all__ = ["RegleForm"]
