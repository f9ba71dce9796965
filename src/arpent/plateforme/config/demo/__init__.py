"""The demonstration: real territories and real projects, with every invented value labelled."""
