-- What approvals must hold whatever the program believed: subject, expected, found.

-- name: approved_by_enough_others
select format('approval request %%s', request.id) as subject,
       format('%%s approved, none of them the one who asked', request.required_votes) as expected,
       format('%%s approved', count(vote.id)) as found
from approval_request request
left join approval_vote vote on vote.request_id = request.id and vote.vote = 'approve'
    and vote.user_id is distinct from request.requested_by
where request.state = 'approved'
group by request.id
having count(vote.id) < request.required_votes

-- name: executed_by_its_last_vote
select format('approval request %%s', request.id) as subject,
       format('carried out by command %%s, a vote on it', request.executed_command_id) as expected,
       coalesce(command.outcome, 'no such command') as found
from approval_request request
left join command on command.id = request.executed_command_id and command.outcome = 'done'
left join approval_vote vote on vote.request_id = request.id
    and vote.command_id = request.executed_command_id and vote.vote = 'approve'
where request.state = 'approved' and (command.id is null or vote.id is null)
