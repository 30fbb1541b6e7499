"""Telling people outside of Saoku: channels, rules, deliveries with their log."""
