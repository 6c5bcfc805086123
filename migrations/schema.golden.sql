CREATE SCHEMA published;

CREATE SCHEMA resolver;

CREATE SCHEMA verifier;

CREATE FUNCTION public.audit_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'audit entries are append-only' using errcode = 'restrict_violation';
end
$$;

CREATE FUNCTION public.command_log_day(day date) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    part text := 'command_log_' || to_char(day, 'YYYYMMDD');
begin
    if to_regclass('public.' || part) is null then
        perform pg_advisory_xact_lock(hashtextextended('command_log', 0));
        execute format('create table if not exists %I partition of command_log for values from (%L) to (%L)', part,
                       day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
    end if;
end
$$;

CREATE FUNCTION public.letter_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception 'a letter that was given is never changed' using errcode = 'restrict_violation';
end
$$;

CREATE FUNCTION public.login_is_one() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    taken boolean;
begin
    perform pg_advisory_xact_lock(hashtextextended('login ' || new.id, 0));
    if tg_table_name = 'registrar' then
        select exists (select from registrar_user where id = new.id) into taken;
    else
        select exists (select from registrar where id = new.id) into taken;
    end if;
    if taken then
        raise exception 'the login id % is taken', new.id using errcode = 'unique_violation';
    end if;
    return new;
end
$$;

CREATE FUNCTION public.name_waits_for_keys() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    insert into name_unkeyed (domain_roid) select roid from born;
    return null;
end
$$;

CREATE FUNCTION verifier.make_part(parent text, day date) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    yearly boolean := parent = 'day';
    low    date := case when yearly then date_trunc('year', day)::date else day end;
    high   date := case when yearly then (low + interval '1 year')::date else day + 1 end;
    part   text := parent || '_' || to_char(low, case when yearly then 'YYYY' else 'YYYYMMDD' end);
begin
    if to_regclass('verifier.' || part) is null then
        perform pg_advisory_xact_lock(hashtextextended('verifier.' || parent, 0));
        if parent = 'hour' then
            execute format('create table if not exists verifier.%I partition of verifier.hour for values from (%L) to (%L)', part,
                           low::timestamp at time zone 'UTC', high::timestamp at time zone 'UTC');
        else
            execute format('create table if not exists verifier.%I partition of verifier.%I for values from (%L) to (%L)', part, parent, low, high);
        end if;
    end if;
end
$$;

CREATE TABLE public.account_order (
    id bigint NOT NULL,
    kind text NOT NULL,
    username text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    role text DEFAULT ''::text NOT NULL,
    region text DEFAULT ''::text NOT NULL,
    uscc text DEFAULT ''::text NOT NULL,
    registrar text DEFAULT ''::text NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    state text DEFAULT 'asked'::text NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT account_order_check CHECK ((decided_by <> asked_by)),
    CONSTRAINT account_order_kind_check CHECK ((kind = ANY (ARRAY['open'::text, 'restore'::text]))),
    CONSTRAINT account_order_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'done'::text, 'refused'::text])))
);

ALTER TABLE public.account_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.account_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_setup (
    token_hash bytea NOT NULL,
    username text NOT NULL,
    totp_secret text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT account_setup_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.allocation_token (
    id bigint NOT NULL,
    token text NOT NULL,
    act text NOT NULL,
    name text NOT NULL,
    tld_set text NOT NULL,
    table_id text NOT NULL,
    index_label text NOT NULL,
    registrar_id text,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    issued_by text NOT NULL,
    reason text NOT NULL,
    used_at timestamp with time zone,
    used_by text DEFAULT ''::text NOT NULL,
    used_for text DEFAULT ''::text NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by text DEFAULT ''::text NOT NULL,
    CONSTRAINT allocation_token_act_check CHECK ((act = ANY (ARRAY['create'::text, 'transfer'::text]))),
    CONSTRAINT allocation_token_check CHECK ((valid_until > valid_from)),
    CONSTRAINT allocation_token_check1 CHECK (((used_at IS NULL) OR (revoked_at IS NULL))),
    CONSTRAINT allocation_token_token_check CHECK (((length(token) >= 16) AND (length(token) <= 128)))
);

ALTER TABLE public.allocation_token ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.allocation_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.api_client (
    client_id text NOT NULL,
    registrar_id text NOT NULL,
    secret_hash text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

CREATE TABLE public.application (
    id text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    name text NOT NULL,
    tld text NOT NULL,
    index_label text DEFAULT ''::text NOT NULL,
    uscc text NOT NULL,
    region text NOT NULL,
    registrar_id text,
    decision_id bigint,
    request jsonb NOT NULL,
    outcome jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by text DEFAULT ''::text NOT NULL,
    stage text DEFAULT 'submitted'::text NOT NULL,
    proposed_by text DEFAULT ''::text NOT NULL,
    applied_by text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    claimed_by text DEFAULT ''::text NOT NULL,
    returned_by text DEFAULT ''::text NOT NULL,
    returned_at timestamp with time zone,
    asked text[] DEFAULT '{}'::text[] NOT NULL,
    paused_days integer DEFAULT 0 NOT NULL,
    appeal_of text,
    reminded_on date,
    CONSTRAINT application_kind_check CHECK ((kind = ANY (ARRAY['verification'::text, 'domain'::text]))),
    CONSTRAINT application_proposed CHECK (((stage <> ALL (ARRAY['endorsed'::text, 'objected'::text])) OR (proposed_by <> ''::text))),
    CONSTRAINT application_returned CHECK (((stage = 'returned'::text) = (returned_at IS NOT NULL))),
    CONSTRAINT application_stage CHECK ((stage = ANY (ARRAY['submitted'::text, 'endorsed'::text, 'objected'::text, 'returned'::text, 'approved'::text, 'refused'::text, 'declined'::text, 'withdrawn'::text, 'lapsed'::text]))),
    CONSTRAINT application_stage_state CHECK ((state =
CASE
    WHEN (stage = ANY (ARRAY['endorsed'::text, 'objected'::text, 'returned'::text])) THEN 'submitted'::text
    WHEN (stage = 'declined'::text) THEN 'refused'::text
    WHEN (stage = 'lapsed'::text) THEN 'withdrawn'::text
    ELSE stage
END)),
    CONSTRAINT application_state_check CHECK ((state = ANY (ARRAY['submitted'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text]))),
    CONSTRAINT application_two_people CHECK (((stage <> ALL (ARRAY['approved'::text, 'refused'::text])) OR (proposed_by = ''::text) OR (decided_by <> proposed_by)))
);

CREATE TABLE public.application_draft (
    id text NOT NULL,
    username text NOT NULL,
    uscc text NOT NULL,
    name text NOT NULL,
    traditional text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE public.application_message (
    id bigint NOT NULL,
    application_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    text text NOT NULL,
    CONSTRAINT application_message_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);

ALTER TABLE public.application_message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.application_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.application_responsible (
    application_id text NOT NULL,
    name text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    email text NOT NULL,
    named_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    times_asked integer DEFAULT 1 NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone,
    answered_by text DEFAULT ''::text NOT NULL,
    remark text DEFAULT ''::text NOT NULL,
    CONSTRAINT application_responsible_answer_check CHECK ((answer = ANY (ARRAY[''::text, 'confirmed'::text, 'denied'::text]))),
    CONSTRAINT application_responsible_check CHECK (((answer = ''::text) = (answered_at IS NULL))),
    CONSTRAINT application_responsible_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT application_responsible_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT application_responsible_remark_check CHECK ((length(remark) <= 500)),
    CONSTRAINT application_responsible_title_check CHECK ((length(title) <= 60))
);

CREATE TABLE public.application_step (
    id bigint NOT NULL,
    application_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    move text NOT NULL,
    from_stage text NOT NULL,
    to_stage text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT application_step_move_check CHECK ((move = ANY (ARRAY['approve'::text, 'refuse'::text, 'withdraw'::text, 'return'::text, 'answer'::text, 'decline'::text, 'lapse'::text, 'claim'::text, 'release'::text, 'appeal'::text, 'fail'::text, 'extend'::text, 'confirmed'::text, 'denied'::text])))
);

ALTER TABLE public.application_step ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.application_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_entry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    trid text NOT NULL,
    detail text NOT NULL,
    "position" bigint,
    previous bytea,
    hash bytea,
    CONSTRAINT audit_entry_check CHECK (((("position" IS NULL) = (hash IS NULL)) AND (("position" IS NULL) = (previous IS NULL)))),
    CONSTRAINT audit_entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_entry_previous_check CHECK ((length(previous) = 32))
);

ALTER TABLE public.audit_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_head (
    one boolean DEFAULT true NOT NULL,
    "position" bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_head_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_head_one_check CHECK (one)
);

CREATE TABLE public.body (
    uscc text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    administrative boolean DEFAULT false NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    sponsor_uscc text DEFAULT ''::text NOT NULL,
    authority text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    legal_representative text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    status text NOT NULL,
    established_on date,
    valid_until date,
    annual_report_year smallint,
    successor_uscc text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone,
    digest bytea NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    since date,
    run bigint,
    CONSTRAINT body_kind_check CHECK ((length(kind) = 2)),
    CONSTRAINT body_level_check CHECK ((level = ANY (ARRAY['central'::text, 'province'::text, 'city'::text, 'county'::text, 'town'::text]))),
    CONSTRAINT body_region_check CHECK ((region ~ '^\d{6}$'::text)),
    CONSTRAINT body_status_check CHECK ((status = ANY (ARRAY['normal'::text, 'renamed'::text, 'merged'::text, 'split'::text, 'abolished'::text, 'cancelled'::text, 'suspended'::text]))),
    CONSTRAINT body_uscc_check CHECK ((length(uscc) = 18))
);
ALTER TABLE ONLY public.body ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE ONLY public.body ALTER COLUMN authority SET STATISTICS 0;
ALTER TABLE ONLY public.body ALTER COLUMN address SET STATISTICS 0;
ALTER TABLE ONLY public.body ALTER COLUMN legal_representative SET STATISTICS 0;
ALTER TABLE ONLY public.body ALTER COLUMN phone SET STATISTICS 0;
ALTER TABLE ONLY public.body ALTER COLUMN digest SET STATISTICS 0;
ALTER TABLE ONLY public.body ALTER COLUMN imported_at SET STATISTICS 0;

CREATE TABLE public.body_figure (
    region text NOT NULL,
    kind text NOT NULL,
    level text NOT NULL,
    status text NOT NULL,
    bodies integer NOT NULL,
    with_name integer NOT NULL,
    with_mark integer NOT NULL
);

CREATE TABLE public.body_figure_month (
    month date NOT NULL,
    province text NOT NULL,
    alive integer NOT NULL,
    with_name integer NOT NULL,
    with_mark integer NOT NULL,
    CONSTRAINT body_figure_month_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT body_figure_month_province_check CHECK ((length(province) = 2))
);

CREATE TABLE public.body_figure_state (
    one boolean DEFAULT true NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT body_figure_state_one_check CHECK (one)
);

CREATE TABLE public.body_key (
    uscc text NOT NULL,
    role text NOT NULL,
    name text NOT NULL,
    rank integer NOT NULL,
    plain text NOT NULL,
    sound text NOT NULL,
    initials text NOT NULL,
    grams integer[] NOT NULL
);

CREATE TABLE public.body_key_common (
    gram integer NOT NULL,
    share real DEFAULT 1 NOT NULL
);

CREATE TABLE public.body_key_due (
    uscc text NOT NULL
);

CREATE TABLE public.body_key_state (
    one boolean DEFAULT true NOT NULL,
    whole boolean NOT NULL,
    CONSTRAINT body_key_state_one_check CHECK (one)
);

CREATE TABLE public.body_key_window (
    page integer NOT NULL
);

CREATE TABLE public.body_month (
    month date NOT NULL,
    province text NOT NULL,
    kind text NOT NULL,
    level text NOT NULL,
    status text NOT NULL,
    bodies integer NOT NULL,
    CONSTRAINT body_month_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT body_month_province_check CHECK ((length(province) = 2))
);

CREATE TABLE public.body_name (
    uscc text NOT NULL,
    role text NOT NULL,
    name text NOT NULL,
    index_label text NOT NULL,
    valid_from date,
    valid_to date,
    run bigint,
    CONSTRAINT body_name_role_check CHECK ((role = ANY (ARRAY['full'::text, 'short'::text, 'alias'::text, 'former'::text])))
);
ALTER TABLE ONLY public.body_name ALTER COLUMN name SET STATISTICS 0;

CREATE TABLE public.body_past (
    id bigint NOT NULL,
    uscc text NOT NULL,
    valid_from date,
    valid_to date NOT NULL,
    made_by bigint,
    ended_by bigint NOT NULL,
    state jsonb NOT NULL,
    names jsonb NOT NULL
);

ALTER TABLE public.body_past ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.body_past_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.body_step (
    task_id bigint CONSTRAINT body_task_name_task_id_not_null NOT NULL,
    roid text CONSTRAINT body_task_name_roid_not_null NOT NULL,
    name text CONSTRAINT body_task_name_name_not_null NOT NULL,
    choice text CONSTRAINT body_task_name_choice_not_null NOT NULL,
    holder text DEFAULT ''::text CONSTRAINT body_task_name_holder_not_null NOT NULL,
    due_at timestamp with time zone CONSTRAINT body_task_name_due_at_not_null NOT NULL,
    done_at timestamp with time zone,
    outcome text DEFAULT ''::text CONSTRAINT body_task_name_outcome_not_null NOT NULL,
    warned_at timestamp with time zone,
    CONSTRAINT body_step_choice_check CHECK ((choice = ANY (ARRAY['keep'::text, 'follow'::text, 'hold'::text, 'release'::text, 'retire'::text])))
);

CREATE TABLE public.body_succession (
    predecessor text NOT NULL,
    successor text NOT NULL,
    kind text NOT NULL,
    since date,
    run bigint,
    CONSTRAINT body_succession_check CHECK ((predecessor <> successor))
);

CREATE TABLE public.body_task (
    id bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    run bigint,
    uscc text NOT NULL,
    event text NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    successors text[] DEFAULT '{}'::text[] NOT NULL,
    detail jsonb NOT NULL,
    names jsonb NOT NULL,
    sites jsonb NOT NULL,
    marks jsonb NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    settled_at timestamp with time zone,
    settled_by text DEFAULT ''::text NOT NULL,
    decision jsonb DEFAULT '{}'::jsonb NOT NULL,
    proposal jsonb DEFAULT '{}'::jsonb NOT NULL,
    proposed_by text DEFAULT ''::text NOT NULL,
    proposed_at timestamp with time zone,
    remind_at timestamp with time zone,
    CONSTRAINT body_task_event_check CHECK ((event = ANY (ARRAY['renamed'::text, 'merged'::text, 'split'::text, 'abolished'::text, 'cancelled'::text, 'suspended'::text]))),
    CONSTRAINT body_task_state_check CHECK ((state = ANY (ARRAY['open'::text, 'settled'::text, 'withdrawn'::text]))),
    CONSTRAINT body_task_two_people CHECK (((state <> 'settled'::text) OR (proposed_by = ''::text) OR (settled_by <> proposed_by)))
);

ALTER TABLE public.body_task ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.body_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bundle_name (
    name text NOT NULL,
    unicode text NOT NULL,
    domain_roid text NOT NULL,
    role text NOT NULL,
    CONSTRAINT bundle_name_role_check CHECK ((role = ANY (ARRAY['registered'::text, 'simplified'::text, 'traditional'::text])))
);

CREATE TABLE public.centre_client (
    client_id text NOT NULL,
    centre text NOT NULL,
    scopes text[] NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    secret_hash text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by text DEFAULT ''::text NOT NULL,
    CONSTRAINT centre_client_scopes_check CHECK (((scopes <@ ARRAY['establishment.push'::text, 'establishment.read'::text]) AND (cardinality(scopes) > 0)))
);

CREATE TABLE public.centre_key (
    centre text NOT NULL,
    purpose text NOT NULL,
    public_key bytea NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by text NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT centre_key_public_key_check CHECK ((length(public_key) = 32)),
    CONSTRAINT centre_key_purpose_check CHECK ((purpose = ANY (ARRAY['sign'::text, 'seal'::text])))
);

CREATE TABLE public.change (
    seq bigint NOT NULL,
    txid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT change_kind_check CHECK ((kind ~ '^[a-z]+(\.[a-z_]+)+$'::text))
);

ALTER TABLE public.change ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.change_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE public.command_log_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.command_log (
    seq bigint DEFAULT nextval('public.command_log_seq'::regclass) NOT NULL,
    at timestamp with time zone NOT NULL,
    registrar_id text NOT NULL,
    user_id text NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    command text NOT NULL,
    kind text NOT NULL,
    objects text[] NOT NULL,
    code smallint NOT NULL,
    reasons text[] NOT NULL,
    ms real NOT NULL,
    trid text NOT NULL,
    client_trid text NOT NULL,
    mode text NOT NULL,
    request text NOT NULL,
    response text NOT NULL,
    CONSTRAINT command_log_mode_check CHECK ((mode = ANY (ARRAY[''::text, 'dry-run'::text, 'impersonated'::text])))
)
PARTITION BY RANGE (at);

CREATE TABLE public.comparison (
    id bigint NOT NULL,
    department text NOT NULL,
    area text NOT NULL,
    source text NOT NULL,
    sha256 bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    loaded_by text NOT NULL,
    rows integer NOT NULL,
    rejected integer NOT NULL,
    complete boolean NOT NULL,
    CONSTRAINT comparison_area_check CHECK ((area ~ '^(\d\d|\d{4}|\d{6})?$'::text)),
    CONSTRAINT comparison_department_check CHECK ((department = ANY (ARRAY['civil'::text, 'market'::text, 'tax'::text, 'statistics'::text, 'quality'::text]))),
    CONSTRAINT comparison_sha256_check CHECK ((length(sha256) = 32))
);

CREATE TABLE public.comparison_count (
    comparison bigint NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    field text DEFAULT ''::text NOT NULL,
    many bigint NOT NULL
);

CREATE TABLE public.comparison_finding (
    id bigint NOT NULL,
    comparison bigint NOT NULL,
    kind text NOT NULL,
    line integer,
    uscc text DEFAULT ''::text NOT NULL,
    how text DEFAULT ''::text NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    score real DEFAULT 0 NOT NULL,
    parts jsonb DEFAULT '{}'::jsonb NOT NULL,
    differences jsonb DEFAULT '{}'::jsonb NOT NULL,
    kept text[] DEFAULT '{}'::text[] NOT NULL,
    candidates jsonb DEFAULT '[]'::jsonb NOT NULL,
    state text NOT NULL,
    CONSTRAINT comparison_finding_check CHECK (((kind = 'here'::text) = (line IS NULL))),
    CONSTRAINT comparison_finding_check1 CHECK (((kind <> ALL (ARRAY['there'::text, 'ambiguous'::text])) OR (uscc = ''::text))),
    CONSTRAINT comparison_finding_how_check CHECK ((how = ANY (ARRAY[''::text, 'uscc'::text, 'organisation'::text, 'linked'::text, 'name'::text, 'similar'::text]))),
    CONSTRAINT comparison_finding_kind_check CHECK ((kind = ANY (ARRAY['same'::text, 'different'::text, 'here'::text, 'there'::text, 'ambiguous'::text]))),
    CONSTRAINT comparison_finding_state_check CHECK ((state = ANY (ARRAY['none'::text, 'open'::text, 'settled'::text, 'postponed'::text])))
);

ALTER TABLE public.comparison_finding ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.comparison_finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.comparison ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.comparison_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.comparison_rejection (
    comparison bigint NOT NULL,
    line integer NOT NULL,
    code text NOT NULL,
    problems jsonb NOT NULL
);

CREATE TABLE public.comparison_row (
    comparison bigint NOT NULL,
    line integer NOT NULL,
    uscc text NOT NULL,
    organisation text NOT NULL,
    name text NOT NULL,
    label text NOT NULL,
    region text NOT NULL,
    place text NOT NULL,
    address text NOT NULL,
    legal_representative text NOT NULL,
    phone text NOT NULL,
    authority text NOT NULL,
    status text NOT NULL,
    established_on text NOT NULL,
    CONSTRAINT comparison_row_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'ended'::text])))
);

