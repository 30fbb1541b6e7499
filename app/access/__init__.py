"""Companies, areas, stores, users, roles, devices, tokens, the actor and the audit trail."""
