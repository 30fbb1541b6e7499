-- When a promise to the line lapsed or a person took it away: the line is not promised anything
-- again by itself, or it would have it back at once.  Empty again as soon as somebody asks for it.
alter table sales_order_line add column lapsed_at timestamp with time zone;
