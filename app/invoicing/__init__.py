"""Suppliers' invoices, credit notes and returns, and what is received but not invoiced."""
