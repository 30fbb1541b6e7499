"""Saoku (扫库): a scan-driven warehouse system."""