CREATE TABLE public.comparison_settlement (
    department text NOT NULL,
    here text NOT NULL,
    there text NOT NULL,
    field text NOT NULL,
    digest bytea NOT NULL,
    verdict text NOT NULL,
    remark text NOT NULL,
    at timestamp with time zone NOT NULL,
    settled_by text NOT NULL,
    finding bigint NOT NULL,
    CONSTRAINT comparison_settlement_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT comparison_settlement_verdict_check CHECK ((verdict = ANY (ARRAY['ours'::text, 'theirs'::text, 'both'::text, 'linked'::text, 'separate'::text])))
);

CREATE TABLE public.contact (
    roid text NOT NULL,
    id text NOT NULL,
    registrar_id text NOT NULL,
    postal jsonb NOT NULL,
    voice text DEFAULT ''::text NOT NULL,
    voice_ext text DEFAULT ''::text NOT NULL,
    fax text DEFAULT ''::text NOT NULL,
    fax_ext text DEFAULT ''::text NOT NULL,
    email text NOT NULL,
    disclose jsonb,
    statuses text[] DEFAULT '{}'::text[] NOT NULL,
    auth_hash text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp with time zone,
    updated_by text DEFAULT ''::text NOT NULL,
    transferred_at timestamp with time zone,
    status_reasons jsonb DEFAULT '{}'::jsonb NOT NULL,
    auth_expires_at timestamp with time zone,
    transfer jsonb,
    CONSTRAINT contact_id_check CHECK (((length(id) >= 3) AND (length(id) <= 16)))
);

CREATE TABLE public.correction_task (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    opened_by text NOT NULL,
    department text NOT NULL,
    comparison bigint NOT NULL,
    finding bigint NOT NULL,
    kind text NOT NULL,
    centre text NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    uscc text NOT NULL,
    name text NOT NULL,
    asked jsonb NOT NULL,
    remark text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    run bigint,
    settled_at timestamp with time zone,
    settled_by text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT correction_task_kind_check CHECK ((kind = ANY (ARRAY['correct'::text, 'add'::text, 'end'::text]))),
    CONSTRAINT correction_task_state_check CHECK ((state = ANY (ARRAY['open'::text, 'applied'::text, 'declined'::text])))
);

ALTER TABLE public.correction_task ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.correction_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.data_centre (
    id text NOT NULL,
    name text NOT NULL,
    level text NOT NULL,
    CONSTRAINT data_centre_check CHECK (((id = '00'::text) = (level = 'central'::text))),
    CONSTRAINT data_centre_id_check CHECK ((id ~ '^\d\d$'::text)),
    CONSTRAINT data_centre_level_check CHECK ((level = ANY (ARRAY['central'::text, 'province'::text])))
);

CREATE TABLE public.decision (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    asked_by text NOT NULL,
    name text NOT NULL,
    uscc text NOT NULL,
    decision text NOT NULL,
    policy_version text NOT NULL,
    request jsonb NOT NULL,
    answer jsonb NOT NULL,
    data_run bigint,
    list_version integer DEFAULT 0 NOT NULL,
    CONSTRAINT decision_decision_check CHECK ((decision = ANY (ARRAY['pass'::text, 'review'::text, 'refuse'::text])))
);

ALTER TABLE public.decision ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.decision_letter (
    id text NOT NULL,
    application_id text NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone NOT NULL,
    title text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL
);

CREATE TABLE public.delegation_check (
    id text NOT NULL,
    name text NOT NULL,
    servers jsonb NOT NULL,
    signers jsonb NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL
);

CREATE TABLE public.delivery (
    id bigint NOT NULL,
    notice_id bigint NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    owner text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    answer text DEFAULT ''::text NOT NULL,
    CONSTRAINT delivery_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'webhook'::text]))),
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text])))
);

ALTER TABLE public.delivery ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.directory_count (
    province text NOT NULL,
    kind text NOT NULL,
    service text NOT NULL,
    bodies bigint NOT NULL
);

CREATE TABLE public.directory_entry (
    uscc text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    service text NOT NULL,
    sound text NOT NULL,
    initials text NOT NULL,
    grams text[] NOT NULL,
    names text[] NOT NULL,
    wire text[] NOT NULL,
    site text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone
);

CREATE TABLE public.directory_state (
    single boolean DEFAULT true NOT NULL,
    cursor text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT directory_state_single_check CHECK (single)
);

CREATE TABLE public.disclosure (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    name text NOT NULL,
    roid text NOT NULL,
    viewer text NOT NULL,
    authority text DEFAULT ''::text NOT NULL,
    ground text DEFAULT ''::text NOT NULL,
    document text DEFAULT ''::text NOT NULL,
    by_person text NOT NULL,
    contacts text[] NOT NULL,
    CONSTRAINT disclosure_check CHECK (((viewer = 'holder'::text) OR ((authority <> ''::text) AND (ground <> ''::text) AND (document <> ''::text)))),
    CONSTRAINT disclosure_viewer_check CHECK ((viewer = ANY (ARRAY['holder'::text, 'authority'::text])))
);

ALTER TABLE public.disclosure ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.disclosure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.document (
    id text NOT NULL,
    subject_kind text NOT NULL,
    subject text NOT NULL,
    purpose text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    octets integer NOT NULL,
    sha256 bytea NOT NULL,
    scan text NOT NULL,
    key_id text NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    taken_by text NOT NULL,
    removed_at timestamp with time zone,
    removed_by text DEFAULT ''::text NOT NULL,
    CONSTRAINT document_check CHECK (((removed_at IS NULL) = (removed_by = ''::text))),
    CONSTRAINT document_kind_check CHECK ((kind = ANY (ARRAY['pdf'::text, 'jpeg'::text, 'png'::text, 'ofd'::text, 'docx'::text]))),
    CONSTRAINT document_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
    CONSTRAINT document_octets_check CHECK ((octets > 0)),
    CONSTRAINT document_scan_check CHECK ((scan = ANY (ARRAY['not_scanned'::text, 'clean'::text]))),
    CONSTRAINT document_sha256_check CHECK ((length(sha256) = 32)),
    CONSTRAINT document_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['institution'::text, 'application'::text])))
);

CREATE TABLE public.document_content (
    document_id text NOT NULL,
    sealed bytea NOT NULL
);
ALTER TABLE ONLY public.document_content ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE public.domain (
    roid text NOT NULL,
    name text NOT NULL,
    u_label text NOT NULL,
    tld text NOT NULL,
    tld_set text NOT NULL,
    table_id text NOT NULL,
    index_label text NOT NULL,
    exempt_no integer DEFAULT 0 NOT NULL,
    registrar_id text NOT NULL,
    registrant_id text,
    uscc text DEFAULT ''::text NOT NULL,
    statuses text[] DEFAULT '{}'::text[] NOT NULL,
    auth_hash text DEFAULT ''::text NOT NULL,
    auth_expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp with time zone,
    updated_by text DEFAULT ''::text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    transferred_at timestamp with time zone,
    deleted_at timestamp with time zone,
    graces jsonb DEFAULT '[]'::jsonb NOT NULL,
    transfer jsonb,
    verification jsonb DEFAULT '{}'::jsonb NOT NULL,
    ttls jsonb DEFAULT '{}'::jsonb NOT NULL,
    status_reasons jsonb DEFAULT '{}'::jsonb NOT NULL,
    lock jsonb,
    restore_requested_at timestamp with time zone,
    CONSTRAINT domain_name_check CHECK ((name = lower(name)))
);

CREATE TABLE public.domain_contact (
    domain_roid text NOT NULL,
    type text NOT NULL,
    contact_id text NOT NULL,
    CONSTRAINT domain_contact_type_check CHECK ((type = ANY (ARRAY['admin'::text, 'tech'::text, 'billing'::text])))
);

CREATE TABLE public.domain_ds (
    domain_roid text NOT NULL,
    key_tag integer NOT NULL,
    algorithm smallint NOT NULL,
    digest_type smallint NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT domain_ds_key_tag_check CHECK (((key_tag >= 0) AND (key_tag <= 65535)))
);

CREATE TABLE public.domain_host (
    domain_roid text NOT NULL,
    host_roid text NOT NULL
);

CREATE TABLE public.exchange_package (
    id bigint NOT NULL,
    direction text NOT NULL,
    kind text NOT NULL,
    peer text NOT NULL,
    sequence bigint NOT NULL,
    manifest_sha256 bytea NOT NULL,
    manifest jsonb NOT NULL,
    state text NOT NULL,
    reason_zh text DEFAULT ''::text NOT NULL,
    reason_en text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    actor text NOT NULL,
    run bigint,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT exchange_package_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text]))),
    CONSTRAINT exchange_package_kind_check CHECK ((kind = ANY (ARRAY['data'::text, 'receipt'::text]))),
    CONSTRAINT exchange_package_manifest_sha256_check CHECK ((length(manifest_sha256) = 32)),
    CONSTRAINT exchange_package_sequence_check CHECK ((sequence > 0)),
    CONSTRAINT exchange_package_state_check CHECK ((state = ANY (ARRAY['packed'::text, 'acknowledged'::text, 'applied'::text, 'parked'::text, 'refused'::text])))
);

ALTER TABLE public.exchange_package ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.exchange_package_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.history (
    id bigint NOT NULL,
    object text NOT NULL,
    subject text NOT NULL,
    act text NOT NULL,
    actor text NOT NULL,
    trid text NOT NULL,
    client_trid text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    snapshot jsonb NOT NULL,
    CONSTRAINT history_object_check CHECK ((object ~ '^[a-z]+$'::text))
);

