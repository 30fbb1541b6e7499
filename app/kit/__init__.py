"""No business: database, transactions, problems, jobs, web helpers, config, clock."""
