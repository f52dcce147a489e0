SET LOCAL lock_timeout = '300ms';
DROP FUNCTION add_audit_partitions, drop_audit_partitions;
-- the rows of later months return to the first partition, which becomes the table again
DO $$
DECLARE
    first text := (
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'audit_entry'::regclass AND relname LIKE 'audit\_entry\_before\_%'
    );
    bound timestamp;
BEGIN
    IF first IS NULL THEN
        RAISE EXCEPTION 'The first partition of audit_entry has been dropped: there is no way back';
    END IF;
    EXECUTE format('ALTER TABLE audit_entry DETACH PARTITION %I', first);
    EXECUTE format('INSERT INTO %I SELECT * FROM audit_entry', first);
    DROP TABLE audit_entry CASCADE;
    EXECUTE format('ALTER TABLE %I RENAME TO audit_entry', first);
    ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_before_key;
    ALTER TABLE audit_entry ADD PRIMARY KEY (id);
    ALTER INDEX audit_entry_before_staff RENAME TO idx_audit_entry_staff_i_2191b3;
    ALTER INDEX audit_entry_before_subject RENAME TO idx_audit_entry_subject_2aad8f;
    ALTER INDEX audit_entry_before_happened RENAME TO idx_audit_entry_happene_812864;
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE
        ON audit_entry FOR EACH ROW EXECUTE FUNCTION keep_the_log();

    -- what the migrations before have made, with a bound after the newest row
    CREATE UNIQUE INDEX audit_entry_key ON audit_entry (id, happened_at);
    bound := greatest(to_date(right(first, 7), 'YYYY_MM')::timestamp, (
        SELECT date_trunc('month', max(happened_at) AT TIME ZONE 'UTC') + interval '1 month'
        FROM audit_entry
    ));
    EXECUTE format('ALTER TABLE audit_entry ADD CONSTRAINT %I CHECK (happened_at < %L)',
        'audit_entry_before_' || to_char(bound, 'YYYY_MM'), bound AT TIME ZONE 'UTC');
END $$;