ALTER TABLE public.history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.holder_change (
    id bigint NOT NULL,
    name text NOT NULL,
    roid text NOT NULL,
    uscc text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    state text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone,
    undone_by text DEFAULT ''::text NOT NULL,
    undone_at timestamp with time zone,
    is_guarded boolean NOT NULL,
    CONSTRAINT holder_change_check CHECK (((NOT (is_guarded AND (state = ANY (ARRAY['done'::text, 'undone'::text])))) OR (decided_by <> asked_by))),
    CONSTRAINT holder_change_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'done'::text, 'refused'::text, 'undone'::text])))
);

ALTER TABLE public.holder_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.holder_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.host (
    roid text NOT NULL,
    name text NOT NULL,
    registrar_id text NOT NULL,
    superordinate text,
    addresses inet[] DEFAULT '{}'::inet[] NOT NULL,
    statuses text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp with time zone,
    updated_by text DEFAULT ''::text NOT NULL,
    transferred_at timestamp with time zone,
    ttls jsonb DEFAULT '{}'::jsonb NOT NULL,
    status_reasons jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT host_name_check CHECK ((name = lower(name)))
);

CREATE TABLE public.idempotency (
    client_id text NOT NULL,
    key text NOT NULL,
    request bytea NOT NULL,
    status smallint NOT NULL,
    body text NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.import_name (
    run bigint NOT NULL,
    line integer NOT NULL,
    role text NOT NULL,
    name text NOT NULL,
    index_label text NOT NULL
);

CREATE TABLE public.import_rejection (
    run bigint NOT NULL,
    line integer NOT NULL,
    uscc text NOT NULL,
    problems jsonb NOT NULL
);

CREATE TABLE public.import_row (
    run bigint NOT NULL,
    line integer NOT NULL,
    known boolean NOT NULL,
    uscc text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    administrative boolean NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    sponsor_uscc text NOT NULL,
    authority text NOT NULL,
    address text NOT NULL,
    legal_representative text NOT NULL,
    phone text NOT NULL,
    status text NOT NULL,
    established_on date,
    valid_until date,
    annual_report_year smallint,
    successor_uscc text NOT NULL,
    changed_at timestamp with time zone,
    digest bytea NOT NULL
);

CREATE TABLE public.import_run (
    id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    actor text NOT NULL,
    source text NOT NULL,
    sha256 bytea NOT NULL,
    mode text NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text DEFAULT 'applied'::text NOT NULL,
    scope text DEFAULT ''::text NOT NULL,
    read_lines integer DEFAULT 0 NOT NULL,
    tally jsonb DEFAULT '{}'::jsonb NOT NULL,
    settled_by text DEFAULT ''::text NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT import_run_mode_check CHECK ((mode = ANY (ARRAY['delta'::text, 'snapshot'::text]))),
    CONSTRAINT import_run_state_check CHECK ((state = ANY (ARRAY['reading'::text, 'staged'::text, 'applied'::text, 'discarded'::text, 'rolled_back'::text])))
);

ALTER TABLE public.import_run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.import_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.import_seen (
    run bigint NOT NULL,
    line integer NOT NULL,
    uscc text NOT NULL
);

CREATE TABLE public.import_successor (
    run bigint NOT NULL,
    line integer NOT NULL,
    successor text NOT NULL
);

CREATE TABLE public.instance (
    one boolean DEFAULT true NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT instance_kind_check CHECK ((kind = ANY (ARRAY['production'::text, 'ote'::text]))),
    CONSTRAINT instance_one_check CHECK (one)
);

CREATE TABLE public.institution_act (
    id text NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    uscc text NOT NULL,
    body_name text NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    year smallint,
    fields jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    filed_at timestamp with time zone,
    accepted_at timestamp with time zone,
    due_on date,
    returned_at timestamp with time zone,
    asked text DEFAULT ''::text NOT NULL,
    proposed_by text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone,
    decided_by text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    outcome jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT institution_act_filed CHECK (((filed_at IS NOT NULL) OR (stage = ANY (ARRAY['draft'::text, 'withdrawn'::text])))),
    CONSTRAINT institution_act_kind_check CHECK ((kind = ANY (ARRAY['establish'::text, 'change'::text, 'cancel'::text, 'report'::text]))),
    CONSTRAINT institution_act_level_check CHECK ((level = ANY (ARRAY['central'::text, 'province'::text, 'city'::text, 'county'::text, 'town'::text]))),
    CONSTRAINT institution_act_region_check CHECK ((region ~ '^\d{6}$'::text)),
    CONSTRAINT institution_act_returned CHECK (((stage = 'returned'::text) = (returned_at IS NOT NULL))),
    CONSTRAINT institution_act_stage_check CHECK ((stage = ANY (ARRAY['draft'::text, 'filed'::text, 'returned'::text, 'accepted'::text, 'endorsed'::text, 'objected'::text, 'registered'::text, 'refused'::text, 'declined'::text, 'withdrawn'::text, 'lapsed'::text]))),
    CONSTRAINT institution_act_two_people CHECK (((stage <> ALL (ARRAY['registered'::text, 'refused'::text])) OR (proposed_by = ''::text) OR (decided_by <> proposed_by))),
    CONSTRAINT institution_act_uscc_check CHECK ((length(uscc) = 18)),
    CONSTRAINT institution_act_year CHECK (((kind = 'report'::text) = (year IS NOT NULL)))
);

CREATE TABLE public.institution_alarm (
    kind text NOT NULL,
    subject text NOT NULL,
    due_on date NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE public.institution_certificate (
    number text NOT NULL,
    uscc text NOT NULL,
    act_id text NOT NULL,
    facts jsonb NOT NULL,
    issued_on date NOT NULL,
    valid_until date NOT NULL,
    state text DEFAULT 'valid'::text NOT NULL,
    ended_on date,
    CONSTRAINT institution_certificate_check CHECK (((state = 'valid'::text) = (ended_on IS NULL))),
    CONSTRAINT institution_certificate_number_check CHECK ((number ~ '^\d{14}$'::text)),
    CONSTRAINT institution_certificate_state_check CHECK ((state = ANY (ARRAY['valid'::text, 'replaced'::text, 'surrendered'::text])))
);

CREATE SEQUENCE public.institution_certificate_serial
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.institution_liquidation (
    uscc text NOT NULL,
    started_on date NOT NULL,
    ended_on date,
    due_on date,
    noted_at timestamp with time zone NOT NULL,
    noted_by text NOT NULL,
    CONSTRAINT institution_liquidation_check CHECK ((ended_on >= started_on)),
    CONSTRAINT institution_liquidation_check1 CHECK (((ended_on IS NULL) = (due_on IS NULL)))
);

CREATE TABLE public.institution_step (
    id bigint NOT NULL,
    act_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    move text NOT NULL,
    from_stage text NOT NULL,
    to_stage text NOT NULL,
    reason text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.institution_step ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.institution_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.known_device (
    token_hash bytea NOT NULL,
    username text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT known_device_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.letter_number (
    year integer NOT NULL,
    last integer NOT NULL
);

CREATE TABLE public.letter_template (
    kind text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    edited_by text NOT NULL,
    edited_at timestamp with time zone NOT NULL,
    CONSTRAINT letter_template_kind_check CHECK ((kind = ANY (ARRAY['approved'::text, 'refused'::text, 'declined'::text, 'lapsed'::text]))),
    CONSTRAINT letter_template_text_en_check CHECK (((length(text_en) >= 1) AND (length(text_en) <= 4000))),
    CONSTRAINT letter_template_text_zh_check CHECK (((length(text_zh) >= 1) AND (length(text_zh) <= 4000))),
    CONSTRAINT letter_template_title_check CHECK (((length(title) >= 1) AND (length(title) <= 80))),
    CONSTRAINT letter_template_version_check CHECK ((version > 0))
);

CREATE TABLE public.list_change (
    id bigint NOT NULL,
    act text NOT NULL,
    entry_id bigint,
    class text NOT NULL,
    word text NOT NULL,
    index_label text NOT NULL,
    detail text NOT NULL,
    unlocked_by text NOT NULL,
    reason text NOT NULL,
    state text DEFAULT 'proposed'::text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    version integer,
    seal text,
    CONSTRAINT list_change_act_check CHECK ((act = ANY (ARRAY['add'::text, 'remove'::text]))),
    CONSTRAINT list_change_decided CHECK ((((state = 'proposed'::text) = (decided_by IS NULL)) AND ((decided_by IS NULL) = (decided_at IS NULL)))),
    CONSTRAINT list_change_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'approved'::text, 'withdrawn'::text]))),
    CONSTRAINT list_change_two_people CHECK (((state <> 'approved'::text) OR (decided_by <> proposed_by))),
    CONSTRAINT list_change_version CHECK ((((state = 'approved'::text) = (version IS NOT NULL)) AND ((version IS NULL) = (seal IS NULL))))
);

ALTER TABLE public.list_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.list_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.list_entry (
    id bigint NOT NULL,
    class text NOT NULL,
    word text NOT NULL,
    index_label text NOT NULL,
    detail text NOT NULL,
    unlocked_by text NOT NULL,
    reason text NOT NULL,
    since integer NOT NULL,
    until integer,
    CONSTRAINT list_entry_check CHECK ((until > since)),
    CONSTRAINT list_entry_class_check CHECK ((class = ANY (ARRAY['country'::text, 'organisation'::text, 'registry'::text, 'content'::text, 'place'::text]))),
    CONSTRAINT list_entry_unlocked_by_check CHECK ((unlocked_by = ANY (ARRAY['exact-name'::text, 'government'::text, 'reviewer'::text])))
);

ALTER TABLE public.list_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.list_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.lock_order (
    id bigint NOT NULL,
    domain_roid text NOT NULL,
    name text NOT NULL,
    move text NOT NULL,
    hours integer,
    reason text NOT NULL,
    about timestamp with time zone,
    proposed_by text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    state text DEFAULT 'proposed'::text NOT NULL,
    decided_by text,
    decided_at timestamp with time zone,
    CONSTRAINT lock_order_check CHECK (((state = 'proposed'::text) = (decided_at IS NULL))),
    CONSTRAINT lock_order_check1 CHECK (((move = 'open'::text) = (hours IS NOT NULL))),
    CONSTRAINT lock_order_hours_check CHECK (((hours >= 1) AND (hours <= 72))),
    CONSTRAINT lock_order_move_check CHECK ((move = ANY (ARRAY['lock'::text, 'open'::text, 'release'::text]))),
    CONSTRAINT lock_order_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT lock_order_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'done'::text, 'withdrawn'::text, 'void'::text]))),
    CONSTRAINT lock_order_two_people CHECK (((state <> 'done'::text) OR (decided_by <> proposed_by)))
);

ALTER TABLE public.lock_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.lock_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.maintenance (
    id text NOT NULL,
    title text NOT NULL,
    systems jsonb NOT NULL,
    environment text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    description_zh text NOT NULL,
    description_en text NOT NULL,
    tlds text[] DEFAULT '{}'::text[] NOT NULL,
    reconnect boolean DEFAULT false NOT NULL,
    reimplement boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    reminded_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT maintenance_check CHECK ((ends_at > starts_at)),
    CONSTRAINT maintenance_environment_check CHECK ((environment = ANY (ARRAY['production'::text, 'ote'::text, 'staging'::text, 'dev'::text]))),
    CONSTRAINT maintenance_id_check CHECK (((length(id) >= 3) AND (length(id) <= 64))),
    CONSTRAINT maintenance_reason_check CHECK ((reason = ANY (ARRAY['planned'::text, 'emergency'::text]))),
    CONSTRAINT maintenance_systems_check CHECK ((jsonb_array_length(systems) > 0))
);

CREATE TABLE public.name_key (
    key text NOT NULL,
    domain_roid text NOT NULL
);

CREATE TABLE public.name_recheck (
    roid text NOT NULL,
    year integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    done_by text DEFAULT ''::text NOT NULL,
    told_at timestamp with time zone,
    CONSTRAINT name_recheck_check CHECK (((done_at IS NULL) = (done_by = ''::text))),
    CONSTRAINT name_recheck_year_check CHECK ((year > 0))
);

CREATE TABLE public.name_reminder (
    roid text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    days integer NOT NULL,
    sent_at timestamp with time zone NOT NULL
);

CREATE TABLE public.name_unkeyed (
    domain_roid text NOT NULL
);

CREATE TABLE public.notice (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    recipient_kind text NOT NULL,
    recipient text NOT NULL,
    kind text NOT NULL,
    severity text DEFAULT 'news'::text NOT NULL,
    subject_zh text NOT NULL,
    subject_en text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    routed boolean DEFAULT false NOT NULL,
    once text,
    CONSTRAINT notice_recipient_kind_check CHECK ((recipient_kind = ANY (ARRAY['person'::text, 'body'::text, 'reviewers'::text, 'role'::text, 'registrar'::text]))),
    CONSTRAINT notice_severity_check CHECK ((severity = ANY (ARRAY['news'::text, 'action'::text, 'urgent'::text])))
);

CREATE TABLE public.notice_address (
    username text NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    floor text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    CONSTRAINT notice_address_address_check CHECK (((length(address) >= 3) AND (length(address) <= 254))),
    CONSTRAINT notice_address_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
    CONSTRAINT notice_address_floor_check CHECK ((floor = ANY (ARRAY['news'::text, 'action'::text, 'urgent'::text])))
);

ALTER TABLE public.notice ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notice_read (
    username text NOT NULL,
    notice_id bigint NOT NULL,
    read_at timestamp with time zone NOT NULL
);

CREATE TABLE public.person (
    username text NOT NULL,
    role text NOT NULL,
    region text DEFAULT ''::text NOT NULL,
    uscc text DEFAULT ''::text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    totp_secret text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    disabled_at timestamp with time zone,
    totp_step bigint DEFAULT 0 NOT NULL,
    disabled_by text DEFAULT ''::text NOT NULL,
    disabled_reason text DEFAULT ''::text NOT NULL,
    registrar_id text,
    CONSTRAINT person_registrar CHECK (((role = 'registrar'::text) = (registrar_id IS NOT NULL))),
    CONSTRAINT person_role_check CHECK ((role = ANY (ARRAY['agency'::text, 'registrar'::text, 'reviewer-county'::text, 'reviewer-city'::text, 'reviewer-province'::text, 'reviewer-central'::text, 'operator'::text, 'security-officer'::text, 'auditor'::text])))
);

CREATE TABLE public.poll_message (
    id bigint NOT NULL,
    registrar_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    kind text DEFAULT 'notice'::text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    acked_at timestamp with time zone
);

