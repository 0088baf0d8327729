"""Signing in, against real peers: devices, providers, directories, strangers."""
