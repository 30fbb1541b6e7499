"""Goods come in: purchase orders, receipts by scan, put-away."""
