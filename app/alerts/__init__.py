"""Alerts: what somebody in charge is told without having asked, once while its cause lasts."""
