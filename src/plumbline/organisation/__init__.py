"""Organisations, people, role holdings, sites, departments and processes: what records point to."""
