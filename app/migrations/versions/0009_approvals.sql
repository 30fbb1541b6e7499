-- What needs the yes of others: policies, requests that wait for it, and votes.

-- ``condition`` is written in CEL and sees the facts of its kind; empty holds always.  Without a
-- store it is the company's.
create table approval_policy (
    id bigint generated always as identity,
    kind text not null,
    name text not null,
    store_id bigint,
    condition text default '' not null,
    required_votes integer default 1 not null,
    roles text[] not null,
    expires_after_hours integer default 72 not null,
    is_active boolean default true not null,
    position integer default 100 not null,
    changed_by bigint,
    changed_at timestamp with time zone default now() not null,
    primary key (id),
    constraint approval_policy_name_once unique nulls not distinct (kind, store_id, name),
    constraint approval_policy_name_given check (name <> ''),
    constraint approval_policy_votes check (required_votes between 1 and 5),
    constraint approval_policy_roles_given check (cardinality(roles) > 0),
    constraint approval_policy_hours check (expires_after_hours between 1 and 8760),
    foreign key (store_id) references store (id),
    foreign key (changed_by) references app_user (id)
);

-- A command that waits.  ``facts`` is what was so when it was asked for, and must still be so when
-- it is executed; ``title`` is a sentence to translate with its values.  ``executed_command_id`` is
-- the vote that executed it.
create table approval_request (
    id bigint generated always as identity,
    kind text not null,
    store_id bigint not null,
    policy_id bigint,
    policy_name text not null,
    subject_kind text not null,
    subject_id bigint not null,
    link text default '' not null,
    title jsonb not null,
    command_kind text not null,
    command jsonb not null,
    facts jsonb not null,
    reason text default '' not null,
    required_votes integer not null,
    roles text[] not null,
    requested_by bigint,
    requested_at timestamp with time zone default now() not null,
    command_id uuid not null,
    device_id bigint,
    ip inet,
    expires_at timestamp with time zone not null,
    state text default 'waiting' not null,
    decided_at timestamp with time zone,
    executed_command_id uuid,
    effect jsonb,
    primary key (id),
    constraint approval_request_state_known check (
        state in ('waiting', 'approved', 'rejected', 'withdrawn', 'expired', 'failed')
    ),
    constraint approval_request_votes check (required_votes between 1 and 5),
    constraint approval_request_decided check ((state = 'waiting') = (decided_at is null)),
    constraint approval_request_executed check (
        (state = 'approved') = (executed_command_id is not null)
    ),
    foreign key (store_id) references store (id),
    foreign key (policy_id) references approval_policy (id),
    foreign key (requested_by) references app_user (id),
    foreign key (device_id) references device (id)
);

create index approval_request_waiting on approval_request (store_id, expires_at)
    where state = 'waiting';
create index approval_request_newest on approval_request (store_id, id);
create index approval_request_of_subject on approval_request (subject_kind, subject_id);

create table approval_vote (
    id bigint generated always as identity,
    request_id bigint not null,
    store_id bigint not null,
    user_id bigint not null,
    vote text not null,
    reason text default '' not null,
    ip inet,
    device_id bigint,
    command_id uuid not null,
    voted_at timestamp with time zone default now() not null,
    primary key (id),
    constraint approval_vote_once unique (request_id, user_id),
    constraint approval_vote_known check (vote in ('approve', 'reject')),
    constraint approval_vote_rejection_has_reason check (vote = 'approve' or reason <> ''),
    foreign key (request_id) references approval_request (id),
    foreign key (store_id) references store (id),
    foreign key (user_id) references app_user (id),
    foreign key (device_id) references device (id)
);

-- Nobody approves what they asked for, and nobody votes on what is decided or too old, whatever the
-- program believes.
create function guard_approval_vote() returns trigger language plpgsql as $$
declare
    asked approval_request;
