"""Nonconformities (10.2): something did not meet a requirement.

We contain and correct it and decide whether that is enough; where it is not, we find the cause, look for similar cases,
act, and check by a criterion fixed beforehand.
"""
