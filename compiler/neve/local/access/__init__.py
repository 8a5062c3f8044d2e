"""Roles, users, warehouses, tags and grants: recorded and shown, without effect."""
