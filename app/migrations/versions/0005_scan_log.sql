-- Raw scans, device sequences and what was refused after the fact.
select 1;
