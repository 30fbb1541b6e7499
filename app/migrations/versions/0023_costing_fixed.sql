-- How the company reckons its costs is fixed with the first goods that are posted.

-- Pools, layers and every amount were made by it: another scope would leave them behind, and another
-- currency or fewer decimals would make them mean something else.  It looks at every store's rows.
create function refuse_new_costing() returns trigger
    language plpgsql security definer set search_path from current as $$
begin
    if exists (select from cost_entry) then
        raise exception 'goods have been posted'
            using errcode = 'restrict_violation', constraint = 'company_costing_frozen';
    end if;
    return new;
end $$;

create trigger company_costing_frozen before update on company for each row
    when ((old.cost_scope, old.currency, old.currency_decimals)
        is distinct from (new.cost_scope, new.currency, new.currency_decimals))
    execute function refuse_new_costing();
