"""What earlier compilations left in a project's `.neve/cache/`: addressed by content, so nothing in it can be stale."""
