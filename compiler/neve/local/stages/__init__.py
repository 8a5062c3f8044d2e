"""Stages: folders of files below the engine's state; PUT and GET, LIST and REMOVE, COPY INTO, files read as tables."""
