-- 0002: bodies with a past, imports that can be previewed, resumed and taken back, exchange between data centres,
-- tasks that events of bodies open, and the keys of the search.

-- ---------------------------------------------------------------- bodies with a past
alter table body add column since date;       -- first day of the state that is on file; null: the day of changed_at, or unknown
alter table body add column run bigint;       -- the import that wrote it last
alter table body_name add column run bigint;  -- the import that brought the name

-- What a body was before: the rows of "body" and "body_name" as they stood, and the days on which they were true.
create table body_past (
    id         bigint generated always as identity primary key,
    uscc       text not null,
    valid_from date,
    valid_to   date not null,
    made_by    bigint,
    ended_by   bigint not null,
    state      jsonb not null,
    names      jsonb not null
);
create index body_past_uscc on body_past (uscc, valid_to);
create index body_past_ended on body_past (ended_by);
create index body_past_made on body_past (made_by);

-- What became of a body. A merger has many predecessors, a split many successors.
create table body_succession (
    predecessor text not null,
    successor   text not null,
    kind        text not null,
    since       date,
    run         bigint,
    primary key (predecessor, successor),
    check (predecessor <> successor)
);
create index body_succession_successor on body_succession (successor);
insert into body_succession (predecessor, successor, kind, since)
    select uscc, successor_uscc, status, (changed_at at time zone 'Asia/Shanghai')::date from body
    where successor_uscc <> '' and successor_uscc <> uscc;

-- Two levels of data centres: the central one, and one a province that owns the rows of its bodies.
create table data_centre (
    id    text primary key check (id ~ '^\d\d$'),
    name  text not null,
    level text not null check (level in ('central', 'province')),
    check ((id = '00') = (level = 'central'))
);
insert into data_centre (id, name, level) values
    ('00', '中央数据中心', 'central'), ('11', '北京市数据中心', 'province'), ('12', '天津市数据中心', 'province'),
    ('13', '河北省数据中心', 'province'), ('14', '山西省数据中心', 'province'), ('15', '内蒙古自治区数据中心', 'province'),
    ('21', '辽宁省数据中心', 'province'), ('22', '吉林省数据中心', 'province'), ('23', '黑龙江省数据中心', 'province'),
    ('31', '上海市数据中心', 'province'), ('32', '江苏省数据中心', 'province'), ('33', '浙江省数据中心', 'province'),
    ('34', '安徽省数据中心', 'province'), ('35', '福建省数据中心', 'province'), ('36', '江西省数据中心', 'province'),
    ('37', '山东省数据中心', 'province'), ('41', '河南省数据中心', 'province'), ('42', '湖北省数据中心', 'province'),
    ('43', '湖南省数据中心', 'province'), ('44', '广东省数据中心', 'province'), ('45', '广西壮族自治区数据中心', 'province'),
    ('46', '海南省数据中心', 'province'), ('50', '重庆市数据中心', 'province'), ('51', '四川省数据中心', 'province'),
    ('52', '贵州省数据中心', 'province'), ('53', '云南省数据中心', 'province'), ('54', '西藏自治区数据中心', 'province'),
    ('61', '陕西省数据中心', 'province'), ('62', '甘肃省数据中心', 'province'), ('63', '青海省数据中心', 'province'),
    ('64', '宁夏回族自治区数据中心', 'province'), ('65', '新疆维吾尔自治区数据中心', 'province');

-- ---------------------------------------------------------------- imports
alter table import_run add column state text not null default 'applied'
    check (state in ('reading', 'staged', 'applied', 'discarded', 'rolled_back'));
alter table import_run add column scope text not null default '';         -- the data centre whose rows alone are taken
alter table import_run add column read_lines integer not null default 0;  -- how far the file was read
alter table import_run add column tally jsonb not null default '{}';      -- what was found so far
alter table import_run add column settled_by text not null default '';    -- who took it back
alter table import_run add column settled_at timestamptz;
create index import_run_waiting on import_run (id) where state in ('reading', 'staged');

