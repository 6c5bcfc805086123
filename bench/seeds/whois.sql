-- A register of as many names as the parameter says, each with a body, for bench/whois.py and tests/whois/test_replica.py. A statement ends with its line.
insert into registrar (id, name, iana_id, password_hash, email, phone, url, created_at)
    values ('bench', '基准注册服务机构', 9995, '', 'abuse@bench.example', '+86.1012345678', 'https://bench.example/', now());
insert into contact (roid, id, registrar_id, postal, email, created_at, created_by)
    values ('C1-CONAC', 'c-bench', 'bench', '{"loc": {"name": "值班", "org": "", "street": ["路"], "city": "北京市", "province": "北京市",
            "postcode": "100000", "country": "CN"}}', 'x@bench.example', now(), 'bench');
insert into host (roid, name, registrar_id, created_at, created_by) values ('H1-CONAC', 'ns1.bench.example', 'bench', now(), 'bench'),
    ('H2-CONAC', 'ns2.bench.example', 'bench', now(), 'bench');
insert into body (uscc, name, kind, region, level, address, phone, status, digest, imported_at)
    select '12430104' || lpad(n::text, 10, '0'), '基准机构' || n, '12', '430104', 'county', '麓山路' || n || '号', '0731-88880000',
           'normal', '', now()
    from generate_series(1, $1) n;
insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, registrant_id, uscc,
                    created_at, created_by, expires_at)
    select 'D' || n || '-CONAC', 'name' || n || '.xn--55qw42g', 'name' || n, 'xn--55qw42g', 'xn--55qw42g', 'zh-2022-05-31-93149ffa',
           'name' || n, 'bench', 'c-bench', '12430104' || lpad(n::text, 10, '0'), now(), 'bench', now() + interval '1 year'
    from generate_series(1, $1) n;
insert into bundle_name (name, unicode, domain_roid, role)
    select 'name' || n || '.xn--55qw42g', 'name' || n || '.公益', 'D' || n || '-CONAC', 'registered' from generate_series(1, $1) n;
insert into domain_contact select 'D' || n || '-CONAC', 'tech', 'c-bench' from generate_series(1, $1) n;
insert into domain_host select 'D' || n || '-CONAC', h.roid from generate_series(1, $1) n, host h;
analyze;
