"""Nonconformities (10.2): something did not meet a requirement. We contain and correct it, decide whether that is enough,
and where it is not, find the cause, look for similar cases, act, and check by a criterion fixed beforehand that it worked."""
