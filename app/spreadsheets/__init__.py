"""Spreadsheets that people send: from the bytes of a file to rows with everything wrong in them."""
