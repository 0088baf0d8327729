"""Tests of webhooks: which addresses are refused, what is sent, when again, and to whom never."""
