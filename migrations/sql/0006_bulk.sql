-- 0006: less to keep for a name of a body, so that millions of them are loaded in a third of the time.

-- Names are found by their index label, whole or from its beginning, and by the keys of the search; nobody asks for the spelling as such.
drop index body_name_prefix;
drop index body_name_index;
create index body_name_index on body_name (index_label text_pattern_ops);
