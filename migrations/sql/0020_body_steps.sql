-- 0020: several dated steps for one name (followed now, out of use on a later day; on hold until the body is back), and reminders that catch up.

alter table body_task add column remind_at timestamptz;                         -- when somebody is to be reminded next; null: by the term alone
alter table body_task drop column told_day;

drop view published.succession;
alter table body_task_name rename to body_step;
alter table body_step add column warned_at timestamptz;                         -- when its holder was told that the day is near
alter table body_step drop constraint body_task_name_choice_check;
alter table body_step add constraint body_step_choice_check check (choice in ('keep', 'follow', 'hold', 'release', 'retire'));
alter table body_step drop constraint body_task_name_pkey;
alter table body_step add constraint body_step_pkey primary key (task_id, roid, choice);
alter index body_task_name_due rename to body_step_due;
create index body_step_roid on body_step (roid);

-- What was decided and done about names, for whoever keeps something that hangs on the holder (marks) or tells who held them (WHOIS).
create view published.name_decision as
    select s.task_id, s.roid as domain_roid, s.name, s.choice,
           case when s.choice = 'retire' and s.holder <> '' then s.holder else t.uscc end as before,
           case when s.choice = 'follow' then s.holder else '' end as holder, s.done_at as at,
           array(select b.name from bundle_name b where b.domain_roid = s.roid order by b.name) as members
    from body_step s join body_task t on t.id = s.task_id
    where s.choice in ('follow', 'retire') and s.done_at is not null and s.outcome = '';
