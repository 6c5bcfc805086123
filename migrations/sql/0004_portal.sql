-- 0004: the people's door. Sessions, guesses that are slowed, devices that are known, and applications that two people decide.

-- ---------------------------------------------------------------- people
-- The last time step whose code was accepted: a code that was used, or is older, is worth nothing (RFC 6238 section 5.2).
alter table person add column totp_step bigint not null default 0;
alter table person add column disabled_by text not null default '';
alter table person add column disabled_reason text not null default '';

-- A session is found by the hash of the token in the visitor's cookie, so that reading the table gives nobody a session.
create table portal_session (
    token_hash bytea primary key check (length(token_hash) = 32),
    username   text not null references person,
    agent_hash bytea not null check (length(agent_hash) = 32),   -- of the browser's own name for itself
    began_at   timestamptz not null,
    seen_at    timestamptz not null,
    ends_at    timestamptz not null                              -- whatever happens
);
create index portal_session_username on portal_session (username);
create index portal_session_ends on portal_session (ends_at);

-- A browser from which a person has signed in before: guesses made elsewhere never slow it down.
create table known_device (
    token_hash bytea primary key check (length(token_hash) = 32),
    username   text not null references person,
    made_at    timestamptz not null
);
create index known_device_username on known_device (username);

-- Attempts to sign in that did not succeed, by account (its hash: anything may be typed there) and place.
create table sign_in_guess (
    account  bytea not null check (length(account) = 32),
    place    text not null,
    failures integer not null,
    last_at  timestamptz not null,
    free_at  timestamptz not null,
    primary key (account, place)
);
create index sign_in_guess_last on sign_in_guess (last_at);

-- ---------------------------------------------------------------- applications
alter table application add column stage text not null default 'submitted';
update application set stage = state;
alter table application add column proposed_by text not null default '';
alter table application add column applied_by text not null default '';      -- the person, when one applied in the portal
alter table application add column note text not null default '';            -- what the applicant wants the reviewers to know
alter table application add constraint application_stage
    check (stage in ('submitted', 'endorsed', 'objected', 'approved', 'refused', 'withdrawn'));
alter table application add constraint application_stage_state
    check (state = case when stage in ('endorsed', 'objected') then 'submitted' else stage end);
alter table application add constraint application_proposed
    check (stage not in ('endorsed', 'objected') or proposed_by <> '');
-- Four eyes, also when a program errs: nobody decides what he proposed.
alter table application add constraint application_two_people
    check (stage not in ('approved', 'refused') or proposed_by = '' or decided_by <> proposed_by);
create index application_queue on application (stage, created_at, id) where state = 'submitted';
create index application_queue_region on application (stage, region, created_at, id) where state = 'submitted';
create index application_recent on application (created_at desc, id desc);
create index application_body on application (uscc, created_at desc, id desc);

-- Every step that a person took with an application; a row is never changed.
create table application_step (
    id             bigint generated always as identity primary key,
    application_id text not null references application,
    at             timestamptz not null,
    actor          text not null,
    role           text not null,
    move           text not null check (move in ('approve', 'refuse', 'withdraw')),
    from_stage     text not null,
    to_stage       text not null,
    reason         text not null
);
create index application_step_application on application_step (application_id, id);
create trigger application_step_kept before update or delete on application_step for each row
    execute function audit_is_append_only();

-- ---------------------------------------------------------------- the auditor's reading
create index audit_at on audit_entry using brin (at);    -- entries are written in the order of time: a period is found for next to nothing
