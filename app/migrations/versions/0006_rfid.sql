-- Radio tags read by posting readers.
select 1;
