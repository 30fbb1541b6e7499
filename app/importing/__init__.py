"""Bring items, barcodes, locations, partners and opening stock in from spreadsheets."""
