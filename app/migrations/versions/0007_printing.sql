-- Printers, label templates and the label queue.
select 1;
