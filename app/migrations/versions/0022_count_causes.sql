-- A rule may ask for a count of the goods that it raises an alert about.
alter table alert_rule add column makes_count boolean not null default false;

-- Plans may want what expires within ``expiry_days`` counted, or empty places looked at, every
-- ``every_days`` days.
alter table count_plan
    add column every_days integer not null default 7,
    add column expiry_days integer not null default 30,
    drop constraint count_plan_kind_known,
    add constraint count_plan_kind_known check (kind in ('class', 'full', 'expiry', 'empty')),
    add constraint count_plan_every_days check (every_days > 0 and expiry_days >= 0);
