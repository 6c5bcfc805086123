-- 0023: who answers for an application (责任人), and whether he confirmed it: by the link that was sent to him, or as another account of the body.

create table application_responsible (
    application_id text primary key references application,
    name           text not null check (length(name) between 1 and 60),
    title          text not null default '' check (length(title) <= 60),
    email          text not null check (length(email) between 3 and 254),
    named_by       text not null,
    asked_at       timestamptz not null,             -- when the last link was sent; earlier links are void
    times_asked    integer not null default 1,
    answer         text not null default '' check (answer in ('', 'confirmed', 'denied')),
    answered_at    timestamptz,
    answered_by    text not null default '',          -- "link", or the person who confirmed with an account of the body
    remark         text not null default '' check (length(remark) <= 500),
    check ((answer = '') = (answered_at is null))
);

alter table application_step drop constraint application_step_move_check;
alter table application_step add constraint application_step_move_check check (move in (
    'approve', 'refuse', 'withdraw', 'return', 'answer', 'decline', 'lapse', 'claim', 'release', 'appeal', 'fail', 'extend', 'confirmed', 'denied'));
