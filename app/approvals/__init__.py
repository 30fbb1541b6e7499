"""What needs the yes of others: policies, requests, votes, and the execution by the last vote."""
