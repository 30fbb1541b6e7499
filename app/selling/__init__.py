"""Sales orders for people, files and programs: screens, imports, exports, API."""
