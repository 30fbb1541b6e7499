"""Radio tags: what readers saw, each tag once per session."""