ALTER TABLE public.poll_message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.poll_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.portal_session (
    token_hash bytea NOT NULL,
    username text NOT NULL,
    agent_hash bytea NOT NULL,
    began_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT portal_session_agent_hash_check CHECK ((length(agent_hash) = 32)),
    CONSTRAINT portal_session_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.public_notice (
    number bigint NOT NULL,
    id text NOT NULL,
    kind text NOT NULL,
    uscc text NOT NULL,
    body_name text NOT NULL,
    region text NOT NULL,
    level text NOT NULL,
    act_id text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    facts jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT public_notice_kind_check CHECK ((kind = ANY (ARRAY['established'::text, 'changed'::text, 'cancelled'::text, 'reported'::text])))
);

ALTER TABLE public.public_notice ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.public_notice_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.push_batch (
    number bigint NOT NULL,
    id text NOT NULL,
    client_id text NOT NULL,
    centre text NOT NULL,
    key text NOT NULL,
    request bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    rows integer NOT NULL,
    run bigint NOT NULL,
    CONSTRAINT push_batch_key_check CHECK (((length(key) >= 1) AND (length(key) <= 128))),
    CONSTRAINT push_batch_request_check CHECK ((length(request) = 32)),
    CONSTRAINT push_batch_rows_check CHECK ((rows > 0))
);

ALTER TABLE public.push_batch ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.push_batch_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.registrar (
    id text NOT NULL,
    name text NOT NULL,
    iana_id integer,
    status text DEFAULT 'active'::text NOT NULL,
    password_hash text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    status_reason text DEFAULT ''::text NOT NULL,
    status_at timestamp with time zone,
    rights text[] DEFAULT ARRAY['create'::text, 'update'::text, 'renew'::text, 'transfer'::text, 'answer'::text, 'delete'::text, 'acknowledge'::text] NOT NULL,
    rate real,
    burst integer,
    max_sessions integer,
    CONSTRAINT registrar_burst_check CHECK ((burst > 0)),
    CONSTRAINT registrar_iana_id_check CHECK ((iana_id > 0)),
    CONSTRAINT registrar_id_check CHECK (((length(id) >= 3) AND (length(id) <= 16))),
    CONSTRAINT registrar_max_sessions_check CHECK ((max_sessions > 0)),
    CONSTRAINT registrar_rate_check CHECK ((rate > (0)::double precision)),
    CONSTRAINT registrar_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'no-create'::text, 'read-only'::text, 'suspended'::text, 'terminated'::text])))
);

CREATE UNLOGGED TABLE public.registrar_budget (
    key text NOT NULL,
    level double precision NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.registrar_certificate (
    registrar_id text NOT NULL,
    spki_sha256 bytea NOT NULL,
    subject text NOT NULL,
    not_after timestamp with time zone NOT NULL,
    added_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    user_id text DEFAULT ''::text NOT NULL,
    serial text DEFAULT ''::text NOT NULL,
    added_by text DEFAULT ''::text NOT NULL,
    revoked_by text DEFAULT ''::text NOT NULL,
    revoked_reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT registrar_certificate_spki_sha256_check CHECK ((length(spki_sha256) = 32))
);

CREATE TABLE public.registrar_network (
    id bigint NOT NULL,
    registrar_id text NOT NULL,
    user_id text DEFAULT ''::text NOT NULL,
    network cidr NOT NULL,
    state text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT registrar_network_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'leaving'::text, 'active'::text, 'ended'::text])))
);

ALTER TABLE public.registrar_network ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.registrar_network_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE UNLOGGED TABLE public.registrar_process (
    process text NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE public.registrar_report (
    registrar_id text NOT NULL,
    kind text NOT NULL,
    starts date NOT NULL,
    made_at timestamp with time zone NOT NULL,
    lines integer NOT NULL,
    sha256 bytea NOT NULL,
    content text NOT NULL,
    CONSTRAINT registrar_report_kind_check CHECK ((kind = ANY (ARRAY['transactions-daily'::text, 'transactions-monthly'::text, 'activity-monthly'::text, 'charges-monthly'::text, 'domains-monthly'::text]))),
    CONSTRAINT registrar_report_sha256_check CHECK ((length(sha256) = 32))
);

CREATE UNLOGGED TABLE public.registrar_session (
    id text NOT NULL,
    registrar_id text NOT NULL,
    user_id text NOT NULL,
    address text NOT NULL,
    process text NOT NULL,
    began_at timestamp with time zone NOT NULL
);

CREATE TABLE public.registrar_user (
    id text NOT NULL,
    registrar_id text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    password_hash text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    status_reason text DEFAULT ''::text NOT NULL,
    rights text[] DEFAULT ARRAY['create'::text, 'update'::text, 'renew'::text, 'transfer'::text, 'answer'::text, 'delete'::text, 'acknowledge'::text] NOT NULL,
    rate real,
    burst integer,
    max_sessions integer,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT registrar_user_burst_check CHECK ((burst > 0)),
    CONSTRAINT registrar_user_id_check CHECK (((length(id) >= 3) AND (length(id) <= 16))),
    CONSTRAINT registrar_user_max_sessions_check CHECK ((max_sessions > 0)),
    CONSTRAINT registrar_user_rate_check CHECK ((rate > (0)::double precision)),
    CONSTRAINT registrar_user_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'ended'::text])))
);

CREATE TABLE public.registrar_webhook (
    registrar_id text NOT NULL,
    url text NOT NULL,
    secret bytea NOT NULL,
    state text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT registrar_webhook_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text]))),
    CONSTRAINT registrar_webhook_url_check CHECK ((url ~ '^https?://'::text))
);

CREATE TABLE public.retired_name (
    tld_set text NOT NULL,
    table_id text NOT NULL,
    index_label text NOT NULL,
    unicode text NOT NULL,
    uscc text NOT NULL,
    retired_at timestamp with time zone NOT NULL,
    reason text NOT NULL
);

CREATE TABLE public.reviewer_absence (
    username text NOT NULL,
    delegate text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    set_at timestamp with time zone NOT NULL,
    handed_at timestamp with time zone,
    CONSTRAINT reviewer_absence_check CHECK ((delegate <> username)),
    CONSTRAINT reviewer_absence_check1 CHECK ((last_day >= first_day))
);

CREATE SEQUENCE public.roid_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.sign_in_guess (
    account bytea NOT NULL,
    place text NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    free_at timestamp with time zone NOT NULL,
    CONSTRAINT sign_in_guess_account_check CHECK ((length(account) = 32))
);

CREATE TABLE public.tld (
    name text NOT NULL,
    unicode text NOT NULL,
    tld_set text NOT NULL,
    table_id text NOT NULL,
    verification text DEFAULT 'required'::text NOT NULL,
    idn_only boolean DEFAULT true NOT NULL,
    contact_model text DEFAULT 'maximum'::text NOT NULL,
    default_years smallint DEFAULT 1 NOT NULL,
    add_grace interval DEFAULT '5 days'::interval NOT NULL,
    renew_grace interval DEFAULT '5 days'::interval NOT NULL,
    auto_renew_grace interval DEFAULT '45 days'::interval NOT NULL,
    transfer_grace interval DEFAULT '5 days'::interval NOT NULL,
    transfer_pending interval DEFAULT '5 days'::interval NOT NULL,
    redemption interval DEFAULT '30 days'::interval NOT NULL,
    pending_delete interval DEFAULT '5 days'::interval NOT NULL,
    created_at timestamp with time zone NOT NULL,
    restore_report interval,
    CONSTRAINT tld_contact_model_check CHECK ((contact_model = ANY (ARRAY['minimum'::text, 'maximum'::text]))),
    CONSTRAINT tld_default_years_check CHECK (((default_years >= 1) AND (default_years <= 10))),
    CONSTRAINT tld_name_check CHECK ((name = lower(name))),
    CONSTRAINT tld_restore_report_check CHECK ((restore_report > '00:00:00'::interval)),
    CONSTRAINT tld_verification_check CHECK ((verification = ANY (ARRAY['required'::text, 'grace'::text, 'none'::text])))
);

CREATE TABLE public.verification_code (
    code text NOT NULL,
    type text NOT NULL,
    uscc text NOT NULL,
    name text NOT NULL,
    registrar_id text NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    signed text NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT verification_code_type_check CHECK ((type = ANY (ARRAY['registrant'::text, 'domain'::text])))
);

CREATE TABLE public.watch_alert_told (
    alert_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE resolver.answer_watch (
    zone text NOT NULL,
    server text NOT NULL,
    address text NOT NULL,
    transport text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    serial bigint,
    millis integer,
    findings jsonb NOT NULL,
    faulty_since timestamp with time zone,
    CONSTRAINT answer_watch_transport_check CHECK ((transport = ANY (ARRAY['udp'::text, 'tcp'::text, 'tls'::text, 'https'::text])))
);

CREATE VIEW published.answer_watch AS
 SELECT zone,
    server,
    address,
    transport,
    checked_at,
    serial,
    millis,
    findings,
    faulty_since
   FROM resolver.answer_watch;

CREATE VIEW published.body AS
 SELECT uscc,
    name,
    kind,
    administrative,
    region,
    level,
    authority,
    address,
    status,
    established_on,
    successor_uscc,
    phone,
    imported_at AS changed_at
   FROM public.body;

CREATE VIEW published.body_name AS
 SELECT uscc,
    role,
    name,
    index_label,
    valid_from,
    valid_to
   FROM public.body_name;

CREATE VIEW published.body_run AS
 SELECT uscc,
    run
   FROM public.body;

CREATE VIEW published.bundle_name AS
 SELECT name,
    unicode,
    domain_roid,
    role
   FROM public.bundle_name;

CREATE TABLE resolver.child_keys (
    name text NOT NULL,
    state text NOT NULL,
    basis text NOT NULL,
    signers jsonb NOT NULL,
    findings jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    CONSTRAINT child_keys_basis_check CHECK ((basis = ANY (ARRAY['chain'::text, 'signal'::text, ''::text]))),
    CONSTRAINT child_keys_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'refused'::text, 'equal'::text])))
);

CREATE VIEW published.child_keys AS
 SELECT name,
    state,
    basis,
    signers,
    findings,
    since,
    checked_at
   FROM resolver.child_keys;

CREATE VIEW published.contact AS
 SELECT id,
    roid,
    registrar_id,
    postal,
    voice,
    voice_ext,
    fax,
    fax_ext,
    email,
    disclose,
    statuses,
    created_at,
    updated_at,
    transferred_at
   FROM public.contact;

CREATE VIEW published.delegation AS
 SELECT b.name AS owner,
    d.tld AS zone,
    d.roid AS domain_roid,
    b.role,
    ARRAY( SELECT h.name
           FROM (public.domain_host dh
             JOIN public.host h ON ((h.roid = dh.host_roid)))
          WHERE (dh.domain_roid = d.roid)
          ORDER BY h.name) AS servers,
    ARRAY( SELECT row_to_json(s.*) AS row_to_json
           FROM ( SELECT domain_ds.key_tag,
                    domain_ds.algorithm,
                    domain_ds.digest_type,
                    encode(domain_ds.digest, 'hex'::text) AS digest
                   FROM public.domain_ds
                  WHERE ((domain_ds.domain_roid = d.roid) AND (b.role = 'registered'::text))
                  ORDER BY domain_ds.key_tag, domain_ds.algorithm, domain_ds.digest_type, (encode(domain_ds.digest, 'hex'::text))) s) AS ds,
    COALESCE(((d.ttls ->> 'NS'::text))::integer, 0) AS ns_ttl,
    COALESCE(((d.ttls ->> 'DS'::text))::integer, 0) AS ds_ttl
   FROM (public.domain d
     JOIN public.bundle_name b ON ((b.domain_roid = d.roid)))
  WHERE ((NOT (d.statuses && ARRAY['serverHold'::text, 'clientHold'::text, 'pendingCreate'::text])) AND ((d.deleted_at IS NULL) OR (d.restore_requested_at IS NOT NULL)));

CREATE TABLE resolver.delegation_result (
    check_id text NOT NULL,
    done_at timestamp with time zone NOT NULL,
    findings jsonb NOT NULL
);

CREATE VIEW published.delegation_check AS
 SELECT c.id,
    c.name,
    c.servers,
    c.signers,
    c.asked_at,
    r.done_at,
    r.findings
   FROM (public.delegation_check c
     LEFT JOIN resolver.delegation_result r ON ((r.check_id = c.id)));

CREATE VIEW published.directory AS
 SELECT uscc,
    name,
    kind,
    region,
    level,
    service,
    sound,
    initials,
    grams,
    names,
    wire,
    site,
    changed_at,
    gone_at
   FROM public.directory_entry;

CREATE VIEW published.directory_count AS
 SELECT province,
    kind,
    service,
    bodies
   FROM public.directory_count;

CREATE VIEW published.domain AS
 SELECT d.roid,
    d.name,
    ((d.u_label || '.'::text) || t.unicode) AS unicode,
    d.tld,
    d.tld_set,
    d.table_id,
    d.index_label,
    d.registrar_id,
    d.registrant_id,
    d.uscc,
    d.statuses,
    d.created_at,
    d.updated_at,
    d.expires_at,
    d.transferred_at,
    d.deleted_at,
    d.graces,
    d.transfer,
    t.redemption,
    t.pending_delete,
    t.auto_renew_grace,
    (EXISTS ( SELECT
           FROM public.domain_ds s
          WHERE (s.domain_roid = d.roid))) AS signed,
    (EXISTS ( SELECT
           FROM public.domain_host h
          WHERE (h.domain_roid = d.roid))) AS delegated,
    d.lock,
    d.restore_requested_at,
    t.restore_report
   FROM (public.domain d
     JOIN public.tld t ON ((t.name = d.tld)));

CREATE VIEW published.domain_contact AS
 SELECT domain_roid,
    type,
    contact_id
   FROM public.domain_contact;

CREATE VIEW published.domain_ds AS
 SELECT domain_roid,
    key_tag,
    algorithm,
    digest_type,
    digest
   FROM public.domain_ds;

CREATE VIEW published.domain_event AS
 SELECT subject AS roid,
    act,
    at,
    id
   FROM public.history
  WHERE (object = 'domain'::text);

CREATE VIEW published.domain_host AS
 SELECT domain_roid,
    host_roid
   FROM public.domain_host;

CREATE VIEW published.glue AS
 SELECT h.name AS owner,
    d.tld AS zone,
    h.addresses,
    d.roid AS domain_roid,
    COALESCE(((h.ttls ->> 'A'::text))::integer, 0) AS a_ttl,
    COALESCE(((h.ttls ->> 'AAAA'::text))::integer, 0) AS aaaa_ttl
   FROM (public.host h
     JOIN public.domain d ON ((d.roid = h.superordinate)))
  WHERE (h.addresses <> '{}'::inet[]);

