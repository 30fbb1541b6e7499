-- Following the facts.

-- name: catch_up
select from_move, from_entry, since, is_done
from catch_up_margins(%(move)s::bigint, %(entry)s::bigint, %(since)s::timestamptz,
                      %(most)s::integer, %(waits)s::boolean)
