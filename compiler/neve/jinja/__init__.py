"""Jinja with places; `neve.render` is the way in."""
