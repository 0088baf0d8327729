"""Webhooks: another program is told by HTTP what happened to which record (Standard Webhooks 1.0)."""
