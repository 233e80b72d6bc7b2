"""Authored actions, one family per file; the registry imports every module here."""