CREATE VIEW published.host AS
 SELECT roid,
    name,
    registrar_id,
    superordinate,
    addresses,
    statuses,
    created_at,
    updated_at,
    (EXISTS ( SELECT
           FROM public.domain_host h
          WHERE (h.host_roid = host.roid))) AS linked
   FROM public.host;

CREATE VIEW published.institution AS
 SELECT b.uscc,
    b.kind,
    b.status,
    b.successor_uscc,
    b.established_on,
    b.annual_report_year AS reported_year,
    c.number AS certificate,
    c.issued_on,
    c.valid_until,
    ( SELECT min(f.issued_on) AS min
           FROM public.institution_certificate f
          WHERE (f.uscc = b.uscc)) AS certified_since,
    l.started_on AS liquidation_started_on,
    l.ended_on AS liquidation_ended_on,
    l.due_on AS cancellation_due_on
   FROM ((public.body b
     LEFT JOIN public.institution_certificate c ON (((c.uscc = b.uscc) AND (c.state = 'valid'::text))))
     LEFT JOIN public.institution_liquidation l ON ((l.uscc = b.uscc)))
  WHERE (b.kind = '12'::text);

CREATE TABLE verifier.mark (
    id text NOT NULL,
    site_id text NOT NULL,
    uscc text NOT NULL,
    look text NOT NULL,
    state text NOT NULL,
    status_list integer NOT NULL,
    status_slot integer NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT mark_look_check CHECK ((look = ANY (ARRAY['red'::text, 'blue'::text, 'green'::text]))),
    CONSTRAINT mark_state_check CHECK ((state = ANY (ARRAY['valid'::text, 'suspended'::text, 'revoked'::text])))
);

CREATE TABLE verifier.mark_host (
    mark_id text NOT NULL,
    host text NOT NULL
);

CREATE TABLE verifier.site (
    id text NOT NULL,
    uscc text NOT NULL,
    name text NOT NULL,
    origin text NOT NULL,
    purpose text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE VIEW published.mark AS
 SELECT m.id,
    m.uscc,
    m.look,
    m.state,
    m.issued_at,
    s.name AS site,
    s.origin,
    ARRAY( SELECT h.host
           FROM verifier.mark_host h
          WHERE (h.mark_id = m.id)
          ORDER BY h.host) AS hosts
   FROM (verifier.mark m
     JOIN verifier.site s ON ((s.id = m.site_id)));

CREATE VIEW published.name_decision AS
 SELECT s.task_id,
    s.roid AS domain_roid,
    s.name,
    s.choice,
        CASE
            WHEN ((s.choice = 'retire'::text) AND (s.holder <> ''::text)) THEN s.holder
            ELSE t.uscc
        END AS before,
        CASE
            WHEN (s.choice = 'follow'::text) THEN s.holder
            ELSE ''::text
        END AS holder,
    s.done_at AS at,
    ARRAY( SELECT b.name
           FROM public.bundle_name b
          WHERE (b.domain_roid = s.roid)
          ORDER BY b.name) AS members
   FROM (public.body_step s
     JOIN public.body_task t ON ((t.id = s.task_id)))
  WHERE ((s.choice = ANY (ARRAY['follow'::text, 'retire'::text])) AND (s.done_at IS NOT NULL) AND (s.outcome = ''::text));

CREATE VIEW published.public_notice AS
 SELECT number,
    id,
    kind,
    uscc,
    body_name,
    region,
    level,
    published_at,
    title_zh,
    title_en,
    text_zh,
    text_en,
    facts
   FROM public.public_notice;

CREATE TABLE resolver.query_hour (
    hour timestamp with time zone NOT NULL,
    zone text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    number bigint NOT NULL,
    CONSTRAINT query_hour_kind_check CHECK ((kind = ANY (ARRAY['type'::text, 'rcode'::text, 'transport'::text, 'size'::text, 'outcome'::text, 'name'::text, 'missing'::text]))),
    CONSTRAINT query_hour_number_check CHECK ((number >= 0))
);

CREATE VIEW published.query_hour AS
 SELECT hour,
    zone,
    kind,
    key,
    number
   FROM resolver.query_hour;

CREATE VIEW published.registrar AS
 SELECT id,
    name,
    iana_id,
    status,
    email,
    phone,
    url,
    address,
    created_at
   FROM public.registrar;

CREATE VIEW published.retired_name AS
 SELECT tld_set,
    table_id,
    index_label,
    unicode,
    uscc,
    retired_at
   FROM public.retired_name;

CREATE VIEW published.site AS
 SELECT id,
    uscc,
    name,
    origin
   FROM verifier.site;

CREATE VIEW published.tld AS
 SELECT name,
    unicode,
    tld_set,
    table_id,
    verification
   FROM public.tld;

CREATE TABLE verifier.judged (
    watch_no integer NOT NULL,
    at timestamp with time zone NOT NULL,
    identity text DEFAULT 'unknown'::text NOT NULL,
    integrity text DEFAULT 'unknown'::text NOT NULL,
    score smallint,
    vetoes text[] DEFAULT '{}'::text[] NOT NULL,
    findings jsonb DEFAULT '[]'::jsonb NOT NULL,
    card jsonb DEFAULT '{}'::jsonb NOT NULL,
    known jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE verifier.watch (
    no integer NOT NULL,
    site_id text NOT NULL,
    origin text NOT NULL,
    host text NOT NULL,
    platform text DEFAULT ''::text NOT NULL,
    networks text[] DEFAULT '{}'::text[] NOT NULL,
    site_code text DEFAULT ''::text NOT NULL,
    icp text DEFAULT ''::text NOT NULL,
    columns jsonb DEFAULT '[]'::jsonb NOT NULL,
    known_outlinks text[] DEFAULT '{}'::text[] NOT NULL,
    known_scripts text[] DEFAULT '{}'::text[] NOT NULL,
    former_names text[] DEFAULT '{}'::text[] NOT NULL,
    declared text DEFAULT 'running'::text NOT NULL,
    personas_agreed boolean DEFAULT false NOT NULL,
    outward_services boolean DEFAULT true NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    expected text[] DEFAULT '{}'::text[] NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    CONSTRAINT watch_declared_check CHECK ((declared = ANY (ARRAY['running'::text, 'closed'::text])))
);

CREATE VIEW published.watch AS
 SELECT w.site_id,
    s.uscc,
    w.origin,
    w.host,
    j.at,
    j.identity,
    j.integrity,
    j.score,
    j.vetoes
   FROM ((verifier.watch w
     JOIN verifier.site s ON ((s.id = w.site_id)))
     LEFT JOIN verifier.judged j ON ((j.watch_no = w.no)))
  WHERE (w.until IS NULL);

CREATE TABLE verifier.alert (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    audience text NOT NULL,
    uscc text DEFAULT ''::text NOT NULL,
    level text DEFAULT ''::text NOT NULL,
    region text DEFAULT ''::text NOT NULL,
    registrar text DEFAULT ''::text NOT NULL,
    subject_zh text NOT NULL,
    subject_en text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    once text NOT NULL,
    CONSTRAINT alert_audience_check CHECK ((audience = ANY (ARRAY['body'::text, 'reviewers'::text, 'operator'::text, 'registrar'::text]))),
    CONSTRAINT alert_severity_check CHECK ((severity = ANY (ARRAY['P1'::text, 'P2'::text, 'P3'::text, 'P4'::text])))
);

CREATE VIEW published.watch_alert AS
 SELECT id,
    at,
    due_at,
    kind,
    severity,
    audience,
    uscc,
    level,
    region,
    registrar,
    subject_zh,
    subject_en,
    text_zh,
    text_en,
    link,
    payload,
    once
   FROM verifier.alert;

CREATE TABLE resolver.serial (
    zone text NOT NULL,
    serial bigint NOT NULL,
    CONSTRAINT serial_serial_check CHECK (((serial >= 0) AND (serial <= '4294967295'::bigint)))
);

ALTER TABLE verifier.alert ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME verifier.alert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE verifier.alert_setting (
    uscc text NOT NULL,
    quiet_from smallint DEFAULT 22 NOT NULL,
    quiet_until smallint DEFAULT 7 NOT NULL,
    digest boolean DEFAULT true NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT alert_setting_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 23))),
    CONSTRAINT alert_setting_quiet_until_check CHECK (((quiet_until >= 0) AND (quiet_until <= 23)))
);

CREATE TABLE verifier.badge_load (
    mark_id text NOT NULL,
    host text NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    times bigint DEFAULT 1 NOT NULL,
    worked boolean DEFAULT false NOT NULL
);

CREATE TABLE verifier.body (
    digest text NOT NULL,
    media text NOT NULL,
    size integer NOT NULL,
    stored integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    kept_until timestamp with time zone
);

CREATE TABLE verifier.bundle (
    id text NOT NULL,
    incident text NOT NULL,
    at timestamp with time zone NOT NULL,
    digest text NOT NULL
);

CREATE TABLE verifier.case_evidence (
    case_id text NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    content_type text NOT NULL,
    sha256 bytea NOT NULL,
    received bytea,
    content bytea NOT NULL,
    CONSTRAINT case_evidence_kind_check CHECK ((kind = ANY (ARRAY['picture'::text, 'answer'::text, 'page'::text]))),
    CONSTRAINT case_evidence_received_check CHECK ((length(received) = 32)),
    CONSTRAINT case_evidence_sha256_check CHECK ((length(sha256) = 32))
);

CREATE TABLE verifier.case_file (
    id text NOT NULL,
    origin text NOT NULL,
    host text NOT NULL,
    address text NOT NULL,
    mark_id text,
    uscc text DEFAULT ''::text NOT NULL,
    official text DEFAULT ''::text NOT NULL,
    verdict text NOT NULL,
    state text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    handler text DEFAULT ''::text NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT case_file_origin_check CHECK ((origin = ANY (ARRAY['report'::text, 'badge'::text, 'page'::text]))),
    CONSTRAINT case_file_state_check CHECK ((state = ANY (ARRAY['open'::text, 'looking'::text, 'confirmed'::text, 'removed'::text, 'unfounded'::text])))
);

CREATE TABLE verifier.case_step (
    case_id text NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    words text DEFAULT ''::text NOT NULL
);

CREATE TABLE verifier.ct_log (
    url text NOT NULL,
    next bigint DEFAULT 0 NOT NULL,
    tree bigint DEFAULT 0 NOT NULL,
    root text DEFAULT ''::text NOT NULL,
    read_at timestamp with time zone,
    fault text DEFAULT ''::text NOT NULL
);

CREATE TABLE verifier.day (
    day date NOT NULL,
    watch_no integer NOT NULL,
    visits integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    blocked integer DEFAULT 0 NOT NULL,
    ms_sum bigint DEFAULT 0 NOT NULL,
    ms_max integer DEFAULT 0 NOT NULL,
    score smallint,
    vetoes text[] DEFAULT '{}'::text[] NOT NULL
)
PARTITION BY RANGE (day);

CREATE TABLE verifier.evidence_day (
    day date NOT NULL,
    bundles integer NOT NULL,
    root text NOT NULL
);

CREATE TABLE verifier.fact (
    watch_no integer NOT NULL,
    check_id text NOT NULL,
    vantage text NOT NULL,
    at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    target text NOT NULL,
    facts jsonb NOT NULL,
    evidence jsonb NOT NULL,
    digest text NOT NULL,
    CONSTRAINT fact_outcome_check CHECK ((outcome = ANY (ARRAY['ran'::text, 'blocked'::text, 'not_run'::text])))
);

CREATE TABLE verifier.fact_past (
    watch_no integer NOT NULL,
    check_id text NOT NULL,
    vantage text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    target text NOT NULL,
    facts jsonb NOT NULL,
    evidence jsonb NOT NULL
);

CREATE TABLE verifier.hour (
    hour timestamp with time zone NOT NULL,
    watch_no integer NOT NULL,
    vantage text NOT NULL,
    visits integer NOT NULL,
    failed integer NOT NULL,
    blocked integer NOT NULL,
    ms_sum bigint NOT NULL,
    ms_max integer NOT NULL
)
PARTITION BY RANGE (hour);

CREATE TABLE verifier.incident (
    id text NOT NULL,
    watch_no integer NOT NULL,
    rule text NOT NULL,
    platform text DEFAULT ''::text NOT NULL,
    sites integer[] DEFAULT '{}'::integer[] NOT NULL,
    severity text NOT NULL,
    side text NOT NULL,
    state text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    acknowledged_by text DEFAULT ''::text NOT NULL,
    closed_at timestamp with time zone,
    reports jsonb DEFAULT '[]'::jsonb NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    finding jsonb NOT NULL,
    before text DEFAULT ''::text NOT NULL,
    after text DEFAULT ''::text NOT NULL,
    mark_act text DEFAULT ''::text NOT NULL,
    mark_act_at timestamp with time zone,
    told smallint DEFAULT 0 NOT NULL,
    CONSTRAINT incident_mark_act_check CHECK ((mark_act = ANY (ARRAY[''::text, 'suspended'::text, 'held'::text, 'resumed'::text]))),
    CONSTRAINT incident_severity_check CHECK ((severity = ANY (ARRAY['P1'::text, 'P2'::text, 'P3'::text, 'P4'::text]))),
    CONSTRAINT incident_state_check CHECK ((state = ANY (ARRAY['suspected'::text, 'confirmed'::text, 'acknowledged'::text, 'dismissed'::text, 'closed'::text])))
);

CREATE TABLE verifier.lease (
    vantage text NOT NULL,
    round text NOT NULL,
    watch_no integer NOT NULL,
    due_at timestamp with time zone NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    worker text DEFAULT ''::text NOT NULL,
    failures smallint DEFAULT 0 NOT NULL,
    counted_at timestamp with time zone DEFAULT '2000-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    etag text DEFAULT ''::text NOT NULL,
    modified text DEFAULT ''::text NOT NULL,
    body text DEFAULT ''::text NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE verifier.likeness_case (
    id text NOT NULL,
    host text NOT NULL,
    official text NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    times integer DEFAULT 1 NOT NULL,
    state text DEFAULT 'found'::text NOT NULL,
    score smallint DEFAULT 0 NOT NULL,
    reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
    compared_at timestamp with time zone,
    look_at timestamp with time zone,
    evidence jsonb DEFAULT '[]'::jsonb NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT likeness_case_source_check CHECK ((source = ANY (ARRAY['zone'::text, 'certificates'::text, 'report'::text, 'badge'::text]))),
    CONSTRAINT likeness_case_state_check CHECK ((state = ANY (ARRAY['found'::text, 'quiet'::text, 'suspect'::text, 'confirmed'::text, 'dismissed'::text, 'closed'::text])))
);

CREATE TABLE verifier.mark_event (
    mark_id text NOT NULL,
    number integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    reason text DEFAULT ''::text NOT NULL
);

CREATE TABLE verifier.report (
    id text NOT NULL,
    at timestamp with time zone NOT NULL,
    address text NOT NULL,
    host text NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    contact text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    case_id text,
    CONSTRAINT report_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])))
);

