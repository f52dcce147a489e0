SET LOCAL lock_timeout = '300ms';
-- The rows so far become the first partition: nothing is copied, and the constraint of the bound
-- spares PostgreSQL the reading of them. It all takes milliseconds, under locks of `audit_entry` and,
-- for the foreign key, of `staff_member`.
DO $$
DECLARE
    first text := (
        SELECT conname FROM pg_constraint WHERE conrelid = 'audit_entry'::regclass
        AND conname LIKE 'audit\_entry\_before\_%'
    );
    rights record;
BEGIN
    ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_pkey;
    ALTER TABLE audit_entry ADD PRIMARY KEY USING INDEX audit_entry_key;
    ALTER TABLE audit_entry RENAME CONSTRAINT audit_entry_key TO audit_entry_before_key;
    ALTER INDEX idx_audit_entry_staff_i_2191b3 RENAME TO audit_entry_before_staff;
    ALTER INDEX idx_audit_entry_subject_2aad8f RENAME TO audit_entry_before_subject;
    ALTER INDEX idx_audit_entry_happene_812864 RENAME TO audit_entry_before_happened;
    DROP TRIGGER append_only ON audit_entry;
    EXECUTE format('ALTER TABLE audit_entry RENAME TO %I', first);

    EXECUTE format('CREATE TABLE audit_entry (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS'
        ' INCLUDING COMMENTS) PARTITION BY RANGE (happened_at)', first);
    EXECUTE format('ALTER TABLE audit_entry DROP CONSTRAINT %I', first);
    ALTER TABLE audit_entry ADD PRIMARY KEY (id, happened_at);
    ALTER TABLE audit_entry
        ADD FOREIGN KEY (staff_id) REFERENCES staff_member (id) ON DELETE RESTRICT;
    CREATE INDEX idx_audit_entry_staff_i_2191b3 ON audit_entry (staff_id, happened_at);
    CREATE INDEX idx_audit_entry_subject_2aad8f ON audit_entry (subject_id, happened_at);
    CREATE INDEX idx_audit_entry_happene_812864 ON audit_entry (happened_at, id);
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE
        ON audit_entry FOR EACH ROW EXECUTE FUNCTION keep_the_log();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE
        ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION keep_the_log();
    COMMENT ON TABLE audit_entry
        IS 'What a member of staff did, and to whom or what («журнал действий»).';

    EXECUTE format('ALTER TABLE audit_entry ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
        first, replace(right(first, 7), '_', '-') || '-01 00:00:00+00');
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', first, first);
    -- for months without a partition: nothing is lost if no worker has run for months
    CREATE TABLE audit_entry_default PARTITION OF audit_entry DEFAULT;
    CREATE TRIGGER never_emptied BEFORE TRUNCATE
        ON audit_entry_default FOR EACH STATEMENT EXECUTE FUNCTION keep_the_log();

    -- running servers keep their role's rights
    FOR rights IN
        SELECT pg_get_userbyid(acl.grantee) AS role, acl.privilege_type AS privilege
        FROM pg_class, aclexplode(relacl) acl
        WHERE pg_class.oid = first::regclass AND acl.grantee NOT IN (0, relowner)
    LOOP
        EXECUTE format('GRANT %s ON audit_entry TO %I', rights.privilege, rights.role);
    END LOOP;
END $$;

-- They run as the owner of the tables: the application's role owns none, so that it can't change
-- the log. What it may have dropped is only ever older than a year, by the database's own clock.
CREATE FUNCTION add_audit_partitions(today date, months_ahead integer) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
    name text;
    since timestamptz;
    until timestamptz;
BEGIN
    FOR step IN 0..months_ahead LOOP
        since := (date_trunc('month', today::timestamp) + make_interval(months => step))
            AT TIME ZONE 'UTC';
        until := (date_trunc('month', today::timestamp) + make_interval(months => step + 1))
            AT TIME ZONE 'UTC';
        name := 'audit_entry_' || to_char(since AT TIME ZONE 'UTC', 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL
            OR EXISTS (
                SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                WHERE inhparent = 'audit_entry'::regclass AND relname LIKE 'audit\_entry\_before\_%'
                AND right(relname, 7) > right(name, 7)
            )
            OR EXISTS (
                SELECT FROM audit_entry_default WHERE happened_at >= since AND happened_at < until
            );
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_entry FOR VALUES FROM (%L) TO (%L)',
            name, since, until);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION keep_the_log()', name);
        RETURN NEXT name;
    END LOOP;
END $$;

CREATE FUNCTION drop_audit_partitions(today date, months_kept integer) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
    name text;
BEGIN
    IF months_kept < 12 THEN
        RAISE EXCEPTION 'The audit log is kept for a year at least'
            USING ERRCODE = 'restrict_violation';
    END IF;
    FOR name IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'audit_entry'::regclass AND relname ~ '^audit_entry_(before_)?\d{4}_\d\d$'
        AND to_date(right(relname, 7), 'YYYY_MM')
            + make_interval(months => CASE WHEN relname LIKE '%before%' THEN 0 ELSE 1 END)
            <= date_trunc('month', least(today, current_date)::timestamp)
            - make_interval(months => months_kept)
        ORDER BY right(relname, 7)
    LOOP
        EXECUTE format('DROP TABLE %I', name);
        RETURN NEXT name;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION add_audit_partitions, drop_audit_partitions FROM PUBLIC;
