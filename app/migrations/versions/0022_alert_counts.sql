-- A rule may ask for a count of the goods that it raises an alert about.
alter table alert_rule add column makes_count boolean not null default false;