CREATE TABLE verifier.sighting (
    day date NOT NULL,
    mark_id text NOT NULL,
    host text NOT NULL,
    door text NOT NULL,
    count integer DEFAULT 1 NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT sighting_door_check CHECK ((door = ANY (ARRAY['badge'::text, 'page'::text])))
);

CREATE UNLOGGED TABLE verifier.turn (
    address text NOT NULL,
    slot smallint NOT NULL,
    until timestamp with time zone NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE verifier.visit (
    day date NOT NULL,
    watch_no integer NOT NULL,
    vantage text NOT NULL,
    at timestamp with time zone NOT NULL,
    opened boolean NOT NULL,
    blocked boolean NOT NULL,
    ms integer NOT NULL,
    why text DEFAULT ''::text NOT NULL
)
PARTITION BY RANGE (day);

ALTER TABLE verifier.watch ALTER COLUMN no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME verifier.watch_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE verifier.watch_turn (
    watch_no integer NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    slots smallint DEFAULT 0 NOT NULL,
    busy_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE verifier.worker (
    name text NOT NULL,
    vantage text NOT NULL,
    rounds text[] NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    looks bigint DEFAULT 0 NOT NULL,
    blind boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY public.account_order
    ADD CONSTRAINT account_order_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_setup
    ADD CONSTRAINT account_setup_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.allocation_token
    ADD CONSTRAINT allocation_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.allocation_token
    ADD CONSTRAINT allocation_token_token_key UNIQUE (token);

ALTER TABLE ONLY public.api_client
    ADD CONSTRAINT api_client_pkey PRIMARY KEY (client_id);

ALTER TABLE ONLY public.application_draft
    ADD CONSTRAINT application_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.application_message
    ADD CONSTRAINT application_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.application_responsible
    ADD CONSTRAINT application_responsible_pkey PRIMARY KEY (application_id);

ALTER TABLE ONLY public.application_step
    ADD CONSTRAINT application_step_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_position_key UNIQUE ("position");

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.body_figure_month
    ADD CONSTRAINT body_figure_month_pkey PRIMARY KEY (month, province);

ALTER TABLE ONLY public.body_figure
    ADD CONSTRAINT body_figure_pkey PRIMARY KEY (region, kind, level, status);

ALTER TABLE ONLY public.body_figure_state
    ADD CONSTRAINT body_figure_state_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.body_key_common
    ADD CONSTRAINT body_key_common_pkey PRIMARY KEY (gram);

ALTER TABLE ONLY public.body_key_due
    ADD CONSTRAINT body_key_due_pkey PRIMARY KEY (uscc);

ALTER TABLE ONLY public.body_key_state
    ADD CONSTRAINT body_key_state_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.body_key_window
    ADD CONSTRAINT body_key_window_pkey PRIMARY KEY (page);

ALTER TABLE ONLY public.body_month
    ADD CONSTRAINT body_month_pkey PRIMARY KEY (month, province, kind, level, status);

ALTER TABLE ONLY public.body_name
    ADD CONSTRAINT body_name_pkey PRIMARY KEY (uscc, role, name);

ALTER TABLE ONLY public.body_past
    ADD CONSTRAINT body_past_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.body
    ADD CONSTRAINT body_pkey PRIMARY KEY (uscc);

ALTER TABLE ONLY public.body_step
    ADD CONSTRAINT body_step_pkey PRIMARY KEY (task_id, roid, choice);

ALTER TABLE ONLY public.body_succession
    ADD CONSTRAINT body_succession_pkey PRIMARY KEY (predecessor, successor);

ALTER TABLE ONLY public.body_task
    ADD CONSTRAINT body_task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bundle_name
    ADD CONSTRAINT bundle_name_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.centre_client
    ADD CONSTRAINT centre_client_pkey PRIMARY KEY (client_id);

ALTER TABLE ONLY public.centre_key
    ADD CONSTRAINT centre_key_pkey PRIMARY KEY (centre, purpose, public_key);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.comparison_count
    ADD CONSTRAINT comparison_count_pkey PRIMARY KEY (comparison, region, level, kind, state, field);

ALTER TABLE ONLY public.comparison_finding
    ADD CONSTRAINT comparison_finding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.comparison
    ADD CONSTRAINT comparison_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.comparison_row
    ADD CONSTRAINT comparison_row_pkey PRIMARY KEY (comparison, line);

ALTER TABLE ONLY public.comparison_settlement
    ADD CONSTRAINT comparison_settlement_pkey PRIMARY KEY (department, here, there, field);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_id_key UNIQUE (id);

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (roid);

ALTER TABLE ONLY public.correction_task
    ADD CONSTRAINT correction_task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.data_centre
    ADD CONSTRAINT data_centre_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.decision_letter
    ADD CONSTRAINT decision_letter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.delegation_check
    ADD CONSTRAINT delegation_check_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_notice_id_channel_address_key UNIQUE (notice_id, channel, address);

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.directory_count
    ADD CONSTRAINT directory_count_pkey PRIMARY KEY (province, kind, service);

ALTER TABLE ONLY public.directory_entry
    ADD CONSTRAINT directory_entry_pkey PRIMARY KEY (uscc);

ALTER TABLE ONLY public.directory_state
    ADD CONSTRAINT directory_state_pkey PRIMARY KEY (single);

ALTER TABLE ONLY public.disclosure
    ADD CONSTRAINT disclosure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.document_content
    ADD CONSTRAINT document_content_pkey PRIMARY KEY (document_id);

ALTER TABLE ONLY public.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.domain
    ADD CONSTRAINT domain_bundle_unique UNIQUE (tld_set, table_id, index_label, exempt_no);

ALTER TABLE ONLY public.domain_contact
    ADD CONSTRAINT domain_contact_pkey PRIMARY KEY (domain_roid, type, contact_id);

ALTER TABLE ONLY public.domain_ds
    ADD CONSTRAINT domain_ds_pkey PRIMARY KEY (domain_roid, key_tag, algorithm, digest_type, digest);

ALTER TABLE ONLY public.domain_host
    ADD CONSTRAINT domain_host_pkey PRIMARY KEY (domain_roid, host_roid);

ALTER TABLE ONLY public.domain
    ADD CONSTRAINT domain_name_key UNIQUE (name);

ALTER TABLE ONLY public.domain
    ADD CONSTRAINT domain_pkey PRIMARY KEY (roid);

ALTER TABLE ONLY public.exchange_package
    ADD CONSTRAINT exchange_package_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.holder_change
    ADD CONSTRAINT holder_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.host
    ADD CONSTRAINT host_name_key UNIQUE (name);

ALTER TABLE ONLY public.host
    ADD CONSTRAINT host_pkey PRIMARY KEY (roid);

ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (client_id, key);

ALTER TABLE ONLY public.import_run
    ADD CONSTRAINT import_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.institution_act
    ADD CONSTRAINT institution_act_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.institution_alarm
    ADD CONSTRAINT institution_alarm_pkey PRIMARY KEY (kind, subject);

ALTER TABLE ONLY public.institution_certificate
    ADD CONSTRAINT institution_certificate_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.institution_liquidation
    ADD CONSTRAINT institution_liquidation_pkey PRIMARY KEY (uscc);

ALTER TABLE ONLY public.institution_step
    ADD CONSTRAINT institution_step_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.known_device
    ADD CONSTRAINT known_device_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.letter_number
    ADD CONSTRAINT letter_number_pkey PRIMARY KEY (year);

ALTER TABLE ONLY public.letter_template
    ADD CONSTRAINT letter_template_pkey PRIMARY KEY (kind, version);

ALTER TABLE ONLY public.list_change
    ADD CONSTRAINT list_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.list_change
    ADD CONSTRAINT list_change_version_key UNIQUE (version);

ALTER TABLE ONLY public.list_entry
    ADD CONSTRAINT list_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lock_order
    ADD CONSTRAINT lock_order_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.maintenance
    ADD CONSTRAINT maintenance_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.name_key
    ADD CONSTRAINT name_key_pkey PRIMARY KEY (key, domain_roid);

ALTER TABLE ONLY public.name_recheck
    ADD CONSTRAINT name_recheck_pkey PRIMARY KEY (roid, year);

ALTER TABLE ONLY public.name_reminder
    ADD CONSTRAINT name_reminder_pkey PRIMARY KEY (roid, expires_at, days);

ALTER TABLE ONLY public.name_unkeyed
    ADD CONSTRAINT name_unkeyed_pkey PRIMARY KEY (domain_roid);

ALTER TABLE ONLY public.notice_address
    ADD CONSTRAINT notice_address_pkey PRIMARY KEY (username, channel);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_once_key UNIQUE (once);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notice_read
    ADD CONSTRAINT notice_read_pkey PRIMARY KEY (username, notice_id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (username);

ALTER TABLE ONLY public.poll_message
    ADD CONSTRAINT poll_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.portal_session
    ADD CONSTRAINT portal_session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.public_notice
    ADD CONSTRAINT public_notice_id_key UNIQUE (id);

ALTER TABLE ONLY public.public_notice
    ADD CONSTRAINT public_notice_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.push_batch
    ADD CONSTRAINT push_batch_client_id_key_key UNIQUE (client_id, key);

ALTER TABLE ONLY public.push_batch
    ADD CONSTRAINT push_batch_id_key UNIQUE (id);

ALTER TABLE ONLY public.push_batch
    ADD CONSTRAINT push_batch_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.push_batch
    ADD CONSTRAINT push_batch_run_key UNIQUE (run);

ALTER TABLE ONLY public.registrar_budget
    ADD CONSTRAINT registrar_budget_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.registrar_certificate
    ADD CONSTRAINT registrar_certificate_pkey PRIMARY KEY (registrar_id, spki_sha256);

ALTER TABLE ONLY public.registrar
    ADD CONSTRAINT registrar_iana_id_key UNIQUE (iana_id);

ALTER TABLE ONLY public.registrar_network
    ADD CONSTRAINT registrar_network_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.registrar
    ADD CONSTRAINT registrar_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.registrar_process
    ADD CONSTRAINT registrar_process_pkey PRIMARY KEY (process);

ALTER TABLE ONLY public.registrar_report
    ADD CONSTRAINT registrar_report_pkey PRIMARY KEY (registrar_id, kind, starts);

ALTER TABLE ONLY public.registrar_session
    ADD CONSTRAINT registrar_session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.registrar_user
    ADD CONSTRAINT registrar_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.registrar_webhook
    ADD CONSTRAINT registrar_webhook_pkey PRIMARY KEY (registrar_id);

ALTER TABLE ONLY public.retired_name
    ADD CONSTRAINT retired_name_pkey PRIMARY KEY (tld_set, table_id, index_label);

ALTER TABLE ONLY public.reviewer_absence
    ADD CONSTRAINT reviewer_absence_pkey PRIMARY KEY (username);

ALTER TABLE ONLY public.sign_in_guess
    ADD CONSTRAINT sign_in_guess_pkey PRIMARY KEY (account, place);

ALTER TABLE ONLY public.tld
    ADD CONSTRAINT tld_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.verification_code
    ADD CONSTRAINT verification_code_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.watch_alert_told
    ADD CONSTRAINT watch_alert_told_pkey PRIMARY KEY (alert_id);

ALTER TABLE ONLY resolver.answer_watch
    ADD CONSTRAINT answer_watch_pkey PRIMARY KEY (zone, server, address, transport);

ALTER TABLE ONLY resolver.child_keys
    ADD CONSTRAINT child_keys_pkey PRIMARY KEY (name);

ALTER TABLE ONLY resolver.delegation_result
    ADD CONSTRAINT delegation_result_pkey PRIMARY KEY (check_id);

ALTER TABLE ONLY resolver.query_hour
    ADD CONSTRAINT query_hour_pkey PRIMARY KEY (hour, zone, kind, key);

ALTER TABLE ONLY resolver.serial
    ADD CONSTRAINT serial_pkey PRIMARY KEY (zone);

ALTER TABLE ONLY verifier.alert
    ADD CONSTRAINT alert_once_key UNIQUE (once);

ALTER TABLE ONLY verifier.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY verifier.alert_setting
    ADD CONSTRAINT alert_setting_pkey PRIMARY KEY (uscc);

ALTER TABLE ONLY verifier.badge_load
    ADD CONSTRAINT badge_load_pkey PRIMARY KEY (mark_id, host);

ALTER TABLE ONLY verifier.body
    ADD CONSTRAINT body_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY verifier.bundle
    ADD CONSTRAINT bundle_pkey PRIMARY KEY (id);

ALTER TABLE ONLY verifier.case_evidence
    ADD CONSTRAINT case_evidence_pkey PRIMARY KEY (case_id, number);

ALTER TABLE ONLY verifier.case_file
    ADD CONSTRAINT case_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY verifier.case_step
    ADD CONSTRAINT case_step_pkey PRIMARY KEY (case_id, number);

ALTER TABLE ONLY verifier.ct_log
    ADD CONSTRAINT ct_log_pkey PRIMARY KEY (url);

ALTER TABLE ONLY verifier.day
    ADD CONSTRAINT day_pkey PRIMARY KEY (day, watch_no);

ALTER TABLE ONLY verifier.evidence_day
    ADD CONSTRAINT evidence_day_pkey PRIMARY KEY (day);

ALTER TABLE ONLY verifier.fact_past
    ADD CONSTRAINT fact_past_pkey PRIMARY KEY (watch_no, check_id, vantage, from_at);

ALTER TABLE ONLY verifier.fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (watch_no, check_id, vantage);

ALTER TABLE ONLY verifier.hour
    ADD CONSTRAINT hour_pkey PRIMARY KEY (hour, watch_no, vantage);

ALTER TABLE ONLY verifier.incident
    ADD CONSTRAINT incident_pkey PRIMARY KEY (id);

ALTER TABLE ONLY verifier.judged
    ADD CONSTRAINT judged_pkey PRIMARY KEY (watch_no);

ALTER TABLE ONLY verifier.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (vantage, round, watch_no);

ALTER TABLE ONLY verifier.likeness_case
    ADD CONSTRAINT likeness_case_host_official_key UNIQUE (host, official);

ALTER TABLE ONLY verifier.likeness_case
    ADD CONSTRAINT likeness_case_pkey PRIMARY KEY (id);

ALTER TABLE ONLY verifier.mark_event
    ADD CONSTRAINT mark_event_pkey PRIMARY KEY (mark_id, number);

ALTER TABLE ONLY verifier.mark_host
    ADD CONSTRAINT mark_host_pkey PRIMARY KEY (mark_id, host);

ALTER TABLE ONLY verifier.mark
    ADD CONSTRAINT mark_pkey PRIMARY KEY (id);

ALTER TABLE ONLY verifier.mark
    ADD CONSTRAINT mark_status_list_status_slot_key UNIQUE (status_list, status_slot);

ALTER TABLE ONLY verifier.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (id);

ALTER TABLE ONLY verifier.sighting
    ADD CONSTRAINT sighting_pkey PRIMARY KEY (day, mark_id, host, door);

ALTER TABLE ONLY verifier.site
    ADD CONSTRAINT site_pkey PRIMARY KEY (id);

ALTER TABLE ONLY verifier.turn
    ADD CONSTRAINT turn_pkey PRIMARY KEY (address, slot);

ALTER TABLE ONLY verifier.visit
    ADD CONSTRAINT visit_pkey PRIMARY KEY (day, watch_no, vantage, at);

ALTER TABLE ONLY verifier.watch
    ADD CONSTRAINT watch_pkey PRIMARY KEY (no);

ALTER TABLE ONLY verifier.watch
    ADD CONSTRAINT watch_site_id_key UNIQUE (site_id);

ALTER TABLE ONLY verifier.watch_turn
    ADD CONSTRAINT watch_turn_pkey PRIMARY KEY (watch_no);

ALTER TABLE ONLY verifier.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (name);

CREATE UNIQUE INDEX account_order_once ON public.account_order USING btree (username) WHERE (state = 'asked'::text);

CREATE INDEX account_order_recent ON public.account_order USING btree (id DESC);

CREATE INDEX account_setup_username ON public.account_setup USING btree (username);

CREATE INDEX allocation_token_unused ON public.allocation_token USING btree (index_label, tld_set, table_id) WHERE ((used_at IS NULL) AND (revoked_at IS NULL));

CREATE UNIQUE INDEX application_appeal ON public.application USING btree (appeal_of) WHERE (appeal_of IS NOT NULL);

CREATE INDEX application_body ON public.application USING btree (uscc, created_at DESC, id DESC);

CREATE INDEX application_clock ON public.application USING btree (created_at) WHERE ((state = 'submitted'::text) AND (stage <> 'returned'::text));

CREATE INDEX application_draft_uscc ON public.application_draft USING btree (uscc, changed_at DESC);

CREATE INDEX application_message_application ON public.application_message USING btree (application_id, id);

CREATE INDEX application_queue ON public.application USING btree (stage, created_at, id) WHERE (state = 'submitted'::text);

CREATE INDEX application_queue_region ON public.application USING btree (stage, region, created_at, id) WHERE (state = 'submitted'::text);

CREATE INDEX application_recent ON public.application USING btree (created_at DESC, id DESC);

CREATE INDEX application_returned_at ON public.application USING btree (returned_at) WHERE (stage = 'returned'::text);

CREATE INDEX application_step_application ON public.application_step USING btree (application_id, id);

CREATE INDEX application_waiting ON public.application USING btree (tld, index_label) WHERE (state = 'submitted'::text);

CREATE INDEX audit_at ON public.audit_entry USING brin (at);

CREATE INDEX audit_subject ON public.audit_entry USING btree (subject, id);

CREATE INDEX audit_unsealed ON public.audit_entry USING btree (id) WHERE ("position" IS NULL);

CREATE INDEX body_key_grams ON public.body_key USING gin (grams) WITH (fastupdate=off);

CREATE INDEX body_key_initials ON public.body_key USING btree (initials text_pattern_ops, rank);

CREATE INDEX body_key_plain ON public.body_key USING btree (plain text_pattern_ops, rank);

CREATE INDEX body_key_sound ON public.body_key USING btree (sound text_pattern_ops, rank);

CREATE INDEX body_key_uscc ON public.body_key USING btree (uscc);

CREATE INDEX body_name_index ON public.body_name USING btree (index_label text_pattern_ops);

CREATE INDEX body_past_ended ON public.body_past USING btree (ended_by);

CREATE INDEX body_past_made ON public.body_past USING btree (made_by);

CREATE INDEX body_past_uscc ON public.body_past USING btree (uscc, valid_to);

CREATE INDEX body_region ON public.body USING btree (region);

CREATE INDEX body_sponsor ON public.body USING btree (sponsor_uscc) WHERE (sponsor_uscc <> ''::text);

CREATE INDEX body_step_due ON public.body_step USING btree (due_at) WHERE (done_at IS NULL);

CREATE INDEX body_step_roid ON public.body_step USING btree (roid);

CREATE INDEX body_succession_successor ON public.body_succession USING btree (successor);

CREATE INDEX body_task_open ON public.body_task USING btree (region, due_at) WHERE (state = 'open'::text);

CREATE INDEX body_task_run ON public.body_task USING btree (run);

CREATE INDEX body_task_uscc ON public.body_task USING btree (uscc);

CREATE INDEX bundle_name_domain ON public.bundle_name USING btree (domain_roid);

CREATE INDEX bundle_name_unicode ON public.bundle_name USING btree (unicode text_pattern_ops);

CREATE INDEX centre_client_centre ON public.centre_client USING btree (centre);

CREATE INDEX change_txid ON public.change USING btree (txid);

CREATE INDEX command_log_at ON ONLY public.command_log USING btree (at, seq);

CREATE INDEX command_log_client_trid ON ONLY public.command_log USING btree (client_trid) WHERE (client_trid <> ''::text);

CREATE INDEX command_log_login ON ONLY public.command_log USING btree (registrar_id, at) WHERE ((command = 'login'::text) AND (code = 1000));

CREATE INDEX command_log_object ON ONLY public.command_log USING btree ((objects[1]), at);

CREATE INDEX command_log_objects ON ONLY public.command_log USING gin (objects) WHERE (cardinality(objects) > 1);

CREATE INDEX command_log_registrar ON ONLY public.command_log USING btree (registrar_id, at, seq);

CREATE INDEX command_log_trid ON ONLY public.command_log USING btree (trid);

CREATE INDEX comparison_finding_line ON public.comparison_finding USING btree (comparison, line) WHERE (line IS NOT NULL);

CREATE INDEX comparison_finding_page ON public.comparison_finding USING btree (comparison, kind, region, id);

CREATE UNIQUE INDEX comparison_finding_uscc ON public.comparison_finding USING btree (comparison, uscc) WHERE (uscc <> ''::text);

CREATE INDEX comparison_rejection_line ON public.comparison_rejection USING btree (comparison, line);

CREATE INDEX comparison_settlement_there ON public.comparison_settlement USING btree (department, there) WHERE (verdict = 'linked'::text);

CREATE INDEX contact_transfer ON public.contact USING btree (id) WHERE (transfer IS NOT NULL);

CREATE INDEX correction_task_finding ON public.correction_task USING btree (finding);

CREATE INDEX correction_task_page ON public.correction_task USING btree (state, region, id);

CREATE INDEX decision_letter_application ON public.decision_letter USING btree (application_id, at);

CREATE INDEX decision_name ON public.decision USING btree (name, id);

CREATE INDEX delegation_check_name ON public.delegation_check USING btree (name, asked_at DESC);

CREATE INDEX delegation_check_time ON public.delegation_check USING btree (asked_at);

CREATE INDEX delivery_due ON public.delivery USING btree (due_at) WHERE (state = 'waiting'::text);

CREATE INDEX delivery_failed ON public.delivery USING btree (settled_at) WHERE (state = 'failed'::text);

CREATE INDEX directory_entry_changed ON public.directory_entry USING btree (changed_at);

CREATE INDEX directory_entry_grams ON public.directory_entry USING gin (grams) WITH (fastupdate=off) WHERE (gone_at IS NULL);

CREATE INDEX directory_entry_initials ON public.directory_entry USING btree (initials COLLATE "C") WHERE (gone_at IS NULL);

CREATE INDEX directory_entry_kind ON public.directory_entry USING btree (kind, region, uscc) WHERE (gone_at IS NULL);

CREATE INDEX directory_entry_name ON public.directory_entry USING btree (name COLLATE "C") WHERE (gone_at IS NULL);

CREATE INDEX directory_entry_place ON public.directory_entry USING btree (region, uscc) WHERE (gone_at IS NULL);

CREATE INDEX directory_entry_service ON public.directory_entry USING btree (service, region, uscc) WHERE (gone_at IS NULL);

CREATE INDEX directory_entry_sound ON public.directory_entry USING btree (sound COLLATE "C") WHERE (gone_at IS NULL);

CREATE INDEX directory_entry_wire ON public.directory_entry USING gin (wire) WITH (fastupdate=off);

CREATE INDEX disclosure_roid ON public.disclosure USING btree (roid, id DESC);

CREATE INDEX document_subject ON public.document USING btree (subject_kind, subject, taken_at);

CREATE INDEX domain_contact_contact ON public.domain_contact USING btree (contact_id);

CREATE INDEX domain_ends ON public.domain USING btree (tld_set, (("left"(index_label, 3) || "right"(index_label, 2))), length(index_label)) INCLUDE (u_label, uscc);

CREATE INDEX domain_expiry ON public.domain USING btree (expires_at);

CREATE INDEX domain_host_host ON public.domain_host USING btree (host_roid);

CREATE INDEX domain_locked ON public.domain USING btree (name) WHERE (lock IS NOT NULL);

CREATE INDEX domain_registrant ON public.domain USING btree (registrant_id) WHERE (registrant_id IS NOT NULL);

CREATE INDEX domain_registrar ON public.domain USING btree (registrar_id);

CREATE INDEX domain_unproved ON public.domain USING btree (((verification ->> 'due'::text))) WHERE ((uscc = ''::text) AND (verification ? 'due'::text));

CREATE INDEX domain_uscc ON public.domain USING btree (uscc) WHERE (uscc <> ''::text);

CREATE UNIQUE INDEX exchange_applied ON public.exchange_package USING btree (peer, sequence) WHERE ((direction = 'in'::text) AND (state = 'applied'::text) AND (kind = 'data'::text));

CREATE UNIQUE INDEX exchange_parked ON public.exchange_package USING btree (peer, sequence) WHERE ((direction = 'in'::text) AND (state = 'parked'::text) AND (kind = 'data'::text));

CREATE UNIQUE INDEX exchange_sent ON public.exchange_package USING btree (peer, sequence) WHERE ((direction = 'out'::text) AND (state <> 'refused'::text) AND (kind = 'data'::text));

CREATE INDEX history_at ON public.history USING brin (at);

CREATE INDEX history_subject ON public.history USING btree (subject, id);

CREATE INDEX holder_change_name ON public.holder_change USING btree (roid, id DESC);

CREATE UNIQUE INDEX holder_change_once ON public.holder_change USING btree (roid) WHERE (state = 'asked'::text);

CREATE INDEX holder_change_waiting ON public.holder_change USING btree (uscc) WHERE (state = 'asked'::text);

CREATE INDEX host_superordinate ON public.host USING btree (superordinate) WHERE (superordinate IS NOT NULL);

CREATE INDEX import_name_line ON public.import_name USING btree (run, line);

CREATE INDEX import_rejection_run ON public.import_rejection USING btree (run, line);

CREATE INDEX import_row_uscc ON public.import_row USING btree (run, uscc);

CREATE INDEX import_run_waiting ON public.import_run USING btree (id) WHERE (state = ANY (ARRAY['reading'::text, 'staged'::text]));

CREATE INDEX import_seen_uscc ON public.import_seen USING btree (run, uscc);

CREATE INDEX institution_act_due ON public.institution_act USING btree (due_on) WHERE (stage = ANY (ARRAY['filed'::text, 'returned'::text, 'accepted'::text, 'endorsed'::text, 'objected'::text]));

CREATE UNIQUE INDEX institution_act_open ON public.institution_act USING btree (uscc) WHERE ((kind <> 'report'::text) AND (stage = ANY (ARRAY['filed'::text, 'returned'::text, 'accepted'::text, 'endorsed'::text, 'objected'::text])));

CREATE UNIQUE INDEX institution_act_report ON public.institution_act USING btree (uscc, year) WHERE ((kind = 'report'::text) AND (stage = ANY (ARRAY['filed'::text, 'returned'::text, 'registered'::text])));

CREATE INDEX institution_act_uscc ON public.institution_act USING btree (uscc, created_at DESC);

CREATE INDEX institution_act_waiting ON public.institution_act USING btree (region, due_on) WHERE (stage = ANY (ARRAY['filed'::text, 'returned'::text, 'accepted'::text, 'endorsed'::text, 'objected'::text]));

CREATE INDEX institution_certificate_ending ON public.institution_certificate USING btree (valid_until) WHERE (state = 'valid'::text);

CREATE INDEX institution_certificate_uscc ON public.institution_certificate USING btree (uscc, issued_on);

CREATE UNIQUE INDEX institution_certificate_valid ON public.institution_certificate USING btree (uscc) WHERE (state = 'valid'::text);

CREATE INDEX institution_liquidation_due ON public.institution_liquidation USING btree (due_on) WHERE (due_on IS NOT NULL);

CREATE INDEX institution_step_act ON public.institution_step USING btree (act_id, id);

CREATE INDEX known_device_username ON public.known_device USING btree (username);

CREATE UNIQUE INDEX list_change_waiting ON public.list_change USING btree (class, index_label) WHERE (state = 'proposed'::text);

CREATE UNIQUE INDEX list_entry_in_force ON public.list_entry USING btree (class, index_label) WHERE (until IS NULL);

CREATE UNIQUE INDEX lock_order_waiting ON public.lock_order USING btree (domain_roid) WHERE (state = 'proposed'::text);

CREATE INDEX maintenance_open ON public.maintenance USING btree (starts_at) WHERE ((closed_at IS NULL) AND (cancelled_at IS NULL));

CREATE INDEX name_key_domain ON public.name_key USING btree (domain_roid);

CREATE INDEX name_recheck_open ON public.name_recheck USING btree (asked_at) WHERE ((done_at IS NULL) AND (told_at IS NULL));

CREATE INDEX notice_inbox ON public.notice USING btree (recipient_kind, recipient, id DESC);

CREATE INDEX notice_unrouted ON public.notice USING btree (id) WHERE (NOT routed);

CREATE INDEX poll_waiting ON public.poll_message USING btree (registrar_id, id) WHERE (acked_at IS NULL);

CREATE INDEX portal_session_ends ON public.portal_session USING btree (ends_at);

CREATE INDEX portal_session_username ON public.portal_session USING btree (username);

CREATE INDEX public_notice_newest ON public.public_notice USING btree (published_at DESC, number DESC);

CREATE INDEX public_notice_region ON public.public_notice USING btree (region, number DESC);

CREATE INDEX public_notice_uscc ON public.public_notice USING btree (uscc, number DESC);

CREATE INDEX push_batch_centre ON public.push_batch USING btree (centre, number);

CREATE UNIQUE INDEX registrar_certificate_key ON public.registrar_certificate USING btree (spki_sha256) WHERE (revoked_at IS NULL);

CREATE UNIQUE INDEX registrar_network_once ON public.registrar_network USING btree (registrar_id, user_id, network) WHERE (state <> 'ended'::text);

CREATE INDEX registrar_report_period ON public.registrar_report USING btree (kind, starts);

CREATE INDEX registrar_session_registrar ON public.registrar_session USING btree (registrar_id, user_id);

CREATE INDEX registrar_user_registrar ON public.registrar_user USING btree (registrar_id);

CREATE INDEX sign_in_guess_last ON public.sign_in_guess USING btree (last_at);

CREATE INDEX verification_uscc ON public.verification_code USING btree (uscc);

CREATE INDEX child_keys_state ON resolver.child_keys USING btree (state, checked_at);

CREATE INDEX alert_due ON verifier.alert USING btree (due_at, id);

CREATE INDEX badge_load_new ON verifier.badge_load USING btree (last_at) WHERE (NOT worked);

CREATE INDEX body_kept ON verifier.body USING btree (kept_until) WHERE (kept_until IS NOT NULL);

CREATE INDEX bundle_at ON verifier.bundle USING btree (at);

CREATE INDEX case_file_due ON verifier.case_file USING btree (due_at) WHERE (answered_at IS NULL);

CREATE UNIQUE INDEX case_file_live ON verifier.case_file USING btree (host) WHERE (closed_at IS NULL);

CREATE INDEX fact_past_until ON verifier.fact_past USING btree (until_at);

CREATE UNIQUE INDEX incident_open ON verifier.incident USING btree (watch_no, rule) WHERE (state = ANY (ARRAY['suspected'::text, 'confirmed'::text, 'acknowledged'::text]));

CREATE INDEX incident_opened ON verifier.incident USING btree (opened_at);

CREATE INDEX judged_score ON verifier.judged USING btree (score);

CREATE INDEX lease_due ON verifier.lease USING btree (vantage, round, due_at);

CREATE INDEX likeness_case_due ON verifier.likeness_case USING btree (look_at) WHERE (look_at IS NOT NULL);

CREATE INDEX likeness_case_state ON verifier.likeness_case USING btree (state, seen_at DESC);

CREATE INDEX mark_host_host ON verifier.mark_host USING btree (host);

CREATE INDEX mark_host_name ON verifier.mark_host USING btree ("substring"(host, '[^.]+[.][^.]+$'::text));

CREATE INDEX mark_uscc ON verifier.mark USING btree (uscc);

CREATE INDEX report_case ON verifier.report USING btree (case_id);

CREATE INDEX report_old ON verifier.report USING btree (at);

CREATE INDEX watch_host ON verifier.watch USING btree (host);

CREATE INDEX watch_turn_address ON verifier.watch_turn USING btree (address) WHERE (address <> ''::text);

CREATE TRIGGER application_message_kept BEFORE DELETE OR UPDATE ON public.application_message FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER application_step_kept BEFORE DELETE OR UPDATE ON public.application_step FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_kept BEFORE DELETE ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_sealed BEFORE UPDATE ON public.audit_entry FOR EACH ROW WHEN ((old."position" IS NOT NULL)) EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER decision_letter_stays BEFORE DELETE OR UPDATE ON public.decision_letter FOR EACH ROW EXECUTE FUNCTION public.letter_stays();

CREATE TRIGGER disclosure_kept BEFORE DELETE OR UPDATE ON public.disclosure FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER domain_born AFTER INSERT ON public.domain REFERENCING NEW TABLE AS born FOR EACH STATEMENT EXECUTE FUNCTION public.name_waits_for_keys();

CREATE TRIGGER institution_step_kept BEFORE DELETE OR UPDATE ON public.institution_step FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER public_notice_kept BEFORE DELETE OR UPDATE ON public.public_notice FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER registrar_login BEFORE INSERT ON public.registrar FOR EACH ROW EXECUTE FUNCTION public.login_is_one();

CREATE TRIGGER registrar_user_login BEFORE INSERT ON public.registrar_user FOR EACH ROW EXECUTE FUNCTION public.login_is_one();

ALTER TABLE ONLY public.account_setup
    ADD CONSTRAINT account_setup_username_fkey FOREIGN KEY (username) REFERENCES public.person(username);

ALTER TABLE ONLY public.allocation_token
    ADD CONSTRAINT allocation_token_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.api_client
    ADD CONSTRAINT api_client_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_appeal_of_fkey FOREIGN KEY (appeal_of) REFERENCES public.application(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES public.decision(id);

ALTER TABLE ONLY public.application_draft
    ADD CONSTRAINT application_draft_username_fkey FOREIGN KEY (username) REFERENCES public.person(username);

ALTER TABLE ONLY public.application_message
    ADD CONSTRAINT application_message_application_id_fkey FOREIGN KEY (application_id) REFERENCES public.application(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.application_responsible
    ADD CONSTRAINT application_responsible_application_id_fkey FOREIGN KEY (application_id) REFERENCES public.application(id);

ALTER TABLE ONLY public.application_step
    ADD CONSTRAINT application_step_application_id_fkey FOREIGN KEY (application_id) REFERENCES public.application(id);

ALTER TABLE ONLY public.body_name
    ADD CONSTRAINT body_name_uscc_fkey FOREIGN KEY (uscc) REFERENCES public.body(uscc) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE ONLY public.body_step
    ADD CONSTRAINT body_task_name_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.body_task(id);

ALTER TABLE ONLY public.bundle_name
    ADD CONSTRAINT bundle_name_domain_roid_fkey FOREIGN KEY (domain_roid) REFERENCES public.domain(roid) ON DELETE CASCADE;

ALTER TABLE ONLY public.centre_client
    ADD CONSTRAINT centre_client_centre_fkey FOREIGN KEY (centre) REFERENCES public.data_centre(id);

ALTER TABLE ONLY public.centre_key
    ADD CONSTRAINT centre_key_centre_fkey FOREIGN KEY (centre) REFERENCES public.data_centre(id);

ALTER TABLE ONLY public.comparison_count
    ADD CONSTRAINT comparison_count_comparison_fkey FOREIGN KEY (comparison) REFERENCES public.comparison(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comparison_finding
    ADD CONSTRAINT comparison_finding_comparison_fkey FOREIGN KEY (comparison) REFERENCES public.comparison(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comparison_rejection
    ADD CONSTRAINT comparison_rejection_comparison_fkey FOREIGN KEY (comparison) REFERENCES public.comparison(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comparison_row
    ADD CONSTRAINT comparison_row_comparison_fkey FOREIGN KEY (comparison) REFERENCES public.comparison(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.correction_task
    ADD CONSTRAINT correction_task_centre_fkey FOREIGN KEY (centre) REFERENCES public.data_centre(id);

ALTER TABLE ONLY public.decision_letter
    ADD CONSTRAINT decision_letter_application_id_fkey FOREIGN KEY (application_id) REFERENCES public.application(id);

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notice(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.document_content
    ADD CONSTRAINT document_content_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.document(id);

ALTER TABLE ONLY public.domain_contact
    ADD CONSTRAINT domain_contact_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id);

ALTER TABLE ONLY public.domain_contact
    ADD CONSTRAINT domain_contact_domain_roid_fkey FOREIGN KEY (domain_roid) REFERENCES public.domain(roid) ON DELETE CASCADE;

ALTER TABLE ONLY public.domain_ds
    ADD CONSTRAINT domain_ds_domain_roid_fkey FOREIGN KEY (domain_roid) REFERENCES public.domain(roid) ON DELETE CASCADE;

ALTER TABLE ONLY public.domain_host
    ADD CONSTRAINT domain_host_domain_roid_fkey FOREIGN KEY (domain_roid) REFERENCES public.domain(roid) ON DELETE CASCADE;

ALTER TABLE ONLY public.domain_host
    ADD CONSTRAINT domain_host_host_roid_fkey FOREIGN KEY (host_roid) REFERENCES public.host(roid);

ALTER TABLE ONLY public.domain
    ADD CONSTRAINT domain_registrant_id_fkey FOREIGN KEY (registrant_id) REFERENCES public.contact(id);

ALTER TABLE ONLY public.domain
    ADD CONSTRAINT domain_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.domain
    ADD CONSTRAINT domain_tld_fkey FOREIGN KEY (tld) REFERENCES public.tld(name);

ALTER TABLE ONLY public.host
    ADD CONSTRAINT host_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.host
    ADD CONSTRAINT host_superordinate_fkey FOREIGN KEY (superordinate) REFERENCES public.domain(roid);

ALTER TABLE ONLY public.import_rejection
    ADD CONSTRAINT import_rejection_run_fkey FOREIGN KEY (run) REFERENCES public.import_run(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.institution_certificate
    ADD CONSTRAINT institution_certificate_act_id_fkey FOREIGN KEY (act_id) REFERENCES public.institution_act(id);

ALTER TABLE ONLY public.institution_step
    ADD CONSTRAINT institution_step_act_id_fkey FOREIGN KEY (act_id) REFERENCES public.institution_act(id);

ALTER TABLE ONLY public.known_device
    ADD CONSTRAINT known_device_username_fkey FOREIGN KEY (username) REFERENCES public.person(username);

ALTER TABLE ONLY public.list_change
    ADD CONSTRAINT list_change_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.list_entry(id);

ALTER TABLE ONLY public.name_key
    ADD CONSTRAINT name_key_domain_roid_fkey FOREIGN KEY (domain_roid) REFERENCES public.domain(roid) ON DELETE CASCADE;

ALTER TABLE ONLY public.name_recheck
    ADD CONSTRAINT name_recheck_roid_fkey FOREIGN KEY (roid) REFERENCES public.domain(roid) ON DELETE CASCADE;

ALTER TABLE ONLY public.name_reminder
    ADD CONSTRAINT name_reminder_roid_fkey FOREIGN KEY (roid) REFERENCES public.domain(roid) ON DELETE CASCADE;

ALTER TABLE ONLY public.notice_address
    ADD CONSTRAINT notice_address_username_fkey FOREIGN KEY (username) REFERENCES public.person(username);

ALTER TABLE ONLY public.notice_read
    ADD CONSTRAINT notice_read_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notice(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.notice_read
    ADD CONSTRAINT notice_read_username_fkey FOREIGN KEY (username) REFERENCES public.person(username);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.poll_message
    ADD CONSTRAINT poll_message_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.portal_session
    ADD CONSTRAINT portal_session_username_fkey FOREIGN KEY (username) REFERENCES public.person(username);

ALTER TABLE ONLY public.public_notice
    ADD CONSTRAINT public_notice_act_id_fkey FOREIGN KEY (act_id) REFERENCES public.institution_act(id);

ALTER TABLE ONLY public.push_batch
    ADD CONSTRAINT push_batch_centre_fkey FOREIGN KEY (centre) REFERENCES public.data_centre(id);

ALTER TABLE ONLY public.push_batch
    ADD CONSTRAINT push_batch_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.centre_client(client_id);

ALTER TABLE ONLY public.push_batch
    ADD CONSTRAINT push_batch_run_fkey FOREIGN KEY (run) REFERENCES public.import_run(id);

ALTER TABLE ONLY public.registrar_certificate
    ADD CONSTRAINT registrar_certificate_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.registrar_network
    ADD CONSTRAINT registrar_network_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.registrar_report
    ADD CONSTRAINT registrar_report_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.registrar_user
    ADD CONSTRAINT registrar_user_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.registrar_webhook
    ADD CONSTRAINT registrar_webhook_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY public.reviewer_absence
    ADD CONSTRAINT reviewer_absence_delegate_fkey FOREIGN KEY (delegate) REFERENCES public.person(username);

ALTER TABLE ONLY public.reviewer_absence
    ADD CONSTRAINT reviewer_absence_username_fkey FOREIGN KEY (username) REFERENCES public.person(username);

ALTER TABLE ONLY public.verification_code
    ADD CONSTRAINT verification_code_registrar_id_fkey FOREIGN KEY (registrar_id) REFERENCES public.registrar(id);

ALTER TABLE ONLY verifier.bundle
    ADD CONSTRAINT bundle_incident_fkey FOREIGN KEY (incident) REFERENCES verifier.incident(id) ON DELETE CASCADE;

ALTER TABLE ONLY verifier.case_evidence
    ADD CONSTRAINT case_evidence_case_id_fkey FOREIGN KEY (case_id) REFERENCES verifier.case_file(id);

ALTER TABLE ONLY verifier.case_file
    ADD CONSTRAINT case_file_mark_id_fkey FOREIGN KEY (mark_id) REFERENCES verifier.mark(id);

ALTER TABLE ONLY verifier.case_step
    ADD CONSTRAINT case_step_case_id_fkey FOREIGN KEY (case_id) REFERENCES verifier.case_file(id);

ALTER TABLE ONLY verifier.fact_past
    ADD CONSTRAINT fact_past_watch_no_fkey FOREIGN KEY (watch_no) REFERENCES verifier.watch(no) ON DELETE CASCADE;

ALTER TABLE ONLY verifier.fact
    ADD CONSTRAINT fact_watch_no_fkey FOREIGN KEY (watch_no) REFERENCES verifier.watch(no) ON DELETE CASCADE;

ALTER TABLE ONLY verifier.incident
    ADD CONSTRAINT incident_watch_no_fkey FOREIGN KEY (watch_no) REFERENCES verifier.watch(no) ON DELETE CASCADE;

ALTER TABLE ONLY verifier.judged
    ADD CONSTRAINT judged_watch_no_fkey FOREIGN KEY (watch_no) REFERENCES verifier.watch(no) ON DELETE CASCADE;

ALTER TABLE ONLY verifier.lease
    ADD CONSTRAINT lease_watch_no_fkey FOREIGN KEY (watch_no) REFERENCES verifier.watch(no) ON DELETE CASCADE;

ALTER TABLE ONLY verifier.mark_event
    ADD CONSTRAINT mark_event_mark_id_fkey FOREIGN KEY (mark_id) REFERENCES verifier.mark(id);

ALTER TABLE ONLY verifier.mark_host
    ADD CONSTRAINT mark_host_mark_id_fkey FOREIGN KEY (mark_id) REFERENCES verifier.mark(id);

ALTER TABLE ONLY verifier.mark
    ADD CONSTRAINT mark_site_id_fkey FOREIGN KEY (site_id) REFERENCES verifier.site(id);

ALTER TABLE ONLY verifier.report
    ADD CONSTRAINT report_case_id_fkey FOREIGN KEY (case_id) REFERENCES verifier.case_file(id);

ALTER TABLE ONLY verifier.sighting
    ADD CONSTRAINT sighting_mark_id_fkey FOREIGN KEY (mark_id) REFERENCES verifier.mark(id);

ALTER TABLE ONLY verifier.watch_turn
    ADD CONSTRAINT watch_turn_watch_no_fkey FOREIGN KEY (watch_no) REFERENCES verifier.watch(no) ON DELETE CASCADE;
