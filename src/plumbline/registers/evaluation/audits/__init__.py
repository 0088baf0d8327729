"""Audits: somebody looks, with evidence, whether the work is as the standard and the organisation want it."""