begin
    select * into asked from approval_request where id = new.request_id for update;
    if asked.store_id is distinct from new.store_id then
        raise exception 'a vote belongs to the store of its request'
            using errcode = 'restrict_violation', constraint = 'approval_vote_of_its_store';
    elsif asked.requested_by = new.user_id then
        raise exception 'the one who asked does not vote'
            using errcode = 'check_violation', constraint = 'approval_vote_not_ones_own';
    elsif asked.state <> 'waiting' then
        raise exception 'the request is decided'
            using errcode = 'check_violation', constraint = 'approval_vote_while_waiting';
    elsif asked.expires_at <= clock_timestamp() then
        raise exception 'the request has expired'
            using errcode = 'check_violation', constraint = 'approval_vote_before_expiry';
    end if;
    return new;
end $$;
create trigger guarded before insert on approval_vote
    for each row execute function guard_approval_vote();

-- A request is approved by as many yeses as it asks for, and what is decided stays so.
create function guard_approval_decision() returns trigger language plpgsql as $$
begin
    if old.state <> 'waiting' then
        raise exception 'the request is decided'
            using errcode = 'check_violation', constraint = 'approval_request_decided_once';
    elsif new.state = 'approved' and new.required_votes > (
        select count(*) from approval_vote where request_id = new.id and vote = 'approve'
    ) then
        raise exception 'votes are missing'
            using errcode = 'check_violation', constraint = 'approval_request_needs_its_votes';
    elsif (new.kind, new.store_id, new.command_kind, new.command, new.facts, new.required_votes,
           new.roles, new.requested_by, new.expires_at)
        is distinct from
          (old.kind, old.store_id, old.command_kind, old.command, old.facts, old.required_votes,
           old.roles, old.requested_by, old.expires_at) then
        raise exception 'what was asked for does not change'
            using errcode = 'check_violation', constraint = 'approval_request_asked_once';
    end if;
    return new;
end $$;
create trigger guarded before update on approval_request
    for each row execute function guard_approval_decision();

-- Votes are facts; requests only get their decision.
revoke update, delete, truncate on approval_vote from saoku_app;
revoke delete, truncate on approval_request from saoku_app;
create trigger append_only before update or delete on approval_vote
    for each row execute function refuse_change();
create trigger never_truncated before truncate on approval_vote
    for each statement execute function refuse_change();

do $$
declare
    scoped text;
begin
    foreach scoped in array array['approval_request', 'approval_vote'] loop
        execute format('alter table %I enable row level security', scoped);
        execute format(
            'create policy stores on %I using '
            '((select sees_all_stores()) or store_id = any((select visible_stores())::bigint[]))',
            scoped
        );
    end loop;
end $$;

-- Everybody is held by the company's policies, so everybody may read them; a store's are its own,
-- and the company's are changed by who sees all stores.
alter table approval_policy enable row level security;
create policy known on approval_policy for select using (
    store_id is null
    or (select sees_all_stores()) or store_id = any((select visible_stores())::bigint[])
);
create policy changed on approval_policy using (
    (select sees_all_stores()) or store_id = any((select visible_stores())::bigint[])
);

-- What a company begins with; it changes them as it likes.  The names are sentences to translate.
insert into approval_policy (kind, name, condition, required_votes, roles, expires_after_hours)
values
    ('status_release', 'Stock is released by two people', '', 2,
     '{supervisor,store_manager,area_manager,headquarters,administrator}', 72),
    ('adjustment', 'Corrections above 1000', 'amount > 1000', 1,
     '{store_manager,area_manager,headquarters,administrator}', 72),
    ('over_receipt', 'More received than ordered', '', 1,
     '{supervisor,store_manager,area_manager,headquarters,administrator}', 24),
    ('price_change', 'Prices changed by more than a tenth',
     'change_rate > 0.1 || change_rate < -0.1', 1,
     '{area_manager,headquarters,administrator}', 72),
    ('order_release', 'Orders above 50000', 'amount > 50000', 1,
     '{store_manager,area_manager,headquarters,administrator}', 72),
    ('order_release', 'Discounts above 20 %', 'discount_rate > 0.2', 1,
     '{store_manager,area_manager,headquarters,administrator}', 72);
