-- 0017: the whole life of an application. Corrections (补正), claims, refusals to accept (不予受理), lapse, appeals (复核), disputes, drafts, messages.

-- ---------------------------------------------------------------- stages
alter table application drop constraint application_stage;
alter table application drop constraint application_stage_state;
alter table application add constraint application_stage
    check (stage in ('submitted', 'endorsed', 'objected', 'returned', 'approved', 'refused', 'declined', 'withdrawn', 'lapsed'));
alter table application add constraint application_stage_state
    check (state = case when stage in ('endorsed', 'objected', 'returned') then 'submitted'
                        when stage = 'declined' then 'refused' when stage = 'lapsed' then 'withdrawn' else stage end);
alter table application drop constraint application_two_people;
alter table application add constraint application_two_people
    check (stage not in ('approved', 'refused') or proposed_by = '' or decided_by <> proposed_by);

alter table application add column claimed_by text not null default '';          -- the reviewer who has it on his desk
alter table application add column returned_by text not null default '';         -- who asked for the correction that was or is awaited
alter table application add column returned_at timestamptz;                      -- since when it waits for the applicant
alter table application add column asked text[] not null default '{}';           -- what is to be corrected
alter table application add column paused_days integer not null default 0;       -- working days that earlier corrections took
alter table application add column appeal_of text references application;       -- the refused application that this one asks to be looked at again
alter table application add constraint application_returned check ((stage = 'returned') = (returned_at is not null));
create unique index application_appeal on application (appeal_of) where appeal_of is not null;   -- one appeal
create index application_returned_at on application (returned_at) where stage = 'returned';

alter table application_step drop constraint application_step_move_check;
alter table application_step add constraint application_step_move_check
    check (move in ('approve', 'refuse', 'withdraw', 'return', 'answer', 'decline', 'lapse', 'claim', 'release', 'appeal', 'fail', 'extend'));

-- ---------------------------------------------------------------- what both sides say
create table application_message (
    id             bigint generated always as identity primary key,
    application_id text not null references application,
    at             timestamptz not null,
    actor          text not null,
    role           text not null,
    text           text not null check (length(text) between 1 and 2000)
);
create index application_message_application on application_message (application_id, id);
create trigger application_message_kept before update or delete on application_message for each row
    execute function audit_is_append_only();

-- ---------------------------------------------------------------- drafts
create table application_draft (
    id         text primary key,
    username   text not null references person,
    uscc       text not null,
    name       text not null,
    traditional text not null default '',
    note       text not null default '',
    version    integer not null default 1,
    changed_at timestamptz not null
);
create index application_draft_uscc on application_draft (uscc, changed_at desc);