-- What was read of a file and is not merged yet. Committed batch by batch, so that a killed import goes on where it was.
create table import_row (
    run                  bigint not null,
    line                 integer not null,
    known                boolean not null,
    uscc                 text not null,
    name                 text not null,
    kind                 text not null,
    administrative       boolean not null,
    region               text not null,
    level                text not null,
    sponsor_uscc         text not null,
    authority            text not null,
    address              text not null,
    legal_representative text not null,
    phone                text not null,
    status               text not null,
    established_on       date,
    valid_until          date,
    annual_report_year   smallint,
    successor_uscc       text not null,
    changed_at           timestamptz,
    digest               bytea not null
);
create index import_row_uscc on import_row (run, uscc);
create table import_name (
    run         bigint not null,
    line        integer not null,
    role        text not null,
    name        text not null,
    index_label text not null
);
create index import_name_line on import_name (run, line);
create table import_seen (
    run  bigint not null,
    line integer not null,
    uscc text not null
);
create index import_seen_uscc on import_seen (run, uscc);
create table import_successor (
    run       bigint not null,
    line      integer not null,
    successor text not null
);
create table import_rejection (
    run      bigint not null references import_run on delete cascade,
    line     integer not null,
    uscc     text not null,
    problems jsonb not null
);
create index import_rejection_run on import_rejection (run, line);

-- ---------------------------------------------------------------- exchange between data centres
create table centre_key (
    centre     text not null references data_centre,
    purpose    text not null check (purpose in ('sign', 'seal')),
    public_key bytea not null check (length(public_key) = 32),
    added_at   timestamptz not null,
    added_by   text not null,
    revoked_at timestamptz,
    primary key (centre, purpose, public_key)
);
create table exchange_package (
    id              bigint generated always as identity primary key,
    direction       text not null check (direction in ('in', 'out')),
    kind            text not null check (kind in ('data', 'receipt')),
    peer            text not null,                -- in: the sender, out: the receiver
    sequence        bigint not null check (sequence > 0),
    manifest_sha256 bytea not null check (length(manifest_sha256) = 32),
    manifest        jsonb not null,
    state           text not null check (state in ('packed', 'acknowledged', 'applied', 'parked', 'refused')),
    reason_zh       text not null default '',
    reason_en       text not null default '',
    at              timestamptz not null,
    settled_at      timestamptz,
    actor           text not null,
    run             bigint,                       -- in: the import that applied it, out: the last import whose rows it holds
    counts          jsonb not null default '{}'
);
create unique index exchange_applied on exchange_package (peer, sequence) where direction = 'in' and state = 'applied' and kind = 'data';
create unique index exchange_parked on exchange_package (peer, sequence) where direction = 'in' and state = 'parked' and kind = 'data';
create unique index exchange_sent on exchange_package (peer, sequence) where direction = 'out' and state <> 'refused' and kind = 'data';

-- ---------------------------------------------------------------- what events of bodies ask of reviewers
create table body_task (
    id         bigint generated always as identity primary key,
    opened_at  timestamptz not null,
    run        bigint,
    uscc       text not null,
    event      text not null check (event in ('renamed', 'merged', 'split', 'abolished', 'cancelled', 'suspended')),
    region     text not null,
    level      text not null,
    successors text[] not null default '{}',
    detail     jsonb not null,                     -- what was and what is
    names      jsonb not null,
    sites      jsonb not null,
    marks      jsonb not null,
    due_at     timestamptz not null,
    state      text not null default 'open' check (state in ('open', 'settled', 'withdrawn')),
    settled_at timestamptz,
    settled_by text not null default '',
    decision   jsonb not null default '{}'
);
create index body_task_open on body_task (region, due_at) where state = 'open';
create index body_task_uscc on body_task (uscc);
create index body_task_run on body_task (run);

-- ---------------------------------------------------------------- search
-- One row a name. "grams" holds hashed pairs of characters, pairs of syllables, triples of initials, place and kind.
create table body_key (
    uscc     text not null,
    role     text not null,
    name     text not null,
    rank     integer not null,
    plain    text not null,
    sound    text not null,
    initials text not null,
    grams    integer[] not null
);
create index body_key_uscc on body_key (uscc);
create index body_key_grams on body_key using gin (grams) with (fastupdate = off);
create index body_key_plain on body_key (plain text_pattern_ops, rank);
create index body_key_sound on body_key (sound text_pattern_ops, rank);
create index body_key_initials on body_key (initials text_pattern_ops, rank);
-- Keys that so many names hold that asking the index for them costs more than reading the first rows of the table.
create table body_key_common (
    gram integer primary key
);
-- Where in the table the names of a level and a length begin: page numbers.
create table body_key_window (
    page integer primary key
);
create table body_key_due (
    uscc text primary key
);
-- Whether the keys must be made anew for all bodies; so they must in a database that had bodies before this migration.
create table body_key_state (
    one   boolean primary key default true check (one),
    whole boolean not null
);
insert into body_key_state (whole) select exists (select from body);
