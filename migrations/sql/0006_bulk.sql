-- 0006: less to keep for a body and its names, so that millions of them are loaded in a third of the time.

-- Names are found by their index label, whole or from its beginning, and by the keys of the search; nobody asks for the spelling as such.
drop index body_name_prefix;
drop index body_name_index;
create index body_name_index on body_name (index_label text_pattern_ops);
-- Who follows whom stands in body_succession, which has its own keys.
drop index body_successor;

-- What no question is narrowed by needs no statistics; to sort these texts took half of the time of an ANALYZE.
alter table body alter name set statistics 0, alter authority set statistics 0, alter address set statistics 0,
    alter legal_representative set statistics 0, alter phone set statistics 0, alter digest set statistics 0,
    alter imported_at set statistics 0;
alter table body_name alter name set statistics 0;

-- How great a part of all names holds a common key; unknown (1) until the keys are made anew.
alter table body_key_common add column share real not null default 1;
